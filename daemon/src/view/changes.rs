//! What the sources showed to be new about a person, from one export to the next.

use jiff::Timestamp;
use kith_core::book::Book;
use kith_core::book::imports::Rank;
use kith_core::book::people::{Member, MemberKind, Person};
use kith_core::change::{called, changes};
use kith_core::fold::Rows as _;
use kith_core::row::{ContentHash, Row, card};
use kith_proto::api;
use kith_proto::card::Card;

use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view::accounts::source_of;

/// How many changes are shown.
const SHOWN: usize = 20;

/// Returns what was new about a person, the newest first.
///
/// # Errors
/// When the store cannot be read.
pub(super) fn of(keeper: &Keeper, person: &Person) -> Result<Vec<api::Change>, StoreError> {
    let mut found = Vec::new();
    let is_card = |member: &&Member| member.kind == MemberKind::Card;
    for row in person.members.iter().filter(is_card).filter_map(|member| member.row) {
        if let Some(row) = keeper.store().row(row)? {
            found.extend(of_row(&keeper.book(), &row));
        }
    }
    found.sort_by(|a, b| b.seen.cmp(&a.seen).then_with(|| a.text.cmp(&b.text)));
    found.dedup_by(|a, b| a.text == b.text);
    found.truncate(SHOWN);
    Ok(found)
}

/// Compares the contents that count, in the order of their snapshots.
fn of_row(book: &Book, row: &Row) -> Vec<api::Change> {
    let mut listed: Vec<(Rank, ContentHash)> = row
        .listings
        .iter()
        .filter_map(|listing| Some((book.imports().rank(listing.import, listing.part, None)?, listing.hash?)))
        .collect();
    listed.sort_unstable();
    listed.dedup_by_key(|(_, hash)| *hash);
    if listed.len() < 2 {
        return Vec::new();
    }
    let source = source_of(book, row);
    let contents: Vec<(Rank, Card)> =
        listed.into_iter().filter_map(|(rank, hash)| Some((rank, card(&row.version(&hash)?.body)?))).collect();
    let pairs =
        contents.windows(2).filter_map(|pair| if let [before, after] = pair { Some((before, after)) } else { None });
    pairs
        .flat_map(|((_, before), ((seen_ms, ..), after))| {
            let seen = Timestamp::from_millisecond(*seen_ms).unwrap_or_default();
            changes(before, after).into_iter().map(move |change| (seen, change.words(&called(after))))
        })
        .map(|(seen, text)| api::Change { seen, text, source: source.clone() })
        .collect()
}
