//! Files that are dropped or given become people.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;

use kith_tests::fixtures::{mail, person};
use kith_tests::{Home, export};

use crate::scene::{DAY, LIMIT, cards_of, files};

#[test]
fn dropped_cards_become_people_and_the_file_is_put_away_unchanged() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    let bytes = cards_of(0, 30);
    home.drop_file("people.vcf", &bytes).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    let known = export(&home).unwrap();
    assert_eq!(known.records("vcard").len(), 30);
    assert_eq!(known.person(&person(0).name()).unwrap()["emails"][0], person(0).email);
    let put_away = files(&home.path("Kith/Imported"));
    assert_eq!(put_away.len(), 1);
    assert_eq!(fs::read(&put_away[0]).unwrap(), bytes);
}

#[test]
fn a_first_start_without_a_config_makes_a_drop_folder_and_imports() {
    let home = Home::bare().unwrap();
    let _daemon = home.start().unwrap();
    home.drop_file("people.vcf", &cards_of(0, 3)).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    assert_eq!(export(&home).unwrap().people().len(), 3);
}

#[test]
fn a_maildir_is_imported_in_place_and_its_senders_join_their_cards() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    home.drop_file("people.vcf", &cards_of(0, 30)).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    let folder = home.path("mail");
    mail::maildir(&folder, 90, 30, DAY).unwrap();
    let before = files(&folder);
    let report = home.json(&["import", &folder.to_string_lossy()]).unwrap();
    assert_eq!(report[0]["read"], 90, "{report:?}");
    assert_eq!(files(&folder), before);
    let known = export(&home).unwrap();
    let people = known.people();
    let cards = people.iter().filter(|person| !person["last_interaction"].is_null()).count();
    assert!(cards > 0 && people.len() <= 31, "{} people", people.len());
}

#[test]
fn what_cannot_be_read_goes_to_problem_with_a_reason_and_the_next_file_is_imported() {
    let home = Home::new().unwrap();
    let daemon = home.start().unwrap();
    home.drop_file("holiday.vcf", b"\x00\x01 nothing of the kind").unwrap();
    home.drop_file("people.vcf", &cards_of(0, 3)).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    let names: Vec<_> = files(&home.path("Kith/Problem"))
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names, ["holiday.vcf", "holiday.vcf.reason.txt"]);
    assert_eq!(export(&home).unwrap().people().len(), 3);
    assert_eq!(home.json(&["status"]).unwrap()[0]["pid"], daemon.pid());
}

#[test]
fn a_dry_run_reports_and_writes_nothing() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    let file = home.path("people.vcf");
    fs::write(&file, cards_of(0, 5)).unwrap();
    let report = home.json(&["import", "--dry-run", &file.to_string_lossy()]).unwrap();
    assert_eq!(report[0]["new"], 5);
    assert!(export(&home).unwrap().is_empty());
}

#[test]
fn the_client_says_what_to_do_when_the_daemon_is_down() {
    let home = Home::new().unwrap();
    let answer = home.kith(&["status"]).unwrap();
    assert_eq!(answer.status.code(), Some(69));
    assert!(String::from_utf8_lossy(&answer.stderr).contains("hint:"), "{answer:?}");
}

#[test]
fn a_file_given_again_under_another_name_is_told_of_by_that_name() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    let card = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana Silva\r\nBDAY:1985-13-40\r\nEND:VCARD\r\n";
    for name in ["first.vcf", "second.vcf"] {
        let file = home.path(name);
        fs::write(&file, card).unwrap();
        let report = home.json(&["import", &file.to_string_lossy()]).unwrap();
        assert_eq!(report[0]["diagnostics"][0]["path"], name, "{report:#?}");
    }
    let imports = home.json(&["undo", "--list"]).unwrap();
    assert_eq!((&imports[0]["records"], &imports[0]["same_as"]), (&0.into(), &imports[1]["import"]));
    assert!(imports[1]["same_as"].is_null(), "{imports:#?}");
}

#[test]
fn a_name_that_is_not_utf8_is_imported_when_dropped_and_named_with_the_next_step_when_given() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    let name = OsStr::from_bytes(b"caf\xe9.vcf");
    fs::write(home.path("").join(name), cards_of(0, 3)).unwrap();
    fs::write(home.path("more.vcf"), cards_of(3, 2)).unwrap();
    let answer = home.command("kith").arg("import").arg(name).arg("more.vcf").output().unwrap();
    let words = String::from_utf8_lossy(&answer.stdout).into_owned();
    assert!(!answer.status.success());
    assert!(words.contains("not imported: its name is not UTF-8") && words.contains("next: rename it"), "{words}");
    assert_eq!(export(&home).unwrap().people().len(), 2);

    fs::rename(home.path("").join(name), home.drop_folder().unwrap().join(name)).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    assert_eq!(export(&home).unwrap().people().len(), 5);
    let put_away = files(&home.path("Kith/Imported"));
    assert_eq!(put_away.iter().filter_map(|path| path.file_name()).collect::<Vec<_>>(), [name]);
}

