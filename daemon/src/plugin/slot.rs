//! One plugin as the host holds it: what is known of it, its worker without a job, and its switch.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::AbortHandle;

use super::process::Process;
use super::registry::{Candidate, Found, Stamp};
use super::switch::Off;
use super::{Bundle, PluginInfo};

/// One plugin.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) info: PluginInfo,
    pub(super) runnable: Option<Runnable>,
    /// Which file this is about, and why the registry refused it, if so.
    known_by: (Option<Stamp>, Option<String>),
    /// Why it is switched off.
    off: Mutex<Option<Off>>,
}

/// What it takes to run a plugin.
#[derive(Debug)]
pub(super) struct Runnable {
    pub(super) plugin: Candidate,
    /// One job at a time.
    pub(super) turn: Semaphore,
    parked: Arc<Mutex<Option<Parked>>>,
    /// Another build has taken its place, or its file is gone: what runs may finish.
    retired: AtomicBool,
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
pub(super) struct Worker {
    pub(super) process: Process,
    /// How long its jobs took in all.
    pub(super) used: Duration,
}

/// By what a slot is known again.
pub(super) fn known_by(found: &Found) -> (Option<Stamp>, Option<String>) {
    (found.stamp, found.verdict.as_ref().err().map(ToString::to_string))
}

impl Slot {
    pub(super) fn refused(
        path: &Path,
        name: String,
        reason: String,
        known_by: (Option<Stamp>, Option<String>),
    ) -> Self {
        tracing::warn!(plugin = name, path = %path.display(), reason, "plugin refused");
        let info = PluginInfo { name, path: path.to_owned(), refused: Some(reason), ..PluginInfo::default() };
        Self { info, runnable: None, known_by, off: Mutex::default() }
    }

    pub(super) fn runnable(info: PluginInfo, plugin: Candidate, stamp: Option<Stamp>, off: Option<Off>) -> Self {
        let runnable =
            Runnable { plugin, turn: Semaphore::new(1), parked: Arc::default(), retired: AtomicBool::new(false) };
        Self { info, runnable: Some(runnable), known_by: (stamp, None), off: Mutex::new(off) }
    }

    /// Whether this is still what was found.
    pub(super) fn is(&self, found: &Found) -> bool {
        self.info.path == found.path && self.known_by.0.is_some() && self.known_by == known_by(found)
    }

    /// What is shown of it.
    pub(super) fn shown(&self) -> PluginInfo {
        let off = lock(&self.off);
        let refused = off.as_ref().map(|off| off.reason(&self.info.name)).or_else(|| self.info.refused.clone());
        PluginInfo { refused, switched_off: off.is_some(), ..self.info.clone() }
    }

    pub(super) fn is_off(&self) -> bool {
        lock(&self.off).is_some()
    }

    /// Switches it off, or on again.
    pub(super) fn switch(&self, off: Option<Off>) {
        *lock(&self.off) = off;
    }

    pub(super) fn accepts(&self, bundle: &Bundle) -> bool {
        bundle.entries.iter().any(|entry| {
            let name = entry.name.to_lowercase();
            self.info.accepts.iter().any(|ending| name.ends_with(ending.as_str()))
        })
    }

    /// Lets the job that runs finish, and ends the worker without one.
    pub(super) async fn retire(&self) {
        let Some(runnable) = &self.runnable else { return };
        runnable.retired.store(true, Ordering::SeqCst);
        if let Some(worker) = runnable.take_parked() {
            worker.process.end().await;
        }
    }
}

impl Runnable {
    pub(super) fn take_parked(&self) -> Option<Worker> {
        let Parked { worker, reaper } = lock(&self.parked).take()?;
        reaper.abort();
        Some(worker)
    }

    /// Keeps a worker for the next job, for a while; drops it when there will be none.
    pub(super) fn park(&self, worker: Worker, idle: Duration) {
        let parked = Arc::clone(&self.parked);
        let reaper = tokio::spawn(async move {
            tokio::time::sleep(idle).await;
            let worker = lock(&parked).take();
            if let Some(parked) = worker {
                parked.worker.process.end().await;
            }
        });
        *lock(&self.parked) = Some(Parked { worker, reaper: reaper.abort_handle() });
        if self.retired.load(Ordering::SeqCst) {
            // Dropping a worker ends it.
            drop(self.take_parked());
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
