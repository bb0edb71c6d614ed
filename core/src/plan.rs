//! The plan: whom to remind the owner of today, why, and what the next step could be.
//!
//! A reminder is help, not a score: there is no streak, no rank that anybody sees, no guilt. Nobody in no circle has a
//! cadence; of them only what waits for the owner, has a day of its own, is news or could be given is told, and now and then one who is lost. When the plan is made is `schedule`; what became of its reminders is `outbox`.
//!
//! ```text
//!  candidates ─▶ reasons ─▶ not put off ─▶ the most pressing first ─▶ the day's number ─▶ Chosen ─ particulars ─▶ words, one next step
//! ```

pub mod brief;
pub mod coming;
pub mod device;
mod early;
pub mod event;
pub mod explain;
pub mod gives;
pub mod heading;
pub mod once;
pub mod outbox;
pub mod put_off;
pub mod reason;
pub mod retell;
pub mod suggest;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, civil};
use kith_proto::date::PartialDate;
use kith_proto::interaction::InteractionKind;
use serde::{Deserialize, Serialize};

use crate::cadence::Rhythm;
use crate::fact::{Kind, OccurrenceId, Reminder, Season, Stage, Tells};
use crate::id::{PersonId, RecordId};
use crate::noted::NotedDay;
use crate::plan::gives::{Fit, Suggested};
use crate::plan::put_off::PutOff;
use crate::plan::reason::{Early, Reason};
use crate::row::RowNo;

/// How many people a day's plan names, unless the config says otherwise.
pub const DAILY: usize = 3;

/// How many days a reminder stays open before its person may be planned again. A person who was not written to the same
/// day is not forgotten, but a daily repetition would be nagging.
pub const OPEN_DAYS: i32 = 7;

/// One who may be reminded of: what deciding needs, and no more, for there are many. What is said is [`Particulars`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The person's id.
    pub record: RecordId,
    /// The circle, by its name in the config.
    pub circle: Option<Arc<str>>,
    /// A cadence of their own, which counts before their circle's.
    pub cadence: Option<Rhythm>,
    /// When they last were in touch.
    pub last_interaction: Option<Timestamp>,
    /// When kith first saw the person.
    pub first_seen: Timestamp,
    /// The birthday.
    pub birthday: Option<PartialDate>,
    /// How reminders of them are put off.
    pub put_off: PutOff,
    /// What the owner promised them and has not kept yet.
    pub promises: Vec<Promised>,
    /// Their message that waits longest for an answer, of those that came lately.
    pub waiting: Option<Unanswered>,
    /// An introduction of them that goes no further by itself.
    pub introduction: Option<Introducing>,
    /// What they look for and the owner offers.
    pub needs: Vec<Fit>,
    /// Those who could help them, and whom they do not know.
    pub suggestions: Vec<Suggested>,
    /// When there was news of them.
    pub news: Option<civil::Date>,
    /// The other days that their cards note, but for the next.
    pub days: Vec<NotedDay>,
    /// The day on which they began where they work.
    pub began: Option<NotedDay>,
    /// The owner really wrote to them once, and they are in no circle.
    pub correspondent: bool,
}

impl Candidate {
    /// Returns somebody of whom nothing is known but when they were first seen.
    #[must_use]
    pub const fn new(record: RecordId, first_seen: Timestamp) -> Self {
        Self {
            record,
            circle: None,
            cadence: None,
            last_interaction: None,
            first_seen,
            birthday: None,
            put_off: PutOff::NOT,
            promises: Vec::new(),
            waiting: None,
            introduction: None,
            needs: Vec::new(),
            suggestions: Vec::new(),
            news: None,
            days: Vec::new(),
            began: None,
            correspondent: false,
        }
    }

    /// Returns whether the owner chose them: they are in a circle, or have a cadence of their own.
    #[must_use]
    pub const fn is_chosen(&self) -> bool {
        self.circle.is_some() || self.cadence.is_some()
    }

    fn rhythm(&self, rules: &Rules) -> Option<Rhythm> {
        rhythm_of(self.cadence, self.circle.as_deref(), &rules.circles)
    }

    fn since(&self, zone: &TimeZone) -> civil::Date {
        counts_from(self.last_interaction, self.first_seen, zone)
    }
}

/// Returns the day from which a cadence counts: of the last contact, else on which somebody was first seen.
#[must_use]
pub fn counts_from(last_interaction: Option<Timestamp>, first_seen: Timestamp, zone: &TimeZone) -> civil::Date {
    zone.to_datetime(last_interaction.unwrap_or(first_seen)).date()
}

