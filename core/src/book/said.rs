//! What the user's own values for fields mean for finding and joining.

use kith_proto::date::PartialDate;

use crate::book::entry::SearchText;
use crate::book::words::Words;
use crate::digest::{Identifier, digest_card};
use crate::normalize::Region;
use crate::noted::NotedDay;
use crate::own;

/// What the user's own values for a record's fields add to it.
#[derive(Debug, Default)]
pub(crate) struct SaidAbout {
    pub(crate) search: SearchText,
    pub(crate) identifiers: Vec<Identifier>,
    pub(crate) birthday: Option<PartialDate>,
    pub(crate) days: Vec<NotedDay>,
}

/// Returns what these fields' values add.
pub(crate) fn about<'a>(sets: impl Iterator<Item = (&'a str, &'a str)>, words: &Words) -> SaidAbout {
    let sets: Vec<_> = sets.collect();
    if sets.is_empty() {
        return SaidAbout::default();
    }
    let region = words.settings().region.as_deref().and_then(Region::parse);
    let digest = digest_card(&own::card(sets), region);
    SaidAbout {
        search: SearchText::new(&digest.search, &digest.name),
        identifiers: digest.identifiers,
        birthday: digest.birthday,
        days: digest.days,
    }
}
