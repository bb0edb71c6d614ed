//! What each record says about a person, read from its row.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use kith_core::book::Book;
use kith_core::book::facet::participant_record;
use kith_core::book::imports::Rank;
use kith_core::book::people::{Member, MemberKind, Person};
use kith_core::digest::{Digest, digest_card};
use kith_core::fact::Said;
use kith_core::normalize::Region;
use kith_core::own::OwnValue;
use kith_core::portrait::Account;
use kith_core::provenance::Trust;
use kith_core::row::{Gist, Listing, Row, Version, card as card_of};
use kith_core::vcard::is_own;
use kith_proto::api::ExportRecord;
use kith_proto::card::{Card, CardKind, Name};

use crate::keeper::Keeper;
use crate::store::StoreError;

/// What the records of a person say, in order of trust, and what the user says.
#[derive(Debug)]
pub struct Accounts {
    /// The accounts: what the user added, then cards, newest first, then cards that kith itself wrote, then participants.
    pub all: Vec<Account>,
    /// The user's own values, the newest first.
    pub own: Vec<OwnValue>,
    /// The region of numbers written without a country.
    pub region: Option<Region>,
}

impl Accounts {
    /// Reads what the records of a person say.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn of(keeper: &Keeper, person: &Person) -> Result<Self, StoreError> {
        let mut ranked = Vec::new();
        for member in &person.members {
            let row = member.row.map(|no| keeper.row(no)).transpose()?.flatten();
            let book = keeper.book();
            let found = match member.kind {
                MemberKind::Manual => manual(&book, member).map(|account| (None, account)),
                MemberKind::Card => row.as_ref().and_then(|row| card(&book, member, row)),
                MemberKind::Participant => row.as_ref().and_then(|row| participant(&book, member, row)),
            };
            ranked.extend(found.map(|(rank, account)| (account.trust, core::cmp::Reverse(rank), account)));
        }
        let newest_first = |account: &Account| (core::cmp::Reverse(account.seen), account.record);
        ranked.sort_by(|a, b| (a.0, &a.1, newest_first(&a.2)).cmp(&(b.0, &b.1, newest_first(&b.2))));
        let book = keeper.book();
        let own = book.words().own_values(&person.records());
        Ok(Self { all: ranked.into_iter().map(|(.., account)| account).collect(), own, region: book.region() })
    }
}

/// Returns when, by which accounts, the owner and the person became connected: at noon, for the source says only the day, and
/// noon in UTC is on that day from Hawaii to Fiji.
pub fn connected(accounts: &[Account]) -> impl Iterator<Item = (&Account, Timestamp)> {
    let at = |account: &Account| {
        let noon = account.card.connected_on?.at(12, 0, 0, 0);
        noon.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    };
    accounts.iter().filter_map(move |account| Some((account, at(account)?)))
}

/// Returns the content of a row that counts.
#[must_use]
pub fn current<'a>(book: &Book, row: &'a Row) -> Option<&'a Version> {
    row.version(&newest(book, row)?.1.hash?)
}

/// Returns the source of a row.
#[must_use]
pub fn source_of(book: &Book, row: &Row) -> String {
    let part = newest(book, row).and_then(|(_, l)| Some((book.imports().get(l.import)?, l.part)));
    part.and_then(|(import, part)| import.parts.get(usize::from(part))).map(|p| p.source.clone()).unwrap_or_default()
}

/// Returns where a row comes from.
#[must_use]
pub fn origin(book: &Book, row: &Row, key: &str) -> ExportRecord {
    let listing = newest(book, row).map(|(_, l)| l);
    let import = listing.and_then(|l| book.imports().get(l.import));
    let path = import.map(|i| i.begin.path.as_str()).unwrap_or_default();
    let file = match listing.map(|l| l.file.as_str()).filter(|file| !file.is_empty()) {
        Some(file) => format!("{path}/{file}"),
        None => path.to_owned(),
    };
    ExportRecord {
        source: source_of(book, row),
        key: key.to_owned(),
        file,
        position: listing.map_or(0, |l| l.position),
    }
}

/// Returns the newest listing that has a content.
fn newest<'a>(book: &Book, row: &'a Row) -> Option<(Rank, &'a Listing)> {
    let with_content = row.listings.iter().filter(|l| l.hash.is_some());
    let ranked = with_content.filter_map(|l| Some((book.imports().rank(l.import, l.part, None)?, l)));
    ranked.max_by(|a, b| a.0.cmp(&b.0))
}

/// Returns since when a row has the content that counts: the same file once more makes nothing newer.
fn since(book: &Book, row: &Row) -> Option<Rank> {
    let with_content = row.listings.iter().filter(|l| l.hash.is_some());
    let mut ranked: Vec<(Rank, &Listing)> =
        with_content.filter_map(|l| Some((book.imports().rank(l.import, l.part, None)?, l))).collect();
    ranked.sort_unstable_by(|a, b| b.0.cmp(&a.0));
    let hash = ranked.first()?.1.hash;
    ranked.into_iter().take_while(|(_, listing)| listing.hash == hash).last().map(|(rank, _)| rank)
}

fn manual(book: &Book, member: &Member) -> Option<Account> {
    let (at, Said::Add { key, card }) = book.words().get(book.words().added_by(member.record)?)? else { return None };
    let origin = ExportRecord { source: "manual".to_owned(), key: key.clone(), file: String::new(), position: 0 };
    let (card, digest) = ((**card).clone(), digest_card(card, book.region()));
    Some(Account { record: member.record, origin, trust: Trust::Manual, seen: Some(at.timestamp()), card, digest })
}

fn card(book: &Book, member: &Member, row: &Row) -> Option<(Option<Rank>, Account)> {
    let version = current(book, row)?;
    let (Gist::Card(digest), Some(card)) = (&version.gist, card_of(&version.body)) else { return None };
    let (origin, rank) = (origin(book, row, &row.key), since(book, row));
    let trust = if is_own(&card) { Trust::Echo } else { Trust::Card };
    let seen = rank.as_ref().and_then(|(seen_ms, ..)| Timestamp::from_millisecond(*seen_ms).ok());
    Some((rank, Account { record: member.record, origin, trust, seen, card, digest: digest.clone() }))
}

fn participant(book: &Book, member: &Member, row: &Row) -> Option<(Option<Rank>, Account)> {
    let Gist::Interaction(gist) = &current(book, row)?.gist else { return None };
    let source = source_of(book, row);
    let found = gist.participants.iter().find(|p| participant_record(&source, &p.key) == member.record)?;
    let account = Account {
        record: member.record,
        origin: origin(book, row, &found.key),
        trust: Trust::Participant,
        seen: gist.at.and_then(|seconds| Timestamp::from_second(seconds).ok()),
        card: named_card(&found.digest),
        digest: found.digest.clone(),
    };
    Some((newest(book, row).map(|(rank, _)| rank), account))
}

fn named_card(digest: &Digest) -> Card {
    let full = (!digest.name.is_empty()).then(|| digest.name.clone());
    Card { kind: CardKind::Individual, name: Name { full, components: Vec::new() }, ..Card::default() }
}
