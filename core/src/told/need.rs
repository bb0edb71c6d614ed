//! A need that a clause tells of: `looks for a Rust mentor`. What the owner looks for, or nobody does any more, is none.

use core::ops::Range;

use kith_sentence::words::{Word, words};

/// Words that are followed by what somebody looks for.
const PHRASES: [&[&str]; 5] =
    [&["looks", "for"], &["looking", "for"], &["searches", "for"], &["searching", "for"], &["needs"]];

/// Words before the phrase that belong to it.
const LEADING: [&str; 16] = [
    "and", "are", "but", "he", "is", "now", "she", "still", "that", "they", "they're", "he's", "she's", "who", "who's",
    "also",
];

/// Words before the phrase with which it says something else.
const OTHERWISE: [&str; 14] = [
    "i", "i'm", "am", "we", "we're", "not", "no", "longer", "never", "isn't", "aren't", "stopped", "nobody", "nothing",
];

/// What somebody looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Need {
    /// What.
    pub(super) text: String,
    /// What stands in the clause before it, if anything.
    pub(super) before: Option<Range<usize>>,
}

/// Returns the need that a clause tells of.
pub(super) fn of(sentence: &str, clause: Range<usize>) -> Option<Need> {
    let all = words(sentence, clause.clone());
    let (at, length) = (0..all.len()).find_map(|at| Some((at, phrase(&all, at)?)))?;
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
    Some(Need { text: text.to_owned(), before: before.map(|last| clause.start..last.at.end) })
}

/// How many words the phrase has that stands here, if one does.
fn phrase(all: &[Word<'_>], at: usize) -> Option<usize> {
    let stands = |phrase: &&&[&str]| {
        phrase.iter().zip(at..).all(|(word, at)| all.get(at).is_some_and(|known| known.folded == *word))
    };
    PHRASES.iter().find(stands).map(|phrase| phrase.len())
}

fn belongs(word: &Word<'_>) -> bool {
    LEADING.contains(&word.folded.as_str())
}
