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

use std::io::Read;
use std::panic::catch_unwind;

use kith_plugin::Stop;
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::emit::Place;

pub use crate::calendar::events::is_calendar;
use crate::calendar::events::{Events, Found};
use crate::calendar::meeting::{Outcome, Rank, outcome_of};
use crate::newest::{Added, Held, Newest};

/// What stands in a calendar.
#[derive(Debug)]
pub enum Item {
    /// A meeting, or that one was called off; its key is its UID, and of one of a series the instant for which it was first
    /// meant.
    Record(Held),
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
    newest: Newest<Rank>,
}

impl Meetings {
    /// Reads a calendar, and hands over what is found but for the meetings, which [`Meetings::finish`] hands over when all
    /// calendars are read. An event that cannot be read costs only itself. An event's place is made of its number in the
    /// calendar, from 1, and its first line.
    ///
    /// # Errors
    /// [`Stop`] when the bytes cannot be read, or `found` says so.
    pub fn read<R: Read>(
        &mut self,
        reader: R,
        place: impl Fn(u64, u64) -> Place,
        found: &mut dyn FnMut(Item) -> Result<(), Stop>,
    ) -> Result<End, Stop> {
        let mut events = Events::of(reader);
        let mut position = 0;
        while let Some(next) = events.next()? {
            position += 1;
            let (line, text) = match next {
                Found::Event { line, text, guessed } => {
                    if let Some(encoding) = guessed {
                        let told = Diagnostic::kept("not UTF-8", format!("decoded as {encoding}"));
                        found(Item::Told(told.at_line(line)))?;
                    }
                    (line, text)
                }
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
                        let held = Held { place: place(position, line), key, record };
                        if self.newest.add(rank, held) == Added::TooLate {
                            let told =
                                Diagnostic::refused("a newer version, too far behind the older", "the older kept");
                            found(Item::Told(told.at_line(line)))?;
                        }
                        if self.newest.is_full() {
                            self.finish(found)?;
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

    /// Returns whether there are no meetings to hand over.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.newest.is_empty()
    }

    /// Hands over the meetings.
    ///
    /// # Errors
    /// [`Stop`] when `found` says so.
    pub fn finish(&mut self, found: &mut dyn FnMut(Item) -> Result<(), Stop>) -> Result<(), Stop> {
        self.newest.drain().try_for_each(|held| found(Item::Record(held)))
    }
}
