//! What was told in one sentence: whom it was with, when, what kind of thing it was, and what else was said.
//!
//! Nothing is looked up here: which words may be names is in `names`, and who bears them is asked in the daemon, of the book. A
//! need that stands in the sentence is only proposed, for a sentence can be read in more than one way. One that tells of nothing
//! but a need, an offer or a promise tells of no meeting.
//!
//! ```text
//!  "coffee with Ana yesterday; her daughter starts school; looks for a Rust mentor; promised her the slides by Friday"
//!     with ─▶ Ana    coffee ─▶ a meeting    yesterday ─▶ 2026-11-22    note: her daughter …    need: Rust mentor
//!     promise: the slides, due on Friday
//! ```

mod favour;
pub mod names;
mod promise;
pub mod whom;
mod wish;

use core::ops::Range;

use jiff::civil::Date;
use kith_proto::interaction::InteractionKind;
use kith_sentence::day::past;
pub use kith_sentence::day::{WEEKDAYS, impossible};
use kith_sentence::words::{Word, clauses, words};

pub use self::favour::Favour;
use self::names::Run;

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

/// What a sentence says, besides whom it is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// It tells that they were in touch, and not only of what somebody needs, offers or was promised.
    pub in_touch: bool,
    /// What it was; `None` where no word says so.
    pub kind: Option<InteractionKind>,
    /// On which day; `None` where no word says so.
    pub on: Option<Date>,
    /// What was said about it.
    pub text: Option<String>,
    /// What else was said.
    pub notes: Vec<Saying>,
    /// What they seem to look for.
    pub needs: Vec<Saying>,
    /// What they can help with.
    pub offers: Vec<Saying>,
    /// What the owner promised them.
    pub promises: Vec<Saying>,
    /// What one did for the other.
    pub favours: Vec<Favour>,
}

/// Something said of somebody: what they look for, can help with or were promised, or a note.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Saying {
    /// What; of a promise empty where the sentence does not say it.
    pub text: String,
    /// By when, of a promise.
    pub due: Option<Date>,
    /// Whose it is, by their places in `who`; all of them where it is nobody's by name.
    pub of: Vec<usize>,
    /// To whom it was promised, where these are none of `who`.
    pub whom: Vec<Run>,
}

/// Returns what a sentence says of those whom `who` names, the one first whom it is about.
#[must_use]
pub fn told(sentence: &str, who: &[Run], today: Date) -> Told {
    let mut told = Told::default();
    let begin = who.first().map_or(0, |run| run.at.start);
    let mut about_them = None;
    for clause in clauses(sentence) {
        let of_them = clause.contains(&begin);
        told.favours.extend(favour::of(sentence, clause.clone(), who, today));
        let Rest { before, apart } = wishes(sentence, clause.clone(), (who, of_them), today, &mut told);
        if of_them {
            about_them = before;
        } else if let Some(before) = before {
            // Whose it is, the note keeps: "her brother looks for a job".
            let noted = if apart { before.clone() } else { clause.clone() };
            let of = named_in(sentence, noted.clone(), who);
            let text = tidy(sentence.get(noted).unwrap_or_default());
            // "Ana needs a flat" says nothing besides the need.
            let says_more = before == clause || !names_only(sentence, before, who);
            told.notes.extend(text.filter(|_| says_more).map(|text| Saying { text, of, ..Saying::default() }));
        }
    }
    in_touch(sentence, about_them.unwrap_or(begin..begin), who, today, &mut told);
    told
}

/// What is left of a clause without the needs, offers and promises in it.
struct Rest {
    /// What stands before them, if anything.
    before: Option<Range<usize>>,
    /// Whether they stand apart from it.
    apart: bool,
}

