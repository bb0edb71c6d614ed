//! Hooks: the user's own executables that are run when something happens, from `hooks/EVENT.d/` in the config folder.
//!
//! A hook learns everything on its standard input, as JSON; docs/HOOKS.md describes it. Nothing of a person stands in its
//! arguments or environment, which others on the machine could read. How it is run is `process`, how its end is kept is `log`.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kith_core::fact::OccurrenceId;
use rustix::process::geteuid;
use tokio::task::JoinSet;

use super::event::Event;
use super::log::{self, HookRun};
use super::process::{self, End, Launcher};
use crate::clock;

/// What the names of hooks' channels begin with.
pub const CHANNEL: &str = "exec/";

/// A hook that may be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// The executable.
    pub path: PathBuf,
    /// Its file's name.
    pub name: String,
}

/// A file among the hooks that is not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRun {
    /// The file.
    pub path: PathBuf,
    /// Why, in words.
    pub reason: &'static str,
}

/// The hooks there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hooks {
    /// Those that are run, in the order of their names.
    pub usable: Vec<Hook>,
    /// Those that are not.
    pub not_run: Vec<NotRun>,
}

/// A hook to be run, with what it is told.
#[derive(Debug)]
pub struct Job {
    /// Which hook.
    pub hook: Hook,
    /// The reminders it is told of.
    pub occurrences: Vec<OccurrenceId>,
    /// What it reads on its standard input.
    pub message: Vec<u8>,
    /// How long it may run.
    pub limit: Duration,
    /// How it is started.
    pub launcher: Launcher,
    /// The folder of local state, for the log.
    pub state: PathBuf,
}

/// What a hook's run came to.
#[derive(Debug, PartialEq, Eq)]
pub struct Finished {
    /// The hook's channel.
    pub channel: String,
    /// The reminders it was told of.
    pub occurrences: Vec<OccurrenceId>,
    /// Whether it ended well, else how it ended, in words.
    pub end: Result<(), String>,
}

/// How long to wait before each further try, of a hook for reminders.
pub const TRIES_AFTER: [Duration; 2] = [Duration::from_secs(60), Duration::from_secs(10 * 60)];

impl Job {
    /// Runs the hook.
    pub async fn run(self, attempt: u32) -> Finished {
        let (channel, occurrences) = (self.hook.channel(), self.occurrences.clone());
        let run = async move {
            let run = self.try_once(attempt).await;
            if run.ok {
                return Ok(());
            }
            tracing::warn!(hook = self.hook.name, attempt, end = run.end, "a hook failed");
            Err(run.end)
        };
        Finished { channel, occurrences, end: guarded(run).await }
    }

    /// Runs the hook once, notes it in the log, and returns what came of it.
    pub(super) async fn try_once(&self, attempt: u32) -> HookRun {
        let begun = clock::since_boot();
        let ran = process::run(&self.launcher, &self.hook.path, &self.message, self.limit).await;
        let mut run = HookRun::new(clock::now(), &self.hook.name, self.occurrences.clone(), attempt);
        run.elapsed_ms = u64::try_from(clock::since_boot().saturating_sub(begun).as_millis()).unwrap_or(u64::MAX);
        match ran {
            Ok(ran) => {
                run.ok = ran.end == End::Exited(0);
                run.end = ran.end.words();
                run.output = String::from_utf8_lossy(&ran.output).into_owned();
                run.output_cut = ran.cut;
            }
            Err(error) => run.end = format!("failed to {error}: {}", cause(&error)),
        }
        if let Err(error) = log::append(&self.state, &run) {
            tracing::warn!(%error, "the hooks' log cannot be written");
        }
        run
    }
}

/// Returns how it ended; a panic is a failure like others.
///
/// Such a task holds nothing that could be left by halves. Without an outcome its channel would wait for ever, and the daemon,
/// ended and started again, would run the hook again each time.
async fn guarded(run: impl Future<Output = Result<(), String>> + Send + 'static) -> Result<(), String> {
    let mut task = JoinSet::new();
    task.spawn(run);
    match task.join_next().await {
        Some(Ok(end)) => end,
        Some(Err(_)) | None => {
            tracing::error!("kith itself failed while it ran a hook");
            Err("kith itself failed while it ran the hook".to_owned())
        }
    }
}

fn cause(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(String::new, ToString::to_string)
}

