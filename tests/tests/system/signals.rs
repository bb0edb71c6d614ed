//! SIGTERM and SIGHUP.

use std::time::Duration;

use kith_tests::{Home, export, wait_until};
use rustix::process::Signal;
use serde_json::Value;

use crate::scene::{LIMIT, cards_of, files};

fn circles(home: &Home) -> Vec<String> {
    let circles = home.json(&["circle", "list"]).unwrap();
    circles.iter().filter_map(|circle| circle["name"].as_str().map(str::to_owned)).collect()
}

#[test]
fn sigterm_in_the_middle_of_an_import_ends_within_five_seconds_and_loses_nothing() {
    let home = Home::new().unwrap();
    let daemon = home.start().unwrap();
    home.drop_file("people.vcf", &cards_of(0, 20_000)).unwrap();
    wait_until("an import that runs", LIMIT, || {
        let ledger = files(&home.path("data/kith/ledger"));
        let written: u64 = ledger.iter().map(|file| file.metadata().map_or(0, |about| about.len())).sum();
        (written > 500_000).then_some(())
    })
    .unwrap();
    let status = daemon.stop(Duration::from_secs(5)).unwrap();
    assert!(status.success(), "{status}");
    let _daemon = home.start().unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    assert_eq!(export(&home).unwrap().records("vcard").len(), 20_000);
}

#[test]
fn sighup_reads_the_config_again_and_keeps_the_old_one_when_the_new_is_wrong() {
    let home = Home::new().unwrap();
    let daemon = home.start().unwrap();
    home.configure("[[circle]]\nname = \"choir\"\ncadence = \"3 weeks\"\n").unwrap();
    daemon.signal(Signal::HUP).unwrap();
    wait_until("the new circle", LIMIT, || circles(&home).contains(&"choir".to_owned()).then_some(())).unwrap();

    home.configure("[[circle]]\nname = \"choir\"\ncadence = \"now and then\"\n").unwrap();
    daemon.signal(Signal::HUP).unwrap();
    let told = wait_until("a word about the wrong config", LIMIT, || {
        let status = home.json(&["status"]).ok()?;
        status[0]["attention"].as_array()?.iter().find_map(Value::as_str).map(str::to_owned)
    })
    .unwrap();
    assert!(told.contains("cadence"), "{told}");
    assert!(circles(&home).contains(&"choir".to_owned()));
}
