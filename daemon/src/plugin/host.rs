//! The plugins that there are, and their workers: one worker a plugin at most, started for a job and ended when idle.
//!
//! A job borrows the plugin's worker; when it ends badly, or its future is dropped, the worker dies with it and the next
//! job starts another. Nothing here ticks while nothing is asked.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use kith_proto::frame::{Job, Kind, Loaded, Origin};
use tokio::sync::{Mutex, mpsc, watch};

use super::fault::PluginFault;
use super::launch;
use super::receive::Receiver;
use super::registry::{self, Candidate, Found};
use super::slot::{Runnable, Slot, Worker, known_by};
use super::switch::{Off, Switches};
use super::{Bundle, ENTRIES_LIMIT, Emission, End, Limits, PluginInfo};
use crate::clock;

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
    folders: Vec<PathBuf>,
    limits: Limits,
    jobs: AtomicU64,
    switches: Switches,
    /// Who wants to know that a plugin was switched off.
    told: Option<mpsc::Sender<PluginInfo>>,
    /// `None` until the folders are scanned and every plugin has described itself.
    slots: watch::Sender<Option<Slots>>,
    /// One scan at a time.
    scanning: Mutex<()>,
}

/// The plugins of one scan. A job holds those that it began with.
type Slots = Arc<Vec<Arc<Slot>>>;

impl Plugins {
    /// Scans the folders and lets each plugin describe itself, in the background; what is asked meanwhile waits for that.
    ///
    /// `folders` are those of `$KITH_PLUGIN_PATH` and the user's, in order; the system's, and those of the plugins that
    /// come with this kithd, follow them. Which are switched off is kept in the file `switches`, and `told` as it happens.
    /// Must be called within a tokio runtime.
    #[must_use]
    pub fn start(mut folders: Vec<PathBuf>, limits: Limits, switches: PathBuf, told: mpsc::Sender<PluginInfo>) -> Self {
        let executable = PathBuf::from("/proc/self/exe");
        folders.extend(registry::standard_folders(&executable));
        Self::begin_with(executable, folders, limits, Some((switches, told)))
    }

    /// As [`Plugins::start`], with the path of kithd, and no folder but these, and nothing kept: for a program that is not
    /// kithd itself.
    #[must_use]
    pub fn start_with(executable: PathBuf, folders: Vec<PathBuf>, limits: Limits) -> Self {
        Self::begin_with(executable, folders, limits, None)
    }

    fn begin_with(
        executable: PathBuf,
        folders: Vec<PathBuf>,
        limits: Limits,
        kept: Option<(PathBuf, mpsc::Sender<PluginInfo>)>,
    ) -> Self {
        let (switches, told) = kept.unzip();
        let shared = Shared {
            executable,
            folders,
            limits,
            jobs: AtomicU64::new(1),
            switches: Switches::open(switches),
            told,
            slots: watch::channel(None).0,
            scanning: Mutex::default(),
        };
        let plugins = Self { shared: Arc::new(shared) };
        let scanning = plugins.clone();
        tokio::spawn(async move { scanning.refresh().await });
        plugins
    }

    /// Reads the folders again: what is new describes itself, what is another build or gone is retired, the rest stays.
    pub async fn refresh(&self) {
        let shared = &self.shared;
        let _one = shared.scanning.lock().await;
        let (executable, folders) = (shared.executable.clone(), shared.folders.clone());
        let scan = tokio::task::spawn_blocking(move || registry::scan(&executable, &folders));
        let Ok(found) = scan.await else { return };
        let before = shared.slots.borrow().clone().unwrap_or_default();
        let mut slots = Vec::new();
        for found in found {
            match before.iter().find(|slot| slot.is(&found)) {
                Some(same) => slots.push(Arc::clone(same)),
                None => slots.push(Arc::new(shared.describe(found).await)),
            }
        }
        let gone = before.iter().filter(|old| !slots.iter().any(|slot| Arc::ptr_eq(slot, old)));
        let gone: Vec<Arc<Slot>> = gone.cloned().collect();
        shared.slots.send_replace(Some(Arc::new(slots)));
        for slot in gone {
            tracing::info!(plugin = slot.info.name, path = %slot.info.path.display(), "plugin replaced or gone");
            slot.retire().await;
        }
    }

    /// Returns the folders in which plugins may appear. Those beside kithd change with kithd only.
    pub(super) fn watched_folders(&self) -> Vec<PathBuf> {
        let own = registry::own_folders(&self.shared.executable);
        self.shared.folders.iter().filter(|folder| !own.contains(folder)).cloned().collect()
    }

