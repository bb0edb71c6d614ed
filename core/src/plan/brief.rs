//! The word before an event: which events deserve one, when it comes, and what it says.
//!
//! It is a reminder without a person, as that on the evening of an event (`event`): once, whichever device says it. An event
//! is one that the owner named, or stands in a calendar, or both.
//!
//! ```text
//!  19:00 the evening before ────▶ midnight · · · 7:00 ────▶ the event begins (noon, where only its day is known)
//! ```

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};

use super::days_between;
use super::event::EVENING;
use crate::fact::{OccurrenceId, Planned, Reminder};
use crate::id::{PersonId, RecordId};
use crate::normalize::fold_text;

/// What the names begin with under which the words are written down.
const SCHEDULE: &str = "brief/";

/// From when on what could not be said before is said.
pub const MORNING: civil::Time = civil::time(7, 0, 0, 0);

/// Until when, where nobody knows when it begins.
const NOON: civil::Time = civil::time(12, 0, 0, 0);

/// Whom the owner met or called within so many days before a meeting, they need no word about.
const SEEN_DAYS: i32 = 30;

/// How many people are told of by name.
const NAMED: usize = 5;

/// How much of what is good to know is told of each.
const TOLD_OF_EACH: usize = 2;

/// An event in a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    /// Its record.
    pub record: RecordId,
    /// What the calendar calls it.
    pub name: String,
    /// Its day.
    pub on: civil::Date,
    /// When it begins; `None` when it takes whole days.
    pub begins: Option<Timestamp>,
    /// It is one of a series.
    pub recurs: bool,
    /// Who takes part, of those whom the owner knows.
    pub people: Vec<PersonId>,
}

/// Somebody who takes part in an event of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guest {
    /// They are in a circle, or the owner wants to meet them at some event.
    pub close: bool,
    /// When the owner last met or called them.
    pub last_met: Option<civil::Date>,
}

/// When an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// Its day.
    pub on: civil::Date,
    /// When it begins, where that is known.
    pub begins: Option<Timestamp>,
}

/// An event of which a word is to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ahead {
    /// What it goes by among the words: its name, or its record in a calendar.
    pub id: String,
    /// Its name.
    pub name: String,
    /// When it is.
    pub when: When,
    /// How the owner knows whom they meet.
    pub known: Known,
    /// Whom they meet, with what is good to know.
    pub people: Vec<Met>,
}

/// How the owner knows whom they meet at an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// They want to meet them.
    Wanted,
    /// The calendar lists them.
    Listed,
}

/// Somebody whom the owner will meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// What is good to know, as [`super::event::brief`] has it.
    pub brief: Vec<String>,
}

/// Returns the appointment that is an event of this name: of the day given, else the next one, else the latest.
///
/// A calendar may say more ("Coffee with Ana, at last"), and on the day given less.
#[must_use]
pub fn matching<'a>(
    name: &str,
    on: Option<civil::Date>,
    appointments: &'a [Appointment],
    today: civil::Date,
) -> Option<&'a Appointment> {
    let is_it = |appointment: &&Appointment| {
        let called = &appointment.name;
        let same_day = on.map(|on| on == appointment.on);
        same_day.unwrap_or(true) && (is_part(name, called) || same_day.is_some() && is_part(called, name))
    };
    let order = |appointment: &&Appointment| {
        let days = days_between(today, appointment.on);
        (days < 0, days.unsigned_abs(), appointment.begins, appointment.record)
    };
    appointments.iter().filter(is_it).min_by_key(order)
}

/// Returns whether a name is words of another one, in their order: `RustConf` of `RustConf 2026, Barcelona`.
#[must_use]
pub fn is_part(name: &str, of: &str) -> bool {
    let (name, of) = (fold_text(name), fold_text(of));
    !name.is_empty() && format!(" {of} ").contains(&format!(" {name} "))
}

/// Returns whether an event that only a calendar tells of deserves a word: no series, and somebody close takes part whom the
/// owner has not seen for long. Who meets every week needs no word about that.
#[must_use]
pub fn deserves(appointment: &Appointment, guests: &[Guest]) -> bool {
    let seen = |guest: &Guest| guest.last_met.is_some_and(|last| days_between(last, appointment.on) <= SEEN_DAYS);
    !appointment.recurs && guests.iter().any(|guest| guest.close && !seen(guest))
}

/// Returns whether a plan of this name is the word before an event.
#[must_use]
pub fn is_brief(schedule: &str) -> bool {
    schedule.starts_with(SCHEDULE)
}

