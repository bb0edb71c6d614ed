//! Tables of text that are compiled in, and put in order once when they are first asked.

use std::collections::HashSet;
use std::sync::OnceLock;

use foldhash::fast::RandomState;

/// A table whose lines are a word, a space and what the word stands for; `#` begins a comment.
#[derive(Debug)]
pub(super) struct Pairs {
    text: &'static str,
    sorted: OnceLock<Vec<(&'static str, &'static str)>>,
}

impl Pairs {
    pub(super) const fn new(text: &'static str) -> Self {
        Self { text, sorted: OnceLock::new() }
    }

    /// What the word stands for. Of two lines with one word, the first counts.
    pub(super) fn get(&self, word: &str) -> Option<&'static str> {
        let sorted = self.sorted();
        let at = sorted.partition_point(|(known, _)| *known < word);
        sorted.get(at).filter(|(known, _)| *known == word).map(|(_, value)| *value)
    }

    /// Everything that words stand for.
    pub(super) fn values(&self) -> impl Iterator<Item = &'static str> {
        self.sorted().iter().map(|(_, value)| *value)
    }

    fn sorted(&self) -> &[(&'static str, &'static str)] {
        self.sorted.get_or_init(|| {
            let mut pairs: Vec<_> = lines(self.text).filter_map(|line| line.split_once(' ')).collect();
            pairs.sort_by_key(|(word, _)| *word);
            pairs
        })
    }
}

/// A table of words, parted by spaces and lines.
#[derive(Debug)]
pub(super) struct Words {
    text: &'static str,
    words: OnceLock<HashSet<&'static str, RandomState>>,
}

impl Words {
    pub(super) const fn new(text: &'static str) -> Self {
        Self { text, words: OnceLock::new() }
    }

    pub(super) fn contains(&self, word: &str) -> bool {
        self.words.get_or_init(|| lines(self.text).flat_map(|line| line.split(' ')).collect()).contains(word)
    }
}

/// The lines of a table, without comments.
pub(super) fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}
