//! Opens ledger and store: the lock, the device's id, what a damaged store asks for.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::thread::park_timeout;
use std::time::Duration;

use kith_core::book::Book;
use kith_core::fold::settle;
use kith_core::id::DeviceId;
use kith_core::line::{forgets, says_settings};
use rustix::fs::{FlockOperation, flock};

use crate::clock;
use crate::keeper::forget::{self, Removal};
use crate::keeper::replay::{Held, ReplayError, catch_up, fold_all, foresee, load};
use crate::ledger::{self, Writer};
use crate::paths::{Paths, is_disk_full};
use crate::store::suspect::{self, SuspectError};
use crate::store::{Store, StoreError};

/// How large a segment of the ledger grows.
const SEGMENT_BYTES: u64 = 64 * 1024 * 1024;

/// How often the lock is tried again that a process left which is gone, and how long after one another.
const LOCK_TRIES: u32 = 40;
/// How often where it is still there: it may have been killed just now.
const TRIES_OF_ANOTHERS: u32 = 10;
const BETWEEN_LOCK_TRIES: Duration = Duration::from_millis(50);

/// Ledger and store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another daemon has it.
    #[error("open the ledger in {0}: another kithd is running on it{who}; kith status shows how it is, systemctl --user stop kithd ends it", who = .1.map_or_else(String::new, |pid| format!(" (pid {pid})")))]
    Locked(PathBuf, Option<u32>),
    /// A file of one's own cannot be read or written.
    #[error("open {0}")]
    File(PathBuf, #[source] io::Error),
    /// The store was damaged again and again.
    #[error("open the store")]
    Suspect(#[from] SuspectError),
    /// The ledger cannot be folded.
    #[error("fold the ledger")]
    Replay(#[from] ReplayError),
}

impl OpenError {
    /// Returns whether there is no room, and all is well once there is.
    #[must_use]
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::Replay(ReplayError::Store(StoreError::Full)) => true,
            Self::File(_, error) | Self::Replay(ReplayError::Ledger(error)) => is_disk_full(error),
            Self::Locked(..) | Self::Suspect(_) | Self::Replay(_) => false,
        }
    }
}

/// Ledger, store and book, and the lock that makes them this process's.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) writer: Writer,
    pub(super) store: Store,
    pub(super) book: Book,
    pub(super) held: Held,
    /// Why those who are forgotten are not removed yet.
    pub(super) unremoved: Option<String>,
    pub(super) rebuilt: Option<String>,
    pub(super) lock: File,
}

/// Opens ledger and store and folds what is new; a store that is suspect or does not open is folded from nothing.
pub(super) fn open(paths: &Paths) -> Result<Opened, OpenError> {
    let lock = lock(paths)?;
    let mut device = device(paths)?;
    let mut rebuilt = suspect::why(&paths.state);
    let opened = match rebuilt {
        Some(_) => None,
        None => match open_store(paths, &device) {
            Ok(opened) => Some(opened),
            Err(error @ ReplayError::Store(StoreError::Full)) => return Err(error.into()),
            Err(ReplayError::Store(error)) => {
                if matches!(&error, StoreError::Ahead(ahead) if *ahead == device) {
                    // The facts that are gone here may be on other devices: their numbers are not given to others.
                    device = draw_device(paths)?;
                }
                rebuilt = Some(chain(&error));
                None
            }
            Err(error @ (ReplayError::Ledger(_) | ReplayError::Newer(_) | ReplayError::Gap(_))) => {
                return Err(error.into());
            }
        },
    };
    let Folding { store, book, held, unremoved } = match opened {
        Some(opened) => opened,
        None => {
            tracing::warn!(reason = rebuilt.as_deref(), "store is set aside and made again from the ledger");
            suspect::set_aside(&paths.state, &paths.store, clock::now())?;
            open_store(paths, &device)?
        }
    };
    let writer =
        Writer::open(&paths.ledger, device, SEGMENT_BYTES).map_err(|e| OpenError::File(paths.ledger.clone(), e))?;
    Ok(Opened { writer, store, book, held, unremoved, rebuilt, lock })
}

