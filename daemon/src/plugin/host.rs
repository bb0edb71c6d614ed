//! The plugins that there are, and their workers: one worker a plugin at most, started for a job and ended when idle.
//!
//! A job borrows the plugin's worker; when it ends badly, or its future is dropped, the worker dies with it and the next
//! job starts another. Nothing here ticks while nothing is asked.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kith_proto::frame::{Job, Kind, Load, Loaded};
use tokio::sync::{Semaphore, SetOnce, mpsc};
use tokio::task::AbortHandle;

use super::fault::PluginFault;
use super::process::{Clockwork, Process};
use super::receive::Receiver;
use super::registry::{self, Candidate, Found};
use super::{Bundle, ENTRIES_LIMIT, Emission, End, Limits, PluginInfo};

/// How long a plugin may take to load, and to say how sure it is.
const ANSWER: Duration = Duration::from_secs(10);

/// How sure a plugin must be that no other is asked.
const CERTAIN: i32 = 100;

/// The plugins. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Plugins {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    executable: PathBuf,
    limits: Limits,
    jobs: AtomicU64,
    /// Set once the folders are scanned and every plugin has described itself.
    slots: SetOnce<Vec<Slot>>,
}

/// One plugin.
#[derive(Debug)]
struct Slot {
    info: PluginInfo,
    runnable: Option<Runnable>,
}

/// What it takes to run a plugin.
#[derive(Debug)]
struct Runnable {
    plugin: Candidate,
    /// One job at a time.
    turn: Semaphore,
    parked: Arc<Mutex<Option<Parked>>>,
}

/// A worker without a job.
#[derive(Debug)]
struct Parked {
    worker: Worker,
    /// Ends it when nobody takes it.
    reaper: AbortHandle,
}

/// A worker with its plugin loaded.
#[derive(Debug)]
struct Worker {
    process: Process,
    /// How long its jobs took in all.
    used: Duration,
}

impl Plugins {
    /// Scans the folders and lets each plugin describe itself, in the background; what is asked meanwhile waits for that.
    ///
    /// `folders` are those of `$KITH_PLUGIN_PATH` and the user's, in order; the system's, and those of the plugins that
    /// come with this kithd, follow them. Must be called within a tokio runtime.
    #[must_use]
    pub fn start(mut folders: Vec<PathBuf>, limits: Limits) -> Self {
        let executable = PathBuf::from("/proc/self/exe");
        folders.extend(registry::standard_folders(&executable));
        Self::start_with(executable, folders, limits)
    }

    /// As [`Plugins::start`], with the path of kithd, and no folder but these: for a program that is not kithd itself.
    #[must_use]
    pub fn start_with(executable: PathBuf, folders: Vec<PathBuf>, limits: Limits) -> Self {
        let shared = Arc::new(Shared { executable, limits, jobs: AtomicU64::new(1), slots: SetOnce::new() });
        let plugins = Self { shared: Arc::clone(&shared) };
        tokio::spawn(async move {
            let executable = shared.executable.clone();
            let scan = tokio::task::spawn_blocking(move || registry::scan(&executable, &folders));
            let found = scan.await.unwrap_or_default();
            let mut slots = Vec::new();
            for found in found {
                slots.push(shared.describe(found).await);
            }
            if shared.slots.set(slots).is_err() {
                tracing::error!("plugins described twice");
            }
        });
        plugins
    }

    /// Lists the plugins, also those that are not run, with the reason.
    pub async fn list(&self) -> Vec<PluginInfo> {
        self.shared.slots.wait().await.iter().map(|slot| slot.info.clone()).collect()
    }

    /// Returns the name of the plugin that is surest that it can read the bundle; `None` when none can.
    ///
    /// Plugins that accept the ending of one of the names are asked first, the others only if none of those can.
    ///
    /// # Errors
    /// When none can and one of them failed to answer.
    pub async fn choose(&self, bundle: &Bundle) -> Result<Option<String>, PluginFault> {
        let slots = self.shared.slots.wait().await;
        let (likely, others): (Vec<&Slot>, Vec<&Slot>) =
            slots.iter().filter(|slot| slot.runnable.is_some()).partition(|slot| slot.accepts(bundle));
        let mut fault = None;
        for group in [likely, others] {
            let mut best: Option<(i32, &Slot)> = None;
            for slot in group {
                match self.probe(slot, bundle).await {
                    Ok(sure) if sure > best.map_or(0, |(most, _)| most) => best = Some((sure, slot)),
                    Ok(_) => {}
                    Err(failed) => fault = Some(failed),
                }
                if best.is_some_and(|(most, _)| most >= CERTAIN) {
                    break;
                }
            }
            if let Some((_, slot)) = best {
                return Ok(Some(slot.info.name.clone()));
            }
        }
        fault.map_or(Ok(None), Err)
    }

