//! What the API and the reminders read: people put together from book and rows.
//!
//! Nothing here writes. The book is held for one person at a time, so that a long export never makes the keeper wait.

pub mod accounts;
pub mod appointments;
pub mod balance;
mod changes;
pub mod company;
pub mod event;
pub mod export;
pub mod giving;
pub mod owner;
pub mod planning;
pub mod review;
pub mod threads;
pub mod undone;
pub mod why;
pub mod words;
pub mod work;

use jiff::tz::TimeZone;
use kith_core::book::people::Person;
use kith_core::fold::Rows as _;
use kith_core::id::RecordId;
use kith_core::normalize::spellings;
use kith_core::plan::Circle;
use kith_core::portrait::portrait;
use kith_core::row::Gist;
use kith_proto::api;
use kith_proto::interaction::{Direction, InteractionKind, Role};

use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view::accounts::Accounts;

/// How many interactions are shown of a person.
const INTERACTIONS_SHOWN: usize = 20;

/// Of how many who could be meant the names are read.
const NAMES_READ: usize = 50;

/// Who is meant by what the user typed.
#[derive(Debug)]
pub enum Meant {
    /// One person, by this record of theirs: what is said hangs on it.
    One(Box<Person>, RecordId),
    /// Nobody.
    Nobody,
    /// Several: the likeliest first.
    Several(Vec<Person>),
}

/// Returns who is meant: an id, the beginning of one, an address, a name or words of it.
///
/// Of several, those are meant whose name it is a word of, and of them the one whose whole name it is.
///
/// # Errors
/// When the store cannot be read.
pub fn meant(keeper: &Keeper, text: &str) -> Result<Meant, StoreError> {
    if let Ok(id) = text.parse::<RecordId>() {
        return Ok(keeper.book().person(&id).map_or(Meant::Nobody, |person| Meant::One(Box::new(person), id)));
    }
    let mut found = keeper.book().meant(text);
    let one = match found.len() {
        0 => return Ok(Meant::Nobody),
        1 => found.pop(),
        _ => of_that_name(keeper, &found, text)?.or_else(|| only_person(&found)),
    };
    Ok(match one {
        Some(person) => {
            let record = keeper.book().record_meant(&person, text);
            Meant::One(Box::new(person), record)
        }
        None => Meant::Several(found),
    })
}

/// Returns the one of several who is a person, where the others are organisations.
fn only_person(several: &[Person]) -> Option<Person> {
    let mut people = several.iter().filter(|found| found.listed);
    people.next().filter(|_| people.next().is_none()).cloned()
}

/// Returns the one of several whose whole name it is: as it is written, else in one of its spellings.
fn of_that_name(keeper: &Keeper, several: &[Person], text: &str) -> Result<Option<Person>, StoreError> {
    let wanted = spellings(text);
    let (mut written, mut spelled) = (Vec::new(), Vec::new());
    let people = several.iter().filter(|found| found.listed).take(NAMES_READ);
    for person in people.chain(several.iter().filter(|found| !found.listed).take(NAMES_READ)) {
        let names = spellings(&name(keeper, person)?);
        if names.first() == wanted.first() {
            written.push(person);
        } else if names.iter().any(|name| wanted.contains(name)) {
            spelled.push(person);
        }
    }
    let only = |named: &[&Person]| if let [person] = named { Some((*person).clone()) } else { None };
    Ok(if written.is_empty() { only(&spelled) } else { only(&written) })
}

/// Returns the person's name.
///
/// # Errors
/// When the store cannot be read.
pub fn name(keeper: &Keeper, person: &Person) -> Result<String, StoreError> {
    Ok(shown(keeper, person)?.name)
}

/// Returns a person for a list.
///
/// # Errors
/// When the store cannot be read.
pub fn summary(keeper: &Keeper, person: &Person) -> Result<api::PersonSummary, StoreError> {
    let shown = shown(keeper, person)?;
    Ok(api::PersonSummary {
        id: shown.id,
        name: shown.name,
        kind: shown.kind,
        what: shown.what,
        headline: shown.headline,
        reach: shown.emails.into_iter().chain(shown.phones).next(),
        circle: keeper.book().words().circle(&person.records()).map(str::to_owned),
        last_interaction: person.last_interaction,
    })
}

