//! `kith plan`, `waiting`, `pause`, `season`, `mute` and `skip`: what is to come, and how much of it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kith_proto::api::{
    Done, MuteRequest, NotNeededRequest, PauseRequest, PlannedItem, Season, SeasonRequest, Today, WaitingThread,
    short_id,
};
use kith_sentence::day::{that_comes, that_was};

use crate::args::SeasonName;
use crate::client::{Client, segment};
use crate::commands::{day, day_and_time, print_done};
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn plan(days: u16, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let items: Vec<PlannedItem> = client.get(&format!("/v1/plan?days={days}"))?;
    printer.show(&items, |printer, items| {
        if items.is_empty() {
            printer.line(format!("Nobody in the next {days} days, as things stand."))?;
        }
        let mut before = None;
        for item in items {
            if item.at != before {
                printer.line(item.at.map(day_and_time).unwrap_or_default())?;
                before = item.at;
            }
            printer.line(format!("  {}", item.name))?;
            item.reasons.iter().try_for_each(|reason| printer.line(format!("    {reason}")))?;
            item.next_step.iter().try_for_each(|step| printer.line(format!("    → {step}")))?;
            match item.more {
                0 => {}
                1 => printer.line("    comes once more in these days, unless something is done")?,
                more => printer.line(format!("    comes {more} times more in these days, unless something is done"))?,
            }
        }
        Ok(())
    })
}

pub(super) fn waiting(all: bool, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let threads: Vec<WaitingThread> = client.get("/v1/waiting")?;
    printer.show(&threads, |printer, threads| {
        if threads.is_empty() {
            return printer.line("No mail or message waits for your answer, of those that kith has seen.");
        }
        let (known, others): (Vec<_>, Vec<_>) = threads.iter().partition(|thread| thread.known);
        let (often, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|thread| thread.often && !all);
        known.into_iter().try_for_each(|thread| print_thread(printer, thread))?;
        if !others.is_empty() {
            printer.line("From people whom you do not know:")?;
        }
        others.into_iter().try_for_each(|thread| print_thread(printer, thread))?;
        if !often.is_empty() {
            printer.line(format!("{}: kith waiting --all", left_out(&often)))?;
        }
        printer.line("One that needs no answer: kith waiting --not-needed ID")
    })
}

fn print_thread(printer: &mut Printer, thread: &WaitingThread) -> Result<(), CliError> {
    let subject = thread.subject.as_deref().unwrap_or("(no subject)");
    printer.line(format!("{}  {}  {}: {subject}", day(thread.since), short_id(&thread.message), thread.name))
}

/// Says how much is not listed: `and 623 more from 12 who write often and to whom you never wrote`.
fn left_out(often: &[&WaitingThread]) -> String {
    let senders: BTreeSet<&str> = often.iter().map(|thread| thread.person.as_str()).collect();
    let who = if senders.len() == 1 { "one who writes" } else { "senders who write" };
    let count = if senders.len() == 1 { String::new() } else { format!("{} ", senders.len()) };
    format!("And {} more, of {count}{who} often and to whom you never wrote", often.len())
}

pub(super) fn not_needed(id: &str, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let done: Done = client.post("/v1/waiting/not-needed", &NotNeededRequest { message: id.to_owned() })?;
    print_done(printer, &done)
}

pub(super) fn pause(words: &[String], client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let until = match words.as_slice() {
        ["off"] => None,
        ["until", day @ ..] | day if !day.is_empty() => Some(day_named(&day.join(" "), client)?),
        [] | [_, ..] => return Err(CliError::NoDay(words.join(" "))),
    };
    let done: Done = client.put("/v1/pause", &PauseRequest { until })?;
    print_done(printer, &done)
}

pub(super) fn season(season: Option<SeasonName>, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    if let Some(season) = season {
        let done: Done = client.put("/v1/season", &SeasonRequest { season: season.into() })?;
        return print_done(printer, &done);
    }
    let now: SeasonRequest = client.get("/v1/season")?;
    printer.show(&now, |printer, now| {
        printer.line(match now.season {
            Season::Search => "search: more people a day, and what you look for may be said",
            Season::Steady => "steady: as many people a day as `daily` in the config says",
            Season::Rest => "rest: promises, birthdays and answers only, one a day",
        })
    })
}

pub(super) fn mute(person: &str, muted: bool, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let done: Done = client.put(&format!("/v1/people/{}/mute", segment(person)), &MuteRequest { muted })?;
    print_done(printer, &done)
}

pub(super) fn skip(person: &str, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let done: Done = client.post(&format!("/v1/people/{}/skip", segment(person)), &())?;
    print_done(printer, &done)
}

/// Reads the day that comes: 2026-12-24, tomorrow, fri, "Friday 11 December"; kithd knows which day it is. A day that says that
/// it was, such as yesterday, is that day: kithd says that it is past.
pub(super) fn day_named(text: &str, client: &Client) -> Result<Date, CliError> {
    day_as(text, client, |text, today| that_comes(text, today).or_else(|| that_was(text, today)))
}

/// Reads the day that was: 2026-11-23, yesterday, fri, "11 November".
pub(super) fn day_that_was(text: &str, client: &Client) -> Result<Date, CliError> {
    day_as(text, client, that_was)
}

fn day_as(text: &str, client: &Client, read: fn(&str, Date) -> Option<Date>) -> Result<Date, CliError> {
    let wrong = || CliError::NoDay(text.to_owned());
    let today: Today = client.get("/v1/today")?;
    read(text, today.date.ok_or_else(wrong)?).ok_or_else(wrong)
}
