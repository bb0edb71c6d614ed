//! A record: one thing that a source holds, and the only thing an importer makes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::card::Card;
use crate::interaction::Interaction;

/// One thing that a source holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Record {
    /// What is said about a person, organisation or group.
    Card(Box<Card>),
    /// What happened between people.
    Interaction(Box<Interaction>),
    /// A message that no person wrote to the owner, or a meeting that was called off: next to nothing is kept of it.
    Bulk(Bulk),
}

/// What is only counted, without subject or participants: a list, bulk, automatic or spam message, a cancelled meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bulk {
    /// Why it is only counted.
    pub class: BulkClass,
    /// When, where the message tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// Why something is only counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BulkClass {
    /// A mailing list (List-Id).
    List,
    /// Bulk mail (List-Unsubscribe, Precedence: bulk or junk).
    Bulk,
    /// Written by a machine (Auto-Submitted, no-reply addresses, null return path).
    Automatic,
    /// Marked as spam.
    Spam,
    /// Sponsored.
    Sponsored,
    /// A meeting that was called off, perhaps after it was known.
    Cancelled,
    /// A class that this version does not know.
    #[serde(other)]
    Unknown,
}

impl BulkClass {
    /// Returns the class's name, as in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Bulk => "bulk",
            Self::Automatic => "automatic",
            Self::Spam => "spam",
            Self::Sponsored => "sponsored",
            Self::Cancelled => "cancelled",
            Self::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_reader_skips_what_a_new_writer_added() {
        let new = r#"{"card":{"kind":"hologram","name":{"full":"Ana","components":[{"kind":"rune","value":"A"}]},"aura":"blue"}}"#;
        let Record::Card(card) = serde_json::from_str(new).unwrap() else { panic!("not a card") };
        assert_eq!(card.name.full.as_deref(), Some("Ana"));
        assert_eq!(card.kind, crate::card::CardKind::Unknown);
    }

    #[test]
    fn a_new_reader_fills_in_what_an_old_writer_left_out() {
        let Record::Card(card) = serde_json::from_str(r#"{"card":{}}"#).unwrap() else { panic!("not a card") };
        assert_eq!(*card, Card::default());
        let old = r#"{"interaction":{"kind":"mail"}}"#;
        assert!(matches!(serde_json::from_str(old).unwrap(), Record::Interaction(i) if !i.answered && i.at.is_none()));
    }
}
