//! A row of the store: all that the ledger says about one record, packed where it is read together.
//!
//! A row keeps every listing by every import, also of imports that are undone later: which of them count is the book's
//! affair, and an undo that is undone finds everything in its place. Where rows lie is `store` in the daemon.

use jiff::civil::Date;
use kith_proto::card::Card;
use kith_proto::date::PartialDate;
use kith_proto::interaction::{Direction, Interaction, InteractionKind, Role};
use kith_proto::record::{BulkClass, Record};
use serde::{Deserialize, Serialize};

use crate::digest::{Digest, digest_card, digest_participant};
use crate::id::RecordId;
use crate::identity::name_hash;
use crate::normalize::{Region, base_subject};

/// The number of a row in the store; it grows with time and has no meaning elsewhere.
pub type RowNo = u32;

/// The number of an import in the store.
pub type ImportNo = u32;

/// The first 16 bytes of BLAKE3 over a record's JSON.
pub type ContentHash = [u8; 16];

/// All that the ledger says about one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The record.
    pub id: RecordId,
    /// Its key within source and collection.
    pub key: String,
    /// Which imports list it.
    pub listings: Vec<Listing>,
    /// Its contents, each once.
    pub versions: Vec<Version>,
}

/// An import lists the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The import.
    pub import: ImportNo,
    /// Which of its parts.
    pub part: u16,
    /// The content; `None` when the source says that the record is gone.
    pub hash: Option<ContentHash>,
    /// The file within the import; empty when the import is that file.
    pub file: String,
    /// Which item of the file, from 1.
    pub position: u64,
}

/// A content that the record had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Its hash.
    pub hash: ContentHash,
    /// [`Record`] as the importer wrote it.
    pub body: String,
    /// What the book keeps of it.
    pub gist: Gist,
}

/// What the book keeps of a record's content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gist {
    /// Of a card.
    Card(Digest),
    /// Of an interaction.
    Interaction(InteractionGist),
    /// Of a message that no person wrote.
    Bulk(BulkClass),
    /// The content is of a shape that this version does not know; it is kept.
    Unknown,
}

/// What the book keeps of an interaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InteractionGist {
    /// What happened.
    pub kind: InteractionKind,
    /// When, in seconds since 1970.
    pub at: Option<i64>,
    /// Which way, where the format says so.
    pub direction: Option<Direction>,
    /// The owner answered it.
    pub answered: bool,
    /// [`name_hash`] of the thread that it names, where it names one.
    pub thread: Option<u64>,
    /// That of the message that it answers, where that is another.
    pub answers: Option<u64>,
    /// Of a mail, [`name_hash`] of its base subject, where that is not empty.
    pub subject: Option<u64>,
    /// Who took part.
    pub participants: Vec<ParticipantGist>,
    /// What its author promises in it.
    pub promises: Vec<PromisedGist>,
}

/// What the book keeps of a sentence that promises something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromisedGist {
    /// The sentence.
    pub text: String,
    /// By when.
    pub due: Option<Date>,
}

/// What the book keeps of a participant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParticipantGist {
    /// In which role.
    pub role: Role,
    /// Address or profile, and name.
    pub key: String,
    /// What they are known by.
    pub digest: Digest,
}

impl Row {
    /// Returns a row without listings.
    #[must_use]
    pub const fn new(id: RecordId, key: String) -> Self {
        Self { id, key, listings: Vec::new(), versions: Vec::new() }
    }

    /// Adds a listing, and its content where that is new. Adding the same again changes nothing.
    pub fn merge(&mut self, listing: Listing, version: Option<Version>) {
        if let Some(version) = version
            && self.version(&version.hash).is_none()
        {
            self.versions.push(version);
        }
        let same_place = |l: &Listing| l.import == listing.import && l.part == listing.part;
        match self.listings.iter_mut().find(|l| same_place(l)) {
            Some(known) => *known = listing,
            None => self.listings.push(listing),
        }
    }

