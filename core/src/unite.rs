//! One card of all that the records of a person say: what the vCard export writes.
//!
//! Whoever imports that card again learns nothing new, and an empty kith the same person by value. How a card is written is
//! `vcard`; what the user said about someone (notes, circles, meetings) stays in the ledger and is no part of it.

mod verbatim;

use kith_proto::api;
use kith_proto::card::{
    Anniversary, Card, CardKind, Email, Link, Name, NameComponent, NameComponentKind, OnlineService, Phone,
};

use crate::digest::{Digest, Identifier, IdentifierKind, digest_card, headline};
use crate::id::RecordId;
use crate::normalize::{self, Region, tidy};
use crate::own::OwnValue;
use crate::portrait::{Account, address, is_linkedin, said};
use crate::uid::CardUid;
use crate::unite::verbatim::Bundles;

/// Returns the card of a person whose portrait is `shown`.
///
/// `records` are all of theirs, the earliest first; `accounts` and `own` are what the portrait was made of.
#[must_use]
pub fn unite(
    shown: &api::Person,
    records: &[RecordId],
    accounts: &[Account],
    own: &[OwnValue],
    region: Option<Region>,
) -> Card {
    let said = said(own, region);
    let accounts: Vec<&Account> = said.iter().chain(accounts).collect();
    let kind = if shown.kind == CardKind::Unknown { CardKind::Unknown } else { CardKind::Individual };
    let mut card = Card { uid: uid(records, &accounts), kind, name: name(shown, &accounts), ..Card::default() };
    let mut bundles = Bundles::default();
    for account in &accounts {
        add_lists(&mut card, &account.card);
        add_reach(&mut card, &account.card, region);
        bundles.add(&account.card.v_card_props);
        for (header, value) in &account.card.extra {
            card.extra.entry(tidy(header)).or_insert_with(|| tidy(value));
        }
    }
    card.extra.retain(|header, value| !header.is_empty() && !value.is_empty());
    card.v_card_props = bundles.finish();
    card.photo = accounts.iter().find_map(|account| account.card.photo.clone());
    add_missing(&mut card, accounts.iter().map(|account| &account.digest), region);
    card.headline = shown.headline.clone().filter(|shown| headline(&card).as_ref() != Some(shown));
    card
}

/// A card that came out of kith keeps its UID; else it is that of the earliest record.
fn uid(records: &[RecordId], accounts: &[&Account]) -> Option<String> {
    let card = |record: &RecordId| accounts.iter().find(|account| account.record == *record);
    let written = records.iter().find_map(|record| CardUid::parse(card(record)?.card.uid.as_deref()?));
    Some(written.unwrap_or(CardUid::of(records.first()?)).to_string())
}

/// The name shown, with the parts of a card of that name.
fn name(shown: &api::Person, accounts: &[&Account]) -> Name {
    let given = |account: &&&Account| account.card.name.component(NameComponentKind::Given).is_none();
    let of_that_name = || accounts.iter().filter(|account| normalize::shown_name(&account.digest.name) == shown.name);
    // What is only not shown, a degree for instance, is not lost.
    let full = of_that_name().next().map_or(&shown.name, |account| &account.digest.name);
    let parted = of_that_name().filter(|account| !account.card.name.components.is_empty()).min_by_key(given);
    let components = parted.map(|account| account.card.name.components.as_slice()).unwrap_or_default();
    let components = components.iter().map(|part| NameComponent { kind: part.kind, value: tidy(&part.value) });
    let components = components.filter(|part| !part.value.is_empty()).collect();
    Name { full: Some(full.clone()).filter(|name| !name.is_empty()), components }
}

fn add_lists(card: &mut Card, from: &Card) {
    add_all(&mut card.nicknames, from.nicknames.iter().map(|text| tidy(text)));
    add_all(&mut card.titles, from.titles.iter().map(|text| tidy(text)));
    add_all(&mut card.keywords, from.keywords.iter().map(|text| tidy(text)));
    add_all(&mut card.notes, from.notes.iter().map(|text| tidy(text)));
    add_all(&mut card.addresses, from.addresses.iter().filter_map(address));
    let links = from.links.iter().map(|link| Link { uri: tidy(&link.uri), label: link.label.as_deref().map(tidy) });
    for link in links.filter(|link| !link.uri.is_empty() && !is_linkedin(&link.uri)) {
        if !card.links.iter().any(|known| known.uri == link.uri) {
            card.links.push(link);
        }
    }
    for organization in &from.organizations {
        let units = organization.units.iter().map(|unit| tidy(unit)).filter(|unit| !unit.is_empty()).collect();
        let organization = kith_proto::card::Organization { name: tidy(&organization.name), units };
        if organization != kith_proto::card::Organization::default() && !card.organizations.contains(&organization) {
            card.organizations.push(organization);
        }
    }
    for day in &from.anniversaries {
        let same = |known: &Anniversary| (known.kind, known.date, &known.label) == (day.kind, day.date, &day.label);
        if !card.anniversaries.iter().any(same) {
            card.anniversaries.push(day.clone());
        }
    }
    for relation in &from.related_to {
        let to = tidy(&relation.to);
        let relation = kith_proto::card::Relation {
            to,
            relation: relation.relation.as_ref().map(|word| tidy(word).to_lowercase()).filter(|word| !word.is_empty()),
        };
        if !relation.to.is_empty() && !card.related_to.contains(&relation) {
            card.related_to.push(relation);
        }
    }
}

