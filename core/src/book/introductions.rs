//! Introductions as of people: how far each has come, whichever of the two was named first.

use std::collections::BTreeMap;

use crate::book::Book;
use crate::book::giving::Progress;
use crate::book::words::Newness;
use crate::id::PersonId;

/// Two whom the owner introduces to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Introduction<'a> {
    /// Who is helped, as it was said last.
    pub a: PersonId,
    /// Who can help.
    pub b: PersonId,
    /// How far it has come.
    pub progress: &'a Progress,
}

impl Introduction<'_> {
    /// Returns to whom somebody is introduced by it; `None` where they are neither of the two.
    #[must_use]
    pub fn other(&self, person: PersonId) -> Option<PersonId> {
        match (self.a == person, self.b == person) {
            (true, _) => Some(self.b),
            (false, true) => Some(self.a),
            (false, false) => None,
        }
    }
}

impl Book {
    /// Returns the introductions, each pair of people once: what was said last of the two counts, also where it named them the
    /// other way round.
    #[must_use]
    pub fn introductions(&self) -> Vec<Introduction<'_>> {
        let mut newest: BTreeMap<[PersonId; 2], (&Newness, Introduction<'_>)> = BTreeMap::new();
        for ((a, b), newness, progress) in self.words.giving().introductions() {
            let (a, b) = (self.person_id(&a), self.person_id(&b));
            let pair = [a.min(b), a.max(b)];
            if a != b && newest.get(&pair).is_none_or(|(known, _)| *known < newness) {
                newest.insert(pair, (newness, Introduction { a, b, progress }));
            }
        }
        newest.into_values().map(|(_, introduction)| introduction).collect()
    }

    /// Returns whether the owner introduced two people to each other.
    #[must_use]
    pub fn has_introduced(&self, one: PersonId, other: PersonId) -> bool {
        self.introduced().any(|introduction| introduction.other(one) == Some(other))
    }

    /// Returns the introductions that the owner made.
    pub fn introduced(&self) -> impl Iterator<Item = Introduction<'_>> {
        self.introductions().into_iter().filter(|introduction| introduction.progress.stage.is_made())
    }
}
