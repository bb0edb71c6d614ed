//! Whom a sentence names, as far as its words tell: the runs of words that may be a name, and names in a list.
//!
//! Who they are is asked in the daemon, of the book; which of several is likeliest is in `whom`.
//!
//! ```text
//!  "lunch with Ana Silva, Bob and Cleo" ─runs─▶ Ana Silva ─beside─▶ Bob ─beside─▶ Cleo
//! ```

use core::ops::Range;

use jiff::civil::{Date, date};
use kith_sentence::day::past;
use kith_sentence::words::{Word, clauses, words};

use super::tells_what;

/// Of how many words a name is, at most.
const NAME_WORDS: usize = 5;

/// How many words may stand between `with` and a name that begins with a capital: `with my old friend Ana`.
const BEFORE_NAME: usize = 3;

/// Words after which somebody is named, as they are written in one or two words; what stands earlier here is tried first.
const MARKERS: [&[&str]; 29] = [
    &["with"],
    &["met"],
    &["saw"],
    &["visited"],
    &["called"],
    &["phoned"],
    &["rang"],
    &["wrote", "to"],
    &["spoke", "to"],
    &["talked", "to"],
    &["mail", "to"],
    &["mail", "from"],
    &["letter", "to"],
    &["letter", "from"],
    &["message", "to"],
    &["message", "from"],
    &["call", "from"],
    &["visit", "from"],
    &["heard", "from"],
    &["wrote"],
    &["mailed"],
    &["emailed"],
    &["messaged"],
    &["texted"],
    &["helped"],
    &["promised"],
    &["promise"],
    &["to"],
    &["from"],
];

/// Those of them that tell what was promised, and of no meeting.
const PROMISING: [&[&str]; 4] = [&["promised"], &["promise"], &["to"], &["from"]];

/// Words after which somebody is named who was there.
const THERE: [&str; 4] = ["with", "met", "saw", "visited"];

/// Words behind which somebody else does something, or that tell what it was about.
const ASIDE: [&str; 18] = [
    "who", "whom", "whose", "which", "that", "where", "when", "about", "he", "she", "they", "it", "his", "her",
    "their", "how", "because", "while",
];

/// Words that name nobody, however a name begins.
const NOBODY: [&str; 36] = [
    "a",
    "an",
    "and",
    "at",
    "back",
    "everybody",
    "everyone",
    "for",
    "from",
    "he",
    "her",
    "him",
    "his",
    "i",
    "i'd",
    "i'll",
    "i'm",
    "i've",
    "in",
    "it",
    "me",
    "my",
    "of",
    "on",
    "our",
    "she",
    "some",
    "somebody",
    "the",
    "their",
    "them",
    "they",
    "to",
    "us",
    "we",
    "you",
];

/// Words by which somebody introduced the owner to whom is named behind them.
pub(super) const INTRODUCING: [&[&str]; 2] = [&["introduced", "me", "to"], &["introduced", "us", "to"]];

/// Words between who did something and what they did.
pub(super) const MEANWHILE: [&str; 9] = ["has", "have", "had", "also", "kindly", "already", "really", "just", "once"];

/// Words between two names of a list.
const BETWEEN: [&str; 5] = ["and", "&", "+", "und", "plus"];

/// Words behind a name with which it ends; without one a small word behind `and` is what somebody did: `met Ana and talked`.
const BEHIND: [&str; 21] = [
    "about",
    "after",
    "again",
    "at",
    "before",
    "by",
    "during",
    "for",
    "from",
    "in",
    "last",
    "near",
    "on",
    "over",
    "this",
    "to",
    "today",
    "tonight",
    "via",
    "while",
    "yesterday",
];

/// A day on which words are looked at for whether they name one, whichever.
const SOME_DAY: Date = date(2026, 11, 23);

/// Words that may name somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The words.
    pub text: String,
    /// Where they stand in the sentence.
    pub(super) at: Range<usize>,
}

impl Run {
    /// Returns no words at all: who is meant was said apart from the sentence, which begins with what they did.
    #[must_use]
    pub const fn nowhere() -> Self {
        Self { text: String::new(), at: 0..0 }
    }
}