/// Makes the store again from the ledger.
///
/// # Errors
/// When another daemon is running, or the ledger cannot be folded.
pub fn rebuild(paths: &Paths) -> Result<(kith_core::book::Counts, Held), OpenError> {
    let _lock = lock(paths)?;
    remove(&paths.store)?;
    remove(&paths.state.join("store.suspect"))?;
    let Folding { book, held, .. } = open_store(paths, &device(paths)?)?;
    Ok((book.counts(), held))
}

/// Store and book, and what hindered.
struct Folding {
    store: Store,
    book: Book,
    held: Held,
    unremoved: Option<String>,
}

fn open_store(paths: &Paths, own: &DeviceId) -> Result<Folding, ReplayError> {
    fs::create_dir_all(&paths.ledger).map_err(ReplayError::Ledger)?;
    let mut store = private_store(paths)?;
    is_behind_the_ledger(&store, paths)?;
    if store.folded()?.is_empty() {
        return fold_anew(paths, own, store);
    }
    let mut book = load(&store)?;
    let held = catch_up(&paths.ledger, own, &mut book, &mut store)?;
    if forget::facts(&book).is_subset(&store.carried_out()?) {
        return Ok(Folding { store, book, held, unremoved: None });
    }
    if let Err(error) = forget_now(paths, own, &book) {
        return Ok(Folding { store, book, held, unremoved: Some(told_later(&error)) });
    }
    drop(store);
    fold_anew(paths, own, new_store(paths)?)
}

/// Folds the ledger into an empty store, after those who are forgotten are removed from it.
///
/// What a mail with nobody else is depends on who the owner is, of whom the first look knows what the config says and no more:
/// what the second finds, with the whole book, is not to stay in the store either.
fn fold_anew(paths: &Paths, own: &DeviceId, mut store: Store) -> Result<Folding, ReplayError> {
    let mut known = Book::default();
    foresee(&paths.ledger, &mut known, |_, line| forgets(line) || says_settings(line))?;
    settle(&mut known, &store, clock::now())?;
    let first = forget_now(paths, own, &known);
    let mut book = Book::default();
    let mut held = fold_all(&paths.ledger, own, &mut book, &mut store)?;
    let second = first.and_then(|_| forget_now(paths, own, &book));
    let unremoved = match second {
        Ok(removal) if removal.lines > 0 || removal.found.is_some() => {
            drop(store);
            store = new_store(paths)?;
            book = Book::default();
            held = fold_all(&paths.ledger, own, &mut book, &mut store)?;
            None
        }
        Ok(_) => None,
        Err(error) => Some(told_later(&error)),
    };
    if unremoved.is_none() {
        store.set_carried_out(&forget::facts(&book))?;
    }
    Ok(Folding { store, book, held, unremoved })
}

/// Finishes what forget facts ask for, in everything but the store.
fn forget_now(paths: &Paths, own: &DeviceId, book: &Book) -> io::Result<Removal> {
    if book.forgotten().is_empty() {
        return Ok(Removal::default());
    }
    let mut writer = Writer::open(&paths.ledger, own.clone(), SEGMENT_BYTES)?;
    forget::remove(paths, &mut writer, book)
}

/// Nobody who is forgotten is shown, so the rest may come later.
fn told_later(error: &io::Error) -> String {
    tracing::warn!(%error, "those who are forgotten cannot be removed yet");
    error.to_string()
}

/// Puts a new store in the place of the old one, of which old pages would be left.
fn new_store(paths: &Paths) -> Result<Store, ReplayError> {
    fs::remove_dir_all(&paths.store).map_err(StoreError::Sled)?;
    private_store(paths)
}

fn private_store(paths: &Paths) -> Result<Store, ReplayError> {
    let store = Store::open(&paths.store)?;
    private(&paths.store).map_err(StoreError::Sled)?;
    Ok(store)
}

