//! Photos: files within the ledger's folder, named by the hash of their bytes.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::plugin::Emission;

/// Keeps photos that are not there yet, durably.
pub(super) fn keep(folder: &Path, photos: &[Emission]) -> io::Result<()> {
    crate::paths::make_folder(folder)?;
    let mut is_new = false;
    for photo in photos {
        let Emission::Photo { hash, bytes } = photo else { continue };
        let is_hash = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
        let path = folder.join(hash);
        if is_hash && !path.exists() {
            crate::paths::replace_unsynced(&path, bytes)?;
            is_new = true;
        }
    }
    if is_new { File::open(folder)?.sync_all() } else { Ok(()) }
}
