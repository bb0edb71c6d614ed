//! What the sources showed to be different about a person, from one export to the next.
//!
//! A source may tell of a change in two ways: the same record has another content, or one record ends and another begins (a
//! profile got another address, a card was made anew).

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan as _};
use kith_core::book::Book;
use kith_core::book::imports::Rank;
use kith_core::book::people::{Member, MemberKind, Person};
use kith_core::change::{Change, called, history};
use kith_core::normalize::Region;
use kith_core::row::{ContentHash, Row, card};
use kith_core::vcard::is_own;
use kith_proto::api;
use kith_proto::card::Card;

use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view::accounts::source_of;

/// How old the snapshot of an export may be as it is taken in, so that what it shows is new.
const FRESH_DAYS: i64 = 180;

/// How many changes are shown.
const SHOWN: usize = 20;

/// What a record said over time.
struct Course {
    source: String,
    /// Its contents in the order of their snapshots.
    contents: Vec<Content>,
    /// The last snapshot that listed it.
    last: Rank,
    /// A source still lists it.
    present: bool,
}

/// What a record said from a snapshot on.
struct Content {
    /// The first that had it.
    rank: Rank,
    /// When that was taken in first.
    learnt: Timestamp,
    card: Card,
}

/// What is new about somebody's work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct News {
    /// Since when it is new to the owner.
    pub(super) at: Timestamp,
    /// What, as a sentence without its full stop.
    pub(super) text: String,
    /// One congratulates on it.
    pub(super) is_glad: bool,
}

/// Something that was different.
struct Told {
    /// When that was seen.
    seen: Timestamp,
    /// When it was taken in.
    learnt: Timestamp,
    change: Change,
    /// How the one is called.
    who: String,
    source: String,
}

impl Told {
    fn shown(self) -> api::Change {
        let (text, of_job) = (self.words(), self.change.is_of_job());
        api::Change { seen: self.seen, text, source: self.source, of_job }
    }

    fn words(&self) -> String {
        self.change.words(&self.who)
    }

    /// Since when it is new to the owner: since it was taken in, for the snapshot of an export that tells no time is that of the
    /// newest thing in it. What lay in an old export is history.
    fn new_since(&self) -> Timestamp {
        let fresh = self.learnt.checked_sub((24 * FRESH_DAYS).hours()).is_ok_and(|from| from <= self.seen);
        if fresh { self.learnt.max(self.seen) } else { self.seen }
    }
}

/// Returns what was different about a person, the newest first.
///
/// # Errors
/// When the store cannot be read.
pub(super) fn of(keeper: &Keeper, person: &Person) -> Result<Vec<api::Change>, StoreError> {
    let mut found: Vec<api::Change> = all(keeper, person)?.into_iter().map(Told::shown).collect();
    found.sort_by(|a, b| b.seen.cmp(&a.seen).then_with(|| a.text.cmp(&b.text)));
    found.dedup_by(|a, b| a.text == b.text);
    found.truncate(SHOWN);
    Ok(found)
}

/// Returns when a source first showed the newest company of somebody, where it showed another before.
///
/// # Errors
/// When the store cannot be read.
pub(super) fn moved(keeper: &Keeper, person: &Person) -> Result<Option<Timestamp>, StoreError> {
    if !person.may_have_news() {
        return Ok(None);
    }
    let moved = |told: &Told| matches!(told.change, Change::Company { .. });
    Ok(all(keeper, person)?.into_iter().filter(moved).map(|told| told.seen).max())
}

/// Everything that was different, in no order.
fn all(keeper: &Keeper, person: &Person) -> Result<Vec<Told>, StoreError> {
    let is_card = |member: &&Member| member.kind == MemberKind::Card;
    let mut courses: BTreeMap<u16, Vec<Course>> = BTreeMap::new();
    for member in person.members.iter().filter(is_card) {
        let row = member.row.map(|row| keeper.row(row)).transpose()?.flatten();
        if let Some(row) = row {
            let book = keeper.book();
            let course =
                course(&book, &row, member.present).and_then(|course| Some((collection(&book, &row)?, course)));
            if let Some((collection, course)) = course {
                courses.entry(collection).or_default().push(course);
            }
        }
    }
    let region = keeper.book().region();
    Ok(courses.into_values().flat_map(|courses| of_source(courses, region)).collect())
}

/// Returns the newest change of somebody's work.
///
/// # Errors
/// When the store cannot be read.
pub(super) fn of_job(keeper: &Keeper, person: &Person) -> Result<Option<News>, StoreError> {
    let about_work = all(keeper, person)?.into_iter().filter(|told| told.change.is_of_job());
    let newest = about_work.max_by(|a, b| a.seen.cmp(&b.seen).then_with(|| b.words().cmp(&a.words())));
    Ok(newest.map(|told| News { at: told.new_since(), text: told.words(), is_glad: told.change.is_glad() }))
}

/// Tells what is different within each record, and from one that ended to the next that began.
fn of_source(mut courses: Vec<Course>, region: Option<Region>) -> Vec<Told> {
    let begins = |course: &Course| course.contents.first().map(|content| content.rank.clone());
    courses.sort_by_key(begins);
    let mut found = Vec::new();
    for course in &courses {
        for pair in course.contents.windows(2) {
            if let [before, after] = pair {
                found.extend(told(&before.card, after, &course.source, region));
            }
        }
    }
    for pair in courses.windows(2) {
        let [ended, begun] = pair else { continue };
        if let (Some(before), Some(after)) = (ended.contents.last(), begun.contents.first())
            && !ended.present
            && ended.last < after.rank
        {
            found.extend(told(&before.card, after, &begun.source, region));
        }
    }
    found
}

fn told(before: &Card, after: &Content, source: &str, region: Option<Region>) -> impl Iterator<Item = Told> + use<> {
    let (seen, learnt) = (Timestamp::from_millisecond(after.rank.0).unwrap_or_default(), after.learnt);
    let (who, source) = (called(&after.card), source.to_owned());
    let changes = history(before, &after.card, region).into_iter();
    changes.map(move |change| Told { seen, learnt, change, who: who.clone(), source: source.clone() })
}

/// Returns what a record said over time; `None` of what kith wrote itself, which is no source.
fn course(book: &Book, row: &Row, present: bool) -> Option<Course> {
    let imports = book.imports();
    let listed = row.listings.iter().filter_map(|listing| {
        let learnt = imports.first_time(listing.import, None)?.timestamp();
        Some((imports.rank(listing.import, listing.part, None)?, learnt, listing.hash?))
    });
    let mut listed: Vec<(Rank, Timestamp, ContentHash)> = listed.collect();
    listed.sort_unstable();
    let (last, ..) = listed.last()?.clone();
    // What an older export shows as well was learnt when the first of them was taken in.
    listed.dedup_by(|(_, again, same), (_, learnt, hash)| {
        let is_same = same == hash;
        if is_same {
            *learnt = (*learnt).min(*again);
        }
        is_same
    });
    let content = |(rank, learnt, hash)| Some(Content { rank, learnt, card: card(&row.version(&hash)?.body)? });
    let contents: Vec<Content> = listed.into_iter().filter_map(content).collect();
    let echo = contents.last().is_some_and(|content| is_own(&content.card));
    (!echo).then(|| Course { source: source_of(book, row), contents, last, present })
}

fn collection(book: &Book, row: &Row) -> Option<u16> {
    row.listings.iter().find_map(|listing| book.imports().collection_of(listing.import, listing.part))
}
