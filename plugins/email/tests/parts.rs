//! Cards and calendars that are attached to messages, and what is too much of them.

#![expect(clippy::wildcard_enum_match_arm, reason = "helpers of tests fail as tests do")]

use kith_email::EmailImporter;
use kith_plugin::record::Record;
use kith_plugin::testing::{Emitted, run};

const CARD: &str = "BEGIN:VCARD\nVERSION:3.0\nUID:ana\nFN:Ana Silva\nEMAIL:ana@example.com\nEND:VCARD\n";

fn invitation(sequence: u32, hour: u32) -> String {
    format!(
        "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:coffee\nSEQUENCE:{sequence}\nDTSTART:20260302T{hour:02}0000Z\n\
         ORGANIZER:mailto:ana@example.com\nATTENDEE:mailto:sam@example.com\nEND:VEVENT\nEND:VCALENDAR\n"
    )
}

/// A message of parts, each with its header.
fn message(headers: &str, parts: &[(&str, &str)]) -> String {
    let parts: String = parts.iter().map(|(head, body)| format!("--=_b\nContent-Type: {head}\n\n{body}\n")).collect();
    format!(
        "From: Ana <ana@example.com>\nTo: sam@example.com\nDate: Mon, 2 Mar 2026 10:00:00 +0000\nMessage-ID: <m@example.com>\n\
         {headers}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"=_b\"\n\nNot for eyes.\n{parts}--=_b--\nBehind.\n"
    )
}

/// Writes what is emitted, an item a line.
fn lines(files: &[(&str, &str)]) -> Vec<String> {
    let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let mut collection = String::new();
    let lines = run::<EmailImporter>(&files).into_iter().filter_map(|emitted| match emitted {
        Emitted::Part(part) => {
            collection = format!("{}/{}", part.source, part.collection);
            None
        }
        Emitted::Record { record: Record::Card(card), key, .. } => {
            Some(format!("{collection} {} {}", key.as_deref().unwrap_or("-"), card.name.full.unwrap_or_default()))
        }
        Emitted::Record { record: Record::Interaction(it), key, .. } => {
            let at = it.at.map(|at| at.to_string()).unwrap_or_default();
            Some(format!("{collection} {} {at} {}", key.unwrap_or_default(), it.participants.len()))
        }
        Emitted::Record { record: Record::Bulk(bulk), .. } => Some(format!("{collection} {}", bulk.class.as_str())),
        Emitted::End | Emitted::Photo { .. } => None,
        Emitted::Diagnostic(diagnostic) => Some(diagnostic.to_string()),
        other => Some(format!("{other:?}")),
    });
    lines.collect()
}

/// Reads one message, and leaves out what is said of itself.
fn attached(text: &str) -> Vec<String> {
    let mut lines = lines(&[("a.eml", text)]);
    assert!(lines.first().is_some_and(|line| line.starts_with("mail/messages ")), "{lines:?}");
    lines.remove(0);
    lines
}

const ANA: &str = "mail/cards ana Ana Silva";

#[test]
fn a_card_is_one_however_it_is_attached() {
    let base64 =
        "QkVHSU46VkNBUkQKVkVSU0lPTjozLjAKVUlEOmFuYQpGTjpBbmEgU2lsdmEKRU1BSUw6YW5hQGV4\nYW1wbGUuY29tCkVORDpWQ0FSRAo=";
    for (head, body) in [
        ("text/x-vcard; charset=utf-8; name=\"ana.vcf\"", CARD),
        (
            "application/octet-stream\nContent-Disposition: attachment; filename=ana.vcf\nContent-Transfer-Encoding: base64",
            base64,
        ),
        ("text/vcard\nContent-Transfer-Encoding: quoted-printable", &CARD.replace("Silva", "Sil=\nva")),
        ("text/directory; profile=vCard", CARD),
        ("multipart/mixed; boundary=in", &format!("--in\nContent-Type: text/vcard\n\n{CARD}\n--in--")),
        ("multipart/mixed; boundary=in", &format!("--in\nContent-Type: text/vcard\n\n{CARD}\n")),
    ] {
        let text = message("", &[("text/plain", "Hi\n--\nAna"), (head, body), ("text/html", "<p>Hi")]);
        assert_eq!(attached(&text), [ANA], "{head}");
        assert_eq!(attached(&text.replace('\n', "\r\n")), [ANA], "{head}");
    }
    let text = CARD.replace("Ana Silva", "J=FCrgen").replace("UID:ana\n", "");
    let head = "text/vcard; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable";
    assert_eq!(attached(&message("", &[(head, &text)])), ["mail/cards - Jürgen"]);
}

