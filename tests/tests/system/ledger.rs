//! The ledger is the truth: restored by copying, kept by one daemon, checked and folded again without one.

use std::fs;
use std::time::Duration;

use kith_tests::{Home, export};
use serde_json::Value;

use crate::scene::{cards_of, copy, settle_in};

const STOP: Duration = Duration::from_secs(5);

#[test]
fn copying_the_ledger_restores_everything() {
    let old = Home::new().unwrap();
    let daemon = settle_in(&old);
    old.run("kith", &["note", "Bruno Berg", "likes", "rye", "bread"]).unwrap();
    let known = export(&old).unwrap();
    daemon.stop(STOP).unwrap();

    let new = Home::new().unwrap();
    copy(&old.path("data/kith/ledger"), &new.path("data/kith/ledger"));
    let _daemon = new.start().unwrap();
    assert_eq!(export(&new).unwrap().difference(&known), Vec::<String>::new());
    let bruno = new.run("kith", &["show", "Bruno Berg"]).unwrap();
    assert!(bruno.contains("rye bread"), "{bruno}");
}

#[test]
fn who_loses_the_state_is_reminded_as_before() {
    let has_id = |path| fs::read_to_string(path).is_ok_and(|id| !id.trim().is_empty());
    let is_known = ["/etc/machine-id", "/var/lib/dbus/machine-id"].into_iter().any(has_id);
    let home = Home::new().unwrap();
    let daemon = home.start().unwrap();
    assert_eq!(home.json(&["status"]).unwrap()[0]["elsewhere"], Value::Null);
    daemon.stop(STOP).unwrap();
    let device = fs::read_to_string(home.path("state/kith/device")).unwrap();
    fs::remove_dir_all(home.path("state/kith")).unwrap();
    let daemon = home.start().unwrap();
    assert_ne!(fs::read_to_string(home.path("state/kith/device")).unwrap(), device);
    // A machine without an id cannot be known again; then the new device says who reminds.
    assert_eq!(home.json(&["status"]).unwrap()[0]["elsewhere"].is_null(), is_known);
    daemon.stop(STOP).unwrap();

    // Another machine with a copy of the ledger leaves the reminding to the first, and says so.
    let other = Home::new().unwrap();
    copy(&home.path("data/kith/ledger"), &other.path("data/kith/ledger"));
    let _daemon = other.start().unwrap();
    let elsewhere = other.json(&["status"]).unwrap()[0]["elsewhere"].to_string();
    assert!(elsewhere.contains("reminds, last heard of on"), "{elsewhere}");
    assert!(other.run("kith", &["doctor"]).unwrap().contains("deliver = true"));
}

#[test]
fn the_second_daemon_on_a_ledger_says_so_and_exits() {
    let home = Home::new().unwrap();
    let first = home.start().unwrap();
    let mut second = home.spawn().unwrap();
    let status = second.wait(Duration::from_secs(30)).unwrap();
    assert!(!status.success());
    assert!(
        second.log().contains(&format!("another kithd is running on it (pid {})", first.pid())),
        "{}",
        second.log()
    );
    assert_eq!(home.json(&["status"]).unwrap()[0]["pid"], first.pid());
}

#[test]
fn check_and_rebuild_work_with_the_daemon_down() {
    let home = Home::new().unwrap();
    let daemon = settle_in(&home);
    let known = export(&home).unwrap();
    daemon.stop(STOP).unwrap();
    home.run("kithd", &["check"]).unwrap();
    home.run("kithd", &["rebuild"]).unwrap();
    let _daemon = home.start().unwrap();
    assert_eq!(export(&home).unwrap().difference(&known), Vec::<String>::new());
}

#[test]
fn undo_and_its_undo_leave_everything_as_it_was() {
    let home = Home::new().unwrap();
    let _daemon = settle_in(&home);
    let known = export(&home).unwrap();
    let import = home.json(&["undo", "--list"]).unwrap()[0]["import"].as_str().unwrap().to_owned();
    let undone = home.json(&["undo", &import]).unwrap();
    assert_ne!(export(&home).unwrap(), known);
    home.json(&["undo", undone[0]["fact"].as_str().unwrap()]).unwrap();
    assert_eq!(export(&home).unwrap().difference(&known), Vec::<String>::new());
}

#[test]
fn undo_takes_exactly_one_import_back_and_a_later_one_of_the_same_file_still_stands() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    let file = home.path("people.vcf");
    fs::write(&file, cards_of(0, 3)).unwrap();
    let path = file.to_string_lossy().into_owned();
    let import = || home.json(&["import", &path]).unwrap()[0]["import"].as_str().unwrap().to_owned();
    let people = || home.json(&["find"]).unwrap().len();
    let (first, second) = (import(), import());
    fs::write(&file, cards_of(2, 3)).unwrap();
    let third = import();
    assert_ne!(first, second);
    assert_eq!(people(), 5);
    for (undone, left) in [(&first, 5), (&second, 3), (&third, 0)] {
        home.json(&["undo", undone]).unwrap();
        assert_eq!(people(), left, "after {undone} of {first}, {second}, {third}");
    }
}

#[test]
fn a_folder_given_twice_still_stands_when_the_first_time_is_undone() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    let folder = home.path("cards");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("a.vcf"), cards_of(0, 3)).unwrap();
    fs::write(folder.join("b.vcf"), cards_of(3, 2)).unwrap();
    let path = folder.to_string_lossy().into_owned();
    let import = || home.json(&["import", &path]).unwrap()[0]["import"].as_str().unwrap().to_owned();
    let people = || home.json(&["find"]).unwrap().len();
    let (first, second) = (import(), import());
    for (undone, left) in [(&first, 5), (&second, 0)] {
        home.json(&["undo", undone]).unwrap();
        assert_eq!(people(), left, "after {undone} of {first}, {second}");
    }
}