/// Takes the needs, offers and promises out of a clause, the last first; `of_them` where the clause names those whom it is of.
fn wishes(sentence: &str, clause: Range<usize>, (who, of_them): (&[Run], bool), today: Date, told: &mut Told) -> Rest {
    let mut rest = Rest { before: Some(clause), apart: true };
    while let Some(part) = rest.before.clone() {
        let Some(found) = last_wish(sentence, part.clone(), who, today) else { break };
        let mut of = named_in(sentence, found.begin..part.end, who);
        if of.is_empty() && !(found.apart && of_them) {
            let before = found.before.clone().unwrap_or(part.start..part.start);
            let ending = if found.apart { Vec::new() } else { ending(sentence, &before, who) };
            of = if ending.is_empty() { named_in(sentence, before, who) } else { ending };
        }
        let before = found.before.map(|before| if found.apart { before } else { without_subject(sentence, before) });
        rest = Rest { before, apart: rest.apart && found.apart };
        let list = match found.kind {
            Kind::Need => &mut told.needs,
            Kind::Offer => &mut told.offers,
            Kind::Promise => &mut told.promises,
        };
        list.push(Saying { of, ..found.wish });
    }
    rest
}

/// A part that ends with whom a wish behind it is of, without that name where an `and` stands before it.
fn without_subject(sentence: &str, part: Range<usize>) -> Range<usize> {
    let all = words(sentence, part.clone());
    let mut name = all.iter().enumerate().rev();
    let is_in_name =
        |(at, word): &(usize, &Word<'_>)| names::is_written_as_name(word) && (*at + 1 == all.len() || !word.ends_part);
    let begin = name.by_ref().take_while(is_in_name).last().map(|(at, _)| at);
    let and = begin.and_then(|begin| begin.checked_sub(1)).filter(|at| all.get(*at).is_some_and(names::is_between));
    let last = and.and_then(|and| all.get(and.checked_sub(1)?));
    last.map_or(part.clone(), |last| part.start..last.at.end)
}

/// Which of the three a wish is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Need,
    Offer,
    Promise,
}

/// A need, an offer or a promise in a clause.
struct Found {
    kind: Kind,
    wish: Saying,
    /// Where it begins, with the words that belong to it.
    begin: usize,
    /// What stands in the clause before it, if anything.
    before: Option<Range<usize>>,
    /// Whether it stands apart from that.
    apart: bool,
}

/// The need, the offer or the promise that a clause ends with.
fn last_wish(sentence: &str, clause: Range<usize>, who: &[Run], today: Date) -> Option<Found> {
    let promise = promise::of(sentence, clause.clone(), who, today).map(|promised| Found {
        kind: Kind::Promise,
        wish: Saying { text: promised.text, due: promised.due, of: Vec::new(), whom: promised.whom },
        begin: promised.begin,
        before: promised.before,
        apart: true,
    });
    // What a promise is about may be needed: "promised to find what she needs".
    let stands = |found: &Found| found.apart || promise.as_ref().is_none_or(|promise| found.begin < promise.begin);
    let need = wish::of(wish::NEEDING, sentence, clause.clone()).map(|wish| Found::of(Kind::Need, wish)).filter(stands);
    let is_theirs =
        |found: &Found| found.apart || found.before.as_ref().is_none_or(|it| !ending(sentence, it, who).is_empty());
    let offer = wish::of(wish::OFFERING, sentence, clause).map(|wish| Found::of(Kind::Offer, wish));
    let offer = offer.filter(stands).filter(is_theirs);
    [promise, need, offer].into_iter().flatten().max_by_key(|found| found.begin)
}

impl Found {
    fn of(kind: Kind, wish: wish::Phrase) -> Self {
        let said = Saying { text: wish.text, ..Saying::default() };
        Self { kind, wish: said, begin: wish.begin, before: wish.before, apart: wish.apart }
    }
}

/// Which of these is named at the end of a part: by the whole name, else by its first word.
fn ending(sentence: &str, part: &Range<usize>, who: &[Run]) -> Vec<usize> {
    let text = sentence.get(part.clone()).unwrap_or_default().to_lowercase();
    let ends = |name: &str| text.strip_suffix(name).is_some_and(|rest| !rest.ends_with(char::is_alphanumeric));
    let of = |name: fn(&Run) -> String| -> Vec<usize> {
        let named = who.iter().map(name).enumerate().filter(|(_, name)| !name.is_empty() && ends(name));
        named.map(|(place, _)| place).collect()
    };
    let whole = of(|run| run.text.to_lowercase());
    if whole.is_empty() { of(|run| first_of(run).unwrap_or_default()) } else { whole }
}

fn first_of(run: &Run) -> Option<String> {
    run.text.split_whitespace().next().map(str::to_lowercase)
}

