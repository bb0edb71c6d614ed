//! Addresses of web pages, read loosely: with or without a scheme, as people paste them.

use std::borrow::Cow;

/// The longest address that is read, in bytes.
const LENGTH_LIMIT_BYTES: usize = 2048;

/// The parts of a web address that name a profile.
#[derive(Debug)]
pub(super) struct WebAddress<'a> {
    /// Lower-case, without user, port and `www.`.
    pub(super) host: String,
    /// The parts of the path that are not empty, as written.
    pub(super) segments: Vec<&'a str>,
    /// What follows the question mark.
    pub(super) query: &'a str,
}

impl<'a> WebAddress<'a> {
    /// Reads a web address; `None` when there is no host with a dot, or a scheme other than http and https.
    pub(super) fn parse(raw: &'a str) -> Option<Self> {
        let raw = raw.trim();
        if raw.len() > LENGTH_LIMIT_BYTES || raw.contains(char::is_whitespace) {
            return None;
        }
        let rest = without_scheme(raw)?;
        let (rest, _fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let host = authority.split(':').next()?.trim_end_matches('.');
        let www = host.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."));
        let host = if www { host.get(4..)? } else { host }.to_ascii_lowercase();
        if !host.contains('.') || host.contains('@') || host.starts_with('.') {
            return None;
        }
        Some(Self { host, segments: path.split('/').filter(|s| !s.is_empty()).collect(), query })
    }

    /// Returns the part of the path with this index.
    pub(super) fn segment(&self, index: usize) -> Option<&'a str> {
        self.segments.get(index).copied()
    }

    /// Returns whether the host is `domain` or lies below it.
    pub(super) fn is_at(&self, domain: &str) -> bool {
        self.host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

/// Takes off `https://`, also with the colon escaped as some vCard writers leave it, and `//`.
fn without_scheme(raw: &str) -> Option<&str> {
    for scheme in ["https://", "http://", "https\\://", "http\\://", "//"] {
        if let Some(start) = raw.get(..scheme.len())
            && start.eq_ignore_ascii_case(scheme)
        {
            return raw.get(scheme.len()..);
        }
    }
    (!raw.contains("://")).then_some(raw)
}

/// Returns `text` with its percent-encoding undone, also when it was encoded twice; as it is where that is no UTF-8.
pub(super) fn percent_decoded(text: &str) -> Cow<'_, str> {
    let mut decoded = Cow::Borrowed(text);
    if !text.contains('%') {
        return decoded;
    }
    while let Some(next) = decode_once(&decoded) {
        decoded = Cow::Owned(next);
    }
    decoded
}

fn decode_once(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    let mut changed = false;
    loop {
        match rest {
            [] => break,
            [b'%', high, low, tail @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                bytes.push(hex(*high) << 4 | hex(*low));
                changed = true;
                rest = tail;
            }
            [byte, tail @ ..] => {
                bytes.push(*byte);
                rest = tail;
            }
        }
    }
    changed.then(|| String::from_utf8(bytes).ok()).flatten()
}

const fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        b'A'..=b'F' => digit - b'A' + 10,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, expected: Option<(&str, &[&str])>) {
        let read = WebAddress::parse(raw);
        assert_eq!(read.as_ref().map(|a| (a.host.as_str(), a.segments.as_slice())), expected, "{raw:?}");
    }

    #[test]
    fn reads_addresses_as_people_paste_them() {
        check("https://www.Example.com/in/Ana/?a=b#c", Some(("example.com", &["in", "Ana"])));
        check("http\\://example.com:8080//ana", Some(("example.com", &["ana"])));
        check("//m.example.com./ana", Some(("m.example.com", &["ana"])));
        check("example.com", Some(("example.com", &[])));
    }

    #[test]
    fn what_is_no_web_address_is_none() {
        for raw in ["", "ana", "ftp://example.com/a", "ana@example.com", "mailto:ana@example.com", "a b.example"] {
            check(raw, None);
        }
    }

    #[test]
    fn undoes_percent_encoding() {
        assert_eq!(percent_decoded("zo%C3%AB"), "zoë");
        assert_eq!(percent_decoded("zo%25C3%25AB"), "zoë");
        assert_eq!(percent_decoded("100%"), "100%");
        assert_eq!(percent_decoded("%ff"), "%ff");
    }
}
