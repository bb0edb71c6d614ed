//! When plans are made: as a schedule's occurrence comes, behind the quiet hours in which it lies, on no day off and in no pause.
//!
//! ```text
//!  occurrence Fri 22:00 ─ quiet 21:00–08:00 ─▶ made Sat 08:00, with Saturday's words ─ a day off? ─▶ never
//! ```

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use kith_core::book::Book;

use crate::config::Config;

/// How many days of rest in a row are looked behind for the next plan.
const RESTED_DAYS: i32 = 31;

/// When the plan of an occurrence is made: at the end of the quiet hours in which that lies.
#[must_use]
pub fn made(config: &Config, occurrence: Timestamp) -> Timestamp {
    config.quiet.and_then(|quiet| quiet.until(occurrence, &config.zone())).unwrap_or(occurrence)
}

/// Returns behind which instant the occurrences lie whose plans are made after `at`: in quiet hours since these began.
#[must_use]
pub fn open_since(config: &Config, at: Timestamp) -> Timestamp {
    let began = config.quiet.and_then(|quiet| quiet.began(at, &config.zone()));
    began.and_then(before).unwrap_or(at)
}

/// Returns the next occurrence of any schedule.
#[must_use]
pub fn next_occurrence(config: &Config, after: Timestamp) -> Option<Timestamp> {
    let zone = config.zone();
    config.schedules.iter().filter_map(|schedule| schedule.cron.next_after(after, &zone)).min()
}

/// Returns when the next plan is made that may name somebody: on no day off, and in no pause. Where no day of the next month is
/// such a day, it is the next plan of all.
#[must_use]
pub fn next_plan(book: &Book, config: &Config, now: Timestamp) -> Option<Timestamp> {
    let zone = config.zone();
    let paused = book.words().giving().paused_until().and_then(|until| end_of(until.yesterday().ok()?, &zone));
    let mut after = open_since(config, now.max(paused.unwrap_or(now)));
    for _ in 0..RESTED_DAYS {
        let at = made(config, next_occurrence(config, after)?);
        let day = zone.to_datetime(at).date();
        if !rests(book, config, day) {
            return Some(at);
        }
        after = open_since(config, end_of(day, &zone)?);
    }
    next_occurrence(config, now).map(|next| made(config, next))
}

/// Returns the day of the next plan behind a day; where there is none, the next day.
#[must_use]
pub fn next_day(book: &Book, config: &Config, today: Date) -> Date {
    let zone = config.zone();
    let next = end_of(today, &zone).and_then(|end| next_plan(book, config, end));
    next.map_or(today.saturating_add(1.day()), |at| zone.to_datetime(at).date())
}

/// Whether no reminders come on a day: it is a day off, or lies in a pause.
#[must_use]
pub fn rests(book: &Book, config: &Config, today: Date) -> bool {
    let paused = book.words().giving().paused_until().is_some_and(|until| today < until);
    paused || config.days_off.contains(&today.weekday())
}

/// Returns since when no reminders were to come at an occurrence that is past: its plan was to be made on a day off, or lies in
/// the last pause, as far as that had begun; `None` where one was to be made.
#[must_use]
pub fn rested_since(book: &Book, config: &Config, occurrence: Timestamp) -> Option<Timestamp> {
    let (zone, at) = (config.zone(), made(config, occurrence));
    let day = zone.to_datetime(at).date();
    let pause = book.words().giving().paused_at(at).filter(|(_, until)| day < *until);
    let pause = pause.map(|(since, _)| since.min(occurrence));
    let off = config.days_off.contains(&day.weekday());
    let off = off.then(|| Some(open_since(config, end_of(day.yesterday().ok()?, &zone)?).min(occurrence)));
    pause.into_iter().chain(off.flatten()).min()
}

/// Returns the last instant of a day.
#[must_use]
pub fn end_of(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    before(day.tomorrow().ok()?.to_zoned(zone.clone()).ok()?.timestamp())
}

fn before(at: Timestamp) -> Option<Timestamp> {
    at.checked_sub(1.nanosecond()).ok()
}

#[cfg(test)]
mod tests;
