//! Takes imports in: from a wish to begin one to the line that makes it count.

use std::io;

use kith_core::book::Book;
use kith_core::book::imports::ImportRow;
use kith_core::fact::{Begin, Commit, What};
use kith_core::fold::settle;
use kith_core::id::FactId;
use tokio::sync::oneshot;

use crate::clock;
use crate::keeper::forget::left_out;
use crate::keeper::gone::Gone;
use crate::keeper::replay::{Reading, ReplayError, Stretch, import_row};
use crate::keeper::running::{FORGOTTEN, Out, Running};
use crate::keeper::task::{Answer, Job, Task, reply, write};
use crate::keeper::{Begun, Import, KeeperError, Report, Ticket, photos, reports};
use crate::ledger::Folded;
use crate::plugin::Emission;
use crate::store::StoreError;

/// How much room on the disk imports leave, for the store and for what is said.
const RESERVE_BYTES: u64 = 16 << 20;

impl Task {
    pub(super) fn begin(&mut self, import: Import) -> Result<Option<Result<Begun, KeeperError>>, ReplayError> {
        let begin = Begin {
            path: import.path.clone(),
            plugin: import.plugin.clone(),
            record_version: kith_proto::RECORD_VERSION,
            content: import.content.clone(),
        };
        let known = self.read_book(|book| book.imports().same_content(&begin).cloned());
        if let Some(known) = known {
            let report = if import.is_real() {
                self.again(begin, &known.id)?
            } else {
                Ok(self.report_again(None, &known.id, &import.path))
            };
            return Ok(Some(report.map(|report| Begun::Known(Box::new(report)))));
        }
        if import.is_real() && !self.has_room(0) {
            return Ok(Some(Err(KeeperError::DiskFull)));
        }
        let end = self.writer.end();
        let begun = if import.is_real() {
            match self.writer.append(clock::now(), &What::Begin(begin)) {
                Ok((id, _)) => Some((id, end)),
                Err(error) => return Ok(Some(Err(error.into()))),
            }
        } else {
            None
        };
        self.next_ticket += 1;
        let ticket = Ticket { number: self.next_ticket, is_real: import.is_real() };
        let screen = self.read_book(Book::screen);
        self.running.insert(ticket, Running::new(import, begun, self.writer.losses(), screen));
        Ok(Some(Ok(Begun::New(ticket))))
    }

    pub(super) fn append(&mut self, ticket: Ticket, emissions: Vec<Emission>) {
        let Some(running) = self.running.get_mut(&ticket) else { return };
        let book = self.book.read();
        let mut out = Out { writer: &mut self.writer, book: &book, store: &self.store, now: clock::now() };
        for emission in emissions {
            running.take(emission, &mut out);
        }
    }

    pub(super) fn commit(&mut self, ticket: Ticket, answer: Answer<Report>) {
        let Some(mut running) = self.running.remove(&ticket) else {
            reply(answer, Err(KeeperError::Unknown("the import".to_owned())));
            return;
        };
        running.report.at_ms = clock::now().as_millisecond();
        photos::remove(&self.paths.photos(), running.photos.left_out());
        if let Err(error) = self.find_retired(&mut running) {
            reply(answer, Err(KeeperError::Store(error)));
            return;
        }
        let bytes = running
            .begun
            .as_ref()
            .map(|(_, from)| self.writer.end().position.offset.saturating_sub(from.position.offset));
        let has_room = bytes.is_none_or(|bytes| self.has_room(bytes));
        let full = || (!has_room).then(|| io::ErrorKind::StorageFull.into());
        if let Some(error) = running.failure(&self.writer).or_else(full) {
            self.make_room(&running);
            reply(answer, Err(error.into()));
            return;
        }
        match running.begun.clone().filter(|_| !running.is_idle()) {
            Some(begun) => match self.write_commit(&running, begun) {
                Ok(stretch) => {
                    // A daemon that ends before the import is folded does not know it any more.
                    reports::keep(&self.reports, &running.report);
                    self.folds.push_back(Job::new(stretch, running.report, answer));
                }
                Err(error) => {
                    self.make_room(&running);
                    reply(answer, Err(error.into()));
                }
            },
            None => {
                if running.held_only_forgotten() && self.running.is_empty() {
                    self.make_room(&running);
                }
                running.report.import = None;
                reply(answer, Ok(running.report));
            }
        }
    }

