//! Who is the same: which records are one person, how sure that is, and why.
//!
//! Records that share a key are compared, feature by feature; the levels' weights add up to the odds that they are one person
//! (Fellegi and Sunter, 1969). From an upper bound on they are joined, from a lower one on the user is asked. The result is a
//! function of the set of records, of the mail that they are on and of what was said, whatever the order; a change looks again
//! at its neighbourhood only.
//!
//! ```text
//!  evidence ─sketch─▶ keys ─▶ candidates ─compare─▶ levels ─weights─▶ links ─cluster─▶ groups
//! ```

mod blocks;
mod cluster;
pub mod compare;
mod explain;
mod groups;
mod holding;
mod keys;
mod lexicon;
pub mod link;
mod marked;
mod mates;
mod names;
mod neighbours;
mod offices;
mod parts;
mod rules;
mod scale;
mod sketch;
pub mod traits;
pub mod weights;
mod words;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::book::rulings::Ruling;
use crate::digest::Identifier;
use crate::id::RecordId;
use crate::identity::{IdentifierHash, PassThrough};
use crate::resolve::blocks::{Blocks, Key, KeyKind};
use crate::resolve::compare::{Comparison, Spread, compare};
use crate::resolve::groups::Groups;
use crate::resolve::holding::Holding;
use crate::resolve::lexicon::Lexicon;
use crate::resolve::link::Verdict;
use crate::resolve::marked::Marked;
use crate::resolve::mates::Mates;
use crate::resolve::names::{NameClass, compare_names};
use crate::resolve::offices::Offices;
use crate::resolve::scale::Tally;
pub use crate::resolve::sketch::Evidence;
use crate::resolve::sketch::Sketch;
use crate::resolve::weights::Weights;

/// A smaller address book says no more of how rare names are than one of this size does.
const FEWEST: u32 = 256;

/// So many names behind an identifier are many; more are not counted.
const MANY_NAMES: usize = 4;

/// How sure it is that two records are one person because the user said so, in bits.
pub const CERTAIN_BITS: f64 = 40.0;

/// Which records are one person.
#[derive(Debug)]
pub struct Resolver {
    weights: Weights,
    lexicon: Lexicon,
    blocks: Blocks,
    sketches: Vec<Option<Box<Sketch>>>,
    ids: Vec<RecordId>,
    /// The records that are compared at all.
    all: Tally,
    /// How many names go by an identifier, where more than one record has it.
    spread: HashMap<IdentifierHash, u32, PassThrough>,
    /// The links of each record that are strong enough to be joined or asked about.
    links: Vec<Vec<Tie>>,
    /// Records that give so little of a name that it fits two people.
    unclear: BTreeSet<u32>,
    groups: Groups,
    mates: Mates,
    offices: Offices,
    /// What holds of what the user said.
    said: Holding,
    by_id: HashMap<RecordId, u32, PassThrough>,
    /// Records that the user spoke of and that are not here, or not any more, by a record of the group where they stand: what
    /// was said of them still binds the others.
    strangers: BTreeMap<RecordId, u32>,
    /// Records that must be compared again.
    dirty: Marked,
    /// Records of whom the user spoke since: nothing is compared for that, but they may stand in other groups.
    spoken_of: Vec<u32>,
    /// Records that were put into their groups, while that is done.
    grouped: Marked,
    /// Identifiers whose holders changed.
    touched: Vec<IdentifierHash>,
    compared: u64,
}

/// A link to another record.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Tie {
    other: u32,
    bits: f32,
    verdict: Verdict,
    /// One gives so little of the name that it may fit somebody else as well.
    is_loose: bool,
}

/// How much was compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Effort {
    /// Records that are compared at all.
    pub records: u64,
    /// Pairs that share a key, or a thread and a part of the name, each once.
    pub pairs: u64,
    /// Comparisons made since the start.
    pub compared: u64,
}

impl Default for Resolver {
    fn default() -> Self {
        Self::new(Weights::table().clone())
    }
}

impl Spread for HashMap<IdentifierHash, u32, PassThrough> {
    fn names(&self, hash: IdentifierHash) -> u32 {
        self.get(&hash).copied().unwrap_or(1)
    }
}

