//! A portrait: what is shown of a person, put together from what the sources and the user say.
//!
//! Which value of a field is shown, and which goes before which, is `provenance`. Where the accounts lie is `view` in the daemon.

use jiff::Timestamp;
use kith_proto::api;
use kith_proto::card::{Address, AnniversaryKind, Card, CardKind, NameComponentKind};

use crate::digest::{Digest, digest_card};
use crate::id::RecordId;
use crate::normalize::{self, Profile, Region, tidy};
use crate::own::{self, OwnValue};
use crate::provenance::{Field, Trust, unique, values};

/// What one record says about a person.
#[derive(Debug, Clone)]
pub struct Account {
    /// The record.
    pub record: RecordId,
    /// Where it comes from.
    pub origin: api::ExportRecord,
    /// How far it is trusted.
    pub trust: Trust,
    /// When its source said so: the date of the export.
    pub seen: Option<Timestamp>,
    /// The card; of a participant, the name and address in it.
    pub card: Card,
    /// What it amounts to.
    pub digest: Digest,
}

/// Returns what is shown of a person: `id`, name, and everything that stands on cards.
///
/// `accounts` come in order of trust; `own` are the user's own values, the newest first.
#[must_use]
pub fn portrait(id: RecordId, accounts: &[Account], own: &[OwnValue], region: Option<Region>) -> api::Person {
    let said = said(own, region);
    let accounts: Vec<&Account> = said.iter().chain(accounts).collect();
    let cards = || accounts.iter().map(|a| &a.card);
    let all = |field: Field| unique(values(field, &accounts, region).into_iter().map(|value| value.value));
    let (emails, phones, profiles) = (all(Field::Email), all(Field::Phone), all(Field::Profile));
    // Whom nobody names goes by what reaches them.
    let reached = || emails.iter().chain(&phones).chain(&profiles).next().cloned();
    let name = all(Field::Name).into_iter().next().map(|name| normalize::shown_name(&name)).or_else(reached);
    let stands_for = noun(accounts.iter().skip(usize::from(said.is_some())));
    api::Person {
        id: id.to_string(),
        name: name.unwrap_or_default(),
        kind: kind(stands_for),
        what: stands_for.map(str::to_owned),
        headline: all(Field::Headline).into_iter().next(),
        nicknames: all(Field::Nickname),
        emails,
        phones,
        profiles,
        organizations: all(Field::Organization),
        titles: all(Field::Title),
        addresses: unique(cards().flat_map(|c| c.addresses.iter().filter_map(address))),
        anniversaries: unique(cards().flat_map(|c| c.anniversaries.iter().map(anniversary).chain(death_in_words(c)))),
        keywords: all(Field::Keyword),
        links: all(Field::Link),
        source_notes: unique(cards().flat_map(|c| c.notes.iter().map(|n| tidy(n)).filter(|n| !n.is_empty()))),
        photo: cards().find_map(|c| c.photo.clone()).map(|hash| hash.0),
        records: unique(accounts.iter().skip(usize::from(said.is_some())).map(|a| a.origin.clone())),
        ..api::Person::default()
    }
}

/// Returns how the reasons call a person: as the card calls them that gave the name shown, the one with a given name first.
#[must_use]
pub fn first_name(accounts: &[Account], name: &str) -> String {
    let of_that_name = accounts.iter().filter(|account| normalize::shown_name(&account.digest.name) == name);
    let best = of_that_name.min_by_key(|account| account.card.name.component(NameComponentKind::Given).is_none());
    best.map_or_else(|| normalize::first_name(name), |account| normalize::first_name_of(&account.card))
}

