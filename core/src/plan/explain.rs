//! Why a reminder of somebody comes, or does not: what stands in its way first, then what would be said, then what was.
//!
//! It follows the plan step by step and decides nothing itself: the reasons are those of `reason`, the order is that of
//! [`plan`](super::plan).

use jiff::{ToSpan as _, civil};

use super::gives::{self, GIVING_DAYS, Gift, Telling};
use super::put_off::{PutOff, Skip};
use super::reason::{self, Early, REDISCOVER_EVERY_DAYS, Reason, WAITING_DAYS};
use super::{Candidate, Day, OPEN_DAYS, Particulars, Rules, days_between, rests, words};
use crate::fact::{Outcome, Season};

/// Of how many who come before somebody the names are told.
pub const NAMED: usize = 5;

/// What is known of somebody besides what the plan is made from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// They are no person to be reminded of: no source lists them any more, or it is a company, or the owner.
    pub gone: Option<Gone>,
    /// Reminders of them are switched off.
    pub muted: bool,
    /// All reminders are paused until this day.
    pub paused_until: Option<civil::Date>,
    /// Today is a day off.
    pub day_off: bool,
    /// Quiet hours last until then.
    pub quiet_until: Option<civil::Time>,
    /// The day of the next plan, where today none is made any more.
    pub next_plan: Option<civil::Date>,
    /// This device does not remind, and why.
    pub elsewhere: Option<String>,
    /// They are known by LinkedIn alone.
    pub linkedin_only: Linkedin,
    /// When the newest message of theirs came that waits for an answer, however long ago.
    pub waiting: Option<civil::Date>,
    /// Those whom today's plans named or will name, where they take up the day's number: the first few by name.
    pub before: Vec<String>,
    /// How many more there are.
    pub more_before: usize,
    /// Of those not heard of for long another one is named today.
    pub lost_before: Option<String>,
    /// Today's plan names them before they are due, or will.
    pub early: Option<Early>,
    /// The newest reminder of them.
    pub last: Option<Last>,
}

/// Whether somebody is known by LinkedIn alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Linkedin {
    /// They are known otherwise, too.
    #[default]
    NotOnly,
    /// They are.
    Only,
}

/// Why somebody is nobody to be reminded of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// No source lists them any more.
    Retired,
    /// It is no single person, or nothing says that the owner knows them.
    NoPerson,
    /// They are the owner.
    Owner,
    /// They died.
    Died,
}

/// The newest reminder of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Last {
    /// The day.
    pub on: civil::Date,
    /// What became of it on each channel; `None` where it is on its way.
    pub channels: Vec<(String, Option<Outcome>)>,
    /// Whether it was answered.
    pub answered: bool,
}

/// Returns why a reminder of somebody comes or not, each in a sentence: what stands in its way first.
#[must_use]
pub fn explain(candidate: &Candidate, who: &Particulars, rules: &Rules, day: &Day, standing: &Standing) -> Vec<String> {
    let mut told = Vec::new();
    told.extend(standing.gone.map(gone));
    if standing.gone == Some(Gone::Died) {
        return told;
    }
    told.extend(of_all(rules, day, standing));
    told.extend(of_them(candidate, day, standing));
    told.extend(of_the_cadence(candidate, rules, day, standing));
    told.extend(waits(candidate, day, standing));
    told.extend(gives(candidate, day));
    told.extend(lost(candidate, day, standing));
    told.extend(reasons(candidate, who, rules, day, standing));
    if !standing.before.is_empty() {
        told.push(comes_before(standing, rules));
    }
    told.extend(standing.last.iter().map(last));
    told
}

fn gone(gone: Gone) -> String {
    match gone {
        Gone::Retired => "None of your files lists them any more; kith reminds you of nobody who is gone.",
        Gone::NoPerson => "This is no person whom you know: a company, a group, or somebody you never wrote to.",
        Gone::Owner => "This is you.",
        Gone::Died => {
            "A card of theirs says that they died; kith neither reminds you of them nor proposes them for anything."
        }
    }
    .to_owned()
}

/// What holds all reminders up.
fn of_all(rules: &Rules, day: &Day, standing: &Standing) -> Vec<String> {
    let mut told = Vec::new();
    if let Some(until) = standing.paused_until.filter(|until| day.today < *until) {
        told.push(format!("All reminders are paused until {}: kith pause off ends it.", in_words(until)));
    }
    if standing.day_off {
        told.push("Today is a day off in your config.".to_owned());
    }
    if let Some(until) = standing.quiet_until {
        told.push(format!("These are quiet hours, until {}.", until.strftime("%H:%M")));
    }
    if let Some(why) = &standing.elsewhere {
        told.push(format!("This device does not remind: {why}."));
    }
    if let Some(next) = standing.next_plan.filter(|_| told.is_empty()) {
        told.push(format!("Today no plan is made any more; the next one is made on {}.", in_words(next)));
    }
    if rules.season == Season::Rest {
        told.push("It is a rest: only promises, birthdays and answers are told (kith season steady).".to_owned());
    }
    told
}