/// Returns a person whole.
///
/// # Errors
/// When the store cannot be read.
pub fn person(
    keeper: &Keeper,
    person: &Person,
    circles: &[Circle],
    zone: &TimeZone,
) -> Result<api::Person, StoreError> {
    let accounts = Accounts::of(keeper, person)?;
    let shown = portrait(person.id, &accounts.all, &accounts.own, accounts.region);
    let records = person.records();
    let (circle, snoozed_until, notes, rows) = {
        let book = keeper.book();
        let words = book.words();
        let note = |(fact, at, text): (kith_core::id::FactId, _, &str)| api::NoteItem {
            fact: fact.to_string(),
            at,
            text: text.to_owned(),
        };
        (
            words.circle(&records).map(str::to_owned),
            words.snoozed_until(&records),
            words.notes(&records).into_iter().map(note).collect(),
            book.interactions(person),
        )
    };
    let changes = changes::of(keeper, person)?;
    let reminded = circle.as_deref().filter(|_| person.may_be_reminded_of());
    let next_due = reminded.and_then(|name| planning::next_due(person, name, circles, zone));
    let mut interactions = logged(keeper, &records);
    interactions.extend(accounts::connected(&accounts.all).map(|(_, at)| api::InteractionSummary {
        kind: InteractionKind::InvitationAccepted,
        at: Some(at),
        from_me: None,
        subject: None,
    }));
    let interactions_total = rows.len() + interactions.len();
    for (row, _) in rows.iter().take(INTERACTIONS_SHOWN) {
        interactions.extend(interaction(keeper, *row)?);
    }
    interactions.sort_by_key(|i| core::cmp::Reverse(i.at));
    interactions.truncate(INTERACTIONS_SHOWN);
    Ok(api::Person {
        circle,
        snoozed_until,
        notes,
        next_due,
        changes,
        interactions,
        interactions_total,
        last_interaction: person.last_interaction,
        first_seen: Some(person.first_seen),
        retired: person.retired,
        ..shown
    })
}

/// Returns what stands on a person's cards.
///
/// # Errors
/// When the store cannot be read.
pub fn shown(keeper: &Keeper, person: &Person) -> Result<api::Person, StoreError> {
    let accounts = Accounts::of(keeper, person)?;
    Ok(portrait(person.id, &accounts.all, &accounts.own, accounts.region))
}

fn logged(keeper: &Keeper, records: &[RecordId]) -> Vec<api::InteractionSummary> {
    use kith_core::fact::Said;
    let book = keeper.book();
    let words = book.words();
    let ids: std::collections::BTreeSet<_> = records.iter().flat_map(|record| words.logs(*record)).collect();
    let summary = |id| match words.get(id)? {
        (_, Said::Log { kind, at, text, .. }) => {
            Some(api::InteractionSummary { kind: *kind, at: Some(*at), from_me: None, subject: text.clone() })
        }
        _ => None,
    };
    ids.into_iter().filter_map(summary).collect()
}

fn interaction(keeper: &Keeper, row: kith_core::row::RowNo) -> Result<Option<api::InteractionSummary>, StoreError> {
    use kith_proto::record::Record;
    let Some(row) = keeper.store().row(row)? else { return Ok(None) };
    let Some(version) = accounts::current(&keeper.book(), &row).cloned() else { return Ok(None) };
    let (Gist::Interaction(gist), Ok(Record::Interaction(interaction))) =
        (&version.gist, serde_json::from_str(&version.body))
    else {
        return Ok(None);
    };
    let source = accounts::source_of(&keeper.book(), &row);
    // Of mail the sender says it: others' mail may have been put among the sent.
    let certain = gist.direction.filter(|_| gist.kind != InteractionKind::Mail);
    let told = certain.and_then(|direction| match direction {
        Direction::Outgoing => Some(true),
        Direction::Incoming => Some(false),
        Direction::Unknown => None,
    });
    let sender = gist.participants.iter().find(|p| p.role == Role::From);
    let by_sender =
        sender.map(|p| keeper.book().is_owner(&kith_core::book::facet::participant_record(&source, &p.key)));
    let from_me = told.or(by_sender);
    let subject = interaction.subject.or(interaction.text);
    Ok(Some(api::InteractionSummary { kind: gist.kind, at: interaction.at, from_me, subject }))
}
