//! Who is the same, by the user's word: merged, split, asked about and taken back, and what was said stays where it belongs.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use kith_tests::{Home, skip_without};
use serde_json::{Value, json};

use crate::scene::LIMIT;

/// Two cards of two people who share nothing.
const BOBS: [&str; 2] = [
    "UID:bob-1\nFN:Bob Berg\nORG:Acme\nEMAIL:bob@a.example",
    "UID:bob-2\nFN:Robert Berg\nORG:Quay\nTITLE:Pilot\nEMAIL:bob@b.example",
];

/// Two cards that share a number, of mother and daughter.
const SILVAS: [&str; 2] = [
    "UID:silva-1\nFN:Ana Silva\nTEL:+49 30 901820\nEMAIL:ana@a.example",
    "UID:silva-2\nFN:Ana Silva\nTEL:+49 30 901820\nEMAIL:ana@b.example",
];

/// Two cards of one name and company, of which nobody can be sure.
const QUISTS: [&str; 2] = [
    "UID:quist-1\nFN:Odo Quist\nORG:Reef Ltd\nEMAIL:odo@a.example",
    "UID:quist-2\nFN:Odo Quist\nORG:Dune Works\nEMAIL:odo@b.example",
];

/// Imports cards, each from a file of its own.
fn import(home: &Home, cards: &[&str]) {
    for card in cards {
        let name = card.lines().next().unwrap().replace(':', "-");
        let file = home.path(&format!("{name}.vcf"));
        fs::write(&file, format!("BEGIN:VCARD\nVERSION:3.0\n{card}\nEND:VCARD\n")).unwrap();
        home.json(&["import", &file.to_string_lossy()]).unwrap();
    }
}

fn shown(home: &Home, person: &str) -> Value {
    home.json(&["show", person]).unwrap().remove(0)
}

/// Returns the texts of the notes on a person.
fn notes(home: &Home, person: &str) -> Vec<String> {
    let shown = shown(home, person);
    let texts = shown["notes"].as_array().unwrap().iter();
    texts.map(|note| note["text"].as_str().unwrap().to_owned()).collect()
}

/// Says something and returns the ids of the facts.
fn said(home: &Home, arguments: &[&str]) -> Vec<String> {
    let done = home.json(arguments).unwrap().remove(0);
    done["facts"].as_array().unwrap().iter().map(|fact| fact.as_str().unwrap().to_owned()).collect()
}

#[track_caller]
fn refused(home: &Home, arguments: &[&str], words: &str) {
    let output = home.kith(arguments).unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(65), "{told}");
    assert!(told.contains(words) && told.contains("hint: "), "{told}");
}

#[test]
fn people_are_merged_shown_as_one_and_taken_apart_again_with_what_was_said_about_each() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    import(&home, &BOBS);
    let ids = ["bob@a.example", "bob@b.example"].map(|address| shown(&home, address)["id"].clone());
    let told = home.run("kith", &["merge", "bob@a.example", "bob@b.example"]).unwrap();
    assert!(told.contains("one person now, of 2 records") && told.contains("kith undo "), "{told}");
    let undo = told.split("kith undo ").nth(1).unwrap().trim().trim_end_matches(')').to_owned();

    home.run("kith", &["note", "bob@b.example", "flies", "to", "Oslo"]).unwrap();
    home.run("kith", &["note", "Bob Berg", "sings", "tenor"]).unwrap();
    home.run("kith", &["set", "bob@b.example", "title", "Captain"]).unwrap();
    let merged = shown(&home, "bob@a.example");
    assert_eq!(home.json(&["find", "berg"]).unwrap().len(), 1);
    assert_eq!(merged["records"].as_array().unwrap().len(), 2);
    assert_eq!((&merged["headline"], notes(&home, "bob@b.example").len()), (&json!("Captain"), 2), "{merged}");
    for id in &ids {
        assert_eq!(shown(&home, id.as_str().unwrap())["id"], merged["id"], "both ids lead to the one person");
    }

    home.run("kith", &["undo", &undo]).unwrap();
    assert_eq!(home.json(&["find", "berg"]).unwrap().len(), 2);
    assert_eq!(notes(&home, "bob@a.example"), ["sings tenor"]);
    assert_eq!(notes(&home, "bob@b.example"), ["flies to Oslo"]);
    assert_eq!(shown(&home, "bob@a.example")["headline"], "Acme");
    for (id, address) in ids.iter().zip(["bob@a.example", "bob@b.example"]) {
        assert_eq!(shown(&home, id.as_str().unwrap())["emails"], json!([address]));
    }
}

