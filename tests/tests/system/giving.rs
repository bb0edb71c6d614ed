//! Giving: what waits for an answer, what people need and offer, whom to introduce, and how the plan speaks of it.

use std::fs;

use jiff::{Timestamp, ToSpan as _};
use kith_tests::fixtures::{OWNER, threads};
use kith_tests::{Daemon, Home, wait_until};
use serde_json::Value;

use crate::scene::{DAY, LIMIT};

/// How many threads there are.
const THREADS: u64 = 400;

fn home_with_threads(seed: u64) -> (Home, Daemon, std::collections::BTreeSet<String>) {
    let home = Home::new().unwrap();
    let truth = threads::maildir(&home.path("Mail"), THREADS, seed, DAY).unwrap();
    home.configure(&format!("[[watch]]\npath = \"{}\"\nlayout = \"maildir\"\n", home.path("Mail").display())).unwrap();
    let daemon = home.start().unwrap();
    wait_until("the mail", LIMIT, || {
        let status = home.json(&["status"]).ok()?;
        let status = status.first()?;
        let read = status["interactions"].as_u64()? > THREADS && status["importing"].is_null();
        read.then_some(())
    })
    .unwrap();
    (home, daemon, truth)
}

#[test]
fn mail_that_waits_is_found_with_a_precision_of_95_and_a_recall_of_90_percent() {
    for seed in [31, 32] {
        let (home, _daemon, truth) = home_with_threads(seed);
        let found: std::collections::BTreeSet<String> =
            home.json(&["waiting"]).unwrap().iter().map(|thread| thread["key"].as_str().unwrap().to_owned()).collect();
        let right = found.intersection(&truth).count();
        let (precision, recall) = (share(right, found.len()), share(right, truth.len()));
        println!("seed {seed}: precision {precision:.3}, recall {recall:.3}, {} wait", truth.len());
        let (wrong, missed) = (found.difference(&truth).next(), truth.difference(&found).next());
        assert!(precision >= 0.95 && recall >= 0.9, "{precision} {recall}: {wrong:?} {missed:?}");
    }
}

#[test]
fn a_message_that_needs_no_answer_does_not_come_back() {
    let (home, daemon, _) = home_with_threads(33);
    let waiting = home.json(&["waiting"]).unwrap();
    let key = waiting[0]["key"].as_str().unwrap().to_owned();
    let id = waiting[0]["message"].as_str().unwrap().get(..8).unwrap().to_owned();
    assert!(home.run("kith", &["waiting", "--all"]).unwrap().contains(&id));
    home.run("kith", &["waiting", "--not-needed", &id]).unwrap();
    let without = |waiting: Vec<Value>| waiting.iter().all(|thread| thread["key"] != key.as_str());
    assert!(without(home.json(&["waiting"]).unwrap()));
    drop(daemon);
    let _daemon = home.start().unwrap();
    let again = home.json(&["waiting"]).unwrap();
    assert_eq!(again.len(), waiting.len() - 1);
    assert!(without(again));
}

