//! Outlook's `.msg` (MS-OXMSG): a compound file of properties (MS-OXPROPS), of which a header block is made.
//!
//! ```text
//!  compound file ─cfb─▶ properties ─block─▶ header block, as of any other message
//! ```

use std::io::{self, Read, Seek};

use cfb::CompoundFile;
use encoding_rs::UTF_16LE;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::tz::TimeZone;
use kith_plugin::Stop;

/// What a compound file begins with; so do old Word and Excel files.
const MARK: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// How much of a property is read, in bytes.
const PROPERTY_LIMIT_BYTES: u64 = 1024 * 1024;

/// How many recipients are read.
const RECIPIENTS_LIMIT: u32 = 2_000;

/// `PidTagMessageFlags`: the message was not sent.
const UNSENT: u64 = 8;

/// Properties by their numbers in MS-OXPROPS.
mod tag {
    pub(super) const MESSAGE_CLASS: u16 = 0x001A;
    pub(super) const SUBJECT: u16 = 0x0037;
    pub(super) const CLIENT_SUBMIT_TIME: u16 = 0x0039;
    pub(super) const TRANSPORT_HEADERS: u16 = 0x007D;
    pub(super) const RECIPIENT_TYPE: u16 = 0x0C15;
    pub(super) const SENDER_NAME: u16 = 0x0C1A;
    pub(super) const SENDER_EMAIL: u16 = 0x0C1F;
    pub(super) const DELIVERY_TIME: u16 = 0x0E06;
    pub(super) const MESSAGE_FLAGS: u16 = 0x0E07;
    pub(super) const BODY: u16 = 0x1000;
    pub(super) const MESSAGE_ID: u16 = 0x1035;
    pub(super) const REFERENCES: u16 = 0x1039;
    pub(super) const IN_REPLY_TO: u16 = 0x1042;
    pub(super) const DISPLAY_NAME: u16 = 0x3001;
    pub(super) const EMAIL: u16 = 0x3003;
    pub(super) const SMTP: u16 = 0x39FE;
    pub(super) const SENDER_SMTP: u16 = 0x5D01;
}

/// A message as Outlook keeps it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// What would stand at its beginning had it come by mail.
    pub(crate) head: Vec<u8>,
    /// It was never sent.
    pub(crate) is_draft: bool,
}

/// Whether a file begins as Outlook's do.
pub(crate) fn is_compound(head: &[u8]) -> bool {
    head.starts_with(&MARK)
}

/// Reads a message.
///
/// # Errors
/// [`Stop`] when it is no message, or broken.
pub(crate) fn read<R: Read + Seek>(reader: R) -> Result<Message, Stop> {
    let broken = |error: io::Error| Stop::refuse(format!("not a message of Outlook, or a broken one: {error}"));
    let mut file = CompoundFile::open(reader).map_err(broken)?;
    let mut top = Storage { file: &mut file, path: String::new(), header_bytes: 32 };
    let class = top.text(tag::MESSAGE_CLASS).unwrap_or_default();
    // IPM.Note, and what is sent signed, encrypted or by a form of it.
    if !class.is_empty() && !class.to_ascii_uppercase().starts_with("IPM.NOTE") {
        return Err(Stop::refuse(format!("an item of Outlook that is no mail: {class}")));
    }
    let is_draft = top.number(tag::MESSAGE_FLAGS).is_some_and(|flags| flags & UNSENT != 0);
    let head = match top.text(tag::TRANSPORT_HEADERS).filter(|head| head.contains(':')) {
        Some(head) => head,
        None => block(&mut top),
    };
    Ok(Message { head: (head.trim_end().to_owned() + "\r\n").into_bytes(), is_draft })
}

/// Reads what a message says; empty where it says nothing that is plain text.
///
/// # Errors
/// When it is broken.
pub(crate) fn text<R: Read + Seek>(reader: R) -> io::Result<String> {
    let mut file = CompoundFile::open(reader)?;
    let mut top = Storage { file: &mut file, path: String::new(), header_bytes: 32 };
    Ok(top.text(tag::BODY).unwrap_or_default())
}

