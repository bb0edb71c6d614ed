//! `kith undo`: imports, or words, back; and what there is to take back.

use kith_proto::api::{ImportSummary, Undone};

use crate::client::{Client, segment};
use crate::commands::{day_and_time, table};
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn run(ids: &[String], client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let mut facts = Vec::new();
    for id in ids {
        let undone: Undone = client.delete(&format!("/v1/facts/{}", segment(id)))?;
        printer.show(&undone, |printer, undone| printer.line(done(undone)))?;
        facts.push(undone.fact);
    }
    if printer.is_json() {
        return Ok(());
    }
    printer.line(format!("  (take that back with: kith undo {})", facts.join(" ")))
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
                remarks(import),
                import.path.clone(),
            ]);
        }
        printer.line(table.to_string())?;
        printer.line("What you said has ids, too: kith words")
    })
}

/// Says what became of a fact, or of those that it had taken back.
fn done(undone: &Undone) -> String {
    match undone.again.as_slice() {
        [] => format!("{} no longer counts", undone.undone),
        [one] => format!("{one} counts again"),
        several => format!("{} count again", several.join(", ")),
    }
}

/// Says what the number of records does not.
fn remarks(import: &ImportSummary) -> String {
    let undone = import.undone.then(|| "undone".to_owned());
    let same = import.same_as.as_ref().map(|earlier| format!("same as {earlier}"));
    undone.into_iter().chain(same).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_of_the_same_content_says_which_it_was() {
        let first = ImportSummary { import: "1f2e3d4c-1".to_owned(), records: 3, ..ImportSummary::default() };
        let again = ImportSummary { records: 0, same_as: Some(first.import.clone()), ..ImportSummary::default() };
        assert_eq!(remarks(&first), "");
        assert_eq!(remarks(&again), "same as 1f2e3d4c-1");
        assert_eq!(remarks(&ImportSummary { undone: true, ..again }), "undone, same as 1f2e3d4c-1");
    }
}
