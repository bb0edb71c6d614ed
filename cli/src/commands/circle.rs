//! `kith circle`: who is in which circle, and proposals for those the owner really writes to.

use kith_proto::api::{Circle, CircleRequest, Done, Suggestion, short_id};

use crate::args::CircleCommand;
use crate::client::{Client, segment};
use crate::commands::{Reply, ask_yes_or_no, print_done};
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn run(command: CircleCommand, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    match command {
        CircleCommand::List => list(client, printer),
        CircleCommand::Set { person, circle } => put(&person, Some(circle), client, printer),
        CircleCommand::Out { person } => put(&person, None, client, printer),
        CircleCommand::Suggest => suggest(client, printer),
    }
}

fn list(client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let circles: Vec<Circle> = client.get("/v1/circles")?;
    printer.show(&circles, |printer, circles| {
        for circle in circles {
            // No brackets within brackets.
            let cadence = circle.cadence.replace(" (", ", ").replace(')', "");
            printer.line(format!("{} (every {cadence})", circle.name))?;
            for person in &circle.people {
                printer.line(format!("  {}  {}", short_id(&person.id), person.name))?;
            }
            if circle.people.is_empty() {
                printer.line("  nobody yet")?;
            }
        }
        Ok(())
    })
}

fn put(person: &str, circle: Option<String>, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let done = request(person, &CircleRequest { circle, declined: false }, client)?;
    print_done(printer, &done)
}

fn suggest(client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let suggestions: Vec<Suggestion> = client.get("/v1/circles/suggestions")?;
    if !printer.can_ask() {
        return printer.show(&suggestions, print_suggestions);
    }
    if suggestions.is_empty() {
        return print_suggestions(printer, &suggestions);
    }
    for suggestion in &suggestions {
        printer.line(format!("{} {}", suggestion.name, suggestion.reason))?;
        let question = format!("  Put them in {:?}, {}? [y/n, q ends] ", suggestion.circle, how_often(suggestion));
        let yes = match ask_yes_or_no(printer, &question, "y or n, or q to end")? {
            Reply::Yes => true,
            Reply::No => false,
            Reply::Enough => break,
        };
        let circle = yes.then(|| suggestion.circle.clone());
        let done = request(&suggestion.person, &CircleRequest { circle, declined: !yes }, client)?;
        printer.line(format!("  {}", done.done))?;
    }
    Ok(())
}

fn print_suggestions(printer: &mut Printer, suggestions: &Vec<Suggestion>) -> Result<(), CliError> {
    if suggestions.is_empty() {
        printer.line("Nobody to propose. kith proposes whom you wrote to four times, or twice where they wrote too, by the mail and")?;
        return printer
            .line("messages that it has seen, as long as they are in no circle, and you declined none for them.");
    }
    for s in suggestions {
        let (person, often) = (short_id(&s.person), how_often(s));
        printer.line(format!("{person}  {}: {:?}, {often} ({})", s.name, s.circle, s.reason))?;
    }
    printer.line("Put somebody in a circle with: kith circle set PERSON CIRCLE")
}

/// Says what a circle means: kith then tells when it has been so long.
fn how_often(suggestion: &Suggestion) -> String {
    format!("to talk about every {}", suggestion.cadence)
}

fn request(person: &str, request: &CircleRequest, client: &Client) -> Result<Done, CliError> {
    client.put(&format!("/v1/people/{}/circle", segment(person)), request)
}
