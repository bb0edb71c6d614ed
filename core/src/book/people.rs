//! Questions about people: who there is, whom the owner writes to. Who is meant by words is `find`.

use std::collections::BTreeSet;

use jiff::Timestamp;
use kith_proto::date::PartialDate;
use kith_proto::interaction::InteractionKind;

use crate::book::entry::{Entry, Flags};
use crate::book::touches::Touch;
use crate::book::{Book, Counts};
use crate::fact::Said;
use crate::id::{PersonId, RecordId};
use crate::noted::{NotedDay, merged};
use crate::row::{RowNo, month_and_day};

/// The source of LinkedIn's records.
const LINKEDIN: &str = "linkedin";

/// A person, as the book knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// Their records, the earliest first.
    pub members: Vec<Member>,
    /// When there last was contact.
    pub last_interaction: Option<Timestamp>,
    /// When they were first seen.
    pub first_seen: Timestamp,
    /// Their birthday.
    pub birthday: Option<PartialDate>,
    /// Other days of theirs that come back, each once.
    pub days: Vec<NotedDay>,
    /// How many interactions the owner began.
    pub sent: u32,
    /// How many they began.
    pub received: u32,
    /// No source lists them any more.
    pub retired: bool,
    /// Whether a card of theirs says that they died.
    pub life: Life,
    /// Whether a card of theirs was another before.
    pub versions: Versions,
    /// They are the owner.
    pub me: bool,
    /// They are to be reconnected with: a single person, not the owner, known by a card or by being written to.
    pub listed: bool,
}

/// Whether somebody lives, as far as their cards tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// No card says otherwise.
    Living,
    /// They died.
    Died,
}

/// Whether a card was another before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Versions {
    /// It was always as it is.
    One,
    /// It was another.
    Several,
}

/// A record of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Which.
    pub record: RecordId,
    /// Its row; that of the interaction that first showed a participant; `None` for one added without a file.
    pub row: Option<RowNo>,
    /// What it is.
    pub kind: MemberKind,
    /// A source still lists it.
    pub present: bool,
}

/// What a person's record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberKind {
    /// A card from a file.
    Card,
    /// One who took part in an interaction.
    Participant,
    /// A card that the user added.
    Manual,
}

impl Person {
    /// Returns the ids of the person's records.
    #[must_use]
    pub fn records(&self) -> Vec<RecordId> {
        self.members.iter().map(|m| m.record).collect()
    }

    /// Returns whether they are somebody the owner really writes to: more than once and answered, or often.
    #[must_use]
    pub const fn is_correspondent(&self) -> bool {
        (self.sent >= 2 && self.received >= 1) || self.sent >= 4
    }

    /// Returns whether there may be news of them: a card of theirs was another before, or one ended where there is a second.
    #[must_use]
    pub fn may_have_news(&self) -> bool {
        let cards = || self.members.iter().filter(|member| member.kind == MemberKind::Card);
        self.versions == Versions::Several || (cards().count() > 1 && cards().any(|card| !card.present))
    }

    /// Returns whether a card of theirs says that they died.
    #[must_use]
    pub const fn has_died(&self) -> bool {
        matches!(self.life, Life::Died)
    }

    /// Returns whether the owner may be reminded of them.
    #[must_use]
    pub const fn may_be_reminded_of(&self) -> bool {
        self.listed && !self.me && !self.retired && !self.has_died()
    }
}

