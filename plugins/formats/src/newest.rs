//! Records of which a newer version may follow: held back until none can.
//!
//! ```text
//!  add(key, version, record) … ─▶ drain: the newest of each key, in the order in which they came
//! ```

use std::collections::{BTreeMap, HashMap};

use kith_plugin::emit::Place;
use kith_plugin::record::Record;

/// How much is held back, in bytes, roughly.
const HELD_BYTES: usize = 48 * 1024 * 1024;

/// The newest version of each record.
#[derive(Debug)]
pub struct Newest<V> {
    held: BTreeMap<u64, Held>,
    /// By the key's hash: the newest version, and where it is held, unless it was handed over.
    versions: HashMap<[u8; 32], (V, Option<u64>)>,
    bytes: usize,
    count: u64,
}

/// A record that is held back.
#[derive(Debug)]
pub struct Held {
    /// Where it stands.
    pub place: Place,
    /// Its key.
    pub key: Option<String>,
    /// The record.
    pub record: Record,
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It is the newest of its key so far, or the older of two.
    Fine,
    /// It is the newest of its key, but an older one was handed over already.
    TooLate,
}

impl<V> Default for Newest<V> {
    fn default() -> Self {
        Self { held: BTreeMap::new(), versions: HashMap::new(), bytes: 0, count: 0 }
    }
}

impl<V: Ord + Copy> Newest<V> {
    /// Takes in a record. Of equal versions the later one counts; one without a key has no versions.
    pub fn add(&mut self, version: V, held: Held) -> Added {
        self.count += 1;
        if let Some(key) = &held.key {
            let hash = *blake3::hash(key.as_bytes()).as_bytes();
            if let Some((known, at)) = self.versions.insert(hash, (version, Some(self.count))) {
                if known > version {
                    self.versions.insert(hash, (known, at));
                    return Added::Fine;
                }
                let Some(older) = at.and_then(|at| self.held.remove(&at)) else {
                    self.versions.insert(hash, (version, None));
                    return Added::TooLate;
                };
                self.bytes = self.bytes.saturating_sub(weight(&older));
            }
        }
        self.bytes += weight(&held);
        self.held.insert(self.count, held);
        Added::Fine
    }

    /// Returns whether as much is held back as may be: then it is to be drained.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.bytes >= HELD_BYTES
    }

    /// Returns whether nothing is held back.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Hands over all that is held back.
    pub fn drain(&mut self) -> impl Iterator<Item = Held> + use<V> {
        self.bytes = 0;
        self.versions.values_mut().for_each(|(_, at)| *at = None);
        core::mem::take(&mut self.held).into_values()
    }
}

/// Returns about how many bytes a record takes.
fn weight(held: &Held) -> usize {
    let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let content = match &held.record {
        Record::Interaction(meeting) => {
            let people = meeting.participants.iter().map(|p| 128 + text(&p.name) + text(&p.email) + text(&p.profile));
            people.sum::<usize>()
                + text(&meeting.subject)
                + text(&meeting.thread)
                + text(&meeting.answers)
                + text(&meeting.text)
        }
        Record::Card(card) => 8 * 1024 + card.notes.iter().map(String::len).sum::<usize>(),
        Record::Bulk(_) => 0,
    };
    512 + text(&held.key) + content
}

#[cfg(test)]
mod tests {
    use kith_plugin::record::{Bulk, BulkClass};

    use super::*;

    fn held(key: &str, position: u64) -> Held {
        let place = Place { position, ..Place::default() };
        let record = Record::Bulk(Bulk { class: BulkClass::Cancelled, at: None });
        Held { place, key: (!key.is_empty()).then(|| key.to_owned()), record }
    }

    #[test]
    fn of_each_key_the_newest_is_handed_over_in_order() {
        let mut newest = Newest::default();
        for (position, (version, key)) in (1..).zip([(1, "a"), (2, "b"), (2, "a"), (1, "b"), (0, ""), (0, "")]) {
            assert_eq!(newest.add(version, held(key, position)), Added::Fine);
        }
        assert_eq!(newest.drain().map(|held| held.place.position).collect::<Vec<_>>(), [2, 3, 5, 6]);
        assert_eq!(newest.add(1, held("a", 7)), Added::Fine);
        assert_eq!(newest.add(3, held("a", 8)), Added::TooLate);
        assert_eq!(newest.drain().count(), 0);
    }
}
