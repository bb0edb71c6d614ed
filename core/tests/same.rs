//! Who is joined, who is asked about, who stays apart: everyday cases, a few cards each.

#![expect(clippy::unwrap_used, reason = "an example that panics has failed")]

use kith_core::book::rulings::Ruling;
use kith_core::digest::digest_card;
use kith_core::id::RecordId;
use kith_core::resolve::{Evidence, Resolver};
use kith_proto::card::{
    Address, Anniversary, AnniversaryKind, Card, Email, Name, NameComponent, NameComponentKind, OnlineService,
    Organization, Phone,
};
use kith_proto::date::PartialDate;

/// What becomes of two cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Joined,
    Asked,
    Apart,
}

use Outcome::{Apart, Asked, Joined};

/// Reads `given|surname|suffix; key value; …`: `Ana|Silva|; mail ana@example.com; org Umbra; born 1980-04-12`.
fn card(text: &str) -> Card {
    let mut card = Card::default();
    let mut parts = text.split("; ");
    let name = parts.next().unwrap();
    let kinds = [NameComponentKind::Given, NameComponentKind::Surname, NameComponentKind::Generation];
    let components = name.split('|').zip(kinds).filter(|(value, _)| !value.is_empty());
    let components: Vec<_> =
        components.map(|(value, kind)| NameComponent { kind, value: value.trim().to_owned() }).collect();
    if name.contains('|') {
        card.name = Name { full: None, components };
    } else if !name.is_empty() {
        card.name = Name { full: Some(name.to_owned()), components: Vec::new() };
    }
    for part in parts {
        let (key, value) = part.split_once(' ').unwrap();
        let value = value.to_owned();
        match key {
            "mail" => card.emails.push(Email { address: value, ..Email::default() }),
            "tel" => card.phones.push(Phone { number: value, ..Phone::default() }),
            "org" => card.organizations.push(Organization { name: value, units: Vec::new() }),
            "url" => card.online_services.push(OnlineService { uri: Some(value), ..OnlineService::default() }),
            "adr" => {
                let (street, place) = value.split_once(", ").unwrap();
                let (postcode, locality) = place.split_once(' ').unwrap();
                card.addresses.push(Address {
                    street: vec![street.to_owned()],
                    postcode: Some(postcode.to_owned()),
                    locality: Some(locality.to_owned()),
                    ..Address::default()
                });
            }
            "born" => card.anniversaries.push(Anniversary {
                kind: AnniversaryKind::Birth,
                date: date(&value),
                raw: None,
                label: None,
            }),
            _ => unreachable!("{key}"),
        }
    }
    card
}

fn date(text: &str) -> PartialDate {
    let date: jiff::civil::Date = text.parse().unwrap();
    PartialDate::new(Some(date.year()), Some(date.month()), Some(date.day())).unwrap()
}

fn book(cards: &[&str]) -> Resolver {
    let mut resolver = Resolver::default();
    for (no, text) in (0..).zip(cards) {
        let digest = digest_card(&card(text), None);
        let evidence = Evidence { identifiers: &digest.identifiers, traits: &digest.traits, certain: &[] };
        resolver.set(no, RecordId::new("test", &no.to_string()), Some(evidence));
    }
    resolver.settle();
    resolver
}

fn outcome(resolver: &Resolver, a: u32, b: u32) -> Outcome {
    if resolver.head(a) == resolver.head(b) {
        return Joined;
    }
    let pair = (a.min(b), a.max(b));
    let asked = resolver.questions().into_iter().any(|(x, y)| (x.min(y), x.max(y)) == pair);
    if asked { Asked } else { Apart }
}

#[track_caller]
fn check(a: &str, b: &str, expected: Outcome) {
    assert_eq!(outcome(&book(&[a, b]), 0, 1), expected, "{a} / {b}");
}

const HOME: &str = "tel +49736155511; adr Gartenweg 1, 73430 Aalen";

