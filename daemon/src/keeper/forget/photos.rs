//! Photos that an import brought and that only records have which were left out: they are written before the records come.

use std::collections::BTreeSet;

/// The photos of an import.
#[derive(Debug, Default)]
pub(in crate::keeper) struct Photos {
    /// They were not there before.
    new: BTreeSet<String>,
    /// Of records that were left out.
    theirs: BTreeSet<String>,
    /// Of records that stay.
    others: BTreeSet<String>,
}

impl Photos {
    /// Notes photos that were not there before.
    pub(in crate::keeper) fn came(&mut self, new: Vec<String>) {
        self.new.extend(new);
    }

    /// Notes the photo of a record that stays.
    pub(in crate::keeper) fn stays(&mut self, body: &str) {
        self.others.extend(photo(body));
    }

    /// Notes the photo of a record that is left out.
    pub(in crate::keeper) fn goes(&mut self, body: &str) {
        self.theirs.extend(photo(body));
    }

    /// Returns the photos that nobody has who stays.
    pub(in crate::keeper) fn left_out(&self) -> impl Iterator<Item = &String> {
        self.theirs.iter().filter(|photo| self.new.contains(*photo) && !self.others.contains(*photo))
    }
}

/// Returns the photo of a card, by its JSON.
pub(super) fn photo(body: &str) -> Option<String> {
    if !body.contains(r#""photo""#) {
        return None;
    }
    kith_core::row::card(body)?.photo.map(|photo| photo.0)
}
