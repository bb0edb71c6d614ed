//! Names: how to show one, and what to call someone by.
//!
//! Only what a reminder needs. Comparing names is the business of the resolver.

pub(super) mod shown;

use kith_proto::card::{Card, NameComponentKind};

use super::text::text_cow;

/// Words before a name, folded and without full stop.
const HONORIFICS: &[&str] = &[
    "dr",
    "prof",
    "professor",
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "sir",
    "dame",
    "lord",
    "lady",
    "rev",
    "hon",
    "herr",
    "frau",
    "m",
    "mme",
    "mlle",
    "monsieur",
    "madame",
    "sr",
    "sra",
    "srta",
    "senor",
    "senora",
    "sig",
    "signor",
    "signora",
    "dott",
    "dottssa",
    "ing",
    "dipl-ing",
    "mag",
    "pan",
    "pani",
    "dhr",
    "mevr",
    "drs",
    "ir",
];

/// Words after a name, folded and without full stops.
const CREDENTIALS: &[&str] = &[
    "phd", "dphil", "md", "mba", "msc", "bsc", "ma", "ba", "llm", "jd", "esq", "jr", "sr", "ii", "iii", "iv", "cpa",
    "cfa", "pmp", "pe", "cissp", "rn", "dds", "dvm", "csm", "mph", "edd",
];

/// Returns the name to show: as the source writes it whole, else its components in the source's order, else nickname,
/// organisation, the first address' local part, the first number or handle. Empty where the card holds none of these.
#[must_use]
pub fn display_name(card: &Card) -> String {
    let first = |candidates: &mut dyn Iterator<Item = &str>| {
        candidates.map(|c| text_cow(c).into_owned()).find(|c| !c.is_empty())
    };
    first(&mut card.name.full.iter().map(String::as_str))
        .or_else(|| Some(joined_components(card)).filter(|name| !name.is_empty()))
        .or_else(|| first(&mut card.nicknames.iter().map(String::as_str)))
        .or_else(|| first(&mut card.organizations.iter().map(|o| o.name.as_str())))
        .or_else(|| first(&mut card.emails.iter().map(|e| e.address.rsplit_once('@').map_or("", |(local, _)| local))))
        .or_else(|| first(&mut card.phones.iter().map(|p| p.number.as_str())))
        .or_else(|| first(&mut card.online_services.iter().filter_map(|s| s.user.as_deref().or(s.uri.as_deref()))))
        .unwrap_or_default()
}

fn joined_components(card: &Card) -> String {
    let mut name = String::new();
    for component in &card.name.components {
        let value = text_cow(&component.value);
        if !value.is_empty() {
            if !name.is_empty() {
                name.push(' ');
            }
            name.push_str(&value);
        }
    }
    name
}

/// Returns what to call the card's person by: the given name, else [`first_name`] of the name shown.
#[must_use]
pub fn first_name_of(card: &Card) -> String {
    if !card.kind.is_individual() {
        return display_name(card);
    }
    match card.name.component(NameComponentKind::Given).map(text_cow) {
        Some(given) if !given.is_empty() => given.into_owned(),
        Some(_) | None => first_name(&display_name(card)),
    }
}

/// Returns what to call someone with this name by, the whole name where that cannot be told.
///
/// ```
/// use kith_core::normalize::first_name;
/// assert_eq!(first_name("Dr. Ana Silva, PhD"), "Ana");
/// assert_eq!(first_name("Silva, Ana"), "Ana");
/// assert_eq!(first_name("Frau Silva"), "Frau Silva");
/// ```
#[must_use]
pub fn first_name(name: &str) -> String {
    let name = text_cow(name);
    let mut before = String::new();
    let (uncredited, after) = without_credentials(&name);
    // "Silva, Ana": the family name stands first.
    let personal = after.unwrap_or(uncredited);
    let mut words = personal.split(' ').filter(|word| word.chars().any(char::is_alphabetic));
    let mut seen_before = false;
    let Some(first) = words.by_ref().find(|word| {
        let skipped = is_one_of(word, HONORIFICS) || is_initial(word);
        if skipped {
            before.push_str(word);
            seen_before = true;
        }
        !skipped
    }) else {
        return name.into_owned();
    };
    let family_follows = words.next().is_some() || after.is_some();
    if seen_before && !family_follows {
        return name.into_owned();
    }
    first.trim_matches(|c: char| !c.is_alphanumeric() && c != '.').to_owned()
}

