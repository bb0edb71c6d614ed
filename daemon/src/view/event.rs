//! Events as they are shown: when, whom the owner wants to meet there with what is good to know, whom they met, and who takes
//! part by the calendar.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use kith_core::book::giving::{Acquaintance, Occasion};
use kith_core::book::people::Person;
use kith_core::id::{PersonId, RecordId};
use kith_core::normalize::fold_text;
use kith_core::plan::brief::{is_part, matching};
use kith_core::plan::event::{NOT_IN_TOUCH, Wanted, brief, when};
use kith_proto::api::{Event, EventPerson};

use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view;
use crate::view::appointments::{Happening, happenings};

/// How many days ahead events of the calendar are listed of which the owner did not tell.
const LISTED_DAYS: i32 = 90;

/// How many of a conference's participants are shown.
const SHOWN: usize = 50;

/// Returns the events, those to come first, each group by its day: all that the owner told of, and of the calendar those to
/// come with somebody whom the owner knows.
///
/// # Errors
/// When the store cannot be read.
pub fn all(keeper: &Keeper, now: Timestamp, zone: &TimeZone) -> Result<Vec<Event>, StoreError> {
    let today = zone.to_datetime(now).date();
    let last = today.saturating_add(LISTED_DAYS.days());
    let is_listed = |happening: &Happening| {
        let comes = happening.on().is_some_and(|on| (today..=last).contains(&on));
        let somebody = happening.appointment.as_ref().is_some_and(|appointment| !appointment.people.is_empty());
        happening.occasion.is_some() || comes && somebody
    };
    let listed = happenings(keeper, zone, now)?.into_iter().filter(is_listed);
    let mut events: Vec<Event> =
        listed.map(|happening| event(keeper, &happening, today, zone)).collect::<Result<_, _>>()?;
    let is_past = |event: &Event| event.on.is_some_and(|on| on < today);
    events.sort_by(|a, b| (is_past(a), a.on, &a.name).cmp(&(is_past(b), b.on, &b.name)));
    Ok(events)
}

/// Returns the event of this name, however it is written: one that the owner told of, else one of the calendar.
///
/// # Errors
/// When the store cannot be read.
pub fn of(keeper: &Keeper, name: &str, now: Timestamp, zone: &TimeZone) -> Result<Option<Event>, StoreError> {
    let today = zone.to_datetime(now).date();
    let happenings = happenings(keeper, zone, now)?;
    let own = |happening: &&Happening| {
        happening.occasion.as_ref().is_some_and(|occasion| fold_text(occasion.name()) == fold_text(name))
    };
    let of_calendar = || {
        let all: Vec<_> = happenings.iter().filter_map(|happening| happening.appointment.clone()).collect();
        let found = matching(name, None, &all, today)?.record;
        happenings.iter().find(|happening| happening.appointment.as_ref().is_some_and(|known| known.record == found))
    };
    let found = happenings.iter().find(own).or_else(of_calendar);
    found.map(|happening| event(keeper, happening, today, zone)).transpose()
}

/// Returns the day of an event of just this name where it is still to come: none of that name is over, and it is no series.
///
/// # Errors
/// When the store cannot be read.
pub fn to_come(keeper: &Keeper, name: &str, now: Timestamp, zone: &TimeZone) -> Result<Option<Date>, StoreError> {
    let is_called = |other: &str| fold_text(other) == fold_text(name);
    let called = happenings(keeper, zone, now)?.into_iter().filter(|happening| is_called(happening.name()));
    let mut first: Option<Date> = None;
    for happening in called {
        // An appointment that says more than the name may be another one.
        let appointment = happening.appointment.filter(|appointment| is_called(&appointment.name));
        if appointment.as_ref().is_some_and(|appointment| appointment.recurs) {
            return Ok(None);
        }
        let own = happening.occasion.as_ref().and_then(Occasion::on);
        let on = own.or(appointment.map(|appointment| appointment.on));
        first = first.into_iter().chain(on).min();
    }
    Ok(first.filter(|on| zone.to_datetime(now).date() < *on))
}