/// What is said of somebody whom the plan names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Particulars {
    /// The name in full.
    pub name: String,
    /// How the reasons call the person.
    pub first_name: String,
    /// Where the person works.
    pub organization: Option<String>,
    /// What the last interaction was.
    pub last_kind: Option<InteractionKind>,
    /// The subject line of the message that waits.
    pub subject: Option<String>,
    /// How the reasons call the one whom they are introduced to.
    pub other: String,
    /// How the reasons call those whom they could be introduced to.
    pub helpers: BTreeMap<PersonId, String>,
    /// What the owner said of that introduction.
    pub introduction: Option<String>,
    /// What is new about them: `Ana moved to Acme as CTO`.
    pub news: Option<String>,
    /// One congratulates on it.
    pub news_is_glad: bool,
    /// What they look for; that which the owner offers, if any.
    pub need: Option<String>,
    /// What the owner offers of that.
    pub offer: Option<String>,
    /// What the owner looks for; that which they can help with, if any.
    pub sought: Option<String>,
    /// The labels of the days that their cards note, of each day in one.
    pub labels: BTreeMap<NotedDay, String>,
}

/// Something that the owner promised somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promised {
    /// What.
    pub text: String,
    /// By when; without a day a week after it was said.
    pub due: civil::Date,
    /// When it was said.
    pub at: Timestamp,
}

/// A message that waits for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unanswered {
    /// When it came.
    pub since: civil::Date,
    /// Its row.
    pub row: RowNo,
}

/// An introduction that waits for its next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Introducing {
    /// The other one.
    pub other: PersonId,
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
    /// How often: `3 weeks`, `3 weeks (2 weeks to 2 months)`.
    pub cadence: Rhythm,
}

/// Returns how often the owner wants to talk to somebody: by a cadence of their `own`, else by that of their circle. `None` where
/// they have neither, or the config has no circle of that name.
#[must_use]
pub fn rhythm_of(own: Option<Rhythm>, circle: Option<&str>, circles: &[Circle]) -> Option<Rhythm> {
    own.or_else(|| circles.iter().find(|known| Some(known.name.as_str()) == circle).map(|known| known.cadence))
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
    /// How many days before a birthday, or another day that comes back, it is told, besides the day itself.
    pub lead_days: i32,
}

/// The day that is planned.
#[derive(Debug, Clone)]
pub struct Day {
    /// The civil date in the owner's zone.
    pub today: civil::Date,
    /// The day of the next plan: a promise that is due by then is told ahead.
    pub next: civil::Date,
    /// The owner's zone, which decides on which day an interaction was.
    pub zone: TimeZone,
    /// The day of the plan before, if there was one: birthdays and other days that it could not tell of are told belatedly.
    pub planned_before: Option<civil::Date>,
    /// On which day each person was last reminded of, whether they were written to since or not; nobody who was put off.
    pub open: BTreeMap<RecordId, civil::Date>,
    /// When each thing was told last, by of whom.
    pub told: BTreeMap<(RecordId, Tells), Timestamp>,
    /// What was told that could be given to each person, in its words, and when; of nobody who was put off.
    pub given: BTreeMap<RecordId, Vec<(Timestamp, String)>>,
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
    /// What each reason is about.
    pub tells: Vec<Tells>,
    /// Whom the reasons name besides.
    pub names: Vec<RecordId>,
}

/// One whom the plan names, and why; how that is said is [`Chosen::said`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen<'a> {
    /// Who.
    pub candidate: &'a Candidate,
    /// Why, the most pressing first.
    pub reasons: Vec<Reason>,
}

/// Plans the day: at most as many people as the season allows, of all who are [`ranked`]. Of those not heard of for long at
/// most one is named, and only where there is room; where there still is, people come ahead who would fall due together.
#[must_use]
pub fn plan<'a>(candidates: &'a [Candidate], rules: &Rules, day: &Day) -> Vec<Chosen<'a>> {
    let mut room_for_the_lost = 1;
    let due = ranked(candidates, rules, day).into_iter().filter(|chosen| {
        let lost = chosen.reasons.iter().all(|reason| reason.kind() == Kind::Rediscover);
        room_for_the_lost -= i32::from(lost);
        !lost || room_for_the_lost >= 0
    });
    let mut named: Vec<Chosen<'a>> = due.take(rules.number()).collect();
    named.extend(early::ahead(candidates, rules, day, &named));
    named
}

/// Returns all of whom there is something to say today, in the order of [`reason::rank`].
///
/// Among equals the one not mentioned for longest comes first, then the id, which is no order that anybody could read: the
/// same input always gives the same plan, whatever its order.
#[must_use]
pub fn ranked<'a>(candidates: &'a [Candidate], rules: &Rules, day: &Day) -> Vec<Chosen<'a>> {
    let mut due: Vec<(_, Chosen<'a>)> =
        candidates.iter().filter_map(|candidate| chosen(candidate, rules, day)).collect();
    due.sort_unstable_by_key(|(order, _)| *order);
    due.into_iter().map(|(_, chosen)| chosen).collect()
}

