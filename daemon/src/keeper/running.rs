//! An import under way: from emissions to lines of the ledger, counting as it goes.
//!
//! A record whose content is known is listed without its body. A dry import counts and writes nothing.

use std::collections::{BTreeMap, HashMap};
use std::io;

use jiff::Timestamp;
use kith_core::book::forgotten::{Screen, Verdict};
use kith_core::book::imports::Collection;
use kith_core::book::{Book, Known};
use kith_core::fact::{Commit, Listed, What};
use kith_core::fold::Rows as _;
use kith_core::id::{FactId, RecordId};
use kith_core::identity::PassThrough;
use kith_core::key::fallback_key;
use kith_core::row::{ContentHash, content_hash, is_same_but_for_size};
use kith_proto::diagnostic::Diagnostic;
use kith_proto::emit::{Completeness, Part, Place};
use kith_proto::record::Record;
use serde_json::value::RawValue;

use crate::keeper::forget::photos::Photos;
use crate::keeper::forget::places::Places;
use crate::keeper::{Import, Mode, Report, news};
use crate::ledger::{Folded, Writer};
use crate::plugin::Emission;
use crate::store::{Store, StoreError};

/// How many diagnostics a report lists.
const DIAGNOSTICS_LISTED: usize = 1_000;

/// What records are counted as that were left out, for they are of somebody who is forgotten.
pub(super) const FORGOTTEN: &str = "forgotten, left out";

/// An import under way.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) import: Import,
    /// The fact that began it, and where the ledger ended before; `None` when dry.
    pub(super) begun: Option<(FactId, Folded)>,
    pub(super) report: Report,
    parts: Vec<Part>,
    namespaces: Vec<String>,
    current: u16,
    entries: Vec<String>,
    seen: HashMap<RecordId, ContentHash, PassThrough>,
    hasher: blake3::Hasher,
    count: u64,
    /// Whether it lists a record again that no source listed any more.
    brings_back: bool,
    /// Keeps those out who are forgotten.
    screen: Option<Screen>,
    /// How many records were left out for that, and where records stand.
    forgotten: u64,
    places: Places,
    pub(super) photos: Photos,
    /// How often the writer had lost lines when it began; of one more, lines of this import may have been.
    losses: u64,
    /// How many records and people changed, by part.
    changed: BTreeMap<u16, Changed>,
    /// The first failure to write; told at the commit.
    pub(super) failed: Option<io::Error>,
}

/// What changed by a part: of one that is older than what counts, nothing did.
#[derive(Debug, Default)]
struct Changed {
    records: u64,
    moved: u64,
    /// The places in the report's list.
    listed: Vec<usize>,
}

/// Where facts go.
pub(super) struct Out<'a> {
    pub(super) writer: &'a mut Writer,
    pub(super) book: &'a Book,
    pub(super) store: &'a Store,
    pub(super) now: Timestamp,
}

impl Running {
    pub(super) fn new(import: Import, begun: Option<(FactId, Folded)>, losses: u64, screen: Option<Screen>) -> Self {
        let report = Report {
            import: begun.as_ref().map(|(id, _)| id.clone()),
            path: import.path.clone(),
            plugin: import.plugin.clone(),
            ..Report::default()
        };
        Self {
            import,
            begun,
            report,
            parts: Vec::new(),
            namespaces: Vec::new(),
            current: 0,
            entries: Vec::new(),
            seen: HashMap::default(),
            hasher: blake3::Hasher::new(),
            count: 0,
            brings_back: false,
            changed: BTreeMap::new(),
            screen,
            forgotten: 0,
            places: Places::default(),
            photos: Photos::default(),
            losses,
            failed: None,
        }
    }

    /// From here on, places count within these files.
    pub(super) fn set_entries(&mut self, entries: Vec<String>) {
        self.entries = entries;
    }

    /// Takes in one emission.
    pub(super) fn take(&mut self, emission: Emission, out: &mut Out<'_>) {
        if self.failed.is_some() {
            return;
        }
        match emission {
            Emission::Part(part) => self.enter(&part),
            Emission::Record { place, key, body } => {
                if let Err(error) = self.list(place, key, body, out) {
                    self.failed = Some(error);
                }
            }
            Emission::Diagnostic(diagnostic) => self.note(diagnostic),
            Emission::Tally { class, count } => {
                self.report.read = self.report.read.saturating_add(count);
                let tally = self.report.tallies.entry(class).or_default();
                *tally = tally.saturating_add(count);
            }
            Emission::Photo { .. } => {}
        }
    }

    /// Returns why it must not count, if it must not.
    pub(super) fn failure(&mut self, writer: &Writer) -> Option<io::Error> {
        let has_lost = self.begun.is_some() && writer.losses() != self.losses;
        self.failed.take().or_else(|| has_lost.then(|| io::ErrorKind::StorageFull.into()))
    }

