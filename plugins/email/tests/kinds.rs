//! The kinds of mbox: each program writes the same messages another way, and they are read as the same.

#![expect(clippy::panic, clippy::wildcard_enum_match_arm, reason = "helpers of tests fail as tests do")]

use kith_email::EmailImporter;
use kith_plugin::interaction::Direction;
use kith_plugin::record::Record;
use kith_plugin::testing::{Emitted, run};

/// How a program writes an mbox.
#[derive(Debug, Clone, Copy)]
struct Kind {
    name: &'static str,
    separator: &'static str,
    quotes: Quotes,
    lengths: bool,
}

/// Which lines of a body get a `>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    None,
    /// Those that begin with `From `.
    From,
    /// Also those that have some already.
    Deep,
}

const KINDS: [Kind; 6] = [
    Kind {
        name: "mboxo",
        separator: "From bo@example.com Tue Jan  2 03:04:05 2024",
        quotes: Quotes::From,
        lengths: false,
    },
    Kind {
        name: "mboxrd",
        separator: "From bo@example.com Tue Jan  2 03:04:05 2024",
        quotes: Quotes::Deep,
        lengths: false,
    },
    Kind {
        name: "mboxcl",
        separator: "From bo@example.com Tue Jan  2 03:04:05 2024",
        quotes: Quotes::From,
        lengths: true,
    },
    Kind {
        name: "mboxcl2",
        separator: "From bo@example.com Tue Jan  2 03:04:05 2024",
        quotes: Quotes::None,
        lengths: true,
    },
    Kind { name: "thunderbird", separator: "From - Tue Jan 02 03:04:05 2024", quotes: Quotes::Deep, lengths: false },
    Kind { name: "bare", separator: "From ", quotes: Quotes::Deep, lengths: false },
];

/// What a body may hold that looks like the beginning of a message.
const BODIES: [&str; 4] = [
    "Hi\n\nFrom here on it rains.\n",
    ">From the archive\n\n>>From deeper still\nSubject: no header\n",
    "Look:\n\nFrom mallory@example.com Mon Jan  1 00:00:00 2024\nFrom: Mallory <mallory@example.com>\nSubject: quoted whole\n\nboo\n",
    "",
];

fn quoted(line: &str, quotes: Quotes) -> String {
    let bare = if quotes == Quotes::Deep { line.trim_start_matches('>') } else { line };
    let quote = if quotes != Quotes::None && bare.starts_with("From ") { ">" } else { "" };
    format!("{quote}{line}")
}

fn written(kind: Kind, newline: &str) -> String {
    let mut text = String::new();
    for (n, body) in BODIES.iter().enumerate() {
        let body: String = body.lines().map(|line| quoted(line, kind.quotes) + newline).collect();
        let length = if kind.lengths { format!("Content-Length: {}{newline}", body.len()) } else { String::new() };
        let headers = [
            kind.separator.to_owned(),
            "From: Bo Berg <bo@example.com>".to_owned(),
            "To: me@kith.example".to_owned(),
            "Date: Tue, 2 Jan 2024 03:04:05 +0000".to_owned(),
            format!("Message-ID: <m{n}@example.com>"),
            format!("Subject: Message {n}"),
        ];
        text += &(headers.join(newline) + newline + &length + newline + &body + newline);
    }
    text
}

/// Returns what is read, without the sizes, which differ with the quotes.
fn read(name: &str, text: &str) -> Vec<(Option<String>, String)> {
    let records = run::<EmailImporter>(&[(name, text.as_bytes())]).into_iter().filter_map(|emitted| match emitted {
        Emitted::Record { key, record: Record::Interaction(mut mail), .. } => {
            mail.size = None;
            Some((key, format!("{mail:?}")))
        }
        Emitted::Part(_) | Emitted::End => None,
        other => panic!("{other:?}\n{text}"),
    });
    records.collect()
}

#[test]
fn every_kind_of_mbox_gives_the_same_messages() {
    let expected = read("a.mbox", &written(KINDS[0], "\n"));
    assert_eq!(expected.len(), BODIES.len());
    for kind in KINDS {
        for newline in ["\n", "\r\n"] {
            assert_eq!(read("a.mbox", &written(kind, newline)), expected, "{} {newline:?}", kind.name);
        }
    }
}

#[track_caller]
fn direction(name: &str, headers: &str) -> Option<Direction> {
    let text = format!("{headers}From: me@kith.example\nTo: bo@example.com\nMessage-ID: <a@kith.example>\n\nHi\n");
    let emitted = run::<EmailImporter>(&[(name, text.as_bytes())]);
    let mail = emitted.into_iter().find_map(|emitted| match emitted {
        Emitted::Record { record: Record::Interaction(mail), .. } => Some(mail),
        _ => None,
    });
    mail.unwrap_or_else(|| panic!("no mail in {name}")).direction
}

#[test]
fn what_lies_among_the_sent_says_so() {
    let separator = "From me@kith.example Tue Jan  2 03:04:05 2024\n";
    for name in ["Sent", "Gesendet.mbox", "Messages envoyés", "送信済みメール.mbox"] {
        assert_eq!(direction(name, separator), Some(Direction::Outgoing), "{name}");
    }
    assert_eq!(direction(".Sent Items/cur/1700000000.M1P2.host:2,S", ""), Some(Direction::Outgoing));
    assert_eq!(
        direction("All mail.mbox", &format!("{separator}X-Gmail-Labels: Gesendet,Wichtig\n")),
        Some(Direction::Outgoing)
    );
    assert_eq!(direction("All mail.mbox", &format!("{separator}X-Gmail-Labels: Posteingang\n")), None);
    assert_eq!(direction("Inbox", separator), None);
}
