//! Clauses and words of a sentence, each with its place.

use core::ops::Range;

/// A word without the punctuation around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word<'a> {
    /// As it is written.
    pub text: &'a str,
    /// In small letters.
    pub folded: String,
    /// Where it stands in the sentence.
    pub at: Range<usize>,
    /// A comma or a bracket follows it.
    pub ends_part: bool,
}

impl Word<'_> {
    /// Returns it in small letters without umlauts and with a plain apostrophe, as tables of words are written: `naechste`.
    #[must_use]
    pub fn plain(&self) -> String {
        let mut plain = String::with_capacity(self.folded.len());
        for c in self.folded.chars() {
            match c {
                'ä' => plain.push_str("ae"),
                'ö' => plain.push_str("oe"),
                'ü' => plain.push_str("ue"),
                'ß' => plain.push_str("ss"),
                '’' => plain.push('\''),
                c => plain.push(c),
            }
        }
        plain
    }
}

/// Returns the clauses: what stands between semicolons, line ends, and full stops before a space.
pub fn clauses(sentence: &str) -> impl Iterator<Item = Range<usize>> {
    let mut ends: Vec<(usize, usize)> = Vec::new();
    let mut before = None;
    for (at, c) in sentence.char_indices() {
        let full_stop = matches!(before, Some('!' | '?')) || (before == Some('.') && is_word_before(sentence, at));
        if matches!(c, ';' | '\n') {
            ends.push((at, at + 1));
        } else if c.is_whitespace() && full_stop {
            ends.push((at, at));
        }
        before = Some(c);
    }
    ends.push((sentence.len(), sentence.len()));
    let mut start = 0;
    ends.into_iter()
        .map(move |(end, next)| core::mem::replace(&mut start, next)..end)
        .filter(|clause| !clause.is_empty())
}

/// Whether a word ends with the full stop before `at`, and no initial: `J. Smith` is one name.
fn is_word_before(sentence: &str, at: usize) -> bool {
    let word = sentence.get(..at).and_then(|text| text.split_whitespace().next_back()).unwrap_or_default();
    word.chars().filter(|c| c.is_alphanumeric()).count() > 2
}

/// Returns the words of a clause.
#[must_use]
pub fn words(sentence: &str, clause: Range<usize>) -> Vec<Word<'_>> {
    let text = sentence.get(clause.clone()).unwrap_or_default();
    let mut found = Vec::new();
    let mut from = 0;
    for part in text.split_whitespace() {
        let Some(offset) = text.get(from..).and_then(|rest| rest.find(part)) else { continue };
        let start = from + offset;
        from = start + part.len();
        let led = part.trim_start_matches(is_around);
        let bare = led.trim_end_matches(is_around);
        if bare.is_empty() {
            continue;
        }
        let start = clause.start + start + (part.len() - led.len());
        found.push(Word {
            text: bare,
            folded: bare.to_lowercase(),
            at: start..start + bare.len(),
            ends_part: led.get(bare.len()..).is_some_and(|rest| rest.contains(|c| c != '.')),
        });
    }
    found
}

fn is_around(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '!' | '?' | '(' | ')' | '"' | '“' | '”' | '„' | '.')
}
