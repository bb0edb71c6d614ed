//! The files that a plugin under test is given: golden ones from a folder, and others made of them. They live in memory.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use kith_proto::frame::Job;
use rustix::fs::MemfdFlags;

use super::golden;

/// How large a golden file may be.
const GOLDEN_LIMIT_BYTES: u64 = 64 * 1024 * 1024;

/// What a file holds.
#[derive(Debug, Clone)]
enum Content {
    Bytes(Vec<u8>),
    /// As many zeroes, of which none takes memory.
    Zeroes(u64),
}

/// A file for a plugin under test.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    /// Its name.
    pub(super) name: String,
    /// What it is, for people: `friends.names cut at 17 of 40 bytes`.
    pub(super) what: String,
    content: Content,
}

impl Sample {
    pub(super) fn new(name: &str, what: String, bytes: Vec<u8>) -> Self {
        Self { name: name.to_owned(), what, content: Content::Bytes(bytes) }
    }

    /// Returns a file of some lines, with the first ending that the plugin accepts.
    pub(super) fn made_up(accepts: &[String]) -> Self {
        let name = format!("sample{}", accepts.first().map_or(".txt", String::as_str));
        Self::new(&name, name.clone(), b"Ana Silva\nBo Ek\n".to_vec())
    }

    /// Returns a file of the same name with other bytes.
    pub(super) fn with(&self, what: &str, bytes: Vec<u8>) -> Self {
        Self::new(&self.name, format!("{}{what}", self.name), bytes)
    }

    /// Returns a file of the same name that is so many zeroes.
    pub(super) fn zeroes(&self, what: &str, count: u64) -> Self {
        Self { name: self.name.clone(), what: format!("{}{what}", self.name), content: Content::Zeroes(count) }
    }

    /// Returns its bytes; none of a file of zeroes.
    pub(super) fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Bytes(bytes) => bytes,
            Content::Zeroes(_) => &[],
        }
    }

    pub(super) fn size(&self) -> u64 {
        match &self.content {
            Content::Bytes(bytes) => bytes.len() as u64,
            Content::Zeroes(count) => *count,
        }
    }

    pub(super) fn job(&self, number: u64) -> Job {
        Job { number, entries: vec![(self.name.clone(), self.size())] }
    }

    /// Returns it as a file that is open.
    pub(super) fn file(&self) -> io::Result<File> {
        let mut file = File::from(rustix::fs::memfd_create("kith-sample", MemfdFlags::CLOEXEC)?);
        match &self.content {
            Content::Bytes(bytes) => file.write_all(bytes)?,
            Content::Zeroes(count) => file.set_len(*count)?,
        }
        Ok(file)
    }
}

/// Reads the golden files of a folder, in order of their names, without what is expected of them.
pub(super) fn read(folder: &Path) -> io::Result<Vec<Sample>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    let mut samples = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !path.is_file() || name.starts_with('.') || golden::is_expectation(&name) {
            continue;
        }
        if path.metadata()?.len() > GOLDEN_LIMIT_BYTES {
            return Err(io::Error::other(format!("{name} is larger than {} MiB", GOLDEN_LIMIT_BYTES >> 20)));
        }
        samples.push(Sample::new(&name, name.clone(), fs::read(&path)?));
    }
    Ok(samples)
}

/// Returns bytes without meaning, the same ones each time (xorshift).
pub(super) fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let byte = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    core::iter::repeat_with(byte).take(length).collect()
}
