//! One import in the daemon: reads the worker's frames, checks them, and passes them on in batches.
//!
//! The plugin shares the worker's memory, so no frame is trusted: lengths, UTF-8, JSON, counts and the hash are checked.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kith_proto::emit::Part;
use kith_proto::frame::{self, Frame, JSON_LIMIT_BYTES, KEY_LIMIT_BYTES, Kind};
use serde_json::value::RawValue;
use tokio::sync::mpsc;

use super::fault::PluginFault;
use super::process::{Clockwork, Process};
use super::{Emission, End, Limits};

/// How many emissions go to the receiver at once, at most.
const BATCH: usize = 512;

/// How many bytes of emissions go to the receiver at once, roughly.
const BATCH_BYTES: usize = 1024 * 1024;

/// One import in the daemon.
pub(super) struct Receiver {
    sink: mpsc::Sender<Vec<Emission>>,
    batch: Vec<Emission>,
    batch_bytes: usize,
    hasher: blake3::Hasher,
    entries: u32,
    records: u64,
    bytes: u64,
    records_limit: u64,
    bytes_limit: u64,
    clockwork: Clockwork,
    /// How far into the entries the plugin is, in bytes.
    read: Arc<AtomicU64>,
}

/// What a frame means for the import.
enum Step {
    Go,
    /// It ended well, or the plugin says that the file cannot be imported.
    End(Result<End, PluginFault>),
}

impl Receiver {
    pub(super) fn new(limits: &Limits, entries: u32, input_bytes: u64, sink: mpsc::Sender<Vec<Emission>>) -> Self {
        Self {
            sink,
            batch: Vec::new(),
            batch_bytes: 0,
            hasher: blake3::Hasher::new(),
            entries,
            records: 0,
            bytes: 0,
            records_limit: limits.records.saturating_add(input_bytes),
            bytes_limit: limits.emitted_bytes.saturating_add(input_bytes.saturating_mul(limits.emitted_per_byte)),
            clockwork: Clockwork::new(limits.silence, limits.time_for(input_bytes)),
            read: Arc::default(),
        }
    }

    /// Has it tell in `read` how far into the entries the plugin is.
    pub(super) fn counting(self, read: Arc<AtomicU64>) -> Self {
        Self { read, ..self }
    }

    /// Returns how long the worker was waited for.
    pub(super) fn waited(&self) -> Duration {
        self.clockwork.waited()
    }

    /// Waits until the worker has begun job `number`; `false` when it sends something else.
    pub(super) async fn begin(&mut self, process: &mut Process, number: u64) -> Result<bool, PluginFault> {
        loop {
            if let Some((frame, length)) = frame::first(process.received())? {
                let begun = frame.kind == Kind::Began && frame.number()? == (number, &[][..]);
                if let Some(taken) = process.received().get(..length) {
                    self.hasher.update(taken);
                }
                process.take(length);
                return Ok(begun);
            }
            process.wait(&mut self.clockwork).await?;
        }
    }

    /// Passes on what the worker sends, up to its end.
    pub(super) async fn run(&mut self, process: &mut Process) -> Result<End, PluginFault> {
        loop {
            let mut taken = 0;
            while let Some((frame, length)) = frame::first(process.received().get(taken..).unwrap_or_default())? {
                if frame.kind == Kind::End {
                    // The hash is over all that came before.
                    self.hasher.update(process.received().get(..taken).unwrap_or_default());
                }
                let step = self.step(frame);
                let is_last =
                    step.as_ref().map_or_else(PluginFault::is_of_the_file, |step| matches!(step, Step::End(_)));
                if is_last && process.received().len() > taken + length {
                    return Err(PluginFault::LyingEnd("more came after it".to_owned()));
                }
                if is_last {
                    // Nothing of this job may be left for the next one.
                    process.take(taken + length);
                }
                if let Step::End(end) = step? {
                    self.pass_on().await?;
                    return end;
                }
                taken += length;
                if self.batch.len() >= BATCH || self.batch_bytes >= BATCH_BYTES {
                    self.pass_on().await?;
                }
            }
            self.hasher.update(process.received().get(..taken).unwrap_or_default());
            process.take(taken);
            process.wait(&mut self.clockwork).await?;
        }
    }

