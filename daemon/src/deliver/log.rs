//! The hooks' log: what each run of a hook came to, for `kith hooks log`.
//!
//! It is local state, not truth: lines of JSON in one file, and the file before it. That a reminder was delivered is a fact
//! in the ledger.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use kith_core::fact::OccurrenceId;
use serde::{Deserialize, Serialize};

use crate::paths::FILE_MODE;

/// The version of the lines.
const VERSION: u32 = 1;

/// When a file is set aside and a new one begun.
const ROTATE_BYTES: u64 = 1 << 20;

/// One run of a hook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookRun {
    /// The line's version.
    pub version: u32,
    /// When it ended.
    pub at: Timestamp,
    /// The hook's name.
    pub hook: String,
    /// The reminders it was told of.
    pub occurrences: Vec<OccurrenceId>,
    /// The how manieth time it was tried, from 1.
    pub attempt: u32,
    /// How it ended, in words: `ended with status 0`.
    pub end: String,
    /// How long it took, in milliseconds.
    #[serde(default)]
    pub elapsed_ms: u64,
    /// Whether it ended well.
    pub ok: bool,
    /// What it wrote.
    pub output: String,
    /// It wrote more than is kept.
    #[serde(default)]
    pub output_cut: bool,
}

impl HookRun {
    /// Returns a line of the present version, to be filled in.
    #[must_use]
    pub fn new(at: Timestamp, hook: &str, occurrences: Vec<OccurrenceId>, attempt: u32) -> Self {
        let (end, output) = (String::new(), String::new());
        Self {
            version: VERSION,
            at,
            hook: hook.to_owned(),
            occurrences,
            attempt,
            end,
            elapsed_ms: 0,
            ok: false,
            output,
            output_cut: false,
        }
    }
}

/// Adds a run to the log.
///
/// # Errors
/// When the log cannot be written.
pub fn append(state: &Path, run: &HookRun) -> io::Result<()> {
    let path = file(state);
    if fs::metadata(&path).is_ok_and(|found| found.len() > ROTATE_BYTES) {
        fs::rename(&path, older_file(state))?;
    }
    let mut line = serde_json::to_vec(run)?;
    line.push(b'\n');
    OpenOptions::new().create(true).append(true).mode(FILE_MODE).open(path)?.write_all(&line)
}

/// Returns the last `count` runs, the newest first. Lines that cannot be read are left out.
///
/// # Errors
/// When the log is there and cannot be read.
pub fn last(state: &Path, count: usize) -> io::Result<Vec<HookRun>> {
    let mut runs = Vec::new();
    for path in [file(state), older_file(state)] {
        let text = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            other => other?,
        };
        let lines = text.rsplit(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        runs.extend(lines.filter_map(|line| serde_json::from_slice(line).ok()).take(count - runs.len()));
    }
    Ok(runs)
}

/// Takes runs out of the log, and what cannot be read of it.
///
/// # Errors
/// When the log cannot be read or written.
pub fn retain(state: &Path, keep: impl Fn(&HookRun) -> bool) -> io::Result<()> {
    for path in [file(state), older_file(state)] {
        let text = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            other => other?,
        };
        let kept = |line: &&[u8]| serde_json::from_slice(line).is_ok_and(|run| keep(&run));
        let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').filter(kept).collect();
        crate::paths::replace(&path, &lines.concat())?;
    }
    Ok(())
}

fn file(state: &Path) -> PathBuf {
    state.join("hooks.jsonl")
}

fn older_file(state: &Path) -> PathBuf {
    state.join("hooks.1.jsonl")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn run(attempt: u32, output: &str) -> HookRun {
        HookRun { output: output.to_owned(), ..HookRun::new(Timestamp::UNIX_EPOCH, "10-mail", Vec::new(), attempt) }
    }

    #[test]
    fn the_newest_run_comes_first_and_a_torn_line_is_left_out() {
        let state = tempfile::tempdir().unwrap();
        assert_eq!(last(state.path(), 9).unwrap(), []);
        append(state.path(), &run(1, "")).unwrap();
        append(state.path(), &run(2, "")).unwrap();
        OpenOptions::new().append(true).open(file(state.path())).unwrap().write_all(b"{\"version\":1,").unwrap();
        let attempts = |count| last(state.path(), count).unwrap().iter().map(|run| run.attempt).collect::<Vec<_>>();
        assert_eq!((attempts(9), attempts(1)), (vec![2, 1], vec![2]));
        assert_eq!(fs::metadata(file(state.path())).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn the_log_does_not_grow_for_ever() {
        let state = tempfile::tempdir().unwrap();
        let much = "x".repeat(64 << 10);
        for attempt in 1..=40 {
            append(state.path(), &run(attempt, &much)).unwrap();
        }
        let size = |path: PathBuf| fs::metadata(path).unwrap().len();
        assert!(size(file(state.path())) + size(older_file(state.path())) < 2 * ROTATE_BYTES + (1 << 18));
        let runs = last(state.path(), 20).unwrap();
        assert_eq!(runs.iter().map(|run| run.attempt).collect::<Vec<_>>(), (21..=40).rev().collect::<Vec<_>>());
    }
}
