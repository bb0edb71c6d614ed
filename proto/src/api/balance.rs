//! Given and received, as the API speaks of them: counts and words, no score.

use serde::{Deserialize, Serialize};

/// How much of each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GivenCounts {
    /// Endorsements of a skill.
    pub endorsements: usize,
    /// Recommendations.
    pub recommendations: usize,
    /// Introductions to somebody.
    pub introductions: usize,
    /// Promises that were kept.
    pub promises: usize,
    /// How often one helped the other.
    pub help: usize,
    /// The same in words.
    pub words: String,
}

/// What the user gave and received, in all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GivingReport {
    /// What they gave.
    pub given: GivenCounts,
    /// What they received.
    pub received: GivenCounts,
    /// To whom they could give first.
    pub give_first: Vec<GivingPerson>,
    /// Whom they may ask.
    pub may_ask: Vec<GivingPerson>,
}

/// Somebody to give to or to ask.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GivingPerson {
    /// The person's id.
    pub person: String,
    /// The name.
    pub name: String,
    /// Why, in words.
    pub why: String,
}
