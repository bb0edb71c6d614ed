//! Loads a plugin and calls it: the one file of the daemon that speaks C, used in the worker only.
//!
//! What a plugin does with the pointers it is given cannot be checked; that is what the sandbox is for.

use core::ffi::c_void;
use std::fs::File;
use std::os::fd::AsRawFd as _;

use kith_proto::abi::{
    KITH_ABI_VERSION, KITH_FAULT, KITH_STOPPED, KithEmit, KithEntry, KithImporter, KithInput, KithPlace, KithText,
};
use kith_proto::emit::Place;
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};

use super::session::Session;

/// The longest name, version or ending in a descriptor.
const WORD_LIMIT_BYTES: usize = 64;

/// How many endings a descriptor may name.
const ACCEPTS_LIMIT: usize = 64;

/// A plugin could not be loaded.
#[derive(Debug, thiserror::Error)]
pub(super) enum LoadError {
    #[error("{0}")]
    Open(#[source] libloading::Error),
    #[error("it does not export kith_importer")]
    Symbol(#[source] libloading::Error),
    #[error("its descriptor speaks version {0} of the plugin interface, this kith speaks version {KITH_ABI_VERSION}")]
    OtherAbi(u32),
    #[error("its descriptor is {0} bytes long, shorter than this kith's")]
    Size(u32),
    #[error("its descriptor lacks {0}")]
    Lacks(&'static str),
}

/// A loaded plugin. It is never unloaded: the worker ends instead.
pub(super) struct Plugin {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) accepts: Vec<String>,
    probe: unsafe extern "C" fn(*const KithText, usize, *const u8, usize) -> i32,
    import: unsafe extern "C" fn(*const KithInput, *const KithEmit, *mut c_void) -> i32,
}

/// Loads the library in `file`; its constructors run.
pub(super) fn open(file: &File) -> Result<Plugin, LoadError> {
    // The very file that was checked, whatever its path names by now.
    let path = format!("/proc/self/fd/{}", file.as_raw_fd());
    // SAFETY: running foreign code is what the sandbox around this process is for.
    let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) }.map_err(LoadError::Open)?;
    let library: &'static Library = Box::leak(Box::new(library));
    // SAFETY: the ABI says that the symbol, where it exists, is a descriptor.
    let symbol = unsafe { library.get::<*const KithImporter>(b"kith_importer\0") }.map_err(LoadError::Symbol)?;
    read(*symbol)
}

fn read(descriptor: *const KithImporter) -> Result<Plugin, LoadError> {
    if descriptor.is_null() || !descriptor.is_aligned() {
        return Err(LoadError::Lacks("its place"));
    }
    // SAFETY: a descriptor begins with its version, in every version of the ABI.
    let abi_version = unsafe { (*descriptor).abi_version };
    if abi_version != KITH_ABI_VERSION {
        return Err(LoadError::OtherAbi(abi_version));
    }
    // SAFETY: its size follows, in every version of the ABI.
    let size = unsafe { (*descriptor).size };
    if (size as usize) < size_of::<KithImporter>() {
        return Err(LoadError::Size(size));
    }
    // SAFETY: it is of this version and at least this long, and constant as the ABI says.
    let descriptor: &'static KithImporter = unsafe { &*descriptor };
    // SAFETY: the descriptor's array, constant as the ABI says.
    let accepts = unsafe { slice(descriptor.accepts, descriptor.accept_count.min(ACCEPTS_LIMIT)) };
    Ok(Plugin {
        name: word(descriptor.name).ok_or(LoadError::Lacks("a name"))?,
        version: word(descriptor.version).ok_or(LoadError::Lacks("a version"))?,
        accepts: accepts.iter().filter_map(|text| word(*text)).collect(),
        probe: descriptor.probe.ok_or(LoadError::Lacks("probe"))?,
        import: descriptor.import.ok_or(LoadError::Lacks("import"))?,
    })
}

fn word(text: KithText) -> Option<String> {
    // SAFETY: a text of the descriptor, constant as the ABI says.
    let text = unsafe { borrow(text) }?;
    Some(text.to_owned()).filter(|word| !word.is_empty() && word.len() <= WORD_LIMIT_BYTES)
}

impl Plugin {
    /// Asks how sure the plugin is that it can read a bundle.
    pub(super) fn probe(&self, names: &[&str], head: &[u8]) -> i32 {
        let names: Vec<KithText> = names.iter().map(|name| KithText::new(name)).collect();
        // SAFETY: names and head live during the call.
        unsafe { (self.probe)(names.as_ptr(), names.len(), head.as_ptr(), head.len()) }
    }

