//! Opens files to be imported, safely: regular ones only, through no link, and as they were when they settled.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kith_core::settle::Stat;
use rustix::fs::{Mode, OFlags, ResolveFlags};
use rustix::io::Errno;

use super::Fault;
use crate::plugin::{Bundle, Entry};
use crate::watch::scan;

/// Files up to this size are hashed in place; larger ones in a thread of their own.
const SMALL_BYTES: u64 = 256 * 1024;

/// Files to be imported together.
#[derive(Debug, Clone)]
pub(super) struct Input {
    /// The folder that the names count from.
    pub(super) base: PathBuf,
    /// The files' names within it, and what they looked like.
    pub(super) files: Vec<(PathBuf, Stat)>,
}

impl Input {
    /// Returns an input of one file.
    pub(super) fn file(path: &Path, stat: Stat) -> Self {
        let base = path.parent().unwrap_or(Path::new("/")).to_owned();
        Self { base, files: vec![(path.file_name().unwrap_or_default().into(), stat)] }
    }

    /// Returns the input of some of the files alone.
    pub(super) fn some(&self, indexes: &[usize]) -> Self {
        let files = indexes.iter().filter_map(|index| self.files.get(*index).cloned()).collect();
        Self { base: self.base.clone(), files }
    }

    /// Returns the size of all files together, in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.files.iter().map(|(_, stat)| stat.size).sum()
    }

    /// Returns the files' names.
    pub(super) fn names(&self) -> Vec<String> {
        self.files.iter().map(|(name, _)| name.to_string_lossy().into_owned()).collect()
    }

    /// Opens all files.
    ///
    /// # Errors
    /// When one cannot be opened, is no regular file, or is not as it was.
    pub(super) fn open(&self) -> Result<Bundle, Fault> {
        let base = File::open(&self.base).map_err(|error| cannot_open(&error))?;
        let open = |(name, stat): &(PathBuf, Stat)| {
            let file = open(&base, name)?;
            let meta = file.metadata().map_err(|error| cannot_open(&error))?;
            if !meta.is_file() {
                return Err(Fault::Refused("it is not a regular file".to_owned()));
            }
            if !scan::stat(&meta).same_content(stat) {
                return Err(Fault::Changed);
            }
            Ok(Entry { name: name.to_string_lossy().into_owned(), file, size: stat.size })
        };
        Ok(Bundle { entries: self.files.iter().map(open).collect::<Result<_, _>>()?, read: Arc::default() })
    }

    /// Returns the positions of files that are no longer what they looked like.
    pub(super) fn changed(&self) -> Vec<usize> {
        let is_changed = |(name, stat): &(PathBuf, Stat)| {
            let meta = std::fs::symlink_metadata(self.base.join(name));
            !meta.is_ok_and(|meta| meta.is_file() && scan::stat(&meta).same_content(stat))
        };
        self.files.iter().enumerate().filter(|(_, file)| is_changed(file)).map(|(index, _)| index).collect()
    }
}

/// Opens a file below `base`, through no link.
fn open(base: &File, name: &Path) -> Result<File, Fault> {
    // Without NONBLOCK, opening a FIFO would wait for a writer.
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::NOFOLLOW;
    let beneath = ResolveFlags::NO_SYMLINKS | ResolveFlags::BENEATH;
    let opened = match rustix::fs::openat2(base, name, flags, Mode::empty(), beneath) {
        Err(Errno::NOSYS | Errno::PERM) => rustix::fs::openat(base, name, flags, Mode::empty()),
        opened => opened,
    };
    match opened {
        Ok(file) => Ok(File::from(file)),
        Err(Errno::NOENT) => Err(Fault::Changed),
        Err(Errno::LOOP) => Err(Fault::Refused("it is a link, and kith follows none".to_owned())),
        Err(Errno::NXIO) => Err(Fault::Refused("it is not a regular file".to_owned())),
        Err(error) => Err(cannot_open(&error.into())),
    }
}

fn cannot_open(error: &io::Error) -> Fault {
    if error.kind() == io::ErrorKind::NotFound {
        Fault::Changed
    } else if error.kind() == io::ErrorKind::PermissionDenied {
        Fault::Refused("kith may not read it".to_owned())
    } else {
        Fault::Later(format!("it cannot be opened: {error}"))
    }
}

/// Returns the hash of an opened file's content.
///
/// # Errors
/// When it cannot be read.
pub(super) async fn content_hash(entry: &Entry) -> Result<String, Fault> {
    let unreadable = |error: io::Error| Fault::Later(format!("it cannot be read: {error}"));
    let file = entry.file.try_clone().map_err(unreadable)?;
    let hash = if entry.size <= SMALL_BYTES {
        hash(file)
    } else {
        tokio::task::spawn_blocking(move || hash(file)).await.map_err(|error| unreadable(error.into()))?
    };
    Ok(hash.map_err(unreadable)?.to_hex().to_string())
}

pub(super) fn hash(mut file: File) -> io::Result<blake3::Hash> {
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 128 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        hasher.update(bytes);
    }
    io::Seek::rewind(&mut file)?;
    Ok(hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    fn stat_of(path: &Path) -> Stat {
        scan::stat(&fs::symlink_metadata(path).unwrap())
    }

    #[track_caller]
    fn refused(path: &Path, expected: &str) {
        match Input::file(path, stat_of(path)).open() {
            Err(Fault::Refused(reason)) => assert_eq!(reason, expected),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn links_folders_and_pipes_are_refused() {
        let root = tempfile::tempdir().unwrap();
        let path = |name: &str| root.path().join(name);
        fs::write(path("a.vcf"), "x").unwrap();
        symlink(path("a.vcf"), path("link.vcf")).unwrap();
        fs::create_dir(path("folder")).unwrap();
        let fifo = (rustix::fs::FileType::Fifo, Mode::RUSR | Mode::WUSR);
        rustix::fs::mknodat(rustix::fs::CWD, path("pipe"), fifo.0, fifo.1, 0).unwrap();
        refused(&path("link.vcf"), "it is a link, and kith follows none");
        refused(&path("folder"), "it is not a regular file");
        refused(&path("pipe"), "it is not a regular file");
    }

    #[test]
    fn a_link_on_the_way_is_refused() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("real")).unwrap();
        fs::write(root.path().join("real/a.vcf"), "x").unwrap();
        symlink("real", root.path().join("link")).unwrap();
        let files = vec![("link/a.vcf".into(), stat_of(&root.path().join("real/a.vcf")))];
        assert!(matches!(Input { base: root.path().to_owned(), files }.open(), Err(Fault::Refused(_))));
    }

    #[tokio::test]
    async fn a_file_is_opened_and_hashed_as_it_settled() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a.vcf");
        fs::write(&path, "x".repeat(300_000)).unwrap();
        let input = Input::file(&path, stat_of(&path));
        let bundle = input.open().unwrap();
        let expected = blake3::hash("x".repeat(300_000).as_bytes()).to_hex().to_string();
        assert_eq!(content_hash(&bundle.entries[0]).await.unwrap(), expected);
        assert!(input.changed().is_empty());
        fs::write(&path, "other").unwrap();
        assert_eq!(input.changed(), [0]);
        assert!(matches!(input.open(), Err(Fault::Changed)));
    }
}
