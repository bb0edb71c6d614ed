//! Threads: messages that belong together, and those whose last word waits for the owner's answer.
//!
//! A message names its thread, the first of its References, and the message that it answers, which is In-Reply-To's (RFC 5322
//! §3.6.4); a message on a service names its conversation. All that name one another are one thread: programs leave out
//! References, trim them and change their order. Some name nothing at all: what the owner then wrote is an answer where it goes
//! to who wrote last, with the same subject, within a month.
//!
//! ```text
//!  a ◀─ b ◀─ c      c names b, b names a: one thread {a, b, c}; it waits where c is theirs and addressed to the owner
//! ```

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use kith_proto::interaction::{InteractionKind, Role};

use crate::book::Book;
use crate::book::entry::{Entry, Flags};
use crate::book::people::Person;
use crate::book::touches::Touch;
use crate::id::{PersonId, RecordId};
use crate::identity::PassThrough;
use crate::row::RowNo;

/// To how many people a message may be addressed that asks the owner for an answer.
const ADDRESSED_AT_MOST: usize = 8;

/// For how long after a message a mail with its subject that names no other is an answer to it.
const ANSWERED_WITHIN_SECONDS: i64 = 30 * 24 * 60 * 60;

/// So many messages of somebody who is not known are a few.
const A_FEW: u32 = 2;

/// A thread whose last message waits for the owner's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Who wrote it.
    pub person: PersonId,
    /// Whether it is somebody the owner knows: has a card of, or wrote to.
    pub known: bool,
    /// Whether it is somebody whom the owner neither knows nor ever wrote to, and who wrote more than a few: a newsletter, mostly.
    pub often: bool,
    /// The last message's record.
    pub message: RecordId,
    /// Its row.
    pub row: RowNo,
    /// When it came.
    pub since: Timestamp,
    /// Whether it was a mail or a message on a service.
    pub kind: InteractionKind,
}

impl Book {
    /// Returns the threads that wait for the owner's answer, the newest first.
    ///
    /// A thread waits when its last message is by a person, to the owner, on no list, not marked as answered, and not said to
    /// need no answer; and the owner told of no contact with its author since.
    #[must_use]
    pub fn waiting(&self) -> Vec<Waiting> {
        self.waiting_since(Timestamp::MIN)
    }

    /// Returns those of them whose last message came at this time or later.
    #[must_use]
    pub fn waiting_since(&self, since: Timestamp) -> Vec<Waiting> {
        let mut waiting = self.waiting_among(self.touches.since(since.as_second()));
        waiting.sort_by_key(|waiting| (core::cmp::Reverse(waiting.since), waiting.message));
        waiting
    }

    /// Returns whether something waits for the owner's answer that somebody wrote by this time, also where they wrote again
    /// since. A word of others, in a message in which they took no part, does not count.
    #[must_use]
    pub fn has_waited(&self, person: &Person, by: Timestamp) -> bool {
        let written = self.messages(self.touches_of(person));
        let answers = self.answers_by_subject(&written);
        let told = person.members.iter().filter_map(|member| self.words().last_log(member.record)).max();
        let told = told.max(self.last_met(person)).map(Timestamp::as_second);
        let is_settled = |touch: &Touch| {
            let is_not_needed = |entry: &Entry| self.words().giving().is_not_needed(&entry.id);
            self.is_from_me(touch)
                || touch.answered
                || self.entries.get(touch.entry as usize).is_some_and(is_not_needed)
                || self.is_answered_by_one_of(touch, answers.get(&touch.subject))
        };
        let is_theirs = |waiting: &Waiting| waiting.person == person.id && told <= Some(waiting.since.as_second());
        let waits = |last: &&Touch| self.waits(last).as_ref().is_some_and(is_theirs);
        self.open_among(&written).filter(waits).any(|last| {
            let head = |touch: &Touch| self.coming.threads().head(touch.thread);
            let (settled, open): (Vec<&Touch>, Vec<&Touch>) =
                written.iter().filter(|touch| head(touch) == head(last)).partition(|touch| is_settled(touch));
            let until = settled.iter().filter_map(|touch| touch.at).max().max(told);
            let since = open.iter().filter_map(|touch| touch.at).filter(|at| Some(*at) > until).min();
            since.is_some_and(|since| since <= by.as_second())
        })
    }

