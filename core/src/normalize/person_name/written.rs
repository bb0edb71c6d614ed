//! A full name as people write it, parted at its brackets and commas.

use std::borrow::Cow;
use std::ops::Range;

use super::word;

/// The longest name that is read, in bytes; what follows is no name.
const LIMIT_BYTES: usize = 240;

/// Words before the surname at birth, folded.
const BORN: &[&str] =
    &["nee", "ne", "geb", "geborene", "geborener", "born", "nata", "z", "roz", "fodd", "fodt", "maiden", "formerly"];

/// What stands between a name and what is no part of it.
const TAIL_MARKS: &[&str] = &[" - ", " – ", " — ", " · ", " • ", " via ", " @ ", " at ", " from ", " c/o "];

/// What stands in brackets or quotes within a name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Aside<'a> {
    pub(super) text: &'a str,
    /// It is the surname at birth.
    pub(super) is_maiden: bool,
    /// More of the name follows after it.
    pub(super) is_inside: bool,
}

/// A name parted at its brackets and commas.
#[derive(Debug)]
pub(super) struct Written<'a> {
    name: Cow<'a, str>,
    /// Where the comma of "Last, First" is.
    comma: Option<(usize, Range<usize>)>,
    asides: Vec<Aside<'a>>,
}

impl<'a> Written<'a> {
    pub(super) fn new(raw: &'a str) -> Self {
        let raw = without_tail(within_limit(raw));
        let (name, asides) = without_asides(raw);
        if name.contains('@') {
            return Self { name: Cow::Borrowed(""), comma: None, asides: Vec::new() };
        }
        let comma = comma(&name);
        Self { name, comma, asides }
    }

    /// What stands before the comma, or the whole where there is none.
    pub(super) fn name(&self) -> &str {
        let end = self.comma.as_ref().map_or(self.name.len(), |(end, _)| *end);
        self.name.get(..end).unwrap_or_default()
    }

    /// The given names of "Last, First".
    pub(super) fn after_comma(&self) -> Option<&str> {
        let (_, given) = self.comma.clone()?;
        self.name.get(given).filter(|after| !after.is_empty())
    }

    pub(super) fn asides(&self) -> &[Aside<'a>] {
        &self.asides
    }
}

fn within_limit(raw: &str) -> &str {
    let mut end = raw.len().min(LIMIT_BYTES);
    while !raw.is_char_boundary(end) {
        end -= 1;
    }
    raw.get(..end).unwrap_or_default()
}

/// Takes off what mail and profiles append: an address, "| Acme", "- Acme", "via LinkedIn", "at Acme".
fn without_tail(raw: &str) -> &str {
    let mut end = raw.len();
    let bytes = raw.as_bytes();
    if bytes.iter().any(|b| matches!(b, b'<' | b'|' | b'/' | b';')) {
        // A slash within a word may be pronouns, which brackets hold as well.
        let cut = raw.find(['<', '|', ';']).into_iter().chain(raw.find(" / ")).chain(raw.find(" // ")).min();
        end = cut.filter(|&at| at > 0).unwrap_or(end);
    }
    let head = raw.get(..end).unwrap_or(raw);
    let is_mark = |at: &usize| head.get(*at..).is_some_and(|rest| TAIL_MARKS.iter().any(|mark| rest.starts_with(mark)));
    let cut = head.match_indices(' ').map(|(at, _)| at).filter(|&at| at > 0).find(is_mark);
    cut.and_then(|at| head.get(..at)).unwrap_or(head)
}

const fn is_comma(c: char) -> bool {
    matches!(c, ',' | '，' | '、' | '،' | '､')
}

/// Where the surname of `Last, First, PhD` ends, and where its given names are; of `First Last, PhD` they are nowhere.
fn comma(name: &str) -> Option<(usize, Range<usize>)> {
    let first = name.find(is_comma)?;
    let is_surname = word::is_personal(name.get(..first)?);
    let mut start = first;
    while is_surname && start < name.len() {
        let rest = name.get(start..)?.trim_start_matches(is_comma);
        let from = name.len() - rest.len();
        let end = rest.find(is_comma).map_or(name.len(), |at| from + at);
        if word::is_personal(name.get(from..end)?) {
            return Some((first, from..end));
        }
        start = end.max(start + 1);
    }
    Some((first, first..first))
}