/// Returns what the calendar calls an event of which this name is a part, where the owner told of none by that name: what they
/// say of it is said of that one.
///
/// # Errors
/// When the store cannot be read.
pub fn known_as(
    keeper: &Keeper,
    name: &str,
    on: Option<Date>,
    now: Timestamp,
    zone: &TimeZone,
) -> Result<Option<String>, StoreError> {
    if keeper.book().words().giving().events().contains_key(&fold_text(name)) {
        return Ok(None);
    }
    let happenings = happenings(keeper, zone, now)?;
    let all: Vec<_> = happenings.into_iter().filter_map(|happening| happening.appointment).collect();
    let found = matching(name, on, &all, zone.to_datetime(now).date());
    Ok(found.filter(|found| is_part(name, &found.name)).map(|found| found.name.clone()))
}

/// Returns whom the owner wants to meet at an event and did not meet yet, each once.
#[must_use]
pub fn wanted(keeper: &Keeper, occasion: &Occasion) -> BTreeSet<PersonId> {
    let book = keeper.book();
    let people = |such: Acquaintance| {
        let records = occasion.people().filter(move |(_, acquaintance)| *acquaintance == such);
        records.map(|(record, _)| book.person_id(&record)).collect::<BTreeSet<PersonId>>()
    };
    people(Acquaintance::Wanted).difference(&people(Acquaintance::Met)).copied().collect()
}

/// Returns these people as they are shown, by name.
///
/// # Errors
/// When the store cannot be read.
pub fn people(
    keeper: &Keeper,
    ids: impl IntoIterator<Item = RecordId>,
    zone: &TimeZone,
) -> Result<Vec<EventPerson>, StoreError> {
    let known = ids.into_iter().filter_map(|id| keeper.book().person(&id));
    let mut people: Vec<EventPerson> = known.map(|known| person(keeper, &known, zone)).collect::<Result<_, _>>()?;
    people.sort_by(|a, b| (&a.name, &a.person).cmp(&(&b.name, &b.person)));
    people.dedup_by(|a, b| a.person == b.person);
    Ok(people)
}

fn event(keeper: &Keeper, happening: &Happening, today: Date, zone: &TimeZone) -> Result<Event, StoreError> {
    let said = |such: Acquaintance| {
        let of_occasion = happening.occasion.iter().flat_map(Occasion::people);
        of_occasion.filter(move |(_, acquaintance)| *acquaintance == such).map(|(record, _)| record)
    };
    let mut met = people(keeper, said(Acquaintance::Met), zone)?;
    met.iter_mut().for_each(|person| person.brief.retain(|words| words != NOT_IN_TOUCH));
    let mut wanted = people(keeper, said(Acquaintance::Wanted), zone)?;
    wanted.retain(|person| met.iter().all(|other| other.person != person.person));
    let of_calendar = happening.appointment.iter().flat_map(|appointment| &appointment.people).take(SHOWN).copied();
    let mut listed = people(keeper, of_calendar, zone)?;
    listed.retain(|person| met.iter().chain(&wanted).all(|other| other.person != person.person));
    let on = happening.on();
    let calendar = happening.appointment.as_ref().map(|appointment| appointment.name.clone());
    let name = happening.name().to_owned();
    Ok(Event { name, on, when: on.map(|on| when(on, today)), wanted, met, listed, calendar })
}

fn person(keeper: &Keeper, person: &Person, zone: &TimeZone) -> Result<EventPerson, StoreError> {
    let shown = view::shown(keeper, person)?;
    let wanted = {
        let book = keeper.book();
        let giving = book.words().giving();
        let records = person.records();
        let promises = giving.promises().filter(|(_, promise)| records.contains(&promise.record));
        Wanted {
            headline: shown.headline,
            needs: giving.needs_of(&records),
            offers: giving.offers_of(&records),
            promises: promises.map(|(_, promise)| promise.text.clone()).collect(),
            last: person.last_interaction.map(|at| zone.to_datetime(at).date()),
        }
    };
    Ok(EventPerson { person: shown.id, name: shown.name, brief: brief(&wanted) })
}
