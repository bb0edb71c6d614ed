//! Facts: what the ledger holds. Append-only, never edited; everything kith knows is a fold of them.
//!
//! What a line of the ledger looks like, and its checksum, is `ledger` in the daemon. What facts mean is `fold`.
//!
//! ```text
//!  begin(import 7)  record  record  note(…)  record  commit(import 7)  circle(…)  undo(7)
//! ```

mod care;

use jiff::{Timestamp, civil};
use kith_proto::card::Card;
use kith_proto::emit::Part;
use kith_proto::interaction::InteractionKind;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

pub use care::{Care, Season, Stage};

use crate::forget::{Forget, Removed};
use crate::hlc::Hlc;
use crate::id::{FactId, RecordId};

/// The newest version of the facts' shapes.
pub const FACT_VERSION: u32 = 5;

/// A fact with its place among the others.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Which device wrote it, as its how manieth.
    pub id: FactId,
    /// When.
    pub at: Hlc,
    /// What happened.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// An import began. Its lines count once it is committed.
    Begin(Begin),
    /// An import lists a record.
    Record(Listed),
    /// An import is complete, and from here on counts.
    Commit(Commit),
    /// The user, or the daemon for the user, said something.
    Said(Said),
    /// Something of a person who is forgotten stood here.
    Removed(Removed),
}

impl What {
    /// Returns the version of kith's facts that one must know to read it: who knows less must not pass it over.
    #[must_use]
    pub const fn version(&self) -> u32 {
        match self {
            Self::Said(Said::Care(Care::Helped { .. } | Care::MetThrough { .. } | Care::Cadence { .. })) => 5,
            Self::Said(Said::Care(Care::NotPromised { .. })) => 4,
            Self::Said(Said::Care(_)) => 3,
            Self::Said(Said::Forget(_)) | Self::Removed(_) => 2,
            Self::Begin(_) | Self::Record(_) | Self::Commit(_) | Self::Said(_) => 1,
        }
    }
}

/// An import began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begin {
    /// What was imported, as the user knows it: a file, or a folder read in place.
    pub path: String,
    /// The plugin that read it, `csv 0.1.0`.
    pub plugin: String,
    /// [`kith_proto::RECORD_VERSION`] of the records.
    pub record_version: u32,
    /// The hash of the input's bytes, where it is one file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
}

/// An import lists a record.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Listed {
    /// The import, by the sequence number of its begin line in the same ledger.
    pub import: u64,
    /// Which of the import's parts, in the order the commit names them.
    pub part: u16,
    /// The record's key within the part's source.
    pub key: String,
    /// The hash of its content, 32 hexadecimal digits; empty when the source says that the record is gone.
    pub hash: String,
    /// The file within the import; empty when the import is that file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// Which item of the file, from 1.
    pub position: u64,
    /// The record, where its hash is new: [`kith_proto::record::Record`] as the importer wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Box<RawValue>>,
}

/// An import is complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// The import, by the sequence number of its begin line in the same ledger.
    pub import: u64,
    /// Its parts.
    pub parts: Vec<Part>,
    /// How many records it lists.
    pub count: u64,
    /// The hash over its record lines.
    pub hash: String,
    /// An earlier import whose records this one lists again, every one the same: the same file once more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_as: Option<FactId>,
}

