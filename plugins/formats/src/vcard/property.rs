//! One content line: its group, name, parameters and value (RFC 6350 §3.3).
//!
//! What kith has no word for is kept as it was written. How bytes become text is `decode` and `quoted`.

use std::borrow::Cow;

use calcard::common::Data;
use encoding_rs::Encoding;
use kith_plugin::card::VCardProp;

use crate::vcard::quoted::{escape_into, guess, split_escaped, unescape, unquote_printable};

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
        (!name.is_empty()).then_some(Self { line, group, name, params: params.trim_matches(';'), raw })
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

    /// Returns Android's own type, `X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=E5=AE=B6)`.
    pub(crate) fn custom_type(&self) -> Option<String> {
        let (_, rest) = self.params.split_once("X-CUSTOM(")?;
        let (_, text) = rest.split_once(')')?.0.split_once("PRINTABLE,")?;
        let label = String::from_utf8(unquote_printable(text.as_bytes())).ok()?.trim().to_owned();
        (!label.is_empty()).then_some(label)
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
        unescape(self.decoded().trim())
    }

    /// Returns its values: the parts of N, ADR and ORG, each a list; the items of a list, each alone.
    pub(crate) fn values(&self) -> Vec<Vec<String>> {
        let text = self.decoded();
        let list = |part: &str| split_escaped(part, ',').map(unescape).collect();
        let alone = |part: &str| vec![unescape(part)];
        if self.is("N") || self.is("ADR") {
            split_escaped(&text, ';').map(list).collect()
        } else if self.is("ORG") {
            split_escaped(&text, ';').map(alone).collect()
        } else if self.is("NICKNAME") || self.is("CATEGORIES") {
            split_escaped(&text, ',').map(alone).collect()
        } else {
            vec![alone(&text)]
        }
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
        } else if self.is_base64() {
            (self.params.to_owned(), self.raw.split_whitespace().collect())
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

    /// Returns its value without what it was encoded in for the way; parts and escapes are still to be read.
    ///
    /// Its parts are parted before they are decoded, so a decoded `;` is none between parts.
    fn decoded(&self) -> Cow<'a, str> {
        if !self.is_quoted_printable() {
            return Cow::Borrowed(self.raw);
        }
        let label = self.param("CHARSET").and_then(|label| Encoding::for_label(label.as_bytes()));
        let encoding = label.unwrap_or_else(|| guess(&unquote_printable(self.raw.as_bytes())));
        let mut text = String::with_capacity(self.raw.len());
        for piece in self.raw.split_inclusive([';', ',']) {
            let (piece, separator) = piece.split_at(piece.trim_end_matches([';', ',']).len());
            let bytes = unquote_printable(piece.as_bytes());
            escape_into(&mut text, &encoding.decode_without_bom_handling(&bytes).0);
            text.push_str(separator);
        }
        Cow::Owned(text)
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

fn is_encoding(word: &str) -> bool {
    ["BASE64", "QUOTED-PRINTABLE", "8BIT", "7BIT"].iter().any(|name| word.eq_ignore_ascii_case(name))
}

/// Whether a parameter only says how the value was sent.
fn is_transport(piece: &&str) -> bool {
    let name = piece.split_once('=').map_or(*piece, |(name, _)| name).trim();
    is_encoding(name) || name.eq_ignore_ascii_case("ENCODING") || name.eq_ignore_ascii_case("CHARSET")
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
