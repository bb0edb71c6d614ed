//! Makes letters of what happened: imports, people, files that could not be imported.
//!
//! They are found in what is known anyway (the book, the reports, the folder of problems) and compared with what was told, so
//! that a kill at any point loses none and tells none twice. Reminders are not among them: they are facts, and `outbox`
//! decides about them. An import makes one letter an event and channel, however many people it brings.

use std::collections::BTreeSet;
use std::future::pending;
use std::sync::Arc;

use kith_core::book::Book;
use kith_core::fact::Said;
use kith_core::id::{DeviceId, ImportId};
use kith_proto::api::RecordChangeKind;
use tokio::sync::watch;

use super::event::Event;
use super::queue::{About, Letter, Queue, Told};
use super::subscriber::Subscribers;
use crate::clock;
use crate::config::Config;
use crate::intake::{Intake, Problem};
use crate::keeper::{Keeper, Report, reports};
use crate::paths::Paths;

/// What is watched, and where letters go.
#[derive(Debug)]
pub struct Events {
    keeper: Keeper,
    paths: Arc<Paths>,
    config: watch::Receiver<Arc<Config>>,
    queue: Queue,
    problems: watch::Sender<Vec<Problem>>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Happened(Event, About);

impl Events {
    /// Begins to watch, before any import is under way. Where nothing was ever told, what is there already is taken as told:
    /// nobody is flooded with the past.
    #[must_use]
    pub fn begin(
        keeper: Keeper,
        paths: Arc<Paths>,
        config: watch::Receiver<Arc<Config>>,
        queue: Queue,
        known_problems: Vec<Problem>,
    ) -> Self {
        let problems = watch::channel(known_problems.clone()).0;
        let events = Self { keeper, paths, config, queue, problems };
        if events.queue.told().is_some() {
            events.note(Some(known_problems));
            events.settle();
        } else {
            let keeper = &events.keeper;
            let (up_to, marks) = (newest(&keeper.book(), keeper.device()), known_problems.iter().map(mark).collect());
            let told = Told { imports_up_to: up_to, said_up_to: up_to, problems: marks, ..Told::default() };
            events.queue.tell(told, Vec::new());
        }
        events
    }

    /// Returns the files that could not be imported, as they are seen here.
    #[must_use]
    pub fn problems(&self) -> watch::Receiver<Vec<Problem>> {
        self.problems.subscribe()
    }

    /// Watches until told to shut down. `arrived` ticks when a dropped file was dealt with.
    pub async fn run(self, intake: Intake, mut arrived: watch::Receiver<u64>, mut shutdown: watch::Receiver<bool>) {
        let mut changed = self.keeper.changed();
        loop {
            let pause = self.config.borrow().rescan;
            tokio::select! {
                () = ticked(&mut changed) => self.note(None),
                () = ticked(&mut arrived) => self.note(Some(intake.problems())),
                () = tokio::time::sleep(pause) => self.note(Some(intake.problems())),
                _ = shutdown.wait_for(|ends| *ends) => return,
            }
        }
    }

    /// Makes letters of what is new; of files that could not be imported only when they are given, for looking them up is slow.
    fn note(&self, problems: Option<Vec<Problem>>) {
        let Some(known) = self.queue.told() else { return };
        let mut told = known.clone();
        let mut happened = self.imports(&mut told);
        happened.extend(self.said(&mut told));
        if let Some(problems) = problems {
            happened.extend(refused(&problems, &mut told));
            self.problems.send_if_modified(|known| {
                let differs = *known != problems;
                *known = problems;
                differs
            });
        }
        // Most of what is said is nothing to be told: that it was seen need not be written down.
        if happened.is_empty() && told == (Told { said_up_to: told.said_up_to, ..known }) {
            return;
        }
        let letters = if happened.is_empty() { Vec::new() } else { self.letters(&happened) };
        self.queue.tell(told, letters);
    }