/// Returns what the user's own values, the newest first, say about a person.
#[must_use]
pub fn said(own: &[OwnValue], region: Option<Region>) -> Option<Account> {
    let newest = own.first()?;
    let card = own::card(own.iter().map(|own| (own.field.as_str(), own.value.as_str())));
    let mut digest = digest_card(&card, region);
    if card.name.full.is_none() {
        // A card without a name goes by its company or address; what the user says of those renames nobody.
        digest.name.clear();
    }
    let (origin, seen) = (api::ExportRecord::default(), Some(newest.at));
    Some(Account { record: newest.record, origin, trust: Trust::Own, seen, card, digest })
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

/// Returns an address in one line: street, town, country.
pub(crate) fn in_a_line(address: &Address) -> String {
    if let Some(full) = &address.full {
        return full.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ");
    }
    let town = address.postcode.iter().chain(&address.locality).cloned().collect::<Vec<_>>().join(" ");
    let parts =
        address.street.iter().cloned().chain([town]).chain(address.region.clone()).chain(address.country.clone());
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Returns what they stand for, where that is no person: somebody of whom one record says that they are a person is one,
/// whatever the others say.
fn noun<'a>(accounts: impl Iterator<Item = &'a &'a Account>) -> Option<&'static str> {
    let mut nouns = accounts.map(|account| account.digest.noun());
    let first = nouns.next().flatten();
    if nouns.any(|noun| noun.is_none()) { None } else { first }
}

/// Returns the kind of card of what is no person; a mailbox is that of a group, who read it.
fn kind(noun: Option<&str>) -> CardKind {
    let kinds = [CardKind::Org, CardKind::Location, CardKind::Device, CardKind::Application];
    let is_called = |noun: &str| kinds.into_iter().find(|kind| kind.noun() == Some(noun));
    noun.map_or(CardKind::Individual, |noun| is_called(noun).unwrap_or(CardKind::Group))
}

/// When somebody died, where a card says that in words: "circa 2020" (RFC 6474 §2.3).
fn death_in_words(card: &Card) -> Option<api::Anniversary> {
    let prop = card.v_card_props.iter().find(|prop| prop.name.eq_ignore_ascii_case("DEATHDATE"))?;
    let date = tidy(&prop.value);
    (!date.is_empty()).then(|| api::Anniversary { kind: "death".to_owned(), date })
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
pub(crate) fn profile_address(profile: &str) -> String {
    match profile.split_once('/') {
        Some(("linkedin", slug)) => format!("https://www.linkedin.com/in/{slug}"),
        Some((_, _)) | None => profile.to_owned(),
    }
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
        let (record, origin) = (RecordId::from_bytes([0; 16]), api::ExportRecord::default());
        Account { record, origin, trust: Trust::Card, seen: None, card, digest }
    }

    fn own(field: &str, value: &str) -> OwnValue {
        let (field, value, record) = (field.to_owned(), value.to_owned(), RecordId::from_bytes([0; 16]));
        OwnValue { field, value, at: Timestamp::UNIX_EPOCH, record }
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
    fn a_name_is_shown_without_degrees_and_pictures() {
        let ana = account("Ana Silva, PhD 🚀", Some("Ana Maria"));
        let shown = portrait(ana.record, std::slice::from_ref(&ana), &[], None);
        assert_eq!(shown.name, "Ana Silva");
        assert_eq!(first_name(&[ana], &shown.name), "Ana Maria");
    }

    #[test]
    fn what_the_user_says_of_company_or_address_renames_nobody() {
        let ana = account("Ana Silva", None);
        for (field, value) in [("organization", "Acme"), ("email", "ana@example.com"), ("phone", "+49 30 901820")] {
            let shown = portrait(ana.record, std::slice::from_ref(&ana), &[own(field, value)], None);
            assert_eq!(shown.name, "Ana Silva", "{field}");
        }
        let own = [own("organization", "Acme"), own("name", "Annie"), own("name", "Annchen")];
        let shown = portrait(ana.record, &[ana], &own, None);
        assert_eq!((shown.name.as_str(), shown.headline.as_deref()), ("Annie", Some("Acme")));
    }

    #[test]
    fn what_the_user_says_does_not_make_a_company_a_person() {
        let mut acme = account("Acme", None);
        acme.digest.kind = CardKind::Org;
        let own = [own("phone", "+49 30 901820")];
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
