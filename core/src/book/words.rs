//! What was said: circles, notes, logged interactions, reminders and what became of them.
//!
//! Every fact said is kept, so that an undo, and the undo of an undo, finds everything. What counts is derived: single values
//! are those of the newest fact, lists are all of them. A fact from a clock far in the future counts as a day ahead of the
//! other devices and no more.

use core::ops::Bound;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::{Timestamp, civil};

use crate::book::forgotten::{Forgotten, Verdict};
use crate::book::giving::Giving;
use crate::book::reminders::{ReminderState, Reminders};
use crate::book::rulings::{Later, Rulings};
use crate::fact::{MailPeople, Said, Settings};
use crate::forget::Forget;
use crate::hlc::Hlc;
use crate::id::{DeviceId, FactId, RecordId};
use crate::own::OwnValue;
use crate::plan::put_off::{PutOff, Skip};

/// How new a fact is among those about the same thing.
pub(super) type Newness = (Hlc, FactId);

/// A value that the newest fact decides.
#[derive(Debug, Clone)]
struct Newest<T> {
    newness: Newness,
    value: T,
}

/// Everything that was said, and what of it counts.
#[derive(Debug, Default)]
pub struct Words {
    facts: BTreeMap<FactId, (Hlc, Said)>,
    /// The latest time that each device wrote.
    latest: BTreeMap<DeviceId, Hlc>,
    undone: BTreeSet<FactId>,
    forgotten: Arc<Forgotten>,
    derived: Derived,
    /// Counts how often the rulings may have changed otherwise than by newer ones.
    rulings_version: u64,
}

#[derive(Debug, Default)]
struct Derived {
    circles: BTreeMap<RecordId, Newest<Option<String>>>,
    snoozes: BTreeMap<RecordId, Newest<Option<civil::Date>>>,
    skips: BTreeMap<RecordId, Newest<Option<Skip>>>,
    sets: BTreeMap<(RecordId, String), Newest<Option<String>>>,
    settings: BTreeMap<DeviceId, Newest<Settings>>,
    declined: BTreeSet<RecordId>,
    notes: BTreeMap<RecordId, BTreeSet<FactId>>,
    logs: BTreeMap<RecordId, BTreeSet<FactId>>,
    added: BTreeMap<RecordId, Newest<FactId>>,
    rulings: Rulings,
    reminders: Reminders,
    giving: Giving,
}

/// What a new fact asks of the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing beyond what was said.
    None,
    /// A record's identifiers or last interaction may be others.
    Record(RecordId),
    /// With whom a record is one person may be another question.
    Ruling(RecordId),
    /// Everything must be derived again.
    Everything,
}

impl Words {
    /// Notes that a device wrote something at this time.
    pub fn saw(&mut self, device: &DeviceId, at: Hlc) {
        if self.moves_a_clamped_fact(device, at) {
            self.derive_all();
        }
    }

    /// Adds a fact. Adding it again changes nothing.
    pub fn insert(&mut self, id: &FactId, at: Hlc, said: Said) -> Vec<Effect> {
        let said = match self.forgotten.judge_said(&said) {
            Verdict::Stays => said,
            Verdict::Becomes(left) => left,
            Verdict::Goes => {
                self.saw(&id.device, at);
                return Vec::new();
            }
        };
        if let Said::Forget(forget) = &said {
            self.forget(forget);
        }
        let effects = effects(&said);
        let everything = effects.contains(&Effect::Everything);
        let device = id.device.clone();
        self.facts.insert(id.clone(), (at, said));
        let named_by_an_undo = self.undone.contains(id);
        if self.moves_a_clamped_fact(&device, at) || everything || named_by_an_undo {
            self.derive_all();
        } else if let Some((_, said)) = self.facts.get(id) {
            let clamped = self.clamp(at);
            let is_ruling = matches!(said, Said::Same { .. } | Said::Apart { .. });
            self.rulings_version += u64::from(is_ruling && self.derived.rulings.has_newer(&(clamped, id.clone())));
            self.derived.apply(id, clamped, at, said);
        }
        effects
    }

    /// Returns who is forgotten.
    #[must_use]
    pub const fn forgotten(&self) -> &Arc<Forgotten> {
        &self.forgotten
    }

    /// Takes in that somebody is forgotten: what was said about them goes.
    fn forget(&mut self, forget: &Forget) {
        if !Arc::make_mut(&mut self.forgotten).add(forget) {
            return;
        }
        let forgotten = Arc::clone(&self.forgotten);
        self.facts.retain(|_, (_, said)| match forgotten.judge_said(said) {
            Verdict::Stays => true,
            Verdict::Becomes(left) => {
                *said = left;
                true
            }
            Verdict::Goes => false,
        });
    }

    /// Returns the latest time that any device wrote.
    #[must_use]
    pub fn latest(&self) -> Hlc {
        self.latest.values().copied().max().unwrap_or_default()
    }

    /// Returns the facts that are undone, imports among them.
    #[must_use]
    pub const fn undone(&self) -> &BTreeSet<FactId> {
        &self.undone
    }

