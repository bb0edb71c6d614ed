//! Finds the messages of an mbox: where each begins, its headers, how long it is. Bodies are passed over, never kept.
//!
//! A message begins at a line `From …` that follows an empty line (or the beginning of the file) and precedes a header line
//! (RFC 4155, and what programs make of it). A body line that begins with "From " is the classic trap: mboxo and mboxrd
//! quote it as `>From `, which is no separator; mboxcl and mboxcl2 say in Content-Length how long the body is, which is
//! believed when the message indeed ends there.

use std::io::{self, Read, Seek};

use memchr::memmem::Finder;

use crate::head::{header_name, is_known_header};
use crate::window::{Mark, Window};

/// The largest header block that is read; what follows is passed over.
pub(crate) const HEAD_LIMIT_BYTES: usize = 1024 * 1024;

/// How much of a separator and the line after it is looked at.
const SEPARATOR_LIMIT_BYTES: usize = 4096;

/// After so many false ones, Content-Length is not believed in this file: each costs reading a body twice.
const FALSE_LENGTHS_LIMIT: u32 = 3;

/// A message as found, its room used again for the next one.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The line at which it begins, that of the separator.
    pub(crate) line: u64,
    /// The separator without its `From `, in an mbox.
    pub(crate) separator: Vec<u8>,
    /// The header block with its last newline.
    pub(crate) head: Vec<u8>,
    /// The header block is longer than [`HEAD_LIMIT_BYTES`].
    pub(crate) head_cut: bool,
    /// Header and body, in bytes, without the empty line before the next separator: as the message alone would have.
    pub(crate) size: u64,
    /// Where the body begins.
    pub(crate) body: Mark,
}

/// An mbox that is read.
#[derive(Debug)]
pub(crate) struct Mbox<R> {
    window: Window<R>,
    size: u64,
    finder: Finder<'static>,
    false_lengths: u32,
}

/// Whether the file begins as an mbox does.
pub(crate) fn is_mbox(head: &[u8]) -> bool {
    is_separator(skip_blank(head))
}

/// Returns the file from its first line that is not empty.
pub(crate) fn skip_blank(head: &[u8]) -> &[u8] {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    head.get(head.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count()..).unwrap_or_default()
}

impl<R: Read + Seek> Mbox<R> {
    pub(crate) fn new(mut window: Window<R>, size: u64) -> io::Result<Self> {
        window.fill(SEPARATOR_LIMIT_BYTES)?;
        let blank = window.bytes().len() - skip_blank(window.bytes()).len();
        window.advance(blank);
        Ok(Self { window, size, finder: Finder::new(b"\nFrom "), false_lengths: 0 })
    }

