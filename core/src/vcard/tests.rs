//! A card with everything in it, as it is written.

use kith_proto::card::{Email, Link, NameComponent, Organization, Phone, VCardProp};
use kith_proto::date::PartialDate;

use super::*;

fn day(kind: AnniversaryKind, date: (Option<i16>, Option<i8>, Option<i8>), raw: Option<&str>) -> Anniversary {
    let date = PartialDate::new(date.0, date.1, date.2).unwrap();
    Anniversary { kind, date, raw: raw.map(str::to_owned), label: None }
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

fn ana() -> Card {
    let part = |kind, value: &str| NameComponent { kind, value: value.to_owned() };
    let components = vec![part(NameComponentKind::Given, "Ana"), part(NameComponentKind::Surname, "Silva, Souza")];
    let labelled = |number: &str| Phone {
        number: number.to_owned(),
        features: texts(&["mobile"]),
        contexts: vec![Context::Work],
        label: Some("On call".to_owned()),
        pref: Some(1),
    };
    let prop = VCardProp {
        group: Some("item1".to_owned()),
        name: "X-ABADR".to_owned(),
        value: "pt".to_owned(),
        ..VCardProp::default()
    };
    Card {
        uid: Some("urn:uuid:1".to_owned()),
        name: Name { full: Some("Ana Silva; Souza".to_owned()), components },
        nicknames: texts(&["Annie", "A,S"]),
        organizations: vec![Organization { name: "Acme; Sons".to_owned(), units: texts(&["R&D"]) }],
        titles: texts(&["CTO"]),
        headline: Some("CTO at Other".to_owned()),
        emails: vec![Email {
            address: "ana@example.com".to_owned(),
            contexts: vec![Context::Private],
            ..Email::default()
        }],
        phones: vec![labelled("+351 12"), Phone { number: "+4930901820;ext=12".to_owned(), ..Phone::default() }],
        online_services: vec![OnlineService {
            service: Some("LinkedIn".to_owned()),
            uri: Some("https://www.linkedin.com/in/ana".to_owned()),
            user: None,
        }],
        addresses: vec![Address {
            full: Some("1 \"Main\" St\nLisbon".to_owned()),
            street: texts(&["1 Main St", "Floor 2"]),
            locality: Some("Lisbon".to_owned()),
            ..Address::default()
        }],
        anniversaries: vec![
            day(AnniversaryKind::Birth, (None, Some(4), Some(12)), None),
            day(AnniversaryKind::Birth, (Some(1985), Some(4), Some(12)), Some("1985-04-12T23:20:50Z")),
            day(AnniversaryKind::Wedding, (Some(2010), Some(5), None), None),
        ],
        notes: texts(&["Likes tea,\nand long walks along the river of her town, which she tells everyone about"]),
        keywords: texts(&["Friends", "Fair 2026"]),
        links: vec![Link { uri: "https://example.com/a,b".to_owned(), label: Some("Blog".to_owned()) }],
        related_to: vec![
            Relation { to: "Bo, Jr.".to_owned(), relation: Some("spouse".to_owned()) },
            Relation { to: "Cy".to_owned(), relation: Some("manager".to_owned()) },
        ],
        extra: BTreeMap::from([("Shoe \"size\"".to_owned(), "39".to_owned())]),
        v_card_props: vec![prop],
        ..Card::default()
    }
}

#[test]
fn writes_all_that_a_card_says() {
    insta::assert_snapshot!(write_card(&ana(), Some(b"GIF89a")).replace("\r\n", "\n"));
}

#[test]
fn a_card_of_nothing_still_has_what_must_be_there() {
    let text = write_card(&Card::default(), None);
    assert_eq!(text, "BEGIN:VCARD\r\nVERSION:4.0\r\nPRODID:-//kith//kith//EN\r\nFN:\r\nEND:VCARD\r\n");
}

#[test]
fn no_value_can_end_a_line_or_the_card() {
    let evil = "urn:uuid:+1;ext=\r\nEND:VCARD\r\nBEGIN:VCARD";
    let some = || Some(evil.to_owned());
    let list = || texts(&[evil]);
    let prop = VCardProp { group: some(), name: evil.to_owned(), params: evil.to_owned(), value: evil.to_owned() };
    let card = Card {
        uid: some(),
        name: Name {
            full: some(),
            components: vec![NameComponent { kind: NameComponentKind::Given, value: evil.to_owned() }],
        },
        nicknames: list(),
        organizations: vec![Organization { name: evil.to_owned(), units: list() }],
        titles: list(),
        headline: some(),
        emails: vec![Email { address: evil.to_owned(), label: some(), ..Email::default() }],
        phones: vec![Phone { number: format!("+{evil}"), features: list(), label: some(), ..Phone::default() }],
        online_services: vec![OnlineService { service: some(), uri: some(), user: some() }],
        addresses: vec![Address {
            full: some(),
            street: list(),
            locality: some(),
            label: some(),
            ..Address::default()
        }],
        anniversaries: vec![day(AnniversaryKind::Birth, (Some(1985), None, None), Some("1985T\r\nEND:VCARD"))],
        notes: list(),
        keywords: list(),
        links: vec![Link { uri: evil.to_owned(), label: some() }],
        related_to: vec![
            Relation { to: evil.to_owned(), relation: some() },
            Relation { to: evil.to_owned(), relation: Some("friend".to_owned()) },
        ],
        extra: BTreeMap::from([(evil.to_owned(), evil.to_owned())]),
        v_card_props: vec![prop, VCardProp { name: "X-A".to_owned(), value: evil.to_owned(), ..VCardProp::default() }],
        ..Card::default()
    };
    let text = write_card(&card, None);
    let marks: Vec<&str> = text.lines().filter(|line| line.starts_with("END") || line.starts_with("BEGIN")).collect();
    assert_eq!(marks, ["BEGIN:VCARD", "END:VCARD"], "{text}");
    assert!(text.split("\r\n").all(|line| !line.contains(['\r', '\n']) && line.len() <= 75), "{text}");
}