/// Makes a header block of what Outlook keeps of a message that it sent.
fn block<R: Read + Seek>(top: &mut Storage<'_, R>) -> String {
    let mut lines = Vec::new();
    let sender = top.text(tag::SENDER_SMTP).or_else(|| top.text(tag::SENDER_EMAIL));
    lines.push(format!("From: {}", mailbox(top.text(tag::SENDER_NAME), sender)));
    for n in 0..RECIPIENTS_LIMIT {
        let path = format!("/__recip_version1.0_#{n:08X}");
        if !top.file.is_storage(&path) {
            break;
        }
        let mut recipient = Storage { file: &mut *top.file, path, header_bytes: 8 };
        let field = match recipient.number(tag::RECIPIENT_TYPE) {
            Some(2) => "Cc",
            Some(3) => "Bcc",
            _ => "To",
        };
        let email = recipient.text(tag::SMTP).or_else(|| recipient.text(tag::EMAIL));
        lines.push(format!("{field}: {}", mailbox(recipient.text(tag::DISPLAY_NAME), email)));
    }
    let at = top.time(tag::CLIENT_SUBMIT_TIME).or_else(|| top.time(tag::DELIVERY_TIME));
    let date = at.and_then(|at| DateTimePrinter::new().zoned_to_string(&at.to_zoned(TimeZone::UTC)).ok());
    lines.extend(date.map(|date| format!("Date: {date}")));
    for (name, tag) in [
        ("Subject", tag::SUBJECT),
        ("Message-ID", tag::MESSAGE_ID),
        ("In-Reply-To", tag::IN_REPLY_TO),
        ("References", tag::REFERENCES),
    ] {
        lines.extend(top.text(tag).map(|value| format!("{name}: {}", one_line(&value))));
    }
    lines.join("\r\n")
}

/// Writes an address as in a header; one of Exchange, which is no address of mail, is left out.
fn mailbox(name: Option<String>, email: Option<String>) -> String {
    let name = name.map(|name| one_line(&name).replace(['"', '\\'], "")).filter(|name| !name.is_empty());
    let email =
        email.map(|email| one_line(&email)).filter(|email| email.contains('@') && !email.contains(['<', '>', ' ']));
    match (name, email) {
        (Some(name), Some(email)) => format!("\"{name}\" <{email}>"),
        (None, Some(email)) => email,
        (Some(name), None) => format!("\"{name}\" <>"),
        (None, None) => String::new(),
    }
}

fn one_line(text: &str) -> String {
    text.split(char::is_control).collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// The properties of a message, or of one of its recipients.
struct Storage<'a, R> {
    file: &'a mut CompoundFile<R>,
    path: String,
    /// What stands before the list of properties of fixed length.
    header_bytes: usize,
}

impl<R: Read + Seek> Storage<'_, R> {
    /// Returns a text, which is a stream of its own: in UTF-16, or in bytes of the writer's code page.
    fn text(&mut self, tag: u16) -> Option<String> {
        let wide = self.stream(&format!("__substg1.0_{tag:04X}001F"));
        let text = match wide {
            Some(bytes) => UTF_16LE.decode_without_bom_handling(&bytes).0.into_owned(),
            None => {
                let bytes = self.stream(&format!("__substg1.0_{tag:04X}001E"))?;
                crate::head::Charsets::default().decode(&bytes).0.into_owned().try_into().ok()?
            }
        };
        Some(text.trim_end_matches('\0').trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// Returns a number of fixed length: the eight bytes of its entry.
    fn number(&mut self, tag: u16) -> Option<u64> {
        let list = self.stream("__properties_version1.0")?;
        let (entries, _) = list.get(self.header_bytes..)?.as_chunks::<16>();
        let entry = entries.iter().find(|entry| entry[2..4] == tag.to_le_bytes())?;
        let (_, value) = entry.split_last_chunk::<8>()?;
        Some(u64::from_le_bytes(*value))
    }

    /// Returns an instant: hundreds of nanoseconds since 1601.
    fn time(&mut self, tag: u16) -> Option<Timestamp> {
        let ticks = i64::try_from(self.number(tag)?).ok().filter(|ticks| *ticks > 0)?;
        Timestamp::from_second(ticks / 10_000_000 - 11_644_473_600).ok()
    }

    fn stream(&mut self, name: &str) -> Option<Vec<u8>> {
        let stream = self.file.open_stream(format!("{}/{name}", self.path)).ok()?;
        let mut bytes = Vec::new();
        stream.take(PROPERTY_LIMIT_BYTES).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }
}