#[test]
fn what_stands_before_a_cut_is_kept_and_the_rest_told() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    let whole = cards_of(0, 3);
    let cut = &whole[..whole.len() - 20];
    let folder = home.path("folder");
    fs::create_dir(&folder).unwrap();
    for path in [home.path("cut.vcf"), folder.join("cut too.vcf")] {
        fs::write(path, cut).unwrap();
    }
    fs::write(folder.join("more.csv"), "Name,E-Mail\nZoë Brandt,zoe@example.com\n").unwrap();
    fs::write(home.path("nothing.vcf"), "BEGIN:VCARD\nVERSION:4.0\nFN:").unwrap();

    let report = home.json(&["import", "--dry-run", "cut.vcf"]).unwrap().remove(0);
    assert_eq!((&report["new"], &report["refused"]), (&2.into(), &1.into()), "{report:#}");
    assert!(report["diagnostics"][1]["consequence"].as_str().unwrap().contains("before the cut is kept"), "{report:#}");
    let answer = home.kith(&["import", "nothing.vcf"]).unwrap();
    assert!(!answer.status.success(), "{answer:?}");
    home.run("kith", &["import", "cut.vcf"]).unwrap();
    assert_eq!(export(&home).unwrap().people().len(), 2);

    fs::rename(&folder, home.drop_folder().unwrap().join("folder")).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    assert_eq!(export(&home).unwrap().people().len(), 3);
    let reason = fs::read_to_string(home.path("Kith/Problem/cut too.vcf.reason.txt")).unwrap();
    assert!(reason.contains("of what stands before the cut are kept 2 items"), "{reason}");
    assert!(!reason.contains("Nothing of it"), "{reason}");
}

#[test]
fn a_report_tells_who_of_the_new_was_known_and_what_is_to_be_asked() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    let card = |name: &str, rest: &str| format!("BEGIN:VCARD\nVERSION:3.0\nFN:{name}\n{rest}\nEND:VCARD\n");
    let import = |name: &str, cards: [String; 2]| {
        fs::write(home.path(name), cards.concat()).unwrap();
        home.run("kith", &["import", &home.path(name).to_string_lossy()]).unwrap()
    };
    let first =
        [card("Ana Silva", "UID:1\nEMAIL:ana@a.example"), card("Odo Quist", "ORG:Reef Ltd\nEMAIL:odo@a.example")];
    let told = import("one.vcf", first);
    assert!(told.contains("2 new") && !told.contains("you had") && !told.contains("kith review"), "{told}");
    let second = [card("Ana M. Silva", "UID:2\nEMAIL:ana@a.example"), card("Odo Quist", "EMAIL:quist@b.example")];
    let told = import("two.vcf", second);
    assert!(told.contains("2 new; 1 of the new is of somebody you had"), "{told}");
    assert!(told.contains("1 more pair may be one person: kith review"), "{told}");

    fs::write(home.path("three.vcf"), card("Ana Silva", "UID:3\nEMAIL:ana@a.example")).unwrap();
    home.run("kith", &["import", &home.path("three.vcf").to_string_lossy()]).unwrap();
    home.run("kith", &["forget", "ana@a.example", "--yes"]).unwrap();
    let report = home.run("kith", &["report"]).unwrap();
    assert!(report.contains("two.vcf") && !report.contains("Silva"), "the newest that is there: {report}");
}

#[test]
fn a_file_that_comes_again_is_told_of_also_where_the_first_report_is_lost() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    let file = home.path("people.vcf");
    fs::write(&file, cards_of(0, 3)).unwrap();
    let import = || home.json(&["import", &file.to_string_lossy()]).unwrap().remove(0);
    let plugin = import()["plugin"].clone();
    // As when the daemon ends between the import and its report.
    fs::remove_dir_all(home.path("state/kith/reports")).unwrap();
    let again = import();
    assert_eq!((&again["read"], &again["same"], &again["plugin"]), (&3.into(), &3.into(), &plugin), "{again}");
}

#[test]
fn an_undone_import_says_who_went_and_which_imports_keep_the_others() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    let import = |name: &str, first: u64, count: u64| {
        fs::write(home.path(name), cards_of(first, count)).unwrap();
        let report = home.json(&["import", &home.path(name).to_string_lossy()]).unwrap().remove(0);
        report["import"].as_str().unwrap().to_owned()
    };
    let (one, two) = (import("one.vcf", 0, 5), import("two.vcf", 3, 4));
    let again = import("copy.vcf", 3, 4);

    let undone = home.json(&["undo", &two]).unwrap().remove(0);
    assert_eq!((&undone["people_gone"], &undone["people_stay"]), (&0.into(), &4.into()), "{undone}");
    let listed_by = undone["listed_by"].as_array().unwrap();
    let names: Vec<_> = listed_by.iter().map(|by| (by["import"].as_str().unwrap(), by["people"].clone())).collect();
    assert_eq!(names, [(again.as_str(), 4.into()), (one.as_str(), 2.into())], "the same file given again keeps all");

    let told = home.run("kith", &["undo", &again]).unwrap();
    let file = |name: &str| home.path(name).display().to_string();
    let why = format!("2 people went; 2 stay, listed elsewhere too: one.vcf (import {one})");
    let expected = format!("{again} ({}) no longer counts: {why}", file("copy.vcf"));
    assert!(told.starts_with(&expected), "{told}");
    assert_eq!(export(&home).unwrap().people().len(), 5);
    let told = home.run("kith", &["undo", &one]).unwrap();
    assert!(told.starts_with(&format!("{one} ({}) no longer counts: 5 people went\n", file("one.vcf"))), "{told}");
}
