//! Companies, as the API speaks of them.

use serde::{Deserialize, Serialize};

/// Whether the user cares about a company.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CompanyRequest {
    /// Its name.
    pub name: String,
    /// Whether they care.
    pub cared: bool,
}

/// A company that the user cares about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CompanyItem {
    /// Its name.
    pub name: String,
    /// How many people work there.
    pub now: usize,
    /// How many worked there.
    pub before: usize,
    /// How many others know somebody who works there.
    pub know: usize,
    /// How many could be asked.
    pub ask: usize,
}

/// What the user's people have to do with a company.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Company {
    /// Its name.
    pub name: String,
    /// Whether the user cares about it.
    pub cared: bool,
    /// Who works there, and then who worked there.
    pub people: Vec<CompanyPerson>,
    /// Who knows somebody who works there: they took part in the same mail or meeting, or were introduced.
    pub know: Vec<CompanyAcquaintance>,
    /// Who could be asked for an introduction, the closest first: people in a circle, those the user really writes to, and
    /// those of whom they noted a need.
    pub ask: Vec<CompanyAsk>,
    /// Where nobody is known at a company of this name: the companies of whose names it is a part.
    pub like: Vec<String>,
}

/// Somebody who works or worked at a company.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CompanyPerson {
    /// The person's id.
    pub person: String,
    /// The name.
    pub name: String,
    /// Whether they work there now, as far as the sources tell.
    pub now: bool,
    /// As what.
    pub title: Option<String>,
}

/// Somebody who knows people at a company.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CompanyAcquaintance {
    /// The person's id.
    pub person: String,
    /// The name.
    pub name: String,
    /// The names of those whom they know there.
    pub knows: Vec<String>,
}

/// Somebody who could be asked about a company.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CompanyAsk {
    /// The person's id.
    pub person: String,
    /// The name.
    pub name: String,
    /// Why they could help, in words.
    pub why: Vec<String>,
    /// What one could do for them first, in words.
    pub first: String,
}
