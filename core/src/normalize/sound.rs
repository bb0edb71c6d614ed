//! Spelling and romanisation variants of one name, brought to one key.
//!
//! Two keys, from fine to coarse. Equal tokens have equal keys.
//!
//! ```text
//!  sound_key  Aleksei, Alexey ─▶ aliksai        one spelling for one sound; a table for what no rule brings together
//!  skeleton   Haddad, حداد ─▶ hd                consonants, for scripts that write no vowels
//! ```

use std::collections::HashMap;
use std::sync::LazyLock;

use super::table::lines;

/// Spellings that the rules do not bring together, by what stands for them.
static VARIANTS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let mut found = HashMap::new();
    for line in lines(include_str!("variants.txt")) {
        let mut words = line.split(' ').filter(|word| !word.is_empty());
        let Some(first) = words.next() else { continue };
        for word in core::iter::once(first).chain(words) {
            found.entry(word).or_insert(first);
        }
    }
    found
});

/// Returns a key under which romanisation and spelling variants of one folded token agree.
///
/// Mohammed and Muhammad, Yusuf and Youssef, Aleksei and Alexey, Satoh and Sato, Jung and Jeong. Vowels are kept by kind,
/// as names differ by them; for scripts that write none there is [`skeleton`].
///
/// ```
/// use kith_core::normalize::sound_key;
/// assert_eq!(sound_key("youssef"), sound_key("yusuf"));
/// assert_ne!(sound_key("hassan"), sound_key("hussein"));
/// ```
#[must_use]
pub fn sound_key(token: &str) -> String {
    if let Some(canonical) = VARIANTS.get(token) {
        return by_rule(canonical);
    }
    match servant(token) {
        Some(rest) => ["abdul", &by_rule(VARIANTS.get(rest).copied().unwrap_or(rest))].concat(),
        None => by_rule(token),
    }
}

/// How well two given words agree by what they are called, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// The same letters.
    Same,
    /// Spellings or romanisations of one name, as a table says: Aleksei and Alexey.
    Spelling,
    /// Spelt differently, and of one sound: Jean and Jian, Joan and Juan. Many such are two names, so this weighs less than
    /// what is the same.
    Sound,
    /// Neither.
    Different,
}

/// Returns how well two folded tokens agree.
///
/// ```
/// use kith_core::normalize::{Likeness, likeness};
/// assert_eq!(likeness("aleksei", "alexey"), Likeness::Spelling);
/// assert_eq!(likeness("jean", "jian"), Likeness::Sound);
/// assert!(Likeness::Sound > Likeness::Same);
/// ```
#[must_use]
pub fn likeness(one: &str, other: &str) -> Likeness {
    let canonical = |token| VARIANTS.get(token).copied().unwrap_or(token);
    if one == other {
        Likeness::Same
    } else if canonical(one) == canonical(other) {
        Likeness::Spelling
    } else if sound_key(one) == sound_key(other) {
        Likeness::Sound
    } else {
        Likeness::Different
    }
}

/// Returns the consonants of a folded token, those that scripts without vowels confuse as one; empty where it has none.
///
/// To be asked where one of two readings is Arabic or Hebrew.
#[must_use]
pub(super) fn skeleton(token: &str) -> String {
    let mut out = String::with_capacity(token.len());
    for c in by_rule(token).chars() {
        let kept = match c {
            'a' | 'i' | 'u' => continue,
            // A w within a word is mostly a vowel, and v and b, f and p are one Hebrew letter.
            'v' if !token.starts_with(['v', 'w']) && token.contains('w') => continue,
            'v' => 'b',
            'f' => 'p',
            'J' => 'g',
            'C' => 'S',
            other => other,
        };
        if !out.ends_with(kept) {
            out.push(kept);
        }
    }
    out
}

/// The name of God in "Abdelrahman", "Abdurrahim", "Abdoulaye", written together.
fn servant(token: &str) -> Option<&str> {
    let rest = token.strip_prefix("abd")?.trim_start_matches(['a', 'e', 'o', 'u', 'i']);
    let bare = rest.strip_prefix('l').filter(|rest| !rest.starts_with(['a', 'o', 'e', 'i', 'u']));
    let doubled = || {
        let first = rest.chars().next()?;
        rest.get(1..).filter(|tail| tail.starts_with(first))
    };
    let rest = bare.or_else(doubled).unwrap_or(rest);
    (rest.len() > 3 && rest.is_ascii()).then_some(rest)
}

