//! Reasons: why somebody is to be thought of now, and which reason presses most.
//!
//! Pure and told: what was told already comes behind what was not. Then each reason has a kind, each kind its place, and within a
//! kind the one that waits longest comes first; who is lost long ago comes behind who is not, so that they do not own the list.
//! How it is said is `words`.
//!
//! ```text
//!  promise · birthday · day noted · answer owed · introduction · need · suggestion · news · anniversary at work · cadence · rediscover
//!                                                    (in a search: news and anniversaries at work behind cadence)
//! ```

use core::cmp::Ordering;

use super::gives::{self, Fit, Suggested};
use super::{Candidate, Day, Introducing, Promised, Rules, Unanswered, days_between};
use crate::cadence::Rhythm;
use crate::fact::{Kind, Season, Stage, Tells};
use crate::id::PersonId;
use crate::noted::{NotedDay, comes_back};
use jiff::{Timestamp, ToSpan as _, civil};

/// How far back a birthday, or another day that comes back, is made up for: the daemon was off on the day, the schedule is weekly, or others came first.
const BELATED_DAYS: i32 = 7;

/// A year that lies further back is a mistake of the source.
const YEARS_AT_MOST: i16 = 130;

/// For how many days news may be told.
const NEWS_DAYS: i32 = 21;

/// How many days a message may wait before it is mentioned, and after how many it is not mentioned any more.
pub(super) const WAITING_DAYS: core::ops::RangeInclusive<i32> = 2..=60;

/// For how many days an introduction must have gone no further before it is mentioned, and after how many it is not any more.
pub const INTRODUCTION_DAYS: core::ops::RangeInclusive<i32> = 7..=60;

/// For how many days nothing must have been heard of somebody to be rediscovered.
pub const LOST_DAYS: i32 = 365;

/// How many days lie between two who are rediscovered.
pub(super) const REDISCOVER_EVERY_DAYS: i32 = 14;

/// Beyond so many days after its day, or before it, a promise is as pressing as on that day.
const PROMISE_DAYS: i32 = 90;

/// Why somebody is to be thought of now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// A promise is due.
    Promise(Promised),
    /// It is their birthday.
    Birthday(Anniversary),
    /// It is another day that their card notes.
    Day(NotedDay, Anniversary),
    /// Their message waits for an answer.
    Waiting(Unanswered),
    /// An introduction goes no further.
    Introduction(Introducing),
    /// They look for something that the owner offers.
    Need(Fit),
    /// Somebody could help them, and they do not know each other.
    Suggestion(Suggested),
    /// There is news of them.
    News(civil::Date),
    /// It is the day on which they began where they work.
    Anniversary(Anniversary),
    /// Their cadence, or that of their circle, has run out.
    Cadence(Overdue),
    /// It runs out soon, together with that of more people than the days until then have room for.
    Early(Early),
    /// They have not been heard of for long.
    Rediscover(civil::Date),
}

/// A day that comes back, and that the plan mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anniversary {
    /// The day.
    pub on: civil::Date,
    /// For the how manieth time it comes back, where the year is known and lies behind: how old they become.
    pub years: Option<i16>,
}

/// A cadence that has run out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overdue {
    /// The cadence.
    pub rhythm: Rhythm,
    /// The day of the last contact.
    pub since: civil::Date,
    /// For how many days it has run out.
    pub days: u32,
}

/// A cadence that runs out soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Early {
    /// The cadence.
    pub rhythm: Rhythm,
    /// The day of the last contact.
    pub since: civil::Date,
}

impl Promised {
    /// Returns what telling of it is about.
    const fn tells(&self) -> Tells {
        Tells { kind: Kind::Promise, on: Some(self.due) }
    }
}

