//! Hybrid logical time: wall-clock milliseconds, and a counter among facts of the same millisecond.
//!
//! It never runs backwards on one device and passes what the device has seen of others, so that an answer sorts after what
//! it answers.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Bits of the counter.
const COUNTER_BITS: u32 = 16;

/// How far ahead of the wall clock a time seen elsewhere may pull ours.
const FAR_FUTURE_MS: u64 = 24 * 60 * 60 * 1000;

/// A hybrid logical time: milliseconds since 1970 in the upper 48 bits, a counter in the lower 16.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hlc(u64);

impl Hlc {
    /// The latest time there is.
    pub const MAX: Self = Self(u64::MAX);

    /// Returns the time of the next fact: after `self`, the latest time seen, and not before `now`.
    ///
    /// A time seen more than a day ahead of `now` is not followed: one broken clock must not drag the others along.
    #[must_use]
    pub fn next(self, now: Timestamp) -> Self {
        let wall_ms = u64::try_from(now.as_millisecond()).unwrap_or(0);
        let wall = Self(wall_ms << COUNTER_BITS);
        if self < wall || self.millis() > wall_ms + FAR_FUTURE_MS { wall } else { Self(self.0 + 1) }
    }

    /// Returns the milliseconds since 1970.
    #[must_use]
    pub const fn millis(self) -> u64 {
        self.0 >> COUNTER_BITS
    }

    /// Returns the time as an instant, without its counter.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        i64::try_from(self.millis()).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok()).unwrap_or(Timestamp::MAX)
    }

    /// Returns the time a day after this one: how far ahead of the other devices a fact is believed.
    #[must_use]
    pub const fn a_day_later(self) -> Self {
        Self(self.0.saturating_add(FAR_FUTURE_MS << COUNTER_BITS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(ms).unwrap()
    }

    #[test]
    fn runs_forward_when_the_clock_is_set_back() {
        let first = Hlc::default().next(at(2_000));
        let second = first.next(at(1_000));
        assert!(second > first);
        assert_eq!(second.millis(), 2_000);
    }

    #[test]
    fn does_not_follow_a_clock_that_is_years_ahead() {
        let broken = Hlc::default().next(at(4_000_000_000_000));
        assert_eq!(broken.next(at(1_000_000_000_000)).millis(), 1_000_000_000_000);
    }
}
