//! A cadence with room on both sides: from when on somebody may be named, when they are due, and from when on they are lost.
//!
//! ```text
//!  contact ── nothing ── min ── only where the days that come are full ── ideal ── due ── max ── lost: behind those who are not
//! ```

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Cadence, NotACadence};

/// Without a word about it, somebody is lost after so many cadences.
const LOST_CADENCES: u16 = 4;

/// How often the owner wants to talk to somebody, at the earliest and at the latest: `3 weeks`, `3 weeks (2 weeks to 2 months)`.
///
/// A cadence alone is due to the day, and lost after four times as long.
///
/// ```
/// use kith_core::cadence::Rhythm;
/// let rhythm: Rhythm = "every 3 weeks (2 weeks to 2 months)".parse().unwrap();
/// assert_eq!([rhythm.min(), rhythm.ideal(), rhythm.max()].map(|c| c.to_string()), ["2 weeks", "3 weeks", "2 months"]);
/// assert_eq!(rhythm.to_string(), "3 weeks (2 weeks to 2 months)");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rhythm {
    min: Cadence,
    ideal: Cadence,
    max: Cadence,
}

/// A text that is no cadence, with or without its bounds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotARhythm {
    /// One of its times is none.
    #[error(transparent)]
    Cadence(#[from] NotACadence),
    /// What stands in the brackets is not two times.
    #[error("read {0:?} as a cadence: write {wanted}", wanted = self.wanted())]
    Brackets(String),
    /// The shortest time is longer than the cadence, or the longest is shorter.
    #[error("take {0:?} as a cadence: write {wanted}", wanted = self.wanted())]
    Order(String),
}

impl NotARhythm {
    /// Returns what to write instead: `the shortest and the longest time in brackets, such as …`.
    #[must_use]
    pub const fn wanted(&self) -> &'static str {
        match self {
            Self::Cadence(_) => "a number of days, weeks, months or years, such as \"3 weeks\", at most 100 years",
            Self::Brackets(_) => {
                "the shortest and the longest time in brackets, such as \"3 weeks (2 weeks to 2 months)\""
            }
            Self::Order(_) => {
                "in brackets a time that is not longer, and one that is not shorter, such as \"3 weeks (2 weeks to 2 months)\""
            }
        }
    }
}

impl Rhythm {
    /// Returns the time after which somebody may be named before they are due.
    #[must_use]
    pub const fn min(self) -> Cadence {
        self.min
    }

    /// Returns the time after which somebody is due.
    #[must_use]
    pub const fn ideal(self) -> Cadence {
        self.ideal
    }

    /// Returns the time after which somebody is lost.
    #[must_use]
    pub const fn max(self) -> Cadence {
        self.max
    }

    /// Returns whether somebody may be named before they are due.
    #[must_use]
    pub fn is_early(self) -> bool {
        self.min != self.ideal
    }

    /// Returns whether somebody who is due for so many days is lost; a month counts 30 days, a year 365.
    #[must_use]
    pub const fn is_lost(self, due_days: u32) -> bool {
        due_days >= self.max.approximate_days().saturating_sub(self.ideal.approximate_days())
    }
}

impl From<Cadence> for Rhythm {
    fn from(cadence: Cadence) -> Self {
        let max = Cadence { count: cadence.count.saturating_mul(LOST_CADENCES), ..cadence };
        Self { min: cadence, ideal: cadence, max }
    }
}

impl FromStr for Rhythm {
    type Err = NotARhythm;

    /// Reads a cadence, and behind it in brackets the shortest and the longest time, joined by `to`.
    fn from_str(text: &str) -> Result<Self, NotARhythm> {
        let Some((ideal, bounds)) = text.split_once('(') else { return Ok(text.parse::<Cadence>()?.into()) };
        let bounds = bounds.trim_end().strip_suffix(')').and_then(|bounds| bounds.split_once(" to "));
        let (min, max) = bounds.ok_or_else(|| NotARhythm::Brackets(text.to_owned()))?;
        let [min, ideal, max] = [min, ideal, max].map(|time| time.trim().parse::<Cadence>());
        let (min, ideal, max) = (min?, ideal?, max?);
        let days = [min, ideal, max].map(Cadence::approximate_days);
        if days.is_sorted() { Ok(Self { min, ideal, max }) } else { Err(NotARhythm::Order(text.to_owned())) }
    }
}

