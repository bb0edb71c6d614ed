//! A suspect store is set aside at the next start; three times in an hour is the end of trying.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

/// How many rebuilds within an hour are tried.
const REBUILDS_AN_HOUR: usize = 3;

/// The store was damaged again and again.
#[derive(Debug, thiserror::Error)]
pub enum SuspectError {
    /// Rebuilding does not help.
    #[error(
        "rebuild the store: it was damaged {REBUILDS_AN_HOUR} times within an hour; the ledger is whole, but disk or memory \
         may not be: look at the system's log, then delete {0}"
    )]
    AgainAndAgain(PathBuf),
    /// The store's files cannot be moved.
    #[error("set the damaged store aside")]
    Move(#[source] io::Error),
}

/// Marks the store as suspect, so that the next start sets it aside.
///
/// # Errors
/// When the mark cannot be written.
pub fn mark(state: &Path, why: &str) -> io::Result<()> {
    crate::paths::replace(&state.join("store.suspect"), why.as_bytes())
}

/// Returns why the store is suspect, if it is.
#[must_use]
pub fn why(state: &Path) -> Option<String> {
    fs::read_to_string(state.join("store.suspect")).ok()
}

/// Sets the store aside and counts it. The store set aside before that one goes.
///
/// # Errors
/// When it was set aside too often within the hour, or cannot be moved.
pub fn set_aside(state: &Path, store: &Path, now: Timestamp) -> Result<(), SuspectError> {
    let log = state.join("rebuilds");
    let recent: Vec<String> = fs::read_to_string(&log)
        .unwrap_or_default()
        .lines()
        .filter(|line| line.parse().is_ok_and(|at: Timestamp| now.duration_since(at) < SignedDuration::from_hours(1)))
        .map(str::to_owned)
        .collect();
    if recent.len() >= REBUILDS_AN_HOUR {
        return Err(SuspectError::AgainAndAgain(log));
    }
    let aside = state.join("store.set-aside");
    remove_if_there(&aside).map_err(SuspectError::Move)?;
    if store.exists() {
        fs::rename(store, &aside).map_err(SuspectError::Move)?;
    }
    let lines: String = recent.into_iter().chain([now.to_string()]).map(|line| line + "\n").collect();
    crate::paths::replace(&log, lines.as_bytes()).map_err(SuspectError::Move)?;
    remove_mark(state).map_err(SuspectError::Move)
}

fn remove_mark(state: &Path) -> io::Result<()> {
    remove_if_there(&state.join("store.suspect"))
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    let result = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
