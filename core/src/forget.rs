//! What a forget fact holds: a random key, and hashes under it of what the forgotten person is known by.
//!
//! Nothing of the person can be read from it. Whoever has the fact and a guess, an address for instance, can test the guess;
//! that much is needed, for other devices must find the person by it. Who is found is `book::forgotten`.
//!
//! ```text
//!  person ─▶ marks ─▶ keyed hashes ─▶ Said::Forget ─▶ Forgotten: is this record, participant or fact theirs?
//! ```

use core::fmt;
use std::collections::BTreeSet;

use kith_proto::card::{AnniversaryKind, Card};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::digest::{Digest, Identifier, IdentifierKind, fold_text};
use crate::id::{NotAnId, RecordId};
use crate::identity::IdentifierHash;

/// The key of a forget fact's hashes, drawn at random; shown as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ForgetKey([u8; 32]);

/// The first 8 bytes of keyed BLAKE3 over a [`Mark`]; shown as 16 hexadecimal digits.
///
/// Among a million records and ten thousand hashes, one record is mistaken for a forgotten one with a probability of about 5
/// in ten thousand million.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyedHash(u64);

/// Somebody is forgotten, for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forget {
    /// The key of the hashes. Facts may share one, so that a record is hashed once and not once a fact.
    pub key: ForgetKey,
    /// The hashes of what they are known by, sorted.
    pub hashes: Vec<KeyedHash>,
}

/// What stands in the ledger where something of a forgotten person stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// The import of which it was a record, by the sequence number of its begin line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<u64>,
}

/// By what a forgotten person is found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// One of their records.
    Record(RecordId),
    /// An address, number or profile of theirs alone.
    Identifier(IdentifierHash),
    /// The folded name, with what tells it apart from others of that name.
    Name {
        /// The name.
        name: String,
        /// What tells it apart: a company, a day, a source.
        beside: String,
    },
}

impl ForgetKey {
    /// Returns the key with these random bytes.
    #[must_use]
    pub const fn from_random(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the hash of a mark under this key.
    #[must_use]
    pub fn hash(&self, mark: &Mark) -> KeyedHash {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        match mark {
            Mark::Record(record) => hasher.update(b"record").update(record.bytes()),
            Mark::Identifier(identifier) => hasher.update(b"identifier").update(&identifier.0.to_le_bytes()),
            Mark::Name { name, beside } => {
                hasher.update(b"name").update(name.as_bytes()).update(&[0]).update(beside.as_bytes())
            }
        };
        let mut bytes = [0; 8];
        hasher.finalize_xof().fill(&mut bytes);
        KeyedHash(u64::from_be_bytes(bytes))
    }
}

impl Forget {
    /// Returns the fact that forgets whoever has these marks.
    #[must_use]
    pub fn new<'a>(key: ForgetKey, marks: impl IntoIterator<Item = &'a Mark>) -> Self {
        let mut hashes: Vec<KeyedHash> = marks.into_iter().map(|mark| key.hash(mark)).collect();
        hashes.sort_unstable();
        hashes.dedup();
        Self { key, hashes }
    }
}

/// Returns by which marks a card is found through its name: by all those of any one list.
///
/// Of one name there are many, so something must stand beside it: a company, a day. A card with an identifier that is nobody's
/// who is forgotten is theirs by name and company only where it is of a way by which they were not known: another address than
/// theirs is another person's, a first profile need not be.
#[must_use]
pub fn name_marks(card: &Card, digest: &Digest) -> Vec<Vec<Mark>> {
    let name = fold_text(&digest.name);
    if name.is_empty() {
        return Vec::new();
    }
    let mark = |beside: String| Mark::Name { name: name.clone(), beside };
    let own: Vec<&Identifier> = digest.identifiers.iter().filter(|identifier| !identifier.shared).collect();
    if own.is_empty() {
        return besides(card).into_iter().map(|beside| vec![mark(beside)]).collect();
    }
    let ways: Option<BTreeSet<Way>> = own.into_iter().map(Way::of).collect();
    let Some(ways) = ways else { return Vec::new() };
    let by_ways = |company: String| ways.iter().map(|way| mark(way.beside(&company))).collect();
    companies(card).into_iter().map(by_ways).collect()
}

