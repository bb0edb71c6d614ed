//! The vCard export, read again by the kith that wrote it and by one that knows nobody.

use std::collections::BTreeSet;
use std::fs;

use kith_tests::{Home, export};
use serde_json::{Value, json};

use crate::scene::{LIMIT, settle_in};

/// What is shown of a person and stands on cards.
const SHOWN: [&str; 15] = [
    "name",
    "kind",
    "headline",
    "nicknames",
    "emails",
    "phones",
    "profiles",
    "organizations",
    "titles",
    "addresses",
    "anniversaries",
    "keywords",
    "links",
    "source_notes",
    "photo",
];

/// Returns everyone by value, lists in any order; with their ids where these are asked for.
fn people(home: &Home, with: &[&str]) -> BTreeSet<String> {
    let ids = export(home).unwrap().people().into_iter().map(|person| person["id"].as_str().unwrap().to_owned());
    ids.map(|id| {
        let shown = home.json(&["show", &id]).unwrap().remove(0);
        let keys = SHOWN.iter().chain(with);
        keys.map(|key| (*key).to_owned())
            .map(|key| (key.clone(), in_any_order(&shown[&key])))
            .collect::<Value>()
            .to_string()
    })
    .collect()
}

fn in_any_order(value: &Value) -> Value {
    let Some(list) = value.as_array() else { return value.clone() };
    let sorted: BTreeSet<String> = list.iter().map(Value::to_string).collect();
    json!(sorted)
}

#[test]
fn the_vcard_export_changes_nobody_here_and_is_everybody_elsewhere() {
    let home = Home::new().unwrap();
    let _daemon = settle_in(&home);
    home.run("kith", &["add", "Bo Ávila", "--title", "Baker"]).unwrap();
    let kept = ["id", "retired", "first_seen", "last_interaction", "interactions_total", "changes"];
    let before = people(&home, &kept);
    assert!(before.len() > 60, "{} people", before.len());

    let text = home.run("kith", &["export", "--vcard"]).unwrap();
    assert_eq!(text.matches("BEGIN:VCARD\r\nVERSION:4.0\r\n").count(), before.len());
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
    let file = home.path("everyone.vcf");
    fs::write(&file, &text).unwrap();
    let report = &home.json(&["import", &file.to_string_lossy()]).unwrap()[0];
    assert_eq!((&report["new"], &report["diagnostics"]), (&json!(before.len()), &json!([])), "{report}");
    let after = people(&home, &kept);
    assert_eq!(before.difference(&after).collect::<Vec<_>>(), Vec::<&String>::new());
    assert_eq!(after.len(), before.len());
    assert!(text == home.run("kith", &["export", "--vcard"]).unwrap(), "the second export is the first");

    let elsewhere = Home::new().unwrap();
    let _other = elsewhere.start().unwrap();
    elsewhere.drop_file("everyone.vcf", text.as_bytes()).unwrap();
    elsewhere.wait_for_empty_drop(LIMIT).unwrap();
    let (here, there) = (people(&home, &[]), people(&elsewhere, &[]));
    assert_eq!(here.difference(&there).collect::<Vec<_>>(), Vec::<&String>::new());
    assert_eq!(there.len(), here.len());
    let theirs = elsewhere.run("kith", &["export", "--vcard"]).unwrap();
    assert!(cards(&text) == cards(&theirs), "whoever exports, the cards are the same");
}

fn cards(text: &str) -> BTreeSet<&str> {
    text.split_inclusive("END:VCARD\r\n").collect()
}
