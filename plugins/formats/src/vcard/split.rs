//! Splits a file into cards and their content lines, before anything is decoded.
//!
//! The line is the only thing that all versions share. Here lines are unfolded (RFC 6350 §3.2, and the soft line breaks of
//! vCard 2.1), the end of each card is found, and each content line remembers the line of the file at which it stands.
//! What a content line says is read in `property`.
//!
//! ```text
//!  bytes ─lines─▶ BEGIN … END ─unfold─▶ RawCard { "N:Silva;Ana" at 3, "NOTE:long …" at 4 }
//! ```

use std::io::{self, BufRead};

use crate::vcard::lines::{LineRead, Lines};

/// The largest card. A larger one is skipped up to its end.
pub(crate) const CARD_LIMIT_BYTES: usize = 16 * 1024 * 1024;

/// How many lines a card may have.
const LINES_LIMIT: usize = 1_000_000;

/// A card's content lines, unfolded and not yet decoded. Its room is used again for the next one.
#[derive(Debug, Default)]
pub(crate) struct RawCard {
    /// The line of BEGIN.
    pub(crate) line: u64,
    /// The content lines, each closed by a newline.
    pub(crate) bytes: Vec<u8>,
    /// Where each content line stands in the file, and where it ends in `bytes`, before its newline.
    pub(crate) spans: Vec<Span>,
}

/// Where a content line stands in the file, and where it ends in the card's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) line: u64,
    pub(crate) end: usize,
}

/// What was found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A card with its END.
    Card,
    /// A card that is followed by the next BEGIN, its END missing.
    CardWithoutEnd,
    /// The file ends within a card.
    CutCard,
    /// A card larger than [`CARD_LIMIT_BYTES`].
    LargeCard,
    /// Lines that belong to no card: the line and text of the first.
    Junk { line: u64, text: Vec<u8> },
}

/// Finds the cards of a file, one after the other.
#[derive(Debug)]
pub(crate) struct Splitter<R> {
    lines: Lines<R>,
    line: Vec<u8>,
    /// A BEGIN that was read already, because it ended what stood before it.
    begun: Option<u64>,
}

/// How the content line at hand goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// By folding only.
    Plain,
    /// Its header has no colon so far.
    Header,
    /// Quoted-printable: a final `=` joins the next line, indented or not.
    Quoted,
    /// Base64: lines of nothing but its alphabet belong to it, indented or not.
    Base64,
    /// An AGENT without a value: a whole card may follow (vCard 2.1).
    Agent,
}

/// The card that is being read.
#[derive(Debug)]
struct Open<'a> {
    card: &'a mut RawCard,
    shape: Shape,
    /// How many cards of AGENTs are open within it.
    nested: usize,
    large: bool,
}

impl<R: BufRead> Splitter<R> {
    pub(crate) fn new(reader: R) -> io::Result<Self> {
        Ok(Self { lines: Lines::new(reader)?, line: Vec::new(), begun: None })
    }

    /// Finds the next card, or lines between cards; `None` at the end of the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn next(&mut self, card: &mut RawCard) -> io::Result<Option<Found>> {
        let begun = match self.begun.take() {
            Some(line) => Some(line),
            None => match self.skip_to_begin()? {
                Skipped::Junk { line, text } => return Ok(Some(Found::Junk { line, text })),
                Skipped::Begin(line) => Some(line),
                Skipped::End => None,
            },
        };
        let Some(line) = begun else { return Ok(None) };
        card.line = line;
        card.bytes.clear();
        card.spans.clear();
        let mut open = Open { card, shape: Shape::Plain, nested: 0, large: false };
        while let Some(read) = self.lines.next(&mut self.line)? {
            open.large |= read.cut;
            if is_mark(&self.line, b"END") {
                if open.nested == 0 {
                    return Ok(Some(if open.large { Found::LargeCard } else { Found::Card }));
                }
                open.append_nested(&self.line);
                open.nested -= 1;
            } else if is_mark(&self.line, b"BEGIN") {
                if open.nested == 0 && open.shape != Shape::Agent {
                    self.begun = Some(read.number);
                    return Ok(Some(if open.large { Found::LargeCard } else { Found::CardWithoutEnd }));
                }
                open.nested += 1;
                open.append_nested(&self.line);
            } else {
                open.take(&self.line, read);
            }
        }
        Ok(Some(Found::CutCard))
    }

    fn skip_to_begin(&mut self) -> io::Result<Skipped> {
        let mut junk = None;
        while let Some(read) = self.lines.next(&mut self.line)? {
            if is_mark(&self.line, b"BEGIN") {
                let Some((line, text)) = junk else { return Ok(Skipped::Begin(read.number)) };
                self.begun = Some(read.number);
                return Ok(Skipped::Junk { line, text });
            }
            if junk.is_none() && !self.line.trim_ascii().is_empty() {
                junk = Some((read.number, self.line.trim_ascii().iter().copied().take(400).collect::<Vec<u8>>()));
            }
        }
        Ok(junk.map_or(Skipped::End, |(line, text)| Skipped::Junk { line, text }))
    }
}

