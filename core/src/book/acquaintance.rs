//! Who knows whom, as far as the data tell: they took part in the same mail or meeting, or the owner introduced them.

use std::collections::{BTreeMap, BTreeSet};

use kith_proto::interaction::Role;

use crate::book::Book;
use crate::book::touches::Touch;
use crate::id::{PersonId, RecordId};

/// In a mail or meeting of more people nobody need know anybody.
const TOGETHER_AT_MOST: usize = 20;

impl Book {
    /// Returns the people who know somebody of these, each with whom they know of them.
    ///
    /// The owner is not among them, nor anybody who is no person to reconnect with.
    #[must_use]
    pub fn acquainted(&self, with: &BTreeSet<PersonId>) -> BTreeMap<PersonId, BTreeSet<PersonId>> {
        let head = |id: &RecordId| self.by_id.get(id).map(|no| self.resolver.head(*no));
        let wanted: BTreeMap<u32, PersonId> = with.iter().filter_map(|id| Some((head(id)?, *id))).collect();
        let mut knows: BTreeMap<u32, BTreeSet<PersonId>> = BTreeMap::new();
        let records = wanted.keys().flat_map(|head| self.resolver.members(*head));
        for touch in self.touches.of(records) {
            let together = self.together(touch);
            let of_them: Vec<PersonId> = together.iter().filter_map(|head| wanted.get(head)).copied().collect();
            if of_them.is_empty() || together.len() > TOGETHER_AT_MOST {
                continue;
            }
            for head in together.iter().filter(|head| self.is_listed(**head)) {
                let others = of_them.iter().filter(|id| wanted.get(head) != Some(id));
                knows.entry(*head).or_default().extend(others);
            }
        }
        for introduction in self.introduced() {
            let Some((a, b)) = head(&introduction.a).zip(head(&introduction.b)) else { continue };
            for (one, other) in [(a, b), (b, a)] {
                knows.entry(one).or_default().extend(wanted.get(&other));
            }
        }
        let people = knows.into_iter().filter(|(head, known)| !known.is_empty() && self.is_listed(*head));
        people.filter_map(|(head, known)| Some((self.person_at(head)?.id, known))).collect()
    }

    /// Those who took part, by their group of records, without the owner.
    fn together(&self, touch: &Touch) -> BTreeSet<u32> {
        if !touch.is_contact() || self.is_ahead(touch) {
            return BTreeSet::new();
        }
        let took_part = touch.participants.iter().filter(|(role, _)| *role != Role::Absent).map(|(_, no)| *no);
        took_part.filter(|no| !self.is_me(*no)).map(|no| self.resolver.head(no)).collect()
    }
}
