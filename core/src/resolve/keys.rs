//! The keys of a record: under which it may meet another that is the same person, also when one of the two has a slip, a
//! short form, another surname or no name at all.
//!
//! ```text
//!  Ana Silva, Acme ─▶ ana+silva · a+silva · ana+acme · silva+acme · ana+sil… · ana+…lva
//! ```

use crate::resolve::blocks::{Key, KeyKind};
use crate::resolve::lexicon::{Lexicon, NONE, Word};
use crate::resolve::sketch::{NameSketch, PlaceSketch, Sketch};

/// How many letters of a surname's beginning and end make a key.
const STEM: usize = 4;

/// Tags that keep keys of the same words apart.
mod tag {
    pub(super) const NAME: u64 = 1;
    pub(super) const GROUP: u64 = 2;
    pub(super) const INITIAL: u64 = 3;
    pub(super) const GIVEN_COMPANY: u64 = 4;
    pub(super) const SURNAME_COMPANY: u64 = 5;
    pub(super) const START: u64 = 6;
    pub(super) const END: u64 = 7;
    pub(super) const LOCAL: u64 = 8;
    pub(super) const FIT: u64 = 9;
    pub(super) const BORN: u64 = 10;
    pub(super) const HOUSE: u64 = 11;
    pub(super) const STREET: u64 = 12;
    pub(super) const LIVES: u64 = 13;
    pub(super) const NAME_COMPANY: u64 = 14;
}

/// Returns the keys of a record, each once.
pub(super) fn keys(sketch: &Sketch, lexicon: &Lexicon) -> Box<[Key]> {
    let mut keys: Vec<Key> = Vec::with_capacity(32);
    keys.extend(sketch.reaches().map(|reach| Key::new(KeyKind::Identifier, &[reach.hash.0])));
    keys.extend(sketch.certain.iter().map(|hash| Key::new(KeyKind::Certain, &[hash.0])));
    for name in &sketch.names {
        of_name(name, sketch, lexicon, &mut keys);
    }
    of_addresses(sketch, lexicon, &mut keys);
    of_birth(sketch, lexicon, &mut keys);
    for place in &sketch.places {
        of_place(place, sketch, lexicon, &mut keys);
    }
    keys.sort_unstable();
    keys.dedup();
    keys.into()
}

fn of_name(name: &NameSketch, sketch: &Sketch, lexicon: &Lexicon, keys: &mut Vec<Key>) {
    let sound = |word: Word| u64::from(lexicon.sound(word));
    let surnames = || name.surname.iter().copied().filter(|w| *w != NONE);
    let given = name.first_given();
    for surname in surnames() {
        for given in name.given.iter().copied().filter(|w| *w != NONE) {
            let (first, second) = (sound(given).min(sound(surname)), sound(given).max(sound(surname)));
            keys.push(Key::new(KeyKind::Name, &[tag::NAME, first, second]));
            // Namesakes are many; those of one company are not.
            let companies = sketch.companies.iter().map(|c| u64::from(*c));
            keys.extend(companies.map(|c| Key::new(KeyKind::Together, &[tag::NAME_COMPANY, first, second, c])));
            let groups = lexicon.groups(given).iter();
            keys.extend(groups.map(|g| Key::new(KeyKind::Trait, &[tag::GROUP, u64::from(*g), sound(surname)])));
        }
        if given != NONE {
            keys.push(Key::new(KeyKind::Part, &[tag::INITIAL, first_letter(lexicon.text(given)), sound(surname)]));
            let (start, end) = ends(lexicon.text(surname));
            keys.push(Key::new(KeyKind::Part, &[tag::START, sound(given), start]));
            keys.push(Key::new(KeyKind::Part, &[tag::END, sound(given), end]));
        }
        let companies = sketch.companies.iter().map(|c| u64::from(*c));
        keys.extend(companies.map(|c| Key::new(KeyKind::Part, &[tag::SURNAME_COMPANY, sound(surname), c])));
    }
    if given != NONE && !name.is_handle {
        let companies = sketch.companies.iter().map(|c| u64::from(*c));
        keys.extend(companies.map(|c| Key::new(KeyKind::Part, &[tag::GIVEN_COMPANY, sound(given), c])));
    }
}

