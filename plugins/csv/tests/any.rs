//! Tables that no known program wrote: what each column is taken as, and what is no list of contacts.

use kith_csv::CsvImporter;
use kith_plugin::card::Card;
use kith_plugin::record::Record;
use kith_plugin::testing::{Emitted, probe, run};

fn cards(emitted: &[Emitted]) -> Vec<&Card> {
    emitted
        .iter()
        .filter_map(|e| if let Emitted::Record { record: Record::Card(card), .. } = e { Some(&**card) } else { None })
        .collect()
}

fn said(emitted: &[Emitted]) -> Vec<String> {
    emitted.iter().filter_map(|e| if let Emitted::Diagnostic(d) = e { Some(d.to_string()) } else { None }).collect()
}

/// Reads a table and returns what its report says of the columns.
#[track_caller]
fn columns(text: &str) -> String {
    let emitted = run::<CsvImporter>(&[("book.csv", text.as_bytes())]);
    assert_eq!(emitted.last(), Some(&Emitted::End), "{text}");
    assert!(probe::<CsvImporter>(&[("book.txt", text.as_bytes())]) >= 60, "{text}");
    said(&emitted).remove(0)
}

#[track_caller]
fn refused(text: &str, reason: &str) {
    let emitted = run::<CsvImporter>(&[("table.csv", text.as_bytes())]);
    assert_eq!(emitted, [Emitted::Refused(format!("not a list of contacts: {reason}"))], "{text}");
    assert_eq!(probe::<CsvImporter>(&[("table.txt", text.as_bytes())]), 0, "{text}");
}

#[test]
fn the_report_shows_which_column_was_taken_as_what() {
    let text = "Name,Rufname,E-Mail,Shoe size\nAna Silva,Nita,ana@example.com,38\nBo Ek,,bo@example.com,44\n";
    assert_eq!(
        columns(text),
        "book.csv:1: columns are read as: Name → name, Rufname → nickname, E-Mail → email, Shoe size → beside \
         (`kith import --map` changes that)"
    );
}

#[test]
fn a_column_of_hire_dates_is_a_work_anniversary() {
    let text = "Name,E-Mail,Hire Date\nAna Silva,ana@example.com,2021-03-01\nBo Ek,bo@example.com,soon\n";
    assert!(columns(text).contains("Hire Date → started"), "{}", columns(text));
    let emitted = run::<CsvImporter>(&[("book.csv", text.as_bytes())]);
    let cards = cards(&emitted);
    let days: Vec<_> = cards[0].anniversaries.iter().map(|day| (day.date.to_string(), day.label.as_deref())).collect();
    assert_eq!(days, [("2021-03-01".to_owned(), Some("Work anniversary"))]);
    assert_eq!((cards[1].anniversaries.len(), cards[1].extra["Hire Date"].as_str()), (0, "soon"));
}

#[test]
fn columns_of_unknown_names_are_known_by_their_values() {
    let text = "Who;Reach;Ring;Where\n\
        Ana Silva;ana.silva@example.com;+351 555 0100;Porto\nBo Ek;bo@example.org;+47 555 0101;Oslo\n";
    assert_eq!(
        columns(text),
        "book.csv:1: columns are read as: Who → name, Reach → email, Ring → phone, Where → beside \
         (`kith import --map` changes that)"
    );
    let emitted = run::<CsvImporter>(&[("book.csv", text.as_bytes())]);
    let ana = cards(&emitted)[0];
    assert_eq!((ana.name.full.as_deref(), ana.phones.len()), (Some("Ana Silva"), 1));
    assert_eq!(ana.extra.get("Where").map(String::as_str), Some("Porto"));
}

#[test]
fn a_table_without_a_header_is_known_by_its_values_and_loses_no_row() {
    let text = "Ana,Silva,ana.silva@example.com,https://www.linkedin.com/in/ana,2020-01-02\n\
        Bo,Ek,bo.ek@example.org,https://www.linkedin.com/in/bo,2021-03-04\n\
        Zoë,Brandt,zoe.brandt@example.net,https://www.linkedin.com/in/zoe,2022-05-06\n";
    assert_eq!(
        columns(text),
        "book.csv:1: no row names the columns; they are read as: Column 1 → name.given, Column 2 → name.surname, \
         Column 3 → email, Column 4 → linkedin, Column 5 → beside (`kith import --map` changes that)"
    );
    let emitted = run::<CsvImporter>(&[("book.csv", text.as_bytes())]);
    let places = emitted
        .iter()
        .filter_map(|e| if let Emitted::Record { place, .. } = e { Some((place.position, place.line)) } else { None });
    assert_eq!(places.collect::<Vec<_>>(), [(1, 1), (2, 2), (3, 3)]);
    assert_eq!(cards(&emitted)[2].extra.get("Column 5").map(String::as_str), Some("2022-05-06"));
}

