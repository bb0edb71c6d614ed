//! Reads the lines of a vCard file: counts them, takes UTF-16 for UTF-8, and keeps none that is endless.
//!
//! What a line means is decided in `split`.

use std::io::{self, BufRead};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_16BE, UTF_16LE};

/// The longest physical line; the rest of a longer one is skipped.
pub(crate) const LINE_LIMIT_BYTES: usize = 16 * 1024 * 1024;

const UTF_8_BOM: &[u8] = b"\xEF\xBB\xBF";

/// The lines of a source, as bytes of UTF-8 or of an older encoding that shares ASCII with it.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    source: Source<R>,
    /// What ends a line: LF, or CR in a file that has no LF.
    end: u8,
    number: u64,
}

/// What was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LineRead {
    /// Its number, from 1.
    pub(crate) number: u64,
    /// It was longer than [`LINE_LIMIT_BYTES`] and is cut.
    pub(crate) cut: bool,
}

impl<R: BufRead> Lines<R> {
    /// Looks at the beginning of `reader` to see how it is encoded and how its lines end.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn new(mut reader: R) -> io::Result<Self> {
        let wide = wide_encoding(reader.fill_buf()?);
        let mut source = match wide {
            Some(encoding) => Source::Wide(Box::new(Wide::new(reader, encoding))),
            None => Source::Plain(reader),
        };
        let head = source.fill_buf()?;
        let end =
            if memchr::memchr(b'\n', head).is_none() && memchr::memchr(b'\r', head).is_some() { b'\r' } else { b'\n' };
        Ok(Self { source, end, number: 0 })
    }

    /// Reads the next line into `line`, without its end and without a byte order mark; `None` at the end of the file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn next(&mut self, line: &mut Vec<u8>) -> io::Result<Option<LineRead>> {
        line.clear();
        let mut cut = false;
        let mut any = false;
        loop {
            let buffer = self.source.fill_buf()?;
            if buffer.is_empty() {
                break;
            }
            any = true;
            let found = memchr::memchr(self.end, buffer);
            let text = found.and_then(|at| buffer.get(..at)).unwrap_or(buffer);
            let room = LINE_LIMIT_BYTES - line.len();
            cut |= text.len() > room;
            line.extend_from_slice(text.get(..room).unwrap_or(text));
            let used = text.len() + usize::from(found.is_some());
            self.source.consume(used);
            if found.is_some() {
                break;
            }
        }
        if !any {
            return Ok(None);
        }
        self.number += 1;
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        if line.starts_with(UTF_8_BOM) {
            line.drain(..UTF_8_BOM.len());
        }
        Ok(Some(LineRead { number: self.number, cut }))
    }
}

/// Returns the encoding of a text in UTF-16: by its byte order mark, or by the zeros around its first ASCII letter.
pub(crate) fn wide_encoding(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [0xFF, 0xFE, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] => Some(UTF_16BE),
        [first, 0, second, 0, ..] if first.is_ascii_alphabetic() && second.is_ascii_alphabetic() => Some(UTF_16LE),
        [0, first, 0, second, ..] if first.is_ascii_alphabetic() && second.is_ascii_alphabetic() => Some(UTF_16BE),
        _ => None,
    }
}

#[derive(Debug)]
enum Source<R> {
    Plain(R),
    Wide(Box<Wide<R>>),
}

impl<R: BufRead> Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::Plain(reader) => reader.fill_buf(),
            Self::Wide(wide) => wide.fill_buf(),
        }
    }

    fn consume(&mut self, amount: usize) {
        match self {
            Self::Plain(reader) => reader.consume(amount),
            Self::Wide(wide) => wide.at += amount,
        }
    }
}

/// Turns UTF-16 into UTF-8 while it is read.
struct Wide<R> {
    reader: R,
    decoder: Decoder,
    decoded: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: BufRead> Wide<R> {
    fn new(reader: R, encoding: &'static Encoding) -> Self {
        Self { reader, decoder: encoding.new_decoder_with_bom_removal(), decoded: Vec::new(), at: 0, ended: false }
    }

    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at >= self.decoded.len() && !self.ended {
            self.at = 0;
            self.decoded.resize(64 * 1024, 0);
            let raw = self.reader.fill_buf()?;
            let last = raw.is_empty();
            let (result, read, written, _) = self.decoder.decode_to_utf8(raw, &mut self.decoded, last);
            self.reader.consume(read);
            self.decoded.truncate(written);
            self.ended = last && result == CoderResult::InputEmpty;
        }
        Ok(self.decoded.get(self.at..).unwrap_or_default())
    }
}

impl<R> core::fmt::Debug for Wide<R> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Wide").field("at", &self.at).field("ended", &self.ended).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: &[&str]) {
        // A tiny buffer makes lines and characters span reads.
        let mut lines = Lines::new(io::BufReader::with_capacity(7, bytes)).unwrap();
        let mut line = Vec::new();
        let mut seen = Vec::new();
        while let Some(read) = lines.next(&mut line).unwrap() {
            seen.push(String::from_utf8(line.clone()).unwrap());
            assert_eq!(read.number, seen.len() as u64);
        }
        assert_eq!(seen, expected);
    }

    #[test]
    fn reads_every_kind_of_line_end() {
        check(b"a\r\nb\n\nc", &["a", "b", "", "c"]);
        check(b"a\rb\rc\r", &["a", "b", "c"]);
        check(b"", &[]);
    }

    #[test]
    fn takes_utf_16_for_utf_8_with_and_without_a_mark() {
        let text = "BEGIN:VCARD\nFN:Zoë 🦊\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        check(&little, &["BEGIN:VCARD", "FN:Zoë 🦊"]);
        check(&big, &["BEGIN:VCARD", "FN:Zoë 🦊"]);
        check(b"\xEF\xBB\xBFBEGIN:VCARD\n", &["BEGIN:VCARD"]);
    }
}
