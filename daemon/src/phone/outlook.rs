//! Gathers what will come of people, for the calendar on the phone.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kith_core::book::people::Person;
use kith_core::book::reminders::ReminderState;
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

/// The open reminders of a person, the newest first.
type Open = BTreeMap<PersonId, Vec<ReminderState>>;

/// Returns the events of these people, by day.
pub(super) fn events(
    keeper: &Keeper,
    config: &Config,
    people: &[Person],
    now: Timestamp,
) -> Result<Vec<Event>, StoreError> {
    let zone = config.zone();
    let open = open(keeper, config, now);
    // The day on which it was planned, also where that was late: its words count from there.
    let reminded = |state: &ReminderState| zone.to_datetime(state.planned_at).date();
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
                cadence: book.words().giving().cadence(&records),
                since: zone.to_datetime(person.last_interaction.unwrap_or(person.first_seen)).date(),
                birthday: person.birthday,
                days,
                snoozed_until: book.words().put_off(&records).until(),
                reminded: open.get(&person.id).and_then(|open| open.first()).map(reminded),
            }
        };
        let muted = |person: &Person| book.words().giving().is_muted(&person.records());
        people.iter().filter(|person| !muted(person)).map(of).collect()
    };
    let coming = coming(expected, &config.circles, zone.to_datetime(now).date());
    coming
        .iter()
        .filter_map(|coming| Some((coming, *by_id.get(&coming.person)?)))
        .map(|(coming, person)| event(keeper, coming, person, open.get(&person.id).map_or(&[], Vec::as_slice)))
        .collect()
}

fn event(keeper: &Keeper, coming: &Coming, person: &Person, open: &[ReminderState]) -> Result<Event, StoreError> {
    let name = view::name(keeper, person)?;
    let open = match coming.kind {
        Kind::Reminder => open,
        Kind::Due | Kind::Birthday | Kind::Noted(_) => &[],
    };
    let (about, words) = (open.first().and_then(|state| state.reminder.kind), words(open));
    let (mut label, mut company) = (String::new(), None);
    if let Kind::Noted(noted) = coming.kind {
        let accounts = Accounts::of(keeper, person)?;
        let shown = portrait(person.id, &accounts.all, &accounts.own, accounts.region);
        label = labels(&accounts.all, noted).join(", ");
        company = shown.organizations.into_iter().next();
    }
    let company = company.as_deref();
    let told = Told { name: &name, about, words: &words, born: person.birthday, label: &label, company };
    Ok(Event::of(coming, told))
}

/// What reminders say, a line each, and nothing twice.
fn words(open: &[ReminderState]) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in open.iter().flat_map(|state| state.reminder.reasons.iter().chain(&state.reminder.step)) {
        if !lines.contains(&line.as_str()) {
            lines.push(line);
        }
    }
    lines.join("\n")
}

/// When each of those began where they work of whom the plan would say so: chosen, or really written to.
fn began(keeper: &Keeper, people: &[Person]) -> Result<BTreeMap<PersonId, NotedDay>, StoreError> {
    let is_close = |person: &Person| person.is_correspondent() || keeper.book().words().is_chosen(&person.records());
    let mut found = BTreeMap::new();
    for person in people.iter().filter(|person| is_close(person)) {
        found.extend(work::began(keeper, person)?.map(|began| (person.id, began)));
    }
    Ok(found)
}

fn open(keeper: &Keeper, config: &Config, now: Timestamp) -> Open {
    let reminders = open_reminders(keeper, now, &config.zone());
    let book = keeper.book();
    let mut open = Open::new();
    for state in reminders {
        if let Some(record) = state.reminder.record {
            open.entry(book.person_id(&record)).or_default().push(state);
        }
    }
    open
}
