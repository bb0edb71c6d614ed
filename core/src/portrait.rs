//! A portrait: what is shown of a person, put together from what the sources and the user say.
//!
//! Single values are the user's own, else those of the first account that has one; lists are all of them, each once. The
//! accounts come in order of trust: what the user added, then cards, newest first, those that kith itself wrote last, then how
//! others wrote to them. Where the
//! accounts lie is `view` in the daemon.

use kith_proto::api;
use kith_proto::card::{Address, AnniversaryKind, Card, CardKind, NameComponentKind};

use crate::digest::{Digest, IdentifierKind, digest_card, headline};
use crate::id::RecordId;
use crate::normalize::{self, Profile, Region, tidy};
use crate::own;

/// What one record says about a person.
#[derive(Debug, Clone)]
pub struct Account {
    /// The record.
    pub record: RecordId,
    /// Where it comes from.
    pub origin: api::ExportRecord,
    /// The card; of a participant, the name and address in it.
    pub card: Card,
    /// What it amounts to.
    pub digest: Digest,
}

/// Returns what is shown of a person: `id`, name, and everything that stands on cards.
///
/// `own` are the user's own values, by field.
#[must_use]
pub fn portrait(id: RecordId, accounts: &[Account], own: &[(String, String)], region: Option<Region>) -> api::Person {
    let said = said(own, region);
    let accounts: Vec<&Account> = said.iter().chain(accounts).collect();
    let cards = || accounts.iter().map(|a| &a.card);
    let identifiers = |kind: IdentifierKind| {
        let all = accounts.iter().flat_map(|a| &a.digest.identifiers);
        unique(all.filter(move |i| i.kind == kind).map(|i| i.value.clone()))
    };
    let emails = identifiers(IdentifierKind::Email);
    let phones = unique(cards().flat_map(|c| c.phones.iter().filter_map(|p| number(&p.number, region))));
    let profiles = unique(identifiers(IdentifierKind::Profile).into_iter().map(|p| profile_address(&p)));
    let names = |of: fn(&Card) -> bool| accounts.iter().filter(move |a| of(&a.card)).map(|a| &a.digest.name);
    // A card without a name has one made of something else, and that only where no other has a real one.
    let name = names(|card| !card.name.is_empty()).chain(names(|_| true)).find(|name| !name.is_empty());
    // Whom nobody names goes by what reaches them.
    let name = name.or_else(|| emails.iter().chain(&phones).chain(&profiles).next()).cloned();
    api::Person {
        id: id.to_string(),
        name: name.unwrap_or_default(),
        kind: kind(accounts.iter().skip(usize::from(said.is_some()))),
        headline: accounts.iter().find_map(|a| headline(&a.card)),
        nicknames: texts(cards().flat_map(|c| &c.nicknames)),
        emails,
        phones,
        profiles,
        organizations: texts(cards().flat_map(|c| c.organizations.iter().map(|o| &o.name))),
        titles: texts(cards().flat_map(|c| &c.titles)),
        addresses: unique(cards().flat_map(|c| c.addresses.iter().filter_map(address))),
        anniversaries: unique(cards().flat_map(|c| c.anniversaries.iter().map(anniversary))),
        keywords: texts(cards().flat_map(|c| &c.keywords)),
        links: texts(cards().flat_map(|c| c.links.iter().map(|l| &l.uri)).filter(|uri| !is_linkedin(uri))),
        source_notes: texts(cards().flat_map(|c| &c.notes)),
        photo: cards().find_map(|c| c.photo.clone()).map(|hash| hash.0),
        records: unique(accounts.iter().skip(usize::from(said.is_some())).map(|a| a.origin.clone())),
        ..api::Person::default()
    }
}

/// Returns how the reasons call a person: as the card calls them that gave the name shown, the one with a given name first.
#[must_use]
pub fn first_name(accounts: &[Account], name: &str) -> String {
    let of_that_name = accounts.iter().filter(|account| account.digest.name == name);
    let best = of_that_name.min_by_key(|account| account.card.name.component(NameComponentKind::Given).is_none());
    best.map_or_else(|| normalize::first_name(name), |account| normalize::first_name_of(&account.card))
}

pub(crate) fn said(own: &[(String, String)], region: Option<Region>) -> Option<Account> {
    if own.is_empty() {
        return None;
    }
    let card = own::card(own.iter().map(|(field, value)| (field.as_str(), value.as_str())));
    let mut digest = digest_card(&card, region);
    if card.name.full.is_none() {
        // A card without a name goes by its company or address; what the user says of those renames nobody.
        digest.name.clear();
    }
    Some(Account { record: RecordId::from_bytes([0; 16]), origin: api::ExportRecord::default(), card, digest })
}

/// Returns a number in normal form; one that cannot be placed without its country is shown as it is written.
fn number(raw: &str, region: Option<Region>) -> Option<String> {
    let as_written = || own::is_number(raw).then(|| normalize::text(raw));
    normalize::phone(raw, region).or_else(as_written)
}