fn add_all<T: PartialEq + Default>(list: &mut Vec<T>, values: impl Iterator<Item = T>) {
    for value in values {
        if value != T::default() && !list.contains(&value) {
            list.push(value);
        }
    }
}

fn add_reach(card: &mut Card, from: &Card, region: Option<Region>) {
    for email in &from.emails {
        let address = tidy(&email.address);
        let same = |known: &Email| {
            known.address == address
                || normalize::email(&known.address).is_some_and(|k| Some(k) == normalize::email(&address))
        };
        match card.emails.iter_mut().find(|known| same(known)) {
            Some(known) => {
                for context in &email.contexts {
                    if !known.contexts.contains(context) {
                        known.contexts.push(*context);
                    }
                }
                known.label = known.label.take().or_else(|| email.label.clone());
                known.pref = known.pref.or(email.pref);
            }
            None if !address.is_empty() => card.emails.push(Email { address, ..email.clone() }),
            None => {}
        }
    }
    for phone in &from.phones {
        add_phone(&mut card.phones, phone, region);
    }
    let pages = from.links.iter().map(|link| tidy(&link.uri)).filter(|uri| is_linkedin(uri));
    let pages = pages.map(|uri| OnlineService { uri: Some(uri), ..OnlineService::default() });
    for service in from.online_services.iter().cloned().chain(pages) {
        add_service(&mut card.online_services, &service);
    }
}

fn add_service(services: &mut Vec<OnlineService>, service: &OnlineService) {
    let text = |text: &Option<String>| text.as_deref().map(tidy).filter(|text| !text.is_empty());
    let uri = text(&service.uri);
    let linkedin = uri.as_deref().is_some_and(is_linkedin).then(|| "LinkedIn".to_owned());
    let service =
        OnlineService { service: linkedin.or_else(|| text(&service.service)), uri, user: text(&service.user) };
    let says = service.uri.is_some() || service.user.is_some();
    if says && !services.contains(&service) {
        services.push(service);
    }
}

/// Adds a number as everyone can dial it. One that is known is not added again, unless it is someone's own only here.
fn add_phone(phones: &mut Vec<Phone>, phone: &Phone, region: Option<Region>) {
    let read = normalize::phone_with_use(phone, region);
    let written = tidy(&phone.number);
    let number = match &read {
        Some(read) if !written.starts_with('+') => read.value.clone(),
        Some(_) | None => written,
    };
    let known = phones.iter().any(|known| match (&read, normalize::phone_with_use(known, region)) {
        (Some(read), Some(known)) => read.value == known.value && (read.shared || !known.shared),
        (Some(_) | None, _) => known.number == number && read.is_none(),
    });
    if !number.is_empty() && !known {
        phones.push(Phone { number, ..phone.clone() });
    }
}

/// Adds by what a record is known and no card says: the address of somebody who only wrote.
fn add_missing<'a>(card: &mut Card, digests: impl Iterator<Item = &'a Digest>, region: Option<Region>) {
    let mut known = digest_card(card, region).identifiers;
    for identifier in digests.flat_map(|digest| &digest.identifiers) {
        if !known.iter().any(|k| k.kind == identifier.kind && k.value == identifier.value) {
            known.push(identifier.clone());
            add_identifier(card, identifier);
        }
    }
}

fn add_identifier(card: &mut Card, identifier: &Identifier) {
    let value = identifier.value.clone();
    match identifier.kind {
        IdentifierKind::Email => card.emails.push(Email { address: value, ..Email::default() }),
        IdentifierKind::Phone => card.phones.push(Phone { number: value, ..Phone::default() }),
        IdentifierKind::Profile => card.online_services.push(service_of(&value)),
        IdentifierKind::Uid => {}
    }
}

/// Returns the service of a profile in its normal form, `linkedin/ana-silva`.
fn service_of(profile: &str) -> OnlineService {
    let (service, user) = profile.split_once('/').unwrap_or((profile, ""));
    let by_user = OnlineService { service: Some(service.to_owned()), uri: None, user: Some(user.to_owned()) };
    let by_page = OnlineService { uri: Some(format!("https://{profile}")), ..OnlineService::default() };
    let is = |service: &OnlineService| {
        let card = Card { online_services: vec![service.clone()], ..Card::default() };
        digest_card(&card, None).identifiers.iter().any(|identifier| identifier.value == profile)
    };
    if is(&by_user) || !is(&by_page) { by_user } else { by_page }
}

#[cfg(test)]
mod tests;
