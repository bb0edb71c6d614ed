//! Where an importer's findings go.

use core::fmt;

use kith_proto::card::PhotoHash;
use kith_proto::diagnostic::Diagnostic;
use kith_proto::emit::{Part, Place};
use kith_proto::record::Record;
use serde::Serialize;

use crate::Stop;
use crate::host::Host;

/// Takes what an importer finds, one by one.
///
/// Every method may answer [`Stop`], which the importer hands on with `?`.
pub struct Output<'a> {
    host: &'a dyn Host,
    /// The JSON of the item at hand; its room is used again.
    json: Vec<u8>,
}

impl<'a> Output<'a> {
    pub(crate) fn new(host: &'a dyn Host) -> Self {
        Self { host, json: Vec::with_capacity(4096) }
    }

    /// Says to which source and collection the records that follow belong. It may be said again, also with a later snapshot.
    ///
    /// # Errors
    /// [`Stop`] when the host wants no more.
    pub fn part(&mut self, part: &Part) -> Result<(), Stop> {
        let host = self.host;
        host.part(self.encode(part)?)
    }

    /// Emits a record. `key` is the format's own, where it has one.
    ///
    /// # Errors
    /// [`Stop`] when the host wants no more.
    pub fn record(&mut self, place: Place, key: Option<&str>, record: &Record) -> Result<(), Stop> {
        let host = self.host;
        host.record(place, key, self.encode(record)?)
    }

    /// Tells of something wrong in the data. Its path is the entry's name, in an archive with the inner name behind it.
    ///
    /// # Errors
    /// [`Stop`] when the host wants no more.
    #[expect(clippy::needless_pass_by_value, reason = "it is made for this call; callers read better without the &")]
    pub fn diagnostic(&mut self, diagnostic: Diagnostic) -> Result<(), Stop> {
        let host = self.host;
        host.diagnostic(self.encode(&diagnostic)?)
    }

    /// Counts items that are not records: "closed profile".
    ///
    /// # Errors
    /// [`Stop`] when the host wants no more.
    pub fn tally(&mut self, class: &str, count: u64) -> Result<(), Stop> {
        self.host.tally(class, count)
    }

    /// Hands over a photo of at most 8 MiB, and returns what a card calls it.
    ///
    /// # Errors
    /// [`Stop`] when the host wants no more.
    pub fn photo(&mut self, bytes: &[u8]) -> Result<PhotoHash, Stop> {
        self.host.photo(bytes)
    }

    fn encode(&mut self, value: &impl Serialize) -> Result<&[u8], Stop> {
        self.json.clear();
        serde_json::to_writer(&mut self.json, value)
            .map_err(|error| Stop::refuse(format!("the importer made a record that is not JSON: {error}")))?;
        Ok(&self.json)
    }
}

impl fmt::Debug for Output<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Output").finish_non_exhaustive()
    }
}
