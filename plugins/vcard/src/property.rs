//! One content line: its group, name, parameters and value (RFC 6350 §3.3).
//!
//! The header is read here, so that what kith has no word for is kept as it was written. Values are taken apart and
//! decoded by calcard.

use std::borrow::Cow;

use calcard::Parser;
use calcard::common::Data;
use calcard::vcard::VCardValue;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};
use kith_plugin::card::VCardProp;

/// A content line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Property<'a> {
    /// Where it stands in the file.
    pub(crate) line: u64,
    /// The item group: `item1`.
    pub(crate) group: Option<&'a str>,
    /// Its name as written.
    pub(crate) name: &'a str,
    /// Its parameters as written, without the leading semicolon.
    params: &'a str,
    /// Its value as written, unfolded.
    pub(crate) raw: &'a str,
    text: &'a str,
}

impl<'a> Property<'a> {
    /// Reads the header of a content line; `None` when the line has none.
    pub(crate) fn parse(line: u64, text: &'a str) -> Option<Self> {
        let (header, raw) = split_unquoted(text, b':')?;
        let (name, params) = split_unquoted(header, b';').unwrap_or((header, ""));
        let (group, name) = match name.split_once('.') {
            Some((group, name)) => (Some(group.trim()), name.trim()),
            None => (None, name.trim()),
        };
        (!name.is_empty()).then_some(Self { line, group, name, params: params.trim_matches(';'), raw, text })
    }

    /// Whether the name is none by RFC 6350 §3.3, as of a text that lost its indent.
    pub(crate) fn is_odd(&self) -> bool {
        !self.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_/.".contains(&byte))
    }

    /// Returns its parameters as name and value, a bare word (vCard 2.1) as `TYPE` or `ENCODING`.
    pub(crate) fn params(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let pieces = Pieces { rest: Some(self.params).filter(|params| !params.is_empty()), at: b';' };
        pieces.filter(|piece| !piece.trim().is_empty()).map(|piece| match split_unquoted(piece, b'=') {
            Some((name, value)) => (name.trim(), value.trim()),
            None if is_encoding(piece.trim()) => ("ENCODING", piece.trim()),
            None => ("TYPE", piece.trim()),
        })
    }

