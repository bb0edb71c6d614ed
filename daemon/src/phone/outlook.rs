//! Gathers what will come of people, for the calendar on the phone.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use kith_core::book::people::Person;
use kith_core::fact::Reminder;
use kith_core::ical::{Event, Told};
use kith_core::id::PersonId;
use kith_core::noted::{NotedDay, labels};
use kith_core::plan::coming::{Coming, Expected, Kind, coming};
use kith_core::portrait::portrait;

use crate::config::Config;
use crate::keeper::Keeper;
use crate::remind::people::open_reminders;
use crate::store::StoreError;
use crate::view::accounts::Accounts;
use crate::view::planning::apart_from_work;
use crate::view::{self, work};

/// A reminder that is open, and the day on which it was planned: its words count from that one, also where the plan was late.
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
    let began = began(keeper, people)?;
    let expected: Vec<Expected> = {
        let book = keeper.book();
        let of = |person: &Person| {
            let records = person.records();
            let mut days = apart_from_work(person);
            days.extend(began.get(&person.id));
            Expected {
                person: person.id,
                circle: book.words().circle(&records).map(str::to_owned),
                since: zone.to_datetime(person.last_interaction.unwrap_or(person.first_seen)).date(),
                birthday: person.birthday,
                days,
                snoozed_until: book.words().put_off(&records).until(),
                reminded: open.get(&person.id).map(|open| open.on),
            }
        };
        let muted = |person: &Person| book.words().giving().is_muted(&person.records());
        people.iter().filter(|person| !muted(person)).map(of).collect()
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
        (Kind::Reminder | Kind::Due | Kind::Birthday | Kind::Noted(_), _) => String::new(),
    };
    let (mut label, mut company) = (String::new(), None);
    if let Kind::Noted(noted) = coming.kind {
        let accounts = Accounts::of(keeper, person)?;
        let shown = portrait(person.id, &accounts.all, &accounts.own, accounts.region);
        label = labels(&accounts.all, noted).join(", ");
        company = shown.organizations.into_iter().next();
    }
    let told = Told { name: &name, words: &words, born: person.birthday, label: &label, company: company.as_deref() };
    Ok(Event::of(coming, told))
}

/// When each of those began where they work of whom the plan would say so: in a circle, or really written to.
fn began(keeper: &Keeper, people: &[Person]) -> Result<BTreeMap<PersonId, NotedDay>, StoreError> {
    let is_close =
        |person: &Person| person.is_correspondent() || keeper.book().words().circle(&person.records()).is_some();
    let mut found = BTreeMap::new();
    for person in people.iter().filter(|person| is_close(person)) {
        found.extend(work::began(keeper, person)?.map(|began| (person.id, began)));
    }
    Ok(found)
}

/// The newest open reminder of each person.
fn open(keeper: &Keeper, config: &Config, now: Timestamp) -> BTreeMap<PersonId, Open> {
    let zone = config.zone();
    let reminders = open_reminders(keeper, now, &zone);
    let book = keeper.book();
    let named = reminders.into_iter().rev().filter_map(|state| {
        let person = book.person_id(&state.reminder.record?);
        Some((person, Open { on: zone.to_datetime(state.planned_at).date(), reminder: state.reminder }))
    });
    named.collect()
}
