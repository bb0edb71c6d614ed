//! Telling in one sentence: who, when, what they need and what was promised.

use kith_tests::Home;
use serde_json::Value;

use crate::giving2::home_with;

#[test]
fn one_sentence_tells_of_a_meeting_and_proposes_a_need() {
    let (home, _daemon) = home_with(&["Ana Silva", "Bob Berg", "Bob Bauer"]);
    let sentence = "coffee with Ana yesterday; her daughter starts school; looks for a Rust mentor";
    let understood = home.json(&["log", sentence]).unwrap().remove(0);
    assert_eq!(understood["person"]["name"], "Ana Silva");
    assert_eq!((&understood["kind"], &understood["text"]), (&"meeting".into(), &"coffee with Ana".into()));
    assert_eq!(understood["notes"][0]["text"], "her daughter starts school");
    let need = &understood["needs"][0];
    assert_eq!((&need["text"], &need["proposed"]), (&"Rust mentor".into(), &true.into()));
    let shown = home.json(&["show", "ana"]).unwrap().remove(0);
    assert_eq!(shown["interactions"][0]["kind"], "meeting");
    assert!(
        shown["interactions"][0]["at"].as_str().unwrap().starts_with(understood["on"].as_str().unwrap()),
        "{shown}"
    );
    home.run("kith", &["confirm", need["fact"].as_str().unwrap()]).unwrap();
    assert_eq!(home.json(&["need"]).unwrap()[0]["proposed"], false);
    let facts: Vec<&str> = understood["facts"].as_array().unwrap().iter().map(|fact| fact.as_str().unwrap()).collect();
    home.run("kith", &[&["undo"], facts.as_slice()].concat()).unwrap();
    assert_eq!(home.json(&["need"]).unwrap(), Vec::<Value>::new());
    assert_eq!(home.json(&["show", "ana"]).unwrap()[0]["interactions"], Value::Array(Vec::new()));
}

#[test]
fn a_sentence_that_names_several_or_nobody_keeps_nothing() {
    let (home, _daemon) = home_with(&["Ana Silva", "Bob Berg", "Bob Bauer"]);
    let several = home.run("kith", &["log", "lunch with Bob today"]).unwrap_err().to_string();
    assert!(several.contains("Bob Berg") && several.contains("Bob Bauer"), "{several}");
    let nobody = home.run("kith", &["log", "lunch with her"]).unwrap_err().to_string();
    assert!(nobody.contains("find a person in"), "{nobody}");
    let later = home.run("kith", &["log", "lunch with Ana tomorrow"]).unwrap_err().to_string();
    assert!(later.contains("has not come yet"), "{later}");
    assert_eq!(home.json(&["status"]).unwrap()[0]["interactions"], 0);
    home.run("kith", &["log", "Bob Berg"]).unwrap();
    home.run("kith", &["log", "phoned Bob Bauer"]).unwrap();
    assert_eq!(home.json(&["show", "Bob Berg"]).unwrap()[0]["interactions"][0]["kind"], "meeting");
    assert_eq!(home.json(&["show", "Bob Bauer"]).unwrap()[0]["interactions"][0]["kind"], "call");
}

#[test]
fn of_namesakes_in_a_sentence_the_one_in_touch_is_taken_and_else_they_are_told_apart() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    home.run("kith", &["add", "Ana Silva", "--email", "ana@umbra.example", "--organization", "Umbra Studio"]).unwrap();
    home.run("kith", &["add", "Ana Berg", "--email", "berg@example.com"]).unwrap();
    let error = home.run("kith", &["log", "coffee with Ana yesterday"]).unwrap_err().to_string();
    assert!(error.contains("Ana Silva, Umbra Studio, ana@umbra.example"), "{error}");
    assert!(error.contains("Ana Berg, berg@example.com"), "{error}");
    assert!(
        error.contains("hint: say which of them, as the first: kith log \"coffee with Ana yesterday\" --with "),
        "{error}"
    );

    let told = |arguments: &[&str]| home.json(&[&["log"], arguments].concat()).unwrap().remove(0);
    let by_address = told(&["coffee with Ana yesterday (ana@umbra.example)"]);
    assert_eq!(by_address["person"]["name"], "Ana Silva");
    assert_eq!(by_address["text"], "coffee with Ana (ana@umbra.example)", "the note stays as it was typed");
    let lately = told(&["tea with Ana today"]);
    assert_eq!((&lately["person"]["name"], &lately["others"][0]["name"]), (&"Ana Silva".into(), &"Ana Berg".into()));
    let shown = home.run("kith", &["log", "lunch with Ana today"]).unwrap();
    assert!(shown.contains("Others:\n") && shown.contains("kith log \"lunch with Ana today\" --with ID"), "{shown}");
    let said = told(&["walk with Ana yesterday", "--with", "berg@example.com"]);
    assert_eq!((&said["person"]["name"], &said["text"]), (&"Ana Berg".into(), &"walk with Ana".into()));
    assert_eq!(said["others"], serde_json::json!([]));
}

