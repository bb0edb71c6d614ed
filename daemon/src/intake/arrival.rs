//! What became of a dropped file, for whoever looks at the screen.

use tokio::sync::mpsc;

use crate::keeper::Report;

/// How many arrivals may wait to be told; more of them are passed over.
const WAITING: usize = 64;

/// What became of a dropped file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrival {
    /// It was imported.
    Imported {
        /// The file's name.
        name: String,
        /// What came of it.
        reports: Vec<Report>,
    },
    /// It was put aside.
    Refused {
        /// The file's name.
        name: String,
        /// Why.
        reason: String,
    },
}

/// Returns where arrivals are told and where they come out. Telling never waits.
#[must_use]
pub fn arrivals() -> (mpsc::Sender<Arrival>, mpsc::Receiver<Arrival>) {
    mpsc::channel(WAITING)
}
