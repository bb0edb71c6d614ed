//! Digests: what of a card or a participant the fold keeps at hand, in normal form.
//!
//! The card itself stays as the source wrote it. A digest names, identifies and is searched; which digests are one person is
//! `resolve`.
//!
//! ```text
//!  Card ──────────▶ Digest { name, identifiers, search, birthday, days }
//!  Participant ──▶ key, Digest
//! ```

mod nobody;
mod search;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use kith_proto::card::{AnniversaryKind, Card, CardKind, OnlineService};
use kith_proto::date::PartialDate;
use kith_proto::interaction::Participant;
use serde::{Deserialize, Serialize};

use self::search::SearchText;
pub(crate) use self::search::name_text;
pub use crate::normalize::fold_text;
use crate::normalize::{self, PhoneNumber, Profile, Region, text_cow};
use crate::noted::{NotedDay, has_died, noted_days};
use crate::resolve::traits::Traits;
use crate::uid::CardUid;

/// How many identifiers of a card are looked at: what has more is no person, and must not hold up the others.
const IDENTIFIER_LIMIT: usize = 1_000;

/// What an address is called that several people read.
const SHARED_MAILBOX: &str = "shared mailbox";

/// What is kept at hand of a card or a participant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// The name to show, in NFC and trimmed; may be empty.
    pub name: String,
    /// Person, organisation or group.
    pub kind: CardKind,
    /// By what it is known elsewhere, each once.
    pub identifiers: Vec<Identifier>,
    /// What it is found by, folded, parted by single spaces; may be empty.
    pub search: String,
    /// The birthday.
    #[serde(with = "birthday")]
    pub birthday: Option<PartialDate>,
    /// Other days that come back.
    pub days: Vec<NotedDay>,
    /// They died.
    pub died: bool,
    /// The source says that this is the owner.
    pub owner: bool,
    /// What of a card tells its person from others; of a participant only whether it is one, for name and address say the rest.
    pub traits: Traits,
}

/// An address, number or profile in normal form.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identifier {
    /// What it is.
    pub kind: IdentifierKind,
    /// The normal form: `ana@example.com`, `+4930901820`, `linkedin/ana-silva`.
    pub value: String,
    /// Many people go by it, so that it never shows that two records are one person.
    pub shared: bool,
}

/// What an identifier is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentifierKind {
    /// A mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A profile with an online service.
    Profile,
    /// The UID of a card that kith wrote: it names another record of the person.
    Uid,
}

/// Returns what is kept at hand of a card; numbers without a country are read in `region`.
#[must_use]
pub fn digest_card(card: &Card, region: Option<Region>) -> Digest {
    let name = normalize::display_name(card);
    let identifiers = card_identifiers(card, region);
    let search = search::of_card(card, &name, &identifiers);
    let births = card.anniversaries.iter().filter(|a| a.kind == AnniversaryKind::Birth).map(|a| a.date);
    let birthday = births.max_by_key(|birth| (birth.year().is_some(), *birth));
    let mut traits = Traits::of_card(card, &identifiers);
    traits.is_role = nobody::is_card(card, &name, &identifiers);
    let (days, died) = (noted_days(card), has_died(card));
    Digest { name, kind: card.kind, identifiers, search, birthday, days, died, owner: card.owner, traits }
}

/// Returns a participant's key within its source, `address` or profile and name parted by a newline, and its digest.
///
/// `None` where there is nothing to know them by: neither a mail address nor a profile. A name that is the address itself is
/// no name.
#[must_use]
pub fn digest_participant(participant: &Participant) -> Option<(String, Digest)> {
    let address = participant.email.as_deref().and_then(normalize::email);
    let profile = participant.profile.as_deref().and_then(Profile::parse);
    let known_by = match (&address, &profile) {
        (Some(address), _) => address.clone(),
        (None, Some(profile)) if profile.service == "linkedin" => profile.user.clone(),
        (None, Some(profile)) => format!("{}/{}", profile.service, profile.user),
        (None, None) => return None,
    };
    let name = participant_name(participant);
    let emails = address.into_iter().map(email_identifier);
    let identifiers: Vec<Identifier> = emails.chain(profile.map(profile_identifier)).collect();
    let mut search = SearchText::new();
    search.push_text(&name);
    search.push_identifiers(&identifiers);
    let is_role = nobody::is_participant(&name, &identifiers);
    let digest = Digest {
        kind: CardKind::Individual,
        identifiers,
        search: search.finish(),
        birthday: None,
        days: Vec::new(),
        died: false,
        owner: false,
        traits: Traits { is_role, ..Traits::default() },
        name,
    };
    Some((format!("{known_by}\n{}", digest.name), digest))
}

/// Returns by what the owner is known, from the addresses, numbers and profiles of the config; what is none is left out.
///
/// The owner said so, hence none of them is shared.
#[must_use]
pub fn owner_identifiers(me: &[String]) -> Vec<Identifier> {
    let mut identifiers: Vec<Identifier> = me
        .iter()
        .filter_map(|entry| {
            let email = || normalize::email(entry).map(email_identifier);
            let phone =
                || normalize::phone(entry, None).map(|value| phone_identifier(PhoneNumber { value, shared: false }));
            let profile = || Profile::parse(entry).map(profile_identifier);
            // "x.com/@ana" is a profile, though it has the sign of an address.
            let is_path = entry.split('@').next().is_some_and(|before| before.contains('/'));
            let found = if is_path { profile().or_else(email) } else { email().or_else(phone).or_else(profile) };
            found.map(|identifier| Identifier { shared: false, ..identifier })
        })
        .collect();
    identifiers.sort();
    identifiers.dedup();
    identifiers
}

