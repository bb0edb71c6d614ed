//! LDIF address books and Facebook's list of friends, and what becomes of their oddities.

use kith_addressbook::AddressBookImporter;
use kith_plugin::card::{Card, Context};
use kith_plugin::record::Record;
use kith_plugin::testing::{Emitted, probe, run};

const THUNDERBIRD: &str = "dn: cn=Ana Silva,mail=ana@example.com\n\
    objectclass: top\nobjectclass: person\nobjectclass: mozillaAbPersonAlpha\n\
    givenName: Ana\nsn: Silva\ncn: Ana Silva\nmozillaNickname: Nita\nmail: ana@example.com\n\
    mozillaSecondEmail: ana@example.org\ntelephoneNumber: +351 555 0100\nhomePhone: +351 555 0101\nmobile: +351 555 0102\n\
    mozillaHomeStreet: Rua 1\nmozillaHomeLocalityName: Porto\nstreet: Quay 5\no: Example Ltd\nou: R&D\ntitle: Engineer\n\
    birthyear: 1987\nbirthmonth: 9\nbirthday: 7\nmozillaCustom1: likes boats\ndescription: a long note that is folded\n  \
    after some words\nmodifytimestamp: 1700000000\n\n\
    dn:: Y249Wm/DqyBCcmFuZHQ=\r\nobjectclass: person\r\ncn:: Wm/DqyBCcmFuZHQ=\r\nmail: zoe@example.com\r\n\r\n\
    # a comment\n that goes on\n\n\
    dn: cn=Club\nobjectclass: groupOfNames\ncn: Club\nmember: cn=Ana Silva,mail=ana@example.com\n";

fn cards(emitted: &[Emitted]) -> Vec<&Card> {
    emitted
        .iter()
        .filter_map(|e| if let Emitted::Record { record: Record::Card(card), .. } = e { Some(&**card) } else { None })
        .collect()
}

fn said(emitted: &[Emitted]) -> Vec<String> {
    emitted.iter().filter_map(|e| if let Emitted::Diagnostic(d) = e { Some(d.to_string()) } else { None }).collect()
}

#[test]
fn reads_thunderbirds_ldif_with_base64_folded_lines_and_lists() {
    let emitted = run::<AddressBookImporter>(&[("book.ldif", THUNDERBIRD.as_bytes())]);
    assert_eq!((emitted.last(), said(&emitted)), (Some(&Emitted::End), Vec::new()));
    assert!(emitted.contains(&Emitted::Tally { class: "mailing list".to_owned(), count: 1 }));
    let cards = cards(&emitted);
    assert_eq!(
        cards.iter().map(|card| card.name.full.as_deref()).collect::<Vec<_>>(),
        [Some("Ana Silva"), Some("Zoë Brandt")]
    );
    let ana = cards[0];
    assert_eq!((ana.emails.len(), ana.phones.len(), ana.addresses.len()), (2, 3, 2), "{ana:?}");
    assert_eq!(ana.addresses[1].contexts, [Context::Private]);
    assert_eq!(ana.anniversaries[0].date.to_string(), "1987-09-07");
    assert_eq!(ana.notes, ["a long note that is folded after some words"]);
    assert_eq!((ana.organizations[0].name.as_str(), ana.organizations[0].units.len()), ("Example Ltd", 1));
    assert_eq!(ana.extra.keys().collect::<Vec<_>>(), ["mozillaCustom1"]);
    assert_eq!(probe::<AddressBookImporter>(&[("x", THUNDERBIRD.as_bytes())]), 90);
}

#[test]
fn what_is_wrong_in_an_ldif_is_told_with_its_line_and_costs_only_itself() {
    let text = "version: 1\ndn: cn=a\ncn: Ana\nmail:: ???\nphoto:< file:///tmp/a.jpg\nno colon here\n\n\
        dn: cn=b\nchangetype: delete\n\ndn: cn=c\nsn:\n\ndn: cn=d\ncn: Bo\n";
    let emitted = run::<AddressBookImporter>(&[("book.ldif", text.as_bytes())]);
    assert_eq!(
        said(&emitted),
        [
            "book.ldif:4: mail: not base64: \"???\" (entry kept without it)",
            "book.ldif:5: photo: a value that lies elsewhere is not fetched: \"file:///tmp/a.jpg\" (entry kept without it)",
            "book.ldif:6: a line without a colon: \"no colon here\" (entry kept without it)",
            "book.ldif:8: a change to a directory is no entry of an address book: \"delete\" (left out)",
            "book.ldif:11: neither name nor address nor number (entry left out)",
        ]
    );
    assert_eq!(cards(&emitted).len(), 2);
}

