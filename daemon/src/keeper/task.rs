//! The keeper's loop: one thread, one command after the other.
//!
//! A committed import is folded in slices, and commands are answered between them: a long import never makes a short command
//! wait. What was said is folded at once; the order does not matter.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use kith_core::book::Book;
use kith_core::fact::{Care, Fact, Said, What};
use kith_core::fold::settle;
use kith_core::forget::Forget;
use kith_core::id::{DeviceId, FactId, RecordId};
use kith_core::line::append_line;
use parking_lot::{RwLock, RwLockWriteGuard};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot, watch};

use crate::clock;
use crate::keeper::news;
use crate::keeper::replay::{Fold, Held, ReplayError, Stretch, catch_up, fold_all, fold_said};
use crate::keeper::running::Running;
use crate::keeper::{Command, KeeperError, Report, Ticket, forget, reports};
use crate::ledger::{Folded, Writer, devices, pack};
use crate::paths::Paths;
use crate::store::{Store, StoreError};

/// How long after the last write the store is flushed. The ledger is durable all along.
const FLUSH_AFTER: Duration = Duration::from_secs(2);

/// Records being durable is worth a flush of the store only so often within a long fold.
const FLUSH_EVERY_SLICES: u32 = 20;

pub(super) type Answer<T> = oneshot::Sender<Result<T, KeeperError>>;

