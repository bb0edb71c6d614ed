//! Names of two people on one card or mailbox: "Mia & Luis Torres".

use super::super::role_name::is_given_name;
use super::written::Written;

/// Words between two names. They are letters or parts of a surname as well, so both neighbours must be known given names.
const AND: &[&str] = &["and", "en", "et", "ja", "och", "og", "und"];

/// Such words of one letter; a capital is an initial.
const LETTERS: &[&str] = &["e", "i", "y"];

/// Signs between two names.
const SIGNS: [char; 2] = ['&', '+'];

/// Returns the two names; `None` where it is one. A surname that stands once is both's.
pub(super) fn parted(full: &str) -> Option<[String; 2]> {
    if !full.contains(SIGNS) && !full.contains(' ') {
        return None;
    }
    let written = Written::new(full);
    let (surname, given) = match written.after_comma() {
        Some(given) => (written.name().trim(), given),
        None => ("", written.name()),
    };
    let (one, other) = at_sign(given).or_else(|| at_word(given))?;
    if !surname.is_empty() {
        return Some([format!("{surname}, {one}"), format!("{surname}, {other}")]);
    }
    let of_both = other.split_once(' ').filter(|_| !one.contains(' ')).map(|(_, surname)| surname.trim());
    Some([of_both.map_or_else(|| one.clone(), |surname| format!("{one} {surname}")), other])
}

/// Both sides begin with a given name, behind a title maybe: "Marks & Spencer" and "AT&T" are companies.
fn at_sign(given: &str) -> Option<(String, String)> {
    let (one, other) = given.split_once(SIGNS)?;
    let is_name = |text: &str| text.split_whitespace().take(2).any(is_given) && !text.contains(SIGNS);
    (is_name(one) && is_name(other)).then(|| (one.trim().to_owned(), other.trim().to_owned()))
}

fn at_word(given: &str) -> Option<(String, String)> {
    let words: Vec<&str> = given.split_whitespace().collect();
    let is_and = |at: &usize| {
        let word = words.get(*at).copied().unwrap_or_default();
        let next_to = [at.checked_sub(1), at.checked_add(1)].map(|at| at.and_then(|at| words.get(at)));
        (LETTERS.contains(&word) || AND.contains(&word.to_lowercase().as_str()))
            && next_to.iter().all(|word| word.is_some_and(|word| is_given(word)))
    };
    let at = (1..words.len()).find(is_and)?;
    Some((words.get(..at)?.join(" "), words.get(at + 1..)?.join(" ")))
}

fn is_given(word: &str) -> bool {
    is_given_name(&super::super::fold_text(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_two_is_parted_and_its_surname_is_both_s() {
        for (name, expected) in [
            ("Mia & Luis Torres", ["Mia Torres", "Luis Torres"]),
            ("Peter und Sabine Krug", ["Peter Krug", "Sabine Krug"]),
            ("Peter Krug & Sabine Lind", ["Peter Krug", "Sabine Lind"]),
            ("Krug, Peter und Sabine", ["Krug, Peter", "Krug, Sabine"]),
            ("Anna+Tom", ["Anna", "Tom"]),
            ("Maria y Luis Torres", ["Maria Torres", "Luis Torres"]),
        ] {
            assert_eq!(parted(name).unwrap_or_default(), expected, "{name}");
        }
    }

    #[test]
    fn a_name_of_one_is_left_whole() {
        for name in [
            "Ortega y Gasset, José",
            "José Ortega y Gasset",
            "Ana Silva",
            "AT&T",
            "Ana I Silva",
            "Silva, Ana",
            "&",
            "",
            "Ana Silva (Ernst & Young)",
            "Ana Silva | Marks & Spencer",
            "Ana Silva, Sales & Marketing",
            "Ana Silva, CPA & MBA",
            "Marks & Spencer",
            "John E Thomas",
            "Robert E Lee",
            "JOHN E THOMAS",
        ] {
            assert_eq!(parted(name), None, "{name}");
        }
    }
}
