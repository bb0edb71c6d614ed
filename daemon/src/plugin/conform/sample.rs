//! The files that a plugin under test is given: golden ones from a folder, and others made of them. They live in memory.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use kith_proto::frame::Job;
use rustix::fs::MemfdFlags;

use super::super::FILES_LIMIT;
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
    /// The other files of a bundle.
    more: Vec<(String, Vec<u8>)>,
}

impl Sample {
    pub(super) fn new(name: &str, what: String, bytes: Vec<u8>) -> Self {
        Self { name: name.to_owned(), what, content: Content::Bytes(bytes), more: Vec::new() }
    }

    /// Returns a file of some lines, with the first ending that the plugin accepts.
    pub(super) fn made_up(accepts: &[String]) -> Self {
        let name = format!("sample{}", accepts.first().map_or(".txt", String::as_str));
        Self::new(&name, name.clone(), b"Ana Silva\nBo Ek\n".to_vec())
    }

    /// Returns the same with other bytes in its first file.
    pub(super) fn with(&self, what: &str, bytes: Vec<u8>) -> Self {
        Self { what: format!("{}{what}", self.what), content: Content::Bytes(bytes), ..self.clone() }
    }

    /// Returns the same with so many zeroes for its first file.
    pub(super) fn zeroes(&self, what: &str, count: u64) -> Self {
        Self { content: Content::Zeroes(count), ..self.with(what, Vec::new()) }
    }

    /// Returns the bytes of its first file; none of a file of zeroes.
    pub(super) fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Bytes(bytes) => bytes,
            Content::Zeroes(_) => &[],
        }
    }

    fn first_size(&self) -> u64 {
        match &self.content {
            Content::Bytes(bytes) => bytes.len() as u64,
            Content::Zeroes(count) => *count,
        }
    }

    pub(super) fn job(&self, number: u64) -> Job {
        let more = self.more.iter().map(|(name, bytes)| (name.clone(), bytes.len() as u64));
        Job { number, entries: core::iter::once((self.name.clone(), self.first_size())).chain(more).collect() }
    }

    /// Returns its files, open.
    pub(super) fn files(&self) -> io::Result<Vec<File>> {
        let first = match &self.content {
            Content::Bytes(bytes) => in_memory(bytes)?,
            Content::Zeroes(count) => {
                let file = in_memory(&[])?;
                file.set_len(*count)?;
                file
            }
        };
        let more = self.more.iter().map(|(_, bytes)| in_memory(bytes));
        core::iter::once(Ok(first)).chain(more).collect()
    }
}

fn in_memory(bytes: &[u8]) -> io::Result<File> {
    let mut file = File::from(rustix::fs::memfd_create("kith-sample", MemfdFlags::CLOEXEC)?);
    file.write_all(bytes)?;
    Ok(file)
}

/// Reads the golden files of a folder, in order of their names, without what is expected of them. A folder within is a
/// bundle, which is imported as one.
pub(super) fn read(folder: &Path) -> io::Result<Vec<Sample>> {
    let mut samples = Vec::new();
    for path in paths(folder)? {
        let what = file_name(&path);
        let mut files = if path.is_dir() { paths(&path)? } else { vec![path] };
        files.truncate(FILES_LIMIT);
        let mut files = files.iter().map(|path| Ok((file_name(path), bytes(path)?))).collect::<io::Result<Vec<_>>>()?;
        if !files.is_empty() {
            let (name, bytes) = files.remove(0);
            samples.push(Sample { more: files, ..Sample::new(&name, what, bytes) });
        }
    }
    Ok(samples)
}

/// Returns what lies in a folder, in order, without what is hidden or expected.
fn paths(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.retain(|path| !file_name(path).starts_with('.') && !golden::is_expectation(&file_name(path)));
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    if path.metadata()?.len() > GOLDEN_LIMIT_BYTES {
        return Err(io::Error::other(format!("{} is larger than {} MiB", file_name(path), GOLDEN_LIMIT_BYTES >> 20)));
    }
    fs::read(path)
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