impl fmt::Display for Rhythm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::from(self.ideal) {
            return self.ideal.fmt(f);
        }
        write!(f, "{} ({} to {})", self.ideal, self.min, self.max)
    }
}

impl TryFrom<String> for Rhythm {
    type Error = NotARhythm;

    fn try_from(text: String) -> Result<Self, NotARhythm> {
        text.parse()
    }
}

impl From<Rhythm> for String {
    fn from(rhythm: Rhythm) -> Self {
        rhythm.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, shown: &str, [min, ideal, max]: [&str; 3]) {
        let rhythm: Rhythm = text.parse().unwrap();
        assert_eq!(rhythm.to_string(), shown);
        assert_eq!([rhythm.min, rhythm.ideal, rhythm.max].map(|time| time.to_string()), [min, ideal, max]);
        assert_eq!(rhythm.to_string().parse(), Ok(rhythm), "reads back as shown");
        assert_eq!(serde_json::from_str::<Rhythm>(&serde_json::to_string(&rhythm).unwrap()).unwrap(), rhythm);
    }

    #[test]
    fn a_cadence_alone_is_due_to_the_day_and_one_with_bounds_says_them() {
        reads("3 weeks", "3 weeks", ["3 weeks", "3 weeks", "12 weeks"]);
        reads("every month", "month", ["month", "month", "4 months"]);
        let shown = "3 weeks (2 weeks to 2 months)";
        reads(shown, shown, ["2 weeks", "3 weeks", "2 months"]);
        reads("Every 3 weeks( 2 Weeks to  2months ) ", shown, ["2 weeks", "3 weeks", "2 months"]);
        reads("a month (30 days to a month)", "month (30 days to month)", ["30 days", "month", "month"]);
        reads("3 weeks (3 weeks to 12 weeks)", "3 weeks", ["3 weeks", "3 weeks", "12 weeks"]);
    }

    #[test]
    fn what_cannot_be_read_is_named_with_how_to_write_it() {
        for (text, told) in [
            (
                "often",
                "read \"often\" as a cadence: write a number of days, weeks, months or years, such as \"3 weeks\"",
            ),
            ("3 weeks (soon to 2 months)", "read \"soon\" as a cadence: write a number of days"),
            ("3 weeks (2 weeks)", "write the shortest and the longest time in brackets, such as \"3 weeks (2 weeks to"),
            ("3 weeks (2 weeks to 2 months", "read \"3 weeks (2 weeks to 2 months\" as a cadence: write the shortest"),
            ("3 weeks (4 weeks to 2 months)", "write in brackets a time that is not longer, and one"),
            ("3 weeks (2 weeks to 20 days)", "take \"3 weeks (2 weeks to 20 days)\" as a cadence: write in brackets"),
            ("3 weeks (0 days to 2 months)", "take \"0 days\" as a cadence: it must be between 1 day and 100 years"),
        ] {
            let error = text.parse::<Rhythm>().unwrap_err().to_string();
            assert!(error.contains(told), "{text}: {error}");
        }
    }

    #[test]
    fn somebody_is_lost_three_cadences_after_they_were_due_or_at_the_longest_time() {
        let first_lost = |text: &str| {
            let rhythm: Rhythm = text.parse().unwrap();
            (0..10_000).find(|days| rhythm.is_lost(*days))
        };
        assert_eq!(first_lost("3 weeks"), Some(63));
        assert_eq!(first_lost("1 year"), Some(1_095));
        assert_eq!(first_lost("3 weeks (2 weeks to 6 weeks)"), Some(21));
        assert_eq!(first_lost("3 weeks (2 weeks to 3 weeks)"), Some(0));
    }
}
