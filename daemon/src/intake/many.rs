//! Imports many files at once: one import a plugin, in jobs whose emissions are held back until the job has gone well.
//!
//! So that one bad file costs only itself: the files of a job that fails are tried one by one, and only the bad one is left
//! out, with its reason.

use std::collections::{BTreeMap, VecDeque};

use kith_proto::diagnostic::Diagnostic;

use super::import::{Cut, Order};
use super::jobs::{self, Job};
use super::open::Input;
use super::progress::{Phase, Teller};
use super::{Fault, Importer};
use crate::config::Layout;
use crate::keeper::{Begun, Mode, Report, Ticket};
use crate::plugin::Emission;

/// How large the files of a job may be, in bytes, for its emissions to be held back; larger ones are streamed, as an import of
/// their own.
const FILES_BYTES: u64 = 16 << 20;

/// How much of a job's emissions is held back, in bytes; a job that emits more is streamed, too.
const HELD_BACK_BYTES: usize = 64 << 20;

/// What became of many files.
#[derive(Debug, Default)]
pub(super) struct Many {
    /// What was imported, one report an import.
    pub(super) reports: Vec<Report>,
    /// The files that were not, by their positions, and why.
    pub(super) faults: Vec<(usize, Fault)>,
}

/// An import of many files under way.
struct Run<'a> {
    importer: &'a Importer,
    input: &'a Input,
    path: &'a str,
    mode: Mode,
    imports: BTreeMap<String, Ticket>,
    plugins: BTreeMap<String, String>,
    queue: VecDeque<Job>,
    done: Many,
}

impl Importer {
    /// Imports what stands before the cut of a file that ends in the middle. Returns the report, and the reason with what is kept.
    ///
    /// # Errors
    /// When it cannot be imported at all.
    pub(super) async fn before_cut(
        &self,
        input: &Input,
        index: usize,
        mode: Mode,
        told: &mut Teller,
    ) -> Result<Report, Fault> {
        let input = input.some(&[index]);
        let path = input.files.first().map(|(name, _)| input.base.join(name).to_string_lossy().into_owned());
        let order = Order { path: &path.unwrap_or_default(), mode, cut: Cut::Keeps };
        self.stream(&input, order, told).await
    }

    /// Imports many files; each that cannot be is named with its reason.
    ///
    /// # Errors
    /// When nothing can be imported for now, such as for want of room on the disk.
    pub(super) async fn many(
        &self,
        input: &Input,
        (path, layout): (&str, Layout),
        mode: Mode,
        told: &mut Teller,
    ) -> Result<Many, Fault> {
        let mut run = Run {
            importer: self,
            input,
            path,
            mode,
            imports: BTreeMap::new(),
            plugins: BTreeMap::new(),
            queue: jobs::jobs(input, layout).into(),
            done: Many::default(),
        };
        let mut result = run.all(told).await;
        for ticket in run.imports.into_values() {
            if result.is_err() {
                self.keeper.abort(ticket).await?;
                continue;
            }
            told.phase(Phase::Committing);
            match self.keeper.commit(ticket).await {
                Ok(report) => run.done.reports.push(report),
                Err(error) => result = Err(error.into()),
            }
        }
        result.map(|()| run.done)
    }
}

impl Run<'_> {
    async fn all(&mut self, told: &mut Teller) -> Result<(), Fault> {
        told.phase(Phase::Importing);
        while let Some(job) = self.queue.pop_front() {
            let input = self.input.some(&job.files);
            let result = if input.bytes() > FILES_BYTES {
                self.stream(&job, &input, told).await
            } else {
                self.job(&job, &input, told).await
            };
            match result {
                Ok(()) => {}
                Err(fault @ (Fault::DiskFull | Fault::Keeper(_))) => return Err(fault),
                Err(fault) => self.failed(job, fault).await?,
            }
        }
        Ok(())
    }

    /// Imports a job as part of its plugin's import.
    async fn job(&mut self, job: &Job, input: &Input, told: &mut Teller) -> Result<(), Fault> {
        let bundle = input.open()?;
        let plugin = match self.plugins.get(&job.kind) {
            Some(plugin) if job.files.len() > 1 => plugin.clone(),
            Some(_) | None => self.importer.choose(&bundle).await?,
        };
        self.plugins.insert(job.kind.clone(), plugin.clone());
        let Some(batches) = self.importer.hold_back(&plugin, bundle, HELD_BACK_BYTES).await? else {
            return self.stream(job, input, told).await;
        };
        if !input.changed().is_empty() {
            return Err(Fault::Changed);
        }
        let ticket = self.ticket(&plugin).await?;
        self.importer.keeper.entries(ticket, input.names()).await?;
        for batch in batches {
            told.found(batch.len());
            self.importer.keeper.append(ticket, batch).await?;
        }
        told.finished(input.bytes());
        Ok(())
    }

    /// Imports a job of large files as an import of its own.
    async fn stream(&mut self, job: &Job, input: &Input, told: &mut Teller) -> Result<(), Fault> {
        let path = match job.files.as_slice() {
            [_] => input.files.first().map(|(name, _)| input.base.join(name).to_string_lossy().into_owned()),
            _ => None,
        };
        let path = path.as_deref().unwrap_or(self.path);
        let report = self.importer.stream(input, Order { path, mode: self.mode, cut: Cut::Waits }, told).await?;
        self.done.reports.push(report);
        Ok(())
    }

    /// A job failed: its files are tried alone, or the one file is left out.
    async fn failed(&mut self, job: Job, fault: Fault) -> Result<(), Fault> {
        let [index] = job.files.as_slice() else {
            let alone = job.files.iter().map(|index| Job { files: vec![*index], kind: job.kind.clone() });
            alone.rev().for_each(|job| self.queue.push_front(job));
            return Ok(());
        };
        if let Fault::Refused(reason) = &fault {
            self.diagnose(*index, &job.kind, reason).await?;
        }
        self.done.faults.push((*index, fault));
        Ok(())
    }

    /// Notes a refused file in the report, where there is an import for its kind.
    async fn diagnose(&mut self, index: usize, kind: &str, reason: &str) -> Result<(), Fault> {
        let Some(ticket) = self.plugins.get(kind).and_then(|plugin| self.imports.get(plugin)).copied() else {
            return Ok(());
        };
        let path = self.input.files.get(index).map(|(name, _)| name.to_string_lossy().into_owned()).unwrap_or_default();
        let diagnostic = Diagnostic { path, ..Diagnostic::refused(reason, "file left out") };
        Ok(self.importer.keeper.append(ticket, vec![Emission::Diagnostic(diagnostic)]).await?)
    }

    async fn ticket(&mut self, plugin: &str) -> Result<Ticket, Fault> {
        if let Some(ticket) = self.imports.get(plugin) {
            return Ok(*ticket);
        }
        let ticket = match self.importer.begin(self.path, plugin, None, self.mode).await? {
            Begun::New(ticket) => ticket,
            // Without a content's hash no import is known.
            Begun::Known(_) => return Err(Fault::Later("the keeper knows what it was not asked".to_owned())),
        };
        self.imports.insert(plugin.to_owned(), ticket);
        Ok(ticket)
    }
}
