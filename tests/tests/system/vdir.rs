//! A folder of cards that is watched and read in place.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use kith_tests::fixtures::person;
use kith_tests::{Home, wait_until};
use serde_json::Value;

use crate::scene::{LIMIT, cards_of, files};

const CONFIG: &str = "
rescan = \"1 second\"

[[watch]]
path = \"~/contacts\"
layout = \"vdir\"
";

/// What a folder's files are: content and times.
fn look(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, i64, u64)> {
    let about = |path: &PathBuf| path.metadata().map(|meta| (meta.mtime_nsec() + meta.mtime(), meta.ino())).unwrap();
    files(folder)
        .into_iter()
        .map(|path| (path.clone(), (fs::read(&path).unwrap(), about(&path).0, about(&path).1)))
        .collect()
}

fn found(home: &Home, name: &str) -> Option<Value> {
    let found = home.json(&["find", name]).unwrap();
    found.into_iter().find(|person| person["name"] == name)
}

fn put(folder: &Path, number: u64) {
    let aside = folder.with_extension("aside");
    fs::write(&aside, cards_of(number, 1)).unwrap();
    fs::rename(&aside, folder.join(format!("{number}.vcf"))).unwrap();
}

#[test]
fn a_watched_vdir_is_followed_card_by_card_and_never_written() {
    let home = Home::new().unwrap();
    home.configure(CONFIG).unwrap();
    let folder = home.path("contacts");
    fs::create_dir(&folder).unwrap();
    (0..3).for_each(|number| put(&folder, number));
    let before = look(&folder);
    let daemon = home.start().unwrap();
    let names: Vec<String> = (0..3).map(|number| person(number).name()).collect();
    wait_until("three people", LIMIT, || names.iter().all(|name| found(&home, name).is_some()).then_some(())).unwrap();
    assert_eq!(look(&folder), before);
    let ids: Vec<Value> = names.iter().map(|name| found(&home, name).unwrap()["id"].clone()).collect();

    let changed = String::from_utf8(cards_of(1, 1)).unwrap();
    let aside = home.path(".aside");
    fs::write(&aside, changed.replace("END:VCARD", "NICKNAME:Pumpernickel\r\nEND:VCARD")).unwrap();
    fs::rename(&aside, folder.join("1.vcf")).unwrap();
    let shown = |name: &str| home.json(&["show", name]).unwrap().remove(0);
    wait_until("the changed card", LIMIT, || shown(&names[1]).to_string().contains("Pumpernickel").then_some(()))
        .unwrap();
    assert_eq!(shown(&names[1])["id"], ids[1]);

    let id = ids[2].as_str().unwrap();
    fs::remove_file(folder.join("2.vcf")).unwrap();
    wait_until("the retired card", LIMIT, || (shown(id)["retired"] == true).then_some(()))
        .unwrap_or_else(|error| panic!("{error}\n{}", daemon.log()));
    assert!(home.run("kith", &["show", id]).unwrap().contains("no longer listed"));

    put(&folder, 2);
    wait_until("the card that is back", LIMIT, || (shown(id)["retired"] == false).then_some(())).unwrap();
    assert_eq!(found(&home, &names[2]).unwrap()["id"], ids[2]);
    assert_eq!(files(&folder).len(), 3);
}

#[test]
fn a_watched_folder_that_is_gone_or_suddenly_empty_retires_nobody() {
    let home = Home::new().unwrap();
    home.configure(CONFIG).unwrap();
    let (folder, away) = (home.path("contacts"), home.path("away"));
    fs::create_dir(&folder).unwrap();
    (0..3).for_each(|number| put(&folder, number));
    let daemon = home.start().unwrap();
    let names: Vec<String> = (0..3).map(|number| person(number).name()).collect();
    let is_listed =
        |name: &String| found(&home, name).is_some() && home.json(&["show", name]).unwrap()[0]["retired"] == false;
    let all = || names.iter().all(is_listed);
    wait_until("three people", LIMIT, || all().then_some(())).unwrap();
    let fault = || home.json(&["status"]).unwrap()[0]["folders"][1]["state"] != "ok";
    let told = |what: &str, wanted: bool| {
        wait_until(what, LIMIT, || (fault() == wanted).then_some(()))
            .unwrap_or_else(|error| panic!("{error}\n{:?}\n{}", home.json(&["status"]), daemon.log()));
    };

    fs::rename(&folder, &away).unwrap();
    told("a fault of the missing folder", true);
    assert!(all());
    fs::create_dir(&folder).unwrap();
    told("a fault of the empty folder", true);
    assert!(all());
    fs::remove_dir(&folder).unwrap();
    fs::rename(&away, &folder).unwrap();
    told("a folder in order", false);
    assert!(all());
    fs::remove_file(folder.join("2.vcf")).unwrap();
    wait_until("a retired card", LIMIT, || (!is_listed(&names[2])).then_some(())).unwrap();
    assert!(is_listed(&names[0]) && is_listed(&names[1]));
}
