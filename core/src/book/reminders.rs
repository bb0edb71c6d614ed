//! Reminders and what became of them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::fact::{OccurrenceId, Outcome, Planned, Reminder};
use crate::hlc::Hlc;
use crate::id::{DeviceId, FactId};

/// A reminder and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReminderState {
    /// Whom to reconnect with, and why.
    pub reminder: Reminder,
    /// The schedule that planned it.
    pub schedule: String,
    /// The instant of its occurrence.
    pub due: Timestamp,
    /// Its place in the plan, from 0: the first is the one that counts most that day.
    pub place: usize,
    /// How many earlier occurrences it makes up for.
    pub missed: u32,
    /// When it was planned.
    pub planned_at: Timestamp,
    /// The device that planned it.
    pub device: DeviceId,
    /// Channels that it was, or is about to be, handed to.
    pub intents: BTreeSet<String>,
    /// What became of it, by channel.
    pub outcomes: BTreeMap<String, Outcome>,
    /// The user said that it is done.
    pub done: bool,
    /// The user put it off.
    pub snoozed: bool,
}

/// All reminders, and when each schedule last came.
///
/// Facts about a reminder may come before it: they wait here.
#[derive(Debug, Default)]
pub(crate) struct Reminders {
    all: BTreeMap<OccurrenceId, ReminderState>,
    marks: BTreeMap<OccurrenceId, Marks>,
    /// When each schedule was planned; the first time it began, and looked at nobody.
    schedules: BTreeMap<String, BTreeSet<Timestamp>>,
}

#[derive(Debug, Default)]
struct Marks {
    intents: BTreeSet<String>,
    outcomes: BTreeMap<String, ((Hlc, FactId), Outcome)>,
    done: bool,
    snoozed: bool,
}

impl Reminders {
    pub(crate) const fn all(&self) -> &BTreeMap<OccurrenceId, ReminderState> {
        &self.all
    }

    pub(crate) fn last_planned(&self, schedule: &str) -> Option<Timestamp> {
        self.schedules.get(schedule)?.last().copied()
    }

    pub(crate) fn last_planned_until(&self, schedule: &str, now: Timestamp) -> Option<Timestamp> {
        self.schedules.get(schedule)?.range(..=now).next_back().copied()
    }

    pub(crate) fn last_plan_until(&self, now: Timestamp) -> Option<Timestamp> {
        let begins = self.schedules.values().filter_map(BTreeSet::first);
        let plans = self.schedules.values().filter_map(|plans| {
            let newest = plans.range(..=now).next_back();
            newest.filter(|newest| plans.first() != Some(newest))
        });
        plans.max().or_else(|| begins.filter(|begin| **begin <= now).min()).copied()
    }

    pub(crate) fn planned(&mut self, planned: &Planned, at: Hlc, device: &DeviceId) {
        self.schedules.entry(planned.schedule.clone()).or_default().insert(planned.due);
        for (place, reminder) in planned.reminders.iter().enumerate() {
            let state = ReminderState {
                reminder: reminder.clone(),
                schedule: planned.schedule.clone(),
                due: planned.due,
                place,
                missed: planned.missed,
                planned_at: at.timestamp(),
                device: device.clone(),
                intents: BTreeSet::new(),
                outcomes: BTreeMap::new(),
                done: false,
                snoozed: false,
            };
            let earlier =
                |known: &ReminderState| (known.planned_at, &known.device) <= (state.planned_at, &state.device);
            if !self.all.get(&reminder.occurrence).is_some_and(earlier) {
                self.all.insert(reminder.occurrence.clone(), state);
            }
            self.mark(&reminder.occurrence, |_| {});
        }
    }

    pub(crate) fn intent(&mut self, occurrence: &OccurrenceId, channel: &str) {
        self.mark(occurrence, |marks| {
            marks.intents.insert(channel.to_owned());
        });
    }

    pub(crate) fn outcome(
        &mut self,
        occurrence: &OccurrenceId,
        channel: &str,
        outcome: &Outcome,
        newness: (Hlc, FactId),
    ) {
        self.mark(occurrence, |marks| match marks.outcomes.get(channel) {
            Some((known, _)) if *known > newness => {}
            Some(_) | None => {
                marks.outcomes.insert(channel.to_owned(), (newness, outcome.clone()));
            }
        });
    }

    pub(crate) fn done(&mut self, occurrence: &OccurrenceId) {
        self.mark(occurrence, |marks| marks.done = true);
    }

    pub(crate) fn snoozed(&mut self, occurrence: &OccurrenceId) {
        self.mark(occurrence, |marks| marks.snoozed = true);
    }

    fn mark(&mut self, occurrence: &OccurrenceId, change: impl FnOnce(&mut Marks)) {
        let marks = self.marks.entry(occurrence.clone()).or_default();
        change(marks);
        let Some(state) = self.all.get_mut(occurrence) else { return };
        state.intents.clone_from(&marks.intents);
        state.outcomes =
            marks.outcomes.iter().map(|(channel, (_, outcome))| (channel.clone(), outcome.clone())).collect();
        state.done = marks.done;
        state.snoozed = marks.snoozed;
    }
}
