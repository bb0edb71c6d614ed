//! What others on the machine could see: modes of files, and the log.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use kith_tests::Home;
use kith_tests::fixtures::person;

use crate::scene::{LIMIT, settle_in};

/// Returns everything below `folder` that somebody else may read, write or enter.
fn open_to_others(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let about = fs::symlink_metadata(&path).unwrap();
        if about.permissions().mode() & 0o077 != 0 {
            found.push(format!("{:o} {}", about.permissions().mode(), path.display()));
        }
        if about.is_dir() {
            found.extend(open_to_others(&path));
        }
    }
    found
}

#[test]
fn files_are_0600_and_folders_0700() {
    let home = Home::new().unwrap();
    let _daemon = settle_in(&home);
    home.drop_file("broken.vcf", b"nothing of the kind").unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    let own: Vec<String> = ["data", "state", "run", "Kith/Problem"]
        .iter()
        .flat_map(|folder| open_to_others(&home.path(folder)))
        .filter(|found| !found.ends_with("/broken.vcf"))
        .collect();
    assert_eq!(own, Vec::<String>::new());
}

#[test]
fn no_name_or_address_of_a_person_is_in_the_log() {
    let home = Home::new().unwrap();
    let daemon = settle_in(&home);
    let (ana, email) = (person(0).name(), person(0).email);
    for command in [&["find", "Ana"][..], &["show", &email], &["note", &ana, "likes", "tea"], &["show", "nobody"]] {
        drop(home.kith(command).unwrap());
    }
    home.drop_file("broken.vcf", format!("BEGIN:VCARD\nVERSION:4.0\nFN:{ana}\nBDAY:{email}\n").as_bytes()).unwrap();
    let log = daemon.log();
    assert!(!log.is_empty());
    for number in 0..60 {
        let person = person(number);
        for word in [person.name(), person.email, person.slug] {
            assert!(!log.contains(&word), "{word} is in the log:\n{log}");
        }
    }
}
