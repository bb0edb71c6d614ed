//! Needs, offers, promises and introductions, as the API speaks of them.

use jiff::{Timestamp, civil};
use serde::{Deserialize, Serialize};

/// What a word about giving is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WishKind {
    /// Somebody looks for something.
    #[default]
    Need,
    /// Somebody can help with something.
    Offer,
    /// The user promised something.
    Promise,
}

/// Something that somebody looks for, can help with, or was promised.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WishRequest {
    /// What it is.
    pub kind: WishKind,
    /// Who; none is the user.
    pub person: Option<String>,
    /// What.
    pub text: String,
    /// By when, of a promise.
    pub due: Option<civil::Date>,
}

/// A need, an offer or a promise that is open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WishItem {
    /// Its id.
    pub fact: String,
    /// What it is.
    pub kind: WishKind,
    /// The person's id; none is the user.
    pub person: Option<String>,
    /// The name.
    pub name: String,
    /// What.
    pub text: String,
    /// By when, of a promise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<civil::Date>,
    /// When it was said.
    pub at: Option<Timestamp>,
    /// kith read it out of a longer text; it counts once it is confirmed.
    pub proposed: bool,
    /// What the user offers that meets it, of a need of somebody's; of an offer what the user looks for that it meets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own: Option<String>,
}

/// Two people whom it would help to know each other.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct IntroductionSuggestion {
    /// Who is helped.
    pub a: String,
    /// Who can help.
    pub b: String,
    /// What `a` looks for.
    pub need: String,
    /// What `b` offers, or what speaks for it.
    pub offer: String,
    /// Why, in words.
    pub why: Vec<String>,
    /// How well it fits, above 0; the best first.
    pub score: f64,
    /// The name of `a`.
    pub a_name: String,
    /// The name of `b`.
    pub b_name: String,
}

/// How far an introduction is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct IntroductionRequest {
    /// Who is helped.
    pub a: String,
    /// Who can help.
    pub b: String,
    /// `suggested`, `asked-a`, `asked-b`, `made`, `outcome`, `thanked` or `declined`.
    pub stage: String,
    /// What is to be kept about it.
    pub text: Option<String>,
}

/// An introduction and how far it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct IntroductionItem {
    /// Who is helped.
    pub a: String,
    /// Who can help.
    pub b: String,
    /// The name of `a`.
    pub a_name: String,
    /// The name of `b`.
    pub b_name: String,
    /// How far it is.
    pub stage: String,
    /// When that was said.
    pub at: Option<Timestamp>,
    /// What was said about it.
    pub text: Option<String>,
}

/// A beginning of a text that introduces two people; it is never sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct IntroductionDraft {
    /// The subject line.
    pub subject: String,
    /// The addresses of both.
    pub to: Vec<String>,
    /// The names of those of whom no address is known.
    pub unreached: Vec<String>,
    /// The text.
    pub text: String,
}
