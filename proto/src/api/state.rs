//! The daemon's own state, as the API tells it.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil};
use serde::{Deserialize, Serialize};

use crate::api::ImportProgress;

/// How the daemon is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Status {
    /// The daemon's version.
    pub version: String,
    /// Its process id.
    pub pid: u32,
    /// Its time.
    pub now: Option<Timestamp>,
    /// People to reconnect with.
    pub people: usize,
    /// Records of cards and participants.
    pub records: usize,
    /// Interactions.
    pub interactions: usize,
    /// Imports that count.
    pub imports: usize,
    /// Open reminders.
    pub reminders: usize,
    /// Pairs of people who may be one, and wait for an answer.
    pub questions: usize,
    /// Files being imported or waiting.
    pub waiting: usize,
    /// What is being imported from the watched folders.
    pub importing: Option<ImportProgress>,
    /// Folders watched.
    pub folders: Vec<WatchedFolder>,
    /// When the next plan is made.
    pub next_plan: Option<Timestamp>,
    /// The first day on which reminders come again, where they are paused.
    pub paused_until: Option<civil::Date>,
    /// The zone of days and schedules, as in the IANA database; empty where it has no name there.
    pub zone: String,
    /// Which other device reminds, where this one does not.
    pub elsewhere: Option<String>,
    /// Dropped files that are empty or end in the middle, and are given time.
    pub held: Vec<HeldFile>,
    /// What needs a look: faults, a wrong config, a store made again.
    pub attention: Vec<String>,
    /// Plugins by name, with their version.
    pub plugins: BTreeMap<String, String>,
}

/// A dropped file that is empty or ends in the middle: it may still be on its way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HeldFile {
    /// Where it lies.
    pub path: String,
    /// When it is taken as it is, unless it changes.
    pub until: Option<Timestamp>,
}

/// A folder that is watched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WatchedFolder {
    /// Where.
    pub path: String,
    /// `drop`, `vdir`, `maildir`, `plain`.
    pub layout: String,
    /// `ok`, or what is wrong with it.
    pub state: String,
}

/// An import in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportSummary {
    /// Its id.
    pub import: String,
    /// When.
    pub at: Option<Timestamp>,
    /// What was imported.
    pub path: String,
    /// The plugin's name and version.
    pub plugin: String,
    /// How many records it lists.
    pub records: u64,
    /// The earlier import of the same content: its records count for this one, which lists none itself.
    pub same_as: Option<String>,
    /// It was undone.
    pub undone: bool,
    /// Its report is kept: `kith report`. Reports that held somebody who was forgotten are not.
    pub report: bool,
}

/// An importer plugin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Plugin {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its file.
    pub path: String,
    /// Endings of file names that it accepts.
    pub accepts: Vec<String>,
    /// Why it is not used, if it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// A file that could not be imported.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// Where it lies.
    pub path: String,
    /// Why, in plain words.
    pub reason: String,
    /// What to try next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
}

/// Something a check-up found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoctorFinding {
    /// What it is about.
    pub topic: String,
    /// How it is.
    pub finding: Finding,
    /// In words.
    pub text: String,
    /// What to try next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_step: Option<String>,
}

/// What a conformance run of an importer plugin found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Conformance {
    /// The library.
    pub path: String,
    /// The plugin's name; empty when it could not be loaded.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Whether no check failed.
    pub passed: bool,
    /// One line a check, in the order in which they were made.
    pub checks: Vec<DoctorFinding>,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// As it should be.
    Ok,
    /// It works, with a limit.
    Warn,
    /// It does not work.
    Fail,
    /// A state that this version does not know.
    #[serde(other)]
    Unknown,
}
