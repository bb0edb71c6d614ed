//! Traits: what of a card or a participant tells one person from another, in normal form.
//!
//! They are taken once, when a record comes, and kept beside it. What two records' traits say about each other is `compare`.
//!
//! ```text
//!  Card ─▶ Traits { names, companies, titles, born, places }      Participant (name, address) ─▶ Traits { names, companies }
//! ```

use kith_proto::card::{Address, AnniversaryKind, Card, NameComponentKind};
use kith_proto::date::PartialDate;
use serde::{Deserialize, Serialize};

use crate::digest::{Identifier, IdentifierKind};
use crate::normalize::{PersonName, is_of_two, is_of_two_people, person_names, person_names_of};
use crate::normalize::{company_domain, company_key, display_name, fold_text, is_role_name, local_part_tokens};

/// How many readings, companies, titles and places of a record are compared.
const KEPT: usize = 4;
/// How many of them, with those of earlier contents.
const REMEMBERED: usize = 12;
/// How many words of a street are compared.
const STREET_WORDS: usize = 6;

/// What of a record is compared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traits {
    /// The readings of the name, the best first; empty when there is none.
    pub names: Vec<Reading>,
    /// Company keys without white space, and the names of company mail domains.
    pub companies: Vec<String>,
    /// Titles, folded.
    pub titles: Vec<String>,
    /// The day of birth as it is written, year, month and day; 0 where unknown. It need not exist.
    pub born: Option<(u16, u8, u8)>,
    /// Where they live or work.
    pub places: Vec<Place>,
    /// The name is that of a company, a team or a machine.
    pub is_role: bool,
    /// Which of their name they are: 1 for senior, 2 for junior or II, 3 for III; 0 where the name does not say.
    pub generation: u8,
    /// The name is that of two people: "Mia & Luis Torres".
    pub is_of_two: bool,
}

/// One reading of a name, in folded Latin letters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Given names.
    pub given: Vec<String>,
    /// Surnames, particles left out.
    pub surname: Vec<String>,
    /// It is read off an address or a profile, not a name that somebody wrote.
    pub is_handle: bool,
}

/// A postal address, folded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Words of the street and the house, without the number.
    pub street: Vec<String>,
    /// The house number; may be empty.
    pub number: String,
    /// The postcode; may be empty.
    pub postcode: String,
    /// The town; may be empty.
    pub locality: String,
}

impl Traits {
    /// Returns the traits of a card.
    #[must_use]
    pub fn of_card(card: &Card, identifiers: &[Identifier]) -> Self {
        let mut names: Vec<Reading> = person_names(&card.name).into_iter().map(Reading::from).collect();
        if names.is_empty() {
            names.extend(card.nicknames.iter().flat_map(|name| person_names_of(name)).map(Reading::from));
        }
        let companies = card.organizations.iter().map(|o| company_key(&o.name)).map(|key| squeezed(&key));
        let titles = card.titles.iter().map(|title| fold_text(title));
        Self {
            companies: some(companies.chain(company_domains(identifiers, &names))),
            names: with_handles(names, identifiers),
            titles: some(titles),
            born: born(card),
            is_role: is_role(card),
            generation: generation_of(card),
            is_of_two: is_of_two(&card.name),
            places: card.addresses.iter().map(place).filter(|p| *p != Place::default()).take(KEPT).collect(),
        }
    }

    /// Adds the names, companies and titles of an earlier content of the same record, each once and only the newest few.
    pub fn remember(&mut self, earlier: &Self) {
        let is_known = |known: &[Reading], name: &Reading| {
            known.iter().any(|k| k.given == name.given && k.surname == name.surname)
        };
        for name in &earlier.names {
            if self.names.len() < REMEMBERED && !is_known(&self.names, name) {
                self.names.push(name.clone());
            }
        }
        remember(&mut self.companies, &earlier.companies);
        remember(&mut self.titles, &earlier.titles);
    }

    /// Returns the traits of one who took part in an interaction, by their name and what they are known by.
    #[must_use]
    pub fn of_participant(name: &str, identifiers: &[Identifier]) -> Self {
        let names: Vec<Reading> = person_names_of(name).into_iter().map(Reading::from).collect();
        Self {
            companies: some(company_domains(identifiers, &names)),
            names: with_handles(names, identifiers),
            is_role: is_role_name(name),
            generation: generation(name),
            is_of_two: is_of_two_people(name),
            ..Self::default()
        }
    }
}

fn remember(known: &mut Vec<String>, earlier: &[String]) {
    for text in earlier {
        if known.len() < REMEMBERED && !known.contains(text) {
            known.push(text.clone());
        }
    }
}

impl From<PersonName> for Reading {
    fn from(name: PersonName) -> Self {
        Self { given: name.given, surname: name.surname, is_handle: false }
    }
}

/// The generation that a card gives as a part of the name, or at the end of the whole name.
fn generation_of(card: &Card) -> u8 {
    let suffixes = [NameComponentKind::Generation, NameComponentKind::Credential, NameComponentKind::Surname];
    let parts = card.name.components.iter().filter(|part| suffixes.contains(&part.kind));
    let of_parts = parts.map(|part| {
        let before = usize::from(part.kind == NameComponentKind::Surname);
        last_words_generation(&part.value, before)
    });
    let of_whole = card.name.full.as_deref().map(generation).unwrap_or_default();
    of_parts.filter(|found| *found > 0).chain(core::iter::once(of_whole)).next().unwrap_or_default()
}

