//! Photos: files within the ledger's folder, named by the hash of their bytes.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use kith_proto::card::PhotoHash;

use crate::plugin::Emission;

/// Keeps photos that are not there yet, durably; returns which these were.
pub(super) fn keep(folder: &Path, photos: &[Emission]) -> io::Result<Vec<String>> {
    crate::paths::make_folder(folder)?;
    let mut new = Vec::new();
    for photo in photos {
        let Emission::Photo { hash, bytes } = photo else { continue };
        let path = folder.join(hash);
        if is_hash(hash) && !path.exists() {
            crate::paths::replace_unsynced(&path, bytes)?;
            new.push(hash.clone());
        }
    }
    if !new.is_empty() {
        File::open(folder)?.sync_all()?;
    }
    Ok(new)
}

/// Removes photos that nobody has. One that cannot be removed says nothing of whom it shows.
pub(super) fn remove<'a>(folder: &Path, photos: impl Iterator<Item = &'a String>) {
    for hash in photos.filter(|hash| is_hash(hash)) {
        if let Err(error) = fs::remove_file(folder.join(hash)) {
            tracing::warn!(%error, "a photo of somebody who is forgotten cannot be removed");
        }
    }
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
