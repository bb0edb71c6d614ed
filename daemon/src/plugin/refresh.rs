//! The plugins task: sees that a plugin was put into a folder, replaced or taken away, and has the folders read again.
//!
//! As with files to import, inotify is a hint and reading the folders is the truth: after a hint, and every few minutes.
//! What a change means for jobs that run is in `plugin/host`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::{mpsc, watch};

use super::Plugins;
use crate::config::Config;

/// How long after the first hint the folders are read: a copy is mostly complete by then.
const SETTLE: Duration = Duration::from_millis(300);

/// Keeps the list of plugins true until the daemon ends.
///
/// # Errors
/// When inotify is not to be had.
pub async fn run(
    plugins: Plugins,
    config: watch::Receiver<Arc<Config>>,
    mut shutdown: watch::Receiver<bool>,
) -> Result<(), notify::Error> {
    let (hints, mut hinted) = mpsc::channel(1);
    let folders = plugins.watched_folders();
    let concerned = folders.clone();
    let hear = move |event: notify::Result<Event>| {
        if event.map_or(true, |event| concerns(&event, &concerned)) {
            // When one hint waits already, this one says nothing new.
            hints.try_send(()).unwrap_or_default();
        }
    };
    let mut watcher: RecommendedWatcher = notify::Watcher::new(hear, notify::Config::default())?;
    loop {
        arm(&mut watcher, &folders);
        plugins.refresh().await;
        let pause = config.borrow().rescan;
        let is_hinted = tokio::select! {
            _ = shutdown.wait_for(|ends| *ends) => return Ok(()),
            Some(()) = hinted.recv() => true,
            () = tokio::time::sleep(pause) => false,
        };
        if is_hinted {
            tokio::time::sleep(SETTLE).await;
            while hinted.try_recv().is_ok() {}
        }
    }
}

/// Watches each folder, or while it is not there the nearest above it. Watching again what is watched changes nothing.
fn arm(watcher: &mut RecommendedWatcher, folders: &[PathBuf]) {
    for folder in folders {
        for at in folder.ancestors().filter(|at| at.is_dir()).take(2) {
            if let Err(error) = watcher.watch(at, RecursiveMode::NonRecursive) {
                tracing::debug!(%error, path = %at.display(), "plugin folder cannot be watched; it is read now and then");
            }
        }
    }
}

/// Whether something that is said of these paths may change the list of plugins.
fn concerns(event: &Event, folders: &[PathBuf]) -> bool {
    let reads = match event.kind {
        // The scan itself opens and reads.
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => false,
        EventKind::Access(_) => true,
        EventKind::Any | EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_) | EventKind::Other => false,
    };
    !reads && (event.need_rescan() || event.paths.iter().any(|path| is_plugin_or_folder(path, folders)))
}

fn is_plugin_or_folder(path: &Path, folders: &[PathBuf]) -> bool {
    path.extension().is_some_and(|ending| ending == "so") || folders.iter().any(|folder| folder.starts_with(path))
}
