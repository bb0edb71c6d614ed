//! What could be given: something that somebody looks for and the owner offers, or somebody else whom they do not know.
//!
//! Each need is told once, whoever else could meet it later: what was told is known by its words.
//!
//! ```text
//!  known ─ 2 days, for they have just talked ─▶ told once ──────────── 60 days ─▶ let be
//!                                               put off until ── 60 days more ─▶
//! ```

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, civil};

use super::reason::Reason;
use super::retell::{is_of_need, is_of_own_offer};
use super::{Candidate, Day, days_between};
use crate::give::Field;
use crate::id::PersonId;

/// After how many days it is told what could be given, and after how many it is not any more.
pub const GIVING_DAYS: core::ops::RangeInclusive<i32> = 2..=60;

/// Something that somebody looks for, and what of somebody else meets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    /// What is looked for.
    pub need: String,
    /// What meets it.
    pub offer: String,
    /// Since when it is looked for.
    pub needed: Timestamp,
    /// Since when both are known.
    pub since: Timestamp,
}

impl Fit {
    /// Returns the day since when both are known, in UTC: the same wherever the owner is.
    #[must_use]
    pub fn known_on(&self) -> civil::Date {
        TimeZone::UTC.to_datetime(self.since).date()
    }
}

/// Somebody who could help, and whom it would help to be introduced to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggested {
    /// Who could help.
    pub other: PersonId,
    /// With what.
    pub fit: Fit,
    /// How that is known.
    pub by: Field,
}

/// When something that could be given is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Telling {
    /// It is told.
    Now,
    /// It is told from this day on.
    From(civil::Date),
    /// It was told on this day.
    Told(civil::Date),
    /// It has been known for too long.
    Past,
}

/// Something that could be given to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gift<'a> {
    /// What.
    pub(super) fit: &'a Fit,
    /// By whom; the owner, where it is nobody else.
    pub(super) by: Option<&'a Suggested>,
    /// What today's plan makes of it.
    pub(super) telling: Telling,
}

impl Gift<'_> {
    fn reason(self) -> Reason {
        self.by.map_or_else(|| Reason::Need(self.fit.clone()), |suggested| Reason::Suggestion(suggested.clone()))
    }
}

/// Returns all that could be given to somebody.
pub(super) fn gifts<'a>(candidate: &'a Candidate, day: &Day) -> impl Iterator<Item = Gift<'a>> {
    let own = candidate.needs.iter().map(|fit| (fit, None));
    let others = candidate.suggestions.iter().map(|suggested| (&suggested.fit, Some(suggested)));
    own.chain(others).map(move |(fit, by)| {
        let tells_of_it = |(at, reason): &&(Timestamp, String)| {
            *at >= fit.needed && is_of_need(reason, &fit.need) && by.is_none() == is_of_own_offer(reason)
        };
        let given = day.given.get(&candidate.record);
        let told =
            given.and_then(|given| given.iter().find(tells_of_it)).map(|(at, _)| day.zone.to_datetime(*at).date());
        Gift { fit, by, telling: told.map_or_else(|| telling(fit.known_on(), candidate, day), Telling::Told) }
    })
}

/// Returns the reasons of what is told today.
pub(super) fn reasons(candidate: &Candidate, day: &Day) -> impl Iterator<Item = Reason> {
    gifts(candidate, day).filter(|gift| gift.telling == Telling::Now).map(Gift::reason)
}

/// When it is told, known since a day and not told yet. The time in which somebody is put off counts for nothing.
fn telling(since: civil::Date, candidate: &Candidate, day: &Day) -> Telling {
    let from = since.saturating_add(GIVING_DAYS.start().days());
    let counts_from = candidate.put_off.until().map_or(since, |until| until.max(since));
    if day.today < from {
        Telling::From(from)
    } else if days_between(counts_from, day.today) > *GIVING_DAYS.end() {
        Telling::Past
    } else {
        Telling::Now
    }
}
