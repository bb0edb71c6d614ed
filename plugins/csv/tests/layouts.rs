//! Every known program's columns in every language that kith knows them in: one fixture each, and who is found in it.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::fs;
use std::path::Path;

use kith_csv::CsvImporter;
use kith_plugin::card::{AnniversaryKind, Card, Context, NameComponentKind};
use kith_plugin::record::Record;
use kith_plugin::testing::{Emitted, probe, run};

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/layouts").join(format!("{name}.csv"));
    fs::read(path).unwrap()
}

fn cards(emitted: &[Emitted]) -> Vec<&Card> {
    emitted
        .iter()
        .filter_map(|e| if let Emitted::Record { record: Record::Card(card), .. } = e { Some(&**card) } else { None })
        .collect()
}

/// What every layout has a column for, of a card: the same in every language.
fn common(card: &Card) -> Vec<String> {
    let numbers = |wanted: fn(&kith_plugin::card::Phone) -> bool| {
        card.phones.iter().filter(|phone| wanted(phone)).map(|phone| phone.number.clone()).collect::<Vec<_>>().join(" ")
    };
    let work = card.addresses.iter().find(|address| address.contexts == [Context::Work]);
    let home = card.addresses.iter().find(|address| address.contexts == [Context::Private]);
    let birth = card.anniversaries.iter().find(|day| day.kind == AnniversaryKind::Birth);
    vec![
        card.emails.iter().map(|email| email.address.clone()).collect::<Vec<_>>().join(" "),
        numbers(|phone| phone.contexts == [Context::Work] && phone.features.is_empty()),
        numbers(|phone| phone.contexts == [Context::Private] && phone.features.is_empty()),
        numbers(|phone| phone.features == ["mobile"]),
        work.map(|address| address.street.join(", ")).unwrap_or_default(),
        home.map(|address| address.street.join(", ")).unwrap_or_default(),
        birth.map(|day| day.date.to_string()).unwrap_or_default(),
        card.organizations.first().map(|company| company.name.clone()).unwrap_or_default(),
        card.titles.join(", "),
        card.notes.join(", "),
        card.links.iter().map(|link| link.uri.clone()).collect(),
    ]
}

#[track_caller]
fn check(name: &str, source: &str, people: [&str; 2], charset: Option<&str>) {
    let bytes = fixture(name);
    assert_eq!(probe::<CsvImporter>(&[("contacts.csv", &bytes)]), 90, "{name}");
    let emitted = run::<CsvImporter>(&[("contacts.csv", &bytes)]);
    assert_eq!(emitted.last(), Some(&Emitted::End), "{name}");
    let said: Vec<String> = emitted
        .iter()
        .filter_map(|e| if let Emitted::Diagnostic(d) = e { Some(d.to_string()) } else { None })
        .collect();
    let expected: Vec<String> = charset
        .iter()
        .map(|charset| format!("contacts.csv: neither UTF-8 nor marked as anything else (read as {charset})"))
        .collect();
    assert_eq!(said, expected, "{name}");
    let sources: Vec<&str> = emitted
        .iter()
        .filter_map(|e| if let Emitted::Part(part) = e { Some(part.source.as_str()) } else { None })
        .collect();
    assert_eq!(sources, [source], "{name}");
    let cards = cards(&emitted);
    assert_eq!(cards.len(), 2, "{name}");
    for (ordinal, (card, person)) in (1..).zip(cards.into_iter().zip(people)) {
        let part = |kind| card.name.component(kind).unwrap_or_default();
        let found = format!("{} {}", part(NameComponentKind::Given), part(NameComponentKind::Surname));
        assert_eq!(found, person, "{name}: {:?}", card.name);
        let street = |street: &str| {
            if common(card).iter().any(|v| v == street) { street.to_owned() } else { format!("{street}, Floor 2") }
        };
        let expected = [
            format!("p{ordinal}@example.com p{ordinal}.second@example.org"),
            format!("+49 30 555 010{ordinal}"),
            format!("+49 30 555 020{ordinal}"),
            format!("+49 170 555 030{ordinal}"),
            street("Quay 5"),
            street("Lane 7"),
            "1987-09-07".to_owned(),
            "Example Ltd".to_owned(),
            "Pilot".to_owned(),
            "Likes boats".to_owned(),
            format!("https://example.com/p{ordinal}"),
        ];
        assert_eq!(common(card), expected, "{name}");
        assert_eq!(card.extra.len(), 0, "{name}: {:?}", card.extra);
    }
}

