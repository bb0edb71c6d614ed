//! Promises that stand in mail which the owner sent, proposed until the owner confirms or drops them.
//!
//! They are derived from the mails that count, and written down nowhere else: without the mail there is no proposal, and the
//! same mail again is the same one. What is old, or was likely kept since, is not proposed: nobody wants to clear up last year.
//!
//! ```text
//!  mail to Ana: "I'll send you the draft by Friday."  ─▶  proposed, until 30 days after that Friday
//!     confirmed: a promise as any other    dropped, or the mail gone: nothing
//! ```

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _, Zoned};
use kith_proto::interaction::{InteractionKind, Role};

use crate::book::Book;
use crate::book::entry::{Entry, Flags};
use crate::book::touches::Touch;
use crate::id::{PersonId, RecordId};
use crate::row::PromisedGist;

/// For how many days behind its day a promise is proposed; without one, behind the day on which the mail was sent.
const PROPOSED_FOR_DAYS: i32 = 30;

/// A promise that a mail of the owner's seems to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its id: a hash of the mail's record and the sentence.
    pub id: RecordId,
    /// Whom it was made to.
    pub person: PersonId,
    /// The record of theirs to which the mail was sent.
    pub record: RecordId,
    /// The sentence.
    pub text: String,
    /// By when.
    pub due: Option<Date>,
    /// When the mail was sent.
    pub at: Timestamp,
}

/// Returns the id of the proposal that a sentence of a mail makes.
#[must_use]
pub fn proposal_id(mail: &RecordId, text: &str) -> RecordId {
    RecordId::new("promise", &format!("{mail}\n{text}"))
}

impl Book {
    /// Returns the promises that the owner's mails seem to make, and that the owner said nothing of yet, the newest first.
    ///
    /// Proposed is what was promised to one person: the only one in To. Not proposed is what was to be done more than 30 days
    /// ago, or, without a day, was promised more than 30 days ago; nor what is not for a day to come, when the owner wrote to
    /// the person again since.
    #[must_use]
    pub fn proposals(&self, now: &Zoned) -> Vec<Proposal> {
        let mails = self.promised.iter().filter_map(|(no, promised)| Some((self.promising(*no)?, promised)));
        let of_mail = mails.flat_map(|(mail, promised)| promised.iter().map(move |one| mail.proposal(one)));
        let settled = self.words.giving().settled();
        let mut proposals: Vec<Proposal> =
            of_mail.filter(|one| !settled.contains(&one.id) && !is_old(one, now)).collect();
        let written = self.last_written(&proposals);
        proposals.retain(|one| {
            let is_ahead = one.due.is_some_and(|due| due >= now.date());
            is_ahead || written.get(&one.person).is_none_or(|last| *last <= one.at)
        });
        proposals.sort_by(|a, b| (b.at, &a.id).cmp(&(a.at, &b.id)));
        proposals
    }

    /// The mail of this entry, if a promise in it can be the owner's and to somebody.
    fn promising(&self, no: u32) -> Option<Promising> {
        let entry = self.entries.get(no as usize)?;
        let touch = self.touches.get(entry.touch? as usize)?;
        if touch.kind != InteractionKind::Mail || !self.is_from_me(touch) || !self.is_listed_touch(touch) {
            return None;
        }
        let (to, person) = self.only_person_addressed(touch)?;
        let record = self.entries.get(to as usize)?.id;
        Some(Promising { mail: entry.id, person, record, at: Timestamp::from_second(touch.at?).ok()? })
    }

    /// The one person whom a message is addressed to, besides the owner; `None` where there are none, or several.
    fn only_person_addressed(&self, touch: &Touch) -> Option<(u32, PersonId)> {
        let individual = |(_, entry): (u32, &Entry)| entry.flags.contains(Flags::INDIVIDUAL);
        let addressed = touch.participants.iter().filter(|(role, no)| *role == Role::To && !self.is_me(*no));
        let people: BTreeMap<PersonId, u32> = addressed
            .filter(|(_, no)| self.member_entries(*no).any(individual))
            .filter_map(|(_, no)| Some((self.person_at(*no).filter(|person| !person.has_died())?.id, *no)))
            .collect();
        let mut people = people.into_iter();
        let (person, no) = people.next()?;
        people.next().is_none().then_some((no, person))
    }

    /// When the owner wrote last to those to whom something is proposed.
    fn last_written(&self, proposals: &[Proposal]) -> BTreeMap<PersonId, Timestamp> {
        let mut last = BTreeMap::new();
        let wanted: BTreeSet<PersonId> = proposals.iter().map(|one| one.person).collect();
        let Some(since) = proposals.iter().map(|one| one.at.as_second()).min() else { return last };
        let mut people: BTreeMap<u32, PersonId> = BTreeMap::new();
        for person in &wanted {
            let members = self.person(person).map(|known| known.records()).unwrap_or_default();
            people.extend(members.iter().filter_map(|record| Some((*self.by_id.get(record)?, *person))));
        }
        let later = self.touches.since(since.saturating_add(1));
        for touch in later.filter(|touch| self.is_from_me(touch) && self.is_listed_touch(touch)) {
            let Some(at) = touch.at.and_then(|at| Timestamp::from_second(at).ok()) else { continue };
            for person in touch.everyone_else().filter_map(|no| people.get(&no)) {
                let known = last.entry(*person).or_insert(at);
                *known = at.max(*known);
            }
        }
        last
    }
}

/// A mail of the owner's to one person.
#[derive(Debug, Clone, Copy)]
struct Promising {
    mail: RecordId,
    person: PersonId,
    record: RecordId,
    at: Timestamp,
}

impl Promising {
    fn proposal(self, promised: &PromisedGist) -> Proposal {
        let Self { mail, person, record, at } = self;
        let (text, due) = (promised.text.clone(), promised.due);
        Proposal { id: proposal_id(&mail, &text), person, record, text, due, at }
    }
}

fn is_old(proposal: &Proposal, now: &Zoned) -> bool {
    let of = proposal.due.unwrap_or_else(|| now.time_zone().to_datetime(proposal.at).date());
    of.saturating_add(PROPOSED_FOR_DAYS.days()) < now.date()
}
