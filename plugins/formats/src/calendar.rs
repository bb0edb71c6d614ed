//! iCalendar (RFC 5545): an event with others is a meeting.
//!
//! ```text
//!  bytes ─events─▶ text of an event ─meeting─▶ meetings, or a class that is only counted ─newest─▶ records
//! ```
//!
//! A series is expanded as far as it had taken place when the calendar was written (DTSTAMP); what was changed of it counts
//! as changed. Who of those who took part is the owner is decided in kith-core.

mod events;
mod meeting;
mod series;

use std::collections::HashMap;
use std::io::Read;
use std::panic::catch_unwind;

use kith_plugin::Stop;
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::record::Record;

pub use crate::calendar::events::is_calendar;
use crate::calendar::events::{Events, Found};
use crate::calendar::meeting::{Outcome, Rank, outcome_of};

/// What stands in a calendar.
#[derive(Debug)]
pub enum Item {
    /// A meeting, or that one was called off.
    Record {
        /// Which of the file's events it is, from 1.
        position: u64,
        /// The event's first line, from 1.
        line: u64,
        /// Its UID, and of one of a series the instant for which it was first meant.
        key: Option<String>,
        /// An interaction, or what takes its place.
        record: Record,
    },
    /// It is only counted, as this.
    Counted(&'static str),
    /// Something is wrong.
    Told(Diagnostic),
}

/// How a calendar ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// As it should.
    Whole,
    /// In the middle, as is said here.
    Cut(String),
    /// There is no calendar.
    None,
}

/// The meetings that were read so far: of two versions of one the newer counts, in whatever order they come.
#[derive(Debug, Default)]
pub struct Meetings {
    newest: HashMap<[u8; 32], Rank>,
}

impl Meetings {
    /// Reads a calendar, and hands over what is found. An event that cannot be read costs only itself.
    ///
    /// # Errors
    /// [`Stop`] when the bytes cannot be read, or `found` says so.
    pub fn read<R: Read>(&mut self, reader: R, found: &mut dyn FnMut(Item) -> Result<(), Stop>) -> Result<End, Stop> {
        let mut events = Events::of(reader);
        let mut position = 0;
        while let Some(next) = events.next()? {
            position += 1;
            let (line, text) = match next {
                Found::Event { line, text } => (line, text),
                Found::TooLong { line } => {
                    let told = Diagnostic::refused("an event longer than 256 KiB", "event left out");
                    found(Item::Told(told.at_line(line)))?;
                    continue;
                }
            };
            let method = events.method();
            // One that the parser cannot stand costs only itself.
            let Ok((outcome, diagnostics)) = catch_unwind(|| outcome_of(&text, method)) else {
                let told = Diagnostic::refused("the parser failed on it", "event left out");
                found(Item::Told(told.at_line(line)))?;
                continue;
            };
            diagnostics.into_iter().try_for_each(|told| found(Item::Told(told.at_line(line))))?;
            match outcome {
                Outcome::Records(records) => {
                    for (key, rank, record) in records {
                        if self.is_newest(key.as_deref(), rank) {
                            found(Item::Record { position, line, key, record })?;
                        }
                    }
                }
                Outcome::Counted(class) => found(Item::Counted(class))?,
                Outcome::Refused(reason) => {
                    found(Item::Told(Diagnostic::refused(reason, "event left out").at_line(line)))?;
                }
            }
        }
        Ok(events.end())
    }

    fn is_newest(&mut self, key: Option<&str>, rank: Rank) -> bool {
        let Some(key) = key else { return true };
        let known = self.newest.entry(*blake3::hash(key.as_bytes()).as_bytes()).or_insert(rank);
        let newest = *known <= rank;
        *known = rank.max(*known);
        newest
    }
}
