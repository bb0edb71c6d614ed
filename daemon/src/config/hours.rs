//! Quiet hours: the hours of the day in which no reminder comes, and the days of the week without any.

use std::str::FromStr;

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use kith_core::told::WEEKDAYS;

/// Hours of the day, in the owner's zone; they may pass midnight.
///
/// ```
/// use kithd::config::Quiet;
/// let quiet: Quiet = "21:00-08:00".parse().unwrap();
/// let late = "2026-11-23T23:30:00Z".parse().unwrap();
/// assert_eq!(quiet.until(late, &jiff::tz::TimeZone::UTC), Some("2026-11-24T08:00:00Z".parse().unwrap()));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    from: Time,
    to: Time,
}

/// A text that names no hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("find two different times of the day in it")]
pub struct NotHours;

impl Quiet {
    /// Returns when the quiet hours end in which an instant lies; `None` outside of them.
    #[must_use]
    pub fn until(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let local = zone.to_datetime(now);
        let passes_midnight = self.to <= self.from;
        let time = local.time();
        let (inside, ends_tomorrow) = if passes_midnight {
            (time >= self.from || time < self.to, time >= self.from)
        } else {
            (time >= self.from && time < self.to, false)
        };
        let day = if ends_tomorrow { local.date().checked_add(1.day()).ok()? } else { local.date() };
        let ends = zone.to_ambiguous_timestamp(day.to_datetime(self.to));
        // In an hour that comes twice, it is the next of the two.
        let of_two = || [ends.compatible(), ends.later()].into_iter().find_map(|end| end.ok().filter(|end| *end > now));
        if inside { of_two() } else { None }
    }

    /// Returns when the quiet hours began in which an instant lies; `None` outside of them.
    #[must_use]
    pub fn began(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        self.until(now, zone)?;
        let local = zone.to_datetime(now);
        let day = if local.time() >= self.from { local.date() } else { local.date().yesterday().ok()? };
        zone.to_timestamp(day.to_datetime(self.from)).ok()
    }

    /// Returns when the quiet hours begin next, after an instant.
    #[must_use]
    pub fn begins_after(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let local = zone.to_datetime(now);
        let day = if local.time() < self.from { local.date() } else { local.date().checked_add(1.day()).ok()? };
        zone.to_timestamp(day.to_datetime(self.from)).ok()
    }
}

impl FromStr for Quiet {
    type Err = NotHours;

    fn from_str(text: &str) -> Result<Self, NotHours> {
        let (from, to) = text.split_once('-').ok_or(NotHours)?;
        let time = |text: &str| Time::strptime("%H:%M", text.trim()).map_err(|_| NotHours);
        let (from, to) = (time(from)?, time(to)?);
        if from == to { Err(NotHours) } else { Ok(Self { from, to }) }
    }
}

/// Reads a day of the week: `Saturday`, `sat`.
#[must_use]
pub fn weekday(text: &str) -> Option<Weekday> {
    let word = text.trim().to_lowercase();
    WEEKDAYS.into_iter().find(|(name, _)| word.len() >= 3 && name.starts_with(&word)).map(|(_, day)| day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(hours: &str, now: &str, expected: Option<&str>) {
        let quiet: Quiet = hours.parse().unwrap();
        let berlin = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        assert_eq!(quiet.until(now.parse().unwrap(), &berlin), expected.map(|at| at.parse().unwrap()));
    }

    #[test]
    fn end_in_the_morning() {
        check("21:00-08:00", "2026-11-23T19:59:00Z", None);
        check("21:00-08:00", "2026-11-23T20:00:00Z", Some("2026-11-24T07:00:00Z"));
        check("21:00-08:00", "2026-11-24T06:59:59Z", Some("2026-11-24T07:00:00Z"));
        check("21:00-08:00", "2026-11-24T07:00:00Z", None);
    }

    #[test]
    fn lie_within_a_day() {
        check("12:00-14:00", "2026-11-23T11:30:00Z", Some("2026-11-23T13:00:00Z"));
        check("12:00-14:00", "2026-11-23T13:30:00Z", None);
    }

    #[test]
    fn end_after_a_night_in_which_the_clocks_change() {
        check("21:00-08:00", "2026-03-28T21:00:00Z", Some("2026-03-29T06:00:00Z"));
        check("21:00-08:00", "2026-10-24T20:00:00Z", Some("2026-10-25T07:00:00Z"));
    }

    #[test]
    fn end_in_each_of_two_hours_that_are_called_the_same() {
        check("22:00-02:30", "2026-10-25T00:10:00Z", Some("2026-10-25T00:30:00Z"));
        check("22:00-02:30", "2026-10-25T01:10:00Z", Some("2026-10-25T01:30:00Z"));
        check("22:00-02:30", "2026-10-25T01:40:00Z", None);
        check("22:00-02:30", "2026-03-28T23:00:00Z", Some("2026-03-29T01:30:00Z"));
    }

    #[test]
    fn begin_today_or_tomorrow() {
        let quiet: Quiet = "21:00-08:00".parse().unwrap();
        let berlin = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let begins = |now: &str| quiet.begins_after(now.parse().unwrap(), &berlin).unwrap().to_string();
        assert_eq!(begins("2026-11-23T19:59:59Z"), "2026-11-23T20:00:00Z");
        assert_eq!(begins("2026-11-23T20:00:00Z"), "2026-11-24T20:00:00Z");
        assert_eq!(begins("2026-03-28T20:30:00Z"), "2026-03-29T19:00:00Z");
    }

    #[test]
    fn are_two_different_times() {
        for text in ["", "21:00", "21-8", "25:00-08:00", "08:00-08:00"] {
            assert_eq!(text.parse::<Quiet>(), Err(NotHours), "{text}");
        }
        assert_eq!(weekday("Sat"), Some(Weekday::Saturday));
        assert_eq!(weekday("s"), None);
        assert_eq!(weekday("some day"), None);
    }
}