fn contacts(home: &Home, who: &str) -> usize {
    home.json(&["show", who]).unwrap()[0]["interactions"].as_array().unwrap().len()
}

#[test]
fn a_sentence_that_names_several_counts_for_each_and_for_none_by_halves() {
    let (home, _daemon) = home_with(&["Henrik Voss", "Chiara Rossi", "Bob Berg", "Bob Bauer"]);
    let told = home.run("kith", &["log", "met Henrik and Chiara yesterday; promised to send the slides"]).unwrap();
    assert!(told.starts_with("Henrik Voss and Chiara Rossi: a meeting on "), "{told}");
    assert!(told.contains("you promised Chiara Rossi: \u{201c}send the slides\u{201d}"), "{told}");
    assert_eq!((contacts(&home, "henrik"), contacts(&home, "chiara")), (1, 1));
    let words = home.run("kith", &["words"]).unwrap();
    assert!(words.contains("Henrik Voss, Chiara Rossi"), "{words}");
    let undo = told.lines().find_map(|line| line.trim().strip_prefix("(take it back with: kith undo ")).unwrap();
    let ids: Vec<&str> = undo.trim_end_matches(')').split(' ').collect();
    home.run("kith", &[&["undo"], ids.as_slice()].concat()).unwrap();
    assert_eq!((contacts(&home, "henrik"), contacts(&home, "chiara")), (0, 0));
    assert_eq!(home.json(&["promise"]).unwrap(), Vec::<Value>::new());

    let apart = home.json(&["log", "Chiara and I met Henrik"]).unwrap().remove(0);
    let names: Vec<_> = apart["people"].as_array().unwrap().iter().map(|person| &person["name"]).collect();
    assert_eq!(names, ["Henrik Voss", "Chiara Rossi"]);
    home.run("kith", &["undo", apart["facts"][0].as_str().unwrap()]).unwrap();

    let error = home.run("kith", &["log", "met Henrik and Zoe Zorn"]).unwrap_err().to_string();
    assert!(error.contains("find anybody called \"Zoe Zorn\"; found: Henrik Voss; nothing was kept"), "{error}");
    assert!(
        error.contains("kith add \"Zoe Zorn\"; or without them: kith log \"met Henrik and Zoe Zorn\" --with "),
        "{error}"
    );
    for sentence in ["met Zoe and Henrik", "met Zoe with Henrik", "Zoe and I met Henrik"] {
        let error = home.run("kith", &["log", sentence]).unwrap_err().to_string();
        assert!(error.contains("find anybody called \"Zoe\"; found: Henrik Voss"), "{error}");
    }
    let error = home.run("kith", &["log", "met Henrik and Bob"]).unwrap_err().to_string();
    assert!(error.contains("choose between 2 people for \"Bob\""), "{error}");
    let next = error.lines().find_map(|line| line.split("kith log \"met Henrik and Bob\" ").nth(1)).unwrap();
    assert_eq!((next.matches("--with ").count(), contacts(&home, "henrik")), (2, 0), "{error}");
    let next: Vec<&str> = next.split_whitespace().collect();
    home.run("kith", &[&["log", "met Henrik and Bob"], next.as_slice()].concat()).unwrap();
    assert_eq!((contacts(&home, "henrik"), contacts(&home, "Bob Berg") + contacts(&home, "Bob Bauer")), (1, 1));
}

