//! Events: what is good to know of whom one meets there, and one word on the evening, to write down whom one met. The word
//! before is `brief`.
//!
//! The word is a reminder without a person. Its id is made of day and name, so that it comes once, whichever device says it;
//! an event that moves to another day gets another.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, civil};

use super::days_between;
use crate::fact::{OccurrenceId, Planned, Reminder};
use crate::normalize::fold_text;

/// What the names begin with under which the words are written down, as if schedules had planned them: each has its own.
const SCHEDULE: &str = "event/";

/// When it is evening.
pub(super) const EVENING: civil::Time = civil::time(19, 0, 0, 0);

/// For how many days after the evening the word may come late.
const LATE_DAYS: i64 = 7;

/// Somebody whom the owner wants to meet, and what is known of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// What they do, where.
    pub headline: Option<String>,
    /// What they look for.
    pub needs: Vec<String>,
    /// What they can help with.
    pub offers: Vec<String>,
    /// What the owner promised them.
    pub promises: Vec<String>,
    /// When there last was contact.
    pub last: Option<civil::Date>,
}

/// Returns the name under which the word about an event is written down, however its name is typed.
#[must_use]
pub fn schedule(name: &str, on: civil::Date) -> String {
    format!("{SCHEDULE}{on}/{}", fold_text(name))
}

/// Returns whether a plan of this name is the word about an event.
#[must_use]
pub fn is_of_event(schedule: &str) -> bool {
    schedule.starts_with(SCHEDULE)
}

/// Returns the day and the folded name of the event that the word of this schedule is about.
#[must_use]
pub fn event_of(schedule: &str) -> Option<(civil::Date, &str)> {
    let (on, name) = schedule.strip_prefix(SCHEDULE)?.split_once('/')?;
    Some((on.parse().ok()?, name))
}

/// Returns when the word about an event of this day comes.
#[must_use]
pub fn evening(on: civil::Date, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_timestamp(on.to_datetime(EVENING)).ok()
}

/// Returns the word about an event, from its evening on for a week; ask only while none was written down.
#[must_use]
pub fn evening_word(name: &str, on: civil::Date, zone: &TimeZone, now: Timestamp) -> Option<Planned> {
    let due = evening(on, zone)?;
    let until = due.checked_add((LATE_DAYS * 24).hours()).ok()?;
    if now < due || until <= now {
        return None;
    }
    let schedule = schedule(name, on);
    let was = if zone.to_datetime(now).date() == on { "was today" } else { "is over" };
    let reminder = Reminder {
        step: Some(format!("Write it down while you know it: kith event {name:?} --met NAME.")),
        ..Reminder::new(
            OccurrenceId(schedule.clone()),
            vec![format!("{name} {was}: whom did you meet, and what did they look for?")],
        )
    };
    Some(Planned { schedule, due, missed: 0, reminders: vec![reminder] })
}

/// Returns when an event is, in words: "in 3 days, on Tuesday, 1 December 2026".
#[must_use]
pub fn when(on: civil::Date, today: civil::Date) -> String {
    let day = on.strftime("%A, %-d %B %Y");
    match days_between(today, on) {
        0 => format!("today, {day}"),
        1 => format!("tomorrow, {day}"),
        days @ 2.. => format!("in {days} days, on {day}"),
        _ => format!("on {day}"),
    }
}

/// What is said before one meets somebody of whom no contact is known.
pub const NOT_IN_TOUCH: &str = "You were not in touch yet, as far as kith has seen.";

/// Returns what is good to know before one meets somebody, in words; what one could give comes first.
#[must_use]
pub fn brief(wanted: &Wanted) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    words.extend(wanted.promises.iter().map(|promise| format!("You promised: \"{}\".", promise.trim_end_matches('.'))));
    words.extend(wanted.needs.iter().map(|need| format!("Looks for: {need}.")));
    words.extend(wanted.offers.iter().map(|offer| format!("Can help with: {offer}.")));
    words.extend(wanted.headline.clone());
    words.push(match wanted.last {
        Some(last) => format!("You were last in touch on {}.", last.strftime("%-d %B %Y")),
        None => NOT_IN_TOUCH.to_owned(),
    });
    words
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const ON: civil::Date = date(2026, 12, 1);

    fn berlin() -> TimeZone {
        TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
    }

    #[test]
    fn the_word_comes_from_the_evening_on_for_a_week_with_one_id() {
        let word = |now: &str| evening_word("RustConf", ON, &berlin(), now.parse().unwrap());
        assert_eq!(word("2026-12-01T17:59:59Z"), None);
        let first = word("2026-12-01T18:00:00Z").unwrap();
        assert_eq!(first.reminders[0].occurrence.0, "event/2026-12-01/rustconf");
        assert_eq!(first.reminders[0].reasons, ["RustConf was today: whom did you meet, and what did they look for?"]);
        let late = word("2026-12-08T17:59:59Z").unwrap();
        assert_eq!((&late.schedule, late.due), (&first.schedule, first.due));
        assert!(late.reminders[0].reasons[0].starts_with("RustConf is over"), "{late:?}");
        assert_eq!(word("2026-12-08T18:00:00Z"), None);
        assert!(is_of_event(&first.schedule) && !is_of_event("daily"));
        assert_eq!(event_of(&first.schedule), Some((ON, "rustconf")));
    }

    #[test]
    fn an_evening_that_the_clock_skips_comes_once() {
        let skips = TimeZone::posix("AAA0BBB,M12.1.2/18:30,M3.1.0").unwrap();
        assert!(evening(ON, &skips).is_some());
    }

    #[test]
    fn a_brief_says_what_one_could_give_first() {
        let wanted = Wanted {
            headline: Some("CTO at Example Works".to_owned()),
            needs: vec!["Rust mentor".to_owned()],
            promises: vec!["send the draft".to_owned()],
            ..Wanted::default()
        };
        assert_eq!(
            brief(&wanted),
            [
                "You promised: \"send the draft\".",
                "Looks for: Rust mentor.",
                "CTO at Example Works",
                "You were not in touch yet, as far as kith has seen.",
            ]
        );
    }

    #[test]
    fn when_it_is_reads_as_one_would_say_it() {
        assert_eq!(when(ON, ON), "today, Tuesday, 1 December 2026");
        assert_eq!(when(ON, date(2026, 11, 30)), "tomorrow, Tuesday, 1 December 2026");
        assert_eq!(when(ON, date(2026, 11, 28)), "in 3 days, on Tuesday, 1 December 2026");
        assert_eq!(when(ON, date(2026, 12, 2)), "on Tuesday, 1 December 2026");
    }
}