enum Skipped {
    Begin(u64),
    Junk { line: u64, text: Vec<u8> },
    End,
}

impl Open<'_> {
    fn take(&mut self, line: &[u8], read: LineRead) {
        if self.nested > 0 {
            return self.append_nested(line);
        }
        let soft_break = self.shape == Shape::Quoted && self.card.bytes.ends_with(b"=\n");
        if soft_break {
            self.reopen(b"=\n".len());
            return self.close(line);
        }
        match line {
            [b' ' | b'\t', rest @ ..] if !self.card.spans.is_empty() => {
                self.reopen(1);
                self.close(rest);
            }
            _ if self.shape == Shape::Base64 && is_base64(line) => {
                self.reopen(1);
                self.close(line);
            }
            _ if line.trim_ascii().is_empty() => {
                // vCard 2.1 §2.1.4.3: an empty line ends base64.
                if self.shape == Shape::Base64 {
                    self.shape = Shape::Plain;
                }
            }
            _ => {
                self.large |= self.card.spans.len() >= LINES_LIMIT;
                if !self.large {
                    self.card.spans.push(Span { line: read.number, end: 0 });
                }
                self.shape = Shape::Header;
                self.close(line);
            }
        }
    }

    /// Takes the newline, and what else stands there, off the last content line.
    fn reopen(&mut self, bytes: usize) {
        self.card.bytes.truncate(self.card.bytes.len().saturating_sub(bytes));
    }

    fn append_nested(&mut self, line: &[u8]) {
        self.shape = Shape::Plain;
        self.close(line);
    }

    /// Appends to the last content line and closes it with a newline.
    fn close(&mut self, text: &[u8]) {
        if self.card.bytes.len() + text.len() >= CARD_LIMIT_BYTES {
            self.large = true;
        }
        // Of what is left out nothing is gathered.
        if self.large {
            return;
        }
        self.card.bytes.extend_from_slice(text);
        let end = self.card.bytes.len();
        let start = self.card.spans.iter().rev().nth(1).map_or(0, |span| span.end + 1);
        if let Some(span) = self.card.spans.last_mut() {
            span.end = end;
        }
        if self.shape == Shape::Header {
            self.shape = shape_of(self.card.bytes.get(start..).unwrap_or_default());
        }
        self.card.bytes.push(b'\n');
    }
}

/// Returns how the content line goes on, by its header.
fn shape_of(line: &[u8]) -> Shape {
    let Some(colon) = memchr::memchr(b':', line) else { return Shape::Header };
    let (header, value) = line.split_at(colon);
    if header.len() >= 5 && header.trim_ascii().to_ascii_uppercase().ends_with(b"AGENT") && value.trim_ascii() == b":" {
        return Shape::Agent;
    }
    if memchr::memchr(b';', header).is_none() {
        return Shape::Plain;
    }
    let header = header.to_ascii_uppercase();
    let has = |word: &[u8]| memchr::memmem::find(&header, word).is_some();
    if has(b"QUOTED-PRINTABLE") {
        Shape::Quoted
    } else if has(b"ENCODING=B") || has(b";BASE64") {
        Shape::Base64
    } else {
        Shape::Plain
    }
}

