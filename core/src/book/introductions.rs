//! Introductions as of people: how far each has come, whichever of the two was named first.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::book::Book;
use crate::book::giving::Steps;
use crate::fact::Stage;
use crate::id::PersonId;

/// Two whom the owner introduces to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introduction {
    /// Who is helped, as it was said last.
    pub a: PersonId,
    /// Who can help.
    pub b: PersonId,
    /// How far it has come.
    pub stage: Stage,
    /// When that was said.
    pub at: Timestamp,
    /// When it was made, if it was.
    pub made: Option<Timestamp>,
    /// What the owner said last about it, at any step.
    pub text: Option<String>,
}

impl Introduction {
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
    pub fn introductions(&self) -> Vec<Introduction> {
        let mut of_pairs: BTreeMap<[PersonId; 2], (PersonId, PersonId, Steps)> = BTreeMap::new();
        for ((a, b), steps) in self.words.giving().introductions() {
            let (a, b) = (self.person_id(a), self.person_id(b));
            if a == b {
                continue;
            }
            let (known_a, known_b, known) =
                of_pairs.entry([a.min(b), a.max(b)]).or_insert_with(|| (a, b, Steps::default()));
            if known.newest.as_ref().map(|(newness, _)| newness) < steps.newest.as_ref().map(|(newness, _)| newness) {
                (*known_a, *known_b) = (a, b);
            }
            known.join(steps);
        }
        let introduction = |(a, b, steps): (PersonId, PersonId, Steps)| {
            let (_, (stage, at)) = steps.newest?;
            Some(Introduction { a, b, stage, at, made: steps.made, text: steps.text.map(|(_, text)| text) })
        };
        of_pairs.into_values().filter_map(introduction).collect()
    }

    /// Returns whether the owner introduced two people to each other.
    #[must_use]
    pub fn has_introduced(&self, one: PersonId, other: PersonId) -> bool {
        self.introduced().any(|introduction| introduction.other(one) == Some(other))
    }

    /// Returns through whom the owner got to know somebody, as they told; each once.
    #[must_use]
    pub fn met_through(&self, person: PersonId) -> Vec<PersonId> {
        self.introduced_to().into_iter().filter(|(_, to)| *to == person).map(|(by, _)| by).collect()
    }

    /// Who introduced the owner, and to whom.
    pub(super) fn introduced_to(&self) -> BTreeSet<(PersonId, PersonId)> {
        let told = self.words.giving().met_through().iter();
        let people = told.map(|(record, through)| (self.person_id(through), self.person_id(record)));
        people.filter(|(by, to)| by != to).collect()
    }

    /// Returns the introductions that the owner made.
    pub fn introduced(&self) -> impl Iterator<Item = Introduction> {
        self.introductions().into_iter().filter(|introduction| introduction.stage.is_made())
    }
}
