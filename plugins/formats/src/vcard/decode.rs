//! Turns a card's bytes into text: UTF-8, else what a CHARSET parameter says, else a guess, which is told.

use std::borrow::Cow;
use std::collections::BTreeSet;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

use crate::vcard::property::charset_of;
use crate::vcard::split::{RawCard, Span};

/// A card's content lines as text.
#[derive(Debug)]
pub(crate) struct CardText<'a> {
    text: Cow<'a, str>,
    spans: Cow<'a, [Span]>,
    /// The first line that was guessed, and the encoding's name; once a file.
    pub(crate) guessed: Option<(u64, &'static str)>,
}

impl CardText<'_> {
    /// Returns the content lines, each with its line in the file.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (u64, &str)> {
        let mut start = 0;
        self.spans.iter().map(move |span| {
            let line = self.text.get(start..span.end).unwrap_or_default();
            start = span.end + 1;
            (span.line, line)
        })
    }
}

/// What the cards of a file told of its encoding so far.
pub(crate) struct Guess {
    detector: EncodingDetector,
    told: BTreeSet<&'static str>,
}

impl Guess {
    pub(crate) fn new() -> Self {
        Self { detector: EncodingDetector::new(Iso2022JpDetection::Deny), told: BTreeSet::new() }
    }

    /// Decodes a card.
    pub(crate) fn decode<'a>(&mut self, card: &'a RawCard) -> CardText<'a> {
        if let Ok(text) = core::str::from_utf8(&card.bytes) {
            return CardText { text: Cow::Borrowed(text), spans: Cow::Borrowed(&card.spans), guessed: None };
        }
        self.detector.feed(&card.bytes, false);
        let guess = self.detector.guess(None, Utf8Detection::Deny);
        let mut text = String::with_capacity(card.bytes.len() + 16);
        let mut spans = Vec::with_capacity(card.spans.len());
        let mut guessed_at = None;
        let mut start = 0;
        for span in &card.spans {
            let bytes = card.bytes.get(start..span.end).unwrap_or_default();
            start = span.end + 1;
            match core::str::from_utf8(bytes) {
                Ok(line) => text.push_str(line),
                Err(_) => match decode_as_declared(bytes) {
                    Some(line) => text.push_str(&line),
                    None => {
                        guessed_at = guessed_at.or(Some(span.line));
                        text.push_str(&guess.decode_without_bom_handling(bytes).0);
                    }
                },
            }
            spans.push(Span { line: span.line, end: text.len() });
            text.push('\n');
        }
        let guessed = guessed_at.filter(|_| self.told.insert(guess.name())).map(|line| (line, guess.name()));
        CardText { text: Cow::Owned(text), spans: Cow::Owned(spans), guessed }
    }
}

/// Decodes a line by its CHARSET parameter (vCard 2.1 §2.1.6), if that fits.
fn decode_as_declared(line: &[u8]) -> Option<Cow<'_, str>> {
    let header = line.get(..memchr::memchr(b':', line)?)?;
    let label = charset_of(core::str::from_utf8(header).ok()?)?;
    let (text, malformed) = Encoding::for_label(label.as_bytes())?.decode_without_bom_handling(line);
    (!malformed).then_some(text)
}

impl core::fmt::Debug for Guess {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Guess").field("told", &self.told).finish_non_exhaustive()
    }
}