    /// Finds the next message. Returns whether there is one.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn next(&mut self, found: &mut Found) -> io::Result<bool> {
        self.window.fill(SEPARATOR_LIMIT_BYTES)?;
        if self.window.bytes().is_empty() {
            return Ok(false);
        }
        found.line = self.window.mark().line;
        let line = self.window.bytes();
        let end = memchr::memchr(b'\n', line).map_or(line.len(), |at| at + 1);
        found.separator.clear();
        found.separator.extend_from_slice(line.get(..end).unwrap_or_default().get(5..).unwrap_or_default());
        self.window.advance(end);
        let begin = self.window.mark().offset;
        read_head(&mut self.window, found)?;
        found.body = self.window.mark();
        let end = self.skip_body(content_length(&found.head))?;
        found.size = end - begin;
        Ok(true)
    }

    /// Calls `look` with the body of the message that was found last, and with where it ends.
    ///
    /// # Errors
    /// Those of `look`, and when the file cannot be read.
    pub(crate) fn look_into<E: From<io::Error>>(
        &mut self,
        found: &Found,
        look: impl FnOnce(&mut Window<R>, u64) -> Result<(), E>,
    ) -> Result<(), E> {
        let end = self.window.mark();
        self.window.go_to(found.body)?;
        look(&mut self.window, end.offset)?;
        Ok(self.window.go_to(end)?)
    }

    /// Goes to the next separator, or to the end of the file. Returns where the message ends.
    fn skip_body(&mut self, length: Option<u64>) -> io::Result<u64> {
        let begin = self.window.mark();
        let left = self.size.saturating_sub(begin.offset);
        if let Some(length) = length.filter(|length| *length <= left && self.false_lengths < FALSE_LENGTHS_LIMIT) {
            self.window.advance_to(begin.offset + length)?;
            if self.ends_here()? {
                return Ok(begin.offset + length);
            }
            self.false_lengths += 1;
            self.window.go_to(begin)?;
        }
        self.find_separator()
    }

    /// Passes over the empty lines between messages. Returns whether a message ends here.
    fn ends_here(&mut self) -> io::Result<bool> {
        self.window.fill(SEPARATOR_LIMIT_BYTES)?;
        let rest = self.window.bytes();
        let next = skip_blank(rest);
        let between = rest.len() - next.len();
        let ends = between <= 4 && (next.is_empty() || is_separator(next));
        if ends {
            self.window.advance(between);
        }
        Ok(ends)
    }

    /// Goes to the next separator, or to the end of the file. Returns where the message before it ends.
    fn find_separator(&mut self) -> io::Result<u64> {
        self.window.fill(SEPARATOR_LIMIT_BYTES)?;
        // The empty line that ends the header block is one before a separator too.
        if is_separator(self.window.bytes()) {
            return Ok(self.window.mark().offset);
        }
        let mut from = 0;
        loop {
            let bytes = self.window.bytes();
            let Some(mut at) = self.finder.find(bytes.get(from..).unwrap_or_default()).map(|at| at + from) else {
                // "\nFrom " may begin in the last five bytes, behind an empty line of two.
                let passed = bytes.len().saturating_sub(8);
                self.window.advance(passed);
                from = if passed > 0 { 3 } else { from };
                let have = self.window.bytes().len();
                if !self.window.more(have)? {
                    let empty = last_empty_line(self.window.bytes());
                    self.window.advance(have);
                    return Ok(self.window.mark().offset - empty);
                }
                continue;
            };
            if is_after_empty_line(bytes, at) {
                if bytes.len() - at <= SEPARATOR_LIMIT_BYTES {
                    // What is looked at moves to the front, so that the window need not grow.
                    let passed = at.saturating_sub(2);
                    self.window.advance(passed);
                    at -= passed;
                    self.window.fill(at + 1 + SEPARATOR_LIMIT_BYTES)?;
                }
                if is_separator(self.window.bytes().get(at + 1..).unwrap_or_default()) {
                    let empty = last_empty_line(self.window.bytes().get(..=at).unwrap_or_default());
                    self.window.advance(at + 1);
                    return Ok(self.window.mark().offset - empty);
                }
            }
            from = at + 1;
        }
    }
}

/// Reads the header block, up to and with the empty line behind it, which is not kept.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn read_head<R: Read + Seek>(window: &mut Window<R>, found: &mut Found) -> io::Result<()> {
    found.head.clear();
    found.head_cut = false;
    loop {
        let bytes = window.bytes();
        let Some(end) = memchr::memchr(b'\n', bytes) else {
            // An endless line is no header: what is here belongs to it, and is kept as far as there is room.
            let have = bytes.len();
            if have <= HEAD_LIMIT_BYTES && window.more(have)? {
                continue;
            }
            if have == 0 {
                if !found.head.ends_with(b"\n") {
                    found.head.push(b'\n');
                }
                return Ok(());
            }
            keep(found, window.bytes());
            window.advance(have);
            continue;
        };
        let line = bytes.get(..=end).unwrap_or_default();
        let blank = matches!(line, b"\n" | b"\r\n");
        if !blank {
            keep(found, line);
        }
        window.advance(end + 1);
        if blank {
            return Ok(());
        }
    }
}

