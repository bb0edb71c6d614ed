//! Keys of records whose format has none.

use kith_proto::card::{AnniversaryKind, Card};
use kith_proto::interaction::Interaction;
use kith_proto::record::{Bulk, Record};
use serde::Serialize;

use crate::normalize::{display_name, email, fold_text, is_shared_email};

/// Returns a key for a record whose format has none: its address, else its folded name with a date, else the hash of its
/// content. Equal keys are parted by an ordinal, which the keeper adds.
///
/// It depends on nothing but the record, so that every device finds the same one. A shared address is joined by the name.
#[must_use]
pub fn fallback_key(record: &Record) -> String {
    match record {
        Record::Card(card) => card_key(card),
        Record::Interaction(interaction) => interaction_key(interaction),
        Record::Bulk(bulk) => bulk_key(bulk),
    }
}

fn card_key(card: &Card) -> String {
    let addresses: Vec<String> = card.emails.iter().filter_map(|e| email(&e.address)).collect();
    if let Some(own) = addresses.iter().find(|address| !is_shared_email(address)) {
        return own.clone();
    }
    let name = fold_text(&display_name(card));
    if let Some(shared) = addresses.first() {
        return format!("{shared}\n{name}");
    }
    match told_apart_by(card) {
        Some(date) if !name.is_empty() => format!("{name}\n{date}"),
        Some(_) | None => content_hash(card),
    }
}

fn told_apart_by(card: &Card) -> Option<String> {
    let birthday = card.anniversaries.iter().find(|a| a.kind == AnniversaryKind::Birth).map(|a| a.date.to_string());
    birthday.or_else(|| card.connected_on.map(|day| day.to_string()))
}

/// Whether a mail has been answered changes, its size with the mailer that stores it, and whether promises were looked for in
/// it: they are no part of what it is.
fn interaction_key(interaction: &Interaction) -> String {
    content_hash(&Interaction {
        answers: None,
        answered: false,
        size: None,
        promises: Vec::new(),
        ..interaction.clone()
    })
}

fn bulk_key(bulk: &Bulk) -> String {
    content_hash(bulk)
}

fn content_hash(content: &impl Serialize) -> String {
    // These types have string keys only and no own `Serialize`: writing them cannot fail.
    let bytes = serde_json::to_vec(content).unwrap_or_default();
    blake3::hash(&bytes).to_hex().get(..32).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use kith_proto::card::{Anniversary, Email, Name};
    use kith_proto::date::PartialDate;
    use kith_proto::interaction::InteractionKind;
    use kith_proto::record::BulkClass;

    use super::*;

    fn card(name: &str, addresses: &[&str]) -> Card {
        let emails = addresses.iter().map(|&a| Email { address: a.to_owned(), ..Email::default() }).collect();
        Card { name: Name { full: Some(name.to_owned()), components: vec![] }, emails, ..Card::default() }
    }

    fn key_of(card: Card) -> String {
        fallback_key(&Record::Card(Box::new(card)))
    }

    #[test]
    fn the_key_is_the_address_where_it_is_the_persons_own() {
        assert_eq!(key_of(card("Ana", &["info@example.com", "Ana@Example.com"])), "ana@example.com");
        assert_eq!(key_of(card("Ána", &["info@example.com"])), "info@example.com\nana");
    }

    #[test]
    fn the_key_is_else_the_name_with_a_date() {
        let mut born = card("Ána  Silva", &[]);
        let date = PartialDate::new(None, Some(4), Some(12)).unwrap();
        born.anniversaries = vec![Anniversary { kind: AnniversaryKind::Birth, date, raw: None, label: None }];
        assert_eq!(key_of(born), "ana silva\n--04-12");
        let mut connected = card("Ana Silva", &[]);
        connected.connected_on = Some(jiff::civil::date(2026, 6, 7));
        assert_eq!(key_of(connected), "ana silva\n2026-06-07");
    }

    #[test]
    fn the_key_is_else_the_content() {
        let key = key_of(card("Ana Silva", &[]));
        assert_eq!(key.len(), 32);
        assert_eq!(key, key_of(card("Ana Silva", &[])));
        assert_ne!(key, key_of(card("Ana Silvia", &[])));
        let bulk = Record::Bulk(Bulk { class: BulkClass::List, at: None });
        assert_eq!(fallback_key(&bulk).len(), 32);
    }

    #[test]
    fn a_mail_that_was_answered_meanwhile_keeps_its_key() {
        let mail = |answered| Interaction {
            promises: Vec::new(),
            kind: InteractionKind::Mail,
            at: None,
            participants: vec![],
            thread: None,
            answers: None,
            subject: Some("Hello".to_owned()),
            size: None,
            text: None,
            direction: None,
            answered,
            on: None,
            recurs: false,
        };
        let key = |answered| fallback_key(&Record::Interaction(Box::new(mail(answered))));
        assert_eq!(key(true), key(false));
    }
}