    /// Lets the plugin import a bundle, and returns its answer.
    pub(super) fn import(&self, session: &mut Session<'_>) -> i32 {
        let entries: Vec<KithEntry> =
            session.entries().iter().map(|(name, size)| KithEntry { name: KithText::new(name), size: *size }).collect();
        let input = KithInput {
            size: size_as_u32::<KithInput>(),
            entry_count: u32::try_from(entries.len()).unwrap_or(u32::MAX),
            entries: entries.as_ptr(),
            pread: Some(pread),
        };
        let emit = KithEmit {
            size: size_as_u32::<KithEmit>(),
            part: Some(part),
            record: Some(record),
            diagnostic: Some(diagnostic),
            tally: Some(tally),
            photo: Some(photo),
            reason: Some(reason),
        };
        let ctx = core::ptr::from_mut(session).cast();
        // SAFETY: input, emit and ctx live during the call, and ctx is what the callbacks expect.
        unsafe { (self.import)(&raw const input, &raw const emit, ctx) }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a structure of a few words")]
const fn size_as_u32<T>() -> u32 {
    size_of::<T>() as u32
}

/// Returns the session that a callback is about.
///
/// # Safety
/// `ctx` is the session of the running import, as given to it, and is not in use.
unsafe fn session<'a>(ctx: *mut c_void) -> &'a mut Session<'a> {
    // SAFETY: as the caller promises.
    unsafe { &mut *ctx.cast() }
}

/// Borrows `count` items; a null pointer holds none, as does a negative number that was taken for a length.
///
/// # Safety
/// `first` is null or begins `count` items that are not written to during `'a`.
unsafe fn slice<'a, T>(first: *const T, count: usize) -> &'a [T] {
    if first.is_null() || isize::try_from(count).is_err() {
        return &[];
    }
    // SAFETY: as the caller promises.
    unsafe { core::slice::from_raw_parts(first, count) }
}

/// Borrows a text; `None` when it is null or not UTF-8.
///
/// # Safety
/// As for [`slice()`].
unsafe fn borrow<'a>(text: KithText) -> Option<&'a str> {
    if text.bytes.is_null() {
        return None;
    }
    // SAFETY: as the caller promises.
    str::from_utf8(unsafe { slice(text.bytes, text.length) }).ok()
}

// The callbacks. SAFETY, of all: the plugin passes `ctx` as it was given, and pointers as the ABI says.

unsafe extern "C" fn pread(ctx: *mut c_void, entry: u32, offset: u64, buffer: *mut u8, length: usize) -> i64 {
    if buffer.is_null() || isize::try_from(length).is_err() {
        return -i64::from(KITH_FAULT);
    }
    // SAFETY: the plugin's buffer of that length, which it does not touch during the call.
    let buffer = unsafe { core::slice::from_raw_parts_mut(buffer, length) };
    // SAFETY: see above.
    unsafe { session(ctx) }.pread(entry, offset, buffer)
}

unsafe extern "C" fn part(ctx: *mut c_void, json: *const u8, length: usize) -> i32 {
    // SAFETY: see above.
    let json = unsafe { slice(json, length) };
    // SAFETY: see above.
    unsafe { session(ctx) }.part(json)
}

unsafe extern "C" fn record(
    ctx: *mut c_void,
    place: *const KithPlace,
    key: KithText,
    json: *const u8,
    length: usize,
) -> i32 {
    // SAFETY: see above; null is told apart.
    let Some(place) = (unsafe { place.as_ref() }) else { return KITH_STOPPED };
    let place = Place { entry: place.entry, position: place.position, line: place.line };
    // SAFETY: see above.
    let key = (!key.bytes.is_null()).then(|| unsafe { slice(key.bytes, key.length) });
    // SAFETY: see above.
    let json = unsafe { slice(json, length) };
    // SAFETY: see above.
    unsafe { session(ctx) }.record(place, key, json)
}

unsafe extern "C" fn diagnostic(ctx: *mut c_void, json: *const u8, length: usize) -> i32 {
    // SAFETY: see above.
    let json = unsafe { slice(json, length) };
    // SAFETY: see above.
    unsafe { session(ctx) }.diagnostic(json)
}

unsafe extern "C" fn tally(ctx: *mut c_void, class: KithText, count: u64) -> i32 {
    // SAFETY: see above.
    let class = unsafe { borrow(class) }.unwrap_or("unnamed");
    // SAFETY: see above.
    unsafe { session(ctx) }.tally(class, count)
}

unsafe extern "C" fn photo(ctx: *mut c_void, bytes: *const u8, length: usize, hash: *mut u8) -> i32 {
    // SAFETY: see above.
    let bytes = unsafe { slice(bytes, length) };
    // SAFETY: see above.
    let (answer, hashed) = unsafe { session(ctx) }.photo(bytes);
    if !hash.is_null() {
        let digits = hashed.to_hex();
        // SAFETY: the plugin's room for a hash of KITH_HASH_LENGTH bytes, which is as many as there are digits.
        unsafe { core::ptr::copy_nonoverlapping(digits.as_bytes().as_ptr(), hash, digits.len()) };
    }
    answer
}

unsafe extern "C" fn reason(ctx: *mut c_void, text: KithText) -> i32 {
    // SAFETY: see above.
    let text = unsafe { borrow(text) }.unwrap_or_default();
    // SAFETY: see above.
    unsafe { session(ctx) }.reason(text)
}
