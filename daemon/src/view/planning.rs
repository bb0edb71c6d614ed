//! What the plan is made from: those in a circle, those with a birthday, those the owner really writes to.

use std::collections::BTreeMap;

use jiff::civil;
use jiff::tz::TimeZone;
use kith_core::book::people::Person;
use kith_core::id::RecordId;
use kith_core::plan::suggest::Correspondent;
use kith_core::plan::{Candidate, Circle};
use kith_core::portrait::{first_name, portrait};
use kith_proto::date::PartialDate;

use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view::accounts::Accounts;

/// How many days a birthday may lie back and still be mentioned.
const BIRTHDAY_DAYS: i32 = 8;

/// How many correspondents are looked at for a proposal.
const CORRESPONDENTS: usize = 50;

/// Returns everyone whom a plan of this day could mention: those in a circle, and those with a birthday in the days before.
///
/// # Errors
/// When the store cannot be read.
pub fn candidates(keeper: &Keeper, today: civil::Date) -> Result<Vec<Candidate>, StoreError> {
    let people: BTreeMap<RecordId, Person> = {
        let book = keeper.book();
        let in_circles = book.words().in_circles().filter_map(|record| book.person(&record));
        let born = book.with_birthday(|birthday| lately(birthday, today));
        in_circles.chain(born).filter(Person::may_be_reminded_of).map(|p| (p.id, p)).collect()
    };
    people.values().map(|person| candidate(keeper, person)).collect()
}

/// Returns those the owner really writes to, in no circle, whose proposal was not declined.
///
/// # Errors
/// When the store cannot be read.
pub fn correspondents(keeper: &Keeper) -> Result<Vec<Correspondent>, StoreError> {
    let people: Vec<(Person, Vec<i64>)> = {
        let book = keeper.book();
        let free = |p: &Person| {
            let records = p.records();
            book.words().circle(&records).is_none() && !book.words().declined(&records)
        };
        let free = book.correspondents().into_iter().filter(free).take(CORRESPONDENTS);
        let contacts = |p: &Person| book.interactions(p).into_iter().filter_map(|(_, at)| at).collect();
        free.map(|p| (contacts(&p), p)).map(|(contacts, p)| (p, contacts)).collect()
    };
    let mut found = Vec::new();
    for (person, contacts) in people.into_iter().filter(|(person, _)| person.last_interaction.is_some()) {
        let name = crate::view::name(keeper, &person)?;
        let contacts = contacts.into_iter().filter_map(|seconds| jiff::Timestamp::from_second(seconds).ok()).collect();
        found.push(Correspondent {
            record: person.id,
            name,
            written: person.sent,
            received: person.received,
            contacts,
        });
    }
    Ok(found)
}

/// Returns the day on which a person of this circle is due.
#[must_use]
pub fn next_due(person: &Person, circle: &str, circles: &[Circle], zone: &TimeZone) -> Option<civil::Date> {
    let circle = circles.iter().find(|c| c.name == circle)?;
    let since = person.last_interaction.unwrap_or(person.first_seen).to_zoned(zone.clone()).date();
    Some(circle.cadence.after(since))
}

fn candidate(keeper: &Keeper, person: &Person) -> Result<Candidate, StoreError> {
    let accounts = Accounts::of(keeper, person)?;
    let shown = portrait(person.id, &accounts.all, &accounts.own, accounts.region);
    let book = keeper.book();
    let records = person.records();
    Ok(Candidate {
        record: person.id,
        first_name: first_name(&accounts.all, &shown.name),
        name: shown.name,
        circle: book.words().circle(&records).map(str::to_owned),
        last_interaction: person.last_interaction,
        first_seen: person.first_seen,
        birthday: person.birthday,
        snoozed_until: book.words().snoozed_until(&records),
        organization: shown.organizations.into_iter().next(),
        last_subject_kind: book.last_kind(person),
    })
}

fn lately(birthday: PartialDate, today: civil::Date) -> bool {
    let (Some(month), Some(day)) = (birthday.month(), birthday.day()) else { return false };
    let on = |year: i16| civil::Date::new(year, month, day).or_else(|_| civil::Date::new(year, month, 28)).ok();
    let days = |date: civil::Date| today.since(date).map_or(i32::MAX, |span| span.get_days());
    [today.year(), today.year() - 1].into_iter().filter_map(on).any(|date| (0..=BIRTHDAY_DAYS).contains(&days(date)))
}
