//! What the user says of the columns of tables, on its way to the importer that reads them (`intake/beside`).

use std::path::PathBuf;

use kith_proto::column::{Maps, TableMap};

use super::Importer;
use super::beside::TABLES;
use crate::config::maps;

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
        Self { mappings, ..self.clone() }
    }

    /// Returns the plugin that the wish is meant for, if there is one.
    pub(super) fn wished_plugin(&self) -> Option<String> {
        let Wish { propose, map } = &self.mappings.wish;
        (*propose || map.is_some()).then(|| TABLES.to_owned())
    }

    /// Returns what the importer of tables is told; nothing where there is nothing to tell.
    pub(super) fn maps_told(&self) -> Vec<u8> {
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
}
