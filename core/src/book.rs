//! The book: who is known, as far as questions need it at once. Everything else lies in the store's rows.
//!
//! Resident are the search index, one compact entry a record, and what was said; names, notes and histories are read from
//! rows. The book is a pure function of the facts, in any order: what depends on the whole (who the owner is, what a complete
//! export no longer lists) is derived again when the whole changes.
//!
//! ```text
//!  rows ─facet─▶ entries ─┬─ resolver ─▶ people
//!  facts said ─▶ words ───┘
//! ```

mod acquaintance;
pub mod ahead;
mod apply;
pub mod balance;
mod coming;
pub mod entry;
pub mod facet;
pub mod find;
pub mod forgotten;
pub mod giving;
pub mod imports;
pub mod introductions;
mod links;
pub mod people;
pub mod proposals;
pub mod reminders;
pub mod rulings;
mod said;
mod senders;
pub mod threads;
mod touches;
pub mod words;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use kith_proto::emit::Part;
use kith_proto::interaction::InteractionKind;

use crate::book::coming::Coming;
use crate::book::entry::{Entry, Flags, NO_ROW};
use crate::book::facet::{Aspect, Facet};
use crate::book::imports::{Collection, ImportRow, Imports, Rank};
use crate::book::senders::Senders;
use crate::book::touches::Touches;
use crate::book::words::{Effect, Words};
use crate::digest::{digest_card, owner_identifiers};
use crate::fact::{MailPeople, Said};
use crate::hlc::Hlc;
use crate::id::{FactId, RecordId};
use crate::identity::{IdentifierHash, PassThrough};
use crate::normalize::Region;
use crate::noted::merged;
use crate::resolve::Resolver;
use crate::row::{ContentHash, ImportNo, PromisedGist, RowNo};
use crate::uid::CardUid;

/// Who is known.
#[derive(Debug, Default)]
pub struct Book {
    imports: Imports,
    words: Words,
    entries: Vec<Entry>,
    by_id: HashMap<RecordId, u32, PassThrough>,
    resolver: Resolver,
    /// The UIDs on cards that kith wrote: the records that they name join them.
    uids: BTreeSet<CardUid>,
    touches: Touches,
    /// Where a plan looks.
    coming: Coming,
    /// What mails promise, by the entry of each.
    promised: BTreeMap<u32, Vec<PromisedGist>>,
    /// Touches up to here are reflected in the entries.
    derived_upto: usize,
    /// Up to when things took place, in seconds since 1970.
    now: i64,
    /// What is yet to come: when, and the number of its touch.
    ahead: BTreeSet<(i64, usize)>,
    /// The rank of the newest complete import, by the number of the collection.
    complete: Vec<Option<Rank>>,
    /// Identifiers of the owner.
    me: BTreeSet<IdentifierHash>,
    /// Who wrote the mail that lies among the sent.
    senders: Senders,
    /// The records of the groups that are the owner.
    my_records: BTreeSet<u32>,
    next_row: RowNo,
    /// Records that may have been met by what was told since the book was settled.
    logged: Vec<RecordId>,
    /// Which of the words' rulings the resolver knows: their version, and how many of the oldest.
    ruled: Option<(u64, usize)>,
    /// Which imports the newest complete ones were found among.
    completed: Option<u64>,
    /// The entries must be derived from the touches again.
    rederive: bool,
    /// The entries must be made from the rows again.
    stale: bool,
    /// Whoever took part in an interaction is a person, also whom the owner never wrote to.
    pub(crate) everyone: bool,
}

/// What is known of a record before an import lists it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Its row.
    pub row: RowNo,
    /// The content that counts; zeros when no import that counts lists it.
    pub hash: ContentHash,
    /// Whether a source still lists it.
    pub listed: bool,
}

/// How far ahead a clock may be that is not wrong.
const DAY_S: i64 = 24 * 60 * 60;

/// How many there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// People to reconnect with.
    pub people: usize,
    /// Records of cards and participants.
    pub records: usize,
    /// Interactions, of the sources and told by the user.
    pub interactions: usize,
    /// Imports that count.
    pub imports: usize,
}

impl Book {
    /// Returns all committed imports.
    #[must_use]
    pub const fn imports(&self) -> &Imports {
        &self.imports
    }

    /// Returns what was said.
    #[must_use]
    pub const fn words(&self) -> &Words {
        &self.words
    }

    /// Returns the number that the next new row gets.
    #[must_use]
    pub const fn next_row(&self) -> RowNo {
        self.next_row
    }

