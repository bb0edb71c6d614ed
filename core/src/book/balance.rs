//! Given and received: what the owner did for somebody, and what they did for the owner, as counts. There is no score.

use std::collections::BTreeMap;

use kith_proto::interaction::InteractionKind;

use crate::book::Book;
use crate::book::giving::Helped;
use crate::book::people::Person;
use crate::book::touches::Touch;
use crate::id::PersonId;

/// How much of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Endorsements of a skill.
    pub endorsements: usize,
    /// Recommendations.
    pub recommendations: usize,
    /// Introductions to somebody.
    pub introductions: usize,
    /// Promises that were kept.
    pub promises: usize,
    /// How often one helped the other.
    pub help: usize,
}

/// What the owner gave somebody and received from them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balance {
    /// From the owner to them.
    pub given: Counts,
    /// From them to the owner.
    pub received: Counts,
}

impl Counts {
    /// Returns whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl core::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.endorsements += other.endorsements;
        self.recommendations += other.recommendations;
        self.introductions += other.introductions;
        self.promises += other.promises;
        self.help += other.help;
    }
}

impl Book {
    /// Returns what the owner gave and received, by person; nobody between whom and the owner there was nothing.
    ///
    /// Endorsements and recommendations stand in the sources, introductions, promises and help were said by the owner. An
    /// introduction is given to both.
    #[must_use]
    pub fn balances(&self) -> BTreeMap<PersonId, Balance> {
        self.balances_of(self.touches.all().iter())
    }

    /// Returns what the owner gave and received between them and this person.
    #[must_use]
    pub fn balance(&self, person: &Person) -> Balance {
        self.balances_of(self.touches_of(person)).remove(&person.id).unwrap_or_default()
    }

    /// Returns what was given and received in all; an introduction, given to both, is one.
    #[must_use]
    pub fn in_all(&self, balances: &BTreeMap<PersonId, Balance>) -> Balance {
        let mut all = Balance::default();
        for balance in balances.values() {
            all.given += balance.given;
            all.received += balance.received;
        }
        all.given.introductions = self.introduced().count();
        all
    }

    /// What stands in these of the sources, and all that was said.
    fn balances_of<'a>(&self, touches: impl Iterator<Item = &'a Touch>) -> BTreeMap<PersonId, Balance> {
        let mut balances: BTreeMap<PersonId, Balance> = BTreeMap::new();
        for touch in touches.filter(|touch| self.is_listed_touch(touch)) {
            self.count_touch(touch, &mut balances);
        }
        for person in self.introduced().flat_map(|introduction| [introduction.a, introduction.b]) {
            balances.entry(person).or_default().given.introductions += 1;
        }
        for promise in self.words.giving().kept() {
            balances.entry(self.person_id(&promise.record)).or_default().given.promises += 1;
        }
        for (by, _) in self.introduced_to() {
            balances.entry(by).or_default().received.introductions += 1;
        }
        for (record, helped) in self.words.giving().helped() {
            let balance = balances.entry(self.person_id(record)).or_default();
            match helped {
                Helped::Them => balance.given.help += 1,
                Helped::Owner => balance.received.help += 1,
            }
        }
        balances
    }

    fn count_touch(&self, touch: &Touch, balances: &mut BTreeMap<PersonId, Balance>) {
        let count = match touch.kind {
            InteractionKind::Endorsement => Counts { endorsements: 1, ..Counts::default() },
            InteractionKind::Recommendation => Counts { recommendations: 1, ..Counts::default() },
            InteractionKind::Mail
            | InteractionKind::Message
            | InteractionKind::Invitation
            | InteractionKind::InvitationAccepted
            | InteractionKind::Meeting
            | InteractionKind::Call
            | InteractionKind::Other => return,
        };
        // LinkedIn names only the other one; the role says which way it went. What others gave each other is not counted.
        let senders: Vec<u32> = touch.senders().filter(|no| !self.is_me(*no)).collect();
        let receivers: Vec<u32> = touch.everyone_else().filter(|no| !self.is_me(*no)).collect();
        let (others, from_me) = match (senders.is_empty(), receivers.is_empty()) {
            (true, false) => (receivers, true),
            (false, true) => (senders, false),
            (true, true) | (false, false) => return,
        };
        for person in others.into_iter().filter_map(|no| self.person_at(no)) {
            let balance = balances.entry(person.id).or_default();
            let side = if from_me { &mut balance.given } else { &mut balance.received };
            *side += count;
        }
    }
}