#[test]
fn a_message_that_is_a_card_or_a_calendar_as_a_whole_is_read() {
    let head = "From: ana@example.com\nTo: sam@example.com\nDate: Mon, 2 Mar 2026 10:00:00 +0000\nMessage-ID: <m@x>\n";
    assert_eq!(attached(&format!("{head}Content-Type: text/vcard\n\n{CARD}")), [ANA]);
    let calendar = invitation(0, 9);
    let expected = ["calendar/meetings coffee 2026-03-02T09:00:00Z 2"];
    assert_eq!(attached(&format!("{head}Content-Type: text/calendar; method=REQUEST\n\n{calendar}")), expected);
}

#[test]
fn an_invitation_is_one_meeting_and_what_follows_is_mail_again() {
    let calendar = invitation(0, 9);
    let text = message(
        "",
        &[
            (
                "multipart/alternative; boundary=in",
                &format!("--in\nContent-Type: text/calendar; method=REQUEST\n\n{calendar}--in--"),
            ),
            ("application/ics; name=\"invite.ics\"", &calendar),
        ],
    );
    let expected = [
        "mail/messages m@example.com 2026-03-02T10:00:00Z 2",
        "mail/messages m@example.com 2026-03-02T10:00:00Z 2",
        "calendar/meetings coffee 2026-03-02T09:00:00Z 2",
    ];
    let twice = lines(&[("cur/1.a:2,S", &text), ("cur/2.a:2,S", &text)]);
    assert_eq!(twice, expected);
}

#[test]
fn the_newest_version_of_a_card_and_of_a_meeting_counts_whatever_lies_first() {
    let card = |date: &str, name: &str| {
        message("", &[("text/vcard", &CARD.replace("Ana Silva", name))]).replace("Mon, 2 Mar", date)
    };
    let (old, new) = (card("Mon, 2 Feb", "Ana Old"), card("Wed, 4 Mar", "Ana New"));
    let kept = |first: &str, second: &str| {
        let mut lines = lines(&[("cur/1.a:2,S", first), ("cur/2.a:2,S", second)]);
        lines.retain(|line| !line.starts_with("mail/messages"));
        lines
    };
    assert_eq!(kept(&old, &new), ["mail/cards ana Ana New"]);
    assert_eq!(kept(&new, &old), ["mail/cards ana Ana New"]);
    let meeting = |sequence, hour| message("", &[("text/calendar", &invitation(sequence, hour))]);
    let (old, new) = (meeting(0, 9), meeting(1, 11));
    assert_eq!(kept(&old, &new), ["calendar/meetings coffee 2026-03-02T11:00:00Z 2"]);
    assert_eq!(kept(&new, &old), ["calendar/meetings coffee 2026-03-02T11:00:00Z 2"]);
}

#[test]
fn what_a_list_sends_brings_nobody_and_what_a_program_sends_an_invitation() {
    let text = message("List-Id: <all.example.com>\n", &[("text/vcard", CARD), ("text/calendar", &invitation(0, 9))]);
    assert_eq!(lines(&[("a.eml", &text)]), ["mail/messages list"]);
    let text =
        message("Auto-Submitted: auto-generated\n", &[("text/vcard", CARD), ("text/calendar", &invitation(0, 9))]);
    let expected = ["mail/messages automatic", "calendar/meetings coffee 2026-03-02T09:00:00Z 2"];
    assert_eq!(lines(&[("a.eml", &text)]), expected);
}