/// One more name of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// The words that may be it, the longest run first.
    pub runs: Vec<Run>,
    /// The whole of it, where it is written as a name; in small letters it may be something else.
    pub name: Option<Run>,
}

/// Returns the words that may name somebody, in the order in which they are to be tried: the longest run first, after each
/// word that says with whom; where there is none, at the beginning of the sentence.
#[must_use]
pub fn runs(sentence: &str) -> Vec<Run> {
    let mut found = Vec::new();
    let clauses: Vec<Vec<Word<'_>>> = clauses(sentence).map(|clause| words(sentence, clause)).collect();
    for clause in &clauses {
        for marker in MARKERS {
            let begins = (0..clause.len()).filter(|at| stands(clause, *at, marker)).map(|at| at + marker.len());
            begins.for_each(|begin| found.extend(after(sentence, clause, begin)));
        }
    }
    found.extend(clauses.first().into_iter().flat_map(|clause| at_the_beginning(sentence, clause)));
    let mut tried = Vec::new();
    found.retain(|run: &Run| {
        let new = !tried.contains(&run.at);
        tried.push(run.at.clone());
        new
    });
    found
}

/// Returns the name that stands behind this one in a list: `and Bob` of "met Ana and Bob".
#[must_use]
pub fn behind(sentence: &str, run: &Run) -> Option<Beside> {
    let clause = clause_of(sentence, run)?;
    let last = clause.iter().rposition(|word| word.at.start < run.at.end)?;
    let after_comma = is_before_comma(sentence, clause.get(last)?);
    let mut begin = last + 1;
    let after_and = is_between(clause.get(begin)?);
    if !after_and && !after_comma {
        return None;
    }
    begin += usize::from(after_and);
    begin += usize::from(clause.get(begin).is_some_and(|word| word.folded == "with"));
    let first = clause.get(begin).filter(|word| !is_nobody(word) && !is_day(&clause, begin))?;
    let runs = of_words(sentence, &clause, begin).into_iter().filter(|run| !crosses(&clause, run));
    if is_written_as_name(first) {
        let end = end_of_name(&clause, begin);
        let ends_list = after_and || ends_at(&clause, end);
        let name = run_of(sentence, &clause, begin, end);
        return ends_list.then(|| Beside { runs: runs.collect(), name: Some(name) });
    }
    let ends = |run: &Run| {
        clause.iter().rposition(|word| word.at.start < run.at.end).is_some_and(|at| ends_at(&clause, at + 1))
    };
    Some(Beside { runs: runs.filter(ends).collect(), name: None })
}

/// Returns the name that stands before this one in a list, and names nobody: whoever is known there is found first.
#[must_use]
pub fn before(sentence: &str, run: &Run) -> Option<Run> {
    let clause = clause_of(sentence, run)?;
    let first = clause.iter().position(|word| word.at.start == run.at.start)?;
    let after_and = is_between(clause.get(first.checked_sub(1)?)?);
    let last = first.checked_sub(if after_and { 2 } else { 1 })?;
    let after_comma = is_before_comma(sentence, clause.get(last)?);
    let is_part = |at: &usize| {
        clause.get(*at).is_some_and(|word| is_written_as_name(word) && !is_nobody(word) && !tells_something(word))
            && (*at == last || clause.get(*at).is_some_and(|word| !word.ends_part))
            && !is_day(&clause, *at)
    };
    let begin = (0..=last).rev().take_while(is_part).last()?;
    let is_marked =
        MARKERS.iter().any(|marker| begin.checked_sub(marker.len()).is_some_and(|at| stands(&clause, at, marker)));
    (after_and || (after_comma && is_marked)).then(|| run_of(sentence, &clause, begin, last + 1))
}

