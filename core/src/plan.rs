//! The plan: whom to remind the owner of today, why, and what the next step could be.
//!
//! A reminder is help, not a score: there is no streak, no rank that anybody sees, no guilt. Nobody in no circle is ever
//! mentioned, except on a birthday. When the plan is made is `schedule`; what became of its reminders is `outbox`.
//!
//! ```text
//!  candidates ─▶ not snoozed ─▶ birthday? due? ─▶ birthdays first, then by how overdue ─▶ the day's number ─▶ words
//! ```

pub mod coming;
pub mod device;
pub mod outbox;
pub mod suggest;
mod words;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, civil};
use kith_proto::date::PartialDate;
use kith_proto::interaction::InteractionKind;
use serde::{Deserialize, Serialize};

use crate::cadence::Cadence;
use crate::fact::{OccurrenceId, Reminder};
use crate::id::RecordId;

/// How many people a day's plan names, unless the config says otherwise.
pub const DAILY: usize = 3;

/// How many days a reminder stays open before its person may be planned again. A person who was not written to the same
/// day is not forgotten, but a daily repetition would be nagging.
pub const OPEN_DAYS: i32 = 7;

/// How far back a birthday is made up for, when the daemon was off on the day or the schedule is weekly.
const BELATED_DAYS: i32 = 7;

/// Beyond this many cadences all are equally overdue, so that people lost years ago do not always come before the others.
const OVERDUE_AT_MOST: u64 = 3;

/// One who may be reminded of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The person's id.
    pub record: RecordId,
    /// The name in full.
    pub name: String,
    /// How the reasons call the person.
    pub first_name: String,
    /// The circle, by its name in the config.
    pub circle: Option<String>,
    /// When they last were in touch.
    pub last_interaction: Option<Timestamp>,
    /// When kith first saw the person.
    pub first_seen: Timestamp,
    /// The birthday.
    pub birthday: Option<PartialDate>,
    /// The first day on which a reminder may come again.
    pub snoozed_until: Option<civil::Date>,
    /// Where the person works.
    pub organization: Option<String>,
    /// What the last interaction was.
    pub last_subject_kind: Option<InteractionKind>,
}

/// People the owner wants to talk to equally often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Circle {
    /// Its name: `friends`.
    pub name: String,
    /// How often: `3 weeks`.
    pub cadence: Cadence,
}

/// What the owner set down about reminders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// The circles.
    pub circles: Vec<Circle>,
    /// The most people a day.
    pub daily: usize,
}

/// The day that is planned.
#[derive(Debug, Clone)]
pub struct Day {
    /// The civil date in the owner's zone.
    pub today: civil::Date,
    /// The owner's zone, which decides on which day an interaction was.
    pub zone: TimeZone,
    /// The day of the plan before, if there was one: birthdays since then are not lost.
    pub planned_before: Option<civil::Date>,
    /// On which day each person was last reminded of, while that reminder is still open.
    pub open: BTreeMap<RecordId, civil::Date>,
}

/// One whom the plan names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The person's id.
    pub record: RecordId,
    /// The name in full.
    pub name: String,
    /// Why now, each in words.
    pub reasons: Vec<String>,
    /// One next step, in words.
    pub step: String,
}

/// A birthday that the plan mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Birthday {
    on: civil::Date,
    turns: Option<i16>,
}

/// A cadence that has run out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Overdue {
    cadence: Cadence,
    since: civil::Date,
    days: u32,
}

/// Plans the day: at most `rules.daily` people, birthdays first, then those whose cadence ran out longest ago, measured in
/// cadences.
///
/// Among equals the one not mentioned for longest comes first, then the name, then the id: the same input always gives the
/// same plan.
#[must_use]
pub fn plan(candidates: impl IntoIterator<Item = Candidate>, rules: &Rules, day: &Day) -> Vec<Due> {
    let mut due: Vec<_> = candidates.into_iter().filter_map(|candidate| reason(candidate, rules, day)).collect();
    due.sort_by_cached_key(|(candidate, birthday, overdue)| {
        let overdue = core::cmp::Reverse(overdue.map(in_cadences_permille));
        (
            birthday.is_none(),
            overdue,
            day.open.get(&candidate.record).copied(),
            candidate.name.clone(),
            candidate.record,
        )
    });
    due.truncate(rules.daily);
    due.into_iter().map(|(candidate, birthday, overdue)| in_words(&candidate, birthday, overdue, day)).collect()
}

