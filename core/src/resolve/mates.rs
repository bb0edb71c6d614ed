//! Mates: who was on a mail thread with whom, by the messages alone, whoever the records turn out to be.
//!
//! ```text
//!  thread t: ana@work, carl      ana.silva@home answers in it   ─▶ on one thread
//!  thread t: ana@work, carl, me  thread u: ana.silva@home, carl, me ─▶ with the same others
//! ```
//!
//! Messages are only added. A thread of many is a list and says nothing of anybody on it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::identity::{IdentifierHash, PassThrough};
use crate::resolve::Resolver;

/// On a thread of more records nobody is anybody's mate.
const THREAD_AT_MOST: usize = 8;

/// Whoever has more mates, such as the owner, is not told by them.
const MATES_AT_MOST: usize = 256;

/// Whoever is on threads with more records than that is everybody's mate.
const KNOWN_TO_AT_MOST: u32 = 6;

/// How many mates two must have in common, the owner among them: all mail is from them or to them, and who they are may not
/// be known yet.
const IN_COMMON: usize = 2;

/// Who was on a thread with whom.
#[derive(Debug, Default)]
pub(super) struct Mates {
    /// The records on each thread, and one more than may be on it where there are too many.
    threads: HashMap<u64, Vec<u32>, PassThrough>,
    of: HashMap<u32, BTreeMap<u32, Shared>>,
    /// How many mates each address has, counted once by each record that goes by it.
    known_to: HashMap<IdentifierHash, u32, PassThrough>,
    /// The owner's addresses, as far as they are known: they are everybody's mates.
    own: BTreeSet<IdentifierHash>,
}

/// What two records share.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Shared {
    /// On how many threads both are.
    threads: u32,
    /// They were on one message: whoever is written to twice in one mail may be two people.
    on_one_message: bool,
}

/// What mail says of two records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Met {
    /// Nothing.
    #[default]
    Not,
    /// Both are on one thread, and never on one message: one answers what was sent to the other.
    OnOneThread,
    /// They are on threads with the same others, of whom one is not on everybody's.
    WithTheSameOthers,
}

/// Two records of which one is the other's mate now, or no longer.
type Change = (u32, u32, i32);

impl Mates {
    /// Adds a message; returns what it changes.
    fn add(&mut self, thread: u64, present: &BTreeSet<u32>) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut on_thread = self.threads.remove(&thread).unwrap_or_default();
        for no in present {
            if on_thread.len() > THREAD_AT_MOST || on_thread.contains(no) {
                continue;
            }
            if on_thread.len() < THREAD_AT_MOST {
                on_thread.iter().for_each(|other| changes.extend(self.count(*no, *other, 1)));
            } else {
                for (at, one) in on_thread.iter().enumerate() {
                    let others = on_thread.get(at + 1..).unwrap_or_default();
                    others.iter().for_each(|other| changes.extend(self.count(*one, *other, -1)));
                }
            }
            on_thread.push(*no);
        }
        self.threads.insert(thread, on_thread);
        if present.len() <= THREAD_AT_MOST {
            for (a, b) in pairs(present) {
                changes.extend(self.put_on_one_message(a, b));
            }
        }
        changes
    }

    /// Counts a thread more or less on which both are.
    fn count(&mut self, a: u32, b: u32, by: i32) -> Option<Change> {
        let mut is_first = false;
        for (one, other) in [(a, b), (b, a)] {
            let mates = self.of.entry(one).or_default();
            let shared = mates.entry(other).or_default();
            is_first = shared.threads == u32::from(by < 0);
            shared.threads = shared.threads.saturating_add_signed(by);
            // Of a thread that grew too long nothing is left, as where it was too long from the first.
            if *shared == Shared::default() {
                mates.remove(&other);
            }
        }
        is_first.then_some((a, b, by))
    }

    fn put_on_one_message(&mut self, a: u32, b: u32) -> Option<Change> {
        let mut is_new = false;
        for (one, other) in [(a, b), (b, a)] {
            let shared = self.of.entry(one).or_default().entry(other).or_default();
            is_new = !core::mem::replace(&mut shared.on_one_message, true);
        }
        is_new.then_some((a, b, 0))
    }

    fn shared(&self, a: u32, b: u32) -> Shared {
        self.of.get(&a).and_then(|mates| mates.get(&b)).copied().unwrap_or_default()
    }

    fn is_told_by_mates(&self, no: u32) -> bool {
        self.of.get(&no).is_none_or(|mates| mates.len() <= MATES_AT_MOST)
    }

    /// Returns the records that are on threads with this one.
    fn mates(&self, no: u32) -> impl Iterator<Item = u32> + '_ {
        self.of.get(&no).into_iter().flatten().filter(|(_, shared)| shared.threads > 0).map(|(no, _)| *no)
    }
}

