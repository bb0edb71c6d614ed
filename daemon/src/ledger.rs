//! The ledger on disk: one folder a device, in it numbered segments of lines. It is the truth; the store is a fold of it.
//!
//! This device appends to its own folder and reads the others'. A closed segment is packed as `.zst` once the copy is
//! verified; where both exist the longer one is read, for a copy of the ledger may have brought an older one back. What a
//! line is, is `kith_core::line`.
//!
//! ```text
//!  ledger/1f2e3d4c/000001.jsonl.zst  000002.jsonl.zst  000003.jsonl     (own: appended to)
//!         9a8b7c6d/000001.jsonl                                         (another device's: read)
//! ```

pub mod pack;
pub mod read;
pub mod rewrite;
pub mod write;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use kith_core::id::DeviceId;
use serde::{Deserialize, Serialize};

pub use read::Lines;
pub use write::Writer;

/// A place in a device's folder: before the byte at `offset`, unpacked, of a segment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// The segment's number, from 1.
    pub segment: u32,
    /// The offset within the unpacked segment, in bytes.
    pub offset: u64,
}

/// How far a device's folder is folded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Folded {
    /// All lines before this place are.
    pub position: Position,
    /// The sequence number of the last of them; 0 when there is none.
    pub seq: u64,
}

/// Returns the devices that have a folder in the ledger.
///
/// # Errors
/// When the ledger's folder cannot be read.
pub fn devices(root: &Path) -> io::Result<Vec<DeviceId>> {
    let mut devices = Vec::new();
    for entry in root.read_dir()? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        devices.extend(DeviceId::try_from(name));
    }
    devices.sort();
    Ok(devices)
}

/// Returns the segments of a device, in order: number and file.
///
/// # Errors
/// When the device's folder cannot be read.
pub fn segments(folder: &Path) -> io::Result<Vec<(u32, PathBuf)>> {
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for entry in folder.read_dir()? {
        let path = entry?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let Some((number, rest)) = name.split_once('.') else { continue };
        let Ok(number) = number.parse() else { continue };
        if rest == "jsonl" || rest == "jsonl.zst" {
            found.push((number, path));
        }
    }
    found.sort();
    let mut segments: Vec<(u32, PathBuf)> = Vec::with_capacity(found.len());
    for (number, path) in found {
        match segments.last_mut().filter(|(last, _)| *last == number) {
            Some((_, plain)) if unpacked_bytes(&path)? > unpacked_bytes(plain)? => *plain = path,
            Some(_) => {}
            None => segments.push((number, path)),
        }
    }
    Ok(segments)
}

/// Returns where a device's folder ends.
///
/// # Errors
/// When it cannot be read.
pub fn end(folder: &Path) -> io::Result<Position> {
    match segments(folder) {
        Ok(mut segments) => match segments.pop() {
            Some((segment, path)) => Ok(Position { segment, offset: unpacked_bytes(&path)? }),
            None => Ok(Position::default()),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Position::default()),
        Err(error) => Err(error),
    }
}

fn is_packed(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "zst")
}

/// Opens a segment, packed or not, at its beginning.
fn open(path: &Path) -> io::Result<Box<dyn Read + Send>> {
    let file = File::open(path)?;
    Ok(if is_packed(path) { Box::new(zstd::Decoder::new(file)?) } else { Box::new(file) })
}

/// Returns how long a segment is, unpacked; of one whose end is missing, what is there counts.
fn unpacked_bytes(path: &Path) -> io::Result<u64> {
    if !is_packed(path) {
        return Ok(fs::metadata(path)?.len());
    }
    let mut unpacked = open(path)?;
    let (mut bytes, mut buffer) = (0, vec![0; 64 * 1024]);
    loop {
        match unpacked.read(&mut buffer) {
            Ok(0) | Err(_) => return Ok(bytes),
            Ok(read) => bytes += u64::try_from(read).unwrap_or(0),
        }
    }
}

/// Returns the file of a plain segment.
#[must_use]
pub fn segment_path(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{number:06}.jsonl"))
}