/// The key by rules alone: consonants by sound, vowels as a, i and u.
fn by_rule(token: &str) -> String {
    let mut out = String::with_capacity(token.len());
    if !token.is_ascii() {
        token.clone_into(&mut out);
        return out;
    }
    let bytes = token.as_bytes();
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let before = at.checked_sub(1).and_then(|i| bytes.get(i)).copied();
        let vowels = rest.iter().take_while(|&&b| is_vowel(b)).count();
        if vowels > 0 {
            push_vowels(rest.get(..vowels).unwrap_or_default(), &mut out);
            at += vowels;
        } else {
            let (sound, length) = consonant(before, rest);
            push_sound(sound, &mut out);
            at += length;
        }
    }
    short_end(&mut out);
    out
}

const fn is_vowel(b: u8) -> bool {
    matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

fn push_sound(sound: &str, out: &mut String) {
    for c in sound.chars().filter(|c| *c != '-') {
        if !out.ends_with(c) {
            out.push(c);
        }
    }
}

/// Adds a run of vowels by kind, what is often written with two letters as one.
fn push_vowels(run: &[u8], out: &mut String) {
    let mut rest = run;
    while let [first, tail @ ..] = rest {
        let (sound, length) = match (first, tail) {
            (b'e', [b'i' | b'y', ..]) => ("ai", 2),
            (b'e', [b'o' | b'u', ..]) | (b'o', [b'o' | b'u' | b'e', ..]) => ("u", 2),
            (b'u', [b'e', ..]) => ("u", 2),
            (b'a', [b'e' | b'a', ..]) => ("a", 2),
            (b'a', _) => ("a", 1),
            (b'o' | b'u', _) => ("u", 1),
            _ => ("i", 1),
        };
        push_sound(sound, out);
        rest = rest.get(length..).unwrap_or_default();
    }
}

/// The sound of the consonants that `rest` begins with, and how many letters it takes; `-` for none.
fn consonant(before: Option<u8>, rest: &[u8]) -> (&'static str, usize) {
    match rest {
        [b's', b'h', b'c', b'h', ..] | [b's', b't', b'c', b'h', ..] => ("S", 4),
        [b't', b's', b'c', b'h', ..] => ("C", 4),
        [b'd', b's', b'c', b'h', ..] => ("J", 4),
        [b't', b'c', b'h', ..] => ("C", 3),
        [b'd', b'z', b'h', ..] => ("J", 3),
        [b's', b'c', b'h', ..] => ("S", 3),
        [b'k', b's', b'h', ..] => ("ks", 3),
        [b's', b'h' | b'z', ..] => ("S", 2),
        [b'z', b'h' | b's', ..] | [b'd', b'j', ..] => ("J", 2),
        [b't', b'h', ..] | [b'd', b't', ..] => ("t", 2),
        [b'd', b'h', ..] => ("d", 2),
        [b'g', b'h', ..] => ("g", 2),
        [b'b', b'h', ..] => ("b", 2),
        [b'r', b'h', ..] => ("r", 2),
        [b'p', b'h', ..] => ("f", 2),
        [b'k', b'h', ..] => ("h", 2),
        [b'c', b'k' | b'q', ..] => ("k", 2),
        [b'c', b'z', ..] => ("C", 2),
        [b'c', b'h', b'r' | b'l' | b't', ..] => ("k", 2),
        [b'c', b'h', ..] => ("C", 2),
        [b'c', b'e' | b'i' | b'y', ..] => ("s", 1),
        [b'f', b'f'] => ("v", 2),
        [first, tail @ ..] => (single(before, *first, tail), 1),
        [] => ("-", 1),
    }
}

fn single(before: Option<u8>, first: u8, tail: &[u8]) -> &'static str {
    let before_vowel = tail.first().is_some_and(|&b| is_vowel(b));
    match first {
        b'b' => "b",
        b'c' | b'k' | b'q' => "k",
        b'd' => "d",
        b'f' => "f",
        b'g' => "g",
        // "Satoh", "Ohno", "Sarah": it makes a vowel long.
        b'h' if !before_vowel && matches!(before, Some(b'o' | b'u')) => "-",
        b'h' if tail.is_empty() && before.is_some_and(is_vowel) => "-",
        b'h' => "h",
        // "Tatjana", "Sergej": a Slavic or German j.
        b'j' if !before_vowel && before.is_some_and(is_vowel) => "i",
        b'j' if before_vowel && matches!(before, Some(b'b' | b'k' | b'l' | b'm' | b'p' | b'r' | b't' | b'v')) => "i",
        b'j' => "J",
        b'l' => "l",
        b'm' => "m",
        b'n' => "n",
        b'p' => "p",
        b'r' => "r",
        b's' | b'z' => "s",
        b't' => "t",
        // "Hyunwoo" is "Hyeonu".
        b'w' if matches!(tail, [b'o', b'o', ..] | [b'u', ..]) => "-",
        b'v' | b'w' => "v",
        b'x' if before.is_none() => "S",
        b'x' => "ks",
        _ => "-",
    }
}