    /// Lets a plugin import a bundle; what it emits goes to `sink` in batches, and waits while that is full.
    ///
    /// # Errors
    /// When the plugin refuses the bundle or does not finish properly. What was sent to `sink` does not count then.
    pub async fn import(
        &self,
        plugin: &str,
        bundle: Bundle,
        sink: mpsc::Sender<Vec<Emission>>,
    ) -> Result<End, PluginFault> {
        let slots = self.shared.slots.wait().await;
        let slot = slots.iter().find(|slot| slot.runnable.is_some() && slot.info.name == plugin);
        let slot = slot.ok_or_else(|| PluginFault::Unknown(plugin.to_owned()))?;
        let runnable = slot.runnable.as_ref().ok_or_else(|| PluginFault::Unknown(plugin.to_owned()))?;
        if bundle.entries.len() > ENTRIES_LIMIT {
            return Err(PluginFault::TooManyEntries(bundle.entries.len()));
        }
        let _turn = runnable.turn.acquire().await.map_err(|_| PluginFault::Stopped)?;
        let entries = bundle.entries.iter().map(|entry| (entry.name.clone(), entry.size)).collect();
        let job = Job { number: self.shared.jobs.fetch_add(1, Ordering::Relaxed), entries };
        let files: Vec<File> = bundle.entries.into_iter().map(|entry| entry.file).collect();
        let (mut worker, mut receiver) = self.begin(runnable, &job, &files, &sink).await?;
        let outcome = receiver.run(&mut worker.process).await;
        worker.used += receiver.waited();
        if outcome.as_ref().err().is_none_or(PluginFault::is_of_the_file) {
            self.park(runnable, worker);
        }
        outcome
    }

    /// Ends the workers that have no job. Jobs that run are ended by dropping their futures.
    pub async fn shut_down(&self) {
        for slot in self.shared.slots.get().into_iter().flatten() {
            let Some(runnable) = &slot.runnable else { continue };
            runnable.turn.close();
            if let Some(worker) = runnable.take_parked() {
                worker.process.end().await;
            }
        }
    }

    /// Hands a job to a worker that takes it: the parked one, else a fresh one.
    async fn begin(
        &self,
        runnable: &Runnable,
        job: &Job,
        files: &[File],
        sink: &mpsc::Sender<Vec<Emission>>,
    ) -> Result<(Worker, Receiver), PluginFault> {
        let bytes = job.entries.iter().map(|(_, size)| size).sum();
        let count = u32::try_from(job.entries.len()).unwrap_or(u32::MAX);
        loop {
            let parked = runnable.take_parked();
            let fresh = parked.is_none();
            let mut worker = match parked {
                Some(worker) => worker,
                None => self.shared.load(&runnable.plugin).await?.0,
            };
            let mut receiver = Receiver::new(&self.shared.limits, count, bytes, sink.clone());
            let begun = match worker.process.send(Kind::Import, job, files).await {
                Ok(()) => receiver.begin(&mut worker.process, job.number).await,
                Err(fault) => Err(fault),
            };
            match begun {
                Ok(true) => return Ok((worker, receiver)),
                // A parked worker may have died, or have been left in disorder by the job before.
                Ok(false) if fresh => return Err(PluginFault::Garbled("something before it began".to_owned())),
                Err(fault) if fresh => return Err(fault),
                Ok(false) | Err(_) => {}
            }
        }
    }

    async fn probe(&self, slot: &Slot, bundle: &Bundle) -> Result<i32, PluginFault> {
        let Some(runnable) = &slot.runnable else { return Ok(0) };
        let _turn = runnable.turn.acquire().await.map_err(|_| PluginFault::Stopped)?;
        let first = bundle.entries.first().map(|entry| entry.file.try_clone()).transpose();
        let files: Vec<File> = first.map_err(PluginFault::Worker)?.into_iter().collect();
        let entries = bundle.entries.iter().map(|entry| (entry.name.clone(), entry.size)).collect();
        let job = Job { number: 0, entries };
        let asked = match runnable.take_parked() {
            Some(worker) => self.ask(worker, &job, &files).await.ok(),
            None => None,
        };
        let (worker, sure) = match asked {
            Some(answered) => answered,
            // A parked worker may have died, or have been left in disorder by the job before.
            None => self.ask(self.shared.load(&runnable.plugin).await?.0, &job, &files).await?,
        };
        self.park(runnable, worker);
        if sure < 0 { Err(PluginFault::Failed("it could not look at the file".to_owned())) } else { Ok(sure) }
    }

