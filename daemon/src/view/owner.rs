//! Who the owner is: their addresses and profiles, and where each is known from.

use std::collections::{BTreeMap, BTreeSet};

use kith_core::digest::owner_identifiers;

use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view::accounts::Accounts;

/// Where what stands in the config is known from.
const CONFIG: &str = "the config";

/// Returns the owner's addresses, numbers and profiles in normal form, each with the sources that name it.
///
/// # Errors
/// When the store cannot be read.
pub fn addresses(keeper: &Keeper) -> Result<BTreeMap<String, BTreeSet<String>>, StoreError> {
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (me, owner) = {
        let book = keeper.book();
        (book.words().settings().me, book.owner())
    };
    for identifier in owner_identifiers(&me) {
        known.entry(identifier.value).or_default().insert(CONFIG.to_owned());
    }
    for person in owner {
        for account in Accounts::of(keeper, &person)?.all {
            for identifier in account.digest.identifiers {
                known.entry(identifier.value).or_default().insert(account.origin.source.clone());
            }
        }
    }
    Ok(known)
}
