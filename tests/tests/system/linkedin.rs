//! A LinkedIn archive, copied slowly, then again.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use kith_tests::binaries::root;
use kith_tests::fixtures::linkedin;
use kith_tests::wait::pause;
use kith_tests::{Home, export};
use serde_json::Value;

use crate::scene::{DAY, LIMIT};

const NAME: &str = "Basic_LinkedInDataExport_06-01-2026.zip";

/// What parts the address and the name in the key of a participant.
const PARTICIPANT: char = '\n';

/// Copies an archive to the drop folder in three chunks, each written and closed by itself, slowly.
fn copy_slowly(home: &Home, bytes: &[u8]) {
    let target = home.drop_folder().unwrap().join(NAME);
    for chunk in bytes.chunks(bytes.len() / 3 + 1) {
        let mut file = OpenOptions::new().create(true).append(true).open(&target).unwrap();
        file.write_all(chunk).unwrap();
        drop(file);
        pause(Duration::from_secs(3));
    }
}

fn counted(report: &Value) -> u64 {
    let sum = |name: &str| report[name].as_object().unwrap().values().filter_map(Value::as_u64).sum::<u64>();
    sum("collections") + sum("tallies") + report["refused"].as_u64().unwrap()
}

fn imports(home: &Home) -> Vec<Value> {
    home.json(&["undo", "--list"]).unwrap()
}

fn imported_once_and_the_same_again_changes_nothing(archive: &[u8], connections: usize) {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    copy_slowly(&home, archive);
    home.wait_for_empty_drop(LIMIT).unwrap();
    let first = imports(&home);
    assert_eq!(first.len(), 1, "{:#?}", home.json(&["problems"]).unwrap());
    let known = export(&home).unwrap();
    let slugs: BTreeSet<String> = known
        .records("linkedin")
        .iter()
        .filter_map(|record| record["key"].as_str())
        .filter(|key| !key.contains(PARTICIPANT))
        .map(str::to_owned)
        .collect();
    assert_eq!(slugs.len(), connections);

    copy_slowly(&home, archive);
    home.wait_for_empty_drop(LIMIT).unwrap();
    assert_eq!(export(&home).unwrap().difference(&known), Vec::<String>::new());
    let mut records: Vec<Option<u64>> = imports(&home).iter().map(|import| import["records"].as_u64()).collect();
    records.sort_unstable();
    assert_eq!(records, [Some(0), first[0]["records"].as_u64()]);

    let file = home.path(NAME);
    fs::write(&file, archive).unwrap();
    let report = &home.json(&["import", "--dry-run", &file.to_string_lossy()]).unwrap()[0];
    assert_eq!(
        (&report["new"], &report["changed"], &report["retired"]),
        (&0.into(), &0.into(), &0.into()),
        "{report:#}"
    );
    assert_eq!(counted(report), report["read"].as_u64().unwrap(), "{report:#}");
}

#[test]
fn an_archive_copied_slowly_is_imported_once_and_the_same_again_changes_nothing() {
    let size = linkedin::Size { connections: 300, closed: 5, messages: 400, invitations: 40 };
    imported_once_and_the_same_again_changes_nothing(&linkedin::archive(size, DAY).unwrap(), 300);
}

#[test]
fn the_sample_archive_copied_slowly_is_imported_once_and_the_same_again_changes_nothing() {
    let Some(archive) = sample() else { return };
    imported_once_and_the_same_again_changes_nothing(&fs::read(archive).unwrap(), 2_000);
}

/// The sample archive beside the repository, where there is one.
fn sample() -> Option<PathBuf> {
    Some(root().join("../shared/corpus/linkedin/sample_export.zip")).filter(|path| path.is_file())
}
