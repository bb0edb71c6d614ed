//! Who the owner is by the mail that lies among the sent: whoever wrote enough of it.
//!
//! People move mail by hand, and some of what lies there is not theirs; so a single message says nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::book::touches::Touch;

/// An owner wrote at least so many of the messages among the sent.
const AT_LEAST: u32 = 3;

/// And at least one of so many.
const ONE_OF: u32 = 20;

/// How many messages among the sent each entry wrote.
#[derive(Debug, Default)]
pub(crate) struct Senders {
    by_entry: BTreeMap<u32, u32>,
    /// Touches up to here are counted.
    upto: usize,
}

impl Senders {
    /// Counts what is new among the touches.
    pub(crate) fn count(&mut self, touches: &[Touch]) {
        let new = touches.get(self.upto..).unwrap_or_default();
        for no in new.iter().filter(|touch| touch.sent).flat_map(Touch::senders) {
            *self.by_entry.entry(no).or_default() += 1;
        }
        self.upto = touches.len();
    }

    /// Returns the groups that wrote enough to be the owner, where `head` names the group of an entry.
    pub(crate) fn owners(&self, head: impl Fn(u32) -> u32) -> BTreeSet<u32> {
        let mut by_group: BTreeMap<u32, u32> = BTreeMap::new();
        for (no, count) in &self.by_entry {
            *by_group.entry(head(*no)).or_default() += count;
        }
        let enough = (by_group.values().sum::<u32>() / ONE_OF).max(AT_LEAST);
        by_group.into_iter().filter(|(_, count)| *count >= enough).map(|(group, _)| group).collect()
    }
}

#[cfg(test)]
mod tests {
    use kith_proto::interaction::{InteractionKind, Role};

    use super::*;

    /// Returns the groups that own messages, given who wrote each; entries 10 and 11 are one group.
    fn owners(senders: &[u32], sent: bool) -> Vec<u32> {
        let touch = |no: &u32| Touch {
            entry: 0,
            kind: InteractionKind::Mail,
            at: None,
            answered: false,
            sent,
            name: 0,
            thread: 0,
            answers: 0,
            subject: 0,
            participants: [(Role::From, *no), (Role::To, 99)].into(),
        };
        let touches: Vec<Touch> = senders.iter().map(touch).collect();
        let mut counted = Senders::default();
        counted.count(&touches[..touches.len() / 2]);
        counted.count(&touches);
        counted.owners(|no| if no == 11 { 10 } else { no }).into_iter().collect()
    }

    #[test]
    fn who_wrote_most_of_the_sent_mail_is_the_owner_under_each_address() {
        assert_eq!(owners(&[1; 40], true), [1]);
        assert_eq!(owners(&[&[1; 40][..], &[2; 5]].concat(), true), [1, 2]);
        assert_eq!(owners(&[10, 11, 10], true), [10]);
    }

    #[test]
    fn a_few_messages_of_others_that_were_put_there_make_nobody_the_owner() {
        assert_eq!(owners(&[&[1; 400][..], &[2; 9], &[3; 2]].concat(), true), [1]);
        assert_eq!(owners(&[1, 2], true), [0; 0]);
        assert_eq!(owners(&[1; 40], false), [0; 0]);
    }
}
