//! From when on each schedule's occurrences are looked for: what a plan has still to answer.
//!
//! The facts say when a schedule was planned last. A time in the future is not believed: it comes from a clock that was wrong.
//! So a clock that is set, and a machine that slept, change only how many occurrences one plan answers. Reading the clock and
//! making the plan is `remind` in the daemon.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::{Occurrences, Schedule};

/// Until when each schedule was looked at.
#[derive(Debug, Default)]
pub struct Looked(BTreeMap<String, Timestamp>);

/// What a schedule asks for at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It was never planned: it begins here.
    Begins,
    /// Nothing came since it was planned last.
    Rests,
    /// These came, and one plan answers them all.
    Due(Occurrences),
}

impl Looked {
    /// Returns what a schedule asks for, when its newest plan up to `now` was for `planned_before`.
    ///
    /// Of an occurrence that was to rest, `rested_since` says since when: what came then asks for nothing.
    ///
    /// Once the plan is made, say so with [`Looked::planned`]; until then the same is asked for again.
    pub fn turn(
        &mut self,
        (name, cron): (&str, &Schedule),
        planned_before: Option<Timestamp>,
        (now, zone): (Timestamp, &TimeZone),
        rested_since: impl Fn(Timestamp) -> Option<Timestamp>,
    ) -> Turn {
        let looked = self.0.get(name).copied().filter(|at| *at <= now);
        let since = planned_before.max(looked);
        self.0.insert(name.to_owned(), since.unwrap_or(now));
        let Some(since) = since else { return Turn::Begins };
        let mut until = now;
        while let Some(found) = cron.occurrences_between(since, until, zone) {
            let Some(rested) = rested_since(found.newest) else { return Turn::Due(found) };
            let Ok(before) = rested.min(found.newest).checked_sub(1.nanosecond()) else { break };
            until = before;
        }
        Turn::Rests
    }

    /// Notes that the occurrences up to this one are answered.
    pub fn planned(&mut self, name: &str, newest: Timestamp) {
        self.0.insert(name.to_owned(), newest);
    }

    /// Forgets all, where another device plans.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}
