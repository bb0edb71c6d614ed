//! The lexicon: every word that records are compared by, once, with how it sounds and how often it comes.
//!
//! Records hold numbers of words; two words are compared by looking here. How often a name comes in this very address book
//! says how much it tells: two of the name "Ana Silva" may be two people where there are forty Silvas.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;
use rapidfuzz::distance::{jaro_winkler, osa};

use crate::normalize::{Likeness, given_name_groups, likeness, sound_key};
use crate::resolve::scale::Tally;
use crate::resolve::sketch::Sketch;

/// The number of a word; it has no meaning elsewhere.
pub(super) type Word = u32;

/// No word.
pub(super) const NONE: Word = Word::MAX;

/// From this similarity on two words may be one, with slips.
const CLOSE: f64 = 0.92;
const SIMILAR: f64 = 0.80;
/// From so many letters on, one other letter in a given name is a slip.
const LONG_NAME: usize = 7;

/// Every word that records are compared by.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    by_text: HashMap<Arc<str>, Word, RandomState>,
    words: Vec<Entry>,
    by_sound: HashMap<Box<str>, u32, RandomState>,
    /// Which records have a given name of a sound.
    given: Vec<Tally>,
    /// Which have a surname of it.
    surnames: Vec<Tally>,
    /// Which belong to a company.
    companies: HashMap<Word, Tally>,
}

#[derive(Debug)]
struct Entry {
    text: Arc<str>,
    /// Words of one sound have one number.
    sound: u32,
    groups: &'static [u16],
}

/// How well two words agree, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Agreement {
    /// The same word, or written otherwise.
    Same,
    /// A short form of the other, or another form of the name.
    Variant,
    /// One is the first letter of the other.
    Initial,
    /// One slip apart.
    Close,
    /// Alike.
    Similar,
    /// One is not there.
    Missing,
    /// Different.
    Differs,
}

impl Lexicon {
    /// Returns the number of a word; of nothing, none.
    pub(super) fn word(&mut self, text: &str) -> Word {
        if text.is_empty() {
            return NONE;
        }
        if let Some(word) = self.by_text.get(text) {
            return *word;
        }
        let word = u32::try_from(self.words.len()).unwrap_or(NONE);
        let text: Arc<str> = text.into();
        let sound = self.sound_of(&text);
        self.words.push(Entry { groups: given_name_groups(&text), text: Arc::clone(&text), sound });
        self.by_text.insert(text, word);
        word
    }

    fn sound_of(&mut self, text: &str) -> u32 {
        let key = sound_key(text);
        let next = u32::try_from(self.given.len()).unwrap_or(NONE);
        let sound = *self.by_sound.entry(key.into()).or_insert(next);
        if sound == next {
            self.given.push(Tally::default());
            self.surnames.push(Tally::default());
        }
        sound
    }

    pub(super) fn text(&self, word: Word) -> &str {
        self.words.get(word as usize).map_or("", |entry| &entry.text)
    }

    pub(super) fn sound(&self, word: Word) -> u32 {
        self.words.get(word as usize).map_or(NONE, |entry| entry.sound)
    }

