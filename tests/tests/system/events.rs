//! Events of a calendar: what is to come, the word before, by the clock of libfaketime, and that it is no contact yet.

use std::path::Path;
use std::time::Duration;

use jiff::{Timestamp, ToSpan as _};
use kith_tests::fixtures::OWNER;
use kith_tests::{Daemon, Home, skip_without, wait_until};
use serde_json::Value;

use crate::dst::{LIBRARY, begin_at};
use crate::hooks::{hook, notes, runs};
use crate::scene::LIMIT;

const CONFIG: &str = "
timezone = \"Europe/Berlin\"
days_off = [\"Sunday\"]
quiet = \"22:00-06:00\"
";

/// A Saturday afternoon, three days before the events.
const WRITTEN: &str = "2026-11-28T12:00:00Z";

/// The evening before them, at 19:00 in Berlin.
const EVENING: &str = "2026-11-30T18:00:00Z";

/// A calendar of these events, each the lines within it.
fn calendar(events: &[String]) -> String {
    let event = |event: &String| format!("BEGIN:VEVENT\r\nDTSTAMP:20261128T110000Z\r\n{event}END:VEVENT\r\n");
    let events: String = events.iter().map(event).collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:PUBLISH\r\n{events}END:VCALENDAR\r\n")
}

/// An event with the owner and somebody else.
fn with(uid: &str, subject: &str, start: &str, email: &str) -> String {
    let owner = OWNER.email;
    format!(
        "UID:{uid}\r\nSUMMARY:{subject}\r\nDTSTART{start}\r\nORGANIZER:mailto:{owner}\r\nATTENDEE:mailto:{owner}\r\n\
         ATTENDEE:mailto:{email}\r\n"
    )
}

/// A daemon that begins at this instant.
pub(crate) fn at(home: &mut Home, instant: &str) -> Daemon {
    begin_at(home, instant.parse().unwrap());
    home.start().unwrap()
}

pub(crate) fn stop(daemon: Daemon) {
    daemon.stop(Duration::from_secs(10)).unwrap();
}

/// Returns the words to the owner that are open.
fn words(home: &Home) -> Vec<Value> {
    home.json(&["today"]).unwrap().into_iter().filter(|word| word["person"].is_null()).collect()
}

fn first_reason(word: &Value) -> &str {
    word["reasons"][0].as_str().unwrap()
}

fn ana(home: &Home) -> Value {
    home.json(&["show", "ana"]).unwrap().remove(0)
}

/// Returns the reminders that the hook was told of.
pub(crate) fn told(home: &Home) -> Vec<Value> {
    notes(home).iter().flat_map(|note| note["reminders"].as_array().cloned().unwrap_or_default()).collect()
}

/// A home with Ana in a circle, Bo and Dan in none, Cleo in a circle whom the owner met lately, and a hook that notes what it is told.
fn home() -> (Home, Daemon) {
    let mut home = Home::new().unwrap();
    home.configure(CONFIG).unwrap();
    let notes = home.path("notes");
    hook(&home, "notes", &format!("cat >> {notes:?}; echo >> {notes:?}"));
    let daemon = at(&mut home, WRITTEN);
    for name in ["Ana", "Bo", "Cleo", "Dan"] {
        home.run("kith", &["add", name, "--email", &format!("{}@example.com", name.to_lowercase())]).unwrap();
    }
    home.run("kith", &["circle", "set", "ana", "friends"]).unwrap();
    home.run("kith", &["circle", "set", "cleo", "friends"]).unwrap();
    home.run("kith", &["need", "ana", "Rust mentor"]).unwrap();
    home.run("kith", &["log", "coffee with Cleo yesterday"]).unwrap();
    (home, daemon)
}

fn has_faketime(test: &str) -> bool {
    Path::new(LIBRARY).exists() || !skip_without(test, &["faketime"])
}

/// Three days before, the events are listed, are no contact, and nothing is said.
fn are_listed(home: &Home) {
    let event = |name: &str| home.json(&["event", name]).unwrap().remove(0);
    wait_until("the calendar", LIMIT, || event("RustConf")["on"].as_str().map(|_| ())).unwrap();
    let rustconf = event("rustconf");
    assert_eq!((&rustconf["on"], &rustconf["calendar"]), (&"2026-12-01".into(), &"RustConf 2026, Berlin".into()));
    assert_eq!(
        (&rustconf["wanted"][0]["name"], &rustconf["when"]),
        (&"Bo".into(), &"in 3 days, on Tuesday, 1 December 2026".into())
    );
    let list = home.json(&["event"]).unwrap();
    let names: Vec<&str> = list.iter().map(|event| event["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Harbour project", "Lunch", "One to one", "RustConf", "Weekly"]);
    assert_eq!(event("harbour project")["listed"][0]["brief"][0], "Looks for: Rust mentor.");
    assert_eq!((&ana(home)["last_interaction"], &ana(home)["interactions"]), (&Value::Null, &Value::Array(Vec::new())));
    assert_eq!(words(home), Vec::<Value>::new(), "three days before there is nothing to say");
}

#[test]
fn an_event_of_the_calendar_is_listed_and_told_of_on_the_evening_before_and_is_no_contact_before_it_was() {
    if !has_faketime("an_event_of_the_calendar_is_listed") {
        return;
    }
    let (mut home, daemon) = home();
    let events = [
        "UID:1\r\nSUMMARY:RustConf 2026\\, Berlin\r\nDTSTART;VALUE=DATE:20261201\r\nDTEND;VALUE=DATE:20261203\r\n"
            .to_owned(),
        with("2", "Harbour project", ":20261201T093000Z", "ana@example.com"),
        with("3", "Lunch", ":20261201T113000Z", "dan@example.com"),
        with("4", "One to one", ":20261201T130000Z", "cleo@example.com"),
        with("5", "Weekly", ":20261201T140000Z", "ana@example.com") + "RRULE:FREQ=WEEKLY\r\n",
    ];
    home.run("kith", &["event", "RustConf", "--want", "bo"]).unwrap();
    home.drop_file("calendar.ics", calendar(&events).as_bytes()).unwrap();
    are_listed(&home);
    stop(daemon);

    let evening: Timestamp = EVENING.parse().unwrap();
    let daemon = at(&mut home, &evening.checked_sub(6.seconds()).unwrap().to_string());
    let told_of = wait_until("the words before", LIMIT, || Some(told(&home)).filter(|told| told.len() >= 2)).unwrap();
    let written_down = || {
        let ok = runs(&home, "notes").into_iter().filter(|run| run["outcome"] == "ok");
        let told: usize = ok.map(|run| run["occurrence"].as_str().unwrap().split(' ').count()).sum();
        (told == 2).then_some(())
    };
    wait_until("what became of them", LIMIT, written_down).unwrap();
    let mut said: Vec<&str> = told_of.iter().map(first_reason).collect();
    said.sort_unstable();
    let expected = [
        "Harbour project is tomorrow, at 10:30: 1 person you know takes part.",
        "RustConf is tomorrow: 1 person you want to meet.",
    ];
    assert_eq!(said, expected, "not Lunch, for Dan is in no circle; not Cleo, who was met; and no series");
    let harbour = told_of.iter().find(|told| first_reason(told).starts_with("Harbour")).unwrap();
    assert_eq!(
        harbour["reasons"][1],
        "Ana: Looks for: Rust mentor. You were not in touch yet, as far as kith has seen."
    );
    let step = "What is good to know of each: kith event RustConf.";
    assert!(told_of.iter().any(|told| told["step"] == step), "{told_of:?}");
    stop(daemon);

    let daemon = at(&mut home, "2026-12-01T06:30:00Z");
    let mut today: Vec<String> = words(&home).iter().map(|word| first_reason(word).to_owned()).collect();
    today.sort();
    assert_eq!(today, expected.map(|word| word.replace("tomorrow", "today")), "it reads as on the day");
    assert_eq!(told(&home).len(), 2, "it comes once");
    stop(daemon);

    let daemon = at(&mut home, "2026-12-01T09:29:54Z");
    assert_eq!(ana(&home)["last_interaction"], Value::Null);
    let met = || ana(&home)["last_interaction"].as_str().filter(|at| at.starts_with("2026-12-01T09:30:00")).map(|_| ());
    wait_until("the meeting, which nothing but time brought", LIMIT, met).unwrap();
    let left = || words(&home).iter().all(|word| first_reason(word).starts_with("RustConf")).then_some(());
    wait_until("the word about what has begun to go", LIMIT, left).unwrap();
    stop(daemon);
}

#[test]
fn the_word_before_keeps_to_days_off_and_rests_and_comes_late_only_while_it_is_of_use() {
    if !has_faketime("the_word_before_keeps_to_days_off") {
        return;
    }
    let (mut home, daemon) = home();
    // A Monday, whose evening before is a day off.
    let events = [with("1", "Harbour project", ":20261130T093000Z", "ana@example.com")];
    home.drop_file("calendar.ics", calendar(&events).as_bytes()).unwrap();
    wait_until("the calendar", LIMIT, || home.json(&["event"]).ok()?.first().map(|_| ())).unwrap();
    home.run("kith", &["season", "rest"]).unwrap();
    stop(daemon);
    let day = |home: &mut Home, instant: &str| {
        let daemon = at(home, instant);
        let came = wait_until("the word", Duration::from_secs(6), || words(home).pop()).ok();
        stop(daemon);
        came
    };
    assert_eq!(day(&mut home, "2026-11-29T18:30:00Z"), None, "Sunday is a day off");
    assert_eq!(day(&mut home, "2026-11-30T06:30:00Z"), None, "it is a rest");
    let daemon = at(&mut home, "2026-11-30T05:30:00Z");
    home.run("kith", &["season", "steady"]).unwrap();
    stop(daemon);
    assert_eq!(day(&mut home, "2026-11-30T05:40:00Z"), None, "at 6:40 it is night");
    let word = day(&mut home, "2026-11-30T06:30:00Z").unwrap();
    assert_eq!(first_reason(&word), "Harbour project is today, at 10:30: 1 person you know takes part.");

    let (mut home, daemon) = self::home();
    home.drop_file("calendar.ics", calendar(&events).as_bytes()).unwrap();
    wait_until("the calendar", LIMIT, || home.json(&["event"]).ok()?.first().map(|_| ())).unwrap();
    stop(daemon);
    let daemon = at(&mut home, "2026-11-30T09:30:01Z");
    let passed = || home.json(&["show", "ana"]).ok()?[0]["last_interaction"].as_str().map(|_| ());
    wait_until("the meeting to count", LIMIT, passed).unwrap();
    assert_eq!(words(&home), Vec::<Value>::new(), "after it began a word before is of no use");
    stop(daemon);
}

#[test]
fn what_is_said_of_a_part_of_the_calendars_name_is_said_of_that_event() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    home.run("kith", &["add", "Bo", "--email", "bo@example.com"]).unwrap();
    let event = "UID:1\r\nSUMMARY:RustConf 2099\\, Berlin\r\nDTSTART;VALUE=DATE:20991201\r\n".to_owned();
    let file = home.path("calendar.ics");
    std::fs::write(&file, calendar(&[event])).unwrap();
    home.run("kith", &["import", &file.to_string_lossy()]).unwrap();
    let kept = home.run("kith", &["event", "RustConf", "--want", "bo"]).unwrap();
    assert!(kept.starts_with("RustConf 2099, Berlin: kept"), "{kept}");
    let list = home.json(&["event"]).unwrap();
    assert_eq!(list.iter().map(|event| event["name"].as_str().unwrap()).collect::<Vec<_>>(), ["RustConf 2099, Berlin"]);
    assert_eq!(home.json(&["event", "rustconf"]).unwrap()[0]["wanted"][0]["name"], "Bo");
    let early = home.run("kith", &["event", "RustConf", "--met", "bo"]).unwrap_err().to_string();
    assert!(early.contains("keep whom you met at RustConf 2099, Berlin: it is in "), "{early}");
}