/// What holds reminders of this one person up.
fn of_them(candidate: &Candidate, day: &Day, standing: &Standing) -> Vec<String> {
    let mut told = Vec::new();
    if standing.muted {
        told.push("Reminders of them are switched off: kith mute NAME --off has them again.".to_owned());
    }
    let PutOff { snoozed_until, skip } = candidate.put_off;
    if let Some(until) = snoozed_until.filter(|until| day.today < *until) {
        told.push(format!("You put them off until {}.", in_words(until)));
    }
    if let Some(Skip { on, until }) = skip.filter(|skip| day.today < skip.until) {
        let (on, until) = (in_words(on), in_words(until));
        told.push(format!(
            "You skipped them on {on}; nothing but a promise, a birthday or another day of theirs comes before {until}."
        ));
    }
    if let Some(reminded) = day.open.get(&candidate.record) {
        let until = reminded.saturating_add(OPEN_DAYS.days());
        if *reminded >= day.today {
            told.push("You were reminded of them today, and nothing more comes today.".to_owned());
        } else if day.today < until {
            let (on, until) = (in_words(*reminded), in_words(until));
            told.push(format!(
                "You were reminded of them on {on}; nothing but a birthday, another day of theirs or a promise that comes due is told before {until}."
            ));
        }
    }
    told
}

/// What the cadence says, of their own or of their circle.
fn of_the_cadence(candidate: &Candidate, rules: &Rules, day: &Day, standing: &Standing) -> Option<String> {
    let Some(rhythm) = candidate.rhythm(rules) else { return Some(without_cadence(candidate, standing)) };
    let (since, ideal) = (candidate.since(&day.zone), rhythm.ideal());
    let due = ideal.after(since);
    if due <= day.today {
        return None;
    }
    let wanted = match (candidate.cadence, &candidate.circle) {
        (None, Some(circle)) => format!("In the circle {circle} you want to talk every {ideal}"),
        (Some(_), _) | (None, None) => format!("You want to talk to them every {ideal}"),
    };
    let counts_from = match candidate.last_interaction {
        Some(_) => "the last time was on",
        None => "kith knows of no contact, and counts from when it first saw them, on",
    };
    let told = format!("{wanted}; {counts_from} {}, so that it is not due until {}.", in_words(since), in_words(due));
    if !rhythm.is_early() {
        return Some(told);
    }
    let from = in_words(rhythm.min().after(since));
    Some(format!("{told} From {from} on it may come before, where more people fall due than the days have room for."))
}

/// Why no cadence brings a reminder.
fn without_cadence(candidate: &Candidate, standing: &Standing) -> String {
    match (&candidate.circle, standing.linkedin_only) {
        (Some(circle), _) => format!("Their circle {circle} is not in your config any more."),
        (None, Linkedin::Only) => "You know them by LinkedIn alone, and they are in no circle: nothing but a birthday, another day of theirs, a promise, an introduction or a message that waits is told of them (kith circle set NAME CIRCLE).".to_owned(),
        (None, Linkedin::NotOnly) => {
            "They are in no circle, so that no cadence brings a reminder (kith circle set NAME CIRCLE).".to_owned()
        }
    }
}

/// Why a message that waits is told of on no day, or not yet.
fn waits(candidate: &Candidate, day: &Day, standing: &Standing) -> Option<String> {
    let waited = |since: civil::Date| days_between(since, day.today);
    if candidate.waiting.is_some_and(|waiting| WAITING_DAYS.contains(&waited(waiting.since))) {
        return None;
    }
    let since = standing.waiting?;
    let (first, last) = (WAITING_DAYS.start(), WAITING_DAYS.end());
    let on = in_words(since);
    if waited(since) > *last {
        return Some(format!(
            "A message of theirs of {on} waits for your answer; after {last} days no reminder tells of it (kith waiting lists it)."
        ));
    }
    let from = since.saturating_add(first.days());
    (day.today < from).then(|| {
        format!(
            "A message of theirs of {on} waits for your answer; it is told from {} on (kith waiting lists it).",
            in_words(from)
        )
    })
}