impl Reason {
    /// Returns what it is about.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Promise(_) => Kind::Promise,
            Self::Birthday(_) => Kind::Birthday,
            Self::Day(..) => Kind::Day,
            Self::Waiting(_) => Kind::Waiting,
            Self::Introduction(_) => Kind::Introduction,
            Self::Need(_) => Kind::Need,
            Self::Suggestion(_) => Kind::Suggestion,
            Self::News(_) => Kind::News,
            Self::Anniversary(_) => Kind::Anniversary,
            Self::Cadence(_) | Self::Early(_) => Kind::Cadence,
            Self::Rediscover(_) => Kind::Rediscover,
        }
    }

    /// Returns whom it names besides.
    pub(super) const fn other(&self) -> Option<PersonId> {
        match self {
            Self::Introduction(Introducing { other, .. }) | Self::Suggestion(Suggested { other, .. }) => Some(*other),
            Self::Promise(_)
            | Self::Birthday(_)
            | Self::Day(..)
            | Self::Waiting(_)
            | Self::Need(_)
            | Self::News(_)
            | Self::Anniversary(_)
            | Self::Cadence(_)
            | Self::Early(_)
            | Self::Rediscover(_) => None,
        }
    }

    /// Returns what it is about, and its own day.
    #[must_use]
    pub fn tells(&self) -> Tells {
        let on = match self {
            Self::Promise(promised) => return promised.tells(),
            Self::Birthday(day) | Self::Day(_, day) => Some(day.on),
            Self::Need(fit) | Self::Suggestion(Suggested { fit, .. }) => Some(fit.known_on()),
            Self::Waiting(_)
            | Self::Introduction(_)
            | Self::News(_)
            | Self::Anniversary(_)
            | Self::Cadence(_)
            | Self::Early(_)
            | Self::Rediscover(_) => None,
        };
        Tells { kind: self.kind(), on }
    }
}

/// Where a reason stands among others: whether it was told before, the place of its kind, then how long it waits.
pub type Rank = (bool, u8, u64);

/// Returns where a reason of somebody stands among others, the most pressing first: what was told already comes behind all that
/// was not, then the place of its kind counts, then how long it waits.
#[must_use]
pub fn rank(reason: &Reason, candidate: &Candidate, season: Season, day: &Day) -> Rank {
    let (place, waits) = of_kind(reason, season, day.today);
    (is_told(reason, candidate, day), place, waits)
}

/// Whether it was told since it stands, and stands still. What has a day of its own is not told again, an owed promise comes
/// first however often, and who is named early was not told of before.
fn is_told(reason: &Reason, candidate: &Candidate, day: &Day) -> bool {
    let stands_since = match reason {
        Reason::Waiting(unanswered) => unanswered.since,
        Reason::Introduction(introducing) => introducing.since,
        // Whoever was named early was told of it.
        Reason::Cadence(overdue) => overdue.rhythm.min().after(overdue.since),
        Reason::Early(_)
        | Reason::Promise(_)
        | Reason::Birthday(_)
        | Reason::Day(..)
        | Reason::Need(_)
        | Reason::Suggestion(_)
        | Reason::News(_)
        | Reason::Anniversary(_)
        | Reason::Rediscover(_) => return false,
    };
    // Whoever was put off comes again as if it had not been told.
    let named = day.open.get(&candidate.record).copied();
    let told = day.last_told(candidate, reason.tells(), Timestamp::MIN);
    [named, told].into_iter().all(|on| on.is_some_and(|on| on >= stands_since))
}

fn of_kind(reason: &Reason, season: Season, today: civil::Date) -> (u8, u64) {
    let waited = |since: civil::Date| u64::try_from(days_between(since, today)).unwrap_or(0).min(90);
    let longest_first = |amount: u64| u64::MAX - amount;
    let nearest_first = |on: civil::Date| u64::from(days_between(on, today).unsigned_abs());
    match reason {
        Reason::Promise(promised) => (0, longest_first(waited(promised.due.saturating_sub(PROMISE_DAYS.days())))),
        Reason::Birthday(birthday) => (1, nearest_first(birthday.on)),
        Reason::Day(_, noted) => (2, nearest_first(noted.on)),
        Reason::Waiting(unanswered) => (3, longest_first(waited(unanswered.since))),
        Reason::Introduction(introducing) => (4, longest_first(waited(introducing.since))),
        Reason::Need(fit) => (5, longest_first(waited(fit.known_on()))),
        Reason::Suggestion(suggested) => (6, longest_first(waited(suggested.fit.known_on()))),
        Reason::News(_) if season == Season::Search => (10, 0),
        Reason::News(on) => (7, longest_first(waited(*on))),
        Reason::Anniversary(anniversary) if season == Season::Search => (11, nearest_first(anniversary.on)),
        Reason::Anniversary(anniversary) => (8, nearest_first(anniversary.on)),
        Reason::Cadence(overdue) => (9, longest_first(in_cadences_permille(*overdue))),
        Reason::Rediscover(since) => (12, longest_first(waited(*since))),
        Reason::Early(early) => (13, longest_first(waited(early.since))),
    }
}

