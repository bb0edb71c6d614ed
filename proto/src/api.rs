//! What the API speaks: the shapes of requests and answers under `/v1`, shared by daemon and clients.
//!
//! Every answer is JSON; streams are one object a line. `daemon/src/api/openapi.json` describes the paths. Fields are added,
//! never reused; a client skips those it does not know.

mod balance;
mod channel;
mod company;
mod event;
mod explain;
mod forget;
mod giving;
mod import;
mod person;
mod reminder;
mod same;
#[cfg(test)]
mod shapes;
mod state;
mod told;

pub use balance::{GivenCounts, GivingPerson, GivingReport};
pub use channel::{Channel, ChannelRetry, ChannelTest};
pub use company::{Company, CompanyAcquaintance, CompanyAsk, CompanyItem, CompanyPerson, CompanyRequest};
pub use event::{Event, EventPerson, EventRequest};
pub use explain::ReminderWhy;
pub use forget::{FilesChoice, ForgetReport, ForgetRequest, HoldingFile};
pub use giving::{
    IntroductionDraft, IntroductionItem, IntroductionRequest, IntroductionSuggestion, WishItem, WishKind, WishRequest,
};
pub use import::{
    Diagnostic, ExportInteraction, ExportRecord, ImportEvent, ImportProgress, ImportReport, ImportRequest, MapKept,
    MapRequest, RecordChange, RecordChangeKind, StillListed, Undone,
};
pub use person::{
    Anniversary, Change, ExportPerson, InteractionSummary, LogRequest, NewPerson, NoteItem, Person, PersonSummary,
    SetRequest, TextRequest,
};
pub use reminder::{
    Circle, CircleRequest, HookRun, MuteRequest, NotNeededRequest, PauseRequest, PlannedItem, ReminderItem, Season,
    SeasonRequest, SnoozeRequest, Suggestion, Today, WaitingThread,
};
pub use same::{
    Answer, AnswerRequest, FieldValue, FieldWhy, LinkReason, MergeRequest, PersonRecord, Question, QuestionOrigin,
    QuestionSide, RecordLink, SplitRequest, Why,
};
pub use state::{Conformance, DoctorFinding, Finding, HeldFile, ImportSummary, Plugin, Problem, Status, WatchedFolder};
pub use told::{FavourItem, FavourKind, SentenceRequest, Understood, Word};

use serde::{Deserialize, Serialize};

/// The version in every path.
pub const API_VERSION: &str = "v1";

/// The header of an answer that names the zone of days and schedules, as in the IANA database.
pub const ZONE_HEADER: &str = "kith-zone";

/// How many digits of an id are enough to name what it is of.
pub const ID_DIGITS_ENOUGH: usize = 6;

/// How many digits of an id are shown: more than enough, so that they stay so while others come.
const ID_DIGITS_SHOWN: usize = 8;

/// Returns the beginning of an id as it is shown, which is enough to name what it is of.
///
/// ```
/// assert_eq!(kith_proto::api::short_id("0f8c1b7a52d94e6fa3c0d1e2b4a59687"), "0f8c1b7a");
/// ```
#[must_use]
pub fn short_id(id: &str) -> &str {
    id.get(..ID_DIGITS_SHOWN).unwrap_or(id)
}

/// Why a request was not fulfilled, and what to try next.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ErrorBody {
    /// What failed, as a fragment: `find a person named "ana"`.
    pub error: String,
    /// What to try next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Those who could have been meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<PersonSummary>,
}

/// A request was fulfilled.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Done {
    /// What was done, in words.
    pub done: String,
    /// The facts that say so: `kith undo` takes them back.
    pub facts: Vec<String>,
    /// The person it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonSummary>,
    /// Those it is about, where they are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonSummary>,
}
