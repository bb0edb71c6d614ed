//! Photos: files within the ledger's folder, named by the hash of their bytes.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use kith_proto::card::PhotoHash;

use crate::plugin::Emission;

/// Keeps photos that are not there yet, durably.
pub(super) fn keep(folder: &Path, photos: &[Emission]) -> io::Result<()> {
    crate::paths::make_folder(folder)?;
    let mut is_new = false;
    for photo in photos {
        let Emission::Photo { hash, bytes } = photo else { continue };
        let path = folder.join(hash);
        if is_hash(hash) && !path.exists() {
            crate::paths::replace_unsynced(&path, bytes)?;
            is_new = true;
        }
    }
    if is_new { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Reads a photo.
pub(super) fn read(folder: &Path, hash: &PhotoHash) -> io::Result<Vec<u8>> {
    if !is_hash(&hash.0) {
        return Err(io::Error::from(io::ErrorKind::InvalidInput));
    }
    fs::read(folder.join(&hash.0))
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