/// Returns whether a reason is told in a season: in a rest only what others wait for.
pub(super) const fn fits(reason: &Reason, season: Season) -> bool {
    match (season, reason) {
        (Season::Rest, Reason::Promise(_) | Reason::Birthday(_) | Reason::Waiting(_)) => true,
        (_, Reason::Day(..)) => tells_of_days(season),
        (
            Season::Rest,
            Reason::Introduction(_)
            | Reason::Need(_)
            | Reason::Suggestion(_)
            | Reason::News(_)
            | Reason::Anniversary(_)
            | Reason::Cadence(_)
            | Reason::Early(_)
            | Reason::Rediscover(_),
        ) => false,
        (Season::Search | Season::Steady, _) => true,
    }
}

/// Returns whether other days than birthdays, that cards note, are told of in a season.
pub(super) const fn tells_of_days(season: Season) -> bool {
    match season {
        Season::Search | Season::Steady => true,
        Season::Rest => false,
    }
}

/// Returns the reasons that belong to a day, and so are told also of somebody who was named lately: a birthday, another day
/// that their card notes, and promises that come due or did, until they were told.
pub(super) fn dated(candidate: &Candidate, rules: &Rules, day: &Day) -> Vec<Reason> {
    let born = candidate.birthday.and_then(|born| Some((born.month()?, born.day()?, born.year())));
    let birthday = born.and_then(|born| told_on(candidate, born, rules.lead_days, day)).map(Reason::Birthday);
    let noted =
        candidate.days.iter().filter_map(|noted| Some(Reason::Day(*noted, noted_on(candidate, *noted, rules, day)?)));
    let promises = candidate.promises.iter().filter(|promised| falls_due(promised, candidate, day)).cloned();
    birthday.into_iter().chain(noted).chain(promises.map(Reason::Promise)).collect()
}

/// It is due by the next plan and was not told yet, or is due or was, and was not told on its day or since.
fn falls_due(promised: &Promised, candidate: &Candidate, day: &Day) -> bool {
    let told = day.last_told(candidate, promised.tells(), promised.at);
    if day.today < promised.due {
        promised.due <= day.next && told.is_none()
    } else {
        told.is_none_or(|told| told < promised.due)
    }
}

/// Returns the reasons that stay until something is done.
pub(super) fn standing(candidate: &Candidate, rules: &Rules, day: &Day) -> Vec<Reason> {
    let today = day.today;
    let mut found = Vec::new();
    let is_owed = |promised: &&Promised| promised.due <= today && !falls_due(promised, candidate, day);
    // One that is put off hides no other.
    let order = |reason: &Reason| {
        let Reason::Promise(promised) = reason else { return (true, civil::Date::MAX) };
        (!candidate.put_off.lets_pass(reason, today), promised.due)
    };
    found.extend(candidate.promises.iter().filter(is_owed).cloned().map(Reason::Promise).min_by_key(order));
    let waits = |unanswered: &Unanswered| WAITING_DAYS.contains(&days_between(unanswered.since, today));
    found.extend(candidate.waiting.filter(waits).map(Reason::Waiting));
    found.extend(candidate.introduction.filter(|step| goes_on(step, today)).map(Reason::Introduction));
    found.extend(gives::reasons(candidate, day));
    let is_new = |on: &civil::Date| (0..=NEWS_DAYS).contains(&days_between(*on, today));
    let told = day.last_told(candidate, Tells { kind: Kind::News, on: None }, Timestamp::MIN);
    let untold = |on: &civil::Date| told.is_none_or(|told| told < *on);
    if candidate.is_chosen() || candidate.correspondent {
        found.extend(candidate.news.filter(is_new).filter(untold).map(Reason::News));
        let began = candidate.began.and_then(|began| noted_on(candidate, began, rules, day));
        // On the day on which they begin it is news.
        found.extend(began.filter(|began| began.years != Some(0)).map(Reason::Anniversary));
    }
    found.extend(overdue(candidate, rules, day).map(Reason::Cadence));
    found.extend(lost(candidate, day).map(Reason::Rediscover));
    found
}

/// A day that a card notes, as it is told; before its year has come it is nothing yet.
fn noted_on(candidate: &Candidate, noted: NotedDay, rules: &Rules, day: &Day) -> Option<Anniversary> {
    let told = told_on(candidate, (noted.month, noted.day, noted.year), rules.lead_days, day)?;
    noted.year.is_none_or(|year| year <= told.on.year()).then_some(told)
}

