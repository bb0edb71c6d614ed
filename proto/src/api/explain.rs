//! Why a reminder comes or not, as the API tells it.

use serde::{Deserialize, Serialize};

use crate::api::{PersonSummary, PlannedItem};

/// Why a reminder of a person comes or not, and when the next one will, as things stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReminderWhy {
    /// The person.
    pub person: PersonSummary,
    /// Why, each in a sentence; what stands in its way first.
    pub why: Vec<String>,
    /// The next one, where one comes within three months.
    pub next: Option<PlannedItem>,
}
