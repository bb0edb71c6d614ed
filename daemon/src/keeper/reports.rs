//! Reports of imports: files beside ledger and store.

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

/// Returns whether there is a report on this import.
#[must_use]
pub fn is_kept(folder: &Path, id: &ImportId) -> bool {
    folder.join(format!("{id}.json")).exists()
}
