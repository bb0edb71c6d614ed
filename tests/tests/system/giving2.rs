//! Companies, events, why a reminder did not come, and putting somebody off.

use jiff::ToSpan as _;
use jiff::civil::Date;
use kith_tests::fixtures::OWNER;
use kith_tests::{Daemon, Home, wait_until};
use serde_json::Value;

use crate::scene::LIMIT;

/// A home with a few people, none of whom a file tells of.
pub(crate) fn home_with(names: &[&str]) -> (Home, Daemon) {
    let home = Home::new().unwrap();
    let daemon = home.start().unwrap();
    for name in names {
        let email = format!("{}@example.com", name.replace(' ', ".").to_lowercase());
        home.run("kith", &["add", name, "--email", &email]).unwrap();
    }
    (home, daemon)
}

#[test]
fn a_company_shows_who_is_there_who_was_and_whom_to_ask() {
    let (home, _daemon) = home_with(&["Ana Silva", "Bob Berg", "Cleo Costa", "Dan Dorn"]);
    home.run("kith", &["set", "ana", "organization", "Example Works GmbH"]).unwrap();
    home.run("kith", &["set", "ana", "title", "CEO"]).unwrap();
    home.run("kith", &["add", "Eva Ek", "--organization", "Example Works", "--title", "CTO"]).unwrap();
    home.run("kith", &["set", "Eva Ek", "organization", "Other House"]).unwrap();
    let owner = OWNER.email;
    let mail = format!(
        "From: <{owner}>\r\nTo: Ana <ana.silva@example.com>, Bob <bob.berg@example.com>\r\n\
        Date: Mon, 02 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@mail.example>\r\nSubject: Together\r\n\r\nHello.\r\n"
    );
    std::fs::write(home.path("together.eml"), mail).unwrap();
    home.run("kith", &["import", home.path("together.eml").to_str().unwrap()]).unwrap();
    home.run("kith", &["circle", "set", "bob", "friends"]).unwrap();
    home.run("kith", &["need", "bob", "Rust mentor"]).unwrap();
    let company = home.json(&["company", "example", "works"]).unwrap().remove(0);
    let people = company["people"].as_array().unwrap().iter().map(|p| [&p["name"], &p["title"], &p["now"]]);
    let [ana, eva]: [[Value; 3]; 2] = [["Ana Silva", "CEO"], ["Eva Ek", "CTO"]]
        .map(|[name, title]| [name.into(), title.into(), (name == "Ana Silva").into()]);
    assert_eq!(people.collect::<Vec<_>>(), [ana.each_ref(), eva.each_ref()]);
    assert_eq!(
        (&company["know"][0]["name"], &company["know"][0]["knows"][0]),
        (&"Bob Berg".into(), &"Ana Silva".into())
    );
    let ask = company["ask"].as_array().unwrap();
    assert_eq!(ask.len(), 1, "nobody in no circle is asked: {company}");
    assert_eq!(ask[0]["first"], "They look for: Rust mentor. Help with that first, if you can.");
    home.run("kith", &["circle", "set", "cleo", "friends"]).unwrap();
    home.run("kith", &["intro", "set", "cleo", "ana", "made"]).unwrap();
    let company = home.json(&["company", "example", "works"]).unwrap().remove(0);
    let know: Vec<_> = company["know"].as_array().unwrap().iter().map(|knows| &knows["name"]).collect();
    assert_eq!(know, ["Bob Berg", "Cleo Costa"]);
    assert_eq!(company["ask"].as_array().unwrap().len(), 1, "whom you introduced is not asked for a way: {company}");
    home.run("kith", &["intro", "set", "cleo", "ana", "declined"]).unwrap();
    let part = home.json(&["company", "works"]).unwrap().remove(0);
    assert_eq!((&part["name"], &part["people"]), (&"Example Works".into(), &company["people"]), "{part}");
    home.run("kith", &["add", "Fay Fox", "--organization", "Wire Works"]).unwrap();
    let several = home.run("kith", &["company", "works"]).unwrap();
    assert!(several.contains("did you mean: Example Works; Wire Works"), "{several}");
    home.run("kith", &["need", "fay", "a studio"]).unwrap();
    let ask = home.json(&["company", "wire", "works"]).unwrap().remove(0)["ask"].take();
    assert_eq!(ask[0]["first"], "They look for: a studio. Help with that first, if you can.");
    let cared = home.run("kith", &["company", "wire", "--care"]).unwrap();
    assert!(cared.starts_with("Wire Works: you care about it"), "{cared}");
    let other = home.run("kith", &["company", "Wire House", "--no-care"]).unwrap();
    assert!(other.starts_with("Wire House is none of those you care about"), "{other}");
    home.run("kith", &["company", "wire", "--no-care"]).unwrap();
    assert_eq!(home.json(&["company"]).unwrap(), Vec::<Value>::new());
    home.run("kith", &["company", "EXAMPLE WORKS", "--care"]).unwrap();
    let list = home.json(&["company"]).unwrap();
    let counts = ["now", "before", "know", "ask"].map(|key| list[0][key].as_u64().unwrap());
    assert_eq!((&list[0]["name"], counts), (&"EXAMPLE WORKS".into(), [1, 1, 1, 1]));
    home.run("kith", &["company", "Example Works GmbH", "--no-care"]).unwrap();
    assert_eq!(home.json(&["company"]).unwrap(), Vec::<Value>::new());
}