fn keep(found: &mut Found, line: &[u8]) {
    if found.head.len() + line.len() <= HEAD_LIMIT_BYTES {
        found.head.extend_from_slice(line);
    } else {
        found.head_cut = true;
    }
}

/// Whether the newline at `at` ends an empty line, or begins a body.
fn is_after_empty_line(bytes: &[u8], at: usize) -> bool {
    match bytes.get(..at) {
        Some([] | b"\r") | None => true,
        Some(before) => {
            let before = before.strip_suffix(b"\r").unwrap_or(before);
            before.last() == Some(&b'\n')
        }
    }
}

/// Returns how long the empty line is with which these bytes of a body end; 0 when they end with another.
fn last_empty_line(bytes: &[u8]) -> u64 {
    let Some(line) = bytes.strip_suffix(b"\n") else { return 0 };
    let before = line.strip_suffix(b"\r").unwrap_or(line);
    let is_empty = before.is_empty() || before.ends_with(b"\n");
    if is_empty { (bytes.len() - before.len()) as u64 } else { 0 }
}

/// Whether the bytes begin with a separator and a header line.
///
/// A separator with a date is believed before any header line. One without, as some programs write, only before a header
/// that mail has, and when it is no prose: a sender at most.
fn is_separator(bytes: &[u8]) -> bool {
    let Some(rest) = bytes.strip_prefix(b"From ") else { return false };
    let Some(end) = memchr::memchr(b'\n', rest) else { return false };
    let (separator, mut next) = (rest.get(..end).unwrap_or_default(), rest.get(end + 1..).unwrap_or_default());
    // Old programs left a quoted separator as the first header line.
    while next.starts_with(b">From ") {
        let Some(end) = memchr::memchr(b'\n', next) else { return false };
        next = next.get(end + 1..).unwrap_or_default();
    }
    let Some(name) = header_name(next) else { return false };
    let (time, year, words) = look(separator);
    time && year || (time || words <= 1) && is_known_header(name)
}

/// Returns whether there is a time of day in it, `14:31`, whether there is a year, and how many words it has.
fn look(separator: &[u8]) -> (bool, bool, usize) {
    let digits = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
    let words = || separator.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let time = words().any(|word| matches!(word, [a, b, b':', c, d, ..] if digits(&[*a, *b, *c, *d])));
    (time, words().any(|word| word.len() == 4 && digits(word)), words().count())
}