#[test]
fn a_split_gives_each_part_its_own_holds_through_imports_and_a_restart_and_is_taken_back() {
    let home = Home::new().unwrap();
    let daemon = home.start().unwrap();
    import(&home, &SILVAS);
    assert_eq!(home.json(&["find", "silva"]).unwrap().len(), 1, "they share a number");
    home.run("kith", &["note", "ana@b.example", "paints"]).unwrap();
    home.run("kith", &["log", "ana@b.example", "coffee", "--on", "2026-06-01"]).unwrap();
    home.run("kith", &["circle", "set", "ana@b.example", "friends"]).unwrap();
    home.run("kith", &["snooze", "ana@a.example", "--until", "2999-01-01"]).unwrap();
    let listed = home.run("kith", &["split", "ana@a.example"]).unwrap();
    assert!(listed.contains("kith split \"ana@a.example\" --records 2,3"), "{listed}");

    let records = home.json(&["split", "ana@a.example"]).unwrap();
    let second = records.iter().find(|record| record["emails"] == json!(["ana@b.example"])).unwrap();
    let facts = said(&home, &["split", "ana@a.example", "--record", second["id"].as_str().unwrap()]);
    let check = |home: &Home| {
        let (a, b) = (shown(home, "ana@a.example"), shown(home, "ana@b.example"));
        assert_ne!(a["id"], b["id"]);
        assert_eq!((&a["notes"], &a["circle"], &a["interactions_total"]), (&json!([]), &Value::Null, &json!(0)));
        assert_eq!((&b["circle"], &b["interactions_total"]), (&json!("friends"), &json!(1)));
        assert_eq!(notes(home, "ana@b.example"), ["paints"]);
        assert_eq!((&a["snoozed_until"], &b["snoozed_until"]), (&json!("2999-01-01"), &Value::Null));
    };
    check(&home);
    import(&home, &[&format!("{}\nNICKNAME:Annie", SILVAS[1]), &format!("{}\nNICKNAME:Annchen", SILVAS[0])]);
    check(&home);
    daemon.stop(LIMIT).unwrap();
    let _daemon = home.start().unwrap();
    check(&home);

    home.run("kith", &["undo", &facts[0]]).unwrap();
    let one = shown(&home, "ana@a.example");
    assert_eq!(one["id"], shown(&home, "ana@b.example")["id"]);
    assert_eq!((&one["circle"], notes(&home, "ana@a.example")), (&json!("friends"), vec!["paints".to_owned()]));
    said(&home, &["split", "ana@a.example", "--away-from", "ana@b.example"]);
    check(&home);
}

#[test]
fn a_value_of_ones_own_is_taken_back_wherever_it_hangs() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    import(&home, &BOBS);
    home.run("kith", &["set", "bob@a.example", "name", "Bobby"]).unwrap();
    home.run("kith", &["set", "bob@b.example", "name", "Rob"]).unwrap();
    said(&home, &["merge", "bob@a.example", "bob@b.example"]);
    assert_eq!(shown(&home, "bob@a.example")["name"], "Rob", "the newest word counts");
    let facts = said(&home, &["set", "bob@a.example", "name"]);
    assert_eq!((shown(&home, "bob@a.example")["name"].clone(), facts.len()), (json!("Robert Berg"), 2));
    home.run("kith", &["undo", &facts[0], &facts[1]]).unwrap();
    assert_eq!(shown(&home, "bob@a.example")["name"], "Rob");
}

#[test]
fn what_makes_no_sense_is_refused_in_words() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    import(&home, &SILVAS);
    refused(&home, &["merge", "ana@a.example", "ana@b.example"], "merge somebody with themself");
    refused(&home, &["merge", "ana@a.example", kith_tests::fixtures::OWNER.email], "that is you yourself");
    refused(&home, &["merge", "ana@a.example", "nobody"], "find a person for \"nobody\"");
    refused(&home, &["split", "ana@a.example", "--records", "1,2"], "nobody would be left");
    refused(&home, &["split", "ana@a.example", "--records", "3"], "find the record 3: there are 2");
    refused(&home, &["split", "ana@a.example", "--record", "ffffffff"], "among those of the person");
    refused(&home, &["split", "ana@a.example", "--away-from", "ana@a.example"], "split a record from itself");
    refused(&home, &["review", "--answer", "ffffffff", "y"], "find the question \"ffffffff\"");
    assert_eq!(home.kith(&["review", "--answer", "ffffffff", "perhaps"]).unwrap().status.code(), Some(64));
}

