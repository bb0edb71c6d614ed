//! The LinkedIn archive of the shared corpus, when it is there: every row is a record, a tally or a diagnostic.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read as _};
use std::path::Path;

use kith_csv::CsvImporter;
use kith_plugin::testing::{Emitted, run};
use zip::ZipArchive;

/// Counts the rows below the header, with nothing of the importer.
fn rows_of(archive: &[u8], name: &str, header: &str) -> usize {
    let mut text = String::new();
    ZipArchive::new(Cursor::new(archive)).unwrap().by_name(name).unwrap().read_to_string(&mut text).unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    reader.records().skip_while(|row| row.as_ref().unwrap().iter().all(|value| value != header)).count() - 1
}

/// Counts records, tallies and refusals by collection.
fn counts(emitted: &[Emitted]) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    let mut collection = String::new();
    for item in emitted {
        let (name, count) = match item {
            Emitted::Part(part) => {
                collection.clone_from(&part.collection);
                continue;
            }
            Emitted::Record { .. } => (collection.clone(), 1),
            Emitted::Tally { class, count } => (class.clone(), *count),
            Emitted::Diagnostic(diagnostic) if diagnostic.refused => ("refused".to_owned(), 1),
            Emitted::Diagnostic(_) => ("told".to_owned(), 1),
            Emitted::Photo { .. } | Emitted::End | Emitted::Refused(_) | Emitted::Truncated(_) => continue,
        };
        *counts.entry(name).or_default() += count;
    }
    counts
}

#[test]
fn accounts_for_every_row_of_the_sample_archive() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/linkedin/sample_export.zip");
    let Ok(bytes) = fs::read(path) else { return };
    let emitted = run::<CsvImporter>(&[("sample_export.zip", &bytes)]);
    assert_eq!(emitted.last(), Some(&Emitted::End));
    let counts = counts(&emitted);
    let count = |name: &str| usize::try_from(counts.get(name).copied().unwrap_or_default()).unwrap();
    assert_eq!(count("connections") + count("closed profile"), rows_of(&bytes, "Connections.csv", "Connected On"));
    assert_eq!(count("messages") + count("draft"), rows_of(&bytes, "messages.csv", "CONTENT"));
    assert_eq!(count("invitations"), rows_of(&bytes, "Invitations.csv", "Sent At"));
    assert_eq!((count("connections"), count("profile")), (2_000, 1));
    assert_eq!((count("messages"), count("draft"), count("invitations")), (19_959, 41, 162));
    assert_eq!(
        (count("refused"), count("told")),
        (0, 0),
        "{:?}",
        emitted.iter().find(|e| matches!(e, Emitted::Diagnostic(_)))
    );
}