/// A day that comes back today, came back on one of the last days, or comes back in as many days as it is told ahead; each of
/// these once: whoever was named since has been told of.
fn told_on(
    candidate: &Candidate,
    (month, of_month, year): (i8, i8, Option<i16>),
    lead_days: i32,
    day: &Day,
) -> Option<Anniversary> {
    let belated_days = if day.planned_before.is_some() { BELATED_DAYS } else { 0 };
    let told = day.today.saturating_sub(belated_days.days())..=day.today.saturating_add(lead_days.days());
    let mut comes = (told.start().year()..=told.end().year()).filter_map(|year| comes_back(month, of_month, year));
    let on = comes.find(|on| told.contains(on))?;
    // Whoever was skipped has heard of it, too.
    let named = day.open.get(&candidate.record).copied().max(candidate.put_off.skip.map(|skip| skip.on));
    let untold_since = |from: civil::Date| named.is_none_or(|named| named < from);
    let seen = || day.zone.to_datetime(candidate.first_seen).date();
    let was_missed = || day.planned_before.is_some_and(|before| before < on);
    // Whoever was in touch on the day or since needs no late word.
    let last = || candidate.last_interaction.map(|last| day.zone.to_datetime(last).date());
    let was_in_touch = || last().is_some_and(|last| (on..=day.today).contains(&last));
    let is_told = match on.cmp(&day.today) {
        Ordering::Equal => true,
        Ordering::Less => untold_since(on) && (was_missed() || on >= seen()) && !was_in_touch(),
        Ordering::Greater => untold_since(on.saturating_sub(lead_days.days())),
    };
    let years = year.map(|year| on.year() - year).filter(|years| (0..=YEARS_AT_MOST).contains(years));
    is_told.then_some(Anniversary { on, years })
}

fn overdue(candidate: &Candidate, rules: &Rules, day: &Day) -> Option<Overdue> {
    let rhythm = candidate.rhythm(rules)?;
    let since = candidate.since(&day.zone);
    let days = u32::try_from(days_between(rhythm.ideal().after(since), day.today)).ok()?;
    Some(Overdue { rhythm, since, days })
}

/// Somebody the owner really wrote to, and did not choose, is thought of now and then; whoever was chosen comes by the cadence.
fn lost(candidate: &Candidate, day: &Day) -> Option<civil::Date> {
    not_in_touch_since(candidate, day).filter(|_| lost_again(candidate, day).is_none())
}

/// Returns from when on somebody not heard of for long may be named, where another one was named lately.
pub(super) fn lost_again(candidate: &Candidate, day: &Day) -> Option<civil::Date> {
    let from = day.rediscovered?.saturating_add(REDISCOVER_EVERY_DAYS.days());
    (day.today < from && not_in_touch_since(candidate, day).is_some()).then_some(from)
}

fn not_in_touch_since(candidate: &Candidate, day: &Day) -> Option<civil::Date> {
    if candidate.is_chosen() || !candidate.correspondent {
        return None;
    }
    let since = day.zone.to_datetime(candidate.last_interaction?).date();
    (days_between(since, day.today) >= LOST_DAYS).then_some(since)
}

/// Returns the first day of which contact answers what is told on `today`; `None` where contact of earlier days answers
/// nothing.
pub(super) fn answered_on(reason: &Reason, today: civil::Date) -> Option<civil::Date> {
    match reason {
        Reason::Cadence(overdue) => Some(overdue.rhythm.ideal().within(today)),
        Reason::Early(early) => Some(early.rhythm.min().within(today)),
        Reason::Rediscover(_) => today.checked_sub((LOST_DAYS - 1).days()).ok(),
        Reason::Promise(_)
        | Reason::Birthday(_)
        | Reason::Day(..)
        | Reason::Waiting(_)
        | Reason::Introduction(_)
        | Reason::Need(_)
        | Reason::Suggestion(_)
        | Reason::News(_)
        | Reason::Anniversary(_) => None,
    }
}

fn goes_on(introducing: &Introducing, today: civil::Date) -> bool {
    let open = match introducing.stage {
        Stage::Suggested | Stage::AskedA | Stage::AskedB | Stage::Made | Stage::Outcome => true,
        Stage::Thanked | Stage::Declined => false,
    };
    open && INTRODUCTION_DAYS.contains(&days_between(introducing.since, today))
}

/// Returns for how many thousandths of their cadence somebody is overdue; for none where they are lost.
fn in_cadences_permille(overdue: Overdue) -> u64 {
    let permille = u64::from(overdue.days) * 1_000 / u64::from(overdue.rhythm.ideal().approximate_days());
    if overdue.rhythm.is_lost(overdue.days) { 0 } else { permille + 1 }
}