    fn step(&mut self, frame: Frame<'_>) -> Result<Step, PluginFault> {
        self.count(frame)?;
        let emission = match frame.kind {
            Kind::Part => Emission::Part(frame.json::<Part>()?),
            Kind::Record => self.record(frame)?,
            Kind::Diagnostic => Emission::Diagnostic(frame.json()?),
            Kind::Tally => tally(frame)?,
            Kind::Photo => {
                let hash = blake3::hash(frame.payload).to_hex().to_string();
                Emission::Photo { hash, bytes: frame.payload.to_vec() }
            }
            Kind::Progress => {
                let (bytes, _) = frame.number()?;
                self.read.store(bytes, Ordering::Relaxed);
                return Ok(Step::Go);
            }
            Kind::End => return self.end(frame).map(|end| Step::End(Ok(end))),
            Kind::Refused => return Ok(Step::End(Err(PluginFault::Refused(frame.text()?.to_owned())))),
            Kind::Truncated => return Ok(Step::End(Err(PluginFault::Truncated(frame.text()?.to_owned())))),
            Kind::Fault => return Err(PluginFault::Failed(frame.text()?.to_owned())),
            Kind::Load | Kind::Probe | Kind::Import | Kind::Loaded | Kind::NotLoaded | Kind::Probed | Kind::Began => {
                return Err(PluginFault::Garbled(format!("a {:?} frame within an import", frame.kind)));
            }
        };
        self.batch_bytes += frame.payload.len();
        self.batch.push(emission);
        Ok(Step::Go)
    }

    fn count(&mut self, frame: Frame<'_>) -> Result<(), PluginFault> {
        self.bytes += (frame::HEADER_BYTES + frame.payload.len()) as u64;
        self.records += u64::from(frame.kind == Kind::Record);
        if self.bytes > self.bytes_limit {
            return Err(PluginFault::Flooded(format!("{} MiB", self.bytes_limit / (1024 * 1024))));
        }
        if self.records > self.records_limit {
            return Err(PluginFault::Flooded(format!("{} records", self.records_limit)));
        }
        Ok(())
    }

    fn record(&self, frame: Frame<'_>) -> Result<Emission, PluginFault> {
        let record = frame.record()?;
        if record.place.entry >= self.entries {
            return Err(PluginFault::Garbled("a record of a file that there is not".to_owned()));
        }
        let (key, body) = (record.key.map_or(0, str::len), record.body.len());
        if key > KEY_LIMIT_BYTES || body > JSON_LIMIT_BYTES {
            return Err(PluginFault::Garbled(format!(
                "a record that is too long: a key of {key} bytes, and {body} of content"
            )));
        }
        let is_object = record.body.starts_with('{') && !record.body.as_bytes().contains(&b'\n');
        let body = serde_json::from_str::<&RawValue>(record.body).ok().filter(|_| is_object);
        let not_json = || PluginFault::Garbled("a record that is not JSON on one line".to_owned());
        Ok(Emission::Record {
            place: record.place,
            key: record.key.map(ToOwned::to_owned),
            body: body.ok_or_else(not_json)?.to_owned(),
        })
    }

    fn end(&self, frame: Frame<'_>) -> Result<End, PluginFault> {
        let end = frame.end()?;
        if end.records != self.records {
            return Err(PluginFault::LyingEnd(format!("{} records said, {} received", end.records, self.records)));
        }
        if self.hasher.finalize() != end.hash {
            return Err(PluginFault::LyingEnd("the hash differs".to_owned()));
        }
        Ok(End { records: self.records, bytes: self.bytes })
    }

    async fn pass_on(&mut self) -> Result<(), PluginFault> {
        self.batch_bytes = 0;
        let batch = core::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        if batch.is_empty() {
            return Ok(());
        }
        self.sink.send(batch).await.map_err(|_| PluginFault::Stopped)
    }
}

fn tally(frame: Frame<'_>) -> Result<Emission, PluginFault> {
    let (count, class) = frame.number()?;
    let class = String::from_utf8(class.to_vec()).map_err(|_| frame::BadFrame::Payload(Kind::Tally))?;
    Ok(Emission::Tally { class, count })
}
