//! What a part of a message is, by its header fields (RFC 2045, RFC 2183).

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::parsers::MessageStream;
use mail_parser::{ContentType, HeaderName, HeaderValue};

use crate::head::each_field;

/// What a part is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) kind: Kind,
    /// It says what it is; what does not is plain text (RFC 2045 §5.2).
    is_typed: bool,
    /// It is a file, which is no part of what is said.
    is_attached: bool,
    encoding: Encoding,
    /// As labelled.
    charset: Option<String>,
}

/// What kind of part it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Parts with this between them.
    Multipart(Vec<u8>),
    /// A vCard.
    Card,
    /// A calendar.
    Calendar,
    /// Text, which is looked at only where the user wants it.
    Text(Markup),
    /// Nothing that is looked at.
    #[default]
    Other,
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Markup {
    /// As it is read.
    Plain,
    /// In HTML.
    Html,
}

/// How its bytes are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Encoding {
    #[default]
    Identity,
    Base64,
    QuotedPrintable,
}

impl Content {
    /// Reads the header block of a part. It must end with a newline.
    pub(crate) fn of_head(block: &[u8]) -> Self {
        let mut content = Self::default();
        each_field(block, |name, stream| content.take(name, stream));
        content
    }

    /// Takes a field, which the stream stands at; any other than of MIME is passed over.
    #[expect(clippy::wildcard_enum_match_arm, reason = "mail-parser names a hundred fields that are passed over")]
    pub(crate) fn take<'x>(&mut self, name: &HeaderName<'x>, stream: &mut MessageStream<'x>) {
        match name {
            HeaderName::ContentType => {
                if let HeaderValue::ContentType(value) = stream.parse_content_type() {
                    self.is_typed = true;
                    self.charset = value.attribute("charset").map(str::to_owned);
                    // What the part itself says goes before what its file is called.
                    match kind_of(&value) {
                        kind @ (Kind::Other | Kind::Text(_)) => {
                            self.named(value.attribute("name"));
                            if self.kind == Kind::Other && !self.is_attached {
                                self.kind = kind;
                            }
                        }
                        kind @ (Kind::Multipart(_) | Kind::Card | Kind::Calendar) => self.kind = kind,
                    }
                }
            }
            HeaderName::ContentDisposition => {
                if let HeaderValue::ContentType(value) = stream.parse_content_type() {
                    self.is_attached |= value.ctype().eq_ignore_ascii_case("attachment");
                    self.named(value.attribute("filename"));
                }
            }
            HeaderName::ContentTransferEncoding => {
                let value = stream.parse_unstructured().into_text().unwrap_or_default();
                self.encoding = match value.trim().to_ascii_lowercase().as_str() {
                    "base64" => Encoding::Base64,
                    "quoted-printable" => Encoding::QuotedPrintable,
                    _ => Encoding::Identity,
                };
            }
            _ => stream.parse_and_ignore(),
        }
    }

    /// Returns how it is written when it is text of the message itself.
    pub(crate) fn markup(&self) -> Option<Markup> {
        match self.kind {
            _ if self.is_attached => None,
            Kind::Text(markup) => Some(markup),
            Kind::Other if !self.is_typed => Some(Markup::Plain),
            Kind::Multipart(_) | Kind::Card | Kind::Calendar | Kind::Other => None,
        }
    }

    /// Returns whether it is, or may hold, a card or a calendar.
    pub(crate) fn may_hold_files(&self) -> bool {
        match self.kind {
            Kind::Multipart(_) | Kind::Card | Kind::Calendar => true,
            Kind::Text(_) | Kind::Other => false,
        }
    }

    /// Returns the bytes as they were before they were encoded, in UTF-8 where their charset is labelled.
    pub(crate) fn decode(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let decoded = match self.encoding {
            Encoding::Identity => bytes.to_vec(),
            Encoding::Base64 => base64_decode(bytes)?,
            Encoding::QuotedPrintable => quoted_printable_decode(bytes)?,
        };
        let label = self.charset.as_deref().and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
        match label {
            Some(encoding) if core::str::from_utf8(&decoded).is_err() => {
                let (text, malformed) = encoding.decode_without_bom_handling(&decoded);
                Some(if malformed { decoded } else { text.into_owned().into_bytes() })
            }
            Some(_) | None => Some(decoded),
        }
    }

    fn named(&mut self, file: Option<&str>) {
        let Some(file) = file else { return };
        self.is_attached = true;
        if !matches!(self.kind, Kind::Other | Kind::Text(_)) {
            return;
        }
        match file.to_ascii_lowercase().rsplit_once('.') {
            Some((_, "vcf" | "vcard")) => self.kind = Kind::Card,
            Some((_, "ics")) => self.kind = Kind::Calendar,
            Some(_) | None => {}
        }
    }
}

