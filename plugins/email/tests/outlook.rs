//! Messages as Outlook saves them, made here as MS-OXMSG describes them.

#![expect(clippy::unwrap_used, clippy::wildcard_enum_match_arm, reason = "helpers of tests fail as tests do")]

use std::io::{Cursor, Write as _};

use cfb::CompoundFile;
use kith_email::EmailImporter;
use kith_plugin::mail::MAIL_ENTRY;
use kith_plugin::record::Record;
use kith_plugin::testing::{Emitted, probe, run};

/// A message under way.
struct Msg(CompoundFile<Cursor<Vec<u8>>>);

impl Msg {
    /// Begins one of this class with numbers of fixed length, each with its property's number.
    fn new(class: &str, numbers: &[(u16, u64)]) -> Self {
        let mut msg = Self(CompoundFile::create(Cursor::new(Vec::new())).unwrap());
        msg.numbers("", 32, numbers);
        msg.text("", 0x001A, class);
        msg
    }

    fn numbers(&mut self, storage: &str, header_bytes: usize, numbers: &[(u16, u64)]) {
        let mut bytes = vec![0; header_bytes];
        for (tag, value) in numbers {
            bytes.extend([0x03, 0]);
            bytes.extend(tag.to_le_bytes());
            bytes.extend([6, 0, 0, 0]);
            bytes.extend(value.to_le_bytes());
        }
        self.put(storage, "__properties_version1.0", &bytes);
    }

    fn text(&mut self, storage: &str, tag: u16, text: &str) {
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        self.put(storage, &format!("__substg1.0_{tag:04X}001F"), &wide);
    }

    fn put(&mut self, storage: &str, name: &str, bytes: &[u8]) {
        self.0.create_stream(format!("{storage}/{name}")).unwrap().write_all(bytes).unwrap();
    }

    fn recipient(&mut self, n: u32, kind: u64, name: &str, (tag, email): (u16, &str)) {
        let storage = format!("/__recip_version1.0_#{n:08X}");
        self.0.create_storage(&storage).unwrap();
        self.numbers(&storage, 8, &[(0x0C15, kind)]);
        self.text(&storage, 0x3001, name);
        self.text(&storage, tag, email);
    }

    fn bytes(self) -> Vec<u8> {
        self.0.into_inner().into_inner()
    }
}

/// Writes what is emitted, an item a line.
fn lines(bytes: &[u8]) -> Vec<String> {
    let lines = run::<EmailImporter>(&[("Hello.msg", bytes)]).into_iter().filter_map(|emitted| match emitted {
        Emitted::Record { record: Record::Interaction(mail), key, .. } => {
            let who = mail.participants.iter().map(|p| {
                let (name, email) = (p.name.as_deref().unwrap_or("-"), p.email.as_deref().unwrap_or("-"));
                format!("{:?} {name} <{email}>", p.role)
            });
            let at = mail.at.map(|at| at.to_string()).unwrap_or_default();
            Some(format!("{} {at} {:?} {}", key.unwrap_or_default(), mail.subject, who.collect::<Vec<_>>().join("; ")))
        }
        Emitted::Record { record: Record::Bulk(bulk), .. } => Some(bulk.class.as_str().to_owned()),
        Emitted::Part(_) | Emitted::End => None,
        other => Some(format!("{other:?}")),
    });
    lines.collect()
}

/// 2026-03-02T09:00:00Z in hundreds of nanoseconds since 1601.
const NINE: u64 = (1_772_442_000 + 11_644_473_600) * 10_000_000;

#[test]
fn a_message_that_came_by_mail_is_read_by_its_headers() {
    let mut msg = Msg::new("IPM.Note", &[]);
    msg.text(
        "",
        0x007D,
        "Received: by mx.example.com; Mon, 2 Mar 2026 09:00:01 +0000\r\nFrom: Ana Silva <ana@example.com>\r\n\
         To: sam@example.com\r\nDate: Mon, 2 Mar 2026 10:00:00 +0100\r\nMessage-ID: <1@example.com>\r\nSubject: Hello\r\n\r\n",
    );
    let expected =
        ["1@example.com 2026-03-02T09:00:00Z Some(\"Hello\") From Ana Silva <ana@example.com>; To - <sam@example.com>"];
    let bytes = msg.bytes();
    assert_eq!(lines(&bytes), expected);
    assert_eq!(probe::<EmailImporter>(&[("Hello.msg", &bytes)]), 95);
    assert_eq!(probe::<EmailImporter>(&[("Hello.doc", &bytes)]), 0);
}

