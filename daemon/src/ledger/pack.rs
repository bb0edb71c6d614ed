//! Packs closed segments: a verified `.zst` beside, then the plain one goes.

use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use crate::ledger::{Writer, segment_path, segments};

/// How hard to pack: zstd's default.
const LEVEL: i32 = 3;

/// Packs the oldest closed segment that is still plain; returns whether there was one.
///
/// # Errors
/// When a segment cannot be read or written; the plain one is then still there.
pub fn pack_one(writer: &Writer) -> io::Result<bool> {
    let (folder, current) = writer.current();
    let closed = |(number, path): &(u32, PathBuf)| *number < current && path.extension().is_some_and(|e| e == "jsonl");
    let Some((number, _)) = segments(folder)?.into_iter().find(closed) else { return Ok(false) };
    pack(folder, number)?;
    Ok(true)
}

fn pack(folder: &Path, number: u32) -> io::Result<()> {
    let plain = segment_path(folder, number);
    let packed = folder.join(format!("{number:06}.jsonl.zst"));
    let half = folder.join(format!(".{number:06}.jsonl.zst.part"));
    match fs::remove_file(&half) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut out = crate::paths::create_new(&half)?;
    let mut encoder = zstd::Encoder::new(&mut out, LEVEL)?;
    io::copy(&mut File::open(&plain)?, &mut encoder)?;
    encoder.finish()?.flush()?;
    out.sync_all()?;
    if hash(File::open(&plain)?)? != hash(zstd::Decoder::new(File::open(&half)?)?)? {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the packed copy differs"));
    }
    fs::rename(&half, &packed)?;
    File::open(folder)?.sync_all()?;
    fs::remove_file(&plain)
}

fn hash(mut from: impl Read) -> io::Result<blake3::Hash> {
    let mut hasher = blake3::Hasher::new();
    io::copy(&mut from, &mut hasher)?;
    Ok(hasher.finalize())
}
