//! Text as it is searched: lower-case, without diacritics, apostrophes and marks, in its own script.

use std::borrow::Cow;

use deunicode::AsciiChars as _;
use unicode_normalization::UnicodeNormalization as _;

use super::text::{is_clean_ascii, is_invisible, is_joiner};

/// Returns `text` as search sees it: lower-case, diacritics folded, white space as single spaces.
///
/// Letters of other scripts stay themselves; [`spellings`] adds how they read in Latin letters. Apostrophes are dropped, so
/// that `obrien` finds O'Brien and O’Brien.
///
/// ```
/// use kith_core::normalize::fold_text;
/// assert_eq!(fold_text("Ána Großmüller-Łęcki"), "ana grossmuller-lecki");
/// assert_eq!(fold_text("Анна"), "анна");
/// ```
#[must_use]
pub fn fold_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

/// Returns every folded spelling under which `text` is found, the plain one first, each once.
///
/// "Müller" is also `mueller`, "Bjørn" also `bjoern`, "Анна" also `anna`. The index holds all of them; a query may try all.
#[must_use]
pub fn spellings(text: &str) -> Vec<String> {
    let mut found = vec![fold_text(text)];
    if text.is_ascii() {
        return found;
    }
    let written = write_out(text);
    let others = written.map(|w| fold_text(&w)).into_iter().chain(in_latin(found.first().map_or("", String::as_str)));
    found.extend(others.filter(|spelling| !spelling.is_empty()));
    found.dedup();
    found
}

/// Appends [`fold_text`] of `text` to `out`.
pub(crate) fn fold_into(text: &str, out: &mut String) {
    let start = out.len();
    if is_plain(text) {
        out.push_str(text);
        if let Some(added) = out.get_mut(start..) {
            added.make_ascii_lowercase();
        }
    } else if text.chars().all(|c| latin_base(c).is_some()) {
        let letters = text.chars().filter_map(latin_base).flat_map(|(one, two)| core::iter::once(one).chain(two));
        push_words(letters, out, start);
    } else {
        let marks_gone = text.chars().filter(|&c| !is_apostrophe(c)).nfkd().filter(|&c| !is_dropped(c));
        let lower = marks_gone.flat_map(char::to_lowercase).filter(|&c| !is_dropped(c));
        let folded: String = lower.flat_map(base_letters).collect();
        push_words(folded.nfc(), out, start);
    }
}

/// Whether folding changes nothing but the case.
fn is_plain(text: &str) -> bool {
    text.is_ascii() && is_clean_ascii(text) && !text.bytes().any(|byte| byte == b'\'' || byte == b'`')
}

fn push_words(chars: impl Iterator<Item = char>, out: &mut String, start: usize) {
    let mut space = false;
    for c in chars {
        if c.is_whitespace() {
            space = true;
        } else if !is_dropped(c) {
            if space && out.len() > start {
                out.push(' ');
            }
            space = false;
            out.push(c);
        }
    }
}

const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '`' | '\u{b4}' | '\u{2bb}' | '\u{2bc}' | '\u{2018}' | '\u{2019}' | '\u{ff07}')
}

/// Whether `c` carries nothing that a searcher types: apostrophes, invisible marks, diacritics, Hebrew points, Arabic vowels.
fn is_dropped(c: char) -> bool {
    match c {
        '\u{0}'..='\u{7f}' => c == '\'' || c == '`' || (c.is_ascii_control() && !c.is_whitespace()),
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' => true,
        '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}' => true,
        '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}' => true,
        '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{640}' => true,
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => true,
        _ => is_apostrophe(c) || is_invisible(c) || is_joiner(c),
    }
}

/// What the letters U+00C0 to U+017F fold to, first letter and second; `?` where the long way is needed.
const LATIN_FIRST: &[u8; 192] =
    b"aaaaaaaceeeeiiiidnooooo?ouuuuytsaaaaaaaceeeeiiiidnooooo?ouuuuytyaaaaaaccccccccddddeeeeeeeeeegggg\
    gggghhhhiiiiiiiiiiiijjkkkllllll??llnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
const LATIN_SECOND: &[u8; 192] =
    b"......e.......................hs......e.......................h.................................\
    ..................jj..............................ee............................................";

/// The folded letters of an ASCII character or a Latin letter with its accent, by a look into a table.
fn latin_base(c: char) -> Option<(char, Option<char>)> {
    if c.is_ascii() {
        return Some((c.to_ascii_lowercase(), None));
    }
    let index = u32::from(c).checked_sub(0xc0).and_then(|i| usize::try_from(i).ok())?;
    let first = LATIN_FIRST.get(index).filter(|&&first| first != b'?')?;
    let second = LATIN_SECOND.get(index).filter(|&&second| second != b'.');
    Some((char::from(*first), second.map(|&second| char::from(second))))
}

