//! Reads a message's header block by mail-parser, field by field: only the fields that kith uses are parsed.
//!
//! What they mean, who took part and what is bulk, is decided in `message` and `bulk`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use jiff::Timestamp;
use jiff::civil::Date;
use mail_parser::parsers::MessageStream;
use mail_parser::{Addr, Address, DateTime, HeaderName, HeaderValue};

use crate::content::Content;
use crate::named::ids;

/// What a header block says.
#[derive(Debug, Default)]
pub(crate) struct Head {
    pub(crate) from: Vec<Mailbox>,
    pub(crate) sender: Vec<Mailbox>,
    pub(crate) to: Vec<Mailbox>,
    pub(crate) cc: Vec<Mailbox>,
    pub(crate) bcc: Vec<Mailbox>,
    pub(crate) subject: Option<String>,
    /// Date, or the text that is none.
    pub(crate) date: Option<Result<Timestamp, String>>,
    /// The day that Date names, in the zone in which it was written.
    pub(crate) day: Option<Date>,
    /// The time in the topmost Received.
    pub(crate) received: Option<Timestamp>,
    pub(crate) message_id: Option<String>,
    /// The messages that In-Reply-To names, and those of References, as `named` reads them.
    pub(crate) in_reply_to: Vec<String>,
    pub(crate) references: Vec<String>,
    pub(crate) marks: Marks,
    /// What the body is.
    pub(crate) content: Content,
    /// How many fields there are, used or not.
    pub(crate) fields: usize,
    /// How many of them are known in mail.
    pub(crate) known: usize,
}

/// An address with its name (RFC 5322 §3.4).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Mailbox {
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
}

/// Fields that say whether a person wrote it, as written.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    pub(crate) return_path: Option<String>,
    pub(crate) precedence: Option<String>,
    pub(crate) auto_submitted: Option<String>,
    pub(crate) spam_flag: Option<String>,
    pub(crate) spam_status: Option<String>,
    /// Gmail Takeout's labels, decoded.
    pub(crate) labels: Option<String>,
    pub(crate) list: bool,
    pub(crate) unsubscribe: bool,
}

/// Decodes header blocks that are not UTF-8, though they should be ASCII (RFC 5322 §2.2).
#[derive(Debug, Default)]
pub(crate) struct Charsets {
    told: BTreeSet<&'static str>,
}

impl Charsets {
    /// Returns the block in UTF-8, and the name of the encoding the first time that it was guessed.
    pub(crate) fn decode<'a>(&mut self, block: &'a [u8]) -> (Cow<'a, [u8]>, Option<&'static str>) {
        if block.is_ascii() || core::str::from_utf8(block).is_ok() {
            return (Cow::Borrowed(block), None);
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
        detector.feed(block, true);
        let encoding = detector.guess(None, Utf8Detection::Deny);
        let text = encoding.decode_without_bom_handling(block).0.into_owned();
        (Cow::Owned(text.into_bytes()), Some(encoding.name()).filter(|name| self.told.insert(name)))
    }
}

/// Reads a header block. It must end with a newline: mail-parser reads some fields only then.
pub(crate) fn read(block: &[u8]) -> Head {
    let mut head = Head::default();
    each_field(block, |name, stream| {
        head.fields += 1;
        head.known += usize::from(!matches!(name, HeaderName::Other(_)));
        head.take(name, stream);
    });
    head
}

/// Calls `take` for each field of a header block, with the stream at its value, which is to be parsed or passed over.
pub(crate) fn each_field<'x>(block: &'x [u8], mut take: impl FnMut(&HeaderName<'x>, &mut MessageStream<'x>)) {
    let mut stream = MessageStream::new(block);
    while !stream.is_eof() {
        if matches!(stream.peek(), Some(byte) if byte.is_ascii_whitespace()) {
            stream.next();
        } else if let Some(name) = stream.parse_header_name() {
            take(&name, &mut stream);
        }
    }
}