#[test]
fn what_the_header_names_values_do_not_second_guess() {
    let text = "Name,Email,Owner,Photo\n\
        Ana Silva,ana@example.com,sam@example.com,https://example.com/a\nBo Ek,bo@example.com,kim@example.com,https://example.com/b\n";
    assert_eq!(
        columns(text),
        "book.csv:1: columns are read as: Name → name, Email → email, Owner → beside, Photo → beside \
         (`kith import --map` changes that)"
    );
}

#[test]
fn a_bank_statement_is_refused_in_every_language() {
    let money = "its columns are those of a bank statement or a list of payments";
    refused("Date,Amount,Payee\n2026-01-01,12.00,Baker\n", money);
    refused("Buchungstag;Verwendungszweck;Betrag;Währung;Name\n01.01.2026;Miete;-800,00;EUR;Ana Silva\n", money);
    refused("Name,Email,Financial Status,Subtotal,Total,Currency\n#1001,ana@example.com,paid,10,12,EUR\n", money);
    refused("Fecha,Concepto,Importe,Saldo\n01/01/2026,Alquiler,-800,1200\n", money);
}

#[test]
fn a_log_is_refused() {
    let log = "its columns are those of a log of measurements or events";
    refused("timestamp,temperature,humidity\n1700000000,21.5,40\n1700000060,21.6,41\n", log);
    refused("timestamp,level,email\n1700000000,info,ana@example.com\n1700000001,info,bo@example.com\n", log);
    refused("From,To,Subject\nana@example.com,bo@example.com,Hi\n", "its columns are those of a list of messages");
}

#[test]
fn values_alone_are_no_list_without_somebody_to_reach() {
    let none = |line: &str| format!("no columns for names and addresses are recognised in {line:?}");
    refused("2026-01-01,12.00,Baker\n2026-01-02,13.00,Butcher\n", &none("2026-01-01,12.00,Baker"));
    refused("Ana Silva,Porto\nBo Ek,Oslo\n", &none("Ana Silva,Porto"));
    refused("1,sam@example.com\n2,sam@example.com\n3,sam@example.com\n", &none("1,sam@example.com"));
    refused("0.0012345,1\n0.0012346,2\n", &none("0.0012345,1"));
}

/// Reads a list of contacts in which one row is out of measure; returns what is said of it and who is found.
fn measured(row: &str) -> (String, Vec<String>) {
    let text = format!("Name,Email,Notes\nAna Silva,ana@example.com,tall\n{row}\nBo Ek,bo@example.com,short\n");
    let emitted = run::<CsvImporter>(&[("book.csv", text.as_bytes())]);
    assert_eq!(emitted.last(), Some(&Emitted::End));
    let found = cards(&emitted).into_iter().filter_map(|card| card.name.full.clone()).collect();
    let told = said(&emitted).remove(1);
    (told.chars().filter(|c| *c != '~').collect(), found)
}

#[test]
fn a_field_without_measure_costs_itself_and_not_the_card() {
    let (told, found) = measured(&format!("Cy Ode,cy@example.com,{}", "~".repeat(300 << 10)));
    let expected = "book.csv:3: Notes: 300 KiB in one field; at most 256 KiB are kept: \"\" (card kept without it)";
    assert_eq!((told.as_str(), found.len()), (expected, 3));
}

#[test]
fn a_row_without_measure_costs_itself_and_no_other() {
    let long = "~".repeat(250 << 10);
    let (told, found) = measured(&format!("Cy Ode,cy@example.com,{long},{long},{long},{long}"));
    let expected = "book.csv:3: 1000 KiB of text; at most 768 KiB make a card: \"Cy Ode\" (row left out)";
    assert_eq!((told.as_str(), found), (expected, vec!["Ana Silva".to_owned(), "Bo Ek".to_owned()]));
    let (told, found) = measured(&format!("Cy Ode{}", ",".repeat(2_000)));
    let expected = "book.csv:3: 2001 columns; at most 2000 are read: \"Cy Ode\" (row left out)";
    assert_eq!((told.as_str(), found.len()), (expected, 2));
}

