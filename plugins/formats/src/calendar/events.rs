//! Finds the events of a calendar, one after the other, without holding more than one.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use kith_plugin::Stop;

use crate::calendar::End;

/// The longest event that is read: pictures may be attached within one.
const EVENT_LIMIT_BYTES: usize = 256 * 1024;

/// How much of a line is read at once: a longer one is only of interest as part of an event that is too long.
const LINE_LIMIT_BYTES: u64 = 64 * 1024;

/// The mark that some programs begin a file with.
const MARK: &str = "\u{feff}";

/// Returns whether a file that begins so is a calendar.
#[must_use]
pub fn is_calendar(head: &[u8]) -> bool {
    let head = head.strip_prefix(MARK.as_bytes()).unwrap_or(head).trim_ascii_start();
    head.get(..15).is_some_and(|begin| begin.eq_ignore_ascii_case(b"BEGIN:VCALENDAR"))
}

/// The events of a calendar.
pub(crate) struct Events<R> {
    reader: BufReader<R>,
    line: u64,
    buffer: Vec<u8>,
    begun: bool,
    /// Within a calendar: files may hold several, one after the other.
    open: bool,
    method: Method,
    /// The line of the event that one is within.
    within: Option<u64>,
    /// What the events that are not UTF-8 told of their encoding, and the guesses that were told of.
    detector: EncodingDetector,
    guessed: BTreeSet<&'static str>,
}

/// What a calendar is meant for (RFC 5546 §1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// To be kept: what a program exports.
    Publish,
    /// An invitation.
    Request,
    /// It is called off.
    Cancel,
    /// What somebody answers to an invitation.
    Answer,
}

impl Method {
    fn parse(value: &str) -> Self {
        match value.trim() {
            "REQUEST" | "ADD" => Self::Request,
            "CANCEL" => Self::Cancel,
            "REPLY" | "COUNTER" | "DECLINECOUNTER" | "REFRESH" => Self::Answer,
            _ => Self::Publish,
        }
    }
}

/// What is found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// An event, from BEGIN to END.
    Event {
        /// The line on which it begins, from 1.
        line: u64,
        /// Its text, as it stands there.
        text: String,
        /// The encoding, where it was guessed for the first time: a calendar is UTF-8 (RFC 5545 §3.1.4).
        guessed: Option<&'static str>,
    },
    /// An event that is too long to be one.
    TooLong {
        /// The line on which it begins, from 1.
        line: u64,
    },
}

impl<R: Read> Events<R> {
    pub(crate) fn of(reader: R) -> Self {
        let reader = BufReader::new(reader);
        Self {
            reader,
            line: 0,
            buffer: Vec::new(),
            begun: false,
            open: false,
            method: Method::Publish,
            within: None,
            detector: EncodingDetector::new(Iso2022JpDetection::Deny),
            guessed: BTreeSet::new(),
        }
    }

    /// Returns what the calendar at hand is meant for.
    pub(crate) const fn method(&self) -> Method {
        self.method
    }

    /// Returns the next event.
    pub(crate) fn next(&mut self) -> Result<Option<Found>, Stop> {
        while self.read_line()? {
            let line = String::from_utf8_lossy(&self.buffer).trim_start_matches(MARK).trim_end().to_ascii_uppercase();
            match line.as_str() {
                "BEGIN:VCALENDAR" => (self.begun, self.open, self.method) = (true, true, Method::Publish),
                "END:VCALENDAR" => self.open = false,
                "BEGIN:VEVENT" if self.open => return self.event(),
                line => {
                    if let Some(method) = line.strip_prefix("METHOD:") {
                        self.method = Method::parse(method);
                    }
                }
            }
        }
        Ok(None)
    }

    /// Says how the file ended.
    pub(crate) fn end(self) -> End {
        match (self.begun, self.open, self.within) {
            (false, ..) => End::None,
            (true, _, Some(line)) => End::Cut(format!("the calendar ends within the event of line {line}")),
            (true, true, None) => End::Cut("the calendar ends in the middle".to_owned()),
            (true, false, None) => End::Whole,
        }
    }

