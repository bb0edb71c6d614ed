//! What people need and offer, what the owner promised, whom they introduce, and how they want to be reminded.
//!
//! Everything here was said by the owner. What becomes of it in a plan is `plan`; who could help whom is `give`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil};

use crate::book::words::Newness;
use crate::cadence::Rhythm;
use crate::fact::{Care, Season, Stage};
use crate::id::{FactId, RecordId};
use crate::normalize::{company_key, fold_text};

/// Something that somebody looks for or can help with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// One of the person's records; `None` is the owner.
    pub record: Option<RecordId>,
    /// What.
    pub text: String,
    /// When it was said.
    pub at: Timestamp,
    /// kith read it out of a longer text, and nobody confirmed it yet.
    pub proposed: bool,
}

/// Something that the owner promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// One of the person's records.
    pub record: RecordId,
    /// What.
    pub text: String,
    /// By when.
    pub due: Option<civil::Date>,
    /// When it was said.
    pub at: Timestamp,
}

/// What was said of an introduction.
#[derive(Debug, Clone, Default)]
pub(super) struct Steps {
    /// How far it has come, and when that was said.
    pub(super) newest: Option<(Newness, (Stage, Timestamp))>,
    /// What the owner said last about it.
    pub(super) text: Option<(Newness, String)>,
    /// When it was made, as far as it was.
    pub(super) made: Option<Timestamp>,
}

impl Steps {
    fn take(&mut self, newness: Newness, at: Timestamp, stage: Stage, text: Option<&String>) {
        if let Some(text) = text {
            newest(&mut self.text, newness.clone(), text.clone());
        }
        if stage.is_made() {
            self.made = Some(self.made.map_or(at, |made| made.min(at)));
        }
        newest(&mut self.newest, newness, (stage, at));
    }

    /// Adds what was said of the same introduction, with the two named the other way round.
    pub(super) fn join(&mut self, other: &Self) {
        if let Some((newness, text)) = &other.text {
            newest(&mut self.text, newness.clone(), text.clone());
        }
        self.made = [self.made, other.made].into_iter().flatten().min();
        if let Some((newness, step)) = &other.newest {
            newest(&mut self.newest, newness.clone(), *step);
        }
    }
}

/// An occasion at which one meets people.
#[derive(Debug, Clone, Default)]
pub struct Occasion {
    name: Option<(Newness, String)>,
    on: Option<(Newness, Option<civil::Date>)>,
    people: BTreeMap<RecordId, (Newness, Acquaintance)>,
}

impl Occasion {
    /// Returns its name, as it was written last.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_ref().map(|(_, name)| name.as_str()).unwrap_or_default()
    }

    /// Returns whether somebody was said to have been met there after this instant.
    #[must_use]
    pub fn has_met_since(&self, at: Timestamp) -> bool {
        let since = |newness: &Newness| newness.0.timestamp() > at;
        self.people.values().any(|(newness, met)| *met == Acquaintance::Met && since(newness))
    }

    /// Returns when it begins.
    #[must_use]
    pub fn on(&self) -> Option<civil::Date> {
        self.on.as_ref().and_then(|(_, on)| *on)
    }

    /// Returns whom the owner wants to meet there, or met.
    pub fn people(&self) -> impl Iterator<Item = (RecordId, Acquaintance)> {
        self.people.iter().map(|(record, (_, acquaintance))| (*record, *acquaintance))
    }
}

/// Whether somebody was met at an occasion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acquaintance {
    /// The owner wants to meet them.
    Wanted,
    /// They met.
    Met,
}

/// Who helped whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Helped {
    /// The owner helped them.
    Them,
    /// They helped the owner.
    Owner,
}

/// What was said about giving and about how to be reminded.
#[derive(Debug, Default)]
pub struct Giving {
    needs: BTreeMap<FactId, Wish>,
    offers: BTreeMap<FactId, Wish>,
    promises: BTreeMap<FactId, Promise>,
    confirmed: BTreeSet<FactId>,
    closed: BTreeSet<FactId>,
    dropped: BTreeSet<FactId>,
    settled: BTreeSet<RecordId>,
    not_needed: BTreeSet<RecordId>,
    introductions: BTreeMap<(RecordId, RecordId), Steps>,
    helped: BTreeMap<FactId, (RecordId, Helped)>,
    met_through: BTreeSet<(RecordId, RecordId)>,
    muted: BTreeMap<RecordId, (Newness, bool)>,
    cadences: BTreeMap<RecordId, (Newness, Option<Rhythm>)>,
    pauses: BTreeMap<Newness, Option<civil::Date>>,
    season: Option<(Newness, Season)>,
    companies: BTreeMap<String, (Newness, (String, bool))>,
    events: BTreeMap<String, Occasion>,
}

