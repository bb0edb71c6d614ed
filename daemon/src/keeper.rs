//! The keeper: the one task that owns ledger and store, and their only writer.
//!
//! Others hold a [`Keeper`] and send commands over a bounded channel; a full channel makes them wait, nothing is dropped.
//! Reads go to the [`Book`] under a short lock and to the store.

pub mod check;
pub(crate) mod forget;
mod forgetting;
mod gone;
mod news;
pub mod open;
mod photos;
pub mod replay;
pub mod reports;
mod running;
mod taking;
pub mod task;

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use kith_core::book::Book;

use kith_core::fact::Said;
use kith_core::fold::Rows as _;
use kith_core::forget::Forget;
use kith_core::id::{DeviceId, FactId, ImportId};
use kith_core::row::{Row, RowNo};
use kith_proto::api::RecordChange;
use kith_proto::card::PhotoHash;
use kith_proto::diagnostic::Diagnostic;
use parking_lot::{RwLock, RwLockReadGuard};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::spawn_blocking;

use crate::keeper::gone::Gone;
use crate::keeper::open::{OpenError, Opened};
use crate::keeper::replay::Held;
use crate::keeper::task::Task;
use crate::paths::Paths;
use crate::plugin::Emission;
use crate::store::{Store, StoreError};

/// How many commands may wait.
const COMMANDS_WAITING: usize = 16;

/// A handle on the keeper.
#[derive(Debug, Clone)]
pub struct Keeper {
    commands: mpsc::Sender<Command>,
    book: Arc<RwLock<Book>>,
    /// sled's handles may not be shared between threads, but each may have its own.
    store: Arc<Mutex<Store>>,
    photos: Arc<Path>,
    changed: watch::Receiver<u64>,
    held: watch::Receiver<Held>,
    unremoved: watch::Receiver<Option<String>>,
    /// Why the store was made again at this start, if it was.
    rebuilt: Option<Arc<str>>,
    device: DeviceId,
}

/// What the keeper is asked to do.
#[derive(Debug)]
pub enum Command {
    /// Begin an import, or learn that the same bytes were imported before.
    Begin(Import, oneshot::Sender<Result<Begun, KeeperError>>),
    /// From here on, places count within these files; a large import comes in several jobs, each with its own.
    Entries(Ticket, Vec<String>),
    /// Take in what a plugin emitted.
    Append(Ticket, Vec<Emission>),
    /// Take note that these photos were not there before.
    Photos(Ticket, Vec<String>),
    /// Make an import count.
    Commit(Ticket, oneshot::Sender<Result<Report, KeeperError>>),
    /// Give an import up; nothing of it counts.
    Abort(Ticket),
    /// Write what was said, durably.
    Say(Vec<Said>, oneshot::Sender<Result<Vec<FactId>, KeeperError>>),
    /// Fail an import when it is to be committed: a part of it could not be kept.
    Fail(Ticket, io::Error),
    /// Take note that these records of a folder read in place are gone, as they were found at this generation; answers how
    /// many went, or nothing when something has changed since.
    Gone(String, Vec<Gone>, u64, oneshot::Sender<Result<Option<u64>, KeeperError>>),
    /// Fold what other devices wrote; answers how many imports came.
    CatchUp(oneshot::Sender<Result<u64, KeeperError>>),
    /// Forget somebody for good, as soon as no import is under way.
    Forget(Forget, oneshot::Sender<Result<FactId, KeeperError>>),
    /// Take in what has taken place since the last change: what was yet to come.
    Reach(oneshot::Sender<Result<(), KeeperError>>),
    /// Answer, to show that the loop is alive.
    Ping(oneshot::Sender<Result<(), KeeperError>>),
}

/// An import to begin.
#[derive(Debug, Clone)]
pub struct Import {
    /// What is imported, as the user knows it: a file, or a folder read in place.
    pub path: String,
    /// The plugin's name and version, `csv 0.1.0`.
    pub plugin: String,
    /// The hash of the input's bytes, where it is one file: the same file again is known by it.
    pub content: Option<String>,
    /// Whether facts are written.
    pub mode: Mode,
}