    /// Lists records that the source no longer has.
    pub(super) fn list_gone(&mut self, part: &Part, key: &str, file: String, out: &mut Out<'_>) -> io::Result<()> {
        self.enter(part);
        self.report.retired += 1;
        let listed = self.listed(key.to_owned(), String::new(), file, 1);
        self.write(listed, out)
    }

    /// Counts what the complete parts no longer list, and names it.
    pub(super) fn retire(&mut self, book: &Book, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        for part in self.parts.iter().filter(|part| part.completeness == Completeness::Complete) {
            for known in book.would_retire(part, now, |id| self.seen.contains_key(id)) {
                news::retired(&mut self.report, &known, store)?;
            }
        }
        Ok(())
    }

    /// Takes back the news of parts that are older than what counts: they are history.
    pub(super) fn without_old_news(&mut self, book: &Book) {
        let is_old = |part: &Part| {
            let newest = book.imports().newest_snapshot(&Collection::of(part));
            part.snapshot.is_some_and(|snapshot| newest.is_some_and(|newest| snapshot.as_millisecond() < newest))
        };
        let old = (0..).zip(&self.parts).filter(|(_, part)| is_old(part)).map(|(index, _)| index);
        let old: Vec<Changed> = old.filter_map(|index| self.changed.remove(&index)).collect();
        let mut index = 0;
        self.report.changes.retain(|_| {
            index += 1;
            !old.iter().any(|changed| changed.listed.contains(&(index - 1)))
        });
        for Changed { records, moved, .. } in old {
            self.report.changed -= records;
            self.report.moved -= moved;
            *self.report.tallies.entry("older than what is known".to_owned()).or_default() += records;
            self.brings_back = true;
        }
    }

    /// Returns the line that makes the import count.
    pub(super) fn commit(&self, begin: u64) -> Commit {
        let hash = self.hasher.finalize().to_hex();
        Commit { import: begin, parts: self.parts.clone(), count: self.count, hash: hash.to_string(), same_as: None }
    }

    /// Returns whether it is worth no line: there is nothing in it, or a folder that is followed has nothing new.
    ///
    /// A file, or a folder given by hand, counts each time: it still stands when another import of the same is undone.
    pub(super) fn is_idle(&self) -> bool {
        let no_news = !self.brings_back && self.report.new == 0 && self.report.changed == 0 && self.report.retired == 0;
        let again = self.import.mode == Mode::Followed || self.count == 0;
        (self.import.content.is_none() && again && no_news) || self.held_only_forgotten()
    }

    /// Takes back what was told of records that were left out.
    pub(super) fn without_their_diagnostics(&mut self) {
        self.report.diagnostics_left_out += self.places.clean(&mut self.report.diagnostics);
    }

    /// Returns whether there was nobody else in it: then it leaves no trace. What is complete still says who is gone.
    pub(super) fn held_only_forgotten(&self) -> bool {
        let adds = self.parts.iter().all(|part| part.completeness == Completeness::Additive);
        self.forgotten > 0 && self.count == 0 && adds
    }

    /// Begins a part, or goes back to one; the newest snapshot named counts.
    fn enter(&mut self, part: &Part) {
        let same = |known: &Part| Collection::of(known) == Collection::of(part);
        let index = self.parts.iter().position(same).unwrap_or_else(|| {
            self.namespaces.push(Collection::of(part).namespace());
            self.parts.push(part.clone());
            self.parts.len() - 1
        });
        if let Some(known) = self.parts.get_mut(index) {
            known.snapshot = known.snapshot.max(part.snapshot);
            known.completeness = known.completeness.max(part.completeness);
        }
        self.current = u16::try_from(index).unwrap_or(u16::MAX);
    }

    fn note(&mut self, diagnostic: Diagnostic) {
        if diagnostic.refused {
            self.report.refused += 1;
            self.report.read += 1;
        }
        if self.report.diagnostics.len() < DIAGNOSTICS_LISTED {
            self.report.diagnostics.push(diagnostic);
        } else {
            self.report.diagnostics_left_out += 1;
        }
    }

