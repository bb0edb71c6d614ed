//! Runs a plugin under test: one worker, one import after the other, everything that comes kept as lines.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use kith_proto::frame::{Job, Kind, Loaded};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::super::launch;
use super::super::receive::Receiver;
use super::super::registry::Candidate;
use super::super::session::LEFT_OUT;
use super::super::slot::Worker;
use super::super::{Emission, End, Limits, PluginFault};
use super::Verdict;
use super::sample::Sample;
use crate::clock;

/// How many lines of one import are kept for comparing.
const LINES_LIMIT: usize = 10_000;

/// A plugin under test.
pub(super) struct Bench {
    executable: PathBuf,
    limits: Limits,
    plugin: Candidate,
    worker: Option<Worker>,
    jobs: u64,
    forbidden: Vec<String>,
}

/// What one import came to.
#[derive(Debug)]
pub(super) struct Trial {
    /// What was emitted, an object a line, and the end: the first [`LINES_LIMIT`].
    pub(super) lines: Vec<String>,
    /// How many records.
    pub(super) records: u64,
    /// How many items kith left out, for they are not what it reads.
    pub(super) left_out: u64,
    /// Whether a record came before the first part.
    pub(super) homeless: bool,
    /// How long the plugin worked.
    pub(super) elapsed: Duration,
    /// How it ended.
    pub(super) ended: Result<End, PluginFault>,
}

impl Bench {
    pub(super) fn new(executable: PathBuf, plugin: Candidate) -> Self {
        // A plugin that hangs is found out a little sooner than in earnest: a run has many imports.
        let limits = Limits { silence: Duration::from_secs(10), ..Limits::default() };
        Self { executable, limits, plugin, worker: None, jobs: 0, forbidden: Vec::new() }
    }

    /// Loads the plugin and returns what it says of itself.
    pub(super) async fn describe(&mut self) -> Result<Loaded, PluginFault> {
        let (worker, loaded) = launch::load(&self.executable, &self.limits, &self.plugin).await?;
        self.worker = Some(worker);
        Ok(loaded)
    }

    /// Has the next import done by another worker.
    pub(super) fn renew(&mut self) {
        self.worker = None;
    }

    /// Returns how much memory the worker holds.
    pub(super) fn resident_bytes(&self) -> Option<u64> {
        let pid = self.worker.as_ref()?.process.pid()?;
        let pages = fs::read_to_string(format!("/proc/{pid}/statm")).ok()?.split(' ').nth(1)?.parse::<u64>().ok()?;
        Some(pages * rustix::param::page_size() as u64)
    }

    /// Returns how much processor time the worker has used, which other programs cannot lengthen; `None` when it ended.
    fn processor_time(&self) -> Option<Duration> {
        let pid = self.worker.as_ref()?.process.pid()?;
        let said = fs::read_to_string(format!("/proc/{pid}/schedstat")).ok()?;
        Some(Duration::from_nanos(said.split(' ').next()?.parse().ok()?))
    }

    /// Asks how sure the plugin is of a file.
    pub(super) async fn probe(&mut self, sample: &Sample) -> Result<i32, PluginFault> {
        let worker = self.take_worker().await?;
        let mut files = sample.files().map_err(PluginFault::Worker)?;
        files.truncate(1);
        let asked = launch::ask(worker, &self.limits, &sample.job(0), &files).await;
        self.hear(asked.as_ref().err(), || format!("when asked about {}", sample.name));
        let (worker, sure) = asked?;
        self.worker = Some(worker);
        Ok(sure)
    }

    /// Imports a file.
    pub(super) async fn import(&mut self, sample: &Sample) -> Trial {
        let before = (self.processor_time(), clock::awake());
        let (sink, mut emitted) = mpsc::channel::<Vec<Emission>>(16);
        let mut seen = Seen::default();
        let collect = async {
            while let Some(batch) = emitted.recv().await {
                batch.iter().for_each(|emission| seen.note(emission));
            }
        };
        let (ended, ()) = tokio::join!(self.run(sample, sink), collect);
        self.hear(ended.as_ref().err(), || format!("at {}", sample.what));
        let mut lines = seen.lines;
        lines.push(end_line(&ended).to_string());
        let elapsed = match (before.0, self.processor_time()) {
            (Some(before), Some(after)) if after >= before => after - before,
            _ => clock::awake().saturating_sub(before.1),
        };
        Trial { lines, records: seen.records, left_out: seen.left_out, homeless: seen.homeless, elapsed, ended }
    }

