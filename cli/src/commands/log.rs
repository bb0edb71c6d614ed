//! `kith log`: a coffee, a call, a letter.

use kith_proto::api::{Done, LogRequest};

use crate::args::Log;
use crate::client::{Client, segment};
use crate::commands::print_done;
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn run(log: &Log, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let text = (!log.text.is_empty()).then(|| log.text.join(" "));
    let request = LogRequest { kind: Some(log.kind.into()), on: log.on, text };
    let done: Done = client.post(&format!("/v1/people/{}/interactions", segment(&log.person)), &request)?;
    print_done(printer, &done)
}
