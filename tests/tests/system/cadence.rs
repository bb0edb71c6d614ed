//! Cadences: with their bounds in the config, and of somebody's own.

use jiff::ToSpan as _;
use jiff::civil::Date;
use kith_tests::{Home, wait_until};
use rustix::process::Signal;
use serde_json::Value;

use crate::giving2::home_with;
use crate::scene::LIMIT;

fn show(home: &Home, name: &str) -> Value {
    home.json(&["show", name]).unwrap().remove(0)
}

fn today(home: &Home) -> Date {
    home.json(&["status"]).unwrap()[0]["now"].as_str().unwrap().get(..10).unwrap().parse().unwrap()
}

/// On which day the plans of the next days name each person first, by name.
fn named(home: &Home, days: &str) -> Vec<(String, Date)> {
    let plan = home.json(&["plan", "--days", days]).unwrap();
    let of = |item: &Value| {
        let on = item["at"].as_str().unwrap().get(..10).unwrap().parse().unwrap();
        (item["name"].as_str().unwrap().to_owned(), on)
    };
    plan.iter().map(of).collect()
}

#[test]
fn a_cadence_of_somebodys_own_counts_before_the_circles_and_is_taken_back() {
    let (home, _daemon) = home_with(&["Ana Silva", "Bob Berg"]);
    let due = |name: &str| show(&home, name)["next_due"].clone();
    home.run("kith", &["circle", "set", "ana", "friends"]).unwrap();
    let by_circle = due("ana");
    assert_eq!((due("bob"), named(&home, "30")), (Value::Null, Vec::new()));
    let on = |days: i64| today(&home).saturating_add(days.days()).to_string();
    let set = home.run("kith", &["set", "ana", "cadence", "2 weeks"]).unwrap();
    assert!(set.contains("you want to talk every 2 weeks; due on "), "{set}");
    home.run("kith", &["set", "bob", "cadence", "every 3 weeks (2 weeks to 2 months)"]).unwrap();
    assert_eq!((due("ana"), due("bob")), (on(14).into(), on(21).into()));
    let plan: Vec<String> = named(&home, "30").into_iter().map(|(name, on)| format!("{name} {on}")).collect();
    assert_eq!(plan, [format!("Ana Silva {}", on(14)), format!("Bob Berg {}", on(21))]);
    let why = |name: &str| home.run("kith", &["why", name, "--reminder"]).unwrap();
    assert!(why("ana").contains("You want to talk to them every 2 weeks; kith knows of no contact"), "{}", why("ana"));
    assert!(why("bob").contains(" on it may come before, where more people fall due"), "{}", why("bob"));
    assert_eq!(show(&home, "bob")["cadence"], "3 weeks (2 weeks to 2 months)");
    assert!(home.run("kith", &["show", "ana"]).unwrap().contains("cadence       every 2 weeks, by your word"));
    let moved = home.run("kith", &["circle", "set", "ana", "in touch"]).unwrap();
    assert!(moved.contains("in the circle in touch; their own cadence counts, every 2 weeks"), "{moved}");
    home.run("kith", &["circle", "set", "ana", "friends"]).unwrap();
    let skipped = home.run("kith", &["skip", "ana"]).unwrap();
    let again = today(&home).saturating_add(14.days()).strftime("%A, %-d %B %Y");
    assert!(skipped.contains(&format!("the next time is {again}")), "{skipped}");
    let words = home.json(&["words"]).unwrap();
    let said = words.iter().find(|word| word["text"] == "cadence: 2 weeks").unwrap();
    home.run("kith", &["undo", said["fact"].as_str().unwrap()]).unwrap();
    assert_eq!(due("ana"), by_circle);
    let off = home.run("kith", &["set", "bob", "cadence", "off"]).unwrap();
    assert!(off.contains("no cadence of their own any more") && !off.contains("due"), "{off}");
    assert_eq!((due("bob"), &show(&home, "bob")["cadence"]), (Value::Null, &Value::Null));
    assert!(home.run("kith", &["set", "bob", "cadence"]).unwrap().contains("there is no cadence of their own"));
    for (wrong, told) in [
        ("often", "write a number of days, weeks, months or years"),
        ("3 weeks (a while)", "write the shortest and the longest time in brackets"),
        ("3 weeks (4 weeks to 2 months)", "in brackets a time that is not longer, and one that is not shorter"),
    ] {
        let error = home.run("kith", &["set", "bob", "cadence", wrong]).unwrap_err().to_string();
        assert!(error.contains(&format!("set cadence to {wrong:?}")) && error.contains(told), "{error}");
    }
}

#[test]
fn twelve_who_fall_due_on_one_day_come_on_the_days_before_it_where_the_config_allows_it() {
    let names: Vec<String> = ('A'..='L').map(|letter| format!("{letter}my Example")).collect();
    let (home, daemon) = home_with(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for name in &names {
        home.run("kith", &["circle", "set", name, "close"]).unwrap();
    }
    let days = |plan: Vec<(String, Date)>| {
        let first = today(&home);
        plan.iter().map(|(_, on)| first.until(*on).unwrap().get_days()).collect::<Vec<_>>()
    };
    assert_eq!(days(named(&home, "24")), [21, 21, 21, 22, 22, 22, 23, 23, 23, 24, 24, 24], "by a cadence alone");
    home.configure("[[circle]]\nname = \"close\"\ncadence = \"3 weeks (2 weeks to 6 weeks)\"\n").unwrap();
    daemon.signal(Signal::HUP).unwrap();
    let spread = || {
        let days = days(named(&home, "24"));
        (days == [18, 18, 18, 19, 19, 19, 20, 20, 20, 21, 21, 21]).then_some(())
    };
    wait_until("the new config", LIMIT, spread).unwrap();
    let reason = home.json(&["plan", "--days", "18"]).unwrap().remove(0)["reasons"][0].take();
    assert!(
        reason.as_str().unwrap().ends_with("you want to talk every 3 weeks, and there is more room today than then.")
    );
    let circles = home.run("kith", &["circle"]).unwrap();
    assert!(circles.starts_with("close (every 3 weeks, 2 weeks to 6 weeks)"), "{circles}");
}
