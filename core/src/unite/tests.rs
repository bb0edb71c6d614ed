//! What the card of several records says, and what it does not.

use kith_proto::card::{Organization, Relation};

use super::*;
use crate::portrait::portrait;
use crate::provenance::Trust;

fn account(key: &str, card: Card) -> Account {
    let digest = digest_card(&card, None);
    let (record, origin) = (RecordId::new("test", key), api::ExportRecord::default());
    Account { record, origin, trust: Trust::Card, seen: None, card, digest }
}

fn united(accounts: &[Account], own: &[OwnValue]) -> Card {
    let records: Vec<RecordId> = accounts.iter().map(|account| account.record).collect();
    let id = records.first().copied().unwrap();
    unite(&portrait(id, accounts, own, None), &records, accounts, own, None)
}

fn named(full: &str) -> Card {
    Card { name: Name { full: Some(full.to_owned()), components: Vec::new() }, ..Card::default() }
}

fn at(name: &str) -> Vec<Organization> {
    vec![Organization { name: name.to_owned(), units: Vec::new() }]
}

#[test]
fn each_value_stands_once_and_none_is_lost() {
    let email = |address: &str| Email { address: address.to_owned(), ..Email::default() };
    let phone = |number: &str| Phone { number: number.to_owned(), ..Phone::default() };
    let one = Card { emails: vec![email("Ana@Example.com")], phones: vec![phone("+351 912 345 678")], ..named("Ana") };
    let two = Card {
        emails: vec![email("ana@example.com"), email("a@example.org")],
        phones: vec![phone("tel:+351912345678")],
        notes: vec!["tea\r\n".to_owned()],
        ..named("Ana S.")
    };
    let (field, value, record) = ("phone".to_owned(), "+4930901820".to_owned(), RecordId::new("test", "1"));
    let own = OwnValue { field, value, at: jiff::Timestamp::UNIX_EPOCH, record };
    let card = united(&[account("1", one), account("2", two)], &[own]);
    assert_eq!(card.name.full.as_deref(), Some("Ana S."));
    assert_eq!(
        card.emails.iter().map(|e| e.address.as_str()).collect::<Vec<_>>(),
        ["Ana@Example.com", "a@example.org"]
    );
    assert_eq!(card.phones.iter().map(|p| p.number.as_str()).collect::<Vec<_>>(), ["+4930901820", "+351 912 345 678"]);
    assert_eq!(card.notes, ["tea"]);
}

#[test]
fn a_title_of_one_source_is_not_said_of_anothers_company() {
    let titled = Card { organizations: at("Beta"), titles: vec!["CTO".to_owned()], ..named("Ana") };
    let card = united(&[account("1", Card { organizations: at("Acme"), ..named("Ana") }), account("2", titled)], &[]);
    assert_eq!(card.headline.as_deref(), Some("Acme"));
    assert_eq!(headline(&card).as_deref(), Some("Acme"));
    assert_eq!(card.titles, ["CTO"]);
}

#[test]
fn the_uid_stays_when_the_card_comes_back() {
    let first = united(&[account("1", named("Ana"))], &[]);
    let echo = account("2", Card { uid: first.uid.clone(), ..named("Ana") });
    assert_eq!(united(&[account("1", named("Ana")), echo.clone()], &[]).uid, first.uid);
    assert_eq!(united(&[echo], &[]).uid, first.uid);
}

#[test]
fn whom_only_a_mail_names_is_written_with_the_address() {
    let digest = Digest { name: String::new(), ..digest_card(&Card::default(), None) };
    let identifier = Identifier { kind: IdentifierKind::Email, value: "bo@example.com".to_owned(), shared: false };
    let profile = Identifier { kind: IdentifierKind::Profile, value: "linkedin/bo".to_owned(), shared: false };
    let digest = Digest { identifiers: vec![identifier, profile], ..digest };
    let card = united(&[Account { digest: digest.clone(), ..account("1", Card::default()) }], &[]);
    assert_eq!(card.name.full.as_deref(), Some("bo@example.com"));
    assert_eq!(digest_card(&Card { uid: None, ..card }, None).identifiers, digest.identifiers);
}

#[test]
fn relations_of_several_cards_stand_once() {
    let related = |word: &str| Relation { to: "Cy".to_owned(), relation: Some(word.to_owned()) };
    let one = Card { related_to: vec![related("Manager")], ..named("Ana") };
    let two = Card { related_to: vec![related("manager"), related("friend")], ..named("Ana") };
    assert_eq!(
        united(&[account("1", one), account("2", two)], &[]).related_to,
        [related("manager"), related("friend")]
    );
}

#[test]
fn a_number_written_at_home_is_written_as_all_the_world_dials_it() {
    let germany = "DE".parse().ok();
    let phone = |number: &str| Phone { number: number.to_owned(), ..Phone::default() };
    let mut phones = Vec::new();
    for number in ["030 901820", "+49 30 901820", "0170 5550102 ext. 12", "ask at the desk"] {
        add_phone(&mut phones, &phone(number), germany);
    }
    let written: Vec<&str> = phones.iter().map(|phone| phone.number.as_str()).collect();
    assert_eq!(written, ["+4930901820", "+491705550102;ext=12", "ask at the desk"]);
    let read = |number: &str| normalize::phone(number, None);
    assert_eq!(read("+491705550102;ext=12"), normalize::phone("0170 5550102 ext. 12", germany));
}
