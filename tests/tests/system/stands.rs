//! What a reminder says by now: what is settled is gone from it, what is new is told, and what stays open is named.

use std::fs;

use jiff::{Timestamp, ToSpan as _};
use kith_tests::{Home, wait_until};
use serde_json::Value;

use crate::scene::LIMIT;

const OFTEN: &str = "[[schedule]]\nname = \"often\"\ncron = \"* * * * * *\"\n";

fn now(home: &Home) -> Timestamp {
    home.json(&["status"]).unwrap()[0]["now"].as_str().unwrap().parse().unwrap()
}

#[test]
fn what_is_settled_goes_from_an_open_reminder_and_the_rest_stays_with_its_own_step() {
    let home = Home::new().unwrap();
    home.configure(OFTEN).unwrap();
    let daemon = home.start().unwrap();
    home.run("kith", &["add", "Ana Silva", "--email", "ana@example.com"]).unwrap();
    home.run("kith", &["pause", "until", "in 3 days"]).unwrap();
    home.run("kith", &["set", "ana", "birthday", &now(&home).strftime("%m-%d").to_string()]).unwrap();
    home.run("kith", &["log", "promised Ana to send the draft by today"]).unwrap();
    home.run("kith", &["promise", "ana", "a call", "--by", "today"]).unwrap();
    home.run("kith", &["pause", "off"]).unwrap();
    let ana = || home.json(&["today"]).unwrap().into_iter().find(|word| word["name"] == "Ana Silva");
    wait_until("the reminder", LIMIT, ana).unwrap();
    let says = |text: &str| ana().is_some_and(|word| word["reasons"].to_string().contains(text));
    assert!(says("send the draft") && says("a call") && says("birthday"), "{:?}", ana());
    let close = |text: &str| {
        let promises = home.json(&["promise"]).unwrap();
        let promise = promises.iter().find(|promise| promise["text"] == text).unwrap();
        home.run("kith", &["close", promise["fact"].as_str().unwrap()]).unwrap();
    };
    close("send the draft");
    assert!(!says("send the draft") && says("a call"), "{:?}", ana());
    assert_eq!(ana().unwrap()["next_step"], "Do it now, or say when it will be.");
    close("a call");
    assert!(!says("a call") && says("birthday"), "{:?}", ana());
    assert_eq!(ana().unwrap()["next_step"], "Send a few words for the day.");
    drop(daemon);
    let _daemon = home.start().unwrap();
    assert_eq!(ana().unwrap()["next_step"], "Send a few words for the day.", "after a restart, too");
}

#[test]
fn done_says_what_is_still_owed() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    home.run("kith", &["add", "Ana Silva", "--email", "ana@example.com"]).unwrap();
    assert!(!home.run("kith", &["done", "ana"]).unwrap().contains("promised"));
    home.run("kith", &["promise", "ana", "the slides", "--by", "today"]).unwrap();
    let promise = home.json(&["promise"]).unwrap().remove(0);
    let done = home.run("kith", &["done", "ana"]).unwrap();
    let owed = format!("\"the slides\" (kith close {})", promise["fact"].as_str().unwrap());
    assert!(done.contains(&owed), "{done}");
}

/// Writes connections of LinkedIn: Ana and Bo, of whom the newest connected so many days ago.
fn connections(home: &Home, days_ago: i64, ana: &str, bo: &str) -> String {
    let connected = now(home).checked_sub((24 * days_ago).hours()).unwrap().strftime("%d %b %Y");
    let header = "First Name,Last Name,URL,Email Address,Company,Position,Connected On";
    let row = |name: &str, work: &str| {
        let profile = name.to_lowercase().replace(',', "-");
        format!("{name},https://www.linkedin.com/in/{profile},,{work},{connected}")
    };
    let text = format!("{header}\n{}\n{}\n", row("Ana,Silva", ana), row("Bo,Ek", bo));
    let folder = home.path(&format!("export{days_ago}"));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("Connections.csv"), text).unwrap();
    folder.to_string_lossy().into_owned()
}

#[test]
fn a_job_is_news_from_the_import_on_and_nobody_is_congratulated_on_having_lost_one() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    home.run("kith", &["import", &connections(&home, 90, "Reef Ltd,Engineer", "Quay,Pilot")]).unwrap();
    for name in ["ana", "bo"] {
        home.run("kith", &["circle", "set", name, "friends"]).unwrap();
        home.run("kith", &["log", name, "call"]).unwrap();
    }
    home.run("kith", &["import", &connections(&home, 40, "Acme,CTO", "Quay,Seeking new opportunities")]).unwrap();
    let plan = home.json(&["plan"]).unwrap();
    let step = |name: &str| {
        let news = plan.iter().find(|item| item["name"] == name && item["kind"] == "news");
        news.unwrap_or_else(|| panic!("{plan:?}"))["next_step"].as_str().unwrap().to_owned()
    };
    assert_eq!(step("Ana Silva"), "Send congratulations, and ask how it is going.");
    assert_eq!(step("Bo Ek"), "Ask how they are, and how you could help.");
}

#[test]
fn whom_the_owner_met_at_an_event_counts_as_met_once_the_event_has_a_day() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    home.run("kith", &["add", "Ana Silva", "--email", "ana@example.com"]).unwrap();
    let kept = home.run("kith", &["event", "BarConf", "--met", "ana"]).unwrap();
    assert!(kept.contains("once it has a day: kith event \"BarConf\" --on DAY"), "{kept}");
    let event = home.run("kith", &["event", "BarConf"]).unwrap();
    assert!(event.contains("Ana Silva") && !event.contains("not in touch yet"), "{event}");
    let met = || home.json(&["show", "ana"]).unwrap().remove(0)["interactions"].as_array().unwrap().clone();
    assert_eq!(met(), Vec::<Value>::new());
    let on = now(&home).checked_sub(72.hours()).unwrap().strftime("%F").to_string();
    home.run("kith", &["event", "BarConf", "--on", &on]).unwrap();
    assert_eq!(met().len(), 1, "{:?}", met());
    assert!(met()[0]["at"].as_str().unwrap().starts_with(&on), "{:?}", met());
    home.run("kith", &["event", "BarConf", "--on", &on]).unwrap();
    assert_eq!(met().len(), 1, "once");
}
