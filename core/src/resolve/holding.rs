//! What holds of what the user said about who is the same: of words that contradict each other the newest, and a merge takes
//! back the whole split before it.
//!
//! This is decided by the words alone, over all of them, so that it is the same wherever it is asked.

use std::collections::{BTreeSet, HashMap};

use crate::book::rulings::Ruling;
use crate::id::RecordId;
use crate::identity::PassThrough;
use crate::resolve::parts::Parts;

/// What holds of what the user said.
#[derive(Debug)]
pub(super) struct Holding {
    /// The rulings that hold, the oldest first.
    rulings: Vec<Ruling>,
    /// Which of them name a record.
    of: HashMap<RecordId, Vec<usize>, PassThrough>,
    places: HashMap<RecordId, usize, PassThrough>,
    /// Who is one person, by their places.
    people: Parts,
    /// Whom the user told from others, by their places, also by a word that does not hold any more.
    parted: BTreeSet<usize>,
}

impl Holding {
    /// Returns what holds of these, which come newest first.
    pub(super) fn of(rulings: &[Ruling]) -> Self {
        let mut holding = Self {
            rulings: Vec::new(),
            of: HashMap::default(),
            places: HashMap::default(),
            people: Parts::new(0),
            parted: BTreeSet::new(),
        };
        let mut newest_first = Vec::new();
        for ruling in rulings {
            holding.admit(ruling);
            let holds = match ruling {
                Ruling::Same(a, b) => !holding.told_apart(&newest_first, *a, *b),
                // Where some of these are those by what was said later, the whole word is taken back.
                Ruling::Apart(these, those) => !holding.share_a_group(these, those),
            };
            if holds {
                holding.join(ruling);
                newest_first.push(ruling);
            }
        }
        newest_first.into_iter().rev().for_each(|ruling| holding.keep(ruling));
        holding
    }

    /// Takes in a ruling that is newer than all of them; returns whether all that held before hold besides. If not, what
    /// holds is found anew from all of them.
    pub(super) fn add(&mut self, ruling: &Ruling) -> bool {
        self.admit(ruling);
        let is_free = match ruling {
            Ruling::Same(a, b) => !self.is_parted(*a) && !self.is_parted(*b),
            Ruling::Apart(these, those) => !self.share_a_group(these, those),
        };
        if is_free {
            self.join(ruling);
            self.keep(ruling);
        }
        is_free
    }

    /// Returns the rulings that hold, the newest first.
    pub(super) fn newest_first(&self) -> impl Iterator<Item = &Ruling> {
        self.rulings.iter().rev()
    }

    /// Returns the rulings that hold and name one of these records, each once.
    pub(super) fn on(&self, records: &[RecordId]) -> impl Iterator<Item = &Ruling> + use<'_> {
        let numbers: BTreeSet<usize> = records.iter().filter_map(|id| self.of.get(id)).flatten().copied().collect();
        numbers.into_iter().filter_map(|i| self.rulings.get(i))
    }

    /// Returns whether a ruling that holds names this record.
    pub(super) fn names(&self, record: RecordId) -> bool {
        self.of.contains_key(&record)
    }

    /// Returns whether the user said, of these or through others, that two records are one person.
    pub(super) fn are_one(&self, a: RecordId, b: RecordId) -> bool {
        self.group(a).is_some_and(|group| Some(group) == self.group(b))
    }

    fn group(&self, record: RecordId) -> Option<usize> {
        self.places.get(&record).map(|place| self.people.of(*place))
    }

    fn share_a_group(&self, these: &[RecordId], those: &[RecordId]) -> bool {
        let groups: Vec<usize> = these.iter().filter_map(|record| self.group(*record)).collect();
        those.iter().any(|record| self.group(*record).is_some_and(|group| groups.contains(&group)))
    }

    /// Whether what was said later tells the groups of these two apart.
    fn told_apart(&self, later: &[&Ruling], a: RecordId, b: RecordId) -> bool {
        let has = |records: &[RecordId], record| records.iter().any(|one| self.are_one(*one, record));
        later.iter().any(|ruling| match ruling {
            Ruling::Apart(these, those) => (has(these, a) && has(those, b)) || (has(these, b) && has(those, a)),
            Ruling::Same(..) => false,
        })
    }

    /// Whether the user told one of those who are one with this record from somebody.
    fn is_parted(&self, record: RecordId) -> bool {
        let people = self.group(record).map_or(&[][..], |group| self.people.members(group));
        people.iter().any(|place| self.parted.contains(place))
    }

    /// Makes room for whom a ruling names.
    fn admit(&mut self, ruling: &Ruling) {
        for record in ruling.records() {
            let next = self.places.len();
            let place = *self.places.entry(record).or_insert(next);
            if place == next {
                self.people.admit();
            }
            if matches!(ruling, Ruling::Apart(..)) {
                self.parted.insert(place);
            }
        }
    }

    fn join(&mut self, ruling: &Ruling) {
        if let Ruling::Same(a, b) = ruling
            && let (Some(a), Some(b)) = (self.places.get(a), self.places.get(b))
        {
            self.people.join(*a, *b);
        }
    }

    fn keep(&mut self, ruling: &Ruling) {
        for record in ruling.records() {
            self.of.entry(record).or_default().push(self.rulings.len());
        }
        self.rulings.push(ruling.clone());
    }
}

