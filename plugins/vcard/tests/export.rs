//! What kith writes as a vCard, its importer reads as the same: nothing is lost, and nothing is new to the kith that wrote it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a law that panics has failed")]

use kith_core::digest::digest_card;
use kith_core::id::RecordId;
use kith_core::own::OwnValue;
use kith_core::portrait::{Account, portrait};
use kith_core::provenance::Trust;
use kith_core::unite::unite;
use kith_core::vcard::{is_own, write_card};
use kith_plugin::card::{
    Address, Anniversary, AnniversaryKind, Card, CardKind, Context, Email, Link, Name, NameComponent,
    NameComponentKind, OnlineService, Organization, Phone, Relation, VCardProp,
};
use kith_plugin::date::PartialDate;
use kith_plugin::record::Record;
use kith_plugin::testing::{Emitted, run};
use kith_proto::api::{ExportRecord, Person};
use kith_vcard::VcardImporter;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// Text with everything that a line could take for something else.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[A-Za-z][a-z]{0,8}( [A-Z][a-z]{0,6})?",
        3 => r#"[ -~äß山é🦊]{0,24}"#,
        1 => r#"([a-z;,:"^=\\n-]|\\n|\r\n|\n|\t){0,12}"#,
        1 => "[äöü🦊a-z ]{60,120}",
    ]
}

/// A label that is none of the words that vCard has for uses.
fn label() -> impl Strategy<Value = Option<String>> {
    option::weighted(0.3, select(vec!["On call", "Sailing; club", "Büro, alt", "a \"b\" \\ c"]).prop_map(str::to_owned))
}

fn contexts() -> impl Strategy<Value = Vec<Context>> {
    select(vec![vec![], vec![Context::Private], vec![Context::Work], vec![Context::Work, Context::Private]])
}

fn name() -> impl Strategy<Value = Name> {
    use NameComponentKind::{Credential, Generation, Given, Given2, Surname, Surname2, Title};
    let kind = select(vec![Title, Given, Given2, Surname, Surname2, Credential, Generation]);
    let component = (kind, text()).prop_map(|(kind, value)| NameComponent { kind, value });
    let full = select(vec!["Ana Silva", "Ana M. Silva", "Bo", "Cy, Jr.; x"]).prop_map(str::to_owned);
    (option::weighted(0.8, full), vec(component, 0..5)).prop_map(|(full, components)| Name { full, components })
}

fn email() -> impl Strategy<Value = Email> {
    let address = select(vec![
        "ana@example.com",
        "Ana@Example.com",
        "a.silva@example.org",
        "info@example.com",
        "not one, at all",
    ]);
    (address, contexts(), label(), option::of(1u8..=100)).prop_map(|(address, contexts, label, pref)| Email {
        address: address.to_owned(),
        contexts,
        label,
        pref,
    })
}

fn phone() -> impl Strategy<Value = Phone> {
    let number = select(vec![
        "+351 912 345 678",
        "+351912345678",
        "+49 30 901820",
        "030 901820",
        "0049 30 901820 ext. 12",
        "+44 20 7946 0958",
        "ask; the desk",
    ]);
    let features = select(vec![vec![], vec!["mobile"], vec!["fax"], vec!["main-number", "voice"], vec!["text"]]);
    (number, features, contexts(), label(), option::of(1u8..=100)).prop_map(
        |(number, features, contexts, label, pref)| {
            let features = features.into_iter().map(str::to_owned).collect();
            Phone { number: number.to_owned(), features, contexts, label, pref }
        },
    )
}

fn online_service() -> impl Strategy<Value = OnlineService> {
    let some = |text: &str| Some(text.to_owned());
    select(vec![
        OnlineService { service: some("LinkedIn"), uri: some("https://www.linkedin.com/in/ana-silva"), user: None },
        OnlineService { service: some("LinkedIn"), uri: None, user: some("ana-silva") },
        OnlineService { service: some("Skype"), uri: some("skype:ana.s"), user: some("ana.s") },
        OnlineService {
            service: some("Mastodon"),
            uri: some("https://social.example/@ana"),
            user: some("ana \"x\"; ^n"),
        },
        OnlineService { service: None, uri: some("https://example.com/a,b;c"), user: None },
        OnlineService { service: some("IM, old"), uri: None, user: some("ana\\s; t") },
    ])
}

fn address() -> impl Strategy<Value = Address> {
    let full = option::of("[A-Za-z0-9 ,;:\"^]{1,12}(\n[A-Za-z ]{1,8})?");
    let parts = (option::of(text()), option::of(text()), option::of(text()), option::of(text()));
    (full, vec(text(), 0..3), parts, contexts(), label()).prop_map(
        |(full, street, (locality, region, postcode, country), contexts, label)| Address {
            full,
            street,
            locality,
            region,
            postcode,
            country,
            contexts,
            label,
        },
    )
}

