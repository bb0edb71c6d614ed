//! The card of an organisation and the mailbox of its address are one entry, where nothing speaks against it.

use kith_core::book::facet::participant_record;
use kith_core::id::RecordId;
use serde_json::{Value, json};

use super::{Small, card, of};

fn mail_from(name: &str, address: &str) -> Value {
    json!({"interaction": {"kind": "mail", "at": "2026-11-20T09:00:00Z", "participants": [
        {"role": "from", "name": name, "email": address}, {"role": "to", "email": "sam@example.com"}]}})
}

fn mailbox(name: &str, address: &str) -> RecordId {
    participant_record("mail", &format!("{address}\n{name}"))
}

/// Imports these cards, and mail from the address under these names, in both orders; checks whether each is one entry with
/// the card of Acme.
#[track_caller]
fn check(cards: &[(&str, Value)], senders: &[&str], are_one: &[(RecordId, bool)]) {
    let mails: Vec<(&str, Value)> = senders.iter().map(|name| (*name, mail_from(name, ADDRESS))).collect();
    let mails = ("mail", mails.as_slice());
    for cards_first in [true, false] {
        let mut small = Small::default();
        let order = if cards_first { [("vcard", cards), mails] } else { [mails, ("vcard", cards)] };
        for (source, records) in order {
            small.import(source, records);
        }
        let first = small.book.person(&of("vcard", "acme")).unwrap();
        for (record, is_one) in are_one {
            let other = small.book.person(record).unwrap();
            assert_eq!(other.id == first.id, *is_one, "{record}, cards first: {cards_first}");
        }
        assert!(small.book.questions().is_empty(), "nobody is asked about what is no person");
    }
}

const ADDRESS: &str = "office@acme.example";

fn acme() -> (&'static str, Value) {
    ("acme", card("Acme GmbH", "Acme GmbH", ADDRESS))
}

#[test]
fn a_company_is_one_with_the_mailbox_of_its_address() {
    let mailboxes = ["", "office", "Acme"].map(|name| (mailbox(name, ADDRESS), true));
    check(&[acme()], &["", "office", "Acme"], &mailboxes);
}

#[test]
fn two_companies_that_share_an_address_are_two_and_its_mailbox_is_neither() {
    let other = ("quay", card("Quay Works Ltd", "Quay Works Ltd", ADDRESS));
    check(&[acme(), other], &[""], &[(of("vcard", "quay"), false), (mailbox("", ADDRESS), false)]);
}

#[test]
fn a_person_at_an_address_of_the_company_is_not_the_company() {
    let person = ("ana", card("Ana Silva", "", ADDRESS));
    check(&[acme(), person], &["", "Ana Silva"], &[(of("vcard", "ana"), false), (mailbox("", ADDRESS), true)]);
}
