//! kith from outside: real processes in throw-away homes, and fictional exports to feed them.
//!
//! The tests themselves are in `tests/tests`: `system` runs the daemon, `tidy` reads the repository's own sources.
//! `cargo xtask demo` uses the same homes and the same exports.
//!
//! ```text
//!  fixtures ─▶ Home/Kith/Drop ─▶ kithd (Daemon) ◀─ kith --json (Home::kith) ─▶ export ─▶ compare
//! ```

pub mod binaries;
pub mod bus;
pub mod desktop;
pub mod export;
pub mod fixtures;
pub mod home;
pub mod process;
pub mod session;
pub mod skip;
pub mod wait;
pub mod xfce;

pub use export::{Export, export};
pub use home::Home;
pub use process::Daemon;
pub use skip::skip_without;
pub use wait::wait_until;

use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

/// The harness could not do what the test asked.
#[derive(Debug, thiserror::Error)]
pub enum HarnessError {
    /// A file or folder.
    #[error("use {path}")]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A program could not be started.
    #[error("start {program}")]
    Start {
        /// Which one.
        program: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A program ended otherwise than it should.
    #[error("run {command}: {status}\n{output}")]
    Ended {
        /// What was run.
        command: String,
        /// How it ended.
        status: ExitStatus,
        /// What it said.
        output: String,
    },
    /// A program's answer is not JSON.
    #[error("read the answer of {command} as JSON: {answer:?}")]
    NotJson {
        /// What was run.
        command: String,
        /// What it said.
        answer: String,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// Something did not happen in time.
    #[error("see {what} within {seconds} s\n{details}")]
    TimedOut {
        /// What should have happened.
        what: String,
        /// How long it was waited for.
        seconds: u64,
        /// What is known, such as the daemon's log.
        details: String,
    },
    /// The process is not there any more.
    #[error("signal the process")]
    Signal(#[source] rustix::io::Errno),
    /// A fixture could not be made.
    #[error("make the archive")]
    Archive(#[source] zip::result::ZipError),
}

/// Returns a function that names `path` in an error.
pub(crate) fn at(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> HarnessError {
    let path = path.into();
    move |source| HarnessError::File { path, source }
}
