//! What a clause says that somebody looks for (`looks for a Rust mentor`) or can help with (`can help with German taxes`). What
//! the owner looks for or offers, or nobody does any more, is none.

use core::ops::Range;

use kith_sentence::words::{Word, words};

/// Words that are followed by what somebody looks for.
pub(super) const NEEDING: &[&[&str]] = &[
    &["looks", "for"],
    &["looking", "for"],
    &["searches", "for"],
    &["searching", "for"],
    &["needs"],
    &["seeks"],
    &["seeking"],
];

/// Words that are followed by what somebody can help with.
pub(super) const OFFERING: &[&[&str]] = &[
    &["can", "help", "with"],
    &["can", "help", "out", "with"],
    &["can", "help", "me", "with"],
    &["can", "help", "us", "with"],
    &["can", "help", "you", "with"],
    &["can", "help", "others", "with"],
    &["could", "help", "with"],
    &["could", "help", "me", "with"],
    &["could", "help", "us", "with"],
    &["would", "help", "with"],
    &["helps", "with"],
    &["happy", "to", "help", "with"],
    &["glad", "to", "help", "with"],
    &["offers", "help", "with"],
    &["offered", "help", "with"],
    &["offers", "to", "help", "with"],
    &["offered", "to", "help", "with"],
];

/// Words before the phrase that belong to it.
const LEADING: [&str; 18] = [
    "and", "are", "but", "he", "is", "now", "she", "still", "that", "they", "they're", "he's", "she's", "who", "who's",
    "also", "gladly", "says",
];

/// Words before the phrase with which it says something else.
const OTHERWISE: [&str; 14] = [
    "i", "i'm", "am", "we", "we're", "not", "no", "longer", "never", "isn't", "aren't", "stopped", "nobody", "nothing",
];

/// What somebody looks for, or can help with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase {
    /// What.
    pub(super) text: String,
    /// Where it begins, with the words that belong to it.
    pub(super) begin: usize,
    /// What stands in the clause before it, if anything.
    pub(super) before: Option<Range<usize>>,
    /// Whether it stands apart from what is before it: behind a comma, or a word such as `she`.
    pub(super) apart: bool,
}

/// Words with which a phrase is about what another one names: `looks for somebody who needs a room`.
const RELATIVE: [&str; 3] = ["who", "who's", "that"];

/// Returns the last that a clause tells of in one of these ways: `NEEDING` or `OFFERING`.
pub(super) fn of(phrases: &[&[&str]], sentence: &str, clause: Range<usize>) -> Option<Phrase> {
    let all = words(sentence, clause.clone());
    let told = (0..all.len()).filter_map(|at| one(sentence, &clause, &all, (at, phrase(&all, at, phrases)?)));
    let mut told: Vec<(Phrase, bool)> = told.collect();
    while told.len() > 1 && told.last().is_some_and(|(_, is_relative)| *is_relative) {
        told.pop();
    }
    Some(told.pop()?.0)
}

/// Reads the phrase of so many words that stands here, and whether it is about what another one names.
fn one(
    sentence: &str,
    clause: &Range<usize>,
    all: &[Word<'_>],
    (at, length): (usize, usize),
) -> Option<(Phrase, bool)> {
    let led = all.get(..at)?;
    // How far back the words go that belong to the phrase.
    let own = led.iter().rev().take_while(|word| belongs(word)).count();
    if led.iter().rev().take(own + 1).any(|word| OTHERWISE.contains(&word.folded.as_str())) {
        return None;
    }
    let mut what = all.iter().skip(at + length).peekable();
    while what.next_if(|word| matches!(word.folded.as_str(), "a" | "an" | "the" | "some")).is_some() {}
    // "needs to go" tells what somebody does, not what would help.
    let first = what.peek().filter(|word| word.folded != "to")?;
    let text = sentence.get(first.at.start..clause.end)?;
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | '!' | '?'));
    let before = led.len().checked_sub(own + 1).and_then(|last| led.get(last));
    let begin = led.get(led.len() - own).or_else(|| all.get(at)).map_or(clause.start, |word| word.at.start);
    let apart = own > 0 || before.is_none_or(|word| word.ends_part);
    let before = before.map(|last| clause.start..last.at.end);
    let is_relative = led.iter().rev().take(own).any(|word| RELATIVE.contains(&word.folded.as_str()));
    Some((Phrase { text: text.to_owned(), begin, before, apart }, is_relative))
}

/// How many words the phrase has that stands here, if one does.
fn phrase(all: &[Word<'_>], at: usize, phrases: &[&[&str]]) -> Option<usize> {
    let stands = |phrase: &&&[&str]| {
        phrase.iter().zip(at..).all(|(word, at)| all.get(at).is_some_and(|known| known.folded == *word))
    };
    phrases.iter().find(stands).map(|phrase| phrase.len())
}

fn belongs(word: &Word<'_>) -> bool {
    LEADING.contains(&word.folded.as_str())
}
