//! Plugins that do what they must not.

use std::fs;

use kith_tests::binaries::{self, HOSTILE};
use kith_tests::fixtures::person;
use kith_tests::{Home, export};

use crate::scene::{LIMIT, cards_of};

const CONFIG: &str = "[limits]\ntime = \"5 seconds\"\n";

/// What the plugin is told to do by a file, and the reason that the user reads.
const DEEDS: [(&str, &str); 11] = [
    ("segfault", "the plugin crashed (SIGSEGV)"),
    ("abort", "the plugin crashed (SIGABRT)"),
    ("panic", "the plugin failed: panicked: on purpose"),
    ("loop", "the plugin hung: not finished after 5 seconds"),
    ("allocate", "the plugin ran out of memory"),
    ("exit", "the plugin ended (exit code 0) without finishing"),
    ("flood", "the plugin flooded kith: it emitted more than"),
    ("lying-end", "the plugin lied about its end: the hash differs"),
    ("open", "the plugin tried what plugins may not do: open a file"),
    ("connect", "the plugin tried what plugins may not do: open a file, use the network"),
    ("limit", "the plugin tried what plugins may not do"),
];

#[test]
fn each_of_eleven_hostile_deeds_is_refused_with_its_reason_and_the_next_file_is_imported() {
    let home = Home::new().unwrap();
    home.configure(CONFIG).unwrap();
    home.add_plugin(&binaries::folder().unwrap().join(HOSTILE)).unwrap();
    let daemon = home.start().unwrap();
    for (number, (deed, reason)) in (0..).zip(DEEDS) {
        home.drop_file(&format!("{deed}.hostile"), deed.as_bytes()).unwrap();
        home.drop_file(&format!("{number}.vcf"), &cards_of(number, 1)).unwrap();
        home.wait_for_empty_drop(LIMIT).unwrap();
        let written = fs::read_to_string(home.path(&format!("Kith/Problem/{deed}.hostile.reason.txt"))).unwrap();
        assert!(written.contains(reason), "{deed}: {written}");
        assert!(export(&home).unwrap().person(&person(number).name()).is_some(), "after {deed}");
        // Three in ten minutes would switch it off.
        home.run("kith", &["plugin", "enable", "hostile"]).unwrap();
    }
    assert_eq!(home.json(&["status"]).unwrap()[0]["pid"], daemon.pid());
    assert_eq!(home.json(&["status"]).unwrap()[0]["people"], 11);
}

#[test]
fn what_a_folders_files_emit_beyond_measure_is_not_held_in_memory() {
    let home = Home::new().unwrap();
    home.configure("[limits]\ntime = \"60 seconds\"\n").unwrap();
    home.add_plugin(&binaries::folder().unwrap().join(HOSTILE)).unwrap();
    let _daemon = home.start().unwrap();
    let folder = home.path("cards");
    fs::create_dir(&folder).unwrap();
    let file_of_report = |order: &str, read: u64| {
        fs::write(folder.join("a.hostile"), order).unwrap();
        let reports = home.json(&["import", &folder.to_string_lossy()]).unwrap();
        let report = reports.iter().find(|report| report["read"] == read).unwrap_or_else(|| panic!("{reports:#?}"));
        report["file"].as_str().unwrap().to_owned()
    };
    assert_eq!(file_of_report("good", 2), folder.to_string_lossy());
    // Too much to be held back, it is streamed as an import of its own.
    assert_eq!(file_of_report("large", 100), folder.join("a.hostile").to_string_lossy());
}