impl Giving {
    /// Returns what people look for that is still open, with the fact that said it; also what is only proposed.
    pub fn needs(&self) -> impl Iterator<Item = (&FactId, Wish)> {
        let confirmed =
            |id: &FactId, wish: &Wish| Wish { proposed: wish.proposed && !self.confirmed.contains(id), ..wish.clone() };
        self.needs.iter().filter(|(id, _)| self.is_open(id)).map(move |(id, wish)| (id, confirmed(id, wish)))
    }

    /// Returns what people can help with that still holds, with the fact that said it.
    pub fn offers(&self) -> impl Iterator<Item = (&FactId, &Wish)> {
        self.offers.iter().filter(|(id, _)| self.is_open(id))
    }

    /// Returns what the person with these records looks for, as far as it is confirmed; what was said twice once.
    #[must_use]
    pub fn needs_of(&self, records: &[RecordId]) -> Vec<String> {
        let theirs = self.needs().filter(|(_, need)| !need.proposed && is_of(need, records));
        once_each(theirs.map(|(_, need)| need.text))
    }

    /// Returns what the owner looks for; what was said twice once.
    #[must_use]
    pub fn own_needs(&self) -> Vec<String> {
        once_each(self.needs().filter(|(_, need)| need.record.is_none()).map(|(_, need)| need.text))
    }

    /// Returns what the owner can help with; what was said twice once.
    #[must_use]
    pub fn own_offers(&self) -> Vec<String> {
        once_each(self.offers().filter(|(_, offer)| offer.record.is_none()).map(|(_, offer)| offer.text.clone()))
    }

    /// Returns since when the person with these records looks for something of that.
    #[must_use]
    pub fn seeks_since(&self, records: &[RecordId]) -> Option<Timestamp> {
        self.needs().filter(|(_, need)| !need.proposed && is_of(need, records)).map(|(_, need)| need.at).min()
    }

    /// Returns what the person with these records can help with; what was said twice once.
    #[must_use]
    pub fn offers_of(&self, records: &[RecordId]) -> Vec<String> {
        once_each(self.offers().filter(|(_, offer)| is_of(offer, records)).map(|(_, offer)| offer.text.clone()))
    }

    /// Returns the promises that are not kept yet, with the fact that said each.
    pub fn promises(&self) -> impl Iterator<Item = (&FactId, &Promise)> {
        self.promises.iter().filter(|(id, _)| self.is_open(id))
    }

    /// Returns the proposals of promises that the owner confirmed or dropped.
    #[must_use]
    pub const fn settled(&self) -> &BTreeSet<RecordId> {
        &self.settled
    }

    /// Returns the promises that were kept.
    pub fn kept(&self) -> impl Iterator<Item = &Promise> {
        let is_kept = |id: &FactId| !self.is_open(id) && !self.dropped.contains(id);
        self.promises.iter().filter(move |(id, _)| is_kept(id)).map(|(_, promise)| promise)
    }

    /// Returns whether this fact is a need, an offer or a promise that is still open.
    #[must_use]
    pub fn holds_open(&self, id: &FactId) -> bool {
        let known = self.needs.contains_key(id) || self.offers.contains_key(id) || self.promises.contains_key(id);
        known && self.is_open(id)
    }

    /// Returns whether a message needs no answer.
    #[must_use]
    pub fn is_not_needed(&self, record: &RecordId) -> bool {
        self.not_needed.contains(record)
    }

    /// Returns the introductions, by who is helped and who can help, as they were named.
    pub(super) const fn introductions(&self) -> &BTreeMap<(RecordId, RecordId), Steps> {
        &self.introductions
    }

    /// Returns each time that the owner helped somebody, or was helped by them.
    pub(super) fn helped(&self) -> impl Iterator<Item = &(RecordId, Helped)> {
        self.helped.values()
    }

