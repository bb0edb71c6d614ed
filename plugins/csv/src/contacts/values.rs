//! What a column holds, as far as its values tell: mail addresses, telephone numbers, profiles, web pages, names.
//!
//! Sure before complete: a date may be a birthday or a day of payment, a number anything, so neither is taken. A column whose
//! values do not tell is kept beside the cards.

use std::collections::BTreeSet;

use crate::date;

/// Of so many in a hundred of the values the look must be.
const MOST_PERCENT: usize = 80;

/// So many in a hundred of the values must differ: an owner's address in every row is no contact's.
const DISTINCT_PERCENT: usize = 80;

/// How many rows it takes to tell.
const ROWS_NEEDED: usize = 2;

/// Where LinkedIn keeps people's profiles.
const PROFILES: [&str; 4] = ["in/", "comm/in/", "m/in/", "mwlite/in/"];

/// What the values of a column look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    Email,
    Phone,
    LinkedIn,
    Link,
    /// Several words that may be a name.
    FullName,
    /// One word that may be a name.
    Word,
    /// Anything else, or too little.
    Unclear,
}

/// Returns what the values of a column look like; each is without white space around.
pub(crate) fn look(values: &[&str]) -> Look {
    let said: Vec<&str> = values.iter().copied().filter(|value| !value.is_empty()).collect();
    if said.len() < ROWS_NEEDED {
        return Look::Unclear;
    }
    let distinct = said.iter().collect::<BTreeSet<_>>().len();
    if distinct * 100 < said.len() * DISTINCT_PERCENT {
        // Given names repeat, addresses do not.
        let words = share(&said, is_name) >= 90 && distinct * 100 >= said.len() * 20;
        return if words && share(&said, has_one_word) >= MOST_PERCENT { Look::Word } else { Look::Unclear };
    }
    let is = |test: fn(&str) -> bool| share(&said, test) >= MOST_PERCENT;
    if is(is_email) {
        Look::Email
    } else if is(is_linkedin) {
        Look::LinkedIn
    } else if is(is_link) {
        Look::Link
    } else if is(is_phone) {
        Look::Phone
    } else if share(&said, is_name) < 90 {
        Look::Unclear
    } else if is(has_one_word) {
        Look::Word
    } else {
        Look::FullName
    }
}

/// Returns of how many in a hundred values this is so.
fn share(values: &[&str], test: impl Fn(&str) -> bool) -> usize {
    let count = values.iter().filter(|value| test(value)).count();
    count * 100 / values.len().max(1)
}

/// Returns whether a value is a bare mail address.
pub(crate) fn is_email(value: &str) -> bool {
    let Some((local, domain)) = value.split_once('@') else { return false };
    let is_part =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "._%+-'&=/~".contains(c));
    let (host, top) = domain.rsplit_once('.').unwrap_or_default();
    is_part(local) && is_part(host) && top.chars().count() >= 2 && top.chars().all(char::is_alphabetic)
}

/// Returns whether a value is the address of a person's profile at LinkedIn, with or without its scheme. The host decides:
/// `example.com/linkedin.com/in/ana` lies elsewhere.
pub(crate) fn is_linkedin(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let address = lower.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"));
    let (authority, path) = address.map_or(lower.as_str(), |(_, rest)| rest).split_once('/').unwrap_or_default();
    let host = authority.rsplit('@').next().and_then(|host| host.split(':').next()).unwrap_or_default();
    let is_theirs = host == "linkedin.com" || host.ends_with(".linkedin.com");
    is_theirs && PROFILES.iter().any(|folder| path.starts_with(folder))
}

/// A web page, and no picture.
pub(crate) fn is_link(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let is_page = lower.starts_with("http://") || lower.starts_with("https://") || lower.starts_with("www.");
    is_page && ![".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp"].iter().any(|end| lower.ends_with(end))
}