/// Whether an import writes facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It does.
    Real,
    /// It does when there is news: a folder read in place is looked at again and again.
    Followed,
    /// It only reports what would change.
    Dry,
}

/// Which of the running imports is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket {
    number: u64,
    is_real: bool,
}

/// What became of a wish to begin an import.
#[derive(Debug)]
pub enum Begun {
    /// Go on with this ticket.
    New(Ticket),
    /// These bytes were imported before by the same plugin; nothing is to do, and this is the report.
    Known(Box<Report>),
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Report {
    /// The import; `None` when dry.
    pub import: Option<ImportId>,
    /// What was imported.
    pub path: String,
    /// The plugin's name and version.
    pub plugin: String,
    /// When it was committed, in milliseconds since 1970.
    pub at_ms: i64,
    /// Items read: records, refused items and tallied ones.
    pub read: u64,
    /// Records that were not known.
    pub new: u64,
    /// Records that were known with another content.
    pub changed: u64,
    /// Records that were known with this content.
    pub same: u64,
    /// Records that a complete part no longer lists.
    pub retired: u64,
    /// Items left out, each with a diagnostic.
    pub refused: u64,
    /// Cards that were not known.
    pub new_cards: u64,
    /// New cards that turned out to be of people who were known.
    #[serde(default)]
    pub joined: u64,
    /// How many more pairs of people may be one since.
    #[serde(default)]
    pub asked: u64,
    /// Which cards were not known.
    #[serde(skip)]
    pub new_records: Vec<kith_core::id::RecordId>,
    /// People whose company or position changed.
    pub moved: u64,
    /// The people who are new, changed or no longer listed.
    pub changes: Vec<RecordChange>,
    /// How many more of them there were than are listed.
    pub changes_left_out: u64,
    /// Records by source and collection, `linkedin/connections`.
    pub collections: BTreeMap<String, u64>,
    /// Items counted only, by class.
    pub tallies: BTreeMap<String, u64>,
    /// What was wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// How many more diagnostics there were than are listed.
    pub diagnostics_left_out: u64,
    /// How the input ends in the middle, where only what stands before the cut was imported; not kept, a diagnostic tells it.
    #[serde(skip)]
    pub cut_short: Option<String>,
}

/// The keeper could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum KeeperError {
    /// The keeper has ended; the daemon is ending.
    #[error("reach the keeper: it has ended")]
    Ended,
    /// The ledger could not be written.
    #[error("write the ledger")]
    Ledger(#[source] io::Error),
    /// Somebody is forgotten, and could not be removed from all files yet.
    #[error("remove what is left of the forgotten person: they are not shown any more, but some files still hold them")]
    NotRemoved(#[source] io::Error),
    /// The disk is full; nothing was taken in.
    #[error("write the ledger: the disk is full")]
    DiskFull,
    /// The store cannot be read.
    #[error("read the store")]
    Store(#[source] StoreError),
    /// What was said names a record that does not exist.
    #[error("find {0}")]
    Unknown(String),
}

impl From<io::Error> for KeeperError {
    fn from(error: io::Error) -> Self {
        if crate::paths::is_disk_full(&error) { Self::DiskFull } else { Self::Ledger(error) }
    }
}

/// Opens ledger and store, folds what is new, and returns a handle and the task to be run on a thread of its own.
///
/// # Errors
/// When another daemon has the ledger, or ledger or store cannot be opened.
pub fn start(paths: &Paths) -> Result<(Keeper, Task), OpenError> {
    let Opened { writer, store, book, held, unremoved, rebuilt, lock } = open::open(paths)?;
    let (sender, commands) = mpsc::channel(COMMANDS_WAITING);
    let (changed, changes) = watch::channel(0);
    let (held, held_seen) = watch::channel(held);
    let (unremoved, unremoved_seen) = watch::channel(unremoved);
    let book = Arc::new(RwLock::new(book));
    let rebuilt = rebuilt.map(Arc::from);
    let shared_store = Arc::new(Mutex::new(store.clone()));
    let keeper = Keeper {
        commands: sender,
        book: Arc::clone(&book),
        store: Arc::clone(&shared_store),
        photos: paths.photos().into(),
        changed: changes,
        rebuilt,
        held: held_seen,
        unremoved: unremoved_seen,
        device: writer.device().clone(),
    };
    let task = Task {
        writer,
        root: paths.ledger.clone(),
        state: paths.state.clone(),
        reports: paths.reports.clone(),
        paths: paths.clone(),
        shared_store,
        store,
        book,
        commands,
        changed,
        held,
        unremoved,
        running: BTreeMap::new(),
        folds: VecDeque::new(),
        forgets: Vec::new(),
        next_ticket: 0,
        unflushed: true,
        flushing: None,
        _lock: lock,
    };
    Ok((keeper, task))
}

impl Keeper {
    /// Returns the book, for a short look. Who looks already may look again: to wait there for a change that waits for them in
    /// turn would be to wait for ever.
    pub fn book(&self) -> RwLockReadGuard<'_, Book> {
        self.book.read_recursive()
    }

    /// Returns a handle on the store, for reading many rows: it is some 80 KiB to copy.
    #[must_use]
    pub fn store(&self) -> Store {
        self.store.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads a row.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn row(&self, no: RowNo) -> Result<Option<Row>, StoreError> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner).row(no)
    }

    /// Returns the bytes of a photo.
    ///
    /// # Errors
    /// When it is not on this device, or cannot be read.
    pub fn photo(&self, hash: &PhotoHash) -> io::Result<Vec<u8>> {
        photos::read(&self.photos, hash)
    }

    /// Returns a receiver that ticks after each visible change.
    #[must_use]
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.changed.clone()
    }

