//! What is resident of interactions, in which of them each record took part, and when they were.

use std::collections::BTreeSet;

use kith_proto::interaction::{InteractionKind, Role};

/// No taking part.
const NONE: u32 = u32::MAX;

/// The interactions, each with its number, in the order in which they came.
///
/// They are only added. Another may take the place of one, with the same people at the same time; else all are taken in again.
#[derive(Debug, Default)]
pub(super) struct Touches {
    all: Vec<Touch>,
    /// Each taking part: the number of the touch, and where the record's taking part before this one stands.
    parts: Vec<(u32, u32)>,
    /// Where the newest taking part of each record stands.
    newest: Vec<u32>,
    /// When each took place, in seconds since 1970, and its number; those of which no time is known are not among them.
    by_time: BTreeSet<(i64, u32)>,
}

impl Touches {
    /// Adds one, and returns its number.
    pub(super) fn add(&mut self, touch: Touch) -> Option<u32> {
        let number = u32::try_from(self.all.len()).ok()?;
        for (_, record) in &touch.participants {
            let (record, at) = (*record as usize, u32::try_from(self.parts.len()).ok()?);
            if self.newest.len() <= record {
                self.newest.resize(record + 1, NONE);
            }
            if let Some(newest) = self.newest.get_mut(record) {
                self.parts.push((number, core::mem::replace(newest, at)));
            }
        }
        self.by_time.extend(touch.at.map(|at| (at, number)));
        self.all.push(touch);
        Some(number)
    }

    /// Returns all of them, by number.
    pub(super) fn all(&self) -> &[Touch] {
        &self.all
    }

    /// Returns the one with this number.
    pub(super) fn get(&self, number: usize) -> Option<&Touch> {
        self.all.get(number)
    }

    /// Returns the one with this number, for another to take its place: one with other people or at another time is not found
    /// by them before all are taken in again.
    pub(super) fn get_mut(&mut self, number: usize) -> Option<&mut Touch> {
        self.all.get_mut(number)
    }

    /// Returns those in which one of these records took part, each once, in the order in which they came.
    pub(super) fn of(&self, records: impl IntoIterator<Item = u32>) -> impl Iterator<Item = &Touch> {
        let newest = records.into_iter().filter_map(|record| self.newest.get(record as usize));
        let parts = newest.flat_map(|newest| {
            core::iter::successors(self.part(*newest), |(_, before)| self.part(*before)).map(|(number, _)| number)
        });
        let numbers: BTreeSet<u32> = parts.collect();
        numbers.into_iter().filter_map(|number| self.get(number as usize))
    }

    /// Returns those that took place at this time or later, in seconds since 1970, by time.
    pub(super) fn since(&self, since_s: i64) -> impl Iterator<Item = &Touch> {
        self.by_time.range((since_s, 0)..).filter_map(|(_, number)| self.get(*number as usize))
    }

    fn part(&self, at: u32) -> Option<(u32, u32)> {
        self.parts.get(at as usize).copied()
    }
}

/// What is resident of an interaction.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Touch {
    pub(crate) entry: u32,
    pub(crate) kind: InteractionKind,
    pub(crate) at: Option<i64>,
    pub(crate) answered: bool,
    /// It lies among the mail that the owner sent.
    pub(crate) sent: bool,
    /// The hash of its key.
    pub(crate) name: u64,
    /// The hash of the thread that it names, or its own.
    pub(crate) thread: u64,
    /// The hash of the message that it answers, or the thread's.
    pub(crate) answers: u64,
    /// The hash of what a mail is about; 0 where nothing says so.
    pub(crate) subject: u64,
    pub(crate) participants: Box<[(Role, u32)]>,
}

impl Touch {
    /// Returns whether people were in contact: an invitation, sent or accepted, is none.
    pub(crate) const fn is_contact(&self) -> bool {
        match self.kind {
            InteractionKind::Mail
            | InteractionKind::Message
            | InteractionKind::Meeting
            | InteractionKind::Call
            | InteractionKind::Other => true,
            InteractionKind::Invitation
            | InteractionKind::InvitationAccepted
            | InteractionKind::Endorsement
            | InteractionKind::Recommendation => false,
        }
    }

