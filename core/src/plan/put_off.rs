//! Putting somebody off: until when, and what has a day of its own meanwhile, so that nothing is buried without a word.
//!
//! ```text
//!  kith snooze: today ─ the day that was named ─▶ until then nothing is told
//!  kith skip:   today ─ cadence ────────────────▶ the next time          (without a cadence a month)
//!                 └─ a promise, a birthday ─▶ told on its day all the same; a promise that is due already in a week again
//! ```

use core::fmt;

use jiff::{ToSpan as _, civil};

use super::Candidate;
use super::coming::{next_birthday, next_noted};
use super::reason::{self, Reason};
use super::words::quoted;
use crate::cadence::Cadence;
use crate::fact::Season;

/// After how many days somebody who was skipped comes again whom the owner owes something already.
const OWED_AGAIN_DAYS: i32 = 7;

/// How reminders of somebody are put off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PutOff {
    /// The first day on which they may come again.
    pub until: civil::Date,
    /// The day on which they were skipped: from the day after on, what has a day of its own is told. `None` where they were
    /// snoozed, and nothing is.
    pub skipped: Option<civil::Date>,
}

/// Something with a day of its own that lies before somebody comes again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OwnDay {
    /// Its day; of a promise that is due already the day on which it is told again, or its day, where it is not told.
    pub on: civil::Date,
    /// What.
    pub what: What,
}

/// What has a day of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A promise of the owner's, and when it is due.
    Promise(String, civil::Date),
    /// Their birthday.
    Birthday,
    /// Another day that their cards note.
    Noted,
}

impl PutOff {
    /// Returns until when somebody is put off who is skipped today: until the cadence has run out, without one for a month.
    #[must_use]
    pub fn skip(cadence: Option<Cadence>, today: civil::Date) -> Self {
        let in_a_month = || today.saturating_add(1.month());
        Self { until: cadence.map_or_else(in_a_month, |cadence| cadence.after(today)), skipped: Some(today) }
    }

    /// Returns whether somebody is put off on a day, but for what has a day of its own.
    #[must_use]
    pub fn lasts_on(&self, today: civil::Date) -> bool {
        today < self.until
    }

    /// Returns whether a reason is told on a day.
    pub(super) fn lets_pass(&self, reason: &Reason, today: civil::Date) -> bool {
        let Some(skipped) = self.skipped else { return !self.lasts_on(today) };
        match reason {
            Reason::Promise(promised) => !self.lasts_on(today) || today >= told_again(promised.due, skipped),
            Reason::Birthday(_) | Reason::Day(..) => !self.lasts_on(today) || today > skipped,
            Reason::Waiting(_)
            | Reason::Introduction(_)
            | Reason::News(_)
            | Reason::Anniversary(_)
            | Reason::Cadence(_)
            | Reason::Rediscover(_) => !self.lasts_on(today),
        }
    }

    /// Returns what has a day of its own before somebody who is put off today comes again, the soonest first: promises, also
    /// those that are due already, birthdays and other days from tomorrow on that the season tells of.
    #[must_use]
    pub fn meanwhile(&self, candidate: &Candidate, season: Season, today: civil::Date) -> Vec<OwnDay> {
        let tomorrow = today.saturating_add(1.day());
        let promises = candidate.promises.iter().map(|promised| OwnDay {
            on: self.skipped.map_or(promised.due, |skipped| promised.due.max(told_again(promised.due, skipped))),
            what: What::Promise(promised.text.clone(), promised.due),
        });
        let birthday = candidate.birthday.and_then(|born| next_birthday(born, tomorrow));
        let birthday = birthday.map(|on| OwnDay { on, what: What::Birthday });
        let noted = candidate.days.iter().filter(|_| reason::tells_of_days(season));
        let noted = noted.filter_map(|noted| Some(OwnDay { on: next_noted(*noted, tomorrow)?, what: What::Noted }));
        let mut days: Vec<OwnDay> = promises.chain(birthday).chain(noted).collect();
        days.retain(|day| self.lasts_on(day.on));
        days.sort_unstable();
        days
    }
}