#[test]
fn an_event_has_a_brief_before_and_asks_once_whom_one_met() {
    let (home, daemon) = home_with(&["Ana Silva", "Bob Berg"]);
    home.run("kith", &["need", "ana", "Rust mentor"]).unwrap();
    home.run("kith", &["log", "coffee with Ana today; looks for a flat"]).unwrap();
    home.run("kith", &["need", "ana", "rust  mentor"]).unwrap();
    home.run("kith", &["event", "RustConf", "--want", "ana"]).unwrap();
    let event = home.json(&["event", "rustconf"]).unwrap().remove(0);
    assert_eq!((&event["name"], &event["wanted"][0]["name"]), (&"RustConf".into(), &"Ana Silva".into()));
    assert_eq!(event["wanted"][0]["brief"][0], "Looks for: Rust mentor.");
    assert!(!event.to_string().contains("flat"), "what nobody confirmed is not told as so: {event}");
    let told = home.run("kith", &["log", "call with Ana today; looks for a RUST mentor; looks for a flat"]).unwrap();
    assert!(
        told.contains("looks for: RUST mentor  (so it stands") && told.contains("seems to look for: flat"),
        "{told}"
    );
    assert_eq!(home.json(&["need"]).unwrap().len(), 2, "what is said again stands once");
    assert!(home.run("kith", &["event", "Another"]).unwrap_err().to_string().contains("find an event"));
    let now = home.json(&["status"]).unwrap()[0]["now"].as_str().unwrap().get(..10).unwrap().to_owned();
    let ahead = now.parse::<Date>().unwrap().checked_add(11.days()).unwrap();
    home.run("kith", &["event", "RustConf", "--on", &ahead.to_string()]).unwrap();
    let early = home.run("kith", &["event", "RustConf", "--met", "bob"]).unwrap_err().to_string();
    assert!(early.contains("keep whom you met at RustConf: it is in 1") && early.contains("--want NAME"), "{early}");
    let before = now.parse::<Date>().unwrap().checked_sub(2.days()).unwrap();
    home.run("kith", &["event", "RustConf", "--on", &before.to_string()]).unwrap();
    let words = || {
        let today = home.json(&["today"]).unwrap();
        today.into_iter().filter(|word| word["person"].is_null()).collect::<Vec<Value>>()
    };
    let word = wait_until("the word about the event", LIMIT, || words().pop()).unwrap();
    assert_eq!(word["reasons"][0], "RustConf is over: whom did you meet, and what did they look for?");
    drop(daemon);
    let _daemon = home.start().unwrap();
    assert_eq!(words().len(), 1, "it comes once");
    home.run("kith", &["event", "rustconf", "--met", "bob", "--met", "ana"]).unwrap();
    assert_eq!(words(), Vec::<Value>::new(), "it is answered, however the name is typed");
    drop(_daemon);
    let _daemon = home.start().unwrap();
    assert_eq!(words(), Vec::<Value>::new(), "and asks no second time");
    let event = home.json(&["event"]).unwrap().remove(0);
    assert_eq!((event["wanted"].as_array().unwrap().len(), event["met"].as_array().unwrap().len()), (0, 2));
    let bob = home.json(&["show", "bob"]).unwrap().remove(0);
    assert_eq!(bob["last_interaction"].as_str().unwrap().get(..10), Some(before.to_string().as_str()), "{bob}");
    assert!(event["met"].to_string().contains("You were last in touch on "), "{event}");
}

