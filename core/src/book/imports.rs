//! Which imports count, and which of two listings is the newer.
//!
//! An import counts when it is committed and not undone; one that lists an earlier import's records again counts for those
//! as long as it stands itself.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kith_proto::emit::{Completeness, Part};
use serde::{Deserialize, Serialize};

use crate::fact::Begin;
use crate::hlc::Hlc;
use crate::id::{FactId, ImportId};
use crate::row::ImportNo;

/// A committed import, as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRow {
    /// The import.
    pub id: ImportId,
    /// When it began.
    pub at: Hlc,
    /// How it began.
    pub begin: Begin,
    /// Its parts.
    pub parts: Vec<Part>,
    /// How many records it lists.
    pub count: u64,
    /// The earlier import whose records it lists again.
    pub same_as: Option<ImportId>,
}

/// A source's collection of one account: what a complete import is complete of.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Collection {
    /// The source.
    pub source: String,
    /// The collection within it.
    pub collection: String,
    /// Whose account.
    pub account: Option<String>,
}

impl Collection {
    /// Returns the collection of a part.
    #[must_use]
    pub fn of(part: &Part) -> Self {
        Self { source: part.source.clone(), collection: part.collection.clone(), account: part.account.clone() }
    }

    /// Returns the namespace of its keys, `linkedin/connections`.
    #[must_use]
    pub fn namespace(&self) -> String {
        format!("{}/{}", self.source, self.collection)
    }
}

/// The order of listings: date of the snapshot in milliseconds, then time and id of the import.
pub type Rank = (i64, Hlc, FactId);

/// How an import counts.
#[derive(Debug)]
struct Standing {
    first_time: Option<Hlc>,
    /// By part.
    ranks: Vec<Option<Rank>>,
}

/// All committed imports.
#[derive(Debug, Default)]
pub struct Imports {
    rows: Vec<ImportRow>,
    by_id: HashMap<ImportId, ImportNo>,
    /// By the import that is listed again, those that do so.
    again: BTreeMap<ImportId, BTreeSet<ImportNo>>,
    undone: BTreeSet<FactId>,
    /// Imports whose fold is under way: readers must not see them.
    hidden: BTreeSet<ImportNo>,
    /// Hidden imports that were overtaken by a change of which listings count.
    outrun: BTreeSet<ImportNo>,
    collections: Vec<Collection>,
    /// The numbers of the collections of each import's parts.
    part_collections: Vec<Box<[u16]>>,
    /// Counts how often it may have changed which imports count.
    version: u64,
}

impl Imports {
    /// Adds an import, or replaces it; returns its number.
    pub fn insert(&mut self, row: ImportRow) -> ImportNo {
        self.version += 1;
        let no = self.by_id.get(&row.id).copied().unwrap_or_else(|| u32::try_from(self.rows.len()).unwrap_or(u32::MAX));
        self.by_id.insert(row.id.clone(), no);
        if let Some(root) = &row.same_as {
            self.again.entry(root.clone()).or_default().insert(no);
        }
        let collections = row.parts.iter().map(|part| self.collection_no(Collection::of(part))).collect();
        match (self.rows.get_mut(no as usize), self.part_collections.get_mut(no as usize)) {
            (Some(slot), Some(numbers)) => (*slot, *numbers) = (row, collections),
            (Some(_) | None, _) => {
                self.rows.push(row);
                self.part_collections.push(collections);
            }
        }
        no
    }

    /// Hides an import from readers while its fold is under way.
    pub fn hide(&mut self, no: ImportNo) {
        self.version += 1;
        self.hidden.insert(no);
    }

    /// Shows an import whose fold is complete. Returns whether the book must be made from the rows again.
    pub fn show(&mut self, no: ImportNo) -> bool {
        self.version += 1;
        let outrun = self.outrun.remove(&no);
        let Some(root) = self.get(no).and_then(|row| row.same_as.clone()) else {
            self.hidden.remove(&no);
            return outrun;
        };
        let Some(root) = self.number(&root) else {
            self.hidden.remove(&no);
            return true;
        };
        let before = self.standing_of(root);
        self.hidden.remove(&no);
        let after = self.standing_of(root);
        self.outrun_hidden();
        outrun || before.first_time != after.first_time || self.overtakes(root, &before, &after)
    }