impl Due {
    /// Returns the reminder as it is written down.
    #[must_use]
    pub fn into_reminder(self, schedule: &str, today: civil::Date) -> Reminder {
        Reminder {
            occurrence: OccurrenceId(format!("{today}/{schedule}/{}", self.record)),
            record: Some(self.record),
            reasons: self.reasons,
            step: Some(self.step),
        }
    }
}

fn reason(candidate: Candidate, rules: &Rules, day: &Day) -> Option<(Candidate, Option<Birthday>, Option<Overdue>)> {
    if candidate.snoozed_until.is_some_and(|until| day.today < until) {
        return None;
    }
    let reminded = day.open.get(&candidate.record).copied();
    if reminded.is_some_and(|reminded| reminded >= day.today) {
        return None;
    }
    let birthday = candidate.birthday.and_then(|born| birthday(born, day));
    let rests = reminded.is_some_and(|reminded| day.today < reminded.saturating_add(OPEN_DAYS.days()));
    let overdue = if rests { None } else { overdue(&candidate, rules, day) };
    (birthday.is_some() || overdue.is_some()).then_some((candidate, birthday, overdue))
}

/// The birthday of today, or one since the plan before.
fn birthday(born: PartialDate, day: &Day) -> Option<Birthday> {
    let missed_days = day.planned_before.map_or(0, |before| days_between(before, day.today) - 1).clamp(0, BELATED_DAYS);
    let days = (0..=missed_days).filter_map(|back| day.today.checked_sub(back.days()).ok());
    days.filter_map(|on| birthday_on(born, on)).next()
}

fn birthday_on(born: PartialDate, on: civil::Date) -> Option<Birthday> {
    let (month, day) = (born.month()?, born.day()?);
    let celebrated = match civil::Date::new(on.year(), month, day) {
        Ok(date) => date,
        // Born on 29 February: in common years the day before 1 March.
        Err(_) => civil::Date::new(on.year(), month, 28).ok()?,
    };
    let turns = born.year().map(|year| on.year() - year).filter(|turns| (1..=130).contains(turns));
    (celebrated == on).then_some(Birthday { on, turns })
}

fn overdue(candidate: &Candidate, rules: &Rules, day: &Day) -> Option<Overdue> {
    let circle = candidate.circle.as_ref()?;
    let cadence = rules.circles.iter().find(|known| known.name == *circle)?.cadence;
    let since = day.zone.to_datetime(candidate.last_interaction.unwrap_or(candidate.first_seen)).date();
    let days = u32::try_from(days_between(cadence.after(since), day.today)).ok()?;
    Some(Overdue { cadence, since, days })
}

fn in_cadences_permille(overdue: Overdue) -> u64 {
    let permille = u64::from(overdue.days) * 1_000 / u64::from(overdue.cadence.approximate_days());
    permille.min(OVERDUE_AT_MOST * 1_000)
}

fn in_words(candidate: &Candidate, birthday: Option<Birthday>, overdue: Option<Overdue>, day: &Day) -> Due {
    let about_birthday = birthday.map(|birthday| words::birthday(candidate, birthday, day.today));
    let about_overdue = overdue.map(|overdue| words::overdue(candidate, overdue, day.today));
    Due {
        record: candidate.record,
        name: candidate.name.clone(),
        reasons: about_birthday.into_iter().chain(about_overdue).collect(),
        step: words::step(candidate, birthday, day.today),
    }
}

fn days_between(from: civil::Date, to: civil::Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests;
