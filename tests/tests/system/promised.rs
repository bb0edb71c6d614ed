//! Promises in mail that the user sent: read only when they say so, proposed and never assumed.

use std::fs;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use kith_tests::fixtures::OWNER;
use kith_tests::{Daemon, Home, wait_until};
use rustix::process::Signal;
use serde_json::Value;

use crate::scene::{LIMIT, files};

const SENTENCE: &str = "I'll send you the draft tomorrow.";

/// Puts a mail of today into the folder of sent mail.
fn put(home: &Home, name: &str, to: &str, text: &str, at: Timestamp) {
    for part in ["cur", "new", "tmp"] {
        fs::create_dir_all(home.path("Mail/.Sent").join(part)).unwrap();
    }
    let date = at.to_zoned(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
    let from = OWNER.email;
    let mail = format!(
        "From: Sam <{from}>\r\nTo: {to}\r\nDate: {date}\r\nMessage-ID: <{name}@example.com>\r\nSubject: Draft\r\n\r\n{text}\r\n"
    );
    fs::write(home.path("Mail/.Sent/cur").join(format!("{name}:2,S")), mail).unwrap();
}

fn configure(home: &Home, mail: &str) {
    let watch = format!("[[watch]]\npath = \"{}\"\nlayout = \"maildir\"\n", home.path("Mail").display());
    home.configure(&format!("{mail}\n{watch}")).unwrap();
}

fn now(home: &Home) -> Timestamp {
    home.json(&["status"]).unwrap()[0]["now"].as_str().unwrap().parse().unwrap()
}

fn wait_for_mail(home: &Home, count: u64) {
    wait_until("the mail", LIMIT, || {
        let status = home.json(&["status"]).ok()?;
        let status = status.first()?;
        (status["interactions"].as_u64()? >= count && status["importing"].is_null()).then_some(())
    })
    .unwrap();
}

fn promises(home: &Home) -> Vec<Value> {
    home.json(&["promise"]).unwrap()
}

fn wait_for_proposal(home: &Home) -> Value {
    let proposed = || promises(home).into_iter().find(|promise| promise["proposed"] == true);
    wait_until("a proposal", LIMIT, proposed).unwrap()
}

/// Returns all that the ledger and the rest of kith's folders hold, as far as it is text.
fn kept(home: &Home) -> String {
    let folders = ["data", "state"].map(|folder| files(&home.path(folder)));
    folders.iter().flatten().map(|file| String::from_utf8_lossy(&fs::read(file).unwrap()).into_owned()).collect()
}

/// A home with a mail to Ana that promises something, and one to Bo that does not; the switch is off.
fn home_with_mail() -> (Home, Daemon) {
    let home = Home::new().unwrap();
    let daemon = home.start().unwrap();
    let at = now(&home);
    put(&home, "one", "Ana Silva <ana@example.com>", &format!("Hi Ana,\r\n\r\n{SENTENCE}\r\n-- \r\nSam"), at);
    put(&home, "two", "Bo Berg <bo@example.com>", "I was ill, secretly.", at);
    drop(daemon);
    configure(&home, "");
    let daemon = home.start().unwrap();
    wait_for_mail(&home, 2);
    (home, daemon)
}

#[test]
fn a_promise_in_sent_mail_is_read_when_the_switch_is_on_and_counts_when_it_is_confirmed() {
    let (home, daemon) = home_with_mail();
    assert_eq!(promises(&home), Vec::<Value>::new());
    assert!(!kept(&home).contains("draft tomorrow"), "no text is read while it is off");
    configure(&home, "[mail]\npromises = true\n");
    daemon.signal(Signal::HUP).unwrap();
    let proposed = wait_for_proposal(&home);
    assert_eq!((&proposed["name"], &proposed["text"]), (&"Ana Silva".into(), &SENTENCE.into()));
    assert_eq!(proposed["kind"], "promise");
    assert!(!kept(&home).contains("secretly"), "what promises nothing is not kept");
    let of_promise = |plan: Vec<Value>| plan.into_iter().find(|reminder| reminder["kind"] == "promise");
    let plan = || of_promise(home.json(&["plan", "--days", "9"]).unwrap());
    assert_eq!(plan(), None, "proposed is not promised");
    let id = proposed["fact"].as_str().unwrap();
    let listed = home.run("kith", &["promise"]).unwrap();
    assert!(listed.contains("Read in your mail") && listed.contains(id), "{listed}");
    let waits = || home.run("kith", &["today"]).unwrap().contains("1 promise read in your mail (kith promise)");
    assert!(waits());
    home.run("kith", &["confirm", id]).unwrap();
    assert!(!waits());
    let promised = promises(&home);
    assert_eq!((promised.len(), &promised[0]["proposed"]), (1, &false.into()));
    assert_eq!(promised[0]["due"], proposed["due"]);
    let reason = plan().unwrap()["reasons"][0].as_str().unwrap().to_owned();
    assert!(reason.starts_with("You promised Ana: \"I'll send you the draft tomorrow\"."), "{reason}");
    // The same mail again makes no second.
    home.run("kith", &["import", home.path("Mail/.Sent").to_str().unwrap()]).unwrap();
    assert_eq!(promises(&home), promised);
    drop(daemon);
    let _daemon = home.start().unwrap();
    assert_eq!(promises(&home), promised);
}

#[test]
fn what_is_dropped_does_not_come_back_and_switched_off_nothing_is_proposed() {
    let (home, daemon) = home_with_mail();
    let at = now(&home);
    put(&home, "three", "Bo Berg <bo@example.com>", "Ich schicke dir den Entwurf morgen.", at);
    configure(&home, "[mail]\npromises = true\n");
    daemon.signal(Signal::HUP).unwrap();
    wait_until("two proposals", LIMIT, || (promises(&home).len() == 2).then_some(())).unwrap();
    let to_ana = promises(&home).into_iter().find(|promise| promise["name"] == "Ana Silva").unwrap();
    home.run("kith", &["close", to_ana["fact"].as_str().unwrap()]).unwrap();
    let left = promises(&home);
    assert_eq!((left.len(), &left[0]["name"]), (1, &"Bo Berg".into()));
    home.run("kith", &["import", home.path("Mail/.Sent").to_str().unwrap()]).unwrap();
    assert_eq!(promises(&home), left);
    let imports = home.json(&["undo", "--list"]).unwrap();
    let ids: Vec<&str> = imports.iter().map(|import| import["import"].as_str().unwrap()).collect();
    home.run("kith", &[&["undo"], ids.as_slice()].concat()).unwrap();
    assert_eq!(promises(&home), Vec::<Value>::new(), "without the mail there is no proposal");
    home.run("kith", &["import", home.path("Mail/.Sent").to_str().unwrap()]).unwrap();
    assert_eq!(promises(&home), left);
    configure(&home, "");
    daemon.signal(Signal::HUP).unwrap();
    wait_until("nothing", LIMIT, || promises(&home).is_empty().then_some(())).unwrap();
}

#[test]
fn a_proposal_is_forgotten_with_its_person() {
    let (home, daemon) = home_with_mail();
    configure(&home, "[mail]\npromises = true\n");
    daemon.signal(Signal::HUP).unwrap();
    wait_for_proposal(&home);
    home.run("kith", &["forget", "--yes", "ana@example.com"]).unwrap();
    assert_eq!(promises(&home), Vec::<Value>::new());
    assert!(!kept(&home).contains("draft tomorrow"), "the sentence is gone from what is kept");
}