    /// Returns a fact that counts.
    #[must_use]
    pub fn get(&self, id: &FactId) -> Option<(Hlc, &Said)> {
        self.facts.get(id).filter(|_| !self.undone.contains(id)).map(|(at, said)| (*at, said))
    }

    /// Returns every fact said, undone ones too, with its time.
    pub fn iter(&self) -> impl Iterator<Item = (&FactId, Hlc, &Said)> {
        self.facts.iter().map(|(id, (at, said))| (id, *at, said))
    }

    /// Returns what a device said after its fact of this number, as far as it counts.
    pub fn said_after(&self, device: &DeviceId, seq: u64) -> impl Iterator<Item = (&FactId, &Said)> {
        let id = |seq| FactId { device: device.clone(), seq };
        let after = self.facts.range((Bound::Excluded(id(seq)), Bound::Included(id(u64::MAX))));
        after.filter(|(id, _)| !self.undone.contains(id)).map(|(id, (_, said))| (id, said))
    }

    /// Returns the circle that was last given to one of these records.
    #[must_use]
    pub fn circle(&self, records: &[RecordId]) -> Option<&str> {
        newest(records.iter().filter_map(|r| self.derived.circles.get(r)))?.as_deref()
    }

    /// Returns the records that are in a circle.
    pub fn in_circles(&self) -> impl Iterator<Item = RecordId> + '_ {
        self.derived.circles.iter().filter(|(_, c)| c.value.is_some()).map(|(r, _)| *r)
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

    /// Returns a number that stays the same while rulings only come that are newer than all before.
    #[must_use]
    pub const fn rulings_version(&self) -> u64 {
        self.rulings_version
    }

    /// Returns the reminders and what became of them.
    #[must_use]
    pub const fn reminders(&self) -> &BTreeMap<crate::fact::OccurrenceId, ReminderState> {
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

    /// A day after the second latest of the devices: how far ahead a fact is believed.
    fn horizon(&self) -> Hlc {
        let mut latest: Vec<Hlc> = self.latest.values().copied().collect();
        latest.sort_unstable();
        match latest.as_slice() {
            [.., second, _] => second.a_day_later(),
            [] | [_] => Hlc::MAX,
        }
    }

    /// Notes the time; returns whether a fact is beyond the horizon before or after that.
    fn moves_a_clamped_fact(&mut self, device: &DeviceId, at: Hlc) -> bool {
        let before = self.horizon();
        let latest = self.latest.entry(device.clone()).or_default();
        *latest = (*latest).max(at);
        let lowest = before.min(self.horizon());
        lowest < self.latest() && self.facts.values().any(|(t, _)| *t > lowest)
    }

    fn clamp(&self, at: Hlc) -> Hlc {
        at.min(self.horizon())
    }

    fn derive_all(&mut self) {
        self.undone = undone(&self.facts);
        let horizon = self.horizon();
        let mut derived = Derived::default();
        for (id, (at, said)) in self.facts.iter().filter(|(id, _)| !self.undone.contains(id)) {
            derived.apply(id, (*at).min(horizon), *at, said);
        }
        self.derived = derived;
        self.rulings_version += 1;
    }
}

impl Derived {
    fn apply(&mut self, id: &FactId, clamped: Hlc, at: Hlc, said: &Said) {
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

/// Returns the record of a person added without a file.
#[must_use]
pub fn manual_record(key: &str) -> RecordId {
    RecordId::new("manual/people", key)
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

/// An undo counts unless a later one undoes it; one that names a later fact than itself names nothing.
fn undone(facts: &BTreeMap<FactId, (Hlc, Said)>) -> BTreeSet<FactId> {
    let mut undos: Vec<(Hlc, &FactId, &Vec<FactId>)> = facts
        .iter()
        .filter_map(|(id, (at, said))| if let Said::Undo { of } = said { Some((*at, id, of)) } else { None })
        .collect();
    undos.sort_unstable_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)));
    let mut undone = BTreeSet::new();
    for (at, id, of) in undos {
        if undone.contains(id) {
            continue;
        }
        let earlier = |target: &&FactId| facts.get(*target).is_none_or(|(t, _)| (*t, *target) < (at, id));
        undone.extend(of.iter().filter(earlier).cloned());
    }
    undone
}

fn effects(said: &Said) -> Vec<Effect> {
    match said {
        Said::Add { key, .. } => vec![Effect::Record(manual_record(key))],
        Said::Set { record, .. } => vec![Effect::Record(*record)],
        Said::Log { records, .. } => records.iter().map(|r| Effect::Record(*r)).collect(),
        Said::Same { a, b } => vec![Effect::Ruling(*a), Effect::Ruling(*b)],
        Said::Apart { these, those } => these.iter().chain(those).map(|r| Effect::Ruling(*r)).collect(),
        Said::Settings(_) | Said::Undo { .. } | Said::Forget(_) => vec![Effect::Everything],
        Said::Circle { .. }
        | Said::CircleDeclined { .. }
        | Said::Note { .. }
        | Said::Snooze { .. }
        | Said::ReviewLater { .. }
        | Said::Care(_)
        | Said::Planned(_)
        | Said::Intent { .. }
        | Said::Outcome { .. } => vec![Effect::None],
    }
}
