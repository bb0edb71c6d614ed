//! Small address books made by hand: who is joined in them, who is asked about, and who is left apart.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a book that cannot be made has failed")]

use kith_core::book::rulings::Ruling;
use kith_core::digest::{Digest, digest_card};
use kith_core::id::RecordId;
use kith_core::resolve::{Evidence, Resolver};
use kith_proto::card::{Address, Anniversary, AnniversaryKind, Card, Email, Name, OnlineService, Organization, Phone};
use kith_proto::date::PartialDate;

/// What comes of two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Joined,
    Asked,
    Apart,
}

/// A card as one line: `Ana Silva; ana@example.com; +49…; org Acme; born 1980-04-01; at Nordweg 5, 10115 Berlin; in linkedin/x`.
fn card(line: &str) -> Card {
    let mut card = Card::default();
    for (at, part) in line.split(';').map(str::trim).enumerate() {
        if at == 0 {
            card.name = Name { full: Some(part.to_owned()).filter(|name| !name.is_empty()), components: vec![] };
        } else if let Some(name) = part.strip_prefix("org ") {
            card.organizations.push(Organization { name: name.to_owned(), units: vec![] });
        } else if let Some(date) = part.strip_prefix("born ") {
            card.anniversaries.push(birth(date));
        } else if let Some(place) = part.strip_prefix("at ") {
            card.addresses.push(address(place));
        } else if let Some(uri) = part.strip_prefix("in ") {
            card.online_services.push(OnlineService { uri: Some(uri.to_owned()), ..OnlineService::default() });
        } else if part.starts_with('+') {
            card.phones.push(Phone { number: part.to_owned(), ..Phone::default() });
        } else {
            card.emails.push(Email { address: part.to_owned(), ..Email::default() });
        }
    }
    card
}

fn birth(date: &str) -> Anniversary {
    let parts: Vec<i16> = date.split('-').map(|part| part.parse().unwrap()).collect();
    let [year, month, day] = parts.as_slice() else { panic!("not a date: {date}") };
    let small = |part: &i16| i8::try_from(*part).unwrap();
    let date = PartialDate::new(Some(*year).filter(|year| *year > 0), Some(small(month)), Some(small(day))).unwrap();
    Anniversary { kind: AnniversaryKind::Birth, date, raw: None, label: None }
}

fn address(place: &str) -> Address {
    let (street, town) = place.split_once(", ").unwrap();
    let (postcode, locality) = town.split_once(' ').unwrap();
    Address {
        street: vec![street.to_owned()],
        postcode: Some(postcode.to_owned()),
        locality: Some(locality.to_owned()),
        ..Address::default()
    }
}

fn id(no: u32) -> RecordId {
    RecordId::new("book", &no.to_string())
}

fn book(lines: &[&str]) -> Resolver {
    let mut resolver = Resolver::default();
    for (no, line) in (0..).zip(lines) {
        let digest: Digest = digest_card(&card(line), None);
        let evidence = Evidence { identifiers: &digest.identifiers, traits: &digest.traits, certain: &[] };
        resolver.set(no, id(no), Some(evidence));
    }
    resolver.settle();
    resolver
}

fn fate(resolver: &Resolver, a: u32, b: u32) -> Fate {
    let is = |group: u32, no: u32| resolver.members(group).any(|member| member == no);
    if is(a, b) {
        return Fate::Joined;
    }
    let asks = |(x, y): (u32, u32)| (is(a, x) && is(b, y)) || (is(a, y) && is(b, x));
    if resolver.questions().into_iter().any(asks) { Fate::Asked } else { Fate::Apart }
}

#[track_caller]
fn check(a: &str, b: &str, expected: Fate) {
    let resolver = book(&[a, b]);
    assert_eq!(fate(&resolver, 0, 1), expected, "{:?}", resolver.explain(0, 1));
}

#[track_caller]
fn never_joined(a: &str, b: &str) {
    let resolver = book(&[a, b]);
    assert_ne!(fate(&resolver, 0, 1), Fate::Joined, "{:?}", resolver.explain(0, 1));
}

const HOUSE: &str = "at Nordweg 5, 10115 Berlin";

