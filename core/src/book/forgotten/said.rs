//! What becomes of facts said about somebody who is forgotten: they go, and what is another's as well stays with the other.

use std::borrow::Cow;

use jiff::tz::TimeZone;

use crate::book::forgotten::{Forgotten, Verdict};
use crate::book::words::manual_record;
use crate::fact::{Care, OccurrenceId, Planned, Reminder, Said};
use crate::id::RecordId;
use crate::plan::brief::is_brief;
use crate::plan::event::is_of_event;
use crate::plan::retell::without;

/// A word to the owner that names people is kept without them.
const WELCOME_WORDS: &str = "kith can tell you when it has been a while, if you like.";

impl Forgotten {
    /// Returns what becomes of a fact said.
    #[must_use]
    pub fn judge_said(&self, said: &Said) -> Verdict<Said> {
        if self.is_empty() {
            return Verdict::Stays;
        }
        match said {
            Said::Add { key, card } => goes_if(self.holds_record(&manual_record(key)) || self.holds_card(card, None)),
            Said::Circle { record, .. }
            | Said::CircleDeclined { record }
            | Said::Set { record, .. }
            | Said::Note { record, .. } => goes_if(self.holds_record(record)),
            Said::Snooze { record, occurrence, .. } => {
                let names = occurrence.as_ref().is_some_and(|occurrence| self.holds_occurrence(occurrence));
                goes_if(self.holds_record(record) || names)
            }
            Said::Log { .. } => self.judge_log(said),
            Said::Same { a, b } | Said::ReviewLater { a, b, .. } => {
                goes_if(self.holds_record(a) || self.holds_record(b))
            }
            Said::Apart { these, those } => self.judge_apart(these, those),
            Said::Planned(planned) => self.judge_planned(planned),
            Said::Intent { occurrence, .. } | Said::Outcome { occurrence, .. } => {
                goes_if(self.holds_occurrence(occurrence))
            }
            Said::Care(care) => self.judge_care(care),
            Said::Settings(_) | Said::Undo { .. } | Said::Forget(_) => Verdict::Stays,
        }
    }

    fn judge_care(&self, care: &Care) -> Verdict<Said> {
        match care {
            Care::Promise { record, .. }
            | Care::NotPromised { record, .. }
            | Care::Need { record: Some(record), .. }
            | Care::Offer { record: Some(record), .. }
            | Care::Event { record: Some(record), .. }
            | Care::NotNeeded { record }
            | Care::Helped { record, .. }
            | Care::Mute { record, .. }
            | Care::Cadence { record, .. } => goes_if(self.holds_record(record)),
            Care::Introduction { a, b, .. } => goes_if(self.holds_record(a) || self.holds_record(b)),
            Care::MetThrough { record, through } => goes_if(self.holds_record(record) || self.holds_record(through)),
            Care::Need { record: None, .. }
            | Care::Offer { record: None, .. }
            | Care::Event { record: None, .. }
            | Care::Confirmed { .. }
            | Care::Closed { .. }
            | Care::Pause { .. }
            | Care::Season { .. }
            | Care::Company { .. } => Verdict::Stays,
        }
    }

    fn judge_log(&self, said: &Said) -> Verdict<Said> {
        let Said::Log { records, kind, at, text, occurrence } = said else { return Verdict::Stays };
        let left = self.without(records);
        let answers = occurrence.as_ref().filter(|occurrence| !self.holds_occurrence(occurrence));
        if matches!(left, Cow::Borrowed(_)) && answers == occurrence.as_ref() {
            return Verdict::Stays;
        }
        if left.is_empty() {
            return Verdict::Goes;
        }
        // What was told of several together may name each of them.
        let text = text.clone().filter(|_| matches!(left, Cow::Borrowed(_)));
        Verdict::Becomes(Said::Log {
            records: left.into_owned(),
            kind: *kind,
            at: *at,
            text,
            occurrence: answers.cloned(),
        })
    }

    fn judge_apart(&self, these: &[RecordId], those: &[RecordId]) -> Verdict<Said> {
        match (self.without(these), self.without(those)) {
            (Cow::Borrowed(_), Cow::Borrowed(_)) => Verdict::Stays,
            (these, those) if these.is_empty() || those.is_empty() => Verdict::Goes,
            (these, those) => Verdict::Becomes(Said::Apart { these: these.into_owned(), those: those.into_owned() }),
        }
    }

    /// A plan stays, for it says that its schedule came.
    fn judge_planned(&self, planned: &Planned) -> Verdict<Said> {
        let left: Vec<Reminder> =
            planned.reminders.iter().filter_map(|reminder| self.judge_reminder(planned, reminder)).collect();
        if left == planned.reminders {
            return Verdict::Stays;
        }
        Verdict::Becomes(Said::Planned(Planned { reminders: left, ..planned.clone() }))
    }

    fn judge_reminder(&self, planned: &Planned, reminder: &Reminder) -> Option<Reminder> {
        let Some(record) = &reminder.record else {
            // The word on its evening names the event alone; that before it names people, too.
            if is_of_event(&planned.schedule) || is_brief(&planned.schedule) {
                let names = reminder.names.iter().any(|record| self.holds_record(record));
                return (!names && !self.holds_occurrence(&reminder.occurrence)).then(|| reminder.clone());
            }
            let reasons = vec![WELCOME_WORDS.to_owned()];
            return Some(Reminder { reasons, ..reminder.clone() });
        };
        if self.holds_record(record) || self.holds_occurrence(&reminder.occurrence) {
            return None;
        }
        without(reminder, TimeZone::UTC.to_datetime(planned.due).date(), |other| self.holds_record(other))
    }

    /// An occurrence's id ends with the record that it is about.
    #[must_use]
    pub fn holds_occurrence(&self, occurrence: &OccurrenceId) -> bool {
        let record = occurrence.0.rsplit('/').next().and_then(|last| last.parse().ok());
        record.is_some_and(|record: RecordId| self.holds_record(&record))
    }

    fn without<'a>(&self, records: &'a [RecordId]) -> Cow<'a, [RecordId]> {
        if records.iter().any(|record| self.holds_record(record)) {
            records.iter().filter(|record| !self.holds_record(record)).copied().collect()
        } else {
            Cow::Borrowed(records)
        }
    }
}

fn goes_if(goes: bool) -> Verdict<Said> {
    if goes { Verdict::Goes } else { Verdict::Stays }
}