#[test]
fn reads_outlook_for_the_desktop_in_fifteen_languages_and_their_code_pages() {
    let western = Some("windows-1252");
    check("outlook-en", "outlook", ["Zoe Brandt", "Bo Ek"], None);
    check("outlook-de", "outlook", ["Jürgen Weiß", "Käthe Grün"], western);
    check("outlook-fr", "outlook", ["Zoé Brândt", "Aurélie Lefèvre"], western);
    check("outlook-es", "outlook", ["Íñigo Núñez", "Begoña Peña"], western);
    check("outlook-it", "outlook", ["Niccolò Bianchì", "Cosimà Verdè"], western);
    check("outlook-pt", "outlook", ["João Conceição", "Inês Simões"], western);
    check("outlook-pl", "outlook", ["Łucja Żółć", "Bożena Gęś"], Some("windows-1250"));
    check("outlook-ru", "outlook", ["Зоя Брандт", "Юрий Щукин"], Some("windows-1251"));
    check("outlook-fi", "outlook", ["Päivi Mäkelä", "Yrjö Hämäläinen"], western);
    check("outlook-sk", "outlook", ["Ľubica Čížová", "Štefan Ďuriš"], Some("windows-1250"));
    check("outlook-zh", "outlook", ["小红 王", "伟 李"], Some("GBK"));
    check("outlook-nl", "outlook", ["Zoë Brandt", "Daniël Coördes"], western);
    check("outlook-ja", "outlook", ["花子 山田", "太郎 鈴木"], Some("Shift_JIS"));
    check("outlook-sv", "outlook", ["Åsa Öberg", "Märta Sjöö"], western);
    check("outlook-cs", "outlook", ["Jiří Dvořák", "Šárka Růžičková"], Some("windows-1250"));
}

#[test]
fn reads_outlook_com_and_googles_outlook_csv() {
    check("outlook-com", "outlook", ["Zoe Brandt", "Bo Ek"], None);
    check("outlook-google", "google", ["Zoe Brandt", "Bo Ek"], None);
}

#[test]
fn reads_yahoo() {
    check("yahoo", "yahoo", ["Zoe Brandt", "Bo Ek"], None);
}

#[test]
fn reads_thunderbird_in_ten_languages() {
    check("thunderbird-en", "thunderbird", ["Zoe Brandt", "Bo Ek"], None);
    check("thunderbird-de", "thunderbird", ["Jürgen Weiß", "Käthe Grün"], None);
    check("thunderbird-fr", "thunderbird", ["Zoé Brândt", "Aurélie Lefèvre"], None);
    check("thunderbird-es", "thunderbird", ["Íñigo Núñez", "Begoña Peña"], None);
    check("thunderbird-it", "thunderbird", ["Niccolò Bianchì", "Cosimà Verdè"], None);
    check("thunderbird-pt-BR", "thunderbird", ["João Conceição", "Inês Simões"], None);
    check("thunderbird-ru", "thunderbird", ["Зоя Брандт", "Юрий Щукин"], None);
    check("thunderbird-fi", "thunderbird", ["Päivi Mäkelä", "Yrjö Hämäläinen"], None);
    check("thunderbird-sk", "thunderbird", ["Ľubica Čížová", "Štefan Ďuriš"], None);
    check("thunderbird-zh-CN", "thunderbird", ["小红 王", "伟 李"], None);
}

#[test]
fn a_layout_in_utf16_and_with_other_delimiters_is_the_same_layout() {
    let text = String::from_utf8(fixture("outlook-com")).unwrap();
    let expected = run::<CsvImporter>(&[("contacts.csv", text.as_bytes())]);
    let tabs = text.replace(',', "\t");
    assert_eq!(run::<CsvImporter>(&[("contacts.csv", tabs.as_bytes())]), expected);
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(run::<CsvImporter>(&[("contacts.csv", &wide)]), expected);
}
