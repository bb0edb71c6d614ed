//! Importer plugins, from the daemon's side: which there are, and what one makes of a bundle of files.
//!
//! The daemon never loads a plugin: `plugin/worker` does, in a child process.
//!
//! ```text
//!  registry ─▶ host ─▶ process ══socket══ channel ◀─ worker ─▶ sandbox, load ─▶ plugin
//!                └──▶ receive ─emissions─▶ intake       └──▶ session
//! ```

mod channel;
pub mod conform;
mod fault;
mod host;
mod launch;
#[expect(unsafe_code, reason = "the one file of the daemon that speaks C")]
mod load;
mod note;
mod process;
mod receive;
pub mod refresh;
mod registry;
mod sandbox;
mod session;
mod slot;
mod switch;
pub mod worker;

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use kith_proto::diagnostic::Diagnostic;
use kith_proto::emit::{Part, Place};
use serde_json::value::RawValue;

pub use self::fault::{Patience, PluginFault};
pub use self::host::Plugins;

/// How many files a bundle may have.
pub const FILES_LIMIT: usize = 128;

/// How many entries a bundle may have: its files, and what the user says of them.
pub const ENTRIES_LIMIT: usize = FILES_LIMIT + 1;

/// How much a plugin may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// How long it may go without a sign of life.
    pub silence: Duration,
    /// How long a job may take in all, before its size is counted in.
    pub time: Duration,
    /// How much longer it may take for each MiB of input.
    pub time_per_mebibyte: Duration,
    /// How many bytes it may emit, before the size of its input is counted in.
    pub emitted_bytes: u64,
    /// How many more it may emit for each byte of input.
    pub emitted_per_byte: u64,
    /// How many records it may emit in addition to one for each byte of input.
    pub records: u64,
    /// How much memory it may have, in bytes of address space.
    pub memory_bytes: u64,
    /// How long a worker without a job is kept.
    pub idle: Duration,
    /// How much time its jobs may take before a worker is replaced by a fresh one.
    pub worker_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            silence: Duration::from_secs(30),
            time: Duration::from_mins(1),
            time_per_mebibyte: Duration::from_secs(2),
            emitted_bytes: 64 * 1024 * 1024,
            emitted_per_byte: 64,
            records: 100_000,
            memory_bytes: 512 * 1024 * 1024,
            idle: Duration::from_secs(30),
            worker_time: Duration::from_mins(30),
        }
    }
}

impl Limits {
    /// Returns how long a job of this size may take.
    fn time_for(&self, input_bytes: u64) -> Duration {
        let mebibytes = u32::try_from(input_bytes / (1024 * 1024)).unwrap_or(u32::MAX);
        self.time.saturating_add(self.time_per_mebibyte.saturating_mul(mebibytes)).min(self.longest_job())
    }

    /// No job takes longer, whatever its size.
    fn longest_job(&self) -> Duration {
        self.time.saturating_mul(60 * 4)
    }

    /// Returns how much processor time a worker may use in all: a net below the time limits, should the daemon be gone.
    fn processor_seconds(&self) -> u64 {
        self.worker_time.saturating_add(self.longest_job()).as_secs().max(1)
    }
}

/// What is known of a plugin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PluginInfo {
    /// Its name.
    pub name: String,
    /// Its version; empty when it is refused.
    pub version: String,
    /// Where it lies.
    pub path: PathBuf,
    /// Endings of file names that it reads.
    pub accepts: Vec<String>,
    /// Why it is not run.
    pub refused: Option<String>,
    /// Whether it was switched off because it failed too often.
    pub switched_off: bool,
    /// Whether Landlock holds when it is run.
    pub landlock: bool,
}

/// How an import ended that went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// How many records were sent.
    pub records: u64,
    /// How many bytes they and all else took.
    pub bytes: u64,
}

/// What is given to a plugin: files already opened, with names relative to what is imported.
#[derive(Debug)]
pub struct Bundle {
    /// The entries, in order.
    pub entries: Vec<Entry>,
    /// How far into the entries the plugin is, in bytes; told every few MiB that it reads.
    pub read: Arc<AtomicU64>,
}

/// One file of a bundle.
#[derive(Debug)]
pub struct Entry {
    /// Its name relative to what is imported, parted by `/`.
    pub name: String,
    /// The opened file.
    pub file: File,
    /// Its size in bytes when it was opened.
    pub size: u64,
}

/// What a worker sends while a plugin reads.
#[derive(Debug)]
pub enum Emission {
    /// Records that follow belong to this part.
    Part(Part),
    /// A record.
    Record {
        /// Where it stands.
        place: Place,
        /// The format's own key, if it has one.
        key: Option<String>,
        /// [`kith_proto::record::Record`] as JSON on one line.
        body: Box<RawValue>,
    },
    /// Something wrong in the data; its `path` is relative to what is imported.
    Diagnostic(Diagnostic),
    /// Items that are counted only, by class.
    Tally {
        /// Which class, in words: "closed profile".
        class: String,
        /// How many.
        count: u64,
    },
    /// A photo; the hash is BLAKE3 of the bytes.
    Photo {
        /// What the card calls it.
        hash: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
}

impl Emission {
    /// Returns about how much memory it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let held = match self {
            Self::Part(_) => 0,
            Self::Record { key, body, .. } => key.as_ref().map_or(0, String::len) + body.get().len(),
            Self::Diagnostic(diagnostic) => diagnostic.to_string().len(),
            Self::Tally { class, .. } => class.len(),
            Self::Photo { bytes, .. } => bytes.len(),
        };
        size_of::<Self>() + held
    }
}