impl Resolver {
    /// Takes in that these records took part in one message of a thread.
    pub fn meet(&mut self, thread: u64, present: &BTreeSet<u32>) {
        for (a, b, by) in self.mates.add(thread, present) {
            self.dirty.extend(&[a, b]);
            for address in [self.address_of(a), self.address_of(b)].into_iter().flatten() {
                self.count_address(address, by);
            }
        }
    }

    /// Counts a mate more or less of this address; looks again at all who have such a mate when it is everybody's now, or not
    /// any more.
    fn count_address(&mut self, address: IdentifierHash, by: i32) {
        let known_to = self.mates.known_to.entry(address).or_default();
        let before = *known_to;
        *known_to = before.saturating_add_signed(by);
        if (before <= KNOWN_TO_AT_MOST) != (*known_to <= KNOWN_TO_AT_MOST) {
            let concerned: Vec<u32> = self.holders(address).iter().flat_map(|no| self.mates.mates(*no)).collect();
            self.dirty.extend(&concerned);
        }
    }

    /// Counts all addresses anew, when one who took part goes by another than before.
    pub(super) fn recount_addresses(&mut self, no: u32, before: Option<IdentifierHash>) {
        if self.address_of(no) == before || !self.mates.of.contains_key(&no) {
            return;
        }
        let mates = self.mates.of.keys().flat_map(|no| self.mates.mates(*no));
        let mut known_to: HashMap<IdentifierHash, u32, PassThrough> = HashMap::default();
        for address in mates.filter_map(|no| self.address_of(no)) {
            *known_to.entry(address).or_default() += 1;
        }
        self.mates.known_to = known_to;
        self.dirty.extend(self.mates.of.keys());
    }

    /// Takes over which addresses are the owner's.
    pub fn set_own(&mut self, own: &BTreeSet<IdentifierHash>) {
        if self.mates.own != *own {
            self.mates.own.clone_from(own);
            self.dirty.extend(self.mates.of.keys());
        }
    }

    /// Forgets all messages, before they are taken in again.
    pub fn forget_mates(&mut self) {
        let own = core::mem::take(&mut self.mates.own);
        let mates = core::mem::replace(&mut self.mates, Mates { own, ..Mates::default() });
        self.dirty.extend(mates.of.keys());
    }

    /// Returns what mail says of two records.
    pub(super) fn met(&self, a: u32, b: u32) -> Met {
        let shared = self.mates.shared(a, b);
        if shared.on_one_message {
            return Met::Not;
        }
        if shared.threads > 0 {
            return Met::OnOneThread;
        }
        let (Some(x), Some(y)) = (self.addresses_of_mates(a), self.addresses_of_mates(b)) else { return Met::Not };
        let common: Vec<&IdentifierHash> = x.intersection(&y).collect();
        let is_other = |address: &IdentifierHash| {
            let known_to = self.mates.known_to.get(address).copied().unwrap_or_default();
            known_to <= KNOWN_TO_AT_MOST && !self.mates.own.contains(address)
        };
        if common.len() >= IN_COMMON && common.into_iter().any(is_other) { Met::WithTheSameOthers } else { Met::Not }
    }

