//! What of all that was said counts: single values are those of the newest fact, lists are all of them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil};

use super::{Newness, Words, manual_record};
use crate::book::giving::Giving;
use crate::book::reminders::{ReminderState, Reminders};
use crate::book::rulings::{Later, Rulings};
use crate::fact::{MailPeople, OccurrenceId, Said, Settings};
use crate::hlc::Hlc;
use crate::id::{DeviceId, FactId, RecordId};
use crate::own::OwnValue;
use crate::plan::put_off::{PutOff, Skip};

/// A value that the newest fact decides.
#[derive(Debug, Clone)]
struct Newest<T> {
    newness: Newness,
    value: T,
}

/// What was said, as far as it counts.
#[derive(Debug, Default)]
pub(super) struct Derived {
    circles: BTreeMap<RecordId, Newest<Option<String>>>,
    snoozes: BTreeMap<RecordId, Newest<Option<civil::Date>>>,
    skips: BTreeMap<RecordId, Newest<Option<Skip>>>,
    sets: BTreeMap<(RecordId, String), Newest<Option<String>>>,
    settings: BTreeMap<DeviceId, Newest<Settings>>,
    declined: BTreeSet<RecordId>,
    notes: BTreeMap<RecordId, BTreeSet<FactId>>,
    logs: BTreeMap<RecordId, BTreeSet<FactId>>,
    added: BTreeMap<RecordId, Newest<FactId>>,
    pub(super) rulings: Rulings,
    reminders: Reminders,
    giving: Giving,
}

impl Derived {
    /// Takes in a fact: what counts, and of when.
    pub(super) fn apply(&mut self, id: &FactId, clamped: Hlc, at: Hlc, said: &Said) {
        let newness = (clamped, id.clone());
        match said {
            Said::Add { key, .. } => replace(&mut self.added, manual_record(key), newness, id.clone()),
            Said::Circle { record, circle } => replace(&mut self.circles, *record, newness, circle.clone()),
            Said::CircleDeclined { record } => {
                self.declined.insert(*record);
            }
            Said::Set { record, field, value } => {
                replace(&mut self.sets, (*record, field.clone()), newness, value.clone());
            }
            Said::Note { record, .. } => {
                self.notes.entry(*record).or_default().insert(id.clone());
            }
            Said::Log { records, occurrence, .. } => {
                for record in records {
                    self.logs.entry(*record).or_default().insert(id.clone());
                }
                if let Some(occurrence) = occurrence {
                    self.reminders.done(occurrence);
                }
            }
            Said::Snooze { record, until, skipped, occurrence } => {
                let skip = skipped.map(|on| Skip { on, until: *until });
                let snoozed_until = Some(*until).filter(|_| skip.is_none());
                replace(&mut self.snoozes, *record, newness.clone(), snoozed_until);
                // To snooze a reminder that a skip let through leaves the skip; to snooze a person decides anew.
                if skip.is_some() || occurrence.is_none() {
                    replace(&mut self.skips, *record, newness, skip);
                }
                if let Some(occurrence) = occurrence {
                    self.reminders.snoozed(occurrence);
                }
            }
            Said::Settings(settings) => replace(&mut self.settings, id.device.clone(), newness, settings.clone()),
            Said::Same { a, b } => self.rulings.same(newness, *a, *b),
            Said::Apart { these, those } => self.rulings.apart(newness, these, those),
            Said::ReviewLater { a, b, until } => {
                self.rulings.later(newness, Later { a: *a, b: *b, until: *until });
            }
            Said::Undo { .. } | Said::Forget(_) => {}
            Said::Planned(planned) => self.reminders.planned(planned, at, &id.device),
            Said::Intent { occurrence, channel } => self.reminders.intent(occurrence, channel),
            Said::Outcome { occurrence, channel, outcome } => {
                self.reminders.outcome(occurrence, channel, outcome, newness);
            }
            Said::Care(care) => self.giving.apply(newness, at.timestamp(), care),
        }
    }
}

