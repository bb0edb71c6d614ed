//! Every kind of mail file, as fixtures, and what becomes of it.

#![expect(clippy::unwrap_used, clippy::wildcard_enum_match_arm, reason = "helpers of tests fail as tests do")]

use std::fs;
use std::path::{Path, PathBuf};

use kith_email::EmailImporter;
use kith_plugin::record::Record;
use kith_plugin::testing::{Emitted, probe, run};

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap()
}

/// Writes what is emitted, one item a line.
fn render(emitted: &[Emitted]) -> String {
    let mut text = String::new();
    for item in emitted {
        match item {
            Emitted::Part(_) => {}
            Emitted::Record { place, key, record } => {
                text += &format!("{}.{} at line {}, key {key:?}\n", place.entry, place.position, place.line);
                text += &format!("{}\n", serde_json::to_string_pretty(record).unwrap());
            }
            Emitted::Diagnostic(diagnostic) => text += &format!("{diagnostic}\n"),
            other => text += &format!("{other:?}\n"),
        }
    }
    text
}

#[track_caller]
fn check(name: &str) {
    let emitted = run::<EmailImporter>(&[(name, &fixture(name))]);
    insta::assert_snapshot!(name.replace('.', "-"), render(&emitted));
}

#[test]
fn reads_gmails_takeout_with_its_labels_and_traps() {
    check("takeout.mbox");
}

#[test]
fn reads_thunderbirds_mbox_and_messages_that_lack_a_field() {
    check("thunderbird.mbox");
}

#[test]
fn believes_a_content_length_only_when_it_fits() {
    check("content-length.mbox");
}

#[test]
fn reads_a_message_with_raw_bytes_in_its_header() {
    check("latin1.eml");
}

#[test]
fn keeps_next_to_nothing_of_a_bounce() {
    check("bounce.eml");
}

#[test]
fn refuses_what_is_no_mail() {
    check("no-mail.eml");
    let emitted = run::<EmailImporter>(&[("Inbox", b"")]);
    assert_eq!(emitted.last(), Some(&Emitted::Refused("an empty file: no mail in it".to_owned())));
}

#[test]
fn reads_a_batch_of_a_maildir_by_flags_and_folders() {
    let mail =
        |id: &str| format!("From: Ana <ana@example.com>\nTo: me@kith.example\nMessage-ID: <{id}>\n\nHi\n").into_bytes();
    let names = [
        "cur/1700000000.M1P2.host,S=45:2,RS",
        "cur/1700000001.M1P2.host;2,D",
        "new/1700000002.M1P2.host",
        ".Junk/cur/1700000003.M1P2.host!2,S",
    ];
    let files: Vec<_> = names.iter().map(|name| (*name, mail(name.split('.').next_back().unwrap()))).collect();
    let mut files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    files.push(("cur/1700000004.M1P2.host:2,", b"not a mail"));
    assert_eq!(probe::<EmailImporter>(&files), 90);
    insta::assert_snapshot!("maildir", render(&run::<EmailImporter>(&files)));
}

#[test]
fn is_sure_of_mail_and_of_nothing_else() {
    assert_eq!(probe::<EmailImporter>(&[("Inbox", &fixture("thunderbird.mbox"))]), 95);
    assert_eq!(probe::<EmailImporter>(&[("a.eml", &fixture("bounce.eml"))]), 90);
    assert_eq!(probe::<EmailImporter>(&[("letter", &fixture("bounce.eml"))]), 80);
    assert_eq!(probe::<EmailImporter>(&[("a.vcf", b"BEGIN:VCARD\nFN:Ana\nEND:VCARD\n")]), 0);
    assert_eq!(probe::<EmailImporter>(&[("a.csv", b"From,To,Sent At\nAna,Bo,now\n")]), 0);
    assert_eq!(probe::<EmailImporter>(&[("notes.txt", b"Subject: physics\n\nNotes")]), 0);
}

#[test]
fn cut_at_any_byte_every_message_before_the_cut_is_kept() {
    let text = fixture("takeout.mbox");
    let whole = run::<EmailImporter>(&[("a.mbox", &text)]);
    let keys = |emitted: &[Emitted]| -> Vec<Option<String>> {
        emitted
            .iter()
            .filter_map(|item| match item {
                Emitted::Record { key, .. } => Some(key.clone()),
                _ => None,
            })
            .collect()
    };
    let second = text.windows(6).rposition(|window| window == b"\nFrom ").unwrap();
    for cut in second..text.len() {
        let emitted = run::<EmailImporter>(&[("a.mbox", &text[..cut])]);
        assert_eq!(keys(&emitted)[..3], keys(&whole)[..3], "cut at {cut}");
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
fn every_message_of_the_corpus_is_a_record_or_a_named_refusal() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/mail");
    for path in files_below(&corpus) {
        let bytes = fs::read(&path).unwrap();
        let name = path.strip_prefix(&corpus).unwrap().to_str().unwrap();
        let emitted = run::<EmailImporter>(&[(name, &bytes)]);
        let outcomes = emitted.iter().filter(|item| match item {
            Emitted::Record { record, .. } => !matches!(record, Record::Card(_)),
            Emitted::Diagnostic(diagnostic) => diagnostic.refused,
            Emitted::Tally { count, .. } => *count == 1,
            Emitted::Refused(_) => true,
            _ => false,
        });
        assert_eq!(outcomes.count(), 1, "{name}: {emitted:#?}");
    }
}
