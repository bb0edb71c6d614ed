//! The words of a name, folded, and which of them are no part of it.

use super::super::fold::fold_into;
use super::super::nickname::given_name_groups;
use super::script::{self, Script};
use super::{arabic, cyrillic, greek, hebrew};

/// How many words of one name are read, and how long a token may be in bytes.
const WORDS_LIMIT: usize = 12;
const TOKEN_LIMIT_BYTES: usize = 40;

/// Words before a name, folded.
const TITLES: &[&str] = &[
    "bay",
    "bayan",
    "capt",
    "col",
    "dame",
    "dhr",
    "dipl",
    "diplkfm",
    "diplom",
    "doc",
    "docent",
    "doctor",
    "doktor",
    "dott",
    "dottssa",
    "dr",
    "dra",
    "dring",
    "drs",
    "fr",
    "frau",
    "gen",
    "gospodin",
    "herr",
    "hr",
    "imam",
    "ing",
    "ir",
    "judge",
    "lady",
    "lord",
    "lt",
    "madame",
    "magister",
    "maj",
    "meneer",
    "mevr",
    "mevrouw",
    "miss",
    "mister",
    "mlle",
    "mmag",
    "mme",
    "monsieur",
    "mr",
    "mrs",
    "ms",
    "mx",
    "pani",
    "pastor",
    "prof",
    "profa",
    "professor",
    "rabbi",
    "rev",
    "reverend",
    "sayin",
    "senator",
    "senhor",
    "senhora",
    "senor",
    "senora",
    "senorita",
    "sgt",
    "shri",
    "shrimati",
    "sig",
    "signor",
    "signora",
    "sigra",
    "sir",
    "smt",
    "sra",
    "srta",
    "univprof",
    "ustad",
];

/// Words before a name only where a full stop follows; without it they are names.
const DOTTED_TITLES: &[&str] =
    &["adv", "arch", "atty", "av", "bp", "eng", "hon", "m", "mag", "p", "pan", "ph", "pr", "sr", "st"];

/// Words after a name that are never names, folded.
const CREDENTIALS: &[&str] = &[
    "acca", "aia", "bcom", "beng", "bsc", "cbap", "cbe", "ccna", "ceng", "cfa", "cfp", "chro", "cipd", "cism", "cissp",
    "cpa", "csm", "cspo", "dba", "dds", "dmd", "dnp", "dphil", "dsc", "dvm", "edd", "esq", "facs", "fca", "fcca",
    "frcs", "gphr", "hon", "ii", "iii", "itil", "jd", "jnr", "jr", "kc", "lcsw", "leed", "llb", "llm", "lmft", "mba",
    "mbbs", "mbe", "mcips", "mcom", "mdiv", "meng", "mfa", "mieee", "mpa", "mph", "mphil", "mres", "msc", "msn", "msw",
    "obe", "pgdip", "pharmd", "phd", "phr", "pmiacp", "pmp", "psm", "psyd", "qc", "rn", "safe", "shrm", "shrmcp",
    "shrmscp", "snr", "sphr", "togaf",
];

/// Words after a name that are names as well: they count only in capitals, or after a comma.
const CAPITAL_CREDENTIALS: &[&str] = &[
    "aa", "ab", "am", "ba", "be", "bs", "ca", "cma", "cpo", "do", "dr", "ed", "edm", "iv", "ma", "md", "me", "mi",
    "mp", "ms", "np", "od", "pa", "pe", "ra", "rd", "rph", "sr", "v",
];

/// Words that make a part after a comma a position or a company, folded.
const POSITIONS: &[&str] = &[
    "analyst",
    "architect",
    "associates",
    "chief",
    "coach",
    "company",
    "consultant",
    "consulting",
    "corp",
    "department",
    "designer",
    "developer",
    "director",
    "directora",
    "engineer",
    "engineering",
    "founder",
    "gmbh",
    "group",
    "head",
    "inc",
    "leiter",
    "leiterin",
    "limited",
    "llc",
    "ltd",
    "manager",
    "of",
    "officer",
    "partner",
    "president",
    "recruiter",
    "sales",
    "scientist",
    "senior",
    "team",
    "university",
];

