//! Which imports are under way, in a small file of local state, so that the next start knows which of them were cut off.
//!
//! An import that was cut off has no commit, and nothing of it counts; without this file nothing would tell that it was begun.
//! It is no fact: other devices and later folds need not know what came to nothing. What is committed, the book knows.
//!
//! ```text
//!  begin ─▶ imports.json ─▶ end             the daemon goes on
//!                 └─ killed ─▶ cut off ─▶ end   the next run, until the same is imported
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use kith_core::book::imports::Imports;
use serde::{Deserialize, Serialize};

use crate::paths;

/// The version of the file.
const VERSION: u32 = 1;

/// For how long it is told that an import was cut off: by then whoever wants it has repeated it.
const TOLD_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What is kept in the file: which files or folders, and since when.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    version: u32,
    imports: BTreeMap<String, Timestamp>,
}

/// The imports under way, and those of earlier runs that were cut off.
#[derive(Debug)]
pub(super) struct UnderWay {
    file: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    now: BTreeMap<PathBuf, Timestamp>,
    cut_off: BTreeMap<PathBuf, Timestamp>,
    /// Something ended since the file was written.
    is_behind: bool,
}

/// An import that was cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CutOff {
    /// The file or folder.
    pub(super) path: PathBuf,
    /// When it began.
    pub(super) at: Timestamp,
}

impl UnderWay {
    /// Reads what earlier runs left in the folder of local state. A file that cannot be read tells nothing.
    pub(super) fn load(state: &Path, now: Timestamp) -> Self {
        let file = state.join("imports.json");
        let kept: Option<Kept> = fs::read(&file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let imports = kept.map(|kept| kept.imports).unwrap_or_default().into_iter();
        let is_told = |at: Timestamp| now.duration_since(at) < TOLD_FOR;
        let cut_off = imports.filter(|(_, at)| is_told(*at)).map(|(path, at)| (PathBuf::from(path), at)).collect();
        Self { file, state: Mutex::new(State { cut_off, ..State::default() }) }
    }

    /// Notes that these are being imported.
    pub(super) fn begin<'a>(&self, paths: impl IntoIterator<Item = &'a Path>, now: Timestamp) {
        let mut state = self.lock();
        state.now.extend(paths.into_iter().map(|path| (path.to_owned(), now)));
        self.write(&mut state);
    }

    /// Notes that something of it is told: imported, or refused. The file follows with the next [`UnderWay::begin`] or
    /// [`UnderWay::keep`].
    pub(super) fn end(&self, path: &Path) {
        let mut state = self.lock();
        let was_known = state.now.remove(path).is_some() | state.cut_off.remove(path).is_some();
        state.is_behind |= was_known;
    }

    /// Writes down what ended.
    pub(super) fn keep(&self) {
        let mut state = self.lock();
        if state.is_behind {
            self.write(&mut state);
        }
    }

    /// Returns what was cut off in an earlier run, as long as nothing is told of it anew, and it is still there: what is gone was
    /// moved after its import. What was committed before its end could be noted is not among it.
    pub(super) fn cut_off(&self, imports: &Imports) -> Vec<CutOff> {
        let state = self.lock();
        let cut_off = state.cut_off.iter().map(|(path, at)| CutOff { path: path.clone(), at: *at });
        cut_off.filter(|cut| !is_committed(cut, imports) && cut.path.exists()).collect()
    }

    fn write(&self, state: &mut State) {
        let all = state.cut_off.iter().chain(&state.now);
        let imports: BTreeMap<String, Timestamp> =
            all.map(|(path, at)| (path.to_string_lossy().into_owned(), *at)).collect();
        let written = if imports.is_empty() {
            let is_gone = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
            fs::remove_file(&self.file).or_else(|error| if is_gone(&error) { Ok(()) } else { Err(error) })
        } else {
            let bytes = serde_json::to_vec(&Kept { version: VERSION, imports }).map_err(io::Error::other);
            bytes.and_then(|bytes| paths::replace_unsynced(&self.file, &bytes))
        };
        match written {
            Ok(()) => state.is_behind = false,
            // The imports themselves need no such file.
            Err(error) => tracing::warn!(%error, "which imports are under way cannot be kept"),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns whether an import of this path that began since then is in the book.
fn is_committed(cut: &CutOff, imports: &Imports) -> bool {
    // The ledger's time does not lag behind the clock's, but is in milliseconds.
    let since = cut.at.as_millisecond();
    imports
        .iter()
        .any(|(row, _)| row.at.timestamp().as_millisecond() >= since && Path::new(&row.begin.path) == cut.path)
}

#[cfg(test)]
mod tests {
    use kith_core::book::Book;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn what_did_not_end_is_told_by_the_next_run_until_it_is_imported_gone_or_long_ago() {
        let home = tempfile::tempdir().unwrap();
        let path = |name: &str| home.path().join(name);
        for name in ["done.vcf", "cut.vcf", "gone.vcf"] {
            fs::write(path(name), "x").unwrap();
        }
        let book = Book::default();
        let told = |under_way: &UnderWay| {
            under_way.cut_off(book.imports()).into_iter().map(|cut| cut.path).collect::<Vec<_>>()
        };
        let now = at("2026-11-23T08:00:00Z");
        let first = UnderWay::load(home.path(), now);
        first.begin([path("done.vcf").as_path(), &path("cut.vcf"), &path("gone.vcf")], now);
        first.end(&path("done.vcf"));
        first.keep();
        assert_eq!(told(&first), Vec::<PathBuf>::new(), "it is under way, not cut off");

        fs::remove_file(path("gone.vcf")).unwrap();
        let next = UnderWay::load(home.path(), at("2026-11-24T08:00:00Z"));
        assert_eq!(told(&next), [path("cut.vcf")]);
        assert_eq!(told(&UnderWay::load(home.path(), at("2026-12-24T08:00:00Z"))), Vec::<PathBuf>::new());

        next.begin([path("cut.vcf").as_path()], at("2026-11-24T09:00:00Z"));
        assert_eq!(told(&next), [path("cut.vcf")], "nothing of it counts yet");
        next.end(&path("cut.vcf"));
        next.keep();
        assert_eq!(told(&next), Vec::<PathBuf>::new());
        next.end(&path("gone.vcf"));
        next.keep();
        assert!(!path("imports.json").exists(), "nothing is left to tell");
    }
}