impl Words {
    /// Returns the circle that was last given to one of these records.
    #[must_use]
    pub fn circle(&self, records: &[RecordId]) -> Option<&str> {
        newest(records.iter().filter_map(|r| self.derived.circles.get(r)))?.as_deref()
    }

    /// Returns the records that are in a circle.
    pub fn in_circles(&self) -> impl Iterator<Item = RecordId> + '_ {
        self.derived.circles.iter().filter(|(_, c)| c.value.is_some()).map(|(r, _)| *r)
    }

    /// Returns the records that the owner chose: those in a circle, and those with a cadence of their own.
    pub fn chosen(&self) -> impl Iterator<Item = RecordId> + '_ {
        self.in_circles().chain(self.giving().with_cadences())
    }

    /// Returns whether the owner chose the person with these records: they are in a circle, or have a cadence of their own.
    #[must_use]
    pub fn is_chosen(&self, records: &[RecordId]) -> bool {
        self.circle(records).is_some() || self.giving().cadence(records).is_some()
    }

    /// Returns how reminders of these records are put off.
    #[must_use]
    pub fn put_off(&self, records: &[RecordId]) -> PutOff {
        let snoozes = records.iter().filter_map(|r| self.derived.snoozes.get(r));
        let skips = records.iter().filter_map(|r| self.derived.skips.get(r));
        PutOff { snoozed_until: newest(snoozes).copied().flatten(), skip: newest(skips).copied().flatten() }
    }

    /// Returns the value that the user gave a field of one of these records.
    #[must_use]
    pub fn set(&self, records: &[RecordId], field: &str) -> Option<&str> {
        let values = records.iter().filter_map(|r| self.derived.sets.get(&(*r, field.to_owned())));
        newest(values)?.as_deref()
    }

    /// Returns the values that the user gave the fields of this record.
    pub fn sets_of(&self, record: RecordId) -> impl Iterator<Item = (&str, &str)> {
        let from = (record, String::new());
        self.derived
            .sets
            .range(from..)
            .take_while(move |((r, _), _)| *r == record)
            .filter_map(|((_, field), value)| Some((field.as_str(), value.value.as_deref()?)))
    }

    /// Returns the values that the user gave the fields of these records, the newest first.
    #[must_use]
    pub fn own_values(&self, records: &[RecordId]) -> Vec<OwnValue> {
        let mut found: Vec<(&Newness, OwnValue)> = Vec::new();
        for record in records {
            let of_record = self.derived.sets.range((*record, String::new())..).take_while(|((r, _), _)| r == record);
            found.extend(of_record.filter_map(|((_, field), set)| {
                let (field, value, at) = (field.clone(), set.value.clone()?, set.newness.0.timestamp());
                Some((&set.newness, OwnValue { field, value, at, record: *record }))
            }));
        }
        found.sort_by(|a, b| b.0.cmp(a.0));
        found.into_iter().map(|(_, own)| own).collect()
    }

    /// Returns the records that have a value of the user's for some field.
    pub fn with_sets(&self) -> BTreeSet<RecordId> {
        self.derived.sets.keys().map(|(record, _)| *record).collect()
    }

    /// Returns whether a proposal of a circle was declined for one of these records.
    #[must_use]
    pub fn declined(&self, records: &[RecordId]) -> bool {
        records.iter().any(|r| self.derived.declined.contains(r))
    }

    /// Returns the notes on these records, oldest first: fact, time and text.
    #[must_use]
    pub fn notes(&self, records: &[RecordId]) -> Vec<(FactId, Timestamp, &str)> {
        let ids = records.iter().filter_map(|r| self.derived.notes.get(r)).flatten();
        let mut notes: Vec<_> = ids
            .filter_map(|id| match self.get(id)? {
                (at, Said::Note { text, .. }) => Some((id.clone(), at.timestamp(), text.as_str())),
                _ => None,
            })
            .collect();
        notes.sort_by_key(|(id, at, _)| (*at, id.clone()));
        notes
    }

    /// Returns the logged interactions of this record.
    pub fn logs(&self, record: RecordId) -> impl Iterator<Item = &FactId> {
        self.derived.logs.get(&record).into_iter().flatten()
    }

    /// Returns how many interactions are logged; one of several people is one.
    #[must_use]
    pub fn logged(&self) -> usize {
        self.derived.logs.values().flatten().collect::<BTreeSet<_>>().len()
    }

    /// Returns the records that have logged interactions.
    pub fn with_logs(&self) -> impl Iterator<Item = RecordId> + '_ {
        self.derived.logs.keys().copied()
    }

    /// Returns the time of the newest logged interaction of this record.
    #[must_use]
    pub fn last_log(&self, record: RecordId) -> Option<Timestamp> {
        let times = self.logs(record).filter_map(|id| match self.get(id)? {
            (_, Said::Log { at, .. }) => Some(*at),
            _ => None,
        });
        times.max()
    }

    /// Returns the records that have a note.
    pub fn with_notes(&self) -> impl Iterator<Item = RecordId> + '_ {
        self.derived.notes.keys().copied()
    }

    /// Returns the people added without a file, with the fact that did.
    pub fn added(&self) -> impl Iterator<Item = (RecordId, &FactId)> {
        self.derived.added.iter().map(|(record, added)| (*record, &added.value))
    }

    /// Returns the fact that added this record.
    #[must_use]
    pub fn added_by(&self, record: RecordId) -> Option<&FactId> {
        self.derived.added.get(&record).map(|added| &added.value)
    }

    /// Returns what was said about needs, offers, promises and introductions, and about how to be reminded.
    #[must_use]
    pub const fn giving(&self) -> &Giving {
        &self.derived.giving
    }

    /// Returns what was said about who is the same.
    #[must_use]
    pub const fn rulings(&self) -> &Rulings {
        &self.derived.rulings
    }

    /// Returns the reminders and what became of them.
    #[must_use]
    pub const fn reminders(&self) -> &BTreeMap<OccurrenceId, ReminderState> {
        self.derived.reminders.all()
    }

    /// Returns the newest occurrence of this schedule that was planned.
    #[must_use]
    pub fn last_planned(&self, schedule: &str) -> Option<Timestamp> {
        self.derived.reminders.last_planned(schedule)
    }

    /// Returns the newest occurrence of this schedule up to `now` that was planned: a later one is from a clock that was wrong.
    #[must_use]
    pub fn last_planned_until(&self, schedule: &str, now: Timestamp) -> Option<Timestamp> {
        self.derived.reminders.last_planned_until(schedule, now)
    }

    /// Returns the newest plan up to `now` of any schedule, also of one that the config names no more.
    ///
    /// That a schedule began is no plan, for it looked at nobody; without any plan it is when the first began.
    #[must_use]
    pub fn last_plan_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.derived.reminders.last_plan_until(now)
    }

    /// Returns what this device's config last contributed.
    #[must_use]
    pub fn settings_of(&self, device: &DeviceId) -> Option<&Settings> {
        self.derived.settings.get(device).map(|s| &s.value)
    }

    /// Returns what the devices' configs contribute together: the owner's addresses of all, the rest from the newest.
    #[must_use]
    pub fn settings(&self) -> Settings {
        let me: BTreeSet<&String> = self.derived.settings.values().flat_map(|s| &s.value.me).collect();
        let newest = newest(self.derived.settings.values());
        Settings {
            me: me.into_iter().cloned().collect(),
            region: newest.and_then(|s| s.region.clone()),
            mail_people: newest.map_or(MailPeople::default(), |s| s.mail_people),
            machine: None,
        }
    }
}

fn replace<K: Ord, T>(map: &mut BTreeMap<K, Newest<T>>, key: K, newness: Newness, value: T) {
    match map.get_mut(&key) {
        Some(known) if known.newness > newness => {}
        Some(known) => *known = Newest { newness, value },
        None => {
            map.insert(key, Newest { newness, value });
        }
    }
}

fn newest<'a, T>(candidates: impl Iterator<Item = &'a Newest<T>>) -> Option<&'a T> {
    candidates.max_by(|a, b| a.newness.cmp(&b.newness)).map(|n| &n.value)
}