    fn standing_of(&self, no: ImportNo) -> Standing {
        let parts = self.get(no).map_or(0, |row| row.parts.len());
        let ranks = (0..parts).map(|part| self.rank(no, u16::try_from(part).unwrap_or(u16::MAX), None)).collect();
        Standing { first_time: self.first_time(no, None), ranks }
    }

    /// Returns whether an import passed another of the same collection when its ranks changed.
    fn overtakes(&self, no: ImportNo, before: &Standing, after: &Standing) -> bool {
        let Some(row) = self.get(no) else { return false };
        row.parts.iter().zip(before.ranks.iter().zip(&after.ranks)).any(|(part, (before, after))| {
            let between = |rank: Rank| before.as_ref() < Some(&rank) && Some(&rank) < after.as_ref();
            self.ranks_in(&Collection::of(part)).any(|(other, rank)| other != no && between(rank))
        })
    }

    fn ranks_in<'a>(&'a self, collection: &'a Collection) -> impl Iterator<Item = (ImportNo, Rank)> + 'a {
        (0..).zip(&self.rows).filter(|(_, row)| row.same_as.is_none()).flat_map(move |(no, row)| {
            let parts = (0..).zip(&row.parts).filter(|(_, part)| Collection::of(part) == *collection);
            parts.filter_map(move |(part, _)| Some((no, self.rank(no, part, None)?)))
        })
    }

    /// Returns the date of a collection's newest snapshot that counts, in milliseconds.
    #[must_use]
    pub fn newest_snapshot(&self, collection: &Collection) -> Option<i64> {
        self.ranks_in(collection).map(|(_, rank)| rank.0).max()
    }

    /// Notes that which listings count has changed: what is known of the imports being folded may be of before.
    pub fn outrun_hidden(&mut self) {
        self.outrun.clone_from(&self.hidden);
    }

    /// Returns which facts are undone, as far as was said.
    #[must_use]
    pub const fn undone(&self) -> &BTreeSet<FactId> {
        &self.undone
    }

    /// Says which facts are undone.
    pub fn set_undone(&mut self, undone: BTreeSet<FactId>) {
        self.version += 1;
        self.undone = undone;
    }

    /// Returns a number that is another one when other imports may count.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// Returns the number that the next new import will get.
    #[must_use]
    pub fn next_no(&self) -> ImportNo {
        u32::try_from(self.rows.len()).unwrap_or(u32::MAX)
    }

    /// Returns the number of an import.
    #[must_use]
    pub fn number(&self, id: &ImportId) -> Option<ImportNo> {
        self.by_id.get(id).copied()
    }

    /// Returns an import.
    #[must_use]
    pub fn get(&self, no: ImportNo) -> Option<&ImportRow> {
        self.rows.get(no as usize)
    }

    /// Returns all imports that are not hidden, with whether each is undone, in the order they became known.
    pub fn iter(&self) -> impl Iterator<Item = (&ImportRow, bool)> {
        let shown = (0..).zip(&self.rows).filter(|(no, _)| !self.hidden.contains(no));
        shown.map(|(_, row)| (row, self.undone.contains(&row.id)))
    }

    /// Returns an import that counts and has this content, read by the same plugin.
    #[must_use]
    pub fn same_content(&self, begin: &Begin) -> Option<&ImportRow> {
        begin.content.as_ref()?;
        self.rows.iter().find(|row| {
            row.same_as.is_none()
                && row.begin.content == begin.content
                && row.begin.plugin == begin.plugin
                && row.begin.record_version == begin.record_version
                && self.standing(row, None).next().is_some()
        })
    }

