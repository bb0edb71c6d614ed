//! What a plan looks up: who has a day that comes back, whom the owner wrote to, which messages are one thread. Kept as
//! records change, so that a plan need not look at all of them.
//!
//! Records are only added, never taken out: whoever looks here looks at the record as well.

use std::collections::{BTreeMap, BTreeSet};

use crate::book::entry::{Entry, Touch};
use crate::book::threads::Names;
use crate::noted::Noted;
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
    pub(super) fn on_days(&self, days: &BTreeSet<(i8, i8)>) -> impl Iterator<Item = u32> {
        days.iter().filter_map(|day| self.days.get(day)).flatten().copied()
    }

    /// Returns the records that the owner may have written to.
    pub(super) fn written(&self) -> impl Iterator<Item = u32> {
        self.written.iter().copied()
    }

    /// Returns which messages name one another.
    pub(super) const fn threads(&self) -> &Names {
        &self.threads
    }
}