    /// Returns whom a record may be because they answer on its threads: mates who share a part of the name.
    pub(super) fn namesakes_on_threads(&self, no: u32) -> impl Iterator<Item = u32> + '_ {
        let may_be = move |other: &u32| {
            self.mates.is_told_by_mates(*other)
                && !self.mates.shared(no, *other).on_one_message
                && self.share_a_name(no, *other)
        };
        Some(no)
            .filter(|no| self.mates.is_told_by_mates(*no))
            .into_iter()
            .flat_map(|no| self.mates.mates(no))
            .filter(may_be)
    }

    /// Returns all of them, the lower number first.
    pub(super) fn all_namesakes_on_threads(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let of = |no: u32| self.namesakes_on_threads(no).filter(move |other| no < *other).map(move |other| (no, other));
        self.mates.of.keys().flat_map(move |no| of(*no))
    }

    /// The addresses of a record's mates; none where there are so many that they say nothing.
    fn addresses_of_mates(&self, no: u32) -> Option<BTreeSet<IdentifierHash>> {
        let is_told = self.mates.of.contains_key(&no) && self.mates.is_told_by_mates(no);
        is_told.then(|| self.mates.mates(no).filter_map(|no| self.address_of(no)).collect())
    }

    /// The address by which somebody took part, whatever name was written beside it.
    pub(super) fn address_of(&self, no: u32) -> Option<IdentifierHash> {
        self.sketch(no)?.reaches().map(|reach| reach.hash).min()
    }

    fn share_a_name(&self, a: u32, b: u32) -> bool {
        let sounds = |no: u32| {
            let names = self.sketch(no).into_iter().flat_map(|sketch| sketch.names.iter());
            names.flat_map(|name| name.words()).map(|word| self.lexicon.sound(word))
        };
        sounds(a).any(|x| sounds(b).any(|y| x == y))
    }
}

fn pairs(present: &BTreeSet<u32>) -> impl Iterator<Item = (u32, u32)> + '_ {
    present.iter().flat_map(|a| present.range(a + 1..).map(|b| (*a, *b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(mates: &mut Mates, thread: u64, present: impl IntoIterator<Item = u32>) {
        mates.add(thread, &present.into_iter().collect());
    }

    #[test]
    fn a_thread_that_grows_too_long_says_nothing_in_any_order() {
        for messages in [[vec![1, 2], (3..8).collect(), vec![8, 9]], [(3..8).collect(), vec![8, 9], vec![1, 2]]] {
            let mut mates = Mates::default();
            for (count, message) in messages.into_iter().enumerate() {
                add(&mut mates, 1, message);
                assert_eq!(mates.mates(3).next().is_some(), count < 2 && mates.of.contains_key(&3), "{count}");
            }
            assert!((1..10).all(|no| mates.mates(no).next().is_none()));
            assert_eq!(mates.of[&3].len(), 4, "whom it was on one message with");
            add(&mut mates, 2, [1, 3]);
            assert_eq!(mates.mates(3).collect::<Vec<_>>(), [1], "of another thread it says nothing");
        }
    }

    #[test]
    fn whoever_has_more_mates_than_count_is_not_told_by_them() {
        let mut mates = Mates::default();
        let many = u32::try_from(MATES_AT_MOST).unwrap();
        for mate in 1..=many {
            add(&mut mates, mate.into(), [0, mate]);
        }
        assert!(mates.is_told_by_mates(0) && mates.mates(0).count() == MATES_AT_MOST);
        add(&mut mates, 1, [0, many + 1]);
        assert!(!mates.is_told_by_mates(0) && mates.is_told_by_mates(1));
        // One message of more than are counted adds nobody.
        let mut crowd = Mates::default();
        add(&mut crowd, 1, 0..=many);
        assert!((0..=many).all(|no| crowd.mates(no).next().is_none() && crowd.shared(0, no) == Shared::default()));
    }

    #[test]
    fn two_of_one_message_are_told_from_two_of_one_thread() {
        let mut mates = Mates::default();
        add(&mut mates, 1, [1, 2]);
        add(&mut mates, 1, [1, 3]);
        assert_eq!(mates.shared(2, 3), Shared { threads: 1, on_one_message: false });
        assert_eq!(mates.shared(1, 3), Shared { threads: 1, on_one_message: true });
        assert_eq!(mates.add(1, &[1, 3].into()), [], "the same again is no news");
    }
}
