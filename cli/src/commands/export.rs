//! `kith export`: everyone, one object a line, or one vCard a person.

use crate::client::Client;
use crate::error::CliError;
use crate::printer::Printer;

/// Returns where kithd has what is asked for.
pub(super) const fn path(vcard: bool, interactions: bool) -> &'static str {
    match (vcard, interactions) {
        (true, _) => "/v1/export?format=vcard",
        (false, true) => "/v1/export?interactions=true",
        (false, false) => "/v1/export",
    }
}

pub(super) fn run(path: &str, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    client.lines(None::<&()>, path, |line| {
        printer.bytes(line)?;
        printer.bytes(b"\n")
    })
}