#[test]
fn waiting_lists_whom_one_knows_first_and_only_counts_strangers_who_write_often() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    home.run("kith", &["add", "Ana Silva", "--email", "ana@umbra.example"]).unwrap();
    let mail = |id: &str, from: &str, hour: u8| {
        format!(
            "From - Fri Nov 20 10:00:00 2026\nMessage-ID: <{id}@x>\nDate: Fri, 20 Nov 2026 {hour:02}:00:00 +0000\nFrom: {from}\n\
             To: {}\nSubject: About {id}\n\nText.\n\n",
            OWNER.email
        )
    };
    let feed = "Daily Tides <tides@news.example>";
    let mails = [
        mail("news1", feed, 12),
        mail("news2", feed, 13),
        mail("news3", feed, 14),
        mail("stranger", "Bo Berg <bo@berg.example>", 11),
        mail("friend", "Ana Silva <ana@umbra.example>", 9),
    ];
    fs::write(home.path("mail.mbox"), mails.concat()).unwrap();
    home.run("kith", &["import", home.path("mail.mbox").to_str().unwrap()]).unwrap();
    let shown = home.run("kith", &["waiting"]).unwrap();
    let at = |text: &str, word: &str| text.find(word).unwrap_or_else(|| panic!("no {word}: {text}"));
    assert!(at(&shown, "About friend") < at(&shown, "whom you do not know"), "{shown}");
    assert!(at(&shown, "whom you do not know") < at(&shown, "About stranger"), "{shown}");
    assert!(!shown.contains("Tides") && shown.contains("And 3 more, of one who writes often"), "{shown}");
    let all = home.run("kith", &["waiting", "--all"]).unwrap();
    assert!(at(&all, "About friend") < at(&all, "About news1") && !all.contains("more, of"), "{all}");
    let json = home.json(&["waiting"]).unwrap();
    assert_eq!(json.len(), 5);
    let often = json.iter().filter(|thread| thread["often"] == true).count();
    assert_eq!(often, 3, "{json:?}");
}

#[test]
fn a_need_and_an_offer_make_an_introduction_with_a_life_of_its_own() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    for name in ["Ana Silva", "Bob Berg", "Cleo Costa"] {
        let email = format!("{}@example.com", name.split(' ').next().unwrap().to_lowercase());
        home.run("kith", &["add", name, "--email", &email]).unwrap();
    }
    home.run("kith", &["need", "ana", "Rust mentor"]).unwrap();
    home.run("kith", &["offer", "bob", "mentors in Rust"]).unwrap();
    home.run("kith", &["set", "cleo", "title", "Gardener"]).unwrap();
    let found = home.json(&["intro", "suggest"]).unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&found[0]["need"], &found[0]["offer"]), (&"Rust mentor".into(), &"mentors in Rust".into()));
    let keys: std::collections::BTreeSet<&str> = found[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert!(["a", "b", "need", "offer", "why", "score"].iter().all(|key| keys.contains(key)), "{keys:?}");
    let draft = home.run("kith", &["intro", "draft", "ana", "bob"]).unwrap();
    for text in ["To: ana@example.com, bob@example.com", "Rust mentor", "Bob can help with: mentors in Rust."] {
        assert!(draft.contains(text), "{text}: {draft}");
    }
    assert!(draft.contains("as far as I know you have not met yet"), "{draft}");
    let logged = home.json(&["log", "lunch with Ana and Bob"]).unwrap().remove(0);
    let draft = home.run("kith", &["intro", "draft", "ana", "bob"]).unwrap();
    assert!(draft.contains("you have come across each other before") && !draft.contains("not met"), "{draft}");
    home.run("kith", &["undo", logged["facts"][0].as_str().unwrap()]).unwrap();
    home.run("kith", &["intro", "set", "ana", "bob", "made", "over", "lunch"]).unwrap();
    assert_eq!(home.json(&["intro", "suggest"]).unwrap(), Vec::<Value>::new(), "they know each other");
    let list = home.json(&["intro"]).unwrap();
    assert_eq!((&list[0]["stage"], &list[0]["text"]), (&"made".into(), &"over lunch".into()));
    home.run("kith", &["circle", "set", "ana", "friends"]).unwrap();
    let giving = home.json(&["giving"]).unwrap().remove(0);
    assert_eq!(giving["give_first"][0]["why"], "Looks for: Rust mentor. You introduced them to Bob Berg.", "{giving}");
    home.run("kith", &["intro", "set", "bob", "ana", "thanked"]).unwrap();
    let list = home.json(&["intro"]).unwrap();
    let told: Vec<_> = list.iter().map(|intro| [&intro["a_name"], &intro["b_name"], &intro["stage"]]).collect();
    assert_eq!(told, [[&"Bob Berg".into(), &"Ana Silva".into(), &Value::from("thanked")]], "whoever is named first");
    assert_eq!(list[0]["text"], "over lunch", "what was noted stays");
    let needs = home.json(&["need"]).unwrap();
    home.run("kith", &["close", needs[0]["fact"].as_str().unwrap()]).unwrap();
    assert_eq!(home.json(&["need"]).unwrap(), Vec::<Value>::new());
}

