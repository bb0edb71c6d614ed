//! What was said about who is the same: "these two are one person", "these are none of those", "ask me later".
//!
//! Of rulings that contradict each other the newest counts; that is `resolve`'s to find out, for it knows who is joined with
//! whom besides.

use std::collections::BTreeMap;

use jiff::civil;

use crate::book::words::Newness;
use crate::id::{FactId, RecordId};

/// What was said about who is the same.
#[derive(Debug, Default)]
pub struct Rulings {
    all: BTreeMap<Newness, Ruling>,
    /// By which rulings a record is named.
    of: BTreeMap<RecordId, Vec<Newness>>,
    /// What was put off, and until when.
    later: BTreeMap<Newness, Later>,
}

/// The question whether two records are one person was put off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Later {
    /// The one.
    pub a: RecordId,
    /// The other.
    pub b: RecordId,
    /// The first day on which it may be asked again.
    pub until: civil::Date,
}

/// Two records are one person, or two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruling {
    /// One person.
    Same(RecordId, RecordId),
    /// None of the first is the person of any of the second.
    Apart(Vec<RecordId>, Vec<RecordId>),
}

impl Rulings {
    /// Notes that two records are one person.
    pub(super) fn same(&mut self, newness: Newness, a: RecordId, b: RecordId) {
        self.insert(newness, Ruling::Same(a, b));
    }

    /// Notes that none of these is the person of any of those.
    pub(super) fn apart(&mut self, newness: Newness, these: &[RecordId], those: &[RecordId]) {
        self.insert(newness, Ruling::Apart(these.to_vec(), those.to_vec()));
    }

    /// Notes that the question was put off.
    pub(super) fn later(&mut self, newness: Newness, later: Later) {
        self.later.insert(newness, later);
    }

    /// Returns the questions that were put off, the oldest word first: of two about the same people the last counts.
    pub fn put_off(&self) -> impl Iterator<Item = Later> + '_ {
        self.later.values().copied()
    }

    /// Returns the rulings that name one of these records, the newest first, each once.
    #[must_use]
    pub fn about(&self, records: &[RecordId]) -> Vec<&Ruling> {
        let mut found: Vec<&Newness> = records.iter().filter_map(|record| self.of.get(record)).flatten().collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().rev().filter_map(|newness| self.all.get(newness)).collect()
    }

    /// Returns the newest fact that says these two are one person.
    #[must_use]
    pub fn word(&self, a: &RecordId, b: &RecordId) -> Option<&FactId> {
        let joins = |ruling: &Ruling| matches!(ruling, Ruling::Same(x, y) if (x, y) == (a, b) || (x, y) == (b, a));
        let of = self.of.get(a)?.iter().filter(|newness| self.all.get(newness).is_some_and(joins));
        of.max().map(|(_, fact)| fact)
    }

    /// Returns all rulings, the newest first.
    #[must_use]
    pub fn newest_first(&self) -> Vec<Ruling> {
        self.all.values().rev().cloned().collect()
    }

    /// Returns how many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// Returns those that came after so many of the oldest, in their order.
    pub fn after_oldest(&self, oldest: usize) -> impl Iterator<Item = &Ruling> {
        let newest: Vec<&Ruling> = self.all.values().rev().take(self.all.len().saturating_sub(oldest)).collect();
        newest.into_iter().rev()
    }

    /// Returns whether one is newer than this.
    pub(super) fn has_newer(&self, newness: &Newness) -> bool {
        self.all.last_key_value().is_some_and(|(newest, _)| newest > newness)
    }

    fn insert(&mut self, newness: Newness, ruling: Ruling) {
        for record in ruling.records() {
            self.of.entry(record).or_default().push(newness.clone());
        }
        self.all.insert(newness, ruling);
    }
}

impl Ruling {
    /// Returns the records that it names.
    pub fn records(&self) -> impl Iterator<Item = RecordId> + '_ {
        let (first, second) = match self {
            Self::Same(a, b) => (core::slice::from_ref(a), core::slice::from_ref(b)),
            Self::Apart(these, those) => (these.as_slice(), those.as_slice()),
        };
        first.iter().chain(second).copied()
    }
}
