//! How much each level weighs, in bits: the binary logarithm by which it changes the odds that two records are one person.
//!
//! The table `weights.txt` is learned from made-up records with truth (`cargo xtask bench people --learn`) and read once.
//! Records meet only under a key that they share (`keys`); `odds` is where they start then.

use std::sync::LazyLock;

use crate::resolve::compare::{Comparison, FEATURES, Feature, LEVELS, NAMES};

/// Two records with at least these odds are joined: the learned table takes odds that more than 99.5 of 100 pairs bear out.
const UPPER: &str = "joined";
/// Two records with at least these odds are asked about.
const LOWER: &str = "asked";

/// How much each level weighs.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// The odds before anything is compared.
    pub odds: f64,
    /// From here on two records are one person.
    pub joined: f64,
    /// From here on the user is asked.
    pub asked: f64,
    /// By feature and level.
    pub levels: [[f64; LEVELS]; FEATURES],
}

/// Why a table of weights cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("read line {line} of the weights: {text:?}")]
pub struct WeightsError {
    line: usize,
    text: String,
}

static TABLE: LazyLock<Weights> = LazyLock::new(|| Weights::parse(include_str!("weights.txt")).unwrap_or_default());

impl Default for Weights {
    fn default() -> Self {
        Self { odds: 0.0, joined: f64::INFINITY, asked: f64::INFINITY, levels: [[0.0; LEVELS]; FEATURES] }
    }
}

impl Weights {
    /// Returns the weights that kith comes with.
    #[must_use]
    pub fn table() -> &'static Self {
        &TABLE
    }

    /// Reads a table: a feature, a level and its bits a line.
    ///
    /// # Errors
    /// When a line is none of these.
    pub fn parse(text: &str) -> Result<Self, WeightsError> {
        let mut weights = Self::default();
        for (no, line) in text.lines().enumerate() {
            let words: Vec<&str> = line.split('#').next().unwrap_or_default().split_whitespace().collect();
            let slot = match words.as_slice() {
                [] => continue,
                [name, bits] => weights.bound(name).zip(bits.parse::<f64>().ok()),
                [feature, level, bits] => weights.slot(feature, level).zip(bits.parse::<f64>().ok()),
                _ => None,
            };
            let Some((slot, bits)) = slot else {
                return Err(WeightsError { line: no + 1, text: line.to_owned() });
            };
            *slot = bits;
        }
        Ok(weights)
    }

    /// Returns the odds that two records are one person, in bits.
    #[must_use]
    pub fn bits(&self, comparison: &Comparison) -> f64 {
        let of = |(row, level): (&[f64; LEVELS], &u8)| row.get(usize::from(*level)).copied().unwrap_or_default();
        self.odds + self.levels.iter().zip(comparison.levels()).map(of).sum::<f64>()
    }

    /// Returns what a feature's level weighs.
    #[must_use]
    pub fn of(&self, comparison: &Comparison, feature: Feature) -> f64 {
        let row = self.levels.get(feature as usize);
        row.and_then(|row| row.get(usize::from(comparison.level(feature)))).copied().unwrap_or_default()
    }

    fn bound(&mut self, name: &str) -> Option<&mut f64> {
        match name {
            "odds" => Some(&mut self.odds),
            UPPER => Some(&mut self.joined),
            LOWER => Some(&mut self.asked),
            _ => None,
        }
    }

    fn slot(&mut self, feature: &str, level: &str) -> Option<&mut f64> {
        let at = NAMES.iter().position(|(name, _)| *name == feature)?;
        let (_, levels) = NAMES.get(at)?;
        let level = levels.iter().position(|name| *name == level)?;
        self.levels.get_mut(at)?.get_mut(level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_that_kith_comes_with_can_be_read() {
        let weights = Weights::parse(include_str!("weights.txt")).unwrap();
        assert!(weights.joined > weights.asked && weights.joined.is_finite());
        assert!(weights.levels.iter().flatten().any(|bits| *bits > 1.0));
    }

    #[test]
    fn a_line_that_is_none_is_named() {
        let error = Weights::parse("odds -3\nname sideways 4").unwrap_err();
        assert_eq!(error.to_string(), "read line 2 of the weights: \"name sideways 4\"");
    }
}
