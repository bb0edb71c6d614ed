//! Reads a device's lines in order, across segments, packed or plain.
//!
//! A line without its end, at the end of the last segment, is not there yet. A line with its end but damaged is passed over
//! and counted: on one's own folder it is a torn tail that was closed.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use kith_core::line::is_whole;

use crate::ledger::{Position, is_packed, segments};

/// How much is read at once.
const BUFFER_BYTES: usize = 256 * 1024;

/// The lines of a device's folder, from a position on.
pub struct Lines {
    folder: PathBuf,
    position: Position,
    segment: Option<Box<dyn BufRead + Send>>,
    line: Vec<u8>,
    damaged: u64,
}

impl core::fmt::Debug for Lines {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Lines").field("folder", &self.folder).field("position", &self.position).finish_non_exhaustive()
    }
}

impl Lines {
    /// Reads from this position on.
    #[must_use]
    pub fn from(folder: &Path, position: Position) -> Self {
        Self { folder: folder.to_owned(), position, segment: None, line: Vec::new(), damaged: 0 }
    }

    /// Returns the position after the last line returned.
    #[must_use]
    pub const fn position(&self) -> Position {
        self.position
    }

    /// Returns how many damaged lines were passed over.
    #[must_use]
    pub const fn damaged(&self) -> u64 {
        self.damaged
    }

    /// Returns the next whole line without its end, and where it begins; `None` when there is none yet.
    ///
    /// # Errors
    /// When a segment cannot be read.
    pub fn next_line(&mut self) -> io::Result<Option<(Position, &[u8])>> {
        loop {
            if self.segment.is_none() && !self.open_segment()? {
                return Ok(None);
            }
            let Some(segment) = &mut self.segment else { return Ok(None) };
            self.line.clear();
            let length = segment.read_until(b'\n', &mut self.line)?;
            if self.line.last() != Some(&b'\n') {
                self.segment = None;
                if !self.leave_segment(length)? {
                    return Ok(None);
                }
                continue;
            }
            let start = self.position;
            self.position.offset += u64::try_from(length).unwrap_or(0);
            self.line.pop();
            if is_whole(&self.line) {
                return Ok(Some((start, &self.line)));
            }
            self.damaged += 1;
        }
    }

    fn open_segment(&mut self) -> io::Result<bool> {
        let all = match segments(&self.folder) {
            Ok(all) => all,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        let Some((number, path)) = all.into_iter().find(|(number, _)| *number >= self.position.segment) else {
            return Ok(false);
        };
        if number > self.position.segment {
            self.position = Position { segment: number, offset: 0 };
        }
        self.segment = Some(open_at(&path, self.position.offset)?);
        Ok(true)
    }

    /// At the end of a segment: goes on with the next one if there is one.
    fn leave_segment(&mut self, torn: usize) -> io::Result<bool> {
        let next = segments(&self.folder)?.into_iter().find(|(number, _)| *number > self.position.segment);
        let Some((number, _)) = next else { return Ok(false) };
        self.damaged += u64::from(torn > 0);
        self.position = Position { segment: number, offset: 0 };
        Ok(true)
    }
}

fn open_at(path: &Path, offset: u64) -> io::Result<Box<dyn BufRead + Send>> {
    let mut file = File::open(path)?;
    if is_packed(path) {
        let mut unpacked = BufReader::with_capacity(BUFFER_BYTES, zstd::Decoder::new(file)?);
        io::copy(&mut (&mut unpacked).take(offset), &mut io::sink())?;
        return Ok(Box::new(unpacked));
    }
    file.seek(SeekFrom::Start(offset))?;
    Ok(Box::new(BufReader::with_capacity(BUFFER_BYTES, file)))
}
