//! How values are written: quoted-printable (RFC 2045 §6.7) in the bytes of whatever encoding, and escapes.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

/// Decodes quoted-printable (RFC 2045 §6.7); what is no escape stays.
pub(crate) fn unquote_printable(bytes: &[u8]) -> Vec<u8> {
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

/// Returns the encoding that bytes without a label are likely to be in.
pub(crate) fn guess(bytes: &[u8]) -> &'static Encoding {
    if core::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// Escapes what would end a part or a line, and keeps escapes that are there.
pub(crate) fn escape_into(text: &mut String, decoded: &str) {
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

/// Splits at each separator that is not escaped.
pub(crate) fn split_escaped(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut escaped = false;
    text.split(move |c| {
        let at = c == separator && !escaped;
        escaped = c == '\\' && !escaped;
        at
    })
}

/// Returns the text that an escaped one stands for (RFC 6350 §3.4; `\:` as Apple's and Google's programs write).
pub(crate) fn unescape(text: &str) -> String {
    if memchr::memchr(b'\\', text.as_bytes()).is_none() {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let escaped = if c == '\\' { chars.next_if(|next| ";,:nN\\".contains(*next)) } else { None };
        plain.push(match escaped {
            Some('n' | 'N') => '\n',
            Some(other) => other,
            None => c,
        });
    }
    plain
}
