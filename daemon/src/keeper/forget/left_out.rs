//! How many records of an import are no longer in the ledger, for they were of somebody who is forgotten.

use std::io;
use std::path::Path;

use kith_core::fact::What;
use kith_core::forget::Removed;
use kith_core::id::ImportId;
use kith_core::line::{lists_a_record, parse_whole_line};

use crate::ledger::{Lines, Position};

/// Returns how many lines of an import were taken out of the ledger. Reads the folder of the device that wrote it.
///
/// # Errors
/// When the folder cannot be read.
pub(in crate::keeper) fn of_import(root: &Path, import: &ImportId) -> io::Result<u64> {
    let mut lines = Lines::from(&root.join(import.device.as_str()), Position::default());
    let mut count = 0;
    while let Some((_, line)) = lines.next_line()? {
        if lists_a_record(line) {
            continue;
        }
        let fact = parse_whole_line(line, &import.device);
        let is_of = |removed: &Removed| removed.import == Some(import.seq);
        count += u64::from(matches!(fact, Ok(fact) if matches!(&fact.what, What::Removed(removed) if is_of(removed))));
    }
    Ok(count)
}
