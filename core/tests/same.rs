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

/// Reads `given|surname|suffix; value; …`: `Ana|Silva|; ana@example.com; +49301234567; org Umbra; born 1980-04-12;
/// adr Gartenweg 1, 73430 Aalen; url https://…`. A name without a bar is a whole one.
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
    for part in parts.map(str::trim) {
        match part.split_once(' ') {
            Some(("org", name)) => {
                card.organizations.push(Organization { name: name.to_owned(), units: Vec::new() });
            }
            Some(("url", uri)) => {
                card.online_services.push(OnlineService { uri: Some(uri.to_owned()), ..OnlineService::default() });
            }
            Some(("adr", place)) => card.addresses.push(address(place)),
            Some(("born", date)) => card.anniversaries.push(birth(date)),
            None if part.starts_with('+') => {
                card.phones.push(Phone { number: part.to_owned(), ..Phone::default() });
            }
            None if part.contains('@') => card.emails.push(Email { address: part.to_owned(), ..Email::default() }),
            _ => unreachable!("{part}"),
        }
    }
    card
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

/// Of a year that is not known, 0.
fn birth(date: &str) -> Anniversary {
    let (year, day) = date.split_once('-').unwrap();
    let (month, day) = day.split_once('-').unwrap();
    let year = Some(year.parse().unwrap()).filter(|year| *year > 0);
    let date = PartialDate::new(year, month.parse().ok(), day.parse().ok()).unwrap();
    Anniversary { kind: AnniversaryKind::Birth, date, raw: None, label: None }
}

fn id(no: u32) -> RecordId {
    RecordId::new("test", &no.to_string())
}

fn book(cards: &[&str]) -> Resolver {
    let mut resolver = Resolver::default();
    for (no, text) in (0..).zip(cards) {
        let digest = digest_card(&card(text), None);
        let evidence = Evidence { identifiers: &digest.identifiers, traits: &digest.traits, certain: &[] };
        resolver.set(no, id(no), Some(evidence));
    }
    resolver.settle();
    resolver
}

fn outcome(resolver: &Resolver, a: u32, b: u32) -> Outcome {
    let is = |group: u32, no: u32| resolver.head(group) == resolver.head(no);
    if is(a, b) {
        return Joined;
    }
    let asks = |(x, y): (u32, u32)| (is(a, x) && is(b, y)) || (is(a, y) && is(b, x));
    if resolver.questions().into_iter().any(asks) { Asked } else { Apart }
}

#[track_caller]
fn check(a: &str, b: &str, expected: Outcome) {
    let book = book(&[a, b]);
    assert_eq!(outcome(&book, 0, 1), expected, "{a} / {b}: {:?}", book.explain(0, 1));
}

#[track_caller]
fn never_joined(a: &str, b: &str) {
    let book = book(&[a, b]);
    assert_ne!(outcome(&book, 0, 1), Joined, "{a} / {b}: {:?}", book.explain(0, 1));
}

const HOME: &str = "+49736155511; adr Gartenweg 1, 73430 Aalen";

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
    let book = book(&["Klaus; kmue@gmail.com", "Herr Müller; kmue@gmail.com", "Klaus|Müller|; kmue@gmail.com"]);
    assert_eq!([outcome(&book, 0, 1), outcome(&book, 0, 2), outcome(&book, 1, 2)], [Joined; 3]);
}

#[test]
fn whose_bearers_the_user_joined_an_initial_fits_one() {
    let cards = ["Lena|Fischer|; org Quast", "Lea|Fischer|; org Quast", "L.|Fischer|; org Quast"];
    let mut book = book(&cards);
    assert_ne!(outcome(&book, 0, 2), Joined, "it fits two");
    book.rule(&[Ruling::Same(id(0), id(1))]);
    book.settle();
    assert_eq!([outcome(&book, 0, 1), outcome(&book, 0, 2)], [Joined; 2]);
}