    /// Returns to whom the owner was introduced, each with who did it.
    pub(super) const fn met_through(&self) -> &BTreeSet<(RecordId, RecordId)> {
        &self.met_through
    }

    /// Returns whether reminders of a person with these records are switched off.
    #[must_use]
    pub fn is_muted(&self, records: &[RecordId]) -> bool {
        newest_of(&self.muted, records).is_some_and(|muted| *muted)
    }

    /// Returns the cadence that the owner gave to a person with these records, whatever their circle says.
    #[must_use]
    pub fn cadence(&self, records: &[RecordId]) -> Option<Rhythm> {
        newest_of(&self.cadences, records).copied().flatten()
    }

    /// Returns the records that have a cadence of their own.
    pub fn with_cadences(&self) -> impl Iterator<Item = RecordId> {
        self.cadences.iter().filter(|(_, (_, cadence))| cadence.is_some()).map(|(record, _)| *record)
    }

    /// Returns the first day on which reminders come again, where they are paused.
    #[must_use]
    pub fn paused_until(&self) -> Option<civil::Date> {
        *self.pauses.last_key_value()?.1
    }

    /// Returns since when, and until which day, reminders were paused by the word that held at an instant.
    #[must_use]
    pub fn paused_at(&self, at: Timestamp) -> Option<(Timestamp, civil::Date)> {
        let ((since, _), until) = self.pauses.iter().rev().find(|((since, _), _)| since.timestamp() <= at)?;
        Some((since.timestamp(), (*until)?))
    }

    /// Returns the season.
    #[must_use]
    pub fn season(&self) -> Season {
        self.season.as_ref().map_or(Season::Steady, |(_, season)| *season)
    }

    /// Returns the companies that the owner cares about, as they were written.
    pub fn companies(&self) -> impl Iterator<Item = &str> {
        self.companies.values().filter(|(_, (_, cared))| *cared).map(|(_, (name, _))| name.as_str())
    }

    /// Returns whether the owner cares about a company, however its name is written.
    #[must_use]
    pub fn cares_about(&self, name: &str) -> bool {
        self.companies.get(&company_key(name)).is_some_and(|(_, (_, cared))| *cared)
    }

    /// Returns the occasions by their folded name.
    #[must_use]
    pub const fn events(&self) -> &BTreeMap<String, Occasion> {
        &self.events
    }

    fn is_open(&self, id: &FactId) -> bool {
        !self.closed.contains(id)
    }

    /// Takes over what the owner said.
    pub(super) fn apply(&mut self, newness: Newness, at: Timestamp, care: &Care) {
        let id = newness.1.clone();
        match care {
            Care::Need { record, text, proposed } => {
                let wish = Wish { record: *record, text: text.clone(), at, proposed: *proposed };
                self.needs.insert(id, wish);
            }
            Care::Offer { record, text } => {
                let wish = Wish { record: *record, text: text.clone(), at, proposed: false };
                self.offers.insert(id, wish);
            }
            Care::Promise { record, text, due, of } => {
                self.settled.extend(of);
                let promise = Promise { record: *record, text: text.clone(), due: *due, at };
                self.promises.insert(id, promise);
            }
            Care::NotPromised { of, .. } => {
                self.settled.insert(*of);
            }
            Care::Confirmed { of } => {
                self.confirmed.insert(of.clone());
            }
            Care::Closed { of, dropped } => {
                self.closed.insert(of.clone());
                self.dropped.extend(dropped.then(|| of.clone()));
            }
            Care::NotNeeded { record } => {
                self.not_needed.insert(*record);
            }
            Care::Introduction { a, b, stage, text } => {
                self.introductions.entry((*a, *b)).or_default().take(newness, at, *stage, text.as_ref());
            }
            Care::Helped { record, received, text: _ } => {
                let helped = if *received { Helped::Owner } else { Helped::Them };
                self.helped.insert(newness.1, (*record, helped));
            }
            Care::MetThrough { record, through } => {
                self.met_through.insert((*record, *through));
            }
            Care::Mute { record, muted } => replace(&mut self.muted, *record, newness, *muted),
            Care::Cadence { record, cadence } => replace(&mut self.cadences, *record, newness, *cadence),
            Care::Pause { until } => drop(self.pauses.insert(newness, *until)),
            Care::Season { season } => newest(&mut self.season, newness, *season),
            Care::Company { name, cared } => {
                replace(&mut self.companies, company_key(name), newness, (name.clone(), *cared));
            }
            Care::Event { name, on, record, met } => {
                let occasion = self.events.entry(fold_text(name)).or_default();
                newest(&mut occasion.name, newness.clone(), name.clone());
                if on.is_some() {
                    newest(&mut occasion.on, newness.clone(), *on);
                }
                if let Some(record) = record {
                    let met = if *met { Acquaintance::Met } else { Acquaintance::Wanted };
                    replace(&mut occasion.people, *record, newness, met);
                }
            }
        }
    }
}

