//! What is known of the watched folders: which files wait to settle, are with the intake, or are ready for it.
//!
//! Looks at files, but waits for nothing; the task that does is `watch`. When a file is ready is decided in
//! `kith_core::settle`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kith_core::settle::{self, Settle, Sign, Stat};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use super::hint::Hint;
use super::scan::{self, Found, RootFault};
use super::seen::Seen;
use crate::clock;
use crate::config::{Layout, WatchedFolder};
use crate::intake::{Answer, Batch, Unit, Verdict};

/// How long a folder read in place must bring nothing new before what is ready makes one import.
const QUIET: Duration = Duration::from_millis(250);

/// How long it may go on bringing something new before what is ready is imported all the same.
const LONGEST: Duration = Duration::from_secs(10);

/// How soon the folders are read through when events were lost.
const SOON: Duration = Duration::from_millis(300);

/// How a watched folder is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderStatus {
    /// Where it is.
    pub path: PathBuf,
    /// What lies in it how.
    pub layout: Layout,
    /// What is wrong with it.
    pub fault: Option<FolderFault>,
    /// How many files of it are known; 0 for a drop folder.
    pub known: usize,
    /// How many files wait to become whole.
    pub waiting: usize,
    /// Those that are empty or end in the middle, and until when they are given time, by [`clock::awake`].
    pub held: Vec<(PathBuf, Duration)>,
}

/// What is wrong with a watched folder, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderFault {
    /// What is wrong.
    pub words: String,
    /// What to try next.
    pub next_step: &'static str,
}

/// What is known of the watched folders.
#[derive(Debug)]
pub(super) struct Folders {
    roots: Vec<Root>,
    settle: Settle<PathBuf>,
    /// What is with the intake, and whether something happened to it since.
    taken: BTreeMap<PathBuf, bool>,
    /// What ended in the middle when it was read, and how it looked then.
    held: BTreeMap<PathBuf, Stat>,
    watcher: RecommendedWatcher,
    mail_depth: String,
    rescan_every: Duration,
    rescan_at: Duration,
}

#[derive(Debug)]
struct Root {
    path: PathBuf,
    layout: Layout,
    seen: Seen,
    fault: Option<FolderFault>,
    watched: Option<(u64, u64)>,
    ready: Vec<Unit>,
    gone: Vec<String>,
    gone_taken: bool,
    first_ready: Duration,
    last_ready: Duration,
}

impl Folders {
    pub(super) fn new(
        folders: Vec<WatchedFolder>,
        (seen, mail_depth): (&Path, &str),
        mut watcher: RecommendedWatcher,
        rescan_every: Duration,
    ) -> Self {
        let root = |WatchedFolder { path, layout }| Root {
            seen: Seen::load(seen, &path, layout, mail_depth),
            path,
            layout,
            fault: None,
            watched: None,
            ready: Vec::new(),
            gone: Vec::new(),
            gone_taken: false,
            first_ready: Duration::ZERO,
            last_ready: Duration::ZERO,
        };
        let mut roots: Vec<Root> = folders.into_iter().map(root).collect();
        for root in roots.iter_mut().filter(|root| root.layout == Layout::Drop) {
            // The scan says what is wrong with it; here only the first look is hastened.
            drop(root.begin(&mut watcher));
        }
        Self {
            roots,
            settle: Settle::default(),
            taken: BTreeMap::new(),
            held: BTreeMap::new(),
            watcher,
            mail_depth: mail_depth.to_owned(),
            rescan_every,
            rescan_at: Duration::ZERO,
        }
    }

    /// Returns when, after `now`, something is to be done next; what is ready by then waits for the intake alone.
    pub(super) fn next(&self, now: Duration) -> Duration {
        let ready = self.roots.iter().filter_map(Root::leaves_at).filter(|at| *at > now);
        ready.chain(self.settle.next()).fold(self.rescan_at, Duration::min)
    }

    /// Returns how many files are to be looked at, or whether all are.
    pub(super) fn is_much(&self, now: Duration) -> bool {
        self.rescan_at <= now || self.settle.due(now).len() > 64
    }

    /// Asks for all folders to be read through at once.
    pub(super) const fn rescan_now(&mut self) {
        self.rescan_at = Duration::ZERO;
    }

    /// Does what is due at `now`.
    pub(super) fn act(&mut self, now: Duration) {
        if self.rescan_at <= now {
            self.rescan(now);
        }
        for path in self.settle.due(now) {
            let Some(root) = root_of(&mut self.roots, &path) else {
                self.settle.forget(&path);
                continue;
            };
            let stat = scan::stat_unit(&path, root.layout);
            if let Some(stat) = self.settle.look(&path, stat, now) {
                let waited = self.held.remove(&path).is_some_and(|held| held.same_content(&stat))
                    || patience_left(&stat).is_zero();
                root.add_ready(Unit { path: path.clone(), stat, waited }, now);
                self.taken.insert(path, false);
            }
        }
    }

