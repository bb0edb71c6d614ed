//! `kith report`: what came of an import, with all that was wrong in it.

use kith_proto::api::{ImportReport, ImportSummary};

use crate::client::{Client, segment};
use crate::commands::import;
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn run(import: Option<String>, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let Some(id) = import.map_or_else(|| newest(client), |id| Ok(Some(id)))? else {
        return printer.show(&(), |printer, ()| {
            printer.line("There is no report: nothing was imported yet, or it was of people who are forgotten.")
        });
    };
    let report: ImportReport = client.get(&format!("/v1/imports/{}", segment(&id)))?;
    printer.show(&report, import::print_whole)
}

fn newest(client: &Client) -> Result<Option<String>, CliError> {
    let imports: Vec<ImportSummary> = client.get("/v1/imports")?;
    Ok(imports.into_iter().find(|import| import.report).map(|newest| newest.import))
}
