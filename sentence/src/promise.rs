//! What a text of the user's promises: sentences in which they say that they will do something for whom they write to.
//!
//! Rather none than a wrong one: what depends on something, is asked, denied or hedged is no promise, and neither is what
//! somebody will merely be or attend. With a day many verbs will do; without one only those of giving (`send`, `introduce`,
//! `get back to`). Which words say so is in `promise/english` and `promise/german`.
//!
//! ```text
//!  "Thanks! I'll send you the draft by Friday. I will be in Graz."  ─▶  "I'll send you the draft by Friday.", due on Friday
//! ```

mod english;
mod german;

use core::ops::Range;

use jiff::civil::Date;

use crate::day::coming;
use crate::words::{Word, clauses, words};

/// How many promises of one text are found.
pub const PROMISES_AT_MOST: usize = 5;

/// A sentence that is longer says more than a promise.
const SENTENCE_LIMIT_CHARS: usize = 300;

/// A sentence that promises something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// The sentence.
    pub text: String,
    /// By when, where it says so.
    pub due: Option<Date>,
}

/// How sure it is that something is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sure {
    /// It is if there is a day by which it is to be done.
    WithADay,
    /// It is, in any case.
    Given,
}

/// Returns what a text of the user's promises, each sentence once; days count from `today`, the day on which it was written.
///
/// Without `today` no day is read.
#[must_use]
pub fn promises(text: &str, today: Option<Date>) -> Vec<Promise> {
    let mut found: Vec<Promise> = Vec::new();
    for clause in clauses(text) {
        let sentence = text.get(clause.clone()).unwrap_or_default().trim();
        let promised = promised(sentence, today).filter(|new| found.iter().all(|known| known.text != new.text));
        found.extend(promised);
        if found.len() == PROMISES_AT_MOST {
            break;
        }
    }
    found
}

fn promised(sentence: &str, today: Option<Date>) -> Option<Promise> {
    if sentence.chars().count() > SENTENCE_LIMIT_CHARS || sentence.contains('?') {
        return None;
    }
    let all = words(sentence, 0..sentence.len());
    let plain: Vec<String> = all.iter().map(Word::plain).collect();
    let plain: Vec<&str> = plain.iter().map(String::as_str).collect();
    let day = today.and_then(|today| coming(&all, today));
    let before = |begin: usize| leading(&all, begin, day.as_ref().map(|(_, at)| at));
    let sure = english::sure(&plain, before).or_else(|| german::sure(&plain, before))?;
    let due = day.map(|(on, _)| on);
    (due.is_some() || sure == Sure::Given).then(|| Promise { text: sentence.to_owned(), due })
}

/// Returns where the part of the sentence begins that the word at `begin` stands in, behind a comma, a dash, or the day.
fn leading(all: &[Word<'_>], begin: usize, day: Option<&Range<usize>>) -> usize {
    let is_end = |word: &Word<'_>| {
        word.ends_part
            || !word.text.contains(char::is_alphanumeric)
            || day.is_some_and(|day| day.contains(&word.at.start))
    };
    all.iter().take(begin).rposition(is_end).map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests;
