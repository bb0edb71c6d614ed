//! What mail of the owner's seems to promise.

use jiff::Zoned;
use kith_core::book::proposals::Proposal;
use kith_core::fact::{Care, MailPeople, Said, Settings};
use kith_core::id::{DeviceId, FactId};
use serde_json::{Value, json};

use super::Small;

/// A mail of 23 November 2026, at this hour, that promises these sentences for these days.
fn promising(to: &[&str], hour: u8, promises: &[(&str, &str)]) -> Value {
    let to = to.iter().map(|address| json!({"role": "to", "name": address.split('@').next(), "email": address}));
    let participants: Vec<Value> =
        std::iter::once(json!({"role": "from", "name": "Sam", "email": "sam@example.com"})).chain(to).collect();
    let dated = |(text, due): &(&str, &str)| {
        if due.is_empty() { json!({"text": text}) } else { json!({"text": text, "due": due}) }
    };
    json!({"interaction": {"kind": "mail", "at": format!("2026-11-23T{hour:02}:00:00Z"), "participants": participants,
        "promises": promises.iter().map(dated).collect::<Vec<_>>()}})
}

/// A book that knows who Sam is, with this mail of his.
fn with_mail(mail: Value) -> Small {
    let mut small = Small::default();
    let (me, mail_people) = (vec!["sam@example.com".to_owned()], MailPeople::Answered);
    small.say(Said::Settings(Settings { me, region: None, mail_people, machine: None }));
    small.import("mail", &[("one", mail)]);
    small
}

fn proposed_on(small: &Small, day: &str) -> Vec<Proposal> {
    let now: Zoned = format!("{day}T12:00:00+00:00[UTC]").parse().unwrap();
    small.book.proposals(&now)
}

const DRAFT: (&str, &str) = ("I'll send you the draft by Friday.", "2026-11-27");

#[test]
fn a_promise_in_a_mail_of_the_owners_is_proposed_until_thirty_days_behind_its_day() {
    let small = with_mail(promising(&["ana@example.com"], 9, &[DRAFT, ("I'll get back to you.", "")]));
    let found = proposed_on(&small, "2026-11-24");
    let texts: std::collections::BTreeSet<&str> = found.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(texts, [DRAFT.0, "I'll get back to you."].into());
    let ana = small.book.person(&found[0].record).unwrap();
    assert_eq!((found[0].person, ana.me), (ana.id, false));
    assert_eq!(proposed_on(&small, "2026-12-23").len(), 2);
    assert_eq!(proposed_on(&small, "2026-12-24").len(), 1, "without a day it is the mail's that counts");
    assert_eq!(proposed_on(&small, "2026-12-27").len(), 1);
    assert_eq!(proposed_on(&small, "2026-12-28"), []);
    assert_eq!(small.book.words().giving().promises().count(), 0);
}

#[test]
fn what_others_promise_or_what_is_promised_to_several_is_not_proposed() {
    let several = with_mail(promising(&["ana@example.com", "bo@example.com"], 9, &[DRAFT]));
    assert_eq!(proposed_on(&several, "2026-11-24"), []);
    let with_owner = with_mail(promising(&["ana@example.com", "sam@example.com"], 9, &[DRAFT]));
    assert_eq!(proposed_on(&with_owner, "2026-11-24").len(), 1, "the owner is nobody else");
    let to_a_machine = with_mail(promising(&["info@example.com"], 9, &[DRAFT]));
    assert_eq!(proposed_on(&to_a_machine, "2026-11-24"), []);
    let mut theirs = promising(&["sam@example.com"], 9, &[DRAFT]);
    theirs["interaction"]["participants"][0]["email"] = json!("ana@example.com");
    assert_eq!(proposed_on(&with_mail(theirs), "2026-11-24"), []);
}

#[test]
fn what_was_likely_kept_is_not_proposed() {
    let undated = ("I'll get back to you.", "");
    let mut small = with_mail(promising(&["ana@example.com"], 9, &[DRAFT, undated]));
    small.import("mail", &[("other", promising(&["bo@example.com"], 10, &[]))]);
    assert_eq!(proposed_on(&small, "2026-11-30").len(), 2, "that was to somebody else");
    small.import("mail", &[("later", promising(&["ana@example.com"], 11, &[]))]);
    let left = |day: &str| proposed_on(&small, day).into_iter().map(|one| one.text).collect::<Vec<_>>();
    assert_eq!(left("2026-11-24"), [DRAFT.0], "its day is still to come");
    assert_eq!(left("2026-11-27"), [DRAFT.0]);
    assert_eq!(left("2026-11-28"), [""; 0]);
}

#[test]
fn a_proposal_is_confirmed_or_dropped_once_and_the_same_mail_again_makes_no_second() {
    let mail = promising(&["ana@example.com"], 9, &[DRAFT]);
    let mut small = with_mail(mail.clone());
    small.import("mail", &[("one", mail.clone())]);
    let [Proposal { id, record, text, due, .. }]: [Proposal; 1] = proposed_on(&small, "2026-11-24").try_into().unwrap();
    small.say(Care::Promise { record, text, due, of: Some(id) }.into());
    assert_eq!(proposed_on(&small, "2026-11-24"), []);
    let promised = small.book.words().giving().promises().map(|(_, one)| one.text.clone()).collect::<Vec<_>>();
    assert_eq!(promised, [DRAFT.0]);
    let confirmed = small.book.words().giving().promises().next().unwrap().0.clone();
    let mut taken_back = with_mail(mail.clone());
    let Proposal { record, text, due, .. } = proposed_on(&taken_back, "2026-11-24").remove(0);
    taken_back.say(Care::Promise { record, text, due, of: Some(id) }.into());
    taken_back.say(Said::Undo { of: vec![FactId { seq: 3_000, ..confirmed }] });
    assert_eq!(proposed_on(&taken_back, "2026-11-24").len(), 1, "a word taken back leaves the proposal");
    small.import("mail", &[("one", mail.clone())]);
    assert_eq!(proposed_on(&small, "2026-11-24"), []);
    let mut dropped = with_mail(mail);
    let record = proposed_on(&dropped, "2026-11-24")[0].record;
    dropped.say(Care::NotPromised { record, of: id }.into());
    assert_eq!(proposed_on(&dropped, "2026-11-24"), []);
    assert_eq!(dropped.book.words().giving().kept().count(), 0);
}

#[test]
fn a_mail_that_is_undone_read_without_its_text_or_forgotten_promises_nothing() {
    let mail = promising(&["ana@example.com"], 9, &[DRAFT]);
    let mut small = with_mail(mail.clone());
    let import = FactId { device: DeviceId::from_random([0; 4]), seq: 2_000 };
    small.say(Said::Undo { of: vec![import] });
    assert_eq!(proposed_on(&small, "2026-11-24"), []);
    let mut small = with_mail(mail.clone());
    small.import("mail", &[("one", promising(&["ana@example.com"], 9, &[]))]);
    assert_eq!(proposed_on(&small, "2026-11-24"), []);
    let mut small = with_mail(mail);
    let record = proposed_on(&small, "2026-11-24")[0].record;
    small.forget(record);
    assert_eq!(proposed_on(&small, "2026-11-24"), []);
}
