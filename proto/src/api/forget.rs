//! Forgetting a person, as the API speaks of it.

use serde::{Deserialize, Serialize};

use super::PersonSummary;

/// A person is to be forgotten.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ForgetRequest {
    /// Only say what would go.
    pub dry_run: bool,
    /// What becomes of the imported files that hold them.
    pub files: FilesChoice,
}

/// What becomes of the imported files that hold somebody who is forgotten.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FilesChoice {
    /// They stay where they are.
    #[default]
    Keep,
    /// They are deleted, with whatever else is in them.
    Delete,
}

/// What went when a person was forgotten, or would go.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ForgetReport {
    /// Nothing was changed.
    pub dry_run: bool,
    /// Whom it is about.
    pub name: String,
    /// The fact that says so; it cannot be undone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fact: Option<String>,
    /// Cards that go.
    pub cards: u64,
    /// Interactions with nobody else, which go.
    pub interactions: u64,
    /// Interactions with others, too, which stay theirs.
    pub shared_interactions: u64,
    /// Notes, circles, reminders and other words about them that go.
    pub words: u64,
    /// Photos that go.
    pub photos: u64,
    /// Reports of imports that name them, and are cleaned.
    pub reports: u64,
    /// Files in `Imported` and `Problem` that hold them.
    pub files: Vec<HoldingFile>,
    /// Files and folders that were read in place and hold them: they are not touched.
    pub in_place: Vec<String>,
    /// Who may be the same person, and is not forgotten along: questions that are open, and bearers of the same rare name.
    pub doubles: Vec<PersonSummary>,
    /// Other devices whose folders of the ledger hold them: each removes them itself, when it sees the fact.
    pub devices: Vec<String>,
}

/// A file that holds somebody who is forgotten.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HoldingFile {
    /// Where it lies.
    pub path: String,
    /// Others are in it, too.
    pub others: bool,
    /// It was deleted.
    pub deleted: bool,
    /// Why it could not be deleted, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}