    /// Lists the plugins, also those that are not run, with the reason.
    pub async fn list(&self) -> Vec<PluginInfo> {
        self.slots().await.iter().map(|slot| slot.shown()).collect()
    }

    /// Brings a plugin back that was switched off; `None` when there is none of this name.
    pub async fn enable(&self, name: &str) -> Option<PluginInfo> {
        let slots = self.slots().await;
        let slot = slots.iter().find(|slot| slot.info.name == name && slot.runnable.is_some())?;
        self.shared.switches.forget(name);
        slot.switch(None);
        tracing::info!(plugin = name, "plugin enabled");
        Some(slot.shown())
    }

    /// Waits for the first scan and returns the plugins as they are.
    async fn slots(&self) -> Slots {
        let mut seen = self.shared.slots.subscribe();
        // The sender lives as long as this.
        seen.wait_for(Option::is_some).await.ok().and_then(|slots| slots.clone()).unwrap_or_default()
    }

    /// Returns the name of the plugin that is surest that it can read the bundle; `None` when none can.
    ///
    /// Plugins that accept the ending of one of the names are asked first, the others only if none of those can.
    ///
    /// # Errors
    /// When none can and one of them failed to answer.
    pub async fn choose(&self, bundle: &Bundle) -> Result<Option<String>, PluginFault> {
        let slots = self.slots().await;
        let is_on = |slot: &&Arc<Slot>| slot.runnable.is_some() && !slot.is_off();
        let (likely, others): (Vec<&Arc<Slot>>, Vec<&Arc<Slot>>) =
            slots.iter().filter(is_on).partition(|slot| slot.accepts(bundle));
        let mut fault = None;
        for group in [likely, others] {
            let mut best: Option<(i32, &Arc<Slot>)> = None;
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
        let off = slots.iter().find(|slot| slot.is_off() && slot.accepts(bundle));
        let off = off.map(|slot| PluginFault::SwitchedOff(slot.info.name.clone()));
        fault.or(off).map_or(Ok(None), Err)
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
        let slots = self.slots().await;
        let slot = slots.iter().find(|slot| slot.runnable.is_some() && slot.info.name == plugin);
        let slot = slot.ok_or_else(|| PluginFault::Unknown(plugin.to_owned()))?;
        let ended = self.run(slot, bundle, sink).await;
        self.shared.hear(slot, ended.as_ref().err()).await;
        ended
    }

    async fn run(&self, slot: &Slot, bundle: Bundle, sink: mpsc::Sender<Vec<Emission>>) -> Result<End, PluginFault> {
        let plugin = &slot.info.name;
        let runnable = slot.runnable.as_ref().ok_or_else(|| PluginFault::Unknown(plugin.clone()))?;
        if bundle.entries.len() > ENTRIES_LIMIT {
            return Err(PluginFault::TooManyEntries(bundle.entries.len()));
        }
        let _turn = runnable.turn.acquire().await.map_err(|_| PluginFault::Stopped)?;
        if slot.is_off() {
            return Err(PluginFault::SwitchedOff(plugin.clone()));
        }
        let entries = bundle.entries.iter().map(|entry| (entry.name.clone(), entry.size)).collect();
        let job = Job { number: self.shared.jobs.fetch_add(1, Ordering::Relaxed), entries };
        let files: Vec<File> = bundle.entries.into_iter().map(|entry| entry.file).collect();
        let (mut worker, mut receiver) = self.begin(runnable, &job, &files, &(sink, bundle.read)).await?;
        let outcome = receiver.run(&mut worker.process).await;
        worker.used += receiver.waited();
        if outcome.as_ref().err().is_none_or(PluginFault::is_of_the_file) {
            self.park(runnable, worker);
        }
        outcome
    }

    /// Ends the workers that have no job. Jobs that run are ended by dropping their futures.
    pub async fn shut_down(&self) {
        let slots = self.shared.slots.borrow().clone().unwrap_or_default();
        for slot in slots.iter() {
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
        (sink, read): &(mpsc::Sender<Vec<Emission>>, Arc<AtomicU64>),
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
            let mut receiver =
                Receiver::new(&self.shared.limits, count, bytes, sink.clone()).counting(Arc::clone(read));
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
        let sure = self.sure(slot, bundle).await;
        self.shared.hear(slot, sure.as_ref().err()).await;
        sure
    }

    async fn sure(&self, slot: &Slot, bundle: &Bundle) -> Result<i32, PluginFault> {
        let Some(runnable) = &slot.runnable else { return Ok(0) };
        let _turn = runnable.turn.acquire().await.map_err(|_| PluginFault::Stopped)?;
        let first = bundle.entries.first().map(|entry| entry.file.try_clone()).transpose();
        let files: Vec<File> = first.map_err(PluginFault::Worker)?.into_iter().collect();
        let entries = bundle.entries.iter().map(|entry| (entry.name.clone(), entry.size)).collect();
        let job = Job { number: 0, entries };
        let limits = &self.shared.limits;
        let asked = match runnable.take_parked() {
            Some(worker) => launch::ask(worker, limits, &job, &files).await.ok(),
            None => None,
        };
        let (worker, sure) = match asked {
            Some(answered) => answered,
            // A parked worker may have died, or have been left in disorder by the job before.
            None => launch::ask(self.shared.load(&runnable.plugin).await?.0, limits, &job, &files).await?,
        };
        self.park(runnable, worker);
        if sure < 0 { Err(PluginFault::Failed("it could not look at the file".to_owned())) } else { Ok(sure) }
    }

    /// Keeps a worker for the next job, for a while.
    fn park(&self, runnable: &Runnable, worker: Worker) {
        if worker.used <= self.shared.limits.worker_time {
            runnable.park(worker, self.shared.limits.idle);
        }
    }
}

impl Shared {
    /// Lets a plugin that was found describe itself. One that is switched off is not even loaded.
    async fn describe(&self, found: Found) -> Slot {
        let known = known_by(&found);
        let Found { path, name, stamp, verdict } = found;
        let plugin = match verdict {
            Ok(plugin) => plugin,
            Err(refusal) => return Slot::refused(&path, name, refusal.to_string(), known),
        };
        if let Some(off) = self.switches.off(&name)
            && hash(&plugin.file).await.is_some_and(|build| build == off.build)
        {
            let (version, accepts) = (off.version.clone(), off.accepts.clone());
            let info = PluginInfo { name, version, path, accepts, ..PluginInfo::default() };
            return Slot::runnable(info, plugin, stamp, Some(off));
        }
        self.switches.forget(&name);
        let (worker, loaded) = match self.load(&plugin).await {
            Ok(described) => described,
            // That no worker could be started says nothing of the plugin: the next scan tries again.
            Err(fault @ PluginFault::Worker(_)) => return Slot::refused(&path, name, fault.to_string(), (None, None)),
            Err(fault) => return Slot::refused(&path, name, fault.to_string(), known),
        };
        worker.process.end().await;
        let Loaded { name, version, accepts, landlock } = loaded;
        tracing::info!(plugin = name, version, path = %path.display(), "plugin ready");
        let info = PluginInfo { name, version, path, accepts, landlock, ..PluginInfo::default() };
        Slot::runnable(info, plugin, stamp, None)
    }

    async fn load(&self, plugin: &Candidate) -> Result<(Worker, Loaded), PluginFault> {
        launch::load(&self.executable, &self.limits, plugin).await
    }

    /// Notes a fault that is the plugin's own, and switches off one that fails too often. Those that come with kith stay:
    /// without them it could read nothing at all.
    async fn hear(&self, slot: &Slot, fault: Option<&PluginFault>) {
        let (Some(fault), Some(runnable)) = (fault.filter(|fault| fault.is_of_the_plugin()), &slot.runnable) else {
            return;
        };
        let (name, now) = (&slot.info.name, clock::now());
        if runnable.plugin.origin == Origin::BuiltIn || !self.switches.fault(name, now) {
            return;
        }
        let off = Off {
            build: hash(&runnable.plugin.file).await.unwrap_or_default(),
            version: slot.info.version.clone(),
            accepts: slot.info.accepts.clone(),
            at: now,
            last: fault.to_string(),
        };
        tracing::warn!(plugin = name, "plugin switched off: it failed three times in ten minutes");
        self.switches.switch_off(name, off.clone());
        slot.switch(Some(off));
        if let Some(told) = &self.told {
            // `kith status` says it, too: when nobody takes it, nothing is lost.
            drop(told.try_send(slot.shown()));
        }
    }
}

/// Returns the BLAKE3 of a file, read without moving its offset.
async fn hash(file: &File) -> Option<String> {
    let file = file.try_clone().ok()?;
    let hash = move || {
        let (mut hasher, mut buffer, mut offset) = (blake3::Hasher::new(), vec![0; 128 * 1024], 0);
        loop {
            let read = file.read_at(&mut buffer, offset).ok()?;
            if read == 0 {
                return Some(hasher.finalize().to_hex().to_string());
            }
            hasher.update(buffer.get(..read)?);
            offset += read as u64;
        }
    };
    tokio::task::spawn_blocking(hash).await.ok().flatten()
}