    fn find_retired(&self, running: &mut Running) -> Result<(), StoreError> {
        let book = self.book.read();
        running.without_their_diagnostics();
        running.without_old_news(&book);
        running.retire(&book, &self.store, clock::now())
    }

    fn write_commit(&mut self, running: &Running, begun: (FactId, Folded)) -> io::Result<Stretch> {
        let (id, Folded { position: from, .. }) = begun;
        let commit = running.commit(id.seq);
        let (_, at) = self.writer.append(clock::now(), &What::Commit(commit.clone()))?;
        self.writer.sync()?;
        let begin = Begin {
            path: running.import.path.clone(),
            plugin: running.import.plugin.clone(),
            record_version: kith_proto::RECORD_VERSION,
            content: running.import.content.clone(),
        };
        let to = self.writer.end().position;
        let (folder, _) = self.writer.current();
        let folder = folder.to_owned();
        if let Err(error) = self.writer.rotate() {
            // The import counts all the same; the next one tries again.
            tracing::warn!(%error, "no new segment of the ledger can be begun");
        }
        let begun_at = Reading::begin_time(&folder, from, id.seq, &id.device).unwrap_or(at);
        Ok(Stretch { folder, import: import_row(id, begun_at, begin, &commit), commit, from, to })
    }

    pub(super) fn abort(&mut self, ticket: Ticket) {
        let Some(mut running) = self.running.remove(&ticket) else { return };
        photos::remove(&self.paths.photos(), running.photos.left_out());
        if running.failure(&self.writer).is_some() {
            self.make_room(&running);
        }
    }

    /// Returns whether the store can grow by this import: unlike the ledger it cannot take back what did not fit.
    fn has_room(&self, import_bytes: u64) -> bool {
        crate::paths::free_bytes(&self.state).is_ok_and(|free| free >= import_bytes.saturating_add(RESERVE_BYTES))
    }

    /// Cuts off the lines of an import that the disk had no room for, so that there is room for what is said.
    fn make_room(&mut self, running: &Running) {
        if let Some((_, end)) = &running.begun
            && let Err(error) = self.writer.take_back(*end)
        {
            tracing::warn!(%error, "lines of an import that failed cannot be cut off");
        }
    }

    /// Writes that an earlier import's file was given once more.
    fn again(&mut self, begin: Begin, root: &FactId) -> Result<Result<Report, KeeperError>, ReplayError> {
        let path = begin.path.clone();
        let written = (|| {
            let (id, at) = self.writer.append(clock::now(), &What::Begin(begin.clone()))?;
            let parts = self.read_book(|book| {
                book.imports().number(root).and_then(|no| book.imports().get(no)).map(|row| row.parts.clone())
            });
            let hash = blake3::Hasher::new().finalize().to_hex().to_string();
            let commit = Commit {
                import: id.seq,
                parts: parts.unwrap_or_default(),
                count: 0,
                hash,
                same_as: Some(root.clone()),
            };
            self.writer.append(clock::now(), &What::Commit(commit.clone()))?;
            self.writer.sync()?;
            Ok::<_, io::Error>(import_row(id, at, begin, &commit))
        })();
        let row = match written {
            Ok(row) => row,
            Err(error) => return Ok(Err(error.into())),
        };
        let report = self.report_again(Some(row.id.clone()), root, &path);
        let no = {
            let mut book = write(&self.book);
            let no = book.add_hidden(row.clone());
            book.show(no);
            settle(&mut book, &self.store, clock::now())?;
            no
        };
        self.store.put_import(no, &row, true)?;
        self.after_change();
        reports::keep(&self.reports, &report);
        Ok(Ok(report))
    }