impl Book {
    /// Returns how many there are.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let is_person = |entry: &&Entry| entry.flags.contains(Flags::LISTED) && entry.touch.is_none();
        Counts {
            people: self.heads().count(),
            records: self.entries.iter().filter(is_person).count(),
            interactions: self.entries.iter().filter(|e| e.touch.is_some()).count() + self.words.logged(),
            imports: self.imports.iter().filter(|(_, undone)| !undone).count(),
        }
    }

    /// Returns everyone to reconnect with, in no order that means anything.
    pub fn people(&self) -> impl Iterator<Item = Person> + '_ {
        self.heads().filter_map(|no| self.person_at(no))
    }

    /// Returns the person of this record, if the record is known; also the owner and whom nothing speaks for.
    #[must_use]
    pub fn person(&self, record: &RecordId) -> Option<Person> {
        self.person_at(*self.by_id.get(record)?)
    }

    /// Returns the interactions of a person that took place, newest first: the row of each and when it was.
    #[must_use]
    pub fn interactions(&self, person: &Person) -> Vec<(RowNo, Option<i64>)> {
        let touches = self.touches_of(person).filter(|touch| !self.is_ahead(touch));
        let mut rows: Vec<_> = touches.filter_map(|t| Some((self.entries.get(t.entry as usize)?.row, t.at))).collect();
        rows.sort_unstable_by_key(|(row, at)| (core::cmp::Reverse(*at), *row));
        rows
    }

    /// Returns what the last contact with a person was, from a source or told by the user.
    #[must_use]
    pub fn last_kind(&self, person: &Person) -> Option<InteractionKind> {
        let last = person.last_interaction.map(Timestamp::as_second);
        let at_last = self.touches_of(person).filter(|touch| touch.at == last && touch.is_contact());
        let touches = at_last.map(|touch| (touch.at, touch.kind));
        let told = person.members.iter().flat_map(|member| self.words.logs(member.record)).filter_map(|id| {
            let (_, Said::Log { kind, at, .. }) = self.words.get(id)? else { return None };
            Some((Some(at.as_second()), *kind))
        });
        touches.chain(told).max_by_key(|(at, _)| *at).map(|(_, kind)| kind)
    }

    /// Returns when the owner last was in contact with a person, as far as it was not by what they wrote alone.
    #[must_use]
    pub fn last_reached(&self, person: &Person) -> Option<Timestamp> {
        let records = person.members.iter().filter_map(|member| self.by_id.get(&member.record));
        let entries = records.filter_map(|no| self.entries.get(*no as usize));
        let last = entries.map(|entry| entry.reached).max().filter(|last| *last > i64::MIN);
        last.and_then(|last| Timestamp::from_second(last).ok())
    }

    /// Returns those the owner really writes to, most first: written to more than once and answered, or written to often.
    #[must_use]
    pub fn correspondents(&self) -> Vec<Person> {
        let mut people = self.people_at(self.written());
        people.retain(|person| person.is_correspondent() && person.may_be_reminded_of());
        people.sort_by_key(|p| (core::cmp::Reverse(p.sent), p.id));
        people
    }

    /// Returns whether a person is known by LinkedIn alone: no card of another source, no mail, no meeting, no word of the
    /// owner's about one.
    #[must_use]
    pub fn is_known_by_linkedin_alone(&self, person: &Person) -> bool {
        let told = person.members.iter().any(|member| self.words.logs(member.record).next().is_some());
        let entries =
            person.members.iter().filter_map(|member| self.entries.get(*self.by_id.get(&member.record)? as usize));
        let of_linkedin = |entry: &Entry| {
            let collection = self.imports.collection(entry.collection);
            let other_card = entry.flags.contains(Flags::CARD) && collection.is_none_or(|of| of.source != LINKEDIN);
            !other_card && !entry.flags.contains(Flags::BEYOND)
        };
        !told && entries.into_iter().all(of_linkedin)
    }

    /// Returns the owner: several groups of records, where nothing joins what each is known by.
    #[must_use]
    pub fn owner(&self) -> Vec<Person> {
        let heads: BTreeSet<u32> = self.my_records.iter().map(|no| self.resolver.head(*no)).collect();
        heads.into_iter().filter_map(|head| self.person_at(head)).collect()
    }

    /// Returns whether this record is the owner's.
    #[must_use]
    pub fn is_owner(&self, record: &RecordId) -> bool {
        self.by_id.get(record).is_some_and(|no| self.is_me(*no))
    }

    /// Returns the rows of all interactions that count.
    pub fn all_interactions(&self) -> impl Iterator<Item = RowNo> + '_ {
        self.touches.all().iter().filter_map(|t| self.entries.get(t.entry as usize)).map(|e| e.row)
    }

    /// Returns the person of this record by id alone, without looking at their records.
    #[must_use]
    pub fn person_id(&self, record: &RecordId) -> PersonId {
        self.by_id.get(record).and_then(|no| self.earliest(*no)).unwrap_or(*record)
    }

    pub(super) fn touches_of(&self, person: &Person) -> impl Iterator<Item = &Touch> {
        self.touches.of(person.members.iter().filter_map(|member| self.by_id.get(&member.record).copied()))
    }

    pub(super) fn heads(&self) -> impl Iterator<Item = u32> + '_ {
        (0..).zip(&self.entries).map(|(no, _)| no).filter(|no| self.resolver.head(*no) == *no && self.is_listed(*no))
    }

    /// Organisations, groups and shared mailboxes: kept and found, and nobody to reconnect with.
    pub(super) fn heads_of_others(&self) -> impl Iterator<Item = u32> + '_ {
        let is_head = |no: &u32| self.resolver.head(*no) == *no && !self.is_me(*no) && !self.is_listed(*no);
        let speaks = |entry: &Entry| entry.is_somebody() && !entry.flags.contains(Flags::INDIVIDUAL);
        let heads = (0..).zip(&self.entries).map(|(no, _)| no).filter(is_head);
        heads.filter(move |no| self.member_entries(*no).any(|(_, entry)| speaks(entry)))
    }

    /// People of mail whom the owner never wrote to.
    pub(super) fn heads_of_strangers(&self) -> impl Iterator<Item = u32> + '_ {
        let is_head = |no: &u32| self.resolver.head(*no) == *no && !self.is_me(*no) && !self.is_listed(*no);
        let speaks = |entry: &Entry| entry.is_somebody() && entry.flags.contains(Flags::INDIVIDUAL);
        let heads = (0..).zip(&self.entries).map(|(no, _)| no).filter(is_head);
        heads.filter(move |no| self.member_entries(*no).all(|(_, entry)| speaks(entry)))
    }

    pub(super) fn is_listed(&self, head: u32) -> bool {
        !self.is_me(head) && self.member_entries(head).any(|(_, entry)| self.speaks_for_a_person(entry))
    }

    fn speaks_for_a_person(&self, entry: &Entry) -> bool {
        let card = entry.flags.contains(Flags::CARD);
        let participant =
            entry.flags.contains(Flags::PARTICIPANT) && (self.everyone || entry.flags.contains(Flags::WRITTEN));
        (card || participant) && entry.flags.contains(Flags::INDIVIDUAL) && !entry.flags.contains(Flags::OWNER)
    }

    pub(super) fn member_entries(&self, no: u32) -> impl Iterator<Item = (u32, &Entry)> {
        let entries = self.resolver.members(no).filter_map(|m| Some((m, self.entries.get(m as usize)?)));
        entries.filter(|(_, e)| e.flags.contains(Flags::LISTED) && e.touch.is_none())
    }

    pub(super) fn earliest(&self, no: u32) -> Option<RecordId> {
        self.member_entries(no).map(|(_, e)| (e.first_seen, e.id)).min().map(|(_, id)| id)
    }

    /// Returns everyone to reconnect with of these records, each once.
    pub(super) fn people_at(&self, records: impl IntoIterator<Item = u32>) -> Vec<Person> {
        let mut heads: Vec<u32> = records.into_iter().map(|no| self.resolver.head(no)).collect();
        heads.sort_unstable();
        heads.dedup();
        heads.into_iter().filter(|no| self.is_listed(*no)).filter_map(|no| self.person_at(no)).collect()
    }

    pub(super) fn person_at(&self, no: u32) -> Option<Person> {
        let mut members: Vec<(u32, &Entry)> = self.member_entries(no).collect();
        members.sort_unstable_by_key(|(_, e)| (e.first_seen, e.id));
        let (_, earliest) = members.first()?;
        let head = self.resolver.head(no);
        let last = members.iter().map(|(_, e)| e.last).max().filter(|last| *last > i64::MIN);
        Some(Person {
            id: earliest.id,
            first_seen: earliest.first_seen.timestamp(),
            last_interaction: last.and_then(|s| Timestamp::from_second(s).ok()),
            birthday: self.birthday(&members),
            days: merged(members.iter().flat_map(|(_, e)| e.days.iter().copied())),
            sent: members.iter().map(|(_, e)| u32::from(e.sent)).sum(),
            received: members.iter().map(|(_, e)| u32::from(e.received)).sum(),
            retired: self.is_retired(&members),
            life: if members.iter().any(|(_, e)| e.flags.contains(Flags::DIED)) { Life::Died } else { Life::Living },
            versions: if members.iter().any(|(_, e)| e.flags.contains(Flags::CHANGED)) {
                Versions::Several
            } else {
                Versions::One
            },
            me: self.is_me(head),
            listed: self.is_listed(head),
            members: members.iter().map(|(_, e)| self.member(e)).collect(),
        })
    }

    /// What the user said, else what a card says that they added, else the newest of the others; with the year, where another
    /// of their cards has it for that day.
    fn birthday(&self, members: &[(u32, &Entry)]) -> Option<PartialDate> {
        if let [(_, only)] = members {
            return only.birthday;
        }
        let standing = |entry: &Entry| {
            let [said, manual, echo] =
                [Flags::BORN_SAID, Flags::MANUAL, Flags::ECHO].map(|flag| entry.flags.contains(flag));
            (said, manual, !echo, self.imports.rank(entry.newest.0, entry.newest.1, None))
        };
        let born = || members.iter().filter_map(|(_, entry)| Some((standing(entry), entry.birthday?)));
        let (_, best) = born().max()?;
        let same_day = |day: &PartialDate| month_and_day(*day).is_some() && month_and_day(*day) == month_and_day(best);
        let whole = born().map(|(_, day)| day).filter(|day| day.year().is_some() && same_day(day)).max();
        whole.filter(|_| best.year().is_none()).or(Some(best))
    }

    /// A card that kith wrote counts only where it is all that there is.
    fn is_retired(&self, members: &[(u32, &Entry)]) -> bool {
        let listed = |echo: bool| {
            let mut of_kind = members.iter().filter(move |(_, e)| e.flags.contains(Flags::ECHO) == echo).peekable();
            of_kind.peek().is_some().then(|| of_kind.any(|(_, e)| self.is_present(e)))
        };
        !listed(false).or_else(|| listed(true)).unwrap_or(false)
    }

    fn member(&self, entry: &Entry) -> Member {
        let kind = if entry.flags.contains(Flags::MANUAL) {
            MemberKind::Manual
        } else if entry.flags.contains(Flags::CARD) {
            MemberKind::Card
        } else {
            MemberKind::Participant
        };
        let row = (kind != MemberKind::Manual).then_some(entry.row);
        Member { record: entry.id, row, kind, present: self.is_present(entry) }
    }
}

