//! The user's own word on the columns of a table: proposed, given for one file, or saved for all of its header.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail as tests do")]

use kith_csv::CsvImporter;
use kith_plugin::card::Card;
use kith_plugin::column::{MAPS_ENTRY, MappedColumn, Maps, TableMap};
use kith_plugin::record::Record;
use kith_plugin::testing::{Emitted, run};

const TABLE: &str = "Wer;Wo;Ding;Wann\nAna Silva;Porto;ana@example.com;7.9.1987\nBo Ek;Oslo;bo@example.com;\n";

fn map(header: bool, columns: &[(&str, &str)]) -> TableMap {
    let column = |(name, meaning): &(&str, &str)| MappedColumn { name: (*name).into(), meaning: (*meaning).into() };
    TableMap { header, columns: columns.iter().map(column).collect() }
}

fn german() -> TableMap {
    map(true, &[("wer", "name"), ("wo", "address.home.city"), ("ding", "email.work"), ("wann", "skip")])
}

fn import(text: &str, maps: &Maps) -> Vec<Emitted> {
    let maps = serde_json::to_vec(maps).unwrap();
    run::<CsvImporter>(&[("book.csv", text.as_bytes()), (MAPS_ENTRY, &maps)])
}

fn cards(emitted: &[Emitted]) -> Vec<&Card> {
    emitted
        .iter()
        .filter_map(|e| if let Emitted::Record { record: Record::Card(card), .. } = e { Some(&**card) } else { None })
        .collect()
}

#[track_caller]
fn check_mapped(maps: &Maps) {
    let emitted = import(TABLE, maps);
    let cards = cards(&emitted);
    assert_eq!(cards.len(), 2, "{emitted:?}");
    let ana = cards[0];
    assert_eq!(ana.name.full.as_deref(), Some("Ana Silva"));
    assert_eq!(ana.emails[0].contexts, [kith_plugin::card::Context::Work]);
    assert_eq!(ana.addresses[0].locality.as_deref(), Some("Porto"));
    assert!(ana.extra.is_empty() && ana.anniversaries.is_empty(), "{ana:?}");
}

#[test]
fn a_given_mapping_decides_every_column() {
    check_mapped(&Maps { given: Some(german()), ..Maps::default() });
}

#[test]
fn a_saved_mapping_is_used_for_the_tables_of_its_header_and_for_no_others() {
    let other = map(true, &[("Wer", "name"), ("Was", "notes")]);
    check_mapped(&Maps { saved: vec![other.clone(), german()], ..Maps::default() });
    let emitted = import(TABLE, &Maps { saved: vec![other], ..Maps::default() });
    assert_eq!(cards(&emitted)[0].extra.get("Wo").map(String::as_str), Some("Porto"));
}

#[test]
fn a_mapping_given_for_another_table_is_refused() {
    let given = Some(map(true, &[("Wer", "name"), ("Was", "notes")]));
    let reason = "the mapping is for a table of other columns; this one begins with \"Wer;Wo;Ding;Wann\"";
    assert_eq!(import(TABLE, &Maps { given, ..Maps::default() }), [Emitted::Refused(reason.to_owned())]);
}

#[test]
fn a_mapping_for_a_table_without_a_header_takes_every_row() {
    let given = Some(map(false, &[("Column 1", "name"), ("Column 2", "notes")]));
    let emitted = import("Ana Silva,tall\nBo Ek,short\n", &Maps { given, ..Maps::default() });
    let names: Vec<_> = cards(&emitted).iter().map(|card| card.name.full.clone().unwrap()).collect();
    assert_eq!(names, ["Ana Silva", "Bo Ek"]);
}

#[test]
fn a_mapping_may_make_contacts_of_a_table_that_looks_like_none() {
    let text = "Name,Amount,Currency\nAna Silva,12.00,EUR\n";
    assert!(matches!(import(text, &Maps::default())[0], Emitted::Refused(_)));
    let given = Some(map(true, &[("Name", "name"), ("Amount", "skip"), ("Currency", "skip")]));
    assert_eq!(cards(&import(text, &Maps { given, ..Maps::default() })).len(), 1);
}

fn proposed(text: &str) -> Vec<(Option<u64>, String, String, String)> {
    let emitted = import(text, &Maps { propose: true, ..Maps::default() });
    assert_eq!(cards(&emitted).len(), 0);
    let told = |e: Emitted| {
        let Emitted::Diagnostic(d) = e else { return None };
        Some((d.line, d.property.unwrap_or_default(), d.problem, d.value.unwrap_or_default()))
    };
    emitted.into_iter().filter_map(told).collect()
}

#[test]
fn a_proposal_names_each_column_with_an_example_and_imports_nothing() {
    let row = |line, name: &str, meaning: &str, example: &str| (line, name.into(), meaning.into(), example.into());
    let expected = [
        row(Some(1), "Wer", "name", "Ana Silva"),
        row(Some(1), "Wo", "beside", "Porto"),
        row(Some(1), "Ding", "email", "ana@example.com"),
        row(Some(1), "Wann", "beside", "7.9.1987"),
    ];
    assert_eq!(proposed(TABLE), expected);
    let bare = "Ana Silva,1\nBo Ek,2\n";
    assert_eq!(proposed(bare), [row(None, "Column 1", "name", "Ana Silva"), row(None, "Column 2", "beside", "1")]);
}