/// Returns whether a value is a telephone number as people write them: not a date, an amount, or a count.
pub(crate) fn is_phone(value: &str) -> bool {
    let begins = value.starts_with(['+', '0', '(']);
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let is_number = value.chars().all(|c| c.is_ascii_digit() || "+()-./ \u{a0}".contains(c));
    let dots = value.matches('.').count();
    let is_decimal = dots == 1 && !value.contains([' ', '-', '/', '+', '(']);
    begins && (7..=15).contains(&digits) && is_number && !is_decimal && date::partial(value).is_err() && !is_code(value)
}

/// Digits with leading zeros and nothing between them: `00012345` counts something, `030123456` may be a number.
fn is_code(value: &str) -> bool {
    value.starts_with("000") && value.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether a value may be the name of a person.
fn is_name(value: &str) -> bool {
    let words = value.split_whitespace().count();
    let is_text = value.chars().all(|c| c.is_alphabetic() || "'’.-, \u{a0}".contains(c) || is_mark(c));
    let starts = value.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase());
    (1..=5).contains(&words) && value.chars().count() <= 60 && is_text && starts
}

/// A combining mark, of names in Devanagari or of decomposed text.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{97f}' | '\u{200c}' | '\u{200d}')
}

fn has_one_word(value: &str) -> bool {
    value.split_whitespace().count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[&str], expected: Look) {
        assert_eq!(look(values), expected, "{values:?}");
    }

    #[test]
    fn addresses_numbers_and_pages_are_told_by_their_looks() {
        check(&["ana@example.com", "bo.ek@example.org", ""], Look::Email);
        check(&["ana@example.com", "nobody", "see below"], Look::Unclear);
        check(&["+351 912 345 678", "(030) 555 0100", "0170/5550100"], Look::Phone);
        check(&["https://www.linkedin.com/in/ana", "linkedin.com/in/bo"], Look::LinkedIn);
        check(&["https://example.com/ana", "www.example.org"], Look::Link);
        check(&["https://example.com/ana.png", "https://example.com/bo.jpg"], Look::Unclear);
    }

    #[test]
    fn a_profile_at_linkedin_is_told_by_its_host() {
        for theirs in [
            "https://www.linkedin.com/in/ana",
            "HTTP://DE.LinkedIn.com:443/in/Ana?x=1",
            "linkedin.com/in/ana",
            "https://www.linkedin.com/comm/in/ana",
        ] {
            assert!(is_linkedin(theirs), "{theirs}");
        }
        for other in [
            "evil.example/linkedin.com/in/x",
            "https://evil.example/?to=https://www.linkedin.com/in/x",
            "https://notlinkedin.com/in/x",
            "https://linkedin.com.evil.example/in/x",
            "https://www.linkedin.com:x@evil.example/in/x",
            "https://linkedin.com@evil.example/in/x",
            "https://www.linkedin.com/company/example",
            "ftp://linkedin.com/in/x",
            "ana",
        ] {
            assert!(!is_linkedin(other), "{other}");
        }
    }

    #[test]
    fn names_are_told_from_sentences_and_codes() {
        check(&["Ana Silva", "Bo Ek", "Prof. Zoë van der Berg"], Look::FullName);
        check(&["Ana", "Bo", "Zoë"], Look::Word);
        check(&["王小红", "李伟"], Look::Word);
        check(&["paid on time", "late again"], Look::Unclear);
        check(&["A1", "B2"], Look::Unclear);
    }

    #[test]
    fn dates_amounts_and_counts_are_no_telephone_numbers() {
        check(&["01/02/2026", "02/02/2026"], Look::Unclear);
        check(&["2026-01-01", "2026-01-02"], Look::Unclear);
        check(&["0.0012345", "0.0012346"], Look::Unclear);
        check(&["-12.00", "1250.00"], Look::Unclear);
        check(&["00012345", "00012346"], Look::Unclear);
        check(&["1700000000", "1700000060"], Look::Unclear);
    }

    #[test]
    fn the_same_in_every_row_and_a_single_row_tell_nothing() {
        check(&["sam@example.com"; 10], Look::Unclear);
        check(&["ana@example.com"], Look::Unclear);
    }
}
