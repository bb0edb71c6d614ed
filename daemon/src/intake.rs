//! The intake: takes files that are ready, has a plugin read them, hands what it finds to the keeper, and puts dropped files
//! away.
//!
//! ```text
//!  watch ─batch─▶ intake ─▶ dropped   a file or folder: one import, then moved
//!                        └▶ in_place  all that is ready of a folder: one import
//!  api ──paths──▶ given              read where it lies
//! ```
//!
//! When a file is ready is decided in `kith_core::settle`; what a record means, in the keeper.

mod arrival;
mod beside;
mod carry;
mod dropped;
mod given;
pub(crate) mod held;
mod import;
mod in_place;
mod jobs;
mod many;
mod mapping;
mod open;
mod progress;
mod shelf;
mod under_way;
mod words;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use kith_core::settle::Stat;
use tokio::sync::{mpsc, watch};

pub use self::arrival::{Arrival, arrivals};
pub use self::mapping::Wish;
pub use self::progress::{IntakeStatus, Outcome, Phase, Progress, Told};
use self::under_way::UnderWay;
pub use self::words::next_step;
use crate::clock;
use crate::config::{Config, Keep, Layout};
use crate::keeper::{Keeper, KeeperError, Mode, Report};
use crate::plugin::Plugins;
use crate::watch::{FolderStatus, names};

/// How long the intake waits before it first looks again for room on the disk; then twice as long each time.
const ROOM_PAUSE: Duration = Duration::from_secs(1);

/// How often that doubles: an import that fills the disk again is work in vain.
const ROOM_DOUBLES: u32 = 5;

/// How many messages about an import may wait for the one who asked for it.
const TOLD: usize = 64;

/// Files of one folder that are ready together.
#[derive(Debug)]
pub struct Batch {
    /// The watched folder.
    pub root: PathBuf,
    /// What lies in it how.
    pub layout: Layout,
    /// The files.
    pub units: Vec<Unit>,
    /// Files of a vdir that are gone, by their names relative to the folder.
    pub gone: Vec<String>,
    /// How deeply mail was to be read when they were found ready.
    pub mail_depth: String,
}

/// What is imported as one: a file, or a folder that was dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Where it is.
    pub path: PathBuf,
    /// What it looked like when it had settled.
    pub stat: Stat,
    /// Whether it was given time already to become whole.
    pub waited: bool,
}

/// What became of a batch.
#[derive(Debug)]
pub struct Answer {
    /// The watched folder.
    pub root: PathBuf,
    /// Each of its files.
    pub units: Vec<(Unit, Verdict)>,
    /// The files of a vdir that are now known to be gone.
    pub gone: Vec<String>,
    /// As the batch says: what was read at another depth is not known at this.
    pub mail_depth: String,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It was imported.
    Done,
    /// It is not what it was; it must settle again.
    Changed,
    /// It ends in the middle and is given time.
    Truncated,
    /// It cannot be imported.
    Refused,
    /// Something else was in the way; it is tried again at the next scan.
    Later,
}

/// A file that could not be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it lies now.
    pub path: PathBuf,
    /// Why, in words.
    pub reason: String,
    /// Since when.
    pub at: Timestamp,
    /// Whether it lies in a folder read in place; otherwise it was dropped and has been put aside.
    pub in_place: bool,
}

/// Why something was not imported.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// It cannot be, in words for the user.
    #[error("{0}")]
    Refused(String),
    /// It ends in the middle, in words for the user.
    #[error("{0}")]
    Truncated(String),
    /// It is not what it was when it settled.
    #[error("it changed while it was read")]
    Changed,
    /// Something is in the way that may pass, in words for the user.
    #[error("{0}")]
    Later(String),
    /// There is no room.
    #[error("the disk is full, and nothing of it was kept")]
    DiskFull,
    /// The keeper cannot take it.
    #[error("{0}")]
    Keeper(KeeperError),
}

impl From<KeeperError> for Fault {
    fn from(error: KeeperError) -> Self {
        match error {
            KeeperError::DiskFull => Self::DiskFull,
            error @ (KeeperError::Ended
            | KeeperError::Ledger(_)
            | KeeperError::NotRemoved(_)
            | KeeperError::Store(_)
            | KeeperError::Unknown(_)) => Self::Keeper(error),
        }
    }
}

/// The intake cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The keeper cannot take any more.
    #[error("hand over what was imported")]
    Keeper(#[source] KeeperError),
    /// The watch task has ended.
    #[error("reach the watch task: it has ended")]
    WatchEnded,
}

/// A handle on the intake.
#[derive(Debug, Clone)]
pub struct Intake(Arc<Inner>);

