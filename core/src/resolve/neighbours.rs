//! The neighbourhood of a change: whom its records may be, what links them, and which groups come of it.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::thread::available_parallelism;

use crate::book::rulings::Ruling;
use crate::id::RecordId;
use crate::resolve::blocks::{Key, KeyKind};
use crate::resolve::cluster::{self, Said, cluster};
use crate::resolve::compare::Comparison;
use crate::resolve::link::Verdict;
use crate::resolve::marked::Marked;
use crate::resolve::{CERTAIN_BITS, Resolver, Tie};

/// From so many pairs on comparing them is worth a thread of its own.
const MANY: usize = 1_000;

/// Records that hang together, by their ids; a stranger, of whom only the user spoke, has no number.
#[derive(Debug, Default)]
struct Component {
    records: Vec<(RecordId, Option<u32>)>,
}

impl Component {
    fn numbers(&self) -> Vec<u32> {
        self.records.iter().filter_map(|(_, no)| *no).collect()
    }
}

/// Two records, the lower number first.
fn in_order(a: u32, b: u32) -> (u32, u32) {
    (a.min(b), a.max(b))
}

impl Resolver {
    /// Compares these records with whom they meet; returns all whose links changed.
    pub(super) fn link(&mut self, dirty: &[u32]) -> Vec<u32> {
        let mut affected = dirty.to_vec();
        for no in dirty {
            let old = self.links.get_mut(*no as usize).map(core::mem::take).unwrap_or_default();
            for tie in old {
                affected.push(tie.other);
                if let Some(links) = self.links.get_mut(tie.other as usize) {
                    links.retain(|t| t.other != *no);
                }
            }
        }
        let pairs = self.pairs_of(dirty);
        self.compared += pairs.len() as u64;
        for (no, tie) in self.compare_all(&pairs) {
            affected.push(no);
            affected.push(tie.other);
            self.add_tie(no, tie);
            self.add_tie(tie.other, Tie { other: no, ..tie });
        }
        affected
    }

