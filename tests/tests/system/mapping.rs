//! The user says what the columns of a table are: once, and it holds for every table of that header.

use std::fs;

use kith_tests::{Home, export};

use crate::scene::{LIMIT, files};

const TABLE: &str = "Wer;Wo;Ding;Gruppe\nAna Silva;Porto;ana@example.com;Segeln\nBo Ek;Oslo;bo@example.com;Tanz\n";

#[test]
fn a_mapping_is_proposed_given_kept_and_used_by_itself_the_next_time() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    let table = home.path("club.csv");
    fs::write(&table, TABLE).unwrap();
    let table = table.to_string_lossy().into_owned();
    let proposed = home.run("kith", &["import", "--map", &table]).unwrap();
    assert!(proposed.contains("name = \"Ding\"\nas = \"email\"  # (ana@example.com)"), "{proposed}");
    assert!(export(&home).unwrap().is_empty());

    let wished = proposed
        .replace("name = \"Wo\"\nas = \"beside\"", "name = \"Wo\"\nas = \"address.home.city\"")
        .replace("as = \"beside\"  # (Segeln)", "as = \"keywords\"");
    fs::write(home.path("club.toml"), &wished).unwrap();
    let map = home.path("club.toml").to_string_lossy().into_owned();
    let told = home.run("kith", &["import", "--map-file", &map, &table]).unwrap();
    assert!(told.contains("The mapping is kept in ") && told.contains("2 new"), "{told}");
    assert!(told.contains("columns are read as your mapping says: Wer → name, Wo → address.home.city"), "{told}");
    let kept = told.lines().find_map(|line| line.strip_prefix("The mapping is kept in ")?.split(',').next()).unwrap();
    assert_eq!(fs::read_to_string(kept).unwrap(), wished);

    home.drop_file("later.csv", b"Wer;Wo;Ding;Gruppe\nCy Ode;Bergen;cy@example.com;Chor\n").unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    let reports =
        files(&home.path("state")).into_iter().filter(|path| path.extension().is_some_and(|end| end == "json"));
    let texts: Vec<String> = reports.filter_map(|path| fs::read_to_string(path).ok()).collect();
    let later = texts.iter().find(|text| text.contains("later.csv")).unwrap();
    assert!(later.contains("columns are read as your mapping says: Wer → name, Wo → address.home.city"), "{later}");
}

#[test]
fn a_wrong_mapping_is_refused_with_its_file_line_and_key_and_imports_nothing() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    fs::write(home.path("club.csv"), TABLE).unwrap();
    fs::write(home.path("club.toml"), "[[column]]\nname = \"Wer\"\nas = \"shoe\"\n").unwrap();
    let (table, map) = (home.path("club.csv"), home.path("club.toml"));
    let arguments = ["import", "--map-file", &map.to_string_lossy(), &table.to_string_lossy()];
    let answer = home.kith(&arguments).unwrap();
    let words = String::from_utf8_lossy(&answer.stderr).into_owned();
    assert_eq!(answer.status.code(), Some(65), "{words}");
    assert!(words.contains("club.toml:3: column.as: not understood: \"shoe\" (write one of name, "), "{words}");
    assert!(export(&home).unwrap().is_empty());
}

#[test]
fn the_same_file_read_by_another_mapping_is_read_again() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    fs::write(home.path("club.csv"), TABLE).unwrap();
    let (table, map) = (home.path("club.csv"), home.path("club.toml"));
    let (table, map) = (table.to_string_lossy().into_owned(), map.to_string_lossy().into_owned());
    assert_eq!(home.json(&["import", &table]).unwrap()[0]["new"], 2);
    let column = |name: &str, meaning: &str| format!("[[column]]\nname = \"{name}\"\nas = \"{meaning}\"\n");
    let text = [("Wer", "name"), ("Wo", "notes"), ("Ding", "email"), ("Gruppe", "skip")].map(|(n, m)| column(n, m));
    fs::write(&map, text.concat()).unwrap();
    let report = home.json(&["import", "--map-file", &map, &table]).unwrap();
    assert_eq!((&report[0]["changed"], &report[0]["new"]), (&2.into(), &0.into()), "{report:#?}");
    assert_eq!(home.json(&["import", &table]).unwrap()[0]["same"], 2);
}

#[test]
fn a_kept_mapping_that_was_broken_since_is_named_by_the_doctor() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    fs::create_dir_all(home.path("config/kith/maps")).unwrap();
    fs::write(home.path("config/kith/maps/club.toml"), "[[column]]\nname = \"Wer\"\nas = \"shoe\"\n").unwrap();
    let answer = home.kith(&["doctor"]).unwrap();
    let words = String::from_utf8_lossy(&answer.stdout).into_owned();
    assert!(words.contains("maps/club.toml:3: column.as: not understood: \"shoe\""), "{words}");
}

#[test]
fn address_books_that_are_no_tables_are_read_in_the_sandbox_too() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    home.drop_file("book.ldif", b"dn: cn=Ana Silva\ncn: Ana Silva\nmail: ana@example.com\n").unwrap();
    home.drop_file("your_friends.json", br#"{"friends_v2":[{"name":"Bo Ek","timestamp":1700000000}]}"#).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    let known = export(&home).unwrap();
    assert_eq!((known.records("ldif").len(), known.records("facebook").len()), (1, 1));
    assert_eq!(known.people().len(), 2);
}
