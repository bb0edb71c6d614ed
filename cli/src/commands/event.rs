//! `kith event`: when it is, whom you want to meet there, and whom you met.

use kith_proto::api::{Done, Event, EventPerson, EventRequest, short_id};

use crate::args::EventArgs;
use crate::client::{Client, segment};
use crate::commands::plan::day_named;
use crate::commands::print_done;
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn run(args: EventArgs, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let EventArgs { name, on, met, want } = args;
    let Some(name) = name else { return list(client, printer) };
    if on.is_none() && met.is_empty() && want.is_empty() {
        let event: Event = client.get(&format!("/v1/events/{}", segment(&name)))?;
        return printer.show(&event, print);
    }
    let on = on.map(|text| day_named(&text, client)).transpose()?;
    let done: Done = client.put("/v1/events", &EventRequest { name, on, met, want })?;
    print_done(printer, &done)
}

fn list(client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let events: Vec<Event> = client.get("/v1/events")?;
    printer.show(&events, |printer, events| {
        if events.is_empty() {
            return printer
                .line("You told of no event, and none is in your calendar: kith event \"RustConf\" --on 2026-12-01");
        }
        events.iter().try_for_each(|event| {
            let when = event.when.as_deref().map(|when| format!(", {when}")).unwrap_or_default();
            let listed = match event.listed.len() {
                0 => String::new(),
                count => format!(", {count} by your calendar"),
            };
            let (wanted, met) = (event.wanted.len(), event.met.len());
            printer.line(format!("{}{when}: {wanted} wanted, {met} met{listed}", event.name))
        })
    })
}

fn print(printer: &mut Printer, event: &Event) -> Result<(), CliError> {
    let when = event.when.as_deref().map(|when| format!(", {when}")).unwrap_or_default();
    printer.line(format!("{}{when}", event.name))?;
    people(printer, "You want to meet:", &event.wanted)?;
    people(printer, "You met:", &event.met)?;
    people(printer, "By your calendar there are:", &event.listed)?;
    if event.wanted.is_empty() && event.met.is_empty() && event.listed.is_empty() {
        printer.line(format!("  nobody yet: kith event {:?} --want PERSON, --met PERSON", event.name))?;
    }
    Ok(())
}

fn people(printer: &mut Printer, title: &str, people: &[EventPerson]) -> Result<(), CliError> {
    if !people.is_empty() {
        printer.line(title)?;
    }
    for person in people {
        printer.line(format!("  {}  {}", short_id(&person.person), person.name))?;
        person.brief.iter().try_for_each(|line| printer.line(format!("    {line}")))?;
    }
    Ok(())
}