#[test]
fn a_father_and_a_son_of_one_name_are_not_joined() {
    never_joined(
        &format!("Karl Berg; {HOUSE}; +4930901820; born 1950-03-12"),
        &format!("Karl Berg; {HOUSE}; +4930901820; born 1982-07-30"),
    );
    never_joined(&format!("Karl Berg sen.; {HOUSE}; +4930901820"), &format!("Karl Berg jun.; {HOUSE}; +4930901820"));
    never_joined("John Reyes Jr.; john@reyes.example", "John Reyes, Sr.; john@reyes.example");
    never_joined("John Reyes II; +4930901820", "John Reyes III; +4930901820");
    check("John Reyes Jr.; john@mail.example", "John Reyes; john@mail.example", Fate::Joined);
    check("Ole Dahl; born 1980-04-01", "Ola Dahl; born 1991-09-17", Fate::Apart);
    never_joined("Ole Dahl; born 1980-04-01", "Ola Dahl; born 1980-04-02");
}

#[test]
fn twins_couples_and_those_of_one_house_are_not_joined() {
    never_joined(&format!("Mia Krug; born 2001-05-06; {HOUSE}"), &format!("Lea Krug; born 2001-05-06; {HOUSE}"));
    never_joined(&format!("Jan Krug; born 2001-05-06; {HOUSE}"), &format!("Jana Krug; born 2001-05-06; {HOUSE}"));
    check("Mia Krug; born 2001-05-06", "Lea Krug; born 2001-05-06", Fate::Apart);
    check(&format!("Anna Müller; {HOUSE}"), &format!("Hans Müller; {HOUSE}"), Fate::Apart);
    never_joined("Anna Müller; +4930901820", "Hans Müller; +4930901820");
    never_joined("Anna Müller; mueller@gmail.com", "Hans Müller; mueller@gmail.com");
    check(&format!("Nora Iversen; {HOUSE}"), &format!("Rui Costa; {HOUSE}"), Fate::Apart);
    check("Nora Iversen; born 1985-05-06", "Rui Costa; born 1985-05-06", Fate::Apart);
    let office = "at Hafenstraße 1, 20457 Hamburg; +4940123456; org Quokka";
    never_joined(&format!("Nora Iversen; {office}"), &format!("Rui Costa; {office}"));
}

#[test]
fn two_who_contradict_each_other_do_not_meet_through_a_third() {
    let lines =
        ["Anna Müller; mueller@gmail.com; anna@a.example", "; mueller@gmail.com", "Hans Müller; mueller@gmail.com"];
    assert_ne!(fate(&book(&lines), 0, 2), Fate::Joined);
    let lines = [
        "Karl Berg; karl@a.example; born 1950-03-12",
        "Karl Berg; karl@a.example",
        "Karl Berg; karl@a.example; born 1982-07-30",
    ];
    assert_ne!(fate(&book(&lines), 0, 2), Fate::Joined);
}

#[test]
fn the_same_own_identifier_joins_whatever_of_the_name_is_missing() {
    check("Ana Silva; ana@gmail.com", "; ana@gmail.com", Fate::Joined);
    check("Ana Silva; ana@mail.example", "Dr. Silva; ana@mail.example", Fate::Joined);
    check("Klaus Müller; +4915112345678", "Herr Müller; +4915112345678", Fate::Joined);
    check("Ana Silva; +4915112345678", "; +4915112345678", Fate::Joined);
    check("Ana Silva; ana@gmail.com", "Ana Pereira; ana@gmail.com", Fate::Joined);
    let profile = "in https://www.linkedin.com/in/ana-silva-1a2b3c";
    check(&format!("Ana Silva; {profile}"), &format!("Ana Pereira; {profile}"), Fate::Joined);
}

#[test]
fn an_initial_that_fits_two_is_joined_with_neither() {
    let lines = ["Klaus Lehmann; org Quokka", "Karin Lehmann; org Quokka", "K. Lehmann; org Quokka"];
    let resolver = book(&lines);
    assert_eq!(fate(&resolver, 0, 1), Fate::Apart);
    assert_eq!((fate(&resolver, 0, 2), fate(&resolver, 1, 2)), (Fate::Asked, Fate::Asked));
    assert_eq!(fate(&book(&["Klaus Lehmann; org Quokka", "K. Lehmann; org Quokka"]), 0, 1), Fate::Joined);
}