#[test]
fn a_birthday_that_is_no_day_is_told_of_and_kept_as_text() {
    let text = "dn: cn=a\ncn: Ana\nbirthyear: 1980\nbirthmonth: 13\nbirthday: 5\n";
    let emitted = run::<AddressBookImporter>(&[("book.ldif", text.as_bytes())]);
    let expected = "book.ldif:1: birthyear, birthmonth, birthday: not a date: \"1980, 13, 5\" \
        (kept as text, the rest of the card as it is)";
    assert_eq!(said(&emitted), [expected]);
    let ana = cards(&emitted)[0];
    assert_eq!((ana.anniversaries.len(), ana.extra.len(), ana.extra["birthmonth"].as_str()), (0, 3, "13"));
}

#[test]
fn an_entry_without_measure_is_refused_with_its_line() {
    let text = format!("dn: cn=a\ncn: {}\n", "x".repeat(13 << 20));
    let emitted = run::<AddressBookImporter>(&[("book.ldif", text.as_bytes())]);
    assert_eq!(emitted.last(), Some(&Emitted::Refused("the entry at line 1 is larger than 12 MiB".to_owned())));
}

#[test]
fn an_ldif_cut_anywhere_keeps_what_stands_before_the_cut() {
    for end in (0..THUNDERBIRD.len()).step_by(7) {
        let emitted = run::<AddressBookImporter>(&[("book.ldif", &THUNDERBIRD.as_bytes()[..end])]);
        let whole = THUNDERBIRD.find("\n\n").is_some_and(|first| end > first);
        assert!(!whole || !cards(&emitted).is_empty(), "cut at {end}");
    }
}

#[test]
fn reads_facebooks_friends_with_their_names_mended() {
    let text = r#"{"friends_v2": [
        {"name": "Zo\u00c3\u00ab Brandt", "timestamp": 1700000000},
        {"name": "Bo Ek"},
        {"timestamp": 1700000000},
        {"name": "Cy Ode", "timestamp": "soon"}
    ]}"#;
    let emitted = run::<AddressBookImporter>(&[("your_friends.json", text.as_bytes())]);
    assert_eq!(emitted.last(), Some(&Emitted::End));
    let cards = cards(&emitted);
    let found: Vec<_> = cards.iter().map(|card| (card.name.full.clone().unwrap(), card.connected_on)).collect();
    let since = Some(jiff::civil::date(2023, 11, 14));
    assert_eq!(found, [("Zoë Brandt".to_owned(), since), ("Bo Ek".to_owned(), None), ("Cy Ode".to_owned(), None)]);
    assert_eq!(
        said(&emitted),
        [
            "your_friends.json:3: name: a friend without a name: \"{\\\"timestamp\\\":1700000000}\" (left out)",
            "your_friends.json:4: timestamp: not a time: \"\\\"soon\\\"\" (friend kept without it)",
        ]
    );
    assert_eq!(probe::<AddressBookImporter>(&[("a.json", text.as_bytes())]), 90);
}

#[test]
fn a_list_of_friends_that_breaks_off_is_truncated_and_other_json_is_none() {
    let cut = run::<AddressBookImporter>(&[("f.json", br#"{"friends_v2": [{"name": "Bo"#)]);
    assert!(matches!(cut.last(), Some(Emitted::Truncated(_))), "{cut:?}");
    assert_eq!(probe::<AddressBookImporter>(&[("a.json", br#"{"messages": []}"#)]), 0);
    assert_eq!(probe::<AddressBookImporter>(&[("a.vcf", b"BEGIN:VCARD\nFN:Ana\nEND:VCARD\n")]), 0);
    let other = run::<AddressBookImporter>(&[("a.json", br#"{"messages": []}"#)]);
    assert!(matches!(other.last(), Some(Emitted::Refused(_))), "{other:?}");
}