    /// Returns the region of numbers written without a country.
    #[must_use]
    pub fn region(&self) -> Option<Region> {
        self.words.settings().region.as_deref().and_then(Region::parse)
    }

    /// Returns what is known of a record that has a row.
    #[must_use]
    pub fn known(&self, id: &RecordId) -> Option<Known> {
        let entry = self.entries.get(*self.by_id.get(id)? as usize)?;
        let has_row = entry.row != NO_ROW && !entry.flags.contains(Flags::PARTICIPANT);
        has_row.then_some(Known { row: entry.row, hash: entry.hash, listed: self.is_present(entry) })
    }

    /// Returns whether an import or a fact said has this id.
    #[must_use]
    pub fn knows_fact(&self, id: &FactId) -> bool {
        self.imports.number(id).is_some() || self.words.iter().any(|(known, ..)| known == id)
    }

    /// Returns which records a source still lists, for [`Book::retired_since`].
    #[must_use]
    pub fn present(&self) -> Vec<bool> {
        self.entries.iter().map(|entry| entry.flags.contains(Flags::CARD) && self.is_present(entry)).collect()
    }

    /// Returns how many records of those were listed before and are not now.
    #[must_use]
    pub fn retired_since(&self, before: &[bool]) -> u64 {
        let retired = self.entries.iter().zip(before).filter(|(entry, was)| **was && !self.is_present(entry)).count();
        u64::try_from(retired).unwrap_or(u64::MAX)
    }