impl Hook {
    /// Returns the name of the hook's channel: `exec/10-mail`.
    #[must_use]
    pub fn channel(&self) -> String {
        format!("{CHANNEL}{}", self.name)
    }
}

/// Returns the folder of the hooks for an event, within the folder of all hooks.
#[must_use]
pub fn folder(hooks: &Path, event: Event) -> PathBuf {
    hooks.join(format!("{}.d", event.as_str()))
}

/// Returns the folder of the hooks for reminders, within the folder of all hooks.
#[must_use]
pub fn reminder_folder(hooks: &Path) -> PathBuf {
    folder(hooks, Event::ReminderDue)
}

/// Looks which hooks there are. No folder means no hooks.
///
/// # Errors
/// When the folder cannot be read.
pub fn find(folder: &Path) -> io::Result<Hooks> {
    let mut hooks = Hooks::default();
    let found = match fs::metadata(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(hooks),
        other => other?,
    };
    if let Some(reason) = not_trusted(&found) {
        hooks.not_run.push(NotRun { path: folder.to_owned(), reason });
        return Ok(hooks);
    }
    let mut paths: Vec<_> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.sort();
    for path in paths {
        // A name that is no text could not be written down in a fact.
        let Some(name) = path.file_name().and_then(|name| name.to_str()).map(str::to_owned) else { continue };
        if name.starts_with('.') || name.ends_with('~') {
            continue;
        }
        match not_runnable(&path) {
            None => hooks.usable.push(Hook { path, name }),
            Some(reason) => hooks.not_run.push(NotRun { path, reason }),
        }
    }
    Ok(hooks)
}

fn not_runnable(path: &Path) -> Option<&'static str> {
    let Ok(found) = fs::metadata(path) else { return Some("it cannot be read") };
    if !found.is_file() {
        return Some("it is no file");
    }
    if found.mode() & 0o100 == 0 {
        return Some("it is not executable; chmod u+x makes it so");
    }
    not_trusted(&found)
}

fn not_trusted(found: &Metadata) -> Option<&'static str> {
    if found.uid() != geteuid().as_raw() && found.uid() != 0 {
        return Some("it belongs to somebody else");
    }
    (found.mode() & 0o022 != 0).then_some("others may change it; chmod go-w forbids that")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn folder(files: &[(&str, u32)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, mode) in files {
            let path = folder.path().join(name);
            fs::write(&path, "#!/bin/sh\n").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(*mode)).unwrap();
        }
        folder
    }

    #[tokio::test]
    async fn a_panic_of_kith_itself_is_a_failure_of_the_run() {
        let panics = async { panic!("on purpose") };
        assert_eq!(guarded(panics).await, Err("kith itself failed while it ran the hook".to_owned()));
    }

    #[test]
    fn hooks_are_run_in_the_order_of_their_names() {
        let folder = folder(&[("20-log", 0o755), ("10-mail", 0o700), (".hidden", 0o700), ("10-mail~", 0o700)]);
        let hooks = find(folder.path()).unwrap();
        assert_eq!(hooks.usable.iter().map(Hook::channel).collect::<Vec<_>>(), ["exec/10-mail", "exec/20-log"]);
        assert_eq!(hooks.not_run, []);
    }

    #[test]
    fn no_folder_means_no_hooks() {
        assert_eq!(find(Path::new("/nowhere/reminder-due.d")).unwrap(), Hooks::default());
    }

    #[test]
    fn what_others_could_change_is_not_run() {
        let folder = folder(&[("world", 0o702), ("group", 0o720), ("text", 0o600)]);
        fs::create_dir(folder.path().join("z-folder")).unwrap();
        let hooks = find(folder.path()).unwrap();
        assert_eq!(hooks.usable, []);
        let reasons: Vec<_> =
            hooks.not_run.iter().map(|n| (n.path.file_name().unwrap().to_str().unwrap(), n.reason)).collect();
        let changeable = "others may change it; chmod go-w forbids that";
        assert_eq!(
            reasons,
            [
                ("group", changeable),
                ("text", "it is not executable; chmod u+x makes it so"),
                ("world", changeable),
                ("z-folder", "it is no file")
            ]
        );
    }

    #[test]
    fn nothing_is_run_from_a_folder_that_others_may_change() {
        let folder = folder(&[("10-mail", 0o700)]);
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let hooks = find(folder.path()).unwrap();
        assert_eq!((hooks.usable.len(), hooks.not_run.len()), (0, 1));
    }
}
