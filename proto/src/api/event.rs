//! Events, as the API speaks of them.

use jiff::civil;
use serde::{Deserialize, Serialize};

/// An event, and whom the user met or wants to meet there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EventRequest {
    /// Its name.
    pub name: String,
    /// When it begins.
    pub on: Option<civil::Date>,
    /// Whom the user met there.
    pub met: Vec<String>,
    /// Whom the user wants to meet there.
    pub want: Vec<String>,
}

/// An event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// When it begins: as the user said, else as their calendar says.
    pub on: Option<civil::Date>,
    /// When that is, in words.
    pub when: Option<String>,
    /// Whom the user wants to meet there.
    pub wanted: Vec<EventPerson>,
    /// Whom they met.
    pub met: Vec<EventPerson>,
    /// Who else takes part by the user's calendar, of those whom the user knows.
    pub listed: Vec<EventPerson>,
    /// What the calendar calls it, where it stands in one.
    pub calendar: Option<String>,
}

/// Somebody at an event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EventPerson {
    /// The person's id.
    pub person: String,
    /// The name.
    pub name: String,
    /// What is good to know before one meets them, in words.
    pub brief: Vec<String>,
}
