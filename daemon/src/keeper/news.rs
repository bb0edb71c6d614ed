//! Who is new, changed or gone in an import, by name, for its report.

use kith_core::book::{Book, Known};
use kith_core::change::{Change, called, changes};
use kith_core::fold::Rows as _;
use kith_core::id::RecordId;
use kith_core::normalize::display_name;
use kith_core::row::card;
use kith_core::uid::{CardUid, SCHEME as UID_SCHEME};
use kith_proto::api::{RecordChange, RecordChangeKind};
use kith_proto::card::Card;

use crate::keeper::Report;
use crate::store::{Store, StoreError};

/// How many cards a report lists.
const LISTED: usize = 1_000;

/// Notes a card that was not known. One that kith itself wrote of somebody who is known is nobody new.
pub(super) fn new(report: &mut Report, body: &str, book: &Book) {
    let card = (body.contains(UID_SCHEME) || report.changes.len() < LISTED).then(|| card(body)).flatten();
    if card.as_ref().is_some_and(|card| is_known(card, book)) {
        return;
    }
    report.new_cards += 1;
    match card {
        Some(card) => list(report, RecordChangeKind::New, &card, Vec::new()),
        None => report.changes_left_out += u64::from(report.changes.len() >= LISTED),
    }
}

fn is_known(card: &Card, book: &Book) -> bool {
    let uid = card.uid.as_deref().and_then(CardUid::parse);
    uid.is_some_and(|uid| uid.records().any(|record| book.person(&record).is_some()))
}

/// Returns how many of the records that were not known are of people who were.
pub(super) fn joined(report: &Report, book: &Book) -> u64 {
    let no = report.import.as_ref().and_then(|import| book.imports().number(import));
    let Some(begun) = no.and_then(|no| book.imports().get(no)).map(|row| row.at.timestamp()) else { return 0 };
    let was_known = |record: &&RecordId| book.person(record).is_some_and(|person| person.first_seen < begun);
    report.new_records.iter().filter(was_known).count() as u64
}

/// Notes a card that was known with another content.
pub(super) fn changed(report: &mut Report, known: &Known, body: &str, store: &Store) -> Result<(), StoreError> {
    let Some(after) = card(body) else { return Ok(()) };
    let before = before(known, store)?;
    let found = before.map_or_else(Vec::new, |before| changes(&before, &after));
    if found.iter().any(Change::is_of_job) {
        report.moved += 1;
    }
    let news = found.iter().map(|change| change.words(&called(&after))).collect();
    list(report, RecordChangeKind::Changed, &after, news);
    Ok(())
}

/// Notes a card that its source no longer lists.
pub(super) fn retired(report: &mut Report, known: &Known, store: &Store) -> Result<(), StoreError> {
    report.retired += 1;
    if report.changes.len() >= LISTED {
        report.changes_left_out += 1;
    } else if let Some(card) = before(known, store)? {
        list(report, RecordChangeKind::Retired, &card, Vec::new());
    }
    Ok(())
}

fn list(report: &mut Report, what: RecordChangeKind, card: &Card, news: Vec<String>) {
    if report.changes.len() < LISTED {
        report.changes.push(RecordChange { what, name: display_name(card), news });
    } else {
        report.changes_left_out += 1;
    }
}

/// Returns the content that counted until now.
fn before(known: &Known, store: &Store) -> Result<Option<Card>, StoreError> {
    let row = store.row(known.row)?;
    Ok(row.and_then(|row| card(&row.version(&known.hash)?.body)))
}
