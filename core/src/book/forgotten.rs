//! Who is forgotten: whether a record, a participant or a fact is theirs, by the hashes of the forget facts.
//!
//! Each thing is judged by itself and by nothing but the forget facts, so that it does not matter what came first. A forget
//! fact cannot be undone. By what a person is found is `marks`; the facts' shape is `crate::forget`.
//!
//! ```text
//!  record ─┐
//!  row ────┼─▶ Forgotten ─▶ it stays, becomes something less, or goes
//!  fact ───┘
//! ```

mod marks;
mod said;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kith_proto::card::Card;
use kith_proto::interaction::{Direction, Interaction, InteractionKind, Participant, Role};
use kith_proto::record::Record;

use crate::book::Book;
use crate::book::facet::{Facet, facet, participant_record};
use crate::digest::{Digest, digest_card, digest_participant};
use crate::forget::{Forget, ForgetKey, KeyedHash, Mark, name_marks, participant_mark};
use crate::id::RecordId;
use crate::identity::IdentifierHash;
use crate::normalize::Region;
use crate::row::{Gist, ImportNo, ParticipantGist, Row, RowNo};

/// Everything that forget facts say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forgotten {
    by_key: BTreeMap<ForgetKey, BTreeSet<KeyedHash>>,
}

/// What becomes of something, given who is forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict<T> {
    /// It is nobody's who is forgotten.
    Stays,
    /// It is another's, too: this is left of it.
    Becomes(T),
    /// It goes.
    Goes,
}

/// Judges records as they come, also on several threads.
#[derive(Debug, Clone)]
pub struct Screen {
    forgotten: Arc<Forgotten>,
    /// Identifiers of the owner, who alone does not keep an interaction; `None` where whoever is left keeps it.
    own: Option<BTreeSet<IdentifierHash>>,
    region: Option<Region>,
}

impl Forgotten {
    /// Returns whether nobody is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// Returns the key under which further hashes are best made, so that each record is hashed once.
    #[must_use]
    pub fn key(&self) -> Option<ForgetKey> {
        self.by_key.keys().next().copied()
    }

    /// Takes in a forget fact; returns whether it says something new.
    pub fn add(&mut self, forget: &Forget) -> bool {
        let hashes = self.by_key.entry(forget.key).or_default();
        let before = hashes.len();
        hashes.extend(forget.hashes.iter().copied());
        hashes.len() > before
    }

    /// Returns whether somebody who is forgotten has this mark.
    #[must_use]
    pub fn holds(&self, mark: &Mark) -> bool {
        self.by_key.iter().any(|(key, hashes)| hashes.contains(&key.hash(mark)))
    }

    /// Returns whether this record is somebody's who is forgotten.
    #[must_use]
    pub fn holds_record(&self, id: &RecordId) -> bool {
        !self.is_empty() && self.holds(&Mark::Record(*id))
    }

    /// Returns whether a card is of somebody who is forgotten. The owner's own never is.
    #[must_use]
    pub fn holds_card(&self, card: &Card, region: Option<Region>) -> bool {
        !self.is_empty() && self.holds_digested(&digest_card(card, region), || Some(Cow::Borrowed(card)))
    }

