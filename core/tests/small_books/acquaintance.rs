//! Who knows whom: by what they took part in and could see each other in, and by what the owner told.

use std::collections::BTreeSet;

use jiff::Timestamp;
use kith_core::book::people::Person;
use kith_core::fact::{Said, Settings};
use kith_proto::interaction::InteractionKind;
use serde_json::{Value, json};

use super::{Small, card, of};

/// The owner, with the cards of Bea and Carl.
fn known() -> Small {
    let mut small = Small::default();
    small.say(Said::Settings(Settings { me: vec!["sam@example.com".to_owned()], ..Settings::default() }));
    small.import(
        "vcard",
        &[("bea", card("Bea Bach", "", "bea@a.example")), ("carl", card("Carl Cole", "", "carl@b.example"))],
    );
    small
}

fn together(kind: &str, at: &str, participants: &[(&str, &str)]) -> Value {
    let one = |(role, email): &(&str, &str)| json!({"role": role, "email": email});
    let participants: Vec<Value> = participants.iter().map(one).collect();
    json!({"interaction": {"kind": kind, "at": at, "participants": participants}})
}

fn person(small: &Small, key: &str) -> Person {
    small.book.person(&of("vcard", key)).unwrap()
}

/// Checks whether Bea and Carl know each other, either way, as one and among all.
#[track_caller]
fn check(small: &Small, expected: bool, why: &str) {
    let [bea, carl] = ["bea", "carl"].map(|key| person(small, key).id);
    for [one, other] in [[bea, carl], [carl, bea]] {
        assert_eq!(small.book.know_each_other(one, other), expected, "{why}");
        let knows = small.book.acquainted(&BTreeSet::from([one]));
        assert_eq!(knows.get(&other), expected.then(|| BTreeSet::from([one])).as_ref(), "{why}");
    }
}

#[test]
fn only_those_who_could_see_each_other_in_a_mail_or_meeting_that_took_place_know_each_other() {
    let me = ("from", "sam@example.com");
    let (bea, carl) = ("bea@a.example", "carl@b.example");
    let (past, to_come) = ("2026-03-02T09:00:00Z", "2030-03-02T09:00:00Z");
    let cases = [
        ("mail", past, [me, ("to", bea), ("cc", carl)], true),
        ("mail", past, [me, ("to", bea), ("bcc", carl)], false),
        ("mail", past, [me, ("bcc", bea), ("bcc", carl)], false),
        ("meeting", past, [me, ("attendee", bea), ("attendee", carl)], true),
        ("meeting", past, [me, ("attendee", bea), ("absent", carl)], false),
        ("meeting", to_come, [me, ("attendee", bea), ("attendee", carl)], false),
        ("endorsement", past, [me, ("to", bea), ("to", carl)], false),
    ];
    for (kind, at, participants, expected) in cases {
        let mut small = known();
        small.now = "2026-11-23T09:00:00Z".parse().ok();
        small.import("mail", &[("m1", together(kind, at, &participants))]);
        check(&small, expected, &format!("{kind} {at} {participants:?}"));
    }
}

#[test]
fn in_a_mail_to_many_nobody_need_know_anybody() {
    for (others, expected) in [(18, true), (19, false), (100, false)] {
        let mut small = known();
        let addresses: Vec<String> = (0..others).map(|no| format!("guest{no}@c.example")).collect();
        let mut participants = vec![("from", "sam@example.com"), ("to", "bea@a.example"), ("to", "carl@b.example")];
        participants.extend(addresses.iter().map(|address| ("to", address.as_str())));
        small.import("mail", &[("m1", together("mail", "2026-03-02T09:00:00Z", &participants))]);
        check(&small, expected, &format!("{others} others"));
    }
}

#[test]
fn two_whom_the_owner_met_together_as_they_told_know_each_other() {
    let mut small = known();
    let at: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
    let met = |keys: &[&str]| Said::Log {
        records: keys.iter().map(|key| of("vcard", key)).collect(),
        kind: InteractionKind::Meeting,
        at,
        text: None,
        occurrence: None,
    };
    small.say(met(&["bea"])).say(met(&["carl"]));
    check(&small, false, "one after the other");
    small.say(met(&["bea", "carl"]));
    check(&small, true, "together");
}
