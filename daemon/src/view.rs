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
pub mod introductions;
mod meant;
pub mod owner;
pub mod planning;
pub mod review;
pub mod threads;
pub mod undone;
pub mod why;
pub mod words;
pub mod work;

use jiff::tz::TimeZone;
use kith_core::book::facet::participant_record;
use kith_core::book::people::Person;
use kith_core::id::{PersonId, RecordId};
use kith_core::plan::Circle;
use kith_core::portrait::portrait;
use kith_core::row::Gist;
use kith_proto::api;
use kith_proto::interaction::{Direction, Interaction, InteractionKind, Role};

use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view::accounts::Accounts;
pub use crate::view::meant::{Meant, called, called_in, meant};

/// How many interactions are shown of a person.
const INTERACTIONS_SHOWN: usize = 20;

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
    let (circle, cadence, next_due, snoozed_until, muted, notes, rows) = {
        let book = keeper.book();
        let words = book.words();
        let note = |(fact, at, text): (kith_core::id::FactId, _, &str)| api::NoteItem {
            fact: fact.to_string(),
            at,
            text: text.to_owned(),
        };
        (
            words.circle(&records).map(str::to_owned),
            words.giving().cadence(&records).map(|cadence| cadence.to_string()),
            planning::next_due(&book, person, circles, zone),
            words.put_off(&records).until(),
            words.giving().is_muted(&records),
            words.notes(&records).into_iter().map(note).collect(),
            book.interactions(person),
        )
    };
    let changes = changes::of(keeper, person)?;
    let mut interactions = logged(keeper, &records);
    interactions.extend(accounts::connected(&accounts.all).map(|(_, at)| api::InteractionSummary {
        kind: InteractionKind::InvitationAccepted,
        at: Some(at),
        from_me: None,
        author: None,
        subject: None,
    }));
    let interactions_total = rows.len() + interactions.len();
    for (row, _) in rows.iter().take(INTERACTIONS_SHOWN) {
        interactions.extend(interaction(keeper, *row, person.id)?);
    }
    interactions.sort_by_key(|i| core::cmp::Reverse(i.at));
    interactions.truncate(INTERACTIONS_SHOWN);
    Ok(api::Person {
        circle,
        cadence,
        snoozed_until,
        muted,
        notes,
        next_due: next_due.filter(|_| person.may_be_reminded_of() && !muted),
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
            let (at, subject) = (Some(*at), text.clone());
            Some(api::InteractionSummary { kind: *kind, at, from_me: None, author: None, subject })
        }
        _ => None,
    };
    ids.into_iter().filter_map(summary).collect()
}

/// Returns the interaction of a row as it is shown of one who took part in it.
fn interaction(
    keeper: &Keeper,
    row: kith_core::row::RowNo,
    of: PersonId,
) -> Result<Option<api::InteractionSummary>, StoreError> {
    use kith_proto::record::Record;
    let Some(row) = keeper.row(row)? else { return Ok(None) };
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
    let sender = sender.map(|p| participant_record(&source, &p.key));
    let from_me = told.or(sender.map(|record| keeper.book().is_owner(&record)));
    let author = match sender.filter(|record| from_me == Some(false) && keeper.book().person_id(record) != of) {
        Some(record) => author(keeper, &record, &interaction)?,
        None => None,
    };
    let subject = interaction.subject.or(interaction.text);
    Ok(Some(api::InteractionSummary { kind: gist.kind, at: interaction.at, from_me, author, subject }))
}

/// Returns the name of who wrote it, as they are known, else as it is written there.
fn author(keeper: &Keeper, record: &RecordId, interaction: &Interaction) -> Result<Option<String>, StoreError> {
    let person = keeper.book().person(record);
    let known = person.map(|person| name(keeper, &person)).transpose()?;
    let sender = interaction.participants.iter().find(|participant| participant.role == Role::From);
    let written = sender.and_then(|sender| sender.name.clone().or_else(|| sender.email.clone()));
    Ok(known.filter(|name| !name.trim().is_empty()).or(written))
}
