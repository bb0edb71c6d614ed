//! Whom an undone import takes along, and who stays because something else lists them too.
//!
//! ```text
//!  before: rows that the import lists ─▶ their people, by records
//!  after:  who of them is still somebody ─▶ what lists them now
//! ```
//!
//! Reads every row, as nothing else keeps what an import lists; an import is seldom undone.

use std::collections::{BTreeMap, BTreeSet};

use kith_core::book::facet::participant_record;
use kith_core::book::people::{MemberKind, Person};
use kith_core::fold::Rows as _;
use kith_core::id::{FactId, RecordId};
use kith_core::row::{Gist, Listing, Row};
use kith_proto::api::StillListed;

use crate::keeper::Keeper;
use crate::store::StoreError;

/// The people of whom an import tells, each by all their records.
#[derive(Debug)]
pub struct Named(Vec<BTreeSet<RecordId>>);

/// What became of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parted {
    /// How many are nobody any more.
    pub gone: u64,
    /// How many stay.
    pub stay: u64,
    /// What lists these, what lists most of them first.
    pub listed_by: Vec<StillListed>,
}

/// Returns the people of whom this import tells; none where it is no import.
///
/// # Errors
/// When the store cannot be read.
pub fn named(keeper: &Keeper, import: &FactId) -> Result<Named, StoreError> {
    let no = {
        let book = keeper.book();
        let imports = book.imports();
        // What lists an earlier import's records again has none of its own.
        let root = imports.number(import).and_then(|no| imports.get(no)).and_then(|row| row.same_as.clone());
        imports.number(&root.unwrap_or_else(|| import.clone()))
    };
    let mut people: BTreeMap<RecordId, BTreeSet<RecordId>> = BTreeMap::new();
    let Some(no) = no else { return Ok(Named(Vec::new())) };
    keeper.store().scan(&mut |_, row| {
        let Some(listing) = row.listings.iter().find(|listing| listing.import == no) else { return };
        let book = keeper.book();
        for record in records(keeper, row, listing) {
            if let Some(person) = book.person(&record).filter(|person| person.listed) {
                people.entry(person.id).or_insert_with(|| person.records().into_iter().collect());
            }
        }
    })?;
    Ok(Named(people.into_values().collect()))
}

/// Returns what became of these people, after the import was undone.
///
/// # Errors
/// When the store cannot be read.
pub fn parted(keeper: &Keeper, Named(before): &Named) -> Result<Parted, StoreError> {
    let mut parted = Parted::default();
    // Which of those who stay a record is of.
    let mut staying: BTreeMap<RecordId, usize> = BTreeMap::new();
    let mut listed_by: BTreeMap<Option<FactId>, (String, BTreeSet<usize>)> = BTreeMap::new();
    for (index, records) in before.iter().enumerate() {
        let now: Vec<Person> = {
            let book = keeper.book();
            records.iter().filter_map(|record| book.person(record)).filter(|person| person.listed).collect()
        };
        if now.is_empty() {
            parted.gone += 1;
            continue;
        }
        parted.stay += 1;
        for member in now.iter().flat_map(|person| &person.members) {
            staying.insert(member.record, index);
            if member.kind == MemberKind::Manual {
                listed_by.entry(None).or_default().1.insert(index);
            }
        }
    }
    if parted.stay > 0 {
        keeper.store().scan(&mut |_, row| {
            for listing in row.listings.iter().filter(|listing| listing.hash.is_some()) {
                let standing = {
                    let book = keeper.book();
                    let row = book.imports().standing_for(listing.import).next();
                    row.map(|row| (row.id.clone(), row.begin.path.clone()))
                };
                let Some((import, path)) = standing else { continue };
                let people = records(keeper, row, listing).into_iter().filter_map(|record| staying.get(&record));
                let mut people = people.peekable();
                if people.peek().is_some() {
                    listed_by.entry(Some(import)).or_insert_with(|| (path, BTreeSet::new())).1.extend(people);
                }
            }
        })?;
    }
    parted.listed_by = listed_by.into_iter().map(still_listed).collect();
    parted.listed_by.sort_by_key(|listed| core::cmp::Reverse(listed.people));
    Ok(parted)
}

fn still_listed((import, (path, people)): (Option<FactId>, (String, BTreeSet<usize>))) -> StillListed {
    StillListed { import: import.map(|id| id.to_string()), path, people: people.len() as u64 }
}

/// Returns the records of people in what an import lists: the card, or those who took part.
fn records(keeper: &Keeper, row: &Row, listing: &Listing) -> Vec<RecordId> {
    let gist = listing.hash.and_then(|hash| row.version(&hash)).map(|version| &version.gist);
    match gist {
        Some(Gist::Card(_)) => vec![row.id],
        Some(Gist::Interaction(gist)) => {
            let book = keeper.book();
            let import = book.imports().get(listing.import);
            let part = import.and_then(|import| import.parts.get(usize::from(listing.part)));
            let Some(part) = part else { return Vec::new() };
            gist.participants.iter().map(|p| participant_record(&part.source, &p.key)).collect()
        }
        Some(Gist::Bulk(_) | Gist::Unknown) | None => Vec::new(),
    }
}
