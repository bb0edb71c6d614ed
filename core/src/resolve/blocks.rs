//! Blocks: which records may be one person at all. Records meet under a key that they share; a key that too many share tells
//! nothing and brings nobody together.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

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
    /// A piece of the name, a house or a town, with something else.
    Part,
    /// A day of birth, a street and its number, or a surname with what the given name is short for.
    Trait,
    /// Name and company.
    Together,
}

impl KeyKind {
    /// How many records may share a key of this kind.
    ///
    /// So few that pairs grow little faster than records: from 1,000 to 100,000 of them with the exponent 1.10.
    pub(super) const fn limit(self) -> usize {
        match self {
            Self::Identifier => 32,
            Self::Certain => 1_000,
            Self::Name => 7,
            Self::Part => 3,
            Self::Trait => 6,
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
            4 => KeyKind::Trait,
            _ => KeyKind::Together,
        }
    }
}

/// Who shares which key. Most keys are one record's: for these there is nothing but its number.
#[derive(Debug)]
pub(super) struct Blocks {
    /// In shards, which grow one at a time: a map of a million keys that grows takes a while.
    holders: Vec<HashMap<Key, Holder, PassThrough>>,
    crowds: Vec<Vec<u32>>,
    /// Crowds of which nobody is left.
    empty: Vec<u32>,
}

/// The one record that holds a key, or where its crowd is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Holder(u32);

/// How many shards there are.
const SHARDS: usize = 256;

/// Marks the place of a crowd.
const CROWD: u32 = 1 << 31;

impl Holder {
    fn crowd(self) -> Option<usize> {
        (self.0 & CROWD != 0).then_some((self.0 & !CROWD) as usize)
    }
}

impl Default for Blocks {
    fn default() -> Self {
        Self { holders: vec![HashMap::default(); SHARDS], crowds: Vec::new(), empty: Vec::new() }
    }
}

impl Key {
    /// By bits that the maps themselves make nothing of.
    const fn shard(self) -> usize {
        (self.0 >> 32) as usize % SHARDS
    }
}

impl Blocks {
    /// Returns the records that share a key, however many.
    pub(super) fn holders(&self, key: Key) -> &[u32] {
        let Some(holder) = self.holders.get(key.shard()).and_then(|shard| shard.get(&key)) else { return &[] };
        match holder.crowd() {
            Some(place) => self.crowds.get(place).map_or(&[], Vec::as_slice),
            None => core::slice::from_ref(&holder.0),
        }
    }

    /// Returns every key that several records share, with all of them.
    pub(super) fn shared(&self) -> impl Iterator<Item = (Key, &[u32])> {
        let several = self.holders.iter().flatten().filter_map(|(key, holder)| Some((*key, holder.crowd()?)));
        several.filter_map(|(key, place)| Some((key, self.crowds.get(place)?.as_slice())))
    }

    /// Adds a record to a key that it does not hold yet; returns how many hold it now.
    pub(super) fn add(&mut self, key: Key, no: u32) -> usize {
        let Some(shard) = self.holders.get_mut(key.shard()) else { return 0 };
        let mut held = match shard.entry(key) {
            Entry::Vacant(free) => {
                free.insert(Holder(no));
                return 1;
            }
            Entry::Occupied(held) => held,
        };
        let place = held.get().crowd().unwrap_or_else(|| {
            let place = self.empty.pop().unwrap_or_else(|| {
                self.crowds.push(Vec::new());
                u32::try_from(self.crowds.len() - 1).unwrap_or(u32::MAX)
            });
            let first = held.insert(Holder(place | CROWD));
            self.crowds.get_mut(place as usize).into_iter().for_each(|crowd| crowd.push(first.0));
            place as usize
        });
        self.crowds.get_mut(place).map_or(0, |crowd| {
            crowd.push(no);
            crowd.len()
        })
    }

    /// Takes a record away from a key.
    pub(super) fn remove(&mut self, key: Key, no: u32) {
        let Some(shard) = self.holders.get_mut(key.shard()) else { return };
        let Some(holder) = shard.get(&key).copied() else { return };
        let Some(place) = holder.crowd() else {
            if holder.0 == no {
                shard.remove(&key);
            }
            return;
        };
        let Some(crowd) = self.crowds.get_mut(place) else { return };
        crowd.retain(|n| *n != no);
        if let [last] = crowd.as_slice() {
            shard.insert(key, Holder(*last));
            crowd.clear();
            self.empty.push(holder.0 & !CROWD);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_shares_a_key_is_found_until_they_leave() {
        let (key, other) = (Key::new(KeyKind::Name, &[1]), Key::new(KeyKind::Name, &[2]));
        let mut blocks = Blocks::default();
        blocks.add(key, 0);
        assert_eq!(blocks.holders(key), [0]);
        blocks.add(key, 1);
        blocks.add(key, 2);
        blocks.add(other, 5);
        assert_eq!((blocks.holders(key), blocks.holders(other)), (&[0, 1, 2][..], &[5][..]));
        blocks.remove(key, 0);
        blocks.remove(key, 2);
        assert_eq!(blocks.holders(key), [1]);
        blocks.add(other, 6);
        assert_eq!(blocks.holders(other), [5, 6], "the place of the crowd that left is used again");
        blocks.remove(key, 1);
        assert_eq!(blocks.holders(key), [0; 0]);
    }
}
