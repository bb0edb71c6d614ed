//! Who is the same, found by the resolver alone, without files and daemon; and how right it is.

#![expect(clippy::indexing_slicing, reason = "records are counted by their places in the set")]

use std::collections::{BTreeMap, BTreeSet};

use kith_core::digest::Digest;
use kith_core::id::RecordId;
use kith_core::resolve::link::Verdict;
use kith_core::resolve::{Evidence, Resolver};

use super::RecordSet;

/// How right it is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Score {
    /// Of the pairs joined, how many are one person.
    pub precision: f64,
    /// Of the pairs that are one person, how many are joined.
    pub recall: f64,
    /// Recall, had the user answered every question.
    pub recall_asked: f64,
    /// Questions, one for each two groups.
    pub questions: usize,
    /// Pairs of namesakes that were joined, and how many there are.
    pub traps: (usize, usize),
}

impl Score {
    /// Returns the harmonic mean of precision and recall.
    #[must_use]
    pub fn f1(&self) -> f64 {
        2.0 * self.precision * self.recall / (self.precision + self.recall)
    }

    /// Returns the same, had the user answered every question rightly.
    #[must_use]
    pub fn f1_asked(&self) -> f64 {
        2.0 * self.precision * self.recall_asked / (self.precision + self.recall_asked)
    }
}

/// Hands a set's records to the resolver, numbered as they stand.
pub fn fill(resolver: &mut Resolver, set: &RecordSet) {
    for (no, record) in (0u32..).zip(&set.records) {
        let Some(digest) = record.said.digest(None) else { continue };
        add(resolver, no, &digest);
    }
}

/// Hands one record to the resolver.
pub fn add(resolver: &mut Resolver, no: u32, digest: &Digest) {
    let id = RecordId::new("bench", &no.to_string());
    let evidence = Evidence { identifiers: &digest.identifiers, traits: &digest.traits, certain: &[] };
    resolver.set(no, id, Some(evidence));
}

/// Returns how right the groups are.
#[must_use]
pub fn score(resolver: &Resolver, set: &RecordSet) -> Score {
    let count = set.records.len();
    let group: Vec<u32> = (0u32..).take(count).map(|no| resolver.head(no)).collect();
    let mut asked: Vec<u32> = group.clone();
    let mut questions = BTreeSet::new();
    resolver.links(|a, b, verdict| {
        let (x, y) = (group[a as usize], group[b as usize]);
        let is_new = x != y && verdict >= Verdict::Question && questions.insert((x.min(y), x.max(y)));
        if is_new && set.records[a as usize].person == set.records[b as usize].person {
            let (kept, gone) = (asked[a as usize], asked[b as usize]);
            asked.iter_mut().filter(|g| **g == gone).for_each(|g| *g = kept);
        }
    });
    let person: Vec<u32> = set.records.iter().map(|record| record.person).collect();
    let pairs = |keys: &mut dyn Iterator<Item = (u32, u32)>| {
        let mut counts: BTreeMap<(u32, u32), u64> = BTreeMap::new();
        keys.for_each(|key| *counts.entry(key).or_default() += 1);
        counts.values().map(|n| n * (n - 1) / 2).sum::<u64>() as f64
    };
    let truth = pairs(&mut person.iter().map(|p| (*p, 0)));
    let joined = pairs(&mut group.iter().map(|g| (*g, 0)));
    let right = pairs(&mut person.iter().copied().zip(group.iter().copied()));
    let right_asked = pairs(&mut person.iter().copied().zip(asked.iter().copied()));
    let names = set.traps.iter().filter(|trap| trap.kind == "same-name");
    let merged = names.clone().filter(|trap| group[trap.records.0] == group[trap.records.1]).count();
    Score {
        precision: right / joined.max(1.0),
        recall: right / truth.max(1.0),
        recall_asked: right_asked / truth.max(1.0),
        questions: questions.len(),
        traps: (merged, names.count()),
    }
}
