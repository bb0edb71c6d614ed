//! What is behind [`Input`](crate::Input) and [`Output`](crate::Output): the worker, or a test.

use std::io;

use kith_proto::card::PhotoHash;
use kith_proto::emit::Place;

use crate::Stop;

/// The other side of an import. What it is given as `json` is one JSON value without a line break.
pub(crate) trait Host {
    /// Reads at `offset` of an entry; 0 bytes is its end.
    fn pread(&self, entry: usize, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
    fn part(&self, json: &[u8]) -> Result<(), Stop>;
    fn record(&self, place: Place, key: Option<&str>, json: &[u8]) -> Result<(), Stop>;
    fn diagnostic(&self, json: &[u8]) -> Result<(), Stop>;
    fn tally(&self, class: &str, count: u64) -> Result<(), Stop>;
    fn photo(&self, bytes: &[u8]) -> Result<PhotoHash, Stop>;
}
