//! A running kithd.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::{HarnessError, at, wait_until};

/// A running kithd; killed when it is dropped.
#[derive(Debug)]
pub struct Daemon {
    pub(crate) child: Child,
    pub(crate) log: PathBuf,
}

impl Daemon {
    /// Returns its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Returns where a file that it sees at `path` is for us, who may not have its mounts.
    #[must_use]
    pub fn sees(&self, path: &Path) -> PathBuf {
        Path::new("/proc").join(self.pid().to_string()).join("root").join(path.strip_prefix("/").unwrap_or(path))
    }

    /// Returns everything that it and earlier daemons of its home logged.
    #[must_use]
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Sends a signal.
    ///
    /// # Errors
    /// When the process has ended.
    pub fn signal(&self, signal: Signal) -> Result<(), HarnessError> {
        self::signal(self.child.id(), signal)
    }

    /// Kills it as `kill -9` does.
    ///
    /// # Errors
    /// When it cannot be killed.
    pub fn kill(mut self) -> Result<(), HarnessError> {
        self.child.kill().map_err(at(&self.log))?;
        self.child.wait().map_err(at(&self.log))?;
        Ok(())
    }

    /// Asks it to stop with SIGTERM and waits for its end.
    ///
    /// # Errors
    /// When it has not ended within `limit`.
    pub fn stop(mut self, limit: Duration) -> Result<ExitStatus, HarnessError> {
        self.signal(Signal::TERM)?;
        self.wait(limit)
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// When it has not ended within `limit`.
    pub fn wait(&mut self, limit: Duration) -> Result<ExitStatus, HarnessError> {
        wait_until("the daemon's end", limit, || self.child.try_wait().ok().flatten())
    }

    /// Returns how it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }
}

/// Sends a signal to a process.
///
/// # Errors
/// When there is no such process.
pub fn signal(pid: u32, signal: Signal) -> Result<(), HarnessError> {
    let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) else { return Ok(()) };
    kill_process(pid, signal).map_err(HarnessError::Signal)
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if self.ended().is_none() && self.child.kill().is_ok() {
            drop(self.child.wait());
        }
    }
}