#[test]
fn what_is_one_persons_own_joins_also_where_the_name_is_missing_or_a_part() {
    check("Ana|Silva|; ana@example.com", "Ana|Silva|; ana@example.com", Joined);
    check("Ana|Silva|; sunshine77@gmail.com", "; sunshine77@gmail.com", Joined);
    check("; sunshine77@gmail.com", "; sunshine77@gmail.com", Joined);
    check("Ana|Silva|; ana@silva.example", "Dr. Silva; ana@silva.example", Joined);
    check("Julia|Meier|; julia@gmail.com", "Julia|Hoffmann|; julia@gmail.com", Joined);
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
    check("Ida|Krug|; org Quokka; +4915111111111", "Ida|Krug|; org Quokka; +4916022222222", Asked);
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
    let home = "born 1990-02-03; +4915199887766";
    check(&format!("Lena|Fischer|; {home}"), &format!("Lea|Fischer|; {home}"), Asked);
    let mail = "benali@gmail.com";
    check(&format!("Karim|Benali|; {mail}"), &format!("Karima|Benali|; {mail}"), Asked);
    check("Mathew|Orchard|; mo@gmail.com", "Matthew|Orchard|; mo@gmail.com", Joined);
    let karima = "Karima|Benali|; karim.benali@gmail.com";
    check("Karim|Benali|; karim.benali@gmail.com", karima, Asked);
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
    check("Wolfgang|Ernst|; we@ernst.example", "Wolle||; we@ernst.example", Joined);
    check("Wolfgang|Ernst|; we@ernst.example", "Wuschel||; we@ernst.example", Asked);
    check("Sabine|Krug|; +4915112345678", "Mama||; +4915112345678", Asked);
    check("Sabine|Krug|; org Lumen House", "Chef||; org Lumen House", Apart);
    check("Anna|Meier|; anna.meier@gmail.com", "Tom||; anna.meier@gmail.com", Asked);
}

#[test]
fn a_name_without_a_generation_that_fits_father_and_son_is_joined_with_neither() {
    let mail = "john@whitfield.example";
    let lines = [
        format!("John|Whitfield|Sr.; {mail}"),
        format!("John|Whitfield|Jr.; {mail}"),
        format!("John|Whitfield|; {mail}"),
    ];
    let all = book(&lines.each_ref().map(String::as_str));
    assert_eq!((outcome(&all, 0, 2), outcome(&all, 1, 2)), (Asked, Asked));
    check(&lines[1], &lines[2], Joined);
}

const HOUSE: &str = "adr Nordweg 5, 10115 Berlin";

#[test]
fn a_father_and_a_son_of_one_name_are_not_joined() {
    never_joined(
        &format!("Karl Berg; {HOUSE}; +4930901820; born 1950-03-12"),
        &format!("Karl Berg; {HOUSE}; +4930901820; born 1982-07-30"),
    );
    never_joined(&format!("Karl Berg sen.; {HOUSE}; +4930901820"), &format!("Karl Berg jun.; {HOUSE}; +4930901820"));
    never_joined("John Reyes Jr.; john@reyes.example", "John Reyes, Sr.; john@reyes.example");
    never_joined("John Reyes II; +4930901820", "John Reyes III; +4930901820");
    check("John Reyes Jr.; john@mail.example", "John Reyes; john@mail.example", Joined);
    check("Ole Dahl; born 1980-04-01", "Ola Dahl; born 1991-09-17", Apart);
    never_joined("Ole Dahl; born 1980-04-01", "Ola Dahl; born 1980-04-02");
}

#[test]
fn twins_couples_and_those_of_one_house_are_not_joined() {
    never_joined(&format!("Mia Krug; born 2001-05-06; {HOUSE}"), &format!("Lea Krug; born 2001-05-06; {HOUSE}"));
    never_joined(&format!("Jan Krug; born 2001-05-06; {HOUSE}"), &format!("Jana Krug; born 2001-05-06; {HOUSE}"));
    check("Mia Krug; born 2001-05-06", "Lea Krug; born 2001-05-06", Apart);
    check(&format!("Anna Müller; {HOUSE}"), &format!("Hans Müller; {HOUSE}"), Apart);
    never_joined("Anna Müller; +4930901820", "Hans Müller; +4930901820");
    never_joined("Anna Müller; mueller@gmail.com", "Hans Müller; mueller@gmail.com");
    check(&format!("Nora Iversen; {HOUSE}"), &format!("Rui Costa; {HOUSE}"), Apart);
    check("Nora Iversen; born 1985-05-06", "Rui Costa; born 1985-05-06", Apart);
    let office = "adr Hafenstraße 1, 20457 Hamburg; +4940123456; org Quokka";
    never_joined(&format!("Nora Iversen; {office}"), &format!("Rui Costa; {office}"));
}

#[test]
fn two_who_contradict_each_other_do_not_meet_through_a_third() {
    let lines =
        ["Anna Müller; mueller@gmail.com; anna@a.example", "; mueller@gmail.com", "Hans Müller; mueller@gmail.com"];
    assert_ne!(outcome(&book(&lines), 0, 2), Joined);
    let lines = [
        "Karl Berg; karl@a.example; born 1950-03-12",
        "Karl Berg; karl@a.example",
        "Karl Berg; karl@a.example; born 1982-07-30",
    ];
    assert_ne!(outcome(&book(&lines), 0, 2), Joined);
}