/// Returns what may stand beside the name of a card: `at acme`, `born 1985-04-12`, `connected 2020-05-04`.
pub(crate) fn besides(card: &Card) -> Vec<String> {
    let births = card.anniversaries.iter().filter(|a| a.kind == AnniversaryKind::Birth).map(|a| a.date);
    let connected = card.connected_on.map(|day| format!("connected {day}"));
    births.map(|day| format!("born {day}")).chain(connected).chain(companies(card)).collect()
}

/// Returns the companies of a card as they stand beside its name.
pub(crate) fn companies(card: &Card) -> Vec<String> {
    let companies = card.organizations.iter().map(|organization| fold_text(&organization.name));
    companies.filter(|company| !company.is_empty()).map(|company| format!("{AT}{company}")).collect()
}

/// Returns the company that stands beside a name, if one does.
pub(crate) fn company_of(beside: &str) -> Option<&str> {
    beside.strip_prefix(AT)
}

/// What stands before a company.
const AT: &str = "at ";

/// A way by which people are known, of which a person has few.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Way {
    Mail,
    Phone,
    Linkedin,
}

impl Way {
    pub(crate) const ALL: [Self; 3] = [Self::Mail, Self::Phone, Self::Linkedin];

    /// Returns the way of an identifier; `None` for a profile elsewhere and for a UID.
    pub(crate) fn of(identifier: &Identifier) -> Option<Self> {
        match identifier.kind {
            IdentifierKind::Email => Some(Self::Mail),
            IdentifierKind::Phone => Some(Self::Phone),
            IdentifierKind::Profile => identifier.value.starts_with("linkedin/").then_some(Self::Linkedin),
            IdentifierKind::Uid => None,
        }
    }

    /// Returns what stands beside the name of somebody of this company who was not known in this way.
    pub(crate) fn beside(self, company: &str) -> String {
        let way = match self {
            Self::Mail => "mail",
            Self::Phone => "phone",
            Self::Linkedin => "linkedin",
        };
        format!("{company}, first by {way}")
    }
}

/// Returns the mark of a participant of whom an interaction says the name alone.
#[must_use]
pub fn participant_mark(name: &str, source: &str) -> Option<Mark> {
    let name = fold_text(name);
    (!name.is_empty()).then(|| Mark::Name { name, beside: format!("in {source}") })
}

impl fmt::Debug for ForgetKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ForgetKey")
    }
}

impl Serialize for ForgetKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl<'de> Deserialize<'de> for ForgetKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        blake3::Hash::from_hex(&text).map(|hash| Self(*hash.as_bytes())).map_err(de::Error::custom)
    }
}

impl Serialize for KeyedHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:016x}", self.0))
    }
}

impl<'de> Deserialize<'de> for KeyedHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        u64::from_str_radix(&text, 16).map(Self).map_err(|_| de::Error::custom(NotAnId(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forget_fact_reads_back_as_written_and_shows_nothing_of_the_person() {
        let key = ForgetKey::from_random([7; 32]);
        let marks = [
            Mark::Record(RecordId::new("vcard/cards", "ana")),
            Mark::Name { name: "ana silva".to_owned(), beside: "at umbra".to_owned() },
        ];
        let forget = Forget::new(key, &marks);
        let json = serde_json::to_string(&forget).unwrap();
        assert!(json.starts_with(r#"{"key":"0707"#) && !json.contains("ana"), "{json}");
        assert_eq!(serde_json::from_str::<Forget>(&json).unwrap(), forget);
        assert_ne!(ForgetKey::from_random([8; 32]).hash(&marks[0]), key.hash(&marks[0]));
    }
}