    /// Returns the content with this hash.
    #[must_use]
    pub fn version(&self, hash: &ContentHash) -> Option<&Version> {
        self.versions.iter().find(|version| version.hash == *hash)
    }
}

impl Version {
    /// Returns the content that this JSON is; numbers without a country are of this region.
    #[must_use]
    pub fn new(hash: ContentHash, body: String, region: Option<Region>) -> Self {
        let gist = gist(&body, region);
        Self { hash, body, gist }
    }
}

/// Returns the card that a record's JSON is; `None` for a record of another kind.
#[must_use]
pub fn card(body: &str) -> Option<Card> {
    match serde_json::from_str(body) {
        Ok(Record::Card(card)) => Some(*card),
        Ok(Record::Interaction(_) | Record::Bulk(_)) | Err(_) => None,
    }
}

/// Returns the interaction that a record's JSON is; `None` for a record of another kind.
#[must_use]
pub fn interaction(body: &str) -> Option<Interaction> {
    match serde_json::from_str(body) {
        Ok(Record::Interaction(interaction)) => Some(*interaction),
        Ok(Record::Card(_) | Record::Bulk(_)) | Err(_) => None,
    }
}

/// Returns the hash of a record's JSON.
#[must_use]
pub fn content_hash(body: &str) -> ContentHash {
    *RecordId::new("content", body).bytes()
}

/// Returns whether two contents are the same interaction, but for its size: that is as the program has it that stored it, with
/// other ends of lines in a file of its own than in an mbox.
#[must_use]
pub fn is_same_but_for_size(a: &str, b: &str) -> bool {
    let without_size = |body| interaction(body).map(|interaction| Interaction { size: None, ..interaction });
    let a = without_size(a);
    a.is_some() && a == without_size(b)
}

fn gist(body: &str, region: Option<Region>) -> Gist {
    match serde_json::from_str(body) {
        Ok(Record::Card(card)) => Gist::Card(digest_card(&card, region)),
        Ok(Record::Interaction(interaction)) => Gist::Interaction(InteractionGist {
            kind: interaction.kind,
            at: interaction.at.map(|at| at.as_second()),
            direction: interaction.direction,
            answered: interaction.answered,
            thread: interaction.thread.as_deref().map(name_hash),
            answers: interaction.answers.as_deref().map(name_hash),
            subject: subject(&interaction),
            participants: interaction
                .participants
                .iter()
                .filter_map(|p| {
                    digest_participant(p).map(|(key, digest)| ParticipantGist { role: p.role, key, digest })
                })
                .collect(),
            promises: interaction
                .promises
                .into_iter()
                .map(|promised| PromisedGist { text: promised.text, due: promised.due })
                .collect(),
        }),
        Ok(Record::Bulk(bulk)) => Gist::Bulk(bulk.class),
        Err(_) => Gist::Unknown,
    }
}

/// The hash of what a mail is about; subjects of messages on services say nothing of their thread.
fn subject(interaction: &Interaction) -> Option<u64> {
    let subject = interaction.subject.as_deref().filter(|_| interaction.kind == InteractionKind::Mail);
    subject.map(base_subject).filter(|subject| !subject.is_empty()).map(|subject| name_hash(&subject))
}

/// A birthday without its year, packed: month and day, or neither.
#[must_use]
pub fn month_and_day(date: PartialDate) -> Option<(i8, i8)> {
    Some((date.month()?, date.day()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_of_another_size_is_the_same_and_an_answered_one_is_not() {
        let mail = |rest: &str| format!(r#"{{"interaction":{{"kind":"mail","subject":"Hi"{rest}}}}}"#);
        assert!(is_same_but_for_size(&mail(r#","size":118"#), &mail(r#","size":119"#)));
        assert!(is_same_but_for_size(&mail(r#","size":118"#), &mail("")));
        assert!(!is_same_but_for_size(&mail(r#","size":118"#), &mail(r#","size":118,"answered":true"#)));
        let card = r#"{"card":{"name":{"full":"Ana"}}}"#;
        assert!(!is_same_but_for_size(card, card), "of a card its content tells");
    }
}