/// Returns the Content-Length of a header block.
fn content_length(head: &[u8]) -> Option<u64> {
    const NAME: &[u8] = b"content-length:";
    let mut rest = head;
    while let Some(end) = memchr::memchr(b'\n', rest) {
        if rest.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME)) {
            return core::str::from_utf8(rest.get(NAME.len()..end)?).ok()?.trim().parse().ok();
        }
        rest = rest.get(end + 1..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// Lists the line, size and first header of each message.
    fn messages(text: &str) -> Vec<(u64, u64, String)> {
        let size = text.len() as u64;
        let mut mbox = Mbox::new(Window::new(Cursor::new(text), size), size).unwrap();
        let mut found = Found::default();
        let mut seen = Vec::new();
        while mbox.next(&mut found).unwrap() {
            let head = String::from_utf8(found.head.clone()).unwrap();
            seen.push((found.line, found.size, head.lines().next().unwrap_or_default().to_owned()));
        }
        seen
    }

    #[track_caller]
    fn check(text: &str, expected: &[(u64, &str)]) {
        let seen = messages(text);
        let seen: Vec<_> = seen.iter().map(|(line, _, head)| (*line, head.as_str())).collect();
        assert_eq!(seen, expected);
        let windows = text.replace('\n', "\r\n");
        assert_eq!(messages(&windows).len(), expected.len());
    }

    const DATE: &str = "Mon Apr  7 14:31:02 2025";

    #[test]
    fn finds_messages_after_an_empty_line_only() {
        check(
            &format!(
                "From a@b {DATE}\nSubject: 1\n\nHello\nFrom a@b {DATE}\nSubject: no\n\nFrom a@b {DATE}\nSubject: 2\n\n\nFrom - {DATE}\nX: 3\n\n"
            ),
            &[(1, "Subject: 1"), (8, "Subject: 2"), (12, "X: 3")],
        );
    }

    #[test]
    fn a_body_line_that_begins_with_from_is_no_separator() {
        check(
            &format!(
                "From a@b {DATE}\nSubject: 1\n\nHi\n\nFrom here on: it rains\nNote: it does\n\nFrom now on\nSubject: no\n\n>From a@b {DATE}\nX: y\n"
            ),
            &[(1, "Subject: 1")],
        );
    }

    #[test]
    fn takes_a_separator_without_sender_or_date_before_a_header_of_mail() {
        check("From \nSubject: 1\n\nx\n\nFrom -\nReceived: 2\n\ny\n", &[(1, "Subject: 1"), (6, "Received: 2")]);
    }

    #[test]
    fn believes_a_content_length_that_fits_and_no_other() {
        let body = format!("x\n\nFrom a@b {DATE}\nSubject: quoted\n\ny\n");
        let cl = |length: usize| {
            format!("From a@b {DATE}\nContent-Length: {length}\n\n{body}\nFrom a@b {DATE}\nSubject: 2\n\n")
        };
        assert_eq!(messages(&cl(body.len())).len(), 2);
        assert_eq!(messages(&cl(body.len() - 2)).len(), 3);
        assert_eq!(messages(&cl(999_999)).len(), 3);
    }

    #[test]
    fn a_message_of_headers_only_ends_at_the_next() {
        check(
            &format!("From a@b {DATE}\nSubject: 1\n\nFrom a@b {DATE}\nSubject: 2\n"),
            &[(1, "Subject: 1"), (4, "Subject: 2")],
        );
    }

    #[test]
    fn a_message_is_as_large_as_it_is_alone_without_the_empty_line_behind_it() {
        let alone = ["Subject: 1\n\nHello\n", "Subject: 2\n\n", "Subject: 3\n\nx\n\n", "Subject: 4\n\nBye\n"];
        for newline in ["\n", "\r\n"] {
            let alone = alone.map(|message| message.replace('\n', newline));
            let mbox = alone.iter().map(|message| format!("From a@b {DATE}{newline}{message}{newline}"));
            let sizes: Vec<u64> = messages(&mbox.collect::<String>()).iter().map(|(_, size, _)| *size).collect();
            assert_eq!(sizes, alone.map(|message| message.len() as u64), "{newline:?}");
        }
        // The last message of a file that ends without an empty line.
        assert_eq!(messages(&format!("From a@b {DATE}\n{}", alone[0]))[0].1, alone[0].len() as u64);
        let long = format!("Subject: 5\n\n{}\n", "x".repeat(100_000));
        let told = messages(&format!("From a@b {DATE}\n{long}\nFrom a@b {DATE}\nContent-Length: 2\n\nx\n\n"));
        assert_eq!((told[0].1, told[1].1), (long.len() as u64, 21));
    }

    #[test]
    fn finds_every_separator_wherever_the_reads_end() {
        let mut text = String::new();
        let mut expected = Vec::new();
        for n in 0..400 {
            expected.push((text.matches('\n').count() as u64 + 1, format!("Subject: {n}")));
            text += &format!("From a@b {DATE}\nSubject: {n}\n\n{}\n\n", "x".repeat(n * 7 % 5000));
        }
        let seen: Vec<_> = messages(&text).into_iter().map(|(line, _, head)| (line, head)).collect();
        assert_eq!(seen, expected);
    }
}
