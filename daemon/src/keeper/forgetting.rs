//! Forgets somebody while the daemon runs: the fact, what it asks for, and a store made anew, of which nothing was ever theirs.
//!
//! sled keeps old pages, so taking rows out is not enough: the store's folder goes, and the ledger is folded again. What is
//! removed from ledger and files is `forget`.

use std::fs;
use std::path::Path;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use kith_core::book::Book;
use kith_core::fact::{Fact, Said, What};
use kith_core::fold::settle;
use kith_core::forget::Forget;
use kith_core::id::FactId;
use kith_core::line::append_line;

use crate::clock;
use crate::keeper::replay::{ReplayError, fold_all, fold_said};
use crate::keeper::task::{Task, reply, write};
use crate::keeper::{KeeperError, forget, open};
use crate::store::{Store, StoreError};

/// How long those who are reading the store are waited for.
const READERS_LEAVE: Duration = Duration::from_secs(20);

impl Task {
    /// Forgets those who are to be forgotten, when no import is under way: one may be listing them right now.
    pub(super) fn forget_when_idle(&mut self) -> Result<(), ReplayError> {
        if self.forgets.is_empty() || !self.running.is_empty() || !self.folds.is_empty() {
            return Ok(());
        }
        for (forget, answer) in std::mem::take(&mut self.forgets) {
            let said = self.say_forget(forget)?;
            let done = match said {
                Ok(id) => self.carry_out_forgets()?.map(|()| id),
                Err(error) => Err(error),
            };
            reply(answer, done);
        }
        Ok(())
    }

    /// Writes the fact. From here on they are not shown any more, and a kill only delays the rest.
    fn say_forget(&mut self, forget: Forget) -> Result<Result<FactId, KeeperError>, ReplayError> {
        let what = What::Said(Said::Forget(forget));
        let written = self.writer.append(clock::now(), &what);
        let (id, at) = match written.and_then(|written| self.writer.sync().map(|()| written)) {
            Ok(written) => written,
            Err(error) => return Ok(Err(error.into())),
        };
        self.fold_forget(Fact { id: id.clone(), at, what })?;
        Ok(Ok(id))
    }

    fn fold_forget(&mut self, fact: Fact) -> Result<(), ReplayError> {
        let mut line = Vec::new();
        let written = append_line(&mut line, fact.id.seq, fact.at, &fact.what);
        written.map_err(|error| ReplayError::Ledger(std::io::Error::other(error)))?;
        line.pop();
        let mut book = write(&self.book);
        fold_said(&mut book, &self.store, fact, &line)?;
        settle(&mut book, &self.store, clock::now())?;
        drop(book);
        self.after_change();
        Ok(())
    }

    /// Does what forget facts ask for that nothing was done about yet, this device's or another's.
    ///
    /// Where ledger or files cannot be read or written, status tells it, and it is tried again at the next catch-up, and at the
    /// next start.
    pub(super) fn carry_out_forgets(&mut self) -> Result<Result<(), KeeperError>, ReplayError> {
        let facts = self.read_book(forget::facts);
        if facts.is_subset(&self.store.carried_out()?) {
            return Ok(Ok(()));
        }
        let book = Arc::clone(&self.book);
        let removed = {
            let book = book.read();
            forget::remove(&self.paths, &mut self.writer, &book)
        };
        match removed {
            Ok(removal) => removal.found.map_or(Ok(()), |fact| self.fold_forget(fact))?,
            Err(error) => {
                tracing::warn!(%error, "those who are forgotten cannot be removed yet");
                self.unremoved.send_replace(Some(error.to_string()));
                return Ok(Err(KeeperError::NotRemoved(error)));
            }
        }
        self.make_store_anew()?;
        self.unremoved.send_replace(None);
        Ok(Ok(()))
    }

    /// Puts a new store in the place of the old one and folds the ledger into it. Readers wait until it is there.
    fn make_store_anew(&mut self) -> Result<(), ReplayError> {
        self.wait_for_flush()?;
        let shared = Arc::clone(&self.shared_store);
        let mut slot = shared.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.store.wait_for_others(1, READERS_LEAVE) {
            drop(slot);
            tracing::warn!("the store is still being read; its old pages go later");
            return self.fold_anew();
        }
        // While the old one is closed and its folder removed, an empty one stands in: each handle must hold some store.
        let aside = self.paths.state.join("store.empty");
        remove(&aside)?;
        let health = self.store.health();
        self.store = Store::open_as(&aside, Arc::clone(&health))?;
        *slot = self.store.clone();
        remove(&self.paths.store)?;
        let mut store = Store::open_as(&self.paths.store, health)?;
        open::private(&self.paths.store).map_err(StoreError::Sled)?;
        let mut book = Book::default();
        let held = fold_all(&self.root, self.writer.device(), &mut book, &mut store)?;
        store.set_carried_out(&forget::facts(&book))?;
        store.flush()?;
        self.store = store.clone();
        *slot = store;
        drop(slot);
        *write(&self.book) = book;
        remove(&aside)?;
        self.hold(held);
        self.after_change();
        Ok(())
    }
}

fn remove(folder: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::Sled(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}
