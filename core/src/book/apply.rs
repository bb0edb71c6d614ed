//! Takes over what a record is: a card, or an interaction with those who took part.

use std::borrow::Cow;

use crate::book::Book;
use crate::book::entry::Flags;
use crate::book::facet::{Aspect, CardAspect, InteractionAspect, Listed};
use crate::book::touches::Touch;
use crate::digest::{Identifier, IdentifierKind};
use crate::hlc::Hlc;
use crate::id::RecordId;
use crate::identity::{IdentifierHash, name_hash};
use crate::normalize::{company_key, fold_text, is_office_email};
use crate::resolve::Evidence;
use crate::resolve::traits::Traits;
use crate::row::RowNo;

impl Book {
    pub(super) fn apply_aspect(&mut self, no: u32, listed: Listed) {
        match listed.what {
            Aspect::Card(card) => self.apply_card(no, card),
            Aspect::Interaction(interaction) => self.apply_interaction(no, interaction),
            Aspect::Other => {}
        }
    }

    pub(super) fn apply_card(&mut self, no: u32, card: CardAspect) {
        if card.owner {
            self.me.extend(card.own());
        }
        let Some(entry) = self.entries.get_mut(no as usize) else { return };
        entry.flags.set(Flags::CARD, true);
        entry.flags.set(Flags::INDIVIDUAL, card.individual);
        entry.flags.set(Flags::OWNER, card.owner);
        entry.flags.set(Flags::ECHO, card.uid.is_some());
        entry.flags.set(Flags::DIED, card.died);
        entry.birthday = card.birthday;
        entry.days = card.days;
        self.coming.note_days(no, entry);
        entry.search = card.search;
        let id = entry.id;
        if let Some(uid) = card.uid {
            self.add_uid(uid);
        }
        let certain: Vec<_> = card.uid.map(|uid| IdentifierHash::of(&uid.identifier())).into_iter().collect();
        let (identifiers, traits) = (&*self.with_own(&card.identifiers), &card.traits);
        self.resolver.set(no, id, Some(Evidence { identifiers, traits, certain: &certain }));
        self.keep_office(no, card.individual, &card.name, identifiers);
        self.add_said(no);
    }

    fn apply_interaction(&mut self, no: u32, aspect: InteractionAspect) {
        self.me.extend(aspect.own.iter().copied());
        if !aspect.promises.is_empty() {
            self.promised.insert(no, aspect.promises);
        }
        let Some((first_seen, id, row)) = self.entries.get(no as usize).map(|e| (e.first_seen, e.id, e.row)) else {
            return;
        };
        let mut participants = Vec::with_capacity(aspect.participants.len());
        for (role, record, card) in aspect.participants {
            let participant = self.entry_no(record);
            self.apply_participant(participant, card, (first_seen, id, row));
            participants.push((role, participant));
        }
        let touch = Touch {
            entry: no,
            kind: aspect.kind,
            at: aspect.at,
            answered: aspect.answered,
            sent: aspect.sent,
            name: aspect.name,
            thread: aspect.thread,
            answers: aspect.answers,
            subject: aspect.subject.unwrap_or(0),
            participants: participants.into(),
        };
        let known = self.entries.get(no as usize).and_then(|e| e.touch);
        match known.and_then(|number| self.touches.get_mut(number as usize)) {
            Some(slot) => {
                self.stale |= !slot.may_become(&touch);
                self.rederive |= *slot != touch;
                if slot.names() != touch.names() {
                    self.coming.forget_threads();
                    self.resolver.forget_mates();
                }
                *slot = touch;
            }
            None => {
                let number = self.touches.add(touch);
                if let Some(entry) = self.entries.get_mut(no as usize) {
                    entry.touch = number;
                }
            }
        }
    }

    fn apply_participant(&mut self, no: u32, card: CardAspect, seen: (Hlc, RecordId, RowNo)) {
        let Some(entry) = self.entries.get_mut(no as usize) else { return };
        let known = entry.flags.contains(Flags::PARTICIPANT);
        if !known || seen.0 < entry.first_seen || (seen.0 == entry.first_seen && *seen.1.bytes() < entry.hash) {
            entry.first_seen = seen.0;
            entry.hash = *seen.1.bytes();
            entry.row = seen.2;
        }
        if known {
            return;
        }
        entry.flags.set(Flags::PARTICIPANT, true);
        entry.flags.set(Flags::LISTED, true);
        entry.flags.set(Flags::INDIVIDUAL, card.individual);
        entry.search = card.search;
        let of_participant = Traits::of_participant(&card.name, &card.identifiers);
        let (id, traits) = (entry.id, Traits { is_role: card.traits.is_role, ..of_participant });
        let identifiers = &*self.with_own(&card.identifiers);
        self.resolver.set(no, id, Some(Evidence { identifiers, traits: &traits, certain: &[] }));
        self.keep_office(no, card.individual, &card.name, identifiers);
        self.add_said(no);
    }

    /// Whoever is no person is one with the others who go by its organisation's address. A name that only repeats the address
    /// is none.
    fn keep_office(&mut self, no: u32, is_individual: bool, name: &str, identifiers: &[Identifier]) {
        if is_individual {
            return;
        }
        let offices = || {
            let shared = identifiers.iter().filter(|it| it.kind == IdentifierKind::Email && it.shared);
            shared.filter(|identifier| is_office_email(&identifier.value))
        };
        let addresses: Vec<IdentifierHash> = offices().map(IdentifierHash::of).collect();
        let folded = fold_text(name);
        let repeats = |identifier: &Identifier| identifier.value.split('@').next() == Some(folded.as_str());
        let key = Some(company_key(name)).filter(|key| !key.is_empty()).unwrap_or_else(|| folded.clone());
        let name = (!folded.is_empty() && !offices().any(repeats)).then(|| name_hash(&key));
        self.resolver.keep_office(no, name, &addresses);
    }

    /// An address that the owner calls theirs is read by nobody else, whatever stands before its @: `hello@example.com`.
    fn with_own<'a>(&self, identifiers: &'a [Identifier]) -> Cow<'a, [Identifier]> {
        let is_mine = |identifier: &Identifier| identifier.shared && self.me.contains(&IdentifierHash::of(identifier));
        if !identifiers.iter().any(is_mine) {
            return Cow::Borrowed(identifiers);
        }
        let own = |identifier: &Identifier| {
            let shared = identifier.shared && !is_mine(identifier);
            Identifier { shared, ..identifier.clone() }
        };
        identifiers.iter().map(own).collect()
    }
}