/// The generation that a whole name ends with: "Karl Berg jun.".
fn generation(name: &str) -> u8 {
    last_words_generation(name, 2)
}

/// The generation that a word after the first few says.
fn last_words_generation(text: &str, before: usize) -> u8 {
    let words = words(&fold_text(text)).into_iter().skip(before);
    words.map(|word| of_generation(&word)).find(|found| *found > 0).unwrap_or_default()
}

fn of_generation(word: &str) -> u8 {
    match word {
        "sr" | "snr" | "sen" | "senior" => 1,
        "jr" | "jnr" | "jun" | "junior" | "ii" => 2,
        "iii" => 3,
        "iv" => 4,
        _ => 0,
    }
}

/// A card that parts its name into a given name and a surname is a person's, whatever these mean.
fn is_role(card: &Card) -> bool {
    let has = |kind| card.name.component(kind).is_some_and(|part| !part.trim().is_empty());
    !(has(NameComponentKind::Given) && has(NameComponentKind::Surname)) && is_role_name(&display_name(card))
}

/// Adds what addresses and LinkedIn profiles spell of a name: `ana.silva@example.com`, `in/ana-silva-1a2b3c4d`.
fn with_handles(mut names: Vec<Reading>, identifiers: &[Identifier]) -> Vec<Reading> {
    names.truncate(KEPT);
    for identifier in identifiers.iter().filter(|i| !i.shared) {
        let tokens = match identifier.kind {
            IdentifierKind::Email => local_part_tokens(&identifier.value),
            IdentifierKind::Profile => profile_tokens(&identifier.value),
            IdentifierKind::Phone | IdentifierKind::Uid => continue,
        };
        let Some((surname, given)) = tokens.split_last().filter(|(_, given)| !given.is_empty()) else { continue };
        let reading = Reading { given: given.to_vec(), surname: vec![surname.clone()], is_handle: true };
        if !names.iter().any(|known| known.given == reading.given && known.surname == reading.surname) {
            names.push(reading);
        }
    }
    names.truncate(KEPT + 2);
    names
}

/// The words of a profile that a service makes of the name; the last part is often a number that tells namesakes apart.
fn profile_tokens(value: &str) -> Vec<String> {
    let Some(slug) = value.strip_prefix("linkedin/").or_else(|| value.strip_prefix("xing/")) else { return Vec::new() };
    let parts = slug.split(['-', '_', '.']).filter(|part| !part.chars().any(|c| c.is_ascii_digit()));
    parts.map(fold_text).filter(|part| !part.is_empty()).take(KEPT).collect()
}

/// A domain that is the surname is the family's, and no company's.
fn company_domains(identifiers: &[Identifier], names: &[Reading]) -> impl Iterator<Item = String> {
    let emails = identifiers.iter().filter(|i| i.kind == IdentifierKind::Email);
    let labels = emails.filter_map(|i| company_domain(i.value.rsplit_once('@')?.1)).map(|label| squeezed(&label));
    labels.filter(|label| !names.iter().any(|name| name.surname.contains(label)))
}

fn squeezed(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The first few that say something, each once.
fn some(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for text in texts.filter(|text| !text.is_empty()) {
        if kept.len() < KEPT && !kept.contains(&text) {
            kept.push(text);
        }
    }
    kept
}

/// The day of birth; one that cannot exist is compared, too, for a slip of the pen is no other person.
fn born(card: &Card) -> Option<(u16, u8, u8)> {
    let births = card.anniversaries.iter().filter(|a| a.kind == AnniversaryKind::Birth).map(|a| a.date);
    let date = births.max_by_key(|birth| (birth.year().is_some(), *birth));
    date.and_then(parts).or_else(|| {
        let as_written = card.v_card_props.iter().find(|p| p.name.eq_ignore_ascii_case("BDAY"))?;
        digits(&as_written.value)
    })
}

fn parts(date: PartialDate) -> Option<(u16, u8, u8)> {
    let year = u16::try_from(date.year().unwrap_or_default()).ok()?;
    let small = |part: Option<i8>| u8::try_from(part.unwrap_or_default()).ok();
    Some((year, small(date.month())?, small(date.day())?))
}

/// Eight digits, with or without hyphens.
fn digits(text: &str) -> Option<(u16, u8, u8)> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let part = |range: core::ops::Range<usize>| digits.get(range)?.parse().ok();
    (digits.len() == 8).then_some(())?;
    Some((part(0..4)?, u8::try_from(part(4..6)?).ok()?, u8::try_from(part(6..8)?).ok()?))
}

fn place(address: &Address) -> Place {
    let text = |text: &Option<String>| text.as_deref().map(fold_text).unwrap_or_default();
    let lines = address.street.iter().chain(address.full.iter().filter(|_| address.street.is_empty()));
    let words: Vec<String> = lines.flat_map(|line| words(&fold_text(line))).collect();
    let is_number = |word: &String| word.starts_with(|c: char| c.is_ascii_digit());
    let number = words.iter().find(|word| is_number(word)).cloned().unwrap_or_default();
    let street = words.into_iter().filter(|word| !is_number(word)).take(STREET_WORDS).collect();
    Place { street, number, postcode: squeezed(&text(&address.postcode)), locality: text(&address.locality) }
}

fn words(folded: &str) -> Vec<String> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
