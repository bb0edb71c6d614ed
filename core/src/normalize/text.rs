//! Text as it is shown: trimmed, in NFC, white space as single spaces, without marks that cannot be seen.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// Returns `raw` trimmed, with white space collapsed, in NFC, without control, zero-width and bidi marks.
///
/// Joiners (U+200C, U+200D) are kept between two letters or signs beyond ASCII, where Persian, Indic scripts and emoji need
/// them (RFC 5892 appendix A), and dropped elsewhere.
///
/// ```
/// assert_eq!(kith_core::normalize::text("  Ana\u{200b}\t Silva "), "Ana Silva");
/// assert_eq!(kith_core::normalize::text("Zoe\u{308}"), "Zoë");
/// ```
#[must_use]
pub fn text(raw: &str) -> String {
    text_cow(raw).into_owned()
}

/// As [`text`], without an allocation when `raw` already is in this form.
#[must_use]
pub fn text_cow(raw: &str) -> Cow<'_, str> {
    if raw.is_ascii() {
        return if is_clean_ascii(raw) { Cow::Borrowed(raw) } else { Cow::Owned(clean(raw.chars())) };
    }
    if is_clean(raw) && is_nfc_quick(raw.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(raw);
    }
    // Dropping a mark can bring a letter and its accent together: hence NFC before and after.
    Cow::Owned(clean(raw.nfc()).nfc().collect())
}

/// Returns a text of one or more lines trimmed, its lines ended by LF, without control characters.
///
/// ```
/// assert_eq!(kith_core::normalize::tidy(" likes tea\r\nand\tcake\u{0}\n"), "likes tea\nand\tcake");
/// ```
#[must_use]
pub fn tidy(raw: &str) -> String {
    if !raw.bytes().any(|byte| byte.is_ascii_control() && byte != b'\n' && byte != b'\t') {
        return raw.trim().to_owned();
    }
    let lines = raw.replace("\r\n", "\n").replace('\r', "\n");
    let bare = lines.replace(|c: char| c.is_ascii_control() && c != '\n' && c != '\t', "");
    bare.trim().to_owned()
}

/// Whether `c` is a joiner, which shapes its neighbours.
pub(super) const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Whether `c` shows nothing and means nothing in a name: controls, soft hyphen, zero-width and bidi marks.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || (c.is_control() && !c.is_whitespace())
}

/// Whether a text of ASCII holds no controls and only single spaces between words.
pub(super) fn is_clean_ascii(text: &str) -> bool {
    let mut before = b' ';
    let single = text.bytes().all(|byte| {
        let fine = (byte > b' ' && byte != 0x7f) || (byte == b' ' && before != b' ');
        before = byte;
        fine
    });
    single && (before != b' ' || text.is_empty())
}

fn is_clean(text: &str) -> bool {
    let mut after_space = true;
    for c in text.chars() {
        if is_invisible(c) || is_joiner(c) || (c.is_whitespace() && (c != ' ' || after_space)) {
            return false;
        }
        after_space = c == ' ';
    }
    !after_space || text.is_empty()
}

fn clean(chars: impl Iterator<Item = char>) -> String {
    let mut out = String::new();
    let mut space = false;
    let mut joiner = None;
    for c in chars.filter(|&c| !is_invisible(c)) {
        if c.is_whitespace() {
            space = true;
            joiner = None;
        } else if is_joiner(c) {
            joiner = (!space && out.chars().next_back().is_some_and(joins)).then_some(c);
        } else {
            if space && !out.is_empty() {
                out.push(' ');
            }
            out.extend(joiner.filter(|_| joins(c)));
            out.push(c);
            (space, joiner) = (false, None);
        }
    }
    out
}

const fn joins(c: char) -> bool {
    !c.is_ascii()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(raw: &str, expected: &str) {
        assert_eq!(text(raw), expected, "{raw:?}");
    }

    #[test]
    fn collapses_white_space_of_every_kind() {
        check("", "");
        check(" \t\r\n", "");
        check("Ana Silva", "Ana Silva");
        check("  Ana \n\u{a0}\u{3000}Silva\u{2003}", "Ana Silva");
    }

    #[test]
    fn drops_what_cannot_be_seen() {
        check("\u{feff}Ana\u{200b} Sil\u{ad}va\u{0}", "Ana Silva");
        check("\u{202b}\u{05d3}\u{05df}\u{202c}\u{200f}", "\u{05d3}\u{05df}");
    }

    #[test]
    fn keeps_joiners_only_where_a_script_or_an_emoji_needs_them() {
        check("A\u{200d}na", "Ana");
        check("علی\u{200c}رضا", "علی\u{200c}رضا");
        check("👩\u{200d}💻", "👩\u{200d}💻");
        check("👩\u{200d} Ana", "👩 Ana");
    }

    #[test]
    fn composes_also_across_a_dropped_mark() {
        check("Zoe\u{200b}\u{308}", "Zoë");
    }

    proptest! {
        #[test]
        fn a_second_time_changes_nothing(raw in "\\PC{0,20}|[ae \u{300}\u{308}\u{200b}\u{200d}\u{200c}\u{ad}\u{1100}\u{1161}\u{2126}\u{3000}]{0,12}") {
            let once = text(&raw);
            prop_assert_eq!(text(&once), once);
        }
    }
}
