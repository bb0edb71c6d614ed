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
    let Some(daemon) = home.start_with_disk(name, "data/kith", DISK_BYTES).unwrap() else { return };
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

    let (ledger, other) = (home.path("data/kith/ledger"), Home::new().unwrap());
    copy(&data.join("ledger"), &ledger);
    drop(daemon);
    let checked = home.run("kithd", &["check"]).unwrap();
    assert!(!checked.contains("lost"), "{checked}");
    copy(&ledger, &other.path("data/kith/ledger"));
    let _other = other.start().unwrap();
    assert_eq!(export(&other).unwrap().difference(&known), Vec::<String>::new());
}

/// How large the disk of the store is, and how much of it something else takes: less is left than imports leave.
const STORE_DISK_BYTES: usize = 64 << 20;
const STORE_BALLAST_BYTES: usize = 50 << 20;

#[test]
fn imports_leave_room_for_the_store_and_a_store_without_room_is_not_taken_for_damaged() {
    let name = "imports_leave_room_for_the_store_and_a_store_without_room_is_not_taken_for_damaged";
    let home = Home::new().unwrap();
    let Some(mut daemon) = home.start_with_disk(name, "state/kith", STORE_DISK_BYTES).unwrap() else { return };
    let state = daemon.sees(&home.path("state/kith"));
    let ballast = state.join("ballast");
    fs::write(&ballast, vec![1; STORE_BALLAST_BYTES]).unwrap();

    home.drop_file("few.vcf", &cards_of(0, 100)).unwrap();
    let full = || home.json(&["status"]).ok().filter(|status| told(&status[0]).contains("disk is full"));
    wait_until("a word about the disk", LIMIT, full).unwrap();
    home.run("kith", &["add", "Zora Zahn"]).unwrap();
    fs::remove_file(&ballast).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    assert_eq!(export(&home).unwrap().people().len(), 101);

    fs::write(&ballast, vec![1; STORE_DISK_BYTES]).unwrap_err();
    // What is said is kept, in the ledger; the store has no room for so much of it.
    let text: String = (0..100_000_u64).map(|n| char::from(b'a' + u8::try_from(n * n / 7 % 26).unwrap())).collect();
    for _ in 0..20 {
        home.run("kith", &["note", "Zora Zahn", &text]).unwrap();
    }
    let ended = wait_until("the end of a daemon whose store has no room", LIMIT, || daemon.ended());
    assert!(!ended.unwrap().success());
    assert!(daemon.log().contains("the disk is full"), "{}", daemon.log());
    assert!(!daemon.log().contains("damaged"), "{}", daemon.log());
    drop(daemon);
    let _daemon = home.start().unwrap();
    assert_eq!(export(&home).unwrap().people().len(), 101);
    assert!(home.run("kith", &["show", "Zora Zahn"]).unwrap().contains(&text[..60]));
}
