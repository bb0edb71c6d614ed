//! What is imported: fictional exports of `kith-tests`, written to a throw-away folder once.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use jiff::civil::Date;
use kith_tests::fixtures::{cards as vcards, linkedin, mail};
use tempfile::TempDir;

use crate::BenchError;

const DAY: Date = Date::constant(2026, 6, 1);

/// A file to import.
pub(crate) struct Data {
    _folder: TempDir,
    /// Where it lies.
    pub(crate) path: PathBuf,
    /// How many items it holds.
    pub(crate) items: u64,
}

impl Data {
    /// Returns the file's name.
    pub(crate) fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// Writes a Connections.csv.
pub(crate) fn connections(items: u64) -> Result<Data, BenchError> {
    write("Connections.csv", items, |out| linkedin::connections(out, items, 0, DAY))
}

/// Writes a file of cards.
pub(crate) fn cards(items: u64) -> Result<Data, BenchError> {
    write("cards.vcf", items, |out| vcards::cards(out, 0, items))
}

/// Writes an mbox.
pub(crate) fn mbox(items: u64) -> Result<Data, BenchError> {
    write("mail.mbox", items, |out| mail::mbox(out, items, 2_000, DAY))
}

fn write(
    name: &str,
    items: u64,
    fill: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>,
) -> Result<Data, BenchError> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join(name);
    let mut out = BufWriter::new(File::create(&path)?);
    fill(&mut out)?;
    out.flush()?;
    Ok(Data { _folder: folder, path, items })
}
