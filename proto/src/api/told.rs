//! Sentences, as the API speaks of what they say.

use jiff::{Timestamp, civil};
use serde::{Deserialize, Serialize};

use crate::api::{NoteItem, PersonSummary, WishItem};
use crate::interaction::InteractionKind;

/// A sentence that tells of an interaction: `coffee with Ana yesterday; looks for a Rust mentor`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SentenceRequest {
    /// The sentence.
    pub text: String,
    /// What it was, whatever the sentence says.
    pub kind: Option<InteractionKind>,
    /// The day, whatever the sentence says.
    pub on: Option<civil::Date>,
    /// Who is meant, where the sentence names several.
    pub person: Option<String>,
    /// Who else it is about; where anybody is said here, no names are read out of the sentence.
    pub people: Vec<String>,
}

/// Something that the owner said, as one line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Word {
    /// The fact that says so: `kith undo` takes it back.
    pub fact: String,
    /// When it was said.
    pub at: Option<Timestamp>,
    /// Whom it is about, if it is about somebody who is here.
    pub person: Option<String>,
    /// Their name.
    pub name: String,
    /// What was said.
    pub text: String,
    /// It was taken back.
    pub undone: bool,
}

/// What one did for the other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FavourKind {
    /// They helped the user.
    #[default]
    HelpedMe,
    /// The user helped them.
    HelpedThem,
    /// They introduced the user to another.
    IntroducedMe,
}

/// Something that one did for the other, as it was understood and is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FavourItem {
    /// The fact that says so: `kith undo` takes it back.
    pub fact: String,
    /// What it was.
    pub kind: FavourKind,
    /// The person's id.
    pub person: String,
    /// The name.
    pub name: String,
    /// With what, of help, where the sentence says it.
    pub text: Option<String>,
    /// To whom they introduced the user: the id.
    pub other: Option<String>,
    /// To whom they introduced the user: the name.
    pub other_name: Option<String>,
}

/// What was understood of a sentence, and is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Understood {
    /// All that was understood, in words.
    pub done: String,
    /// The facts that say so: `kith undo` takes them back.
    pub facts: Vec<String>,
    /// Whom it is about; the first of several.
    pub person: PersonSummary,
    /// All whom it is about.
    pub people: Vec<PersonSummary>,
    /// What it was; null where the sentence tells only of needs, offers and promises.
    pub kind: Option<InteractionKind>,
    /// On which day.
    pub on: Option<civil::Date>,
    /// What was said about it.
    pub text: Option<String>,
    /// What else was said, kept as notes.
    pub notes: Vec<NoteItem>,
    /// What they seem to look for: it counts once it is confirmed.
    pub needs: Vec<WishItem>,
    /// What they can help with.
    pub offers: Vec<WishItem>,
    /// What the user promised them.
    pub promises: Vec<WishItem>,
    /// What one did for the other.
    pub favours: Vec<FavourItem>,
    /// Others of that name, where the one was taken who is in a circle or was in touch with the user within a year.
    pub others: Vec<PersonSummary>,
}
