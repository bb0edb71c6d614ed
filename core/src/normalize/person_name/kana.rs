//! Japanese syllables in Latin after Hepburn, long vowels written short as most profiles have them.

use super::script::name;
use super::{PersonName, Reading};

const MARKS: &str = "あいうえおかきくけこがぎぐげごさしすせそざじずぜぞたちつてとだぢづでどなにぬねのはひふへほばびぶべぼぱぴぷぺぽまみむめもやゆよらりるれろわゐゑをんゔ";
const READINGS: [&str; 72] = [
    "a", "i", "u", "e", "o", "ka", "ki", "ku", "ke", "ko", "ga", "gi", "gu", "ge", "go", "sa", "shi", "su", "se", "so",
    "za", "ji", "zu", "ze", "zo", "ta", "chi", "tsu", "te", "to", "da", "ji", "zu", "de", "do", "na", "ni", "nu", "ne",
    "no", "ha", "hi", "fu", "he", "ho", "ba", "bi", "bu", "be", "bo", "pa", "pi", "pu", "pe", "po", "ma", "mi", "mu",
    "me", "mo", "ya", "yu", "yo", "ra", "ri", "ru", "re", "ro", "wa", "i", "e", "o",
];

/// The reading of a name in kana.
pub(super) fn read(surname: &str, given: &str) -> Vec<PersonName> {
    let reading = name(Reading::Kana, &latin(surname), &latin(given));
    vec![reading]
}

/// The Latin form of a word in hiragana or katakana; other letters are left out.
pub(super) fn latin(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut doubles = false;
    for c in word.chars().map(hiragana) {
        match c {
            'っ' => {
                doubles = true;
                continue;
            }
            'ゃ' | 'ゅ' | 'ょ' => join_small(c, &mut out),
            'ぁ' | 'ぃ' | 'ぅ' | 'ぇ' | 'ぉ' => {
                out.pop();
                out.push_str(syllable(small_to_large(c)));
            }
            _ => {
                let read = syllable(c);
                if doubles {
                    out.extend(read.chars().next().map(|first| if first == 'c' { 't' } else { first }));
                }
                out.push_str(read);
            }
        }
        doubles = false;
    }
    short_vowels(&out)
}

/// Katakana as hiragana.
fn hiragana(c: char) -> char {
    match c {
        'ァ'..='ヴ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        _ => c,
    }
}

fn syllable(c: char) -> &'static str {
    match c {
        'ん' => "n",
        'ゔ' => "vu",
        _ => MARKS.chars().position(|mark| mark == c).and_then(|at| READINGS.get(at)).copied().unwrap_or_default(),
    }
}

const fn small_to_large(c: char) -> char {
    match c {
        'ぁ' => 'あ',
        'ぃ' => 'い',
        'ぅ' => 'う',
        'ぇ' => 'え',
        _ => 'お',
    }
}

/// "ki" and a small "ya" are "kya", "shi" and a small "ya" are "sha".
fn join_small(c: char, out: &mut String) {
    if out.ends_with('i') {
        out.pop();
    }
    if !out.ends_with("sh") && !out.ends_with("ch") && !out.ends_with('j') {
        out.push('y');
    }
    out.push(match c {
        'ゃ' => 'a',
        'ゅ' => 'u',
        _ => 'o',
    });
}

/// Long vowels written short: "yuuko" is "yuko", "satou" is "sato".
fn short_vowels(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        let is_long = matches!((before, c), ('o', 'u' | 'o') | ('u', 'u'));
        if !is_long {
            out.push(c);
        }
        before = c;
    }
    out
}
