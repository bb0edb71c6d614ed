//! A real systemd user manager, for a user who owns nothing else, with a bus and a journal of its own.
//!
//! It needs root: a private mount of `/run` makes systemd believe that the machine was booted with it, and a cgroup is
//! handed to the user. `session.sh` does both.

use std::fs::{self, File};
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::geteuid;
use serde_json::Value;

use crate::process::signal;
use crate::skip::{is_installed, skip};
use crate::{HarnessError, Home, at, wait_until};

/// The user whose manager it is: `nobody`.
const USER: u32 = 65_534;

const SYSTEMD: &str = "/lib/systemd/systemd";

const SCRIPT: &str = include_str!("session.sh");

/// Where cgroups may be mounted.
const CGROUPS: [&str; 3] = ["/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified", "/sys/fs/cgroup"];

/// A user manager; ended when it is dropped, with all that it runs.
#[derive(Debug)]
pub struct Session {
    child: Child,
    name: String,
    journal: PathBuf,
}

/// Returns whether `test` must be skipped because no user manager can be started here.
///
/// # Panics
/// Where `CI` is set: there nothing is skipped.
#[must_use]
pub fn skip_without_session(test: &str) -> bool {
    let missing: Vec<&str> = ["unshare", "setpriv", "systemctl", "systemd-run", "systemd", "journalctl"]
        .into_iter()
        .filter(|program| !is_installed(program))
        .collect();
    if !missing.is_empty() {
        skip(test, &format!("{} not installed", missing.join(", ")));
        return true;
    }
    if !geteuid().is_root() {
        skip(test, "only root can start a systemd user manager beside the machine's own");
        return true;
    }
    false
}

impl Session {
    /// Starts a user manager whose home is `home`; what is run in `home` from now on runs as its user.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn start(home: &mut Home) -> Result<Self, HarnessError> {
        home.belong_to(USER)?;
        give(&home.path(""))?;
        let name = format!("kith-test-{}", std::process::id());
        let journal = home.path("journal");
        let log_path = home.path("systemd.log");
        let log = File::create(&log_path).map_err(at(&log_path))?;
        let child = Command::new("unshare")
            .args(["--mount", "sh", "-c", SCRIPT, "session.sh", &name, &USER.to_string(), SYSTEMD])
            .arg(&journal)
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin")
            .envs(home.environment())
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|source| HarnessError::Start { program: "systemd --user".to_owned(), source })?;
        let session = Self { child, name, journal };
        home.set("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}/bus", home.path("run").display()));
        let mut details = String::new();
        let up = wait_until("the user manager", Duration::from_secs(60), || {
            let asked = home.run("/usr/bin/systemctl", &["--user", "is-active", "basic.target"]);
            asked.map_err(|error| details = error.to_string()).ok()
        });
        match up {
            Ok(_) => Ok(session),
            Err(_) => {
                let log = fs::read_to_string(&log_path).unwrap_or_default();
                Err(HarnessError::TimedOut {
                    what: "the user manager".to_owned(),
                    seconds: 60,
                    details: details + &log,
                })
            }
        }
    }
}

impl Session {
    /// Returns what a program logged to the journal, an object a message with the fields of systemd.journal-fields(7).
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn logged(&self, program: &str) -> Result<Vec<Value>, HarnessError> {
        let program = format!("SYSLOG_IDENTIFIER={program}");
        let mut command = Command::new("journalctl");
        let output = command.arg("--directory").arg(&self.journal).args(["--output=json", &program]).output();
        let answer = output.map_err(at(&self.journal))?.stdout;
        let entries = serde_json::Deserializer::from_slice(&answer).into_iter().collect::<Result<_, _>>();
        let not_json = |source| HarnessError::NotJson {
            command: "journalctl".to_owned(),
            answer: String::from_utf8_lossy(&answer).into_owned(),
            source,
        };
        entries.map_err(not_json)
    }
}

/// Gives everything below `path` to the user.
fn give(path: &Path) -> Result<(), HarnessError> {
    chown(path, Some(USER), Some(USER)).map_err(at(path))?;
    if !path.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(path).map_err(at(path))? {
        give(&entry.map_err(at(path))?.path())?;
    }
    Ok(())
}

impl Drop for Session {
    fn drop(&mut self) {
        let asked = signal(self.child.id(), rustix::process::Signal::TERM);
        let ended = || self.child.try_wait().ok().flatten();
        if asked.is_err() || wait_until("the user manager's end", Duration::from_secs(20), ended).is_err() {
            for base in CGROUPS {
                drop(fs::write(Path::new(base).join(&self.name).join("cgroup.kill"), "1"));
            }
            if self.child.kill().is_ok() {
                drop(self.child.wait());
            }
        }
        for base in CGROUPS {
            remove(&Path::new(base).join(&self.name));
        }
    }
}

/// Removes a cgroup and those below it, as far as they are empty.
fn remove(cgroup: &Path) {
    let below = fs::read_dir(cgroup).into_iter().flatten().flatten();
    for entry in below.filter(|entry| entry.path().is_dir()) {
        remove(&entry.path());
    }
    drop(fs::remove_dir(cgroup));
}