/// An address whose beginning is more than a name meets the same one at another provider; one without a name meets those
/// whose name it abbreviates.
fn of_addresses(sketch: &Sketch, lexicon: &Lexicon, keys: &mut Vec<Key>) {
    let personal = sketch.emails.iter().filter(|e| !e.reach.shared);
    let long = |word: Word| lexicon.text(word).len() >= 6;
    keys.extend(
        personal
            .clone()
            .filter(|e| long(e.local))
            .map(|e| Key::new(KeyKind::Part, &[tag::LOCAL, text_hash(lexicon.text(e.local))])),
    );
    let fit = |hash: u64, company: Word| Key::new(KeyKind::Part, &[tag::FIT, hash, u64::from(company)]);
    if sketch.written().next().is_none() {
        keys.extend(personal.filter(|e| e.company != NONE).map(|e| fit(text_hash(lexicon.text(e.local)), e.company)));
        return;
    }
    let Some(name) = sketch.written().next() else { return };
    let (given, surname) = (lexicon.text(name.first_given()), lexicon.text(name.first_surname()));
    let initial = given.chars().next().map_or("", |first| given.get(..first.len_utf8()).unwrap_or_default());
    let locals = [text_hash_on(text_hash(initial), surname), text_hash(given), text_hash(surname)];
    for company in sketch.companies.iter().copied() {
        keys.extend(locals.map(|local| fit(local, company)));
    }
}

fn of_birth(sketch: &Sketch, lexicon: &Lexicon, keys: &mut Vec<Key>) {
    let Some((year, month, day)) = sketch.born.filter(|(_, month, day)| *month > 0 && *day > 0) else { return };
    let day = u64::from(month) * 100 + u64::from(day);
    keys.push(Key::new(KeyKind::Trait, &[tag::BORN, u64::from(year), day]));
    for name in sketch.written() {
        for word in [name.first_given(), name.first_surname()].into_iter().filter(|w| *w != NONE) {
            keys.push(Key::new(KeyKind::Trait, &[tag::BORN, u64::from(lexicon.sound(word)), day, 1]));
        }
    }
}

fn of_place(place: &PlaceSketch, sketch: &Sketch, lexicon: &Lexicon, keys: &mut Vec<Key>) {
    let (number, postcode) = (u64::from(place.number), u64::from(place.postcode));
    if place.number != NONE && place.postcode != NONE {
        keys.push(Key::new(KeyKind::Part, &[tag::HOUSE, number, postcode]));
    }
    let street = place.street.iter().copied().filter(|w| *w != NONE);
    if place.number != NONE {
        keys.extend(
            street.map(|word| Key::new(KeyKind::Trait, &[tag::STREET, number, u64::from(lexicon.sound(word))])),
        );
    }
    for name in sketch.written() {
        for word in [name.first_given(), name.first_surname()].into_iter().filter(|w| *w != NONE) {
            let sound = u64::from(lexicon.sound(word));
            keys.push(Key::new(KeyKind::Part, &[tag::LIVES, sound, postcode]));
            keys.push(Key::new(KeyKind::Part, &[tag::LIVES, sound, u64::from(lexicon.sound(place.locality)), 1]));
        }
    }
}

fn first_letter(text: &str) -> u64 {
    text.chars().next().map_or(0, u64::from)
}

/// The hashes of a word's first and last letters.
fn ends(text: &str) -> (u64, u64) {
    let start = text.char_indices().nth(STEM).map_or(text, |(at, _)| text.get(..at).unwrap_or(text));
    let end = text.char_indices().rev().nth(STEM - 1).map_or(text, |(at, _)| text.get(at..).unwrap_or(text));
    (text_hash(start), text_hash(end))
}

fn text_hash(text: &str) -> u64 {
    text_hash_on(0xcbf2_9ce4_8422_2325, text)
}

/// The hash of a text that begins with one whose hash this is.
fn text_hash_on(beginning: u64, text: &str) -> u64 {
    text.bytes().fold(beginning, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