/// Whether the line is `BEGIN:VCARD` or `END:VCARD`, in any case and with white space around its parts.
///
/// An indented one is none, for it goes on the line before it.
pub(crate) fn is_mark(line: &[u8], mark: &[u8]) -> bool {
    if line.len() > 64
        || line.len() < mark.len() + 6
        || !line.get(..mark.len()).is_some_and(|s| s.eq_ignore_ascii_case(mark))
    {
        return false;
    }
    let rest = line.get(mark.len()..).unwrap_or_default().trim_ascii();
    rest.strip_prefix(b":").is_some_and(|name| name.trim_ascii().eq_ignore_ascii_case(b"VCARD"))
}

fn is_base64(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    !line.is_empty() && line.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes what is found, one item a line.
    fn split(text: &str) -> Vec<String> {
        let mut splitter = Splitter::new(text.as_bytes()).unwrap();
        let mut card = RawCard::default();
        let mut seen = Vec::new();
        while let Some(found) = splitter.next(&mut card).unwrap() {
            if let Found::Junk { line, text } = found {
                seen.push(format!("junk {line} {}", String::from_utf8(text).unwrap()));
                continue;
            }
            seen.push(format!("{found:?} {}", card.line));
            let mut start = 0;
            for span in &card.spans {
                seen.push(format!("{} {}", span.line, String::from_utf8_lossy(&card.bytes[start..span.end])));
                start = span.end + 1;
            }
        }
        seen
    }

    #[test]
    fn unfolds_and_remembers_each_line() {
        assert_eq!(
            split("begin:vcard \r\nFN:Ana\r\n  Silva\r\nNOTE:a\r\nEND : VCARD\r\n"),
            ["Card 1", "2 FN:Ana Silva", "4 NOTE:a"]
        );
    }

    #[test]
    fn joins_soft_line_breaks_that_are_not_indented() {
        let text = "BEGIN:VCARD\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=91=\n=61=\n=\nX\nTEL:1\nEND:VCARD";
        assert_eq!(split(text), ["Card 1", "2 N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=91=61X", "6 TEL:1"]);
    }

    #[test]
    fn a_soft_line_break_before_the_end_costs_nothing() {
        let text = "BEGIN:VCARD\nNOTE;ENCODING=QUOTED-PRINTABLE:a=\nEND:VCARD\n";
        assert_eq!(split(text), ["Card 1", "2 NOTE;ENCODING=QUOTED-PRINTABLE:a="]);
    }

    #[test]
    fn base64_ends_with_or_without_an_empty_line() {
        let text = "BEGIN:VCARD\nPHOTO;ENCODING=BASE64;JPEG:AAAA\nBBBB\n CC==\nFN:Ana\nKEY;BASE64:QQ\nQQ==\n\nFN:Bo\nEND:VCARD";
        assert_eq!(
            split(text),
            ["Card 1", "2 PHOTO;ENCODING=BASE64;JPEG:AAAABBBBCC==", "5 FN:Ana", "6 KEY;BASE64:QQQQ==", "9 FN:Bo"]
        );
    }

    #[test]
    fn an_agent_keeps_its_whole_card() {
        let text = "BEGIN:VCARD\nFN:Ana\nAGENT:\nBEGIN:VCARD\nFN:Bo\nEND:VCARD\nTEL:1\nEND:VCARD";
        assert_eq!(split(text), ["Card 1", "2 FN:Ana", "3 AGENT:\nBEGIN:VCARD\nFN:Bo\nEND:VCARD", "7 TEL:1"]);
    }

    #[test]
    fn tells_what_is_missing() {
        assert_eq!(
            split("hello\n\nBEGIN:VCARD\nFN:Ana\nBEGIN:VCARD\nFN:Bo\nEND:VCARD\nbye\nBEGIN:VCARD\nFN:C"),
            ["junk 1 hello", "CardWithoutEnd 3", "4 FN:Ana", "Card 5", "6 FN:Bo", "junk 8 bye", "CutCard 9", "10 FN:C"]
        );
    }
}
