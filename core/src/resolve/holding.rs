//! What holds of what the user said about who is the same: of words that contradict each other the newest, and a merge takes
//! back the whole split before it.
//!
//! This is decided by the words alone, over all of them, so that it is the same wherever it is asked.

use std::collections::HashMap;

use crate::book::rulings::Ruling;
use crate::id::RecordId;
use crate::identity::PassThrough;
use crate::resolve::parts::Parts;

/// What holds of what the user said.
#[derive(Debug)]
pub(super) struct Holding {
    /// The rulings that hold, the newest first.
    pub(super) rulings: Vec<Ruling>,
    places: HashMap<RecordId, usize, PassThrough>,
    people: Parts,
}

impl Holding {
    /// Returns what holds of these, which come newest first.
    pub(super) fn of(rulings: &[Ruling]) -> Self {
        let mut places: HashMap<RecordId, usize, PassThrough> = HashMap::default();
        for record in rulings.iter().flat_map(Ruling::records) {
            let next = places.len();
            places.entry(record).or_insert(next);
        }
        let mut holding = Self { rulings: Vec::new(), people: Parts::new(places.len()), places };
        for ruling in rulings {
            let holds = match ruling {
                Ruling::Same(a, b) => !holding.told_apart(*a, *b),
                // Where some of these are those by what was said later, the whole word is taken back.
                Ruling::Apart(these, those) => !holding.share_a_group(these, those),
            };
            if !holds {
                continue;
            }
            if let Ruling::Same(a, b) = ruling
                && let (Some(a), Some(b)) = (holding.places.get(a), holding.places.get(b))
            {
                holding.people.join(*a, *b);
            }
            holding.rulings.push(ruling.clone());
        }
        holding
    }

    /// Returns whether the user said, of these or through others, that two records are one person.
    pub(super) fn are_one(&self, a: RecordId, b: RecordId) -> bool {
        self.group(a).is_some_and(|group| Some(group) == self.group(b))
    }

    fn group(&self, record: RecordId) -> Option<usize> {
        self.places.get(&record).map(|place| self.people.of(*place))
    }

    fn share_a_group(&self, these: &[RecordId], those: &[RecordId]) -> bool {
        let groups: Vec<Option<usize>> = these.iter().map(|record| self.group(*record)).collect();
        those.iter().any(|record| groups.contains(&self.group(*record)))
    }

    /// Whether what was said later tells the groups of these two apart.
    fn told_apart(&self, a: RecordId, b: RecordId) -> bool {
        let has = |records: &[RecordId], record| records.iter().any(|one| self.are_one(*one, record));
        self.rulings.iter().any(|ruling| match ruling {
            Ruling::Apart(these, those) => (has(these, a) && has(those, b)) || (has(these, b) && has(those, a)),
            Ruling::Same(..) => false,
        })
    }
}

impl Default for Holding {
    fn default() -> Self {
        Self::of(&[])
    }
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn of_words_that_contradict_each_other_the_newest_holds() {
        assert_eq!(Holding::of(&[same(0, 1), apart(&[0], &[1])]).rulings, [same(0, 1)]);
        assert_eq!(Holding::of(&[apart(&[0], &[1]), same(0, 1)]).rulings, [apart(&[0], &[1])]);
        let through = [apart(&[0], &[2]), same(0, 1), same(1, 2)];
        assert_eq!(Holding::of(&through).rulings, through[..2]);
    }

    #[test]
    fn a_merge_takes_back_the_whole_split_before_it() {
        let (merge, split) = (same(0, 2), apart(&[0, 1], &[2, 3]));
        let both = [merge, split];
        assert_eq!(Holding::of(&both).rulings, both[..1]);
        let [merge, split] = both;
        let both = [split, merge];
        assert_eq!(Holding::of(&both).rulings, both[..1]);
    }

    #[test]
    fn who_was_said_to_be_one_is_one_through_others() {
        let holding = Holding::of(&[same(0, 1), same(1, 2)]);
        assert!(holding.are_one(id(0), id(2)) && !holding.are_one(id(0), id(3)) && !holding.are_one(id(3), id(3)));
    }
}
