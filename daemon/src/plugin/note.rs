//! Reads a plugin's ELF note, `.note.kith`, without running anything of it.

use std::fs::File;

use kith_proto::abi::{KITH_ABI_VERSION, NOTE_KIND, NOTE_OWNER, TARGET};
use object::elf::FileHeader64;
use object::read::ReadCache;
use object::read::elf::{FileHeader as _, ProgramHeader as _};
use object::{Endianness, elf};

/// What the header of a library for this machine says.
const MACHINE: elf::Machine = if cfg!(target_arch = "aarch64") {
    elf::EM_AARCH64
} else if cfg!(target_arch = "riscv64") {
    elf::EM_RISCV
} else {
    elf::EM_X86_64
};

/// What a note says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Note {
    /// The importer's name.
    pub(super) name: String,
    /// The version of the ABI that it speaks.
    abi_version: u32,
    /// What it is compiled for.
    target: String,
}

/// Why a file is not taken for a plugin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoteError {
    #[error("it is not a shared library for this machine")]
    NotElf,
    #[error("it is cut off: {0} bytes long, and its parts reach to {1}")]
    Truncated(u64, u64),
    #[error("it is not a kith plugin: it has no note .note.kith")]
    Missing,
    #[error("its note .note.kith does not read")]
    Malformed,
    #[error("it speaks version {0} of the plugin interface, this kith speaks version {KITH_ABI_VERSION}")]
    OtherAbi(u32),
    #[error("it is made for {0}, this kith is made for {TARGET}")]
    OtherTarget(String),
}

/// Reads the note and checks that a plugin of it can be loaded here.
pub(super) fn read(file: &File) -> Result<Note, NoteError> {
    let note = find(file)?;
    if note.abi_version != KITH_ABI_VERSION {
        return Err(NoteError::OtherAbi(note.abi_version));
    }
    if note.target != TARGET {
        return Err(NoteError::OtherTarget(note.target));
    }
    Ok(note)
}

fn find(file: &File) -> Result<Note, NoteError> {
    let data = &ReadCache::new(file);
    let header = FileHeader64::<Endianness>::parse(data).map_err(|_| NoteError::NotElf)?;
    let endian = header.endian().map_err(|_| NoteError::NotElf)?;
    if header.e_type(endian) != elf::ET_DYN {
        return Err(NoteError::NotElf);
    }
    let machine = header.e_machine(endian);
    if machine != MACHINE {
        return Err(NoteError::OtherTarget(format!("another machine (ELF number {})", machine.0)));
    }
    check_length(file, header, endian)?;
    for segment in header.program_headers(endian, data).map_err(|_| NoteError::NotElf)? {
        let Ok(Some(mut notes)) = segment.notes(endian, data) else { continue };
        while let Some(note) = notes.next().map_err(|_| NoteError::Malformed)? {
            if note.name() == NOTE_OWNER && note.n_type(endian).0 == NOTE_KIND {
                return parse(note.desc()).ok_or(NoteError::Malformed);
            }
        }
    }
    Err(NoteError::Missing)
}

/// Checks that nothing of the library lies beyond the end of its file. The table of sections comes last in most.
fn check_length(file: &File, header: &FileHeader64<Endianness>, endian: Endianness) -> Result<(), NoteError> {
    let data = &ReadCache::new(file);
    let length = file.metadata().map_err(|_| NoteError::NotElf)?.len();
    let table = |start: u64, count: u16, size: u16| start.saturating_add(u64::from(count) * u64::from(size));
    let programs = table(header.e_phoff(endian), header.e_phnum(endian), header.e_phentsize(endian));
    let sections = table(header.e_shoff(endian), header.e_shnum(endian), header.e_shentsize(endian));
    let tables = programs.max(sections);
    if tables > length {
        return Err(NoteError::Truncated(length, tables));
    }
    let segments = header.program_headers(endian, data).map_err(|_| NoteError::NotElf)?.iter();
    let ends = segments.map(|part| part.p_offset(endian).saturating_add(part.p_filesz(endian)));
    match ends.max().filter(|end| *end > length) {
        Some(end) => Err(NoteError::Truncated(length, end)),
        None => Ok(()),
    }
}

fn parse(description: &[u8]) -> Option<Note> {
    let (abi_version, rest) = description.split_first_chunk()?;
    let (name, rest) = rest.split_first_chunk::<32>()?;
    let (target, _) = rest.split_first_chunk::<32>()?;
    let name = word(name).filter(|name| is_name(name))?;
    Some(Note { name, abi_version: u32::from_ne_bytes(*abi_version), target: word(target)? })
}

/// Reads text that is filled up with zeroes.
fn word(filled: &[u8]) -> Option<String> {
    let text = filled.split(|byte| *byte == 0).next()?;
    core::str::from_utf8(text).ok().map(ToOwned::to_owned)
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_file_and_a_library_of_someone_else_are_not_plugins() {
        let text = File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap();
        assert_eq!(read(&text), Err(NoteError::NotElf));
        let other = File::open("/proc/self/exe").unwrap();
        assert_eq!(read(&other), Err(NoteError::Missing));
    }

    #[test]
    fn reads_what_a_note_says() {
        let mut description = 1_u32.to_ne_bytes().to_vec();
        description.extend_from_slice(b"csv");
        description.resize(36, 0);
        description.extend_from_slice(b"x86_64-linux-gnu");
        assert_eq!(parse(&description), None);
        description.resize(68, 0);
        assert_eq!(parse(&description).unwrap().name, "csv");
        description[4] = b'/';
        assert_eq!(parse(&description), None);
    }
}
