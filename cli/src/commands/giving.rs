//! `kith need`, `offer`, `promise`, `close` and `confirm`: what people look for, can help with, and were promised; `giving`: what
//! was given and received.

use kith_proto::api::{Done, GivingReport, WishItem, WishKind, WishRequest, short_id};

use crate::args::Wish;
use crate::client::{Client, segment};
use crate::commands::plan::day_named;
use crate::commands::{day, print_done};
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn wish(
    kind: WishKind,
    wish: Wish,
    by: Option<&str>,
    client: &Client,
    printer: &mut Printer,
) -> Result<(), CliError> {
    let Some(person) = wish.person else { return list(kind, client, printer) };
    let due = by.map(|text| day_named(text, client)).transpose()?;
    let person = Some(person).filter(|person| person != "me");
    let done: Done = client.post("/v1/wishes", &WishRequest { kind, person, text: wish.text.join(" "), due })?;
    print_done(printer, &done)
}

pub(super) fn report(client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let report: GivingReport = client.get("/v1/giving")?;
    printer.show(&report, |printer, report| {
        printer.line(format!("You gave: {}; you received: {}.", report.given.words, report.received.words))?;
        for (title, people) in [("Give first:", &report.give_first), ("You may ask:", &report.may_ask)] {
            if !people.is_empty() {
                printer.line(title)?;
            }
            for person in people {
                printer.line(format!("  {}  {}: {}", short_id(&person.person), person.name, person.why))?;
            }
        }
        Ok(())
    })
}

pub(super) fn close(id: &str, dropped: bool, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let done: Done = client.post(&format!("/v1/wishes/{}/close?dropped={dropped}", segment(id)), &())?;
    print_done(printer, &done)
}

pub(super) fn confirm(id: &str, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let done: Done = client.post(&format!("/v1/wishes/{}/confirm", segment(id)), &())?;
    print_done(printer, &done)
}

fn list(kind: WishKind, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let all: Vec<WishItem> = client.get("/v1/wishes")?;
    let items: Vec<WishItem> = all.into_iter().filter(|item| item.kind == kind).collect();
    printer.show(&items, |printer, items| {
        let (proposed, said): (Vec<&WishItem>, Vec<&WishItem>) =
            items.iter().partition(|item| item.proposed && item.kind == WishKind::Promise);
        if said.is_empty() {
            empty(kind, printer)?;
        }
        for item in &said {
            let due = item.due.map(|due| format!(", by {due}")).unwrap_or_default();
            let proposed = if item.proposed { "  (read from your words; kith confirm ID makes it count)" } else { "" };
            let (text, own) = (wording(item), own(item));
            printer.line(format!("{}  {}: {text}{due}{own}{proposed}", item.fact, item.name))?;
        }
        if !said.is_empty() {
            let dropped =
                if kind == WishKind::Promise { "; what you will not keep: kith close ID --dropped" } else { "" };
            printer.line(format!("What is met, kept or no longer so: kith close ID{dropped}"))?;
        }
        in_mail(&proposed, printer)
    })
}

/// Returns what it is, a promise in quotes: it may be a sentence of the user's own ("I'll send you the draft").
pub(super) fn wording(item: &WishItem) -> String {
    match item.kind {
        WishKind::Promise => format!("\u{201c}{}\u{201d}", item.text),
        WishKind::Need | WishKind::Offer => item.text.clone(),
    }
}

/// Returns what of the user's own fits it, behind its text.
pub(super) fn own(item: &WishItem) -> String {
    let Some(own) = &item.own else { return String::new() };
    match item.kind {
        WishKind::Need => format!(", and you offer \"{own}\""),
        WishKind::Offer => format!(", and you look for \"{own}\""),
        WishKind::Promise => String::new(),
    }
}

fn empty(kind: WishKind, printer: &mut Printer) -> Result<(), CliError> {
    printer.line(match kind {
        WishKind::Need => "Nobody looks for anything, as far as you told: kith need ana \"Rust mentor\"",
        WishKind::Offer => "Nobody offers anything, as far as you told: kith offer bob \"mentors in Rust\"",
        WishKind::Promise => "You owe nobody a promise, as far as you told: kith promise ana \"send the draft\"",
    })
}

/// What seems to be promised in the user's mail, apart from what they said.
fn in_mail(proposed: &[&WishItem], printer: &mut Printer) -> Result<(), CliError> {
    if proposed.is_empty() {
        return Ok(());
    }
    printer.line("Read in your mail, and no promise until you say so: kith confirm ID, or kith close ID")?;
    for item in proposed {
        let due = item.due.map(|due| format!(", by {due}")).unwrap_or_default();
        let on = item.at.map(|at| format!(", your mail of {}", day(at))).unwrap_or_default();
        printer.line(format!("{}  {}{on}: {}{due}", item.fact, item.name, wording(item)))?;
    }
    Ok(())
}
