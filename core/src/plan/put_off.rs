//! Putting somebody off: until when, and what has a day of its own meanwhile, so that nothing is buried without a word.
//!
//! ```text
//!  kith skip: today ─ cadence ─────────────────▶ the next time          (without a cadence a month)
//!                └─ a promise, a birthday ─▶ sooner; a promise that is due already: in a week
//!  kith snooze: until the day that was named, whatever lies before it: it is told
//! ```

use core::fmt;

use jiff::{ToSpan as _, civil};

use super::Candidate;
use super::coming::{next_birthday, next_noted};
use super::words::quoted;
use crate::cadence::Cadence;

/// After how many days somebody who was skipped comes again whom the owner owes something already.
const OWED_AGAIN_DAYS: i32 = 7;

/// Something with a day of its own that lies before somebody comes again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeldBack {
    /// Its day; of a promise it may be past.
    pub on: civil::Date,
    /// What.
    pub what: What,
}

/// What has a day of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A promise of the owner's.
    Promise(String),
    /// Their birthday.
    Birthday,
    /// Another day that their cards note.
    Noted,
}

impl fmt::Display for HeldBack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on = self.on.strftime("%A, %-d %B %Y");
        match &self.what {
            What::Promise(text) => write!(f, "your promise \"{}\", due on {on}", quoted(text)),
            What::Birthday => write!(f, "their birthday on {on}"),
            What::Noted => write!(f, "a day that their card notes, {on}"),
        }
    }
}

/// Returns what has a day of its own before somebody who is put off comes again, the soonest first: promises, also those that
/// were due before, birthdays and other days from tomorrow on.
#[must_use]
pub fn held_back(candidate: &Candidate, today: civil::Date, until: civil::Date) -> Vec<HeldBack> {
    let promise =
        |promised: &super::Promised| HeldBack { on: promised.due, what: What::Promise(promised.text.clone()) };
    let tomorrow = today.saturating_add(1.day());
    let birthday = candidate.birthday.and_then(|born| next_birthday(born, tomorrow));
    let noted = candidate.days.iter().filter_map(|noted| next_noted(*noted, tomorrow));
    let days = birthday.map(|on| HeldBack { on, what: What::Birthday }).into_iter();
    let days = days.chain(noted.map(|on| HeldBack { on, what: What::Noted }));
    let mut held: Vec<HeldBack> = candidate.promises.iter().map(promise).chain(days).collect();
    held.retain(|held| held.on < until);
    held.sort_unstable();
    held
}

/// Returns when somebody comes again who is skipped today: when the cadence has run out, without one in a month; sooner, where
/// something has its day before.
#[must_use]
pub fn after_skip(candidate: &Candidate, cadence: Option<Cadence>, today: civil::Date) -> civil::Date {
    let in_a_month = || today.saturating_add(1.month());
    let until = cadence.map_or_else(in_a_month, |cadence| cadence.after(today));
    let again = |held: HeldBack| match held.what {
        What::Promise(_) if held.on <= today => today.saturating_add(OWED_AGAIN_DAYS.days()),
        What::Promise(_) | What::Birthday | What::Noted => held.on,
    };
    held_back(candidate, today, until).into_iter().map(again).fold(until, civil::Date::min)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;
    use kith_proto::date::PartialDate;

    use super::*;
    use crate::id::RecordId;
    use crate::plan::Promised;

    const TODAY: civil::Date = date(2026, 11, 23);

    fn owed(promises: &[(&str, civil::Date)], birthday: Option<(i8, i8)>) -> Candidate {
        Candidate {
            promises: promises.iter().map(|(text, due)| Promised { text: (*text).to_owned(), due: *due }).collect(),
            birthday: birthday.and_then(|(month, day)| PartialDate::new(None, Some(month), Some(day)).ok()),
            ..Candidate::new(RecordId::new("manual", "Ana"), Timestamp::UNIX_EPOCH)
        }
    }

    #[test]
    fn what_has_a_day_before_they_come_again_is_told_the_soonest_first() {
        let promises = [("send the slides", date(2026, 11, 20)), ("ask Bo", date(2026, 11, 30))];
        let told = |until| -> Vec<String> {
            held_back(&owed(&promises, Some((11, 25))), TODAY, until).iter().map(ToString::to_string).collect()
        };
        let [slides, birthday, bo] = [
            "your promise \"send the slides\", due on Friday, 20 November 2026",
            "their birthday on Wednesday, 25 November 2026",
            "your promise \"ask Bo\", due on Monday, 30 November 2026",
        ];
        assert_eq!(told(date(2026, 12, 1)), [slides, birthday, bo]);
        assert_eq!(told(date(2026, 11, 30)), [slides, birthday], "on its day it is told");
        assert_eq!(told(date(2026, 11, 24)), [slides]);
        assert_eq!(held_back(&owed(&[], None), TODAY, date(2027, 11, 23)), []);
    }

    #[test]
    fn whoever_is_skipped_comes_again_by_the_cadence_and_sooner_for_what_has_its_day() {
        let cadence: Option<Cadence> = "3 months".parse().ok();
        let again = |promises: &[(&str, civil::Date)], birthday: Option<(i8, i8)>| {
            after_skip(&owed(promises, birthday), cadence, TODAY)
        };
        assert_eq!(again(&[], None), date(2027, 2, 23));
        assert_eq!(again(&[("a word", date(2026, 12, 20))], None), date(2026, 12, 20));
        assert_eq!(again(&[("a word", TODAY)], None), date(2026, 11, 30), "a promise is not buried for months");
        assert_eq!(again(&[], Some((12, 5))), date(2026, 12, 5));
        assert_eq!(again(&[], Some((11, 23))), date(2027, 2, 23), "the birthday of today is what was skipped");
        assert_eq!(after_skip(&owed(&[], None), None, TODAY), date(2026, 12, 23));
    }
}
