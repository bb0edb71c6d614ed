//! Names of two people on one card or mailbox: "Mia & Luis Torres".

use super::super::role_name::is_given_name;

/// Words between two names. They are letters or parts of a surname as well, so both neighbours must be known given names.
const AND: &[&str] = &["and", "e", "en", "et", "i", "ja", "och", "og", "und", "y"];

/// Signs between two names.
const SIGNS: [char; 2] = ['&', '+'];

/// Returns the two names; `None` where it is one. A surname that stands once is both's.
pub(super) fn parted(full: &str) -> Option<[String; 2]> {
    let (surname, given) = match full.split_once(',') {
        Some((surname, given)) => (surname.trim(), given),
        None => ("", full),
    };
    let (one, other) = at_sign(given).or_else(|| at_word(given))?;
    if !surname.is_empty() {
        return Some([format!("{surname}, {one}"), format!("{surname}, {other}")]);
    }
    let of_both = other.split_once(' ').filter(|_| !one.contains(' ')).map(|(_, surname)| surname.trim());
    Some([of_both.map_or_else(|| one.clone(), |surname| format!("{one} {surname}")), other])
}

fn at_sign(given: &str) -> Option<(String, String)> {
    let (one, other) = given.split_once(SIGNS)?;
    let names = (one.trim(), other.trim());
    let is_name = |text: &str| text.chars().any(char::is_alphabetic) && !text.contains(SIGNS);
    // "AT&T" is one word.
    let is_parted = one.ends_with(' ') || is_given(names.0);
    (is_parted && is_name(names.0) && is_name(names.1)).then(|| (names.0.to_owned(), names.1.to_owned()))
}

fn at_word(given: &str) -> Option<(String, String)> {
    let words: Vec<&str> = given.split_whitespace().collect();
    let is_and = |at: &usize| {
        let word = words.get(*at).map(|word| word.to_lowercase()).unwrap_or_default();
        let next_to = [at.checked_sub(1), at.checked_add(1)].map(|at| at.and_then(|at| words.get(at)));
        AND.contains(&word.as_str()) && next_to.iter().all(|word| word.is_some_and(|word| is_given(word)))
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
        for name in
            ["Ortega y Gasset, José", "José Ortega y Gasset", "Ana Silva", "AT&T", "Ana I Silva", "Silva, Ana", "&", ""]
        {
            assert_eq!(parted(name), None, "{name}");
        }
    }
}