/// Returns the names in the clause of this one that stand in no list with it and tell who was there, too: "met Bob with Ana",
/// "Ana and I met Bob", "Ana introduced me to Bob".
#[must_use]
pub fn also(sentence: &str, run: &Run) -> Vec<Beside> {
    let Some(clause) = clause_of(sentence, run) else { return Vec::new() };
    let introducing = introducing(&clause);
    let is_there = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| clause.get(before));
        let is_aside = || clause.iter().take(at).any(|word| ASIDE.contains(&word.folded.as_str()));
        let marked = before.is_some_and(|word| THERE.contains(&word.folded.as_str())) && !is_aside();
        let with_me = at == 0
            && clause.iter().find(|word| !is_written_as_name(word)).is_some_and(is_between)
            && clause.iter().skip_while(|word| !is_between(word)).nth(1).is_some_and(|word| word.folded == "i");
        marked || with_me || introducing.contains(&at)
    };
    let begins = (0..clause.len()).filter(|at| is_there(*at) && !is_day(&clause, *at));
    let named = begins.filter(|at| clause.get(*at).is_some_and(|word| is_written_as_name(word) && !is_nobody(word)));
    let beside = |begin: usize| {
        let runs = of_words(sentence, &clause, begin).into_iter().filter(|run| !crosses(&clause, run)).collect();
        let whole = run_of(sentence, &clause, begin, end_of_name(&clause, begin));
        // One sees somebody's paintings without them.
        let is_theirs = whole.text.ends_with("'s") || whole.text.ends_with("’s");
        // One sees a play and talks with a bank; whom one met is somebody.
        let before = begin.checked_sub(1).and_then(|before| clause.get(before));
        let is_somebody = before.is_none_or(|word| word.folded == "met") || introducing.contains(&begin);
        let name = Some(whole.clone()).filter(|_| is_somebody);
        (!is_theirs && !whole.at.contains(&run.at.start)).then_some(Beside { runs, name })
    };
    named.filter_map(beside).collect()
}

/// The places at which the one is named who introduced the owner to somebody, the first of several, and the one to whom.
fn introducing(clause: &[Word<'_>]) -> Vec<usize> {
    let stands_at = |at| INTRODUCING.iter().find(|phrase| stands(clause, at, phrase)).map(|phrase| (at, phrase.len()));
    let Some((at, length)) = (0..clause.len()).find_map(stands_at) else { return Vec::new() };
    let is_part = |at: &usize| {
        clause.get(*at).is_some_and(|word| is_written_as_name(word) || is_between(word)) && !is_day(clause, *at)
    };
    let by = (0..at)
        .rev()
        .skip_while(|at| clause.get(*at).is_some_and(|word| MEANWHILE.contains(&word.folded.as_str())))
        .take_while(is_part)
        .last();
    by.into_iter().chain([at + length]).collect()
}

/// Returns whether a word after which somebody is named stands among these, besides that of a promise.
pub(super) fn is_marked(clause: &[Word<'_>]) -> bool {
    let told = MARKERS.iter().filter(|marker| !PROMISING.contains(marker));
    told.into_iter().any(|marker| (0..clause.len()).any(|at| stands(clause, at, marker)))
}

/// Returns whether a word stands between the names of a list.
pub(super) fn is_between(word: &Word<'_>) -> bool {
    BETWEEN.contains(&word.folded.as_str())
}

/// Returns whether a word names nobody, whatever it begins with.
pub(super) fn is_nobody(word: &Word<'_>) -> bool {
    NOBODY.contains(&word.folded.as_str())
}

/// Returns whether a word is written as names are.
pub(super) fn is_written_as_name(word: &Word<'_>) -> bool {
    word.text.starts_with(char::is_uppercase) || word.text.contains('@')
}

fn clause_of<'a>(sentence: &'a str, run: &Run) -> Option<Vec<Word<'a>>> {
    let clause = clauses(sentence).find(|clause| clause.contains(&run.at.start))?;
    Some(words(sentence, clause))
}

/// Whether a comma follows the word at once.
fn is_before_comma(sentence: &str, word: &Word<'_>) -> bool {
    sentence.get(word.at.end..).is_some_and(|rest| rest.starts_with(','))
}

