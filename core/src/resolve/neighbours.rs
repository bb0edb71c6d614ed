//! The neighbourhood of a change: whom its records may be, what links them, and which groups come of it.

use std::collections::BTreeSet;

use crate::book::rulings::Ruling;
use crate::id::RecordId;
use crate::resolve::blocks::{Key, KeyKind};
use crate::resolve::cluster::{self, Said, cluster};
use crate::resolve::compare::Comparison;
use crate::resolve::link::Verdict;
use crate::resolve::{CERTAIN_BITS, Resolver, Tie};

impl Resolver {
    /// Compares these records with whom they meet; returns all whose links changed.
    pub(super) fn link(&mut self, dirty: &BTreeSet<u32>) -> BTreeSet<u32> {
        let mut affected = dirty.clone();
        for no in dirty {
            let old = self.links.get_mut(*no as usize).map(core::mem::take).unwrap_or_default();
            for tie in old {
                affected.insert(tie.other);
                if let Some(links) = self.links.get_mut(tie.other as usize) {
                    links.retain(|t| t.other != *no);
                }
            }
        }
        let mut seen = vec![0u32; self.ids.len()];
        for (round, no) in (1..).zip(dirty) {
            let met = self.meets(*no, round, &mut seen);
            for other in &met {
                // Of two records that are both looked at again the first does it.
                if *other < *no && dirty.contains(other) {
                    continue;
                }
                self.compared += 1;
                if let Some(tie) = self.tie(*no, *other) {
                    affected.insert(*other);
                    self.add_tie(*no, tie);
                    self.add_tie(*other, Tie { other: *no, ..tie });
                }
            }
        }
        self.clear_up(&mut affected);
        affected
    }

    /// Finds which of these fit two people equally; whoever is linked with one for whom that changed is affected, too.
    fn clear_up(&mut self, affected: &mut BTreeSet<u32>) {
        for no in affected.clone() {
            let is_unclear = self.fits_two(no);
            let was_unclear = if is_unclear { !self.unclear.insert(no) } else { self.unclear.remove(&no) };
            if is_unclear != was_unclear {
                affected.extend(self.links.get(no as usize).into_iter().flatten().map(|tie| tie.other));
            }
        }
    }

    /// Returns whether the loose links of a record lead to two people: "K. Lehmann" to Klaus and to Karin.
    fn fits_two(&self, no: u32) -> bool {
        let loose =
            || self.links.get(no as usize).into_iter().flatten().filter(|tie| tie.is_loose).map(|tie| tie.other);
        let are_two = |a: u32, b: u32| self.comparison(a, b).is_some_and(|comparison| comparison.are_likely_two());
        loose().any(|a| loose().any(|b| a < b && are_two(a, b)))
    }

    /// Returns what follows from a link, given whom else its two records may be.
    pub(super) fn verdict_of(&self, no: u32, tie: &Tie) -> Verdict {
        let is_unclear = tie.is_loose && (self.unclear.contains(&no) || self.unclear.contains(&tie.other));
        if is_unclear { tie.verdict.min(Verdict::Question) } else { tie.verdict }
    }

    /// Parts the groups of these records anew.
    pub(super) fn regroup(&mut self, affected: &BTreeSet<u32>) {
        let mut done = vec![false; self.ids.len()];
        for no in affected {
            if done.get(*no as usize).copied().unwrap_or(true) {
                continue;
            }
            let component = self.component(*no, &mut done);
            if component.len() == 1 {
                self.groups.put(&component);
                continue;
            }
            for group in self.partition(&component) {
                self.groups.put(&group);
            }
        }
    }

    /// Returns the verdict on two records with these levels, and their odds in bits.
    pub(super) fn judge(&self, a: u32, b: u32, comparison: &Comparison) -> (Verdict, f64) {
        let bits = self.weights.bits(comparison);
        if self.share_certainty(a, b) {
            return (Verdict::Joined, CERTAIN_BITS + bits.clamp(-CERTAIN_BITS / 2.0, CERTAIN_BITS));
        }
        let is_echo = |no: u32| self.sketch(no).is_some_and(|sketch| sketch.is_echo);
        // Of each person kith writes one card, so two cards of kith's that name different records were two people.
        let are_two = is_echo(a) && is_echo(b);
        let verdict = comparison.verdict(&self.weights);
        if verdict < Verdict::Joined {
            return (verdict, bits);
        }
        let verdict = if are_two { Verdict::Question } else { Verdict::Joined };
        (verdict, bits.max(self.weights.joined))
    }

