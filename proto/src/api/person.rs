//! People, as the API shows them.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil};
use serde::{Deserialize, Serialize};

use crate::api::import::ExportRecord;
use crate::api::{GivenCounts, WishItem};
use crate::card::{Address, CardKind};
use crate::interaction::InteractionKind;

/// A person in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonSummary {
    /// The person's id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Single person, organisation or group.
    pub kind: CardKind,
    /// What it is in words, where it is no single person: "organisation", "shared mailbox".
    pub what: Option<String>,
    /// Title and organisation, "CTO at Acme".
    pub headline: Option<String>,
    /// A mail address of theirs, else a telephone number, by which they are told from namesakes.
    pub reach: Option<String>,
    /// The circle.
    pub circle: Option<String>,
    /// When there last was contact.
    pub last_interaction: Option<Timestamp>,
}

/// A person, whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    /// The person's id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Single person, organisation or group.
    pub kind: CardKind,
    /// What it is in words, where it is no single person: "organisation", "shared mailbox".
    pub what: Option<String>,
    /// Title and organisation, "CTO at Acme".
    pub headline: Option<String>,
    /// The circle.
    pub circle: Option<String>,
    /// A cadence of their own, by the user's word, which counts before the circle's: `3 weeks (2 weeks to 2 months)`.
    pub cadence: Option<String>,
    /// Other names.
    pub nicknames: Vec<String>,
    /// Mail addresses, normalised.
    pub emails: Vec<String>,
    /// Telephone numbers, normalised where possible.
    pub phones: Vec<String>,
    /// Profiles, as addresses.
    pub profiles: Vec<String>,
    /// Organisations.
    pub organizations: Vec<String>,
    /// Titles.
    pub titles: Vec<String>,
    /// Postal addresses.
    pub addresses: Vec<Address>,
    /// Days that come back every year.
    pub anniversaries: Vec<Anniversary>,
    /// Categories, labels.
    pub keywords: Vec<String>,
    /// Web pages.
    pub links: Vec<String>,
    /// Notes from the sources.
    pub source_notes: Vec<String>,
    /// Notes of the user's.
    pub notes: Vec<NoteItem>,
    /// When there last was contact.
    pub last_interaction: Option<Timestamp>,
    /// The day on which a reminder is due by the cadence, when there is one and they are not muted.
    pub next_due: Option<civil::Date>,
    /// Until when reminders are put off: all of them by a snooze, the cadence by a skip.
    pub snoozed_until: Option<civil::Date>,
    /// No reminders come, by the user's word.
    pub muted: bool,
    /// When first seen.
    pub first_seen: Option<Timestamp>,
    /// No source lists the person any more.
    pub retired: bool,
    /// What the sources showed to be new about them, the newest first.
    pub changes: Vec<Change>,
    /// The records of which the person consists.
    pub records: Vec<ExportRecord>,
    /// The newest interactions.
    pub interactions: Vec<InteractionSummary>,
    /// How many interactions there are.
    pub interactions_total: usize,
    /// The photo's hash.
    pub photo: Option<String>,
    /// What they look for, can help with, and were promised, as far as it is open.
    pub wishes: Vec<WishItem>,
    /// What the user gave them.
    pub given: GivenCounts,
    /// What the user received from them.
    pub received: GivenCounts,
    /// Who introduced the user to them.
    pub through: Vec<PersonSummary>,
    /// Why the user could give them something first, in words; none where there is no reason.
    pub give_first: Option<String>,
    /// Why the user may ask them for something, in words; none where there is no reason.
    pub may_ask: Option<String>,
    /// Questions worth asking next time.
    pub questions: Vec<String>,
}

/// A day that comes back every year.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Anniversary {
    /// What happened on it: `birth`, `wedding`.
    pub kind: String,
    /// The date, `1985-04-12` or `--04-12`.
    pub date: String,
}

/// Something new about a person, from one export of a source to the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// When a source first showed it: the date of the export.
    pub seen: Timestamp,
    /// What, as a sentence: "Ana moved to Acme as CTO".
    pub text: String,
    /// The source.
    pub source: String,
    /// Whether it is about work.
    #[serde(default)]
    pub of_job: bool,
}

/// A note of the user's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteItem {
    /// The fact that says so.
    pub fact: String,
    /// When it was written.
    pub at: Timestamp,
    /// Its text.
    pub text: String,
}

/// An interaction in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InteractionSummary {
    /// What happened.
    pub kind: InteractionKind,
    /// When.
    pub at: Option<Timestamp>,
    /// Whether the owner began it, where that is known.
    pub from_me: Option<bool>,
    /// Who wrote it, where that is neither the owner nor the person whom it is shown of: a third one of the thread.
    pub author: Option<String>,
    /// Its subject, or what was said about it.
    pub subject: Option<String>,
}

/// A person in the export, one a line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExportPerson {
    /// The person's id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Single person, organisation or group.
    pub kind: CardKind,
    /// Mail addresses.
    pub emails: Vec<String>,
    /// Telephone numbers.
    pub phones: Vec<String>,
    /// Profiles.
    pub profiles: Vec<String>,
    /// Organisations.
    pub organizations: Vec<String>,
    /// The circle.
    pub circle: Option<String>,
    /// When there last was contact.
    pub last_interaction: Option<Timestamp>,
    /// The records of which the person consists.
    pub records: Vec<ExportRecord>,
}

/// A person without a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewPerson {
    /// The name.
    pub name: String,
    /// Other fields, as in [`SetRequest`].
    pub fields: BTreeMap<String, String>,
    /// A circle to put the person in.
    pub circle: Option<String>,
}

/// A field's value in the user's own words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SetRequest {
    /// The field: `name`, `email`, `phone`, `organization`, `title`, `birthday`, `started`, `profile`; `cadence` is how often
    /// the user wants to talk to them: `3 weeks`, `3 weeks (2 weeks to 2 months)`, or `off`.
    pub field: String,
    /// Its value; none returns to what the sources say, of the cadence to what the circle says.
    pub value: Option<String>,
}

/// A text about a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TextRequest {
    /// The text.
    pub text: String,
}

/// An interaction that the user tells of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LogRequest {
    /// `meeting`, `call`, `message`, `mail`, `other`; when none is given, that which the text begins with, else a meeting.
    pub kind: Option<InteractionKind>,
    /// The day, in the user's zone; when none is given, that which the text begins with, else today.
    pub on: Option<civil::Date>,
    /// What was said about it.
    pub text: Option<String>,
}