    fn report_again(&self, import: Option<FactId>, root: &FactId, path: &str) -> Report {
        let mut report = reports::read(&self.reports, root).unwrap_or_else(|| self.report_of_row(root));
        let left_out = self.left_out(root);
        report.same = (report.same + report.new + report.changed).saturating_sub(left_out);
        if left_out > 0 {
            *report.tallies.entry(FORGOTTEN.to_owned()).or_default() += left_out;
        }
        (report.new, report.changed, report.retired) = (0, 0, 0);
        (report.new_cards, report.joined, report.asked, report.moved) = (0, 0, 0, 0);
        (report.changes, report.changes_left_out) = (Vec::new(), 0);
        report.at_ms = clock::now().as_millisecond();
        let (before, after) = (file_name(&report.path), file_name(path));
        for diagnostic in &mut report.diagnostics {
            // A file of an archive is told of as `archive.zip/file.csv`.
            let within = diagnostic.path.strip_prefix(before).filter(|rest| rest.is_empty() || rest.starts_with('/'));
            if let Some(within) = within {
                diagnostic.path = format!("{after}{within}");
            }
        }
        Report { import, path: path.to_owned(), ..report }
    }

    /// What can be told of an import whose report is gone: how many records it lists, and by which plugin.
    fn report_of_row(&self, import: &FactId) -> Report {
        let of_row = |row: &ImportRow| Report {
            plugin: row.begin.plugin.clone(),
            read: row.count,
            same: row.count,
            ..Report::default()
        };
        self.read_book(|book| book.imports().number(import).and_then(|no| book.imports().get(no)).map(of_row))
            .unwrap_or_default()
    }

    /// How many records of an earlier import were of those who are forgotten since.
    fn left_out(&self, import: &FactId) -> u64 {
        if self.read_book(|book| book.forgotten().is_empty()) {
            return 0;
        }
        left_out::of_import(&self.root, import).unwrap_or_else(|error| {
            // The report tells less then; the import is the same.
            tracing::warn!(%error, "what was left out of an earlier import cannot be counted");
            0
        })
    }

    pub(super) fn fail(&mut self, ticket: Ticket, error: io::Error) {
        if let Some(running) = self.running.get_mut(&ticket) {
            running.failed.get_or_insert(error);
        }
    }

    pub(super) fn gone(
        &mut self,
        path: String,
        gone: Vec<Gone>,
        answer: Answer<Option<u64>>,
    ) -> Result<(), ReplayError> {
        if gone.is_empty() {
            reply(answer, Ok(Some(0)));
            return Ok(());
        }
        let import = Import { path, plugin: "kith".to_owned(), content: None, mode: crate::keeper::Mode::Real };
        let ticket = match self.begin(import)? {
            Some(Ok(Begun::New(ticket))) => ticket,
            Some(Err(error)) => {
                reply(answer, Err(error));
                return Ok(());
            }
            Some(Ok(Begun::Known(_))) | None => return Ok(()),
        };
        if let Some(running) = self.running.get_mut(&ticket) {
            let book = self.book.read();
            let mut out = Out { writer: &mut self.writer, book: &book, store: &self.store, now: clock::now() };
            for Gone { part, key, file } in gone {
                running.failed = running.failed.take().or(running.list_gone(&part, &key, file, &mut out).err());
            }
        }
        let (report_answer, mut failed) = oneshot::channel();
        let count = self.running.get(&ticket).map_or(0, |r| r.report.retired);
        self.commit(ticket, report_answer);
        match failed.try_recv() {
            Ok(Err(error)) => reply(answer, Err(error)),
            Ok(Ok(_)) | Err(_) => reply(answer, Ok(Some(count))),
        }
        Ok(())
    }
}

/// Returns the name by which diagnostics call a file.
fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