    /// Returns this device's id.
    #[must_use]
    pub const fn device(&self) -> &DeviceId {
        &self.device
    }

    /// Returns why other devices' folders are not read on for now, in words, by device.
    #[must_use]
    pub fn held(&self) -> Held {
        self.held.borrow().clone()
    }

    /// Returns why those who are forgotten are not removed from ledger and files yet, if so.
    #[must_use]
    pub fn unremoved(&self) -> Option<String> {
        self.unremoved.borrow().clone()
    }

    /// Returns why the store was made again at this start, if it was.
    #[must_use]
    pub fn rebuilt(&self) -> Option<&str> {
        self.rebuilt.as_deref()
    }

    /// Takes note that files of a folder read in place are gone; returns how many records went with them.
    ///
    /// # Errors
    /// When the ledger cannot be written or the keeper has ended.
    pub async fn gone(&self, path: String, names: Vec<String>) -> Result<u64, KeeperError> {
        loop {
            let generation = *self.changed.borrow();
            let (keeper, of, lost) = (self.clone(), path.clone(), names.clone());
            let found = spawn_blocking(move || gone::records(&keeper, &of, &lost)).await;
            let found = found.map_err(|_| KeeperError::Ended)?.map_err(KeeperError::Store)?;
            if let Some(count) = self.ask(|answer| Command::Gone(path.clone(), found, generation, answer)).await? {
                return Ok(count);
            }
        }
    }

    /// Folds what other devices wrote; returns how many imports came.
    ///
    /// # Errors
    /// When the keeper has ended.
    pub async fn catch_up(&self) -> Result<u64, KeeperError> {
        self.ask(Command::CatchUp).await
    }

    /// Takes in what has taken place since the last change: a meeting that was yet to come.
    ///
    /// # Errors
    /// When the keeper has ended.
    pub async fn reach(&self) -> Result<(), KeeperError> {
        self.ask(Command::Reach).await
    }

    /// Forgets somebody for good: durable, and nothing of them is left in ledger and store of this device when this returns.
    ///
    /// # Errors
    /// When the ledger cannot be written, or the keeper has ended.
    pub async fn forget(&self, forget: Forget) -> Result<FactId, KeeperError> {
        self.ask(|answer| Command::Forget(forget, answer)).await
    }

    /// Returns when the keeper's loop answers.
    ///
    /// # Errors
    /// When the keeper has ended.
    pub async fn ping(&self) -> Result<(), KeeperError> {
        self.ask(Command::Ping).await
    }

