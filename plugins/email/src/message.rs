//! Makes a record of a header block: an interaction, or next to nothing of a message that no person wrote.

use jiff::Timestamp;
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::interaction::{Direction, Interaction, InteractionKind, Participant, Role};
use kith_plugin::record::{Bulk, Record};

use crate::bulk::class_of;
use crate::folder::Folder;
use crate::head::{Head, Mailbox, parse_date};
use crate::maildir;
use crate::named::{Named, named};

/// The longest name, address, subject or thread that is kept: RFC 5322 §2.1.1 allows a line of 998 bytes.
const TEXT_LIMIT_BYTES: usize = 4 * 1024;

/// The most text of one message's addresses: a record must fit in a frame of 1 MiB, where a character may take six bytes.
const ADDRESSES_LIMIT_BYTES: usize = 96 * 1024;

/// What is known of a message besides its headers.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Around<'a> {
    /// What lies behind `From ` in an mbox.
    pub(crate) separator: &'a str,
    /// What its name in a Maildir says.
    pub(crate) maildir: maildir::Name<'a>,
    pub(crate) folder: Folder,
    pub(crate) size: u64,
}

/// What a message becomes.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// A record with its key.
    Record(Option<String>, Record),
    /// A draft, which is only counted.
    Draft,
    /// Nothing, for this reason.
    Refused(&'static str),
}

/// Makes a record of a header block, and says what is wrong with it.
pub(crate) fn outcome_of(mut head: Head, around: &Around<'_>) -> (Outcome, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    if head.known == 0 {
        return (Outcome::Refused("not a mail: no header is one of mail"), diagnostics);
    }
    let folder = head.marks.labels.as_deref().map(Folder::of_labels).filter(|folder| *folder != Folder::Other);
    let folder = folder.unwrap_or(around.folder);
    if folder == Folder::Drafts || around.maildir.has('D') {
        return (Outcome::Draft, diagnostics);
    }
    if head.from.is_empty() {
        head.from = core::mem::take(&mut head.sender);
        if !head.from.is_empty() {
            diagnostics.push(Diagnostic::kept("missing", "Sender taken for it").in_property("From"));
        } else if head.to.is_empty() && head.cc.is_empty() && head.bcc.is_empty() {
            return (Outcome::Refused("neither a sender nor a recipient"), diagnostics);
        } else {
            diagnostics.push(Diagnostic::kept("missing", "message kept without a sender").in_property("From"));
        }
    }
    let at = instant(&head, around, &mut diagnostics);
    if let Some(class) = class_of(&head, folder) {
        return (Outcome::Record(Some(bulk_key(&head)), Record::Bulk(Bulk { class, at })), diagnostics);
    }
    let participants = participants(&head, &mut diagnostics);
    let key = head.message_id.take().filter(|id| id.len() <= TEXT_LIMIT_BYTES);
    let Named { thread, answers } = named(&head);
    let thread = thread.or_else(|| key.clone());
    let interaction = Interaction {
        kind: InteractionKind::Mail,
        at,
        participants,
        thread: thread.map(cut),
        answers: answers.map(cut),
        subject: head.subject.map(cut),
        size: Some(around.size),
        text: None,
        direction: (folder == Folder::Sent).then_some(Direction::Outgoing),
        answered: around.maildir.has('R'),
        promises: Vec::new(),
        on: None,
        recurs: false,
    };
    (Outcome::Record(key, Record::Interaction(Box::new(interaction))), diagnostics)
}

/// Returns when it was sent: by Date, else when it was received, else when it was put into the mbox or Maildir.
fn instant(head: &Head, around: &Around<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Timestamp> {
    if let Some(Ok(at)) = head.date {
        return Some(at);
    }
    let other = head.received.or_else(|| separator_date(around.separator)).or(around.maildir.delivered);
    let consequence = if other.is_some() { "time of delivery taken for it" } else { "message kept without a date" };
    let problem = if head.date.is_some() { "not a date" } else { "missing" };
    let mut diagnostic = Diagnostic::kept(problem, consequence).in_property("Date");
    if let Some(Err(text)) = &head.date {
        diagnostic = diagnostic.with_value(text);
    }
    diagnostics.push(diagnostic);
    other
}

/// Reads the date of a separator: `a@b Mon Apr  7 14:31:02 2025`, Gmail's `… Mon Apr 07 14:31:02 +0000 2025`.
///
/// Without a zone it is taken as UTC (RFC 4155, appendix A).
fn separator_date(separator: &str) -> Option<Timestamp> {
    let words: Vec<&str> = separator.split_whitespace().collect();
    let time = words.iter().position(|word| word.len() >= 5 && word.as_bytes().get(2) == Some(&b':'))?;
    let (month, day) = (words.get(time.checked_sub(2)?)?, words.get(time.checked_sub(1)?)?);
    let behind = words.get(time + 1..)?;
    let year = behind.iter().find(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()))?;
    let zone = behind.iter().find(|word| word.starts_with(['+', '-'])).unwrap_or(&"+0000");
    parse_date(&format!("{day} {month} {year} {} {zone}", words.get(time)?))
}

