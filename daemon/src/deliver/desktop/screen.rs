//! What kith has on the screen, kept in a small file: the notifications outlive the daemon.
//!
//! The numbers mean something only to the server that gave them. It is known by its unique name on its bus, which no other
//! program ever gets, and by the bus, of which a new one counts anew. Showing and hearing is `desktop`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, io};

use kith_core::fact::OccurrenceId;
use serde::{Deserialize, Serialize};

use crate::paths;

/// The file's name in the folder of local state.
const FILE: &str = "notifications.json";

/// The version of the file that this reads and writes.
const VERSION: u32 = 1;

/// A notification server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Server {
    /// The id of its bus.
    pub(super) bus: String,
    /// Its unique name there.
    pub(super) name: String,
}

/// What kith has on the screen.
#[derive(Debug)]
pub(super) struct Screen {
    file: PathBuf,
    server: Option<Server>,
    open: BTreeMap<u32, BTreeSet<OccurrenceId>>,
    attempt: Option<Attempt>,
}

/// A new notification that the server was or will be asked to show, and of which it did not tell the number yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Attempt {
    tag: String,
    tells: BTreeSet<OccurrenceId>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    version: u32,
    /// None where no server ran yet when the first notification was to be shown.
    server: Option<Server>,
    /// The reminders that each notification tells, by the server's number.
    open: BTreeMap<u32, BTreeSet<OccurrenceId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    attempt: Option<Attempt>,
}

impl Screen {
    /// Reads what an earlier run of the daemon left on the screen; a file that cannot be read counts as none.
    pub(super) fn load(state: &Path) -> Self {
        let file = state.join(FILE);
        let kept = fs::read(&file).ok().and_then(|bytes| serde_json::from_slice::<Kept>(&bytes).ok());
        match kept.filter(|kept| kept.version == VERSION) {
            Some(Kept { server, open, attempt, .. }) => Self { file, server, open, attempt },
            None => Self { file, server: None, open: BTreeMap::new(), attempt: None },
        }
    }

    /// Whether nothing of ours is on it.
    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Whether this is the unique name of the server.
    pub(super) fn is_served_by(&self, name: Option<&str>) -> bool {
        self.server.as_ref().map(|server| server.name.as_str()) == name
    }

    /// Returns the reminders that a notification tells.
    pub(super) fn tells(&self, number: u32) -> Option<&BTreeSet<OccurrenceId>> {
        self.open.get(&number)
    }

    /// Returns the number of the notification that tells exactly these reminders.
    pub(super) fn number_of(&self, occurrences: &BTreeSet<OccurrenceId>) -> Option<u32> {
        self.open.iter().find_map(|(number, told)| (told == occurrences).then_some(*number))
    }

    /// Returns what each notification tells.
    pub(super) fn into_told(self) -> Vec<BTreeSet<OccurrenceId>> {
        self.open.into_values().collect()
    }

    /// Returns the notifications all of whose reminders are among these.
    pub(super) fn telling_only(&self, over: &BTreeSet<OccurrenceId>) -> Vec<u32> {
        self.open.iter().filter(|(_, told)| told.is_subset(over)).map(|(number, _)| *number).collect()
    }

    /// Returns the notifications that tell a reminder for which this holds.
    pub(super) fn telling(&self, wanted: impl Fn(&OccurrenceId) -> bool) -> Vec<u32> {
        self.open.iter().filter(|(_, told)| told.iter().any(&wanted)).map(|(number, _)| *number).collect()
    }

    /// Notes who serves; to another server the numbers mean nothing.
    pub(super) fn serve(&mut self, server: Option<Server>) {
        if self.server != server {
            // Of one that begins to serve only now it is not known whether it has what was to be shown.
            if self.server.is_some() {
                self.attempt = None;
            }
            self.server = server;
            self.open.clear();
            self.keep();
        }
    }

    /// Notes that a new notification is about to be shown, and returns its tag: that of the one before if this tells all of
    /// it, for then nobody knows whether the server took that.
    pub(super) fn attempt(&mut self, occurrences: &BTreeSet<OccurrenceId>) -> String {
        let again = self.attempt.take().filter(|before| before.tells.is_subset(occurrences)).map(|before| before.tag);
        let first = || occurrences.first().map(|OccurrenceId(first)| first.clone()).unwrap_or_default();
        let tag = again.unwrap_or_else(first);
        self.attempt = Some(Attempt { tag: tag.clone(), tells: occurrences.clone() });
        self.keep();
        tag
    }

