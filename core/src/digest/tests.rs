//! What a digest keeps of cards and participants.

use kith_proto::card::{
    Anniversary, Context, Email, Link, Name, NameComponent, NameComponentKind, Organization, Phone,
};
use kith_proto::interaction::Role;
use proptest::prelude::*;

use super::*;

fn named(full: &str) -> Card {
    Card { name: Name { full: Some(full.to_owned()), components: vec![] }, ..Card::default() }
}

fn with_emails(addresses: &[&str]) -> Card {
    let emails = addresses.iter().map(|&a| Email { address: a.to_owned(), ..Email::default() }).collect();
    Card { emails, ..named("Ana Silva") }
}

fn service(service: Option<&str>, uri: Option<&str>, user: Option<&str>) -> OnlineService {
    let own = |text: Option<&str>| text.map(str::to_owned);
    OnlineService { service: own(service), uri: own(uri), user: own(user) }
}

/// The identifiers as texts, shared ones in parentheses.
fn identifiers(card: &Card) -> Vec<String> {
    let shown = |i: &Identifier| if i.shared { format!("({})", i.value) } else { i.value.clone() };
    digest_card(card, "DE".parse().ok()).identifiers.iter().map(shown).collect()
}

#[test]
fn a_linkedin_row_is_known_by_its_slug_and_found_by_its_words() {
    let part = |kind, value: &str| NameComponent { kind, value: value.to_owned() };
    let components = vec![part(NameComponentKind::Given, "Zoë"), part(NameComponentKind::Surname, "Großmüller")];
    let card = Card {
        name: Name { full: None, components },
        organizations: vec![Organization { name: "Analytical Engines".to_owned(), units: vec![] }],
        titles: vec!["CTO".to_owned()],
        online_services: vec![service(Some("LinkedIn"), Some("https://www.linkedin.com/in/zo%C3%AB-g"), None)],
        ..Card::default()
    };
    let digest = digest_card(&card, None);
    assert_eq!(digest.name, "Zoë Großmüller");
    assert_eq!(identifiers(&card), ["linkedin/zoë-g"]);
    assert_eq!(digest.search, "zoe grossmuller zoe grossmueller analytical engines cto zoe-g");
    assert_eq!(headline(&card).as_deref(), Some("CTO at Analytical Engines"));
}

#[test]
fn finds_people_by_name_number_and_address() {
    let mut card = with_emails(&["Ana.O'Neill@Example.com"]);
    card.phones = vec![Phone { number: "030/90 18 20".to_owned(), ..Phone::default() }];
    card.nicknames = vec!["Ánita".to_owned()];
    card.keywords = vec!["fair 2026".to_owned()];
    let search = digest_card(&card, "DE".parse().ok()).search;
    assert_eq!(search, "ana silva anita fair 2026 ana.oneill@example.com +4930901820 030901820");
}

#[test]
fn a_word_is_kept_once_and_a_flood_of_words_is_cut() {
    let mut card = named("Ana Silva");
    card.keywords = vec!["silva".to_owned(), "sil".to_owned(), "ANA".to_owned()];
    assert_eq!(digest_card(&card, None).search, "ana silva sil");
    card.keywords = (0..10_000).map(|i| format!("label{i}")).collect();
    assert!(digest_card(&card, None).search.len() <= 4096);
}

#[test]
fn keeps_each_identifier_once_and_leaves_out_what_is_none() {
    let mut card = with_emails(&["Ana@Example.com", "ana@example.com", "n/a", "INFO@example.com"]);
    let number = |number: &str, contexts: &[Context]| Phone {
        number: number.to_owned(),
        contexts: contexts.to_vec(),
        ..Phone::default()
    };
    card.phones = vec![number("+49 30 901820", &[Context::Work]), number("030 901820", &[]), number("none", &[])];
    assert_eq!(identifiers(&card), ["ana@example.com", "(info@example.com)", "+4930901820"]);
}

#[test]
fn a_profile_is_the_persons_own_where_the_service_says_so() {
    let mut card = named("Ana Silva");
    card.online_services = vec![
        service(Some("LinkedIn"), None, Some("ana-silva")),
        service(Some("linkedin"), Some("ana-silva"), None),
        service(Some("twitter"), Some("x-apple:ana"), None),
        service(None, Some("https://people.example/ana"), None),
        service(Some("LinkedIn"), Some("https://linkedin.com/company/example"), None),
    ];
    let link = |uri: &str| Link { uri: uri.to_owned(), label: None };
    card.links = vec![
        link("https://github.com/example"),
        link("https://www.xing.com/profile/Ana_Silva"),
        link("https://example.com/x"),
    ];
    assert_eq!(
        identifiers(&card),
        ["linkedin/ana-silva", "x/ana", "(people.example/ana)", "(github/example)", "xing/ana_silva"]
    );
}

