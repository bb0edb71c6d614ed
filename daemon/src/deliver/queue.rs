//! Letters: what hooks and network channels are still to be told, how often each was tried, and those that were given up.
//!
//! It is local state, one file, not truth: that a reminder was delivered is a fact in the ledger. A letter names nobody; who it
//! is about is looked up when it is sent (`letter`). What becomes a letter is `events` and `office`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use kith_core::book::forgotten::Forgotten;
use kith_core::fact::OccurrenceId;
use kith_core::id::{FactId, ImportId};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::event::Event;
use crate::paths;

/// How many letters may wait, and how many are kept that were given up; the oldest go first.
const KEPT: usize = 1_000;

/// A letter that is to wait longer than this was written under another clock.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(7);

/// What a channel is to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Its id, the same at every try and after a restart.
    pub id: String,
    /// To whom.
    pub channel: String,
    /// Of what kind.
    pub event: Event,
    /// Of what.
    pub about: About,
    /// How often it was tried.
    #[serde(default)]
    pub attempts: u32,
    /// Not to be tried before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
    /// Why it was not delivered, the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// It was given up and is tried again because the user said so.
    #[serde(default)]
    pub again: bool,
}

/// Of what a letter tells: only what it is looked up by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// Reminders.
    Reminders {
        /// Which.
        occurrences: Vec<OccurrenceId>,
        /// They were missed.
        late: bool,
    },
    /// An import.
    Import(ImportId),
    /// Something that the user said.
    Fact(FactId),
    /// Files that could not be imported, by their marks (`events`).
    Problems(Vec<String>),
}

/// What is kept in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contents {
    /// Letters that are to be sent, the oldest first.
    pub letters: Vec<Letter>,
    /// Letters that were given up, the oldest first.
    pub dead: Vec<Letter>,
    /// What has become letters already.
    pub told: Option<Told>,
}

/// What has become letters already.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Told {
    /// Imports of this device up to this number.
    pub imports_up_to: u64,
    /// Imports with a greater one: they are committed in another order than they begin.
    pub imports: BTreeSet<u64>,
    /// What was said on this device up to this number.
    pub said_up_to: u64,
    /// Files that could not be imported, by their marks.
    pub problems: BTreeSet<String>,
}

/// The queue, shared between those who fill it, empty it and look at it.
#[derive(Debug, Clone)]
pub struct Queue {
    path: PathBuf,
    contents: Arc<Mutex<Contents>>,
    changed: watch::Sender<u64>,
}

fn id(written: &[u8]) -> String {
    format!("k{}", blake3::hash(written).to_hex().get(..24).unwrap_or_default())
}

impl Letter {
    /// Returns a letter that is new; its id follows from what it is.
    #[must_use]
    pub fn new(channel: &str, event: Event, about: About) -> Self {
        let written = serde_json::to_vec(&(channel, event, &about)).unwrap_or_default();
        Self {
            id: id(&written),
            channel: channel.to_owned(),
            event,
            about,
            attempts: 0,
            not_before: None,
            why: None,
            again: false,
        }
    }

    /// Returns it with an id of its own, for what it is about may come again.
    #[must_use]
    pub fn of_instant(self, at: Timestamp) -> Self {
        Self { id: id(format!("{} {at}", self.id).as_bytes()), ..self }
    }

    /// Returns the reminders that it tells.
    #[must_use]
    pub fn occurrences(&self) -> &[OccurrenceId] {
        match &self.about {
            About::Reminders { occurrences, .. } => occurrences,
            About::Import(_) | About::Fact(_) | About::Problems(_) => &[],
        }
    }

    /// Returns how long it is still to wait; zero when it is due.
    #[must_use]
    pub fn waits(&self, now: Timestamp) -> Duration {
        let left = self.not_before.map_or(SignedDuration::ZERO, |at| at.duration_since(now));
        if left > LONGEST_WAIT { Duration::ZERO } else { Duration::try_from(left).unwrap_or_default() }
    }
}

impl Queue {
    /// Reads the queue from the folder of local state; one that cannot be read is begun anew.
    #[must_use]
    pub fn load(state: &Path) -> Self {
        let path = state.join("letters.json");
        let read = fs::read(&path).ok().map(|bytes| serde_json::from_slice(&bytes));
        let contents = read.transpose().unwrap_or_else(|error| {
            tracing::warn!(%error, "letters that wait cannot be read and are given up");
            None
        });
        let contents = Arc::new(Mutex::new(contents.unwrap_or_default()));
        Self { path, contents, changed: watch::channel(0).0 }
    }

    /// Returns a copy of what is in it.
    #[must_use]
    pub fn contents(&self) -> Contents {
        self.lock().clone()
    }

    /// Returns what has become letters already; `None` before anything was looked at.
    #[must_use]
    pub fn told(&self) -> Option<Told> {
        self.lock().told.clone()
    }

    /// Ticks when a letter came, or one is to be tried again at once.
    #[must_use]
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Adds letters that are not there yet.
    pub fn add(&self, letters: Vec<Letter>) {
        self.change(|contents| contents.add(letters));
    }

    /// Adds letters, and notes in the same step what they come from.
    pub fn tell(&self, told: Told, letters: Vec<Letter>) {
        self.change(|contents| {
            contents.told = Some(told);
            contents.add(letters);
        });
    }

    /// Takes a letter out: it is delivered, or nothing is left to be said.
    pub fn remove(&self, id: &str) {
        self.change(|contents| contents.letters.retain(|letter| letter.id != id));
    }

    /// Puts a letter off after a try that failed.
    pub fn put_off(&self, id: &str, until: Timestamp, why: &str) {
        self.change(|contents| {
            for letter in contents.letters.iter_mut().filter(|letter| letter.id == id) {
                letter.attempts += 1;
                letter.not_before = Some(until);
                letter.why = Some(why.to_owned());
            }
        });
    }

