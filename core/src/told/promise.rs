//! What a clause says that the owner promised: `promised Lea to send the slides by Friday`. What others promised is none.
//!
//! ```text
//!  promised Lea to send the slides by Friday
//!           who    ╰─── what ────╯ ╰ due ─╯
//! ```

use core::ops::Range;

use jiff::civil::Date;
use kith_sentence::day::{coming, past};
use kith_sentence::words::{Word, words};

use super::names::{Run, is_between, is_nobody, is_written_as_name};
use super::tells_what;

/// Words before `promised` that belong to it.
const LEADING: [&str; 12] = ["i", "i've", "i'd", "have", "had", "also", "then", "and", "but", "so", "just", "we"];

/// Words for the one to whom something is promised, who is named elsewhere.
const THEM: [&str; 5] = ["her", "him", "them", "both", "you"];

/// Words before a day that belong to it.
const BEFORE_DAY: [&str; 14] =
    ["by", "until", "till", "before", "on", "at", "in", "the", "bis", "am", "zum", "zur", "vor", "den"];

/// Words with which a day is a part of what is promised: `a table for Friday`.
const WITH_DAY: [&str; 6] = ["for", "of", "about", "from", "since", "to"];

/// Words behind a name, with which it is somebody to whom something is promised.
const BEHIND_WHOM: [&str; 9] = ["to", "the", "a", "an", "that", "my", "some", "i'll", "i'd"];

/// What the owner promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Promised {
    /// What; empty where the clause does not say it.
    pub(super) text: String,
    /// By when.
    pub(super) due: Option<Date>,
    /// To whom, where these are others than those whom the sentence is about.
    pub(super) whom: Vec<Run>,
    /// Where it begins, with the words that belong to it.
    pub(super) begin: usize,
    /// What stands in the clause before it, if anything.
    pub(super) before: Option<Range<usize>>,
}

/// Returns the last promise that a clause tells of; `who` are those whom the sentence is about.
pub(super) fn of(sentence: &str, clause: Range<usize>, who: &[Run], today: Date) -> Option<Promised> {
    let all = words(sentence, clause.clone());
    let (at, own) = (0..all.len()).rev().find_map(|at| Some((at, owners(&all, at, who, today)?)))?;
    if all.get(at + 1).is_some_and(|word| matches!(word.folded.as_str(), "nothing" | "not" | "no" | "nobody")) {
        return None;
    }
    let led = all.get(..at - own)?;
    let before = led.last().map(|last| clause.start..last.at.end);
    let begin = all.get(at - own).map_or(clause.start, |word| word.at.start);
    let (whom, from) = addressed(sentence, &all, at + 1, who);
    let (text, due) = what(sentence, &all, from, clause.end, today);
    Some(Promised { text, due, whom, begin, before })
}

/// How many words before this one belong to it, where it tells that the owner promised something.
fn owners(all: &[Word<'_>], at: usize, who: &[Run], today: Date) -> Option<usize> {
    let led = all.get(..at)?;
    let word = all.get(at)?.folded.as_str();
    let own = led.iter().rev().take_while(|word| LEADING.contains(&word.plain().as_str())).count();
    let is_mine = led.iter().rev().take(own).any(|word| matches!(word.plain().as_str(), "i" | "i've" | "i'd" | "we"));
    if word != "promised" && !(word == "promise" && (is_mine || at == own)) {
        return None;
    }
    let begins = own > 0 && led.get(at - own).is_some_and(|word| matches!(word.folded.as_str(), "and" | "but"));
    // "Ana called and promised": it is she who promised.
    let is_another = |word: &Word<'_>| {
        matches!(word.folded.as_str(), "he" | "she" | "they") || is_first(all, word) && is_name_of(word, who)
    };
    if begins && !is_mine && led.iter().any(is_another) {
        return None;
    }
    let Some(before) = led.get(..at - own).and_then(|before| before.last()) else { return Some(own) };
    let ends_day = || {
        let before_it = led.get(..at - own).unwrap_or_default();
        past(before_it, today).is_some_and(|(_, place)| place.end == before.at.end)
    };
    (is_mine || begins || before.ends_part || ends_day()).then_some(own)
}