#[test]
fn keeps_the_birthday_and_reads_back_from_a_compact_row() {
    let date = PartialDate::new(None, Some(4), Some(12)).unwrap();
    let wedding = PartialDate::new(Some(2001), Some(1), Some(2)).unwrap();
    let anniversary = |kind, date| Anniversary { kind, date, raw: None, label: None };
    let mut card = with_emails(&["ana@example.com"]);
    card.anniversaries =
        vec![anniversary(AnniversaryKind::Wedding, wedding), anniversary(AnniversaryKind::Birth, date)];
    card.owner = true;
    let digest = digest_card(&card, None);
    assert_eq!((digest.birthday, digest.owner), (Some(date), true));
    let row = postcard::to_stdvec(&digest).unwrap();
    assert_eq!(postcard::from_bytes::<Digest>(&row).unwrap(), digest);
    let json = serde_json::to_string(&digest).unwrap();
    assert_eq!(serde_json::from_str::<Digest>(&json).unwrap(), digest);
}

#[test]
fn a_headline_says_what_is_known() {
    let mut card = Card::default();
    assert_eq!(headline(&card), None);
    card.organizations = vec![Organization { name: " Acme ".to_owned(), units: vec![] }];
    assert_eq!(headline(&card).as_deref(), Some("Acme"));
    card.titles = vec![String::new(), "CTO".to_owned()];
    assert_eq!(headline(&card).as_deref(), Some("CTO at Acme"));
}

fn participant(name: Option<&str>, email: Option<&str>, profile: Option<&str>) -> Option<(String, Digest)> {
    let own = |text: Option<&str>| text.map(str::to_owned);
    digest_participant(&Participant { role: Role::From, name: own(name), email: own(email), profile: own(profile) })
}

#[test]
fn a_mail_participant_is_known_by_address_and_name() {
    let (key, digest) = participant(Some(" 'Ana  Silva' "), Some("Ana@Example.com"), None).unwrap();
    assert_eq!(key, "ana@example.com\nAna Silva");
    assert_eq!((digest.name.as_str(), digest.search.as_str()), ("Ana Silva", "ana silva ana@example.com"));
}

#[test]
fn a_name_that_is_the_address_is_no_name() {
    for name in ["ana@example.com", "<Ana@Example.com>", "'ana@example.com'", "other@example.com", ""] {
        let (key, digest) = participant(Some(name), Some("ana@example.com"), None).unwrap();
        assert_eq!((key.as_str(), digest.name.as_str()), ("ana@example.com\n", ""), "{name:?}");
    }
}

#[test]
fn a_linkedin_participant_is_known_by_slug_and_name() {
    let (key, digest) = participant(Some("Zoë"), None, Some("https://www.linkedin.com/in/zo%C3%AB-g/")).unwrap();
    assert_eq!(key, "zoë-g\nZoë");
    assert_eq!(digest.identifiers.first().map(|i| i.value.as_str()), Some("linkedin/zoë-g"));
}

#[test]
fn who_has_neither_address_nor_profile_is_not_known() {
    assert_eq!(participant(Some("LinkedIn Member"), None, None), None);
    assert_eq!(participant(Some("Ana"), Some("undisclosed-recipients"), None), None);
}

#[test]
fn the_owner_is_known_by_all_that_the_config_says() {
    let me: Vec<String> = [
        "Me@Example.com",
        "info@example.com",
        "+49 30 901820",
        "linkedin.com/in/Me",
        "?",
        "me@example.com",
        "x.com/@me",
    ]
    .map(str::to_owned)
    .to_vec();
    let known = owner_identifiers(&me);
    let values: Vec<&str> = known.iter().map(|i| i.value.as_str()).collect();
    assert_eq!(values, ["info@example.com", "me@example.com", "+4930901820", "linkedin/me", "x/me"]);
    assert!(known.iter().all(|i| !i.shared));
}

proptest! {
    #[test]
    fn a_digest_of_any_texts_is_well_formed(name in any::<String>(), address in any::<String>(), uri in any::<String>()) {
        let mut card = with_emails(&[&address]);
        card.name.full = Some(name);
        card.online_services = vec![service(None, Some(&uri), None)];
        let digest = digest_card(&card, None);
        prop_assert_eq!(&normalize::text(&digest.name), &digest.name);
        prop_assert!(!digest.search.starts_with(' ') && !digest.search.ends_with(' ') && !digest.search.contains("  "));
    }
}
