//! Reads a watched folder through: the truth that events only hint at.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use kith_core::settle::Stat;

use super::names;
use crate::config::Layout;

/// A watched folder cannot be trusted: nothing that seems gone from it is gone.
#[derive(Debug, thiserror::Error)]
pub enum RootFault {
    /// It is not there.
    #[error("it is not there (not mounted, or moved away?)")]
    Missing,
    /// It is something else.
    #[error("it is not a folder")]
    NotAFolder,
    /// It, or a folder in it, cannot be read.
    #[error("{} cannot be read: {source}", .path.display())]
    Unreadable {
        /// Which folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There were files, and not one is left.
    #[error("it is suddenly empty (not mounted?)")]
    Emptied,
}

/// Returns which folder it is, so that another one in its place is noticed.
///
/// # Errors
/// When there is no folder.
pub(crate) fn identity(root: &Path) -> Result<(u64, u64), RootFault> {
    let unreadable = |source| RootFault::Unreadable { path: root.to_owned(), source };
    let meta = fs::metadata(root).map_err(|error| {
        if error.kind() == io::ErrorKind::NotFound { RootFault::Missing } else { unreadable(error) }
    })?;
    if !meta.is_dir() {
        return Err(RootFault::NotAFolder);
    }
    Ok((meta.dev(), meta.ino()))
}

impl RootFault {
    /// Returns what to try next.
    pub(crate) const fn next_step(&self) -> &'static str {
        match self {
            Self::Missing | Self::Emptied => "mount it, or correct [[watch]] in the config",
            Self::NotAFolder => "name a folder in the config",
            Self::Unreadable { .. } => "make it readable for you: chmod -R u+rX FOLDER",
        }
    }
}

/// What there is to import in a watched folder.
#[derive(Debug)]
pub(crate) struct Found {
    /// By full path, with its state.
    pub(crate) units: Vec<(PathBuf, Stat)>,
    /// The first folder within a drop folder that cannot be read; it costs the others nothing.
    pub(crate) unreadable: Option<RootFault>,
}

/// Reads a watched folder through.
///
/// # Errors
/// When it cannot be read; one read in place, when a folder in it cannot.
pub(crate) fn scan(root: &Path, layout: Layout) -> Result<Found, RootFault> {
    if layout != Layout::Drop {
        return Ok(Found { units: files_below(root, Path::new(""), layout)?, unreadable: None });
    }
    let mut found = Found { units: Vec::new(), unreadable: None };
    for (name, kind) in entries(root)? {
        let is_read = kind.is_dir() && !names::is_ignored(&name);
        let path = root.join(name);
        let unreadable = if is_read { files(&path, Layout::Plain).err() } else { None };
        found.unreadable = found.unreadable.or(unreadable);
        found.units.extend(stat_unit(&path, layout).map(|stat| (path, stat)));
    }
    Ok(found)
}

/// Returns the regular files to be read in `folder`, relative to the watched folder, by full path, and their states.
///
/// # Errors
/// When a folder in it cannot be read.
pub(crate) fn files_below(root: &Path, folder: &Path, layout: Layout) -> Result<Vec<(PathBuf, Stat)>, RootFault> {
    let mut found = Vec::new();
    walk(root, folder, layout, &mut found)?;
    Ok(found)
}

/// Returns the regular files of a folder that are to be read, by their paths relative to it, and their states.
///
/// # Errors
/// When a folder in it cannot be read.
pub(crate) fn files(root: &Path, layout: Layout) -> Result<Vec<(PathBuf, Stat)>, RootFault> {
    let found = files_below(root, Path::new(""), layout)?;
    let relative = |path: PathBuf| path.strip_prefix(root).map(Path::to_owned).unwrap_or(path);
    Ok(found.into_iter().map(|(path, stat)| (relative(path), stat)).collect())
}

/// Returns the state of what is imported as one: a file, or a folder that was dropped. `None` when it is none of them.
///
/// A folder's state is made of its files' states, so that it stands still when they do. In a drop folder a link or a device
/// counts as well: it is moved away with its reason.
pub(crate) fn stat_unit(path: &Path, layout: Layout) -> Option<Stat> {
    let meta = fs::symlink_metadata(path).ok()?;
    if layout != Layout::Drop {
        return meta.is_file().then(|| stat(&meta));
    }
    if path.file_name().is_none_or(names::is_ignored) {
        return None;
    }
    if !meta.is_dir() {
        return Some(stat(&meta));
    }
    let files = files(path, Layout::Plain).ok()?;
    let mut whole = Stat { inode: meta.ino(), ..Stat::default() };
    for (name, stat) in &files {
        whole.size += stat.size + 1;
        whole.modified_ns = whole.modified_ns.max(stat.modified_ns);
        whole.inode ^= fingerprint(&name.to_string_lossy(), stat);
    }
    (!files.is_empty()).then_some(whole)
}

