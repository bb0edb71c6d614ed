//! Cadences: how often the owner wants to talk to somebody, in civil time: "3 weeks", "2 months".
//!
//! A cadence is counted on the calendar, not in hours: three weeks after a Monday is a Monday, whatever the clocks did. Who is
//! due, and how it is said, is `plan`. From when to when somebody may be named is a [`Rhythm`].

mod rhythm;

use core::fmt;
use core::str::FromStr;

use jiff::{Span, ToSpan as _, civil};
use serde::{Deserialize, Serialize};

pub use rhythm::{NotARhythm, Rhythm};

/// How often the owner wants to talk to somebody: a number of days, weeks, months or years.
///
/// ```
/// use jiff::civil::date;
/// use kith_core::cadence::Cadence;
/// let cadence: Cadence = "every 3 weeks".parse().unwrap();
/// assert_eq!(cadence.after(date(2026, 11, 2)), date(2026, 11, 23));
/// assert_eq!(cadence.to_string(), "3 weeks");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cadence {
    count: u16,
    unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Unit {
    Day,
    Week,
    Month,
    Year,
}

/// A text that is no cadence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotACadence {
    /// It does not read as a number and a unit.
    #[error("read {0:?} as a cadence: write a number of days, weeks, months or years, such as \"3 weeks\"")]
    Unreadable(String),
    /// Its number is zero or beyond a century.
    #[error("take {0:?} as a cadence: it must be between 1 day and 100 years")]
    OutOfRange(String),
}

/// The longest cadence: a century in days.
const LONGEST_DAYS: u32 = 36_500;

impl Cadence {
    /// Returns the day that is one cadence after `day`.
    ///
    /// A month after 31 January is the last day of February.
    #[must_use]
    pub fn after(self, day: civil::Date) -> civil::Date {
        day.checked_add(self.span()).unwrap_or(civil::Date::MAX)
    }

    /// Returns the first day that is less than one cadence before `day`: who was in touch from then on is not due yet.
    #[must_use]
    pub fn within(self, day: civil::Date) -> civil::Date {
        let mut first = day.checked_sub(self.span()).unwrap_or(civil::Date::MIN);
        while self.after(first) <= day {
            let Ok(next) = first.tomorrow() else { break };
            first = next;
        }
        while let Some(before) = first.yesterday().ok().filter(|before| self.after(*before) > day) {
            first = before;
        }
        first
    }

    /// Returns about how many days it lasts: a month counts 30, a year 365.
    #[must_use]
    pub const fn approximate_days(self) -> u32 {
        self.count as u32 * self.unit.days()
    }

    fn span(self) -> Span {
        let count = i64::from(self.count);
        match self.unit {
            Unit::Day => count.days(),
            Unit::Week => count.weeks(),
            Unit::Month => count.months(),
            Unit::Year => count.years(),
        }
    }
}

impl Unit {
    const fn days(self) -> u32 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 30,
            Self::Year => 365,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        match word {
            "day" | "days" | "daily" => Some(Self::Day),
            "week" | "weeks" | "weekly" => Some(Self::Week),
            "month" | "months" | "monthly" => Some(Self::Month),
            "year" | "years" | "yearly" => Some(Self::Year),
            _ => None,
        }
    }
}

impl FromStr for Cadence {
    type Err = NotACadence;

    /// Reads `3 weeks`, `every 3 weeks`, `a month`, `weekly`.
    fn from_str(text: &str) -> Result<Self, NotACadence> {
        let unreadable = || NotACadence::Unreadable(text.to_owned());
        let lower = text.to_lowercase();
        let words = lower.strip_prefix("every ").unwrap_or(&lower).trim();
        let digits_end = words.find(|c: char| !c.is_ascii_digit()).unwrap_or(words.len());
        let (digits, rest) = words.split_at(digits_end);
        let (number, word) = match (digits, rest.trim().split_once(' ')) {
            ("", Some(("a" | "an" | "one", word))) => ("1", word),
            ("", None) => ("1", rest),
            (digits, _) => (digits, rest),
        };
        let unit = Unit::from_word(word.trim()).ok_or_else(unreadable)?;
        let out_of_range = || NotACadence::OutOfRange(text.to_owned());
        if number.is_empty() {
            return Err(unreadable());
        }
        let count = number.parse().map_err(|_| out_of_range())?;
        let cadence = Self { count, unit };
        if (1..=LONGEST_DAYS).contains(&cadence.approximate_days()) { Ok(cadence) } else { Err(out_of_range()) }
    }
}

impl fmt::Display for Cadence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.count {
            1 => f.write_str(self.unit.word()),
            count => write!(f, "{count} {}s", self.unit.word()),
        }
    }
}

impl TryFrom<String> for Cadence {
    type Error = NotACadence;

    fn try_from(text: String) -> Result<Self, NotACadence> {
        text.parse()
    }
}

impl From<Cadence> for String {
    fn from(cadence: Cadence) -> Self {
        cadence.to_string()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[track_caller]
    fn reads(text: &str, shown: &str, after_31_january: civil::Date) {
        let cadence: Cadence = text.parse().unwrap();
        assert_eq!(cadence.to_string(), shown);
        assert_eq!(cadence.after(date(2024, 1, 31)), after_31_january);
        assert_eq!(cadence.to_string().parse(), Ok(cadence), "reads back as shown");
    }

    #[test]
    fn counts_on_the_calendar() {
        reads("3 weeks", "3 weeks", date(2024, 2, 21));
        reads("every 3 weeks", "3 weeks", date(2024, 2, 21));
        reads("Every  10 Days", "10 days", date(2024, 2, 10));
        reads("1 month", "month", date(2024, 2, 29));
        reads("a month", "month", date(2024, 2, 29));
        reads("2months", "2 months", date(2024, 3, 31));
        reads("weekly", "week", date(2024, 2, 7));
        reads("every year", "year", date(2025, 1, 31));
        reads("100 years", "100 years", date(2124, 1, 31));
    }

    #[test]
    fn who_was_in_touch_within_it_is_not_due_yet() {
        for (text, on, first) in [
            ("3 weeks", date(2026, 11, 29), date(2026, 11, 9)),
            ("1 month", date(2026, 3, 1), date(2026, 2, 2)),
            ("1 month", date(2026, 2, 28), date(2026, 2, 1)),
            ("1 year", date(2025, 2, 28), date(2024, 3, 1)),
        ] {
            let cadence: Cadence = text.parse().unwrap();
            assert_eq!(cadence.within(on), first, "{text} before {on}");
            assert!(cadence.after(first) > on && cadence.after(first.yesterday().unwrap()) <= on);
        }
    }

    #[test]
    fn says_what_is_accepted() {
        for text in
            ["", "often", "3", "three weeks", "3 fortnights", "-3 weeks", "3.5 weeks", "every", "3 weeks 2 days"]
        {
            let error = text.parse::<Cadence>().unwrap_err();
            assert_eq!(error, NotACadence::Unreadable(text.to_owned()));
            assert!(error.to_string().ends_with("such as \"3 weeks\""));
        }
        for text in ["0 days", "101 years", "99999999999 days"] {
            assert_eq!(text.parse::<Cadence>(), Err(NotACadence::OutOfRange(text.to_owned())));
        }
    }

    #[test]
    fn does_not_pass_the_end_of_the_calendar() {
        let cadence: Cadence = "100 years".parse().unwrap();
        assert_eq!(cadence.after(date(9990, 1, 1)), civil::Date::MAX);
    }
}