    /// Returns the first value of this parameter, unquoted.
    pub(crate) fn param(&self, name: &str) -> Option<&'a str> {
        self.params().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim_matches('"'))
    }

    /// Returns the first value of this parameter as the text that it stands for (RFC 6868 §3).
    pub(crate) fn param_text(&self, name: &str) -> Option<String> {
        let value = self.param(name)?;
        let mut text = String::with_capacity(value.len());
        let mut chars = value.chars().peekable();
        while let Some(c) = chars.next() {
            let escaped = if c == '^' { chars.next_if(|next| matches!(next, 'n' | '^' | '\'')) } else { None };
            text.push(match escaped {
                Some('n') => '\n',
                Some('\'') => '"',
                Some(other) => other,
                None => c,
            });
        }
        Some(text)
    }

    /// Returns the values of TYPE as written.
    pub(crate) fn types(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.params()
            .filter(|(name, _)| name.eq_ignore_ascii_case("TYPE"))
            .flat_map(|(_, value)| value.split(','))
            .map(|word| word.trim().trim_matches('"').trim())
            .filter(|word| !word.is_empty())
    }

    /// Returns its preference: `PREF=2` is 2, the type `pref` is 1.
    pub(crate) fn pref(&self) -> Option<u8> {
        let pref = self.param("PREF").and_then(|value| value.parse().ok()).filter(|n| (1..=100).contains(n));
        pref.or_else(|| self.types().any(|word| word.eq_ignore_ascii_case("pref")).then_some(1))
    }

    /// Returns its name in upper case.
    pub(crate) fn upper_name(&self) -> Cow<'a, str> {
        if self.name.bytes().any(|byte| byte.is_ascii_lowercase()) {
            Cow::Owned(self.name.to_ascii_uppercase())
        } else {
            Cow::Borrowed(self.name)
        }
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Whether its value is base64.
    pub(crate) fn is_base64(&self) -> bool {
        self.param("ENCODING")
            .is_some_and(|encoding| matches!(encoding, "b" | "B") || encoding.eq_ignore_ascii_case("BASE64"))
    }

    fn is_quoted_printable(&self) -> bool {
        self.param("ENCODING").is_some_and(|encoding| encoding.eq_ignore_ascii_case("QUOTED-PRINTABLE"))
    }

    /// Returns its value as one text, decoded and unescaped, trimmed.
    pub(crate) fn value(&self) -> String {
        if self.is_plain() {
            return self.raw.trim().to_owned();
        }
        let mut values = self.parsed().into_iter().flatten();
        let first = values.next().unwrap_or_default();
        let all = values.fold(first, |all, next| all + ";" + &next);
        let trimmed = all.trim();
        if trimmed.len() == all.len() { all } else { trimmed.to_owned() }
    }

    /// Returns its values: the parts of N, ADR and ORG, each a list; the items of a list, each alone.
    pub(crate) fn values(&self) -> Vec<Vec<String>> {
        if !self.is_plain() {
            return self.parsed();
        }
        let list = |part: &str| part.split(',').map(str::to_owned).collect();
        let alone = |part: &str| vec![part.to_owned()];
        if self.is("N") || self.is("ADR") {
            self.raw.split(';').map(list).collect()
        } else if self.is("ORG") {
            self.raw.split(';').map(alone).collect()
        } else if self.is("NICKNAME") || self.is("CATEGORIES") {
            self.raw.split(',').map(alone).collect()
        } else {
            vec![alone(self.raw)]
        }
    }

    /// Whether the value is as written: nothing in it is escaped or encoded. Most are.
    fn is_plain(&self) -> bool {
        memchr::memchr(b'\\', self.raw.as_bytes()).is_none() && !self.is_quoted_printable()
    }

    /// Returns the values as calcard parts, unescapes and decodes them.
    fn parsed(&self) -> Vec<Vec<String>> {
        let text = self.decoded_text();
        let calcard::Entry::VCard(card) = Parser::new(&text).vcard() else { return vec![vec![self.raw.to_owned()]] };
        let Some(entry) = card.entries.into_iter().next() else { return vec![vec![self.raw.to_owned()]] };
        let one = |value| match value {
            VCardValue::Text(text) => vec![text],
            VCardValue::Component(texts) => texts,
            // The value's type says more than kith wants to know; as written it is exact.
            VCardValue::Sex(_)
            | VCardValue::GramGender(_)
            | VCardValue::Kind(_)
            | VCardValue::Integer(_)
            | VCardValue::Float(_)
            | VCardValue::Boolean(_)
            | VCardValue::PartialDateTime(_)
            | VCardValue::Binary(_) => vec![self.raw.to_owned()],
        };
        entry.values.into_iter().map(one).collect()
    }

    /// Returns the bytes of an embedded value: base64, or a `data:` address (RFC 2397). `None` when it is not embedded.
    pub(crate) fn bytes(&self) -> Option<Result<Vec<u8>, NotBase64>> {
        let data = if self.raw.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:")) {
            Data::try_parse(self.raw.replace('\\', "").as_bytes())
        } else if self.is_base64() {
            Data::try_parse(format!("data:;base64,{}", self.raw).as_bytes())
        } else {
            return None;
        };
        Some(data.map(|data| data.data).filter(|bytes| !bytes.is_empty()).ok_or(NotBase64))
    }

    /// Returns the property verbatim, for what kith has no word for.
    pub(crate) fn verbatim(&self) -> VCardProp {
        let (params, value) = if self.is_quoted_printable() {
            let kept =
                Pieces { rest: Some(self.params), at: b';' }.filter(|piece| !is_transport(piece)).collect::<Vec<_>>();
            (kept.join(";"), self.decode_quoted().replace("\r\n", "\n").replace(['\n', '\r'], "\\n"))
        } else if self.raw.contains('\n') {
            // A card within the card (vCard 2.1 §2.4.1), as vCard 3.0 writes it (RFC 2426 §3.5.4).
            let mut text = String::with_capacity(self.raw.len() + 16);
            escape_into(&mut text, self.raw.trim());
            (self.params.to_owned(), text)
        } else {
            (self.params.to_owned(), self.raw.to_owned())
        };
        VCardProp { group: self.group.map(str::to_owned), name: self.name.to_owned(), params, value }
    }

    fn decode_quoted(&self) -> String {
        let bytes = unquote_printable(self.raw.as_bytes());
        let encoding = self.param("CHARSET").and_then(|label| Encoding::for_label(label.as_bytes()));
        let encoding = encoding.unwrap_or_else(|| guess(&bytes));
        encoding.decode_without_bom_handling(&bytes).0.into_owned()
    }

    /// Returns the content line for calcard: quoted-printable is decoded here, as calcard takes it for ISO 8859-1 without a
    /// CHARSET and knows few others.
    ///
    /// Its parts are parted before they are decoded, so a decoded `;` is none between parts.
    fn decoded_text(&self) -> Cow<'a, str> {
        if !self.is_quoted_printable() {
            return Cow::Borrowed(self.text);
        }
        let label = self.param("CHARSET").and_then(|label| Encoding::for_label(label.as_bytes()));
        let encoding = label.unwrap_or_else(|| guess(&unquote_printable(self.raw.as_bytes())));
        let mut text = format!("{}:", self.name);
        for piece in self.raw.split_inclusive([';', ',']) {
            let (piece, separator) = piece.split_at(piece.trim_end_matches([';', ',']).len());
            let bytes = unquote_printable(piece.as_bytes());
            escape_into(&mut text, &encoding.decode_without_bom_handling(&bytes).0);
            text.push_str(separator);
        }
        Cow::Owned(text)
    }
}