    async fn run(&mut self, sample: &Sample, sink: mpsc::Sender<Vec<Emission>>) -> Result<End, PluginFault> {
        let mut worker = self.take_worker().await?;
        self.jobs += 1;
        let job: Job = sample.job(self.jobs);
        let files = sample.files().map_err(PluginFault::Worker)?;
        let (count, bytes) = (job.entries.len(), job.entries.iter().map(|(_, size)| size).sum());
        let mut receiver = Receiver::new(&self.limits, u32::try_from(count).unwrap_or(u32::MAX), bytes, sink);
        worker.process.send(Kind::Import, &job, &files).await?;
        if !receiver.begin(&mut worker.process, job.number).await? {
            return Err(PluginFault::Garbled("something before it began".to_owned()));
        }
        let ended = receiver.run(&mut worker.process).await;
        if ended.as_ref().err().is_none_or(PluginFault::is_of_the_file) {
            self.worker = Some(worker);
        }
        ended
    }

    async fn take_worker(&mut self) -> Result<Worker, PluginFault> {
        match self.worker.take() {
            Some(worker) => Ok(worker),
            None => Ok(launch::load(&self.executable, &self.limits, &self.plugin).await?.0),
        }
    }

    fn hear(&mut self, fault: Option<&PluginFault>, doing: impl FnOnce() -> String) {
        if matches!(fault, Some(PluginFault::Forbidden)) {
            self.forbidden.push(doing());
        }
    }

    /// The last check: whether it kept within the walls all the time.
    pub(super) fn walls(&self, landlock: bool) -> Verdict {
        match self.forbidden.first() {
            Some(first) => Verdict::Fail(format!("{} {first}", PluginFault::Forbidden)),
            None if landlock => {
                Verdict::Ok(format!("in {} imports it tried nothing that plugins may not do", self.jobs))
            }
            None => Verdict::Note(
                "this kernel has no Landlock: one wall was missing".to_owned(),
                "run the check on a kernel with Landlock, 5.13 or later".to_owned(),
            ),
        }
    }
}

impl Trial {
    /// Returns what the plugin itself got wrong, in words; nothing when it ended, refused or found the file cut off.
    pub(super) fn fault(&self) -> Option<String> {
        self.ended.as_ref().err().filter(|fault| !fault.is_of_the_file()).map(ToString::to_string)
    }
}

/// What was emitted in one import.
#[derive(Default)]
struct Seen {
    lines: Vec<String>,
    records: u64,
    left_out: u64,
    parts: u64,
    homeless: bool,
}

impl Seen {
    fn note(&mut self, emission: &Emission) {
        match emission {
            Emission::Part(_) => self.parts += 1,
            Emission::Record { .. } => {
                self.records += 1;
                self.homeless |= self.parts == 0;
            }
            Emission::Diagnostic(diagnostic) => self.left_out += u64::from(diagnostic.problem.starts_with(LEFT_OUT)),
            Emission::Tally { .. } | Emission::Photo { .. } => {}
        }
        if self.lines.len() < LINES_LIMIT {
            self.lines.push(line(emission).to_string());
        }
    }
}

fn line(emission: &Emission) -> Value {
    match emission {
        Emission::Part(part) => json!({"part": part}),
        Emission::Record { place, key, body } => {
            let body: Value = serde_json::from_str(body.get()).unwrap_or_default();
            json!({"record": {"entry": place.entry, "position": place.position, "line": place.line, "key": key, "body": body}})
        }
        Emission::Diagnostic(diagnostic) => json!({"diagnostic": diagnostic}),
        Emission::Tally { class, count } => json!({"tally": {"class": class, "count": count}}),
        Emission::Photo { hash, bytes } => json!({"photo": {"hash": hash, "bytes": bytes.len()}}),
    }
}

fn end_line(ended: &Result<End, PluginFault>) -> Value {
    match ended {
        Ok(end) => json!({"end": {"records": end.records}}),
        Err(PluginFault::Refused(reason)) => json!({"refused": reason}),
        Err(PluginFault::Truncated(reason)) => json!({"truncated": reason}),
        Err(fault) => json!({"fault": fault.to_string()}),
    }
}