/// The keeper ended, and with it the daemon.
#[derive(Debug, thiserror::Error)]
pub enum KeeperFatal {
    /// The store is damaged, and made again at the next start; or the disk is full.
    #[error("keep the store")]
    Store(#[source] StoreError),
    /// This device's own folder of the ledger cannot be read.
    #[error("keep the ledger")]
    Ledger(#[source] ReplayError),
}

/// The keeper's thread.
#[derive(Debug)]
pub struct Task {
    pub(super) writer: Writer,
    pub(super) root: PathBuf,
    /// The folder that holds the store.
    pub(super) state: PathBuf,
    pub(super) reports: PathBuf,
    pub(super) paths: Paths,
    pub(super) store: Store,
    /// The store that others read from.
    pub(super) shared_store: Arc<Mutex<Store>>,
    pub(super) book: Arc<RwLock<Book>>,
    pub(super) commands: mpsc::Receiver<Command>,
    pub(super) changed: watch::Sender<u64>,
    /// Why other devices' folders are not read on.
    pub(super) held: watch::Sender<Held>,
    /// Why those who are forgotten are not removed yet.
    pub(super) unremoved: watch::Sender<Option<String>>,
    pub(super) running: BTreeMap<Ticket, Running>,
    pub(super) folds: VecDeque<Job>,
    /// Who is to be forgotten as soon as no import is under way.
    pub(super) forgets: Vec<(Forget, Answer<FactId>)>,
    pub(super) next_ticket: u64,
    pub(super) unflushed: bool,
    pub(super) flushing: Option<JoinHandle<Result<(), StoreError>>>,
    pub(super) _lock: File,
}

/// An import to fold, and who waits for it.
#[derive(Debug)]
pub(super) struct Job {
    stretch: Option<Stretch>,
    fold: Option<Fold>,
    slices: u32,
    report: Report,
    answer: Answer<Report>,
}

impl Job {
    pub(super) const fn new(stretch: Stretch, report: Report, answer: Answer<Report>) -> Self {
        Self { stretch: Some(stretch), fold: None, slices: 0, report, answer }
    }
}

impl Task {
    /// Serves commands until every handle is gone.
    ///
    /// # Errors
    /// When the store turns out to be damaged, or the ledger cannot be read.
    pub fn run(mut self, runtime: &Handle) -> Result<(), KeeperFatal> {
        self.serve(runtime).map_err(|error| match error {
            ReplayError::Store(error) => KeeperFatal::Store(error),
            error @ (ReplayError::Ledger(_) | ReplayError::Newer(_) | ReplayError::Gap(_)) => {
                KeeperFatal::Ledger(error)
            }
        })
    }

    fn serve(&mut self, runtime: &Handle) -> Result<(), ReplayError> {
        loop {
            let command = if self.folds.is_empty() { self.wait(runtime)? } else { self.commands.try_recv().ok() };
            match command {
                Some(command) => self.answer(command)?,
                None if self.folds.is_empty() => {
                    self.remember_position()?;
                    return Ok(());
                }
                None => {}
            }
            self.fold_a_slice()?;
            self.forget_when_idle()?;
        }
    }

    /// Waits for a command; while something is unflushed, only so long.
    fn wait(&mut self, runtime: &Handle) -> Result<Option<Command>, ReplayError> {
        if !self.unflushed {
            return Ok(runtime.block_on(self.commands.recv()));
        }
        let waited = runtime.block_on(async { tokio::time::timeout(FLUSH_AFTER, self.commands.recv()).await });
        if let Ok(command) = waited {
            return Ok(command);
        }
        let folded = self.all_folded();
        self.aside(move |store, device| store.remember(&device, folded))?;
        self.unflushed = false;
        self.tidy_up();
        Ok(runtime.block_on(self.commands.recv()))
    }

    fn answer(&mut self, command: Command) -> Result<(), ReplayError> {
        match command {
            Command::Begin(import, answer) => {
                if let Some(begun) = self.begin(import)? {
                    reply(answer, begun);
                }
            }
            Command::Entries(ticket, names) => {
                if let Some(running) = self.running.get_mut(&ticket) {
                    running.set_entries(names);
                }
            }
            Command::Append(ticket, emissions) => self.append(ticket, emissions),
            Command::Photos(ticket, new) => {
                if let Some(running) = self.running.get_mut(&ticket) {
                    running.photos.came(new);
                }
            }
            Command::Commit(ticket, answer) => self.commit(ticket, answer),
            Command::Abort(ticket) => self.abort(ticket),
            Command::Say(said, answer) => {
                let said = self.say(said)?;
                reply(answer, said);
            }
            Command::Fail(ticket, error) => self.fail(ticket, error),
            Command::Gone(path, gone, generation, answer) if generation == *self.changed.borrow() => {
                self.gone(path, gone, answer)?;
            }
            Command::Gone(.., answer) => reply(answer, Ok(None)),
            Command::CatchUp(answer) => {
                let caught_up = self.catch_up_others()?;
                reply(answer, Ok(caught_up));
            }
            Command::Forget(forget, answer) => self.forgets.push((forget, answer)),
            Command::Reach(answer) => {
                settle(&mut write(&self.book), &self.store, clock::now())?;
                self.after_change();
                reply(answer, Ok(()));
            }
            Command::Ping(answer) => reply(answer, Ok(())),
        }
        Ok(())
    }

    fn say(&mut self, said: Vec<Said>) -> Result<Result<Vec<FactId>, KeeperError>, ReplayError> {
        if let Some(unknown) = self.read_book(|book| said.iter().find_map(|s| unknown(book, s))) {
            return Ok(Err(KeeperError::Unknown(unknown)));
        }
        let region_before = self.read_book(Book::region);
        let mut facts = Vec::new();
        for said in said {
            match self.writer.append(clock::now(), &What::Said(said.clone())) {
                Ok((id, at)) => facts.push(Fact { id, at, what: What::Said(said) }),
                Err(error) => return Ok(Err(error.into())),
            }
        }
        if let Err(error) = self.writer.sync() {
            return Ok(Err(error.into()));
        }
        let ids = facts.iter().map(|fact| fact.id.clone()).collect();
        {
            let mut book = write(&self.book);
            for fact in facts {
                let mut line = Vec::new();
                append_line(&mut line, fact.id.seq, fact.at, &fact.what)
                    .map_err(|e| ReplayError::Ledger(io::Error::other(e)))?;
                line.pop();
                fold_said(&mut book, &self.store, fact, &line)?;
            }
            settle(&mut book, &self.store, clock::now())?;
        }
        self.after_change();
        if self.read_book(Book::region) != region_before {
            self.fold_anew()?;
        }
        Ok(Ok(ids))
    }

    /// Numbers are read by another region: everything is folded again.
    pub(super) fn fold_anew(&mut self) -> Result<(), ReplayError> {
        if self.read_book(|book| book.next_row() == 0) {
            return Ok(());
        }
        while !self.folds.is_empty() {
            self.fold_a_slice()?;
        }
        self.wait_for_flush()?;
        let mut book = write(&self.book);
        let carried_out = self.store.carried_out()?;
        self.store.clear()?;
        *book = Book::default();
        let held = fold_all(&self.root, self.writer.device(), &mut book, &mut self.store)?;
        self.store.set_carried_out(&carried_out)?;
        drop(book);
        self.hold(held);
        Ok(())
    }

    /// Shows which other devices' folders are not read on, and logs what is new about that.
    pub(super) fn hold(&self, held: Held) {
        self.held.send_if_modified(|known| {
            for (device, why) in held.iter().filter(|(device, why)| known.get(device) != Some(why)) {
                tracing::warn!(%device, why, "the folder of another device is not read on for now");
            }
            let differs = *known != held;
            *known = held;
            differs
        });
    }

    fn catch_up_others(&mut self) -> Result<u64, ReplayError> {
        let own = self.writer.device().clone();
        let others = devices(&self.root).map_err(ReplayError::Ledger)?.into_iter().any(|device| device != own);
        if !self.folds.is_empty() || !self.running.is_empty() {
            return Ok(0);
        }
        if !others {
            drop(self.carry_out_forgets()?);
            return Ok(0);
        }
        self.remember_position()?;
        let before = self.read_book(|book| book.imports().iter().count());
        let (held, latest) = {
            let mut book = write(&self.book);
            let held = catch_up(&self.root, &own, &mut book, &mut self.store)?;
            (held, book.words().latest())
        };
        self.hold(held);
        self.writer.saw(latest);
        self.after_change();
        // What cannot be removed yet is tried again at the next catch-up.
        drop(self.carry_out_forgets()?);
        let after = self.read_book(|book| book.imports().iter().count());
        Ok(u64::try_from(after.saturating_sub(before)).unwrap_or(0))
    }

    fn fold_a_slice(&mut self) -> Result<(), ReplayError> {
        let Some(job) = self.folds.front_mut() else { return Ok(()) };
        if let Some(stretch) = job.stretch.take() {
            job.fold = Some(Fold::begin(stretch, &mut write(&self.book), &self.store)?);
        }
        job.slices += 1;
        let flush = job.slices % FLUSH_EVERY_SLICES == 0;
        let Some(fold) = &mut job.fold else { return Ok(()) };
        let more = {
            let book = self.book.read();
            fold.step(&book, &mut self.store)?
        };
        if flush {
            self.aside(|store, _| store.flush())?;
        }
        if more { Ok(()) } else { self.show_folded() }
    }

    fn show_folded(&mut self) -> Result<(), ReplayError> {
        let Some(Job { fold: Some(fold), mut report, answer, .. }) = self.folds.pop_front() else { return Ok(()) };
        {
            let mut book = write(&self.book);
            let (before, asked_before) = (book.present(), book.questions().len());
            fold.finish(&mut book, &mut self.store)?;
            settle(&mut book, &self.store, clock::now())?;
            report.retired = report.retired.max(book.retired_since(&before));
            report.asked = (book.questions().len().saturating_sub(asked_before)) as u64;
        }
        report.joined = self.read_book(|book| news::joined(&report, book));
        self.after_change();
        reports::keep(&self.reports, &report);
        reply(answer, Ok(report));
        Ok(())
    }

    /// Makes what the store holds by now durable, on another thread, so that no command waits for it.
    fn aside(
        &mut self,
        flush: impl FnOnce(&Store, DeviceId) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        self.wait_for_flush()?;
        let (store, device) = (self.store.clone(), self.writer.device().clone());
        let flushing = std::thread::Builder::new().name("store-flush".to_owned());
        self.flushing = Some(flushing.spawn(move || flush(&store, device)).map_err(StoreError::Sled)?);
        Ok(())
    }

    pub(super) fn wait_for_flush(&mut self) -> Result<(), StoreError> {
        let flushed = self.flushing.take().map_or(Ok(Ok(())), JoinHandle::join);
        flushed.unwrap_or_else(|panic| resume_unwind(panic))
    }

    /// Writes down how far this device's ledger is folded, so that the next start need not read it again.
    fn remember_position(&mut self) -> Result<(), StoreError> {
        self.wait_for_flush()?;
        self.store.remember(self.writer.device(), self.all_folded())?;
        self.unflushed = false;
        Ok(())
    }

    /// Returns up to where all is folded; `None` while a fold is under way.
    fn all_folded(&self) -> Option<Folded> {
        if self.folds.iter().any(|job| job.fold.is_some()) {
            return None;
        }
        let waiting = self.folds.iter().filter_map(|job| job.stretch.as_ref().map(Stretch::before));
        let begun = self.running.values().filter_map(|running| running.begun.as_ref().map(|(_, end)| *end));
        Some(waiting.chain(begun).fold(self.writer.synced(), Ord::min))
    }

    fn tidy_up(&self) {
        if let Err(error) = pack::pack_one(&self.writer) {
            tracing::warn!(%error, "closed segment of the ledger cannot be packed");
        }
    }

    pub(super) fn after_change(&mut self) {
        self.unflushed = true;
        self.changed.send_modify(|generation| *generation += 1);
    }

    pub(super) fn read_book<T>(&self, read: impl FnOnce(&Book) -> T) -> T {
        read(&self.book.read())
    }
}

pub(super) fn write(book: &RwLock<Book>) -> RwLockWriteGuard<'_, Book> {
    book.write()
}

pub(super) fn reply<T>(answer: Answer<T>, value: Result<T, KeeperError>) {
    if answer.send(value).is_err() {
        tracing::debug!("nobody waits for the answer any more");
    }
}

/// Returns what of it does not exist.
fn unknown(book: &Book, said: &Said) -> Option<String> {
    let person = |record: &RecordId| book.person(record).is_none().then(|| format!("a person with the id {record}"));
    match said {
        Said::Circle { record, .. }
        | Said::CircleDeclined { record }
        | Said::Set { record, .. }
        | Said::Note { record, .. }
        | Said::Snooze { record, .. } => person(record),
        Said::Care(care) => unknown_care(book, care),
        Said::Log { records, .. } => records.iter().find_map(person),
        Said::Same { a, b } | Said::ReviewLater { a, b, .. } => [a, b].into_iter().find_map(person),
        Said::Apart { these, those } => these.iter().chain(those).find_map(person),
        Said::Undo { of } => {
            let can_be_undone = |id: &FactId| book.knows_fact(id) && !forget::facts(book).contains(id);
            of.iter().find(|id| !can_be_undone(id)).map(|id| format!("an import or a word with the id {id}"))
        }
        Said::Add { .. }
        | Said::Settings(_)
        | Said::Forget(_)
        | Said::Planned(_)
        | Said::Intent { .. }
        | Said::Outcome { .. } => None,
    }
}

fn unknown_care(book: &Book, care: &Care) -> Option<String> {
    let person = |record: &RecordId| book.person(record).is_none().then(|| format!("a person with the id {record}"));
    match care {
        Care::Promise { record, .. }
        | Care::NotPromised { record, .. }
        | Care::Mute { record, .. }
        | Care::Cadence { record, .. }
        | Care::Helped { record, .. } => person(record),
        Care::Need { record, .. } | Care::Offer { record, .. } | Care::Event { record, .. } => {
            record.as_ref().and_then(person)
        }
        Care::Introduction { a, b, .. } => [a, b].into_iter().find_map(person),
        Care::MetThrough { record, through } => [record, through].into_iter().find_map(person),
        Care::Closed { of, .. } | Care::Confirmed { of } => {
            let open = book.words().giving().holds_open(of);
            (!open).then(|| format!("an open need, offer or promise with the id {of}"))
        }
        Care::NotNeeded { record } => book.known(record).is_none().then(|| format!("a message with the id {record}")),
        Care::Pause { .. } | Care::Season { .. } | Care::Company { .. } => None,
    }
}
