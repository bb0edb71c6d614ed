//! A full disk.

use std::fs;

use kith_tests::{Home, export, wait_until};
use serde_json::Value;

use crate::scene::{LIMIT, cards_of, copy};

/// How large the disk is.
const DISK_BYTES: usize = 24 << 20;

/// How much of it something else takes.
const BALLAST_BYTES: usize = 23 << 20;

fn told(value: &Value) -> String {
    value["attention"].to_string()
}

#[test]
fn a_full_disk_keeps_nothing_by_halves_and_afterwards_the_same_files_are_imported() {
    let name = "a_full_disk_keeps_nothing_by_halves_and_afterwards_the_same_files_are_imported";
    let home = Home::new().unwrap();
    let Some(daemon) = home.start_on_disk_of(name, DISK_BYTES).unwrap() else { return };
    let data = daemon.sees(&home.path("data/kith"));
    let ballast = data.join("ballast");
    fs::write(&ballast, vec![1; BALLAST_BYTES]).unwrap();

    let file = home.path("many.vcf");
    fs::write(&file, cards_of(0, 10_000)).unwrap();
    let answer = home.kith(&["import", &file.to_string_lossy()]).unwrap();
    let words = String::from_utf8_lossy(&answer.stdout).into_owned() + &String::from_utf8_lossy(&answer.stderr);
    assert!(!answer.status.success(), "{words}");
    assert!(words.contains("the disk is full") && words.contains("free some space"), "{words}");
    assert!(export(&home).unwrap().is_empty());
    assert_eq!(home.json(&["status"]).unwrap()[0]["pid"], daemon.pid());
    home.run("kith", &["add", "Zora Zahn"]).unwrap();

    let dropped = home.drop_file("more.vcf", &cards_of(10_000, 10_000)).unwrap();
    let full = || home.json(&["status"]).ok().filter(|status| told(&status[0]).contains("disk is full"));
    wait_until("a word about the disk", LIMIT, full).unwrap();
    assert!(dropped.exists());

    fs::remove_file(&ballast).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    home.run("kith", &["import", &file.to_string_lossy()]).unwrap();
    let known = export(&home).unwrap();
    assert_eq!((known.records("vcard").len(), known.people().len()), (20_000, 20_001));
    assert!(!told(&home.json(&["status"]).unwrap()[0]).contains("disk is full"));
    assert_eq!(home.json(&["status"]).unwrap()[0]["pid"], daemon.pid());

    let other = Home::new().unwrap();
    copy(&data.join("ledger"), &other.path("data/kith/ledger"));
    let _other = other.start().unwrap();
    assert_eq!(export(&other).unwrap().difference(&known), Vec::<String>::new());
}
