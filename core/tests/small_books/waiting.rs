//! Whose mail waits for the owner's answer: mail as importers read it, in any order, and whose it is.

use std::collections::BTreeSet;

use kith_core::book::Book;
use kith_core::book::threads::Waiting;
use kith_core::fact::{Said, Settings};
use kith_core::id::RecordId;
use kith_proto::interaction::InteractionKind;
use serde_json::{Value, json};

use super::{Small, card, of};

const ME: &str = "sam@example.com";
const ANA: &str = "ana@umbra.example";

/// A mail, written at this hour.
struct Mail<'a> {
    key: &'a str,
    hour: u8,
    from: &'a str,
    to: &'a str,
    /// The thread and the message that it names.
    names: [&'a str; 2],
}

impl Mail<'_> {
    fn body(&self) -> Value {
        let [thread, answers] = self.names.map(|name| Some(name).filter(|name| !name.is_empty()));
        json!({"interaction": {"kind": "mail", "at": format!("2026-11-20T{:02}:00:00Z", self.hour), "thread": thread,
            "answers": answers, "participants": [{"role": "from", "email": self.from, "name": self.from.split_once('@').unwrap().0},
            {"role": "to", "email": self.to}]}})
    }
}

/// Returns the book of these mails, each imported by itself, of an owner with this address.
fn book<'a>(me: &str, mails: impl IntoIterator<Item = &'a Mail<'a>>) -> Book {
    let mut small = Small::default();
    small.say(Said::Settings(Settings { me: vec![me.to_owned()], ..Settings::default() }));
    for mail in mails {
        small.import("mail", &[(mail.key, mail.body())]);
    }
    small.book
}

