//! What the config says about reminders, in the types of `kith_core`.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan as _};
use kith_core::plan::Rules;

use crate::config::Config;
use crate::keeper::Keeper;

/// Returns the circles and the day's number.
#[must_use]
pub fn rules(config: &Config) -> Rules {
    Rules { circles: config.circles.clone(), daily: config.daily }
}

/// How long the first device may be silent before another one takes over.
const SILENT_DAYS: i64 = 14;

/// Whether this device plans and delivers: as the config says, else when it is the first of those still in use.
#[must_use]
pub fn delivers(keeper: &Keeper, config: &Config, now: Timestamp) -> bool {
    if let Some(chosen) = config.deliver {
        return chosen;
    }
    let in_use_since = now.checked_sub((SILENT_DAYS * 24).hours()).unwrap_or(Timestamp::MIN);
    let mut spans = BTreeMap::new();
    let (book, device) = (keeper.book(), keeper.device());
    for (id, at, _) in book.words().iter() {
        let at = at.timestamp();
        let (first, last) = spans.entry(&id.device).or_insert((at, at));
        *first = at.min(*first);
        *last = at.max(*last);
    }
    let others = spans.iter().filter(|(other, (_, last))| **other != device && *last >= in_use_since);
    let first_of_others = others.map(|(other, (first, _))| (*first, *other)).min();
    let ours = spans.get(device).map(|(first, _)| (*first, device));
    match (ours, first_of_others) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(ours), Some(theirs)) => ours < theirs,
    }
}