fn is_of(wish: &Wish, records: &[RecordId]) -> bool {
    wish.record.is_some_and(|record| records.contains(&record))
}

/// Without what stands there already, however it is written.
fn once_each(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut known = BTreeSet::new();
    texts.filter(|text| known.insert(fold_text(text))).collect()
}

fn newest_of<'a, T>(map: &'a BTreeMap<RecordId, (Newness, T)>, records: &[RecordId]) -> Option<&'a T> {
    let said = records.iter().filter_map(|record| map.get(record));
    said.max_by(|a, b| a.0.cmp(&b.0)).map(|(_, value)| value)
}

fn replace<K: Ord, T>(map: &mut BTreeMap<K, (Newness, T)>, key: K, newness: Newness, value: T) {
    if map.get(&key).is_none_or(|(known, _)| *known < newness) {
        map.insert(key, (newness, value));
    }
}

fn newest<T>(slot: &mut Option<(Newness, T)>, newness: Newness, value: T) {
    if slot.as_ref().is_none_or(|(known, _)| *known < newness) {
        *slot = Some((newness, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hlc::Hlc;
    use crate::id::DeviceId;

    #[test]
    fn a_promise_that_is_dropped_is_closed_and_not_kept() {
        let fact = |seq| FactId { device: DeviceId::from_random([1, 2, 3, 4]), seq };
        let at = Timestamp::UNIX_EPOCH;
        let mut giving = Giving::default();
        let mut say = |seq, care: &Care| giving.apply((Hlc::default().next(at), fact(seq)), at, care);
        let record = RecordId::new("manual", "Ana");
        for (seq, text) in (1..).zip(["kept", "dropped", "open"]) {
            say(seq, &Care::Promise { record, text: text.to_owned(), due: None, of: None });
        }
        let as_always_written: Care = serde_json::from_str(&format!(r#"{{"closed":{{"of":"{}"}}}}"#, fact(1))).unwrap();
        say(4, &as_always_written);
        say(5, &Care::Closed { of: fact(2), dropped: true });
        assert_eq!(giving.kept().map(|promise| promise.text.as_str()).collect::<Vec<_>>(), ["kept"]);
        assert_eq!(giving.promises().map(|(_, promise)| promise.text.as_str()).collect::<Vec<_>>(), ["open"]);
    }

    #[test]
    fn what_two_cards_of_one_person_need_is_told_once_and_not_before_it_is_confirmed() {
        let fact = |seq| FactId { device: DeviceId::from_random([1, 2, 3, 4]), seq };
        let at = Timestamp::UNIX_EPOCH;
        let mut giving = Giving::default();
        let mut say = |seq, care: &Care| giving.apply((Hlc::default().next(at), fact(seq)), at, care);
        let [ana, her_card, bob] = ["Ana", "A. Silva", "Bob"].map(|name| RecordId::new("manual", name));
        let need = |record, text: &str, proposed| Care::Need { record: Some(record), text: text.to_owned(), proposed };
        say(1, &need(ana, "Rust mentor", false));
        say(2, &need(her_card, "a flat", true));
        say(3, &need(her_card, "rust  Mentor", false));
        say(4, &need(bob, "a desk", false));
        say(5, &Care::Offer { record: Some(her_card), text: "CV reviews".to_owned() });
        assert_eq!(giving.needs_of(&[ana, her_card]), ["Rust mentor"]);
        assert_eq!(giving.offers_of(&[ana, her_card]), ["CV reviews"]);
        giving.apply((Hlc::default().next(at), fact(6)), at, &Care::Confirmed { of: fact(2) });
        assert_eq!(giving.needs_of(&[ana, her_card]), ["Rust mentor", "a flat"]);
    }
}
