//! Which words of a name are given names, which are surnames, and which are neither.

use super::PersonName;
use super::word::Word;

/// Surnames of Vietnam that stand first, folded, where three words or more are there.
const VIETNAMESE: &[&str] = &[
    "bui", "dang", "dinh", "doan", "duong", "hoang", "huynh", "luong", "ngo", "nguyen", "pham", "phan", "tran",
    "truong", "vuong",
];

/// Ends of patronymics, which follow the given name, folded.
const PATRONYMICS: &[&str] = &[
    "ovich", "evich", "ovych", "evych", "yovych", "ilyich", "ilich", "ovna", "evna", "ivna", "yivna", "ichna",
    "inichna",
];

/// Ends of East Slavic surnames, folded.
const SLAVIC_SURNAMES: &[&str] =
    &["ov", "ova", "ev", "eva", "yov", "in", "ina", "sky", "skaya", "ska", "enko", "chuk", "yuk", "yak", "iak", "ykh"];

/// Takes the words of given names.
pub(super) fn take_given(words: Vec<Word>, name: &mut PersonName) {
    let words = without_credentials(without_titles(words), 1);
    let last = words.len().saturating_sub(1);
    let middle = |index: usize, word: &Word| index > 0 && index < last && word.is_particle();
    let given = words.into_iter().enumerate().filter(|(index, word)| !middle(*index, word));
    name.given.extend(given.map(|(_, word)| word.text));
}

/// Takes the words of surnames, and the particles before them.
pub(super) fn take_surname(words: Vec<Word>, name: &mut PersonName) {
    let words = without_credentials(without_titles(words), 1);
    let last = words.len().saturating_sub(1);
    for (index, word) in words.into_iter().enumerate() {
        if index < last && word.is_particle() {
            name.particles.push(word.text);
        } else {
            push_surname(word.text, name);
        }
    }
}

/// Takes all words of a name whose order is not known.
pub(super) fn take_whole(words: Vec<Word>, name: &mut PersonName) {
    let before = words.len();
    let words = without_titles(words);
    let had_title = words.len() < before;
    let words = without_credentials(words, 2);
    if words.len() < 2 {
        return if had_title { take_surname(words, name) } else { take_given(words, name) };
    }
    if let Some(run) = capitals(&words) {
        name.is_certain = true;
        return part(words, run, name);
    }
    let run = surname_run(&words);
    part(words, run, name);
}

/// Gives the words within the run to the surname and the others to the given names.
fn part(mut words: Vec<Word>, (start, end): (usize, usize), name: &mut PersonName) {
    let after = words.split_off(end.min(words.len()));
    let surname = words.split_off(start.min(words.len()));
    words.extend(after);
    take_surname(surname, name);
    take_given(words, name);
}

/// Titles go while a name is left behind them.
fn without_titles(mut words: Vec<Word>) -> Vec<Word> {
    let last = words.len().saturating_sub(1);
    let titles = words.iter().take(last).take_while(|word| word.is_title()).count();
    if titles > 0 {
        words.drain(..titles);
    }
    words
}

/// Degrees and generations go while `least` words are left before them.
fn without_credentials(mut words: Vec<Word>, least: usize) -> Vec<Word> {
    while let Some(last) = words.last() {
        let all_capitals = words.iter().all(|word| word.is_capitals || word.text.len() < 2);
        let sure = last.is_credential() && words.len() > 1;
        let in_capitals = last.is_capital_credential() && words.len() > least && !all_capitals;
        if !sure && !in_capitals {
            break;
        }
        words.pop();
    }
    words
}

/// The surname in "SILVA Ana" and "Ana DE SOUZA".
fn capitals(words: &[Word]) -> Option<(usize, usize)> {
    let is_small = |word: &Word| !word.is_capitals && word.text.len() > 1 && !word.is_particle();
    if !words.iter().any(|word| word.is_capitals) || !words.iter().any(is_small) {
        return None;
    }
    let counts = |word: &Word| word.is_capitals || word.is_particle();
    let start = words.iter().position(counts)?;
    let length = words.iter().skip(start).take_while(|word| counts(word)).count();
    let end = start + length;
    let is_whole = !words.iter().skip(end).any(|word| word.is_capitals);
    let at_an_end = start == 0 || end == words.len();
    let has_name = words.iter().skip(start).take(length).any(|word| word.is_capitals && word.text.len() > 1);
    (is_whole && at_an_end && has_name && length < words.len()).then_some((start, end))
}

/// Where the surname is, as its words say: a guess.
fn surname_run(words: &[Word]) -> (usize, usize) {
    let end = words.len();
    let ends =
        |word: &Word, list: &[&str]| list.iter().any(|e| word.text.ends_with(e) && word.text.len() > e.len() + 1);
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return (0, end) };
    if end == 3 && ends(last, PATRONYMICS) {
        return (0, 1);
    }
    if end > 2 && VIETNAMESE.contains(&first.text.as_str()) && !VIETNAMESE.contains(&last.text.as_str()) {
        return (0, 1);
    }
    if end == 2
        && ends(first, SLAVIC_SURNAMES)
        && !ends(last, SLAVIC_SURNAMES)
        && last.is_given_name()
        && !first.is_given_name()
    {
        return (0, 1);
    }
    let particle = words.iter().enumerate().skip(1).take(end.saturating_sub(2)).find(|(_, word)| word.is_particle());
    if let Some((start, _)) = particle {
        return (start, end);
    }
    let mut start = end - 1;
    while start > 1 && words.get(start).is_some_and(|word| word.is_joined) {
        start -= 1;
    }
    let before = start.checked_sub(1).and_then(|at| words.get(at));
    // A Spanish patronymic before the last word is the first of two surnames.
    let is_double = start > 1 && before.is_some_and(|word| word.text.len() > 4 && word.text.ends_with("ez"));
    (if is_double { start - 1 } else { start }, end)
}

/// Adds a surname; an article grown together with a known Arabic name is a particle.
fn push_surname(text: String, name: &mut PersonName) {
    match super::arabic::without_article(&text) {
        Some((article, rest)) => {
            name.particles.push(article.to_owned());
            name.surname.push(rest.to_owned());
        }
        None => name.surname.push(text),
    }
}
