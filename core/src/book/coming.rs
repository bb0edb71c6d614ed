//! What a plan looks up: who has a day that comes back, whom the owner wrote to, which messages are one thread. Kept as
//! records change, so that a plan need not look at all of them.
//!
//! Records are only added, never taken out: whoever looks here looks at the record as well.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use kith_proto::date::PartialDate;

use crate::book::Book;
use crate::book::entry::{Entry, Flags};
use crate::book::people::Person;
use crate::book::threads::Names;
use crate::book::touches::Touch;
use crate::id::RecordId;
use crate::noted::{Noted, NotedDay};
use crate::row::month_and_day;

/// Where to look for what a plan asks.
#[derive(Debug, Default)]
pub(super) struct Coming {
    /// Records by the month and day that they have noted, unless it is when somebody began to work somewhere.
    days: BTreeMap<(i8, i8), BTreeSet<u32>>,
    /// Records that the owner wrote to.
    written: BTreeSet<u32>,
    /// Which messages name one another.
    threads: Names,
    /// Touches up to here are in `threads`.
    threads_upto: usize,
}

impl Coming {
    /// Notes the days of a record.
    pub(super) fn note_days(&mut self, no: u32, entry: &Entry) {
        let born = entry.birthday.and_then(month_and_day);
        let others = entry.days.iter().filter(|day| day.what != Noted::Began).map(|day| (day.month, day.day));
        for day in born.into_iter().chain(others) {
            self.days.entry(day).or_default().insert(no);
        }
    }

    /// Notes that the owner wrote to a record.
    pub(super) fn note_written(&mut self, no: u32) {
        self.written.insert(no);
    }

    /// Takes in the messages that came since, and returns them.
    pub(super) fn take_threads<'a>(&mut self, touches: &'a [Touch]) -> impl Iterator<Item = &'a Touch> {
        let new = touches.get(self.threads_upto..).unwrap_or_default().iter();
        for [name, thread, answers] in new.clone().filter_map(Touch::names) {
            self.threads.join(name, thread);
            self.threads.join(name, answers);
        }
        self.threads_upto = touches.len();
        new.filter(|touch| touch.is_written())
    }

    /// A message names another thread than it did: all are taken in again.
    pub(super) fn forget_threads(&mut self) {
        (self.threads, self.threads_upto) = (Names::default(), 0);
    }

    /// Returns the records that may have a day noted on one of these months and days.
    fn on_days(&self, days: &BTreeSet<(i8, i8)>) -> impl Iterator<Item = u32> {
        days.iter().filter_map(|day| self.days.get(day)).flatten().copied()
    }

    /// Returns which messages name one another.
    pub(super) const fn threads(&self) -> &Names {
        &self.threads
    }
}

impl Book {
    /// Returns everyone to reconnect with whom a plan may mention, each once, in no order that means anything.
    ///
    /// These are those of `records`; those with a birthday, a wedding day or a day with a label on one of these months and days;
    /// and of those whom the owner wrote to whoever was not in touch since `lost_before`, may have news, or has a day noted on
    /// which they began to work somewhere. Of the others whom the owner wrote to nothing is told.
    #[must_use]
    pub fn mentionable(
        &self,
        records: impl IntoIterator<Item = RecordId>,
        days: &BTreeSet<(i8, i8)>,
        lost_before: Timestamp,
    ) -> Vec<Person> {
        let named = records.into_iter().filter_map(|record| self.by_id.get(&record).copied());
        let with_day = self.coming.on_days(days).filter(|no| self.has_day(*no, days));
        let lost = lost_before.as_second();
        self.people_at(named.chain(with_day).chain(self.written().filter(|no| self.is_lost_or_new(*no, lost))))
    }

    /// Returns the records that the owner wrote to.
    pub(super) fn written(&self) -> impl Iterator<Item = u32> {
        let has_sent = |no: &u32| self.entries.get(*no as usize).is_some_and(|entry| entry.sent > 0);
        self.coming.written.iter().copied().filter(has_sent)
    }

    fn has_day(&self, no: u32, days: &BTreeSet<(i8, i8)>) -> bool {
        let born = |born: PartialDate| month_and_day(born).is_some_and(|day| days.contains(&day));
        let noted = |noted: &NotedDay| noted.what != Noted::Began && days.contains(&(noted.month, noted.day));
        let entry = self.entries.get(no as usize);
        entry.is_some_and(|entry| entry.birthday.is_some_and(born) || entry.days.iter().any(noted))
    }

    /// Whether the person of a record was not in touch since then, may have news, or has a day noted on which they began.
    fn is_lost_or_new(&self, no: u32, lost_before_s: i64) -> bool {
        let mut last = i64::MIN;
        for (_, entry) in self.member_entries(self.resolver.head(no)) {
            let ended = entry.flags.contains(Flags::CARD) && !self.is_present(entry);
            let began = entry.days.iter().any(|day| day.what == Noted::Began);
            if ended || began || entry.flags.contains(Flags::CHANGED) {
                return true;
            }
            last = last.max(entry.last);
        }
        last < lost_before_s
    }
}
