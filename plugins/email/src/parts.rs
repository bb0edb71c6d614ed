//! Finds the parts of a message that are cards or calendars, or, where the user wants that, its text (RFC 2046 §5.1). All others
//! are passed over, never kept.

use std::io::{self, Read, Seek};

use memchr::memmem::Finder;

use crate::content::{Content, Kind};
use crate::mbox::{Found, read_head};
use crate::window::Window;

/// How many parts of a message are looked at.
pub(crate) const PART_LIMIT: u32 = 1_000;

/// How deep parts are looked for within parts.
pub(crate) const DEPTH_LIMIT: usize = 20;

/// The longest card or calendar, as encoded.
pub(crate) const PART_LIMIT_BYTES: usize = 8 * 1024 * 1024;

/// How much of a line is looked at: a boundary has at most 70 characters (RFC 2046 §5.1.1).
const LINE_LIMIT_BYTES: usize = 1024;

/// What is found in a message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A card, a calendar or a text, decoded.
    Whole(Kind, Vec<u8>),
    /// One that is left out, for this reason.
    Refused(&'static str),
    /// Not all parts are looked at, for this reason.
    Beyond(&'static str),
}

/// Which parts are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// Cards and calendars.
    Files,
    /// What the message itself says.
    Text,
}

/// The parts of a message's body.
#[derive(Debug)]
pub(crate) struct Parts<'a, R> {
    window: &'a mut Window<R>,
    /// Where the body ends.
    end: u64,
    /// What stands between the parts that one is within, the innermost last.
    boundaries: Vec<Vec<u8>>,
    wanted: Wanted,
    /// What begins here: the body itself, or a part.
    next: Option<Content>,
    count: u32,
    head: Found,
    finder: Finder<'static>,
}

impl<'a, R: Read + Seek> Parts<'a, R> {
    /// Begins at the body of a message that ends at the offset `end`.
    pub(crate) fn of(window: &'a mut Window<R>, end: u64, content: Content) -> Self {
        let (boundaries, next, head) = (Vec::new(), Some(content), Found::default());
        let wanted = Wanted::Files;
        Self { window, end, boundaries, wanted, next, count: 0, head, finder: Finder::new(b"\n--") }
    }

    /// As [`Parts::of`], for the texts.
    pub(crate) fn of_text(window: &'a mut Window<R>, end: u64, content: Content) -> Self {
        Self { wanted: Wanted::Text, ..Self::of(window, end, content) }
    }

    /// Returns the next part that is wanted, or why there is none.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn next(&mut self) -> io::Result<Option<Part>> {
        while let Some(mut content) = self.next.take() {
            let mut body = Vec::new();
            let wanted = match &content.kind {
                Kind::Multipart(_) if self.boundaries.len() >= DEPTH_LIMIT => {
                    self.pass(None)?;
                    return Ok(Some(Part::Beyond("parts nested more than 20 deep")));
                }
                Kind::Multipart(boundary) => {
                    self.boundaries.push([b"--", boundary.as_slice()].concat());
                    None
                }
                Kind::Card | Kind::Calendar => (self.wanted == Wanted::Files).then_some(&mut body),
                Kind::Text(_) | Kind::Other => match content.markup().filter(|_| self.wanted == Wanted::Text) {
                    Some(markup) => {
                        content.kind = Kind::Text(markup);
                        Some(&mut body)
                    }
                    None => None,
                },
            };
            let is_wanted = wanted.is_some();
            self.pass(wanted)?;
            if self.count > PART_LIMIT {
                self.next = None;
                return Ok(Some(Part::Beyond("more than 1,000 parts")));
            }
            if is_wanted {
                return Ok(Some(whole(content, &body)));
            }
        }
        Ok(None)
    }

    /// Passes over the body of a part, up to the next part's, whose header is read. What is passed is kept in `kept`, and one
    /// byte more than [`PART_LIMIT_BYTES`] of what is longer.
    fn pass(&mut self, mut kept: Option<&mut Vec<u8>>) -> io::Result<()> {
        let mut at_line = true;
        loop {
            let left = usize::try_from(self.end.saturating_sub(self.window.mark().offset)).unwrap_or(usize::MAX);
            self.window.fill(LINE_LIMIT_BYTES.min(left))?;
            let bytes = self.window.bytes();
            let bytes = bytes.get(..left).unwrap_or(bytes);
            if bytes.is_empty() {
                return Ok(());
            }
            if at_line && bytes.starts_with(b"--") {
                let line = memchr::memchr(b'\n', bytes).map_or(bytes, |end| bytes.get(..=end).unwrap_or_default());
                let (length, delimiter) = (line.len().min(LINE_LIMIT_BYTES), self.delimiter(line));
                if let Some((depth, closes)) = delimiter {
                    self.window.advance(length);
                    if !closes {
                        self.boundaries.truncate(depth + 1);
                        return self.begin();
                    }
                    // What stands behind the last part belongs to none.
                    self.boundaries.truncate(depth);
                    kept = None;
                    continue;
                }
            }
            let length = match self.finder.find(bytes) {
                Some(at) => at + 1,
                // The mark may begin in the last two bytes.
                None if bytes.len() < left => bytes.len().saturating_sub(2).max(1),
                None => bytes.len(),
            };
            let passed = bytes.get(..length).unwrap_or(bytes);
            at_line = passed.ends_with(b"\n");
            if let Some(kept) = kept.as_deref_mut() {
                let room = (PART_LIMIT_BYTES + 1).saturating_sub(kept.len());
                kept.extend_from_slice(passed.get(..room).unwrap_or(passed));
            }
            self.window.advance(length);
        }
    }

    /// Returns the depth of the parts that a line stands between, and whether it is behind the last.
    fn delimiter(&self, line: &[u8]) -> Option<(usize, bool)> {
        let line = line.trim_ascii_end();
        self.boundaries.iter().enumerate().rev().find_map(|(depth, boundary)| {
            match line.strip_prefix(boundary.as_slice())? {
                b"" => Some((depth, false)),
                b"--" => Some((depth, true)),
                _ => None,
            }
        })
    }

    /// Reads the header of the part that begins here.
    fn begin(&mut self) -> io::Result<()> {
        self.count += 1;
        read_head(self.window, &mut self.head)?;
        self.next = Some(Content::of_head(&self.head.head));
        Ok(())
    }
}

fn whole(content: Content, body: &[u8]) -> Part {
    if body.len() > PART_LIMIT_BYTES {
        return Part::Refused("longer than 8 MiB");
    }
    match content.decode(body) {
        Some(bytes) => Part::Whole(content.kind, bytes),
        None => Part::Refused("it is encoded in a way that cannot be undone"),
    }
}
