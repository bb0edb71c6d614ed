//! The words about events that are due, before and on the evening, and when the next one will be.

use std::collections::BTreeSet;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use kith_core::book::Book;
use kith_core::book::reminders::ReminderState;
use kith_core::fact::{Planned, Season};
use kith_core::id::{PersonId, RecordId};
use kith_core::normalize::fold_text;
use kith_core::plan::brief::{Ahead, Appointment, Guest, Known, Met, When, brief_of, deserves, schedule, word};
use kith_core::plan::event::{evening, evening_word, event_of};
use kith_proto::api::EventPerson;

use crate::config::Config;
use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view::appointments::{Happening, happenings};
use crate::view::event;

/// A meeting that begins so much earlier or later than it was is on another day.
const ANOTHER_DAY: SignedDuration = SignedDuration::from_hours(20);

/// The words that are due, and when the next one will be.
#[derive(Debug, Default)]
pub struct Words {
    /// Those that are due and were not said yet.
    pub due: Vec<Planned>,
    /// When the next one comes.
    pub next: Option<Timestamp>,
}

/// Returns the words about events that are due and were not said yet, and when to look again; ask not on a day off and during a
/// pause.
///
/// # Errors
/// When the store cannot be read.
pub fn words(keeper: &Keeper, config: &Config, now: Timestamp) -> Result<Words, StoreError> {
    let zone = config.zone();
    let happenings = happenings(keeper, &zone, now)?;
    let instants = happenings.iter().filter_map(Happening::when).flat_map(|when| {
        let evening = evening(when.on, &zone);
        when.instants(&zone).chain(evening).collect::<Vec<_>>()
    });
    let next = instants.filter(|at| *at > now).min();
    let told = happenings.iter().filter(|happening| happening.occasion.is_some());
    let evenings = told.filter_map(|event| evening_word(event.name(), event.on()?, &zone, now));
    let mut due: Vec<Planned> = evenings.collect();
    due.extend(briefs(keeper, &happenings, &zone, now)?);
    due.retain(|word| keeper.book().words().last_planned(&word.schedule).is_none());
    Ok(Words { due, next })
}

/// Whether nothing more is to be said about an event on its evening: somebody was written down since, or it is on another day.
#[must_use]
pub fn is_answered(book: &Book, state: &ReminderState) -> bool {
    let Some((on, name)) = event_of(&state.schedule) else { return true };
    let event = book.words().giving().events().get(&fold_text(name));
    event.is_none_or(|event| event.has_met_since(state.planned_at) || event.on().is_some_and(|day| day != on))
}

/// Whether an event of which the word before was said is not as it was: on another day, or there no more.
#[must_use]
pub fn is_off(book: &Book, state: &ReminderState) -> bool {
    let Some((on, id)) = brief_of(&state.schedule) else { return true };
    if let Some(event) = book.words().giving().events().get(id) {
        return event.on().is_some_and(|day| day != on);
    }
    let Ok(record) = id.parse::<RecordId>() else { return true };
    let moved = |begins: Timestamp| {
        let begun = begins.to_zoned(TimeZone::UTC).datetime();
        // One that takes whole days stands at midnight, and its word is of use until noon.
        let takes_days = begun.time() == Time::midnight() && state.reminder.until != Some(begins);
        let is_far = |until: Timestamp| until.duration_since(begins).abs() >= ANOTHER_DAY;
        if takes_days { begun.date() != on } else { state.reminder.until.is_some_and(is_far) }
    };
    book.meeting_begins(&record).is_none_or(moved)
}