    /// Begins an import.
    ///
    /// # Errors
    /// When the ledger cannot be written or the keeper has ended.
    pub async fn begin(&self, import: Import) -> Result<Begun, KeeperError> {
        self.ask(|answer| Command::Begin(import, answer)).await
    }

    /// Names the files that the places of the emissions appended from here on count within.
    ///
    /// A folder is imported in several jobs of some files each; the names are relative to the import's path. Not called for
    /// an import of a single file.
    ///
    /// # Errors
    /// When the keeper has ended.
    pub async fn entries(&self, ticket: Ticket, names: Vec<String>) -> Result<(), KeeperError> {
        self.commands.send(Command::Entries(ticket, names)).await.map_err(|_| KeeperError::Ended)
    }

    /// Takes in what a plugin emitted; waits while the keeper is behind.
    ///
    /// # Errors
    /// When the keeper has ended. A ledger that cannot be written is reported by [`Keeper::commit`].
    pub async fn append(&self, ticket: Ticket, mut emissions: Vec<Emission>) -> Result<(), KeeperError> {
        let photos: Vec<Emission> =
            emissions.extract_if(.., |emission| matches!(emission, Emission::Photo { .. })).collect();
        if ticket.is_real && !photos.is_empty() {
            let folder = Arc::clone(&self.photos);
            let kept = spawn_blocking(move || photos::keep(&folder, &photos)).await.map_err(|_| KeeperError::Ended)?;
            let told = match kept {
                Ok(new) => Command::Photos(ticket, new),
                Err(error) => Command::Fail(ticket, error),
            };
            self.commands.send(told).await.map_err(|_| KeeperError::Ended)?;
        }
        self.commands.send(Command::Append(ticket, emissions)).await.map_err(|_| KeeperError::Ended)
    }

    /// Makes an import count: durable, folded and visible when this returns.
    ///
    /// # Errors
    /// When the ledger could not be written, or the keeper has ended.
    pub async fn commit(&self, ticket: Ticket) -> Result<Report, KeeperError> {
        self.ask(|answer| Command::Commit(ticket, answer)).await
    }

    /// Gives an import up; nothing of it counts.
    ///
    /// # Errors
    /// When the keeper has ended.
    pub async fn abort(&self, ticket: Ticket) -> Result<(), KeeperError> {
        self.commands.send(Command::Abort(ticket)).await.map_err(|_| KeeperError::Ended)
    }

    /// Writes what was said: durable, folded and visible when this returns.
    ///
    /// # Errors
    /// When a record named does not exist, the ledger cannot be written, or the keeper has ended.
    pub async fn say(&self, said: Vec<Said>) -> Result<Vec<FactId>, KeeperError> {
        self.ask(|answer| Command::Say(said, answer)).await
    }

    async fn ask<T>(
        &self,
        command: impl FnOnce(oneshot::Sender<Result<T, KeeperError>>) -> Command,
    ) -> Result<T, KeeperError> {
        let (answer, answered) = oneshot::channel();
        self.commands.send(command(answer)).await.map_err(|_| KeeperError::Ended)?;
        answered.await.map_err(|_| KeeperError::Ended)?
    }
}

#[cfg(test)]
mod tests {
    use kith_core::fact::Care;
    use kith_core::fact::Season;

    use crate::deliver::house::{DEADLINE, House};

    #[tokio::test(flavor = "multi_thread")]
    async fn who_looks_at_the_book_may_look_again_while_a_change_waits() {
        let house = House::new();
        let keeper = house.keeper.clone();
        let looking = keeper.book();
        let saying = tokio::spawn({
            let keeper = keeper.clone();
            async move { keeper.say(vec![Care::Season { season: Season::Rest }.into()]).await.map(drop) }
        });
        while keeper.book.try_read().is_some() {
            std::thread::yield_now();
        }
        assert_eq!(keeper.book().words().giving().season(), Season::Steady);
        drop(looking);
        tokio::time::timeout(DEADLINE, saying).await.unwrap().unwrap().unwrap();
        assert_eq!(keeper.book().words().giving().season(), Season::Rest);
    }
}