    /// The threads that wait, as far as these interactions tell.
    fn waiting_among<'a>(&'a self, touches: impl Iterator<Item = &'a Touch>) -> Vec<Waiting> {
        // Whoever met since has talked, as the calendar tells, too.
        let mut met: BTreeMap<PersonId, Option<Timestamp>> = BTreeMap::new();
        let mut last_met = |id: &PersonId| {
            *met.entry(*id).or_insert_with(|| self.person(id).and_then(|person| self.last_met(&person)))
        };
        let written = self.messages(touches);
        let waiting = self.open_among(&written).filter_map(|touch| self.waits(touch));
        waiting.filter(|waiting| !waiting.known || last_met(&waiting.person) <= Some(waiting.since)).collect()
    }

    fn messages<'a>(&self, touches: impl Iterator<Item = &'a Touch>) -> Vec<&'a Touch> {
        touches.filter(|touch| touch.is_written() && self.is_listed_touch(touch)).collect()
    }

    /// The last message of each thread that the owner answered in no other.
    fn open_among<'a>(&self, written: &[&'a Touch]) -> impl Iterator<Item = &'a Touch> {
        let answers = self.answers_by_subject(written);
        let last = self.last_of_threads(written).into_iter();
        last.filter(move |touch| !self.is_answered_by_one_of(touch, answers.get(&touch.subject)))
    }

    /// The newest message of each thread; of several at the same second an answer of the owner's.
    fn last_of_threads<'a>(&self, written: &[&'a Touch]) -> Vec<&'a Touch> {
        let mut last: HashMap<u64, &Touch, PassThrough> = HashMap::default();
        for touch in written {
            let slot = last.entry(self.coming.threads().head(touch.thread)).or_insert(touch);
            let newness = |touch: &Touch| (touch.at, self.is_from_me(touch), touch.name);
            if newness(touch) > newness(slot) {
                *slot = touch;
            }
        }
        last.into_values().collect()
    }

    /// The owner's mails that name no message and no thread, by the hash of their subject.
    fn answers_by_subject<'a>(&self, written: &[&'a Touch]) -> HashMap<u64, Vec<&'a Touch>, PassThrough> {
        let mut answers: HashMap<u64, Vec<&Touch>, PassThrough> = HashMap::default();
        let names_nothing = |touch: &Touch| touch.kind == InteractionKind::Mail && touch.names_nothing();
        for touch in written.iter().filter(|touch| touch.subject != 0 && names_nothing(touch) && self.is_from_me(touch))
        {
            answers.entry(touch.subject).or_default().push(touch);
        }
        answers
    }

    /// Whether one of the owner's mails with the same subject went to who wrote this, within a month after it.
    fn is_answered_by_one_of(&self, touch: &Touch, answers: Option<&Vec<&Touch>>) -> bool {
        let (Some(answers), Some(at)) = (answers, touch.at) else { return false };
        let senders: BTreeSet<u32> = touch.senders().map(|no| self.resolver.head(no)).collect();
        let goes_to_them = |answer: &Touch| answer.everyone_else().any(|no| senders.contains(&self.resolver.head(no)));
        let later = |answer: &Touch| answer.at.is_some_and(|then| (0..=ANSWERED_WITHIN_SECONDS).contains(&(then - at)));
        answers.iter().any(|answer| later(answer) && goes_to_them(answer))
    }

    fn waits(&self, touch: &Touch) -> Option<Waiting> {
        if touch.answered || self.is_from_me(touch) {
            return None;
        }
        let addressed = touch.participants.iter().filter(|(role, _)| *role == Role::To);
        let (mut to_me, mut count) = (false, 0);
        for (_, no) in addressed {
            to_me |= self.is_me(*no);
            count += 1;
        }
        if !to_me || count > ADDRESSED_AT_MOST {
            return None;
        }
        let mut senders = touch.senders();
        let sender = senders.next().filter(|_| senders.next().is_none())?;
        let individual = |(_, entry): (u32, &Entry)| entry.flags.contains(Flags::INDIVIDUAL);
        if !self.member_entries(sender).any(individual) {
            return None;
        }
        let entry = self.entries.get(touch.entry as usize)?;
        if self.words().giving().is_not_needed(&entry.id) {
            return None;
        }
        let person = self.person_at(sender).filter(|person| !person.has_died())?;
        // Whoever met since has talked.
        let logged = person.records().into_iter().filter_map(|record| self.words().last_log(record)).max();
        if logged.is_some_and(|logged| Some(logged.as_second()) > touch.at) {
            return None;
        }
        let known = person.may_be_reminded_of();
        Some(Waiting {
            known,
            often: !known && person.sent == 0 && self.received_from(sender) > A_FEW,
            person: person.id,
            message: entry.id,
            row: entry.row,
            since: Timestamp::from_second(touch.at?).ok()?,
            kind: touch.kind,
        })
    }

    /// How many messages came from the addresses of a record's person, under whatever name.
    fn received_from(&self, no: u32) -> u32 {
        let addresses = self.resolver.members(no).flat_map(|member| self.resolver.identifiers(member));
        let holders = addresses.flat_map(|address| self.resolver.holders(address)).copied();
        let senders: BTreeSet<u32> = holders.chain(self.resolver.members(no)).collect();
        senders.into_iter().filter_map(|no| self.entries.get(no as usize)).map(|entry| u32::from(entry.received)).sum()
    }

    pub(super) fn is_from_me(&self, touch: &Touch) -> bool {
        touch.sent || touch.senders().any(|no| self.is_me(no))
    }

    pub(super) fn is_listed_touch(&self, touch: &Touch) -> bool {
        self.entries.get(touch.entry as usize).is_some_and(|entry| entry.flags.contains(Flags::LISTED))
    }
}

/// Names of messages and threads that name one another, as sets (union by link; joining shortens the paths).
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<u64, u64, PassThrough>);

impl Names {
    /// Returns the name that stands for the set of this one.
    pub(super) fn head(&self, name: u64) -> u64 {
        let mut at = name;
        while let Some(next) = self.0.get(&at).copied().filter(|next| *next != at) {
            at = next;
        }
        at
    }

    /// Notes that these two are of one set.
    pub(super) fn join(&mut self, a: u64, b: u64) {
        let (x, y) = (self.head(a), self.head(b));
        let head = x.min(y);
        for name in [a, b, x, y].into_iter().filter(|name| *name != head) {
            self.0.insert(name, head);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_name_one_another_are_one_in_any_order() {
        for pairs in [[(1, 2), (3, 4), (2, 3)], [(2, 3), (1, 2), (4, 3)], [(4, 3), (3, 2), (2, 1)]] {
            let mut names = Names::default();
            pairs.iter().for_each(|(a, b)| names.join(*a, *b));
            assert_eq!([1, 2, 3, 4].map(|name| names.head(name)), [1; 4]);
            assert_eq!(names.head(5), 5);
        }
    }
}
