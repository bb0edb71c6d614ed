//! Hooks for reminders that failed: when each is run again, and with which of its reminders.
//!
//! What it is told is looked up anew at each try: nothing is said any more about what was answered since, nor in quiet hours.
//! Reminders that came meanwhile wait until those that failed have an outcome.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use kith_core::fact::{OccurrenceId, Outcome, Said};
use kith_core::plan::outbox::{Post, Telling};

use super::hook::Finished;

/// Hooks that failed.
#[derive(Debug)]
pub struct Tries {
    by_channel: BTreeMap<String, Failed>,
    /// How long to wait before each further try.
    after: &'static [Duration],
}

/// A hook that failed.
#[derive(Debug)]
struct Failed {
    /// How often.
    times: usize,
    /// Not to be run again before.
    not_before: Timestamp,
    /// What it was told of.
    occurrences: Vec<OccurrenceId>,
}

impl Tries {
    /// Returns that nothing failed yet; further tries come after these times.
    #[must_use]
    pub const fn new(after: &'static [Duration]) -> Self {
        Self { by_channel: BTreeMap::new(), after }
    }

    /// Returns what a hook is to be given now of its post, and which try that is; `None` when there is nothing.
    pub fn next(&mut self, channel: &str, post: &Post, now: Timestamp) -> Option<(Post, u32)> {
        let Some(failed) = self.by_channel.get(channel) else {
            return Some((post.clone(), 1)).filter(|_| !post.send.is_empty());
        };
        let is_again = |occurrence: &&OccurrenceId| failed.occurrences.contains(occurrence);
        let send: Vec<OccurrenceId> = post.send.iter().filter(is_again).cloned().collect();
        if send.is_empty() {
            // Nothing is left to be said of those that failed.
            self.by_channel.remove(channel);
            return self.next(channel, post, now);
        }
        // A clock that was set back holds up nothing.
        let left = failed.not_before.duration_since(now);
        if left.is_positive() && left <= self.longest() {
            return None;
        }
        let attempt = u32::try_from(failed.times + 1).unwrap_or(u32::MAX);
        let telling = if send.len() > 1 { post.telling } else { Telling::Each };
        Some((Post { send, telling, ..post.clone() }, attempt))
    }

    /// Returns when the next hook is run again, behind this instant.
    #[must_use]
    pub fn due_after(&self, now: Timestamp) -> Option<Timestamp> {
        self.by_channel.values().map(|failed| failed.not_before).filter(|at| *at > now).min()
    }

    /// Notes how a hook ended; returns what is to be written down of it: nothing while it is to be run again.
    pub fn finish(&mut self, Finished { channel, occurrences, end }: Finished, now: Timestamp) -> Vec<Said> {
        let before = self.by_channel.remove(&channel).map_or(0, |failed| failed.times);
        let outcome = match (end, self.pause(before)) {
            (Ok(()), _) => Outcome::Delivered,
            (Err(_), Some(pause)) => {
                let not_before = now.checked_add(pause).unwrap_or(now);
                self.by_channel.insert(channel, Failed { times: before + 1, not_before, occurrences });
                return Vec::new();
            }
            (Err(end), None) => Outcome::Failed(end),
        };
        let of = |occurrence| Said::Outcome { occurrence, channel: channel.clone(), outcome: outcome.clone() };
        occurrences.into_iter().map(of).collect()
    }

    /// How long is waited after so many failures; `None` after the last.
    fn pause(&self, times: usize) -> Option<SignedDuration> {
        self.after.get(times).map(|pause| SignedDuration::try_from(*pause).unwrap_or_default())
    }

    fn longest(&self) -> SignedDuration {
        self.after.iter().filter_map(|pause| SignedDuration::try_from(*pause).ok()).max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::hook::TRIES_AFTER;

    fn post(names: &[&str]) -> Post {
        Post { send: names.iter().map(|name| OccurrenceId((*name).to_owned())).collect(), ..Post::default() }
    }

    fn ends(end: Result<(), String>, post: &Post) -> Finished {
        Finished { channel: "exec/10-mail".to_owned(), occurrences: post.send.clone(), end }
    }

    const MAIL: &str = "exec/10-mail";

    #[test]
    fn a_hook_that_fails_is_run_again_with_what_is_still_open_and_given_up_after_the_last_try() {
        let mut tries = Tries::new(&TRIES_AFTER);
        let at = |minute: i64| Timestamp::from_second(minute * 60).unwrap();
        let failed = || Err("ended with status 1".to_owned());
        let both = post(&["ana", "bo"]);
        assert_eq!(tries.next(MAIL, &both, at(0)), Some((both.clone(), 1)));
        assert_eq!(tries.finish(ends(failed(), &both), at(0)), []);
        assert_eq!((tries.next(MAIL, &both, at(0)), tries.due_after(at(0))), (None, Some(at(1))));
        // Bo was met, Cleo is new.
        let later = post(&["ana", "cleo"]);
        let ana = post(&["ana"]);
        assert_eq!(tries.next(MAIL, &later, at(1)), Some((ana.clone(), 2)));
        assert_eq!(tries.finish(ends(failed(), &ana), at(1)), []);
        assert_eq!(tries.next(MAIL, &later, at(10)), None);
        assert_eq!(tries.next(MAIL, &later, at(11)), Some((ana.clone(), 3)));
        let said = tries.finish(ends(failed(), &ana), at(11));
        assert!(matches!(said.as_slice(), [Said::Outcome { outcome: Outcome::Failed(_), .. }]), "{said:?}");
        assert_eq!(
            (tries.next(MAIL, &post(&["cleo"]), at(11)), tries.due_after(at(0))),
            (Some((post(&["cleo"]), 1)), None)
        );
    }

    #[test]
    fn what_was_answered_meanwhile_is_not_told_again_and_holds_up_nothing() {
        let mut tries = Tries::new(&TRIES_AFTER);
        let at = |minute: i64| Timestamp::from_second(minute * 60).unwrap();
        let ana = post(&["ana"]);
        assert_eq!(tries.finish(ends(Err("ended with status 1".to_owned()), &ana), at(60)), []);
        assert_eq!(tries.next(MAIL, &ana, at(0)), Some((ana.clone(), 2)), "the clock was set back by an hour");
        assert_eq!(tries.next(MAIL, &post(&[]), at(60)), None);
        assert_eq!(tries.next(MAIL, &post(&["cleo"]), at(60)), Some((post(&["cleo"]), 1)));
        assert!(matches!(
            tries.finish(ends(Ok(()), &ana), at(60)).as_slice(),
            [Said::Outcome { outcome: Outcome::Delivered, .. }]
        ));
    }
}
