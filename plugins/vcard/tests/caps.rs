//! What is too much: each limit costs what goes beyond it, and says so with its line.

#![expect(clippy::panic, reason = "helpers of tests fail as tests do")]

use kith_plugin::card::Card;
use kith_plugin::record::Record;
use kith_plugin::testing::{Emitted, run};
use kith_vcard::VcardImporter;

const MIB: usize = 1024 * 1024;

/// Returns the cards, and what was said, each without the value.
fn read(bytes: &[u8]) -> (Vec<Card>, Vec<String>) {
    let mut cards = Vec::new();
    let mut said = Vec::new();
    for item in run::<VcardImporter>(&[("a.vcf", bytes)]) {
        if let Emitted::Record { record: Record::Card(card), .. } = item {
            cards.push(*card);
        } else if let Emitted::Diagnostic(diagnostic) = item {
            let property = diagnostic.property.map(|name| format!(" {name}:")).unwrap_or_default();
            let line = diagnostic.line.unwrap_or_default();
            said.push(format!("{line}:{property} {} ({})", diagnostic.problem, diagnostic.consequence));
        }
    }
    (cards, said)
}

/// A card with these lines, then a small one.
fn check(lines: &[u8], expected: &[&str]) -> Vec<Card> {
    let file = [b"BEGIN:VCARD\nFN:Ana\n", lines, b"\nEND:VCARD\nBEGIN:VCARD\nFN:Bo\nEND:VCARD\n"].concat();
    let (cards, said) = read(&file);
    assert_eq!(said, expected);
    let Some(last) = cards.last() else { panic!("no card") };
    assert_eq!(last.name.full.as_deref(), Some("Bo"));
    cards
}

#[test]
fn a_card_of_over_16_mib_is_refused_and_the_next_is_kept() {
    let line = [b"NOTE:".as_slice(), &vec![b'x'; 17 * MIB]].concat();
    assert_eq!(check(&line, &["1: larger than 16 MiB, or of more than a million lines (card left out)"]).len(), 1);
    let folded = [b"NOTE:".as_slice(), &b"x\n ".repeat(8 * MIB), &b"yyyy\n ".repeat(3 * MIB)].concat();
    assert_eq!(check(&folded, &["1: larger than 16 MiB, or of more than a million lines (card left out)"]).len(), 1);
}

#[test]
fn a_card_of_more_than_a_million_lines_is_refused_and_the_next_is_kept() {
    let lines = b"x\n".repeat(1_000_001);
    let expected = ["1: larger than 16 MiB, or of more than a million lines (card left out)"];
    assert_eq!(check(lines.trim_ascii_end(), &expected).len(), 1);
}

#[test]
fn of_more_than_a_hundred_problems_the_others_are_counted() {
    let lines = b"x\n".repeat(5_000);
    let mut expected: Vec<String> =
        (3..103).map(|line| format!("{line}: not a property (card kept without it)")).collect();
    expected.push("103: and more of this card's lines cannot be used (card kept without the other 4900)".to_owned());
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    check(lines.trim_ascii_end(), &expected);
}

#[test]
fn text_of_over_384_kib_costs_what_goes_beyond() {
    let long =
        [b"KEY:".as_slice(), &vec![b'k'; 300 * 1024], b"\nNOTE:", &vec![b'n'; 100 * 1024], b"\nTITLE:CTO"].concat();
    let cards = check(&long, &["4: NOTE: the card's text is over 384 KiB (card kept without it)"]);
    let [ana, _] = cards.as_slice() else { panic!("{} cards", cards.len()) };
    assert_eq!((ana.v_card_props.len(), ana.notes.len(), ana.titles.len()), (1, 0, 1));
}

#[test]
fn more_than_4000_properties_cost_those_beyond() {
    let lines: String = (0..5_000).map(|n| format!("EMAIL:a{n}@example.com\n")).collect();
    let cards =
        check(lines.trim_end().as_bytes(), &["4002: more than 4,000 properties (card kept without the other 1001)"]);
    assert_eq!(cards.first().map(|ana| ana.emails.len()), Some(3_999));
}

#[test]
fn a_photo_of_over_8_mib_costs_itself() {
    let photo = [b"PHOTO;ENCODING=b:".as_slice(), &vec![b'A'; 12 * MIB]].concat();
    let cards = check(&photo, &["3: PHOTO: larger than 8 MiB (card kept without it)"]);
    assert!(cards.iter().all(|card| card.photo.is_none()));
    let photo = [b"PHOTO;ENCODING=b:".as_slice(), &vec![b'A'; 10 * MIB]].concat();
    assert!(check(&photo, &[]).first().is_some_and(|card| card.photo.is_some()));
}

#[test]
fn whatever_is_kept_fits_in_a_record() {
    let awkward = [
        format!("X-A:{}", "\u{1}".repeat(60_000)),
        format!("NOTE:{}", "\"\\\\".repeat(60_000)),
        "IMPP:xmpp:a@example.com".to_owned() + &"a".repeat(370_000),
        (0..4_000).map(|n| format!("IMPP:xmpp:{n}{}\n", "a".repeat(70))).collect(),
    ];
    for lines in awkward {
        let file = format!("BEGIN:VCARD\nFN:Ana\n{}\nEND:VCARD\n", lines.trim_end());
        let (cards, said) = read(file.as_bytes());
        let [card] = cards.as_slice() else { panic!("{said:?}") };
        let json = serde_json::to_vec(&Record::Card(Box::new(card.clone()))).unwrap_or_default();
        assert!(
            !json.is_empty() && json.len() <= MIB,
            "{} bytes of {}",
            json.len(),
            lines.get(..20).unwrap_or_default()
        );
    }
}
