//! Which plugins are switched off, kept over restarts in a small file; which faults are too many is decided in
//! `kith_core::faults`.
//!
//! Only a plugin's own faults count here, never those of a file; `plugin/host` tells them apart.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use kith_core::faults::Faults;
use serde::{Deserialize, Serialize};

use crate::paths;

/// The version of the file.
const FORMAT: u32 = 1;

/// A plugin that is switched off, with what is shown of it: it is not even loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Off {
    /// BLAKE3 of its file; another build is tried again.
    pub(super) build: String,
    /// Its version.
    pub(super) version: String,
    /// Endings that it reads.
    #[serde(default)]
    pub(super) accepts: Vec<String>,
    /// Since when.
    pub(super) at: Timestamp,
    /// Its last fault.
    pub(super) last: String,
}

/// The file.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Table {
    format: u32,
    #[serde(default)]
    off: BTreeMap<String, Off>,
}

/// Which plugins are switched off, and how many faults the others have.
#[derive(Debug)]
pub(super) struct Switches {
    /// `None` keeps nothing.
    path: Option<PathBuf>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    off: BTreeMap<String, Off>,
    faults: BTreeMap<String, Faults>,
}

impl Off {
    /// Says in words that and why it is off, and what to do.
    pub(super) fn reason(&self, name: &str) -> String {
        format!(
            "switched off after three faults in ten minutes, the last: {} (kith plugin enable {name} brings it back)",
            self.last
        )
    }
}

impl Switches {
    /// Reads the file; what does not read switches nothing off.
    pub(super) fn open(path: Option<PathBuf>) -> Self {
        let read = |path: &PathBuf| match fs::read(path) {
            Ok(bytes) => serde_json::from_slice::<Table>(&bytes).map_err(io::Error::from),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Table::default()),
            Err(error) => Err(error),
        };
        let table = path.as_ref().map_or_else(|| Ok(Table::default()), read).unwrap_or_else(|error| {
            tracing::warn!(%error, "the list of plugins that are switched off does not read; none is");
            Table::default()
        });
        Self { path, state: Mutex::new(State { off: table.off, ..State::default() }) }
    }

    /// Notes a fault; returns whether the plugin is to be switched off.
    pub(super) fn fault(&self, name: &str, now: Timestamp) -> bool {
        self.lock().faults.entry(name.to_owned()).or_default().note(now)
    }

    /// Returns what is known of a plugin that is off.
    pub(super) fn off(&self, name: &str) -> Option<Off> {
        self.lock().off.get(name).cloned()
    }

    /// Switches a plugin off.
    pub(super) fn switch_off(&self, name: &str, off: Off) {
        let mut state = self.lock();
        state.off.insert(name.to_owned(), off);
        state.faults.remove(name);
        self.write(&state);
    }

    /// Forgets faults and switch of a plugin: it is enabled, or another build of it came.
    pub(super) fn forget(&self, name: &str) {
        let mut state = self.lock();
        state.faults.remove(name);
        if state.off.remove(name).is_some() {
            self.write(&state);
        }
    }

    fn write(&self, state: &State) {
        let Some(path) = &self.path else { return };
        let table = Table { format: FORMAT, off: state.off.clone() };
        let written = serde_json::to_vec(&table).map_err(io::Error::from).and_then(|json| paths::replace(path, &json));
        if let Err(error) = written {
            tracing::warn!(%error, "which plugins are switched off holds until the end of kithd only: it cannot be kept");
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn off() -> Off {
        Off {
            build: "b1".to_owned(),
            version: "1.0".to_owned(),
            accepts: vec![".names".to_owned()],
            at: Timestamp::UNIX_EPOCH,
            last: "the plugin crashed (SIGSEGV)".to_owned(),
        }
    }

    #[test]
    fn what_is_switched_off_is_off_after_a_restart_until_it_is_enabled() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plugins.json");
        Switches::open(Some(path.clone())).switch_off("names", off());
        let again = Switches::open(Some(path.clone()));
        assert_eq!(again.off("names"), Some(off()));
        again.forget("names");
        assert_eq!(Switches::open(Some(path)).off("names"), None);
    }

    #[test]
    fn a_list_that_does_not_read_switches_nothing_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plugins.json");
        fs::write(&path, b"{").unwrap();
        assert_eq!(Switches::open(Some(path)).off("names"), None);
    }
}