#[test]
fn what_is_told_again_and_again_does_not_hide_what_is_due_later() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    home.run("kith", &["add", "Ana Silva", "--email", "ana@example.com"]).unwrap();
    home.run("kith", &["add", "Bob Berg", "--email", "bob@example.com"]).unwrap();
    home.run("kith", &["circle", "set", "ana", "close"]).unwrap();
    home.run("kith", &["log", "lunch with Ana today"]).unwrap();
    home.run("kith", &["intro", "set", "ana", "bob", "asked-a"]).unwrap();
    let plan = home.json(&["plan", "--days", "60"]).unwrap();
    let reasons: Vec<usize> = plan.iter().map(|item| item["reasons"].as_array().unwrap().len()).collect();
    assert_eq!(reasons, [1, 2], "the introduction, and later the two with the cadence: {plan:?}");
    assert!(plan[0]["more"].as_u64() > Some(0) && plan[1]["more"].as_u64() > Some(0), "{plan:?}");
    assert_eq!(
        [&plan[0]["kind"], &plan[1]["kind"]],
        ["introduction", "cadence"],
        "what was not told yet first: {plan:?}"
    );
    let all = home.json(&["plan", "--days", "100"]).unwrap();
    let introduced: u64 = all
        .iter()
        .filter(|item| item["reasons"].to_string().contains("whether to meet"))
        .map(|item| 1 + item["more"].as_u64().unwrap_or(0))
        .sum();
    assert!(introduced <= 8, "after 60 days without a step it is let be: {all:?}");
}

#[test]
fn of_several_promises_each_has_its_day_in_the_plan_and_a_mute_or_keeping_them_ends_the_reminder() {
    let home = Home::new().unwrap();
    home.configure("[[schedule]]\nname = \"often\"\ncron = \"* * * * * *\"\n").unwrap();
    let _daemon = home.start().unwrap();
    home.run("kith", &["add", "Ana Silva", "--email", "ana@example.com"]).unwrap();
    home.run("kith", &["promise", "ana", "the draft", "--by", "in 9 days"]).unwrap();
    home.run("kith", &["promise", "ana", "a call", "--by", "in 12 days"]).unwrap();
    let plan = home.json(&["plan", "--days", "14"]).unwrap();
    let told = |text: &str| plan.iter().any(|item| item["reasons"].to_string().contains(text));
    assert!(told("the draft") && told("a call"), "{plan:?}");
    home.run("kith", &["promise", "ana", "the slides", "--by", "today"]).unwrap();
    let names = || home.json(&["today"]).unwrap().iter().map(|word| word["name"].clone()).collect::<Vec<_>>();
    wait_until("the reminder", LIMIT, || (names() == ["Ana Silva"]).then_some(())).unwrap();
    home.run("kith", &["mute", "ana"]).unwrap();
    assert_eq!(names(), [""; 0], "muted");
    home.run("kith", &["mute", "ana", "--off"]).unwrap();
    assert_eq!(names(), ["Ana Silva"]);
    home.run("kith", &["promise", "ana", "The  slides", "--by", "today"]).unwrap();
    let promises = home.json(&["promise"]).unwrap();
    assert_eq!(promises.len(), 3, "what is said again stands once");
    let slides = promises.iter().find(|promise| promise["text"] == "the slides").unwrap();
    home.run("kith", &["close", slides["fact"].as_str().unwrap()]).unwrap();
    assert_eq!(names(), [""; 0], "what it told of is kept; the others have their days");
}

