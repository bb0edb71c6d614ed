//! docs/CLI.md holds: what `kith --json` prints has the keys that stand there, and each exit code comes as told.

use std::collections::BTreeMap;
use std::fs;
use std::iter::Peekable;
use std::process::Stdio;
use std::str::Chars;

use kith_tests::binaries::root;
use kith_tests::fixtures::{mail, person};
use kith_tests::{Daemon, Home, wait_until};
use serde_json::Value;

use crate::scene::{DAY, LIMIT, cards_of};

/// A plan every second, so that no test waits for it.
const CONFIG: &str = "
[[circle]]
name = \"friends\"
cadence = \"3 weeks\"

[[schedule]]
name = \"often\"
cron = \"* * * * * *\"
";

/// Keys that stand only where there is something to say.
const OPTIONAL: [&str; 3] = ["refused", "hint", "next_step"];

/// The shape of an answer, as docs/CLI.md writes it: `[{"id","notes":[{"text"}]}]`.
#[derive(Debug)]
enum Shape {
    Any,
    List(Box<Self>),
    Object(BTreeMap<String, Self>),
}

impl Shape {
    /// Returns the shape in the row of `command` in the table at the end.
    fn documented(command: &str) -> Self {
        let text = fs::read_to_string(root().join("docs/CLI.md")).unwrap();
        let (_, table) = text.split_once("### the others").unwrap();
        let row = table.lines().find(|line| line.starts_with(&format!("| `{command}` |"))).unwrap();
        let answer = row.split(" | ").nth(1).unwrap();
        let written = answer.split('`').find(|part| part.starts_with(['[', '{'])).unwrap();
        Self::read(&mut written.chars().peekable())
    }

    fn read(text: &mut Peekable<Chars<'_>>) -> Self {
        match text.peek() {
            Some('[') => {
                text.next();
                let item = Self::read(text);
                skip_past(text, ']');
                Self::List(Box::new(item))
            }
            Some('{') => {
                text.next();
                Self::read_keys(text)
            }
            _ => {
                while text.next_if(|c| !matches!(c, ',' | '}' | ']')).is_some() {}
                Self::Any
            }
        }
    }

    /// Reads the keys of an object; `{NAME:VERSION}` and `{…as in find}` have none that are fixed.
    fn read_keys(text: &mut Peekable<Chars<'_>>) -> Self {
        let mut keys = BTreeMap::new();
        while text.next_if_eq(&'"').is_some() {
            let key: String = text.by_ref().take_while(|c| *c != '"').collect();
            let value = if text.next_if_eq(&':').is_some() { Self::read(text) } else { Self::Any };
            keys.insert(key, value);
            text.next_if_eq(&',');
        }
        skip_past(text, '}');
        if keys.is_empty() { Self::Any } else { Self::Object(keys) }
    }

    /// Collects where `value` has another shape, or where a list is empty and so shows nothing.
    fn differences(&self, value: &Value, place: &str, found: &mut Vec<String>) {
        match (self, value) {
            (Self::Any, _) => {}
            (Self::List(item), Value::Array(items)) => {
                if items.is_empty() && !matches!(**item, Self::Any) {
                    found.push(format!("{place}: empty"));
                }
                items.iter().for_each(|value| item.differences(value, &format!("{place}[]"), found));
            }
            (Self::Object(keys), Value::Object(object)) => {
                let unknown = object.keys().filter(|key| !keys.contains_key(*key));
                found.extend(unknown.map(|key| format!("{place}.{key}: printed, not documented")));
                for (key, shape) in keys {
                    match object.get(key) {
                        Some(value) => shape.differences(value, &format!("{place}.{key}"), found),
                        None if OPTIONAL.contains(&key.as_str()) => {}
                        None => found.push(format!("{place}.{key}: documented, not printed")),
                    }
                }
            }
            (Self::List(_) | Self::Object(_), other) => found.push(format!("{place}: {other}")),
        }
    }
}

fn skip_past(text: &mut Peekable<Chars<'_>>, end: char) {
    while text.next_if(|c| *c != end).is_some() {}
    text.next();
}

/// Returns the one answer of a command.
fn answer(home: &Home, arguments: &[&str]) -> Value {
    let output = home.kith(&[arguments, &["--json"]].concat()).unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("kith {arguments:?}: {error}: {output:?}"))
}

fn differences(home: &Home, command: &str, arguments: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    Shape::documented(command).differences(&answer(home, arguments), command, &mut found);
    found
}

