//! What is resident of a record: a few words of memory, for finding and for planning.

use kith_proto::date::PartialDate;

use crate::book::touches::Touch;
use crate::digest::name_text;
use crate::hlc::Hlc;
use crate::id::RecordId;
use crate::noted::NotedDay;
use crate::row::{ContentHash, ImportNo, RowNo};

/// The row of a record that has none.
pub(crate) const NO_ROW: RowNo = RowNo::MAX;

/// What a record is found by: words parted by single spaces, those of the name first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SearchText {
    text: Box<str>,
    /// Where the name ends, in bytes.
    name_end: u16,
}

impl SearchText {
    /// Returns the text of this name, with what follows it.
    pub(crate) fn new(text: &str, name: &str) -> Self {
        let words = name_text(name);
        let name_end = if text.starts_with(&words) { u16::try_from(words.len()).unwrap_or(0) } else { 0 };
        Self { text: text.into(), name_end }
    }

    /// Returns all words.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Returns those of the name, in every spelling.
    pub(crate) fn name(&self) -> &str {
        self.text.get(..usize::from(self.name_end)).unwrap_or_default()
    }
}

/// What is resident of a record.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) id: RecordId,
    /// The content that counts; of a participant, the interaction that showed them first.
    pub(crate) hash: ContentHash,
    pub(crate) first_seen: Hlc,
    /// When there last was contact, in seconds since 1970.
    pub(crate) last: i64,
    /// When there last was contact that was not by what they wrote alone, in seconds since 1970.
    pub(crate) reached: i64,
    /// Names, organisations, addresses, folded, the name first.
    pub(crate) search: SearchText,
    /// What the user said of it, in the same form.
    pub(crate) said: SearchText,
    pub(crate) row: RowNo,
    pub(crate) newest: (ImportNo, u16),
    pub(crate) collection: u16,
    pub(crate) touch: Option<u32>,
    /// How many interactions the owner began.
    pub(crate) sent: u16,
    /// How many the other began.
    pub(crate) received: u16,
    pub(crate) birthday: Option<PartialDate>,
    /// Other days that come back; of most people none, so that they take no memory.
    pub(crate) days: Box<[NotedDay]>,
    pub(crate) flags: Flags,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Flags(u16);

impl Flags {
    /// An import that counts lists it.
    pub(crate) const LISTED: Self = Self(1);
    /// The source says that it is gone.
    pub(crate) const GONE: Self = Self(2);
    /// It is a card.
    pub(crate) const CARD: Self = Self(4);
    /// It took part in an interaction, and has no card of its own.
    pub(crate) const PARTICIPANT: Self = Self(8);
    /// It stands for a single person.
    pub(crate) const INDIVIDUAL: Self = Self(16);
    /// The user added it.
    pub(crate) const MANUAL: Self = Self(32);
    /// The source says that it is the owner.
    pub(crate) const OWNER: Self = Self(64);
    /// The owner wrote to it, or answered it.
    pub(crate) const WRITTEN: Self = Self(128);
    /// It is a card that kith wrote, and says nothing of who still lists the person.
    pub(crate) const ECHO: Self = Self(256);
    /// Its source told something else of it before.
    pub(crate) const CHANGED: Self = Self(512);
    /// Its birthday is the user's word.
    pub(crate) const BORN_SAID: Self = Self(1_024);
    /// There was contact beyond the messages of a service.
    pub(crate) const BEYOND: Self = Self(2_048);
    /// Its card says that its person died.
    pub(crate) const DIED: Self = Self(4_096);

    pub(crate) const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(crate) const fn set(&mut self, flag: Self, on: bool) {
        if on { self.0 |= flag.0 } else { self.0 &= !flag.0 }
    }
}

impl Entry {
    pub(crate) fn new(id: RecordId) -> Self {
        Self {
            id,
            hash: ContentHash::default(),
            first_seen: Hlc::MAX,
            last: i64::MIN,
            reached: i64::MIN,
            search: SearchText::default(),
            said: SearchText::default(),
            row: NO_ROW,
            newest: (ImportNo::MAX, 0),
            collection: u16::MAX,
            touch: None,
            sent: 0,
            received: 0,
            birthday: None,
            days: Box::default(),
            flags: Flags::default(),
        }
    }

    /// Notes an interaction with the owner.
    pub(crate) fn contact(&mut self, at: i64, from_owner: bool, touch: &Touch) {
        self.last = self.last.max(at);
        if from_owner || !touch.is_written() {
            self.reached = self.reached.max(at);
        }
        if from_owner {
            self.sent = self.sent.saturating_add(1);
        } else {
            self.received = self.received.saturating_add(1);
        }
        if from_owner || touch.answered {
            self.flags.set(Flags::WRITTEN, true);
        }
    }

    /// Notes that the owner told of contact.
    pub(crate) fn told(&mut self, at: i64) {
        self.last = self.last.max(at);
        self.reached = self.reached.max(at);
    }

    /// Returns what it is found by: what was said of it, and what a source says.
    pub(crate) const fn texts(&self) -> [&SearchText; 2] {
        [&self.said, &self.search]
    }

    /// Returns whether it says something about a person, and some import or the user still says so.
    pub(crate) fn is_somebody(&self) -> bool {
        let somebody = [Flags::CARD, Flags::PARTICIPANT, Flags::MANUAL];
        self.flags.contains(Flags::LISTED) && somebody.iter().any(|flag| self.flags.contains(*flag))
    }

    /// Forgets all interactions, before they are derived again.
    pub(crate) fn forget_contact(&mut self) {
        self.last = i64::MIN;
        self.reached = i64::MIN;
        self.sent = 0;
        self.received = 0;
        self.flags.set(Flags::WRITTEN, false);
        self.flags.set(Flags::BEYOND, false);
    }
}