/// What the user, or the daemon for the user, said. It hangs on a record and so follows it through merges and splits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Said {
    /// A person without a file: a card of source `manual`.
    Add {
        /// Its key within `manual`.
        key: String,
        /// What is known.
        card: Box<Card>,
    },
    /// The person's circle; `None` takes it out.
    Circle {
        /// One of the person's records.
        record: RecordId,
        /// The circle's name in the config.
        circle: Option<String>,
    },
    /// A proposal of a circle was answered with no.
    CircleDeclined {
        /// One of the person's records.
        record: RecordId,
    },
    /// A field's value in the user's own words; `None` returns to what the sources say.
    Set {
        /// One of the person's records.
        record: RecordId,
        /// The field: `name`, `email`, `phone`, `organization`, `title`, `birthday`, `profile`, `kind`.
        field: String,
        /// Its value.
        value: Option<String>,
    },
    /// A note.
    Note {
        /// One of the person's records.
        record: RecordId,
        /// Its text.
        text: String,
    },
    /// An interaction that the user tells of.
    Log {
        /// A record of each person who took part.
        records: Vec<RecordId>,
        /// What it was.
        kind: InteractionKind,
        /// When.
        at: Timestamp,
        /// What was said about it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        /// The reminder that it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        occurrence: Option<OccurrenceId>,
    },
    /// Not before this day.
    Snooze {
        /// One of the person's records.
        record: RecordId,
        /// The first day on which a reminder may come again.
        until: civil::Date,
        /// The day on which they were skipped: what has a day of its own is told meanwhile. A kith that does not know this
        /// field tells nothing until then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        skipped: Option<civil::Date>,
        /// The reminder that was put off.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        occurrence: Option<OccurrenceId>,
    },
    /// Two records are one person, whatever they say. Of what was said about the same records the newest counts.
    Same {
        /// The one.
        a: RecordId,
        /// The other.
        b: RecordId,
    },
    /// None of these records is the person of any of those.
    Apart {
        /// The one side.
        these: Vec<RecordId>,
        /// The other side.
        those: Vec<RecordId>,
    },
    /// Whether two records are one person is not asked before this day.
    ReviewLater {
        /// The one.
        a: RecordId,
        /// The other.
        b: RecordId,
        /// The first day on which it may be asked again.
        until: civil::Date,
    },
    /// What the config contributes, written when it differs.
    Settings(Settings),
    /// Facts that no longer count: imports by their id, others by theirs. An undo can itself be undone.
    Undo {
        /// What no longer counts.
        of: Vec<FactId>,
    },
    /// A person is forgotten, for good: it cannot be undone.
    Forget(Forget),
    /// Something about giving, or about how the owner wants to be reminded.
    Care(Care),
    /// A schedule's occurrence came, and these reminders were planned.
    Planned(Planned),
    /// A reminder is about to be handed to a channel.
    Intent {
        /// The reminder.
        occurrence: OccurrenceId,
        /// `desktop`, or `exec` with the hook's name.
        channel: String,
    },
    /// What became of a reminder on a channel, finally.
    Outcome {
        /// The reminder.
        occurrence: OccurrenceId,
        /// As in the intent.
        channel: String,
        /// What became of it.
        outcome: Outcome,
    },
}

/// What the config contributes to the fold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The owner's own addresses and profiles.
    pub me: Vec<String>,
    /// The region of numbers written without a country, as ISO 3166-1 alpha-2.
    pub region: Option<String>,
    /// Whose mail makes a person.
    pub mail_people: MailPeople,
    /// A name for the place of kith's state on the device's machine: a device that lost its state is known by it again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
}

/// Whose mail makes a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MailPeople {
    /// Whom the owner wrote to or answered.
    #[default]
    Answered,
    /// Everyone.
    Everyone,
}

/// The id of a reminder's occurrence: `2026-11-23/morning/1f2e…`, day, schedule and record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OccurrenceId(pub String);

/// A schedule's occurrence came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// The schedule's name.
    pub schedule: String,
    /// The instant of the occurrence; of the newest one, when several were missed.
    pub due: Timestamp,
    /// How many earlier occurrences were missed while off or asleep and are made up for by this one.
    #[serde(default)]
    pub missed: u32,
    /// The reminders.
    pub reminders: Vec<Reminder>,
}

/// A reminder: whom to reconnect with, and why now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminder {
    /// Its occurrence.
    pub occurrence: OccurrenceId,
    /// The person, by the record whose id the person had then; `None` for a word to the owner (a circle is proposed).
    pub record: Option<RecordId>,
    /// Why now, each in words.
    pub reasons: Vec<String>,
    /// The next step, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// What it is about, first of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Whom it names besides: when one of them is forgotten, what names them goes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<RecordId>,
    /// From when on it is of no use any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Contact from then on settles what it tells for want of contact, also where kith learns of it later. What comes after the
    /// plan answers all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_from: Option<Timestamp>,
    /// What each reason is about; of a word to the owner nothing, and of what was planned before kith kept it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tells: Vec<Tells>,
}

/// What a reason is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tells {
    /// What.
    pub kind: Kind,
    /// Its own day: by when something was promised, a birthday, another day of a card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<civil::Date>,
}

impl Reminder {
    /// Returns one that says no more than why now, and is about nobody.
    #[must_use]
    pub const fn new(occurrence: OccurrenceId, reasons: Vec<String>) -> Self {
        Self {
            occurrence,
            record: None,
            reasons,
            step: None,
            kind: None,
            names: Vec::new(),
            until: None,
            answered_from: None,
            tells: Vec::new(),
        }
    }
}