#[test]
fn other_numbers_and_addresses_are_a_question() {
    check("Ida Krug; org Quokka; +4915112345678", "Ida Krug; org Quokka; +4915187654321", Fate::Asked);
    check("Ida Krug; ida.krug@quokka.example", "Ida Krug; krug2@quokka.example", Fate::Asked);
}

#[test]
fn agreeing_addresses_and_birthdays_join_names_with_slips() {
    let rest = format!("{HOUSE}; born 1985-05-06");
    check(&format!("Joachim Seidel; {rest}"), &format!("Joachin Seidel; {rest}"), Fate::Joined);
    check(&format!("Joachim Seidel; {rest}"), &format!("Joachim Seidl; {rest}"), Fate::Joined);
    check("Joachim Seidel; born 1985-05-06", "Joachim Seidel; born 0-05-06", Fate::Joined);
}

#[test]
fn a_domain_that_is_the_surname_is_no_company() {
    never_joined("Tom Berger; tom@berger.example", "Eva Berger; eva@berger.example");
    check("Tom Berger; tom@berger.example", "Eva Berger; eva@berger.example", Fate::Apart);
    let resolver = book(&["王伟; wang@quokka.example", "王伟; org 北京科技"]);
    let told: Vec<String> = resolver.explain(0, 1).unwrap().reasons.into_iter().map(|reason| reason.words).collect();
    assert!(!told.iter().any(|words| words == "different companies"), "{told:?}");
}

#[test]
fn any_number_of_copies_of_one_card_is_one_person() {
    for count in [31, 33, 70] {
        let resolver = book(&vec!["Ana Silva; ana@mail.example"; count]);
        assert_eq!(resolver.members(0).count(), count);
    }
    let given = ["Nora", "Rui", "Mia", "Hans", "Ida", "Tom", "Lea", "Karl"];
    let surnames = ["Iversen", "Costa", "Krug", "Okafor", "Seidel"];
    let all = given.iter().flat_map(|given| surnames.map(|surname| format!("{given} {surname}; we@mail.example")));
    let names: Vec<String> = all.collect();
    let lines: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(book(&lines).members(0).count(), 1);
}

#[test]
fn the_last_word_counts_for_all_of_both_people() {
    let ana = "Ana Silva; ana@mail.example";
    let lines = [ana, ana, "Mei Lind; mei@mail.example", "Mei Lind; mei@mail.example"];
    let apart = Ruling::Apart(vec![id(0), id(1)], vec![id(2), id(3)]);
    let same = Ruling::Same(id(0), id(2));
    let mut resolver = book(&lines);
    resolver.rule(&[same.clone(), apart.clone()]);
    resolver.settle();
    assert_eq!(resolver.members(0).count(), 4);
    resolver.rule(&[apart, same]);
    resolver.settle();
    assert_eq!((resolver.members(0).count(), resolver.members(2).count()), (2, 2));
}

#[test]
fn a_record_that_changes_stays_with_its_person() {
    let (before, after) =
        (digest_card(&card("Ana Silva; org Quokka"), None), digest_card(&card("Ana Pereira; org Wombat"), None));
    let mut traits = after.traits.clone();
    traits.remember(&before.traits);
    let mut resolver = book(&["Ana Silva; org Quokka; +4915112345678"]);
    let evidence = |traits| Evidence { identifiers: &after.identifiers, traits, certain: &[] };
    resolver.set(1, id(1), Some(evidence(&after.traits)));
    resolver.settle();
    assert_ne!(fate(&resolver, 0, 1), Fate::Joined);
    resolver.set(1, id(1), Some(evidence(&traits)));
    resolver.settle();
    assert_eq!(fate(&resolver, 0, 1), Fate::Joined);
}

#[test]
fn reasons_for_come_before_reasons_against() {
    let resolver = book(&["Ida Krug; org Quokka; +4915112345678", "I. Krug; org Quokka; +4915187654321"]);
    let reasons = resolver.explain(0, 1).unwrap().reasons;
    assert!(reasons.is_sorted_by_key(|reason| reason.bits < 0.0), "{reasons:?}");
    assert!(reasons.iter().any(|reason| reason.words.contains("one gives only an initial")), "{reasons:?}");
}
