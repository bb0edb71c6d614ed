//! `kith merge`: people who are one.

use kith_proto::api::{Done, MergeRequest, Person};

use crate::client::{Client, segment};
use crate::commands::{place, print_undo};
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn run(person: &str, with: Vec<String>, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let done: Done = client.post(&format!("/v1/people/{}/merge", segment(person)), &MergeRequest { with })?;
    if printer.is_json() {
        return printer.object(&done);
    }
    let Some(merged) = &done.person else { return print_undo(printer, &done.facts) };
    let merged: Person = client.get(&format!("/v1/people/{}", segment(&merged.id)))?;
    let headline = merged.headline.as_deref().map(|headline| format!(", {headline}")).unwrap_or_default();
    printer.line(format!("{}{headline}: {}, of {} records", merged.name, done.done, merged.records.len()))?;
    for reached in [&merged.emails, &merged.phones, &merged.profiles] {
        if !reached.is_empty() {
            printer.line(format!("  {}", reached.join(", ")))?;
        }
    }
    for record in &merged.records {
        printer.line(format!("  from {}", place(&record.source, &record.file, record.position)))?;
    }
    print_undo(printer, &done.facts)
}
