//! The blocks of an LDIF file (RFC 2849): the lines between empty ones, unfolded and without comments.
//!
//! What the lines say is `ldif`. A block beyond measure is passed over in little memory, and the next one read.

use std::io::{self, BufRead as _, Read as _};

use kith_plugin::{Input, Reader};

/// How large an entry may be, photos too.
pub(super) const ENTRY_LIMIT_BYTES: usize = 12 * 1024 * 1024;

/// A line, unfolded, and the number of its first one.
pub(super) type Line = (u64, Vec<u8>);

/// The lines up to an empty one.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// The number of its first line.
    pub(super) line: u64,
    pub(super) lines: Vec<Line>,
    /// Continuations with nothing before them.
    pub(super) strays: Vec<Line>,
    pub(super) extent: Extent,
    bytes: usize,
}

/// How much of a block there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Extent {
    #[default]
    Whole,
    /// The file ends within its last line.
    Cut,
    /// More than an entry may be; its lines are gone.
    TooLarge,
}

/// Reads a file block by block.
pub(super) struct Blocks<'i> {
    reader: Reader<'i>,
    line: u64,
    /// The line within which the file ends.
    pub(super) cut_at: Option<u64>,
}

/// How a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Break,
    /// With the file. Every line has a break (RFC 2849, `SEP`), so that this one may go on.
    File,
}

impl<'i> Blocks<'i> {
    pub(super) fn new(input: &Input<'i>, index: usize) -> Self {
        Self { reader: input.open(index), line: 0, cut_at: None }
    }

    /// Reads the lines up to the next empty one; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Block>> {
        let (mut block, mut is_comment) = (Block::default(), false);
        while let Some((text, ending)) = self.next_line()? {
            match text.split_first() {
                None if block.line == 0 => continue,
                None => return Ok(Some(block)),
                Some((b'#', _)) => is_comment = true,
                Some((b' ', _)) if is_comment => {}
                Some((b' ', rest)) => block.unfold(self.line, rest),
                Some(_) => {
                    is_comment = false;
                    block.push(self.line, text);
                }
            }
            if ending == Ending::File && !is_comment {
                self.cut_at = Some(self.line);
                block.cut();
            }
        }
        Ok((block.line != 0).then_some(block))
    }

    /// Reads a line without its break, no more of it than an entry may have.
    fn next_line(&mut self) -> io::Result<Option<(Vec<u8>, Ending)>> {
        let mut text = Vec::new();
        let limit = ENTRY_LIMIT_BYTES as u64 + 1;
        if self.reader.by_ref().take(limit).read_until(b'\n', &mut text)? == 0 {
            return Ok(None);
        }
        self.line += 1;
        let has_break = text.ends_with(b"\n") || (text.len() > ENTRY_LIMIT_BYTES && self.skip_line()?);
        // The file may end between the two characters of a break.
        let ending = if has_break || text.ends_with(b"\r") { Ending::Break } else { Ending::File };
        while text.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            text.pop();
        }
        Ok(Some((text, ending)))
    }

    /// Passes over the rest of a line. Returns whether it has a break.
    fn skip_line(&mut self) -> io::Result<bool> {
        loop {
            let ahead = self.reader.fill_buf()?;
            let (length, end) = (ahead.len(), ahead.iter().position(|byte| *byte == b'\n'));
            self.reader.consume(end.map_or(length, |end| end + 1));
            if end.is_some() || length == 0 {
                return Ok(end.is_some());
            }
        }
    }
}

impl Block {
    fn push(&mut self, line: u64, text: Vec<u8>) {
        if self.line == 0 {
            self.line = line;
        }
        if self.measure(text.len()) {
            self.lines.push((line, text));
        }
    }

    fn unfold(&mut self, line: u64, rest: &[u8]) {
        if !self.measure(rest.len()) {
            return;
        }
        match self.lines.last_mut() {
            Some((_, text)) => text.extend_from_slice(rest),
            None => {
                self.line = if self.line == 0 { line } else { self.line };
                self.strays.push((line, rest.to_vec()));
            }
        }
    }

    /// Counts bytes. Returns whether there is room for them.
    fn measure(&mut self, bytes: usize) -> bool {
        self.bytes = self.bytes.saturating_add(bytes + 1);
        if self.bytes > ENTRY_LIMIT_BYTES {
            self.extent = Extent::TooLarge;
            self.lines = Vec::new();
        }
        self.extent != Extent::TooLarge
    }

    fn cut(&mut self) {
        if self.extent == Extent::Whole {
            self.extent = Extent::Cut;
        }
    }
}
