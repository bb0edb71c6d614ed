//! LDIF address books and Facebook's list of friends, and what becomes of their oddities.

use kith_addressbook::AddressBookImporter;
use kith_plugin::card::{Address, Card, Context};
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

fn names(emitted: &[Emitted]) -> Vec<&str> {
    cards(emitted).into_iter().map(|card| card.name.full.as_deref().unwrap_or_default()).collect()
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
fn an_entry_without_measure_costs_only_itself() {
    let photo = format!("jpegPhoto:: {}\n", "Q".repeat(13 << 20));
    let lines = format!(" {}\n", "x".repeat(1 << 20)).repeat(13);
    let text = format!("dn: cn=a\ncn: Ana\n\ndn: cn=b\n{photo}cn: Bo\n\ndn: cn=c\ncn:\n{lines}\ndn: cn=d\ncn: Cy\n");
    let emitted = run::<AddressBookImporter>(&[("book.ldif", text.as_bytes())]);
    assert_eq!(emitted.last(), Some(&Emitted::End));
    assert_eq!(names(&emitted), ["Ana", "Cy"]);
    assert_eq!(
        said(&emitted),
        [
            "book.ldif:4: an entry larger than 12 MiB (entry left out)",
            "book.ldif:8: an entry larger than 12 MiB (entry left out)",
        ]
    );
}

#[test]
fn of_several_values_where_a_card_has_one_the_others_are_kept_as_text() {
    let text = "dn: cn=a\ncn: Ana Silva\ncn: Ana Silva\ncn: A. Silva\ncn;lang-pt: Aninhas\ndisplayName: Nita\n\
        displayName: Nina\no: Acme\no: Quay Ltd\no: Acme\nou: R&D\nl: Porto\nl: Gaia\nst: Norte\nst: Sul\nc: PT\n\
        co: Portugal\npostalCode: 1\npostalCode: 2\npostalAddress: Quay 5 $ Porto\npostalAddress: Quay 6\n";
    let emitted = run::<AddressBookImporter>(&[("book.ldif", text.as_bytes())]);
    let ana = cards(&emitted)[0];
    let organizations: Vec<_> = ana.organizations.iter().map(|o| (o.name.as_str(), o.units.len())).collect();
    assert_eq!(organizations, [("Acme", 1), ("Quay Ltd", 0)]);
    assert_eq!((ana.name.full.as_deref(), ana.addresses[0].locality.as_deref()), (Some("Ana Silva"), Some("Porto")));
    let kept = [
        ("c", None),
        ("cn", Some("A. Silva\nAninhas")),
        ("co", Some("Portugal")),
        ("displayName", Some("Nina\nNita")),
        ("l", Some("Gaia")),
        ("postalAddress", Some("Quay 6")),
        ("postalCode", Some("2")),
        ("st", Some("Sul")),
    ];
    for (name, value) in kept {
        assert_eq!(ana.extra.get(name).map(String::as_str), value, "{name}");
    }
    assert_eq!(said(&emitted), Vec::<String>::new());
}

/// Returns the records with their places.
fn records(emitted: &[Emitted]) -> Vec<&Emitted> {
    emitted.iter().filter(|e| matches!(e, Emitted::Record { .. })).collect()
}

/// Asserts that a card has nothing but what another has, save for what it keeps as text; a note may be cut at a fold.
#[track_caller]
fn check_part(part: &Card, whole: &Card) {
    assert!(part.name.full.is_none() || part.name.full == whole.name.full, "{part:?}");
    assert!(part.name.components.iter().all(|component| whole.name.components.contains(component)), "{part:?}");
    assert!(part.nicknames.iter().all(|name| whole.nicknames.contains(name)), "{part:?}");
    assert!(part.emails.iter().all(|email| whole.emails.contains(email)), "{part:?}");
    assert!(part.phones.iter().all(|phone| whole.phones.contains(phone)), "{part:?}");
    assert!(part.titles.iter().all(|title| whole.titles.contains(title)), "{part:?}");
    assert!(part.organizations.iter().all(|o| whole.organizations.iter().any(|w| w.name == o.name)), "{part:?}");
    for address in &part.addresses {
        let is_same =
            |w: &&Address| w.contexts == address.contexts && address.street.iter().all(|s| w.street.contains(s));
        let same = whole.addresses.iter().find(is_same);
        assert!(same.is_some_and(|w| address.locality.is_none() || address.locality == w.locality), "{part:?}");
    }
}

#[test]
fn cut_at_any_byte_every_entry_before_the_cut_is_whole_and_half_a_value_is_none() {
    let emitted = run::<AddressBookImporter>(&[("book.ldif", THUNDERBIRD.as_bytes())]);
    let whole = records(&emitted);
    let ends = ["\n\n", "\n\r\n"].map(|between| THUNDERBIRD.find(between).unwrap() + 1);
    let comment = THUNDERBIRD.find("# a").unwrap()..=THUNDERBIRD.find("on\n\n").unwrap() + 2;
    for cut in "dn:".len()..THUNDERBIRD.len() {
        let of_cut = run::<AddressBookImporter>(&[("book.ldif", &THUNDERBIRD.as_bytes()[..cut])]);
        let kept = records(&of_cut);
        let due = ends.iter().filter(|end| cut >= **end).count();
        assert_eq!(kept.get(..due), whole.get(..due), "cut at {cut}");
        if let (
            Some(Emitted::Record { record: Record::Card(part), .. }),
            Emitted::Record { record: Record::Card(whole), .. },
        ) = (kept.get(due), whole[due.min(1)])
        {
            check_part(part, whole);
        }
        let is_open = !THUNDERBIRD[..cut].ends_with(['\n', '\r']) && !comment.contains(&cut);
        assert_eq!(matches!(of_cut.last(), Some(Emitted::Truncated(_))), is_open, "cut at {cut}: {of_cut:?}");
    }
}

#[test]
fn a_last_line_without_a_break_is_told_of_and_its_value_kept_as_text() {
    let text = "dn: cn=a\ncn: Ana\nmail: ana@example.com\n\ndn: cn=b\ncn: Bo\nmail: bo@exam";
    let emitted = run::<AddressBookImporter>(&[("book.ldif", text.as_bytes())]);
    let (ana, bo) = (cards(&emitted)[0], cards(&emitted)[1]);
    assert_eq!((ana.emails.len(), bo.emails.len(), bo.extra["mail"].as_str()), (1, 0, "bo@exam"));
    let kept = "(kept as text, the rest of the entry as it is)";
    assert_eq!(said(&emitted), [format!("book.ldif:7: mail: the file ends within this line: \"bo@exam\" {kept}")]);
    let reason = "the file ends within line 7; if the line is whole, a line break at its end says so";
    assert_eq!(emitted.last(), Some(&Emitted::Truncated(reason.to_owned())));
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
            "your_friends.json: name: friend 3: no name: \"{\\\"timestamp\\\":1700000000}\" (left out)",
            "your_friends.json: timestamp: friend 4: not a time: \"\\\"soon\\\"\" (friend kept without it)",
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