/// Returns an address as it is shown: tidy texts, each line of the street by itself; `None` when it says nothing of where.
pub(crate) fn address(address: &Address) -> Option<Address> {
    let text = |text: &Option<String>| text.as_deref().map(tidy).filter(|text| !text.is_empty());
    let lines = |part: &String| tidy(part).lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
    let street = address.street.iter().flat_map(lines);
    let shown = Address {
        full: text(&address.full),
        street: street.filter(|line| !line.is_empty()).collect(),
        locality: text(&address.locality),
        region: text(&address.region),
        postcode: text(&address.postcode),
        country: text(&address.country),
        contexts: address.contexts.clone(),
        label: text(&address.label),
    };
    let bare = Address { contexts: Vec::new(), label: None, ..shown.clone() };
    (bare != Address::default()).then_some(shown)
}

/// Somebody of whom one record says that they are a person is one, whatever the others say.
fn kind<'a>(accounts: impl Iterator<Item = &'a &'a Account> + Clone) -> CardKind {
    let mut kinds = accounts.map(|account| account.digest.kind);
    let person = kinds.clone().find(|kind| matches!(kind, CardKind::Individual | CardKind::Unknown));
    person.or_else(|| kinds.next()).unwrap_or_default()
}

fn anniversary(anniversary: &kith_proto::card::Anniversary) -> api::Anniversary {
    let kind = match anniversary.kind {
        AnniversaryKind::Birth => "birth",
        AnniversaryKind::Death => "death",
        AnniversaryKind::Wedding => "wedding",
        AnniversaryKind::Other => anniversary.label.as_deref().unwrap_or("other"),
    };
    api::Anniversary { kind: kind.to_owned(), date: anniversary.date.to_string() }
}

/// Whether a page is somebody's LinkedIn profile, and is shown as that.
pub(crate) fn is_linkedin(uri: &str) -> bool {
    Profile::parse(uri).is_some_and(|profile| profile.is_known && profile.service == "linkedin")
}

/// Returns the address of a profile in its normal form, `linkedin/ana-silva`.
fn profile_address(profile: &str) -> String {
    match profile.split_once('/') {
        Some(("linkedin", slug)) => format!("https://www.linkedin.com/in/{slug}"),
        Some((_, _)) | None => profile.to_owned(),
    }
}

fn texts<'a>(texts: impl Iterator<Item = &'a String>) -> Vec<String> {
    unique(texts.map(|text| tidy(text)).filter(|text| !text.is_empty()))
}

fn unique<T: PartialEq>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut unique = Vec::new();
    for item in items {
        if !unique.contains(&item) {
            unique.push(item);
        }
    }
    unique
}

#[cfg(test)]
mod tests {
    use kith_proto::card::{Name, NameComponent, Phone};

    use super::*;

    fn account(full: &str, given: Option<&str>) -> Account {
        let component = |value: &str| NameComponent { kind: NameComponentKind::Given, value: value.to_owned() };
        let name = Name { full: Some(full.to_owned()), components: given.map(component).into_iter().collect() };
        let card = Card { name, ..Card::default() };
        let digest = digest_card(&card, None);
        Account { record: RecordId::from_bytes([0; 16]), origin: api::ExportRecord::default(), card, digest }
    }

    #[test]
    fn the_first_name_belongs_to_the_name_that_is_shown() {
        let accounts =
            [account("Ana M. Silva", None), account("Ana M. Silva", Some("Ana Maria")), account("Annie", None)];
        assert_eq!(first_name(&accounts, "Ana M. Silva"), "Ana Maria");
        assert_eq!(first_name(&accounts, "Annie"), "Annie");
    }

    #[test]
    fn a_name_that_the_user_gave_is_taken_apart_itself() {
        assert_eq!(first_name(&[account("Ana Silva", Some("Ana"))], "Dr. Bea Silva"), "Bea");
        assert_eq!(first_name(&[], "Silva, Ana"), "Ana");
    }

    #[test]
    fn what_the_user_says_of_company_or_address_renames_nobody() {
        let ana = account("Ana Silva", None);
        for (field, value) in [("organization", "Acme"), ("email", "ana@example.com"), ("phone", "+49 30 901820")] {
            let shown = portrait(ana.record, std::slice::from_ref(&ana), &[(field.to_owned(), value.to_owned())], None);
            assert_eq!(shown.name, "Ana Silva", "{field}");
        }
        let own = [("organization".to_owned(), "Acme".to_owned()), ("name".to_owned(), "Annie".to_owned())];
        let shown = portrait(ana.record, &[ana], &own, None);
        assert_eq!((shown.name.as_str(), shown.headline.as_deref()), ("Annie", Some("Acme")));
    }

    #[test]
    fn what_the_user_says_does_not_make_a_company_a_person() {
        let mut acme = account("Acme", None);
        acme.digest.kind = CardKind::Org;
        let own = [("phone".to_owned(), "+49 30 901820".to_owned())];
        assert_eq!(portrait(acme.record, &[acme], &own, None).kind, CardKind::Org);
    }

    #[test]
    fn a_number_without_its_country_is_shown_as_written_until_the_region_is_known() {
        let number = |number: &str| Phone { number: number.to_owned(), ..Phone::default() };
        let phones = vec![number(" 030  901820"), number("+49 30 901820"), number("ask Bo")];
        let mut ana = account("Ana Silva", None);
        ana.card = Card { phones, ..ana.card };
        let shown = |region: Option<Region>| portrait(ana.record, std::slice::from_ref(&ana), &[], region).phones;
        assert_eq!(shown(None), ["030 901820", "+4930901820"]);
        assert_eq!(shown("DE".parse().ok()), ["+4930901820"]);
    }
}