    /// Takes a hint.
    pub(super) fn take(&mut self, hint: Hint, now: Duration) {
        match hint {
            Hint::Rescan => self.rescan_at = self.rescan_at.min(now + SOON),
            Hint::NoMoreWatches => {
                let fault = || FolderFault {
                    words: "the system's limit of watched folders is reached".to_owned(),
                    next_step: "raise fs.inotify.max_user_watches; until then it is read through from time to time",
                };
                self.roots.iter_mut().for_each(|root| root.fault = root.fault.take().or_else(|| Some(fault())));
            }
            Hint::Written(path) => self.happened(&path, Sign::Written, now),
            Hint::Closed(path) | Hint::Arrived(path) => self.happened(&path, Sign::Closed, now),
            Hint::Folder(path) => self.happened(&path, Sign::There, now),
            Hint::Gone(path) => self.vanished(&path, now),
        }
    }

    /// Takes in what the intake made of files.
    pub(super) fn answered(&mut self, answer: Answer, now: Duration) {
        let Some(root) = self.roots.iter_mut().find(|root| root.path == answer.root) else { return };
        root.seen.forget(&answer.gone);
        root.gone_taken = false;
        let done = answer.units.iter().filter(|(_, verdict)| *verdict == Verdict::Done);
        if root.layout != Layout::Drop && answer.mail_depth == self.mail_depth {
            root.seen.add(done.map(|(unit, _)| (unit.path.as_path(), unit.stat)));
        }
        for (unit, verdict) in answer.units {
            let touched = self.taken.remove(&unit.path).unwrap_or(false);
            match verdict {
                Verdict::Done | Verdict::Later => {}
                Verdict::Refused if root.layout == Layout::Drop => {}
                Verdict::Refused => root.seen.add_for_this_run(&unit.path, &unit.stat),
                Verdict::Changed => self.settle.touch(unit.path.clone(), now),
                Verdict::Truncated => {
                    self.held.insert(unit.path.clone(), unit.stat);
                    self.settle.hold(unit.path.clone(), unit.stat, now, patience_left(&unit.stat));
                }
            }
            if touched {
                self.settle.touch(unit.path, now);
            }
        }
    }

    /// Returns whether a batch is ready for the intake at `now`.
    pub(super) fn has_batch(&self, now: Duration) -> bool {
        self.roots.iter().any(|root| root.leaves_at().is_some_and(|at| at <= now))
    }

    /// Returns what is ready of one folder.
    pub(super) fn batch(&mut self, now: Duration) -> Option<Batch> {
        let root = self.roots.iter_mut().find(|root| root.leaves_at().is_some_and(|at| at <= now))?;
        let gone = std::mem::take(&mut root.gone);
        root.gone_taken = !gone.is_empty();
        Some(Batch {
            root: root.path.clone(),
            layout: root.layout,
            units: std::mem::take(&mut root.ready),
            gone,
            mail_depth: self.mail_depth.clone(),
        })
    }

    /// Returns how the folders are.
    pub(super) fn status(&self, now: Duration) -> Vec<FolderStatus> {
        let held = |root: &Root| {
            let held = self.settle.held(now).filter(|(path, _)| path.starts_with(&root.path));
            held.map(|(path, until)| (path.clone(), until)).collect()
        };
        let waiting = |root: &Root| self.settle.files().filter(|path| path.starts_with(&root.path)).count();
        let status = |root: &Root| FolderStatus {
            path: root.path.clone(),
            layout: root.layout,
            fault: root.fault.clone(),
            known: root.seen.len(),
            waiting: waiting(root),
            held: held(root),
        };
        self.roots.iter().map(status).collect()
    }

    fn rescan(&mut self, now: Duration) {
        self.rescan_at = now + self.rescan_every;
        let mut found = Vec::new();
        for root in &mut self.roots {
            match root.scan(&mut self.watcher) {
                Ok(files) => found.extend(files),
                Err(fault) => root.set_fault(&fault),
            }
        }
        for (path, stat) in found {
            self.notice(&path, stat, Sign::There, now);
        }
    }

    /// Something happened at `path`: a file, or a folder whose files are then looked at.
    fn happened(&mut self, path: &Path, sign: Sign, now: Duration) {
        let Some(root) = root_of(&mut self.roots, path) else { return };
        let Ok(relative) = path.strip_prefix(&root.path) else { return };
        if root.layout == Layout::Drop {
            return self.dropped(path, sign, now);
        }
        let Ok(meta) = fs::symlink_metadata(path) else { return };
        if meta.is_file() && root.layout.wants_file(relative) {
            self.notice(path, scan::stat(&meta), sign, now);
        } else if meta.is_dir() && sign != Sign::Written && root.layout.wants_folder(relative) {
            // What came into it before it was watched, and what comes until it is.
            let layout = root.layout;
            let top = root.path.clone();
            let files = scan::files_below(&top, relative, layout).unwrap_or_default();
            files.into_iter().for_each(|(path, stat)| self.notice(&path, stat, Sign::There, now));
            self.rescan_at = self.rescan_at.min(now + SOON);
        }
    }

