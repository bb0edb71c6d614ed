//! Every kind of table, as fixtures, and what becomes of it.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::fs;
use std::path::Path;

use kith_csv::CsvImporter;
use kith_plugin::record::Record;
use kith_plugin::testing::{Emitted, probe, run};

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap()
}

/// Writes what is emitted as a person would look at it.
fn render(emitted: &[Emitted]) -> String {
    emitted
        .iter()
        .map(|item| match item {
            Emitted::Part(part) => format!("part {}\n", serde_json::to_string(part).unwrap()),
            Emitted::Record { place, key, record } => {
                let (Record::Card(_) | Record::Interaction(_) | Record::Bulk(_)) = record;
                let body = serde_json::to_string_pretty(record).unwrap();
                format!("record {} at line {}, key {key:?}\n{body}\n", place.position, place.line)
            }
            Emitted::Diagnostic(diagnostic) => format!("{diagnostic}\n"),
            Emitted::Tally { .. }
            | Emitted::Photo { .. }
            | Emitted::End
            | Emitted::Refused(_)
            | Emitted::Truncated(_) => {
                format!("{item:?}\n")
            }
        })
        .collect()
}

#[track_caller]
fn check(name: &str) {
    let emitted = run::<CsvImporter>(&[(name, &fixture(name))]);
    insta::assert_snapshot!(name.split('.').next().unwrap_or(name), render(&emitted));
}

#[test]
fn reads_connections_of_2021_without_preamble_and_profile() {
    check("connections-2021.csv");
}

#[test]
fn reads_connections_of_2026_and_tells_of_each_bad_row() {
    check("connections-2026.csv");
}

#[test]
fn reads_connections_that_a_spreadsheet_saved_again() {
    check("connections-spreadsheet.csv");
}

#[test]
fn reads_messages_of_2026_quoted_throughout() {
    check("messages-2026.csv");
}

#[test]
fn reads_messages_of_2020_without_recipients_profiles() {
    check("messages-2020.csv");
}

#[test]
fn reads_invitations_with_american_and_iso_times() {
    check("invitations.csv");
}

#[test]
fn reads_endorsements_with_and_without_profiles() {
    check("endorsements-received.csv");
    check("endorsements-given-2021.csv");
}

#[test]
fn reads_recommendations_the_way_the_files_name_says() {
    check("Recommendations_Received.csv");
}

#[test]
fn reads_notes_about_connections() {
    check("linkedin-notes.csv");
}

#[test]
fn reads_contacts_that_linkedin_imported_once() {
    check("imported-contacts.csv");
}

#[test]
fn reads_googles_new_columns() {
    check("google-new.csv");
}

#[test]
fn reads_googles_old_columns_in_any_encoding() {
    check("google-old.csv");
    let utf8 = run::<CsvImporter>(&[("a.csv", &fixture("google-old.csv"))]);
    assert_eq!(run::<CsvImporter>(&[("a.csv", &fixture("google-old-utf16.csv"))]), utf8);
}

#[test]
fn reads_german_outlook_in_its_code_page() {
    check("outlook-german.csv");
}

#[test]
fn reads_thunderbird() {
    check("thunderbird.csv");
}

#[test]
fn reads_any_table_with_recognisable_columns() {
    check("plain.tsv");
}

#[test]
fn says_where_a_quote_never_closes_and_keeps_what_is_whole() {
    check("truncated.csv");
}

#[test]
fn refuses_a_table_of_something_else_in_plain_words() {
    check("bank.csv");
    assert!(matches!(run::<CsvImporter>(&[("a.csv", b"")]).last(), Some(Emitted::Refused(_))));
    assert!(matches!(run::<CsvImporter>(&[("a.csv", b"\0\x01\x02\xff\xfe")]).last(), Some(Emitted::Refused(_))));
}

#[test]
fn profile_and_addresses_make_one_card_of_the_owner() {
    let (profile, addresses) = (fixture("profile.csv"), fixture("email-addresses.csv"));
    let files: &[(&str, &[u8])] = &[("Profile.csv", &profile), ("Email Addresses.csv", &addresses)];
    insta::assert_snapshot!("owner", render(&run::<CsvImporter>(files)));
}