/// The vowel of a Slavic ending is passed over: Solovyov, Soloviev, Solovyev.
fn short_end(out: &mut String) {
    let stem = out.strip_suffix('v').map(|stem| stem.trim_end_matches(['a', 'i', 'u']).len());
    if let Some(length) = stem.filter(|&length| length > 2) {
        out.truncate(length);
        out.push('v');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(tokens: &str) {
        let keys: Vec<String> = tokens.split(' ').map(sound_key).collect();
        assert!(keys.windows(2).all(|pair| pair[0] == pair[1]), "{tokens}: {keys:?}");
    }

    #[track_caller]
    fn check_apart(one: &str, other: &str) {
        assert_ne!(sound_key(one), sound_key(other), "{one}, {other}");
    }

    #[test]
    fn brings_romanisations_together() {
        check("mohammed muhammad mohamed mohammad");
        check("yusuf youssef yousef yousuf");
        check("aleksei alexey aleksey alexei");
        check("hussein husain hussain");
        check("sato satoh satou");
        check("ohno ono oono");
        check("jung jeong chung");
        check("dmitry dmitri dmitriy dmitrij");
        check("yevgeny evgeny yevgeniy evgenij");
        check("chaikovsky tchaikovsky chaikovskiy tschaikowsky");
        check("shcherbakov scherbakov shcherbakoff");
        check("solovyov solovyev soloviev");
        check("lakshmi laxmi");
        check("hyunwoo hyeonu hyunwu");
        check("abdulrahman abdelrahman abdurrahman abdurahman");
        check("natalia natalya natalja");
    }

    #[test]
    fn keeps_names_apart_that_differ_by_a_vowel() {
        check_apart("hassan", "hussein");
        check_apart("maria", "mario");
        check_apart("miller", "muller");
        check_apart("hansen", "jensen");
        check_apart("sato", "seto");
        check_apart("daniel", "daniela");
    }

    #[test]
    fn a_word_of_the_table_stands_in_one_line() {
        let mut seen = HashMap::new();
        for line in lines(include_str!("variants.txt")) {
            assert!(line.split(' ').count() > 1, "{line}");
            for word in line.split(' ') {
                assert_eq!(seen.insert(word, line), None, "{word} in {line}");
            }
        }
    }

    #[test]
    fn different_names_are_no_spellings_of_each_other() {
        for names in [
            "gonzalez goncalves",
            "singh sinha",
            "cohen kahn kagan",
            "deng tang",
            "zheng cheng",
            "wang ong",
            "chen tan",
            "zhang teo",
            "jang chang",
            "lin lam",
            "ryu you",
            "lim im",
            "yang young",
            "luo law",
            "lee li",
            "christine kirsten",
            "ksenia oksana",
            "sofia sophie",
            "anne ann anna ana",
            "oda ota",
            "davis davies",
            "salem salim",
        ] {
            let names: Vec<&str> = names.split(' ').collect();
            for (i, one) in names.iter().enumerate() {
                for other in names.iter().skip(i + 1) {
                    assert!(likeness(one, other) >= Likeness::Sound, "{one}, {other}");
                }
            }
        }
    }

    #[test]
    fn one_sound_of_two_spellings_is_less_than_the_same() {
        for pair in ["jean jian", "leo lou", "joan juan", "evan ivan", "kelly kylie", "moore mori"] {
            let (one, other) = pair.split_once(' ').unwrap();
            assert!(likeness(one, other) >= Likeness::Sound, "{pair}");
        }
        assert_eq!(likeness("mohammed", "muhammad"), Likeness::Spelling);
        assert_eq!(likeness("ana", "ana"), Likeness::Same);
    }

    #[test]
    fn folds_what_is_written_out() {
        for (one, other) in [("mueller", "muller"), ("aase", "ase"), ("strauss", "straus"), ("bjoern", "bjorn")] {
            assert_eq!(sound_key(one), sound_key(other), "{one}, {other}");
        }
    }

    #[test]
    fn the_consonants_of_arabic_agree() {
        for (one, other) in [("haddad", "hdad"), ("darwish", "drouish"), ("rachid", "rshid"), ("gamal", "jmal")] {
            assert_eq!(skeleton(one), skeleton(other), "{one}, {other}");
        }
    }

    proptest! {
        #[test]
        fn never_panics_and_is_never_longer_than_twice(token in "\\PC{0,30}|[a-z]{0,20}") {
            prop_assert!(sound_key(&token).len() <= token.len() * 2 + 8);
            prop_assert!(skeleton(&token).len() <= token.len() * 2);
        }
    }
}
