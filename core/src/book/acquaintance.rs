//! Who knows whom, as far as the data tell: they took part in the same mail or meeting, also one of
//! which the owner told, or the owner introduced them.

use std::collections::{BTreeMap, BTreeSet};

use kith_proto::interaction::Role;

use crate::book::Book;
use crate::book::touches::Touch;
use crate::fact::Said;
use crate::id::{FactId, PersonId, RecordId};

/// In a mail or meeting of more people nobody need know anybody.
const TOGETHER_AT_MOST: usize = 20;

impl Book {
    /// Returns the people who know somebody of these, each with whom they know of them.
    ///
    /// The owner is not among them, nor anybody who is no person to reconnect with.
    #[must_use]
    pub fn acquainted(&self, with: &BTreeSet<PersonId>) -> BTreeMap<PersonId, BTreeSet<PersonId>> {
        let people = self.acquaintances(with).into_iter().filter(|(head, _)| self.is_listed(*head));
        people.filter_map(|(head, known)| Some((self.person_at(head)?.id, known))).collect()
    }

    /// Returns whether two people know each other, also those who are no people to reconnect with.
    #[must_use]
    pub fn know_each_other(&self, one: PersonId, other: PersonId) -> bool {
        self.head_of(&other).is_some_and(|other| self.acquaintances(&BTreeSet::from([one])).contains_key(&other))
    }

    /// Those who know somebody of these, by their group of records.
    fn acquaintances(&self, with: &BTreeSet<PersonId>) -> BTreeMap<u32, BTreeSet<PersonId>> {
        let wanted: BTreeMap<u32, PersonId> = with.iter().filter_map(|id| Some((self.head_of(id)?, *id))).collect();
        let mut knows: BTreeMap<u32, BTreeSet<PersonId>> = BTreeMap::new();
        let records: Vec<u32> = wanted.keys().flat_map(|head| self.resolver.members(*head)).collect();
        let told = records.iter().filter_map(|no| self.entries.get(*no as usize));
        let told: BTreeSet<_> = told.flat_map(|entry| self.words.logs(entry.id)).collect();
        let told = told.into_iter().map(|id| self.told_together(id));
        let touches = self.touches.of(records.iter().copied()).map(|touch| self.together(touch));
        for together in touches.chain(told).filter(|together| together.len() <= TOGETHER_AT_MOST) {
            let of_them: Vec<(u32, PersonId)> =
                together.iter().filter_map(|head| Some((*head, *wanted.get(head)?))).collect();
            for head in together {
                let others = of_them.iter().filter(|(other, _)| *other != head).map(|(_, id)| *id);
                knows.entry(head).or_default().extend(others);
            }
        }
        for introduction in self.introduced() {
            let Some((a, b)) = self.head_of(&introduction.a).zip(self.head_of(&introduction.b)) else { continue };
            for (one, other) in [(a, b), (b, a)] {
                knows.entry(one).or_default().extend(wanted.get(&other));
            }
        }
        knows.retain(|_, known| !known.is_empty());
        knows
    }

    fn head_of(&self, record: &RecordId) -> Option<u32> {
        self.by_id.get(record).map(|no| self.resolver.head(*no))
    }

    /// Those who took part and could see each other, by their group of records, without the owner.
    fn together(&self, touch: &Touch) -> BTreeSet<u32> {
        if !touch.is_contact() || self.is_ahead(touch) {
            return BTreeSet::new();
        }
        // Whom a mail went to in secret (Bcc, RFC 5322 §3.6.3) the others do not see.
        let seen = touch.participants.iter().filter(|(role, _)| !matches!(role, Role::Absent | Role::Bcc));
        seen.map(|(_, no)| *no).filter(|no| !self.is_me(*no)).map(|no| self.resolver.head(no)).collect()
    }

    /// Those with whom the owner was together, as they told.
    fn told_together(&self, log: &FactId) -> BTreeSet<u32> {
        let Some((_, Said::Log { records, .. })) = self.words.get(log) else { return BTreeSet::new() };
        records.iter().filter_map(|record| self.head_of(record)).filter(|head| !self.is_me(*head)).collect()
    }
}
