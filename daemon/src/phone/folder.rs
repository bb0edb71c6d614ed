//! The phone's folder: files that appear whole or not at all, only where they changed, and nothing touched that is not kith's.
//!
//! A list in kith's state says which files kith wrote. A name is put on it before the file is, so that after a crash no file is
//! left that nobody takes away. What nobody wants any more goes first, and a file that cannot be written keeps no other from
//! being written. What goes into the files is `phone`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use kith_core::book::forgotten::Forgotten;
use kith_core::ical::{Event, PRODUCT, Revision, person_of, write_calendar};
use serde::{Deserialize, Serialize};

use crate::paths::{self, is_disk_full};

/// The collection of cards.
const PEOPLE: &str = "people";

/// The collection of events.
const REMINDERS: &str = "reminders";

/// All events in one file, for programs that subscribe to one.
const CALENDAR: &str = "reminders.ics";

/// The version of the list.
const VERSION: u32 = 1;

/// The folder cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It was there and is not any more: a disk that is not mounted, perhaps.
    #[error("write to {0}: the folder is gone")]
    Gone(PathBuf),
    /// A file that kith did not write is in the way.
    #[error("write {0}: there is a file of that name that is not kith's")]
    Foreign(PathBuf),
    /// The disk is full.
    #[error("write {0}: the disk is full")]
    Full(PathBuf),
    /// The operating system says no.
    #[error("write {path}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// What kith wrote, as it is kept between runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct List {
    version: u32,
    /// Where.
    folder: PathBuf,
    /// The hash of each file; empty where it was not written yet.
    files: BTreeMap<String, String>,
    /// The last revision of each event.
    events: BTreeMap<String, Revised>,
}

/// For how long the revision of an event is kept that is there no more.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(400 * 24);

/// An event's last revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Revised {
    content: String,
    sequence: u32,
    stamp: Timestamp,
}

/// The folder, under way from what it holds to what it should.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    list_path: PathBuf,
    list: List,
    /// The list as it is kept.
    kept: List,
    /// Folders in which something changed.
    changed: BTreeSet<PathBuf>,
    /// What is in the way of a file.
    fault: Option<FolderError>,
}

/// Events with their revisions.
#[derive(Debug)]
pub struct Calendar(Vec<(Event, Revision)>);

impl Folder {
    /// Opens the folder; it is made where kith never wrote to it.
    ///
    /// # Errors
    /// When it is gone, or cannot be made.
    pub fn open(root: &Path, state: &Path) -> Result<Self, FolderError> {
        let list_path = list_path(state);
        let kept = load(&list_path);
        let list = if kept.folder == root || kept.files.is_empty() {
            List { version: VERSION, folder: root.to_owned(), ..kept.clone() }
        } else {
            leave(&kept);
            List { version: VERSION, folder: root.to_owned(), files: BTreeMap::new(), events: kept.events.clone() }
        };
        if !list.files.is_empty() && !root.is_dir() {
            return Err(FolderError::Gone(root.to_owned()));
        }
        for folder in [root.to_owned(), root.join(PEOPLE), root.join(REMINDERS)] {
            paths::make_folder(&folder).map_err(at(&folder))?;
        }
        Ok(Self { root: root.to_owned(), list_path, list, kept, changed: BTreeSet::new(), fault: None })
    }

    /// Gives each event its revision: a new one where it says something else than before.
    pub fn revise(&mut self, events: Vec<Event>, now: Timestamp) -> Calendar {
        let mut revised = BTreeMap::new();
        let known = core::mem::take(&mut self.list.events);
        let revise = |event: Event| {
            let content = event.content();
            let before = known.get(event.uid());
            let (sequence, stamp) = match before {
                Some(before) if before.content == content => (before.sequence, before.stamp),
                Some(before) => (before.sequence.saturating_add(1), now),
                None => (0, now),
            };
            revised.insert(event.uid().to_owned(), Revised { content, sequence, stamp });
            (event, Revision { sequence, stamp })
        };
        let calendar = Calendar(events.into_iter().map(revise).collect());
        // One that comes back, comes as a later revision (RFC 5545 §3.8.7.4); what it said is not kept.
        let lately = now.checked_sub(REMEMBERED).unwrap_or(Timestamp::MIN);
        for (uid, known) in known {
            let stamp = if known.content.is_empty() { known.stamp } else { now };
            if stamp > lately {
                revised.entry(uid).or_insert(Revised { content: String::new(), stamp, ..known });
            }
        }
        self.list.events = revised;
        calendar
    }

    /// Takes away what kith wrote and nobody wants any more, and writes down that the wanted files are kith's, before any of them
    /// is written; not those where another's file is in the way.
    ///
    /// # Errors
    /// When the list cannot be written.
    pub fn claim(&mut self, names: impl Iterator<Item = String>) -> Result<(), FolderError> {
        let wanted: BTreeSet<String> = names.collect();
        let unwanted: Vec<String> = self.list.files.keys().filter(|name| !wanted.contains(*name)).cloned().collect();
        for name in unwanted {
            let path = self.root.join(&name);
            match remove(&path) {
                Ok(()) => drop(self.list.files.remove(&name)),
                Err(error) => self.note(error),
            }
            self.changed.extend(path.parent().map(Path::to_owned));
        }
        for name in wanted {
            if !self.list.files.contains_key(&name) {
                match check_own(&self.root.join(&name)) {
                    Ok(()) => drop(self.list.files.insert(name, String::new())),
                    Err(error) => self.note(error),
                }
            }
        }
        self.keep()
    }

