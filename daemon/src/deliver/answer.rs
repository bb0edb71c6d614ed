//! Answers to reminders, from the desktop, the command line or a hook: we talked, not this week, show me the person.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use kith_core::book::reminders::ReminderState;
use kith_core::fact::{OccurrenceId, Said};
use kith_core::id::RecordId;
use kith_proto::interaction::InteractionKind;

use super::card::{self, Card};
use super::who::Who;
use super::{Deliver, post, process};
use crate::config::Config;
use crate::keeper::Keeper;
use crate::remind::people;

/// Returns the facts that the owner talked to those whom these reminders name: the next due date moves.
#[must_use]
pub fn done(keeper: &Keeper, reminders: &BTreeSet<OccurrenceId>, now: Timestamp) -> Vec<Said> {
    let log = |(occurrence, record)| Said::Log {
        records: vec![record],
        kind: InteractionKind::Other,
        at: now,
        text: None,
        occurrence: Some(occurrence),
    };
    about(keeper, reminders).map(log).collect()
}

/// Returns the facts that put all off until a day that is open of those whom these reminders name.
#[must_use]
pub fn snooze(keeper: &Keeper, reminders: &BTreeSet<OccurrenceId>, until: Date, now: Timestamp) -> Vec<Said> {
    let named: Vec<(OccurrenceId, RecordId)> = about(keeper, reminders).collect();
    let open = named.iter().flat_map(|(_, record)| open_reminders_of(keeper, record, now));
    let all = open.chain(named.iter().map(|(occurrence, _)| occurrence.clone())).collect();
    let snooze = |(occurrence, record)| Said::Snooze { record, until, skipped: None, occurrence: Some(occurrence) };
    about(keeper, &all).map(snooze).collect()
}

/// Returns the day a week from today.
#[must_use]
pub fn in_a_week(now: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(now).date().saturating_add(7.days())
}

/// Returns the reminders of a person that are open, or still wait for a channel; an answer about the person answers them all.
#[must_use]
pub fn open_reminders_of(keeper: &Keeper, person: &RecordId, now: Timestamp) -> BTreeSet<OccurrenceId> {
    let open = people::all_open(keeper, now);
    let book = keeper.book();
    let person = book.person_id(person);
    let about = |state: &&ReminderState| state.reminder.record.is_some_and(|record| book.person_id(&record) == person);
    let waits = |state: &&ReminderState| {
        state.intents.iter().any(|channel| !state.outcomes.contains_key(channel)) && !people::is_over(&book, state)
    };
    let waiting = book.words().reminders().values().filter(about).filter(waits);
    let all = open.iter().filter(about).chain(waiting);
    all.map(|state| state.reminder.occurrence.clone()).collect()
}

/// Returns what is said of each open reminder of a person; of none in particular where there is none.
#[must_use]
pub fn of_each_open(
    keeper: &Keeper,
    person: &RecordId,
    now: Timestamp,
    said: impl Fn(Option<OccurrenceId>) -> Said,
) -> Vec<Said> {
    let open = open_reminders_of(keeper, person, now);
    if open.is_empty() { vec![said(None)] } else { open.into_iter().map(Some).map(said).collect() }
}

/// Shows the people whom these reminders name, as a private page in the browser.
pub(super) fn open(deliver: &Deliver, reminders: &BTreeSet<OccurrenceId>, config: &Config) {
    let states = post::retold(&deliver.keeper, &config.zone(), reminders);
    let cards: Vec<Card> = states.into_iter().filter_map(|state| card(&deliver.keeper, config, state)).collect();
    let Some(name) = cards.first().map(|card| card.who.id.to_string()) else { return };
    let page = match card::write(&deliver.paths.runtime, &name, &cards, &config.zone()) {
        Ok(page) => page,
        Err(error) => {
            tracing::warn!(%error, "the card cannot be written");
            return;
        }
    };
    let Some(opener) = opener() else {
        tracing::warn!("the card cannot be opened: there is no xdg-open");
        return;
    };
    if let Err(error) = process::start_detached(&deliver.launcher, &opener, &page) {
        tracing::warn!(%error, "the card cannot be opened");
    }
}

/// Whom these reminders are about.
fn about(
    keeper: &Keeper,
    reminders: &BTreeSet<OccurrenceId>,
) -> impl Iterator<Item = (OccurrenceId, RecordId)> + use<> {
    let states = post::states(keeper, reminders).into_iter();
    states.filter_map(|state| Some((state.reminder.occurrence, state.reminder.record?)))
}

fn card(keeper: &Keeper, config: &Config, state: ReminderState) -> Option<Card> {
    let person = people::person(keeper, &state.reminder.record?, config)?;
    Some(Card { who: Who::from(&person), reasons: state.reminder.reasons, step: state.reminder.step })
}

fn opener() -> Option<PathBuf> {
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths).map(|folder: PathBuf| folder.join(Path::new("xdg-open"))).find(|path| path.is_file())
}