/// Words that stand before a surname, folded.
const PARTICLES: &[&str] = &[
    "abou", "abu", "af", "al", "an", "ap", "ar", "as", "ash", "at", "av", "az", "bar", "ben", "bin", "bint", "d", "da",
    "dal", "dalla", "das", "de", "degli", "dei", "del", "della", "delle", "dello", "den", "der", "des", "di", "do",
    "dos", "du", "e", "el", "ibn", "in", "la", "las", "le", "les", "lo", "los", "op", "san", "sant", "santa", "st",
    "t", "te", "ten", "ter", "tot", "ul", "umm", "und", "van", "ver", "vom", "von", "y", "zu", "zum", "zur",
];

/// A word of a name.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "four marks of how a word is written, each independent")]
pub(super) struct Word {
    /// Its letters, folded, in Latin.
    pub(super) text: String,
    /// At least two letters, all of them capitals.
    pub(super) is_capitals: bool,
    /// A hyphen joins it to the word before.
    pub(super) is_joined: bool,
    /// A full stop stands behind or within it.
    pub(super) has_stop: bool,
    /// An apostrophe stands behind it: "O' Brien".
    has_apostrophe: bool,
}

impl Word {
    /// Whether it stands in a sorted list.
    fn is_in(&self, sorted: &[&str]) -> bool {
        sorted.binary_search(&self.text.as_str()).is_ok()
    }

    pub(super) fn is_title(&self) -> bool {
        self.is_in(TITLES) || (self.has_stop && self.is_in(DOTTED_TITLES))
    }

    pub(super) fn is_credential(&self) -> bool {
        self.is_in(CREDENTIALS)
    }

    pub(super) fn is_capital_credential(&self) -> bool {
        (self.is_capitals || self.has_stop) && self.is_in(CAPITAL_CREDENTIALS)
    }

    pub(super) fn is_particle(&self) -> bool {
        self.is_in(PARTICLES)
    }

    /// The word is one that people are called by.
    pub(super) fn is_given_name(&self) -> bool {
        !given_name_groups(&self.text).is_empty()
    }
}

/// Whether the text has a letter of any script.
pub(super) fn has_letter(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_alphabetic()) || (!text.is_ascii() && text.chars().any(char::is_alphabetic))
}

/// Whether a part between commas may be names: neither credentials nor a position nor a company.
pub(super) fn is_personal(part: &str) -> bool {
    if script::of(part).is_unspaced() {
        return has_letter(part);
    }
    let words = words(part);
    let is_position = || words.iter().any(|w| w.is_in(POSITIONS) && !w.has_stop);
    let is_credential = |w: &Word| w.is_credential() || w.is_in(CAPITAL_CREDENTIALS) && w.is_capitals;
    !words.is_empty() && !words.iter().all(|w| is_credential(w) || w.is_title()) && !is_position()
}

/// The words of a text, folded; parted at white space, hyphens and, unless a title or a degree, full stops.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::with_capacity(3);
    for piece in text.split([' ', '_', '\t', '\u{a0}', '\u{3000}', '·', '・', '=', '+', '&']) {
        if words.len() >= WORDS_LIMIT {
            break;
        }
        if !piece.is_empty() {
            push_piece(piece, &mut words);
        }
    }
    words
}

/// Adds what stands between two spaces.
fn push_piece(piece: &str, words: &mut Vec<Word>) {
    let bytes = piece.as_bytes();
    let has_stop = bytes.contains(&b'.');
    let is_parted = has_stop || bytes.contains(&b'-') || !piece.is_ascii();
    if !is_parted {
        return push_word(piece, false, false, words);
    }
    if has_stop && let Some(whole) = word(piece, false, true).filter(|w| is_abbreviation(w, piece)) {
        words.push(whole);
        return;
    }
    let is_parting = |c: char| c == '.' || is_hyphen(c);
    for (index, part) in piece.split(is_parting).enumerate() {
        let is_joined = index > 0 && !has_stop;
        push_word(part, is_joined, has_stop, words);
    }
}

const fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' | '\u{5be}')
}

/// Full stops are within it: "Ph.D.", "M.Sc.", "Dipl.-Ing.".
fn is_abbreviation(word: &Word, piece: &str) -> bool {
    let stops = piece.matches('.').count();
    let degree = || word.is_credential() || word.is_title() || (stops > 1 && word.is_capital_credential());
    word.text.len() > 1 && degree()
}

fn push_word(part: &str, is_joined: bool, has_stop: bool, words: &mut Vec<Word>) {
    if let Some((first, second)) = initials(part, words.is_empty()) {
        for letter in [first, second] {
            let text = char::from(letter).to_string();
            words.push(Word { text, is_capitals: false, is_joined: false, has_stop: true, has_apostrophe: false });
        }
        return;
    }
    let Some(next) = word(part, is_joined, has_stop) else { return };
    glue(next, words);
}