    /// Returns whether it is a mail or a message on a service.
    pub(crate) const fn is_written(&self) -> bool {
        matches!(self.kind, InteractionKind::Mail | InteractionKind::Message)
    }

    /// Returns the messages that it joins to one thread, itself among them; none where it is no message.
    pub(crate) fn names(&self) -> Option<[u64; 3]> {
        self.is_written().then_some([self.name, self.thread, self.answers])
    }

    /// Returns whether it names neither a thread nor a message that it answers.
    pub(crate) const fn names_nothing(&self) -> bool {
        self.thread == self.name && self.answers == self.name
    }

    pub(crate) fn senders(&self) -> impl Iterator<Item = u32> {
        self.participants.iter().filter(|(role, _)| *role == Role::From).map(|(_, no)| *no)
    }

    /// All who took part.
    pub(crate) fn present(&self) -> BTreeSet<u32> {
        self.participants.iter().filter(|(role, _)| *role != Role::Absent).map(|(_, no)| *no).collect()
    }

    /// Those who were invited and did not come.
    pub(crate) fn absent(&self) -> impl Iterator<Item = u32> {
        self.participants.iter().filter(|(role, _)| *role == Role::Absent).map(|(_, no)| *no)
    }

    /// Returns whether the entries need not be derived anew when this becomes `other`: the same people, at the same time.
    pub(crate) fn may_become(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.at == other.at
            && self.participants == other.participants
            && (other.answered || !self.answered)
    }

    /// Those whom the owner was in contact with, when the owner began.
    pub(crate) fn everyone_else(&self) -> Box<dyn Iterator<Item = u32> + '_> {
        let met = |role: Role| !matches!(role, Role::From | Role::Absent);
        Box::new(self.participants.iter().filter(move |(role, _)| met(*role)).map(|(_, no)| *no))
    }

    /// Those whom the owner was in contact with, when another began: the sender, and who else was present.
    pub(crate) fn those_who_spoke(&self) -> Box<dyn Iterator<Item = u32> + '_> {
        Box::new(self.participants.iter().filter(|(r, _)| matches!(r, Role::From | Role::Attendee)).map(|(_, no)| *no))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(name: u64, at: Option<i64>, participants: &[(Role, u32)]) -> Touch {
        Touch {
            entry: 0,
            kind: InteractionKind::Mail,
            at,
            answered: false,
            sent: false,
            name,
            thread: name,
            answers: name,
            subject: 0,
            participants: participants.into(),
        }
    }

    #[test]
    fn those_of_several_records_come_once_each_in_their_order() {
        let mut touches = Touches::default();
        let mails: [&[(Role, u32)]; 4] = [
            &[(Role::From, 7), (Role::To, 2)],
            &[(Role::From, 2), (Role::To, 2), (Role::Cc, 7)],
            &[(Role::From, 5)],
            &[(Role::From, 9), (Role::To, 7)],
        ];
        for (name, participants) in (0..).zip(mails) {
            assert!(touches.add(touch(name, None, participants)).is_some());
        }
        let of = |records: &[u32]| touches.of(records.iter().copied()).map(|touch| touch.name).collect::<Vec<_>>();
        assert_eq!(of(&[7]), [0, 1, 3]);
        assert_eq!(of(&[2]), [0, 1]);
        assert_eq!(of(&[9, 2, 7, 2]), [0, 1, 3]);
        assert_eq!(of(&[1]), [0; 0], "in between, and in none");
        assert_eq!(of(&[1_000]), [0; 0]);
    }

    #[test]
    fn those_since_a_time_come_by_time_and_without_one_never() {
        let mut touches = Touches::default();
        for (name, at) in (0..).zip([Some(20), None, Some(-5), Some(10), Some(20)]) {
            assert!(touches.add(touch(name, at, &[])).is_some());
        }
        let since = |since| touches.since(since).map(|touch| touch.name).collect::<Vec<_>>();
        assert_eq!(since(10), [3, 0, 4]);
        assert_eq!(since(11), [0, 4]);
        assert_eq!(since(i64::MIN), [2, 3, 0, 4]);
        assert_eq!(since(21), [0; 0]);
    }
}