    /// Whether the server may have taken a notification that tells a part of these, and its number is not known.
    pub(super) fn may_have(&self, occurrences: &BTreeSet<OccurrenceId>) -> bool {
        self.attempt.as_ref().is_some_and(|attempt| attempt.tells.is_subset(occurrences))
    }

    /// Notes that a notification is shown.
    pub(super) fn show(&mut self, number: u32, occurrences: BTreeSet<OccurrenceId>) {
        self.attempt = None;
        self.open.insert(number, occurrences);
        self.keep();
    }

    /// Notes that a notification is closed.
    pub(super) fn close(&mut self, number: u32) {
        if self.open.remove(&number).is_some() {
            self.keep();
        }
    }

    fn keep(&self) {
        if let Err(error) = self.write() {
            tracing::warn!(%error, "what is on the screen cannot be kept; buttons work until the daemon ends");
        }
    }

    fn write(&self) -> io::Result<()> {
        if self.open.is_empty() && self.attempt.is_none() {
            return match fs::remove_file(&self.file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                Ok(()) | Err(_) => Ok(()),
            };
        }
        let kept = Kept {
            version: VERSION,
            server: self.server.clone(),
            open: self.open.clone(),
            attempt: self.attempt.clone(),
        };
        paths::replace(&self.file, &serde_json::to_vec(&kept)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(name: &str) -> Option<Server> {
        Some(Server { bus: "b1".to_owned(), name: name.to_owned() })
    }

    fn reminders(names: &[&str]) -> BTreeSet<OccurrenceId> {
        names.iter().map(|name| OccurrenceId(format!("2026-11-23/daily/{name}"))).collect()
    }

    #[test]
    fn what_is_on_the_screen_is_known_to_the_next_run_until_the_server_changes() {
        let state = tempfile::tempdir().unwrap();
        let mut screen = Screen::load(state.path());
        screen.serve(server(":1.7"));
        screen.show(4, reminders(&["Ana"]));
        screen.show(5, reminders(&["Bo", "Cleo"]));
        screen.show(6, reminders(&["Dan"]));
        screen.close(6);

        let mut screen = Screen::load(state.path());
        screen.serve(server(":1.7"));
        assert_eq!(screen.tells(5), Some(&reminders(&["Bo", "Cleo"])));
        assert_eq!(screen.number_of(&reminders(&["Bo", "Cleo"])), Some(5));
        assert_eq!(screen.number_of(&reminders(&["Bo"])), None);
        assert_eq!(screen.telling_only(&reminders(&["Ana", "Bo"])), [4]);

        assert_eq!(screen.into_told(), [reminders(&["Ana"]), reminders(&["Bo", "Cleo"])]);
        let mut screen = Screen::load(state.path());
        screen.serve(server(":1.9"));
        assert!(screen.is_empty() && screen.is_served_by(Some(":1.9")));
        assert!(Screen::load(state.path()).is_empty());
    }

    #[test]
    fn what_the_server_may_have_taken_keeps_its_tag_with_what_came_since() {
        let state = tempfile::tempdir().unwrap();
        let mut screen = Screen::load(state.path());
        let tag = screen.attempt(&reminders(&["Bo"]));
        assert!(screen.may_have(&reminders(&["Ana", "Bo"])) && !screen.may_have(&reminders(&["Ana"])));
        let mut screen = Screen::load(state.path());
        screen.serve(server(":1.7"));
        assert_eq!(screen.attempt(&reminders(&["Ana", "Bo"])), tag);
        assert_eq!(screen.attempt(&reminders(&["Ana", "Bo", "Cleo"])), tag);
        assert_ne!(screen.attempt(&reminders(&["Ana"])), tag, "another one");
        screen.show(4, reminders(&["Ana"]));
        assert_ne!(screen.attempt(&reminders(&["Ana", "Bo"])), tag, "what is shown has its number");
    }

    #[test]
    fn a_file_that_is_not_understood_counts_as_none() {
        let state = tempfile::tempdir().unwrap();
        for text in ["", "{", r#"{"version":2,"server":{"bus":"b","name":":1.7"},"open":{"4":["a"]}}"#] {
            fs::write(state.path().join(FILE), text).unwrap();
            assert!(Screen::load(state.path()).is_empty());
        }
    }
}
