//! Puts dropped files away: to `Imported/YYYY-MM`, or to `Problem` with the reason beside. Nothing is ever overwritten.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kith_core::settle::Stat;

use super::carry;
use crate::paths;
use crate::watch::{names, scan};

/// How many files of one name are told apart.
const NUMBERS: u32 = 100_000;

/// How long a name may be, in bytes, on all file systems in use.
const NAME_BYTES: usize = 255;

/// A file could not be put away; it lies where it was.
#[derive(Debug, thiserror::Error)]
pub(super) enum ShelfError {
    /// It is not what was imported.
    #[error("put the file away: it changed meanwhile")]
    Changed,
    /// There is no room.
    #[error("put the file away: the disk is full")]
    DiskFull,
    /// Anything else.
    #[error("put the file away to {to}")]
    Io {
        /// Where it was to be put.
        to: PathBuf,
        /// Why it could not be.
        #[source]
        source: io::Error,
    },
}

/// Returns the folder for what is imported at `now`: `Imported/2026-11`.
pub(super) fn month(imported: &Path, now: Timestamp, zone: &TimeZone) -> PathBuf {
    imported.join(now.to_zoned(zone.clone()).strftime("%Y-%m").to_string())
}

/// Moves what was imported to `folder`, under its own name or the next free one. Returns where it lies.
///
/// # Errors
/// When it is not as it was imported, or cannot be moved; then it lies where it was.
pub(super) fn put_away(path: &Path, stat: &Stat, folder: &Path) -> Result<PathBuf, ShelfError> {
    let failed = |source| failed(folder, source);
    paths::make_folder(folder).map_err(failed)?;
    for number in 1..NUMBERS {
        let to = folder.join(numbered(path, number, NAME_BYTES));
        if carry::to_new(path, stat, &to)? {
            return Ok(to);
        }
    }
    Err(failed(io::ErrorKind::AlreadyExists.into()))
}

/// Moves what cannot be imported to `folder` and writes the reason beside it. Returns where it lies.
///
/// # Errors
/// As [`put_away`].
pub(super) fn put_aside(path: &Path, stat: &Stat, folder: &Path, reason: &str) -> Result<PathBuf, ShelfError> {
    let failed = |source| failed(folder, source);
    paths::make_folder(folder).map_err(failed)?;
    for number in 1..NUMBERS {
        let to = folder.join(numbered(path, number, NAME_BYTES - names::REASON.len()));
        let note = reason_beside(&to);
        match write_note(&note, reason) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            written => written.map_err(failed)?,
        }
        match carry::to_new(path, stat, &to) {
            Ok(true) => return Ok(to),
            Ok(false) => fs::remove_file(&note).map_err(failed)?,
            Err(error) => {
                fs::remove_file(&note).map_err(failed)?;
                return Err(error);
            }
        }
    }
    Err(failed(io::ErrorKind::AlreadyExists.into()))
}

/// Writes a note where there is none; one that cannot be written whole is not left behind.
fn write_note(note: &Path, text: &str) -> io::Result<()> {
    let mut file = paths::create_new(note)?;
    let written = io::Write::write_all(&mut file, text.as_bytes());
    if written.is_err() {
        fs::remove_file(note)?;
    }
    written
}

/// Returns where the reason of a problem file is written.
pub(super) fn reason_beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(names::REASON);
    path.with_file_name(name)
}

/// Removes imported files that were put away more than `days` ago.
///
/// # Errors
/// When a folder cannot be read or a file not be removed.
pub(super) fn prune(imported: &Path, days: u32, now: Timestamp) -> io::Result<()> {
    let age = Duration::from_secs(u64::from(days) * 24 * 60 * 60);
    let limit = i128::from(i64::try_from(now.as_nanosecond()).unwrap_or(i64::MAX))
        - i128::try_from(age.as_nanos()).unwrap_or(0);
    for month in months(imported)? {
        for entry in fs::read_dir(&month)? {
            let path = entry?.path();
            let meta = fs::symlink_metadata(&path)?;
            // Being put away is the last thing that changed it.
            if i128::from(scan::stat(&meta).changed_ns) >= limit {
                continue;
            }
            if meta.is_dir() { fs::remove_dir_all(&path)? } else { fs::remove_file(&path)? }
        }
    }
    Ok(())
}

/// Returns the folders of months; whatever else lies there is the user's.
pub(super) fn months(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut months = Vec::new();
    for entry in entries {
        let entry = entry?;
        // A link is no folder here.
        if entry.file_type()?.is_dir() && is_month(&entry.file_name()) {
            months.push(entry.path());
        }
    }
    Ok(months)
}

fn is_month(name: &OsStr) -> bool {
    name.len() == "2026-11".len() && name.to_str().is_some_and(|name| format!("{name}-01").parse::<Date>().is_ok())
}

/// Returns the path's own name, or from the second on `NAME (2).csv`; shortened where it is longer than `limit` bytes.
fn numbered(path: &Path, number: u32, limit: usize) -> OsString {
    let name = path.file_name().unwrap_or_default();
    let is_dir = path.is_dir();
    let stem = if is_dir { name } else { path.file_stem().unwrap_or(name) };
    let mut ending = if number == 1 { OsString::new() } else { format!(" ({number})").into() };
    if let Some(extension) = path.extension().filter(|_| !is_dir) {
        ending.push(".");
        ending.push(extension);
    }
    let mut whole = shortened(stem, limit.saturating_sub(ending.len()));
    whole.push(&ending);
    if whole.len() > limit { shortened(&whole, limit) } else { whole }
}

