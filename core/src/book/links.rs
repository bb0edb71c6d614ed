//! Questions about who is the same: why records are one person, and about whom the user is asked.

use std::collections::BTreeMap;

use crate::book::Book;
use crate::book::people::Person;
use crate::book::rulings::Ruling;
use crate::id::RecordId;
use crate::resolve::Effort;
use crate::resolve::link::Link;

impl Book {
    /// Returns how likely two records are one person, and why.
    #[must_use]
    pub fn compare(&self, a: &RecordId, b: &RecordId) -> Option<Link> {
        self.resolver.explain(*self.by_id.get(a)?, *self.by_id.get(b)?)
    }

    /// Returns the links by which a person's records are one person, the surest first.
    #[must_use]
    pub fn links_within(&self, person: &Person) -> Vec<Link> {
        let no = self.by_id.get(&person.id);
        no.map(|no| self.resolver.links_within(*no)).unwrap_or_default()
    }

    /// Returns where the user's words hold a person together through records that are not here any more: a record of theirs,
    /// and the one that is gone.
    #[must_use]
    pub fn bound_by_gone(&self, person: &Person) -> Vec<(RecordId, RecordId)> {
        let no = self.by_id.get(&person.id);
        no.map(|no| self.resolver.bound_by_gone(*no)).unwrap_or_default()
    }

    /// Returns a person's records in two parts, so that these two of them are on different sides. Each other record stays with
    /// the one to which links bind it, the surest first, then what the user said, the newest first; what nothing binds stays
    /// with the first.
    #[must_use]
    pub fn sides(&self, person: &Person, one: &RecordId, other: &RecordId) -> (Vec<RecordId>, Vec<RecordId>) {
        let records = person.records();
        let no = self.by_id.get(&person.id).copied();
        let ties = no.into_iter().flat_map(|no| self.resolver.ties_within(no));
        let id = |no: u32| self.entries.get(no as usize).map(|entry| entry.id);
        let links = ties.filter_map(|(a, b)| Some((id(a)?, id(b)?)));
        let said = self.words().rulings().about(&records).into_iter().filter_map(|ruling| match ruling {
            Ruling::Same(a, b) => Some((*a, *b)),
            Ruling::Apart(..) => None,
        });
        let said: Vec<(RecordId, RecordId)> = said.collect();
        // What the user said also binds through a record that is not here any more.
        let named = records.iter().copied().chain(said.iter().flat_map(|(a, b)| [*a, *b]));
        let mut part: BTreeMap<RecordId, RecordId> = named.map(|record| (record, record)).collect();
        for (a, b) in links.chain(said) {
            let (Some(a), Some(b)) = (part.get(&a).copied(), part.get(&b).copied()) else { continue };
            let ends = [one, other].map(|end| part.get(end).copied());
            if a != b && !(ends.contains(&Some(a)) && ends.contains(&Some(b))) {
                part.values_mut().filter(|p| **p == b).for_each(|p| *p = a);
            }
        }
        let away = part.get(other).copied();
        records.into_iter().partition(|record| part.get(record).copied() != away)
    }

    /// Returns whom the user is asked about, the likeliest first: two records each, of people who may be one. Why is
    /// [`Book::compare`].
    #[must_use]
    pub fn questions(&self) -> Vec<(RecordId, RecordId)> {
        let asked = self.resolver.questions().into_iter();
        let about_people = asked.filter(|(a, b)| [a, b].into_iter().all(|no| self.is_listed(self.resolver.head(*no))));
        let id = |no: u32| self.entries.get(no as usize).map(|entry| entry.id);
        about_people.filter_map(|(a, b)| Some((id(a)?, id(b)?))).collect()
    }

    /// Returns how much was compared to find out who is the same.
    #[must_use]
    pub fn effort(&self) -> Effort {
        self.resolver.effort()
    }
}