#[test]
fn files_of_a_bundle_that_are_no_contacts_are_told_of_and_the_others_read() {
    let (bank, plain) = (fixture("bank.csv"), fixture("plain.tsv"));
    let emitted = run::<CsvImporter>(&[("bank.csv", &bank), ("plain.tsv", &plain)]);
    let told = emitted.iter().any(|e| matches!(e, Emitted::Diagnostic(d) if d.refused && d.path == "bank.csv"));
    assert!(told && emitted.last() == Some(&Emitted::End));
    let of_second = |e: &&Emitted| matches!(e, Emitted::Record { place, .. } if place.entry == 1);
    assert_eq!(emitted.iter().filter(of_second).count(), 2);
}

#[test]
fn the_same_file_twice_is_the_same_emissions() {
    for name in ["messages-2026.csv", "connections-2026.csv", "google-new.csv"] {
        let bytes = fixture(name);
        assert_eq!(run::<CsvImporter>(&[(name, &bytes)]), run::<CsvImporter>(&[(name, &bytes)]));
    }
}

/// Returns the records, each with the line at which it begins.
fn records(emitted: &[Emitted]) -> Vec<(u64, Option<&str>, &Record)> {
    let record = |item| match item {
        &Emitted::Record { place, ref key, ref record } => Some((place.line, key.as_deref(), record)),
        Emitted::Part(_)
        | Emitted::Diagnostic(_)
        | Emitted::Tally { .. }
        | Emitted::Photo { .. }
        | Emitted::End
        | Emitted::Refused(_)
        | Emitted::Truncated(_) => None,
    };
    emitted.iter().filter_map(record).collect()
}

/// Cuts a fixture at every so many bytes.
#[track_caller]
fn check_cuts(name: &str, step_bytes: usize) {
    let bytes = fixture(name);
    let emitted = run::<CsvImporter>(&[(name, &bytes)]);
    let whole = records(&emitted);
    let mut most = 0;
    for cut in (0..bytes.len()).step_by(step_bytes) {
        let part = bytes.get(..cut).unwrap_or_default();
        let ended = part.iter().filter(|byte| **byte == b'\n').count() as u64;
        // A row has ended for certain where the next one begins.
        let due = whole.iter().skip(1).filter(|(line, ..)| *line <= ended + 1).count();
        let of_cut = run::<CsvImporter>(&[(name, part)]);
        let kept = records(&of_cut);
        assert_eq!(kept.get(..due), whole.get(..due), "{name} cut at {cut}");
        most = most.max(due);
    }
    assert_eq!(most + 1, whole.len(), "{name}: the last cut stands in the last row");
}

#[test]
fn cut_at_any_byte_every_row_before_the_cut_is_kept() {
    for name in [
        "connections-2021.csv",
        "connections-2026.csv",
        "connections-spreadsheet.csv",
        "messages-2026.csv",
        "messages-2020.csv",
        "invitations.csv",
        "endorsements-received.csv",
        "imported-contacts.csv",
        "linkedin-notes.csv",
        "google-new.csv",
        "google-old.csv",
        "google-old-utf16.csv",
        "outlook-german.csv",
        "thunderbird.csv",
        "plain.tsv",
    ] {
        check_cuts(name, 1);
    }
}

/// Returns the fixtures of tables that a known program wrote.
fn layouts() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/layouts");
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.map(|name| format!("layouts/{name}")).collect();
    names.sort();
    names
}

/// A code page is guessed of all that there is: of each of these a part that holds a whole row is guessed to be the same.
#[test]
fn a_known_programs_table_cut_anywhere_keeps_every_row_before_the_cut() {
    for name in layouts() {
        check_cuts(&name, 7);
    }
}

#[test]
fn is_sure_of_what_it_reads_and_of_nothing_else() {
    let sure = |name: &str| probe::<CsvImporter>(&[(name, &fixture(name))]);
    assert_eq!(sure("connections-2026.csv"), 95);
    assert_eq!(sure("messages-2020.csv"), 95);
    assert_eq!(sure("google-old-utf16.csv"), 90);
    assert_eq!(sure("outlook-german.csv"), 90);
    assert_eq!(sure("plain.tsv"), 70);
    assert_eq!(sure("bank.csv"), 10);
    assert_eq!(probe::<CsvImporter>(&[("a.txt", b"Dear Ana,\nhow are you, and when do we meet?\n")]), 0);
    assert_eq!(probe::<CsvImporter>(&[("a.vcf", b"BEGIN:VCARD\nFN:Ana\nEND:VCARD\n")]), 0);
    assert_eq!(
        probe::<CsvImporter>(&[("a.eml", b"From: ana@example.com\nTo: bo@example.com\nSubject: Hi\n\nHi\n")]),
        0
    );
}