#[test]
fn an_answer_that_was_sent_before_the_plan_and_is_imported_after_it_ends_the_reminder() {
    let home = Home::new().unwrap();
    home.configure("[[schedule]]\nname = \"often\"\ncron = \"* * * * * *\"\n").unwrap();
    let _daemon = home.start().unwrap();
    home.run("kith", &["add", "Ana Silva", "--email", "ana@example.com"]).unwrap();
    let now: Timestamp = home.json(&["status"]).unwrap()[0]["now"].as_str().unwrap().parse().unwrap();
    let (ana, me) = ("Ana Silva <ana@example.com>", OWNER.email);
    let mail = |name: &str, days_ago: i64, from: &str, to: &str, answers: &str| {
        let date = now.checked_sub((24 * days_ago).hours()).unwrap().strftime("%a, %d %b %Y %H:%M:%S +0000");
        let mail = format!(
            "From - Fri Nov 20 10:00:00 2026\nMessage-ID: <{name}@x>\n{answers}Date: {date}\nFrom: {from}\nTo: {to}\n\
             Subject: A question\n\nText.\n\n"
        );
        let file = home.path(&format!("{name}.mbox"));
        fs::write(&file, mail).unwrap();
        home.run("kith", &["import", file.to_str().unwrap()]).unwrap();
    };
    mail("question", 5, ana, me, "");
    let kinds = || home.json(&["today"]).unwrap().iter().map(|word| word["kind"].clone()).collect::<Vec<_>>();
    wait_until("the reminder", LIMIT, || (kinds() == ["waiting"]).then_some(())).unwrap();
    mail("nudge", 0, ana, me, "In-Reply-To: <question@x>\nReferences: <question@x>\n");
    assert_eq!(kinds(), ["waiting"], "she asked again");
    mail("answer", 3, me, ana, "In-Reply-To: <question@x>\n");
    assert_eq!(kinds(), [""; 0], "answered; her last word is a new one");
}

#[test]
fn a_promise_is_planned_for_its_day_and_a_mute_a_pause_and_a_season_hold() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    home.run("kith", &["add", "Ana Silva", "--email", "ana@example.com"]).unwrap();
    home.run("kith", &["promise", "ana", "send", "the", "draft", "--by", "tomorrow"]).unwrap();
    let plan = || home.json(&["plan", "--days", "9"]).unwrap();
    let first = plan()[0].clone();
    assert_eq!((&first["kind"], &first["name"]), (&"promise".into(), &"Ana Silva".into()));
    let reason = first["reasons"][0].as_str().unwrap();
    assert!(reason.starts_with("You promised Ana: \"send the draft\". It is due t"), "{reason}");
    assert!(first["at"].is_string() && first["next_step"].is_string() && first["person"].is_string(), "{first}");
    let doctor = home.run("kith", &["doctor"]).unwrap();
    assert!(
        doctor.contains("nobody is in a circle or has a cadence, so that nobody comes by one; promises,"),
        "{doctor}"
    );
    home.run("kith", &["mute", "ana"]).unwrap();
    assert_eq!(plan(), Vec::<Value>::new());
    assert!(home.run("kith", &["show", "ana"]).unwrap().contains("off, by your word; kith mute PERSON --off"));
    home.run("kith", &["mute", "ana", "--off"]).unwrap();
    assert!(!home.run("kith", &["show", "ana"]).unwrap().contains("off, by your word"));
    home.run("kith", &["pause", "until", "monday"]).unwrap();
    let after = plan();
    assert!(after.is_empty() || after[0]["at"].as_str() >= first["at"].as_str(), "{after:?}");
    let today = home.run("kith", &["today"]).unwrap();
    assert!(today.contains("All reminders are paused until Monday, ") && today.contains("kith pause off"), "{today}");
    home.run("kith", &["pause", "off"]).unwrap();
    assert!(!home.run("kith", &["today"]).unwrap().contains("paused"));
    home.run("kith", &["season", "rest"]).unwrap();
    assert_eq!(plan()[0]["kind"], "promise", "what others wait for is told in a rest, too");
    assert!(home.run("kith", &["season"]).unwrap().starts_with("rest"));
    assert!(home.run("kith", &["pause", "until", "someday"]).is_err());
    assert!(fs::exists(home.path("data/kith/ledger")).unwrap());
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred threads")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}
