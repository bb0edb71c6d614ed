//! What inotify says, as hints: where to look. What is really there only looking tells.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use notify::event::{AccessKind, AccessMode, CreateKind, Flag, ModifyKind, RemoveKind, RenameMode};
use notify::{Event, EventKind};
use tokio::sync::mpsc;

/// Where to look, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Hint {
    /// It was written to, or anything else about it changed.
    Written(PathBuf),
    /// Its writer closed it.
    Closed(PathBuf),
    /// It was put there by a rename: a whole file, or a folder.
    Arrived(PathBuf),
    /// A folder was made, and events of what was put into it right away are lost (notify issue 727).
    Folder(PathBuf),
    /// It is gone.
    Gone(PathBuf),
    /// Events were lost: all must be looked at.
    Rescan,
    /// No more folders can be watched.
    NoMoreWatches,
}

/// Returns a channel for hints of which so many may wait; when more come, they become one: look at everything.
///
/// The sender never waits: inotify's thread must answer whoever begins to watch a folder, and that may be the one who
/// receives.
pub(crate) fn channel(waiting: usize) -> (Sender, Receiver) {
    let (to, from) = mpsc::channel(waiting);
    let lost = Arc::new(AtomicBool::new(false));
    (Sender { to, lost: Arc::clone(&lost) }, Receiver { from, lost })
}

/// Where hints go.
#[derive(Debug, Clone)]
pub(crate) struct Sender {
    to: mpsc::Sender<Hint>,
    lost: Arc<AtomicBool>,
}

impl Sender {
    /// Sends a hint, at once. The channel closes when the daemon ends; then no hint matters.
    pub(crate) fn send(&self, hint: Hint) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.to.try_send(hint) {
            self.lost.store(true, Ordering::Release);
            // Wakes a receiver that had just taken everything.
            drop(self.to.try_send(Hint::Rescan));
        }
    }
}

/// Where hints come from.
#[derive(Debug)]
pub(crate) struct Receiver {
    from: mpsc::Receiver<Hint>,
    lost: Arc<AtomicBool>,
}

impl Receiver {
    /// Waits for a hint.
    pub(crate) async fn recv(&mut self) -> Hint {
        self.from.recv().await.unwrap_or(Hint::Rescan)
    }

    /// Returns the hints that wait, and whether some were lost.
    pub(crate) fn waiting(&mut self) -> impl Iterator<Item = Hint> {
        let mut ended = false;
        core::iter::from_fn(move || match self.from.try_recv() {
            Ok(hint) => Some(hint),
            Err(_) if ended => None,
            Err(_) => {
                ended = true;
                self.lost.swap(false, Ordering::AcqRel).then_some(Hint::Rescan)
            }
        })
    }
}

/// Returns the hints in what notify reports.
pub(crate) fn hints(event: notify::Result<Event>) -> Vec<Hint> {
    let event = match event {
        Ok(event) => event,
        Err(error) if matches!(error.kind, notify::ErrorKind::MaxFilesWatch) => return vec![Hint::NoMoreWatches],
        Err(error) => {
            tracing::debug!(%error, "inotify reported an error");
            return vec![Hint::Rescan];
        }
    };
    if event.flag() == Some(Flag::Rescan) {
        return vec![Hint::Rescan];
    }
    let Some(hint) = kind(event.kind) else { return Vec::new() };
    event.paths.into_iter().map(hint).collect()
}

fn kind(kind: EventKind) -> Option<fn(PathBuf) -> Hint> {
    match kind {
        EventKind::Create(CreateKind::Folder) => Some(Hint::Folder),
        EventKind::Create(CreateKind::File | CreateKind::Any | CreateKind::Other) => Some(Hint::Written),
        EventKind::Modify(ModifyKind::Name(RenameMode::To)) => Some(Hint::Arrived),
        EventKind::Modify(ModifyKind::Name(RenameMode::From)) => Some(Hint::Gone),
        // Tells again what From and To told.
        EventKind::Modify(ModifyKind::Name(RenameMode::Both | RenameMode::Any | RenameMode::Other)) => None,
        EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Metadata(_) | ModifyKind::Any | ModifyKind::Other) => {
            Some(Hint::Written)
        }
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => Some(Hint::Closed),
        EventKind::Access(_) | EventKind::Any | EventKind::Other => None,
        EventKind::Remove(RemoveKind::File | RemoveKind::Folder | RemoveKind::Any | RemoveKind::Other) => {
            Some(Hint::Gone)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: EventKind, expected: &[Hint]) {
        assert_eq!(hints(Ok(Event::new(kind).add_path("/a".into()))), expected);
    }

    #[test]
    fn only_a_writers_close_counts() {
        check(EventKind::Access(AccessKind::Close(AccessMode::Write)), &[Hint::Closed("/a".into())]);
        check(EventKind::Access(AccessKind::Close(AccessMode::Read)), &[]);
        check(EventKind::Access(AccessKind::Open(AccessMode::Any)), &[]);
    }

    #[test]
    fn hints_beyond_the_room_for_them_become_one_and_nobody_waits() {
        let (sender, mut receiver) = channel(2);
        for name in ["/a", "/b", "/c", "/d"] {
            sender.send(Hint::Closed(name.into()));
        }
        let waiting: Vec<Hint> = receiver.waiting().collect();
        assert_eq!(waiting, [Hint::Closed("/a".into()), Hint::Closed("/b".into()), Hint::Rescan]);
        sender.send(Hint::Closed("/e".into()));
        assert_eq!(receiver.waiting().collect::<Vec<_>>(), [Hint::Closed("/e".into())]);
    }

    #[test]
    fn an_overflow_means_looking_at_everything() {
        assert_eq!(hints(Ok(Event::new(EventKind::Other).set_flag(Flag::Rescan))), [Hint::Rescan]);
    }

    #[test]
    fn a_rename_is_told_once() {
        check(EventKind::Modify(ModifyKind::Name(RenameMode::Both)), &[]);
        check(EventKind::Modify(ModifyKind::Name(RenameMode::To)), &[Hint::Arrived("/a".into())]);
    }
}
