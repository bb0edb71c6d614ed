//! The user's own words about people: what they change, what they leave alone, and what is refused.

use kith_tests::Home;
use serde_json::Value;

/// Returns what is shown of a person.
fn shown(home: &Home, person: &str) -> Value {
    home.json(&["show", person]).unwrap().remove(0)
}

/// Returns how a command is refused.
#[track_caller]
fn refused(home: &Home, arguments: &[&str]) -> String {
    let output = home.kith(arguments).unwrap();
    assert_eq!(output.status.code(), Some(65), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_value_of_ones_own_changes_its_field_and_nothing_else() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    home.run("kith", &["add", "Ana Silva", "--email", "ana@example.com", "--phone", "030 901820"]).unwrap();
    for (field, value) in [
        ("organization", "Greenhouse"),
        ("title", "Gardener"),
        ("email", "ana@greenhouse.example"),
        ("phone", "+49 30 901821"),
        ("profile", "https://www.linkedin.com/in/ana-silva"),
        ("birthday", "04-12"),
    ] {
        home.run("kith", &["set", "ana@example.com", field, value]).unwrap();
        assert_eq!(shown(&home, "ana@example.com")["name"], "Ana Silva", "{field}");
    }
    let ana = shown(&home, "ana@greenhouse.example");
    assert_eq!(ana["anniversaries"][0]["date"], "--04-12");
    assert_eq!(ana["headline"], "Gardener at Greenhouse");
    assert_eq!(ana["emails"], serde_json::json!(["ana@greenhouse.example", "ana@example.com"]));
    home.run("kith", &["set", "ana@example.com", "name", "Ana Maria Silva"]).unwrap();
    assert_eq!(shown(&home, "ana@example.com")["name"], "Ana Maria Silva");
    home.run("kith", &["set", "ana@example.com", "name"]).unwrap();
    assert_eq!(shown(&home, "ana@example.com")["name"], "Ana Silva");
}

#[test]
fn what_does_not_fit_is_refused_with_what_would() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    home.run("kith", &["add", "Ana Silva"]).unwrap();
    for (arguments, words) in [
        (&["add", "Bo", "--email", "notmail"][..], "it is not a mail address"),
        (&["add", "Bo", "--phone", "abc"], "it is not a telephone number"),
        (&["set", "Ana", "email", "nonsense"], "ana@example.com"),
        (&["set", "Ana", "name", ""], "set name to nothing"),
        (&["set", "Ana", "shoe", "42"], "the fields are name, email"),
        (&["log", "Ana", "--on", "2999-01-01"], "that day has not come yet"),
    ] {
        let said = refused(&home, arguments);
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
    assert_eq!(home.json(&["find"]).unwrap().len(), 1, "nobody was added");
    assert_eq!(shown(&home, "Ana")["interactions_total"], 0);
}

#[test]
fn numbers_without_their_country_are_shown_as_written_and_joined_once_the_region_is_known() {
    let mut home = Home::bare().unwrap();
    home.set("LC_ALL", "C");
    let card = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:ana-1\r\nFN:Ana Silva\r\nTEL:030 901820\r\nEND:VCARD\r\n";
    let daemon = home.start().unwrap();
    home.drop_file("ana.vcf", card.as_bytes()).unwrap();
    home.wait_for_empty_drop(crate::scene::LIMIT).unwrap();
    assert_eq!(shown(&home, "Ana")["phones"], serde_json::json!(["030 901820"]));
    let doctor = home.run("kith", &["doctor"]).unwrap();
    assert!(doctor.contains("region = \"DE\""), "{doctor}");
    daemon.stop(std::time::Duration::from_secs(5)).unwrap();

    home.configure("").unwrap();
    let _daemon = home.start().unwrap();
    assert_eq!(shown(&home, "Ana")["phones"], serde_json::json!(["+4930901820"]));
}

#[test]
fn what_was_said_is_listed_the_newest_first_with_the_id_that_takes_it_back() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    for (name, address) in [("Ana Silva", "ana@a.example"), ("A. Silva", "ana@b.example"), ("Bob Ray", "bob@a.example")]
    {
        home.run("kith", &["add", name, "--email", address]).unwrap();
    }
    home.run("kith", &["note", "ana@a.example", "likes", "plums"]).unwrap();
    home.run("kith", &["need", "bob@a.example", "Rust mentor"]).unwrap();
    home.run("kith", &["merge", "ana@a.example", "ana@b.example"]).unwrap();
    let listed = |arguments: &[&str]| {
        let words = home.json(&[&["words"], arguments].concat()).unwrap();
        let told = |word: &Value| ["name", "text"].map(|key| word[key].as_str().unwrap().to_owned()).join(": ");
        (words.iter().map(told).collect::<Vec<_>>(), words)
    };
    let (told, words) = listed(&[]);
    assert_eq!(
        told,
        [
            "A. Silva: Ana Silva is one person with A. Silva",
            "Bob Ray: looks for: Rust mentor",
            "A. Silva: note: likes plums",
            "Bob Ray: added by you",
            "A. Silva: added by you",
            "A. Silva: added by you",
        ]
    );
    assert_eq!(listed(&["bob"]).0, ["Bob Ray: looks for: Rust mentor", "Bob Ray: added by you"]);
    home.run("kith", &["undo", words[0]["fact"].as_str().unwrap()]).unwrap();
    let (told, words) = listed(&[]);
    assert_eq!(
        (told[0].as_str(), &words[0]["undone"]),
        ("Ana Silva: Ana Silva is one person with A. Silva", &Value::Bool(true))
    );
    let table = home.run("kith", &["words", "ana@a.example"]).unwrap();
    assert!(table.contains("undone") && table.contains("likes plums") && !table.contains("mentor"), "{table}");
}
