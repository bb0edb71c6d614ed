//! By what a person is found who is to be forgotten: records, identifiers that are theirs alone, and their name with what
//! stands beside it, where nobody else has both.

use std::collections::BTreeSet;

use kith_proto::card::Card;

use crate::book::Book;
use crate::book::entry::{Entry, NO_ROW};
use crate::book::forgotten::own_identifiers;
use crate::book::people::Person;
use crate::digest::{Digest, digest_card, fold_text};
use crate::fact::Said;
use crate::fold::Rows;
use crate::forget::{Mark, Way, besides, company_of, participant_mark};
use crate::identity::IdentifierHash;
use crate::own;
use crate::row::Gist;
use crate::uid::CardUid;

/// What the records of a person say, also earlier and by the user's words.
#[derive(Default)]
struct Told {
    identifiers: BTreeSet<IdentifierHash>,
    ways: BTreeSet<Way>,
    /// Folded.
    names: BTreeSet<String>,
    besides: BTreeSet<String>,
    /// Names with what stands beside them on a card that has nothing else.
    bare: BTreeSet<(String, String)>,
}

impl Book {
    /// Returns by what this person is found, here and wherever the same records are or come.
    ///
    /// What somebody else has, too, an identifier or a name with what stands beside it, is no mark: the other would be
    /// forgotten with them. The owner has no marks.
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
        let identifiers = told.identifiers.iter().copied().filter(is_theirs).chain(uids).map(Mark::Identifier);
        let mut marks: BTreeSet<Mark> = records.chain(identifiers).collect();
        let sources: BTreeSet<String> = members.iter().filter_map(|no| self.source_of_entry(*no)).collect();
        for name in &told.names {
            let namesakes = self.namesakes(name, &members);
            marks.extend(self.marks_of_name(name, &told, &namesakes, rows)?);
            // Where an interaction says no more than a name, it is theirs if they are the only one of that name.
            if is_whole(name) && namesakes.is_empty() {
                marks.extend(sources.iter().filter_map(|source| participant_mark(name, source)));
            }
        }
        Ok(marks)
    }

    /// Returns the other people who bear the name of this one, with more or fewer words around it.
    #[must_use]
    pub fn namesakes_of(&self, person: &Person) -> Vec<Person> {
        let members: Vec<u32> = person.members.iter().filter_map(|m| self.by_id.get(&m.record).copied()).collect();
        let names = members.iter().filter_map(|no| self.entries.get(*no as usize)).flat_map(Entry::texts);
        let names: BTreeSet<&str> = names.map(|text| text.name()).filter(|name| is_whole(name)).collect();
        let namesakes = names.into_iter().flat_map(|name| self.namesakes(name, &members));
        let heads: BTreeSet<u32> = namesakes.map(|no| self.resolver.head(no)).collect();
        heads.into_iter().filter_map(|head| self.person_at(head)).filter(|namesake| !namesake.me).collect()
    }

    fn marks_of_name<R: Rows>(
        &self,
        name: &str,
        told: &Told,
        namesakes: &[u32],
        rows: &R,
    ) -> Result<Vec<Mark>, R::Error> {
        let mut marks = Vec::new();
        let is_bare = |beside: &&String| told.bare.contains(&(name.to_owned(), (*beside).clone()));
        for beside in told.besides.iter().filter(|beside| is_whole(name) || is_bare(beside)) {
            if self.is_borne(beside, namesakes, rows)? {
                continue;
            }
            let mark = |beside: String| Mark::Name { name: name.to_owned(), beside };
            marks.push(mark(beside.clone()));
            if is_whole(name) && company_of(beside).is_some() {
                let new_ways = Way::ALL.into_iter().filter(|way| !told.ways.contains(way));
                marks.extend(new_ways.map(|way| mark(way.beside(beside))));
            }
        }
        Ok(marks)
    }

    /// Whether one of these has this beside the name, or had it; also where but the words of a company stand in what is known.
    fn is_borne<R: Rows>(&self, beside: &str, by: &[u32], rows: &R) -> Result<bool, R::Error> {
        for no in by {
            let mut told = Told::default();
            self.read_member(*no, rows, &mut told)?;
            let known = self.entries.get(*no as usize).into_iter().flat_map(Entry::texts);
            let known: BTreeSet<&str> = known.flat_map(|text| words(text.text())).collect();
            let stands = |company: &str| words(company).all(|word| known.contains(word));
            if told.besides.contains(beside) || company_of(beside).is_some_and(stands) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns the records of others whose name holds the words of this one, or the other way round: "Silva, Ana" and "Dr.
    /// Ana Silva" are namesakes of Ana Silva.
    fn namesakes(&self, name: &str, members: &[u32]) -> Vec<u32> {
        let wanted: BTreeSet<&str> = words(name).collect();
        let is_namesake = |entry: &Entry| {
            entry.texts().into_iter().any(|text| {
                let theirs: BTreeSet<&str> = words(text.name()).collect();
                wanted.is_subset(&theirs) || (theirs.len() > 1 && theirs.is_subset(&wanted))
            })
        };
        let others = (0..).zip(&self.entries).filter(|(no, entry)| entry.is_somebody() && !members.contains(no));
        others.filter(|(_, entry)| is_namesake(entry)).map(|(no, _)| no).collect()
    }

    fn read_member<R: Rows>(&self, no: u32, rows: &R, told: &mut Told) -> Result<(), R::Error> {
        told.identifiers.extend(self.resolver.identifiers(no));
        let Some(entry) = self.entries.get(no as usize) else { return Ok(()) };
        if let Some((_, Said::Add { card, .. })) = self.words.added_by(entry.id).and_then(|id| self.words.get(id)) {
            self.read_card(card, told);
        }
        self.read_card(&own::card(self.words.sets_of(entry.id)), told);
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
                    gist.participants.iter().filter(|p| is_theirs(&p.key)).for_each(|p| told.read(&p.digest));
                }
                Gist::Card(_) | Gist::Bulk(_) | Gist::Unknown => {}
            }
        }
        Ok(())
    }

    fn read_card(&self, card: &Card, told: &mut Told) {
        let digest = digest_card(card, self.region());
        told.read(&digest);
        let besides = besides(card);
        if own_identifiers(&digest).next().is_none() {
            let name = fold_text(&digest.name);
            told.bare.extend(besides.iter().map(|beside| (name.clone(), beside.clone())));
        }
        told.besides.extend(besides);
    }

    fn source_of_entry(&self, no: u32) -> Option<String> {
        let entry = self.entries.get(no as usize)?;
        let touched = || self.touches.of([no]).next();
        let by_touch = || self.entries.get(touched()?.entry as usize).map(|entry| entry.collection);
        let known = self.imports.collection(entry.collection);
        let collection = known.or_else(|| self.imports.collection(by_touch()?))?;
        Some(collection.source.clone())
    }
}

impl Told {
    fn read(&mut self, digest: &Digest) {
        self.names.extend(Some(fold_text(&digest.name)).filter(|name| !name.is_empty()));
        self.identifiers.extend(own_identifiers(digest));
        self.ways.extend(digest.identifiers.iter().filter(|identifier| !identifier.shared).filter_map(Way::of));
    }
}

/// Whether a name is more than a given name, which many bear.
fn is_whole(name: &str) -> bool {
    name.contains(' ') || !name.is_ascii()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}