fn is_first(all: &[Word<'_>], word: &Word<'_>) -> bool {
    all.first().is_some_and(|first| first.at == word.at)
}

fn is_name_of(word: &Word<'_>, who: &[Run]) -> bool {
    who.iter().any(|run| run.at.contains(&word.at.start))
}

/// Returns to whom it is promised, where that is none of those whom the sentence is about, and where what is promised begins.
fn addressed(sentence: &str, all: &[Word<'_>], mut at: usize, who: &[Run]) -> (Vec<Run>, usize) {
    let is_theirs = |at: usize| all.get(at).is_some_and(|word| is_name_of(word, who));
    let is_to = |at: usize| all.get(at).is_some_and(|word| word.folded == "to");
    let begin = at;
    loop {
        let is_link = is_to(at) || all.get(at).is_some_and(is_between);
        if is_theirs(at) || all.get(at).is_some_and(|word| THEM.contains(&word.folded.as_str())) {
            at += 1;
        } else if is_link && is_theirs(at + 1) {
            at += 2;
        } else {
            break;
        }
    }
    if at > begin {
        return (Vec::new(), at);
    }
    let mut whom = Vec::new();
    let mut next = at + usize::from(is_to(at));
    while let Some((run, end)) = name(sentence, all, next) {
        whom.push(run);
        let is_more = all.get(end).is_some_and(is_between) || all.get(end - 1).is_some_and(|word| word.ends_part);
        next = end + usize::from(all.get(end).is_some_and(is_between));
        if !is_more || name(sentence, all, next).is_none() {
            let is_whom = |word: &Word<'_>| BEHIND_WHOM.contains(&word.plain().as_str()) || tells_what(word);
            return if all.get(end).is_some_and(is_whom) { (whom, end) } else { (Vec::new(), at) };
        }
    }
    (Vec::new(), at)
}

/// The words from this one on that are written as a name, and where they end.
fn name(sentence: &str, all: &[Word<'_>], begin: usize) -> Option<(Run, usize)> {
    let first = all.get(begin).filter(|word| is_written_as_name(word) && !is_nobody(word))?;
    let mut end = begin + 1;
    while all.get(end).is_some_and(is_written_as_name) && all.get(end - 1).is_some_and(|word| !word.ends_part) {
        end += 1;
    }
    let at = first.at.start..all.get(end - 1)?.at.end;
    Some((Run { text: sentence.get(at.clone())?.to_owned(), at }, end))
}

/// Returns what is promised in the words from this one on, and by when.
fn what(sentence: &str, all: &[Word<'_>], mut from: usize, end: usize, today: Date) -> (String, Option<Date>) {
    let rest = |from: usize| all.get(from..).unwrap_or_default();
    // "promised Lea yesterday to …"
    if let Some((_, place)) = past(rest(from), today)
        && all.get(from).is_some_and(|word| word.at.start == place.start)
        && rest(from).iter().any(|word| word.at.start >= place.end && word.folded == "to")
    {
        from += rest(from).iter().take_while(|word| word.at.start < place.end).count();
    }
    from += usize::from(all.get(from).is_some_and(|word| matches!(word.folded.as_str(), "to" | "that")));
    let words = rest(from);
    let begin = words.first().map_or(end, |word| word.at.start);
    let text = |range: Range<usize>| sentence.get(range).unwrap_or_default();
    let Some((due, place)) = coming(words, today) else { return (tidy(text(begin..end)), None) };
    let behind = text(place.end..end).trim_start_matches(is_mark);
    let first = words.iter().take_while(|word| word.at.start < place.start).count();
    let led = words.iter().take(first).rev().take_while(|word| BEFORE_DAY.contains(&word.plain().as_str())).count();
    let day = words.get(first - led).map_or(place.start, |word| word.at.start);
    let is_part =
        first > led && words.get(first - led - 1).is_some_and(|word| WITH_DAY.contains(&word.folded.as_str()));
    let is_due =
        words.get(first - led).is_some_and(|word| matches!(word.plain().as_str(), "by" | "until" | "till" | "bis"));
    if !is_due && (is_part || !behind.trim().is_empty()) {
        return (tidy(text(begin..end)), Some(due));
    }
    let before = text(begin..day).trim_end();
    (tidy(&format!("{before} {behind}")), Some(due))
}

fn is_mark(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | '.' | ':' | '!' | '?')
}

fn tidy(text: &str) -> String {
    text.trim_matches(is_mark).to_owned()
}