impl Digest {
    /// Returns what it stands for, where that is no single person: `organisation`, `shared mailbox`.
    #[must_use]
    pub fn noun(&self) -> Option<&'static str> {
        self.kind.noun().or_else(|| {
            let reached = || self.identifiers.iter().filter(|identifier| identifier.kind != IdentifierKind::Uid);
            let is_nameless = self.name.is_empty() && reached().next().is_some();
            let is_shared = reached().all(|identifier| identifier.shared);
            let is_mailbox = is_nameless && is_shared || nobody::is_mailbox(&self.name, &self.identifiers);
            if is_mailbox && (self.traits.is_role || is_nameless) {
                Some(SHARED_MAILBOX)
            } else if self.traits.is_role {
                CardKind::Org.noun()
            } else {
                None
            }
        })
    }
}

/// Returns what someone does, in a line: "CTO at Acme", "CTO" or "Acme".
#[must_use]
pub fn headline(card: &Card) -> Option<String> {
    if let Some(headline) = first_text(card.headline.as_deref().into_iter()) {
        return Some(headline.into_owned());
    }
    let title = first_text(card.titles.iter().map(String::as_str));
    let organization = first_text(card.organizations.iter().map(|o| o.name.as_str()));
    match (title, organization) {
        (Some(title), Some(organization)) => Some(format!("{title} at {organization}")),
        (title, organization) => title.or(organization).map(Cow::into_owned),
    }
}

fn first_text<'a>(mut texts: impl Iterator<Item = &'a str>) -> Option<Cow<'a, str>> {
    texts.find_map(|text| Some(text_cow(text)).filter(|text| !text.is_empty()))
}

fn card_identifiers(card: &Card, region: Option<Region>) -> Vec<Identifier> {
    let emails = card.emails.iter().filter_map(|e| normalize::email(&e.address)).map(email_identifier);
    let phones = card.phones.iter().filter_map(|p| normalize::phone_with_use(p, region)).map(phone_identifier);
    let services = card.online_services.iter().filter_map(service_profile).map(profile_identifier);
    let links = card.links.iter().filter_map(|l| Profile::parse(&l.uri)).filter(|p| p.is_known).map(link_identifier);
    let uid = card.uid.as_deref().and_then(CardUid::parse).map(CardUid::identifier);
    without_doubles(emails.chain(phones).chain(services).chain(links).take(IDENTIFIER_LIMIT).chain(uid))
}

fn service_profile(service: &OnlineService) -> Option<Profile> {
    let named = |handle: &String| service.service.as_deref().and_then(|name| normalize::profile_of(name, handle));
    let by_uri = service.uri.as_ref().and_then(|uri| Profile::parse(uri).or_else(|| named(uri)));
    by_uri.or_else(|| service.user.as_ref().and_then(named))
}

fn email_identifier(value: String) -> Identifier {
    Identifier { kind: IdentifierKind::Email, shared: normalize::is_shared_email(&value), value }
}

fn phone_identifier(phone: PhoneNumber) -> Identifier {
    Identifier { kind: IdentifierKind::Phone, value: phone.value, shared: phone.shared }
}

/// A page of an unknown host may be a whole company's.
fn profile_identifier(profile: Profile) -> Identifier {
    let shared = !profile.is_known;
    let mut value = profile.service;
    value.push('/');
    value.push_str(&profile.user);
    Identifier { kind: IdentifierKind::Profile, value, shared }
}

/// A mere link to a profile is the person's own only where the service has no pages of companies at such addresses.
fn link_identifier(profile: Profile) -> Identifier {
    let personal = matches!(profile.service.as_str(), "linkedin" | "xing");
    Identifier { shared: !personal, ..profile_identifier(profile) }
}

/// Keeps the first of equal ones, in order; what is personal by one use is personal.
fn without_doubles(identifiers: impl Iterator<Item = Identifier>) -> Vec<Identifier> {
    let mut kept: Vec<Identifier> = Vec::new();
    for identifier in identifiers {
        match kept.iter_mut().find(|k| k.kind == identifier.kind && k.value == identifier.value) {
            Some(same) => same.shared &= identifier.shared,
            None => kept.push(identifier),
        }
    }
    kept
}

/// The name as written, without the quotes that some mailers leave, empty where it is the address.
fn participant_name(participant: &Participant) -> String {
    let name = text_cow(participant.name.as_deref().unwrap_or_default());
    let name = name.trim_matches(['\'', '"', ' ']);
    let bare = name.trim_start_matches('<').trim_end_matches('>');
    let address = participant.email.as_deref().unwrap_or_default();
    let is_address = bare.eq_ignore_ascii_case(address.trim()) || normalize::email(bare).is_some();
    if is_address { String::new() } else { name.to_owned() }
}

/// Writes the date's parts one by one, as a compact format cannot leave fields out as the type's own shape does.
mod birthday {
    use kith_proto::date::PartialDate;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de};

    type Parts = Option<(Option<i16>, Option<i8>, Option<i8>)>;

    pub(super) fn serialize<S: Serializer>(date: &Option<PartialDate>, serializer: S) -> Result<S::Ok, S::Error> {
        let parts: Parts = date.map(|d| (d.year(), d.month(), d.day()));
        parts.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PartialDate>, D::Error> {
        let parts = Parts::deserialize(deserializer)?;
        parts.map(|(y, m, d)| PartialDate::new(y, m, d)).transpose().map_err(de::Error::custom)
    }
}
