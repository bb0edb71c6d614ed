//! What became of reminders and is not written down yet: it is kept, and only the writing is tried again.
//!
//! What was shown is not shown again, and a hook that has run is not run again, because a full disk refuses the fact of it.
//! When it is tried again is `deliver`.

use std::collections::VecDeque;

use kith_core::fact::Said;

use crate::keeper::KeeperError;

/// What is still to be written down, the oldest first; what belongs together is written together.
#[derive(Debug, Default)]
pub(super) struct Unsaid(VecDeque<Vec<Said>>);

impl Unsaid {
    /// Keeps facts until they are written.
    pub(super) fn keep(&mut self, said: Vec<Said>) {
        if !said.is_empty() {
            self.0.push_back(said);
        }
    }

    /// Whether an outcome of this channel is not written yet.
    pub(super) fn has_outcome_of(&self, channel: &str) -> bool {
        self.0.iter().flatten().any(|said| matches!(said, Said::Outcome { channel: of, .. } if of == channel))
    }

    /// Returns what is to be written next.
    pub(super) fn next(&self) -> Option<Vec<Said>> {
        self.0.front().cloned()
    }

    /// Notes what came of writing it. What can never be written, for the person it names is gone, is given up.
    ///
    /// # Errors
    /// When it cannot be written now; it stays the next.
    pub(super) fn tried(&mut self, written: Result<(), KeeperError>) -> Result<(), KeeperError> {
        match written {
            Ok(()) => {}
            Err(KeeperError::Unknown(_)) => {
                tracing::warn!("an answer to a reminder is given up: whom it is about is gone");
            }
            Err(
                error @ (KeeperError::Ended
                | KeeperError::Ledger(_)
                | KeeperError::NotRemoved(_)
                | KeeperError::Store(_)
                | KeeperError::DiskFull),
            ) => {
                return Err(error);
            }
        }
        self.0.pop_front();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use kith_core::fact::{OccurrenceId, Outcome};

    use super::*;

    fn outcome(channel: &str) -> Vec<Said> {
        let occurrence = OccurrenceId("2026-11-23/daily/Ana".to_owned());
        vec![Said::Outcome { occurrence, channel: channel.to_owned(), outcome: Outcome::Delivered }]
    }

    #[test]
    fn what_cannot_be_written_is_kept_in_order_until_it_can() {
        let mut unsaid = Unsaid::default();
        unsaid.keep(outcome("exec/10-mail"));
        unsaid.keep(outcome("desktop"));
        unsaid.keep(Vec::new());
        assert!(matches!(unsaid.tried(Err(KeeperError::DiskFull)), Err(KeeperError::DiskFull)));
        assert_eq!(unsaid.next(), Some(outcome("exec/10-mail")));
        assert!(unsaid.has_outcome_of("exec/10-mail") && !unsaid.has_outcome_of("exec/20-lamp"));
        unsaid.tried(Ok(())).unwrap();
        assert!(!unsaid.has_outcome_of("exec/10-mail"));
        assert_eq!(unsaid.next(), Some(outcome("desktop")));
        unsaid.tried(Ok(())).unwrap();
        assert_eq!(unsaid.next(), None);
    }

    #[test]
    fn what_can_never_be_written_holds_up_nothing() {
        let mut unsaid = Unsaid::default();
        unsaid.keep(outcome("desktop"));
        unsaid.tried(Err(KeeperError::Unknown("a person".to_owned()))).unwrap();
        assert_eq!(unsaid.next(), None);
    }
}
