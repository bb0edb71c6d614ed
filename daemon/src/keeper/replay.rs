//! Folds what the ledger holds and the store does not have yet: at start, after a rebuild, and when another device's folder
//! grew.

use std::collections::BTreeMap;
use std::io;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;

use kith_core::book::Book;
use kith_core::book::forgotten::Verdict;
use kith_core::book::imports::ImportRow;
use kith_core::fact::{Begin, Commit, Fact, Listed, Said, What};
use kith_core::fold::{Folding, Prepared, settle};
use kith_core::hlc::Hlc;
use kith_core::id::{DeviceId, FactId};
use kith_core::line::{
    LineError, append_line, forgets, is_removed, lists_a_record, parse_line, parse_whole_line, says_settings, sequence,
};

use crate::clock;
use crate::ledger::{Folded, Lines, Position, devices};
use crate::store::{Store, StoreError};

/// How many lines are folded at once.
const SLICE_LINES: usize = 1_000;

/// How many threads read them, at most.
const READERS: usize = 4;

/// Why the folder of another device is not read on, by device, in words.
pub type Held = BTreeMap<DeviceId, String>;

/// Folding failed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The ledger cannot be read.
    #[error("read the ledger")]
    Ledger(#[source] io::Error),
    /// The store cannot be used.
    #[error("fold the ledger into the store")]
    Store(#[from] StoreError),
    /// A line was written by a newer kith.
    #[error("read the ledger")]
    Newer(#[source] LineError),
    /// Facts of another device are missing after this sequence number.
    #[error("read the ledger: facts after {0} are missing")]
    Gap(u64),
}

/// An import's stretch of a device's folder.
#[derive(Debug)]
pub(super) struct Stretch {
    pub(super) folder: PathBuf,
    pub(super) import: ImportRow,
    pub(super) commit: Commit,
    pub(super) from: Position,
    pub(super) to: Position,
}

impl Stretch {
    /// Returns where the device's folder ended before the import began.
    pub(super) fn before(&self) -> Folded {
        Folded { position: self.from, seq: self.import.id.seq.saturating_sub(1) }
    }
}

/// Reads a device's folder from where the store left off.
///
/// One's own is read to its end: what is damaged there is lost. Another device's may be on its way, a file late or cut; it is
/// read as long as no sequence number is missing, and on when that one is there.
#[derive(Debug)]
pub(super) struct Reading {
    device: DeviceId,
    folder: PathBuf,
    is_own: bool,
    lines: Lines,
    upto: Folded,
    /// Imports begun and not committed yet: where, when, how.
    open: BTreeMap<u64, (Position, Hlc, Begin)>,
}

/// What comes next in a device's folder.
#[derive(Debug)]
pub(super) enum Next {
    Said(Fact, Vec<u8>),
    Import(Box<Stretch>),
}

impl Reading {
    pub(super) fn new(root: &Path, device: DeviceId, is_own: bool, from: Folded) -> Self {
        let folder = root.join(device.as_str());
        let lines = Lines::from(&folder, from.position);
        Self { device, folder, is_own, lines, upto: from, open: BTreeMap::new() }
    }

    /// Returns up to where the store need not read again, once everything returned so far is folded.
    pub(super) fn folded_upto(&self) -> Folded {
        let open = self.open.iter().map(|(seq, (position, ..))| Folded { position: *position, seq: seq - 1 });
        open.fold(self.upto, Ord::min)
    }

    /// Returns when this import began.
    pub(super) fn begin_time(folder: &Path, at: Position, seq: u64, device: &DeviceId) -> Option<Hlc> {
        let mut lines = Lines::from(folder, at);
        let (_, line) = lines.next_line().ok()??;
        parse_line(line, device).ok().filter(|fact| fact.id.seq == seq).map(|fact| fact.at)
    }

    /// Returns the next thing to fold; `None` at the end of what there is.
    pub(super) fn next(&mut self) -> Result<Option<Next>, ReplayError> {
        loop {
            let next = self.lines.next_line().map_err(ReplayError::Ledger)?;
            let Some((at, line)) = next.map(|(at, line)| (at, line.to_vec())) else { return Ok(None) };
            let seq = sequence(&line).unwrap_or(0);
            if !self.is_own && seq != self.upto.seq + 1 {
                return Err(ReplayError::Gap(self.upto.seq));
            }
            self.upto = Folded { position: self.lines.position(), seq };
            if lists_a_record(&line) {
                continue;
            }
            let fact = match parse_line(&line, &self.device) {
                Ok(fact) => fact,
                Err(error @ LineError::Version(_)) => return Err(ReplayError::Newer(error)),
                Err(LineError::Checksum | LineError::Shape(_)) => continue,
            };
            match fact.what {
                What::Begin(begin) => {
                    self.open.insert(fact.id.seq, (at, fact.at, begin));
                }
                What::Commit(commit) => {
                    let Some(stretch) = self.stretch(commit) else { continue };
                    return Ok(Some(Next::Import(Box::new(stretch))));
                }
                What::Said(_) => return Ok(Some(Next::Said(fact, line))),
                What::Record(_) | What::Removed(_) => {}
            }
        }
    }

    fn stretch(&mut self, commit: Commit) -> Option<Stretch> {
        let (from, at, begin) = self.open.remove(&commit.import)?;
        let id = FactId { device: self.device.clone(), seq: commit.import };
        Some(Stretch {
            folder: self.folder.clone(),
            import: import_row(id, at, begin, &commit),
            commit,
            from,
            to: self.lines.position(),
        })
    }
}

/// Returns the import that a commit makes count.
pub(super) fn import_row(id: FactId, at: Hlc, begin: Begin, commit: &Commit) -> ImportRow {
    ImportRow { id, at, begin, parts: commit.parts.clone(), count: commit.count, same_as: commit.same_as.clone() }
}

/// Folds every device's folder from where the store left off; the book is settled afterwards. Returns which of the other
/// devices' folders are not read on, for now.
pub(super) fn catch_up(root: &Path, own: &DeviceId, book: &mut Book, store: &mut Store) -> Result<Held, ReplayError> {
    let mut held = Held::new();
    for device in devices(root).map_err(ReplayError::Ledger)? {
        let is_own = device == *own;
        let mut reading = Reading::new(root, device.clone(), is_own, store.folded_upto(&device)?);
        let read = read_on(&mut reading, book, store);
        settle(book, store, clock::now())?;
        match read {
            Err(error @ (ReplayError::Ledger(_) | ReplayError::Newer(_) | ReplayError::Gap(_))) if !is_own => {
                held.insert(device.clone(), words(&error));
            }
            read => read?,
        }
        store.flush()?;
        store.set_folded_upto(&device, reading.folded_upto())?;
    }
    settle(book, store, clock::now())?;
    store.flush()?;
    Ok(held)
}

/// Folds what can be read of a device's folder.
fn read_on(reading: &mut Reading, book: &mut Book, store: &mut Store) -> Result<(), ReplayError> {
    let mut said = Vec::new();
    let read = read_saying(reading, book, store, &mut said);
    book.say_all(said);
    read
}

/// Folds what can be read, but for what was `said` last. What was said between two imports is taken in at once; who is forgotten
/// is known before what follows is stored.
fn read_saying(
    reading: &mut Reading,
    book: &mut Book,
    store: &mut Store,
    said: &mut Vec<(FactId, Hlc, Said)>,
) -> Result<(), ReplayError> {
    while let Some(next) = reading.next()? {
        match next {
            Next::Said(fact, line) => {
                let forgets = matches!(fact.what, What::Said(Said::Forget(_)));
                said.extend(store_said(book, store, fact, &line)?);
                if forgets {
                    book.say_all(core::mem::take(said));
                }
            }
            Next::Import(stretch) => {
                book.say_all(core::mem::take(said));
                let mut fold = Fold::begin(*stretch, book, store)?;
                while fold.step(book, store)? {}
                fold.finish(book, store)?;
            }
        }
    }
    Ok(())
}

/// Says why another device's folder is not read on.
fn words(error: &ReplayError) -> String {
    match error {
        ReplayError::Gap(0) => "its first facts are not there yet".to_owned(),
        ReplayError::Gap(seq) => format!("what comes after its fact {seq} is not there yet"),
        ReplayError::Newer(_) => "it was written by a newer kith; update kith here".to_owned(),
        ReplayError::Ledger(error) => format!("it cannot be read: {error}"),
        ReplayError::Store(error) => error.to_string(),
    }
}

/// Folds a fact said.
pub(super) fn fold_said(book: &mut Book, store: &Store, fact: Fact, line: &[u8]) -> Result<(), StoreError> {
    let said = store_said(book, store, fact, line)?;
    book.say_all(said.into_iter().collect());
    Ok(())
}

/// Stores a fact said, and returns it for the book. Nothing is stored of what is about somebody who is forgotten.
fn store_said(book: &Book, store: &Store, fact: Fact, line: &[u8]) -> Result<Option<(FactId, Hlc, Said)>, StoreError> {
    let What::Said(said) = fact.what else { return Ok(None) };
    match book.forgotten().judge_said(&said) {
        Verdict::Stays => store.put_word(&fact.id, line)?,
        Verdict::Becomes(left) => {
            let mut shorter = Vec::new();
            append_line(&mut shorter, fact.id.seq, fact.at, &What::Said(left)).map_err(|_| StoreError::Damaged)?;
            shorter.pop();
            store.put_word(&fact.id, &shorter)?;
        }
        Verdict::Goes => {}
    }
    Ok(Some((fact.id, fact.at, said)))
}

/// Folds the ledger into a store that is empty.
///
/// Who is forgotten is read first, so that nothing of them comes into the store at all.
pub(super) fn fold_all(root: &Path, own: &DeviceId, book: &mut Book, store: &mut Store) -> Result<Held, ReplayError> {
    foresee(root, book, |device, line| forgets(line) || (device == own && says_settings(line)))?;
    settle(book, store, clock::now())?;
    catch_up(root, own, book, store)
}

/// Reads some of the facts said ahead of everything else. What cannot be read is told when it is folded.
pub(super) fn foresee(
    root: &Path,
    book: &mut Book,
    wanted: impl Fn(&DeviceId, &[u8]) -> bool,
) -> Result<(), ReplayError> {
    for device in devices(root).map_err(ReplayError::Ledger)? {
        let mut lines = Lines::from(&root.join(device.as_str()), Position::default());
        while let Ok(Some((_, line))) = lines.next_line() {
            if wanted(&device, line)
                && let Ok(Fact { id, at, what: What::Said(said) }) = parse_whole_line(line, &device)
            {
                book.say(&id, at, said);
            }
        }
    }
    Ok(())
}

/// An import being folded, slice by slice.
#[derive(Debug)]
pub(super) struct Fold {
    import: ImportRow,
    commit: Commit,
    lines: Lines,
    to: Position,
    folding: Folding,
    hasher: blake3::Hasher,
    count: u64,
    /// How many of its lines are of somebody who is forgotten, and were taken out.
    removed: u64,
}

impl Fold {
    pub(super) fn begin(stretch: Stretch, book: &mut Book, store: &Store) -> Result<Self, ReplayError> {
        let Stretch { folder, import, commit, from, to } = stretch;
        let folding = Folding::begin(book, import.clone());
        store.put_import(folding.import(), &import, false)?;
        let lines = Lines::from(&folder, from);
        Ok(Self { import, commit, lines, to, folding, hasher: blake3::Hasher::new(), count: 0, removed: 0 })
    }

    /// Folds a slice of lines; returns whether there are more.
    pub(super) fn step(&mut self, book: &Book, store: &mut Store) -> Result<bool, ReplayError> {
        let mut lines = Vec::with_capacity(SLICE_LINES);
        let mut more = true;
        while more && lines.len() < SLICE_LINES {
            more = self.lines.position() < self.to;
            match self.lines.next_line().map_err(ReplayError::Ledger)?.filter(|_| more) {
                Some((_, line)) if lists_a_record(line) => lines.push(line.to_vec()),
                Some((_, line)) => self.removed += u64::from(is_removed_from(line, &self.import)),
                None => more = false,
            }
        }
        for prepared in self.prepare(&lines) {
            self.hasher.update(prepared.key().as_bytes()).update(prepared.hash().as_bytes());
            self.count += 1;
            self.folding.list(book, store, prepared)?;
        }
        Ok(more)
    }

    /// Reads lines on several threads, in order; those of other imports are left out.
    fn prepare(&self, lines: &[Vec<u8>]) -> Vec<Prepared> {
        let threads = available_parallelism().map_or(1, NonZero::get).min(READERS);
        let (folding, import) = (&self.folding, &self.import);
        let read = |lines: &[Vec<u8>]| -> Vec<Prepared> {
            lines.iter().filter_map(|line| folding.prepare(listed(line, import)?)).collect()
        };
        let mut parts = lines.chunks(lines.len().div_ceil(threads).max(1));
        let Some(own) = parts.next() else { return Vec::new() };
        std::thread::scope(|scope| {
            let others: Vec<_> = parts.map(|part| scope.spawn(move || read(part))).collect();
            let mut prepared = read(own);
            for other in others {
                prepared.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
            }
            prepared
        })
    }

    /// Shows the import. One whose lines are not those that it was committed with stays hidden.
    pub(super) fn finish(self, book: &mut Book, store: &mut Store) -> Result<(), ReplayError> {
        let whole = is_whole(&self.commit, self.count, self.removed, &self.hasher);
        let no = self.folding.import();
        let folded = self.folding.finish(book, store)?;
        if whole || self.commit.same_as.is_some() {
            folded.show(book);
            store.put_import(no, &self.import, true)?;
        } else {
            tracing::warn!(import = %self.import.id, "import is damaged and does not count");
        }
        Ok(())
    }
}

/// Returns whether an import has the lines that it was committed with. Of one from which lines were taken out only their
/// number is known.
pub(super) fn is_whole(commit: &Commit, count: u64, removed: u64, hasher: &blake3::Hasher) -> bool {
    count + removed == commit.count && (removed > 0 || hasher.finalize().to_hex().as_str() == commit.hash)
}

fn is_removed_from(line: &[u8], import: &ImportRow) -> bool {
    let of = |line| match parse_whole_line(line, &import.id.device).ok()?.what {
        What::Removed(removed) => removed.import,
        What::Record(_) | What::Begin(_) | What::Commit(_) | What::Said(_) => None,
    };
    is_removed(line) && of(line) == Some(import.id.seq)
}

fn listed(line: &[u8], import: &ImportRow) -> Option<Listed> {
    match parse_whole_line(line, &import.id.device).ok()?.what {
        What::Record(listed) if listed.import == import.id.seq => Some(listed),
        What::Record(_) | What::Begin(_) | What::Commit(_) | What::Said(_) | What::Removed(_) => None,
    }
}

/// Makes the book from the store.
pub(super) fn load(store: &Store) -> Result<Book, StoreError> {
    let mut book = Book::default();
    let mut unfolded = Vec::new();
    let mut imports = Vec::new();
    store.scan_imports(|no, import, folded| imports.push((no, import, folded)))?;
    for (_, import, folded) in imports {
        let no = book.add_hidden(import);
        if folded { book.show(no) } else { unfolded.push(no) }
    }
    let (mut said, mut damaged) = (Vec::new(), false);
    store.scan_words(|device, line| match parse_line(line, &device) {
        Ok(Fact { id, at, what: What::Said(word) }) => said.push((id, at, word)),
        Ok(_) | Err(_) => damaged = true,
    })?;
    if damaged {
        return Err(StoreError::Damaged);
    }
    book.say_all(said);
    kith_core::fold::reindex(&mut book, store)?;
    book.settle(clock::now());
    Ok(book)
}
