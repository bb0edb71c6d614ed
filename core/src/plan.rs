//! The plan: whom to remind the owner of today, why, and what the next step could be.
//!
//! A reminder is help, not a score: there is no streak, no rank that anybody sees, no guilt. Nobody in no circle is ever
//! mentioned, except on a birthday. When the plan is made is `schedule`; what became of its reminders is `outbox`.
//!
//! ```text
//!  candidates ─▶ not snoozed ─▶ reasons ─▶ the most pressing first ─▶ the day's number ─▶ words and one next step
//! ```

pub mod coming;
pub mod device;
pub mod event;
pub mod explain;
pub mod outbox;
pub mod reason;
pub mod suggest;
mod words;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, civil};
use kith_proto::date::PartialDate;
use kith_proto::interaction::InteractionKind;
use serde::{Deserialize, Serialize};

use crate::cadence::Cadence;
use crate::fact::{Kind, OccurrenceId, Reminder, Season, Stage};
use crate::id::RecordId;
use crate::plan::reason::Reason;

/// How many people a day's plan names, unless the config says otherwise.
pub const DAILY: usize = 3;

/// How many days a reminder stays open before its person may be planned again. A person who was not written to the same
/// day is not forgotten, but a daily repetition would be nagging.
pub const OPEN_DAYS: i32 = 7;

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
    /// What the owner promised them and has not kept yet.
    pub promises: Vec<Promised>,
    /// Their message that waits longest for an answer, of those that came lately.
    pub waiting: Option<Unanswered>,
    /// An introduction of them that goes no further by itself.
    pub introduction: Option<Introducing>,
    /// What is new about them: `Ana moved to Acme as CTO`, and when it was seen.
    pub news: Option<(civil::Date, String)>,
    /// What they look for.
    pub need: Option<String>,
    /// The owner really wrote to them once, and they are in no circle.
    pub correspondent: bool,
}

/// Something that the owner promised somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promised {
    /// What.
    pub text: String,
    /// By when; without a day a week after it was said.
    pub due: civil::Date,
}

/// A message that waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// When it came.
    pub since: civil::Date,
    /// Its subject line.
    pub subject: Option<String>,
    /// Whether it was a mail or a message.
    pub kind: InteractionKind,
}

/// An introduction that waits for its next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introducing {
    /// How the reasons call the other one.
    pub other: String,
    /// How far it is.
    pub stage: Stage,
    /// Since when.
    pub since: civil::Date,
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
    /// How much networking there is at the moment.
    pub season: Season,
    /// How many days before a birthday it is told, besides the day itself.
    pub lead_days: i32,
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
    /// When somebody not heard of for long was last named.
    pub rediscovered: Option<civil::Date>,
}

/// One whom the plan names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The person's id.
    pub record: RecordId,
    /// The name in full.
    pub name: String,
    /// What it is about, first of all.
    pub kind: Kind,
    /// Why now, each in words.
    pub reasons: Vec<String>,
    /// One next step, in words.
    pub step: String,
}

/// Plans the day: at most `rules.daily` people, in the order of [`reason::rank`].
///
/// Among equals the one not mentioned for longest comes first, then the name, then the id: the same input always gives the
/// same plan. Of those not heard of for long at most one is named, and only where there is room.
#[must_use]
pub fn plan(candidates: impl IntoIterator<Item = Candidate>, rules: &Rules, day: &Day) -> Vec<Due> {
    let mut due: Vec<(Candidate, Vec<Reason>)> =
        candidates.into_iter().filter_map(|candidate| reasons(candidate, rules, day)).collect();
    due.sort_by_cached_key(|(candidate, reasons)| {
        let rank = reasons.iter().map(|reason| reason::rank(reason, rules.season, day.today)).min();
        (rank, day.open.get(&candidate.record).copied(), candidate.name.clone(), candidate.record)
    });
    let mut room_for_the_lost = 1;
    due.retain(|(_, reasons)| {
        let lost = reasons.iter().all(|reason| reason.kind() == Kind::Rediscover);
        room_for_the_lost -= i32::from(lost);
        !lost || room_for_the_lost >= 0
    });
    due.truncate(rules.number());
    due.into_iter().map(|(candidate, reasons)| in_words(candidate, &reasons, rules, day)).collect()
}

impl Rules {
    /// How many people a day the season allows.
    #[must_use]
    pub const fn number(&self) -> usize {
        match self.season {
            Season::Search => self.daily + self.daily.div_ceil(2),
            Season::Steady => self.daily,
            Season::Rest => {
                if self.daily == 0 {
                    0
                } else {
                    1
                }
            }
        }
    }
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
            kind: Some(self.kind),
        }
    }
}

/// Returns why now, the most pressing first; `None` when there is nothing to say.
fn reasons(candidate: Candidate, rules: &Rules, day: &Day) -> Option<(Candidate, Vec<Reason>)> {
    if candidate.snoozed_until.is_some_and(|until| day.today < until) {
        return None;
    }
    let reminded = day.open.get(&candidate.record).copied();
    if reminded.is_some_and(|reminded| reminded >= day.today) {
        return None;
    }
    let rests = reminded.is_some_and(|reminded| day.today < reminded.saturating_add(OPEN_DAYS.days()));
    let mut found = reason::dated(&candidate, rules, day);
    if !rests {
        found.extend(reason::standing(&candidate, rules, day));
    }
    found.retain(|reason| reason::fits(reason, rules.season));
    found.sort_by_key(|reason| reason::rank(reason, rules.season, day.today));
    (!found.is_empty()).then_some((candidate, found))
}

fn in_words(candidate: Candidate, reasons: &[Reason], rules: &Rules, day: &Day) -> Due {
    Due {
        record: candidate.record,
        kind: reasons.first().map_or(Kind::Other, Reason::kind),
        reasons: reasons.iter().map(|reason| words::reason(&candidate, reason, day.today)).collect(),
        step: words::step(&candidate, reasons.first(), rules.season, day.today),
        name: candidate.name,
    }
}

fn days_between(from: civil::Date, to: civil::Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests;
