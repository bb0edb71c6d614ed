//! Schedules: when the day's plan is made, as crontab(5) writes it.
//!
//! An expression is evaluated on the civil calendar, where every day has 24 hours, and only then placed in the user's zone.
//! So each civil occurrence happens exactly once: one in a skipped hour as soon as the gap is over, one in a repeated hour
//! the first time. The `cron` crate alone would skip the first and fire twice for the second.
//!
//! ```text
//!  "30 2 * * 0" ─crontab─▶ cron::Schedule ─▶ civil 2026-03-29T02:30 ─place─▶ 2026-03-29T03:00+02:00[Europe/Berlin]
//! ```
//!
//! How crontab(5) becomes the `cron` crate's own language is `crontab`, from when on occurrences are looked for `looked`. What is
//! planned is `plan`.

mod crontab;
pub mod looked;

use core::fmt;
use core::str::FromStr;

use chrono::{DateTime, Datelike as _, NaiveDate, Timelike as _, Utc};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan as _, civil};
use serde::{Deserialize, Serialize};

pub use crontab::NotASchedule;

/// A schedule: an expression as in crontab(5), of five fields, or of six with the seconds first.
///
/// The last year it knows is 2100.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Schedule {
    source: String,
    /// It occurs when any of these does. There are two when day of month *and* day of week are restricted, for crontab(5)
    /// then joins them by *or*.
    any_of: Vec<cron::Schedule>,
}

/// The occurrences between two instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrences {
    /// How many there were; counting ends at [`COUNTED_AT_MOST`].
    pub count: u32,
    /// The newest.
    pub newest: Timestamp,
}

/// Where counting of occurrences ends: a schedule of every second, off for a year, must not be walked through.
pub const COUNTED_AT_MOST: u32 = 1_000;

impl Schedule {
    /// Returns the first instant after `after` at which it occurs in the zone; `None` when there is none until 2100.
    ///
    /// Occurrences of a skipped hour fall together on the instant at which the gap ends.
    ///
    /// ```
    /// use jiff::tz::TimeZone;
    /// use kith_core::schedule::Schedule;
    /// let mondays: Schedule = "0 9 * * 1".parse().unwrap();
    /// let next = mondays.next_after("2026-11-20T12:00:00Z".parse().unwrap(), &TimeZone::UTC);
    /// assert_eq!(next, Some("2026-11-23T09:00:00Z".parse().unwrap()));
    /// ```
    #[must_use]
    pub fn next_after(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        // Placing never changes the order, so occurrences before the civil time of `after` are past. In the second pass of
        // a repeated hour those until its end are past as well: they came in the first.
        let mut civil = zone.to_datetime(after);
        loop {
            civil = self.next_civil(civil)?;
            let at = place(civil, zone)?;
            if at > after {
                return Some(at);
            }
        }
    }

    /// Returns the occurrences after `after` and up to `until`, if there are any.
    #[must_use]
    pub fn occurrences_between(&self, after: Timestamp, until: Timestamp, zone: &TimeZone) -> Option<Occurrences> {
        let mut found: Option<Occurrences> = None;
        let mut at = after;
        while let Some(next) = self.next_after(at, zone).filter(|next| *next <= until) {
            let count = found.map_or(0, |f| f.count) + 1;
            if count > COUNTED_AT_MOST {
                return Some(Occurrences {
                    count: COUNTED_AT_MOST,
                    newest: self.newest_until(until, zone).unwrap_or(at),
                });
            }
            found = Some(Occurrences { count, newest: next });
            at = next;
        }
        found
    }

    /// Returns the newest occurrence up to `until`, looking back through growing windows.
    fn newest_until(&self, until: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let windows = [1.minute(), 1.hour(), 24.hours(), (24 * 32).hours(), (24 * 366).hours(), (24 * 366 * 9).hours()];
        let occurs_since = |from| self.next_after(from, zone).filter(|next| *next <= until);
        let starts = windows.into_iter().filter_map(|window| until.checked_sub(window).ok());
        let first = starts.into_iter().find_map(occurs_since)?;
        core::iter::successors(Some(first), |at| occurs_since(*at)).last()
    }

    /// Returns the first occurrence on the civil calendar after the second in which `after` lies.
    fn next_civil(&self, after: civil::DateTime) -> Option<civil::DateTime> {
        let after = as_if_utc(after)?;
        self.any_of.iter().filter_map(|schedule| schedule.after(&after).next()).min().and_then(|next| as_civil(&next))
    }
}

/// Places a civil time in a zone: in a skipped hour at the gap's end, in a repeated hour the first time.
///
/// A later civil time is never placed earlier.
fn place(civil: civil::DateTime, zone: &TimeZone) -> Option<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(civil);
    match ambiguous.offset() {
        AmbiguousOffset::Gap { before, .. } => {
            // Read with the offset before the gap, the civil time lies after the transition, by less than the gap.
            let beyond = before.to_timestamp(civil).ok()?;
            let transition = zone.preceding(beyond.checked_add(1.second()).ok()?).next();
            transition.map_or_else(|| ambiguous.compatible().ok(), |t| Some(t.timestamp()))
        }
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => ambiguous.compatible().ok(),
    }
}

/// The civil time as the type that `cron` speaks. UTC has neither gaps nor folds, so nothing is lost.
fn as_if_utc(civil: civil::DateTime) -> Option<DateTime<Utc>> {
    let (month, day) = (u32::try_from(civil.month()).ok()?, u32::try_from(civil.day()).ok()?);
    let (hour, minute) = (u32::try_from(civil.hour()).ok()?, u32::try_from(civil.minute()).ok()?);
    let date = NaiveDate::from_ymd_opt(i32::from(civil.year()), month, day)?;
    Some(date.and_hms_opt(hour, minute, u32::try_from(civil.second()).ok()?)?.and_utc())
}

fn as_civil(utc: &DateTime<Utc>) -> Option<civil::DateTime> {
    let (month, day) = (i8::try_from(utc.month()).ok()?, i8::try_from(utc.day()).ok()?);
    let (hour, minute) = (i8::try_from(utc.hour()).ok()?, i8::try_from(utc.minute()).ok()?);
    let second = i8::try_from(utc.second()).ok()?;
    civil::DateTime::new(i16::try_from(utc.year()).ok()?, month, day, hour, minute, second, 0).ok()
}

impl FromStr for Schedule {
    type Err = NotASchedule;

    fn from_str(text: &str) -> Result<Self, NotASchedule> {
        let any_of = crontab::translate(text)?.iter().map(|expression| expression.parse()).collect::<Result<_, _>>();
        let schedule = Self { source: text.trim().to_owned(), any_of: any_of.map_err(NotASchedule::Evaluator)? };
        // 30 February is well written and never comes.
        let some_year = civil::DateTime::constant(2000, 1, 1, 0, 0, 0, 0);
        if schedule.next_civil(some_year).is_none() { Err(NotASchedule::Never) } else { Ok(schedule) }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

impl TryFrom<String> for Schedule {
    type Error = NotASchedule;

    fn try_from(text: String) -> Result<Self, NotASchedule> {
        text.parse()
    }
}

impl From<Schedule> for String {
    fn from(schedule: Schedule) -> Self {
        schedule.source
    }
}

#[cfg(test)]
mod tests;
