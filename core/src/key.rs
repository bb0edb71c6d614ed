//! Keys of records whose format has none.

use kith_proto::card::{AnniversaryKind, Card};
use kith_proto::interaction::Interaction;
use kith_proto::record::{Bulk, Record};
use serde::Serialize;

use crate::normalize::{display_name, email, fold_text, is_shared_email};

/// The column of a LinkedIn connection without an address that tells two namesakes apart.
const DATE_COLUMNS: &[&str] = &["Connected On"];

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
    let column = || DATE_COLUMNS.iter().find_map(|column| card.extra.get(*column)).map(|date| fold_text(date));
    birthday.or_else(column).filter(|date| !date.is_empty())
}

/// Whether a mail has been answered changes, and its size with the mailer that stores it: they are no part of what it is.
fn interaction_key(interaction: &Interaction) -> String {
    content_hash(&Interaction { answered: false, size: None, ..interaction.clone() })
}

fn bulk_key(bulk: &Bulk) -> String {
    content_hash(bulk)
}

fn content_hash(content: &impl Serialize) -> String {
    // These types have string keys only and no own `Serialize`: writing them cannot fail.
    let bytes = serde_json::to_vec(content).unwrap_or_default();
    blake3::hash(&bytes).to_hex().get(..32).unwrap_or_default().to_owned()
}