impl Resolver {
    /// Returns a resolver that weighs by this table.
    #[must_use]
    pub fn new(weights: Weights) -> Self {
        Self {
            weights,
            lexicon: Lexicon::default(),
            blocks: Blocks::default(),
            sketches: Vec::new(),
            ids: Vec::new(),
            all: Tally::default(),
            spread: HashMap::default(),
            links: Vec::new(),
            unclear: BTreeSet::new(),
            groups: Groups::default(),
            mates: Mates::default(),
            offices: Offices::default(),
            said: Holding::default(),
            by_id: HashMap::default(),
            strangers: BTreeMap::new(),
            dirty: Marked::default(),
            spoken_of: Vec::new(),
            grouped: Marked::default(),
            touched: Vec::new(),
            compared: 0,
        }
    }

    /// Makes room for the record `no`, of which nothing is known.
    pub fn admit(&mut self, no: u32, id: RecordId) {
        self.grow(no, id);
    }

    /// Sets what is known of the record `no`; without evidence it is alone. Who is the same is found by [`Resolver::settle`].
    pub fn set(&mut self, no: u32, id: RecordId, evidence: Option<Evidence<'_>>) {
        self.grow(no, id);
        let address = self.address_of(no);
        self.leave_office(no);
        if let Some(old) = self.sketches.get_mut(no as usize).and_then(Option::take) {
            self.leave(no, &old);
        }
        if let Some(evidence) = evidence {
            let sketch = Sketch::of(id, evidence, &mut self.lexicon);
            self.enter(no, &sketch);
            if let Some(slot) = self.sketches.get_mut(no as usize) {
                *slot = Some(Box::new(sketch));
            }
        }
        self.recount_addresses(no, address);
        self.dirty.insert(no);
    }

    /// Adds identifiers to what is known of a record, and such by which it joins for certain.
    pub fn extend(&mut self, no: u32, identifiers: &[Identifier], certain: &[IdentifierHash]) {
        let address = self.address_of(no);
        let Some(mut sketch) = self.sketches.get_mut(no as usize).and_then(Option::take) else { return };
        self.leave(no, &sketch);
        sketch.extend(identifiers, certain, &mut self.lexicon);
        self.enter(no, &sketch);
        if let Some(slot) = self.sketches.get_mut(no as usize) {
            *slot = Some(sketch);
        }
        self.recount_addresses(no, address);
        self.dirty.insert(no);
    }

    /// Takes over what the user said about who is the same, newest first.
    pub fn rule(&mut self, rulings: &[Ruling]) {
        let said = Holding::of(rulings);
        // What came, went or changed its place lies between what is the same at either end.
        let (old, new): (Vec<&Ruling>, Vec<&Ruling>) =
            (self.said.newest_first().collect(), said.newest_first().collect());
        let alike = |(before, after): &(&&Ruling, &&Ruling)| before == after;
        let newest = old.iter().zip(&new).take_while(alike).count();
        let oldest = old.iter().skip(newest).rev().zip(new.iter().skip(newest).rev()).take_while(alike).count();
        let between = |of: &[&Ruling]| newest..of.len() - oldest;
        let went = old.get(between(&old)).unwrap_or_default();
        let came = new.get(between(&new)).unwrap_or_default();
        let named: BTreeSet<RecordId> = went.iter().chain(came).flat_map(|ruling| ruling.records()).collect();
        self.said = said;
        self.speak_of(named);
    }

    /// Takes over one more word of the user's, newer than all before; returns whether that was all. If not,
    /// [`Resolver::rule`] takes over all of them.
    pub fn rule_besides(&mut self, ruling: &Ruling) -> bool {
        let is_all = self.said.add(ruling);
        if is_all {
            self.speak_of(ruling.records().collect());
        }
        is_all
    }

    /// The user spoke of these. Whoever was said to be one with them is concerned, and of whom was spoken together with a
    /// stranger: where that stands is found anew.
    fn speak_of(&mut self, mut named: BTreeSet<RecordId>) {
        let mut next: Vec<RecordId> = named.iter().copied().collect();
        while let Some(record) = next.pop() {
            let is_stranger = !self.by_id.contains_key(&record);
            if is_stranger {
                self.strangers.remove(&record);
            }
            let concerned = self.said.on(&[record]);
            let concerned = concerned.filter(|ruling| is_stranger || matches!(ruling, Ruling::Same(..)));
            next.extend(concerned.flat_map(Ruling::records).filter(|record| named.insert(*record)));
        }
        self.spoken_of.extend(named.iter().filter_map(|record| self.by_id.get(record)));
    }