#[test]
fn the_same_own_identifier_joins_whatever_of_the_name_is_missing() {
    check("Ana Silva; ana@gmail.com", "; ana@gmail.com", Joined);
    check("Ana Silva; ana@mail.example", "Dr. Silva; ana@mail.example", Joined);
    check("Klaus Müller; +4915112345678", "Herr Müller; +4915112345678", Joined);
    check("Ana Silva; +4915112345678", "; +4915112345678", Joined);
    check("Ana Silva; ana@gmail.com", "Ana Pereira; ana@gmail.com", Joined);
    let profile = "url https://www.linkedin.com/in/ana-silva-1a2b3c";
    check(&format!("Ana Silva; {profile}"), &format!("Ana Pereira; {profile}"), Joined);
}

#[test]
fn other_numbers_and_addresses_are_a_question() {
    check("Ida Krug; org Quokka; +4915112345678", "Ida Krug; org Quokka; +4915187654321", Asked);
    check("Ida Krug; ida.krug@quokka.example", "Ida Krug; krug2@quokka.example", Asked);
}

#[test]
fn agreeing_addresses_and_birthdays_join_names_with_slips() {
    let rest = format!("{HOUSE}; born 1985-05-06");
    check(&format!("Joachim Seidel; {rest}"), &format!("Joachin Seidel; {rest}"), Joined);
    check(&format!("Joachim Seidel; {rest}"), &format!("Joachim Seidl; {rest}"), Joined);
    check("Joachim Seidel; born 1985-05-06", "Joachim Seidel; born 0-05-06", Joined);
}

#[test]
fn a_domain_that_is_the_surname_is_no_company() {
    never_joined("Tom Berger; tom@berger.example", "Eva Berger; eva@berger.example");
    check("Tom Berger; tom@berger.example", "Eva Berger; eva@berger.example", Apart);
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
    let compared = resolver.compared();
    resolver.rule(&[same.clone(), apart.clone()]);
    resolver.settle();
    assert_eq!(resolver.members(0).count(), 4);
    resolver.rule(&[apart, same]);
    resolver.settle();
    assert_eq!((resolver.members(0).count(), resolver.members(2).count()), (2, 2));
    assert_eq!(resolver.compared(), compared, "a word compares nobody");
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
    assert_ne!(outcome(&resolver, 0, 1), Joined);
    resolver.set(1, id(1), Some(evidence(&traits)));
    resolver.settle();
    assert_eq!(outcome(&resolver, 0, 1), Joined);
}

#[test]
fn reasons_for_come_before_reasons_against() {
    let resolver = book(&["Ida Krug; org Quokka; +4915112345678", "I. Krug; org Quokka; +4915187654321"]);
    let reasons = resolver.explain(0, 1).unwrap().reasons;
    assert!(reasons.is_sorted_by_key(|reason| reason.bits < 0.0), "{reasons:?}");
    assert!(reasons.iter().any(|reason| reason.words.contains("one gives only an initial")), "{reasons:?}");
}

#[test]
fn the_first_letter_of_a_surname_is_a_piece_of_it() {
    check("Priya|Raman|; org Kestrel", "Priya R; praman@kestrel.example", Asked);
    check("Priya|Raman|; priya@mail.example", "Priya R.; priya@mail.example", Joined);
    check("Priya|Raman|; org Kestrel", "Priya S.; ps@kestrel.example", Apart);
}

#[test]
fn a_couples_card_and_their_mailbox_are_neither_of_them() {
    let mail = "torres.family@mail.example";
    let lines = [
        &format!("Mia|Torres|; {mail}; mia@umbra.example"),
        &format!("Luis|Torres|; {mail}; luis@penumbra.example"),
        &format!("Mia & Luis Torres; {mail}"),
        &format!("; {mail}"),
    ];
    let all = book(&lines.map(String::as_str));
    for (a, b) in [(0, 1), (0, 2), (1, 2), (0, 3), (1, 3)] {
        assert_ne!(outcome(&all, a, b), Joined, "{a} {b}");
    }
    never_joined("Peter und Sabine Krug; +4973615551100; org Umbra", "Peter|Krug|; +4973615551100; org Umbra");
    check("Mia & Luis Torres; torres@mail.example", "Mia & Luis Torres; torres@mail.example", Joined);
}
