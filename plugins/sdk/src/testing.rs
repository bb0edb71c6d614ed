//! Runs an importer in a test, without a worker or a daemon.

use std::cell::RefCell;
use std::io;

use kith_proto::card::PhotoHash;
use kith_proto::diagnostic::Diagnostic;
use kith_proto::emit::{Part, Place};
use kith_proto::record::Record;
use serde::de::DeserializeOwned;

use crate::host::Host;
use crate::stop::Cause;
use crate::{Entry, Importer, Input, Output, Stop};

/// What an importer emitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Emitted {
    /// Records that follow belong to this part.
    Part(Part),
    /// A record.
    Record {
        /// Where it stands.
        place: Place,
        /// The format's own key.
        key: Option<String>,
        /// It.
        record: Record,
    },
    /// Something wrong in the data.
    Diagnostic(Diagnostic),
    /// Items counted only.
    Tally {
        /// Which class.
        class: String,
        /// How many.
        count: u64,
    },
    /// A photo. Its hash is not BLAKE3 here but `photo-1`, `photo-2`, in order.
    Photo {
        /// What the card calls it.
        hash: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// The last one: the import went to its end.
    End,
    /// The last one: the importer refused the bundle.
    Refused(String),
    /// The last one: the file ends in the middle.
    Truncated(String),
}

/// Imports a bundle of `(name, bytes)` and returns what was emitted, closed by the result.
#[must_use]
pub fn run<I: Importer>(files: &[(&str, &[u8])]) -> Vec<Emitted> {
    let bench = Bench::new(files);
    let entries =
        files.iter().map(|(name, bytes)| Entry { name: (*name).to_owned(), size: bytes.len() as u64 }).collect();
    let result = I::import(&Input::new(&bench, entries), &mut Output::new(&bench));
    let mut emitted = bench.emitted.into_inner();
    emitted.push(match result.map_err(|stop| stop.cause) {
        Ok(()) => Emitted::End,
        Err(Cause::Refused(reason)) => Emitted::Refused(reason),
        Err(Cause::Truncated(reason)) => Emitted::Truncated(reason),
        Err(Cause::Host) => Emitted::Refused("stopped by the host".to_owned()),
    });
    emitted
}

/// Returns how sure the importer is of a bundle, as the daemon asks it.
#[must_use]
pub fn probe<I: Importer>(files: &[(&str, &[u8])]) -> u8 {
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    let head = files.first().map_or(&[][..], |(_, bytes)| bytes.get(..64 * 1024).unwrap_or(bytes));
    I::probe(&names, head)
}

/// A host that keeps what it is given.
#[derive(Debug)]
pub(crate) struct Bench<'a> {
    files: Vec<&'a [u8]>,
    emitted: RefCell<Vec<Emitted>>,
}

impl<'a> Bench<'a> {
    pub(crate) fn new(files: &[(&str, &'a [u8])]) -> Self {
        Self { files: files.iter().map(|(_, bytes)| *bytes).collect(), emitted: RefCell::default() }
    }

    fn push(&self, emitted: Emitted) -> Result<(), Stop> {
        self.emitted.borrow_mut().push(emitted);
        Ok(())
    }
}

fn decode<T: DeserializeOwned>(json: &[u8]) -> Result<T, Stop> {
    serde_json::from_slice(json).map_err(|error| Stop::refuse(format!("the emitted JSON does not read back: {error}")))
}

impl Host for Bench<'_> {
    fn pread(&self, entry: usize, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let file = self.files.get(entry).ok_or(io::ErrorKind::NotFound)?;
        let rest = usize::try_from(offset).ok().and_then(|offset| file.get(offset..)).unwrap_or_default();
        io::Read::read(&mut &*rest, buffer)
    }

    fn part(&self, json: &[u8]) -> Result<(), Stop> {
        self.push(Emitted::Part(decode(json)?))
    }

    fn record(&self, place: Place, key: Option<&str>, json: &[u8]) -> Result<(), Stop> {
        self.push(Emitted::Record { place, key: key.map(ToOwned::to_owned), record: decode(json)? })
    }

    fn diagnostic(&self, json: &[u8]) -> Result<(), Stop> {
        self.push(Emitted::Diagnostic(decode(json)?))
    }

    fn tally(&self, class: &str, count: u64) -> Result<(), Stop> {
        self.push(Emitted::Tally { class: class.to_owned(), count })
    }

    fn photo(&self, bytes: &[u8]) -> Result<PhotoHash, Stop> {
        let seen = self.emitted.borrow().iter().filter(|emitted| matches!(emitted, Emitted::Photo { .. })).count();
        let hash = format!("photo-{}", seen + 1);
        self.push(Emitted::Photo { hash: hash.clone(), bytes: bytes.to_vec() })?;
        Ok(PhotoHash(hash))
    }
}