/// Why what could be given to them is not told today.
fn gives(candidate: &Candidate, day: &Day) -> Vec<String> {
    let why = |gift: Gift<'_>| {
        let need = words::quoted(&gift.fit.need);
        let (what, listed) = match gift.by {
            None => (format!("What you offer for \"{need}\""), "kith giving"),
            Some(_) => (format!("Who could help with \"{need}\""), "kith intro suggest"),
        };
        match gift.telling {
            Telling::Now => None,
            Telling::From(from) => Some(format!("{what} is told from {} on.", in_words(from))),
            Telling::Told(on) => Some(format!("{what} was told on {}, and comes once.", in_words(on))),
            Telling::Past => Some(format!(
                "{what} was known for {} days; no reminder tells of it any more ({listed} does).",
                GIVING_DAYS.end()
            )),
        }
    };
    gives::gifts(candidate, day).filter_map(why).collect()
}

/// Why somebody who was not heard of for long is not named now.
fn lost(candidate: &Candidate, day: &Day, standing: &Standing) -> Option<String> {
    let other = standing.lost_before.as_ref().map(|other| format!("today it is {other}"));
    let lately = || reason::lost_again(candidate, day).map(|from| format!("the next not before {}", in_words(from)));
    let why = other.or_else(lately)?;
    Some(format!("Of those who were not in touch for a year one comes in {REDISCOVER_EVERY_DAYS} days: {why}."))
}

/// Whether something stands in the way of all that could be told today.
fn is_held_up(candidate: &Candidate, day: &Day, standing: &Standing) -> bool {
    let is_paused = standing.paused_until.is_some_and(|until| day.today < until);
    let is_full = standing.next_plan.is_some() || !standing.before.is_empty() || standing.lost_before.is_some();
    let of_all = standing.day_off || is_paused || is_full || standing.elsewhere.is_some();
    let is_named_today = day.open.get(&candidate.record).is_some_and(|named| *named >= day.today);
    of_all || standing.gone.is_some() || standing.muted || is_named_today
}

/// What is told today, or would be.
fn reasons(candidate: &Candidate, who: &Particulars, rules: &Rules, day: &Day, standing: &Standing) -> Vec<String> {
    let of_the_day = reason::dated(candidate, rules, day).into_iter().map(|reason| (reason, false));
    let of_any_day = reason::standing(candidate, rules, day).into_iter().map(|reason| {
        let rests = rests(&reason, candidate, day);
        (reason, rests)
    });
    let early = standing.early.map(|early| (Reason::Early(early), false));
    let mut found: Vec<(Reason, bool)> = of_the_day.chain(of_any_day).chain(early).collect();
    found.retain(|(reason, _)| reason::fits(reason, rules.season));
    found.sort_by_key(|(reason, _)| reason::rank(reason, candidate, rules.season, day));
    if found.is_empty() {
        return vec!["There is nothing to tell today.".to_owned()];
    }
    let talk = words::Talk { candidate, who, today: day.today };
    let is_held_up = is_held_up(candidate, day, standing);
    let is_put_off = |reason: &Reason| !candidate.put_off.lets_pass(reason, day.today);
    let in_words = |(reason, rests): &(Reason, bool)| {
        let begin = if *rests || is_held_up || is_put_off(reason) { "It would be told" } else { "To be told" };
        format!("{begin}: {}", talk.reason(reason))
    };
    found.iter().map(in_words).collect()
}

fn comes_before(standing: &Standing, rules: &Rules) -> String {
    let named = standing.before.join(", ");
    let more = match standing.more_before {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("A day names {} at most, and these come before them: {named}{more}.", rules.number())
}

fn last(last: &Last) -> String {
    let on = in_words(last.on);
    let channel = |(channel, outcome): &(String, Option<Outcome>)| match outcome {
        Some(Outcome::Delivered) => format!("shown by {channel}"),
        Some(Outcome::Failed(why)) => format!("not shown by {channel}: {why}"),
        Some(Outcome::Overtaken) => format!("over before {channel} told of it"),
        None => format!("still waits for {channel} (kith doctor tells more)"),
    };
    let told: Vec<String> = last.channels.iter().map(channel).collect();
    let told =
        if told.is_empty() { "no channel has taken it yet; kith today shows it".to_owned() } else { told.join("; ") };
    let answered = if last.answered { " Nothing of it is open any more." } else { "" };
    format!("The last reminder was planned on {on}: {told}.{answered}")
}

fn in_words(date: civil::Date) -> String {
    date.strftime("%A, %-d %B %Y").to_string()
}

#[cfg(test)]
mod tests;
