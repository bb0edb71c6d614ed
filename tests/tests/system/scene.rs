//! What several tests begin with.

use std::fs;
use std::path::Path;
use std::time::Duration;

use jiff::civil::Date;
use kith_tests::fixtures::{cards, linkedin, mail};
use kith_tests::{Daemon, Home};
use serde_json::Value;

/// How long anything may take before a test gives up; generous, for machines that are busy.
pub(crate) const LIMIT: Duration = Duration::from_secs(180);

/// The day on which the fixtures were exported.
pub(crate) const DAY: Date = Date::constant(2026, 6, 1);

/// Returns a file of `count` cards, of people from `first` on.
pub(crate) fn cards_of(first: u64, count: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    cards::cards(&mut bytes, first, count).unwrap();
    bytes
}

/// Drops a LinkedIn archive, cards and an mbox that share people, and waits until they are imported.
pub(crate) fn settle_in(home: &Home) -> Daemon {
    let daemon = home.start().unwrap();
    let size = linkedin::Size { connections: 60, closed: 3, messages: 40, invitations: 10 };
    let archive = linkedin::archive(size, DAY).unwrap();
    let mut mbox = Vec::new();
    mail::mbox(&mut mbox, 60, 30, DAY).unwrap();
    for (name, bytes) in
        [("people.vcf", &cards_of(0, 40)), ("Basic_LinkedInDataExport.zip", &archive), ("mail.mbox", &mbox)]
    {
        home.drop_file(name, bytes).unwrap();
        home.wait_for_empty_drop(LIMIT).unwrap();
    }
    assert_eq!(home.json(&["problems"]).unwrap(), Vec::<Value>::new());
    daemon
}

/// Copies a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Returns all files below `folder`, in the order of their paths.
pub(crate) fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}
