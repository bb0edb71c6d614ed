//! What an importer must stand, whatever the bytes: the fuzz targets and the cases that they once found ask it of each.
//!
//! Each target links one importer only, for every importer exports the same symbol.

#![expect(clippy::panic, reason = "that is how a fuzz target says no")]

use std::fs;
use std::path::{Path, PathBuf};

use kith_plugin::Importer;
use kith_plugin::testing::{Emitted, probe, run};

/// Imports a file and holds the importer to its promises.
///
/// # Panics
/// When it breaks one.
pub fn hold<I: Importer>(name: &str, bytes: &[u8]) {
    let sure = probe::<I>(&[(name, bytes)]);
    assert!(sure <= 100, "sure of it by {sure} %");
    let emitted = run::<I>(&[(name, bytes)]);
    assert_eq!(emitted, run::<I>(&[(name, bytes)]), "the same bytes twice");
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

/// Holds an importer to its promises for all files below a folder; returns how many there were.
///
/// # Panics
/// When a folder cannot be read, or the importer breaks a promise.
#[must_use]
pub fn hold_all<I: Importer>(name: &str, folder: &Path) -> usize {
    let files = files(folder);
    for file in &files {
        let bytes = fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        hold::<I>(name, &bytes);
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
