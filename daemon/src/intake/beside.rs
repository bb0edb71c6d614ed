//! What an importer is told beside the files, as the last entry of the bundle, for it may open no file: the importer of tables
//! what the columns are, the importer of mail whose text it may look into.

use std::fs::File;
use std::io::{Seek as _, Write as _};

use kith_proto::column::MAPS_ENTRY;
use kith_proto::mail::{MAIL_ENTRY, MailWish};
use rustix::fs::MemfdFlags;

use super::{Fault, Importer};
use crate::plugin::{Bundle, Entry};
use crate::store::StoreError;
use crate::view::owner;

/// The importer of tables.
pub(super) const TABLES: &str = "csv";

/// The importer of mail.
const MAIL: &str = "email";

impl Importer {
    /// Adds to a bundle what is told to the plugin beside the files.
    ///
    /// # Errors
    /// When there is no memory for it, or who the owner is cannot be read.
    pub(super) fn tell_beside(&self, plugin: &str, mut bundle: Bundle) -> Result<Bundle, Fault> {
        let mut told = self.told_beside(plugin)?;
        let name = if plugin == MAIL { MAIL_ENTRY } else { MAPS_ENTRY };
        if told.is_empty() && plugin == MAIL && bundle.entries.iter().any(|entry| entry.name == MAIL_ENTRY) {
            // A file of that name wishes nothing: the last entry counts.
            told = wish_of(Vec::new());
        }
        if !told.is_empty() {
            let file = in_memory(&told).map_err(|error| Fault::Later(format!("no memory for a wish: {error}")))?;
            bundle.entries.push(Entry { name: name.to_owned(), file, size: told.len() as u64 });
        }
        Ok(bundle)
    }

    /// Returns a hash of a content and what is told beside it: read in another way it is another content.
    ///
    /// # Errors
    /// When who the owner is cannot be read.
    pub(super) fn content_as_told(&self, plugin: &str, content: String) -> Result<String, Fault> {
        let told = self.told_beside(plugin)?;
        if told.is_empty() {
            return Ok(content);
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(content.as_bytes()).update(&told);
        Ok(hasher.finalize().to_hex().to_string())
    }

    /// Returns what is told to a plugin beside the files; nothing where there is nothing to tell.
    fn told_beside(&self, plugin: &str) -> Result<Vec<u8>, Fault> {
        match plugin {
            TABLES => Ok(self.maps_told()),
            MAIL if self.config.borrow().mail_promises => {
                let known = owner::addresses(&self.keeper).map_err(unknown_owner)?;
                Ok(wish_of(known.into_keys().filter(|address| address.contains('@')).collect()))
            }
            _ => Ok(Vec::new()),
        }
    }
}

fn wish_of(promises_of: Vec<String>) -> Vec<u8> {
    // Texts only: writing them cannot fail.
    serde_json::to_vec(&MailWish { promises_of }).unwrap_or_default()
}

#[expect(clippy::needless_pass_by_value, reason = "as an error is mapped")]
fn unknown_owner(error: StoreError) -> Fault {
    Fault::Later(format!("who you are could not be read: {error}"))
}

fn in_memory(bytes: &[u8]) -> std::io::Result<File> {
    let mut file = File::from(rustix::fs::memfd_create(c"kith-wish", MemfdFlags::CLOEXEC)?);
    file.write_all(bytes)?;
    file.rewind()?;
    Ok(file)
}
