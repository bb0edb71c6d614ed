//! `kith export`: everyone, one object a line.

use crate::client::Client;
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn run(interactions: bool, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let path = if interactions { "/v1/export?interactions=true" } else { "/v1/export" };
    client.lines(None::<&()>, path, |line| {
        printer.bytes(line)?;
        printer.bytes(b"\n")
    })
}