impl Head {
    #[expect(clippy::wildcard_enum_match_arm, reason = "mail-parser names a hundred fields that are passed over")]
    fn take<'x>(&mut self, name: &HeaderName<'x>, stream: &mut MessageStream<'x>) {
        match name {
            HeaderName::From => self.from.extend(mailboxes(stream)),
            HeaderName::Sender => self.sender.extend(mailboxes(stream)),
            HeaderName::To => self.to.extend(mailboxes(stream)),
            HeaderName::Cc => self.cc.extend(mailboxes(stream)),
            HeaderName::Bcc => self.bcc.extend(mailboxes(stream)),
            HeaderName::Subject => first(&mut self.subject, text(stream.parse_unstructured())),
            HeaderName::Date => self.date(stream),
            HeaderName::Received if self.received.is_none() => {
                let raw = text(stream.parse_raw()).unwrap_or_default();
                self.received = raw.rsplit_once(';').and_then(|(_, date)| parse_date(date));
            }
            HeaderName::MessageId => first(&mut self.message_id, id(stream)),
            HeaderName::InReplyTo => self.in_reply_to.extend(ids(stream)),
            HeaderName::References => self.references.extend(ids(stream)),
            HeaderName::ReturnPath => first(&mut self.marks.return_path, text(stream.parse_raw())),
            HeaderName::ListId | HeaderName::ListPost => {
                self.marks.list = true;
                stream.parse_and_ignore();
            }
            HeaderName::ListUnsubscribe => {
                self.marks.unsubscribe = true;
                stream.parse_and_ignore();
            }
            HeaderName::AutoSubmitted => first(&mut self.marks.auto_submitted, text(stream.parse_raw())),
            HeaderName::Other(name) => match self.marks.slot(name) {
                Some(slot) => first(slot, text(stream.parse_unstructured())),
                None => stream.parse_and_ignore(),
            },
            _ => self.content.take(name, stream),
        }
    }

    fn date(&mut self, stream: &mut MessageStream<'_>) {
        let start = stream.offset();
        let parsed = instant_of(stream.parse_date().into_datetime());
        let raw = || String::from_utf8_lossy(stream.bytes(start..stream.offset())).trim().to_owned();
        let date = parsed.ok_or_else(raw).or_else(|raw| parse_sent(&raw).ok_or(raw));
        match self.date {
            Some(Ok(_)) => {}
            Some(Err(_)) | None => {
                self.day = date.as_ref().ok().and_then(|(_, day)| *day);
                self.date = Some(date.map(|(at, _)| at));
            }
        }
    }
}

impl Marks {
    fn slot(&mut self, name: &str) -> Option<&mut Option<String>> {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        if is("Precedence") {
            Some(&mut self.precedence)
        } else if is("X-Gmail-Labels") {
            Some(&mut self.labels)
        } else if is("X-Spam-Flag") {
            Some(&mut self.spam_flag)
        } else if is("X-Spam-Status") {
            Some(&mut self.spam_status)
        } else {
            None
        }
    }
}

/// Parses a date as in Date (RFC 5322 §3.3), also without seconds, which mail-parser wants, or as in ISO 8601.
pub(crate) fn parse_date(text: &str) -> Option<Timestamp> {
    parse_sent(text).map(|(at, _)| at)
}

/// As [`parse_date`], with the day in the zone in which it is written, where there is such a day.
fn parse_sent(text: &str) -> Option<(Timestamp, Option<Date>)> {
    let parse = |text: &str| instant_of(DateTime::parse_rfc822(&format!("{text}\n")));
    let iso = || Some((text.trim().parse().ok()?, text.trim().get(..10).and_then(|day| day.parse().ok())));
    parse(text.trim()).or_else(|| parse(&with_seconds(text))).or_else(iso)
}

fn instant_of(date: Option<DateTime>) -> Option<(Timestamp, Option<Date>)> {
    let date = date.filter(DateTime::is_valid)?;
    let part = |part: u8| i8::try_from(part).ok();
    let day = || Date::new(i16::try_from(date.year).ok()?, part(date.month)?, part(date.day)?).ok();
    Some((Timestamp::from_second(date.to_timestamp()).ok()?, day()))
}

/// Returns the text with `:00` behind each time that has no seconds.
fn with_seconds(text: &str) -> String {
    let short = |word: &str| matches!(word.as_bytes(), [b'0'..=b'9', b':', _, _] | [b'0'..=b'9', _, b':', _, _]);
    let words = text.split_whitespace().map(|word| if short(word) { format!("{word}:00") } else { word.to_owned() });
    words.collect::<Vec<_>>().join(" ")
}

/// Returns the name of the header field at the beginning of the bytes (RFC 5322 §2.2).
pub(crate) fn header_name(bytes: &[u8]) -> Option<&[u8]> {
    let line = bytes.get(..bytes.len().min(200))?;
    let colon = memchr::memchr(b':', line)?;
    let name = line.get(..colon)?.trim_ascii_end();
    let valid = !name.is_empty() && name.iter().all(|byte| byte.is_ascii_graphic());
    valid.then_some(name)
}

