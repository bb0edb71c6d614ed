//! What a forget fact holds: a random key, and hashes under it of what the forgotten person is known by.
//!
//! Nothing of the person can be read from it. Whoever has the fact and a guess, an address for instance, can test the guess;
//! that much is needed, for other devices must find the person by it. Who is found is `book::forgotten`.
//!
//! ```text
//!  person ─▶ marks ─▶ keyed hashes ─▶ Said::Forget ─▶ Forgotten: is this record, participant or fact theirs?
//! ```

use core::fmt;

use kith_proto::card::{AnniversaryKind, Card};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::digest::{Digest, fold_text};
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
    /// Where nothing else identifies: the folded name, with what tells it apart from others of that name.
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

/// Returns the marks of a card by its name; empty where it has no name, or nothing beside it: of one name there are many.
#[must_use]
pub fn name_marks(card: &Card, digest: &Digest) -> Vec<Mark> {
    let name = fold_text(&digest.name);
    if name.is_empty() {
        return Vec::new();
    }
    let births = card.anniversaries.iter().filter(|a| a.kind == AnniversaryKind::Birth).map(|a| a.date.to_string());
    let connected = card.connected_on.map(|day| format!("connected {day}"));
    let companies = card.organizations.iter().map(|organization| fold_text(&organization.name));
    let beside = births.map(|day| format!("born {day}")).chain(connected);
    let beside = beside.chain(companies.filter(|c| !c.is_empty()).map(|company| format!("at {company}")));
    beside.map(|beside| Mark::Name { name: name.clone(), beside }).collect()
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
