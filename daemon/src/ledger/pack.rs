//! Packs closed segments: a verified `.zst` beside, then the plain one goes.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::Path;

use crate::ledger::{Writer, segment_path};

/// How hard to pack: zstd's default.
const LEVEL: i32 = 3;

/// How much is compared at once.
const BUFFER_BYTES: usize = 256 * 1024;

/// Packs the oldest closed segment that is still plain; returns whether there was one.
///
/// # Errors
/// When a segment cannot be read or written, or a packed one of other content is there; all files are then still there.
pub fn pack_one(writer: &Writer) -> io::Result<bool> {
    let (folder, current) = writer.current();
    for number in 1..current {
        if segment_path(folder, number).exists() {
            pack(folder, number)?;
            return Ok(true);
        }
    }
    Ok(false)
}

fn pack(folder: &Path, number: u32) -> io::Result<()> {
    let plain = segment_path(folder, number);
    let packed = folder.join(format!("{number:06}.jsonl.zst"));
    match packed.exists().then(|| compare(&plain, &packed)).transpose()? {
        Some(Longer::Neither | Longer::Second) => return fs::remove_file(&plain),
        Some(Longer::Unlike) => {
            let words = format!("{} and its packed copy tell different things", plain.display());
            return Err(io::Error::new(io::ErrorKind::InvalidData, words));
        }
        Some(Longer::First) | None => {}
    }
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
    if compare(&plain, &half)? != Longer::Neither {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the packed copy differs"));
    }
    fs::rename(&half, &packed)?;
    File::open(folder)?.sync_all()?;
    fs::remove_file(&plain)
}

/// Which of two segments goes on where the other ends.
#[derive(Debug, PartialEq, Eq)]
enum Longer {
    /// They are the same.
    Neither,
    /// The first, of which the second is the beginning.
    First,
    /// The second, of which the first is the beginning.
    Second,
    /// They differ.
    Unlike,
}

/// Compares a plain segment with a packed one.
fn compare(plain: &Path, packed: &Path) -> io::Result<Longer> {
    let mut first = BufReader::with_capacity(BUFFER_BYTES, File::open(plain)?);
    let mut second = BufReader::with_capacity(BUFFER_BYTES, zstd::Decoder::new(File::open(packed)?)?);
    loop {
        let (ours, theirs) = (first.fill_buf()?, second.fill_buf()?);
        let common = ours.len().min(theirs.len());
        if common == 0 {
            return Ok(match (ours.is_empty(), theirs.is_empty()) {
                (true, true) => Longer::Neither,
                (false, _) => Longer::First,
                (true, false) => Longer::Second,
            });
        }
        if ours.get(..common) != theirs.get(..common) {
            return Ok(Longer::Unlike);
        }
        first.consume(common);
        second.consume(common);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;
    use crate::ledger::{open, segments};

    /// Packs a segment that is there plain and packed; returns whether that went well, and what can be read of it then.
    fn packed_with(plain: &[u8], packed: &[u8]) -> (bool, Vec<u8>) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(segment_path(folder.path(), 1), plain).unwrap();
        fs::write(folder.path().join("000001.jsonl.zst"), zstd::encode_all(packed, LEVEL).unwrap()).unwrap();
        let (number, path) = segments(folder.path()).unwrap().pop().unwrap();
        let longer = if plain.len() >= packed.len() { plain } else { packed };
        let mut read = Vec::new();
        open(&path).unwrap().read_to_end(&mut read).unwrap();
        assert_eq!((number, read.as_slice()), (1, longer));
        let went_well = pack(folder.path(), 1).is_ok();
        assert_eq!(segment_path(folder.path(), 1).exists(), !went_well);
        let packed = File::open(folder.path().join("000001.jsonl.zst")).unwrap();
        (went_well, zstd::decode_all(packed).unwrap())
    }

    #[test]
    fn a_copy_that_is_there_already_is_replaced_only_by_one_that_goes_on() {
        assert_eq!(packed_with(b"a\nb\n", b"a\nb\n"), (true, b"a\nb\n".to_vec()));
        assert_eq!(packed_with(b"a\n", b"a\nb\n"), (true, b"a\nb\n".to_vec()));
        assert_eq!(packed_with(b"a\nb\n", b"a\n"), (true, b"a\nb\n".to_vec()));
        assert_eq!(packed_with(b"a\nc\nd\n", b"a\nb\n"), (false, b"a\nb\n".to_vec()));
    }
}
