//! Blocks: which records may be one person at all. Records meet under a key that they share; a key that too many share tells
//! nothing and brings nobody together.

use std::collections::HashMap;

use crate::identity::PassThrough;

/// What two records share when they may be one person: a hash whose lowest four bits say what kind of thing it is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Key(pub(super) u64);

/// What kind of thing a key is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum KeyKind {
    /// A mail address, number or profile.
    Identifier,
    /// What the user said, or kith wrote.
    Certain,
    /// Given name and surname.
    Name,
    /// A piece of the name, with something else.
    Part,
    /// A postal address, or a day of birth, with something else.
    Place,
    /// Name and company.
    Together,
}

impl KeyKind {
    /// How many records may share a key of this kind.
    ///
    /// So few that pairs grow little faster than records: from 1,000 to 100,000 of them with the exponent 1.1.
    pub(super) const fn limit(self) -> usize {
        match self {
            Self::Identifier => 32,
            Self::Certain => 1_000,
            Self::Name => 7,
            Self::Part => 3,
            Self::Place => 6,
            Self::Together => 32,
        }
    }
}

impl Key {
    pub(super) fn new(kind: KeyKind, parts: &[u64]) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ kind as u64;
        for part in parts {
            hash = (hash ^ part).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            hash ^= hash >> 29;
        }
        Self(hash & !0xf | kind as u64)
    }

    pub(super) const fn kind(self) -> KeyKind {
        match self.0 & 0xf {
            0 => KeyKind::Identifier,
            1 => KeyKind::Certain,
            2 => KeyKind::Name,
            3 => KeyKind::Part,
            4 => KeyKind::Place,
            _ => KeyKind::Together,
        }
    }
}

/// Who shares which key.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    holders: HashMap<Key, Holders, PassThrough>,
}

#[derive(Debug)]
enum Holders {
    One(u32),
    Many(Vec<u32>),
}

impl Blocks {
    /// Returns the records that share a key, however many.
    pub(super) fn holders(&self, key: Key) -> &[u32] {
        match self.holders.get(&key) {
            Some(Holders::One(no)) => core::slice::from_ref(no),
            Some(Holders::Many(nos)) => nos,
            None => &[],
        }
    }

    /// Returns the records that a key brings together: none, where too many share it.
    pub(super) fn meeting(&self, key: Key) -> &[u32] {
        let holders = self.holders(key);
        if holders.len() > key.kind().limit() { &[] } else { holders }
    }

    /// Adds a record to a key.
    pub(super) fn add(&mut self, key: Key, no: u32) {
        match self.holders.entry(key).or_insert(Holders::One(no)) {
            Holders::One(one) if *one == no => {}
            slot @ Holders::One(_) => {
                let first = if let Holders::One(one) = slot { *one } else { no };
                *slot = Holders::Many(vec![first, no]);
            }
            Holders::Many(nos) => nos.push(no),
        }
    }

    /// Takes a record away from a key.
    pub(super) fn remove(&mut self, key: Key, no: u32) {
        match self.holders.get_mut(&key) {
            Some(Holders::Many(nos)) => {
                nos.retain(|n| *n != no);
                if nos.is_empty() {
                    self.holders.remove(&key);
                }
            }
            Some(Holders::One(one)) if *one == no => {
                self.holders.remove(&key);
            }
            Some(Holders::One(_)) | None => {}
        }
    }
}
