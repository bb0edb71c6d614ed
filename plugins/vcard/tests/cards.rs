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
fn reads_apples_labels_as_relations_and_its_misspelt_years() {
    check("apple-relations.vcf");
}

#[test]
fn reads_androids_own_properties_cards_within_cards_and_shift_jis_without_a_label() {
    check("android-japan.vcf");
}

#[test]
fn reads_outlooks_quoted_printable_designs_and_keys() {
    check("outlook-charset.vcf");
}

#[test]
fn reads_versions_mixed_in_one_file_without_a_newline_at_its_end() {
    check("mixed.vcf");
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

/// Returns where each card of a file ends that is not within another, found without the importer's own code.
fn ends(text: &[u8]) -> Vec<usize> {
    let mut ends = Vec::new();
    let (mut at, mut depth) = (0, 0);
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        let words: String = String::from_utf8_lossy(line).split_whitespace().collect();
        match words.to_ascii_uppercase().as_str() {
            "BEGIN:VCARD" => depth += 1,
            "END:VCARD" if depth == 1 => {
                ends.push(at - line.len() + line.trim_ascii_end().len());
                depth = 0;
            }
            "END:VCARD" => depth -= 1,
            _ => {}
        }
    }
    ends
}

#[test]
fn cut_at_any_byte_everything_before_the_cut_is_kept() {
    let records = |bytes: &[u8]| -> Vec<Record> {
        let emitted = run::<VcardImporter>(&[("a.vcf", bytes)]);
        let record = |item| if let Emitted::Record { record, .. } = item { Some(record) } else { None };
        emitted.into_iter().filter_map(record).collect()
    };
    for name in [
        "android.vcf",
        "android-japan.vcf",
        "apple.vcf",
        "apple-relations.vcf",
        "mixed.vcf",
        "outlook-charset.vcf",
        "version4.vcf",
    ] {
        let text = fixture(name);
        let (whole, ends) = (records(&text), ends(&text));
        assert_eq!(whole.len(), ends.len(), "{name}");
        for cut in 0..text.len() {
            let kept = records(&text[..cut]);
            let due = ends.iter().filter(|end| **end <= cut).count();
            assert_eq!(kept.len(), due, "{name} cut at {cut}");
            assert!(kept == whole[..due], "{name} cut at {cut}");
        }
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

/// What a file holds, told without the importer's own code.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    /// The lines at which a card begins that has an end, or the next card after it, and says something.
    intact: Vec<u64>,
    /// The lines at which one begins that has neither, or says nothing.
    others: Vec<u64>,
}

fn count(bytes: &[u8]) -> Count {
    let text = String::from_utf8_lossy(bytes);
    let mut count = Count::default();
    // The line of BEGIN, how many cards are open, whether an AGENT may begin one, and whether anything was said.
    let mut open: Option<(u64, u32, bool, bool)> = None;
    for (line, text) in (1..).zip(text.lines()) {
        let upper = text.trim_start_matches('\u{FEFF}').trim_end().to_ascii_uppercase();
        match (upper.as_str(), &mut open) {
            ("BEGIN:VCARD", Some((_, depth, true, _))) => *depth += 1,
            ("BEGIN:VCARD", _) => {
                close(&mut count, open.take());
                open = Some((line, 1, false, false));
            }
            ("END:VCARD", Some((_, depth, ..))) if *depth > 1 => *depth -= 1,
            ("END:VCARD", _) => close(&mut count, open.take()),
            (upper, Some((_, depth, agent, says))) => {
                *agent |= upper == "AGENT:";
                let about_the_file = ["VERSION:", "PRODID:", "UID:", "REV:"].iter().any(|name| upper.starts_with(name));
                let empty = upper.split_once(':').is_none_or(|(_, value)| value.replace(';', "").is_empty());
                *says |= *depth == 1 && !about_the_file && (!empty || upper == "AGENT:");
            }
            (_, None) => {}
        }
    }
    count.others.extend(open.map(|(line, ..)| line));
    count
}

fn close(count: &mut Count, card: Option<(u64, u32, bool, bool)>) {
    if let Some((line, _, _, says)) = card {
        if says { count.intact.push(line) } else { count.others.push(line) }
    }
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
fn every_intact_card_of_the_corpus_is_a_record_and_each_other_is_named() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/vcard");
    let mut cards = 0;
    for path in files_below(&corpus).into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "vcf")) {
        let bytes = fs::read(&path).unwrap();
        let emitted = run::<VcardImporter>(&[("a.vcf", &bytes)]);
        let mut found = Count::default();
        for item in &emitted {
            match item {
                Emitted::Record { place, .. } => found.intact.push(place.line),
                Emitted::Diagnostic(diagnostic) if diagnostic.refused => found.others.extend(diagnostic.line),
                _ => {}
            }
        }
        assert_eq!(found, count(&bytes), "{path:?}: {emitted:#?}");
        cards += found.intact.len();
    }
    assert!(cards == 0 || cards > 100, "{cards} cards of the corpus were read");
}
