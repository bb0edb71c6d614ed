//! Rewrites segments of a device's folder, each in its place: the only rewriting that there is, for those who are forgotten.
//!
//! A line is replaced by one that is as long and has the same number, so every position that anybody remembers still fits, and
//! a folder of which half the segments are rewritten is as readable as any. Each segment is written beside, made durable and
//! put in the old one's place, so a kill at any moment leaves one or the other. What a line becomes is `keeper::forget`.
//!
//! ```text
//!  000003.jsonl ─line by line─▶ .000003.jsonl.rewritten ─fsync, rename─▶ 000003.jsonl
//! ```

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use kith_core::line::is_whole;

use crate::ledger::{is_packed, open};
use crate::paths::create_new;

/// How hard to pack: zstd's default.
const LEVEL: i32 = 3;

/// What the name of a segment that is being written ends with.
const UNFINISHED: &str = ".rewritten";

/// What the name of a segment that is being packed ends with.
const HALF_PACKED: &str = ".part";

/// How many lines were replaced, and in how many segments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replaced {
    /// Lines.
    pub lines: u64,
    /// Segments.
    pub segments: u64,
}

/// Replaces lines in all segments of a folder, packed ones too, by what `replace` returns for them.
///
/// # Errors
/// When a segment cannot be read or written; those before are rewritten then, the others as they were.
pub fn rewrite(folder: &Path, replace: &dyn Fn(&[u8]) -> Option<Vec<u8>>) -> io::Result<Replaced> {
    let mut replaced = Replaced::default();
    for path in files(folder)? {
        let lines = rewrite_segment(&path, replace)?;
        replaced.lines += lines;
        replaced.segments += u64::from(lines > 0);
    }
    Ok(replaced)
}

/// Returns the folder's segments, also one that is there both plain and packed twice; what was left of writing one goes.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match folder.read_dir() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with('.') && (name.ends_with(UNFINISHED) || name.ends_with(HALF_PACKED)) {
            fs::remove_file(&path)?;
        } else if let Some((number, "jsonl" | "jsonl.zst")) = name.split_once('.')
            && number.parse::<u32>().is_ok()
        {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Rewrites a segment, where a line of it is to be replaced; returns how many are.
fn rewrite_segment(path: &Path, replace: &dyn Fn(&[u8]) -> Option<Vec<u8>>) -> io::Result<u64> {
    if !each_line(path, &mut |line| Ok(replaced(line, replace).is_none()))? {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let unfinished = path.with_file_name(format!(".{name}{UNFINISHED}"));
        let mut file = create_new(&unfinished)?;
        let written = if is_packed(path) {
            let mut packer = zstd::Encoder::new(&mut file, LEVEL)?;
            let written = write_lines(path, &mut packer, replace)?;
            packer.finish()?;
            written
        } else {
            let mut out = BufWriter::new(&mut file);
            let written = write_lines(path, &mut out, replace)?;
            out.flush()?;
            written
        };
        file.sync_all()?;
        fs::rename(&unfinished, path)?;
        path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())?;
        return Ok(written);
    }
    Ok(0)
}

fn write_lines(path: &Path, out: &mut impl Write, replace: &dyn Fn(&[u8]) -> Option<Vec<u8>>) -> io::Result<u64> {
    let mut written = 0;
    each_line(path, &mut |line| {
        let new = replaced(line, replace);
        written += u64::from(new.is_some());
        out.write_all(new.as_deref().unwrap_or(line))?;
        Ok(true)
    })?;
    Ok(written)
}

/// Calls `each` with every line and its end, as long as it returns true; returns whether it always did.
fn each_line(path: &Path, each: &mut dyn FnMut(&[u8]) -> io::Result<bool>) -> io::Result<bool> {
    let mut segment = BufReader::new(open(path)?);
    let mut line = Vec::new();
    while segment.read_until(b'\n', &mut line)? > 0 {
        if !each(&line)? {
            return Ok(false);
        }
        line.clear();
    }
    Ok(true)
}

/// Returns what takes the place of a line, its end included. Of a damaged one nobody knows whose it was: it is blanked.
fn replaced(line: &[u8], replace: &dyn Fn(&[u8]) -> Option<Vec<u8>>) -> Option<Vec<u8>> {
    let (text, end) = line.strip_suffix(b"\n").map_or((line, false), |text| (text, true));
    let mut new = if is_whole(text) {
        replace(text).filter(|new| new.len() == text.len() && new != text)?
    } else if text.iter().all(|byte| *byte == b' ') {
        return None;
    } else {
        vec![b' '; text.len()]
    };
    if end {
        new.push(b'\n');
    }
    Some(new)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kith_core::fact::{Said, What};
    use kith_core::forget::Removed;
    use kith_core::id::{DeviceId, RecordId};
    use kith_core::line::{line_of_length, parse_line};

    use super::*;
    use crate::ledger::{Lines, Position, Writer, pack, segment_path};

    fn note(text: &str) -> What {
        What::Said(Said::Note { record: RecordId::new("vcard/cards", "ana"), text: text.to_owned() })
    }

    fn read(folder: &Path, device: &DeviceId) -> (Vec<(Position, u64, bool)>, u64) {
        let mut lines = Lines::from(folder, Position::default());
        let mut all = Vec::new();
        while let Some((at, line)) = lines.next_line().unwrap() {
            let fact = parse_line(line, device).unwrap();
            all.push((at, fact.id.seq, matches!(fact.what, What::Removed(_))));
        }
        (all, lines.damaged())
    }

    #[test]
    fn a_line_is_replaced_in_its_place_in_plain_and_packed_segments() {
        let root = tempfile::tempdir().unwrap();
        let device = DeviceId::from_random([1; 4]);
        let mut writer = Writer::open(root.path(), device.clone(), 1).unwrap();
        for text in ["keep", "secret", "keep", "secret"] {
            writer.append(Timestamp::UNIX_EPOCH, &note(text)).unwrap();
            writer.sync().unwrap();
            writer.rotate().unwrap();
            if text == "secret" {
                while pack::pack_one(&writer).unwrap() {}
            }
        }
        let folder = root.path().join(device.as_str());
        fs::write(folder.join(".000009.jsonl.zst.part"), "secret").unwrap();
        fs::write(segment_path(&folder, 9), "torn secret\n").unwrap();
        let before = read(&folder, &device);
        let replace = |line: &[u8]| {
            let fact = parse_line(line, &device).unwrap();
            let is_secret = matches!(&fact.what, What::Said(Said::Note { text, .. }) if text == "secret");
            let removed = What::Removed(Removed { import: None });
            is_secret.then(|| line_of_length(fact.id.seq, fact.at, &removed, line.len()).unwrap().unwrap())
        };
        assert_eq!(rewrite(&folder, &replace).unwrap(), Replaced { lines: 3, segments: 3 });
        assert_eq!(rewrite(&folder, &replace).unwrap(), Replaced::default());
        let after = read(&folder, &device);
        let places = |all: &[(Position, u64, bool)]| all.iter().map(|(at, seq, _)| (*at, *seq)).collect::<Vec<_>>();
        assert_eq!((places(&before.0), before.1), (places(&after.0), after.1));
        assert_eq!(after.0.iter().map(|(.., removed)| *removed).collect::<Vec<_>>(), [false, true, false, true]);
        assert!(!folder.join(".000009.jsonl.zst.part").exists());
        assert!(!fs::read_to_string(segment_path(&folder, 9)).unwrap().contains("secret"));
    }
}