impl Chosen<'_> {
    /// Returns what it is about, first of all.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.reasons.first().map_or(Kind::Other, Reason::kind)
    }

    /// Returns how they come before they are due, where that is why.
    #[must_use]
    pub fn early(&self) -> Option<Early> {
        let early = |reason: &Reason| if let Reason::Early(early) = reason { Some(*early) } else { None };
        self.reasons.iter().find_map(early)
    }

    /// Returns from when on contact settles what it tells for want of contact: what was not known of when it was planned, such
    /// as a mail that is imported later, does as well.
    #[must_use]
    pub fn answered_from(&self, day: &Day) -> Option<Timestamp> {
        let days = self.reasons.iter().filter_map(|reason| reason::answered_on(reason, day.today));
        Some(days.max()?.to_zoned(day.zone.clone()).ok()?.timestamp())
    }

    /// Returns it in words.
    #[must_use]
    pub fn said(&self, who: Particulars, season: Season, today: civil::Date) -> Due {
        let talk = words::Talk { candidate: self.candidate, who: &who, today };
        Due {
            record: self.candidate.record,
            kind: self.kind(),
            reasons: self.reasons.iter().map(|reason| talk.reason(reason)).collect(),
            step: talk.step(self.reasons.first(), season),
            tells: self.reasons.iter().map(Reason::tells).collect(),
            names: self.reasons.iter().filter_map(Reason::other).collect(),
            name: who.name,
        }
    }
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
            record: Some(self.record),
            step: Some(self.step),
            kind: Some(self.kind),
            tells: self.tells,
            names: self.names,
            ..Reminder::new(OccurrenceId(format!("{today}/{schedule}/{}", self.record)), self.reasons)
        }
    }
}

/// What comes first: the rank of the most pressing reason, then who was not mentioned for longest.
type Order = (reason::Rank, Option<civil::Date>, RecordId);

/// Returns why now, the most pressing first, and what it comes before; `None` when there is nothing to say.
fn chosen<'a>(candidate: &'a Candidate, rules: &Rules, day: &Day) -> Option<(Order, Chosen<'a>)> {
    let reminded = day.open.get(&candidate.record).copied();
    if reminded.is_some_and(|reminded| reminded >= day.today) {
        return None;
    }
    let mut reasons = reason::dated(candidate, rules, day);
    reasons.extend(reason::standing(candidate, rules, day).into_iter().filter(|reason| !rests(reason, candidate, day)));
    let passes = |reason: &Reason| candidate.put_off.lets_pass(reason, day.today);
    reasons.retain(|reason| reason::fits(reason, rules.season) && passes(reason));
    reasons.sort_by_key(|reason| reason::rank(reason, candidate, rules.season, day));
    let rank = reason::rank(reasons.first()?, candidate, rules.season, day);
    Some(((rank, reminded, candidate.record), Chosen { candidate, reasons }))
}

/// Whether somebody was named so lately that a reason without a day of its own is not told. A promise that is told again after
/// a skip has one.
fn rests(reason: &Reason, candidate: &Candidate, day: &Day) -> bool {
    let Some(reminded) = day.open.get(&candidate.record).copied() else { return false };
    let is_owed_again = candidate.put_off.owes_again(reason, reminded, day.today);
    !is_owed_again && day.today < reminded.saturating_add(OPEN_DAYS.days())
}

impl Day {
    /// Notes that somebody is reminded of at an instant, for some reasons.
    pub fn tell(&mut self, of: RecordId, tells: impl IntoIterator<Item = Tells>, at: Timestamp) {
        for tells in tells {
            let last = self.told.entry((of, tells)).or_insert(at);
            *last = at.max(*last);
        }
    }

    /// Notes in which words it is told what could be given to somebody.
    pub fn give(&mut self, of: RecordId, told: &[Tells], reasons: &[String], at: Timestamp) {
        let is_given = |(told, _): &(&Tells, &String)| matches!(told.kind, Kind::Need | Kind::Suggestion);
        let given = told.iter().zip(reasons).filter(is_given).map(|(_, reason)| (at, reason.clone()));
        self.given.entry(of).or_default().extend(given);
    }

    /// Returns on which day something was told last of somebody, since an instant.
    fn last_told(&self, of: &Candidate, tells: Tells, since: Timestamp) -> Option<civil::Date> {
        let told = self.told.get(&(of.record, tells)).filter(|told| **told >= since)?;
        Some(self.zone.to_datetime(*told).date())
    }
}

fn days_between(from: civil::Date, to: civil::Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests;