    /// Returns the plugin, `csv 0.1.0`, that last read this content in an import that counts.
    #[must_use]
    pub fn plugin_of(&self, content: &str) -> Option<&str> {
        let same = |row: &&ImportRow| row.same_as.is_none() && row.begin.content.as_deref() == Some(content);
        let row = self.rows.iter().rev().filter(same).find(|row| self.standing(row, None).next().is_some())?;
        Some(&row.begin.plugin)
    }

    /// Returns how new a listing by this import's part is; `None` when the import does not count.
    ///
    /// The hidden import `as_if` counts as if it were shown.
    #[must_use]
    pub fn rank(&self, no: ImportNo, part: u16, as_if: Option<ImportNo>) -> Option<Rank> {
        let row = self.get(no)?;
        let snapshot = row.parts.get(usize::from(part)).and_then(|p| p.snapshot);
        self.standing(row, as_if).map(|standing| rank_of(standing, snapshot.map(jiff::Timestamp::as_millisecond))).max()
    }

    /// Returns when the import first counted; `None` when it does not.
    #[must_use]
    pub fn first_time(&self, no: ImportNo, as_if: Option<ImportNo>) -> Option<Hlc> {
        self.standing(self.get(no)?, as_if).map(|row| row.at).min()
    }

    /// Returns the rank of the newest complete import of each collection, by the collection's number.
    #[must_use]
    pub fn complete(&self) -> Vec<Option<Rank>> {
        let mut newest = vec![None; self.collections.len()];
        for (no, row) in (0..).zip(&self.rows) {
            for (part_no, _) in (0..).zip(&row.parts).filter(|(_, p)| p.completeness == Completeness::Complete) {
                let collection = self.collection_of(no, part_no).map_or(usize::MAX, usize::from);
                if let Some(slot) = newest.get_mut(collection) {
                    *slot = self.rank(no, part_no, None).max(slot.take());
                }
            }
        }
        newest
    }

    /// Returns the number of the collection of an import's part.
    #[must_use]
    pub fn collection_of(&self, no: ImportNo, part: u16) -> Option<u16> {
        self.part_collections.get(no as usize)?.get(usize::from(part)).copied()
    }

    /// Returns the number of a collection, giving it one if it has none.
    fn collection_no(&mut self, collection: Collection) -> u16 {
        let known = self.collections.iter().position(|c| *c == collection);
        let no = known.unwrap_or_else(|| {
            self.collections.push(collection);
            self.collections.len() - 1
        });
        u16::try_from(no).unwrap_or(u16::MAX)
    }

    /// Returns the collection with this number.
    #[must_use]
    pub fn collection(&self, no: u16) -> Option<&Collection> {
        self.collections.get(usize::from(no))
    }

    /// Returns the imports by which what this one lists counts: itself and those that list it again, as far as they are shown
    /// and not undone.
    pub fn standing_for(&self, no: ImportNo) -> impl Iterator<Item = &ImportRow> {
        self.get(no).into_iter().flat_map(|row| self.standing(row, None))
    }

    /// Returns the import itself and those that list it again, as far as they are shown and not undone.
    fn standing<'a>(&'a self, row: &'a ImportRow, as_if: Option<ImportNo>) -> impl Iterator<Item = &'a ImportRow> {
        let own = self.number(&row.id);
        let again = self.again.get(&row.id).into_iter().flatten().copied();
        let shown = move |no: &ImportNo| as_if == Some(*no) || !self.hidden.contains(no);
        let rows = own.into_iter().chain(again).filter(shown).filter_map(|no| self.get(no));
        rows.filter(|r| !self.undone.contains(&r.id))
    }
}

/// A snapshot date cannot lie after the import that saw it.
fn rank_of(standing: &ImportRow, snapshot_ms: Option<i64>) -> Rank {
    let at_ms = standing.at.timestamp().as_millisecond();
    (snapshot_ms.map_or(at_ms, |ms| ms.min(at_ms)), standing.at, standing.id.clone())
}