/// Returns which of these messages wait.
fn waiting(book: &Book, keys: &[&'static str]) -> BTreeSet<&'static str> {
    let waiting: BTreeSet<RecordId> = book.waiting().iter().map(|waiting| waiting.message).collect();
    keys.iter().filter(|key| waiting.contains(&of("mail", key))).copied().collect()
}

#[test]
fn an_answer_that_names_another_first_message_is_of_the_thread_in_any_order() {
    let asked = Mail { key: "q1@x", hour: 9, from: ANA, to: ME, names: ["r1@x", "r2@x"] };
    let answered = Mail { key: "a1@x", hour: 10, from: ME, to: ANA, names: ["r2@x", "q1@x"] };
    let first = Mail { key: "r1@x", hour: 7, from: ANA, to: ME, names: ["", ""] };
    let second = Mail { key: "r2@x", hour: 8, from: ME, to: ANA, names: ["r1@x", ""] };
    let keys = ["q1@x", "a1@x", "r1@x", "r2@x"];
    for mails in [
        [&asked, &answered, &first, &second],
        [&answered, &second, &asked, &first],
        [&first, &answered, &second, &asked],
    ] {
        assert_eq!(waiting(&book(ME, mails), &keys), BTreeSet::new());
    }
    assert_eq!(waiting(&book(ME, [&answered, &asked]), &keys), BTreeSet::new());
    assert_eq!(waiting(&book(ME, [&second, &asked, &first]), &keys), BTreeSet::from(["q1@x"]));
}

#[test]
fn a_mail_that_comes_to_name_what_it_answers_joins_its_thread() {
    let asked = Mail { key: "q1@x", hour: 9, from: ANA, to: ME, names: ["r1@x", ""] };
    let as_once_read = Mail { key: "a1@x", hour: 10, from: ME, to: ANA, names: ["r2@x", ""] };
    let as_read = Mail { names: ["r2@x", "q1@x"], ..as_once_read };
    let as_once_read = Mail { key: "a1@x", hour: 10, from: ME, to: ANA, names: ["r2@x", ""] };
    assert_eq!(waiting(&book(ME, [&asked, &as_once_read]), &["q1@x"]), BTreeSet::from(["q1@x"]));
    assert_eq!(waiting(&book(ME, [&asked, &as_once_read, &as_read]), &["q1@x"]), BTreeSet::new());
}

#[test]
fn whether_mail_of_somebody_has_waited_is_told_by_their_messages_and_their_answers() {
    let asked = Mail { key: "q1@x", hour: 9, from: ANA, to: ME, names: ["", ""] };
    let answered = Mail { key: "a1@x", hour: 10, from: ME, to: ANA, names: ["q1@x", ""] };
    let asked_again = Mail { key: "q2@x", hour: 15, from: ANA, to: ME, names: ["", ""] };
    let has_waited = |mails: &[&Mail<'_>]| {
        let book = book(ME, mails.iter().copied());
        let ana = book.find(ANA).pop().unwrap();
        ["2026-11-20T08:00:00Z", "2026-11-20T12:00:00Z"].map(|by| book.has_waited(&ana, by.parse().unwrap()))
    };
    assert_eq!(has_waited(&[&asked]), [false, true]);
    assert_eq!(has_waited(&[&asked, &answered]), [false, false]);
    assert_eq!(has_waited(&[&asked, &answered, &asked_again]), [false, false], "that came later");
    let nudged = Mail { names: ["q1@x", "q1@x"], ..asked_again };
    assert_eq!(has_waited(&[&asked, &nudged]), [false, true], "they wrote again");
    assert_eq!(has_waited(&[&asked, &answered, &nudged]), [false, false], "that is new");
}

#[test]
fn mail_to_an_address_of_the_owners_waits_also_where_offices_have_such_a_one() {
    for me in ["sam@example.com", "hello@example.com", "mail@example.com", "info@example.com", "office@example.com"] {
        let asked = Mail { key: "q1@x", hour: 9, from: ANA, to: me, names: ["", ""] };
        let answered = Mail { key: "a1@x", hour: 10, from: me, to: ANA, names: ["q1@x", ""] };
        assert_eq!(waiting(&book(me, [&asked]), &["q1@x"]), BTreeSet::from(["q1@x"]), "{me}");
        assert_eq!(waiting(&book(me, [&asked, &answered]), &["q1@x"]), BTreeSet::new(), "{me}");
    }
    let to_others = Mail { key: "q1@x", hour: 9, from: ANA, to: "contact@other.example", names: ["", ""] };
    assert_eq!(waiting(&book("contact@example.com", [&to_others]), &["q1@x"]), BTreeSet::new());
}

#[test]
fn who_writes_often_and_was_never_written_to_is_told_from_who_wrote_once_or_twice() {
    let news = |key, hour| Mail { key, hour, from: "feed@news.example", to: ME, names: ["", ""] };
    let often = |mails: &[&Mail<'_>]| -> Vec<bool> {
        let waiting: Vec<Waiting> = book(ME, mails.iter().copied()).waiting();
        waiting.iter().map(|waiting| waiting.often).collect()
    };
    let [one, two, three] = [news("n1@x", 1), news("n2@x", 2), news("n3@x", 3)];
    let answered = Mail { key: "a1@x", hour: 0, from: ME, to: "feed@news.example", names: ["", ""] };
    assert_eq!(often(&[&one, &two]), [false; 2]);
    assert_eq!(often(&[&one, &two, &three]), [true; 3]);
    assert_eq!(often(&[&one, &two, &three, &answered]), [false; 3]);
}

/// Returns which of these mails wait, each a key, a day, who wrote it to whom, and its subject; none names another.
fn waiting_of(mails: &[(&'static str, &str, [&str; 2], &str)]) -> BTreeSet<&'static str> {
    let mut small = Small::default();
    small.say(Said::Settings(Settings { me: vec![ME.to_owned()], ..Settings::default() }));
    for (key, day, [from, to], subject) in mails {
        let participants = json!([{"role": "from", "email": from, "name": "Ana Umbra"}, {"role": "to", "email": to}]);
        let body =
            json!({"kind": "mail", "at": format!("{day}T09:00:00Z"), "subject": subject, "participants": participants});
        small.import("mail", &[(key, json!({"interaction": body}))]);
    }
    waiting(&small.book, &mails.iter().map(|(key, ..)| *key).collect::<Vec<_>>())
}

#[test]
fn whom_the_owner_met_since_has_nothing_that_waits() {
    let mut small = Small::default();
    small.say(Said::Settings(Settings { me: vec![ME.to_owned()], ..Settings::default() }));
    small.import("vcard", &[("ana", card("Ana Umbra", "", ANA))]);
    let mail = Mail { key: "q1@x", hour: 9, from: ANA, to: ME, names: ["", ""] };
    small.import("mail", &[(mail.key, mail.body())]);
    let met = |at: &str| {
        let records = vec![of("vcard", "ana")];
        Said::Log { records, at: at.parse().unwrap(), kind: InteractionKind::Meeting, text: None, occurrence: None }
    };
    small.say(met("2026-11-20T08:59:00Z"));
    assert_eq!(waiting(&small.book, &["q1@x"]).len(), 1);
    small.say(met("2026-11-20T12:00:00Z"));
    assert_eq!(waiting(&small.book, &["q1@x"]).len(), 0);
}

#[test]
fn an_answer_that_names_nothing_is_known_by_its_subject_in_any_order() {
    let asked = ("q1@x", "2026-11-02", [ANA, ME], "Lunch");
    let answered = |day, to, subject| ("a1@x", day, [ME, to], subject);
    for answer in [
        answered("2026-11-02", ANA, "Lunch"),
        answered("2026-11-03", ANA, "Re: Lunch"),
        answered("2026-12-02", ANA, "AW: [team] lunch"),
    ] {
        assert_eq!(waiting_of(&[asked, answer]), BTreeSet::new(), "{answer:?}");
        assert_eq!(waiting_of(&[answer, asked]), BTreeSet::new(), "{answer:?}");
    }
    for other in [
        answered("2026-11-01", ANA, "Re: Lunch"),
        answered("2026-12-03", ANA, "Re: Lunch"),
        answered("2026-11-03", ANA, "Dinner"),
        answered("2026-11-03", "bob@umbra.example", "Re: Lunch"),
    ] {
        assert_eq!(waiting_of(&[asked, other]), BTreeSet::from(["q1@x"]), "{other:?}");
    }
    let again = ("q2@x", "2026-11-05", [ANA, ME], "Re: Lunch");
    assert_eq!(waiting_of(&[asked, answered("2026-11-03", ANA, "Re: Lunch"), again]), BTreeSet::from(["q2@x"]));
    let nothing = ("q1@x", "2026-11-02", [ANA, ME], "Re:");
    assert_eq!(waiting_of(&[nothing, answered("2026-11-03", ANA, "")]), BTreeSet::from(["q1@x"]));
}