    /// Gives a letter up; it is kept among the dead.
    pub fn give_up(&self, id: &str, why: &str) {
        self.change(|contents| {
            let (gone, stay) = std::mem::take(&mut contents.letters).into_iter().partition(|letter| letter.id == id);
            contents.letters = stay;
            let gone: Vec<Letter> = gone;
            let dead = gone.into_iter().map(|letter| Letter { attempts: letter.attempts + 1, ..letter });
            contents.dead.extend(dead.map(|letter| Letter { why: Some(why.to_owned()), not_before: None, ..letter }));
            let too_many = contents.dead.len().saturating_sub(KEPT);
            contents.dead.drain(..too_many);
        });
    }

    /// Drops letters that tell of somebody who is forgotten, those that were given up as well.
    pub fn forget(&self, forgotten: &Forgotten) {
        let stays = |letter: &Letter| !letter.occurrences().iter().any(|id| forgotten.holds_occurrence(id));
        let has_any = |contents: &Contents| !contents.letters.iter().chain(&contents.dead).all(stays);
        if has_any(&self.lock()) {
            self.change(|contents| {
                contents.letters.retain(stays);
                contents.dead.retain(stays);
            });
        }
    }

    /// Tries everything of a channel again, at once: what waits and what was given up. Returns how many letters that are.
    #[must_use]
    pub fn retry(&self, channel: &str) -> usize {
        let mut count = 0;
        self.change(|contents| {
            let (back, stay) = std::mem::take(&mut contents.dead).into_iter().partition(|l| l.channel == channel);
            contents.dead = stay;
            let back: Vec<Letter> = back;
            contents.add(back.into_iter().map(|letter| Letter { attempts: 0, again: true, ..letter }).collect());
            for letter in contents.letters.iter_mut().filter(|letter| letter.channel == channel) {
                letter.not_before = None;
                count += 1;
            }
        });
        count
    }

    /// Changes the contents and writes them down. What cannot be written holds in this run of the daemon.
    fn change(&self, change: impl FnOnce(&mut Contents)) {
        let mut contents = self.lock();
        let before = contents.clone();
        change(&mut contents);
        if *contents == before {
            return;
        }
        let written = serde_json::to_vec(&*contents).map_err(std::io::Error::from);
        if let Err(error) = written.and_then(|bytes| paths::replace(&self.path, &bytes)) {
            tracing::warn!(%error, "letters that wait cannot be written down");
        }
        drop(contents);
        self.changed.send_modify(|ticks| *ticks = ticks.wrapping_add(1));
    }

    fn lock(&self) -> MutexGuard<'_, Contents> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Contents {
    fn add(&mut self, letters: Vec<Letter>) {
        for letter in letters {
            if !self.letters.iter().any(|known| known.id == letter.id) {
                self.letters.push(letter);
            }
        }
        let too_many = self.letters.len().saturating_sub(KEPT);
        if too_many > 0 {
            tracing::warn!(too_many, "more letters wait than are kept; the oldest are given up");
            self.letters.drain(..too_many);
        }
    }
}

#[cfg(test)]
mod tests {
    use kith_core::id::DeviceId;

    use super::*;

    fn letter(channel: &str, seq: u64) -> Letter {
        let device = DeviceId::from_random([1; 4]);
        Letter::new(channel, Event::ImportDone, About::Import(ImportId { device, seq }))
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_letter_keeps_its_id_and_its_tries_over_a_restart() {
        let state = tempfile::tempdir().unwrap();
        let queue = Queue::load(state.path());
        let one = letter("net/home", 1);
        queue.add(vec![one.clone(), one.clone(), letter("net/phone", 1)]);
        queue.put_off(&one.id, at(60), "busy");
        let again = Queue::load(state.path()).contents();
        assert_eq!(again, queue.contents());
        let known = &again.letters[0];
        assert_eq!((again.letters.len(), known.attempts, known.why.as_deref()), (2, 1, Some("busy")));
        assert_eq!((known.waits(at(0)).as_secs(), known.waits(at(90)).as_secs()), (60, 0));
        assert_ne!(again.letters[0].id, again.letters[1].id);
    }

    #[test]
    fn a_clock_that_was_set_back_makes_nothing_wait_for_days() {
        let late = Letter { not_before: Some(at(86_400)), ..letter("net/home", 1) };
        assert_eq!(late.waits(at(0)), Duration::ZERO);
    }

    #[test]
    fn what_was_given_up_comes_back_when_the_user_says_so() {
        let state = tempfile::tempdir().unwrap();
        let queue = Queue::load(state.path());
        queue.add(vec![letter("net/home", 1), letter("net/home", 2), letter("net/phone", 3)]);
        queue.give_up(&letter("net/home", 1).id, "gone");
        queue.give_up(&letter("net/phone", 3).id, "gone");
        queue.put_off(&letter("net/home", 2).id, at(60), "busy");
        assert_eq!(queue.contents().dead.iter().map(|dead| dead.why.as_deref()).collect::<Vec<_>>(), [Some("gone"); 2]);
        assert_eq!(queue.retry("net/home"), 2);
        let contents = queue.contents();
        assert_eq!((contents.letters.len(), contents.dead.len()), (2, 1));
        assert!(contents.letters.iter().all(|letter| letter.waits(at(0)).is_zero()));
    }

    #[test]
    fn a_file_that_cannot_be_read_begins_anew() {
        let state = tempfile::tempdir().unwrap();
        fs::write(state.path().join("letters.json"), "{\"letters\":").unwrap();
        assert_eq!(Queue::load(state.path()).contents(), Contents::default());
    }
}