/// Finds a store that knows more than the ledger.
pub(super) fn is_behind_the_ledger(store: &Store, paths: &Paths) -> Result<(), ReplayError> {
    for (device, folded) in store.folded()? {
        let end = ledger::end(&paths.ledger.join(device.as_str())).map_err(ReplayError::Ledger)?;
        if folded.position > end {
            return Err(StoreError::Ahead(device).into());
        }
    }
    Ok(())
}

/// sled makes its files readable for all.
pub(super) fn private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(crate::paths::DIR_MODE))?;
    for entry in folder.read_dir()? {
        let path = entry?.path();
        if path.is_dir() {
            private(&path)?;
        } else {
            fs::set_permissions(&path, fs::Permissions::from_mode(crate::paths::FILE_MODE))?;
        }
    }
    Ok(())
}

/// Takes the lock on the ledger, so that there is one daemon on it.
pub(super) fn lock(paths: &Paths) -> Result<File, OpenError> {
    let data = paths.ledger.parent().unwrap_or(&paths.ledger);
    let path = data.join("lock");
    let failed = |source| OpenError::File(path.clone(), source);
    crate::paths::make_folder(data).map_err(failed)?;
    let mut file = match crate::paths::create_new(&path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            File::options().read(true).write(true).open(&path).map_err(failed)?
        }
        other => other.map_err(failed)?,
    };
    match take(&file, &path) {
        Ok(()) => {
            // Who holds it is only for the message of another; on a full disk it is not told.
            drop(file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id())));
            Ok(file)
        }
        Err(rustix::io::Errno::WOULDBLOCK) => Err(OpenError::Locked(paths.ledger.clone(), holder(&path))),
        Err(error) => Err(failed(error.into())),
    }
}

/// Locks the file. A kithd that was killed keeps the lock until it is gone, and one that was killed while it began a process
/// leaves it with that process, until that becomes another program: both are waited for, for a moment.
fn take(file: &File, path: &Path) -> rustix::io::Result<()> {
    let mut taken = flock(file, FlockOperation::NonBlockingLockExclusive);
    for tried in 0..LOCK_TRIES {
        let is_anothers = || tried >= TRIES_OF_ANOTHERS && holder(path).is_some_and(is_running);
        if taken != Err(rustix::io::Errno::WOULDBLOCK) || is_anothers() {
            break;
        }
        park_timeout(BETWEEN_LOCK_TRIES);
        taken = flock(file, FlockOperation::NonBlockingLockExclusive);
    }
    taken
}

/// Returns the process that says that it holds the lock.
fn holder(path: &Path) -> Option<u32> {
    fs::read_to_string(path).ok().and_then(|pid| pid.trim().parse().ok())
}

fn is_running(pid: u32) -> bool {
    i32::try_from(pid)
        .ok()
        .and_then(rustix::process::Pid::from_raw)
        .is_some_and(|pid| rustix::process::test_kill_process(pid).is_ok())
}

/// Returns this device's id, drawing it at the first start. It lies in the state folder, so that a copied ledger does not
/// clone it.
pub(super) fn device(paths: &Paths) -> Result<DeviceId, OpenError> {
    if let Ok(text) = fs::read_to_string(&paths.device)
        && let Ok(device) = DeviceId::try_from(text.trim().to_owned())
    {
        return Ok(device);
    }
    draw_device(paths)
}

fn draw_device(paths: &Paths) -> Result<DeviceId, OpenError> {
    let failed = |source| OpenError::File(paths.device.clone(), source);
    let mut bytes = [0; 4];
    File::open("/dev/urandom").and_then(|mut f| f.read_exact(&mut bytes)).map_err(failed)?;
    let device = DeviceId::from_random(bytes);
    if let Some(folder) = paths.device.parent() {
        crate::paths::make_folder(folder).map_err(failed)?;
    }
    crate::paths::replace(&paths.device, format!("{device}\n").as_bytes()).map_err(failed)?;
    Ok(device)
}

fn remove(path: &Path) -> Result<(), OpenError> {
    let result = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match result {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(OpenError::File(path.to_owned(), error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn chain(error: &dyn core::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
