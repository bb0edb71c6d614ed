//! Which script a name is in, and names in scripts that put no space between given name and surname.

use deunicode::AsciiChars as _;

use super::{PersonName, Reading, add, han, hangul, kana, kanji};

/// The script of a name. The later one wins where two are mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Script {
    Latin,
    Other,
    Cyrillic,
    Greek,
    Hebrew,
    Arabic,
    Han,
    Hangul,
    Kana,
}

/// A name in a script without spaces.
#[derive(Debug, Clone, Copy)]
pub(super) enum Parts<'a> {
    /// The source tells its parts apart.
    Known { given: &'a str, surname: &'a str },
    /// It is written in one, or with a space whose sense is not known.
    Whole(&'a str),
}

impl Script {
    /// Whether the surname stands first and no space need follow it.
    pub(super) const fn is_unspaced(self) -> bool {
        matches!(self, Self::Han | Self::Kana | Self::Hangul)
    }

    pub(super) const fn reading(self) -> Reading {
        match self {
            Self::Latin => Reading::Written,
            Self::Other => Reading::Other,
            Self::Cyrillic => Reading::Cyrillic,
            Self::Greek => Reading::Greek,
            Self::Hebrew => Reading::Hebrew,
            Self::Arabic => Reading::Arabic,
            Self::Han => Reading::Han,
            Self::Kana => Reading::Kana,
            Self::Hangul => Reading::Hangul,
        }
    }
}

/// The script of the letters of a text.
pub(super) fn of(text: &str) -> Script {
    if text.is_ascii() {
        return Script::Latin;
    }
    text.chars().map(of_letter).max().unwrap_or(Script::Latin)
}

fn of_letter(c: char) -> Script {
    match c {
        '\u{0}'..='\u{36f}' | '\u{1e00}'..='\u{1eff}' | '\u{2000}'..='\u{2bff}' => Script::Latin,
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Script::Greek,
        '\u{400}'..='\u{52f}' => Script::Cyrillic,
        '\u{590}'..='\u{5ff}' => Script::Hebrew,
        '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' => {
            Script::Arabic
        }
        '\u{3041}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9f}' => Script::Kana,
        '\u{3005}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => Script::Han,
        '\u{20000}'..='\u{323af}' => Script::Han,
        '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7a3}' => Script::Hangul,
        '\u{ff21}'..='\u{ff5a}' => Script::Latin,
        _ if c.is_alphabetic() => Script::Other,
        _ => Script::Latin,
    }
}

/// Reads a text of any script letter by letter.
pub(super) fn letter_by_letter(folded: &str) -> String {
    let read: String = folded.ascii_chars().flatten().collect();
    read.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect()
}

/// Adds the readings of a name in a script without spaces.
pub(super) fn read_unspaced(script: Script, parts: Parts<'_>, found: &mut Vec<PersonName>) {
    let letters =
        |text: &str| -> String { text.chars().filter(|c| c.is_alphabetic() || *c == '々').take(16).collect() };
    let (surname, given) = match parts {
        Parts::Known { given, surname } => (letters(surname), letters(given)),
        Parts::Whole(text) => match text.trim().split_once([' ', '\u{3000}', '・', '·']) {
            Some((first, second)) => (letters(first), letters(second)),
            None => (String::new(), letters(text)),
        },
    };
    let is_certain = matches!(parts, Parts::Known { .. });
    let mut readings = match script {
        Script::Hangul => hangul::read(&surname, &given),
        Script::Kana => {
            if of(&surname).max(of(&given)) == Script::Kana && has_han(&surname, &given) {
                kanji::read(&surname, &given)
            } else {
                kana::read(&surname, &given)
            }
        }
        Script::Latin
        | Script::Other
        | Script::Cyrillic
        | Script::Greek
        | Script::Hebrew
        | Script::Arabic
        | Script::Han => han::read(&surname, &given),
    };
    for mut reading in readings.drain(..) {
        reading.is_certain = is_certain;
        add(reading, found);
    }
}

fn has_han(surname: &str, given: &str) -> bool {
    surname.chars().chain(given.chars()).any(|c| of_letter(c) == Script::Han)
}

/// A reading whose order is known.
pub(super) fn name(reading: Reading, surname: &str, given: &str) -> PersonName {
    let mut name = PersonName::new(reading, false);
    name.surname.extend((!surname.is_empty()).then(|| surname.to_owned()));
    name.given.extend((!given.is_empty()).then(|| given.to_owned()));
    name
}
