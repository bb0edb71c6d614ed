//! Threads that wait for the owner's answer, as they are shown.

use kith_core::book::threads::Waiting;
use kith_core::row::RowNo;
use kith_proto::api;
use kith_proto::record::Record;

use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view::accounts::current;

/// Returns the threads that wait for the owner's answer, the newest first.
///
/// # Errors
/// When the store cannot be read.
pub fn waiting(keeper: &Keeper) -> Result<Vec<api::WaitingThread>, StoreError> {
    let waiting = keeper.book().waiting();
    waiting.iter().map(|waiting| shown(keeper, waiting)).collect()
}

/// Returns the subject line of the message in a row.
///
/// # Errors
/// When the store cannot be read.
pub fn subject(keeper: &Keeper, row: RowNo) -> Result<Option<String>, StoreError> {
    let Some(row) = keeper.row(row)? else { return Ok(None) };
    let book = keeper.book();
    let body = current(&book, &row).map(|version| version.body.as_str());
    Ok(match body.map(serde_json::from_str) {
        Some(Ok(Record::Interaction(interaction))) => interaction.subject,
        Some(Ok(Record::Card(_) | Record::Bulk(_)) | Err(_)) | None => None,
    })
}

fn shown(keeper: &Keeper, waiting: &Waiting) -> Result<api::WaitingThread, StoreError> {
    let person = keeper.book().person(&waiting.person);
    let name = person.map(|person| crate::view::name(keeper, &person)).transpose()?.unwrap_or_default();
    let key = keeper.row(waiting.row)?.map(|row| row.key).unwrap_or_default();
    Ok(api::WaitingThread {
        person: waiting.person.to_string(),
        key,
        since: waiting.since,
        subject: subject(keeper, waiting.row)?,
        name,
        message: waiting.message.to_string(),
        known: waiting.known,
        often: waiting.often,
    })
}
