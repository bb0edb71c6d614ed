//! A facet: what the book takes over from a row, given which imports count.

use kith_proto::date::PartialDate;
use kith_proto::interaction::{InteractionKind, Role};

use crate::book::entry::SearchText;
use crate::book::imports::{Imports, Rank};
use crate::digest::{Digest, Identifier, IdentifierKind};
use crate::hlc::Hlc;
use crate::id::RecordId;
use crate::identity::{IdentifierHash, name_hash};
use crate::noted::NotedDay;
use crate::resolve::traits::Traits;
use crate::row::{ContentHash, Gist, ImportNo, InteractionGist, Listing, PromisedGist, Row, RowNo, Version};
use crate::uid::CardUid;

/// How many addresses, numbers and profiles of a card are compared, of all its contents.
const IDENTIFIERS_KEPT: usize = 64;

/// What the book takes over from a row.
#[derive(Debug)]
pub struct Facet {
    pub(crate) row: RowNo,
    pub(crate) id: RecordId,
    /// `None` when no import that counts lists it.
    pub(crate) listed: Option<Listed>,
}

/// What is known of a record that an import lists.
#[derive(Debug)]
pub(crate) struct Listed {
    /// The number of its collection.
    pub(crate) collection: u16,
    /// The newest listing.
    pub(crate) newest: (ImportNo, u16),
    pub(crate) first_seen: Hlc,
    pub(crate) hash: ContentHash,
    /// The newest listing says that it is gone.
    pub(crate) gone: bool,
    /// It had another content before.
    pub(crate) changed: bool,
    pub(crate) what: Aspect,
}

/// What kind of record it is, and what the book keeps of it.
#[derive(Debug)]
pub(crate) enum Aspect {
    Card(CardAspect),
    Interaction(InteractionAspect),
    Other,
}

/// What the book keeps of a card or a participant.
#[derive(Debug)]
pub(crate) struct CardAspect {
    pub(crate) search: SearchText,
    pub(crate) name: Box<str>,
    pub(crate) identifiers: Box<[Identifier]>,
    /// What of a card is compared; a participant's are made of name and identifiers when needed.
    pub(crate) traits: Traits,
    /// The UID of a card that kith wrote.
    pub(crate) uid: Option<CardUid>,
    pub(crate) birthday: Option<PartialDate>,
    /// Other days that come back.
    pub(crate) days: Box<[NotedDay]>,
    pub(crate) died: bool,
    pub(crate) individual: bool,
    /// The source says that it is the owner's.
    pub(crate) owner: bool,
}

/// What the book keeps of an interaction.
#[derive(Debug)]
pub(crate) struct InteractionAspect {
    pub(crate) kind: InteractionKind,
    pub(crate) at: Option<i64>,
    pub(crate) answered: bool,
    /// The format says for certain which way it went: the identifiers of the owner's side.
    pub(crate) own: Vec<IdentifierHash>,
    /// It lies among the mail that the owner sent, where somebody may have put it by hand.
    pub(crate) sent: bool,
    /// [`name_hash`] of its key.
    pub(crate) name: u64,
    /// That of the thread it names; else its own.
    pub(crate) thread: u64,
    /// That of the message that it answers; else the thread's.
    pub(crate) answers: u64,
    /// That of what a mail is about.
    pub(crate) subject: Option<u64>,
    pub(crate) participants: Vec<(Role, RecordId, CardAspect)>,
    /// What its author promises in it.
    pub(crate) promises: Vec<PromisedGist>,
}

/// Returns what the book takes over from a row.
///
/// The hidden import `as_if` counts as if it were shown.
#[must_use]
pub fn facet(imports: &Imports, no: RowNo, row: &Row, as_if: Option<ImportNo>) -> Facet {
    Facet { row: no, id: row.id, listed: listed(imports, row, as_if) }
}

