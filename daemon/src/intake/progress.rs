//! What the intake tells while it works: to whoever asked for an import, and to whoever asks how it is.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;

use crate::clock;
use crate::keeper::Report;

/// How far an import is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// What is imported: a file, or a folder read in place.
    pub path: PathBuf,
    /// What is being done.
    pub phase: Phase,
    /// How much has been read, in bytes.
    pub bytes: u64,
    /// How much there is to read, in bytes.
    pub bytes_total: u64,
    /// How many records were found.
    pub records: u64,
    /// When what is being done began, by [`clock::awake`], and how many bytes had been read by then.
    pub since: (Duration, u64),
}

/// How fast an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// How much is read, in bytes a second.
    pub bytes_per_second: u64,
    /// How long it will take, in seconds.
    pub seconds_left: u64,
}

impl Progress {
    /// Returns how fast it is at this time, by [`clock::awake`]; `None` until something was read.
    #[must_use]
    pub fn pace(&self, now: Duration) -> Option<Pace> {
        let (since, before) = self.since;
        let millis = u64::try_from(now.saturating_sub(since).as_millis()).ok()?;
        let read = self.bytes.saturating_sub(before);
        let bytes_per_second = read.checked_mul(1000)?.checked_div(millis).filter(|pace| *pace > 0)?;
        let seconds_left = self.bytes_total.saturating_sub(self.bytes).div_ceil(bytes_per_second);
        Some(Pace { bytes_per_second, seconds_left })
    }
}

/// What is being done for an import.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Phase {
    /// The files are read, to know them again and to find the importer.
    #[default]
    Reading,
    /// The importer finds records.
    Importing,
    /// The records are made durable.
    Committing,
}

/// What is told of an import that was asked for.
#[derive(Debug)]
pub enum Told {
    /// How far it is. Some of these may be left out when the listener is slow.
    Progress(Progress),
    /// What became of one of the paths, in their order; never left out.
    Ended(Outcome),
}

/// What became of a path that was given to import.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// The path.
    pub path: PathBuf,
    /// What was imported, one report an importer; none when nothing could be.
    pub reports: Vec<Report>,
    /// The files that could not be imported, relative to a folder and empty for the path itself, each with the reason in words.
    pub refused: Vec<(String, String)>,
}

/// How the intake is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IntakeStatus {
    /// What is being imported from the watched folders.
    pub importing: Option<Progress>,
    /// How many files were imported from them since the start.
    pub imported: u64,
    /// Whether it waits for room on the disk.
    pub disk_full: bool,
    /// What else is in its way, in words; it is tried again.
    pub fault: Option<String>,
}

/// Tells listeners how far an import is.
#[derive(Debug, Clone)]
pub(super) struct Teller {
    progress: Progress,
    listener: Listener,
    /// How many bytes the files measure that are done with.
    done: u64,
    /// How far into the files at hand the plugin is.
    reading: Arc<AtomicU64>,
}

#[derive(Debug, Clone)]
pub(super) enum Listener {
    /// Somebody asked for the import.
    Asker(mpsc::Sender<Told>),
    /// It came from a watched folder.
    Status(Arc<Mutex<IntakeStatus>>),
}

impl Teller {
    pub(super) fn new(path: PathBuf, bytes_total: u64, listener: Listener) -> Self {
        let progress = Progress { path, bytes_total, since: (clock::awake(), 0), ..Progress::default() };
        Self { progress, listener, done: 0, reading: Arc::default() }
    }

    pub(super) fn phase(&mut self, phase: Phase) {
        self.progress.phase = phase;
        self.progress.since = (clock::awake(), self.progress.bytes);
        self.tell();
    }

    /// The plugin begins with files; returns what is to tell how far into them it is.
    pub(super) fn begin(&mut self) -> Arc<AtomicU64> {
        self.reading = Arc::default();
        Arc::clone(&self.reading)
    }

    /// The files are done with, which measure so many bytes.
    pub(super) fn finished(&mut self, bytes: u64) {
        self.reading = Arc::default();
        self.done += bytes;
        self.progress.bytes = self.done;
        self.tell();
    }

    /// Returns how many records were found so far.
    pub(super) const fn records(&self) -> u64 {
        self.progress.records
    }

    pub(super) fn found(&mut self, records: usize) {
        self.progress.records += u64::try_from(records).unwrap_or(0);
        let read = self.done + self.reading.load(Ordering::Relaxed);
        // Some formats are read once before, to know them.
        if read < self.progress.bytes {
            self.progress.since = (clock::awake(), read);
        }
        self.progress.bytes = read.min(self.progress.bytes_total);
        self.tell();
    }

    fn tell(&self) {
        match &self.listener {
            // Progress may be left out when the listener is slow or has gone.
            Listener::Asker(asker) => drop(asker.try_send(Told::Progress(self.progress.clone()))),
            Listener::Status(status) => {
                status.lock().unwrap_or_else(PoisonError::into_inner).importing = Some(self.progress.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_is_that_of_what_is_being_done() {
        let since = (Duration::from_secs(10), 1_000);
        let progress = Progress { bytes: 3_000, bytes_total: 10_000, since, ..Progress::default() };
        let pace = |seconds| progress.pace(Duration::from_secs(seconds));
        assert_eq!(pace(14), Some(Pace { bytes_per_second: 500, seconds_left: 14 }));
        assert_eq!(pace(10), None);
        let nothing = Progress { bytes: 1_000, ..progress.clone() };
        assert_eq!(nothing.pace(Duration::from_secs(14)), None);
    }
}
