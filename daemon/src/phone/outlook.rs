//! Gathers what will come of people, for the calendar on the phone.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use kith_core::book::people::Person;
use kith_core::fact::Reminder;
use kith_core::ical::{Event, Told};
use kith_core::id::PersonId;
use kith_core::plan::coming::{Coming, Expected, Kind, coming};

use crate::config::Config;
use crate::keeper::Keeper;
use crate::remind::people::open_reminders;
use crate::store::StoreError;
use crate::view;

/// A reminder that is open, and the day for which it was planned.
struct Open {
    on: Date,
    reminder: Reminder,
}

/// Returns the events of these people, by day.
pub(super) fn events(
    keeper: &Keeper,
    config: &Config,
    people: &[Person],
    now: Timestamp,
) -> Result<Vec<Event>, StoreError> {
    let zone = config.zone();
    let open = open(keeper, config, now);
    let by_id: BTreeMap<PersonId, &Person> = people.iter().map(|person| (person.id, person)).collect();
    let expected: Vec<Expected> = {
        let book = keeper.book();
        let of = |person: &Person| {
            let records = person.records();
            Expected {
                person: person.id,
                circle: book.words().circle(&records).map(str::to_owned),
                since: zone.to_datetime(person.last_interaction.unwrap_or(person.first_seen)).date(),
                birthday: person.birthday,
                snoozed_until: book.words().snoozed_until(&records),
                reminded: open.get(&person.id).map(|open| open.on),
            }
        };
        people.iter().map(of).collect()
    };
    let coming = coming(expected, &config.circles, zone.to_datetime(now).date());
    coming
        .iter()
        .filter_map(|coming| Some((coming, *by_id.get(&coming.person)?)))
        .map(|(coming, person)| event(keeper, coming, person, open.get(&person.id)))
        .collect()
}

fn event(keeper: &Keeper, coming: &Coming, person: &Person, open: Option<&Open>) -> Result<Event, StoreError> {
    let name = view::name(keeper, person)?;
    let words = match (coming.kind, open) {
        (Kind::Reminder, Some(Open { reminder, .. })) => {
            reminder.reasons.iter().chain(&reminder.step).map(String::as_str).collect::<Vec<_>>().join("\n")
        }
        (Kind::Reminder | Kind::Due | Kind::Birthday, _) => String::new(),
    };
    Ok(Event::of(coming, Told { name: &name, words: &words, born: person.birthday }))
}

/// The newest open reminder of each person.
fn open(keeper: &Keeper, config: &Config, now: Timestamp) -> BTreeMap<PersonId, Open> {
    let zone = config.zone();
    let reminders = open_reminders(keeper, now);
    let book = keeper.book();
    let named = reminders.into_iter().filter_map(|state| {
        let person = book.person_id(&state.reminder.record?);
        Some((person, Open { on: zone.to_datetime(state.due).date(), reminder: state.reminder }))
    });
    named.collect()
}
