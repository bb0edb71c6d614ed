//! `kith log`: a coffee, a call, a letter; in fields, or in one sentence.

use kith_proto::api::{Done, LogRequest, SentenceRequest, Understood};

use crate::args::Log;
use crate::client::{Client, segment};
use crate::commands::{print_done, print_people, print_undo};
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn run(log: &Log, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let kind = log.kind.map(Into::into);
    if log.text.is_empty() && (log.with.is_some() || log.person.trim().contains(char::is_whitespace)) {
        let request = SentenceRequest { text: log.person.clone(), kind, on: log.on, person: log.with.clone() };
        let understood: Understood = client.post("/v1/interactions", &request)?;
        return printer.show(&understood, |printer, understood| print(printer, understood, &log.person));
    }
    let text = (!log.text.is_empty()).then(|| log.text.join(" "));
    let request = LogRequest { kind, on: log.on, text };
    let done: Done = client.post(&format!("/v1/people/{}/interactions", segment(&log.person)), &request)?;
    print_done(printer, &done)
}

fn print(printer: &mut Printer, understood: &Understood, sentence: &str) -> Result<(), CliError> {
    printer.line(format!("{}: {}", understood.person.name, understood.done))?;
    for note in &understood.notes {
        printer.line(format!("  noted: {}", note.text))?;
    }
    for need in &understood.needs {
        let counts = format!("it counts with: kith confirm {}", need.fact);
        printer.line(format!("  seems to look for: {}  ({counts})", need.text))?;
    }
    print_undo(printer, &understood.facts)?;
    if understood.others.is_empty() {
        return Ok(());
    }
    printer.line(
        "  Of those who could be meant, only they are in a circle or were in touch with you within a year. Others:",
    )?;
    print_people(printer, &understood.others)?;
    printer.line(format!("  (if you meant another: take it back, then: kith log {sentence:?} --with ID)"))
}
