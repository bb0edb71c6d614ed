//! Names of people taken apart for comparing: what is given, what is surname, in Latin letters.
//!
//! A name has as many readings as one cannot tell apart: a name in Chinese characters may be Chinese or Japanese, a name in
//! brackets may be what its bearer is called. Which names are one person's is the resolver's business; how one is shown is
//! `name`'s. Short forms are in `nickname`, spelling variants in `sound`.
//!
//! ```text
//!  "Dr. Ana (Anita) von der Heide, PhD" ─written─▶ words ─order─▶ ana | von der | heide
//!                                                                 anita | von der | heide
//!  "山田太郎" ─script─▶ kanji ─▶ taro | | yamada       ─▶ hanzi ─▶ tianlang | | shan
//! ```

mod arabic;
mod cyrillic;
mod greek;
mod han;
mod hangul;
mod hebrew;
mod kana;
mod kanji;
mod of_two;
mod order;
mod script;
mod word;
mod written;

use kith_proto::card::{Name, NameComponentKind};

use self::script::Script;
use self::word::Word;
use self::written::{Aside, Written};

/// How many readings of one name are kept.
const READINGS_LIMIT: usize = 4;

/// A name taken apart for comparing: folded tokens in Latin letters.
///
/// A token is lower-case ASCII letters wherever the script can be read: diacritics are gone (`ü` is `u`, `ø` is `o`), `ß` is
/// `ss`, `æ` is `ae`, `þ` is `th`. [`sound_key`](super::sound_key) folds further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName {
    /// Given names, in order; an initial is a token of one letter. A name with a hyphen is two tokens.
    pub given: Vec<String>,
    /// Surnames without particles; a double surname is two tokens.
    pub surname: Vec<String>,
    /// What stands before a surname: `von`, `de`, `la`, `bin`, `al`.
    pub particles: Vec<String>,
    /// Whether the source says which part is which, by components, by "Last, First" or by capitals; else it is a guess.
    pub is_certain: bool,
    /// How this reading came about.
    pub reading: Reading,
}

/// How a reading of a name came about: as written in Latin letters, or read from which script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reading {
    /// In Latin letters, as written.
    Written,
    /// In Latin letters, with a name in brackets or quotes in place of a given name or a surname: "Ana (Anita) Silva".
    Aside,
    /// From Cyrillic letters.
    Cyrillic,
    /// From Greek letters.
    Greek,
    /// From Chinese characters, read as Chinese.
    Han,
    /// From Chinese characters, read as Japanese.
    Kanji,
    /// From Japanese syllables.
    Kana,
    /// From Korean syllables.
    Hangul,
    /// From Arabic letters: of names that are not known, the consonants only.
    Arabic,
    /// From Hebrew letters: of names that are not known, the consonants only.
    Hebrew,
    /// From any other script, letter by letter.
    Other,
}

impl PersonName {
    fn new(reading: Reading, is_certain: bool) -> Self {
        Self { given: Vec::new(), surname: Vec::new(), particles: Vec::new(), is_certain, reading }
    }

    fn is_empty(&self) -> bool {
        self.given.is_empty() && self.surname.is_empty()
    }
}

/// Returns every reading of a card's name, best first, at most four; none where there is no usable name.
///
/// The components count, where there are any; the whole name adds readings where it says something else.
#[must_use]
pub fn person_names(name: &Name) -> Vec<PersonName> {
    let given = joined(name, &[NameComponentKind::Given, NameComponentKind::Given2]);
    let surname = joined(name, &[NameComponentKind::Surname, NameComponentKind::Surname2]);
    let full = name.full.as_deref().unwrap_or_default();
    let mut found = Vec::with_capacity(1);
    if given.is_empty() || surname.is_empty() {
        // A card with one component often holds the whole name in it.
        let alone = if given.is_empty() { &surname } else { &given };
        let is_alone_a_surname = given.is_empty() && !surname.trim().contains(' ');
        read_alone(alone, is_alone_a_surname, &mut found);
    } else {
        read_parts(&given, &surname, &mut found);
    }
    let says_more = found.is_empty() || !is_made_of(full, &given, &surname);
    if says_more && !full.is_empty() {
        read_full(full, &mut found);
    }
    found.truncate(READINGS_LIMIT);
    found
}

/// Returns every reading of a full name as mail and calendars write it, best first, at most four.
///
/// ```
/// use kith_core::normalize::person_names_of;
/// let names = person_names_of("von der Heide, Dr. Ana-Lena");
/// assert_eq!(names[0].given, ["ana", "lena"]);
/// assert_eq!(names[0].particles, ["von", "der"]);
/// assert_eq!(names[0].surname, ["heide"]);
/// assert!(names[0].is_certain);
/// ```
#[must_use]
pub fn person_names_of(full: &str) -> Vec<PersonName> {
    let mut found = Vec::with_capacity(1);
    read_full(full, &mut found);
    found.truncate(READINGS_LIMIT);
    found
}

/// The values of these components, parted by spaces.
fn joined(name: &Name, kinds: &[NameComponentKind]) -> String {
    let mut text = String::new();
    for component in name.components.iter().filter(|c| kinds.contains(&c.kind)) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&component.value);
    }
    text
}