    /// Asks a worker's plugin how sure it is.
    async fn ask(&self, mut worker: Worker, job: &Job, files: &[File]) -> Result<(Worker, i32), PluginFault> {
        worker.process.send(Kind::Probe, job, files).await?;
        let mut clockwork = Clockwork::new(self.shared.limits.silence.min(ANSWER), ANSWER);
        let sure = worker
            .process
            .answer(&mut clockwork, |frame| {
                if frame.kind == Kind::Probed {
                    return Ok(frame.confidence()?);
                }
                Err(PluginFault::Garbled(format!("a {:?} frame as its confidence", frame.kind)))
            })
            .await?;
        Ok((worker, sure))
    }

    /// Keeps a worker for the next job, for a while.
    fn park(&self, runnable: &Runnable, worker: Worker) {
        if worker.used > self.shared.limits.worker_time {
            return;
        }
        let idle = self.shared.limits.idle;
        let parked = Arc::clone(&runnable.parked);
        let reaper = tokio::spawn(async move {
            tokio::time::sleep(idle).await;
            let worker = lock(&parked).take();
            if let Some(parked) = worker {
                parked.worker.process.end().await;
            }
        });
        *lock(&runnable.parked) = Some(Parked { worker, reaper: reaper.abort_handle() });
    }
}

impl Shared {
    /// Lets a plugin that was found describe itself.
    async fn describe(&self, found: Found) -> Slot {
        let Found { path, name, verdict } = found;
        let plugin = match verdict {
            Ok(plugin) => plugin,
            Err(refusal) => return Slot::refused(&path, name, refusal.to_string()),
        };
        let (worker, loaded) = match self.load(&plugin).await {
            Ok(described) => described,
            Err(fault) => return Slot::refused(&path, name, fault.to_string()),
        };
        worker.process.end().await;
        let Loaded { name, version, accepts, landlock } = loaded;
        tracing::info!(plugin = name, version, path = %path.display(), "plugin ready");
        let info = PluginInfo { name, version, path, accepts, refused: None, landlock };
        Slot { info, runnable: Some(Runnable { plugin, turn: Semaphore::new(1), parked: Arc::default() }) }
    }

    /// Starts a worker and lets it load a plugin.
    async fn load(&self, plugin: &Candidate) -> Result<(Worker, Loaded), PluginFault> {
        let mut process = Process::start(&self.executable).map_err(PluginFault::Worker)?;
        let load = Load {
            name: plugin.name.clone(),
            origin: plugin.origin,
            memory_bytes: self.limits.memory_bytes,
            processor_seconds: self.limits.processor_seconds(),
        };
        let file = plugin.file.try_clone().map_err(PluginFault::Worker)?;
        process.send(Kind::Load, &load, &[file]).await?;
        let mut clockwork = Clockwork::new(self.limits.silence.min(ANSWER), ANSWER);
        let loaded = process
            .answer(&mut clockwork, |frame| {
                if frame.kind == Kind::Loaded {
                    return Ok(frame.json()?);
                }
                if frame.kind == Kind::NotLoaded {
                    return Err(PluginFault::NotLoaded(frame.text()?.to_owned()));
                }
                Err(PluginFault::Garbled(format!("a {:?} frame as its description", frame.kind)))
            })
            .await?;
        Ok((Worker { process, used: Duration::ZERO }, loaded))
    }
}

impl Slot {
    fn refused(path: &Path, name: String, reason: String) -> Self {
        tracing::warn!(plugin = name, path = %path.display(), reason, "plugin refused");
        let info = PluginInfo { name, path: path.to_owned(), refused: Some(reason), ..PluginInfo::default() };
        Self { info, runnable: None }
    }

    fn accepts(&self, bundle: &Bundle) -> bool {
        bundle.entries.iter().any(|entry| {
            let name = entry.name.to_lowercase();
            self.info.accepts.iter().any(|ending| name.ends_with(ending.as_str()))
        })
    }
}

impl Runnable {
    fn take_parked(&self) -> Option<Worker> {
        let Parked { worker, reaper } = lock(&self.parked).take()?;
        reaper.abort();
        Some(worker)
    }
}

fn lock(parked: &Mutex<Option<Parked>>) -> MutexGuard<'_, Option<Parked>> {
    parked.lock().unwrap_or_else(PoisonError::into_inner)
}
