//! The vCard export, read again by the kith that wrote it and by one that knows nobody.

use std::collections::BTreeSet;
use std::fs;

use kith_tests::binaries::root;
use kith_tests::{Home, export};
use serde_json::{Value, json};

use crate::scene::{LIMIT, files, settle_in};

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

/// Exports everyone, reads that again here and in a home of its own; returns the export and that home.
fn there_and_back(home: &Home) -> (String, Home) {
    let kept = ["id", "retired", "first_seen", "last_interaction", "interactions_total", "changes"];
    let before = people(home, &kept);
    let text = home.run("kith", &["export", "--vcard"]).unwrap();
    assert_eq!(cards(&text).len(), before.len());
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
    let file = home.path("everyone.vcf");
    fs::write(&file, &text).unwrap();
    let would = &home.json(&["import", "--dry-run", &file.to_string_lossy()]).unwrap()[0];
    assert_eq!((&would["changes"], &would["moved"]), (&json!([]), &json!(0)), "{would}");
    let report = &home.json(&["import", &file.to_string_lossy()]).unwrap()[0];
    assert_eq!((&report["new"], &report["refused"]), (&json!(before.len()), &json!(0)), "{report}");
    let after = people(home, &kept);
    assert_eq!(before.difference(&after).collect::<Vec<_>>(), Vec::<&String>::new());
    assert_eq!(after.len(), before.len());
    let again = home.run("kith", &["export", "--vcard"]).unwrap();
    assert_eq!(cards(&text).difference(&cards(&again)).collect::<Vec<_>>(), Vec::<&&str>::new(), "exported again");

    let elsewhere = Home::new().unwrap();
    let other = elsewhere.start().unwrap();
    elsewhere.drop_file("everyone.vcf", text.as_bytes()).unwrap();
    elsewhere.wait_for_empty_drop(LIMIT).unwrap();
    let (here, there) = (people(home, &[]), people(&elsewhere, &[]));
    assert_eq!(here.difference(&there).collect::<Vec<_>>(), Vec::<&String>::new());
    assert_eq!(there.len(), here.len());
    let theirs = elsewhere.run("kith", &["export", "--vcard"]).unwrap();
    let (ours, theirs) = (cards(&text), cards(&theirs));
    assert_eq!(ours.difference(&theirs).collect::<Vec<_>>(), Vec::<&&str>::new());
    drop(other);
    (text, elsewhere)
}

fn cards(text: &str) -> BTreeSet<&str> {
    text.split("\r\nEND:VCARD\r\n").filter(|card| !card.is_empty()).collect()
}

#[test]
fn the_vcard_export_changes_nobody_here_and_is_everybody_elsewhere() {
    let home = Home::new().unwrap();
    let _daemon = settle_in(&home);
    home.run("kith", &["add", "Bo Ávila", "--title", "Baker"]).unwrap();
    let (text, _elsewhere) = there_and_back(&home);
    assert!(cards(&text).len() > 60);
    assert!(text.contains("FN:Bo Ávila\r\nTITLE:Baker\r\n"), "{text}");
}

#[test]
fn the_cards_of_many_programs_come_through_with_their_photos_kept_once() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    let fixtures = files(&root().join("plugins/vcard/tests/fixtures"));
    let corpus = root().join("../shared/corpus/vcard").canonicalize().map(|folder| files(&folder)).unwrap_or_default();
    let paths = fixtures.iter().chain(&corpus).filter(|path| path.extension().is_some_and(|ending| ending == "vcf"));
    let paths: Vec<String> = paths.map(|path| path.to_string_lossy().into_owned()).collect();
    let mut arguments = vec!["import", "--json"];
    arguments.extend(paths.iter().map(String::as_str));
    // Some of them hold no card, and are refused for that.
    home.kith(&arguments).unwrap();
    let (text, elsewhere) = there_and_back(&home);
    let photos = |home: &Home| {
        let photos = files(&home.path("data/kith/ledger/photos"));
        photos.into_iter().map(|path| path.file_name().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    let embedded = text.matches("PHOTO:data:image/").count();
    assert!(embedded > photos(&elsewhere).len(), "{embedded} embedded, {:?}", photos(&elsewhere));
    assert!(photos(&elsewhere).len() > 1 && photos(&elsewhere).is_subset(&photos(&home)));
    for given_back in ["PHOTO:https://lh3.googleusercontent.example/photo.jpg", "X-PHONETIC-LAST-NAME:Seel-va"] {
        assert!(text.contains(given_back), "{given_back}");
    }
}

#[test]
fn an_older_export_hides_nothing_that_came_since_and_is_no_news() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    let import = |name: &str, text: &str| {
        let file = home.path(name);
        fs::write(&file, text).unwrap();
        home.json(&["import", &file.to_string_lossy()]).unwrap().remove(0)
    };
    let card = |company: &str| {
        format!(
            "BEGIN:VCARD\nVERSION:3.0\nUID:1\nFN:Ana Silva\nORG:{company}\nTITLE:CTO\nCATEGORIES:{company}\nEND:VCARD\n"
        )
    };
    import("first.vcf", &card("Acme"));
    let older = home.run("kith", &["export", "--vcard"]).unwrap();
    import("second.vcf", &card("Beta"));
    let newer = home.run("kith", &["export", "--vcard"]).unwrap();
    let shown = || home.json(&["show", "Ana Silva"]).unwrap().remove(0);
    let news = shown()["changes"].clone();
    assert_eq!(news[0]["text"], "Ana moved to Beta as CTO");
    for (name, text) in [("newer.vcf", &newer), ("older.vcf", &older)] {
        let report = import(name, text);
        assert_eq!(report["moved"], 0, "{report}");
        let ana = shown();
        assert_eq!((&ana["headline"], &ana["changes"]), (&json!("CTO at Beta"), &news), "{name}");
        assert_eq!(export(&home).unwrap().people().len(), 1);
    }
    // Another program writes it anew: from now on it is a card as any other.
    import("phone.vcf", &newer.replace("-//kith//kith//EN", "-//Phone//EN").replace("ORG:Beta", "ORG:Gamma"));
    assert_eq!(shown()["headline"], "CTO at Gamma");
}