fn is_day(clause: &[Word<'_>], at: usize) -> bool {
    let rest = clause.get(at..).unwrap_or_default();
    let named = past(rest, SOME_DAY).map(|(_, place)| place.start);
    named.is_some() && named == rest.first().map(|word| word.at.start)
}

/// Whether the word tells what was done, or with whom.
fn tells_something(word: &Word<'_>) -> bool {
    tells_what(word) || MARKERS.iter().flat_map(|marker| marker.iter()).any(|marker| word.folded == *marker)
}

/// Where the words end that are written as a name, from `begin` on.
fn end_of_name(clause: &[Word<'_>], begin: usize) -> usize {
    let mut end = begin + 1;
    while clause.get(end).is_some_and(|word| is_written_as_name(word) && !is_day(clause, end))
        && clause.get(end - 1).is_some_and(|word| !word.ends_part)
    {
        end += 1;
    }
    end
}

/// Whether a name that stands before the word at `end` is over there.
fn ends_at(clause: &[Word<'_>], end: usize) -> bool {
    let Some(next) = clause.get(end) else { return true };
    clause.get(end - 1).is_some_and(|word| word.ends_part)
        || is_between(next)
        || BEHIND.contains(&next.folded.as_str())
        || is_day(clause, end)
}

/// Whether a run goes over the word between two names.
fn crosses(clause: &[Word<'_>], run: &Run) -> bool {
    clause.iter().any(|word| run.at.contains(&word.at.start) && is_between(word))
}

fn run_of(sentence: &str, clause: &[Word<'_>], begin: usize, end: usize) -> Run {
    let within = clause.get(begin..end).unwrap_or_default();
    let at = within.first().map_or(0, |word| word.at.start)..within.last().map_or(0, |word| word.at.end);
    Run { text: sentence.get(at.clone()).unwrap_or_default().to_owned(), at }
}

/// The runs after a word that says with whom, the longest first; a few words may stand before a capital.
fn after(sentence: &str, clause: &[Word<'_>], begin: usize) -> Vec<Run> {
    let is_capital = |word: &Word<'_>| word.text.starts_with(char::is_uppercase);
    let begins = (begin..=begin + BEFORE_NAME).filter(|at| *at == begin || clause.get(*at).is_some_and(is_capital));
    begins.flat_map(|at| of_words(sentence, clause, at)).collect()
}

/// `Ana called`: the words with a capital before the first without, unless it is no name that they begin with.
fn at_the_beginning(sentence: &str, clause: &[Word<'_>]) -> Vec<Run> {
    let is_name = |word: &&Word<'_>| word.text.starts_with(char::is_uppercase) || word.text.contains('@');
    let length = clause.iter().take_while(is_name).count();
    let begin = usize::from(clause.first().is_some_and(tells_what));
    if begin == 1 && length < 2 && clause.get(1).is_none_or(|word| !is_name(&word)) {
        return Vec::new();
    }
    let end = begin + clause.iter().skip(begin).take_while(is_name).count();
    of_words(sentence, clause.get(..end).unwrap_or_default(), begin)
}

fn of_words(sentence: &str, clause: &[Word<'_>], begin: usize) -> Vec<Run> {
    let Some(first) = clause.get(begin).filter(|word| !is_nobody(word) && !is_between(word)) else {
        return Vec::new();
    };
    let within = clause.iter().skip(begin).take(NAME_WORDS);
    // A comma ends a name.
    let mut open = true;
    let ends: Vec<usize> = within
        .take_while(|word| core::mem::replace(&mut open, !word.ends_part))
        .filter(|word| !is_between(word))
        .map(|word| word.at.start + word.text.len())
        .collect();
    let run = |end: &usize| {
        let text = sentence.get(first.at.start..*end)?;
        let text = text.strip_suffix("'s").or_else(|| text.strip_suffix("’s")).unwrap_or(text);
        (!text.is_empty()).then(|| Run { text: text.to_owned(), at: first.at.start..first.at.start + text.len() })
    };
    ends.iter().rev().filter_map(run).collect()
}

/// Returns whether these words stand at this place.
pub(super) fn stands(clause: &[Word<'_>], at: usize, words: &[&str]) -> bool {
    words.iter().zip(at..).all(|(word, at)| clause.get(at).is_some_and(|known| known.folded == *word))
}
