//! Moves a file or folder to where nothing is, also to another file system. Nothing is ever overwritten, and the original goes
//! only when the other is durable.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use kith_core::settle::Stat;
use rustix::fs::{CWD, Mode, OFlags, RenameFlags, open, renameat_with};
use rustix::io::Errno;

use super::shelf::{ShelfError, failed};
use crate::config::Layout;
use crate::paths;
use crate::watch::scan;

/// What a copy is called until it is whole.
const UNFINISHED: &str = ".kith.part";

/// Moves `path` to `to` if nothing is there; returns whether it did. What changed in that moment is moved back.
pub(super) fn to_new(path: &Path, stat: &Stat, to: &Path) -> Result<bool, ShelfError> {
    let is_as_it_was = |path| scan::stat_unit(path, Layout::Drop).is_some_and(|found| found.same_content(stat));
    if !is_as_it_was(path) {
        return Err(ShelfError::Changed);
    }
    match renameat_with(CWD, path, CWD, to, RenameFlags::NOREPLACE) {
        Ok(()) => {}
        Err(Errno::EXIST) => return Ok(false),
        Err(Errno::NOENT) => return Err(ShelfError::Changed),
        Err(Errno::XDEV | Errno::INVAL | Errno::NOSYS) => return copy_new(path, stat, to),
        Err(error) => return Err(failed(to, error.into())),
    }
    if is_as_it_was(to) {
        return Ok(true);
    }
    renameat_with(CWD, to, CWD, path, RenameFlags::NOREPLACE).map_err(|error| failed(path, error.into()))?;
    Err(ShelfError::Changed)
}

/// Copies to another file system, durably, and removes the original when it is still what was copied.
fn copy_new(path: &Path, stat: &Stat, to: &Path) -> Result<bool, ShelfError> {
    let failed = |source| failed(to, source);
    if fs::symlink_metadata(to).is_ok() {
        return Ok(false);
    }
    let unfinished = to.with_file_name(UNFINISHED);
    remove(&unfinished).map_err(failed)?;
    let copied = copy(path, &unfinished);
    let unchanged = scan::stat_unit(path, Layout::Drop).is_some_and(|found| found.same_content(stat));
    let placed = copied.and_then(|()| if unchanged { place(&unfinished, to) } else { Ok(false) });
    if !matches!(placed, Ok(true)) {
        remove(&unfinished).map_err(failed)?;
    }
    let placed = placed.map_err(failed)?;
    if !unchanged {
        return Err(ShelfError::Changed);
    }
    if placed {
        remove(path).map_err(failed)?;
    }
    Ok(placed)
}

/// Gives a whole copy its name, durably, if nothing has it.
fn place(unfinished: &Path, to: &Path) -> io::Result<bool> {
    match renameat_with(CWD, unfinished, CWD, to, RenameFlags::NOREPLACE) {
        Ok(()) => {}
        Err(Errno::EXIST) => return Ok(false),
        // A file system that cannot promise it: nothing was there a moment ago, and the folder is kith's.
        Err(Errno::INVAL | Errno::NOSYS) => fs::rename(unfinished, to)?,
        Err(error) => return Err(error.into()),
    }
    to.parent().map_or(Ok(()), sync_folder)?;
    Ok(true)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let meta = fs::symlink_metadata(from)?;
    if meta.is_symlink() {
        return std::os::unix::fs::symlink(fs::read_link(from)?, to);
    }
    if meta.is_dir() {
        paths::make_folder(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
        return sync_folder(to);
    }
    // What became a FIFO or a device meanwhile must not be waited for.
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::NOFOLLOW;
    let mut source = File::from(open(from, flags, Mode::empty())?);
    let meta = source.metadata()?;
    if !meta.is_file() {
        let name = from.file_name().unwrap_or_default().display();
        return Err(io::Error::other(format!("{name} is no regular file and cannot be copied to another disk")));
    }
    let mut target = paths::create_new(to)?;
    io::copy(&mut source, &mut target)?;
    target.set_modified(meta.modified()?)?;
    target.sync_all()
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn remove(path: &Path) -> io::Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    removed.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_to_another_file_system_keeps_bytes_and_time() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("Drop/archive");
        fs::create_dir_all(path.join("deep")).unwrap();
        fs::write(path.join("deep/a.csv"), "bytes").unwrap();
        let stat = scan::stat_unit(&path, Layout::Drop).unwrap();
        let time = fs::metadata(path.join("deep/a.csv")).unwrap().modified().unwrap();
        let to = home.path().join("archive");
        assert!(copy_new(&path, &stat, &to).unwrap());
        assert!(!path.exists());
        assert_eq!(fs::read_to_string(to.join("deep/a.csv")).unwrap(), "bytes");
        assert_eq!(fs::metadata(to.join("deep/a.csv")).unwrap().modified().unwrap(), time);
    }

    #[test]
    fn a_copy_waits_for_no_fifo_and_leaves_nothing_behind() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("Drop/archive");
        fs::create_dir_all(&path).unwrap();
        rustix::fs::mknodat(CWD, path.join("pipe"), rustix::fs::FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        fs::write(path.join("a.csv"), "x").unwrap();
        let stat = scan::stat_unit(&path, Layout::Drop).unwrap();
        let failed = copy_new(&path, &stat, &home.path().join("archive")).unwrap_err();
        assert!(
            matches!(failed, ShelfError::Io { source, .. } if source.to_string().contains("pipe is no regular file"))
        );
        let left: Vec<_> = fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["Drop"]);
    }

    #[test]
    fn a_copy_never_takes_a_name_that_is_taken() {
        let home = tempfile::tempdir().unwrap();
        let [from, to] = ["from", "to"].map(|name| home.path().join(name));
        for path in [&from, &to] {
            fs::write(path, path.to_str().unwrap()).unwrap();
        }
        assert!(!place(&from, &to).unwrap());
        assert_eq!(fs::read_to_string(&to).unwrap(), to.to_str().unwrap());
    }
}