    /// Reads the rest of an event.
    fn event(&mut self) -> Result<Option<Found>, Stop> {
        let line = self.line;
        let mut bytes = b"BEGIN:VEVENT\r\n".to_vec();
        let mut too_long = false;
        self.within = Some(line);
        while self.read_line()? {
            let is_end = self.buffer.trim_ascii_end().eq_ignore_ascii_case(b"END:VEVENT");
            too_long |= bytes.len() + self.buffer.len() > EVENT_LIMIT_BYTES;
            if !too_long {
                bytes.extend_from_slice(&self.buffer);
            }
            if is_end {
                self.within = None;
                if too_long {
                    return Ok(Some(Found::TooLong { line }));
                }
                let (text, guessed) = self.decode(bytes);
                return Ok(Some(Found::Event { line, text, guessed }));
            }
        }
        Ok(None)
    }

    /// Returns the text of an event, and its encoding where that is a guess that was not told of before.
    fn decode(&mut self, bytes: Vec<u8>) -> (String, Option<&'static str>) {
        let bytes = match String::from_utf8(bytes) {
            Ok(text) => return (text, None),
            Err(other) => other.into_bytes(),
        };
        self.detector.feed(&bytes, false);
        let encoding = self.detector.guess(None, Utf8Detection::Deny);
        let text = encoding.decode_without_bom_handling(&bytes).0.into_owned();
        (text, Some(encoding.name()).filter(|name| self.guessed.insert(name)))
    }

    /// Reads a line, or a piece of one that is too long to matter; returns whether there was one.
    fn read_line(&mut self) -> Result<bool, Stop> {
        let goes_on = !self.buffer.is_empty() && !self.buffer.ends_with(b"\n");
        self.buffer.clear();
        let read = (&mut self.reader).take(LINE_LIMIT_BYTES).read_until(b'\n', &mut self.buffer)?;
        self.line += u64::from(read > 0 && !goes_on);
        Ok(read > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(text: &str) -> (Vec<(Method, Found)>, End) {
        let mut events = Events::of(text.as_bytes());
        let mut found = Vec::new();
        while let Some(event) = events.next().unwrap() {
            found.push((events.method(), event));
        }
        (found, events.end())
    }

    #[test]
    fn finds_events_and_passes_over_what_else_there_is() {
        let text = "\u{feff}begin:vcalendar\nBEGIN:VTODO\nEND:VTODO\nmethod:request\nBEGIN:VEVENT\nUID:1\nBEGIN:VALARM\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n";
        let (found, end) = events(text);
        let text = "BEGIN:VEVENT\r\nUID:1\nBEGIN:VALARM\nEND:VALARM\nEND:VEVENT\n".to_owned();
        assert_eq!((found, end), (vec![(Method::Request, Found::Event { line: 5, text, guessed: None })], End::Whole));
    }

    #[test]
    fn an_event_that_is_too_long_costs_only_itself() {
        let long = "X".repeat(EVENT_LIMIT_BYTES);
        let text = format!(
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nATTACH:{long}\nEND:VEVENT\nBEGIN:VEVENT\nUID:2\nEND:VEVENT\nEND:VCALENDAR\n"
        );
        let (found, end) = events(&text);
        assert_eq!(found.first().map(|(_, found)| found), Some(&Found::TooLong { line: 2 }));
        assert!(matches!(found.get(1), Some((_, Found::Event { line: 5, .. }))), "{found:?}");
        assert_eq!(end, End::Whole);
    }

    #[test]
    fn a_calendar_that_ends_in_the_middle_says_so() {
        let (found, end) = events("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\nBEGIN:VEVENT\nUID");
        assert_eq!(found.len(), 1);
        assert_eq!(end, End::Cut("the calendar ends within the event of line 5".to_owned()));
        assert_eq!(events("BEGIN:VCALENDAR\n").1, End::Cut("the calendar ends in the middle".to_owned()));
        assert_eq!(events("no calendar").1, End::None);
    }
}
