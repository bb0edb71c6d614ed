//! What a hook is told on its standard input. docs/HOOKS.md describes it for those who write hooks.

use jiff::Timestamp;
use kith_core::fact::OccurrenceId;
use kith_core::plan::outbox::Telling;
use serde::Serialize;

use super::who::Who;

/// The version of the message. Fields may be added; their meaning never changes.
pub const VERSION: u32 = 1;

/// Reminders are due.
#[derive(Debug, Serialize)]
pub struct Message<'a> {
    /// The message's version.
    pub version: u32,
    /// What happened: `reminder-due`.
    pub event: &'static str,
    /// They come late, after the machine was off or the hook failed.
    pub late: bool,
    /// The reminders, the oldest first.
    pub reminders: Vec<Told<'a>>,
}

/// A reminder, as a hook is told of it.
#[derive(Debug, Serialize)]
pub struct Told<'a> {
    /// Its id, for `kith done` and `kith snooze`, and to know it again when it is told twice.
    pub occurrence: &'a OccurrenceId,
    /// The schedule that planned it.
    pub schedule: &'a str,
    /// For when it was planned.
    pub due: Timestamp,
    /// Whom it is about; absent when it is a word to the owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<Who>,
    /// Why now, each a sentence.
    pub reasons: &'a [String],
    /// The next step, a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<&'a str>,
}

impl<'a> Message<'a> {
    /// Returns the message that tells these reminders.
    #[must_use]
    pub fn new(telling: Telling, reminders: Vec<Told<'a>>) -> Self {
        Self { version: VERSION, event: "reminder-due", late: telling == Telling::Digest, reminders }
    }

    /// Returns the message as one line of JSON.
    ///
    /// # Errors
    /// Never, for these types; the caller need not rely on that.
    pub fn to_line(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        Ok(line)
    }
}

#[cfg(test)]
mod tests {
    use kith_core::id::RecordId;

    use super::*;

    #[test]
    fn reads_as_documented() {
        let id = RecordId::from_bytes([1; 16]);
        let who = Who {
            id: id.to_string(),
            name: "Ana Silva".to_owned(),
            circle: Some("friends".to_owned()),
            titles: vec!["Gardener".to_owned()],
            organizations: vec!["Greenhouse".to_owned()],
            emails: vec!["ana@example.com".to_owned()],
            phones: Vec::new(),
            profiles: Vec::new(),
            birthday: None,
            last_interaction: Some(Timestamp::UNIX_EPOCH),
            notes: vec![(Timestamp::UNIX_EPOCH, "a secret".to_owned())],
            talks: Vec::new(),
        };
        let occurrence = OccurrenceId(format!("2026-11-23/daily/{id}"));
        let reasons =
            ["It has been 5 weeks since the last mail between you; you wanted to talk every 3 weeks.".to_owned()];
        let told = Told {
            occurrence: &occurrence,
            schedule: "daily",
            due: "2026-11-23T08:00:00Z".parse().unwrap(),
            person: Some(who),
            reasons: &reasons,
            step: Some("Ask how things are at Greenhouse, and how you could help."),
        };
        let line = Message::new(Telling::Each, vec![told]).to_line().unwrap();
        let value: serde_json::Value = serde_json::from_slice(&line).unwrap();
        let example =
            include_str!("../../../docs/HOOKS.md").split("```json\n").nth(1).unwrap().split("```").next().unwrap();
        assert_eq!(value, serde_json::from_str::<serde_json::Value>(example).unwrap());
    }
}
