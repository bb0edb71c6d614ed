//! Who is new, changed or gone in an import, by name, for its report.

use kith_core::book::Known;
use kith_core::change::{Change, called, changes};
use kith_core::fold::Rows as _;
use kith_core::normalize::display_name;
use kith_core::row::card;
use kith_proto::api::{RecordChange, RecordChangeKind};
use kith_proto::card::Card;

use crate::keeper::Report;
use crate::store::{Store, StoreError};

/// How many cards a report lists.
const LISTED: usize = 1_000;

/// Notes a card that was not known.
pub(super) fn new(report: &mut Report, body: &str) {
    report.new_cards += 1;
    if report.changes.len() >= LISTED {
        report.changes_left_out += 1;
    } else if let Some(card) = card(body) {
        list(report, RecordChangeKind::New, &card, Vec::new());
    }
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
