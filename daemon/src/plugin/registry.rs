//! Finds plugins in their folders and decides which may be run, by their file and note alone. Nothing of them is run
//! here; what they say of themselves is asked in a worker by `plugin/host`.

use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use kith_proto::frame::Origin;

use super::note::{self, NoteError};

/// The importers that come with kith.
const BUILT_IN: [&str; 5] = ["addressbook", "calendar", "csv", "email", "vcard"];

/// Where plugins of the whole system lie.
const SYSTEM_FOLDERS: [&str; 2] = ["/usr/local/lib/kith/plugins", "/usr/lib/kith/plugins"];

/// Returns the folders that are scanned after the user's: the system's, and where the importers lie that came with
/// `executable`, beside it or in the `lib` of the same prefix.
pub(super) fn standard_folders(executable: &Path) -> Vec<PathBuf> {
    SYSTEM_FOLDERS.iter().map(PathBuf::from).chain(own_folders(executable)).collect()
}

/// Returns the folders of the importers that came with `executable`.
pub(super) fn own_folders(executable: &Path) -> Vec<PathBuf> {
    let executable = fs::canonicalize(executable).unwrap_or_default();
    let Some(folder) = executable.parent() else { return Vec::new() };
    let prefix = folder.parent().map(|prefix| prefix.join("lib/kith/plugins"));
    [Some(folder.to_owned()), prefix].into_iter().flatten().collect()
}

/// A library in one of the folders.
#[derive(Debug)]
pub(super) struct Found {
    /// Where it lies.
    pub(super) path: PathBuf,
    /// The name that its note gives; the file's where it has none.
    pub(super) name: String,
    /// Which state of the file this is about.
    pub(super) stamp: Option<Stamp>,
    /// What may be run, or why not.
    pub(super) verdict: Result<Candidate, Refusal>,
}

/// Tells one state of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        let modified = (metadata.mtime(), metadata.mtime_nsec());
        Self { device: metadata.dev(), inode: metadata.ino(), size: metadata.size(), modified }
    }
}

/// A plugin that may be run.
#[derive(Debug)]
pub(super) struct Candidate {
    /// The name that its note gives.
    pub(super) name: String,
    /// Its file, opened when it was checked.
    pub(super) file: File,
    /// Who wrote it.
    pub(super) origin: Origin,
}

/// Why a library is not run.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("it cannot be opened")]
    Unreadable(#[source] io::Error),
    #[error("it is not a regular file")]
    NotAFile,
    #[error("others may write to it (chmod go-w makes it safe)")]
    Writable,
    #[error("it belongs to another user")]
    Foreign,
    #[error(transparent)]
    Note(#[from] NoteError),
    #[error("another plugin of this name comes first: {0}")]
    Second(String),
}

/// Lists the libraries in the folders, in order; of several of one name the first may be run.
pub(super) fn scan(executable: &Path, folders: &[PathBuf]) -> Vec<Found> {
    let own = own_folders(executable);
    let mut all: Vec<Found> = Vec::new();
    for folder in folders.iter().filter_map(|folder| fs::canonicalize(folder).ok()) {
        for path in libraries(&folder) {
            if all.iter().any(|seen| seen.path == path) {
                continue;
            }
            let mut found = inspect(path, own.contains(&folder));
            if found.verdict.is_ok()
                && let Some(first) = all.iter().find(|first| first.verdict.is_ok() && first.name == found.name)
            {
                found.verdict = Err(Refusal::Second(first.path.display().to_string()));
            }
            // Beside the executable other libraries may lie: they are none of our business.
            if !own.contains(&folder) || BUILT_IN.contains(&found.name.as_str()) {
                all.push(found);
            }
        }
    }
    all
}

fn libraries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension() == Some(OsStr::new("so")))
        .collect();
    paths.sort();
    paths
}

