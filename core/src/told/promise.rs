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
    /// To whom, where it is somebody else than those whom the sentence is about.
    pub(super) whom: Option<Run>,
    /// Where it begins, with the words that belong to it.
    pub(super) begin: usize,
    /// What stands in the clause before it, if anything.
    pub(super) before: Option<Range<usize>>,
}

/// Returns the promise that a clause tells of; `who` are those whom the sentence is about.
pub(super) fn of(sentence: &str, clause: Range<usize>, who: &[Run], today: Date) -> Option<Promised> {
    let all = words(sentence, clause.clone());
    let (at, own) = (0..all.len()).find_map(|at| Some((at, owners(&all, at, today)?)))?;
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
fn owners(all: &[Word<'_>], at: usize, today: Date) -> Option<usize> {
    let led = all.get(..at)?;
    let word = all.get(at)?.folded.as_str();
    let own = led.iter().rev().take_while(|word| LEADING.contains(&word.plain().as_str())).count();
    let is_mine = led.iter().rev().take(own).any(|word| matches!(word.plain().as_str(), "i" | "i've" | "i'd" | "we"));
    if word != "promised" && !(word == "promise" && (is_mine || at == own)) {
        return None;
    }
    let begins = own > 0 && led.get(at - own).is_some_and(|word| matches!(word.folded.as_str(), "and" | "but"));
    let Some(before) = led.get(..at - own).and_then(|before| before.last()) else { return Some(own) };
    let ends_day = || {
        let before_it = led.get(..at - own).unwrap_or_default();
        past(before_it, today).is_some_and(|(_, place)| place.end == before.at.end)
    };
    (is_mine || begins || before.ends_part || ends_day()).then_some(own)
}

/// Returns to whom it is promised, where that is none of those whom the sentence is about, and where what is promised begins.
fn addressed(sentence: &str, all: &[Word<'_>], mut at: usize, who: &[Run]) -> (Option<Run>, usize) {
    let is_theirs = |at: usize| all.get(at).is_some_and(|word| who.iter().any(|run| run.at.contains(&word.at.start)));
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
    let name = at + usize::from(is_to(at));
    if at > begin || !all.get(name).is_some_and(|word| is_written_as_name(word) && !is_nobody(word)) {
        return (None, at);
    }
    let more = all.iter().skip(name).take_while(|word| is_written_as_name(word)).count();
    let is_whom = all.get(name + more).is_some_and(|word| BEHIND_WHOM.contains(&word.plain().as_str()));
    let place = all.get(name).zip(all.get(name + more - 1)).map(|(first, last)| first.at.start..last.at.end);
    let whom = place.filter(|_| is_whom);
    let whom = whom.map(|at| Run { text: sentence.get(at.clone()).unwrap_or_default().to_owned(), at });
    let begin = if whom.is_some() { name + more } else { at };
    (whom, begin)
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