    /// Makes a claimed file hold these bytes, if it does not yet; [`close`](Self::close) says whether that failed.
    pub fn put(&mut self, name: &str, bytes: &[u8]) {
        let is_full = matches!(self.fault, Some(FolderError::Full(_)));
        let Some(known) = self.list.files.get_mut(name).filter(|_| !is_full) else { return };
        let path = self.root.join(name);
        let hash = blake3::hash(bytes).to_hex().to_string();
        if *known == hash && holds(&path, bytes) {
            return;
        }
        match paths::replace_unsynced(&path, bytes).map_err(at(&path)) {
            Ok(()) => *known = hash,
            Err(error) => self.note(error),
        }
        self.changed.extend(path.parent().map(Path::to_owned));
    }

    /// Makes all durable.
    ///
    /// # Errors
    /// When that fails, or something could not be taken away or written before.
    pub fn close(mut self) -> Result<(), FolderError> {
        for folder in core::mem::take(&mut self.changed) {
            if let Err(error) = File::open(&folder).and_then(|file| file.sync_all()).map_err(at(&folder)) {
                self.note(error);
            }
        }
        self.keep()?;
        self.fault.map_or(Ok(()), Err)
    }

    /// Keeps the first fault; that the disk is full matters more than any other.
    fn note(&mut self, error: FolderError) {
        if self.fault.is_none() || matches!(error, FolderError::Full(_)) {
            self.fault = Some(error);
        }
    }

    fn keep(&mut self) -> Result<(), FolderError> {
        if self.kept == self.list {
            return Ok(());
        }
        save(&self.list_path, &self.list)?;
        self.kept = self.list.clone();
        Ok(())
    }
}

impl Calendar {
    /// Returns the names of its files.
    pub fn names(&self) -> impl Iterator<Item = String> + '_ {
        self.0.iter().map(|(event, _)| event_name(event)).chain([CALENDAR.to_owned()])
    }

    /// Returns its files: one an event, and one with all.
    pub fn files(&self) -> impl Iterator<Item = (String, String)> + '_ {
        let one = |(event, revision): &(Event, Revision)| (event_name(event), write_calendar([(event, *revision)]));
        let all = || (CALENDAR.to_owned(), write_calendar(self.0.iter().map(|(event, revision)| (event, *revision))));
        self.0.iter().map(one).chain(std::iter::once_with(all))
    }
}

fn event_name(event: &Event) -> String {
    format!("{REMINDERS}/{}.ics", event.uid())
}

/// Forgets the revisions of the events of those who are forgotten, whether or not there is a folder: a UID tells whose it was.
///
/// # Errors
/// When the list cannot be written.
pub fn forget(state: &Path, forgotten: &Forgotten) -> Result<(), FolderError> {
    if forgotten.is_empty() {
        return Ok(());
    }
    let path = list_path(state);
    let mut list = load(&path);
    let before = list.events.len();
    list.events.retain(|uid, _| person_of(uid).is_none_or(|person| !forgotten.holds_record(&person)));
    if list.events.len() == before { Ok(()) } else { save(&path, &list) }
}

fn list_path(state: &Path) -> PathBuf {
    state.join("phone.json")
}

/// A list that cannot be read is begun anew: files that are there and kith's are known by what they say.
fn load(path: &Path) -> List {
    let read = fs::read(path).and_then(|bytes| Ok(serde_json::from_slice::<List>(&bytes)?));
    read.unwrap_or_else(|error| {
        if error.kind() != io::ErrorKind::NotFound {
            tracing::warn!(%error, "the list of the phone's files cannot be read and is begun anew");
        }
        List::default()
    })
}

fn save(path: &Path, list: &List) -> Result<(), FolderError> {
    let failed = at(path);
    let text = serde_json::to_vec(list).map_err(|error| failed(io::Error::from(error)))?;
    paths::replace(path, &text).map_err(failed)
}

/// Takes kith's files out of a folder that the config names no more.
fn leave(list: &List) {
    for name in list.files.keys() {
        if let Err(error) = remove(&list.folder.join(name)) {
            tracing::warn!(%error, "a file for the phone stays where the config had it before");
        }
    }
}

/// Whether a file is there that kith did not write.
fn check_own(path: &Path) -> Result<(), FolderError> {
    match fs::read(path) {
        Ok(bytes) => {
            let own = format!("PRODID:{PRODUCT}");
            let is_own = String::from_utf8_lossy(&bytes).lines().any(|line| line == own);
            if is_own { Ok(()) } else { Err(FolderError::Foreign(path.to_owned())) }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(FolderError::Io { path: path.to_owned(), source }),
    }
}

fn holds(path: &Path, bytes: &[u8]) -> bool {
    let same_size = fs::metadata(path).is_ok_and(|found| usize::try_from(found.len()) == Ok(bytes.len()));
    same_size && fs::read(path).is_ok_and(|found| found == bytes)
}

/// Removes a file, and what a crash left of writing it.
fn remove(path: &Path) -> Result<(), FolderError> {
    let half = path.file_name().map(|name| path.with_file_name(format!(".{}.new", name.to_string_lossy())));
    for path in [Some(path.to_owned()), half].into_iter().flatten() {
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => return Err(FolderError::Io { path, source }),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

fn at(path: &Path) -> impl Fn(io::Error) -> FolderError + use<> {
    let path = path.to_owned();
    move |source| {
        let path = path.clone();
        if is_disk_full(&source) { FolderError::Full(path) } else { FolderError::Io { path, source } }
    }
}
