//! What the plan is made from: those in a circle, those with a birthday, those to whom the owner owes a word, those the
//! owner really writes to.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, civil};
use kith_core::book::Book;
use kith_core::book::people::Person;
use kith_core::book::threads::Waiting;
use kith_core::fact::Stage;
use kith_core::id::{PersonId, RecordId};
use kith_core::plan::suggest::Correspondent;
use kith_core::plan::{Candidate, Circle, Introducing, Promised, Unanswered};
use kith_core::portrait::{first_name, portrait};
use kith_proto::date::PartialDate;

use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view::accounts::Accounts;
use crate::view::{changes, threads};

/// How many days a birthday may lie back and still be mentioned.
const BIRTHDAY_DAYS: i32 = 8;

/// How many days ahead a birthday may be told at most.
pub const LEAD_DAYS_AT_MOST: i32 = 60;

/// How many days back a message may have come that waits for an answer, to be in a plan.
const WAITING_DAYS: i32 = 60;

/// How many days a promise without a day has.
const PROMISED_FOR_DAYS: i32 = 7;

/// How many correspondents are looked at for a proposal.
const CORRESPONDENTS: usize = 50;

/// The civil days of a plan or of several: whose birthday may be mentioned.
#[derive(Debug, Clone, Copy)]
pub struct Days {
    /// The first.
    pub first: civil::Date,
    /// The last.
    pub last: civil::Date,
}

/// What is open between the owner and people, by person.
#[derive(Debug, Default)]
struct Open {
    promises: BTreeMap<PersonId, Vec<Promised>>,
    waiting: BTreeMap<PersonId, Waiting>,
    introductions: BTreeMap<PersonId, (PersonId, Stage, civil::Date)>,
    needs: BTreeMap<PersonId, String>,
    /// Whom the owner really writes to, in no circle.
    correspondents: BTreeSet<PersonId>,
}

/// Returns everyone whom a plan of these days could mention: those in a circle, with a birthday, with something open between
/// them and the owner, and those whom the owner really wrote to once.
///
/// # Errors
/// When the store cannot be read.
pub fn candidates(keeper: &Keeper, days: Days, zone: &TimeZone) -> Result<Vec<Candidate>, StoreError> {
    let (people, open) = {
        let book = keeper.book();
        let open = open(&book, days.last, zone);
        let in_circles = book.words().in_circles().filter_map(|record| book.person(&record));
        let born = book.with_birthday(|birthday| falls(birthday, days));
        let ids = open.promises.keys().chain(open.waiting.keys()).chain(open.introductions.keys());
        let others = ids.chain(&open.correspondents).filter_map(|id| book.person(id));
        let wanted =
            |person: &Person| person.may_be_reminded_of() && !book.words().giving().is_muted(&person.records());
        let people = in_circles.chain(born).chain(others).filter(wanted);
        (people.map(|p| (p.id, p)).collect::<BTreeMap<RecordId, Person>>(), open)
    };
    people.values().map(|person| candidate(keeper, person, &open, zone)).collect()
}

/// Returns what a plan would know of one person, whoever they are.
///
/// # Errors
/// When the store cannot be read.
pub fn of(keeper: &Keeper, person: &Person, today: civil::Date, zone: &TimeZone) -> Result<Candidate, StoreError> {
    let open = open(&keeper.book(), today, zone);
    candidate(keeper, person, &open, zone)
}

