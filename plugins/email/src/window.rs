//! A stretch of a file that slides forward over it, knows where it stands, and counts the lines it leaves behind.

use std::io::{self, Read, Seek, SeekFrom};

/// How much is read at once: at least what the SDK's reader passes through without its own buffer.
const STEP_BYTES: usize = 256 * 1024;

/// Bytes of a file from where one stands, as far as they are read.
#[derive(Debug)]
pub(crate) struct Window<R> {
    reader: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    mark: Mark,
}

/// A place in a file to which a window can go back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    /// From 0.
    pub(crate) offset: u64,
    /// From 1.
    pub(crate) line: u64,
}

impl<R: Read + Seek> Window<R> {
    /// Stands at the beginning; `size` is what the file is said to measure.
    pub(crate) fn new(reader: R, size: u64) -> Self {
        // A small file, a mail of a Maildir, does not need the whole step. One byte more sees its end.
        let step = usize::try_from(size).unwrap_or(STEP_BYTES).saturating_add(1).clamp(4096, STEP_BYTES);
        let mark = Mark { offset: 0, line: 1 };
        Self { reader, buffer: vec![0; step], start: 0, end: 0, ended: false, mark }
    }

    /// Returns where it stands.
    pub(crate) fn mark(&self) -> Mark {
        self.mark
    }

    /// Returns what is read from here on; more after [`Self::fill`].
    pub(crate) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Reads until at least `bytes` are there, or the file ends. Returns whether they are there.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn fill(&mut self, bytes: usize) -> io::Result<bool> {
        while self.end - self.start < bytes && !self.ended {
            if self.start > 0 {
                self.buffer.copy_within(self.start..self.end, 0);
                self.end -= self.start;
                self.start = 0;
            }
            if self.buffer.len() < bytes {
                self.buffer.resize(bytes.saturating_mul(2), 0);
            }
            let read = self.reader.read(self.buffer.get_mut(self.end..).unwrap_or_default())?;
            self.end += read;
            self.ended = read == 0;
        }
        Ok(self.end - self.start >= bytes)
    }

    /// Reads on, so that there is more than `have` bytes. Returns whether there is.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn more(&mut self, have: usize) -> io::Result<bool> {
        self.fill(have + 1)
    }

    /// Goes forward within what is read.
    pub(crate) fn advance(&mut self, bytes: usize) {
        let passed = self.bytes().get(..bytes).unwrap_or(self.bytes());
        let (lines, length) = (memchr::memchr_iter(b'\n', passed).count() as u64, passed.len());
        self.mark.line += lines;
        self.mark.offset += length as u64;
        self.start += length;
    }

    /// Goes forward to an offset, or to the end of the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn advance_to(&mut self, offset: u64) -> io::Result<()> {
        while self.mark.offset < offset && self.fill(1)? {
            let left = usize::try_from(offset - self.mark.offset).unwrap_or(usize::MAX);
            self.advance(left.min(self.bytes().len()));
        }
        Ok(())
    }

    /// Goes to a place where it stood before.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn go_to(&mut self, mark: Mark) -> io::Result<()> {
        let first = self.mark.offset - self.start as u64;
        if let Some(start) = mark.offset.checked_sub(first).and_then(|start| usize::try_from(start).ok())
            && start <= self.end
        {
            (self.start, self.mark) = (start, mark);
            return Ok(());
        }
        self.reader.seek(SeekFrom::Start(mark.offset))?;
        (self.start, self.end, self.ended, self.mark) = (0, 0, false, mark);
        Ok(())
    }
}