/// Returns the beginning of a name, in whole characters.
fn shortened(name: &OsStr, limit: usize) -> OsString {
    let Some(bytes) = name.as_bytes().get(..limit) else { return name.to_owned() };
    let whole = match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => bytes.get(..error.valid_up_to()).unwrap_or(bytes),
        Ok(_) | Err(_) => bytes,
    };
    OsString::from_vec(whole.to_vec())
}

/// Works on files beside the loop: between two file systems a move is a copy, and may take minutes.
///
/// # Errors
/// When the work panicked.
pub(super) async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)
}

/// Tells a full disk from everything else.
pub(super) fn failed(to: &Path, source: io::Error) -> ShelfError {
    if paths::is_disk_full(&source) { ShelfError::DiskFull } else { ShelfError::Io { to: to.to_owned(), source } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Layout;

    fn put(path: &Path, text: &str) -> Stat {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        scan::stat_unit(path, Layout::Drop).unwrap()
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn never_overwrites() {
        let home = tempfile::tempdir().unwrap();
        let (path, folder) = (home.path().join("Drop/c.tar.csv"), home.path().join("Imported/2026-11"));
        for text in ["one", "two", "three"] {
            let stat = put(&path, text);
            put_away(&path, &stat, &folder).unwrap();
        }
        assert_eq!(names(&folder), ["c.tar (2).csv", "c.tar (3).csv", "c.tar.csv"]);
        assert_eq!(fs::read_to_string(folder.join("c.tar (2).csv")).unwrap(), "two");
    }

    #[test]
    fn a_problem_lies_beside_its_reason() {
        let home = tempfile::tempdir().unwrap();
        let (path, folder) = (home.path().join("Drop/c.csv"), home.path().join("Problem"));
        for text in ["one", "two"] {
            let stat = put(&path, text);
            let to = put_aside(&path, &stat, &folder, text).unwrap();
            assert_eq!(fs::read_to_string(reason_beside(&to)).unwrap(), fs::read_to_string(&to).unwrap());
        }
        assert_eq!(names(&folder), ["c (2).csv", "c (2).csv.reason.txt", "c.csv", "c.csv.reason.txt"]);
    }

    #[test]
    fn what_changed_meanwhile_stays_where_it_is() {
        let home = tempfile::tempdir().unwrap();
        let (path, folder) = (home.path().join("Drop/c.csv"), home.path().join("Problem"));
        let stat = put(&path, "one");
        put(&path, "more");
        assert!(matches!(put_aside(&path, &stat, &folder, "why"), Err(ShelfError::Changed)));
        assert!(matches!(put_away(&path, &stat, &folder), Err(ShelfError::Changed)));
        assert_eq!(fs::read_to_string(&path).unwrap(), "more");
        assert!(names(&folder).is_empty());
    }

    #[test]
    fn a_folder_moves_as_one() {
        let home = tempfile::tempdir().unwrap();
        let (path, folder) = (home.path().join("Drop/archive.2026"), home.path().join("Imported"));
        for _ in 0..2 {
            put(&path.join("Connections.csv"), "x");
            let stat = scan::stat_unit(&path, Layout::Drop).unwrap();
            put_away(&path, &stat, &folder).unwrap();
        }
        assert_eq!(names(&folder), ["archive.2026", "archive.2026 (2)"]);
    }

    #[test]
    fn only_old_files_are_removed() {
        let home = tempfile::tempdir().unwrap();
        put(&home.path().join("2026-10/a.csv"), "x");
        let now = crate::clock::now();
        prune(home.path(), 30, now).unwrap();
        assert_eq!(names(&home.path().join("2026-10")), ["a.csv"]);
        prune(home.path(), 30, now + jiff::SignedDuration::from_hours(31 * 24)).unwrap();
        assert!(names(&home.path().join("2026-10")).is_empty());
        prune(&home.path().join("none"), 30, now).unwrap();
    }

    #[test]
    fn only_folders_of_months_are_pruned() {
        let home = tempfile::tempdir().unwrap();
        put(&home.path().join("my own/a.csv"), "x");
        put(&home.path().join("2026-13/a.csv"), "x");
        put(&home.path().join("elsewhere/a.csv"), "x");
        std::os::unix::fs::symlink(home.path().join("elsewhere"), home.path().join("2026-09")).unwrap();
        prune(home.path(), 30, crate::clock::now() + jiff::SignedDuration::from_hours(31 * 24)).unwrap();
        for kept in ["my own/a.csv", "2026-13/a.csv", "elsewhere/a.csv"] {
            assert!(home.path().join(kept).exists(), "{kept}");
        }
    }

    #[test]
    fn a_name_of_full_length_has_room_for_its_number_and_its_reason() {
        let home = tempfile::tempdir().unwrap();
        let name = format!("{}.csv", "ö".repeat(125));
        let path = home.path().join("Drop").join(&name);
        let (away, aside) = (home.path().join("Imported"), home.path().join("Problem"));
        for _ in 0..2 {
            let stat = put(&path, "x");
            put_away(&path, &stat, &away).unwrap();
            let stat = put(&path, "x");
            let to = put_aside(&path, &stat, &aside, "why").unwrap();
            assert_eq!(fs::read_to_string(reason_beside(&to)).unwrap(), "why");
        }
        assert!(names(&away).contains(&name));
        assert_eq!(names(&aside).len(), 4);
    }

    #[test]
    fn the_month_is_the_users() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let now: Timestamp = "2026-10-31T23:00:00Z".parse().unwrap();
        assert_eq!(month(Path::new("/i"), now, &zone), Path::new("/i/2026-11"));
    }
}
