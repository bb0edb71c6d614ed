//! Whom a reminder is about, as hooks and the card opened from a notification tell it.

use jiff::Timestamp;
use kith_core::id::RecordId;
use kith_proto::date::PartialDate;
use serde::Serialize;

/// A person, with what helps to get in touch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Who {
    /// The person's id.
    pub id: RecordId,
    /// The name in full.
    pub name: String,
    /// The circle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub circle: Option<String>,
    /// What they do.
    pub titles: Vec<String>,
    /// Where they work.
    pub organizations: Vec<String>,
    /// Mail addresses.
    pub emails: Vec<String>,
    /// Phone numbers.
    pub phones: Vec<String>,
    /// Addresses of profiles.
    pub profiles: Vec<String>,
    /// The birthday, as vCard writes it: `1985-04-12`, `--04-12`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthday: Option<PartialDate>,
    /// When they last were in touch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_interaction: Option<Timestamp>,
    /// The owner's notes, the newest first; for the card only.
    #[serde(skip)]
    pub notes: Vec<(Timestamp, String)>,
    /// The last interactions, the newest first, each in words; for the card only.
    #[serde(skip)]
    pub talks: Vec<(Timestamp, String)>,
}
