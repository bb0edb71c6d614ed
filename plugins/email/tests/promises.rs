//! Promises in mail that the user sent: read only where they want it, only in their own, and only what they wrote themselves.

#![expect(clippy::unwrap_used, clippy::wildcard_enum_match_arm, reason = "helpers of tests fail as tests do")]

use kith_email::EmailImporter;
use kith_plugin::mail::{MAIL_ENTRY, MailWish};
use kith_plugin::record::Record;
use kith_plugin::testing::{Emitted, run};

const SENT: &[u8] = include_bytes!("fixtures/sent.mbox");

/// Returns key, sentence and day of each promise in a file, with what is told beside it.
fn promised(name: &str, bytes: &[u8], of: &[&str]) -> Vec<(String, String, Option<String>)> {
    let wish = MailWish { promises_of: of.iter().map(|&address| address.to_owned()).collect() };
    let wish = serde_json::to_vec(&wish).unwrap();
    let emitted = run::<EmailImporter>(&[(name, bytes), (MAIL_ENTRY, &wish)]);
    assert_eq!(emitted.last(), Some(&Emitted::End));
    let mails = emitted.into_iter().filter_map(|item| match item {
        Emitted::Record { key, record: Record::Interaction(mail), .. } => Some((key.unwrap_or_default(), mail)),
        _ => None,
    });
    mails
        .flat_map(|(key, mail)| {
            assert_eq!(mail.text, None);
            mail.promises
                .into_iter()
                .map(move |promise| (key.clone(), promise.text, promise.due.map(|due| due.to_string())))
        })
        .collect()
}

fn found(key: &str, text: &str, due: Option<&str>) -> (String, String, Option<String>) {
    (format!("{key}@example.com"), text.to_owned(), due.map(str::to_owned))
}

#[test]
fn finds_what_the_sender_promises_and_counts_days_from_the_day_of_sending() {
    let draft =
        "thank you for the coffee and for everything that you told me about Graz. I’ll send you the draft by Friday.";
    let (_, draft) = draft.split_once("Graz. ").unwrap();
    assert_eq!(
        promised("sent.mbox", SENT, &["sam@example.com"]),
        [
            found("plain", draft, Some("2026-11-27")),
            found("html", "ich schicke dir die Unterlagen bis Freitag.", Some("2026-11-27")),
            found("undated", "I'll introduce you to Bernd.", None),
        ]
    );
}

#[test]
fn reads_nothing_of_others_and_nothing_unless_it_is_told_to() {
    assert_eq!(promised("sent.mbox", SENT, &["ana@example.com"]).len(), 1, "hers, were she the user");
    assert_eq!(promised("sent.mbox", SENT, &["else@example.com"]), []);
    assert_eq!(promised("sent.mbox", SENT, &[]), []);
    for item in run::<EmailImporter>(&[("sent.mbox", SENT)]) {
        let is_without = |record: Record| matches!(record, Record::Interaction(mail) if mail.promises.is_empty());
        assert!(!matches!(item, Emitted::Record { record, .. } if !is_without(record.clone())));
    }
}

#[test]
fn what_is_told_beside_the_files_is_no_mail_and_changes_nothing_else() {
    let wish = serde_json::to_vec(&MailWish::default()).unwrap();
    let with = run::<EmailImporter>(&[("sent.mbox", SENT), (MAIL_ENTRY, &wish)]);
    assert_eq!(with, run::<EmailImporter>(&[("sent.mbox", SENT)]));
    let refused = run::<EmailImporter>(&[("sent.mbox", SENT), (MAIL_ENTRY, b"no")]);
    assert!(matches!(refused.last(), Some(Emitted::Refused(reason)) if reason.contains("whose mail")), "{refused:?}");
}

#[test]
fn a_single_message_and_one_of_a_maildir_are_read_as_well() {
    let mail = b"From: sam@example.com\r\nTo: ana@example.com\r\nDate: Mon, 23 Nov 2026 09:00:00 +0100\r\n\
                 Message-ID: <one@example.com>\r\n\r\nI'll send you the draft tomorrow.\r\n";
    for name in ["one.eml", "cur/1700000000.M1P1.host:2,S"] {
        let expected = [found("one", "I'll send you the draft tomorrow.", Some("2026-11-24"))];
        assert_eq!(promised(name, mail, &["sam@example.com"]), expected, "{name}");
    }
}

#[test]
fn a_list_or_a_draft_promises_nothing() {
    let mail = |field: &str| {
        let text = format!(
            "From: sam@example.com\nTo: ana@example.com\nDate: Mon, 23 Nov 2026 09:00:00 +0100\n\
             Message-ID: <one@example.com>\n{field}\n\nI'll send you the draft tomorrow.\n"
        );
        promised("one.eml", text.as_bytes(), &["sam@example.com"]).len()
    };
    assert_eq!(mail("X-Other: 1"), 1);
    assert_eq!(mail("List-Id: <news.example.com>"), 0);
    assert_eq!(mail("X-Gmail-Labels: Draft"), 0);
}
