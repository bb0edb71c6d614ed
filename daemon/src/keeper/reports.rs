//! Reports of imports, and photos: files beside ledger and store.

use std::io;
use std::path::Path;

use kith_core::id::ImportId;

use crate::keeper::Report;

/// Keeps the report of an import; one that cannot be written costs nothing else.
pub(super) fn keep(folder: &Path, report: &Report) {
    let Some(id) = &report.import else { return };
    let written = crate::paths::make_folder(folder)
        .and_then(|()| crate::paths::replace(&folder.join(format!("{id}.json")), &serde_json::to_vec(report)?));
    if let Err(error) = written {
        tracing::warn!(import = %id, %error, "report cannot be kept");
    }
}

/// Returns the report of an import, if it was made on this device.
#[must_use]
pub fn read(folder: &Path, id: &ImportId) -> Option<Report> {
    serde_json::from_slice(&std::fs::read(folder.join(format!("{id}.json"))).ok()?).ok()
}

/// Keeps a photo under its hash.
pub(super) fn keep_photo(folder: &Path, hash: &str, bytes: &[u8]) -> io::Result<()> {
    let is_hash = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
    let path = folder.join(hash);
    if !is_hash || path.exists() {
        return Ok(());
    }
    crate::paths::make_folder(folder)?;
    crate::paths::replace(&path, bytes)
}
