//! What each column of a contact list is, decided once: by the layout of the program that wrote it, else by names.

use kith_plugin::column::{BESIDE, TableMap};

use super::guess::{self, Sample};
use super::meaning::{self, AddressPart, Family, Field, Meaning, TITLE_OR_PREFIX};
use super::values;
use super::words::{self, Language};

/// The source of a table that no known program wrote.
const ANY: &str = "csv";

/// A column and what else is needed to read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) meaning: Option<&'static Meaning>,
    /// The column that holds its label.
    pub(crate) label: Option<usize>,
    /// Which of a card's addresses or organisations it is part of.
    pub(crate) slot: usize,
}

/// The columns of a contact list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Columns {
    pub(crate) columns: Vec<Column>,
    pub(crate) header: Vec<String>,
    /// The source of its cards: `google`, `outlook`, `csv`.
    pub(crate) source: &'static str,
    pub(crate) known_by: KnownBy,
}

/// How the columns are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KnownBy {
    /// A known program wrote them.
    Layout,
    /// By their names, and some by their values.
    Looks,
    /// The user said so.
    Map,
}

/// The name of a column's meaning, if it has one, and the number in the column's own name.
type Named = (Option<&'static str>, u32);

impl Columns {
    /// Decides what each column is: by its name, and where no known program wrote it and the name says nothing, by the
    /// values of the first rows.
    pub(crate) fn new(header: &[String], sample: &Sample) -> Self {
        let (mut named, language) = look_up(header);
        if language.is_none() {
            let mut found: Vec<_> = named.iter().map(|(found, _)| *found).collect();
            guess::fill(&mut found, sample);
            named.iter_mut().zip(found).for_each(|((known, _), guessed)| *known = guessed);
        }
        Self {
            columns: placed(&named),
            header: header.to_vec(),
            source: language.map_or(ANY, |language| language.source.as_str()),
            known_by: if language.is_some() { KnownBy::Layout } else { KnownBy::Looks },
        }
    }

    /// Takes each column as the user says.
    pub(crate) fn mapped(header: &[String], map: &TableMap) -> Self {
        let folded: Vec<(String, u32)> = header.iter().map(|name| words::fold(name)).collect();
        let said = folded.iter().zip(&map.columns);
        let named: Vec<Named> = said
            .map(|((_, number), column)| (meaning::meaning(&column.meaning).map(|meaning| meaning.name), *number))
            .collect();
        Self {
            columns: placed(&named),
            header: header.to_vec(),
            source: words::language_of(&folded).map_or(ANY, |language| language.source.as_str()),
            known_by: KnownBy::Map,
        }
    }

    /// Returns each column that has a name, and what it is taken as.
    pub(crate) fn taken(&self) -> Vec<String> {
        let named = self.columns.iter().zip(&self.header).filter(|(_, name)| !name.is_empty());
        let taken = |(column, name): (&Column, &String)| {
            let meaning = column.meaning.map_or(BESIDE, |meaning| meaning.name);
            format!("{name} → {meaning}")
        };
        named.map(taken).collect()
    }

    /// Returns whether a record names the columns and is no row itself: every name is a word, none a value.
    pub(crate) fn is_header(&self, record: &[String]) -> bool {
        let is_name = |(column, value): (&Column, &String)| {
            let kind = column.meaning.map_or("", |meaning| meaning.name.split('.').next().unwrap_or_default());
            let is_value = match kind {
                "email" => values::is_email(value),
                "phone" => value.bytes().filter(u8::is_ascii_digit).count() >= 5,
                "linkedin" | "link" => value.contains('.'),
                _ => !value.is_empty() && (!value.contains(char::is_alphabetic) || value.contains('@')),
            };
            !is_value
        };
        self.columns.iter().zip(record).all(is_name)
    }

    /// Returns whether these are the columns of a list of contacts.
    pub(crate) fn is_list(&self) -> bool {
        let found: Vec<_> = self.columns.iter().map(|column| column.meaning.map(|meaning| meaning.name)).collect();
        guess::is_list(&found)
    }

    /// Returns the names of the columns that are not known.
    pub(crate) fn unknown(&self) -> Vec<&str> {
        let named = self.columns.iter().zip(&self.header);
        named
            .filter(|(column, name)| column.meaning.is_none() && !name.is_empty())
            .map(|(_, name)| name.as_str())
            .collect()
    }
}

/// Gives each column its label and its place among the parts of a card.
fn placed(named: &[Named]) -> Vec<Column> {
    let meanings: Vec<_> = named.iter().map(|(name, number)| (name.and_then(meaning::meaning), *number)).collect();
    let label_of = |family: Family, number: u32| {
        let is_label = |(found, n): &(Option<&Meaning>, u32)| {
            *n == number && found.is_some_and(|found| found.field == Field::Label(family))
        };
        meanings.iter().position(is_label)
    };
    let mut addresses: Vec<(&str, u32)> = Vec::new();
    let mut column = |(found, number): &(Option<&'static Meaning>, u32)| {
        let Some(meaning) = *found else { return Column { meaning: None, label: None, slot: 0 } };
        let label = meaning::family(meaning.field).and_then(|family| label_of(family, *number));
        let slot = if matches!(meaning.field, Field::Address(_)) {
            // The numbers of Outlook's street lines count lines, those of Google's columns addresses.
            let key = (meaning.usage, if meaning.usage.is_empty() { *number } else { 0 });
            addresses.iter().position(|known| *known == key).unwrap_or_else(|| {
                addresses.push(key);
                addresses.len() - 1
            })
        } else {
            usize::try_from(*number).unwrap_or_default()
        };
        Column { meaning: Some(meaning), label, slot }
    };
    meanings.iter().map(&mut column).collect()
}

/// Names of a column that holds the surname where a column for the given name stands beside it: `Name;Vorname`.
const SURNAME_OR_WHOLE: &[&str] = &["name", "naam"];

/// The given names of the languages that do so.
const BESIDE_GIVEN: &[&str] = &["vorname", "voornaam"];

/// Looks names up: in the language of the program that wrote them, else among all words.
fn look_up(header: &[String]) -> (Vec<Named>, Option<&'static Language>) {
    let folded: Vec<(String, u32)> = header.iter().map(|name| words::fold(name)).collect();
    let language = words::language_of(&folded);
    let mut named: Vec<Named> = folded.iter().map(|(name, number)| (words::look_up(name), *number)).collect();
    settle(&mut named, &folded);
    for ((found, _), (name, _)) in named.iter_mut().zip(&folded) {
        *found = language.and_then(|language| language.meaning(name)).or(*found);
    }
    // Outlook's French calls both so: the form of address, and further on the position.
    let second = positions(&named, "name.prefix").nth(1).filter(|_| language.is_some());
    if let Some((found, _)) = second.and_then(|second| named.get_mut(second)) {
        *found = Some("title");
    }
    (named, language)
}

fn positions<'n>(named: &'n [Named], wanted: &'static str) -> impl Iterator<Item = usize> + use<'n> {
    named.iter().enumerate().filter(move |(_, (found, _))| *found == Some(wanted)).map(|(index, _)| index)
}

/// Decides by the other columns where a name may be two things.
fn settle(named: &mut [Named], folded: &[(String, u32)]) {
    let has = |wanted: &'static str| positions(named, wanted).next().is_some();
    let is_prefix = has("title") || has("name.suffix");
    // `nome` is a given name beside a surname, else a whole one; `nombre` and `имя` likewise.
    let (has_given, has_surname) = (has("name.given"), has("name.surname"));
    let is_half = !has_surname && BESIDE_GIVEN.iter().any(|given| folded.iter().any(|(name, _)| name == given));
    let in_parts = has("birthday.year");
    let lone_nom = folded.iter().any(|(name, _)| name == "nom");
    let cities: Vec<&str> = named
        .iter()
        .filter_map(|(found, _)| meaning::meaning((*found)?))
        .filter(|meaning| meaning.field == Field::Address(AddressPart::Locality) && !meaning.usage.is_empty())
        .map(|meaning| meaning.usage)
        .collect();
    for ((found, _), (name, _)) in named.iter_mut().zip(folded) {
        let Some(meaning) = *found else { continue };
        *found = Some(match meaning {
            "name" if is_half && SURNAME_OR_WHOLE.contains(&name.as_str()) => "name.surname",
            TITLE_OR_PREFIX if is_prefix => "name.prefix",
            TITLE_OR_PREFIX => "title",
            "name.given" if !has_surname && !is_half => "name",
            // A lone `nom` is a whole name; a lone `last name` is a surname beside a whole name, or all there is.
            "name.surname" if !has_given && lone_nom => "name",
            // Thunderbird's day is Google's birthday but for the year beside it.
            "birthday" if in_parts => "birthday.day",
            // The first of several lines.
            "address.work" if cities.contains(&"Work") => "address.work.street",
            "address.home" if cities.contains(&"Home") => "address.home.street",
            "address.other" if cities.contains(&"Other") => "address.other.street",
            other => other,
        });
    }
}

/// Returns how sure the header is that of a contact list, 0 where it is not, and whether a known program wrote it.
pub(crate) fn score(header: &[String]) -> (usize, bool) {
    let (named, language) = look_up(header);
    let known = named.iter().filter(|(found, _)| found.is_some()).count();
    if language.is_some() {
        return (100 + known, true);
    }
    let has = |wanted: &[&'static str]| wanted.iter().any(|wanted| positions(&named, wanted).next().is_some());
    let whole = has(&["name.given"]) && has(&["name.surname"]);
    let is_named = has(&["name", "name.given", "name.surname"]);
    let has_email = has(&["email", "email.work", "email.home"]);
    let has_phone = named.iter().any(|(found, _)| found.is_some_and(|found| found.starts_with("phone")));
    // A name alone may be that of a song or a language.
    let beside = has(&["birthday", "company", "nickname", "linkedin"]) || has_phone;
    let is_list = has_email || whole || (is_named && beside);
    let is_other = !whole && words::other_kind(header, if is_named && has_email { 3 } else { 2 }).is_some();
    if is_list && !is_other { (known, false) } else { (0, false) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(header: &str) -> Vec<&'static str> {
        let header: Vec<String> = header.split(',').map(ToOwned::to_owned).collect();
        Columns::new(&header, &[]).columns.into_iter().map(|column| column.meaning.map_or("", |m| m.name)).collect()
    }

    #[test]
    fn a_title_beside_a_job_title_is_a_form_of_address() {
        assert_eq!(names("Name,Title"), ["name", "title"]);
        assert_eq!(names("Title,Job Title"), ["name.prefix", "title"]);
    }

    #[test]
    fn a_given_name_without_a_surname_is_the_whole_name() {
        assert_eq!(names("Nome,Email"), ["name", "email"]);
        assert_eq!(names("Nome,Cognome"), ["name.given", "name.surname"]);
        assert_eq!(names("Nom,Courriel"), ["name", "email"]);
        assert_eq!(names("Prénom,Nom"), ["name.given", "name.surname"]);
        assert_eq!(names("Имя,Фамилия"), ["name.given", "name.surname"]);
        assert_eq!(names("Имя,Телефон"), ["name", "phone"]);
    }

    #[test]
    fn a_german_name_beside_a_given_name_is_the_surname() {
        assert_eq!(names("Name,Vorname"), ["name.surname", "name.given"]);
        assert_eq!(names("Voornaam,Naam"), ["name.given", "name.surname"]);
        assert_eq!(names("Name,Vorname,Nachname"), ["name", "name.given", "name.surname"]);
        assert_eq!(names("Name,E-Mail"), ["name", "email"]);
    }

    #[track_caller]
    fn check_score(header: &str, is_list: bool) {
        let header: Vec<String> = header.split(',').map(ToOwned::to_owned).collect();
        assert_eq!(score(&header).0 > 0, is_list, "{header:?}");
    }

    #[test]
    fn a_table_of_payments_or_measurements_is_no_list_of_contacts_even_with_names_in_it() {
        check_score("Name,Email,Financial Status,Subtotal,Total,Currency", false);
        check_score("Date,Name,Email,Amount", true);
        check_score("Name,Phone,Amount,Currency", false);
        check_score("Timestamp,Level,Email", false);
        check_score("From,To,Subject,Email", false);
        check_score("First Name,Last Name,Email,Total,Currency", true);
    }
}
