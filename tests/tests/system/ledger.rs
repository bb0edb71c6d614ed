//! The ledger is the truth: restored by copying, kept by one daemon, checked and folded again without one.

use std::time::Duration;

use kith_tests::{Home, export};

use crate::scene::{copy, settle_in};

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
fn the_second_daemon_on_a_ledger_says_so_and_exits() {
    let home = Home::new().unwrap();
    let first = home.start().unwrap();
    let mut second = home.spawn().unwrap();
    let status = second.wait(Duration::from_secs(30)).unwrap();
    assert!(!status.success());
    assert!(second.log().contains("another kithd") || second.log().contains("already"), "{}", second.log());
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
