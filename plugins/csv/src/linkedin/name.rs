//! A name of two columns, as LinkedIn has it: given name, and a surname that people extend with their credentials.

use kith_plugin::card::{Name, NameComponent, NameComponentKind};

/// Degrees and certificates that are written in mixed case, or that a name in capitals could be mistaken for.
const CREDENTIALS: &str = "phd ph.d ph.d. dphil md m.d. mba emba msc m.sc. msc. bsc b.sc. bsc. ma m.a. ba b.a. meng beng dr. dr esq \
    esq. llm ll.m. llb jd j.d. cpa cfa pmp pe p.e. rn dds dvm mph psyd edd dba acca cissp csm frcs dipl.-ing. \
    dipl.-inf. mfa mpa shrm-cp shrm-scp leed aia ccna mrics ceng";

/// Generations.
const GENERATIONS: &str = "jr jr. sr sr. ii iii iv";

/// Returns the name, whole as written and in its parts.
pub(super) fn name(given: &str, surname: &str) -> Name {
    let full = match (given.is_empty(), surname.is_empty()) {
        (true, true) => return Name::default(),
        (false, true) => given.to_owned(),
        (true, false) => surname.to_owned(),
        (false, false) => format!("{given} {surname}"),
    };
    let mut components = Vec::with_capacity(2);
    let mut add = |kind, value: &str| {
        if !value.is_empty() {
            components.push(NameComponent { kind, value: value.to_owned() });
        }
    };
    // With an empty surname the credentials stand behind the given name.
    let (given, given_extras) = if surname.is_empty() { without_credentials(given) } else { (given, "") };
    let (surname, extras) = without_credentials(surname);
    add(NameComponentKind::Given, given);
    add(NameComponentKind::Surname, surname);
    let extras = [given_extras, extras].into_iter().filter(|extras| !extras.is_empty());
    for extra in extras.flat_map(|extras| extras.split(',')).map(str::trim) {
        let kind =
            if is_one_of(GENERATIONS, extra) { NameComponentKind::Generation } else { NameComponentKind::Credential };
        add(kind, extra);
    }
    Name { full: Some(full), components }
}

/// Returns a name in lower case, its words parted by one space: by it one is recognised.
pub(super) fn folded(name: &str) -> String {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// Parts a name from what follows its first comma, if all of that is credentials.
fn without_credentials(name: &str) -> (&str, &str) {
    let Some((bare, extras)) = name.split_once(',') else { return (name, "") };
    let in_capitals = !bare.chars().any(char::is_lowercase);
    let known = |word: &str| {
        is_one_of(CREDENTIALS, word) || is_one_of(GENERATIONS, word) || (!in_capitals && looks_like_credential(word))
    };
    let all_known = extras.split([',', ' ']).filter(|word| !word.is_empty()).all(known);
    if all_known && !bare.trim().is_empty() { (bare.trim_end(), extras.trim()) } else { (name, "") }
}

fn is_one_of(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|known| known.eq_ignore_ascii_case(word))
}

/// Two to ten capitals, with dots, digits and hyphens between: `CISSP`, `P.Eng`, `SHRM-CP`.
fn looks_like_credential(word: &str) -> bool {
    let capitals = word.chars().filter(char::is_ascii_uppercase).count();
    let others = word.chars().filter(char::is_ascii_lowercase).count();
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '®' | '™' | '+' | '/');
    word.len() <= 12 && capitals >= 2 && others <= capitals && word.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: &str, surname: &str, full: &str, components: &[(NameComponentKind, &str)]) {
        let name = name(given, surname);
        let found: Vec<_> = name.components.iter().map(|c| (c.kind, c.value.as_str())).collect();
        assert_eq!((name.full.as_deref(), found.as_slice()), (Some(full), components));
    }

    #[test]
    fn credentials_are_parted_from_the_surname_and_the_whole_stays_as_written() {
        use NameComponentKind::{Credential, Generation, Given, Surname};
        check("Ana", "Silva", "Ana Silva", &[(Given, "Ana"), (Surname, "Silva")]);
        check("Jo", "Smith, PhD", "Jo Smith, PhD", &[(Given, "Jo"), (Surname, "Smith"), (Credential, "PhD")]);
        check(
            "Jo",
            "Smith, Jr., MBA, CISSP®",
            "Jo Smith, Jr., MBA, CISSP®",
            &[(Given, "Jo"), (Surname, "Smith"), (Generation, "Jr."), (Credential, "MBA"), (Credential, "CISSP®")],
        );
        check("Jo, MBA", "", "Jo, MBA", &[(Given, "Jo"), (Credential, "MBA")]);
    }

    #[test]
    fn what_may_be_a_name_stays_in_the_name() {
        use NameComponentKind::{Given, Surname};
        check("Bo", "Ek, the sailor", "Bo Ek, the sailor", &[(Given, "Bo"), (Surname, "Ek, the sailor")]);
        check("", "SMITH, JOHN", "SMITH, JOHN", &[(Surname, "SMITH, JOHN")]);
        check("🚀 Ana", "Silva", "🚀 Ana Silva", &[(Given, "🚀 Ana"), (Surname, "Silva")]);
        assert!(name("", "").is_empty());
    }
}
