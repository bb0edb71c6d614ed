//! By what a person is found who is to be forgotten: records, identifiers that are theirs alone, and names where nothing else
//! is known.

use std::collections::BTreeSet;

use kith_proto::card::Card;

use crate::book::Book;
use crate::book::entry::NO_ROW;
use crate::book::forgotten::{has_own_identifier, own_identifiers};
use crate::book::people::Person;
use crate::digest::{digest_card, fold_text};
use crate::fact::Said;
use crate::fold::Rows;
use crate::forget::{Mark, name_marks, participant_mark};
use crate::identity::IdentifierHash;
use crate::row::Gist;
use crate::uid::CardUid;

/// What a person's records say that is not in the book.
#[derive(Default)]
struct Told {
    identifiers: BTreeSet<IdentifierHash>,
    by_name: BTreeSet<Mark>,
    names: BTreeSet<String>,
}

impl Book {
    /// Returns by what this person is found, here and wherever the same records are or come.
    ///
    /// An identifier that somebody else has, too, is none: the other would be forgotten with them. The owner has no marks.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn marks_of<R: Rows>(&self, person: &Person, rows: &R) -> Result<BTreeSet<Mark>, R::Error> {
        if person.me {
            return Ok(BTreeSet::new());
        }
        let members: Vec<u32> = person.members.iter().filter_map(|m| self.by_id.get(&m.record).copied()).collect();
        let mut told = Told::default();
        for no in &members {
            self.read_member(*no, rows, &mut told)?;
        }
        let own = self.owner_identifiers();
        let is_theirs = |identifier: &IdentifierHash| {
            !own.contains(identifier) && self.resolver.holders(*identifier).iter().all(|no| members.contains(no))
        };
        let records = person.members.iter().map(|member| Mark::Record(member.record));
        let uids = person.members.iter().map(|m| IdentifierHash::of(&CardUid::of(&m.record).identifier()));
        let identifiers = told.identifiers.into_iter().filter(is_theirs).chain(uids).map(Mark::Identifier);
        let mut marks: BTreeSet<Mark> = records.chain(identifiers).chain(told.by_name).collect();
        marks.extend(self.participant_marks(&members, &told.names));
        Ok(marks)
    }

    fn read_member<R: Rows>(&self, no: u32, rows: &R, told: &mut Told) -> Result<(), R::Error> {
        told.identifiers.extend(self.resolver.identifiers(no));
        let Some(entry) = self.entries.get(no as usize) else { return Ok(()) };
        if let Some((_, Said::Add { card, .. })) = self.words.added_by(entry.id).and_then(|id| self.words.get(id)) {
            self.read_card(card, told);
        }
        let Some(row) = (entry.row != NO_ROW).then(|| rows.row(entry.row)).transpose()?.flatten() else {
            return Ok(());
        };
        for version in &row.versions {
            match &version.gist {
                Gist::Card(_) if row.id == entry.id => {
                    crate::row::card(&version.body).iter().for_each(|card| self.read_card(card, told));
                }
                Gist::Interaction(gist) => {
                    let source = self.source_of(&row);
                    let is_theirs = |key: &str| super::participant_record(&source, key) == entry.id;
                    let theirs = gist.participants.iter().filter(|p| is_theirs(&p.key));
                    told.names.extend(theirs.map(|p| fold_text(&p.digest.name)));
                }
                Gist::Card(_) | Gist::Bulk(_) | Gist::Unknown => {}
            }
        }
        Ok(())
    }

    fn read_card(&self, card: &Card, told: &mut Told) {
        let digest = digest_card(card, self.region());
        told.names.insert(fold_text(&digest.name));
        told.identifiers.extend(own_identifiers(&digest));
        if !has_own_identifier(&digest) {
            told.by_name.extend(name_marks(card, &digest));
        }
    }

    /// Where an interaction says no more than a name, it is theirs if they are the only one of that name.
    fn participant_marks(&self, members: &[u32], names: &BTreeSet<String>) -> Vec<Mark> {
        let others = || (0u32..).zip(&self.entries).filter(|(no, entry)| entry.is_somebody() && !members.contains(no));
        let is_whole = |name: &&String| name.contains(' ') || !name.is_ascii();
        let is_unique = |name: &&String| !others().any(|(_, entry)| begins_with(&entry.search, name));
        let names = names.iter().filter(is_whole).filter(is_unique);
        let sources: BTreeSet<String> = members.iter().filter_map(|no| self.source_of_entry(*no)).collect();
        names.flat_map(|name| sources.iter().filter_map(move |source| participant_mark(name, source))).collect()
    }

    fn source_of_entry(&self, no: u32) -> Option<String> {
        let entry = self.entries.get(no as usize)?;
        let touched = || self.touches.iter().find(|touch| touch.participants.iter().any(|(_, p)| *p == no));
        let by_touch = || self.entries.get(touched()?.entry as usize).map(|entry| entry.collection);
        let known = self.imports.collection(entry.collection);
        let collection = known.or_else(|| self.imports.collection(by_touch()?))?;
        Some(collection.source.clone())
    }
}

/// Whether a text begins with these words.
fn begins_with(text: &str, words: &str) -> bool {
    text.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}