    /// Returns the records that a complete import of this part, committed at `now`, would no longer list.
    pub fn would_retire<'a>(
        &'a self,
        part: &Part,
        now: Timestamp,
        is_listed: impl Fn(&RecordId) -> bool + 'a,
    ) -> impl Iterator<Item = Known> + 'a {
        let collection = Collection::of(part);
        let snapshot_ms = part.snapshot.unwrap_or(now).min(now).as_millisecond();
        let is_of = move |entry: &&Entry| self.imports.collection(entry.collection) == Some(&collection);
        let is_older = move |entry: &&Entry| {
            self.imports.rank(entry.newest.0, entry.newest.1, None).is_some_and(|rank| rank.0 <= snapshot_ms)
        };
        let cards = self.entries.iter().filter(|entry| entry.flags.contains(Flags::CARD) && self.is_present(entry));
        let gone = cards.filter(is_of).filter(is_older).filter(move |entry| !is_listed(&entry.id));
        gone.map(|entry| Known { row: entry.row, hash: entry.hash, listed: true })
    }

    /// Returns whether everything must be derived from the rows again: call [`Book::begin_again`] and apply all of them.
    #[must_use]
    pub const fn is_stale(&self) -> bool {
        self.stale
    }

    /// Adds an import that is hidden until [`Book::show`].
    pub fn add_hidden(&mut self, row: ImportRow) -> ImportNo {
        let (device, at) = (row.id.device.clone(), row.at);
        let no = self.imports.insert(row);
        self.imports.hide(no);
        self.words.saw(&device, at);
        no
    }

    /// Shows an import, after its facets are applied.
    pub fn show(&mut self, no: ImportNo) {
        self.stale |= self.imports.show(no);
    }

    /// Adds what was said. Adding it again changes nothing.
    pub fn say(&mut self, id: &FactId, at: Hlc, said: Said) {
        self.say_all(vec![(id.clone(), at, said)]);
    }

    /// Adds what was said, one after the other; where all that was said is to be derived again, this is done once.
    pub fn say_all(&mut self, facts: Vec<(FactId, Hlc, Said)>) {
        for (_, _, said) in &facts {
            self.stale |= self.replaces_a_value(said);
            if let Said::Log { records, .. } = said {
                self.logged.extend(records);
            }
        }
        for effect in self.words.insert(facts) {
            match effect {
                // Rulings are taken over when the book is settled.
                Effect::None | Effect::Ruling(_) => {}
                Effect::Record(record) => self.refresh(record),
                Effect::Everything => self.stale = true,
            }
        }
        self.take_undone();
    }

    fn take_undone(&mut self) {
        if self.imports.undone() != self.words.undone() {
            self.imports.set_undone(self.words.undone().clone());
        }
    }

    /// Forgets everything that is derived from rows, so that they can be applied again.
    pub fn begin_again(&mut self) {
        self.take_undone();
        self.imports.outrun_hidden();
        *self = Self {
            imports: core::mem::take(&mut self.imports),
            words: core::mem::take(&mut self.words),
            ..Self::default()
        };
        self.me = owner_identifiers(&self.words.settings().me).iter().map(IdentifierHash::of).collect();
        let said: BTreeSet<RecordId> = self.words.added().map(|(record, _)| record).collect();
        said.into_iter().for_each(|record| self.refresh(record));
    }

    /// Takes over what a row says.
    pub fn apply(&mut self, facet: Facet) {
        self.next_row = self.next_row.max(facet.row + 1);
        let no = self.entry_no(facet.id);
        self.promised.remove(&no);
        let Some(listed) = facet.listed else {
            self.hide_record(no, facet.row);
            return;
        };
        let Some(entry) = self.entries.get_mut(no as usize) else { return };
        // A record that was another kind of thing before left its marks on others.
        self.stale |= match listed.what {
            Aspect::Card(_) => entry.touch.is_some(),
            Aspect::Interaction(_) => entry.flags.contains(Flags::CARD),
            Aspect::Other => entry.touch.is_some() || entry.flags.contains(Flags::CARD),
        };
        entry.row = facet.row;
        entry.first_seen = listed.first_seen;
        entry.hash = listed.hash;
        entry.newest = listed.newest;
        entry.collection = listed.collection;
        entry.flags.set(Flags::LISTED, true);
        entry.flags.set(Flags::GONE, listed.gone);
        entry.flags.set(Flags::CHANGED, listed.changed);
        self.apply_aspect(no, listed);
    }

    /// Derives what depends on the whole, and on what took place by `now`; to be called after a run of [`Book::apply`],
    /// [`Book::show`] and [`Book::say`], and when what is [`Book::next_ahead`] has come.
    pub fn settle(&mut self, now: Timestamp) {
        self.now = now.as_second();
        self.everyone = self.words.settings().mail_people == MailPeople::Everyone;
        let imports = Some(self.imports.version());
        if self.completed != imports {
            self.complete = self.imports.complete();
            self.completed = imports;
        }
        self.take_rulings();
        self.resolver.set_own(&self.me);
        for touch in self.coming.take_threads(self.touches.all()) {
            self.resolver.meet(touch.thread, &touch.present());
        }
        self.resolver.settle();
        if self.rederive {
            self.senders = Senders::default();
        }
        self.senders.count(self.touches.all());
        let records = self.owner_records();
        if records != self.my_records || self.rederive {
            self.my_records = records;
            self.rederive = false;
            self.derived_upto = 0;
            self.ahead.clear();
            self.entries.iter_mut().for_each(Entry::forget_contact);
            self.logged = self.words.with_logs().collect();
        }
        let upto = self.touches.all().len();
        for number in (self.derived_upto..upto).chain(self.take_what_came()) {
            self.derive(number);
        }
        self.derived_upto = upto;
        for record in core::mem::take(&mut self.logged) {
            let entry = self.by_id.get(&record).and_then(|no| self.entries.get_mut(*no as usize));
            if let (Some(entry), Some(at)) = (entry, self.words.last_log(record)) {
                entry.told(at.as_second());
            }
        }
    }

    /// Takes over what was said about who is the same; where only newer words came, these alone.
    fn take_rulings(&mut self) {
        let (version, rulings) = (self.words.rulings_version(), self.words.rulings());
        let known = self.ruled.filter(|(known, _)| *known == version);
        let is_known =
            known.is_some_and(|(_, oldest)| rulings.after_oldest(oldest).all(|new| self.resolver.rule_besides(new)));
        if !is_known {
            self.resolver.rule(&rulings.newest_first());
        }
        self.ruled = Some((version, rulings.count()));
    }

    /// Takes over what was said about a record: more about it, or the record itself when it has no file.
    fn refresh(&mut self, record: RecordId) {
        let added = self.words.added_by(record).and_then(|id| match self.words.get(id) {
            Some((at, Said::Add { card, .. })) => Some((at, digest_card(card, self.region()))),
            _ => None,
        });
        if let Some((at, digest)) = added {
            let no = self.entry_no(record);
            if let Some(entry) = self.entries.get_mut(no as usize) {
                entry.first_seen = at;
                entry.flags.set(Flags::LISTED, true);
                entry.flags.set(Flags::MANUAL, true);
            }
            self.apply_card(no, facet::card(&digest));
        } else if let Some(no) = self.by_id.get(&record).copied() {
            self.add_said(no);
        }
    }

    /// Adds what the user said about a record to what it is known by, and the UID by which a card of kith's names it.
    fn add_said(&mut self, no: u32) {
        let Some(entry) = self.entries.get_mut(no as usize) else { return };
        // A record that no import lists any more joins nobody, whatever was said about it.
        if !entry.is_somebody() {
            return;
        }
        let said = said::about(self.words.sets_of(entry.id), &self.words);
        let uid = Some(CardUid::of(&entry.id)).filter(|uid| self.uids.contains(uid));
        entry.said = said.search.clone();
        entry.birthday = said.birthday.or(entry.birthday);
        entry.flags.set(Flags::BORN_SAID, said.birthday.is_some());
        if !said.days.is_empty() {
            entry.days = merged(entry.days.iter().copied().chain(said.days)).into();
        }
        self.coming.note_days(no, entry);
        let certain: Vec<_> = uid.map(|uid| IdentifierHash::of(&uid.identifier())).into_iter().collect();
        if !said.identifiers.is_empty() || !certain.is_empty() {
            self.resolver.extend(no, &said.identifiers, &certain);
        }
    }

    /// Joins the record that a card's UID names to that card, if it is known; else it joins when it comes.
    fn add_uid(&mut self, uid: CardUid) {
        if !self.uids.insert(uid) {
            return;
        }
        let hash = IdentifierHash::of(&uid.identifier());
        let named: Vec<u32> = uid.records().filter_map(|record| self.by_id.get(&record).copied()).collect();
        let is_somebody = |no: &u32| self.entries.get(*no as usize).is_some_and(Entry::is_somebody);
        for no in named.into_iter().filter(is_somebody).collect::<Vec<_>>() {
            self.resolver.extend(no, &[], &[hash]);
        }
    }

    fn hide_record(&mut self, no: u32, row: RowNo) {
        let Some(entry) = self.entries.get_mut(no as usize) else { return };
        let was = std::mem::take(&mut entry.flags);
        entry.row = row;
        entry.hash = ContentHash::default();
        self.stale |= entry.touch.is_some() || was.contains(Flags::OWNER);
        let id = entry.id;
        self.resolver.set(no, id, None);
    }

    /// Returns whether a source still lists the record.
    pub(crate) fn is_present(&self, entry: &Entry) -> bool {
        if entry.flags.contains(Flags::MANUAL) || entry.flags.contains(Flags::PARTICIPANT) {
            return true;
        }
        let listed = entry.flags.contains(Flags::LISTED) && !entry.flags.contains(Flags::GONE);
        let newest_complete = self.complete.get(usize::from(entry.collection)).and_then(Option::as_ref);
        listed
            && newest_complete
                .is_none_or(|c| self.imports.rank(entry.newest.0, entry.newest.1, None).is_some_and(|r| r >= *c))
    }

    fn replaces_a_value(&self, said: &Said) -> bool {
        if let Said::Set { record, field, .. } = said {
            self.words.sets_of(*record).any(|(f, _)| f == field)
        } else {
            false
        }
    }

    fn owner_records(&self) -> BTreeSet<u32> {
        let holders = self.me.iter().flat_map(|identifier| self.resolver.holders(*identifier));
        let mut heads: BTreeSet<u32> = holders.map(|no| self.resolver.head(*no)).collect();
        heads.extend(self.senders.owners(|no| self.resolver.head(no)));
        heads.into_iter().flat_map(|head| self.resolver.members(head)).collect()
    }

    pub(crate) fn is_me(&self, no: u32) -> bool {
        self.my_records.contains(&no)
    }

    fn derive(&mut self, number: usize) {
        let Some(touch) = self.touches.get(number) else { return };
        if self.is_ahead(touch) {
            self.ahead.extend(touch.at.map(|at| (at, number)));
            return;
        }
        if !touch.is_contact() || touch.absent().any(|no| self.is_me(no)) {
            return;
        }
        let from_me = touch.senders().any(|no| self.is_me(no));
        let met = if from_me { touch.everyone_else() } else { touch.those_who_spoke() };
        let met: Vec<u32> = met.filter(|no| !self.is_me(*no)).collect();
        // A date far ahead is that of a clock that was wrong: nobody knows when it was.
        let at = touch.at.filter(|at| *at <= self.now.saturating_add(DAY_S)).unwrap_or(i64::MIN);
        let is_beyond = touch.kind != InteractionKind::Message;
        for no in met {
            if let Some(entry) = self.entries.get_mut(no as usize) {
                entry.contact(at, from_me, touch);
                if is_beyond {
                    entry.flags.set(Flags::BEYOND, true);
                }
                if from_me {
                    self.coming.note_written(no);
                }
            }
        }
    }

    fn entry_no(&mut self, id: RecordId) -> u32 {
        let next = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        let no = *self.by_id.entry(id).or_insert(next);
        if no == next {
            self.entries.push(Entry::new(id));
            self.logged.push(id);
            self.resolver.admit(no, id);
        }
        no
    }
}