    fn list(&mut self, place: Place, key: Option<String>, body: Box<RawValue>, out: &mut Out<'_>) -> io::Result<()> {
        self.report.read += 1;
        let Some(namespace) = self.namespaces.get(usize::from(self.current)) else {
            self.note(Diagnostic::refused("the plugin named no source", "record left out").at_line(place.line));
            return Ok(());
        };
        let hash = content_hash(body.get());
        let decoded = || serde_json::from_str::<Record>(body.get()).ok();
        let key = key.unwrap_or_else(|| decoded().map_or_else(|| body.get().to_owned(), |r| fallback_key(&r)));
        let is_card = body.get().starts_with(r#"{"card""#);
        let Some((key, id)) = self.free_key(namespace, &key, &hash, is_card) else {
            self.report.same += 1;
            return Ok(());
        };
        self.seen.insert(id, hash);
        if self.screen.is_some() {
            self.places.note(place.line);
        }
        let Some(body) = self.without_forgotten(&id, body) else { return Ok(()) };
        let Some(namespace) = self.namespaces.get(usize::from(self.current)) else { return Ok(()) };
        match self.report.collections.get_mut(namespace) {
            Some(count) => *count += 1,
            None => drop(self.report.collections.insert(namespace.clone(), 1)),
        }
        let known = out.book.known(&id).filter(|known| known.hash != ContentHash::default());
        let hash = match &known {
            Some(known) if !is_card && known.hash != hash => content_known(known, hash, body.get(), out.store)?,
            Some(_) | None => hash,
        };
        let body = match known {
            Some(known) if known.hash == hash => {
                self.report.same += 1;
                self.brings_back |= !known.listed;
                None
            }
            Some(known) => {
                let (moved, listed) = (self.report.moved, self.report.changes.len());
                self.report.changed += 1;
                if is_card {
                    news::changed(&mut self.report, &known, body.get(), out.store).map_err(io::Error::other)?;
                }
                let changed = self.changed.entry(self.current).or_default();
                changed.records += 1;
                changed.moved += self.report.moved - moved;
                changed.listed.extend(listed..self.report.changes.len());
                Some(body)
            }
            None => {
                self.report.new += 1;
                if is_card {
                    news::new(&mut self.report, body.get(), out.book);
                    self.report.new_records.push(id);
                }
                Some(body)
            }
        };
        let file = usize::try_from(place.entry).ok().and_then(|entry| self.entries.get(entry)).cloned();
        let hash = RecordId::from_bytes(hash).to_string();
        let listed = self.listed(key, hash, file.unwrap_or_default(), place.position);
        self.write(Listed { body, ..listed }, out)
    }

    /// Returns what is left of a record without those who are forgotten; counts it where that is nothing.
    fn without_forgotten(&mut self, id: &RecordId, body: Box<RawValue>) -> Option<Box<RawValue>> {
        let Some(screen) = &self.screen else { return Some(body) };
        let source = self.parts.get(usize::from(self.current)).map_or("", |part| &part.source);
        let left = match screen.judge(source, id, Some(body.get())) {
            Verdict::Stays => {
                self.photos.stays(body.get());
                Some(body)
            }
            Verdict::Becomes(left) => RawValue::from_string(left).ok(),
            Verdict::Goes => {
                self.photos.goes(body.get());
                None
            }
        };
        if left.is_none() {
            self.forgotten += 1;
            self.places.left_out();
            *self.report.tallies.entry(FORGOTTEN.to_owned()).or_default() += 1;
        }
        left
    }

    fn write(&mut self, listed: Listed, out: &mut Out<'_>) -> io::Result<()> {
        if self.begun.is_none() {
            return Ok(());
        }
        self.hasher.update(listed.key.as_bytes()).update(listed.hash.as_bytes());
        self.count += 1;
        out.writer.append(out.now, &What::Record(listed)).map(|_| ())
    }

    /// Returns a listing by the current part.
    fn listed(&self, key: String, hash: String, file: String, position: u64) -> Listed {
        let import = self.begun.as_ref().map_or(0, |(begin, _)| begin.seq);
        Listed { import, part: self.current, key, hash, file, position, body: None }
    }

    /// Returns the key under which a record is listed: an import lists a record once.
    ///
    /// `None` when this import lists the same already. A second card of the same key and another content gets an ordinal;
    /// of an interaction the first account counts.
    fn free_key(&self, namespace: &str, key: &str, hash: &ContentHash, is_card: bool) -> Option<(String, RecordId)> {
        let mut candidate = key.to_owned();
        for ordinal in 2_u32.. {
            let id = RecordId::new(namespace, &candidate);
            match self.seen.get(&id) {
                None => return Some((candidate, id)),
                Some(known) if known == hash || !is_card => return None,
                Some(_) => candidate = format!("{key}#{ordinal}"),
            }
        }
        None
    }
}

/// Returns the hash of the content that is known where this one is the same but for its size, else this one's.
fn content_known(known: &Known, hash: ContentHash, body: &str, store: &Store) -> io::Result<ContentHash> {
    let row = store.row(known.row).map_err(io::Error::other)?;
    let before = row.as_ref().and_then(|row| row.version(&known.hash));
    Ok(if before.is_some_and(|before| is_same_but_for_size(&before.body, body)) { known.hash } else { hash })
}

impl Import {
    /// Returns whether it writes facts.
    pub(super) fn is_real(&self) -> bool {
        self.mode != Mode::Dry
    }
}
