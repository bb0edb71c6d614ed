//! `kith set` and `kith note`: the user's own words about a person.

use kith_proto::api::{Done, SetRequest, TextRequest};

use crate::client::{Client, segment};
use crate::commands::print_done;
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn set(
    person: &str,
    field: String,
    value: Option<String>,
    client: &Client,
    printer: &mut Printer,
) -> Result<(), CliError> {
    let done: Done = client.put(&format!("/v1/people/{}/fields", segment(person)), &SetRequest { field, value })?;
    print_done(printer, &done)
}

pub(super) fn note(person: &str, text: String, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let done: Done = client.post(&format!("/v1/people/{}/notes", segment(person)), &TextRequest { text })?;
    print_done(printer, &done)
}