fn anniversary() -> impl Strategy<Value = Anniversary> {
    use AnniversaryKind::{Birth, Death, Other, Wedding};
    let date = (option::of(1900i16..2030), 1i8..=12, 1i8..=28, 0u8..4).prop_map(|(year, month, day, parts)| {
        let (month, day) = match (year, parts) {
            (Some(_), 0) => (None, None),
            (Some(_), 1) => (Some(month), None),
            _ => (Some(month), Some(day)),
        };
        PartialDate::new(year, month, day).unwrap()
    });
    (select(vec![Birth, Birth, Death, Wedding, Other]), date, option::of(Just("First boat"))).prop_map(
        |(kind, date, label)| {
            let label = label.filter(|_| kind == Other).map(str::to_owned);
            Anniversary { kind, date, raw: None, label }
        },
    )
}

fn relation() -> impl Strategy<Value = Relation> {
    let word = select(vec!["spouse", "friend", "manager", "sailing partner", "Child"]).prop_map(str::to_owned);
    let to = prop_oneof![text(), Just("urn:uuid:03a0e51f-d1aa-4385-8a53-e29025acd8af".to_owned())];
    (to, option::of(word)).prop_map(|(to, relation)| Relation { to, relation })
}

/// What an importer may leave over.
fn prop() -> impl Strategy<Value = VCardProp> {
    let group = option::weighted(0.4, select(vec!["item1", "item2", "g-1"]).prop_map(str::to_owned));
    let name = select(vec!["X-FOO", "x-foo", "GENDER", "KEY", "LOGO", "SORT-STRING"]);
    let params = select(vec!["", "TYPE=work", "X-A=\"b:c;d\"", "VALUE=uri", "X-IRMC-N"]);
    let value = select(vec!["a", "a\\nb\\;c\\,d", "https://example.com/1", "QUJD", "a;b;c", "=3D", "\"", "x: y; z=\""]);
    let known = select(vec![
        ("PHOTO", "VALUE=uri", "https://example.com/1.jpg"),
        ("BDAY", "VALUE=text", "circa 1800"),
        ("BDAY", "", "--"),
        ("KEY", "X509;ENCODING=BASE64", "QUJD"),
        ("N", "", "Second;Name"),
        ("FN", "", "Second Name"),
        ("UID", "", "second"),
        ("LABEL", "TYPE=work", "1 Road\\nTown"),
        ("X-ANDROID-CUSTOM", "", "vnd.com.example.app;ana;1"),
        ("two words", "", " with a colon"),
        ("AGENT", "", "BEGIN:VCARD\\nFN:An Agent\\nEND:VCARD"),
    ]);
    (group, prop_oneof![(name, params, value), known]).prop_map(|(group, (name, params, value))| VCardProp {
        group,
        name: name.to_owned(),
        params: params.to_owned(),
        value: value.to_owned(),
    })
}

fn card() -> impl Strategy<Value = Card> {
    let organization = (text(), vec(text(), 0..3)).prop_map(|(name, units)| Organization { name, units });
    let uri = select(vec![
        "https://example.com/",
        "https://www.linkedin.com/in/ana-link",
        "http://a.example/?q=a,b;c",
        "a page",
        "https://b.example/\\x",
    ]);
    let link = (uri, label()).prop_map(|(uri, label)| Link { uri: uri.to_owned(), label });
    let who = (name(), vec(text(), 0..3), vec(organization, 0..3), vec(text(), 0..3), option::weighted(0.1, text()));
    let reach = (vec(email(), 0..3), vec(phone(), 0..3), vec(online_service(), 0..3), vec(address(), 0..2));
    let more = (vec(anniversary(), 0..3), vec(text(), 0..3), vec(text(), 0..3), vec(link, 0..2), vec(relation(), 0..3));
    let rest = (vec(prop(), 0..4), prop::collection::btree_map(text(), text(), 0..2));
    let kind = select(vec![CardKind::Individual, CardKind::Individual, CardKind::Org, CardKind::Unknown]);
    (who, reach, more, rest, kind).prop_map(|(who, reach, more, (mut v_card_props, extra), kind)| {
        if kind == CardKind::Unknown {
            let value = "hologram".to_owned();
            v_card_props.push(VCardProp { name: "KIND".to_owned(), value, ..VCardProp::default() });
        }
        let (name, nicknames, organizations, titles, headline) = who;
        let (emails, phones, online_services, addresses) = reach;
        let (anniversaries, notes, keywords, links, related_to) = more;
        Card {
            kind,
            name,
            nicknames,
            organizations,
            titles,
            headline,
            emails,
            phones,
            online_services,
            addresses,
            anniversaries,
            notes,
            keywords,
            links,
            related_to,
            v_card_props,
            extra,
            ..Card::default()
        }
    })
}