/// Parts "Ana Silva, MBA" and "Silva, Ana": the name before the comma, and what follows where that is a name.
fn without_credentials(name: &str) -> (&str, Option<&str>) {
    let Some((before, after)) = name.split_once(',') else { return (name, None) };
    let (before, after) = (before.trim(), after.split(',').next().unwrap_or_default().trim());
    let is_name = !before.is_empty() && after.chars().any(char::is_alphabetic) && !after.split(' ').all(is_credential);
    (before, is_name.then_some(after))
}

/// A known credential, or capitals only, such as "CSPO" and "M.Sc.".
fn is_credential(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = word.chars().filter(|c| c.is_uppercase()).count();
    is_one_of(word, CREDENTIALS) || (letters > 1 && letters == capitals) || word.contains('.')
}

fn is_initial(word: &str) -> bool {
    let mut letters = word.chars();
    matches!((letters.next(), letters.next(), letters.next()), (Some(c), Some('.'), None) if c.is_alphabetic())
}

fn is_one_of(word: &str, list: &[&str]) -> bool {
    let word: String = super::fold_text(word).chars().filter(|&c| c != '.').collect();
    list.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use kith_proto::card::{CardKind, Email, Name, NameComponent, OnlineService, Organization, Phone};
    use proptest::prelude::*;

    use super::*;

    fn named(components: &[(NameComponentKind, &str)]) -> Card {
        let components =
            components.iter().map(|&(kind, value)| NameComponent { kind, value: value.to_owned() }).collect();
        Card { name: Name { full: None, components }, ..Card::default() }
    }

    #[test]
    fn shows_the_name_as_the_source_writes_it() {
        let mut card = named(&[(NameComponentKind::Surname, "山田"), (NameComponentKind::Given, " 太郎 ")]);
        assert_eq!(display_name(&card), "山田 太郎");
        card.name.full = Some("  Taro  Yamada ".to_owned());
        assert_eq!(display_name(&card), "Taro Yamada");
    }

    #[test]
    fn a_card_without_a_name_shows_the_next_best_and_never_an_invention() {
        let mut card = Card::default();
        assert_eq!(display_name(&card), "");
        card.online_services = vec![OnlineService { user: Some("ana".to_owned()), ..OnlineService::default() }];
        assert_eq!(display_name(&card), "ana");
        card.phones = vec![Phone { number: "+49 30 901820".to_owned(), ..Phone::default() }];
        assert_eq!(display_name(&card), "+49 30 901820");
        card.emails = vec![Email { address: "ana.silva@example.com".to_owned(), ..Email::default() }];
        assert_eq!(display_name(&card), "ana.silva");
        card.organizations = vec![Organization { name: "Acme".to_owned(), units: vec![] }];
        assert_eq!(display_name(&card), "Acme");
        card.nicknames = vec![" ".to_owned(), "Anita".to_owned()];
        assert_eq!(display_name(&card), "Anita");
    }

    #[track_caller]
    fn check(name: &str, expected: &str) {
        assert_eq!(first_name(name), expected, "{name:?}");
    }

    #[test]
    fn calls_people_by_their_first_name() {
        check("Ana Silva", "Ana");
        check("Ana", "Ana");
        check("Dr. Ana Silva, PhD", "Ana");
        check("Prof. Dr. Ana Silva", "Ana");
        check("Silva, Ana", "Ana");
        check("Silva, Ana, PhD", "Ana");
        check("Ana Silva, CSPO, PMP", "Ana");
        check("Ana Silva, M.Sc.", "Ana");
        check("J. Robert Lind", "Robert");
        check("🌱 Ana Silva 🚀", "Ana");
        check("\"Ana\" Silva", "Ana");
        check("Jean-Luc Moreau", "Jean-Luc");
        check("山田太郎", "山田太郎");
    }

    #[test]
    fn uses_the_whole_name_where_the_first_cannot_be_told() {
        check("Frau Silva", "Frau Silva");
        check("J. Lind", "J. Lind");
        check("Dr.", "Dr.");
        check("", "");
    }

    #[test]
    fn takes_the_given_name_of_a_card() {
        assert_eq!(
            first_name_of(&named(&[(NameComponentKind::Given, "Ana Maria"), (NameComponentKind::Surname, "Silva")])),
            "Ana Maria"
        );
        let org = Card {
            kind: CardKind::Org,
            name: Name { full: Some("Acme Works".to_owned()), components: vec![] },
            ..Card::default()
        };
        assert_eq!(first_name_of(&org), "Acme Works");
    }

    proptest! {
        #[test]
        fn never_panics(name in any::<String>()) {
            prop_assert!(first_name(&name).len() <= name.len() * 3);
        }
    }
}
