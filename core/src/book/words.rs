//! What was said: circles, notes, logged interactions, reminders and what became of them.
//!
//! Every fact said is kept, so that an undo, and the undo of an undo, finds everything. What of it counts is derived (`counts`).
//! A fact from a clock far in the future counts as a day ahead of the other devices and no more.

mod counts;

use core::ops::Bound;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::book::forgotten::{Forgotten, Verdict};
use crate::fact::Said;
use crate::forget::Forget;
use crate::hlc::Hlc;
use crate::id::{DeviceId, FactId, RecordId};
use counts::Derived;

/// How new a fact is among those about the same thing.
pub(super) type Newness = (Hlc, FactId);

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

    /// Adds facts. Adding one again changes nothing. What counts of all is derived again once at most.
    pub fn insert(&mut self, facts: impl IntoIterator<Item = (FactId, Hlc, Said)>) -> Vec<Effect> {
        let (mut asked, mut again) = (Vec::new(), false);
        for (id, at, said) in facts {
            let said = match self.forgotten.judge_said(&said) {
                Verdict::Stays => said,
                Verdict::Becomes(left) => left,
                Verdict::Goes => {
                    again |= self.moves_a_clamped_fact(&id.device, at);
                    continue;
                }
            };
            if let Said::Forget(forget) = &said {
                self.forget(forget);
            }
            let effects = effects(&said);
            self.facts.insert(id.clone(), (at, said));
            again |= effects.contains(&Effect::Everything) || self.undone.contains(&id);
            again |= self.moves_a_clamped_fact(&id.device, at);
            asked.extend(effects);
            if !again {
                self.count(&id, at);
            }
        }
        if again {
            self.derive_all();
        }
        asked
    }

    /// Counts a fact that was not there.
    fn count(&mut self, id: &FactId, at: Hlc) {
        let Some((_, said)) = self.facts.get(id) else { return };
        let clamped = at.min(self.horizon());
        let is_ruling = matches!(said, Said::Same { .. } | Said::Apart { .. });
        self.rulings_version += u64::from(is_ruling && self.derived.rulings.has_newer(&(clamped, id.clone())));
        self.derived.apply(id, clamped, at, said);
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

    /// Returns a number that stays the same while rulings only come that are newer than all before.
    #[must_use]
    pub const fn rulings_version(&self) -> u64 {
        self.rulings_version
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

    /// Notes the time; returns whether that moves the horizon, and a fact is beyond it before or after.
    fn moves_a_clamped_fact(&mut self, device: &DeviceId, at: Hlc) -> bool {
        let before = self.horizon();
        let latest = self.latest.entry(device.clone()).or_default();
        *latest = (*latest).max(at);
        let lowest = before.min(self.horizon());
        before != self.horizon() && lowest < self.latest() && self.facts.values().any(|(t, _)| *t > lowest)
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

/// Returns the record of a person added without a file.
#[must_use]
pub fn manual_record(key: &str) -> RecordId {
    RecordId::new("manual/people", key)
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
