//! Questions about who is the same: why records are one person, and about whom the user is asked.

use crate::book::Book;
use crate::book::people::Person;
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

    /// Returns whom the user is asked about, the likeliest first: two people each who may be one.
    #[must_use]
    pub fn questions(&self) -> Vec<Link> {
        let asked = self.resolver.questions().into_iter();
        let about_people = asked.filter(|(a, b)| [a, b].into_iter().all(|no| self.is_listed(self.resolver.head(*no))));
        about_people.filter_map(|(a, b)| self.resolver.explain(a, b)).collect()
    }

    /// Returns how much was compared to find out who is the same.
    #[must_use]
    pub fn effort(&self) -> Effort {
        self.resolver.effort()
    }
}
