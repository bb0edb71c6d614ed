//! The UID of a card that kith writes: it names the record that the person goes by, so that the card finds back.
//!
//! A UUID of version 8 (RFC 9562 §5.8): the record's id, in which six bits give way to version and variant. Whoever reads
//! such a UID looks for the up to 64 records that it may mean; that one of them is another's does not happen.

use core::fmt;

use crate::digest::{Identifier, IdentifierKind};
use crate::id::RecordId;

/// What RFC 9562 §4 puts before a UUID as a name.
pub const SCHEME: &str = "urn:uuid:";

/// The version of UUIDs that everyone makes as they like.
const VERSION: u8 = 0x80;

/// The variant of RFC 9562.
const VARIANT: u8 = 0x80;

/// The UID of a card that kith wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CardUid([u8; 16]);

impl CardUid {
    /// Returns the UID of the person who goes by this record.
    #[must_use]
    pub fn of(record: &RecordId) -> Self {
        let mut bytes = *record.bytes();
        let [.., version, _, variant, _, _, _, _, _, _, _] = &mut bytes;
        *version = *version & 0x0f | VERSION;
        *variant = *variant & 0x3f | VARIANT;
        Self(bytes)
    }

    /// Reads a card's UID; `None` when kith cannot have written it.
    ///
    /// ```
    /// use kith_core::{id::RecordId, uid::CardUid};
    /// let uid = CardUid::of(&RecordId::new("vcard/cards", "1"));
    /// assert_eq!(CardUid::parse(&uid.to_string().to_uppercase()), Some(uid));
    /// assert_eq!(CardUid::parse("urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() < 36 || text.len() > 64 {
            return None;
        }
        let text = text.trim().to_ascii_lowercase();
        let text = text.strip_prefix(SCHEME).unwrap_or(&text);
        if text.len() != 36 || [8, 13, 18, 23].into_iter().any(|at| text.as_bytes().get(at) != Some(&b'-')) {
            return None;
        }
        let record: RecordId = text.replace('-', "").parse().ok()?;
        Some(Self(*record.bytes())).filter(|uid| *uid == Self::of(&record))
    }

    /// Returns the records that it may mean.
    pub fn records(self) -> impl Iterator<Item = RecordId> {
        (0..64).map(move |bits: u8| {
            let mut bytes = self.0;
            let [.., version, _, variant, _, _, _, _, _, _, _] = &mut bytes;
            *version = *version & 0x0f | (bits & 0x0f) << 4;
            *variant = *variant & 0x3f | (bits >> 4) << 6;
            RecordId::from_bytes(bytes)
        })
    }

    /// Returns it as that by which cards join.
    #[must_use]
    pub fn identifier(self) -> Identifier {
        Identifier { kind: IdentifierKind::Uid, value: self.to_string(), shared: false }
    }
}

impl fmt::Display for CardUid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(SCHEME)?;
        for (at, byte) in self.0.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uid_leads_back_to_its_record() {
        for key in 0..200 {
            let record = RecordId::new("linkedin/connections", &key.to_string());
            let uid = CardUid::of(&record);
            assert_eq!(CardUid::parse(&uid.to_string()), Some(uid));
            assert!(uid.records().any(|r| r == record));
            assert!(uid.records().all(|r| CardUid::of(&r) == uid));
        }
    }

    #[test]
    fn other_programs_uids_are_none_of_ours() {
        for text in ["", "1", "A0B1C2D3-0000-4000-8000-000000000000:ABPerson", "urn:uuid:00000000-0000-8000-0000-0"] {
            assert_eq!(CardUid::parse(text), None, "{text}");
        }
        assert_eq!(CardUid::parse("4fbe8971-0bc3-424c-9c26-36c3e1eff6b1"), None);
    }
}