/// The two letters of "JP", which no name is made of.
fn initials(part: &str, is_first: bool) -> Option<(u8, u8)> {
    let &[a, b] = part.as_bytes() else { return None };
    let is_vowel = |b: u8| matches!(b.to_ascii_lowercase(), b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    let letters = a.is_ascii_alphabetic() && b.is_ascii_alphabetic() && !is_vowel(b) && is_first;
    let is_name = part.eq_ignore_ascii_case("ng") || part.eq_ignore_ascii_case("dr") || part.eq_ignore_ascii_case("mr");
    let is_name = is_name || part.eq_ignore_ascii_case("ms") || part.eq_ignore_ascii_case("hr");
    let in_capitals =
        a.is_ascii_uppercase() && b.is_ascii_uppercase() && !matches!(b, b'N' | b'H' | b'M' | b'L' | b'D' | b'S');
    let is_initials = letters && !is_name && (!is_vowel(a) || in_capitals);
    is_initials.then(|| (a.to_ascii_lowercase(), b.to_ascii_lowercase()))
}

/// Adds a word, or joins it to the one before, which is but its beginning: "Mc Donald", "O' Brien", "Abd al-Rahman".
fn glue(next: Word, words: &mut Vec<Word>) {
    let is_later = words.len() > 1;
    if let Some(last) = words.last_mut() {
        let is_beginning = last.text == "mc" || (last.text == "mac" && is_later) || last.has_apostrophe;
        let is_servant = matches!(last.text.as_str(), "abd" | "abdul" | "abdel" | "abdal" | "abdur" | "abdus");
        if is_servant && matches!(next.text.as_str(), "al" | "el" | "ul" | "ur" | "ar" | "as" | "ir") {
            return;
        }
        if is_servant {
            let rest = next.text.strip_prefix("al").filter(|rest| *rest == "lah").unwrap_or(&next.text);
            let rest = rest.to_owned();
            last.text.truncate(3);
            last.text.push_str("ul");
            last.text.push_str(rest.strip_prefix('l').filter(|r| *r == "ah").map_or(rest.as_str(), |_| "lah"));
            return;
        }
        if is_beginning {
            last.text.push_str(&next.text);
            last.has_apostrophe = false;
            return;
        }
    }
    words.push(next);
}

/// One word in its folded form; none where it has no letter.
fn word(part: &str, is_joined: bool, has_stop: bool) -> Option<Word> {
    let mut text = String::with_capacity(part.len());
    let (mut letters, mut capitals) = (0, 0);
    if part.is_ascii() {
        for byte in part.bytes().filter(u8::is_ascii_alphabetic) {
            letters += 1;
            capitals += u32::from(byte.is_ascii_uppercase());
            text.push(char::from(byte.to_ascii_lowercase()));
        }
    } else {
        for c in part.chars().filter(|c| c.is_alphabetic()) {
            letters += 1;
            capitals += u32::from(c.is_uppercase());
        }
        text = latin(part);
    }
    truncate(&mut text);
    let has_apostrophe = letters > 0 && letters < 3 && part.ends_with(['\'', '’', '`', '´']);
    let is_capitals = letters > 1 && letters == capitals;
    (!text.is_empty()).then_some(Word { text, is_capitals, is_joined, has_stop, has_apostrophe })
}

fn truncate(text: &mut String) {
    let mut end = text.len().min(TOKEN_LIMIT_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
}

/// A word beyond ASCII, folded and in Latin letters.
fn latin(part: &str) -> String {
    let mut folded = String::with_capacity(part.len());
    fold_into(part, &mut folded);
    let read = match script::of(part) {
        Script::Latin => folded,
        Script::Cyrillic => cyrillic::latin(&part.to_lowercase()),
        Script::Greek => greek::latin(&folded),
        Script::Arabic => arabic::latin(&folded),
        Script::Hebrew => hebrew::latin(&folded),
        Script::Han | Script::Kana | Script::Hangul | Script::Other => script::letter_by_letter(&folded),
    };
    let is_read = read.bytes().all(|b| b.is_ascii_lowercase());
    if is_read { read } else { read.chars().filter(|c| c.is_alphabetic()).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_as_the_search_needs_them() {
        for list in [TITLES, DOTTED_TITLES, CREDENTIALS, CAPITAL_CREDENTIALS, POSITIONS, PARTICLES] {
            assert!(list.is_sorted());
        }
    }
}
