//! Arabic letters in Latin: names that are known with their vowels, others by their consonants; and the article `al`.

use std::sync::LazyLock;

use super::super::sound::skeleton;
use super::super::table::Pairs;

static NAMES: Pairs = Pairs::new(include_str!("arabic.txt"));

/// Latin names that an article may be grown together with, by their consonants.
static SKELETONS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut found: Vec<String> = NAMES.values().filter(|read| read.len() > 3).map(skeleton).collect();
    found.sort_unstable();
    found.dedup();
    found
});

/// The Latin form of a folded word, whose vowel signs are gone.
pub(super) fn latin(folded: &str) -> String {
    let written: String = folded.chars().map(plain).filter(|c| c.is_alphabetic()).collect();
    if let Some(read) = NAMES.get(&written) {
        return read.to_owned();
    }
    if let Some(rest) = written.strip_prefix("ال").filter(|rest| rest.chars().count() > 1) {
        // "al" stays with the word and is parted from it with the Latin names that hold it.
        let read = NAMES.get(rest).map_or_else(|| consonants(rest), str::to_owned);
        return ["al", &read].concat();
    }
    consonants(&written)
}

/// Parts "alkhatib", whose second part is known to follow an article.
pub(super) fn without_article(text: &str) -> Option<(&str, &str)> {
    let (article, rest) = text.split_at_checked(2).filter(|(article, _)| matches!(*article, "al" | "el"))?;
    let is_known = rest.len() > 3 && SKELETONS.binary_search(&skeleton(rest)).is_ok();
    is_known.then_some((article, rest))
}

/// Variants of one letter written as one: alif with its signs, the Persian and Urdu kaf and ya.
const fn plain(c: char) -> char {
    match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' | 'ئ' => 'ي',
        'ک' => 'ك',
        'ؤ' => 'و',
        'ہ' | 'ھ' => 'ه',
        'ڈ' => 'د',
        _ => c,
    }
}

fn consonants(written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    let last = written.chars().count().saturating_sub(1);
    for (index, c) in written.chars().enumerate() {
        out.push_str(letter(c, index == 0, index == last));
    }
    out
}

const fn letter(c: char, is_first: bool, is_last: bool) -> &'static str {
    match c {
        'ا' => "a",
        'ع' if is_first => "a",

        'ب' => "b",
        'ت' | 'ط' => "t",
        'ث' => "th",
        'ج' => "j",
        'ح' | 'ه' => "h",
        'خ' => "kh",
        'د' | 'ض' => "d",
        'ذ' => "dh",
        'ر' => "r",
        'ز' | 'ظ' | 'ژ' => "z",
        'س' | 'ص' => "s",
        'ش' => "sh",
        'غ' => "gh",
        'ف' => "f",
        'ق' => "q",
        'ك' => "k",
        'ل' => "l",
        'م' => "m",
        'ن' => "n",
        'و' => {
            if is_first {
                "w"
            } else {
                "ou"
            }
        }
        'ي' => {
            if is_first {
                "y"
            } else {
                "i"
            }
        }
        'ة' => {
            if is_last {
                "a"
            } else {
                "t"
            }
        }
        'پ' => "p",
        'چ' => "ch",
        'گ' => "g",
        _ => "",
    }
}