#[test]
fn a_message_that_was_sent_is_read_by_its_properties() {
    let mut msg = Msg::new("IPM.Note", &[(0x0039, NINE), (0x0E07, 1)]);
    msg.text("", 0x0C1A, "Sam \"the\" Example");
    msg.text("", 0x5D01, "sam@example.com");
    msg.text("", 0x0C1F, "/O=EXAMPLE/OU=FIRST/CN=SAM");
    msg.text("", 0x0037, "Hello,\r\nagain");
    msg.text("", 0x1035, "<2@example.com>");
    msg.recipient(0, 1, "Ana Silva", (0x39FE, "ana@example.com"));
    msg.recipient(1, 2, "Jürgen", (0x3003, "j@example.com"));
    msg.recipient(2, 3, "Bo", (0x3003, "/O=EXAMPLE/OU=FIRST/CN=BO"));
    let expected =
        ["2@example.com 2026-03-02T09:00:00Z Some(\"Hello,  again\") From Sam the Example <sam@example.com>; \
         To Ana Silva <ana@example.com>; Cc Jürgen <j@example.com>; Bcc Bo <->"];
    assert_eq!(lines(&msg.bytes()), expected);
}

#[test]
fn what_a_message_promises_is_read_where_the_user_wants_it() {
    let mut msg = Msg::new("IPM.Note", &[(0x0039, NINE)]);
    msg.text("", 0x5D01, "sam@example.com");
    msg.text("", 0x1000, "Hi Ana,\r\nI'll send you the draft tomorrow.\r\n");
    msg.recipient(0, 1, "Ana Silva", (0x39FE, "ana@example.com"));
    let bytes = msg.bytes();
    let promised = |wish: &[u8]| {
        let emitted = run::<EmailImporter>(&[("Hello.msg", &bytes), (MAIL_ENTRY, wish)]);
        let promised = emitted.into_iter().find_map(|item| match item {
            Emitted::Record { record: Record::Interaction(mail), .. } => Some(mail.promises),
            _ => None,
        });
        promised.unwrap().into_iter().map(|one| format!("{} {:?}", one.text, one.due)).collect::<Vec<_>>()
    };
    assert_eq!(
        promised(br#"{"promises_of":["sam@example.com"]}"#),
        ["I'll send you the draft tomorrow. Some(2026-03-03)"]
    );
    assert_eq!(promised(br#"{"promises_of":["ana@example.com"]}"#), [""; 0]);
}

#[test]
fn what_was_never_sent_is_a_draft_and_what_is_no_mail_is_refused() {
    let mut draft = Msg::new("IPM.Note", &[(0x0E07, 8)]);
    draft.text("", 0x0C1A, "Sam");
    assert_eq!(lines(&draft.bytes()), ["Tally { class: \"draft\", count: 1 }"]);
    let contact = Msg::new("IPM.Contact", &[]).bytes();
    assert_eq!(lines(&contact), ["Refused(\"an item of Outlook that is no mail: IPM.Contact\")"]);
    let two =
        run::<EmailImporter>(&[("a.msg", &contact), ("b.msg", b"From: ana@example.com\nTo: sam@example.com\n\n")]);
    assert!(two.iter().any(|item| matches!(item, Emitted::Record { .. })), "{two:?}");
}

#[test]
fn what_is_broken_is_refused_wherever_it_is() {
    let mut msg = Msg::new("IPM.Note", &[(0x0039, NINE)]);
    msg.text("", 0x0037, &"long ".repeat(2_000));
    msg.recipient(0, 1, "Ana Silva", (0x39FE, "ana@example.com"));
    let whole = msg.bytes();
    for at in (0..whole.len()).step_by(31) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        assert!(!run::<EmailImporter>(&[("a.msg", &bytes)]).is_empty());
        assert!(!run::<EmailImporter>(&[("a.msg", &whole[..at])]).is_empty());
    }
    assert!(lines(&whole[..600])[0].contains("not a message of Outlook, or a broken one"));
}
