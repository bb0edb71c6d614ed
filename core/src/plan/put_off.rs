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
    /// The first day on which anything may come again.
    pub snoozed_until: Option<civil::Date>,
    /// Until when only what has a day of its own is told.
    pub skip: Option<Skip>,
}

/// Somebody was skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skip {
    /// When: what has a day of its own is told from the day after on.
    pub on: civil::Date,
    /// The first day on which everything may come again.
    pub until: civil::Date,
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
    /// Somebody who is not put off.
    pub const NOT: Self = Self { snoozed_until: None, skip: None };

    /// Returns how somebody is put off who is skipped today: until the cadence has run out, without one for a month.
    #[must_use]
    pub fn skip(cadence: Option<Cadence>, today: civil::Date) -> Self {
        let in_a_month = || today.saturating_add(1.month());
        let until = cadence.map_or_else(in_a_month, |cadence| cadence.after(today));
        Self { skip: Some(Skip { on: today, until }), ..Self::NOT }
    }

    /// Returns how somebody is put off of whom nothing is told until a day.
    #[must_use]
    pub const fn snooze(until: civil::Date) -> Self {
        Self { snoozed_until: Some(until), ..Self::NOT }
    }

    /// Returns the first day on which everything may come again.
    #[must_use]
    pub fn until(&self) -> Option<civil::Date> {
        self.snoozed_until.max(self.skip.map(|skip| skip.until))
    }

    /// Returns whether a reason is told on a day.
    pub(super) fn lets_pass(&self, reason: &Reason, today: civil::Date) -> bool {
        if self.snoozed_until.is_some_and(|until| today < until) {
            return false;
        }
        let Some(skip) = self.skip.filter(|skip| today < skip.until) else { return true };
        match reason {
            Reason::Promise(promised) => today >= skip.told_from(promised.due),
            Reason::Birthday(_) | Reason::Day(..) => today > skip.on,
            Reason::Waiting(_)
            | Reason::Introduction(_)
            | Reason::Need(_)
            | Reason::Suggestion(_)
            | Reason::News(_)
            | Reason::Anniversary(_)
            | Reason::Cadence(_)
            | Reason::Early(_)
            | Reason::Rediscover(_) => false,
        }
    }

    /// Returns whether a reason is a promise that comes again after a skip, and was not told since: somebody was named last
    /// before its day.
    pub(super) fn owes_again(&self, reason: &Reason, named: civil::Date, today: civil::Date) -> bool {
        let (Some(skip), Reason::Promise(promised)) = (self.skip, reason) else { return false };
        let again = skip.told_from(promised.due);
        promised.due <= skip.on && named < again && again <= today && today < skip.until
    }

    /// Returns what has a day of its own before somebody who is put off today comes again, the soonest first: promises, also
    /// those that are due already, birthdays and other days from tomorrow on that the season tells of.
    #[must_use]
    pub fn meanwhile(&self, candidate: &Candidate, season: Season, today: civil::Date) -> Vec<OwnDay> {
        let tomorrow = today.saturating_add(1.day());
        let promises = candidate.promises.iter().map(|promised| OwnDay {
            on: self.skip.map_or(promised.due, |skip| promised.due.max(skip.told_from(promised.due))),
            what: What::Promise(promised.text.clone(), promised.due),
        });
        let birthday = candidate.birthday.and_then(|born| next_birthday(born, tomorrow));
        let birthday = birthday.map(|on| OwnDay { on, what: What::Birthday });
        let noted = candidate.days.iter().filter(|_| reason::tells_of_days(season));
        let noted = noted.filter_map(|noted| Some(OwnDay { on: next_noted(*noted, tomorrow)?, what: What::Noted }));
        let mut days: Vec<OwnDay> = promises.chain(birthday).chain(noted).collect();
        days.retain(|day| self.until().is_some_and(|until| day.on < until));
        days.sort_unstable();
        days
    }
}

impl Skip {
    /// Returns from which day on a promise is told.
    fn told_from(self, due: civil::Date) -> civil::Date {
        self.on.saturating_add(if due > self.on { 1 } else { OWED_AGAIN_DAYS }.days())
    }
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
            promises: promises
                .iter()
                .map(|(text, due)| Promised { text: (*text).to_owned(), due: *due, at: Timestamp::UNIX_EPOCH })
                .collect(),
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
        let [slides, birthday, bo] = [
            "your promise \"send the slides\", due on Friday, 20 November 2026",
            "their birthday on Wednesday, 25 November 2026",
            "your promise \"ask Bo\", due on Monday, 30 November 2026",
        ];
        let ana = owed(&PROMISES, Some((11, 25)));
        check(PutOff::snooze(date(2026, 12, 1)), &ana, &[slides, birthday, bo]);
        check(PutOff::snooze(date(2026, 11, 30)), &ana, &[slides, birthday]);
        check(PutOff::snooze(date(2026, 11, 24)), &ana, &[slides]);
        check(PutOff::snooze(date(2027, 11, 23)), &owed(&[], None), &[]);
    }

    #[test]
    fn who_is_skipped_comes_again_by_the_cadence_and_what_has_a_day_of_its_own_is_named() {
        let skip = PutOff::skip("3 months".parse().ok(), TODAY);
        assert_eq!(skip.skip, Some(Skip { on: TODAY, until: date(2027, 2, 23) }));
        assert_eq!(PutOff::skip(None, TODAY).until(), Some(date(2026, 12, 23)));
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
