//! What could be given comes by itself, once: by the clock of libfaketime, with a hook that is told.

use std::fs;
use std::path::Path;

use kith_tests::{Home, skip_without, wait_until};

use crate::dst::LIBRARY;
use crate::events::{at, stop, told};
use crate::hooks::hook;
use crate::scene::{LIMIT, files};

const CONFIG: &str = "
timezone = \"Europe/Berlin\"
[[schedule]]
name = \"morning\"
cron = \"0 9 * * *\"
";

#[test]
fn a_need_that_you_could_meet_and_an_introduction_to_make_come_once_two_days_after_they_are_known() {
    let test = "a_need_that_you_could_meet_and_an_introduction_to_make_come_once";
    if !Path::new(LIBRARY).exists() && skip_without(test, &["faketime"]) {
        return;
    }
    let mut home = Home::new().unwrap();
    home.configure(CONFIG).unwrap();
    let notes = home.path("notes");
    hook(&home, "notes", &format!("cat >> {notes:?}; echo >> {notes:?}"));
    let daemon = at(&mut home, "2026-11-23T12:00:00Z");
    for name in ["Ana", "Bob", "Cleo"] {
        home.run("kith", &["add", name, "--email", &format!("{}@example.com", name.to_lowercase())]).unwrap();
    }
    home.run("kith", &["need", "ana", "Rust mentor"]).unwrap();
    home.run("kith", &["need", "cleo", "flat in Porto"]).unwrap();
    home.run("kith", &["offer", "bob", "mentors in Rust"]).unwrap();
    home.run("kith", &["offer", "me", "a flat in Porto"]).unwrap();
    let plan = home.json(&["plan", "--days", "30"]).unwrap();
    let coming: Vec<_> = plan.iter().map(|item| (&item["name"], &item["kind"], item["at"].as_str().unwrap())).collect();
    let morning = "2026-11-25T08:00:00Z";
    assert_eq!(coming, [(&"Cleo".into(), &"need".into(), morning), (&"Ana".into(), &"suggestion".into(), morning)]);
    assert_eq!(plan[1]["next_step"], "Ask Ana first whether meeting Bob would help.");
    let why = home.run("kith", &["why", "ana", "--reminder"]).unwrap();
    assert!(why.contains("is told from Wednesday, 25 November 2026 on."), "{why}");
    stop(daemon);

    let daemon = at(&mut home, "2026-11-25T07:59:56Z");
    let both = || Some(told(&home)).filter(|told| told.len() == 2);
    let both = wait_until("the reminders", LIMIT, both).unwrap();
    let mut says: Vec<&str> = both.iter().filter_map(|told| told["reasons"][0].as_str()).collect();
    says.sort_unstable();
    let ana = "Ana looks for: Rust mentor. Bob offers: mentors in Rust. As far as kith knows they have not met.";
    assert_eq!(says, [ana, "Cleo looks for: flat in Porto; you offer \"a flat in Porto\"."]);
    let today = || home.json(&["today"]).unwrap().iter().map(|word| word["kind"].clone()).collect::<Vec<_>>();
    assert_eq!(today(), ["need", "suggestion"]);
    home.run("kith", &["intro", "set", "ana", "bob", "asked-a"]).unwrap();
    assert_eq!(today(), ["need"], "it is begun");
    let need = home.json(&["need"]).unwrap().into_iter().find(|need| need["name"] == "Cleo").unwrap();
    home.run("kith", &["close", need["fact"].as_str().unwrap()]).unwrap();
    assert_eq!(today(), [""; 0], "it is met");
    home.run("kith", &["need", "cleo", "flat in Porto"]).unwrap();
    stop(daemon);

    let daemon = at(&mut home, "2026-11-28T12:00:00Z");
    let coming = home.json(&["plan", "--days", "3"]).unwrap();
    assert_eq!(coming.len(), 0, "who was named rests for a week: {coming:?}");
    let coming = home.json(&["plan", "--days", "30"]).unwrap();
    let coming: Vec<_> = coming.iter().map(|item| (&item["name"], &item["kind"])).collect();
    assert_eq!(coming, [(&"Ana".into(), &"introduction".into()), (&"Cleo".into(), &"need".into())], "she asked anew");
    stop(daemon);
}

#[test]
fn whoever_is_forgotten_is_named_in_no_reminder_of_another_any_more() {
    let test = "whoever_is_forgotten_is_named_in_no_reminder_of_another_any_more";
    if !Path::new(LIBRARY).exists() && skip_without(test, &["faketime"]) {
        return;
    }
    let mut home = Home::new().unwrap();
    home.configure(CONFIG).unwrap();
    let daemon = at(&mut home, "2026-11-23T12:00:00Z");
    for name in ["Ana", "Bob Berg", "Cleo"] {
        let email = format!("{}@example.com", name.replace(' ', ".").to_lowercase());
        home.run("kith", &["add", name, "--email", &email]).unwrap();
    }
    home.run("kith", &["need", "ana", "Rust mentor"]).unwrap();
    home.run("kith", &["need", "cleo", "Rust mentor"]).unwrap();
    home.run("kith", &["offer", "bob", "mentors in Rust"]).unwrap();
    home.run("kith", &["need", "ana", "flat in Porto"]).unwrap();
    home.run("kith", &["offer", "me", "a flat in Porto"]).unwrap();
    stop(daemon);

    let daemon = at(&mut home, "2026-11-25T07:59:56Z");
    let today = || home.json(&["today"]).unwrap();
    wait_until("the reminders", LIMIT, || (today().len() == 2).then_some(())).unwrap();
    let ledger = || {
        let files = files(&home.path("data/kith/ledger"));
        files.iter().any(|file| String::from_utf8_lossy(&fs::read(file).unwrap()).contains("Bob"))
    };
    assert!(ledger() && format!("{:?}", today()).contains("Bob Berg"));
    home.run("kith", &["forget", "bob", "--yes"]).unwrap();
    let left = today();
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0]["reasons"].as_array().unwrap().len(), 1, "{left:?}");
    assert_eq!(left[0]["next_step"], "Say what you could do, and ask what would help most.");
    assert!(!ledger(), "no line of the ledger names him");
    stop(daemon);
}