#[test]
fn a_table_of_too_many_columns_is_refused_for_that() {
    let header = (0..2_001).map(|n| format!("c{n}")).collect::<Vec<_>>().join(",");
    refused(&format!("Name,Email,{header}\nAna,ana@example.com\n"), "it has more than 2000 columns");
}

#[test]
fn a_row_that_never_ends_is_refused_with_its_line() {
    let text = format!("Name,Email\nAna,ana@example.com\n\"{}", "x".repeat(9 << 20));
    let emitted = run::<CsvImporter>(&[("book.csv", text.as_bytes())]);
    let reason = "the row at line 3 is larger than 8 MiB; perhaps a quote is never closed";
    assert_eq!(emitted.last(), Some(&Emitted::Refused(reason.to_owned())));
}

#[test]
fn rows_that_a_quote_swallows_are_told_and_make_no_person() {
    let check = |rows: &str, line: u64, names: &[&str]| {
        let emitted = run::<CsvImporter>(&[("book.csv", format!("Name,Email,Notes\n{rows}").as_bytes())]);
        assert_eq!(emitted.last(), Some(&Emitted::End));
        let found: Vec<&str> = cards(&emitted).into_iter().filter_map(|card| card.name.full.as_deref()).collect();
        assert_eq!(found, names, "{rows}");
        let told: Vec<String> = said(&emitted).into_iter().filter(|words| words.contains("a quote opens")).collect();
        let expected = format!("book.csv:{line}: a quote opens in this row and closes in a later one");
        assert_eq!(told.iter().filter(|words| words.starts_with(&expected)).count(), usize::from(line > 0), "{told:?}");
    };
    let ana = "Ana Silva,ana@example.com,tall\n";
    check(
        &format!(
            "{ana}\"Karl Ott,karl@example.com,\nBea Lang,bea@example.com,\n\"Dora \"\"Do\"\" Hahn\",dora@example.com,\n"
        ),
        3,
        &["Ana Silva"],
    );
    let large = "Bea Lang,bea@example.com,\n".repeat(20_000);
    check(&format!("{ana}\"Karl Ott,karl@example.com,\n{large}\"Dora Hahn\",dora@example.com,\n"), 3, &["Ana Silva"]);
    check(
        &format!("{ana}Karl Ott,\"karl@example.com,\nBea Lang,\"bea@example.com\",\nBo Ek,bo@example.com,\n"),
        3,
        &["Ana Silva", "Bo Ek"],
    );
    check(
        "Ana Silva,ana@example.com,\"Met in Porto,\nsaid \"\"hello\"\", and\nwrote to bo@example.com, twice\"\n",
        0,
        &["Ana Silva"],
    );
}

#[test]
fn a_note_of_several_lines_is_no_row_that_a_quote_swallowed() {
    for text in [
        "Name,Email,Twitter,Notes\nAna Silva,ana@example.com,@ana,\"Met in Porto\nlikes wine, cheese, bread, figs\"\n",
        "Email,Name\n\"ana@home.example\nana@work.example\",Ana Silva\n",
        "Name,Email,Notes\nAna Silva,ana@example.com,\"Asks:\nBo, bo@example.com, his assistant\"\n",
    ] {
        let emitted = run::<CsvImporter>(&[("book.csv", text.as_bytes())]);
        let found: Vec<&str> = cards(&emitted).into_iter().filter_map(|card| card.name.full.as_deref()).collect();
        assert_eq!(found, ["Ana Silva"], "{text}: {:?}", said(&emitted));
    }
}

#[test]
fn rows_of_numbers_that_a_quote_swallows_are_told_as_well() {
    let text = "Name,Phone,Notes\n\"Karl Ott,030 901820,\nBea Lang,030 901821,\n\"Dora Hahn\",030 901822,\n";
    let emitted = run::<CsvImporter>(&[("book.csv", text.as_bytes())]);
    assert!(said(&emitted).iter().any(|words| words.contains("a quote opens in this row")), "{:?}", said(&emitted));
    assert_eq!(cards(&emitted).len(), 0);
}
