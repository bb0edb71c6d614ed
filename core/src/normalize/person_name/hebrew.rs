//! Hebrew letters in Latin: names that are known with their vowels, others by their consonants.

use super::super::table::Pairs;

static NAMES: Pairs = Pairs::new(include_str!("hebrew.txt"));

/// The Latin form of a folded word, whose points are gone.
pub(super) fn latin(folded: &str) -> String {
    if let Some(read) = NAMES.get(folded) {
        return read.to_owned();
    }
    let mut out = String::with_capacity(folded.len());
    let last = folded.chars().count().saturating_sub(1);
    for (index, c) in folded.chars().enumerate() {
        out.push_str(letter(c, index == 0, index == last));
    }
    out
}

const fn letter(c: char, is_first: bool, is_last: bool) -> &'static str {
    match c {
        'א' | 'ע' if is_first => "a",
        'ב' if is_first => "b",
        'ה' if is_last => "a",
        'ו' if is_first => "v",
        'י' if is_first => "y",
        'כ' if is_first => "k",
        'פ' if is_first => "p",
        'ב' => "v",
        'ג' => "g",
        'ד' => "d",
        'ה' => "h",
        'ו' => "o",
        'ז' => "z",
        'ח' | 'כ' | 'ך' => "ch",
        'ט' | 'ת' => "t",
        'י' => "i",
        'ל' => "l",
        'מ' | 'ם' => "m",
        'נ' | 'ן' => "n",
        'ס' => "s",
        'פ' | 'ף' => "f",
        'צ' | 'ץ' => "tz",
        'ק' => "k",
        'ר' => "r",
        'ש' => "sh",
        _ => "",
    }
}