#[test]
fn father_and_son_of_one_name_are_asked_about_also_where_their_birthdays_are_a_digit_apart() {
    for (father, son) in [("1950-01-01", "1980-01-01"), ("1958-05-05", "1985-05-05"), ("1950-01-01", "1981-11-23")] {
        let born = |day: &str| format!("Otto|Weiss|; {HOME}; born {day}");
        assert_ne!(outcome(&book(&[&born(father), &born(son)]), 0, 1), Joined, "{father} {son}");
    }
    let born = |day: &str| format!("Otto|Weiss|; {HOME}; born {day}");
    check(&born("1980-01-01"), &born("1980-01-07"), Joined);
}

#[test]
fn a_given_name_and_a_surname_do_not_contradict_each_other() {
    let book =
        book(&["Klaus; mail kmue@gmail.com", "Herr Müller; mail kmue@gmail.com", "Klaus|Müller|; mail kmue@gmail.com"]);
    assert_eq!([outcome(&book, 0, 1), outcome(&book, 0, 2), outcome(&book, 1, 2)], [Joined; 3]);
}

#[test]
fn whose_bearers_the_user_joined_an_initial_fits_one() {
    let cards = ["Lena|Fischer|; org Quast", "Lea|Fischer|; org Quast", "L.|Fischer|; org Quast"];
    let mut book = book(&cards);
    assert_ne!(outcome(&book, 0, 2), Joined, "it fits two");
    let id = |no: u32| RecordId::new("test", &no.to_string());
    book.rule(&[Ruling::Same(id(0), id(1))]);
    book.settle();
    assert_eq!([outcome(&book, 0, 1), outcome(&book, 0, 2)], [Joined; 2]);
}

#[test]
fn what_is_one_persons_own_joins_also_where_the_name_is_missing_or_a_part() {
    check("Ana|Silva|; mail ana@example.com", "Ana|Silva|; mail ana@example.com", Joined);
    check("Ana|Silva|; mail sunshine77@gmail.com", "; mail sunshine77@gmail.com", Joined);
    check("; mail sunshine77@gmail.com", "; mail sunshine77@gmail.com", Joined);
    check("Ana|Silva|; mail ana@silva.example", "Dr. Silva; mail ana@silva.example", Joined);
    check("Julia|Meier|; mail julia@gmail.com", "Julia|Hoffmann|; mail julia@gmail.com", Joined);
    let profile = "url https://www.linkedin.com/in/ana-silva-1a2b3c";
    check(&format!("Ana|Silva|; {profile}"), &format!("Ana|Silva Costa|; {profile}"), Joined);
}

#[test]
fn father_and_son_are_two() {
    check(
        &format!("Heinrich|Krämer|; born 1948-05-02; {HOME}"),
        &format!("Heinrich|Krämer|; born 1979-11-23; {HOME}"),
        Asked,
    );
    check(&format!("William|Carter|Sr.; {HOME}"), &format!("William|Carter|Jr.; {HOME}"), Asked);
    check(&format!("William Carter Sr.; {HOME}"), &format!("William Carter Jr.; {HOME}"), Asked);
    check("Otto|Weiss|; born 1950-01-02; org Nordwerk", "Otto|Weiss|; born 1982-10-30; org Nordwerk", Asked);
}

#[test]
fn who_lives_in_one_house_is_not_one_for_that() {
    let address = "adr Gartenweg 1, 73430 Aalen";
    check(&format!("Anna|Müller|; {address}"), &format!("Hans|Müller|; {address}"), Apart);
    check(&format!("Nora|Lind|; {address}"), &format!("Igor|Okafor|; {address}"), Apart);
    let twins = format!("{address}; born 1990-03-04");
    check(&format!("Jan|Petersen|; {twins}"), &format!("Jana|Petersen|; {twins}"), Asked);
    check("Nora|Iversen|; born 1981-02-03", "Rui|Costa|; born 1981-02-03", Apart);
    let office = "adr Hafenstraße 9, 20457 Hamburg; org Nordwerk";
    check(&format!("Lena|Vogt|; {office}"), &format!("Karim|Haddad|; {office}"), Apart);
}

