//! What the keeper knows of people, in the words of planning.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use kith_core::book::Book;
use kith_core::book::people::Person;
use kith_core::book::reminders::ReminderState;
use kith_core::fact::Reminder;
use kith_core::id::RecordId;
use kith_core::plan::suggest::{Proposal, suggest};
use kith_core::plan::{self, Day, OPEN_DAYS, Rules};
use kith_proto::api;

use crate::config::Config;
use crate::keeper::Keeper;
use crate::remind::rules;
use crate::store::StoreError;
use crate::view::{self, planning};

/// Plans the day and returns its reminders.
///
/// # Errors
/// When the store cannot be read.
pub fn plan(keeper: &Keeper, config: &Config, schedule: &str, now: Timestamp) -> Result<Vec<Reminder>, StoreError> {
    let day = day(&keeper.book(), config, now);
    let candidates = planning::candidates(keeper, day.today)?;
    let named = named(&keeper.book(), schedule, day.today);
    let rules = Rules { daily: config.daily.saturating_sub(named), ..rules::rules(config) };
    let due = plan::plan(candidates, &rules, &day);
    Ok(due.into_iter().map(|due| due.into_reminder(schedule, day.today)).collect())
}

/// Counts whom a schedule named on a day. The same day comes again on a flight to the west, and when the clock is set back.
fn named(book: &Book, schedule: &str, today: Date) -> usize {
    let of_today = format!("{today}/");
    let reminders = book.words().reminders().iter();
    reminders.filter(|(id, state)| state.schedule == schedule && id.0.starts_with(&of_today)).count()
}

/// Proposes circles for those the owner really writes to.
///
/// # Errors
/// When the store cannot be read.
pub fn proposals(keeper: &Keeper, config: &Config) -> Result<Vec<Proposal>, StoreError> {
    let named = planning::correspondents(keeper)?.into_iter().filter(|correspondent| !correspondent.name.is_empty());
    Ok(suggest(named, &rules::rules(config).circles))
}

/// Returns a person whole; `None` when the record or the store cannot be read, for a reminder is told all the same.
#[must_use]
pub fn person(keeper: &Keeper, record: &RecordId, config: &Config) -> Option<api::Person> {
    let person = keeper.book().person(record)?;
    let shown = view::person(keeper, &person, &rules::rules(config).circles, &config.zone());
    shown.inspect_err(|error| tracing::warn!(%error, "a person cannot be read from the store")).ok()
}

/// Returns a person's name, if the store can tell it.
#[must_use]
pub fn name(keeper: &Keeper, record: &RecordId) -> Option<String> {
    let person = keeper.book().person(record)?;
    let name = view::name(keeper, &person);
    let name = name.inspect_err(|error| tracing::warn!(%error, "a name cannot be read from the store")).ok();
    name.filter(|name| !name.is_empty())
}

/// Whether nothing more is to be said about a reminder: it was answered, put off, they talked since, or the person is gone.
#[must_use]
pub fn is_over(book: &Book, state: &ReminderState) -> bool {
    let Some(record) = state.reminder.record else {
        return state.done || book.words().in_circles().next().is_some();
    };
    let talked = |person: &Person| person.last_interaction.is_some_and(|last| last > state.planned_at);
    let gone = |person: &Person| !person.may_be_reminded_of();
    state.done || state.snoozed || book.person(&record).is_none_or(|person| gone(&person) || talked(&person))
}

fn day(book: &Book, config: &Config, now: Timestamp) -> Day {
    let zone = config.zone();
    let date = |at: Timestamp| zone.to_datetime(at).date();
    let planned_before = book.words().last_plan_until(now).map(date);
    let today = date(now);
    // Facts may run a day ahead of a clock that was set back; what is later was written by a clock that was wrong.
    let believed_until = now.checked_add(24.hours()).unwrap_or(Timestamp::MAX);
    let mut open: BTreeMap<RecordId, Date> = BTreeMap::new();
    for state in book.words().reminders().values().filter(|state| state.planned_at <= believed_until) {
        let Some(record) = state.reminder.record else { continue };
        let reminded = date(state.planned_at);
        // Whoever was named today is not named again today, whatever came of it.
        if reminded == today || !is_over(book, state) {
            let latest = open.entry(book.person_id(&record)).or_insert(reminded);
            *latest = reminded.max(*latest);
        }
    }
    Day { today, zone, planned_before, open }
}

/// Returns the reminders that are open: not answered, and from the last days.
#[must_use]
pub fn open_reminders(keeper: &Keeper, now: Timestamp) -> Vec<ReminderState> {
    let book = keeper.book();
    let since = now.checked_sub((i64::from(OPEN_DAYS) * 24).hours()).unwrap_or(Timestamp::MIN);
    let recent = book.words().reminders().values().filter(|state| state.planned_at >= since && !is_over(&book, state));
    let mut open: Vec<ReminderState> = recent.cloned().collect();
    open.sort_by(|a, b| (b.due, &a.reminder.occurrence).cmp(&(a.due, &b.reminder.occurrence)));
    let mut named = BTreeSet::new();
    open.retain(|state| state.reminder.record.is_none_or(|record| named.insert(book.person_id(&record))));
    open
}