impl Default for Holding {
    fn default() -> Self {
        Self::of(&[])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(no: u8) -> RecordId {
        RecordId::from_bytes([no; 16])
    }

    fn same(a: u8, b: u8) -> Ruling {
        Ruling::Same(id(a), id(b))
    }

    fn apart(these: &[u8], those: &[u8]) -> Ruling {
        let ids = |records: &[u8]| records.iter().map(|no| id(*no)).collect();
        Ruling::Apart(ids(these), ids(those))
    }

    fn holds(newest_first: &[Ruling]) -> Vec<Ruling> {
        Holding::of(newest_first).newest_first().cloned().collect()
    }

    #[test]
    fn one_more_is_taken_in_by_itself_unless_it_touches_what_was_told_apart() {
        let mut holding = Holding::of(&[]);
        for (ruling, by_itself) in [
            (same(0, 1), true),
            (apart(&[1], &[2]), true),
            (same(3, 4), true),
            (same(4, 3), true),
            (same(1, 3), false),
            (apart(&[3], &[4]), false),
            (apart(&[3, 5], &[6]), true),
            (same(7, 7), true),
            (apart(&[8], &[8]), false),
        ] {
            let before: Vec<Ruling> = holding.newest_first().cloned().collect();
            assert_eq!(holding.add(&ruling), by_itself, "{ruling:?}");
            let after: Vec<Ruling> = core::iter::once(ruling).filter(|_| by_itself).chain(before).collect();
            assert_eq!(holding.newest_first().cloned().collect::<Vec<_>>(), after);
        }
    }

    #[test]
    fn of_words_that_contradict_each_other_the_newest_holds() {
        assert_eq!(holds(&[same(0, 1), apart(&[0], &[1])]), [same(0, 1)]);
        assert_eq!(holds(&[apart(&[0], &[1]), same(0, 1)]), [apart(&[0], &[1])]);
        let through = [apart(&[0], &[2]), same(0, 1), same(1, 2)];
        assert_eq!(holds(&through), through[..2]);
    }

    #[test]
    fn a_merge_takes_back_the_whole_split_before_it() {
        let (merge, split) = (same(0, 2), apart(&[0, 1], &[2, 3]));
        let both = [merge, split];
        assert_eq!(holds(&both), both[..1]);
        let [merge, split] = both;
        let both = [split, merge];
        assert_eq!(holds(&both), both[..1]);
    }

    fn ruling() -> impl Strategy<Value = Ruling> {
        let some = || prop::collection::vec(0_u8..6, 1..3);
        prop_oneof![(0_u8..6, 0_u8..6).prop_map(|(a, b)| same(a, b)), (some(), some()).prop_map(|(a, b)| apart(&a, &b)),]
    }

    proptest! {
        #[test]
        fn one_after_the_other_comes_to_what_all_at_once_do(rulings in prop::collection::vec(ruling(), 1..12)) {
            let mut holding = Holding::default();
            for upto in 1..=rulings.len() {
                let newest_first: Vec<Ruling> = rulings[..upto].iter().rev().cloned().collect();
                if !holding.add(&newest_first[0]) {
                    holding = Holding::of(&newest_first);
                }
                let all = Holding::of(&newest_first);
                prop_assert!(holding.newest_first().eq(all.newest_first()), "{:?}", newest_first);
                let are_one = |of: &Holding| -> Vec<bool> {
                    let ids = || (0..6).map(id);
                    ids().flat_map(|a| ids().map(move |b| (a, b))).map(|(a, b)| a != b && of.are_one(a, b)).collect()
                };
                prop_assert_eq!(are_one(&holding), are_one(&all));
            }
        }
    }

    #[test]
    fn who_was_said_to_be_one_is_one_through_others() {
        let holding = Holding::of(&[same(0, 1), same(1, 2)]);
        assert!(holding.are_one(id(0), id(2)) && !holding.are_one(id(0), id(3)) && !holding.are_one(id(3), id(3)));
    }
}
