//! `kith undo`: an import, or a word, back.

use kith_proto::api::{ImportSummary, Undone};

use crate::client::{Client, segment};
use crate::commands::{day_and_time, table};
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn run(id: &str, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let undone: Undone = client.delete(&format!("/v1/facts/{}", segment(id)))?;
    printer.show(&undone, |printer, undone| {
        printer.line(format!("{} no longer counts", undone.undone))?;
        printer.line(format!("  (have it again with: kith undo {})", undone.fact))
    })
}

pub(super) fn list(client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let imports: Vec<ImportSummary> = client.get("/v1/imports")?;
    printer.show(&imports, |printer, imports| {
        let mut table = table(&["import", "when", "plugin", "records", "", "what"]);
        for import in imports {
            table.add_row(vec![
                import.import.clone(),
                import.at.map(day_and_time).unwrap_or_default(),
                import.plugin.clone(),
                import.records.to_string(),
                if import.undone { "undone".to_owned() } else { String::new() },
                import.path.clone(),
            ]);
        }
        printer.line(table.to_string())
    })
}