/// Returns the ids of the questions that wait, as programs and as `kith status` see them.
fn questions(home: &Home) -> Vec<String> {
    let questions = home.json(&["review"]).unwrap();
    assert_eq!(home.json(&["status"]).unwrap()[0]["questions"], questions.len());
    questions.iter().map(|question| question["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_question_is_answered_once_put_off_and_asked_again_when_the_answer_is_taken_back() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    assert!(!home.run("kith", &["status"]).unwrap().contains("review"), "nothing to ask, nothing said");
    import(&home, &QUISTS);
    let [id] = <[String; 1]>::try_from(questions(&home)).unwrap();
    let status = home.run("kith", &["status"]).unwrap();
    assert!(status.contains("1 pair may be one person: kith review"), "{status}");
    let doctor = home.run("kith", &["doctor"]).unwrap();
    assert!(doctor.contains("2 records, 1 pair of them compared: 1.0 others for each"), "{doctor}");
    for (answer, people) in [("n", 2), ("y", 1), ("later", 2)] {
        let facts = said(&home, &["review", "--answer", &id, answer]);
        assert_eq!(questions(&home), Vec::<String>::new(), "{answer}");
        assert_eq!(home.json(&["find", "quist"]).unwrap().len(), people, "{answer}");
        home.run("kith", &["undo", &facts[0]]).unwrap();
        assert_eq!(questions(&home), [id.as_str()], "{answer}, taken back");
    }
}

#[test]
fn somebody_at_a_terminal_is_asked_side_by_side() {
    if skip_without("somebody_at_a_terminal_is_asked_side_by_side", &["script"]) {
        return;
    }
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    import(&home, &QUISTS);
    let seen = at_a_terminal(&home, "review", "w\ny\n");
    assert!(seen.contains("= Odo Quist") && seen.contains("Reef Ltd"), "{seen}");
    assert!(seen.contains("odo@a.example") && seen.contains("odo@b.example"), "{seen}");
    for words in ["[y]es, the same", "each point doubles the odds", "one person now", "kith undo ", "That was all."] {
        assert!(seen.contains(words), "{words}: {seen}");
    }
    assert!(at_a_terminal(&home, "review", "").contains("There is nothing to ask."));

    let seen = at_a_terminal(&home, "split odo@a.example", "7\n2\n");
    assert!(seen.contains("Write numbers from 1 to 2") && seen.contains("now apart"), "{seen}");
    assert_eq!(home.json(&["find", "quist"]).unwrap().len(), 2);
}

/// Runs a command of kith on a terminal of its own, types `keys`, and returns what is seen.
fn at_a_terminal(home: &Home, command: &str, keys: &str) -> String {
    let program = home.command("kith").get_program().to_string_lossy().into_owned();
    let mut script = home.command("/usr/bin/script");
    script.args(["-qec", &format!("{program} {command}"), "/dev/null"]);
    let mut child = script.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(keys.as_bytes()).unwrap();
    String::from_utf8_lossy(&child.wait_with_output().unwrap().stdout).into_owned()
}

#[test]
fn who_moved_to_another_company_stays_the_person_they_were() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    let card = "BEGIN:VCARD\nVERSION:4.0\nUID:urn:uuid:0d6a6f5e-0000-4000-8000-000000000001\nFN:Oriel Quennell\nN:Quennell;Oriel;;;\nORG:Umbra Studio\nEND:VCARD\n";
    let row = |surname: &str, company: &str, title: &str| {
        format!(
            "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n\
             Oriel,{surname},https://www.linkedin.com/in/oriel-quennell,,{company},{title},03 Mar 2024\n"
        )
    };
    home.drop_file("card.vcf", card.as_bytes()).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    home.drop_file("Connections.csv", row("Quennell", "Umbra Studio", "Designer").as_bytes()).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    let found = || home.json(&["find", "oriel"]).unwrap();
    assert_eq!(found().len(), 1, "{:?}", found());
    let id = found()[0]["id"].clone();
    for (surname, company) in [("Quennell", "Nova Agency"), ("Quennell Costa", "Nova Agency"), ("Costa", "Third Place")]
    {
        home.drop_file("Connections.csv", row(surname, company, "Head of Design").as_bytes()).unwrap();
        home.wait_for_empty_drop(LIMIT).unwrap();
        assert_eq!(found().iter().map(|person| &person["id"]).collect::<Vec<_>>(), [&id], "{surname}, {company}");
    }
}