    fn letters(&self, happened: &[Happened]) -> Vec<Letter> {
        let subscribers = Subscribers::find(&self.config.borrow(), &self.paths.hooks);
        let now = clock::now();
        let letters = happened.iter().flat_map(|Happened(event, about)| {
            subscribers.of(*event).map(move |subscriber| {
                let letter = Letter::new(&subscriber.channel, *event, about.clone());
                // The same file may be wrong once more, after it was mended or removed.
                if matches!(about, About::Problems(_)) { letter.of_instant(now) } else { letter }
            })
        });
        letters.collect()
    }

    /// Returns what came of imports; one whose report is not written yet waits for it.
    fn imports(&self, told: &mut Told) -> Vec<Happened> {
        let own = self.keeper.device();
        let news: Vec<ImportId> = {
            let book = self.keeper.book();
            let is_new = |id: &ImportId| id.device == *own && id.seq > told.imports_up_to;
            let imports = book.imports().iter().filter(|(row, undone)| !undone && is_new(&row.id));
            imports.map(|(row, _)| row.id.clone()).filter(|id| !told.imports.contains(&id.seq)).collect()
        };
        let mut happened = Vec::new();
        for import in news {
            let Some(report) = reports::read(&self.paths.reports, &import) else { continue };
            told.imports.insert(import.seq);
            happened.extend(events_of(&report).into_iter().map(|event| Happened(event, About::Import(import.clone()))));
        }
        happened
    }

    fn said(&self, told: &mut Told) -> Vec<Happened> {
        let book = self.keeper.book();
        let mut happened = Vec::new();
        for (id, said) in book.words().said_after(self.keeper.device(), told.said_up_to) {
            told.said_up_to = id.seq;
            let is_change = matches!(said, Said::Set { value: Some(_), .. });
            let is_new = matches!(said, Said::Add { .. });
            let event = if is_new { Some(Event::PersonNew) } else { is_change.then_some(Event::PersonChanged) };
            happened.extend(event.map(|event| Happened(event, About::Fact(id.clone()))));
        }
        happened
    }

    /// Forgets which imports were told one by one: at the start none is under way, so that all that come have a greater number.
    fn settle(&self) {
        let Some(told) = self.queue.told() else { return };
        let imports_up_to = newest(&self.keeper.book(), self.keeper.device()).max(told.imports_up_to);
        self.queue.tell(Told { imports_up_to, imports: BTreeSet::new(), ..told }, Vec::new());
    }
}

fn events_of(report: &Report) -> Vec<Event> {
    let is_changed = report.changes.iter().any(|change| change.what == RecordChangeKind::Changed);
    let people = [(report.new_cards > 0, Event::PersonNew), (is_changed, Event::PersonChanged)];
    let people = people.into_iter().filter_map(|(is_so, event)| is_so.then_some(event));
    std::iter::once(Event::ImportDone).chain(people).collect()
}

/// Returns the files that newly could not be imported; those that are gone may come again.
fn refused(problems: &[Problem], told: &mut Told) -> Option<Happened> {
    let marks: BTreeSet<String> = problems.iter().map(mark).collect();
    let new: Vec<String> = marks.difference(&told.problems).cloned().collect();
    told.problems = marks;
    (!new.is_empty()).then_some(Happened(Event::ImportProblem, About::Problems(new)))
}

/// By what a file that could not be imported is known again, without naming it.
#[must_use]
pub fn mark(problem: &Problem) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(problem.path.as_os_str().as_encoded_bytes()).update(&[0]).update(problem.reason.as_bytes());
    hasher.finalize().to_hex().get(..32).unwrap_or_default().to_owned()
}

/// Returns the greatest number that a device gave to an import or a word.
fn newest(book: &Book, device: &DeviceId) -> u64 {
    let imports = book.imports().iter().map(|(row, _)| &row.id).filter(|id| id.device == *device).map(|id| id.seq);
    let said = book.words().said_after(device, 0).last().map(|(id, _)| id.seq);
    imports.max().max(said).unwrap_or_default()
}

/// Waits for a change; for ever when there can be none any more.
async fn ticked<T>(receiver: &mut watch::Receiver<T>) {
    if receiver.changed().await.is_err() {
        pending::<()>().await;
    }
}
