//! Who is the same: merging, splitting, questions about it, and why things are as they are.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::api::person::{Change, PersonSummary};

/// People who are one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MergeRequest {
    /// The others: names, addresses, ids.
    pub with: Vec<String>,
}

/// Which records of a person are somebody else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SplitRequest {
    /// Their ids.
    pub records: Vec<String>,
    /// Without records: an address, a name or an id of the other; the record that it means is not the person's.
    pub away_from: Option<String>,
}

/// A record of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonRecord {
    /// Its id.
    pub id: String,
    /// The source.
    pub source: String,
    /// Its key there.
    pub key: String,
    /// The file; empty for a person added by hand.
    pub file: String,
    /// Which item of the file, from 1.
    pub position: u64,
    /// When its source said so: the date of the export.
    pub seen: Option<Timestamp>,
    /// A source still lists it.
    pub listed: bool,
    /// The name.
    pub name: String,
    /// Title and organisation, "CTO at Acme".
    pub headline: Option<String>,
    /// Mail addresses.
    pub emails: Vec<String>,
    /// Telephone numbers.
    pub phones: Vec<String>,
    /// Profiles, as addresses.
    pub profiles: Vec<String>,
    /// The birthday, by which father and son are told apart.
    pub birthdays: Vec<String>,
    /// Postal addresses, each in a line.
    pub addresses: Vec<String>,
    /// How many notes, meetings and other words of the user's are about it.
    pub said: usize,
}

/// Two people who may be one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Question {
    /// Its id, for the answer.
    pub id: String,
    /// The one.
    pub a: QuestionSide,
    /// The other.
    pub b: QuestionSide,
    /// How likely they are one, 0 to 1.
    pub likelihood: f64,
    /// What speaks for it and against it, the weightiest first.
    pub reasons: Vec<LinkReason>,
}

/// One of the two of a question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct QuestionSide {
    /// The person's id.
    pub person: String,
    /// The name.
    pub name: String,
    /// Mail addresses.
    pub emails: Vec<String>,
    /// Telephone numbers.
    pub phones: Vec<String>,
    /// Profiles, as addresses.
    pub profiles: Vec<String>,
    /// Organisations.
    pub organizations: Vec<String>,
    /// Titles.
    pub titles: Vec<String>,
    /// Birthdays, as `1985-04-12` or `--04-12`.
    pub birthdays: Vec<String>,
    /// Postal addresses, each in a line.
    pub places: Vec<String>,
    /// Where the records come from.
    pub sources: Vec<String>,
    /// Where each record comes from, in order of trust.
    pub origins: Vec<QuestionOrigin>,
    /// When there last was contact.
    pub last_interaction: Option<Timestamp>,
}

/// Where a record of one of the two comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct QuestionOrigin {
    /// The source.
    pub source: String,
    /// The file; empty for one added by hand.
    pub file: String,
    /// Which item of the file, from 1.
    pub position: u64,
    /// When its source said so: the date of the export.
    pub seen: Option<Timestamp>,
}

/// What speaks for a link between two records, or against it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LinkReason {
    /// In words: `same mail address ana@example.com`.
    pub words: String,
    /// How much, in bits: positive for one person, negative for two.
    pub bits: f64,
}

/// An answer to a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerRequest {
    /// The answer.
    pub answer: Answer,
}

/// Whether two are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// They are one person.
    Same,
    /// They are two people.
    Apart,
    /// Ask again in a week.
    Later,
}

/// Why records are one person, and where what is shown comes from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Why {
    /// The person.
    pub person: PersonSummary,
    /// The records, the earliest first.
    pub records: Vec<PersonRecord>,
    /// What holds them together, the strongest first.
    pub links: Vec<RecordLink>,
    /// Each field with its values.
    pub fields: Vec<FieldWhy>,
    /// What became different, the newest first.
    pub changes: Vec<Change>,
}

/// Why two records are one person.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordLink {
    /// The id of the one.
    pub a: String,
    /// The id of the other.
    pub b: String,
    /// How likely they are one, 0 to 1.
    pub likelihood: f64,
    /// What speaks for it and against it, the weightiest first.
    pub reasons: Vec<LinkReason>,
    /// The user's word that they are one person, where it is that: what an undo names.
    pub fact: Option<String>,
}

/// Where the values of a field come from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldWhy {
    /// The field.
    pub field: String,
    /// By which rule the first is shown first, in words.
    pub rule: String,
    /// Its values, the one shown first at the beginning.
    pub values: Vec<FieldValue>,
}

/// A value, and who says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldValue {
    /// The value.
    pub value: String,
    /// It is shown of the person, and not only kept.
    pub shown: bool,
    /// The source; `you` for the user's own word.
    pub source: String,
    /// The file; empty for the user's own word.
    pub file: String,
    /// Which item of the file, from 1.
    pub position: u64,
    /// When its source said so.
    pub seen: Option<Timestamp>,
    /// The record that says so.
    pub record: String,
}