/// Plugins and keeper: what it takes to import.
#[derive(Debug, Clone)]
struct Importer {
    plugins: Plugins,
    keeper: Keeper,
    mappings: mapping::Mappings,
    config: watch::Receiver<Arc<Config>>,
}

#[derive(Debug)]
struct Inner {
    importer: Importer,
    config: watch::Receiver<Arc<Config>>,
    folders: watch::Receiver<Vec<FolderStatus>>,
    arrivals: mpsc::Sender<Arrival>,
    status: Arc<Mutex<IntakeStatus>>,
    problems: Mutex<BTreeMap<PathBuf, Problem>>,
    under_way: UnderWay,
    /// How often in a row there was no room on the disk.
    without_room: AtomicU32,
}

impl Intake {
    /// Returns an intake; [`Intake::run`] makes it work on what the watch task finds. `state` is the folder of local state.
    #[must_use]
    pub fn new(
        plugins: Plugins,
        keeper: Keeper,
        config: watch::Receiver<Arc<Config>>,
        folders: watch::Receiver<Vec<FolderStatus>>,
        (arrivals, state): (mpsc::Sender<Arrival>, &Path),
    ) -> Self {
        let mappings = mapping::Mappings { folder: config.borrow().maps.clone(), ..Default::default() };
        let importer = Importer { plugins, keeper, mappings, config: config.clone() };
        let (status, problems, without_room) = (Arc::default(), Mutex::default(), AtomicU32::default());
        let under_way = UnderWay::load(state, clock::now());
        Self(Arc::new(Inner { importer, config, folders, arrivals, status, problems, under_way, without_room }))
    }

    /// Imports what becomes ready in the watched folders until the daemon ends; then what is under way is given up, and
    /// taken up again at the next start.
    ///
    /// # Errors
    /// When the keeper or the watch task has ended.
    pub async fn run(
        &self,
        mut batches: mpsc::Receiver<Batch>,
        answers: mpsc::Sender<Answer>,
        mut shutdown: watch::Receiver<bool>,
    ) -> Result<(), IntakeError> {
        let work = async {
            while let Some(batch) = batches.recv().await {
                let answer = self.0.batch(batch).await?;
                self.0.lock_status().importing = None;
                answers.send(answer).await.map_err(|_| IntakeError::WatchEnded)?;
            }
            Err(IntakeError::WatchEnded)
        };
        tokio::select! {
            biased;
            _ = shutdown.wait_for(|ends| *ends) => Ok(()),
            ended = work => ended,
        }
    }

    /// Imports these paths, files or folders, where they lie. Tells how far it is and what became of each.
    #[must_use]
    pub fn import(&self, paths: Vec<PathBuf>, mode: Mode, wish: Wish) -> mpsc::Receiver<Told> {
        let (asker, told) = mpsc::channel(TOLD);
        let inner = Arc::clone(&self.0);
        tokio::spawn(async move { inner.given(paths, (mode, wish), asker).await });
        told
    }

    /// Returns how the intake is.
    #[must_use]
    pub fn status(&self) -> IntakeStatus {
        self.0.lock_status().clone()
    }

    /// Returns how the watched folders are.
    #[must_use]
    pub fn folders(&self) -> Vec<FolderStatus> {
        self.0.folders.borrow().clone()
    }

    /// Returns the files that could not be imported: those put aside, and those in folders read in place.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let aside = self.0.config.borrow().problem.clone();
        let mut problems = put_aside(&aside);
        problems.extend(self.0.lock_problems().values().filter(|problem| problem.path.exists()).cloned());
        problems
    }
}

impl Intake {
    /// Returns the imports that were cut off when an earlier run ended, each as a problem: nothing of them counts.
    #[must_use]
    pub fn cut_off(&self) -> Vec<Problem> {
        let cut_off = self.0.under_way.cut_off(self.0.importer.keeper.book().imports());
        let folders = self.0.folders.borrow();
        let is_watched = |path: &Path| folders.iter().any(|folder| path.starts_with(&folder.path));
        let problem = |under_way::CutOff { path, at }| {
            let reason = if is_watched(&path) { words::CUT_OFF_WATCHED } else { words::CUT_OFF };
            Problem { path, reason: reason.to_owned(), at, in_place: true }
        };
        cut_off.into_iter().map(problem).collect()
    }
}

