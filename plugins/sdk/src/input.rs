//! What is imported: a bundle of entries, read through buffers.

use core::fmt;
use std::io::{self, BufRead, Read, Seek, SeekFrom};

use crate::host::Host;

/// How much a [`Reader`] asks for at once.
const READ_AHEAD_BYTES: usize = 128 * 1024;

/// A bundle: one file, or many that belong together.
pub struct Input<'a> {
    host: &'a dyn Host,
    entries: Vec<Entry>,
}

/// One file of the bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name relative to what is imported, parted by `/`.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
}

impl<'a> Input<'a> {
    pub(crate) fn new(host: &'a dyn Host, entries: Vec<Entry>) -> Self {
        Self { host, entries }
    }

    /// Returns the entries, in order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Returns the name of an entry, as diagnostics show it; empty when there is no such entry.
    #[must_use]
    pub fn path_of(&self, entry: usize) -> &str {
        self.entries.get(entry).map_or("", |entry| &entry.name)
    }

    /// Opens an entry at its beginning. One that does not exist opens too and then cannot be read.
    #[must_use]
    pub fn open(&self, entry: usize) -> Reader<'a> {
        let size = self.entries.get(entry).map_or(0, |entry| entry.size);
        Reader { host: self.host, entry, size, offset: 0, buffer: Vec::new(), at: 0 }
    }
}

impl fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").field("entries", &self.entries).finish_non_exhaustive()
    }
}

/// Reads an entry through a buffer of 128 KiB; there is no need for another one around it.
pub struct Reader<'a> {
    host: &'a dyn Host,
    entry: usize,
    size: u64,
    /// Where the buffer ends in the entry.
    offset: u64,
    buffer: Vec<u8>,
    /// How much of the buffer was consumed.
    at: usize,
}

impl Reader<'_> {
    /// Returns where the next byte stands in the entry.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.offset - self.buffered().len() as u64
    }

    fn buffered(&self) -> &[u8] {
        self.buffer.get(self.at..).unwrap_or_default()
    }

    fn fill(&mut self) -> io::Result<()> {
        // A small mail does not need the whole buffer; one byte more sees that a file has grown.
        let rest = usize::try_from(self.size.saturating_sub(self.offset)).unwrap_or(usize::MAX);
        let ask = rest.saturating_add(1).clamp(512, READ_AHEAD_BYTES);
        self.at = 0;
        self.buffer.resize(ask, 0);
        let read = self.host.pread(self.entry, self.offset, &mut self.buffer);
        self.buffer.truncate(*read.as_ref().unwrap_or(&0));
        self.offset += read? as u64;
        Ok(())
    }
}

impl Read for Reader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.buffered().is_empty() && out.len() >= READ_AHEAD_BYTES {
            let read = self.host.pread(self.entry, self.offset, out)?;
            self.offset += read as u64;
            return Ok(read);
        }
        let mut available = self.fill_buf()?;
        let read = available.read(out)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Reader<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.buffered().is_empty() {
            self.fill()?;
        }
        Ok(self.buffered())
    }

    fn consume(&mut self, amount: usize) {
        self.at = (self.at + amount).min(self.buffer.len());
    }
}

impl Seek for Reader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.position().checked_add_signed(by),
        };
        let target = target
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "seek before the beginning of the file"))?;
        let start = self.offset - self.buffer.len() as u64;
        match target.checked_sub(start).and_then(|at| usize::try_from(at).ok()) {
            Some(at) if at <= self.buffer.len() => self.at = at,
            Some(_) | None => {
                self.buffer.clear();
                self.at = 0;
                self.offset = target;
            }
        }
        Ok(target)
    }

    fn stream_position(&mut self) -> io::Result<u64> {
        Ok(self.position())
    }
}

impl fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("entry", &self.entry).field("position", &self.position()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Bench;

    #[track_caller]
    fn with_reader(bytes: &[u8], check: impl FnOnce(&mut Reader<'_>)) {
        let bench = Bench::new(&[("a", bytes)]);
        let input = Input::new(&bench, vec![Entry { name: "a".to_owned(), size: bytes.len() as u64 }]);
        check(&mut input.open(0));
    }

    #[test]
    fn reads_all_bytes_of_a_file_larger_than_the_buffer() {
        let bytes: Vec<u8> = (0..READ_AHEAD_BYTES * 2 + 77).map(|n| n.to_le_bytes()[0]).collect();
        with_reader(&bytes, |reader| {
            let mut seen = vec![0; 100];
            reader.read_exact(&mut seen).unwrap();
            reader.read_to_end(&mut seen).unwrap();
            assert!(seen == bytes);
        });
    }

    #[test]
    fn seeks_within_and_beyond_the_buffer() {
        let bytes: Vec<u8> = (0..READ_AHEAD_BYTES * 3).map(|n| n.to_le_bytes()[0]).collect();
        with_reader(&bytes, |reader| {
            for target in [5, 3, READ_AHEAD_BYTES * 2 + 9, 4, bytes.len() - 1, 0] {
                assert_eq!(reader.seek(SeekFrom::Start(target as u64)).unwrap(), target as u64);
                let mut byte = [0];
                reader.read_exact(&mut byte).unwrap();
                assert_eq!(byte[0], bytes[target]);
                assert_eq!(reader.stream_position().unwrap(), target as u64 + 1);
            }
            assert_eq!(reader.seek(SeekFrom::End(-2)).unwrap(), bytes.len() as u64 - 2);
            assert!(reader.seek(SeekFrom::Current(-10_000_000)).is_err());
        });
    }

    #[test]
    fn an_entry_that_does_not_exist_cannot_be_read() {
        let bench = Bench::new(&[]);
        assert!(Input::new(&bench, vec![]).open(7).fill_buf().is_err());
    }
}
