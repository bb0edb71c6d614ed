//! Puts dropped files away: to `Imported/YYYY-MM`, or to `Problem` with the reason beside. Nothing is ever overwritten.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use kith_core::settle::Stat;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;

use crate::config::Layout;
use crate::paths;
use crate::watch::{names, scan};

/// How many files of one name are told apart.
const NUMBERS: u32 = 100_000;

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
        let to = folder.join(numbered(path, number));
        if move_new(path, stat, &to)? {
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
        let to = folder.join(numbered(path, number));
        let note = reason_beside(&to);
        match paths::create_new(&note) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            made => made.and_then(|mut file| io::Write::write_all(&mut file, reason.as_bytes())).map_err(failed)?,
        }
        match move_new(path, stat, &to) {
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
    for month in subfolders(imported)? {
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

fn subfolders(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    Ok(paths.into_iter().filter(|path| path.is_dir()).collect())
}

/// Returns the path's own name, or from the second on `NAME (2).csv`.
fn numbered(path: &Path, number: u32) -> PathBuf {
    let name = path.file_name().unwrap_or_default();
    if number == 1 {
        return name.into();
    }
    let mut numbered = if path.is_dir() { name } else { path.file_stem().unwrap_or(name) }.to_owned();
    numbered.push(format!(" ({number})"));
    if let Some(extension) = path.extension().filter(|_| !path.is_dir()) {
        numbered.push(".");
        numbered.push(extension);
    }
    numbered.into()
}

/// Moves `path` to `to` if nothing is there; returns whether it did. What changed in that moment is moved back.
fn move_new(path: &Path, stat: &Stat, to: &Path) -> Result<bool, ShelfError> {
    let is_as_it_was = |path| scan::stat_unit(path, Layout::Drop).is_some_and(|found| found.same_content(stat));
    if !is_as_it_was(path) {
        return Err(ShelfError::Changed);
    }
    match renameat_with(CWD, path, CWD, to, RenameFlags::NOREPLACE) {
        Ok(()) => {}
        Err(Errno::EXIST) => return Ok(false),
        Err(Errno::NOENT) => return Err(ShelfError::Changed),
        Err(Errno::XDEV | Errno::INVAL | Errno::NOSYS) => return copy_new(path, stat, to),
        Err(error) => return Err(failed(to, error.into())),
    }
    if is_as_it_was(to) {
        return Ok(true);
    }
    renameat_with(CWD, to, CWD, path, RenameFlags::NOREPLACE).map_err(|error| failed(path, error.into()))?;
    Err(ShelfError::Changed)
}

/// Copies to another file system, durably, and removes the original when it is still what was copied.
fn copy_new(path: &Path, stat: &Stat, to: &Path) -> Result<bool, ShelfError> {
    let failed = |source| failed(to, source);
    if fs::symlink_metadata(to).is_ok() {
        return Ok(false);
    }
    let mut unfinished = std::ffi::OsString::from(".");
    unfinished.push(to.file_name().unwrap_or_default());
    unfinished.push(".part");
    let unfinished = to.with_file_name(unfinished);
    remove(&unfinished).map_err(failed)?;
    let copied = copy(path, &unfinished);
    let unchanged = scan::stat_unit(path, Layout::Drop).is_some_and(|found| found.same_content(stat));
    if let Err(error) = copied {
        remove(&unfinished).map_err(failed)?;
        return Err(failed(error));
    }
    if !unchanged {
        remove(&unfinished).map_err(failed)?;
        return Err(ShelfError::Changed);
    }
    fs::rename(&unfinished, to).map_err(failed)?;
    remove(path).map_err(failed)?;
    Ok(true)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let meta = fs::symlink_metadata(from)?;
    if meta.is_symlink() {
        return std::os::unix::fs::symlink(fs::read_link(from)?, to);
    }
    if meta.is_dir() {
        paths::make_folder(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
        return Ok(());
    }
    let (mut source, mut target) = (File::open(from)?, paths::create_new(to)?);
    io::copy(&mut source, &mut target)?;
    target.set_modified(meta.modified()?)?;
    target.sync_all()
}

fn remove(path: &Path) -> io::Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    removed.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

fn failed(to: &Path, source: io::Error) -> ShelfError {
    if matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
        ShelfError::DiskFull
    } else {
        ShelfError::Io { to: to.to_owned(), source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_copy_to_another_file_system_keeps_bytes_and_time() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("Drop/archive");
        put(&path.join("deep/a.csv"), "bytes");
        let stat = scan::stat_unit(&path, Layout::Drop).unwrap();
        let time = fs::metadata(path.join("deep/a.csv")).unwrap().modified().unwrap();
        let to = home.path().join("archive");
        assert!(copy_new(&path, &stat, &to).unwrap());
        assert!(!path.exists());
        assert_eq!(fs::read_to_string(to.join("deep/a.csv")).unwrap(), "bytes");
        assert_eq!(fs::metadata(to.join("deep/a.csv")).unwrap().modified().unwrap(), time);
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
    fn the_month_is_the_users() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let now: Timestamp = "2026-10-31T23:00:00Z".parse().unwrap();
        assert_eq!(month(Path::new("/i"), now, &zone), Path::new("/i/2026-11"));
    }
}