/// Returns the name under which the word before an event is written down.
#[must_use]
pub fn schedule(id: &str, on: civil::Date) -> String {
    format!("{SCHEDULE}{on}/{id}")
}

/// Returns the day of the event before which this word was said, and what that goes by.
#[must_use]
pub fn brief_of(schedule: &str) -> Option<(civil::Date, &str)> {
    let (on, id) = schedule.strip_prefix(SCHEDULE)?.split_once('/')?;
    Some((on.parse().ok()?, id))
}

impl When {
    /// Returns at which instants the word before may come: on the evening before, and in the morning.
    pub fn instants(self, zone: &TimeZone) -> impl Iterator<Item = Timestamp> {
        let evening = self.on.yesterday().ok().and_then(|day| zone.to_timestamp(day.to_datetime(EVENING)).ok());
        let morning = zone.to_timestamp(self.on.to_datetime(MORNING)).ok();
        evening.into_iter().chain(morning)
    }

    /// Returns whether the word before is of use at this instant: from the evening before until the event begins, and not in
    /// the night.
    #[must_use]
    pub fn is_due(self, zone: &TimeZone, now: Timestamp) -> bool {
        let is_night = zone.to_datetime(now) < self.on.to_datetime(MORNING) && zone.to_datetime(now).date() == self.on;
        let has_begun = self.begin(zone).is_none_or(|begins| begins <= now);
        self.instants(zone).next().is_some_and(|evening| evening <= now) && !is_night && !has_begun
    }

    /// Returns when it begins, or by when it is likely to have begun.
    fn begin(self, zone: &TimeZone) -> Option<Timestamp> {
        self.begins.or_else(|| zone.to_timestamp(self.on.to_datetime(NOON)).ok())
    }
}

/// Returns the word before an event, while it is of use; ask only while none was written down. Without anybody to meet there is
/// nothing to say.
#[must_use]
pub fn word(ahead: &Ahead, zone: &TimeZone, now: Timestamp) -> Option<Planned> {
    let due = ahead.when.instants(zone).next()?;
    if ahead.people.is_empty() || !ahead.when.is_due(zone, now) {
        return None;
    }
    let today = zone.to_datetime(now).date();
    let time = ahead.when.begins.map(|at| zone.to_datetime(at).strftime(", at %H:%M").to_string()).unwrap_or_default();
    let day = if today == ahead.when.on { TODAY } else { TOMORROW };
    let mut reasons = vec![format!("{}{day}{time}: {}.", ahead.name, how_many(ahead.known, ahead.people.len()))];
    reasons.extend(ahead.people.iter().take(NAMED).map(one));
    if let Some(more) = ahead.people.len().checked_sub(NAMED).filter(|more| *more > 0) {
        reasons.push(format!("And {more} more."));
    }
    let schedule = schedule(&ahead.id, ahead.when.on);
    let reminder = Reminder {
        step: Some(format!("What is good to know of each: kith event {}.", quoted(&ahead.name))),
        names: ahead.people.iter().map(|met| met.person).collect(),
        until: ahead.when.begin(zone),
        ..Reminder::new(OccurrenceId(schedule.clone()), reasons)
    };
    Some(Planned { schedule, due, missed: 0, reminders: vec![reminder] })
}

const TODAY: &str = " is today";
const TOMORROW: &str = " is tomorrow";

/// Puts the word of the evening before as it reads on the day itself.
pub(super) fn retell(reminder: &mut Reminder) {
    if let Some(first) = reminder.reasons.first_mut() {
        *first = first.replacen(TOMORROW, TODAY, 1);
    }
}

fn how_many(known: Known, count: usize) -> String {
    match (known, count) {
        (Known::Wanted, 1) => "1 person you want to meet".to_owned(),
        (Known::Wanted, count) => format!("{count} people you want to meet"),
        (Known::Listed, 1) => "1 person you know takes part".to_owned(),
        (Known::Listed, count) => format!("{count} people you know take part"),
    }
}

/// "Ana Silva: Looks for: Rust mentor. CTO at Example Works."
fn one(met: &Met) -> String {
    let told: Vec<String> =
        met.brief.iter().take(TOLD_OF_EACH).map(|line| format!("{}.", line.trim_end_matches('.'))).collect();
    format!("{}: {}", met.name, told.join(" "))
}

/// A name as one types it.
fn quoted(name: &str) -> String {
    if name.chars().all(char::is_alphanumeric) { name.to_owned() } else { format!("{name:?}") }
}

#[cfg(test)]
mod tests;