/// Whether a full name says no more than given name and surname, in either order.
fn is_made_of(full: &str, given: &str, surname: &str) -> bool {
    let is = |first: &str, second: &str| {
        full.strip_prefix(first).and_then(|rest| rest.strip_suffix(second)).is_some_and(|rest| rest.trim().is_empty())
    };
    is(given, surname) || is(surname, given)
}

fn read_alone(text: &str, is_surname: bool, found: &mut Vec<PersonName>) {
    let before = found.len();
    read_full(text, found);
    if is_surname {
        for name in found.iter_mut().skip(before).filter(|name| name.surname.is_empty()) {
            name.surname = std::mem::take(&mut name.given);
            name.is_certain = true;
        }
    }
}

/// Reads a name whose parts the source tells apart.
fn read_parts(given: &str, surname: &str, found: &mut Vec<PersonName>) {
    if let Some(names) = of_two::parted(given) {
        return names.iter().for_each(|name| read_parts(name, surname, found));
    }
    let script = script::of(surname).max(script::of(given));
    if script.is_unspaced() {
        return script::read_unspaced(script, script::Parts::Known { given, surname }, found);
    }
    let (given, surname) = (Written::new(given), Written::new(surname));
    let mut name = PersonName::new(script.reading(), true);
    order::take_given(word::words(given.name()), &mut name);
    order::take_surname(word::words(surname.name()), &mut name);
    finish(name, given.asides().iter().chain(surname.asides()), found);
}

/// Returns whether a card's name is that of two people: "Mia & Luis Torres".
#[must_use]
pub fn is_of_two(name: &Name) -> bool {
    let given = name.component(NameComponentKind::Given);
    name.full.as_deref().into_iter().chain(given).any(is_of_two_people)
}

/// Returns whether a full name is that of two people.
#[must_use]
pub fn is_of_two_people(full: &str) -> bool {
    of_two::parted(full).is_some()
}

fn read_full(full: &str, found: &mut Vec<PersonName>) {
    if let Some(names) = of_two::parted(full) {
        return names.iter().for_each(|name| read_one(name, found));
    }
    read_one(full, found);
}

fn read_one(full: &str, found: &mut Vec<PersonName>) {
    let written = Written::new(full);
    let script = script::of(written.name());
    if script.is_unspaced() {
        let parts = match written.after_comma() {
            Some(given) => script::Parts::Known { given, surname: written.name() },
            None => script::Parts::Whole(written.name()),
        };
        script::read_unspaced(script, parts, found);
        return read_asides_whole(written.asides(), script, found);
    }
    let words = word::words(written.name());
    let mut name = PersonName::new(script.reading(), written.after_comma().is_some());
    if let Some(given) = written.after_comma() {
        order::take_surname(words, &mut name);
        order::take_given(word::words(given), &mut name);
    } else {
        order::take_whole(words, &mut name);
    }
    finish(name, written.asides().iter(), found);
    read_asides_whole(written.asides(), script, found);
}

/// Adds a name, and once more with each of the names in brackets.
fn finish<'a, 'b: 'a>(name: PersonName, asides: impl Iterator<Item = &'a Aside<'b>>, found: &mut Vec<PersonName>) {
    if name.is_empty() {
        return;
    }
    let mut others = Vec::new();
    for aside in asides {
        if let Some(other) = with_aside(&name, aside) {
            others.push(other);
        }
    }
    for reading in core::iter::once(name).chain(others) {
        add(reading, found);
    }
}

/// The name with what is in brackets in place of the given name, or of the surname where it was one at birth.
fn with_aside(name: &PersonName, aside: &Aside<'_>) -> Option<PersonName> {
    if name.surname.is_empty() || script::of(aside.text) != Script::Latin {
        return None;
    }
    let words = word::words(aside.text);
    let mut other = PersonName::new(Reading::Aside, name.is_certain);
    if aside.is_maiden {
        other.given.clone_from(&name.given);
        order::take_surname(words, &mut other);
        return (!other.surname.is_empty()).then_some(other);
    }
    let is_short = words.len() == 1;
    let is_given = is_short && (aside.is_inside || words.first().is_some_and(Word::is_given_name));
    if !is_given {
        return None;
    }
    other.surname.clone_from(&name.surname);
    other.particles.clone_from(&name.particles);
    order::take_given(words, &mut other);
    (!other.given.is_empty()).then_some(other)
}

/// Reads whole names in brackets that are in another script: "Wang Wei (王伟)".
fn read_asides_whole(asides: &[Aside<'_>], script: Script, found: &mut Vec<PersonName>) {
    for aside in asides.iter().filter(|aside| script::of(aside.text) != script) {
        read_full(aside.text, found);
    }
}

fn add(name: PersonName, found: &mut Vec<PersonName>) {
    let is_known = found
        .iter()
        .any(|seen| seen.given == name.given && seen.surname == name.surname && seen.particles == name.particles);
    if !is_known && !name.is_empty() && found.len() < READINGS_LIMIT {
        found.push(name);
    }
}

#[cfg(test)]
mod tests;