    /// Returns those with whom a record is linked.
    pub(super) fn linked(&self, no: u32) -> impl Iterator<Item = u32> + '_ {
        self.links.get(no as usize).into_iter().flatten().map(|tie| tie.other)
    }

    /// Compares these pairs, many of them on all processors; returns the links.
    fn compare_all(&self, pairs: &[(u32, u32)]) -> Vec<(u32, Tie)> {
        if pairs.len() < MANY {
            return self.compare_some(pairs);
        }
        let processors = available_parallelism().map_or(1, NonZero::get);
        std::thread::scope(|scope| {
            let parts = pairs.chunks(pairs.len().div_ceil(processors));
            let parts: Vec<_> = parts.map(|part| (part, scope.spawn(|| self.compare_some(part)))).collect();
            // What a thread could not do is done here.
            parts.into_iter().flat_map(|(part, it)| it.join().unwrap_or_else(|_| self.compare_some(part))).collect()
        })
    }

    fn compare_some(&self, pairs: &[(u32, u32)]) -> Vec<(u32, Tie)> {
        pairs.iter().filter_map(|(no, other)| Some((*no, self.tie(*no, *other)?))).collect()
    }

    /// Returns these records with whom they meet, each pair once.
    fn pairs_of(&self, dirty: &[u32]) -> Vec<(u32, u32)> {
        if dirty.len() >= self.ids.len() / 2 {
            let mut pairs = self.all_pairs();
            pairs.retain(|(a, b)| self.dirty.contains(*a) || self.dirty.contains(*b));
            return pairs;
        }
        let of = |no: u32| self.meets(no).into_iter().map(move |other| (no, other));
        // Of two records that are both looked at again the first does it.
        let is_first = |(no, other): &(u32, u32)| other > no || !self.dirty.contains(*other);
        dirty.iter().flat_map(|no| of(*no)).filter(is_first).collect()
    }

    /// Returns every two records that meet, the lower number first: all keys are looked through once, which is quicker than to
    /// look up those of each record.
    pub(super) fn all_pairs(&self) -> Vec<(u32, u32)> {
        let mut pairs = Vec::new();
        for (key, holders) in self.blocks.shared() {
            if holders.len() <= key.kind().limit() {
                let others = |at: usize| holders.get(at + 1..).unwrap_or_default();
                pairs
                    .extend(holders.iter().enumerate().flat_map(|(at, a)| others(at).iter().map(|b| in_order(*a, *b))));
            } else if let Some(leader) = self.leader(key, holders) {
                pairs.extend(holders.iter().filter(|no| *no != leader).map(|no| in_order(*no, *leader)));
            }
        }
        pairs.extend(self.all_namesakes_on_threads());
        pairs.extend(self.offices.pairs());
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// Finds which of these fit two people equally; whoever is linked with one for whom that changed is affected, too.
    pub(super) fn clear_up(&mut self, affected: &mut Vec<u32>) {
        affected.sort_unstable();
        affected.dedup();
        for no in affected.clone() {
            let is_unclear = self.fits_two(no);
            let was_unclear = if is_unclear { !self.unclear.insert(no) } else { self.unclear.remove(&no) };
            if is_unclear != was_unclear {
                affected.extend(self.linked(no));
            }
        }
    }

    /// Returns whether the loose links of a record lead to two people: "K. Lehmann" to Klaus and to Karin.
    fn fits_two(&self, no: u32) -> bool {
        let loose =
            || self.links.get(no as usize).into_iter().flatten().filter(|tie| tie.is_loose).map(|tie| tie.other);
        let said_one = |a: u32, b: u32| {
            let ids = self.ids.get(a as usize).zip(self.ids.get(b as usize));
            ids.is_some_and(|(a, b)| self.said.are_one(*a, *b))
        };
        let are_two = |a: u32, b: u32| {
            !said_one(a, b) && self.comparison(a, b).is_some_and(|comparison| comparison.are_likely_two())
        };
        loose().any(|a| loose().any(|b| a < b && are_two(a, b)))
    }

    /// Returns what follows from a link, given whom else its two records may be.
    pub(super) fn verdict_of(&self, no: u32, tie: &Tie) -> Verdict {
        let is_unclear = tie.is_loose && (self.unclear.contains(&no) || self.unclear.contains(&tie.other));
        if is_unclear { tie.verdict.min(Verdict::Question) } else { tie.verdict }
    }

    /// Parts the groups of these records anew.
    pub(super) fn regroup(&mut self, affected: &[u32]) {
        let mut done = core::mem::take(&mut self.grouped);
        for no in affected {
            if done.contains(*no) {
                continue;
            }
            if self.is_alone(*no) {
                self.groups.put(&[*no]);
                continue;
            }
            let component = self.component(*no, &mut done);
            for group in self.partition(&component) {
                self.put(&group);
            }
        }
        done.clear();
        self.grouped = done;
    }

    /// Makes a group of these; whoever is a stranger stands with one of the others, if there is one.
    fn put(&mut self, group: &Component) {
        let numbers = group.numbers();
        self.groups.put(&numbers);
        for (id, _) in group.records.iter().filter(|(_, no)| no.is_none()) {
            match numbers.first() {
                Some(no) => self.strangers.insert(*id, *no),
                None => self.strangers.remove(id),
            };
        }
    }

    /// Returns the verdict on two records with these levels, and their odds in bits.
    pub(super) fn judge(&self, a: u32, b: u32, comparison: &Comparison) -> (Verdict, f64) {
        let bits = self.weights.bits(comparison);
        if self.share_certainty(a, b) {
            return (Verdict::Joined, CERTAIN_BITS + bits.clamp(-CERTAIN_BITS / 2.0, CERTAIN_BITS));
        }
        if self.offices.are_one(a, b) {
            return (Verdict::Joined, bits.max(self.weights.joined));
        }
        let verdict = comparison.verdict(&self.weights);
        if verdict < Verdict::Joined {
            // Of two who contradict each other nothing makes one likelier than two.
            return (verdict, if comparison.contradicts() { bits.min(0.0) } else { bits });
        }
        let verdict = if self.are_two_of_kith(a, b) { Verdict::Question } else { Verdict::Joined };
        (verdict, bits.max(self.weights.joined))
    }

    /// Returns whether both are cards of kith's: of each person it writes one, so two that name different records were two people.
    pub(super) fn are_two_of_kith(&self, a: u32, b: u32) -> bool {
        let is_echo = |no: u32| self.sketch(no).is_some_and(|sketch| sketch.is_echo);
        is_echo(a) && is_echo(b) && !self.share_certainty(a, b)
    }

    /// Returns whom the record's keys bring together with it, each once.
    pub(super) fn meets(&self, no: u32) -> Vec<u32> {
        let keys = self.sketch(no).into_iter().flat_map(|sketch| sketch.keys.iter());
        let mut met: Vec<u32> = keys.flat_map(|key| self.meeting(no, *key)).copied().collect();
        met.extend(self.namesakes_on_threads(no));
        met.extend(self.offices.mates(no));
        met.sort_unstable();
        met.dedup();
        met.retain(|other| *other != no);
        met
    }

    /// Returns whom a key brings together with this record. Of very many under one identifier and one name, copies of one
    /// card, each meets the same one.
    fn meeting(&self, no: u32, key: Key) -> &[u32] {
        let holders = self.blocks.holders(key);
        if holders.len() <= key.kind().limit() {
            return holders;
        }
        match self.leader(key, holders) {
            Some(first) if *first == no => holders,
            Some(first) => core::slice::from_ref(first),
            None => &[],
        }
    }

    /// Returns the record that all of a crowd meet: of those under one identifier and one name, copies of one card, the first.
    fn leader<'a>(&self, key: Key, holders: &'a [u32]) -> Option<&'a u32> {
        if key.kind() != KeyKind::Identifier || !self.is_one_name(key) {
            return None;
        }
        holders.iter().min_by_key(|holder| self.ids.get(**holder as usize))
    }

    fn tie(&self, a: u32, b: u32) -> Option<Tie> {
        let comparison = self.comparison(a, b)?;
        let (verdict, bits) = self.judge(a, b, &comparison);
        #[expect(clippy::cast_possible_truncation, reason = "a few bits of odds need no more precision")]
        let bits = bits as f32;
        let is_loose = comparison.is_loose() && !self.are_one_for_certain(a, b);
        (verdict > Verdict::Apart).then_some(Tie { other: b, bits, verdict, is_loose })
    }

    fn add_tie(&mut self, no: u32, tie: Tie) {
        if let Some(links) = self.links.get_mut(no as usize) {
            links.push(tie);
        }
    }

    pub(super) fn share_certainty(&self, a: u32, b: u32) -> bool {
        let (Some(a), Some(b)) = (self.sketch(a), self.sketch(b)) else { return false };
        let names = |x: &crate::resolve::sketch::Sketch, hash| {
            x.reaches().any(|reach| reach.hash == hash) || x.certain.contains(&hash)
        };
        a.certain.iter().any(|hash| names(b, *hash)) || b.certain.iter().any(|hash| names(a, *hash))
    }

    /// Returns whether something other than what their levels say makes two records one.
    pub(super) fn are_one_for_certain(&self, a: u32, b: u32) -> bool {
        self.share_certainty(a, b) || self.offices.are_one(a, b)
    }

    /// Returns whether neither a joining link nor the user's words connect a record with others.
    fn is_alone(&self, no: u32) -> bool {
        let mut links = self.links.get(no as usize).into_iter().flatten();
        let is_ruled = self.ids.get(no as usize).is_some_and(|id| self.said.names(*id));
        !is_ruled && !links.any(|tie| self.verdict_of(no, tie) == Verdict::Joined)
    }

    /// Returns the records that joining links and the user's words connect with this one.
    fn component(&self, no: u32, done: &mut Marked) -> Component {
        let mut found = Component::default();
        let mut strangers = BTreeSet::new();
        let mut next: Vec<RecordId> = self.ids.get(no as usize).copied().into_iter().collect();
        while let Some(id) = next.pop() {
            match self.by_id.get(&id).copied() {
                Some(no) => {
                    if !done.insert(no) {
                        continue;
                    }
                    found.records.push((id, Some(no)));
                    let links = self.links.get(no as usize).into_iter().flatten();
                    let joined = links.filter(|tie| self.verdict_of(no, tie) == Verdict::Joined);
                    next.extend(joined.filter_map(|tie| self.ids.get(tie.other as usize)));
                }
                None if strangers.insert(id) => found.records.push((id, None)),
                None => continue,
            }
            let same = self.said.on(&[id]).filter(|ruling| matches!(ruling, Ruling::Same(..)));
            next.extend(same.flat_map(Ruling::records));
        }
        found.records.sort_unstable();
        found
    }

    fn partition(&self, component: &Component) -> Vec<Component> {
        let order = &component.records;
        let place = |record: RecordId| order.binary_search_by_key(&record, |(id, _)| *id).ok();
        let ids: Vec<RecordId> = order.iter().map(|(id, _)| *id).collect();
        let said = self.said.on(&ids).filter_map(|ruling| match ruling {
            Ruling::Same(a, b) => Some(Said::Same(place(*a)?, place(*b)?)),
            Ruling::Apart(these, those) => {
                let places = |records: &[RecordId]| records.iter().filter_map(|r| place(*r)).collect::<Vec<_>>();
                Some(Said::Apart(places(these), places(those)))
            }
        });
        let said: Vec<Said> = said.collect();
        let ties = self.ties_among(order);
        let number = |place: usize| order.get(place).and_then(|(_, no)| *no);
        let contradict = |x, y| number(x).zip(number(y)).is_some_and(|(x, y)| self.contradict(x, y));
        let groups = cluster(order.len(), &said, &ties, contradict);
        let records = |group: Vec<usize>| group.into_iter().filter_map(|place| order.get(place).copied()).collect();
        groups.into_iter().map(|group| Component { records: records(group) }).collect()
    }

    /// Returns the joining links among these, the surest first.
    fn ties_among(&self, order: &[(RecordId, Option<u32>)]) -> Vec<cluster::Tie> {
        let mut ties = Vec::new();
        for (a, no) in order.iter().enumerate().filter_map(|(a, (_, no))| Some((a, (*no)?))) {
            let links = self.links.get(no as usize).into_iter().flatten();
            for tie in links.filter(|tie| self.verdict_of(no, tie) == Verdict::Joined) {
                let Some(id) = self.ids.get(tie.other as usize) else { continue };
                let Ok(b) = order.binary_search_by_key(id, |(id, _)| *id) else { continue };
                if a < b {
                    ties.push((tie.bits, cluster::Tie { a, b }));
                }
            }
        }
        ties.sort_by(|(x, tie_x), (y, tie_y)| y.total_cmp(x).then((tie_x.a, tie_x.b).cmp(&(tie_y.a, tie_y.b))));
        ties.into_iter().map(|(_, tie)| tie).collect()
    }

    pub(super) fn contradict(&self, a: u32, b: u32) -> bool {
        let Some(comparison) = self.comparison(a, b) else { return false };
        comparison.contradicts() && !self.are_one_for_certain(a, b)
    }
}