fn inspect(path: PathBuf, own_folder: bool) -> Found {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name = stem.strip_prefix("lib").unwrap_or(&stem).to_owned();
    let stamp = fs::metadata(&path).ok().as_ref().map(Stamp::of);
    match open(&path) {
        Err(refusal) => Found { path, name, stamp, verdict: Err(refusal) },
        Ok(file) => match note::read(&file) {
            Err(error) => Found { path, name, stamp, verdict: Err(error.into()) },
            Ok(note) => {
                let system =
                    path.parent().is_some_and(|at| SYSTEM_FOLDERS.iter().any(|folder| at == Path::new(folder)));
                let built_in = (own_folder || system) && BUILT_IN.contains(&note.name.as_str());
                let origin = if built_in { Origin::BuiltIn } else { Origin::Foreign };
                let name = note.name.clone();
                Found { path, name, stamp, verdict: Ok(Candidate { name: note.name, file, origin }) }
            }
        },
    }
}

/// Opens one library that need not lie in a folder of plugins, as that of a stranger. With what refuses it, for it could be
/// replaced, comes what it is at the moment.
pub(super) fn inspect_one(path: &Path) -> Result<Candidate, (Refusal, Option<Candidate>)> {
    let file = open_any(path).map_err(|refusal| (refusal, None))?;
    let metadata = file.metadata().map_err(|error| (Refusal::Unreadable(error), None))?;
    let refusal = match check(&metadata) {
        Err(refusal @ (Refusal::Unreadable(_) | Refusal::NotAFile)) => return Err((refusal, None)),
        other => other.err(),
    };
    let note = note::read(&file).map_err(|error| (error.into(), None))?;
    let candidate = Candidate { name: note.name, file, origin: Origin::Foreign };
    match refusal {
        None => Ok(candidate),
        Some(refusal) => Err((refusal, Some(candidate))),
    }
}

fn open(path: &Path) -> Result<File, Refusal> {
    let file = open_any(path)?;
    check(&file.metadata().map_err(Refusal::Unreadable)?)?;
    Ok(file)
}

fn open_any(path: &Path) -> Result<File, Refusal> {
    // A FIFO must not hold up the scan.
    let nonblocking = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default();
    File::options().read(true).custom_flags(nonblocking).open(path).map_err(Refusal::Unreadable)
}

fn check(metadata: &Metadata) -> Result<(), Refusal> {
    if !metadata.is_file() {
        return Err(Refusal::NotAFile);
    }
    if metadata.mode() & 0o022 != 0 {
        return Err(Refusal::Writable);
    }
    let own = rustix::process::geteuid().as_raw();
    if metadata.uid() != own && metadata.uid() != 0 { Err(Refusal::Foreign) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[track_caller]
    fn refusal_of(prepare: impl FnOnce(&Path)) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("libkith_some.so");
        prepare(&path);
        let found = scan(Path::new("/proc/self/exe"), &[folder.path().to_owned()]);
        assert_eq!((found.len(), found[0].name.as_str()), (1, "kith_some"));
        found[0].verdict.as_ref().unwrap_err().to_string()
    }

    #[test]
    fn refuses_what_others_may_write() {
        for mode in [0o664, 0o646] {
            let refusal = refusal_of(|path| {
                fs::write(path, b"").unwrap();
                fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
            });
            assert_eq!(refusal, "others may write to it (chmod go-w makes it safe)");
        }
    }

    #[test]
    fn refuses_what_is_not_a_plugin() {
        let refusal = refusal_of(|path| {
            fs::copy("/proc/self/exe", path).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
        });
        assert_eq!(refusal, "it is not a kith plugin: it has no note .note.kith");
        assert_eq!(refusal_of(|path| fs::create_dir(path).unwrap()), "it is not a regular file");
    }

    #[test]
    fn the_importers_that_come_with_kith_are_found_beside_it_and_nothing_else_is() {
        let prefix = tempfile::tempdir().unwrap();
        let (bin, lib) = (prefix.path().join("bin"), prefix.path().join("lib/kith/plugins"));
        for folder in [&bin, &lib] {
            fs::create_dir_all(folder).unwrap();
        }
        fs::write(bin.join("kithd"), b"").unwrap();
        fs::write(bin.join("libcsv.so"), b"").unwrap();
        fs::write(lib.join("libother.so"), b"").unwrap();
        let kithd = bin.join("kithd");
        let found = scan(&kithd, &standard_folders(&kithd));
        let names: Vec<&str> = found.iter().map(|found| found.name.as_str()).collect();
        assert_eq!(names, ["csv"]);
    }
}
