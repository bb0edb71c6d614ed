//! What the intake tells while it works: to whoever asked for an import, and to whoever asks how it is.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;

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
        Self { progress: Progress { path, bytes_total, ..Progress::default() }, listener }
    }

    pub(super) fn phase(&mut self, phase: Phase) {
        self.progress.phase = phase;
        self.tell();
    }

    pub(super) fn read(&mut self, bytes: u64) {
        self.progress.bytes += bytes;
        self.tell();
    }

    /// Returns how many records were found so far.
    pub(super) const fn records(&self) -> u64 {
        self.progress.records
    }

    pub(super) fn found(&mut self, records: usize) {
        self.progress.records += u64::try_from(records).unwrap_or(0);
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