#[test]
fn another_number_is_asked_about_where_the_rest_agrees() {
    check("Ida|Krug|; org Quokka; tel +4915111111111", "Ida|Krug|; org Quokka; tel +4916022222222", Asked);
}

#[test]
fn a_part_of_a_name_that_fits_two_is_joined_with_neither() {
    let resolver =
        book(&["Klaus|Lehmann|; org Nordwerk AG", "Karin|Lehmann|; org Nordwerk AG", "K.|Lehmann|; org Nordwerk AG"]);
    assert_eq!(outcome(&resolver, 0, 1), Apart);
    assert_eq!((outcome(&resolver, 0, 2), outcome(&resolver, 1, 2)), (Asked, Asked));
    let resolver = book(&["Klaus|Lehmann|; org Nordwerk AG", "K.|Lehmann|; org Nordwerk AG"]);
    assert_ne!(outcome(&resolver, 0, 1), Apart);
}

#[test]
fn given_names_that_are_alike_are_asked_about_and_never_joined() {
    let home = "born 1990-02-03; tel +4915199887766";
    check(&format!("Lena|Fischer|; {home}"), &format!("Lea|Fischer|; {home}"), Asked);
    let mail = "mail benali@gmail.com";
    check(&format!("Karim|Benali|; {mail}"), &format!("Karima|Benali|; {mail}"), Asked);
    check("Mathew|Orchard|; mail mo@gmail.com", "Matthew|Orchard|; mail mo@gmail.com", Joined);
    let karima = "Karima|Benali|; mail karim.benali@gmail.com";
    check("Karim|Benali|; mail karim.benali@gmail.com", karima, Asked);
}

#[test]
fn given_names_of_which_a_part_is_the_same_are_two() {
    for (a, b) in [
        ("Hans Peter|Groll|", "Hans Jürgen|Groll|"),
        ("Van Hung|Nguyen|", "Van Minh|Nguyen|"),
        ("Sergei Ivanovich|Volkov|", "Sergei Petrovich|Volkov|"),
        ("Min-jun|Kim|", "Min-seo|Kim|"),
    ] {
        let at_work = |name: &str| format!("{name}; org Lumen House");
        assert_ne!(outcome(&book(&[&at_work(a), &at_work(b)]), 0, 1), Joined, "{a} {b}");
    }
    check("Hans Peter|Groll|; org Lumen House", "Hans|Groll|; org Lumen House", Joined);
    check("Hans Peter|Groll|; org Lumen House", "Hans P.|Groll|; org Lumen House", Joined);
}

#[test]
fn what_somebody_is_called_at_home_is_asked_about() {
    check("Wolfgang|Ernst|; mail we@ernst.example", "Wolle||; mail we@ernst.example", Joined);
    check("Wolfgang|Ernst|; mail we@ernst.example", "Wuschel||; mail we@ernst.example", Asked);
    check("Sabine|Krug|; tel +4915112345678", "Mama||; tel +4915112345678", Asked);
    check("Sabine|Krug|; org Lumen House", "Chef||; org Lumen House", Apart);
    check("Anna|Meier|; mail anna.meier@gmail.com", "Tom||; mail anna.meier@gmail.com", Asked);
}

#[test]
fn a_name_without_a_generation_that_fits_father_and_son_is_joined_with_neither() {
    let mail = "mail john@whitfield.example";
    let lines = [
        format!("John|Whitfield|Sr.; {mail}"),
        format!("John|Whitfield|Jr.; {mail}"),
        format!("John|Whitfield|; {mail}"),
    ];
    let all = book(&lines.each_ref().map(String::as_str));
    assert_eq!((outcome(&all, 0, 2), outcome(&all, 1, 2)), (Asked, Asked));
    check(&lines[1], &lines[2], Joined);
}
