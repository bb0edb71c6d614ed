//! Who is named before they are due: of people who fall due together, as many as the days until then could not name.
//!
//! They come behind everybody else, only where the day has room, and not before the shortest time of their cadence. A cadence
//! alone has none, so that nobody is named early by it. In which order those who are due come is `reason`.
//!
//! ```text
//!  min ───────────────────── today ── a day ── a day ── the day on which 12 are due
//!  12 of them, 3 a day:      3 early  3 early  3 early  3
//! ```

use jiff::{Timestamp, ToSpan as _, civil};

use super::reason::{self, Early, Reason};
use super::{Candidate, Chosen, Day, OPEN_DAYS, Rules, days_between};
use crate::fact::{Kind, Tells};
use crate::id::RecordId;

/// Somebody who will be due: when, when they were named last, who, and whether they may be named today.
struct Ahead<'a> {
    due: civil::Date,
    reminded: Option<civil::Date>,
    candidate: &'a Candidate,
    early: Option<Early>,
}

/// Returns whom a day names before they are due, who are due the soonest first: at most so many as it has room for beside those
/// whom it `named`.
pub(super) fn ahead<'a>(
    candidates: &'a [Candidate],
    rules: &Rules,
    day: &Day,
    named: &[Chosen<'a>],
) -> Vec<Chosen<'a>> {
    let room = rules.number().saturating_sub(named.len());
    let may_be_early = |candidate: &Candidate| candidate.rhythm(rules).is_some_and(|rhythm| rhythm.is_early());
    if room == 0 || !candidates.iter().any(may_be_early) {
        return Vec::new();
    }
    let is_named = |record: RecordId| named.iter().any(|chosen| chosen.candidate.record == record);
    let to_come = candidates.iter().filter(|candidate| !is_named(candidate.record));
    let mut ahead: Vec<Ahead<'a>> = to_come.filter_map(|candidate| will_be_due(candidate, rules, day)).collect();
    ahead.sort_unstable_by_key(|ahead| (ahead.due, ahead.reminded, ahead.candidate.record));
    let number = beyond_room(&mut ahead, rules, day).min(room);
    let early = ahead.into_iter().filter_map(|ahead| Some((ahead.candidate, ahead.early?)));
    let chosen = |(candidate, early)| Chosen { candidate, reasons: vec![Reason::Early(early)] };
    early.take(number).map(chosen).collect()
}

/// Returns how many of those who will be due the days until then cannot name, and leaves only those whom to name today helps.
fn beyond_room(ahead: &mut Vec<Ahead<'_>>, rules: &Rules, day: &Day) -> usize {
    let beyond = |(so_many, ahead): (usize, &Ahead<'_>)| {
        let room = rules.number().saturating_mul(plans_until(ahead.due, day));
        so_many.checked_sub(room).filter(|beyond| *beyond > 0).map(|beyond| (so_many, beyond))
    };
    let full: Vec<(usize, usize)> = (1..).zip(ahead.iter()).filter_map(beyond).collect();
    ahead.truncate(full.last().map_or(0, |(so_many, _)| *so_many));
    full.into_iter().map(|(_, beyond)| beyond).max().unwrap_or(0)
}

/// Returns how many plans are made until a day, behind today's: as far apart as today's and the next.
fn plans_until(due: civil::Date, day: &Day) -> usize {
    let apart = days_between(day.today, day.next).max(1);
    let behind_the_next = days_between(day.next, due);
    if behind_the_next < 0 { 0 } else { usize::try_from(behind_the_next / apart).map_or(0, |plans| plans + 1) }
}

/// Returns when somebody will be due, who is not yet, and was not told of since they may be.
fn will_be_due<'a>(candidate: &'a Candidate, rules: &Rules, day: &Day) -> Option<Ahead<'a>> {
    let rhythm = candidate.rhythm(rules)?;
    let since = candidate.since(&day.zone);
    let ideal = rhythm.ideal().after(since);
    let (from, told) = (rhythm.min().after(since), Tells { kind: Kind::Cadence, on: None });
    let was_told = || day.last_told(candidate, told, Timestamp::MIN).is_some_and(|told| told >= from);
    if ideal <= day.today || was_told() {
        return None;
    }
    let reminded = day.open.get(&candidate.record).copied();
    let rests_until = reminded.map(|reminded| reminded.saturating_add(OPEN_DAYS.days()));
    let due = ideal.max(rests_until.unwrap_or(ideal)).max(candidate.put_off.until().unwrap_or(ideal));
    let early = Reason::Early(Early { rhythm, since });
    let may_come = day.today >= from
        && rests_until.is_none_or(|until| until <= day.today)
        && reason::fits(&early, rules.season)
        && candidate.put_off.lets_pass(&early, day.today);
    Some(Ahead { due, reminded, candidate, early: may_come.then_some(Early { rhythm, since }) })
}
