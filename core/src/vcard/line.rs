//! Content lines of vCard 4.0: parameters, escaping, folding (RFC 6350 §3).

use std::borrow::Cow;

/// The longest line in bytes, without its end (RFC 6350 §3.2).
const LINE_BYTES: usize = 75;

/// A content line under way: group, name and parameters, then the value.
#[derive(Debug)]
pub(super) struct Line(String);

impl Line {
    pub(super) fn new(name: &str) -> Self {
        Self(name.to_owned())
    }

    pub(super) fn in_group(group: &str, name: &str) -> Self {
        Self(format!("{group}.{name}"))
    }

    /// Adds a parameter. Its value is quoted where it must be; what cannot stand in quotes is written as RFC 6868 says.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        let value = encode_param(value);
        let plain =
            !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        self.0 += &if plain { format!(";{name}={value}") } else { format!(";{name}=\"{value}\"") };
        self
    }

    /// Adds parameters as they were written.
    pub(super) fn with_written(mut self, params: &str) -> Self {
        if !params.is_empty() {
            self.0.push(';');
            self.0.push_str(params);
        }
        self
    }

    /// Closes it with one text.
    pub(super) fn text(self, value: &str) -> String {
        self.written(&escape(value))
    }

    /// Closes it with an address, which is written as it is; what is none, because it holds a backslash, as a text.
    pub(super) fn address(self, uri: &str) -> String {
        if uri.contains(|c| c == '\\' || is_foreign(c)) { self.text(uri) } else { self.written(uri) }
    }

    /// Closes it with parts, as N, ADR and ORG have.
    pub(super) fn parts(self, parts: &[String]) -> String {
        self.written(&parts.join(";"))
    }

    /// Closes it with a value as it was written.
    pub(super) fn written(mut self, value: &str) -> String {
        self.0.push(':');
        self.0.push_str(value);
        self.0
    }
}

/// Appends a content line, folded, with its end.
pub(crate) fn push_folded(out: &mut String, line: &str) {
    let mut room = LINE_BYTES;
    for c in line.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = LINE_BYTES - 1;
        }
        room -= c.len_utf8();
        out.push(c);
    }
    out.push_str("\r\n");
}

/// Escapes a text (RFC 6350 §3.4). Control characters have no place in a line and are left out.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(|c: char| matches!(c, '\\' | ',' | ';') || is_foreign(c)) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => escaped.push_str("\\n"),
            '\\' | ',' | ';' => escaped.extend(['\\', c]),
            c if is_foreign(c) => {}
            c => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

/// Whether a character cannot stand in a line.
pub(super) const fn is_foreign(c: char) -> bool {
    c.is_ascii_control() && c != '\t'
}

/// RFC 6868 §3.1.
fn encode_param(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => encoded.push_str("^n"),
            '^' => encoded.push_str("^^"),
            '"' => encoded.push_str("^'"),
            c if is_foreign(c) => {}
            c => encoded.push(c),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_at_75_bytes_and_never_within_a_character() {
        let line = format!("NOTE:{}", "é🦊".repeat(60));
        let mut folded = String::new();
        push_folded(&mut folded, &line);
        assert!(folded.ends_with("\r\n"));
        let lines: Vec<&str> = folded.trim_end().split("\r\n").collect();
        assert!(lines.len() > 4 && lines.iter().all(|line| line.len() <= 75), "{lines:?}");
        assert_eq!(lines.join("\n").replace("\n ", ""), line);
    }

    #[test]
    fn escapes_texts_and_parameters() {
        assert_eq!(Line::new("NOTE").text("a;b,c\\d\r\ne"), "NOTE:a\\;b\\,c\\\\d\\ne");
        assert_eq!(
            Line::in_group("item1", "ADR").with("LABEL", "a \"b\"\n^c").parts(&[]),
            "item1.ADR;LABEL=\"a ^'b^'^n^^c\":"
        );
        assert_eq!(Line::new("TEL").with("TYPE", "cell").written("1"), "TEL;TYPE=cell:1");
    }
}
