//! What stands for no person: an organisation, a team, a machine, a mailbox that several read.
//!
//! A name alone tells much of it, and that is `normalize::is_role_name`; here it is read together with the mailbox and the
//! company beside it: `Heliotek <info@heliotek.example>`, a card whose name is its company.

use kith_proto::card::{Card, NameComponentKind};

use super::{Identifier, IdentifierKind};
use crate::normalize::{begins_personal, company_domain, company_key, fold_text, is_role_name};
use crate::vcard::is_own;

/// Words by which a person signs for a company: `Lena from Cloudy`.
const FROM: &[&str] = &[" from ", " of ", " at ", " von ", " vom ", " bei ", " de ", " di ", " da ", " @ "];

/// Returns whether a card stands for no person.
///
/// One that parts its name into a given name and a surname is a person's, whatever these mean; of one that kith wrote, its kind
/// says so.
pub(super) fn is_card(card: &Card, name: &str, identifiers: &[Identifier]) -> bool {
    if is_own(card) {
        return false;
    }
    let has = |kind| card.name.component(kind).is_some_and(|part| !part.trim().is_empty());
    if has(NameComponentKind::Given) && has(NameComponentKind::Surname) {
        return false;
    }
    !is_read_off(name, identifiers) && (is_participant(name, identifiers) || is_its_company(card, name))
}

/// Whether the name is only what stands before the @, beside something that is one person's own.
fn is_read_off(name: &str, identifiers: &[Identifier]) -> bool {
    let local = |identifier: &Identifier| identifier.value.split('@').next() == Some(name);
    let is_own = |identifier: &Identifier| !identifier.shared && identifier.kind != IdentifierKind::Uid;
    identifiers.iter().any(|i| i.kind == IdentifierKind::Email && local(i)) && identifiers.iter().any(is_own)
}

/// Returns whether a name beside these identifiers stands for no person.
pub(super) fn is_participant(name: &str, identifiers: &[Identifier]) -> bool {
    is_role_name(name) || is_mailbox(name, identifiers)
}

/// Returns whether it is a mailbox that several read, rather than an organisation: nothing else is known of it.
pub(super) fn is_mailbox(name: &str, identifiers: &[Identifier]) -> bool {
    // By its UID a card is told from others, and nobody is reached.
    let reached = || identifiers.iter().filter(|identifier| identifier.kind != IdentifierKind::Uid);
    if reached().next().is_none() || !reached().all(|identifier| identifier.shared) {
        return false;
    }
    let emails = || identifiers.iter().filter(|identifier| identifier.kind == IdentifierKind::Email);
    let Some(first) = emails().next() else { return false };
    let folded = fold_text(name);
    let is_label = |word: &str| first_label(&first.value).is_some_and(|label| squeezed(word) == label);
    name.trim().is_empty()
        || (!begins_personal(name) && (!folded.contains(' ') || is_label(&folded)))
        || FROM.iter().any(|from| format!(" {folded} ").contains(from))
}

/// Whether the card is named as its company is, and not after the one who owns it.
fn is_its_company(card: &Card, name: &str) -> bool {
    let key = company_key(name);
    let is_named_so = || card.organizations.iter().any(|organization| company_key(&organization.name) == key);
    !key.is_empty() && !begins_personal(name) && is_named_so()
}

fn first_label(address: &str) -> Option<String> {
    company_domain(address.rsplit_once('@')?.1).map(|label| squeezed(&label))
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}