#[test]
fn what_is_wrong_in_a_part_costs_only_that_and_names_its_line() {
    let card = CARD.replace("EMAIL:", "BDAY:yesterday\nEMAIL:");
    assert_eq!(
        attached(&message("", &[("text/vcard", &card)])),
        ["a.eml:1: BDAY: attached card, line 5: not a date: \"yesterday\" (card kept without it)", ANA]
    );
    let text = message("", &[("text/vcard", "Hi"), ("text/calendar", "Ho"), ("text/vcard", CARD)]);
    let expected = [
        "a.eml:1: attached card, line 1: not part of a card: \"Hi\" (skipped up to the next card)",
        "a.eml:1: no vCard in what is attached as one (left out)",
        "a.eml:1: no calendar in what is attached as one (left out)",
        ANA,
    ];
    assert_eq!(attached(&text), expected);
    let text = message("", &[("text/vcard\nContent-Transfer-Encoding: base64", "!!!!"), ("text/vcard", CARD)]);
    assert_eq!(attached(&text).last().map(String::as_str), Some(ANA));
}

#[test]
fn too_many_parts_too_deep_ones_and_too_long_ones_are_told() {
    let many = vec![("text/plain", "Hi"); 1_001];
    let parts = [&[("text/vcard", CARD)], many.as_slice(), &[("text/vcard", CARD)]].concat();
    let told = "a.eml:1: more than 1,000 parts (message kept, and what is attached before)";
    assert_eq!(attached(&message("", &parts)), [told, ANA]);

    let mut deep = format!("Content-Type: text/vcard\n\n{CARD}");
    for n in 0..30 {
        deep = format!("Content-Type: multipart/mixed; boundary=d{n}\n\n--d{n}\n{deep}\n--d{n}--\n");
    }
    let head = "multipart/mixed; boundary=top";
    let text = message("", &[("text/vcard", CARD), (head, &format!("--top\n{deep}\n--top--"))]);
    let told = "a.eml:1: parts nested more than 20 deep (message kept, and what is attached before)";
    assert_eq!(attached(&text), [told, ANA]);

    let long = "A".repeat(9 * 1024 * 1024);
    let text = message("", &[("text/vcard", &long), ("text/vcard", CARD)]);
    assert_eq!(attached(&text), ["a.eml:1: longer than 8 MiB (card or calendar left out)", ANA]);
}

#[test]
fn what_is_attached_is_found_wherever_it_lies_and_costs_no_other_message() {
    for size in [0, 1_000, 262_000, 262_144, 600_000] {
        let text = "-".repeat(78) + "\n";
        let filler = text.repeat(size / text.len());
        let one = |uid: &str| {
            let card = CARD.replace("UID:ana", uid);
            let one = message("", &[("text/plain", &filler), ("text/vcard", &card), ("text/plain", &filler)]);
            format!("From ana@example.com Mon Mar  2 10:00:00 2026\n{one}\n")
        };
        let mbox = [one("UID:a"), one("UID:b"), one("UID:c")].concat();
        let message = "mail/messages m@example.com 2026-03-02T10:00:00Z 2";
        let cards = ["mail/cards a Ana Silva", "mail/cards b Ana Silva", "mail/cards c Ana Silva"];
        assert_eq!(lines(&[("a.mbox", &mbox)]), [&[message; 3], &cards[..]].concat(), "{size}");
    }
}

#[test]
fn cut_at_any_byte_the_message_is_kept_and_nothing_is_made_up() {
    let text = message("", &[("text/plain", "Hi"), ("text/vcard", CARD), ("text/calendar", &invitation(0, 9))]);
    let whole = lines(&[("a.eml", &text)]);
    let begins = text.find("--=_b").unwrap_or_default();
    for end in begins..text.len() {
        let found = lines(&[("a.eml", &text[..end])]);
        let kept: Vec<_> = found.iter().filter(|line| !line.starts_with("a.eml")).collect();
        assert!(
            kept.iter().zip(&whole).all(|(kept, whole)| *kept == whole || kept.starts_with("mail/cards")),
            "cut at {end}: {found:?}"
        );
        assert!(!kept.is_empty() && kept.len() <= whole.len(), "cut at {end}: {found:?}");
    }
}