/// What a reminder is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A promise of the owner's.
    Promise,
    /// A birthday.
    Birthday,
    /// Another day that their card notes: a wedding day, or one with a label.
    Day,
    /// A mail or message that waits for an answer.
    Waiting,
    /// An introduction to be followed up.
    Introduction,
    /// Something that they look for, and the owner offers.
    Need,
    /// Somebody whom it would help them to be introduced to.
    Suggestion,
    /// News of them: a new job.
    News,
    /// The day on which they began where they work.
    Anniversary,
    /// Their cadence, or that of their circle, has run out, or does soon.
    Cadence,
    /// Somebody not heard of for long.
    Rediscover,
    /// A kind that this version does not know.
    #[serde(other)]
    Other,
}

/// What became of a reminder on a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was shown, or the hook ended well.
    Delivered,
    /// It could not be delivered, and why; the reminder itself stays.
    Failed(String),
    /// Overtaken: the person was met, snoozed or undone before it could be shown.
    Overtaken,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_reads_back_as_written() {
        let said =
            What::Said(Said::Circle { record: RecordId::new("manual", "1"), circle: Some("friends".to_owned()) });
        let json = serde_json::to_string(&said).unwrap();
        assert!(json.starts_with(r#"{"said":{"circle":{"record":""#), "{json}");
        assert!(
            matches!(serde_json::from_str(&json).unwrap(), What::Said(Said::Circle { circle: Some(c), .. }) if c == "friends")
        );
    }

    #[test]
    fn what_an_older_kith_does_not_know_it_must_not_pass_over() {
        let record = RecordId::new("manual", "1");
        let care = |json: &str| {
            let json = json.replace("RECORD", &record.to_string());
            let said: What = serde_json::from_str(&format!(r#"{{"said":{{"care":{json}}}}}"#)).unwrap();
            assert_eq!(serde_json::to_string(&said).unwrap(), format!(r#"{{"said":{{"care":{json}}}}}"#));
            said.version()
        };
        assert_eq!(care(r#"{"mute":{"record":"RECORD","muted":true}}"#), 3);
        assert_eq!(care(r#"{"not-promised":{"record":"RECORD","of":"RECORD"}}"#), 4);
        assert_eq!(care(r#"{"helped":{"record":"RECORD","text":"my taxes","received":true}}"#), 5);
        assert_eq!(care(r#"{"helped":{"record":"RECORD","received":false}}"#), 5);
        assert_eq!(care(r#"{"met-through":{"record":"RECORD","through":"RECORD"}}"#), FACT_VERSION);
    }

    #[test]
    fn a_cadence_of_somebodys_own_reads_back_and_is_not_passed_over_by_who_does_not_know_it() {
        let record = RecordId::new("manual", "1");
        for (cadence, written) in [
            ("3 weeks (2 weeks to 2 months)".parse().ok(), "\"3 weeks (2 weeks to 2 months)\""),
            ("5 weeks".parse().ok(), "\"5 weeks\""),
            (None, "null"),
        ] {
            let care = Care::Cadence { record, cadence };
            let what = What::Said(care.clone().into());
            assert_eq!(what.version(), FACT_VERSION);
            let json = serde_json::to_string(&what).unwrap();
            assert!(json.ends_with(&format!(r#""cadence":{written}}}}}}}}}"#)), "{json}");
            assert!(matches!(serde_json::from_str(&json).unwrap(), What::Said(Said::Care(read)) if read == care));
        }
    }

    #[test]
    fn a_snooze_of_before_there_were_skips_is_one_and_a_skip_tells_its_day() {
        let record = RecordId::new("manual", "1");
        let read = |skipped: &str| -> What {
            let json = format!(r#"{{"said":{{"snooze":{{"record":"{record}","until":"2027-02-23"{skipped}}}}}}}"#);
            let what = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&what).unwrap(), json);
            what
        };
        assert!(matches!(read(""), What::Said(Said::Snooze { skipped: None, .. })));
        let on = civil::date(2026, 11, 23);
        let skip = read(r#","skipped":"2026-11-23""#);
        assert!(matches!(skip, What::Said(Said::Snooze { skipped: Some(day), .. }) if day == on));
    }
}