    /// Where no identifier of it is theirs, `card` is asked for, to find it by its name.
    fn holds_digested<'a>(&self, digest: &Digest, card: impl FnOnce() -> Option<Cow<'a, Card>>) -> bool {
        let by_name = |card: Cow<'a, Card>| {
            name_marks(&card, digest).iter().any(|marks| marks.iter().all(|mark| self.holds(mark)))
        };
        !digest.owner && (self.holds_digest(digest) || card().is_some_and(by_name))
    }

    fn holds_digest(&self, digest: &Digest) -> bool {
        own_identifiers(digest).any(|identifier| self.holds(&Mark::Identifier(identifier)))
    }

    /// Returns whether a participant in an interaction of this source is forgotten.
    #[must_use]
    pub fn holds_participant(&self, source: &str, participant: &Participant) -> bool {
        match digest_participant(participant) {
            Some((key, digest)) => self.holds_known(source, &key, &digest),
            None => {
                let name = participant.name.as_deref().unwrap_or_default();
                participant_mark(name, source).is_some_and(|mark| self.holds(&mark))
            }
        }
    }

    /// Whether an interaction names somebody who is forgotten.
    fn names_in(&self, source: &str, body: &str) -> bool {
        let record = serde_json::from_str(body);
        matches!(record, Ok(Record::Interaction(i)) if i.participants.iter().any(|p| self.holds_participant(source, p)))
    }

    fn holds_known(&self, source: &str, key: &str, digest: &Digest) -> bool {
        self.holds_record(&participant_record(source, key)) || self.holds_digest(digest)
    }

    /// Takes out of a row the contents of those who are forgotten, and them out of interactions with others.
    fn purge(&self, source: &str, row: &Row) -> Row {
        let mut row = row.clone();
        let mut gone = BTreeSet::new();
        for version in &mut row.versions {
            let goes = match &mut version.gist {
                Gist::Card(digest) => self.holds_digested(digest, || crate::row::card(&version.body).map(Cow::Owned)),
                Gist::Interaction(gist) => {
                    let only_named = gist.participants.is_empty();
                    let is_forgotten = |p: &ParticipantGist| self.holds_known(source, &p.key, &p.digest);
                    if gist.participants.iter().any(|p| p.role == Role::To && is_forgotten(p)) {
                        gist.promises.clear();
                    }
                    gist.participants.retain(|p| !is_forgotten(p));
                    gist.participants.is_empty() && (!only_named || self.names_in(source, &version.body))
                }
                Gist::Bulk(_) | Gist::Unknown => false,
            };
            if goes {
                gone.insert(version.hash);
            }
        }
        row.versions.retain(|version| !gone.contains(&version.hash));
        row.listings.retain(|listing| listing.hash.is_none_or(|hash| !gone.contains(&hash)));
        row
    }
}

impl Screen {
    /// Returns what becomes of a record of this source, of which only the id may be at hand.
    #[must_use]
    pub fn judge(&self, source: &str, id: &RecordId, body: Option<&str>) -> Verdict<String> {
        if self.forgotten.holds_record(id) {
            return Verdict::Goes;
        }
        let Some(body) = body else { return Verdict::Stays };
        match serde_json::from_str(body) {
            Ok(Record::Card(card)) if self.forgotten.holds_card(&card, self.region) => Verdict::Goes,
            Ok(Record::Interaction(interaction)) => self.judge_interaction(source, &interaction, body),
            Ok(Record::Card(_) | Record::Bulk(_)) | Err(_) => Verdict::Stays,
        }
    }

    /// Returns one that spares every interaction in which somebody is left, be it the owner alone.
    #[must_use]
    pub fn sparing(&self) -> Self {
        Self { forgotten: Arc::clone(&self.forgotten), own: None, region: self.region }
    }

    /// Returns who is forgotten.
    #[must_use]
    pub fn forgotten(&self) -> &Forgotten {
        &self.forgotten
    }

    fn judge_interaction(&self, source: &str, interaction: &Interaction, body: &str) -> Verdict<String> {
        let participants = interaction.participants.iter();
        let held: Vec<bool> = participants.map(|p| self.forgotten.holds_participant(source, p)).collect();
        if !held.contains(&true) {
            return Verdict::Stays;
        }
        let mut left = interaction.participants.iter().zip(&held).filter(|(_, held)| !**held).map(|(p, _)| p);
        if !left.any(|participant| self.is_somebody_else(interaction, participant)) {
            return Verdict::Goes;
        }
        without_participants(interaction, body, &held).map_or(Verdict::Goes, Verdict::Becomes)
    }

