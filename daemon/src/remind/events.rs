//! The words about events that are due, and when the next one will be.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use kith_core::book::Book;
use kith_core::book::reminders::ReminderState;
use kith_core::fact::Planned;
use kith_core::plan::event::{evening, evening_word, schedule};

use crate::config::Config;
use crate::remind::people::rests;

/// Returns the words about events that are due and were not said yet: none on a day off and during a pause.
#[must_use]
pub fn due(book: &Book, config: &Config, now: Timestamp) -> Vec<Planned> {
    let zone = config.zone();
    if rests(book, config, zone.to_datetime(now).date()) {
        return Vec::new();
    }
    let events = book.words().giving().events().values();
    let words = events.filter_map(|event| evening_word(event.name(), event.on()?, &zone, now));
    words.filter(|word| book.words().last_planned(&word.schedule).is_none()).collect()
}

/// Returns when the next word about an event comes.
#[must_use]
pub fn next(book: &Book, zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
    let events = book.words().giving().events().values();
    events.filter_map(|event| evening(event.on()?, zone)).filter(|at| *at > now).min()
}

/// Whether the word about an event was answered: somebody was written down since.
#[must_use]
pub fn is_answered(book: &Book, state: &ReminderState) -> bool {
    let mut events = book.words().giving().events().values();
    let named = events.find(|event| event.on().is_some_and(|on| schedule(event.name(), on) == state.schedule));
    named.is_none_or(|event| event.has_met_since(state.planned_at))
}