    /// Finds who is the same, as far as anything changed.
    pub fn settle(&mut self) {
        let mut touched = core::mem::take(&mut self.touched);
        touched.sort_unstable();
        touched.dedup();
        for hash in touched {
            self.count_names(hash);
        }
        let (dirty, spoken_of) = (self.dirty.sorted(), core::mem::take(&mut self.spoken_of));
        if dirty.is_empty() && spoken_of.is_empty() {
            return;
        }
        let mut affected = self.link(&dirty);
        self.dirty.clear();
        affected.extend(spoken_of.iter().flat_map(|no| self.linked(*no)));
        affected.extend(spoken_of);
        self.clear_up(&mut affected);
        self.regroup(&affected);
    }

    /// Returns the members of the record's group, itself among them.
    pub fn members(&self, no: u32) -> impl Iterator<Item = u32> + '_ {
        self.groups.members(no)
    }

    /// Returns the member that stands for the record's group; which one it is has no meaning.
    #[must_use]
    pub fn head(&self, no: u32) -> u32 {
        self.groups.head(no)
    }

    /// Returns the records that have this identifier as their own.
    #[must_use]
    pub fn holders(&self, identifier: IdentifierHash) -> &[u32] {
        self.blocks.holders(Key::new(KeyKind::Identifier, &[identifier.0]))
    }

    /// Returns the identifiers that are the record's own.
    pub fn identifiers(&self, no: u32) -> impl Iterator<Item = IdentifierHash> + '_ {
        let sketch = self.sketch(no).into_iter();
        sketch.flat_map(|sketch| sketch.reaches().map(|reach| reach.hash).chain(sketch.certain.iter().copied()))
    }

    /// Returns how much was compared.
    #[must_use]
    pub fn effort(&self) -> Effort {
        let pairs = u64::try_from(self.all_pairs().len()).unwrap_or(u64::MAX);
        Effort { records: u64::from(self.all.count()), pairs, compared: self.compared }
    }

    /// Returns how many comparisons were made since the start.
    #[must_use]
    pub const fn compared(&self) -> u64 {
        self.compared
    }

    /// Returns what two records say about each other.
    #[must_use]
    pub fn comparison(&self, a: u32, b: u32) -> Option<Comparison> {
        // In one order, for readings of equal worth are taken as they come.
        let (a, b) = if self.ids.get(a as usize) <= self.ids.get(b as usize) { (a, b) } else { (b, a) };
        let found = compare(self.sketch(a)?, self.sketch(b)?, &self.lexicon, &self.spread, self.size());
        Some(found.with_mail(self.met(a, b)))
    }

    /// Calls `each` with every two records that meet, and what they say about each other.
    pub fn pairs(&self, mut each: impl FnMut(u32, u32, &Comparison)) {
        for (a, b) in self.all_pairs() {
            if let Some(comparison) = self.comparison(a, b) {
                each(a, b, &comparison);
            }
        }
    }

    /// Calls `each` with every link of which something follows.
    pub fn links(&self, mut each: impl FnMut(u32, u32, Verdict)) {
        for (no, links) in (0..).zip(&self.links) {
            for tie in links.iter().filter(|tie| tie.other > no) {
                each(no, tie.other, self.verdict_of(no, tie));
            }
        }
    }

    /// How many records there are, as far as rarity is concerned.
    fn size(&self) -> u32 {
        self.all.count().max(FEWEST)
    }

    /// Marks those for which there are as many records now as are of another order; in a small book all count as many.
    fn mark_resized(&mut self, parted: &[u32]) {
        if self.all.count() >= FEWEST {
            self.dirty.extend(parted);
        }
    }

    fn sketch(&self, no: u32) -> Option<&Sketch> {
        self.sketches.get(no as usize)?.as_deref()
    }

    fn grow(&mut self, no: u32, id: RecordId) {
        self.groups.grow(no);
        let length = no as usize + 1;
        if self.ids.len() < length {
            self.sketches.resize_with(length, || None);
            self.links.resize_with(length, Vec::new);
            self.ids.resize(length, id);
        }
        if let Some(slot) = self.ids.get_mut(no as usize) {
            *slot = id;
        }
        self.by_id.insert(id, no);
        if self.strangers.remove(&id).is_some() {
            self.dirty.insert(no);
        }
    }

    /// Adds a record to the blocks and counts; whoever is concerned by a count or a limit is looked at again.
    fn enter(&mut self, no: u32, sketch: &Sketch) {
        let mut parted = Vec::new();
        self.all.insert(sketch.scale, no, |no| parted.push(no));
        self.mark_resized(&parted);
        for key in &sketch.keys {
            let count = self.blocks.add(*key, no);
            if count == key.kind().limit() + 1 || (count > key.kind().limit() && self.leads(no, *key)) {
                self.dirty.extend(self.blocks.holders(*key));
            }
        }
        self.touched.extend(sketch.reaches().map(|reach| reach.hash));
        let concerned = self.lexicon.count(no, sketch);
        self.dirty.extend(&concerned);
    }

    fn leave(&mut self, no: u32, sketch: &Sketch) {
        let mut parted = Vec::new();
        self.all.remove(sketch.scale, no, |no| parted.push(no));
        self.mark_resized(&parted);
        for key in &sketch.keys {
            self.blocks.remove(*key, no);
            if self.blocks.holders(*key).len() == key.kind().limit() || self.leads(no, *key) {
                self.dirty.extend(self.blocks.holders(*key));
            }
        }
        self.touched.extend(sketch.reaches().map(|reach| reach.hash));
        let concerned = self.lexicon.discount(no, sketch);
        self.dirty.extend(&concerned);
    }

    /// Returns whether a record is, or was, the one that all of a crowd meet.
    fn leads(&self, no: u32, key: Key) -> bool {
        if key.kind() != KeyKind::Identifier {
            return false;
        }
        let holders = self.blocks.holders(key);
        let id = |no: u32| self.ids.get(no as usize);
        holders.len() > key.kind().limit() && holders.iter().all(|holder| id(no) <= id(*holder))
    }

    /// Returns whether all who hold this identifier's key go by one name.
    fn is_one_name(&self, key: Key) -> bool {
        let mut holders = self.blocks.holders(key).iter().take(1).filter_map(|no| self.sketch(*no));
        let hash = holders.find_map(|sketch| {
            sketch.reaches().map(|reach| reach.hash).find(|hash| Key::new(KeyKind::Identifier, &[hash.0]) == key)
        });
        hash.is_some_and(|hash| self.spread.names(hash) == 1)
    }

    /// Counts anew how many names go by an identifier; looks again at its holders when that is another number.
    fn count_names(&mut self, hash: IdentifierHash) {
        let key = Key::new(KeyKind::Identifier, &[hash.0]);
        let count = self.names_behind(key);
        let before = if count > 1 { self.spread.insert(hash, count) } else { self.spread.remove(&hash) };
        if before.unwrap_or(1) != count {
            self.dirty.extend(self.blocks.holders(key));
        }
    }

    fn names_behind(&self, key: Key) -> u32 {
        let holders = self.blocks.holders(key);
        if holders.len() < 2 {
            return 1;
        }
        let mut named: Vec<(RecordId, &Sketch)> =
            holders.iter().filter_map(|no| Some((*self.ids.get(*no as usize)?, self.sketch(*no)?))).collect();
        named.retain(|(_, sketch)| sketch.written().next().is_some());
        named.sort_unstable_by_key(|(id, _)| *id);
        let mut distinct: Vec<&Sketch> = Vec::new();
        for (_, sketch) in named {
            let is_other = |known: &&Sketch| {
                let class = compare_names(known, sketch, &self.lexicon, self.size()).class;
                matches!(class, NameClass::OtherGiven | NameClass::Different)
            };
            if distinct.iter().all(is_other) {
                distinct.push(sketch);
            }
            if distinct.len() >= MANY_NAMES {
                break;
            }
        }
        u32::try_from(distinct.len()).unwrap_or(u32::MAX).max(1)
    }
}
