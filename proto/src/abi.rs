//! The plugin ABI: the C shapes that a plugin exports and that the worker hands it.
//!
//! A plugin is a shared library with one exported symbol, `kith_importer`, a [`KithImporter`]; and an ELF note, a
//! [`KithNote`], which the daemon reads before any of its code runs. `plugins/sdk` makes both from a safe trait;
//! `plugins/sdk/include/kith_plugin.h` is generated from this file. docs/PLUGINS.md tells the rules in full.
//!
//! Nothing allocated on one side is freed on the other: what a pointer names belongs to the side that passes it and is
//! valid during the call. All text is UTF-8, not ended by a zero byte. All calls come on one thread.
//!
//! ```text
//!  worker ──import(input, emit, ctx)──▶ plugin
//!         ◀──pread(ctx, …)── record(ctx, …)── diagnostic(ctx, …)──
//! ```

use core::ffi::c_void;

/// The version of this interface. A plugin of another one is not loaded.
pub const KITH_ABI_VERSION: u32 = 1;

/// Answer: all is well, go on.
pub const KITH_OK: i32 = 0;
/// Answer of the host: it wants no more; return it from `import` at once. Answer of `import`: it was told so.
pub const KITH_STOPPED: i32 = 1;
/// Answer of `import`: the bundle as a whole cannot be imported; say why with `reason` first.
pub const KITH_REFUSED: i32 = 2;
/// Answer of `import`: the file ends in the middle, perhaps it is still being written; say where with `reason` first.
pub const KITH_TRUNCATED: i32 = 3;
/// Answer of `import`: the plugin itself failed, by a panic or the like; say how with `reason` first.
pub const KITH_FAULT: i32 = 4;

/// The length of a photo's hash as the host writes it: 64 hexadecimal digits.
pub const KITH_HASH_LENGTH: usize = 64;

/// A stretch of UTF-8 text, not ended by a zero byte.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct KithText {
    /// Its first byte.
    pub bytes: *const u8,
    /// How many bytes.
    pub length: usize,
}

/// One file of a bundle.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct KithEntry {
    /// Its name relative to what is imported, parted by `/`.
    pub name: KithText,
    /// Its size in bytes.
    pub size: u64,
}

/// Where in the input an item stands.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct KithPlace {
    /// Which item of the file, from 1.
    pub position: u64,
    /// Its first line, from 1; 0 where the format has no lines.
    pub line: u64,
    /// Which entry of the bundle, from 0.
    pub entry: u32,
}

/// What is imported: a bundle of files, read through `pread`.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct KithInput {
    /// The size of this structure; a later host may add fields at its end.
    pub size: u32,
    /// How many entries there are, at least one.
    pub entry_count: u32,
    /// The entries.
    pub entries: *const KithEntry,
    /// Reads up to `length` bytes at `offset` of an entry into `buffer`.
    ///
    /// Returns how many were read, 0 at the end of the entry, or a negative number when it cannot be read.
    pub pread:
        Option<unsafe extern "C" fn(ctx: *mut c_void, entry: u32, offset: u64, buffer: *mut u8, length: usize) -> i64>,
}

/// Where the findings of an import go. Every function answers `KITH_OK` or `KITH_STOPPED`.
///
/// `json` is one JSON object; its shapes are those of the crate `kith_proto` (modules `emit`, `record`, `diagnostic`).
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct KithEmit {
    /// The size of this structure; a later host may add fields at its end.
    pub size: u32,
    /// Names the source and collection that the records which follow belong to.
    pub part: Option<unsafe extern "C" fn(ctx: *mut c_void, json: *const u8, length: usize) -> i32>,
    /// Emits a record; `key.bytes` is null where the format has no key of its own.
    pub record: Option<
        unsafe extern "C" fn(
            ctx: *mut c_void,
            place: *const KithPlace,
            key: KithText,
            json: *const u8,
            length: usize,
        ) -> i32,
    >,
    /// Tells of something wrong in the data.
    pub diagnostic: Option<unsafe extern "C" fn(ctx: *mut c_void, json: *const u8, length: usize) -> i32>,
    /// Counts items that are not records, by class: "closed profile".
    pub tally: Option<unsafe extern "C" fn(ctx: *mut c_void, class_: KithText, count: u64) -> i32>,
    /// Hands over a photo of at most 8 MiB; the host writes `KITH_HASH_LENGTH` bytes, what a card calls it, to `hash`.
    pub photo: Option<unsafe extern "C" fn(ctx: *mut c_void, bytes: *const u8, length: usize, hash: *mut u8) -> i32>,
    /// Says in a lower-case fragment why `import` is about to answer other than `KITH_OK`.
    pub reason: Option<unsafe extern "C" fn(ctx: *mut c_void, text: KithText) -> i32>,
}