/// Which of these a part of the sentence names again, where there are several.
fn named_in(sentence: &str, part: Range<usize>, who: &[Run]) -> Vec<usize> {
    if who.len() < 2 {
        return Vec::new();
    }
    let all = words(sentence, part.clone());
    let text = sentence.get(part).unwrap_or_default().to_lowercase();
    let is_named = |run: &Run| first_of(run).is_some_and(|first| all.iter().any(|word| bare(&word.folded) == first));
    let named = who.iter().enumerate().filter(|(_, run)| is_named(run));
    let named: Vec<usize> = named.map(|(place, _)| place).collect();
    // Of two Anas the one whose whole name stands there.
    let is_whole = |place: &usize| who.get(*place).is_some_and(|run| text.contains(&run.text.to_lowercase()));
    let shares = |place: &usize| {
        let first = who.get(*place).and_then(first_of);
        named.iter().any(|other| other != place && who.get(*other).and_then(first_of) == first && is_whole(other))
    };
    named.iter().copied().filter(|place| is_whole(place) || !shares(place)).collect()
}

/// A word without the ending of whose something is.
fn bare(word: &str) -> &str {
    word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word)
}

/// How many words may stand before the day or the kind that a text begins with: "a long call yesterday".
const BEFORE: usize = 2;

/// Returns the kind and the day that a text begins with: "coffee yesterday". What stands further behind, or behind a comma, may
/// be of something else: "good talk, she flies on Friday".
#[must_use]
pub fn opening(text: &str, today: Date) -> (Option<InteractionKind>, Option<Date>) {
    let Some(clause) = clauses(text).next() else { return (None, None) };
    let all = words(text, clause);
    let part = all.iter().position(|word| word.ends_part).map_or(all.len(), |last| last + 1);
    let part = all.get(..part).unwrap_or_default();
    let first = part.get(..part.len().min(BEFORE + 1)).unwrap_or_default();
    let begins = |at: &Range<usize>| first.iter().any(|word| word.at.start == at.start);
    (kind(first, &[]), past(part, today).filter(|(_, at)| begins(at)).map(|(on, _)| on))
}

/// Reads whether they were in touch, when, and how, in what is left of the clause that names them.
fn in_touch(sentence: &str, rest: Range<usize>, who: &[Run], today: Date, told: &mut Told) {
    let all = words(sentence, rest.clone());
    let named = past(&all, today);
    // Help and introductions do not tell how they were in touch.
    let other = (!told.favours.is_empty()).then_some(InteractionKind::Other);
    told.kind = kind(&all, who).or(other);
    told.on = named.as_ref().map(|(on, _)| *on);
    let text = tidy(&without(sentence, rest, named.map(|(_, at)| at)));
    let says_more = !told.needs.is_empty() || !told.offers.is_empty() || !told.promises.is_empty();
    told.in_touch = !says_more || told.kind.is_some() || told.on.is_some() || names::is_marked(&all);
    if told.in_touch {
        told.text = text;
    } else if all.iter().any(|word| !is_name(word, who) && !names::is_between(word)) {
        told.notes.extend(text.map(|text| Saying { text, ..Saying::default() }));
    }
}

/// Whether a part of the sentence holds nothing but words of their names.
fn names_only(sentence: &str, part: Range<usize>, who: &[Run]) -> bool {
    let of_names: Vec<String> = who.iter().flat_map(|run| run.text.split_whitespace()).map(str::to_lowercase).collect();
    words(sentence, part).iter().all(|word| of_names.contains(&word.folded) || names::is_between(word))
}

fn is_name(word: &Word<'_>, who: &[Run]) -> bool {
    who.iter().any(|run| run.at.contains(&word.at.start))
}

/// What the first word that tells it tells; the names themselves tell nothing.
fn kind(all: &[Word<'_>], who: &[Run]) -> Option<InteractionKind> {
    all.iter().filter(|word| !is_name(word, who)).find_map(|word| {
        let tells = |(kind, words): &(InteractionKind, &[&str])| words.contains(&word.folded.as_str()).then_some(*kind);
        KINDS.iter().find_map(tells)
    })
}

/// Whether a word tells what kind of thing it was.
fn tells_what(word: &Word<'_>) -> bool {
    KINDS.iter().any(|(_, words)| words.contains(&word.folded.as_str()))
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