impl Inner {
    async fn batch(&self, batch: Batch) -> Result<Answer, IntakeError> {
        self.lock_status().fault = None;
        let units = if batch.layout == Layout::Drop {
            self.prune().await;
            let mut units = Vec::with_capacity(batch.units.len());
            for unit in batch.units {
                self.under_way.begin([unit.path.as_path()], clock::now());
                let verdict = loop {
                    if let Some(verdict) = self.with_room(self.dropped(&unit).await).await? {
                        break verdict;
                    }
                };
                self.under_way.end(&unit.path);
                units.push((unit, verdict));
            }
            units
        } else if batch.units.is_empty() {
            Vec::new()
        } else {
            self.under_way.begin([batch.root.as_path()], clock::now());
            let units = loop {
                if let Some(units) = self.with_room(self.in_place(&batch).await).await? {
                    break units;
                }
            };
            self.under_way.end(&batch.root);
            units
        };
        self.under_way.keep();
        if !batch.gone.is_empty() {
            self.gone(&batch.root, &batch.gone).await?;
        }
        Ok(Answer { root: batch.root, units, gone: batch.gone, mail_depth: batch.mail_depth })
    }

    async fn gone(&self, root: &Path, names: &[String]) -> Result<(), IntakeError> {
        let root = root.to_string_lossy().into_owned();
        let retired = loop {
            let told = self.importer.keeper.gone(root.clone(), names.to_vec()).await.map_err(Fault::from);
            if let Some(retired) = self.with_room(told).await? {
                break retired;
            }
        };
        tracing::info!(files = names.len(), retired, "files are gone");
        Ok(())
    }

    /// Returns what was done, or `None` after a pause when the disk was full: it is to be done again.
    async fn with_room<T>(&self, result: Result<T, Fault>) -> Result<Option<T>, IntakeError> {
        let is_full = matches!(result, Err(Fault::DiskFull));
        let was_full = std::mem::replace(&mut self.lock_status().disk_full, is_full);
        match result {
            Ok(done) => {
                self.without_room.store(0, Ordering::Relaxed);
                if was_full {
                    tracing::info!("there is room on the disk again; the intake goes on");
                }
                Ok(Some(done))
            }
            Err(Fault::Keeper(error)) => Err(IntakeError::Keeper(error)),
            Err(Fault::DiskFull | Fault::Refused(_) | Fault::Truncated(_) | Fault::Changed | Fault::Later(_)) => {
                if !was_full {
                    tracing::warn!("the disk is full; the intake waits, and nothing is moved");
                }
                let times = self.without_room.fetch_add(1, Ordering::Relaxed).min(ROOM_DOUBLES);
                tokio::time::sleep(ROOM_PAUSE * 2_u32.pow(times)).await;
                Ok(None)
            }
        }
    }

    async fn prune(&self) {
        let config = self.config.borrow().clone();
        let Keep::Days(days) = config.keep_imported else { return };
        let imported = config.imported.clone();
        let pruned = shelf::beside(move || shelf::prune(&imported, days, clock::now())).await;
        if let Err(error) = pruned.flatten() {
            tracing::warn!(path = %config.imported.display(), %error, "old imported files could not be removed");
        }
    }

    fn lock_status(&self) -> MutexGuard<'_, IntakeStatus> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_problems(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Problem>> {
        self.problems.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_fault(&self, fault: String) {
        self.lock_status().fault = Some(fault);
    }

    fn count_imported(&self, files: u64) {
        self.lock_status().imported += files;
    }

    fn add_problem(&self, problem: Problem) {
        self.lock_problems().insert(problem.path.clone(), problem);
    }

    fn solved(&self, path: &Path) {
        self.lock_problems().remove(path);
    }
}

/// Returns the files in the folder of problems that have a reason beside them.
fn put_aside(folder: &Path) -> Vec<Problem> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut notes: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    notes.sort();
    notes.into_iter().filter_map(|note| read_reason(&note)).collect()
}

fn read_reason(note: &Path) -> Option<Problem> {
    let path = note.with_file_name(note.file_name()?.to_str()?.strip_suffix(names::REASON)?);
    let at = Timestamp::try_from(fs::metadata(note).ok()?.modified().ok()?).ok()?;
    let text = fs::read_to_string(note).ok()?;
    let reason = text.lines().find_map(words::reason_of).unwrap_or(&text).to_owned();
    path.symlink_metadata().is_ok().then_some(Problem { path, reason, at, in_place: false })
}

/// Logs what was imported; file names may hold people's names, and so are for debugging only.
fn log_imported(report: &Report) {
    tracing::debug!(path = report.path, "imported");
    tracing::info!(
        import = report.import.as_ref().map(ToString::to_string),
        plugin = report.plugin,
        read = report.read,
        new = report.new,
        changed = report.changed,
        same = report.same,
        retired = report.retired,
        refused = report.refused,
        "imported"
    );
}