    /// Whether a participant is known by more than a name, and is not the owner.
    fn is_somebody_else(&self, interaction: &Interaction, participant: &Participant) -> bool {
        let Some((_, digest)) = digest_participant(participant) else { return false };
        let Some(own) = &self.own else { return true };
        let own_role = match (interaction.direction, interaction.kind) {
            (Some(Direction::Outgoing), _) => Some(Role::From),
            (Some(Direction::Incoming), kind) if kind != InteractionKind::Mail => Some(Role::To),
            (Some(Direction::Incoming | Direction::Unknown) | None, _) => None,
        };
        let is_own = digest.identifiers.iter().any(|i| own.contains(&IdentifierHash::of(i)));
        !is_own && own_role != Some(participant.role)
    }
}

impl Book {
    /// Returns who is forgotten.
    #[must_use]
    pub fn forgotten(&self) -> &Forgotten {
        self.words.forgotten()
    }

    /// Returns what judges records; `None` while nobody is forgotten.
    #[must_use]
    pub fn screen(&self) -> Option<Screen> {
        (!self.forgotten().is_empty()).then(|| self.screen_of(Arc::clone(self.words.forgotten())))
    }

    /// Returns what judges records that are folded. Who the owner is follows from the whole, so it must not matter here.
    pub(crate) fn fold_screen(&self) -> Option<Screen> {
        self.screen().map(|screen| screen.sparing())
    }

    /// Returns what would judge records if this were said, too.
    #[must_use]
    pub fn screen_with(&self, forget: &Forget) -> Screen {
        let mut forgotten = self.forgotten().clone();
        forgotten.add(forget);
        self.screen_of(Arc::new(forgotten))
    }

    fn screen_of(&self, forgotten: Arc<Forgotten>) -> Screen {
        Screen { forgotten, own: Some(self.owner_identifiers()), region: self.region() }
    }

    fn owner_identifiers(&self) -> BTreeSet<IdentifierHash> {
        let known = self.my_records.iter().flat_map(|no| self.resolver.identifiers(*no));
        self.me.iter().copied().chain(known).collect()
    }

    /// Returns what the book takes over from a row: nothing of those who are forgotten.
    ///
    /// The hidden import `as_if` counts as if it were shown.
    pub(crate) fn facet(&self, no: RowNo, row: &Row, as_if: Option<ImportNo>) -> Facet {
        let forgotten = self.forgotten();
        if forgotten.is_empty() {
            return facet(&self.imports, no, row, as_if);
        }
        if forgotten.holds_record(&row.id) {
            return Facet { row: no, id: row.id, listed: None };
        }
        facet(&self.imports, no, &forgotten.purge(&self.source_of(row), row), as_if)
    }

    fn source_of(&self, row: &Row) -> String {
        let listing = row.listings.first();
        let part = listing.and_then(|l| self.imports.get(l.import)?.parts.get(usize::from(l.part)));
        part.map(|part| part.source.clone()).unwrap_or_default()
    }
}

/// Returns the identifiers by which a record joins.
fn own_identifiers(digest: &Digest) -> impl Iterator<Item = IdentifierHash> + '_ {
    digest.identifiers.iter().filter(|identifier| !identifier.shared).map(IdentifierHash::of)
}

/// Returns an interaction's JSON without some of its participants, and what was promised to one of them; all else stays as it
/// was written.
fn without_participants(interaction: &Interaction, body: &str, held: &[bool]) -> Option<String> {
    let mut record: serde_json::Value = serde_json::from_str(body).ok()?;
    let written = record.get_mut("interaction")?.as_object_mut()?;
    if interaction.participants.iter().zip(held).any(|(participant, held)| *held && participant.role == Role::To) {
        written.remove("promises");
    }
    let participants = written.get_mut("participants")?.as_array_mut()?;
    let mut held = held.iter();
    participants.retain(|_| held.next() != Some(&true));
    serde_json::to_string(&record).ok()
}

#[cfg(test)]
mod tests;
