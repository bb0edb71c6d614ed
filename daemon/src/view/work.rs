//! Since when somebody is where they work, as far as a source or the user says.

use kith_core::book::people::Person;
use kith_core::noted::{Noted, NotedDay, began as began_at};
use kith_core::own::OwnValue;
use kith_core::portrait::{portrait, said};

use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view::accounts::Accounts;
use crate::view::changes;

/// The user's own values that say when somebody began, and where.
const OF_WORK: [&str; 2] = ["started", "organization"];

/// Returns on which day somebody began where they work; rows are read only where something says so.
///
/// # Errors
/// When the store cannot be read.
pub fn began(keeper: &Keeper, person: &Person) -> Result<Option<NotedDay>, StoreError> {
    if person.days.iter().all(|noted| noted.what != Noted::Began) {
        return Ok(None);
    }
    let accounts = Accounts::of(keeper, person)?;
    let moved = changes::moved(keeper, person)?;
    let shown = portrait(person.id, &accounts.all, &accounts.own, accounts.region);
    let of_work: Vec<OwnValue> =
        accounts.own.iter().filter(|own| OF_WORK.contains(&own.field.as_str())).cloned().collect();
    let own = said(&of_work, accounts.region);
    Ok(began_at(own.iter().chain(&accounts.all), shown.organizations.first().map(String::as_str), moved))
}
