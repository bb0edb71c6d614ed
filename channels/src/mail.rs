//! A mail of one message: RFC 5322 headers and one part of plain text.
//!
//! Subject and text are base64 throughout (RFC 2047, RFC 2045 §6.8), and addresses are parsed ones, so that nothing that comes
//! from a person's card can begin a header or end the text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kith_proto::channel::Job;
use lettre::Address;
use lettre::address::Envelope;

use crate::Undelivered;

/// How many bytes of text stand in one encoded word, which may have 75 characters.
const WORD_BYTES: usize = 39;

/// How many bytes of text stand in one line of the body, which then has 76 characters.
const LINE_BYTES: usize = 57;

/// A mail that is ready to be handed over.
pub(crate) struct Mail {
    /// From whom, to whom.
    pub(crate) envelope: Envelope,
    /// Headers and text.
    pub(crate) bytes: Vec<u8>,
}

impl Mail {
    /// Returns the mail that tells a job's message.
    pub(crate) fn new(from: &str, to: &[String], job: &Job) -> Result<Self, Undelivered> {
        let from = address(from)?;
        let to = to.iter().map(|to| address(to)).collect::<Result<Vec<_>, _>>()?;
        let bytes = written(&from, &to, job).into_bytes();
        let envelope = Envelope::new(Some(from), to).map_err(|error| Undelivered::Never(error.to_string()))?;
        Ok(Self { envelope, bytes })
    }
}

fn address(text: &str) -> Result<Address, Undelivered> {
    text.parse().map_err(|error| Undelivered::Never(format!("{text:?} is no mail address: {error}")))
}

fn written(from: &Address, to: &[Address], job: &Job) -> String {
    let message = &job.message;
    let to = to.iter().map(ToString::to_string).collect::<Vec<_>>().join(",\r\n ");
    let id: String = message.id.chars().filter(char::is_ascii_alphanumeric).collect();
    let date = job.now.strftime("%a, %d %b %Y %H:%M:%S +0000");
    let subject = words(&message.title);
    let text = body(&message.text);
    format!(
        "From: kith <{from}>\r\nTo: {to}\r\nSubject: {subject}\r\nDate: {date}\r\nMessage-ID: <{id}@{domain}>\r\n\
         Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{text}",
        domain = from.domain(),
    )
}

/// Returns a text as encoded words, each within the length that a line may have.
fn words(text: &str) -> String {
    let words = pieces(text, WORD_BYTES).into_iter().map(|piece| format!("=?utf-8?B?{}?=", STANDARD.encode(piece)));
    words.collect::<Vec<_>>().join("\r\n ")
}

/// Returns a text cut into pieces of so many bytes at most, never within a character.
fn pieces(text: &str, limit_bytes: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = (1..=limit_bytes.min(rest.len())).rev().find(|end| rest.is_char_boundary(*end)).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

fn body(text: &str) -> String {
    let text = format!("{}\r\n", text.replace('\n', "\r\n"));
    text.as_bytes().chunks(LINE_BYTES).map(|line| STANDARD.encode(line) + "\r\n").collect()
}

#[cfg(test)]
mod tests {
    use kith_proto::channel::{Kind, Message, VERSION};

    use super::*;

    fn mail(title: &str, text: &str) -> String {
        let message = Message {
            id: "ab/c\r\n1".to_owned(),
            title: title.to_owned(),
            text: text.to_owned(),
            payload: String::new(),
        };
        let to = vec!["sam@example.com".to_owned(), "kim@example.com".to_owned()];
        let channel = Kind::Sendmail { program: String::new(), from: "kith@example.com".to_owned(), to: to.clone() };
        let job = Job { version: VERSION, now: "2026-11-23T08:00:00Z".parse().unwrap(), channel, message };
        String::from_utf8(Mail::new("kith@example.com", &to, &job).unwrap().bytes).unwrap()
    }

    #[test]
    fn nothing_of_a_person_begins_a_header_or_ends_the_text() {
        let evil = format!("Ana\r\nBcc: all@example.com\r\n\r\n.\r\nQUIT\r{}", "ü".repeat(300));
        let mail = mail(&evil, &evil);
        let (head, text) = mail.split_once("\r\n\r\n").unwrap();
        let names: Vec<_> =
            head.split("\r\n").filter(|line| !line.starts_with(' ')).map(|l| l.split(':').next().unwrap()).collect();
        assert_eq!(
            names,
            [
                "From",
                "To",
                "Subject",
                "Date",
                "Message-ID",
                "Auto-Submitted",
                "MIME-Version",
                "Content-Type",
                "Content-Transfer-Encoding"
            ]
        );
        let fits = |line: &str| line.len() <= 78 && line != "." && !line.contains(['\r', '\n']);
        assert!(mail.is_ascii() && mail.split("\r\n").all(fits), "{mail}");
        assert!(text.split("\r\n").all(|line| line.len() <= 76));
        assert!(
            head.contains("\r\nDate: Mon, 23 Nov 2026 08:00:00 +0000\r\nMessage-ID: <abc1@example.com>\r\n"),
            "{head}"
        );
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for from in ["", "kith", "a@b\r\nBcc: c@d", "-oQ/tmp@", "a b@example.com"] {
            assert!(address(from).is_err(), "{from:?}");
        }
    }
}
