//! Imports and exports, as the API speaks of them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::interaction::InteractionKind;

/// Files to import, read in place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportRequest {
    /// Absolute paths.
    pub paths: Vec<String>,
    /// Only say what would change.
    pub dry_run: bool,
    /// Only say what each column of a table would be taken as: a diagnostic a column, its name the property, what it is the
    /// problem, an example the value.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub propose: bool,
    /// What each column of these tables is, as TOML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map: Option<String>,
}

/// A mapping of a table's columns, to be checked and kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MapRequest {
    /// The file it comes from, for messages.
    pub path: String,
    /// The mapping, as TOML.
    pub text: String,
    /// Only check it.
    pub dry_run: bool,
}

/// A mapping that was found good.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MapKept {
    /// Where it is kept; none where it was only checked, or is for tables without a header.
    pub kept: Option<String>,
    /// The columns, in order.
    pub columns: Vec<String>,
}

/// What happens during an import, one object a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImportEvent {
    /// How far it is.
    Progress(ImportProgress),
    /// A file is done.
    Report(Box<ImportReport>),
}

/// How far an import is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportProgress {
    /// The file.
    pub file: String,
    /// Bytes given to the plugin so far.
    pub bytes: u64,
    /// The file's size in bytes.
    pub bytes_total: u64,
    /// Records so far.
    pub records: u64,
    /// What is being done: `read`, `import`, `commit`.
    pub phase: String,
    /// How fast that is, in bytes a second, as soon as something was read.
    pub bytes_per_second: Option<u64>,
    /// How long it will take, in seconds.
    pub seconds_left: Option<u64>,
}

/// What an import did to one file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportReport {
    /// The file.
    pub file: String,
    /// The plugin's name and version.
    pub plugin: Option<String>,
    /// The import's id; none when nothing was written.
    pub import: Option<String>,
    /// Items read.
    pub read: u64,
    /// Records that were not known.
    pub new: u64,
    /// Records that were known with another content.
    pub changed: u64,
    /// Records that were known as they are.
    pub same: u64,
    /// Records that the file no longer lists.
    pub retired: u64,
    /// Items left out, each with a diagnostic.
    pub refused: u64,
    /// New records that are of people who were known.
    pub joined: u64,
    /// How many more pairs of people may be one since: `kith review`.
    pub asked: u64,
    /// People whose company or position changed.
    pub moved: u64,
    /// The people who are new, changed or no longer listed.
    pub changes: Vec<RecordChange>,
    /// How many more of them there were than are listed.
    pub changes_left_out: u64,
    /// What was wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// How many more diagnostics there were than are listed.
    pub diagnostics_left_out: u64,
    /// Records by source and collection.
    pub collections: BTreeMap<String, u64>,
    /// Items counted only, by class.
    pub tallies: BTreeMap<String, u64>,
    /// Why nothing was imported, if nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// What to try next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// What an import does to one card.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordChange {
    /// What happens to it.
    pub what: RecordChangeKind,
    /// The name on the card.
    pub name: String,
    /// The change, where it is news: "Ana moved to Acme as CTO".
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub news: Vec<String>,
}

/// What happens to a card.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordChangeKind {
    /// It was not known.
    New,
    /// It was known with another content.
    #[default]
    Changed,
    /// Its source no longer lists it.
    Retired,
}

/// Something wrong at one place of a file.
pub type Diagnostic = crate::diagnostic::Diagnostic;

/// A record in the export.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct ExportRecord {
    /// The source.
    pub source: String,
    /// Its key there.
    pub key: String,
    /// The file.
    pub file: String,
    /// Which item of the file, from 1.
    pub position: u64,
}

/// An interaction in the export, one a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportInteraction {
    /// Its record id.
    pub interaction: String,
    /// What happened.
    pub kind: InteractionKind,
    /// Its key in the source: of a mail the Message-ID.
    pub key: String,
    /// When.
    pub at: Option<Timestamp>,
    /// Who began it, as a person id; left out where the source does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The others, as person ids.
    pub to: Vec<String>,
}

/// What was taken back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Undone {
    /// The import or fact that no longer counts.
    pub undone: String,
    /// What it, or what counts again, says, in words: `Ana Silva: circle friends`; of an import its file or folder.
    pub what: Vec<String>,
    /// The fact that says so: undo it to undo the undo.
    pub fact: String,
    /// What it had taken back, where it was an undo itself: that counts again.
    pub again: Vec<String>,
    /// Of an import: how many people nothing lists any more.
    pub people_gone: u64,
    /// How many of its people stay, as something else lists them too.
    pub people_stay: u64,
    /// What lists those who stay, what lists most of them first.
    pub listed_by: Vec<StillListed>,
}

/// What lists people whose import was undone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StillListed {
    /// The import; none where the user added them.
    pub import: Option<String>,
    /// Its file or folder.
    pub path: String,
    /// How many of them.
    pub people: u64,
}
