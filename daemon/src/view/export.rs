//! The export: every person, and every interaction, one object a line; or every person as a vCard.

use jiff::Timestamp;
use kith_core::book::facet::participant_record;
use kith_core::id::RecordId;
use kith_core::portrait::{Account, portrait};
use kith_core::row::{Gist, RowNo};
use kith_core::unite::unite;
use kith_core::vcard::write_card;
use kith_proto::api::{ExportInteraction, ExportPerson};
use kith_proto::interaction::{InteractionKind, Role};

use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view::accounts::{Accounts, connected, current, source_of};

/// Returns the ids of everyone to export, in order.
#[must_use]
pub fn people(keeper: &Keeper) -> Vec<RecordId> {
    let mut ids: Vec<RecordId> = keeper.book().people().map(|person| person.id).collect();
    ids.sort_unstable();
    ids
}

/// Returns the rows of all interactions to export.
#[must_use]
pub fn interactions(keeper: &Keeper) -> Vec<RowNo> {
    let mut rows: Vec<RowNo> = keeper.book().all_interactions().collect();
    rows.sort_unstable();
    rows
}

/// Returns a person's line; `None` when the person is gone by now.
///
/// # Errors
/// When the store cannot be read.
pub fn person(keeper: &Keeper, id: &RecordId) -> Result<Option<ExportPerson>, StoreError> {
    let Some(person) = keeper.book().person(id) else { return Ok(None) };
    let accounts = Accounts::of(keeper, &person)?;
    let shown = portrait(person.id, &accounts.all, &accounts.own, accounts.region);
    let mut records = shown.records;
    records.sort();
    Ok(Some(ExportPerson {
        id: shown.id,
        name: shown.name,
        kind: shown.kind,
        emails: shown.emails,
        phones: shown.phones,
        profiles: shown.profiles,
        organizations: shown.organizations,
        circle: keeper.book().words().circle(&person.records()).map(str::to_owned),
        last_interaction: person.last_interaction,
        records,
    }))
}

/// Returns a person's vCard, all their records united in it; `None` when the person is gone by now.
///
/// A photo that is not on this device (a ledger that file sync brings may lack it yet) is left out.
///
/// # Errors
/// When the store cannot be read.
pub fn vcard(keeper: &Keeper, id: &RecordId) -> Result<Option<String>, StoreError> {
    let Some(person) = keeper.book().person(id) else { return Ok(None) };
    let accounts = Accounts::of(keeper, &person)?;
    let shown = portrait(person.id, &accounts.all, &accounts.own, accounts.region);
    let card = unite(&shown, &person.records(), &accounts.all, &accounts.own, accounts.region);
    let photo = card.photo.as_ref().map(|hash| keeper.photo(hash)).transpose();
    let photo = photo.unwrap_or_else(|error| {
        tracing::warn!(%error, "photo not readable");
        None
    });
    Ok(Some(write_card(&card, photo.as_deref())))
}

/// Returns a line for each account that tells when the owner and the person became connected.
///
/// # Errors
/// When the store cannot be read.
pub fn connections(keeper: &Keeper, id: &RecordId) -> Result<Vec<ExportInteraction>, StoreError> {
    let Some(person) = keeper.book().person(id) else { return Ok(Vec::new()) };
    let accounts = Accounts::of(keeper, &person)?;
    let line = |(account, at): (&Account, Timestamp)| ExportInteraction {
        interaction: RecordId::new(&format!("{}/connected", account.origin.source), &account.origin.key).to_string(),
        kind: InteractionKind::InvitationAccepted,
        key: account.origin.key.clone(),
        at: Some(at),
        from: None,
        to: vec![person.id.to_string()],
    };
    Ok(connected(&accounts.all).map(line).collect())
}

/// Returns an interaction's line; `None` when it is gone by now.
///
/// # Errors
/// When the store cannot be read.
pub fn interaction(keeper: &Keeper, row: RowNo) -> Result<Option<ExportInteraction>, StoreError> {
    let Some(row) = keeper.row(row)? else { return Ok(None) };
    let book = keeper.book();
    let Some(Gist::Interaction(gist)) = current(&book, &row).map(|version| &version.gist) else { return Ok(None) };
    let source = source_of(&book, &row);
    let person = |key: &str| book.person_id(&participant_record(&source, key)).to_string();
    let from = gist.participants.iter().find(|p| p.role == Role::From).map(|p| person(&p.key));
    let mut to: Vec<String> =
        gist.participants.iter().filter(|p| p.role != Role::From).map(|p| person(&p.key)).collect();
    to.sort_unstable();
    to.dedup();
    Ok(Some(ExportInteraction {
        interaction: row.id.to_string(),
        kind: gist.kind,
        key: row.key.clone(),
        at: gist.at.and_then(|seconds| Timestamp::from_second(seconds).ok()),
        from,
        to,
    }))
}