    /// Returns the rulings that name a record of these, newest first.
    pub(super) fn rulings_on(&self, records: &[u32]) -> Vec<&Ruling> {
        let ruled = records.iter().filter_map(|no| self.ruled.get(self.ids.get(*no as usize)?));
        let numbers: BTreeSet<usize> = ruled.flatten().copied().collect();
        numbers.into_iter().filter_map(|i| self.rulings.get(i)).collect()
    }

    pub(super) fn meets(&self, no: u32, round: u32, seen: &mut [u32]) -> Vec<u32> {
        let Some(sketch) = self.sketch(no) else { return Vec::new() };
        let mut met = Vec::new();
        for other in sketch.keys.iter().flat_map(|key| self.meeting(no, *key)) {
            let Some(slot) = seen.get_mut(*other as usize) else { continue };
            if *other != no && *slot != round {
                *slot = round;
                met.push(*other);
            }
        }
        met
    }

    /// Returns whom a key brings together with this record. Of very many under one identifier and one name, copies of one
    /// card, each meets the same one.
    fn meeting(&self, no: u32, key: Key) -> &[u32] {
        let holders = self.blocks.holders(key);
        if holders.len() <= key.kind().limit() {
            return holders;
        }
        let is_one_name = key.kind() == KeyKind::Identifier && self.is_one_name(key);
        match holders.iter().min_by_key(|holder| self.ids.get(**holder as usize)) {
            Some(first) if is_one_name && *first == no => holders,
            Some(first) if is_one_name => core::slice::from_ref(first),
            Some(_) | None => &[],
        }
    }

    fn tie(&self, a: u32, b: u32) -> Option<Tie> {
        let comparison = self.comparison(a, b)?;
        let (verdict, bits) = self.judge(a, b, &comparison);
        #[expect(clippy::cast_possible_truncation, reason = "a few bits of odds need no more precision")]
        let bits = bits as f32;
        let is_loose = comparison.is_loose() && !self.share_certainty(a, b);
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

    /// Returns the records that joining links and the user's words connect with this one.
    fn component(&self, no: u32, done: &mut [bool]) -> Vec<u32> {
        let mut found = Vec::new();
        let mut next = vec![no];
        while let Some(no) = next.pop() {
            match done.get_mut(no as usize) {
                Some(done) if !*done => *done = true,
                Some(_) | None => continue,
            }
            found.push(no);
            let links = self.links.get(no as usize).into_iter().flatten();
            next.extend(links.filter(|tie| self.verdict_of(no, tie) == Verdict::Joined).map(|tie| tie.other));
            let same = self.rulings_on(&[no]).into_iter().filter(|ruling| matches!(ruling, Ruling::Same(..)));
            next.extend(same.flat_map(Ruling::records).filter_map(|record| self.by_id.get(&record).copied()));
        }
        found
    }

    fn partition(&self, component: &[u32]) -> Vec<Vec<u32>> {
        let mut order: Vec<(RecordId, u32)> =
            component.iter().filter_map(|no| Some((*self.ids.get(*no as usize)?, *no))).collect();
        order.sort_unstable();
        let place = |record: RecordId| order.binary_search_by_key(&record, |(id, _)| *id).ok();
        let numbers: Vec<u32> = order.iter().map(|(_, no)| *no).collect();
        let said = self.rulings_on(component).into_iter().filter_map(|ruling| match ruling {
            Ruling::Same(a, b) => Some(Said::Same(place(*a)?, place(*b)?)),
            Ruling::Apart(these, those) => {
                let places = |records: &[RecordId]| records.iter().filter_map(|r| place(*r)).collect::<Vec<_>>();
                Some(Said::Apart(places(these), places(those)))
            }
        });
        let said: Vec<Said> = said.collect();
        let ties = self.ties_among(&order);
        let at = |place: usize| numbers.get(place).copied().unwrap_or_default();
        let groups = cluster(order.len(), &said, &ties, |x, y| self.contradict(at(x), at(y)));
        groups.into_iter().map(|group| group.into_iter().map(at).collect()).collect()
    }

    /// Returns the joining links among these, the surest first.
    fn ties_among(&self, order: &[(RecordId, u32)]) -> Vec<cluster::Tie> {
        let mut ties = Vec::new();
        for (a, (_, no)) in order.iter().enumerate() {
            let links = self.links.get(*no as usize).into_iter().flatten();
            for tie in links.filter(|tie| self.verdict_of(*no, tie) == Verdict::Joined) {
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
        comparison.contradicts() && !self.share_certainty(a, b)
    }
}