#[test]
fn why_a_reminder_comes_or_not_is_told() {
    let (home, _daemon) = home_with(&["Ana Silva", "Bob Berg"]);
    let why = |who: &str| home.json(&["why", who, "--reminder"]).unwrap().remove(0);
    let says = |who: &str, words: &str| {
        let answer = why(who);
        let sentences = answer["why"].as_array().unwrap();
        assert!(sentences.iter().any(|sentence| sentence.as_str().unwrap().contains(words)), "{words}: {answer}");
    };
    says("bob", "They are in no circle");
    assert_eq!(why("bob")["next"], Value::Null);
    home.run("kith", &["circle", "set", "ana", "close"]).unwrap();
    home.run("kith", &["log", "ana"]).unwrap();
    says("ana", "is not due until");
    assert_eq!((&why("ana")["next"]["kind"], &why("ana")["next"]["name"]), (&"cadence".into(), &"Ana Silva".into()));
    home.run("kith", &["promise", "ana", "send", "the", "draft", "--by", "today"]).unwrap();
    says("ana", "To be told: You promised Ana: \"send the draft\".");
    home.run("kith", &["mute", "ana"]).unwrap();
    says("ana", "switched off");
    assert_eq!(why("ana")["next"], Value::Null);
    home.run("kith", &["pause", "until", "monday"]).unwrap();
    home.run("kith", &["season", "rest"]).unwrap();
    says("ana", "All reminders are paused until Monday");
    let status = home.json(&["status"]).unwrap().remove(0);
    let [until, next] = ["paused_until", "next_plan"].map(|key| status[key].as_str().unwrap().to_owned());
    assert!(next > until, "the next plan within a pause names nobody: {status}");
    let status = home.run("kith", &["status"]).unwrap();
    assert!(
        status.contains("  paused    no reminders until Monday, ") && status.contains("kith pause off"),
        "{status}"
    );
    says("ana", "It is a rest");
    let mail = format!(
        "From: Bob <bob.berg@example.com>\r\nTo: <{}>\r\nDate: Thu, 02 Jan 2020 10:00:00 +0000\r\n\
        Message-ID: <old@mail.example>\r\nSubject: Seeds\r\n\r\nHello.\r\n",
        OWNER.email
    );
    std::fs::write(home.path("old.eml"), mail).unwrap();
    home.run("kith", &["import", home.path("old.eml").to_str().unwrap()]).unwrap();
    says(
        "bob",
        "A message of theirs of Thursday, 2 January 2020 waits for your answer; after 60 days no reminder tells of it",
    );
    let told = home.run("kith", &["why", "ana", "--reminder"]).unwrap();
    assert!(told.ends_with("No reminder of them within three months, as things stand.\n"), "{told}");
    let doctor = home.json(&["doctor"]).unwrap();
    let finds = |words: &str| doctor.iter().any(|finding| finding["text"].as_str().unwrap().contains(words));
    assert!(finds("all reminders are paused until Monday") && finds("it is a rest"), "{doctor:?}");
}

#[test]
fn a_person_shows_what_is_open_what_was_given_and_what_to_ask() {
    let (home, _daemon) = home_with(&["Ana Silva", "Bob Berg"]);
    home.run("kith", &["circle", "set", "bob", "friends"]).unwrap();
    home.run("kith", &["need", "ana", "Rust mentor"]).unwrap();
    home.run("kith", &["promise", "bob", "send", "the", "draft"]).unwrap();
    let bob = home.json(&["show", "bob"]).unwrap().remove(0);
    assert_eq!((&bob["wishes"][0]["kind"], &bob["wishes"][0]["text"]), (&"promise".into(), &"send the draft".into()));
    home.run("kith", &["close", bob["wishes"][0]["fact"].as_str().unwrap()]).unwrap();
    home.run("kith", &["intro", "set", "ana", "bob", "made"]).unwrap();
    let shown = home.run("kith", &["show", "bob"]).unwrap();
    assert!(shown.contains("You gave: 1 introduction, 1 kept promise; you received: nothing yet."), "{shown}");
    let ana = home.json(&["show", "ana"]).unwrap().remove(0);
    assert_eq!(ana["questions"][0], "How did it go with what Ana looks for: Rust mentor?");
    assert_eq!(ana["questions"][2], "When is Ana's birthday?");
    let giving = home.json(&["giving"]).unwrap().remove(0);
    assert_eq!((&giving["given"]["introductions"], &giving["given"]["promises"]), (&1.into(), &1.into()));
    assert_eq!(giving["may_ask"][0]["name"], "Bob Berg");
    assert_eq!(giving["may_ask"].as_array().unwrap().len(), 1, "Ana is in no circle: {giving}");
    home.run("kith", &["circle", "set", "ana", "friends"]).unwrap();
    let giving = home.json(&["giving"]).unwrap().remove(0);
    assert_eq!(giving["give_first"][0]["why"], "Looks for: Rust mentor. You introduced them to Bob Berg.");
    home.run("kith", &["set", "ana", "birthday", "04-12"]).unwrap();
    home.run("kith", &["note", "ana", "moves to Graz"]).unwrap();
    assert_eq!(home.json(&["show", "ana"]).unwrap()[0]["questions"].as_array().unwrap().len(), 1);
}