/// The words before events; in a rest there is none.
fn briefs(
    keeper: &Keeper,
    happenings: &[Happening],
    zone: &TimeZone,
    now: Timestamp,
) -> Result<Vec<Planned>, StoreError> {
    if keeper.book().words().giving().season() == Season::Rest {
        return Ok(Vec::new());
    }
    let wanted = happenings.iter().filter_map(|happening| happening.occasion.as_ref());
    let wanted: BTreeSet<PersonId> = wanted.flat_map(|occasion| event::wanted(keeper, occasion)).collect();
    let mut words = Vec::new();
    for happening in happenings {
        let Some(when) = happening.when().filter(|when| when.is_due(zone, now)) else { continue };
        if was_said(&keeper.book(), happening, when) {
            continue;
        }
        let (known, people) = whom(keeper, happening, &wanted, zone);
        let people = event::people(keeper, people, zone)?;
        let ahead = Ahead { id: id(happening), name: happening.name().to_owned(), when, known, people: met(people) };
        words.extend(word(&ahead, zone, now));
    }
    Ok(words)
}

/// Whether a word before it was said, also while only the calendar told of it.
fn was_said(book: &Book, happening: &Happening, when: When) -> bool {
    let of_calendar = happening.appointment.as_ref().map(|appointment| appointment.record.to_string());
    let ids = of_calendar.into_iter().chain([id(happening)]);
    ids.into_iter().any(|id| book.words().last_planned(&schedule(&id, when.on)).is_some())
}

/// What an event goes by among the words.
fn id(happening: &Happening) -> String {
    match (&happening.occasion, &happening.appointment) {
        (None, Some(appointment)) => appointment.record.to_string(),
        (Some(_) | None, _) => fold_text(happening.name()),
    }
}

/// Whom the word names: whom the owner wants to meet, else who takes part by the calendar, where that deserves a word.
fn whom(
    keeper: &Keeper,
    happening: &Happening,
    wanted: &BTreeSet<PersonId>,
    zone: &TimeZone,
) -> (Known, BTreeSet<PersonId>) {
    let of_event = happening.occasion.as_ref().map(|occasion| event::wanted(keeper, occasion)).unwrap_or_default();
    let of_event: BTreeSet<PersonId> =
        of_event.into_iter().filter(|person| may_be_named(&keeper.book(), person)).collect();
    if !of_event.is_empty() {
        return (Known::Wanted, of_event);
    }
    let Some(appointment) = &happening.appointment else { return (Known::Listed, BTreeSet::new()) };
    let guests = guests(keeper, appointment, wanted, zone);
    let told = happening.occasion.is_some();
    if !told && !deserves(appointment, &guests.iter().map(|(_, guest)| *guest).collect::<Vec<_>>()) {
        return (Known::Listed, BTreeSet::new());
    }
    (Known::Listed, guests.into_iter().filter(|(_, guest)| told || guest.close).map(|(person, _)| person).collect())
}

/// Those who take part by the calendar, of whom the owner may be reminded.
fn guests(
    keeper: &Keeper,
    appointment: &Appointment,
    wanted: &BTreeSet<PersonId>,
    zone: &TimeZone,
) -> Vec<(PersonId, Guest)> {
    let book = keeper.book();
    let may_be_named = appointment.people.iter().filter(|id| may_be_named(&book, id)).filter_map(|id| book.person(id));
    let guest = |person: &kith_core::book::people::Person| Guest {
        close: wanted.contains(&person.id) || book.words().is_chosen(&person.records()),
        last_met: book.last_met(person).map(|at| zone.to_datetime(at).date()),
    };
    may_be_named.map(|person| (person.id, guest(&person))).collect()
}

/// Whether the owner may be reminded of somebody, and wants to be. Whom they want to meet need be no more than a name.
fn may_be_named(book: &Book, id: &PersonId) -> bool {
    book.person(id).is_some_and(|person| {
        !person.has_died() && !person.retired && !book.words().giving().is_muted(&person.records())
    })
}

fn met(people: Vec<EventPerson>) -> Vec<Met> {
    let met =
        |person: EventPerson| Some(Met { person: person.person.parse().ok()?, name: person.name, brief: person.brief });
    people.into_iter().filter_map(met).collect()
}