fn own() -> impl Strategy<Value = Vec<OwnValue>> {
    let value = select(vec![
        ("name", "Ana Own"),
        ("email", "own@example.com"),
        ("phone", "+49 30 901821"),
        ("birthday", "1985-04-12"),
        ("profile", "https://www.linkedin.com/in/ana-own"),
        ("title", "Own title"),
        ("organization", "Own; Co"),
    ]);
    let said = |(field, value): (&str, &str)| OwnValue {
        field: field.to_owned(),
        value: value.to_owned(),
        at: "1970-01-01T00:00:00Z".parse().unwrap(),
        record: RecordId::from_bytes([0; 16]),
    };
    vec(value.prop_map(said), 0..2)
}

fn account(no: usize, card: Card) -> Account {
    let digest = digest_card(&card, None);
    let record = RecordId::new("test", &no.to_string());
    Account { record, origin: ExportRecord::default(), trust: Trust::Card, seen: None, card, digest }
}

/// What is said of what was no date or address in the source, too.
const EXPECTED: [&str; 3] = ["not a date", "not a mail address", "not base64"];

/// What kith's importer makes of what kith wrote.
fn read(text: &str) -> Card {
    let mut cards = Vec::new();
    for item in run::<VcardImporter>(&[("a.vcf", text.as_bytes())]) {
        if let Emitted::Record { record: Record::Card(card), .. } = item {
            cards.push(*card);
        } else if let Emitted::Diagnostic(diagnostic) = item {
            assert!(EXPECTED.contains(&diagnostic.problem.as_str()), "{diagnostic}\n{text}");
        }
    }
    let Ok([card]) = <[Card; 1]>::try_from(cards) else { panic!("not one card:\n{text}") };
    card
}

/// A person's values as JSON: records and ids are no part of what they are.
fn shown(accounts: &[Account], own: &[OwnValue]) -> String {
    let person = portrait(RecordId::from_bytes([0; 16]), accounts, own, None);
    let person = Person { records: Vec::new(), ..person };
    serde_json::to_string_pretty(&person).unwrap()
}

fn united(accounts: &[Account], own: &[OwnValue]) -> Card {
    let mut records: Vec<RecordId> = accounts.iter().map(|account| account.record).collect();
    records.sort_unstable();
    unite(&portrait(RecordId::from_bytes([0; 16]), accounts, own, None), &records, accounts, own, None)
}

/// What a card says and nobody is shown: relations, columns, properties without a word, in any order.
fn unseen(card: &Card) -> Vec<String> {
    let props = card.v_card_props.iter().filter(|prop| prop.name != "PRODID");
    let mut all: Vec<String> =
        props.map(|prop| format!("{:?} {} {} {}", prop.group, prop.name, prop.params, prop.value)).collect();
    all.extend(card.related_to.iter().map(|relation| format!("{relation:?}")));
    all.extend(card.extra.iter().map(|column| format!("{column:?}")));
    all.sort();
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_as_the_same_person(cards in vec(card(), 1..4), own in own()) {
        let accounts: Vec<Account> = (0..).zip(cards).map(|(no, card)| account(no, card)).collect();
        let card = united(&accounts, &own);
        prop_assume!(accounts.iter().any(|account| account.digest.noun().is_none()), "people only");
        prop_assume!(Card { uid: None, ..card.clone() } != Card::default());
        let text = write_card(&card, None);
        prop_assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])), "{}", text);
        let echo = account(9, read(&text));
        prop_assert_eq!(shown(std::slice::from_ref(&echo), &[]), shown(&accounts, &own), "in an empty kith\n{}", text);
        prop_assert!(is_own(&echo.card));
        let mut again = accounts.clone();
        again.push(echo.clone());
        prop_assert_eq!(shown(&again, &own), shown(&accounts, &own), "in the same kith\n{}", text);
        // Another program took it over, and it is the newest card.
        again.rotate_right(1);
        prop_assert_eq!(shown(&again, &own), shown(&accounts, &own), "as the newest card\n{}", text);
        prop_assert_eq!(write_card(&united(std::slice::from_ref(&echo), &[]), None), text.as_str(), "written elsewhere");
        prop_assert_eq!(write_card(&united(&again, &own), None), text, "written again");
        prop_assert_eq!(unseen(&echo.card), unseen(&card), "what is not shown");
    }
}