/// Whether the name is one that mail has and other things rarely.
pub(crate) fn is_known_header(name: &[u8]) -> bool {
    const KNOWN: [&str; 26] = [
        "return-path",
        "received",
        "from",
        "to",
        "cc",
        "bcc",
        "subject",
        "date",
        "message-id",
        "reply-to",
        "sender",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "delivered-to",
        "envelope-to",
        "in-reply-to",
        "references",
        "status",
        "x-status",
        "x-uid",
        "dkim-signature",
        "authentication-results",
        "user-agent",
        "x-mailer",
        "list-id",
    ];
    let starts = |prefix: &[u8]| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    KNOWN.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
        || starts(b"x-mozilla-")
        || starts(b"x-gm-")
        || starts(b"x-gmail-")
        || starts(b"x-original-")
        || starts(b"arc-")
}

fn first<T>(slot: &mut Option<T>, value: Option<T>) {
    if slot.is_none() {
        *slot = value;
    }
}

fn text(value: HeaderValue<'_>) -> Option<String> {
    value.into_text().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Reads the first message id of a field, without its angle brackets.
fn id(stream: &mut MessageStream<'_>) -> Option<String> {
    let ids = stream.parse_id().into_text_list()?;
    let id = ids.first()?.trim().trim_matches(['<', '>']);
    (!id.is_empty() && !id.contains(char::is_whitespace)).then(|| id.to_owned())
}

/// Reads addresses, groups flattened.
fn mailboxes(stream: &mut MessageStream<'_>) -> Vec<Mailbox> {
    let mailbox = |addr: Addr<'_>| {
        let clean = |text: Cow<'_, str>| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Mailbox { name: addr.name.and_then(clean), email: addr.address.and_then(clean) }
    };
    let known = |mailbox: &Mailbox| *mailbox != Mailbox::default();
    match stream.parse_address().into_address() {
        Some(Address::List(list)) => list.into_iter().map(mailbox).filter(known).collect(),
        Some(Address::Group(groups)) => {
            groups.into_iter().flat_map(|group| group.addresses).map(mailbox).filter(known).collect()
        }
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, email: &str) -> Mailbox {
        Mailbox { name: Some(name.to_owned()).filter(|name| !name.is_empty()), email: Some(email.to_owned()) }
    }

    #[test]
    fn reads_addresses_groups_and_encoded_names() {
        let head = read(
            b"From: =?iso-8859-1?Q?J=FCrgen_M=FCller?= <j@example.com>\nTo: Team: Ana <a@example.com>,\n b@example.com;, \"Ek, Bo\" <bo@example.com>\nCc: undisclosed-recipients:;\n",
        );
        assert_eq!(head.from, [named("Jürgen Müller", "j@example.com")]);
        assert_eq!(
            head.to,
            [named("Ana", "a@example.com"), named("", "b@example.com"), named("Ek, Bo", "bo@example.com")]
        );
        assert_eq!(head.cc, []);
    }

    #[test]
    fn reads_ids_with_and_without_brackets() {
        let head =
            read(b"Message-ID: bare@example.com\nReferences: <one@x> <two@x>\nIn-Reply-To: Your message of Monday\n");
        assert_eq!(head.message_id.as_deref(), Some("bare@example.com"));
        assert_eq!(head.references, ["one@x", "two@x"]);
        assert_eq!(head.in_reply_to, [""; 0]);
    }

    #[test]
    fn keeps_the_text_of_a_date_that_is_none() {
        assert_eq!(read(b"Date: next Tuesday\n").date, Some(Err("next Tuesday".to_owned())));
        let date = read(b"Date: Wed, 17 May 2000 19:35:05 -0400\n").date;
        assert_eq!(date, Some(Ok("2000-05-17T23:35:05Z".parse().unwrap())));
        let date = read(b"Date: 17 May 2000 19:35 EST\n").date;
        assert_eq!(date, Some(Ok("2000-05-18T00:35:00Z".parse().unwrap())));
    }

    #[test]
    fn guesses_raw_bytes_once() {
        let block = "From: Jürgen Müller <j@example.com>\nSubject: Grüße aus Köln\n";
        let (latin, ..) = encoding_rs::WINDOWS_1252.encode(block);
        let mut charsets = Charsets::default();
        let (decoded, told) = charsets.decode(&latin);
        assert_eq!((decoded.as_ref(), told), (block.as_bytes(), Some("windows-1252")));
        assert_eq!(charsets.decode(&latin).1, None);
    }
}