/// A home in which every list has something to show.
fn lived_in() -> (Home, Daemon) {
    let home = Home::new().unwrap();
    home.configure(CONFIG).unwrap();
    let hooks = home.path("config/kith/hooks/reminder-due.d");
    home.run("/bin/mkdir", &["-p", "-m", "700", &hooks.to_string_lossy()]).unwrap();
    home.run("/bin/cp", &["/bin/false", &hooks.join("10-fail").to_string_lossy()]).unwrap();
    let daemon = home.start().unwrap();
    let mut mbox = Vec::new();
    mail::mbox(&mut mbox, 100, 10, DAY).unwrap();
    for (name, bytes) in
        [("people.vcf", &cards_of(0, 12)), ("mail.mbox", &mbox), ("holiday.vcf", &b"nothing of the kind".to_vec())]
    {
        home.drop_file(name, bytes).unwrap();
    }
    home.wait_for_empty_drop(LIMIT).unwrap();
    let twice = ["a", "b"].map(|place| {
        format!("BEGIN:VCARD\nVERSION:3.0\nFN:Odo Quist\nORG:Reef Ltd\nEMAIL:odo@{place}.example\nEND:VCARD\n")
    });
    home.drop_file("twice.vcf", twice.concat().as_bytes()).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    let name = person(0).name();
    home.run("kith", &["circle", "set", &name, "friends"]).unwrap();
    home.run("kith", &["note", &name, "likes", "plums"]).unwrap();
    wait_until("a reminder, a run of the hook and a problem", LIMIT, || {
        let lists = [&["today"][..], &["hooks", "log"], &["problems"]];
        lists.into_iter().all(|list| home.json(list).is_ok_and(|shown| !shown.is_empty())).then_some(())
    })
    .unwrap();
    home.drop_file("cut.vcf", &cards_of(0, 3)[..200]).unwrap();
    let is_held = || (!home.json(&["status"]).ok()?[0]["held"].as_array()?.is_empty()).then_some(());
    wait_until("the file that is cut", LIMIT, is_held).unwrap();
    (home, daemon)
}

#[test]
fn every_answer_has_the_keys_that_the_documentation_names() {
    let (home, _daemon) = lived_in();
    let name = person(0).name();
    let mut found = Vec::new();
    for (command, arguments) in [
        ("status", &["status"][..]),
        ("today", &["today"]),
        ("find", &["find", &name]),
        ("circle suggest", &["circle", "suggest"]),
        ("undo --list", &["undo", "--list"]),
        ("words", &["words"]),
        ("hooks log", &["hooks", "log"]),
        ("plugins", &["plugins"]),
        ("problems", &["problems"]),
        ("doctor", &["doctor"]),
    ] {
        found.extend(differences(&home, command, arguments));
    }
    // What a card may lack is an empty list in a person, and so is a circle of nobody.
    let may_be_empty = |difference: &String| difference.ends_with(": empty");
    for (command, arguments) in
        [("show", &["show", &name][..]), ("circle", &["circle"]), ("why", &["why", &name]), ("review", &["review"])]
    {
        found.extend(differences(&home, command, arguments).into_iter().filter(|line| !may_be_empty(line)));
    }
    assert_eq!(found, Vec::<String>::new());
    assert!(answer(&home, &["show", &name])["notes"][0]["text"] == "likes plums");
}

#[track_caller]
fn check(home: &Home, arguments: &[&str], expected: i32) {
    let output = home.kith(&[arguments, &["--json"]].concat()).unwrap();
    assert_eq!(output.status.code(), Some(expected), "{output:?}");
    if matches!(expected, 0 | 64) {
        return;
    }
    let error: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(error["code"], expected, "{error}");
    let keys: Vec<&String> = error.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["candidates", "code", "error", "hint"]);
}

#[test]
fn every_exit_code_comes_as_documented() {
    let home = Home::new().unwrap();
    check(&home, &["status"], 69);
    check(&home, &["doctor"], 1);
    check(&home, &["befriend"], 64);
    let _daemon = home.start().unwrap();
    check(&home, &["status"], 0);
    check(&home, &["show", "nobody of that name"], 65);
    let file = home.path("holiday.vcf");
    fs::write(&file, b"nothing of the kind").unwrap();
    check(&home, &["import", &file.to_string_lossy()], 65);
    assert_eq!(without_a_home(&home), Some(78));
}

fn without_a_home(home: &Home) -> Option<i32> {
    let mut command = home.command("kith");
    command.env_clear().arg("status");
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().code()
}
