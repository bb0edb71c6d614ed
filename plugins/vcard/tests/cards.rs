//! Every kind of vCard that programs write, as fixtures, and what becomes of it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "helpers of tests fail as tests do"
)]

use std::fs;
use std::path::{Path, PathBuf};

use kith_plugin::record::Record;
use kith_plugin::testing::{Emitted, probe, run};
use kith_vcard::VcardImporter;

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap()
}

/// Writes what is emitted as a person would look at it.
fn render(emitted: &[Emitted]) -> String {
    let mut text = String::new();
    for item in emitted {
        match item {
            Emitted::Part(_) => {}
            Emitted::Record { place, key, record } => {
                let Record::Card(card) = record else { panic!("not a card: {record:?}") };
                text += &format!("card {} at line {}, key {key:?}\n", place.position, place.line);
                text += &format!("{}\n", serde_json::to_string_pretty(card).unwrap());
            }
            Emitted::Diagnostic(diagnostic) => text += &format!("{diagnostic}\n"),
            Emitted::Photo { hash, bytes } => text += &format!("{hash}: {} bytes\n", bytes.len()),
            other => text += &format!("{other:?}\n"),
        }
    }
    text
}

#[track_caller]
fn check(name: &str) {
    let emitted = run::<VcardImporter>(&[(name, &fixture(name))]);
    insta::assert_snapshot!(name.trim_end_matches(".vcf"), render(&emitted));
}

#[test]
fn reads_apples_item_groups_labels_and_days_without_a_year() {
    check("apple.vcf");
}

#[test]
fn reads_googles_cards_with_empty_labels() {
    check("google.vcf");
}

#[test]
fn reads_androids_quoted_printable_agents_and_shift_jis() {
    check("android.vcf");
}

#[test]
fn reads_outlooks_code_page_and_says_so() {
    check("outlook.vcf");
}

#[test]
fn reads_version_4() {
    check("version4.vcf");
}

#[test]
fn reads_the_extensions_of_other_programs() {
    check("other-programs.vcf");
}

#[test]
fn keeps_the_card_when_something_in_it_is_wrong() {
    check("broken.vcf");
}

#[test]
fn keeps_what_stands_before_the_cut() {
    check("truncated.vcf");
}

#[test]
fn reads_utf_16() {
    check("wide.vcf");
}

#[test]
fn refuses_a_file_without_a_card() {
    for bytes in [&b""[..], b"Name,Mail\nAna,ana@example.com\n"] {
        let emitted = run::<VcardImporter>(&[("a.vcf", bytes)]);
        assert!(
            matches!(emitted.last(), Some(Emitted::Refused(reason)) if reason.starts_with("no vCard")),
            "{emitted:?}"
        );
    }
}

#[test]
fn reads_a_folder_of_cards_and_names_the_one_that_is_none() {
    let card = |name: &str| format!("BEGIN:VCARD\nUID:{name}\nFN:{name}\nEND:VCARD\n").into_bytes();
    let (ana, bo) = (card("Ana"), card("Bo"));
    let emitted = run::<VcardImporter>(&[
        ("a.vcf", &ana),
        ("x.vcf", b"nothing"),
        ("b.vcf", &bo),
        ("c.vcf", b"BEGIN:VCARD\nFN:C"),
    ]);
    let places: Vec<_> = emitted
        .iter()
        .filter_map(|item| match item {
            Emitted::Record { place, key, .. } => {
                Some((place.entry, place.position, key.as_deref().unwrap_or_default()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(places, [(0, 1, "Ana"), (2, 1, "Bo")]);
    let refused: Vec<_> = emitted
        .iter()
        .filter_map(|item| match item {
            Emitted::Diagnostic(diagnostic) if diagnostic.refused => Some(diagnostic.path.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(refused, ["x.vcf", "c.vcf"]);
    assert_eq!(emitted.last(), Some(&Emitted::End));
}

#[test]
fn refuses_a_card_that_is_too_large_and_keeps_the_next() {
    let mut text = b"BEGIN:VCARD\nNOTE:".to_vec();
    text.resize(17 * 1024 * 1024, b'x');
    text.extend_from_slice(b"\nEND:VCARD\nBEGIN:VCARD\nFN:Ana\nKEY:");
    text.resize(text.len() + 500_000, b'x');
    text.extend_from_slice(b"\nEND:VCARD\n");
    let rendered = render(&run::<VcardImporter>(&[("a.vcf", &text)]));
    assert!(rendered.starts_with("a.vcf:1: larger than 16 MiB (card left out)\na.vcf:6: KEY: too long"), "{rendered}");
    assert!(rendered.contains("card 2 at line 4"));
}

#[test]
fn cut_at_any_byte_everything_before_the_cut_is_kept() {
    let text = fixture("android.vcf");
    let ends: Vec<usize> =
        (0..text.len()).filter(|at| text[*at..].starts_with(b"\nEND:VCARD\nBEGIN")).map(|at| at + 10).collect();
    assert_eq!(ends.len(), 2);
    for cut in 0..text.len() {
        let emitted = run::<VcardImporter>(&[("a.vcf", &text[..cut])]);
        let records = emitted.iter().filter(|item| matches!(item, Emitted::Record { .. })).count();
        assert!(records >= ends.iter().filter(|end| **end <= cut).count(), "cut at {cut}");
    }
}

#[test]
fn is_sure_of_cards_and_of_nothing_else() {
    let card = b"\xEF\xBB\xBFbegin:vcard\r\nFN:Ana\r\nEND:VCARD\r\n";
    assert_eq!(probe::<VcardImporter>(&[("contacts", card)]), 95);
    assert_eq!(probe::<VcardImporter>(&[("a.vcf", b"")]), 10);
    assert_eq!(probe::<VcardImporter>(&[("a.csv", b"Name,Mail\nAna,ana@example.com\n")]), 0);
    assert_eq!(probe::<VcardImporter>(&[("a.eml", b"From: a@example.com\n\nBEGIN:VCARD\n")]), 0);
    assert_eq!(probe::<VcardImporter>(&[("wide.vcf", &fixture("wide.vcf"))]), 95);
}

/// Counts the lines that begin a card and are not within an AGENT, without the importer's own code.
fn count_cards(bytes: &[u8]) -> usize {
    let text = String::from_utf8_lossy(bytes);
    let mut agent = false;
    let mut count = 0;
    for line in text.lines() {
        let upper = line.trim_end().to_ascii_uppercase();
        match upper.trim_start_matches('\u{FEFF}') {
            "BEGIN:VCARD" if agent => {}
            "BEGIN:VCARD" => count += 1,
            "END:VCARD" => agent = false,
            other => agent |= other == "AGENT:",
        }
    }
    count
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries
        .flat_map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() { files_below(&path) } else { vec![path] }
        })
        .collect();
    files.sort();
    files
}

#[test]
fn every_card_of_the_corpus_is_a_record_or_a_named_refusal() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/vcard");
    for path in files_below(&corpus).into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "vcf")) {
        let bytes = fs::read(&path).unwrap();
        let emitted = run::<VcardImporter>(&[("a.vcf", &bytes)]);
        let records = emitted.iter().filter(|item| matches!(item, Emitted::Record { .. })).count();
        let refused = emitted.iter().filter(|item| matches!(item, Emitted::Diagnostic(d) if d.refused)).count();
        let whole = matches!(emitted.last(), Some(Emitted::Refused(_)));
        assert_eq!(records + refused, count_cards(&bytes), "{path:?}: {emitted:#?}");
        assert_eq!(whole, records + refused == 0, "{path:?}");
    }
}
