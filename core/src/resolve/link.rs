//! A link: how likely two records are one person, and why.

use crate::id::RecordId;

/// How likely two records are one person, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The one record.
    pub a: RecordId,
    /// The other.
    pub b: RecordId,
    /// How likely they are one person, 0 to 1.
    pub likelihood: f64,
    /// What follows from it.
    pub verdict: Verdict,
    /// What speaks for it and against it, the weightiest first: all that is for it, then all against.
    pub reasons: Vec<Reason>,
}

/// What follows from a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Two people.
    Apart,
    /// The user is asked.
    Question,
    /// One person.
    Joined,
    /// The user said that they are two people.
    SaidApart,
    /// The user said that they are one person.
    SaidSame,
}

/// What speaks for a link, or against it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// In words: `same mail address ana@example.com`, `different birthdays`.
    pub words: String,
    /// How much, in bits (the binary logarithm of the odds): positive for one person, negative for two.
    pub bits: f64,
}
