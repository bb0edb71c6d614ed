//! What was told in one sentence: whom it was with, when, what kind of thing it was, and what else was said.
//!
//! Nothing is looked up here: who a run of words names is asked in the daemon, of the book. A need that stands in the sentence
//! is only proposed, for a sentence can be read in more than one way.
//!
//! ```text
//!  "coffee with Ana yesterday; her daughter starts school; looks for a Rust mentor"
//!     with ─▶ Ana    coffee ─▶ a meeting    yesterday ─▶ 2026-11-22    note: her daughter …    need: Rust mentor
//! ```

mod need;
pub mod whom;

use core::ops::Range;

use jiff::civil::Date;
use kith_proto::interaction::InteractionKind;
pub use kith_sentence::day::WEEKDAYS;
use kith_sentence::day::past;
use kith_sentence::words::{Word, clauses, words};

/// Of how many words a name is, at most.
const NAME_WORDS: usize = 5;

/// How many words may stand between `with` and a name that begins with a capital: `with my old friend Ana`.
const BEFORE_NAME: usize = 3;

/// Words after which somebody is named, as they are written in one or two words; what stands earlier here is tried first.
const MARKERS: [&[&str]; 27] = [
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
    &["to"],
    &["from"],
];

/// Words that name nobody, however a name begins.
const NOBODY: [&str; 29] = [
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
    "us",
    "you",
];

/// What kind of thing a word tells of.
const KINDS: [(InteractionKind, &[&str]); 4] = [
    (
        InteractionKind::Meeting,
        &[
            "coffee",
            "tea",
            "lunch",
            "dinner",
            "breakfast",
            "brunch",
            "drinks",
            "drink",
            "beer",
            "met",
            "meet",
            "meeting",
            "visit",
            "visited",
            "saw",
            "walk",
        ],
    ),
    (InteractionKind::Call, &["call", "called", "phone", "phoned", "rang", "videocall"]),
    (InteractionKind::Mail, &["mail", "mailed", "email", "emailed", "e-mail", "wrote", "letter"]),
    (InteractionKind::Message, &["message", "messaged", "chat", "chatted", "texted", "text", "dm"]),
];

/// Words that may name somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The words.
    pub text: String,
    /// Where they stand in the sentence.
    at: Range<usize>,
}

impl Run {
    /// Returns no words at all: who is meant was said apart from the sentence, which begins with what they did.
    #[must_use]
    pub const fn nowhere() -> Self {
        Self { text: String::new(), at: 0..0 }
    }
}

/// What a sentence says, besides whom it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What it was; `None` where no word says so.
    pub kind: Option<InteractionKind>,
    /// On which day; `None` where no word says so.
    pub on: Option<Date>,
    /// What was said about it.
    pub text: Option<String>,
    /// What else was said.
    pub notes: Vec<String>,
    /// What the person seems to look for.
    pub needs: Vec<String>,
}

/// Returns the words that may name somebody, in the order in which they are to be tried: the longest run first, after each
/// word that says with whom; where there is none, at the beginning of the sentence.
#[must_use]
pub fn runs(sentence: &str) -> Vec<Run> {
    let mut found = Vec::new();
    let clauses: Vec<Vec<Word<'_>>> = clauses(sentence).map(|clause| words(sentence, clause)).collect();
    for clause in &clauses {
        for marker in MARKERS {
            let begins = (0..clause.len()).filter(|at| is_marker(clause, *at, marker)).map(|at| at + marker.len());
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

/// Returns what a sentence says of the one whom `who` names.
#[must_use]
pub fn told(sentence: &str, who: &Run, today: Date) -> Told {
    let mut told = Told { kind: None, on: None, text: None, notes: Vec::new(), needs: Vec::new() };
    for clause in clauses(sentence) {
        let names_them = clause.contains(&who.at.start);
        let need = need::of(sentence, clause.clone());
        told.needs.extend(need.as_ref().map(|need| need.text.clone()));
        let rest = need.map_or(Some(clause.clone()), |need| need.before);
        if names_them {
            let rest = rest.unwrap_or(clause);
            let all = words(sentence, rest.clone());
            let named = past(&all, today);
            told.kind = kind(&all, &who.at);
            told.on = named.as_ref().map(|(on, _)| *on);
            told.text = tidy(&without(sentence, rest, named.map(|(_, at)| at)));
        } else if rest.is_some() {
            told.notes.extend(tidy(sentence.get(clause).unwrap_or_default()));
        }
    }
    told
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
    let tells_what = |word: &Word<'_>| KINDS.iter().any(|(_, words)| words.contains(&word.folded.as_str()));
    let begin = usize::from(clause.first().is_some_and(tells_what));
    if begin == 1 && length < 2 && clause.get(1).is_none_or(|word| !is_name(&word)) {
        return Vec::new();
    }
    let end = begin + clause.iter().skip(begin).take_while(is_name).count();
    of_words(sentence, clause.get(..end).unwrap_or_default(), begin)
}

fn of_words(sentence: &str, clause: &[Word<'_>], begin: usize) -> Vec<Run> {
    let Some(first) = clause.get(begin).filter(|word| !NOBODY.contains(&word.folded.as_str())) else {
        return Vec::new();
    };
    let within = clause.iter().skip(begin).take(NAME_WORDS);
    // A comma ends a name.
    let mut open = true;
    let ends: Vec<usize> = within
        .take_while(|word| core::mem::replace(&mut open, !word.ends_part))
        .map(|word| word.at.start + word.text.len())
        .collect();
    let run = |end: &usize| {
        let text = sentence.get(first.at.start..*end)?;
        let text = text.strip_suffix("'s").or_else(|| text.strip_suffix("’s")).unwrap_or(text);
        (!text.is_empty()).then(|| Run { text: text.to_owned(), at: first.at.start..first.at.start + text.len() })
    };
    ends.iter().rev().filter_map(run).collect()
}

fn is_marker(clause: &[Word<'_>], at: usize, marker: &[&str]) -> bool {
    marker.iter().zip(at..).all(|(word, at)| clause.get(at).is_some_and(|known| known.folded == *word))
}

/// What the first word that tells it tells; the name itself tells nothing.
fn kind(all: &[Word<'_>], name: &Range<usize>) -> Option<InteractionKind> {
    let others = all.iter().filter(|word| !name.contains(&word.at.start));
    others.into_iter().find_map(|word| {
        let tells = |(kind, words): &(InteractionKind, &[&str])| words.contains(&word.folded.as_str()).then_some(*kind);
        KINDS.iter().find_map(tells)
    })
}

/// The clause without the words that name its day.
fn without(sentence: &str, clause: Range<usize>, day: Option<Range<usize>>) -> String {
    let Some(day) = day else { return sentence.get(clause).unwrap_or_default().to_owned() };
    let before = sentence.get(clause.start..day.start).unwrap_or_default().trim_end();
    let after = sentence.get(day.end..clause.end).unwrap_or_default();
    format!("{before}{after}")
}

/// A clause as it is kept: without white space and punctuation around it; `None` where nothing is left.
fn tidy(text: &str) -> Option<String> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '.' | ':'));
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