/// Parts a name from what stands in brackets and quotes.
fn without_asides(raw: &str) -> (Cow<'_, str>, Vec<Aside<'_>>) {
    let raw = unquoted(raw.trim());
    let has_mark = raw.bytes().any(|b| matches!(b, b'(' | b'[' | b'{' | b'"' | b'\'') || !b.is_ascii());
    let mut open = if has_mark { next_aside(raw) } else { None };
    let mut asides = Vec::new();
    let mut rest = raw;
    let mut name = String::new();
    while let Some((start, text_start, text_end, end)) = open {
        let (Some(before), Some(text), Some(after)) =
            (rest.get(..start), rest.get(text_start..text_end), rest.get(end..))
        else {
            break;
        };
        name.push_str(before);
        name.push(' ');
        let is_inside = word::has_letter(&name) && word::has_letter(after);
        asides.extend(aside(text.trim(), is_inside));
        rest = after;
        open = if asides.len() < 4 { next_aside(rest) } else { None };
    }
    let before_born = |name: &str| name.find(" née ").or_else(|| name.find(" geb. ")).or_else(|| name.find(" nee "));
    if name.is_empty() {
        if let Some(at) = before_born(rest) {
            asides.extend(aside(rest.get(at..).unwrap_or_default().trim(), false));
            rest = rest.get(..at).unwrap_or_default();
        }
        return (Cow::Borrowed(rest), asides);
    }
    name.push_str(rest);
    (Cow::Owned(name), asides)
}

/// Takes off quotes that stand around a whole name.
fn unquoted(raw: &str) -> &str {
    for (open, close) in [('"', '"'), ('\'', '\''), ('“', '”'), ('„', '“'), ('«', '»')] {
        let inner = raw.strip_prefix(open).and_then(|inner| inner.strip_suffix(close));
        if let Some(inner) = inner.filter(|inner| !inner.contains([open, close])) {
            return inner.trim();
        }
    }
    raw
}

/// The next brackets or quotes: where they begin, what is within, where they end.
fn next_aside(text: &str) -> Option<(usize, usize, usize, usize)> {
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let close = match c {
            '(' => ')',
            '（' => '）',
            '[' => ']',
            '{' => '}',
            '【' => '】',
            '"' => '"',
            '“' => '”',
            '„' => '“',
            '«' => '»',
            // An apostrophe opens a quotation only at the beginning of a word.
            '\'' | '‘' if before == ' ' => {
                if c == '\'' {
                    '\''
                } else {
                    '’'
                }
            }
            _ => {
                before = c;
                continue;
            }
        };
        before = c;
        let start = at + c.len_utf8();
        let Some(length) = text.get(start..).and_then(|inner| inner.find(close)) else { continue };
        let end = start + length + close.len_utf8();
        let is_quotation = c != '\'' || text.get(end..).is_none_or(|after| !after.starts_with(char::is_alphabetic));
        if length > 0 && is_quotation {
            return Some((at, start, start + length, end));
        }
    }
    None
}

/// An aside that may be a name: pronouns and remarks are none.
fn aside(text: &str, is_inside: bool) -> Option<Aside<'_>> {
    let is_remark = text.contains(['/', '@', ':', '#']) || !word::has_letter(text);
    if is_remark {
        return None;
    }
    let (first, rest) = text.split_once([' ', '.', ':']).unwrap_or((text, ""));
    let first = super::super::fold_text(first);
    let is_maiden = BORN.contains(&first.as_str()) && word::has_letter(rest);
    let text = if is_maiden { rest.trim_matches([' ', '.', ':']) } else { text };
    Some(Aside { text, is_maiden, is_inside })
}