/// The base letters of a lower-case letter that Unicode does not decompose.
fn base_letters(c: char) -> impl Iterator<Item = char> {
    let (one, two) = match c {
        'ß' => ('s', Some('s')),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'þ' => ('t', Some('h')),
        'ø' => ('o', None),
        'ł' => ('l', None),
        'đ' | 'ð' => ('d', None),
        'ħ' => ('h', None),
        'ı' => ('i', None),
        'ŧ' => ('t', None),
        'ŋ' => ('n', None),
        'ƒ' => ('f', None),
        'ĸ' => ('k', None),
        'ə' => ('e', None),
        'ς' => ('σ', None),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => ('-', None),
        other => (other, None),
    };
    core::iter::once(one).chain(two)
}

/// How a letter is written out where its sign is missing: German and Nordic usage.
const fn written_out(c: char) -> Option<&'static str> {
    match c {
        'ä' | 'Ä' => Some("ae"),
        'ö' | 'Ö' | 'ø' | 'Ø' => Some("oe"),
        'ü' | 'Ü' => Some("ue"),
        'å' | 'Å' => Some("aa"),
        _ => None,
    }
}

/// The text with such letters written out; `None` where it has none.
fn write_out(text: &str) -> Option<String> {
    let text: Cow<'_, str> =
        if text.contains(['\u{308}', '\u{30a}']) { Cow::Owned(text.nfc().collect()) } else { Cow::Borrowed(text) };
    if !text.chars().any(|c| written_out(c).is_some()) {
        return None;
    }
    let mut out = String::with_capacity(text.len() + 2);
    for c in text.chars() {
        match written_out(c) {
            Some(letters) => out.push_str(letters),
            None => out.push(c),
        }
    }
    Some(out)
}

fn in_latin(folded: &str) -> Option<String> {
    (!folded.is_ascii()).then(|| fold_text(&folded.ascii_chars().flatten().collect::<String>()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(spellings(text), expected, "{text:?}");
    }

    #[test]
    fn folds_case_and_diacritics() {
        check("ANA", &["ana"]);
        check("Ána", &["ana"]);
        check("A\u{301}na", &["ana"]);
        check("Łukasz Wałęsa", &["lukasz walesa"]);
        check("Đorđe", &["dorde"]);
        check("Straße", &["strasse"]);
        check("STRAẞE", &["strasse"]);
        check("Æneas Œuvre", &["aeneas oeuvre"]);
        check("Þór", &["thor"]);
        check("Işık", &["isik"]);
        check("İnci", &["inci"]);
        check("Nguyễn", &["nguyen"]);
        check("ﬁ Ｗｉｄｅ", &["fi wide"]);
    }

    #[test]
    fn adds_the_spelling_without_umlauts() {
        check("Müller", &["muller", "mueller"]);
        check("Bjørn Åse", &["bjorn ase", "bjoern aase"]);
    }

    #[test]
    fn adds_latin_letters_for_other_scripts() {
        check("Анна Йорк", &["анна иорк", "anna iork"]);
        check("Ὀδυσσεύς", &["οδυσσευσ", "odusseus"]);
        check("山田", &["山田", "shan tian"]);
        check("김철수", &["김철수", "gimceolsu"]);
        check("ガ", &["ガ", "ga"]);
    }

    #[test]
    fn an_apostrophe_makes_no_difference() {
        check("O'Brien", &["obrien"]);
        check("O’Brien", &["obrien"]);
        check("L´Oréal", &["loreal"]);
        check("Ana\u{2011}Maria", &["ana-maria"]);
    }

    #[test]
    fn a_sign_without_letters_still_has_a_plain_spelling() {
        assert_eq!(spellings("").first().map(String::as_str), Some(""));
        assert_eq!(spellings("\u{301}").first().map(String::as_str), Some(""));
    }

    #[test]
    fn the_table_says_what_the_long_way_says() {
        for c in ('\u{c0}'..='\u{17f}').filter(|&c| latin_base(c).is_some()) {
            // A letter that is not in the table makes the whole text go the long way.
            let long_way = fold_text(&format!("{c}я"));
            assert_eq!(long_way.strip_suffix('я'), Some(fold_text(&c.to_string()).as_str()), "{c}");
        }
    }

    proptest! {
        #[test]
        fn folding_never_panics_and_a_second_time_changes_nothing(text in any::<String>()) {
            let once = fold_text(&text);
            prop_assert_eq!(fold_text(&once), once);
            prop_assert!(!spellings(&text).is_empty());
        }
    }
}
