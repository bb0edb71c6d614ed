//! Properties that kith has no word for, given back as they were written.

use kith_proto::card::VCardProp;

use super::line::{Line, is_foreign};

/// Holds a property that cannot stand in the card itself.
pub(super) const WRAPPER: &str = "X-KITH-VERBATIM";

/// What may stand once in a card, and stands there already.
const TAKEN: [&str; 8] = ["BEGIN", "END", "VERSION", "PRODID", "UID", "N", "REV", "LABEL"];

/// Returns the content line of a property, in the group `group`.
///
/// One that a reader would take for something else (a second N, a name that is none) is wrapped as a text.
pub(super) fn verbatim_line(prop: &VCardProp, group: Option<&str>, taken: &[&str]) -> String {
    let head = group.map_or_else(|| Line::new(&prop.name), |group| Line::in_group(group, &prop.name));
    let line = head.with_written(&prop.params).written(&prop.value);
    let taken = TAKEN.iter().chain(taken).any(|name| name.eq_ignore_ascii_case(&prop.name));
    if taken || !is_sound(prop) { Line::new(WRAPPER).text(&line) } else { line }
}

/// Whether the property is one by RFC 6350 §3.3.
fn is_sound(prop: &VCardProp) -> bool {
    let word = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    word(&prop.name) && are_params(&prop.params) && !prop.value.contains(is_foreign)
}

/// Whether quotes are paired, and nothing outside of them ends the header.
fn are_params(params: &str) -> bool {
    let mut quoted = false;
    let fine = params.chars().all(|c| {
        quoted ^= c == '"';
        !is_foreign(c) && (quoted || c != ':')
    });
    fine && !quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, params: &str, value: &str, expected: &str) {
        let prop = VCardProp { group: None, name: name.to_owned(), params: params.to_owned(), value: value.to_owned() };
        assert_eq!(verbatim_line(&prop, Some("item2"), &["BDAY"]), expected);
    }

    #[test]
    fn gives_back_what_was_written() {
        check("X-FOO", "A=\"b:c\"", "a\\nb;c", "item2.X-FOO;A=\"b:c\":a\\nb;c");
    }

    #[test]
    fn wraps_what_would_be_taken_for_something_else() {
        check("n", "", "a;b", "X-KITH-VERBATIM:item2.n:a\\;b");
        check("BDAY", "", "spring", "X-KITH-VERBATIM:item2.BDAY:spring");
        check("two words", "", "x", "X-KITH-VERBATIM:item2.two words:x");
        check("AGENT", "", "\nBEGIN:VCARD\nEND:VCARD", "X-KITH-VERBATIM:item2.AGENT:\\nBEGIN:VCARD\\nEND:VCARD");
        check("X-A", "b:c", "d", "X-KITH-VERBATIM:item2.X-A\\;b:c:d");
    }
}
