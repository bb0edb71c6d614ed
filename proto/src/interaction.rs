//! An interaction: something that happened between people at an instant, a mail, a message, an invitation, a coffee.
//!
//! Importers say who took part in which role. Who the owner is, and so which way it went, is decided in `kith-core`.

use jiff::{Timestamp, civil};
use serde::{Deserialize, Serialize};

/// Something that happened between people at an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Interaction {
    /// What happened.
    pub kind: InteractionKind,
    /// When, where the source tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// On which day it begins, where it takes whole days and no time of day is known; `at` is the beginning of that day in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<civil::Date>,
    /// It is one of a series, such as a weekly meeting.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub recurs: bool,
    /// Who took part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub participants: Vec<Participant>,
    /// The conversation it belongs to: the first of References or In-Reply-To, or LinkedIn's conversation id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<String>,
    /// The message that it answers, where that is another than `thread`: the last of In-Reply-To, else of References.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<String>,
    /// Its subject line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Its size in the source, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Its text, only where the format is about it; never from mail by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Which way it went, where the format itself says so (LinkedIn's `Direction`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// The source marks it as answered by the owner (Maildir's flag `R`).
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub answered: bool,
    /// What its author promises in it, found only in mail, and only where the user wants it looked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promises: Vec<Promised>,
}

/// A sentence of a mail that promises something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promised {
    /// The sentence.
    pub text: String,
    /// By when, where it says so, counted from the day on which the mail was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<civil::Date>,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InteractionKind {
    /// A mail (RFC 5322).
    Mail,
    /// A message on a service.
    Message,
    /// An invitation to connect.
    Invitation,
    /// Two people became connected.
    InvitationAccepted,
    /// A meeting, a coffee, a visit.
    Meeting,
    /// A call.
    Call,
    /// Someone endorsed another's skill; the subject is the skill.
    Endorsement,
    /// Someone recommended another; the text is the recommendation.
    Recommendation,
    /// A kind that this version does not know, or another kind.
    #[serde(other)]
    Other,
}

/// One who took part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// In which role.
    pub role: Role,
    /// The name as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The mail address as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The profile's address as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
}

/// In which role someone took part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Author or sender; inviter.
    From,
    /// Addressed; invitee.
    To,
    /// Copied.
    Cc,
    /// Copied unseen.
    Bcc,
    /// Present.
    Attendee,
    /// Invited, and declined: not present.
    Absent,
    /// A role that this version does not know.
    #[serde(other)]
    Unknown,
}

/// Which way an interaction went, seen from the owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// From the owner.
    Outgoing,
    /// To the owner.
    Incoming,
    /// A direction that this version does not know.
    #[serde(other)]
    Unknown,
}
