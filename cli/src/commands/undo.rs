//! `kith undo`: imports, or words, back; and what there is to take back.

use kith_proto::api::{ImportSummary, StillListed, Undone};

use crate::client::{Client, segment};
use crate::commands::{day_and_time, table};
use crate::error::CliError;
use crate::printer::Printer;

/// How many imports are named that still list people.
const IMPORTS_NAMED: usize = 5;

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
    let what = if undone.what.is_empty() { String::new() } else { format!(" ({})", undone.what.join("; ")) };
    match undone.again.as_slice() {
        [] => format!("{}{what} no longer counts{}", undone.undone, parted(undone)),
        [one] => format!("{one}{what} counts again"),
        several => format!("{}{what} count again", several.join(", ")),
    }
}

/// Says of an import how many people went with it, and how many stay, because of what.
fn parted(undone: &Undone) -> String {
    let people = |count| if count == 1 { "1 person".to_owned() } else { format!("{count} people") };
    let Undone { people_gone, people_stay, listed_by, .. } = undone;
    match (people_gone, people_stay) {
        (0, 0) => String::new(),
        (gone, 0) => format!(": {} went", people(*gone)),
        (0, stay) => format!(": nobody went; {} {}", people(*stay), why_they_stay(*stay, listed_by)),
        (gone, stay) => format!(": {} went; {stay} {}", people(*gone), why_they_stay(*stay, listed_by)),
    }
}

fn why_they_stay(stay: u64, listed_by: &[StillListed]) -> String {
    let name = |listed: &StillListed| {
        let name = listed.path.rsplit('/').next().unwrap_or(&listed.path);
        let some = if listed.people == stay { String::new() } else { format!(", {} of them", listed.people) };
        match &listed.import {
            Some(import) => format!("{name} (import {import}{some})"),
            None => format!("what you added yourself{some}"),
        }
    };
    let mut names: Vec<String> = listed_by.iter().take(IMPORTS_NAMED).map(name).collect();
    if listed_by.len() > IMPORTS_NAMED {
        names.push(format!("{} more", listed_by.len() - IMPORTS_NAMED));
    }
    let verb = if stay == 1 { "stays" } else { "stay" };
    format!("{verb}, listed elsewhere too: {}", names.join(", "))
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

    #[test]
    fn an_undone_import_says_who_went_and_by_what_others_stay() {
        let listed =
            |path: &str, people| StillListed { import: Some("1f2e3d4c-7".to_owned()), path: path.to_owned(), people };
        let undone = Undone {
            undone: "1f2e3d4c-9".to_owned(),
            people_gone: 1,
            people_stay: 3,
            listed_by: vec![listed("/home/sam/people.vcf", 3), StillListed { people: 1, ..StillListed::default() }],
            ..Undone::default()
        };
        let stay = "3 stay, listed elsewhere too: people.vcf (import 1f2e3d4c-7), what you added yourself, 1 of them";
        assert_eq!(done(&undone), format!("1f2e3d4c-9 no longer counts: 1 person went; {stay}"));
        let one = Undone { people_gone: 0, people_stay: 1, listed_by: vec![listed("/Mail", 1)], ..undone };
        let stays = "1 person stays, listed elsewhere too: Mail (import 1f2e3d4c-7)";
        assert_eq!(done(&one), format!("1f2e3d4c-9 no longer counts: nobody went; {stays}"));
        assert_eq!(
            done(&Undone { people_gone: 2, people_stay: 0, ..one.clone() }),
            "1f2e3d4c-9 no longer counts: 2 people went"
        );
        assert_eq!(done(&Undone { people_gone: 0, people_stay: 0, ..one }), "1f2e3d4c-9 no longer counts");
    }
}
