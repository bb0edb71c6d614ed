//! Why a plugin did not finish a job, in words for the user.
//!
//! Except for [`PluginFault::Refused`] and [`PluginFault::Truncated`], which the plugin says of the file, a fault ends the
//! worker; the next job gets a fresh one.

use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;

use kith_proto::frame::BadFrame;
use rustix::process::Signal;

/// Why a plugin did not finish a job.
#[derive(Debug, thiserror::Error)]
pub enum PluginFault {
    /// It was ended by a signal.
    #[error("the plugin crashed ({0})")]
    Crashed(String),
    /// It panicked.
    #[error("the plugin failed: {0}")]
    Failed(String),
    /// It wanted more memory than a plugin may have.
    #[error("the plugin ran out of memory")]
    OutOfMemory,
    /// It did what the sandbox denies.
    #[error("the plugin tried what plugins may not do: open a file, use the network, start a process or a thread")]
    Forbidden,
    /// It gave no sign of life, or took too long for the size of its input.
    #[error("the plugin hung: {0}")]
    TimedOut(Patience),
    /// It emitted far more than its input can hold.
    #[error("the plugin flooded kith: it emitted more than {0}")]
    Flooded(String),
    /// The worker ended without saying that the import is complete.
    #[error("the plugin ended ({0}) without finishing")]
    NoEnd(String),
    /// What it says of its own end is not what was received.
    #[error("the plugin lied about its end: {0}")]
    LyingEnd(String),
    /// What it sent does not read.
    #[error("the plugin sent {0}")]
    Garbled(String),
    /// It cannot import the bundle as a whole.
    #[error("{0}")]
    Refused(String),
    /// The file ends in the middle; perhaps it is still being written.
    #[error("{0}")]
    Truncated(String),
    /// The receiver of its emissions is gone, or the daemon is ending.
    #[error("the import was stopped")]
    Stopped,
    /// No usable plugin has this name.
    #[error("there is no plugin named {0}")]
    Unknown(String),
    /// It failed too often.
    #[error("the plugin {0} is switched off, for it failed three times in ten minutes (kith plugin enable {0})")]
    SwitchedOff(String),
    /// The plugin could not be loaded.
    #[error("the plugin cannot be loaded: {0}")]
    NotLoaded(String),
    /// A bundle of more files than can be handed over at once.
    #[error("a bundle of {0} files is too large")]
    TooManyEntries(usize),
    /// The worker could not be started or spoken to.
    #[error("the plugin's worker cannot be reached")]
    Worker(#[source] io::Error),
}

/// Which patience a plugin used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// It gave no sign of life for so many seconds.
    Silent(u64),
    /// It took more than so many seconds in all.
    InAll(u64),
    /// It used up the processor time of its worker.
    Processor,
}

impl core::fmt::Display for Patience {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Silent(seconds) => write!(f, "no sign of life for {seconds} seconds"),
            Self::InAll(seconds) => write!(f, "not finished after {seconds} seconds"),
            Self::Processor => f.write_str("it used up its processor time"),
        }
    }
}

impl From<BadFrame> for PluginFault {
    fn from(bad: BadFrame) -> Self {
        Self::Garbled(bad.to_string())
    }
}

impl PluginFault {
    /// Returns whether the fault is the file's and not the plugin's.
    #[must_use]
    pub const fn is_of_the_file(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::Truncated(_))
    }

    /// Returns whether the plugin itself is to blame.
    pub(super) const fn is_of_the_plugin(&self) -> bool {
        match self {
            Self::Crashed(_)
            | Self::Failed(_)
            | Self::OutOfMemory
            | Self::Forbidden
            | Self::TimedOut(_)
            | Self::Flooded(_)
            | Self::NoEnd(_)
            | Self::LyingEnd(_)
            | Self::Garbled(_)
            | Self::NotLoaded(_) => true,
            Self::Refused(_)
            | Self::Truncated(_)
            | Self::Stopped
            | Self::Unknown(_)
            | Self::SwitchedOff(_)
            | Self::TooManyEntries(_)
            | Self::Worker(_) => false,
        }
    }

    /// Returns what the end of the worker means, with the last that it wrote on standard error.
    pub(super) fn of_exit(status: ExitStatus, last_words: &str) -> Self {
        let Some(number) = status.signal() else {
            return Self::NoEnd(format!("exit code {}", status.code().unwrap_or_default()));
        };
        match Signal::from_named_raw(number) {
            Some(Signal::SYS) => Self::Forbidden,
            Some(Signal::XCPU) => Self::TimedOut(Patience::Processor),
            Some(Signal::ABORT) if last_words.contains("memory allocation of") => Self::OutOfMemory,
            Some(_) | None => Self::Crashed(signal_name(number)),
        }
    }
}

fn signal_name(number: i32) -> String {
    let name = match Signal::from_named_raw(number) {
        Some(Signal::SEGV) => "SIGSEGV",
        Some(Signal::ABORT) => "SIGABRT",
        Some(Signal::BUS) => "SIGBUS",
        Some(Signal::ILL) => "SIGILL",
        Some(Signal::FPE) => "SIGFPE",
        Some(Signal::KILL) => "SIGKILL",
        Some(Signal::TERM) => "SIGTERM",
        Some(Signal::TRAP) => "SIGTRAP",
        Some(_) | None => return format!("signal {number}"),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw_status: i32, last_words: &str, expected: &str) {
        assert_eq!(PluginFault::of_exit(ExitStatus::from_raw(raw_status), last_words).to_string(), expected);
    }

    #[test]
    fn says_in_words_how_the_worker_ended() {
        check(11, "", "the plugin crashed (SIGSEGV)");
        check(6, "", "the plugin crashed (SIGABRT)");
        check(6, "memory allocation of 4096 bytes failed", "the plugin ran out of memory");
        check(3 << 8, "", "the plugin ended (exit code 3) without finishing");
        check(24, "", "the plugin hung: it used up its processor time");
        check(40, "", "the plugin crashed (signal 40)");
    }
}