    pub(super) fn groups(&self, word: Word) -> &'static [u16] {
        self.words.get(word as usize).map_or(&[], |entry| entry.groups)
    }

    /// Returns how many records have a given name of this sound.
    pub(super) fn given_count(&self, sound: u32) -> u32 {
        self.given.get(sound as usize).map_or(0, Tally::count)
    }

    /// Returns how many records have a surname of this sound.
    pub(super) fn surname_count(&self, sound: u32) -> u32 {
        self.surnames.get(sound as usize).map_or(0, Tally::count)
    }

    /// Returns how many records belong to a company.
    pub(super) fn company_count(&self, company: Word) -> u32 {
        self.companies.get(&company).map_or(0, Tally::count)
    }

    /// Counts a record's names and companies; returns the records for which a count is of another order now.
    pub(super) fn count(&mut self, no: u32, sketch: &Sketch) -> Vec<u32> {
        let mut concerned = Vec::new();
        self.tallies(sketch, |tally| tally.insert(sketch.scale, no, |no| concerned.push(no)));
        concerned
    }

    /// Takes a record's names and companies out of the counts; returns as [`Lexicon::count`] does.
    pub(super) fn discount(&mut self, no: u32, sketch: &Sketch) -> Vec<u32> {
        let mut concerned = Vec::new();
        self.tallies(sketch, |tally| tally.remove(sketch.scale, no, |no| concerned.push(no)));
        concerned
    }

    /// Calls `each` for every tally that a record stands in; again for one that two of its words share, which counts it once.
    fn tallies(&mut self, sketch: &Sketch, mut each: impl FnMut(&mut Tally)) {
        let sound = |words: &[Entry], word: Word| words.get(word as usize).map_or(NONE, |entry| entry.sound) as usize;
        for name in &sketch.names {
            for word in name.given.iter().filter(|word| **word != NONE) {
                self.given.get_mut(sound(&self.words, *word)).into_iter().for_each(&mut each);
            }
            for word in name.surname.iter().filter(|word| **word != NONE) {
                self.surnames.get_mut(sound(&self.words, *word)).into_iter().for_each(&mut each);
            }
        }
        for company in &sketch.companies {
            each(self.companies.entry(*company).or_default());
        }
    }

    /// Returns how well two given names agree.
    pub(super) fn compare_given(&self, a: Word, b: Word) -> Agreement {
        if a == b || a == NONE || b == NONE {
            return if a == NONE || b == NONE { Agreement::Missing } else { Agreement::Same };
        }
        let (Some(a), Some(b)) = (self.words.get(a as usize), self.words.get(b as usize)) else {
            return Agreement::Missing;
        };
        if a.sound == b.sound && likeness(&a.text, &b.text) <= Likeness::Spelling {
            return Agreement::Same;
        }
        if a.groups.iter().any(|group| b.groups.contains(group)) {
            return Agreement::Variant;
        }
        let first = |text: &str| text.chars().next();
        if (is_letter(&a.text) || is_letter(&b.text)) && first(&a.text) == first(&b.text) {
            return Agreement::Initial;
        }
        // Two names that are known are two names, however alike: Ole and Ola, Mario and Maria.
        if !a.groups.is_empty() && !b.groups.is_empty() {
            return if a.sound == b.sound { Agreement::Similar } else { Agreement::Differs };
        }
        let spelt = spelt(&a.text, &b.text);
        let is_near = spelt == Agreement::Close && !is_slip(&a.text, &b.text);
        let is_called_alike = spelt == Agreement::Differs && a.sound == b.sound;
        if is_near || is_called_alike { Agreement::Similar } else { spelt }
    }

    /// Returns whether one of two words is the other's first letter.
    pub(super) fn is_initial_of(&self, a: Word, b: Word) -> bool {
        let (a, b) = (self.text(a), self.text(b));
        (is_letter(a) || is_letter(b)) && a.chars().next() == b.chars().next()
    }

    /// Returns how well two surnames, streets or towns agree.
    pub(super) fn compare(&self, a: Word, b: Word) -> Agreement {
        if a == b || a == NONE || b == NONE {
            return if a == NONE || b == NONE { Agreement::Missing } else { Agreement::Same };
        }
        let (Some(a), Some(b)) = (self.words.get(a as usize), self.words.get(b as usize)) else {
            return Agreement::Missing;
        };
        if a.sound == b.sound { called_alike(&a.text, &b.text) } else { spelt(&a.text, &b.text) }
    }
}

fn is_letter(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some() && chars.next().is_none()
}

/// Returns whether two given names differ as a slip of the pen has it, and not as names of brothers and sisters do: within the
/// word, by two letters that changed places, by a letter that is doubled, or by one in a long name. Lena is not Lea, Karim not
/// Karima, Hasan not Hasna.
fn is_slip(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let begin = short.iter().zip(&long).take_while(|(x, y)| x == y).count();
    let end = short.iter().rev().zip(long.iter().rev()).take_while(|(x, y)| x == y).count();
    let changed = long.get(begin..long.len().saturating_sub(end)).unwrap_or_default();
    let is_vowel = |c: &char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let ends_otherwise = end == 0
        && (short.len() != long.len() || short.last().is_some_and(is_vowel) || long.last().is_some_and(is_vowel));
    if begin == 0 || ends_otherwise {
        return false;
    }
    let is_turned = short.len() == long.len() && changed.len() == 2;
    let is_doubled = short.len() + 1 == long.len() && long.get(begin) == long.get(begin - 1);
    is_turned || is_doubled || short.len() >= LONG_NAME
}

/// Returns how well two different words of one sound agree: spellings of one name are the same, Joan and Juan are not.
fn called_alike(a: &str, b: &str) -> Agreement {
    if likeness(a, b) <= Likeness::Spelling { Agreement::Same } else { Agreement::Close }
}

/// Returns how alike two different words are spelt.
fn spelt(a: &str, b: &str) -> Agreement {
    let (length_a, length_b) = (a.len(), b.len());
    if length_a.abs_diff(length_b) > length_a.min(length_b) {
        return Agreement::Differs;
    }
    let alike = jaro_winkler::similarity(a.chars(), b.chars());
    if alike < SIMILAR {
        return Agreement::Differs;
    }
    let longer = length_a.max(length_b);
    let slips = osa::distance(a.chars(), b.chars());
    if longer >= 4 && slips == 1 || longer >= 8 && slips == 2 && alike >= CLOSE {
        Agreement::Close
    } else {
        Agreement::Similar
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn given(a: &str, b: &str) -> Agreement {
        let mut lexicon = Lexicon::default();
        let (a, b) = (lexicon.word(a), lexicon.word(b));
        lexicon.compare_given(a, b)
    }

    #[test]
    fn a_slip_of_the_pen_is_told_from_names_of_brothers_and_sisters() {
        for (a, b) in [("jsohua", "joshua"), ("mathew", "matthew"), ("isabekla", "isabella"), ("michadl", "michael")] {
            assert_eq!(given(a, b), Agreement::Close, "{a} {b}");
        }
        for (a, b) in
            [("lena", "lea"), ("karim", "karima"), ("ravi", "rani"), ("hasan", "hasna"), ("mikael", "mikaela")]
        {
            assert!(given(a, b) >= Agreement::Similar, "{a} {b}");
        }
    }
}