/// Returns a file's state.
pub(crate) fn stat(meta: &Metadata) -> Stat {
    let nanoseconds = |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
    Stat {
        size: meta.len(),
        modified_ns: nanoseconds(meta.mtime(), meta.mtime_nsec()),
        changed_ns: nanoseconds(meta.ctime(), meta.ctime_nsec()),
        inode: meta.ino(),
    }
}

/// Returns a number that differs when the name or the content does.
pub(crate) fn fingerprint(name: &str, stat: &Stat) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&stat.size.to_le_bytes()).update(&stat.modified_ns.to_le_bytes()).update(&stat.inode.to_le_bytes());
    first_eight(&hasher.update(name.as_bytes()).finalize())
}

/// Returns the first eight bytes of a hash as a number.
pub(crate) fn first_eight(hash: &blake3::Hash) -> u64 {
    hash.as_bytes().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn walk(root: &Path, folder: &Path, layout: Layout, found: &mut Vec<(PathBuf, Stat)>) -> Result<(), RootFault> {
    // Joined with nothing, a path would end in a slash, also where a fault names it.
    let whole = if folder.as_os_str().is_empty() { root.to_owned() } else { root.join(folder) };
    for (name, kind) in entries(&whole)? {
        let path = folder.join(name);
        if kind.is_dir() && layout.wants_folder(&path) {
            walk(root, &path, layout, found)?;
        } else if kind.is_file() && layout.wants_file(&path) {
            let full = root.join(path);
            // What is gone since the folder was listed is not there.
            found.extend(fs::symlink_metadata(&full).ok().map(|meta| (full, stat(&meta))));
        }
    }
    Ok(())
}

/// Lists a folder, sorted by name.
fn entries(folder: &Path) -> Result<Vec<(std::ffi::OsString, fs::FileType)>, RootFault> {
    let unreadable = |source| RootFault::Unreadable { path: folder.to_owned(), source };
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        entries.push((entry.file_name(), entry.file_type().map_err(unreadable)?));
    }
    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn found(root: &Path, layout: Layout) -> Vec<String> {
        let found = scan(root, layout).unwrap().units;
        found.iter().map(|(path, _)| path.strip_prefix(root).unwrap().display().to_string()).collect()
    }

    fn put(root: &Path, path: &str) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    }

    #[test]
    fn a_drop_folder_holds_files_and_folders() {
        let root = tempfile::tempdir().unwrap();
        ["a.vcf", "b.csv.part", "archive/Connections.csv", "archive/deep/x.csv"]
            .into_iter()
            .for_each(|path| put(root.path(), path));
        fs::create_dir(root.path().join("empty")).unwrap();
        symlink("a.vcf", root.path().join("link.vcf")).unwrap();
        assert_eq!(found(root.path(), Layout::Drop), ["a.vcf", "archive", "link.vcf"]);
    }

    #[test]
    fn a_dropped_folder_changes_when_a_file_in_it_does() {
        let root = tempfile::tempdir().unwrap();
        put(root.path(), "archive/Connections.csv");
        let state = || stat_unit(&root.path().join("archive"), Layout::Drop).unwrap();
        let before = state();
        assert!(before.same_content(&state()));
        put(root.path(), "archive/messages.csv");
        assert!(!before.same_content(&state()));
    }

    #[test]
    fn a_folder_read_in_place_holds_regular_files_only() {
        let root = tempfile::tempdir().unwrap();
        ["a.vcf", "deep/er/b.eml"].into_iter().for_each(|path| put(root.path(), path));
        symlink("a.vcf", root.path().join("link.vcf")).unwrap();
        symlink("/", root.path().join("everything")).unwrap();
        assert_eq!(found(root.path(), Layout::Plain), ["a.vcf", "deep/er/b.eml"]);
    }

    #[test]
    fn a_missing_folder_is_a_fault() {
        let root = tempfile::tempdir().unwrap();
        assert!(matches!(identity(&root.path().join("no")), Err(RootFault::Missing)));
        put(root.path(), "file");
        assert!(matches!(identity(&root.path().join("file")), Err(RootFault::NotAFolder)));
    }
}
