//! Who else is on the thread: what mail says of two addresses under one name.

use kith_core::book::Book;
use kith_core::book::facet::participant_record;
use kith_core::fact::{Said, Settings};
use kith_core::id::RecordId;
use kith_core::resolve::link::Verdict;
use serde_json::{Value, json};

use super::Small;

const ME: (&str, &str) = ("Sam Field", "sam@example.com");
const AT_WORK: (&str, &str) = ("Ana Silva", "ana@umbra.example");
const AT_HOME: (&str, &str) = ("Ana Silva", "a.silva77@mail.example");
const CARL: (&str, &str) = ("Carl Berg", "carl@penumbra.example");
const DORA: (&str, &str) = ("Dora Lind", "dora@antumbra.example");

/// A message of a thread, by the first to the others.
fn mail(thread: &str, people: &[(&str, &str)]) -> Value {
    let participant = |(at, (name, email)): (usize, &(&str, &str))| json!({"role": if at == 0 { "from" } else { "to" }, "name": name, "email": email});
    let participants: Vec<Value> = people.iter().enumerate().map(participant).collect();
    json!({"interaction": {"kind": "mail", "at": "2026-11-20T09:00:00Z", "thread": thread, "participants": participants}})
}

/// Returns the book of these messages, in this order and in the other.
fn books(mails: &[Value]) -> [Book; 2] {
    let keyed: Vec<(String, &Value)> = mails.iter().enumerate().map(|(at, mail)| (format!("m{at}"), mail)).collect();
    let book = |order: &mut dyn Iterator<Item = &(String, &Value)>| {
        let mut small = Small::default();
        for (key, mail) in order {
            small.import("mail", &[(key, (*mail).clone())]);
        }
        small.book
    };
    [book(&mut keyed.iter()), book(&mut keyed.iter().rev())]
}

/// The record of somebody who took part.
fn record((name, email): (&str, &str)) -> RecordId {
    participant_record("mail", &format!("{email}\n{name}"))
}

/// Returns what follows of the two addresses of the name, and why.
#[track_caller]
fn link(mails: &[Value]) -> (Verdict, Vec<String>) {
    let [one, other] = books(mails).map(|book| {
        let link = book.compare(&record(AT_WORK), &record(AT_HOME)).unwrap();
        (link.verdict, link.reasons.into_iter().map(|reason| reason.words).collect())
    });
    assert_eq!(one, other, "in any order");
    one
}

#[test]
fn who_answers_what_was_sent_to_another_address_under_one_rare_name_is_one_person() {
    let (verdict, reasons) = link(&[mail("t", &[ME, AT_WORK]), mail("t", &[AT_HOME, ME])]);
    assert_eq!(verdict, Verdict::Joined, "{reasons:?}");
    assert!(reasons.contains(&"one answers on a mail thread of the other".to_owned()), "{reasons:?}");
}

#[test]
fn who_is_written_to_twice_in_one_mail_may_be_two() {
    let (verdict, reasons) = link(&[mail("t", &[ME, AT_WORK, AT_HOME]), mail("t", &[AT_HOME, ME])]);
    assert_ne!(verdict, Verdict::Joined, "{reasons:?}");
}

#[test]
fn two_of_a_name_who_write_with_the_same_third_are_asked_about() {
    let (verdict, reasons) = link(&[mail("t", &[ME, AT_WORK, CARL]), mail("u", &[AT_HOME, ME, CARL])]);
    assert_eq!(verdict, Verdict::Question, "{reasons:?}");
    assert!(reasons.contains(&"mail threads with the same other people".to_owned()), "{reasons:?}");
}

#[test]
fn with_the_owner_everybody_writes_and_it_says_nothing() {
    let (_, reasons) = link(&[mail("t", &[ME, AT_WORK, CARL]), mail("u", &[AT_HOME, ME, DORA])]);
    assert!(!reasons.iter().any(|reason| reason.contains("mail thread")), "{reasons:?}");
}

#[test]
fn whom_everybody_writes_with_says_nothing_nor_do_the_owners_own_addresses() {
    let shared = [mail("t", &[ME, AT_WORK, CARL]), mail("u", &[AT_HOME, ME, CARL])];
    let others = ["ida", "rui", "mia", "tom", "lea"].map(|name| format!("{name}@penumbra.example"));
    let more = others.iter().map(|other| mail(other, &[ME, ("Somebody Else", other), CARL]));
    let (_, reasons) = link(&shared.iter().cloned().chain(more).collect::<Vec<_>>());
    assert!(!reasons.iter().any(|reason| reason.contains("mail thread")), "{reasons:?}");

    let at_home = ("Sam Field", "sam@mail.example");
    let mut small = Small::default();
    let me = vec![ME.1.to_owned(), at_home.1.to_owned()];
    small.say(Said::Settings(Settings { me, ..Settings::default() }));
    small.import("mail", &[("m0", mail("t", &[AT_WORK, ME, at_home])), ("m1", mail("u", &[AT_HOME, ME, at_home]))]);
    let reasons = small.book.compare(&record(AT_WORK), &record(AT_HOME)).unwrap().reasons;
    assert!(!reasons.iter().any(|reason| reason.words.contains("mail thread")), "{reasons:?}");
}

#[test]
fn a_mail_that_comes_to_name_another_thread_is_on_that_one_alone() {
    let mut small = Small::default();
    small.import("mail", &[("m0", mail("t", &[ME, AT_WORK])), ("m1", mail("t", &[AT_HOME, ME]))]);
    let verdict = |small: &Small| small.book.compare(&record(AT_WORK), &record(AT_HOME)).unwrap().verdict;
    assert_eq!(verdict(&small), Verdict::Joined);
    small.import("mail", &[("m1", mail("u", &[AT_HOME, ME]))]);
    assert_ne!(verdict(&small), Verdict::Joined);
    small.import("mail", &[("m1", mail("t", &[AT_HOME, ME]))]);
    assert_eq!(verdict(&small), Verdict::Joined);
}
