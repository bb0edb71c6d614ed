//! Tests of the word before an event: when it comes, which events deserve it, and what it says.

use jiff::ToSpan as _;
use jiff::civil::date;

use super::*;
use crate::plan::retell;

const ON: civil::Date = date(2026, 12, 1);

fn berlin() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
}

fn met(name: &str, brief: &[&str]) -> Met {
    let brief = brief.iter().map(|line| (*line).to_owned()).collect();
    Met { person: RecordId::new("manual", name), name: name.to_owned(), brief }
}

fn ahead(people: Vec<Met>) -> Ahead {
    let when = When { on: ON, begins: None };
    Ahead { id: "RustConf".to_owned(), name: "RustConf".to_owned(), when, known: Known::Wanted, people }
}

fn ana() -> Met {
    met("Ana Silva", &["Looks for: Rust mentor.", "CTO at Example Works", "You were not in touch yet."])
}

#[track_caller]
fn comes(ahead: &Ahead, at: &str, expected: bool) {
    assert_eq!(word(ahead, &berlin(), at.parse().unwrap()).is_some(), expected, "{at}");
}

#[test]
fn the_word_comes_on_the_evening_before_or_in_the_morning_until_the_event_begins() {
    let day = ahead(vec![ana()]);
    comes(&day, "2026-11-30T17:59:59Z", false);
    comes(&day, "2026-11-30T18:00:00Z", true);
    comes(&day, "2026-11-30T22:59:59Z", true);
    comes(&day, "2026-11-30T23:00:00Z", false);
    comes(&day, "2026-12-01T05:59:59Z", false);
    comes(&day, "2026-12-01T06:00:00Z", true);
    comes(&day, "2026-12-01T10:59:59Z", true);
    comes(&day, "2026-12-01T11:00:00Z", false);
    let mut timed = ahead(vec![ana()]);
    timed.when.begins = "2026-12-01T08:30:00Z".parse().ok();
    comes(&timed, "2026-12-01T08:29:59Z", true);
    comes(&timed, "2026-12-01T08:30:00Z", false);
    comes(&ahead(Vec::new()), "2026-11-30T18:00:00Z", false);
}

#[test]
fn the_word_says_whom_and_what_one_could_give_and_has_one_id() {
    let evening: Timestamp = "2026-11-30T18:00:00Z".parse().unwrap();
    let planned =
        word(&ahead(vec![ana(), met("Bob Berg", &["You promised: \"send the draft\"."])]), &berlin(), evening).unwrap();
    let reminder = &planned.reminders[0];
    assert_eq!(
        reminder.reasons,
        [
            "RustConf is tomorrow: 2 people you want to meet.",
            "Ana Silva: Looks for: Rust mentor. CTO at Example Works.",
            "Bob Berg: You promised: \"send the draft\".",
        ]
    );
    assert_eq!(reminder.step.as_deref(), Some("What is good to know of each: kith event RustConf."));
    assert_eq!((planned.schedule.as_str(), reminder.names.len()), ("brief/2026-12-01/RustConf", 2));
    assert_eq!(reminder.until, "2026-12-01T11:00:00Z".parse().ok());
    assert!(is_brief(&planned.schedule) && !is_brief("event/2026-12-01/RustConf"));
    let mut retold = reminder.clone();
    retell::retell(&mut retold, date(2026, 11, 30), date(2026, 11, 30));
    assert_eq!(retold, *reminder);
    retell::retell(&mut retold, date(2026, 11, 30), date(2026, 12, 1));
    assert_eq!(retold.reasons[0], "RustConf is today: 2 people you want to meet.");
    let late = word(&ahead(vec![ana()]), &berlin(), "2026-12-01T07:00:00Z".parse().unwrap()).unwrap();
    assert_eq!((&late.schedule, late.due), (&planned.schedule, planned.due));
    assert_eq!(late.reminders[0].reasons[0], "RustConf is today: 1 person you want to meet.");
}

#[test]
fn of_many_the_first_are_named() {
    let many = (0..8).map(|number| met(&format!("Person {number}"), &[])).collect();
    let listed = Ahead { known: Known::Listed, name: "Board, 2nd round".to_owned(), ..ahead(many) };
    let planned = word(&listed, &berlin(), "2026-11-30T18:00:00Z".parse().unwrap()).unwrap();
    let reminder = &planned.reminders[0];
    assert_eq!(reminder.reasons[0], "Board, 2nd round is tomorrow: 8 people you know take part.");
    assert_eq!((reminder.reasons.len(), reminder.reasons[6].as_str()), (7, "And 3 more."));
    assert_eq!(reminder.step.as_deref(), Some("What is good to know of each: kith event \"Board, 2nd round\"."));
}

fn appointment(name: &str, on: civil::Date) -> Appointment {
    let record = RecordId::new("calendar/meetings", &format!("{name} {on}"));
    Appointment { record, name: name.to_owned(), on, begins: None, recurs: false, people: Vec::new() }
}

#[test]
fn who_meets_every_week_or_is_not_close_needs_no_word() {
    let coffee = appointment("Coffee", ON);
    let guest = |close, days: Option<i32>| Guest { close, last_met: days.map(|days| ON.saturating_sub(days.days())) };
    assert!(deserves(&coffee, &[guest(true, None)]));
    assert!(deserves(&coffee, &[guest(true, Some(31)), guest(true, Some(7))]));
    assert!(!deserves(&coffee, &[guest(true, Some(7)), guest(true, Some(30))]), "all of them were seen");
    assert!(!deserves(&coffee, &[guest(false, None)]), "nobody of a circle");
    assert!(!deserves(&coffee, &[]));
    assert!(!deserves(&Appointment { recurs: true, ..coffee }, &[guest(true, None)]), "it is one of a series");
}

#[test]
fn an_event_is_found_in_the_calendar_by_its_name_and_its_day() {
    let all = [
        appointment("RustConf 2025", date(2025, 9, 1)),
        appointment("RustConf 2026, Berlin", ON),
        appointment("RustConf 2027", date(2027, 9, 1)),
        appointment("Trust", ON),
    ];
    let found = |name, on| matching(name, on, &all, date(2026, 11, 1)).map(|found| found.name.as_str());
    assert_eq!(found("rustconf", None), Some("RustConf 2026, Berlin"));
    assert_eq!(found("RustConf", Some(date(2027, 9, 1))), Some("RustConf 2027"));
    assert_eq!(found("RustConf", Some(date(2026, 12, 2))), None);
    assert_eq!(
        found("Trust and safety", Some(ON)),
        Some("Trust"),
        "the calendar may say less on the day that was given"
    );
    assert_eq!(found("Trust and safety", None), None);
    assert_eq!(found("rust", None), None, "a part of a word is no word");
    assert_eq!(found("RustConf 2025", None), Some("RustConf 2025"));
}