/// What waits for longest of the last weeks counts, for one answer leads to the next.
fn open(book: &Book, today: civil::Date, zone: &TimeZone) -> Open {
    let mut open = Open::default();
    let giving = book.words().giving();
    let date = |at: Timestamp| zone.to_datetime(at).date();
    for (_, promise) in giving.promises() {
        let due = promise.due.unwrap_or_else(|| date(promise.at).saturating_add(PROMISED_FOR_DAYS.days()));
        let promised = Promised { text: promise.text.clone(), due };
        open.promises.entry(book.person_id(&promise.record)).or_default().push(promised);
    }
    let lately = today.checked_sub(WAITING_DAYS.days()).unwrap_or(civil::Date::MIN);
    for waiting in book.waiting().into_iter().filter(|waiting| waiting.known && date(waiting.since) >= lately) {
        open.waiting.insert(waiting.person, waiting);
    }
    for ((a, b), progress) in giving.introductions() {
        open.introductions.insert(book.person_id(&a), (book.person_id(&b), progress.stage, date(progress.at)));
    }
    for (_, need) in giving.needs().filter(|(_, need)| !need.proposed) {
        if let Some(record) = need.record {
            open.needs.insert(book.person_id(&record), need.text);
        }
    }
    let words = book.words();
    let free = |p: &Person| words.circle(&p.records()).is_none() && !words.declined(&p.records());
    open.correspondents = book.correspondents().iter().filter(|p| free(p)).take(CORRESPONDENTS).map(|p| p.id).collect();
    open
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
        let contacts = contacts.into_iter().filter_map(|seconds| Timestamp::from_second(seconds).ok()).collect();
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

fn candidate(keeper: &Keeper, person: &Person, open: &Open, zone: &TimeZone) -> Result<Candidate, StoreError> {
    let accounts = Accounts::of(keeper, person)?;
    let shown = portrait(person.id, &accounts.all, &accounts.own, accounts.region);
    let records = person.records();
    let date = |at: Timestamp| zone.to_datetime(at).date();
    let waiting = open.waiting.get(&person.id).map(|waiting| unanswered(keeper, waiting, zone)).transpose()?;
    let introduction = match open.introductions.get(&person.id) {
        Some((other, stage, since)) => introducing(keeper, other, *stage, *since)?,
        None => None,
    };
    let correspondent = open.correspondents.contains(&person.id);
    let circle = keeper.book().words().circle(&records).map(str::to_owned);
    let news = if circle.is_some() || correspondent { changes::of_job(keeper, person)? } else { None };
    let book = keeper.book();
    Ok(Candidate {
        record: person.id,
        first_name: first_name(&accounts.all, &shown.name),
        name: shown.name,
        circle,
        last_interaction: person.last_interaction,
        first_seen: person.first_seen,
        birthday: person.birthday,
        snoozed_until: book.words().snoozed_until(&records),
        organization: shown.organizations.into_iter().next(),
        last_subject_kind: book.last_kind(person),
        promises: open.promises.get(&person.id).cloned().unwrap_or_default(),
        waiting,
        introduction,
        news: news.map(|(seen, text)| (date(seen), text)),
        need: open.needs.get(&person.id).cloned(),
        correspondent,
    })
}

fn unanswered(keeper: &Keeper, waiting: &Waiting, zone: &TimeZone) -> Result<Unanswered, StoreError> {
    let subject = threads::subject(keeper, waiting.row)?;
    Ok(Unanswered { since: zone.to_datetime(waiting.since).date(), subject, kind: waiting.kind })
}

fn introducing(
    keeper: &Keeper,
    other: &PersonId,
    stage: Stage,
    since: civil::Date,
) -> Result<Option<Introducing>, StoreError> {
    let Some(other) = keeper.book().person(other) else { return Ok(None) };
    Ok(Some(Introducing { other: crate::view::name(keeper, &other)?, stage, since }))
}

/// Whether a birthday falls on one of these days, on one shortly before, or on one that is told ahead.
fn falls(birthday: PartialDate, days: Days) -> bool {
    let (Some(month), Some(day)) = (birthday.month(), birthday.day()) else { return false };
    let on = |year: i16| civil::Date::new(year, month, day).or_else(|_| civil::Date::new(year, month, 28)).ok();
    let first = days.first.saturating_sub(BIRTHDAY_DAYS.days());
    let last = days.last.saturating_add(LEAD_DAYS_AT_MOST.days());
    (first.year()..=last.year()).filter_map(on).any(|date| (first..=last).contains(&date))
}
