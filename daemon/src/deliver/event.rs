//! Of what hooks and network channels may tell.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Something that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// Reminders are due; each is told by itself where that is usual.
    ReminderDue,
    /// Reminders are due; those of one plan are told together.
    Digest,
    /// People came to be known.
    PersonNew,
    /// Something is new about people.
    PersonChanged,
    /// An import is complete.
    ImportDone,
    /// Files could not be imported.
    ImportProblem,
}

/// A text that names no event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no event: {0:?}")]
pub struct NoEvent(String);

impl Event {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::ReminderDue, Self::Digest, Self::PersonNew, Self::PersonChanged, Self::ImportDone, Self::ImportProblem];

    /// Returns the event's name, as in the config and in the names of folders.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReminderDue => "reminder-due",
            Self::Digest => "digest",
            Self::PersonNew => "person-new",
            Self::PersonChanged => "person-changed",
            Self::ImportDone => "import-done",
            Self::ImportProblem => "import-problem",
        }
    }

    /// Returns whether it tells of reminders, which are facts with outcomes of their own.
    #[must_use]
    pub const fn is_of_reminders(self) -> bool {
        match self {
            Self::ReminderDue | Self::Digest => true,
            Self::PersonNew | Self::PersonChanged | Self::ImportDone | Self::ImportProblem => false,
        }
    }
}

impl FromStr for Event {
    type Err = NoEvent;

    fn from_str(text: &str) -> Result<Self, NoEvent> {
        Self::ALL.into_iter().find(|event| event.as_str() == text).ok_or_else(|| NoEvent(text.to_owned()))
    }
}