#[test]
fn to_put_somebody_off_says_what_waits_meanwhile_and_buries_no_promise() {
    let (home, _daemon) = home_with(&["Ana Silva"]);
    home.run("kith", &["circle", "set", "ana", "close"]).unwrap();
    home.run("kith", &["promise", "ana", "send", "the", "slides", "--by", "today"]).unwrap();
    let date = |value: &Value| value.as_str().unwrap().parse::<Date>().unwrap();
    let due = date(&home.json(&["promise"]).unwrap()[0]["due"]);
    let again = due.saturating_add(7.days());
    let skipped = home.run("kith", &["skip", "ana"]).unwrap();
    assert!(skipped.contains("skipped this time; the next time is "), "{skipped}");
    let told =
        format!("; told meanwhile: your promise \"send the slides\", again on {}", again.strftime("%A, %-d %B %Y"));
    assert!(skipped.contains(&told), "{skipped}");
    assert!(date(&home.json(&["show", "ana"]).unwrap()[0]["snoozed_until"]) > again, "the cadence runs on");
    let why = home.run("kith", &["why", "ana", "--reminder"]).unwrap();
    assert!(why.contains("You skipped them on "), "{why}");
    assert!(why.contains("It would be told: You promised Ana: \"send the slides\"."), "{why}");
    let coming = home.json(&["plan", "--days", "10"]).unwrap();
    let first = coming.first().unwrap();
    assert_eq!(first["kind"], "promise", "{coming:?}");
    assert!(first["at"].as_str().unwrap().starts_with(&again.to_string()), "{coming:?}");
    let snoozed = home.run("kith", &["snooze", "ana", "--until", "11 December 2099"]).unwrap();
    let waits = "until then kith does not tell of your promise \"send the slides\", due on ";
    assert!(snoozed.contains("not before Friday, 11 December 2099; ") && snoozed.contains(waits), "{snoozed}");
    home.run("kith", &["mute", "ana"]).unwrap();
    let muted = home.run("kith", &["skip", "ana"]).unwrap();
    assert!(!muted.contains("told meanwhile") && muted.contains("; reminders of them are off: "), "{muted}");
    for past in [["snooze", "ana", "--until"], ["promise", "ana", "--by"]] {
        let error = home.run("kith", &[&past[..], &["yesterday"]].concat()).unwrap_err().to_string();
        assert!(!error.contains("as a day") && error.contains("hint: "), "{error}");
    }
}

#[test]
fn to_do_something_one_is_called_by_a_name_and_not_by_a_title() {
    let (home, _daemon) = home_with(&["Mia Torres"]);
    home.run("kith", &["set", "mia", "title", "Design Lead"]).unwrap();
    let error = home.run("kith", &["promise", "Lea", "send the slides"]).unwrap_err().to_string();
    assert!(error.contains("find anybody called \"Lea\": it only stands elsewhere"), "{error}");
    assert!(error.contains("Mia Torres, Design Lead") && error.contains("kith add NAME"), "{error}");
    assert_eq!(home.json(&["promise"]).unwrap(), Vec::<Value>::new());
    let error = home.run("kith", &["log", "promised Lea to send the slides"]).unwrap_err().to_string();
    assert!(error.contains("find a person in"), "{error}");
    assert_eq!(home.json(&["show", "design lead"]).unwrap()[0]["name"], "Mia Torres", "to look, any words will do");
    home.run("kith", &["promise", "mia.torres", "send the slides"]).unwrap();
    home.run("kith", &["promise", "mia design", "send the draft"]).unwrap();
    assert_eq!(home.json(&["promise"]).unwrap().len(), 2);
}
