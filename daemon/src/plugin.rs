//! Importer plugins, from the daemon's side: which there are, and what one makes of a bundle of files.
//!
//! The daemon never loads a plugin: `plugin/worker` does, in a child process.

use std::fs::File;

use kith_proto::diagnostic::Diagnostic;
use kith_proto::emit::{Part, Place};

/// What is given to a plugin: files already opened, with names relative to what is imported.
#[derive(Debug)]
pub struct Bundle {
    /// The entries, in order.
    pub entries: Vec<Entry>,
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
        /// [`kith_proto::record::Record`] as JSON on one line, checked to be valid.
        body: String,
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
