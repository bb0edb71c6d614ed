//! How a promise is made in English: `I'll send you …`, `I will get back to you`, `I'm going to introduce you`.

use super::Sure;

/// What may stand before `I'll` in its part of the sentence; anything else makes it another's word, or a clause of one.
const LEADING: [&str; 24] = [
    "and",
    "but",
    "so",
    "then",
    "ok",
    "okay",
    "sure",
    "yes",
    "well",
    "anyway",
    "also",
    "thanks",
    "great",
    "hi",
    "hello",
    "otherwise",
    "by",
    "on",
    "until",
    "before",
    "till",
    "of",
    "course",
    "fine",
];

/// Words that stand between `I'll` and the verb.
const ADVERBS: [&str; 20] = [
    "gladly",
    "also",
    "definitely",
    "certainly",
    "happily",
    "just",
    "then",
    "personally",
    "quickly",
    "now",
    "of",
    "course",
    "be",
    "sure",
    "to",
    "make",
    "and",
    "simply",
    "surely",
    "still",
];

/// With one of these nothing is promised yet: it depends on something, is denied, hedged, or already done.
const NO_PROMISE: [&str; 33] = [
    "if",
    "unless",
    "whether",
    "depending",
    "provided",
    "assuming",
    "might",
    "could",
    "would",
    "maybe",
    "perhaps",
    "possibly",
    "probably",
    "hopefully",
    "hope",
    "try",
    "not",
    "never",
    "no",
    "none",
    "won't",
    "can't",
    "cannot",
    "don't",
    "didn't",
    "doesn't",
    "isn't",
    "wouldn't",
    "couldn't",
    "shouldn't",
    "unable",
    "nobody",
    "nothing",
];

/// Without a day these make it depend on something.
const DEPENDS: [&str; 7] = ["when", "once", "until", "whenever", "soon", "after", "unless"];

/// Verbs of giving; the words behind one must follow it at once.
const GIVING: [&[&str]; 30] = [
    &["send"],
    &["resend"],
    &["share"],
    &["forward"],
    &["introduce"],
    &["connect", "you"],
    &["email", "you"],
    &["mail", "you"],
    &["get", "back", "to"],
    &["come", "back", "to"],
    &["look", "into"],
    &["find", "out"],
    &["dig", "out"],
    &["dig", "up"],
    &["follow", "up"],
    &["pass", "it"],
    &["pass", "this"],
    &["pass", "on"],
    &["pass", "along"],
    &["pass", "your"],
    &["put", "you", "in", "touch"],
    &["put", "you", "two", "in", "touch"],
    &["put", "the", "two", "of", "you", "in", "touch"],
    &["lend", "you"],
    &["give", "you", "the"],
    &["bring", "you"],
    &["write", "you", "a"],
    &["make", "the", "intro"],
    &["make", "the", "introduction"],
    &["recommend", "you"],
];

/// Verbs with which it is a promise when there is a day.
const DOING: [&[&str]; 62] = [
    &["call", "you"],
    &["phone", "you"],
    &["ring", "you"],
    &["text", "you"],
    &["ping", "you"],
    &["message", "you"],
    &["write"],
    &["reply"],
    &["answer"],
    &["respond"],
    &["finish"],
    &["complete"],
    &["prepare"],
    &["draft"],
    &["review"],
    &["read"],
    &["check"],
    &["ask"],
    &["fix"],
    &["update"],
    &["deliver"],
    &["bring"],
    &["give"],
    &["book"],
    &["organise"],
    &["organize"],
    &["arrange"],
    &["set", "up"],
    &["submit"],
    &["sign"],
    &["pay"],
    &["transfer"],
    &["provide"],
    &["upload"],
    &["post"],
    &["publish"],
    &["confirm"],
    &["let", "you", "know"],
    &["do"],
    &["put", "together"],
    &["test"],
    &["add"],
    &["invite"],
    &["translate"],
    &["order"],
    &["schedule"],
    &["drop"],
    &["help"],
    &["show", "you"],
    &["tell", "you"],
    &["handle"],
    &["sort"],
    &["take", "care"],
    &["take", "a", "look"],
    &["have", "a", "look"],
    &["look", "at"],
    &["go", "through"],
    &["get", "it"],
    &["get", "you"],
    &["get", "this"],
    &["get", "back"],
    &["make", "sure"],
];

/// Returns how sure it is that the words promise something; `part` says where the part begins that a word stands in.
pub(super) fn sure(words: &[&str], part: impl Fn(usize) -> usize) -> Option<Sure> {
    if words.iter().any(|word| NO_PROMISE.contains(word)) {
        return None;
    }
    (0..words.len()).filter_map(|at| from(words, at, &part)).max()
}

/// What is promised by the subject that stands here, if one does.
fn from(words: &[&str], at: usize, part: &impl Fn(usize) -> usize) -> Option<Sure> {
    let length = match words.get(at..)? {
        ["i'll", ..] => 1,
        ["i'm", "going", "to", ..] | ["i", "promise", "to", ..] => 3,
        ["i", "will" | "shall", ..] => 2,
        ["i", "am", "going", "to", ..] => 4,
        // The subject is left out at the beginning only: "Will send you the draft tomorrow".
        ["will", ..] if at == part(at) => 1,
        _ => return None,
    };
    let led = words.get(part(at)..at)?;
    if !led.iter().all(|word| LEADING.contains(word) || !word.contains(char::is_alphanumeric)) {
        return None;
    }
    let behind = words.get(at + length..)?;
    let begins = (0..behind.len()).filter(|begin| is_verb_here(behind, *begin));
    let sure = begins.filter_map(|begin| what(behind.get(begin..)?)).max()?;
    let depends = words.iter().any(|word| DEPENDS.contains(word));
    Some(if depends { Sure::WithADay } else { sure })
}

/// Whether a verb of the subject's may stand here: at once, behind adverbs, or behind `and`.
fn is_verb_here(behind: &[&str], begin: usize) -> bool {
    let before = behind.get(..begin).unwrap_or_default();
    before.iter().all(|word| ADVERBS.contains(word)) || before.last() == Some(&"and")
}

fn what(verb: &[&str]) -> Option<Sure> {
    let is = |phrase: &&&[&str]| verb.starts_with(phrase);
    // "I'll introduce myself" gives nothing.
    if verb.get(1).is_some_and(|word| *word == "myself") {
        None
    } else if GIVING.iter().any(|phrase| is(&phrase)) {
        Some(Sure::Given)
    } else if DOING.iter().any(|phrase| is(&phrase)) || is_had_ready(verb) {
        Some(Sure::WithADay)
    } else {
        None
    }
}

/// "I'll have the draft ready by Friday", which lunch is not.
fn is_had_ready(verb: &[&str]) -> bool {
    verb.first() == Some(&"have") && verb.iter().any(|word| matches!(*word, "ready" | "done" | "finished"))
}