fn participants(head: &Head, diagnostics: &mut Vec<Diagnostic>) -> Vec<Participant> {
    let roles = [(Role::From, &head.from), (Role::To, &head.to), (Role::Cc, &head.cc), (Role::Bcc, &head.bcc)];
    let mut room = ADDRESSES_LIMIT_BYTES;
    let mut list = Vec::with_capacity(4);
    for (role, mailbox) in roles.into_iter().flat_map(|(role, boxes)| boxes.iter().map(move |mailbox| (role, mailbox)))
    {
        let Mailbox { name, email } = mailbox;
        let (name, email) = (name.clone().map(cut), email.clone().map(cut));
        let bytes = 16 + name.as_ref().map_or(0, String::len) + email.as_ref().map_or(0, String::len);
        let Some(rest) = room.checked_sub(bytes) else {
            diagnostics.push(Diagnostic::kept("too many addresses", format!("kept with the first {}", list.len())));
            break;
        };
        room = rest;
        list.push(Participant { role, name, email, profile: None });
    }
    list
}

/// Returns a key that tells nothing of the message but whether it is the same.
fn bulk_key(head: &Head) -> String {
    let hash = match &head.message_id {
        Some(id) => blake3::hash(id.as_bytes()),
        None => {
            let from = head.from.first().and_then(|from| from.email.as_deref()).unwrap_or_default();
            let date = head.date.as_ref().and_then(|date| date.as_ref().ok()).map(|at| at.as_second());
            blake3::hash(format!("{from}\n{date:?}\n{}", head.subject.as_deref().unwrap_or_default()).as_bytes())
        }
    };
    let hex = hash.to_hex();
    format!("bulk:{}", hex.get(..32).unwrap_or(&hex))
}

fn cut(mut text: String) -> String {
    if text.len() > TEXT_LIMIT_BYTES {
        text.truncate(text.floor_char_boundary(TEXT_LIMIT_BYTES));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::head::read;

    #[track_caller]
    fn check_separator(separator: &str, expected: Option<&str>) {
        assert_eq!(separator_date(separator), expected.map(|date| date.parse().unwrap()), "{separator}");
    }

    #[test]
    fn reads_the_dates_of_separators() {
        check_separator("a@b Mon Apr  7 14:31:02 2025\n", Some("2025-04-07T14:31:02Z"));
        check_separator("1828754568043628583@xxx Mon Apr 07 14:31:02 +0200 2025", Some("2025-04-07T12:31:02Z"));
        check_separator("- Sat Sep 11 01:02:03 2021\r\n", Some("2021-09-11T01:02:03Z"));
        check_separator("-", None);
    }

    #[test]
    fn the_same_bulk_message_has_the_same_key_and_it_tells_nothing() {
        let head = || read(b"From: noreply@example.com\nMessage-ID: <deal@example.com>\nSubject: Deal\n");
        let (Outcome::Record(Some(key), Record::Bulk(_)), _) = outcome_of(head(), &Around::default()) else {
            panic!("no bulk record")
        };
        assert_eq!(key, bulk_key(&head()));
        assert_eq!(key.len(), 37);
        assert!(!key.contains("deal"));
    }

    #[test]
    fn keeps_a_message_with_an_endless_list_of_recipients() {
        let mut block = b"From: ana@example.com\nTo: ".to_vec();
        for n in 0..20_000 {
            block.extend_from_slice(format!("p{n}@example.com,\n ").as_bytes());
        }
        block.extend_from_slice(b"z@example.com\n");
        let (Outcome::Record(_, Record::Interaction(mail)), diagnostics) = outcome_of(read(&block), &Around::default())
        else {
            panic!("no interaction")
        };
        assert!(mail.participants.len() > 1000);
        assert!(diagnostics.iter().any(|diagnostic| diagnostic.problem == "too many addresses"));
    }
}