    /// Something happened at `path` in a drop folder, where a folder counts as one.
    fn dropped(&mut self, path: &Path, sign: Sign, now: Duration) {
        let Some(root) = root_of(&mut self.roots, path) else { return };
        let first = path.strip_prefix(&root.path).ok().and_then(|relative| relative.components().next());
        let Some(first) = first else { return };
        let unit = root.path.join(first);
        if self.is_taken(&unit) {
            return;
        }
        if unit == path && !path.is_dir() {
            if let Some(stat) = scan::stat_unit(path, Layout::Drop) {
                self.notice(path, stat, sign, now);
            }
        } else {
            self.settle.touch(unit, now);
        }
    }

    fn notice(&mut self, path: &Path, stat: Stat, sign: Sign, now: Duration) {
        let known = root_of(&mut self.roots, path).is_some_and(|root| root.seen.knows(path, &stat));
        if !known && !self.is_taken(path) {
            self.settle.notice(path.to_owned(), stat, sign, now);
        }
    }

    fn is_taken(&mut self, path: &Path) -> bool {
        let taken = self.taken.get_mut(path);
        taken.map(|touched| *touched = true).is_some()
    }

    fn vanished(&mut self, path: &Path, now: Duration) {
        let path = path.to_owned();
        self.settle.forget(&path);
        let Some(root) = root_of(&mut self.roots, &path) else { return };
        if path == root.path {
            root.watched = None;
        }
        if path == root.path || root.layout == Layout::Vdir {
            self.rescan_at = self.rescan_at.min(now + SOON);
        }
    }
}

impl FolderFault {
    fn of(fault: &RootFault) -> Self {
        Self { words: fault.to_string(), next_step: fault.next_step() }
    }
}

impl Root {
    /// Makes a drop folder, which is kith's own, and sees to it that the folder under the path is the one that is watched.
    fn begin(&mut self, watcher: &mut RecommendedWatcher) -> Result<(), RootFault> {
        if self.layout == Layout::Drop {
            // Where that fails, what follows says why.
            drop(crate::paths::make_folder(&self.path));
        }
        let identity = scan::identity(&self.path)?;
        if self.watched != Some(identity) {
            self.begin_watching(watcher);
            self.watched = Some(identity);
        }
        Ok(())
    }

    fn scan(&mut self, watcher: &mut RecommendedWatcher) -> Result<Vec<(PathBuf, Stat)>, RootFault> {
        self.begin(watcher)?;
        let Found { units: found, unreadable } = scan::scan(&self.path, self.layout)?;
        if found.is_empty() && self.layout != Layout::Drop && self.seen.len() > 0 {
            return Err(RootFault::Emptied);
        }
        self.fault = unreadable.as_ref().map(FolderFault::of);
        let gone = self.seen.gone(&found);
        if !gone.is_empty() && !self.gone_taken {
            self.gone = gone;
        }
        Ok(found)
    }

    fn begin_watching(&mut self, watcher: &mut RecommendedWatcher) {
        // The folder that was watched under this path may be gone; then there is nothing to end.
        drop(watcher.unwatch(&self.path));
        if let Err(error) = watcher.watch(&self.path, RecursiveMode::Recursive) {
            tracing::warn!(path = %self.path.display(), %error, "folder cannot be watched; it is only read through from time to time");
        }
    }

    fn set_fault(&mut self, fault: &RootFault) {
        let fault = FolderFault::of(fault);
        if self.fault.as_ref() != Some(&fault) {
            tracing::warn!(path = %self.path.display(), fault = fault.words, "watched folder cannot be trusted");
        }
        self.watched = None;
        self.fault = Some(fault);
    }

    fn add_ready(&mut self, unit: Unit, now: Duration) {
        if self.ready.is_empty() {
            self.first_ready = now;
        }
        self.last_ready = now;
        self.ready.push(unit);
    }

    fn leaves_at(&self) -> Option<Duration> {
        if self.ready.is_empty() {
            return (!self.gone.is_empty()).then_some(Duration::ZERO);
        }
        Some(match self.layout {
            Layout::Drop => self.first_ready,
            Layout::Plain | Layout::Maildir | Layout::Vdir => (self.last_ready + QUIET).min(self.first_ready + LONGEST),
        })
    }
}

/// Returns how much longer a file that is not whole is given.
fn patience_left(stat: &Stat) -> Duration {
    settle::patience_left(stat, i64::try_from(clock::now().as_nanosecond()).unwrap_or(i64::MAX))
}

/// Returns the innermost of the watched folders that holds `path`.
fn root_of<'r>(roots: &'r mut [Root], path: &Path) -> Option<&'r mut Root> {
    roots.iter_mut().filter(|root| path.starts_with(&root.path)).max_by_key(|root| root.path.as_os_str().len())
}