/// Escapes what would end a part or a line, and keeps escapes that are there.
fn escape_into(text: &mut String, decoded: &str) {
    let mut chars = decoded.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {}
            '\n' => text.push_str("\\n"),
            ';' | ',' => text.extend(['\\', c]),
            // A final one escapes the separator that follows.
            '\\' => match chars.next_if(|next| ";,:nN\\".contains(*next)) {
                Some(next) => text.extend(['\\', next]),
                None if chars.peek().is_none() => text.push('\\'),
                None => text.push_str("\\\\"),
            },
            _ => text.push(c),
        }
    }
}

/// An embedded value that is not base64.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotBase64;

/// Returns the CHARSET in the header of a content line.
pub(crate) fn charset_of(header: &str) -> Option<&str> {
    let (_, params) = split_unquoted(header, b';')?;
    Pieces { rest: Some(params), at: b';' }
        .filter_map(|piece| piece.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("CHARSET"))
        .map(|(_, value)| value.trim().trim_matches('"'))
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    if core::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

fn is_encoding(word: &str) -> bool {
    ["BASE64", "QUOTED-PRINTABLE", "8BIT", "7BIT"].iter().any(|name| word.eq_ignore_ascii_case(name))
}

/// Whether a parameter only says how the value was sent.
fn is_transport(piece: &&str) -> bool {
    let name = piece.split_once('=').map_or(*piece, |(name, _)| name).trim();
    is_encoding(name) || name.eq_ignore_ascii_case("ENCODING") || name.eq_ignore_ascii_case("CHARSET")
}

/// Decodes quoted-printable (RFC 2045 §6.7); what is no escape stays.
fn unquote_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        if *first == b'=' && tail.is_empty() {
            // A soft line break before nothing.
        } else if *first == b'='
            && let [high, low, tail @ ..] = tail
            && let (Some(high), Some(low)) = (char::from(*high).to_digit(16), char::from(*low).to_digit(16))
            && let Ok(byte) = u8::try_from(high * 16 + low)
        {
            out.push(byte);
            rest = tail;
        } else {
            out.push(*first);
        }
    }
    out
}

