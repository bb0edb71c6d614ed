//! What an importer must stand, whatever the bytes: the fuzz targets and the cases that they once found ask it of each.
//!
//! Each target links one importer only, for every importer exports the same symbol.

#![expect(clippy::panic, reason = "that is how a fuzz target says no")]

use std::fs;
use std::path::{Path, PathBuf};

use kith_plugin::Importer;
use kith_plugin::mail::MAIL_ENTRY;
use kith_plugin::testing::{Emitted, probe, run};

/// What the importer of mail is told: whose texts to look into, as in the fixtures.
const SENDER: &[u8] = br#"{"promises_of":["sam@example.com"]}"#;

/// Imports a file and holds the importer to its promises.
///
/// # Panics
/// When it breaks one.
pub fn hold<I: Importer>(name: &str, bytes: &[u8]) {
    let sure = probe::<I>(&[(name, bytes)]);
    assert!(sure <= 100, "sure of it by {sure} %");
    hold_bundle::<I>(&[(name, bytes)]);
}

/// As [`hold`], for the importer of mail, which is told to look into the texts of one sender, too.
///
/// # Panics
/// When it breaks a promise.
pub fn hold_mail<I: Importer>(name: &str, bytes: &[u8]) {
    hold::<I>(name, bytes);
    hold_bundle::<I>(&[(name, bytes), (MAIL_ENTRY, SENDER)]);
}

fn hold_bundle<I: Importer>(files: &[(&str, &[u8])]) {
    let emitted = run::<I>(files);
    assert_eq!(emitted, run::<I>(files), "the same bytes twice");
    let mut part = false;
    for (index, item) in emitted.iter().enumerate() {
        match item {
            Emitted::Part(_) => part = true,
            Emitted::Record { place, .. } => {
                assert!(part, "a record before its part");
                assert!(place.position > 0, "{place:?}");
            }
            Emitted::Diagnostic(diagnostic) => {
                assert!(!diagnostic.problem.is_empty() && !diagnostic.consequence.is_empty(), "{diagnostic:?}");
            }
            Emitted::Tally { class, count } => assert!(!class.is_empty() && *count > 0, "{class:?}: {count}"),
            Emitted::Photo { .. } => {}
            Emitted::End | Emitted::Refused(_) | Emitted::Truncated(_) => {
                assert_eq!(index + 1, emitted.len(), "the end is the last");
            }
        }
    }
}

/// Holds the importer of mail to its promises for all files below a folder, as [`hold_all`].
///
/// # Panics
/// When a folder cannot be read, or the importer breaks a promise.
#[must_use]
pub fn hold_all_mail<I: Importer>(name: &str, folder: &Path) -> usize {
    hold_each(folder, |bytes| hold_mail::<I>(name, bytes))
}

/// Holds an importer to its promises for all files below a folder; returns how many there were.
///
/// # Panics
/// When a folder cannot be read, or the importer breaks a promise.
#[must_use]
pub fn hold_all<I: Importer>(name: &str, folder: &Path) -> usize {
    hold_each(folder, |bytes| hold::<I>(name, bytes))
}

fn hold_each(folder: &Path, hold: impl Fn(&[u8])) -> usize {
    let files = files(folder);
    for file in &files {
        let bytes = fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        hold(&bytes);
    }
    files.len()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let (folders, mut found): (Vec<_>, Vec<_>) = paths.partition(|path| path.is_dir());
    found.extend(folders.iter().flat_map(|folder| files(folder)));
    found.sort();
    found
}

/// Returns a folder of this crate, or beside it.
#[must_use]
pub fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