#[cfg(test)]
mod tests {
    use kith_proto::card::Card;
    use serde_json::json;

    use super::*;
    use crate::book::words::manual_record;
    use crate::hlc::Hlc;
    use crate::id::{DeviceId, FactId};

    #[test]
    fn whoever_died_is_kept_and_nobody_to_be_reminded_of() {
        let mut book = Book::default();
        let at = Hlc::default().next("2026-11-23T08:00:00Z".parse().unwrap());
        let born = json!({"kind": "birth", "date": {"year": 1940, "month": 4, "day": 12}});
        let says = [
            ("alive", json!({"anniversaries": [born]})),
            ("died", json!({"anniversaries": [born, {"kind": "death", "date": {"year": 2024}}]})),
            (
                "some day",
                json!({"anniversaries": [born], "vCardProps": [{"name": "DEATHDATE", "value": "circa 2020"}]}),
            ),
            ("nothing", json!({"anniversaries": [born], "vCardProps": [{"name": "DEATHDATE", "value": ""}]})),
        ];
        for (seq, (key, card)) in (1..).zip(says) {
            let card = Box::new(Card { name: name(key), ..serde_json::from_value(card).unwrap() });
            let id = FactId { device: DeviceId::from_random([1, 2, 3, 4]), seq };
            book.say(&id, at, Said::Add { key: key.to_owned(), card });
        }
        book.settle("2026-11-23T08:00:00Z".parse().unwrap());
        for (key, is_reminded_of) in [("alive", true), ("died", false), ("some day", false), ("nothing", true)] {
            let person = book.person(&manual_record(key)).unwrap();
            assert_eq!((person.listed, person.may_be_reminded_of()), (true, is_reminded_of), "{key}");
        }
    }

    fn name(key: &str) -> kith_proto::card::Name {
        kith_proto::card::Name { full: Some(format!("Ana {key}")), components: Vec::new() }
    }
}