/// What a plugin exports under the name `kith_importer`.
#[repr(C)]
#[derive(Debug)]
pub struct KithImporter {
    /// `KITH_ABI_VERSION`.
    pub abi_version: u32,
    /// The size of this structure.
    pub size: u32,
    /// The importer's name, lower-case: `csv`. The note says the same.
    pub name: KithText,
    /// Its version.
    pub version: KithText,
    /// Endings of file names that it reads, lower-case: `.csv`. A hint only; `probe` decides.
    pub accepts: *const KithText,
    /// How many of them.
    pub accept_count: usize,
    /// Returns how sure it is that it can read a bundle of these names and this head, 0 to 100; negative when it failed.
    ///
    /// `head` holds the first 64 KiB of the first entry.
    pub probe: Option<
        unsafe extern "C" fn(names: *const KithText, name_count: usize, head: *const u8, head_length: usize) -> i32,
    >,
    /// Reads the bundle and emits what is in it; `ctx` goes with every call back to the host.
    pub import: Option<unsafe extern "C" fn(input: *const KithInput, emit: *const KithEmit, ctx: *mut c_void) -> i32>,
}

#[expect(unsafe_code, reason = "a descriptor is a static; its pointers name other statics")]
// SAFETY: the plugin's author promises that the descriptor and what it points to are constant; the host only reads it.
unsafe impl Sync for KithImporter {}

/// The ELF note in the section `.note.kith`: what the daemon must know before it runs any code of the plugin.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct KithNote {
    /// The length of `owner` that counts: 5.
    pub owner_length: u32,
    /// The length of what follows `owner`: 68.
    pub length: u32,
    /// 1.
    pub kind: u32,
    /// `kith`, filled up with zeroes.
    pub owner: [u8; 8],
    /// `KITH_ABI_VERSION`.
    pub abi_version: u32,
    /// The importer's name, filled up with zeroes.
    pub name: [u8; 32],
    /// The target, `KITH_TARGET`, filled up with zeroes.
    pub target: [u8; 32],
}

/// The owner of the note, as in its header.
pub const NOTE_OWNER: &[u8] = b"kith";

/// The kind of the note.
pub const NOTE_KIND: u32 = 1;

/// The target that this crate is compiled for, as in a note: `x86_64-linux-gnu`.
pub const TARGET: &str = if cfg!(all(target_arch = "x86_64", target_env = "gnu")) {
    "x86_64-linux-gnu"
} else if cfg!(all(target_arch = "aarch64", target_env = "gnu")) {
    "aarch64-linux-gnu"
} else if cfg!(all(target_arch = "riscv64", target_env = "gnu")) {
    "riscv64-linux-gnu"
} else if cfg!(all(target_arch = "x86_64", target_env = "musl")) {
    "x86_64-linux-musl"
} else if cfg!(all(target_arch = "aarch64", target_env = "musl")) {
    "aarch64-linux-musl"
} else {
    "unknown"
};

impl KithText {
    /// Borrows `text` for C; it must outlive every use of the result.
    #[must_use]
    pub const fn new(text: &str) -> Self {
        Self { bytes: text.as_ptr(), length: text.len() }
    }

    /// No text.
    #[must_use]
    pub const fn none() -> Self {
        Self { bytes: core::ptr::null(), length: 0 }
    }
}

impl KithNote {
    /// Returns the note of an importer of this name, for this target. A name over 32 bytes is cut.
    #[must_use]
    pub const fn new(name: &str) -> Self {
        Self {
            owner_length: 5,
            length: 68,
            kind: NOTE_KIND,
            owner: filled(NOTE_OWNER),
            abi_version: KITH_ABI_VERSION,
            name: filled(name.as_bytes()),
            target: filled(TARGET.as_bytes()),
        }
    }
}

/// Returns `bytes`, cut or filled up with zeroes.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, within the shorter length")]
const fn filled<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut filled = [0; N];
    let mut at = 0;
    while at < N && at < bytes.len() {
        filled[at] = bytes[at];
        at += 1;
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_is_laid_out_as_elf_wants_it() {
        assert_eq!(size_of::<KithNote>(), 12 + 8 + 68);
        let note = KithNote::new("csv");
        assert_eq!(&note.name[..4], b"csv\0");
        assert_ne!(TARGET, "unknown");
    }
}