/// A listing of a content that is nowhere, for it was of somebody who is forgotten, does not count.
fn listed(imports: &Imports, row: &Row, as_if: Option<ImportNo>) -> Option<Listed> {
    let counts = |listing: &&Listing| listing.hash.is_none_or(|hash| row.version(&hash).is_some());
    let counted = || row.listings.iter().filter(counts);
    let mut ranked: Vec<(Rank, &Listing)> =
        counted().filter_map(|l| Some((imports.rank(l.import, l.part, as_if)?, l))).collect();
    ranked.sort_unstable_by(|a, b| b.0.cmp(&a.0));
    let (_, newest) = ranked.first()?;
    let (_, with_content) = ranked.iter().find(|(_, l)| l.hash.is_some())?;
    let hash = with_content.hash?;
    let collection = imports.collection_of(with_content.import, with_content.part)?;
    let first_seen = counted().filter_map(|l| imports.first_time(l.import, as_if)).min()?;
    let mut earlier =
        ranked.iter().filter_map(|(_, listing)| row.version(&listing.hash?)).filter(|v| v.hash != hash).peekable();
    let changed = earlier.peek().is_some();
    let what = match &row.version(&hash)?.gist {
        Gist::Card(digest) => Aspect::Card(with_earlier(card(digest), earlier)),
        Gist::Interaction(gist) => {
            Aspect::Interaction(interaction(&imports.collection(collection)?.source, &row.key, gist))
        }
        Gist::Bulk(_) | Gist::Unknown => Aspect::Other,
    };
    let newest = (newest.import, newest.part);
    Some(Listed { collection, newest, first_seen, hash, gone: ranked.first()?.1.hash.is_none(), changed, what })
}

/// A card with what its record was known by before: whoever changes name, work or address is still that person.
fn with_earlier<'a>(mut card: CardAspect, earlier: impl Iterator<Item = &'a Version>) -> CardAspect {
    let mut identifiers = card.identifiers.into_vec();
    for version in earlier {
        let Gist::Card(digest) = &version.gist else { continue };
        card.traits.remember(&digest.traits);
        for identifier in digest.identifiers.iter().filter(|i| i.kind != IdentifierKind::Uid) {
            if identifiers.len() < IDENTIFIERS_KEPT && !identifiers.contains(identifier) {
                identifiers.push(identifier.clone());
            }
        }
    }
    card.identifiers = identifiers.into();
    card
}

pub(crate) fn card(digest: &Digest) -> CardAspect {
    CardAspect {
        search: SearchText::new(&digest.search, &digest.name),
        name: digest.name.as_str().into(),
        identifiers: digest.identifiers.as_slice().into(),
        traits: digest.traits.clone(),
        uid: digest.identifiers.iter().find(|i| i.kind == IdentifierKind::Uid).and_then(|i| CardUid::parse(&i.value)),
        birthday: digest.birthday,
        days: digest.days.as_slice().into(),
        died: digest.died,
        individual: is_person(digest),
        owner: digest.owner,
    }
}

/// Returns the record of a participant in an interaction of this source.
#[must_use]
pub fn participant_record(source: &str, key: &str) -> RecordId {
    RecordId::new(&format!("{source}/participants"), key)
}

fn interaction(source: &str, key: &str, gist: &InteractionGist) -> InteractionAspect {
    use kith_proto::interaction::Direction;
    let is_mail = gist.kind == InteractionKind::Mail;
    let own_role = gist.direction.filter(|_| !is_mail).and_then(|direction| match direction {
        Direction::Outgoing => Some(Role::From),
        Direction::Incoming => Some(Role::To),
        Direction::Unknown => None,
    });
    let participants: Vec<_> =
        gist.participants.iter().map(|p| (p.role, participant_record(source, &p.key), card(&p.digest))).collect();
    let own = participants
        .iter()
        .filter(|(role, ..)| Some(*role) == own_role)
        .flat_map(|(.., aspect)| aspect.own().collect::<Vec<_>>());
    let thread = gist.thread.unwrap_or_else(|| name_hash(key));
    InteractionAspect {
        kind: gist.kind,
        at: gist.at,
        answered: gist.answered,
        own: own.collect(),
        sent: is_mail && gist.direction == Some(Direction::Outgoing),
        name: name_hash(key),
        thread,
        answers: gist.answers.unwrap_or(thread),
        subject: gist.subject,
        participants,
        promises: gist.promises.clone(),
    }
}

impl CardAspect {
    /// Returns the identifiers that are one person's own.
    pub(crate) fn own(&self) -> impl Iterator<Item = IdentifierHash> + '_ {
        self.identifiers.iter().filter(|i| !i.shared).map(IdentifierHash::of)
    }
}

/// Returns whether it stands for a single person: no company, team or machine, and no mailbox that nobody signs.
fn is_person(digest: &Digest) -> bool {
    digest.noun().is_none()
}