/// Splits at the first `at` that is not within double quotes; when the quotes are not paired, at the first of all.
fn split_unquoted(text: &str, at: u8) -> Option<(&str, &str)> {
    let first = memchr::memchr(at, text.as_bytes())?;
    let mut found = first;
    if memchr::memchr(b'"', text.as_bytes().get(..first)?).is_some() {
        let mut quoted = false;
        let outside = text.bytes().position(|byte| {
            quoted ^= byte == b'"';
            byte == at && !quoted
        });
        found = match outside {
            Some(outside) => outside,
            None if quoted => first,
            None => return None,
        };
    }
    Some((text.get(..found)?, text.get(found + 1..)?))
}

/// The pieces of a text between unquoted separators.
struct Pieces<'a> {
    rest: Option<&'a str>,
    at: u8,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest.take()?;
        let Some((piece, tail)) = split_unquoted(rest, self.at) else { return Some(rest) };
        self.rest = Some(tail);
        Some(piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Property<'_> {
        Property::parse(1, text).unwrap()
    }

    #[track_caller]
    fn check_value(text: &str, expected: &str) {
        assert_eq!(parse(text).value(), expected);
    }

    #[test]
    fn reads_groups_types_and_bare_words() {
        let tel = parse("item1.TEL;CELL;PREF;TYPE=\"home,voice\";X-A=\"a;b:c\":+49");
        assert_eq!((tel.group, tel.name, tel.raw), (Some("item1"), "TEL", "+49"));
        assert_eq!(tel.types().collect::<Vec<_>>(), ["CELL", "PREF", "home", "voice"]);
        assert_eq!(tel.param("x-a"), Some("a;b:c"));
        assert_eq!(tel.pref(), Some(1));
    }

    #[test]
    fn decodes_values() {
        check_value(r"NOTE:a\nb\, c\; d", "a\nb, c; d");
        check_value("FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=91o=C3=B1o", "Ñoño");
        check_value("FN;ENCODING=QUOTED-PRINTABLE:=C3=91o=C3=B1o", "Ñoño");
        check_value("FN;ENCODING=QUOTED-PRINTABLE:J=FCrgen M=FCller", "Jürgen Müller");
        check_value("FN;QUOTED-PRINTABLE;CHARSET=SHIFT_JIS:=8ER=93c", "山田");
        check_value("NOTE;ENCODING=QUOTED-PRINTABLE:a=0D=0Ab=3Bc;d\\;e", "a\nb;c;d;e");
        check_value("URL:http\\://example.com", "http://example.com");
    }

    #[test]
    fn a_line_without_a_colon_is_no_property() {
        assert!(Property::parse(1, "just a line").is_none());
        assert!(parse("two words: x").is_odd());
    }

    #[test]
    fn keeps_a_quoted_printable_property_decoded_and_verbatim() {
        let prop = parse("X-HOBBY;LANGUAGE=fr;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:p=C3=AAche").verbatim();
        assert_eq!(
            (prop.name.as_str(), prop.params.as_str(), prop.value.as_str()),
            ("X-HOBBY", "LANGUAGE=fr", "pêche")
        );
    }

    #[test]
    fn reads_embedded_bytes() {
        assert_eq!(parse("PHOTO;ENCODING=b;TYPE=PNG:iVBORw0=").bytes(), Some(Ok(b"\x89PNG\r".to_vec())));
        assert_eq!(parse("PHOTO;ENCODING=b:aGFsbG8=").bytes(), Some(Ok(b"hallo".to_vec())));
        assert_eq!(parse("PHOTO:data:image/png;base64,iVBORw0=").bytes(), Some(Ok(b"\x89PNG\r".to_vec())));
        assert_eq!(parse("PHOTO;VALUE=uri:https://example.com/a.png").bytes(), None);
        assert_eq!(parse("PHOTO;ENCODING=b:!!!").bytes(), Some(Err(NotBase64)));
    }
}
