//! The watch task: says to the intake which files are ready, and takes back what became of them.
//!
//! inotify is a hint, reading the folders through is the truth: at the start, when events were lost, after the machine was
//! suspended, and every few minutes. Between these the task sleeps.
//!
//! ```text
//!  inotify ─hints─▶ watch ─batch─▶ intake
//!  scan ───states──▶  │  ◀─answer──┘
//!                  settle
//! ```
//!
//! What is known of the folders is in `watch/folders`, when a file is ready in `kith_core::settle`.

mod folders;
mod hint;
pub(crate) mod names;
pub(crate) mod scan;
mod seen;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use notify::RecommendedWatcher;
use tokio::sync::{mpsc, watch};

pub use self::folders::FolderStatus;
use self::folders::Folders;
pub use self::scan::RootFault;
use crate::clock;
use crate::config::Config;
use crate::intake::{Answer, Batch};

/// How many hints may wait; when more come, the folders are read through.
const HINTS: usize = 1024;

/// What the task is given.
#[derive(Debug)]
pub struct Context {
    /// The config.
    pub config: watch::Receiver<Arc<Config>>,
    /// The folder for the lists of known files.
    pub seen: PathBuf,
    /// Where ready files go.
    pub batches: mpsc::Sender<Batch>,
    /// What became of them.
    pub answers: mpsc::Receiver<Answer>,
    /// Ticks when the machine resumes or its clock is set.
    pub jumps: watch::Receiver<u64>,
    /// Where the folders' status is shown.
    pub status: watch::Sender<Vec<FolderStatus>>,
    /// Turns true when the daemon ends.
    pub shutdown: watch::Receiver<bool>,
}

/// The folders cannot be watched.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// inotify is not to be had.
    #[error("begin to watch folders")]
    Notify(#[source] notify::Error),
    /// The folder for the lists of known files cannot be made.
    #[error("keep lists of known files")]
    Seen(#[source] crate::paths::PathsError),
    /// Reading the folders through ended in a panic.
    #[error("read the folders through")]
    Scan(#[source] tokio::task::JoinError),
    /// The intake has ended.
    #[error("reach the intake: it has ended")]
    IntakeEnded,
}

/// The folders, of which those that files are dropped into are there and watched already.
#[derive(Debug)]
pub struct Watching {
    context: Context,
    folders: Folders,
    to_hints: hint::Sender,
    hints: hint::Receiver,
}

impl Watching {
    /// Begins to watch.
    ///
    /// # Errors
    /// When inotify is not to be had, or the lists of known files cannot be kept.
    pub fn begin(mut context: Context) -> Result<Self, WatchError> {
        let (to_hints, hints) = hint::channel(HINTS);
        crate::paths::make_private(&context.seen).map_err(WatchError::Seen)?;
        let config = Arc::clone(&context.config.borrow_and_update());
        let folders = open(&config, &context.seen, to_hints.clone())?;
        Ok(Self { context, folders, to_hints, hints })
    }

    /// Watches until the daemon ends.
    ///
    /// # Errors
    /// When the folders cannot be watched any more, or the intake has ended.
    pub async fn run(self) -> Result<(), WatchError> {
        let shutdown = self.context.shutdown.clone();
        match serve(self).await {
            // At the end the intake may be the first to go.
            Err(WatchError::IntakeEnded) if *shutdown.borrow() => Ok(()),
            ended => ended,
        }
    }
}

async fn serve(watching: Watching) -> Result<(), WatchError> {
    let Watching { mut context, mut folders, to_hints, mut hints } = watching;
    loop {
        folders = act(folders).await?;
        let folders_status = folders.status(clock::awake());
        context.status.send_if_modified(|status| replace_if_other(status, folders_status));
        let now = clock::awake();
        let pause = folders.next(now).saturating_sub(now);
        let has_batch = folders.has_batch(now);
        tokio::select! {
            _ = context.shutdown.wait_for(|ends| *ends) => return Ok(()),
            hint = hints.recv() => {
                folders.take(hint, clock::awake());
                hints.waiting().for_each(|hint| folders.take(hint, clock::awake()));
            }
            answer = context.answers.recv() => {
                folders.answered(answer.ok_or(WatchError::IntakeEnded)?, clock::awake());
            }
            permit = context.batches.reserve(), if has_batch => {
                let permit = permit.map_err(|_| WatchError::IntakeEnded)?;
                if let Some(batch) = folders.batch(clock::awake()) {
                    permit.send(batch);
                }
            }
            () = tokio::time::sleep(pause) => {}
            Ok(()) = context.jumps.changed() => folders.rescan_now(),
            Ok(()) = context.config.changed() => {
                let config = Arc::clone(&context.config.borrow_and_update());
                folders = open(&config, &context.seen, to_hints.clone())?;
            }
        }
    }
}

/// Begins to watch the folders that the config names.
fn open(config: &Config, seen: &Path, hints: hint::Sender) -> Result<Folders, WatchError> {
    let hear = move |event| hint::hints(event).into_iter().for_each(|hint| hints.send(hint));
    let quiet = notify::Config::default().with_follow_symlinks(false);
    let watcher: RecommendedWatcher = notify::Watcher::new(hear, quiet).map_err(WatchError::Notify)?;
    Ok(Folders::new(config.folders(), (seen, &config.mail_depth()), watcher, config.rescan))
}

/// Does what is due; in a thread of its own where that takes long.
async fn act(mut folders: Folders) -> Result<Folders, WatchError> {
    let now = clock::awake();
    if !folders.is_much(now) {
        folders.act(now);
        return Ok(folders);
    }
    let work = tokio::task::spawn_blocking(move || {
        folders.act(now);
        folders
    });
    work.await.map_err(WatchError::Scan)
}

fn replace_if_other(status: &mut Vec<FolderStatus>, new: Vec<FolderStatus>) -> bool {
    let other = *status != new;
    *status = new;
    other
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::mpsc::{RecvTimeoutError, channel};
    use std::time::Duration;

    use super::*;
    use crate::config::{Layout, WatchedFolder};
    use crate::paths::Paths;

    #[test]
    fn more_hints_than_there_is_room_for_hold_up_nobody_who_begins_to_watch() {
        let home = tempfile::tempdir().unwrap();
        let variable = |name: &str| (name == "HOME").then(|| home.path().as_os_str().to_owned());
        let paths = Paths::new(variable, None).unwrap();
        let other = home.path().join("Cards");
        let mut config = Config::defaults(&paths);
        config.watch = vec![WatchedFolder { path: other.clone(), layout: Layout::Plain }];
        let (to_hints, _hints) = hint::channel(1);
        let mut folders = open(&config, home.path(), to_hints).unwrap();
        // The drop folder is watched by now, and nobody takes the hints.
        for number in 0..20 {
            fs::write(config.drop.join(format!("{number}.vcf")), "x").unwrap();
        }
        fs::create_dir(&other).unwrap();
        let (done, ended) = channel();
        std::thread::spawn(move || {
            folders.act(clock::awake());
            done.send(folders).unwrap();
        });
        let folders = match ended.recv_timeout(Duration::from_secs(30)) {
            Ok(folders) => folders,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => panic!("it waits for itself"),
        };
        assert!(folders.status(clock::awake()).iter().all(|folder| folder.fault.is_none()));
    }
}