fn kind_of(value: &ContentType<'_>) -> Kind {
    let is = |text: &str, word: &str| text.eq_ignore_ascii_case(word);
    let (kind, sub) = (value.ctype(), value.subtype().unwrap_or_default());
    let profile = value.attribute("profile").unwrap_or_default();
    if is(kind, "multipart") {
        let boundary = value.attribute("boundary").filter(|boundary| !boundary.is_empty());
        return boundary.map_or(Kind::Other, |boundary| Kind::Multipart(boundary.as_bytes().to_vec()));
    }
    if ["vcard", "x-vcard"].iter().any(|word| is(sub, word)) || is(sub, "directory") && is(profile, "vcard") {
        Kind::Card
    } else if is(kind, "text") && is(sub, "calendar") || is(kind, "application") && is(sub, "ics") {
        Kind::Calendar
    } else if is(kind, "text") && is(sub, "plain") {
        Kind::Text(Markup::Plain)
    } else if is(kind, "text") && is(sub, "html") {
        Kind::Text(Markup::Html)
    } else {
        Kind::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &str, kind: &Kind) {
        assert_eq!(Content::of_head(format!("{head}\n").as_bytes()).kind, *kind, "{head}");
    }

    #[test]
    fn text_is_of_the_message_itself_unless_it_is_a_file() {
        let markup = |head: &str| Content::of_head(format!("{head}\n").as_bytes()).markup();
        assert_eq!(markup("Subject: Hi"), Some(Markup::Plain));
        assert_eq!(markup("Content-Type: text/plain; charset=utf-8"), Some(Markup::Plain));
        assert_eq!(markup("Content-Type: text/html\nContent-Disposition: inline"), Some(Markup::Html));
        for none in [
            "Content-Type: text/plain; name=notes.txt",
            "Content-Type: text/plain\nContent-Disposition: attachment",
            "Content-Disposition: attachment; filename=notes.txt\nContent-Type: text/plain",
            "Content-Type: message/rfc822",
            "Content-Type: image/png",
        ] {
            assert_eq!(markup(none), None, "{none}");
        }
    }

    #[test]
    fn a_part_is_what_it_says_or_what_its_file_is_called() {
        check("Content-Type: text/vcard; charset=utf-8", &Kind::Card);
        check("Content-Type: text/directory;\n profile=vCard", &Kind::Card);
        check("Content-Type: TEXT/X-VCARD; name=\"ana.vcf\"", &Kind::Card);
        check("Content-Type: application/octet-stream; name=\"ana.VCF\"", &Kind::Card);
        check(
            "Content-Disposition: attachment; filename=\"invite.ics\"\nContent-Type: application/octet-stream",
            &Kind::Calendar,
        );
        check("Content-Type: text/calendar; method=REQUEST", &Kind::Calendar);
        check("Content-Type: multipart/mixed; boundary=\"a b\"", &Kind::Multipart(b"a b".to_vec()));
        check("Content-Type: multipart/mixed", &Kind::Other);
        check("Content-Type: text/plain; name=notes.txt", &Kind::Other);
        check("Subject: Content-Type", &Kind::Other);
    }

    #[test]
    fn decodes_what_was_encoded_and_charsets_that_are_labelled() {
        let decode = |head: &str, bytes: &[u8]| Content::of_head(format!("{head}\n").as_bytes()).decode(bytes);
        assert_eq!(decode("Content-Transfer-Encoding: Base64", b"SGFs\r\nbG8=\r\n"), Some(b"Hallo".to_vec()));
        let head = "Content-Transfer-Encoding: quoted-printable\nContent-Type: text/vcard; charset=iso-8859-1";
        assert_eq!(decode(head, b"FN:J=FCrgen=\r\n M"), Some("FN:Jürgen M".into()));
        assert_eq!(decode("Content-Type: text/vcard", b"\xfc"), Some(vec![0xfc]));
    }
}
