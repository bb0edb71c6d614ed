//! Meetings in a calendar, those to come among them: nobody was in contact before they took place.
//!
//! Which of them deserve a word before is `plan::brief`; what they are called stands in their rows.

use jiff::Timestamp;
use kith_proto::interaction::{InteractionKind, Role};

use crate::book::Book;
use crate::book::people::Person;
use crate::book::touches::Touch;
use crate::fact::Said;
use crate::id::{PersonId, RecordId};
use crate::row::RowNo;

/// A meeting in a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// Its record.
    pub record: RecordId,
    /// Its row.
    pub row: RowNo,
    /// When it begins.
    pub at: Timestamp,
    /// Who takes part of those whom the owner knows, without the owner; each once.
    pub people: Vec<PersonId>,
}

impl Book {
    /// Returns when the next thing that is yet to come takes place, and [`Book::settle`] is due.
    #[must_use]
    pub fn next_ahead(&self) -> Option<Timestamp> {
        self.ahead.first().and_then(|(at, _)| Timestamp::from_second(*at).ok())
    }

    /// Returns the meetings that begin at this instant or later, by time, but for those that the owner declined.
    #[must_use]
    pub fn meetings_since(&self, since: Timestamp) -> Vec<Meeting> {
        let is_such =
            |touch: &&Touch| touch.kind == InteractionKind::Meeting && !touch.absent().any(|no| self.is_me(no));
        let touches = self.touches.since(since.as_second());
        let mut meetings: Vec<Meeting> = touches.filter(is_such).filter_map(|touch| self.meeting(touch)).collect();
        meetings.sort_unstable_by_key(|meeting| (meeting.at, meeting.record));
        meetings
    }

    /// Returns when a meeting of a calendar begins; `None` where there is none such any more, or the owner declined it.
    #[must_use]
    pub fn meeting_begins(&self, record: &RecordId) -> Option<Timestamp> {
        let entry = self.entries.get(*self.by_id.get(record)? as usize)?;
        let touch = self.touches.get(entry.touch? as usize)?;
        let declined = touch.absent().any(|no| self.is_me(no));
        if touch.kind != InteractionKind::Meeting || declined || !self.is_listed_touch(touch) {
            return None;
        }
        Timestamp::from_second(touch.at?).ok()
    }

    /// Returns when the owner last met or called somebody, by a source or told by the user; mail and messages are neither.
    #[must_use]
    pub fn last_met(&self, person: &Person) -> Option<Timestamp> {
        let is_meeting = |kind: InteractionKind| matches!(kind, InteractionKind::Meeting | InteractionKind::Call);
        let met = self.touches_of(person).filter(|touch| is_meeting(touch.kind) && !self.is_ahead(touch));
        let met = met.filter_map(|touch| Timestamp::from_second(touch.at?).ok());
        let told = person.members.iter().flat_map(|member| self.words().logs(member.record)).filter_map(|id| {
            let (_, Said::Log { kind, at, .. }) = self.words().get(id)? else { return None };
            is_meeting(*kind).then_some(*at)
        });
        met.chain(told).max()
    }

    /// Whether something is planned for a time that has not come. Mail from a clock that is wrong was written all the same.
    pub(super) const fn is_ahead(&self, touch: &Touch) -> bool {
        match (touch.kind, touch.at) {
            (InteractionKind::Meeting | InteractionKind::Call, Some(at)) => at > self.now,
            _ => false,
        }
    }

    /// Takes out what was yet to come and has come.
    pub(super) fn take_what_came(&mut self) -> Vec<usize> {
        let later = self.ahead.split_off(&(self.now.saturating_add(1), 0));
        core::mem::replace(&mut self.ahead, later).into_iter().map(|(_, number)| number).collect()
    }

    fn meeting(&self, touch: &Touch) -> Option<Meeting> {
        let entry = self.entries.get(touch.entry as usize)?;
        let present = touch.participants.iter().filter(|(role, _)| *role != Role::Absent).map(|(_, no)| *no);
        let heads = present.filter(|no| !self.is_me(*no)).map(|no| self.resolver.head(no));
        let mut people: Vec<PersonId> =
            heads.filter(|head| self.is_listed(*head)).filter_map(|head| self.earliest(head)).collect();
        people.sort_unstable();
        people.dedup();
        Some(Meeting { record: entry.id, row: entry.row, at: Timestamp::from_second(touch.at?).ok()?, people })
    }
}
