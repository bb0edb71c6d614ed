//! The JSON that docs/PLUGINS.md shows is JSON that kith reads, and no field of it goes unsaid.

use kith_plugin::card::{
    Address, Card, CardKind, Email, Link, Name, OnlineService, Organization, Phone, PhotoHash, Relation, VCardProp,
};
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::emit::{Completeness, Part};
use kith_plugin::interaction::{Direction, Interaction, InteractionKind, Participant, Promised, Role};
use kith_plugin::record::Record;

#[test]
fn the_json_of_the_docs_reads_as_what_it_is_said_to_be() {
    let docs = include_str!("../../../docs/PLUGINS.md");
    let (_, rest) = docs.split_once("```json\n").expect("no JSON in the docs");
    let mut lines = rest.lines();
    let mut next = || lines.next().unwrap_or_default();
    let part: Part = serde_json::from_str(next()).unwrap();
    assert_eq!((part.completeness, part.snapshot.is_some()), (Completeness::Additive, true));
    let Record::Card(card) = serde_json::from_str(next()).unwrap() else { unreachable!("not a card") };
    assert_eq!((card.emails.len(), card.name.full.as_deref()), (1, Some("Ana Silva")));
    let Record::Interaction(interaction) = serde_json::from_str(next()).unwrap() else { unreachable!("not one") };
    assert_eq!((interaction.participants.len(), interaction.at.is_some()), (1, true));
    let diagnostic: Diagnostic = serde_json::from_str(next()).unwrap();
    assert_eq!(diagnostic.to_string(), r#"friends.names:4: BDAY: not a date: "1985-13-40" (card kept without it)"#);
}

/// Returns the words in code of the table below the line that begins with `above`, and of its cells.
fn words_below(above: &str) -> Vec<String> {
    let docs = include_str!("../../../docs/PLUGINS.md");
    let rest = docs.split_once(above).map_or("", |(_, rest)| rest);
    let rows = rest.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    rows.filter_map(|row| row.split('|').nth(1)).flat_map(words).collect()
}

fn words(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(ToOwned::to_owned).collect()
}

/// Returns the keys of the JSON of something, sorted.
fn keys(value: &impl serde::Serialize) -> Vec<String> {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_object().into_iter().flat_map(|object| object.keys().cloned()).collect()
}

#[test]
fn the_docs_name_every_field_of_a_card() {
    let text = || Some("x".to_owned());
    // Every field is named here, so that a new one is not forgotten.
    let card = Card {
        uid: text(),
        kind: CardKind::Org,
        name: Name { full: text(), components: Vec::new() },
        nicknames: vec![String::new()],
        organizations: vec![Organization::default()],
        titles: vec![String::new()],
        headline: text(),
        emails: vec![Email::default()],
        phones: vec![Phone::default()],
        online_services: vec![OnlineService::default()],
        addresses: vec![Address::default()],
        anniversaries: vec![serde_json::from_str(r#"{"kind":"birth","date":{"year":1985}}"#).unwrap()],
        notes: vec![String::new()],
        keywords: vec![String::new()],
        links: vec![Link::default()],
        related_to: vec![Relation::default()],
        photo: Some(PhotoHash(String::new())),
        updated: text(),
        connected_on: serde_json::from_str("\"2026-03-01\"").unwrap(),
        owner: true,
        v_card_props: vec![VCardProp::default()],
        extra: [(String::new(), String::new())].into(),
    };
    let mut documented = words_below("A card's words are");
    documented.sort();
    assert_eq!(documented, keys(&card));
}

#[test]
fn the_docs_name_every_field_of_an_interaction() {
    let interaction = Interaction {
        kind: InteractionKind::Mail,
        at: serde_json::from_str("\"2026-03-01T09:30:00Z\"").unwrap(),
        participants: vec![Participant { role: Role::From, name: None, email: None, profile: None }],
        thread: Some(String::new()),
        answers: Some(String::new()),
        subject: Some(String::new()),
        size: Some(1),
        text: Some(String::new()),
        direction: Some(Direction::Outgoing),
        answered: true,
        promises: vec![Promised { text: String::new(), due: None }],
        on: serde_json::from_str("\"2026-03-01\"").unwrap(),
        recurs: true,
    };
    let mut documented = words_below("An interaction:");
    documented.sort();
    assert_eq!(documented, keys(&interaction));
}
