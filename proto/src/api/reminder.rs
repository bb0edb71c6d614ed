//! Reminders and circles, as the API speaks of them.

use jiff::{Timestamp, civil};
use serde::{Deserialize, Serialize};

/// Today's reminders.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Today {
    /// The day, in the user's zone.
    pub date: Option<civil::Date>,
    /// The daemon's time.
    pub now: Option<Timestamp>,
    /// Those that are open.
    pub reminders: Vec<ReminderItem>,
    /// When the next plan is made.
    pub next: Option<Timestamp>,
    /// Whom that plan names, as things stand.
    pub coming: Vec<ReminderItem>,
    /// The zone of days and schedules, as in the IANA database; empty where it has no name there.
    pub zone: String,
    /// The first day on which reminders come again, where they are paused.
    pub paused_until: Option<civil::Date>,
    /// How many promises were read in the user's mail, and wait for a yes or no.
    pub proposed_promises: usize,
    /// How many needs were read in what the user told, and wait for a yes or no.
    pub proposed_needs: usize,
}

/// A reminder: whom to reconnect with, why now, and a next step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReminderItem {
    /// Its id.
    pub occurrence: String,
    /// The person's id; none for a word to the owner.
    pub person: Option<String>,
    /// The name.
    pub name: String,
    /// Why now, each in words.
    pub reasons: Vec<String>,
    /// One next step, in words.
    pub step: Option<String>,
    /// What it is about, as in [`PlannedItem`].
    pub kind: String,
}

/// A thread whose last message waits for the user's answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WaitingThread {
    /// The id of the person who wrote it.
    pub person: String,
    /// The key of the last message in its source: of a mail its Message-ID.
    pub key: String,
    /// When it came.
    pub since: Timestamp,
    /// Its subject line.
    pub subject: Option<String>,
    /// The person's name.
    pub name: String,
    /// The message's id, to say that it needs no answer.
    pub message: String,
    /// Whether the user knows the person: has a card of them, or wrote to them.
    pub known: bool,
    /// Whether the user neither knows the person nor ever wrote to them, and they wrote more than two messages: a newsletter,
    /// mostly.
    pub often: bool,
}

/// Which message needs no answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NotNeededRequest {
    /// The message: its id or the beginning of it, six digits or more, or its key.
    pub message: String,
}

/// A reminder that is to come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlannedItem {
    /// When its plan is made; none for one of today.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// The person's id; none for a word to the owner.
    pub person: Option<String>,
    /// What it is about: `promise`, `birthday`, `day` (a wedding day, or another day that their card notes), `waiting`,
    /// `introduction`, `need` (that the owner could meet), `suggestion` (an introduction to make), `news`, `anniversary` (of
    /// work), `cadence`, `rediscover`.
    pub kind: String,
    /// Why then, each in words.
    pub reasons: Vec<String>,
    /// One next step, in words.
    pub next_step: Option<String>,
    /// The name.
    pub name: String,
    /// How often more it would come in these days of the same person and kind.
    #[serde(skip_serializing_if = "is_zero")]
    pub more: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// Until when there are no reminders.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PauseRequest {
    /// The first day on which they come again; none ends the pause.
    pub until: Option<civil::Date>,
}

/// Whether reminders of a person come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MuteRequest {
    /// Whether none come.
    pub muted: bool,
}

/// How much networking there is in the user's life.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Season {
    /// A search, for a job or for customers.
    Search,
    /// As usual.
    #[default]
    Steady,
    /// A rest.
    Rest,
}

/// The season that is to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SeasonRequest {
    /// Which.
    pub season: Season,
}

/// A circle: people to hear from equally often.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Circle {
    /// Its name in the config.
    pub name: String,
    /// How often: `3 weeks`, or with its bounds `3 weeks (2 weeks to 2 months)`.
    pub cadence: String,
    /// Who is in it.
    pub people: Vec<super::PersonSummary>,
}

/// The circle that a person is to be in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CircleRequest {
    /// The circle; none takes the person out.
    pub circle: Option<String>,
    /// It declines a proposal: the person is not proposed again.
    pub declined: bool,
}

/// A circle that is proposed for somebody the owner really writes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Suggestion {
    /// The person's id.
    pub person: String,
    /// The name.
    pub name: String,
    /// The circle.
    pub circle: String,
    /// How often one then wants to hear from them: `6 weeks`.
    pub cadence: String,
    /// Why, in words.
    pub reason: String,
}

/// How long to put off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SnoozeRequest {
    /// The first day on which a reminder may come again; a week from today when none is given.
    pub until: Option<civil::Date>,
}

/// A hook's run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HookRun {
    /// When.
    pub at: Option<Timestamp>,
    /// The hook's file name.
    pub hook: String,
    /// The reminder it was run for.
    pub occurrence: String,
    /// `ok`, or why not.
    pub outcome: String,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
    /// The beginning of what it printed.
    pub output: String,
}