/// From which day on a promise is told that is owed to somebody who was skipped.
fn told_again(due: civil::Date, skipped: civil::Date) -> civil::Date {
    skipped.saturating_add(if due > skipped { 1 } else { OWED_AGAIN_DAYS }.days())
}

impl fmt::Display for OwnDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on = self.on.strftime("%A, %-d %B %Y");
        match &self.what {
            What::Promise(text, due) if *due == self.on => write!(f, "your promise \"{}\", due on {on}", quoted(text)),
            What::Promise(text, _) => write!(f, "your promise \"{}\", again on {on}", quoted(text)),
            What::Birthday => write!(f, "their birthday on {on}"),
            What::Noted => write!(f, "a day that their card notes, {on}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;
    use kith_proto::date::PartialDate;

    use super::*;
    use crate::id::RecordId;
    use crate::noted::{Noted, NotedDay};
    use crate::plan::Promised;

    const TODAY: civil::Date = date(2026, 11, 23);
    const PROMISES: [(&str, civil::Date); 2] =
        [("send the slides", date(2026, 11, 20)), ("ask Bo", date(2026, 11, 30))];

    fn owed(promises: &[(&str, civil::Date)], birthday: Option<(i8, i8)>) -> Candidate {
        Candidate {
            promises: promises.iter().map(|(text, due)| Promised { text: (*text).to_owned(), due: *due }).collect(),
            birthday: birthday.and_then(|(month, day)| PartialDate::new(None, Some(month), Some(day)).ok()),
            ..Candidate::new(RecordId::new("manual", "Ana"), Timestamp::UNIX_EPOCH)
        }
    }

    #[track_caller]
    fn check(put_off: PutOff, candidate: &Candidate, expected: &[&str]) {
        let told = put_off.meanwhile(candidate, Season::Steady, TODAY);
        assert_eq!(told.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_a_snooze_holds_back_is_named_the_soonest_first() {
        let snooze = |until| PutOff { until, skipped: None };
        let [slides, birthday, bo] = [
            "your promise \"send the slides\", due on Friday, 20 November 2026",
            "their birthday on Wednesday, 25 November 2026",
            "your promise \"ask Bo\", due on Monday, 30 November 2026",
        ];
        let ana = owed(&PROMISES, Some((11, 25)));
        check(snooze(date(2026, 12, 1)), &ana, &[slides, birthday, bo]);
        check(snooze(date(2026, 11, 30)), &ana, &[slides, birthday]);
        check(snooze(date(2026, 11, 24)), &ana, &[slides]);
        check(snooze(date(2027, 11, 23)), &owed(&[], None), &[]);
    }

    #[test]
    fn who_is_skipped_comes_again_by_the_cadence_and_what_has_a_day_of_its_own_is_named() {
        let skip = PutOff::skip("3 months".parse().ok(), TODAY);
        assert_eq!(skip, PutOff { until: date(2027, 2, 23), skipped: Some(TODAY) });
        assert_eq!(PutOff::skip(None, TODAY).until, date(2026, 12, 23));
        let bo = "your promise \"ask Bo\", due on Monday, 30 November 2026";
        let slides = "your promise \"send the slides\", again on Monday, 30 November 2026";
        check(skip, &owed(&PROMISES, Some((11, 23))), &[bo, slides]);
        check(skip, &owed(&[], Some((12, 5))), &["their birthday on Saturday, 5 December 2026"]);
        check(PutOff::skip("3 days".parse().ok(), TODAY), &owed(&PROMISES, None), &[]);
    }

    #[test]
    fn in_a_rest_no_other_day_is_told_and_none_is_named() {
        let wedding = NotedDay { what: Noted::Wedding, month: 12, day: 1, year: None };
        let ana = Candidate { days: vec![wedding], ..owed(&[], None) };
        let skip = PutOff::skip(None, TODAY);
        check(skip, &ana, &["a day that their card notes, Tuesday, 1 December 2026"]);
        assert_eq!(skip.meanwhile(&ana, Season::Rest, TODAY), []);
    }
}