#[test]
fn a_sentence_that_tells_a_promise_or_an_offer_becomes_one() {
    let (home, _daemon) = home_with(&["Lea Brand", "Bob Berg"]);
    let friday = "promised to send Lea the slides by 2099-01-08";
    for (sentence, text) in
        [(friday, "send Lea the slides"), ("promised Lea to call her back by friday", "call her back")]
    {
        let told = home.json(&["log", sentence]).unwrap().remove(0);
        assert_eq!((&told["promises"][0]["text"], &told["kind"]), (&text.into(), &Value::Null), "{told}");
        assert_eq!((&told["promises"][0]["name"], &told["done"]), (&"Lea Brand".into(), &"a promise".into()));
    }
    let open = home.json(&["promise"]).unwrap();
    assert_eq!(open.len(), 2);
    assert!(open.iter().any(|promise| promise["due"] == "2099-01-08"), "{open:?}");
    let shown = home.run("kith", &["log", friday]).unwrap();
    assert!(
        shown.contains("you promised Lea Brand: \u{201c}send Lea the slides\u{201d}, by Thursday, 8 January 2099"),
        "{shown}"
    );
    let shown = home.run("kith", &["log", "Lea can help with German taxes"]).unwrap();
    assert!(shown.contains("Lea Brand: an offer\n  they can help with: German taxes\n"), "{shown}");
    assert_eq!(home.json(&["offer"]).unwrap()[0]["text"], "German taxes");
    assert_eq!(contacts(&home, "lea"), 0, "nothing told of a meeting");
    let told = home.json(&["log", "coffee with Lea; promised Bob the draft"]).unwrap().remove(0);
    assert_eq!((&told["person"]["name"], &told["promises"][0]["name"]), (&"Lea Brand".into(), &"Bob Berg".into()));
    for (sentence, words) in [
        ("promised", "say whom: kith log \"promised Ana to send the slides by Friday\""),
        ("promised Lea", "keep a promise that does not say what was promised"),
        ("met Lea on 31 February", "read \"31 February\" as a day: no month has it"),
        ("promised Lea the slides by 2020-01-03", "keep a promise by Friday, 3 January 2020: that day is past"),
        ("promised to send the slides", "say whom: kith log \"promised Ana to send the slides by Friday\""),
    ] {
        let error = home.run("kith", &["log", sentence]).unwrap_err().to_string();
        assert!(error.contains(words) && error.contains("hint: "), "{error}");
    }
    assert_eq!(home.json(&["promise"]).unwrap().len(), 3, "what is refused, or said twice, is not kept");
}

#[test]
fn every_day_is_read_in_the_same_words_and_a_promise_is_not_made_for_a_past_one() {
    let (home, _daemon) = home_with(&["Ana Silva"]);
    let day = |words: &str| home.run("kith", &["log", "ana", "--on", words]).unwrap();
    assert!(day("Friday 20 November 2026").contains("a meeting on Friday, 20 November 2026"));
    assert!(day("20 November 2026").contains("a meeting on Friday, 20 November 2026"));
    assert!(day("yesterday").contains("a meeting on "));
    let promised = home.run("kith", &["promise", "ana", "call", "--by", "11 December 2099"]).unwrap();
    assert!(promised.contains("promised by Friday, 11 December 2099"), "{promised}");
    home.run("kith", &["snooze", "ana", "--until", "Friday 11 December 2099"]).unwrap();
    assert_eq!(home.json(&["show", "ana"]).unwrap()[0]["snoozed_until"], "2099-12-11");
    let error = home.run("kith", &["snooze", "ana", "--until", "someday"]).unwrap_err().to_string();
    assert!(error.contains("read \"someday\" as a day"), "{error}");
    let error = home.run("kith", &["promise", "ana", "send it", "--by", "2020-03-02"]).unwrap_err().to_string();
    assert!(error.contains("keep a promise by Monday, 2 March 2020: that day is past"), "{error}");
    assert!(error.contains("hint: say a day that comes: friday"), "{error}");
    assert_eq!(home.json(&["promise"]).unwrap().len(), 1);
}

#[test]
fn a_day_and_a_kind_that_the_text_begins_with_count_where_the_person_is_given_apart() {
    let (home, _daemon) = home_with(&["Ana Silva"]);
    let log = |words: &[&str]| home.run("kith", &[&["log", "ana"], words].concat()).unwrap();
    assert!(log(&["call", "on", "3", "May", "2021"]).starts_with("Ana Silva: a call on Monday, 3 May 2021"));
    assert!(log(&["coffee", "on", "2020-01-01"]).starts_with("Ana Silva: a meeting on Wednesday, 1 January 2020"));
    let given = log(&["coffee yesterday", "--on", "2020-02-02"]);
    assert!(given.starts_with("Ana Silva: a meeting on Sunday, 2 February 2020: coffee yesterday"), "{given}");
    assert!(log(&[]).starts_with("Ana Silva: a meeting today"));
    let later = home.run("kith", &["log", "ana", "lunch", "tomorrow"]).unwrap_err().to_string();
    assert!(later.contains("has not come yet"), "{later}");
    assert_eq!(home.json(&["show", "ana"]).unwrap()[0]["interactions"].as_array().unwrap().len(), 4);
}
