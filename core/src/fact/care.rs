//! What the owner says about giving: needs, offers, promises, introductions; and about how they want to be reminded.

use jiff::civil;
use serde::{Deserialize, Serialize};

use crate::cadence::Rhythm;
use crate::fact::Said;
use crate::id::{FactId, RecordId};

/// What the owner says about giving, and about how they want to be reminded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Care {
    /// Somebody looks for something; the owner, where no record is named.
    Need {
        /// One of the person's records.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        record: Option<RecordId>,
        /// What: `Rust mentor`.
        text: String,
        /// kith read it out of a longer text, and the owner has not confirmed it.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        proposed: bool,
    },
    /// Somebody can help with something; the owner, where no record is named.
    Offer {
        /// One of the person's records.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        record: Option<RecordId>,
        /// With what: `mentors in Rust`.
        text: String,
    },
    /// The owner promised somebody something.
    Promise {
        /// One of the person's records.
        record: RecordId,
        /// What.
        text: String,
        /// By when.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<civil::Date>,
        /// The proposal that it confirms, where it was read out of a mail.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<RecordId>,
    },
    /// What was proposed as a promise is none, or is not wanted as one.
    NotPromised {
        /// The record of the person to whom it would have been.
        record: RecordId,
        /// The proposal.
        of: RecordId,
    },
    /// A proposed need is one.
    Confirmed {
        /// The fact that proposed it.
        of: FactId,
    },
    /// A need was met, an offer does not hold any more, a promise was kept or dropped.
    Closed {
        /// The fact that said it.
        of: FactId,
        /// It was a promise that was not kept, and is not to be any more.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        dropped: bool,
    },
    /// A message needs no answer, ever.
    NotNeeded {
        /// The message's record.
        record: RecordId,
    },
    /// How far an introduction of two people has come.
    Introduction {
        /// Who is helped.
        a: RecordId,
        /// Who can help.
        b: RecordId,
        /// How far.
        stage: Stage,
        /// What the owner says about it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// Somebody helped the owner, or the owner helped them.
    Helped {
        /// One of the person's records.
        record: RecordId,
        /// With what.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        /// Whether it was the owner who was helped.
        received: bool,
    },
    /// Somebody introduced the owner to somebody.
    MetThrough {
        /// One of the records of the one to whom.
        record: RecordId,
        /// One of the records of the one who did.
        through: RecordId,
    },
    /// No reminders of a person, or again.
    Mute {
        /// One of the person's records.
        record: RecordId,
        /// Whether none come.
        muted: bool,
    },
    /// How often the owner wants to talk to a person, whatever their circle says; `None` returns to what the circle says.
    Cadence {
        /// One of the person's records.
        record: RecordId,
        /// How often: `3 weeks (2 weeks to 2 months)`.
        cadence: Option<Rhythm>,
    },
    /// No reminders at all before this day; `None` ends the pause.
    Pause {
        /// The first day on which reminders come again.
        until: Option<civil::Date>,
    },
    /// How much networking there is in the owner's life at the moment.
    Season {
        /// Which.
        season: Season,
    },
    /// A company that the owner cares about, or no longer.
    Company {
        /// Its name.
        name: String,
        /// Whether the owner cares.
        cared: bool,
    },
    /// An occasion, and one whom the owner met or wants to meet there.
    Event {
        /// Its name: `RustConf`.
        name: String,
        /// When it begins.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on: Option<civil::Date>,
        /// One of the person's records.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        record: Option<RecordId>,
        /// Whether they were met already.
        #[serde(default)]
        met: bool,
    },
}

impl From<Care> for Said {
    fn from(care: Care) -> Self {
        Self::Care(care)
    }
}

/// How far an introduction has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// kith proposed it and the owner likes it.
    Suggested,
    /// Who is helped was asked whether they want it.
    AskedA,
    /// Who can help was asked whether they want it.
    AskedB,
    /// They know of each other.
    Made,
    /// Something came of it, or nothing; the text says what.
    Outcome,
    /// The owner thanked, or was thanked.
    Thanked,
    /// It will not be made.
    Declined,
}

impl Stage {
    /// Returns whether the two know of each other.
    #[must_use]
    pub const fn is_made(self) -> bool {
        match self {
            Self::Made | Self::Outcome | Self::Thanked => true,
            Self::Suggested | Self::AskedA | Self::AskedB | Self::Declined => false,
        }
    }

    /// Returns whether there is nothing more to be done.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Thanked | Self::Declined)
    }
}

/// How much networking there is in the owner's life.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Season {
    /// A search, for a job or for customers: more reminders.
    Search,
    /// As usual.
    #[default]
    Steady,
    /// A rest: birthdays, promises and waiting mail only, one a day.
    Rest,
}
