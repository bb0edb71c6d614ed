//! What the user says of the columns of tables, on its way to the importer that reads them: as the last entry of the bundle,
//! for an importer may open no file.

use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::path::PathBuf;

use kith_proto::column::{MAPS_ENTRY, Maps, TableMap};
use rustix::fs::MemfdFlags;

use super::{Fault, Importer};
use crate::config::maps;
use crate::plugin::{Bundle, Entry};

/// The importer of tables.
const TABLES: &str = "csv";

/// What the user wishes of the columns of one request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// Only say what each column would be taken as.
    pub propose: bool,
    /// What each column is.
    pub map: Option<TableMap>,
}

/// Where mappings come from.
#[derive(Debug, Clone, Default)]
pub(super) struct Mappings {
    /// The folder of those that are kept.
    pub(super) folder: PathBuf,
    /// What this request wishes.
    pub(super) wish: Wish,
}

impl Importer {
    /// Returns the same importer with a wish of its own.
    pub(super) fn wishing(&self, wish: Wish) -> Self {
        let mappings = Mappings { folder: self.mappings.folder.clone(), wish };
        Self { plugins: self.plugins.clone(), keeper: self.keeper.clone(), mappings }
    }

    /// Returns the plugin that the wish is meant for, if there is one.
    pub(super) fn wished_plugin(&self) -> Option<String> {
        let Wish { propose, map } = &self.mappings.wish;
        (*propose || map.is_some()).then(|| TABLES.to_owned())
    }

    /// Returns what is told to a plugin beside the files; nothing where there is nothing to tell.
    pub(super) fn told_beside(&self, plugin: &str) -> Vec<u8> {
        if plugin != TABLES {
            return Vec::new();
        }
        let (saved, mistakes) = maps::load(&self.mappings.folder);
        for mistake in mistakes {
            tracing::warn!(%mistake, "a mapping of columns is not used");
        }
        let Wish { propose, map } = self.mappings.wish.clone();
        if !propose && map.is_none() && saved.is_empty() {
            return Vec::new();
        }
        // Texts and flags only: writing them cannot fail.
        serde_json::to_vec(&Maps { propose, given: map, saved }).unwrap_or_default()
    }

    /// Adds to a bundle what is told to the plugin beside the files.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub(super) fn tell_beside(&self, plugin: &str, mut bundle: Bundle) -> Result<Bundle, Fault> {
        let told = self.told_beside(plugin);
        if !told.is_empty() {
            let file = in_memory(&told).map_err(|error| Fault::Later(format!("no memory for a mapping: {error}")))?;
            bundle.entries.push(Entry { name: MAPS_ENTRY.to_owned(), file, size: told.len() as u64 });
        }
        Ok(bundle)
    }

    /// Returns a hash of a content and what is told beside it: read by another mapping it is another content.
    pub(super) fn content_as_told(&self, plugin: &str, content: String) -> String {
        let told = self.told_beside(plugin);
        if told.is_empty() {
            return content;
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(content.as_bytes()).update(&told);
        hasher.finalize().to_hex().to_string()
    }
}

fn in_memory(bytes: &[u8]) -> std::io::Result<File> {
    let mut file = File::from(rustix::fs::memfd_create(c"kith-maps", MemfdFlags::CLOEXEC)?);
    file.write_all(bytes)?;
    file.rewind()?;
    Ok(file)
}
