//! Which records a folder read in place no longer has, when files of it are gone.

use std::collections::BTreeSet;

use kith_core::book::imports::Imports;
use kith_core::fold::Rows as _;
use kith_core::row::{Listing, Row};
use kith_proto::card::CardKind;
use kith_proto::emit::{Completeness, Part};

use crate::keeper::Keeper;
use crate::store::StoreError;

/// A record that a folder no longer has.
#[derive(Debug)]
pub struct Gone {
    /// The part that listed it.
    pub(super) part: Part,
    /// Its key.
    pub(super) key: String,
    /// The file that held it.
    pub(super) file: String,
}

/// Returns each record whose newest listing is from one of these files of this folder. Reads every row, so it is not for the
/// keeper's loop.
pub(super) fn records(keeper: &Keeper, path: &str, names: &[String]) -> Result<Vec<Gone>, StoreError> {
    let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let mut gone = Vec::new();
    keeper.store().scan(&mut |_, row| {
        // A short look for each row, so that nobody waits for all of them.
        let book = keeper.book();
        let imports = book.imports();
        let Some(listing) = newest(imports, row) else { return };
        let Some(import) = imports.get(listing.import) else { return };
        if import.begin.path != path || !names.contains(listing.file.as_str()) || !is_card(row, listing) {
            return;
        }
        let Some(part) = import.parts.get(usize::from(listing.part)) else { return };
        let part = Part { completeness: Completeness::Additive, snapshot: None, ..part.clone() };
        gone.push(Gone { part, key: row.key.clone(), file: listing.file.clone() });
    })?;
    Ok(gone)
}

fn newest<'a>(imports: &Imports, row: &'a Row) -> Option<&'a Listing> {
    let ranked = row.listings.iter().filter_map(|l| Some((imports.rank(l.import, l.part, None)?, l)));
    ranked.max_by(|a, b| a.0.cmp(&b.0)).map(|(_, listing)| listing).filter(|listing| listing.hash.is_some())
}

/// A message that is gone from a Maildir stays: it happened.
fn is_card(row: &Row, listing: &Listing) -> bool {
    use kith_core::row::Gist;
    let gist = listing.hash.and_then(|hash| row.version(&hash)).map(|version| &version.gist);
    matches!(gist, Some(Gist::Card(digest)) if digest.kind != CardKind::Unknown)
}
