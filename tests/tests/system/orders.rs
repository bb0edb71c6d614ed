//! Any order of any set of files is the same people, and what is given twice is as if it were given once.

use std::fs;

use kith_tests::binaries::root;
use kith_tests::fixtures::{linkedin, mail};
use kith_tests::{Home, export};
use serde_json::Value;

use crate::scene::{DAY, cards_of};

/// Files of every importer, as programs export them; their people overlap.
const FIXTURES: [&str; 14] = [
    "plugins/calendar/tests/fixtures/meetings.ics",
    "plugins/csv/tests/fixtures/connections-2021.csv",
    "plugins/csv/tests/fixtures/connections-2026.csv",
    "plugins/csv/tests/fixtures/google-new.csv",
    "plugins/csv/tests/fixtures/google-old-utf16.csv",
    "plugins/csv/tests/fixtures/layouts/outlook-com.csv",
    "plugins/csv/tests/fixtures/layouts/yahoo.csv",
    "plugins/csv/tests/fixtures/messages-2026.csv",
    "plugins/csv/tests/fixtures/thunderbird.csv",
    "plugins/email/tests/fixtures/takeout.mbox",
    "plugins/email/tests/fixtures/thunderbird.mbox",
    "plugins/vcard/tests/fixtures/apple.vcf",
    "plugins/vcard/tests/fixtures/outlook.vcf",
    "plugins/vcard/tests/fixtures/version4.vcf",
];

/// All files, each with its name.
fn files() -> Vec<(String, Vec<u8>)> {
    let size = linkedin::Size { connections: 20, closed: 1, messages: 15, invitations: 5 };
    let mut mbox = Vec::new();
    mail::mbox(&mut mbox, 20, 12, DAY).unwrap();
    let made = [
        ("made.vcf".to_owned(), cards_of(0, 15)),
        ("made.zip".to_owned(), linkedin::archive(size, DAY).unwrap()),
        ("made.mbox".to_owned(), mbox),
    ];
    let read = |path: &&str| {
        let name = path.rsplit('/').next().unwrap_or(path).to_owned();
        (name, fs::read(root().join(path)).unwrap())
    };
    made.into_iter().chain(FIXTURES.iter().map(read)).collect()
}

/// Numbers without rhyme, the same in each run (Knuth's multiplier).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn shuffled<T: Clone>(&mut self, all: &[T]) -> Vec<T> {
        let mut left = all.to_vec();
        (0..all.len()).map(|_| left.swap_remove(self.below(left.len()))).collect()
    }
}

/// Imports the files, each as often as is said, and returns the people.
fn people(files: &[(String, Vec<u8>)], times: usize) -> Vec<String> {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    for (name, bytes) in files {
        let path = home.path("files").join(name);
        fs::create_dir_all(home.path("files")).unwrap();
        fs::write(&path, bytes).unwrap();
        for _ in 0..times {
            home.run("kith", &["import", &path.to_string_lossy()]).unwrap();
        }
    }
    let known = export(&home).unwrap().replacing(&home.path("files").to_string_lossy(), "");
    let mut people: Vec<String> = known
        .people()
        .into_iter()
        .map(|mut person| {
            let Some(fields) = person.as_object_mut() else { panic!("{person}") };
            // These tell who came first: the id is of the earliest record, and what was said last is shown first.
            fields.retain(|field, _| !["id", "name"].contains(&field.as_str()));
            fields.values_mut().filter_map(Value::as_array_mut).for_each(|list| list.sort_by_key(Value::to_string));
            person.to_string()
        })
        .collect();
    people.sort();
    people
}

#[test]
fn any_order_of_any_set_of_files_is_the_same_people_and_twice_is_once() {
    let files = files();
    for round in 1..=6 {
        let mut dice = Dice(round);
        let count = 3 + dice.below(files.len() - 3);
        let some = dice.shuffled(&files).split_off(files.len() - count);
        let again = dice.shuffled(&some);
        let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        let (one, other) = (people(&some, 1), people(&again, 2));
        let only = |one: &[String], other: &[String]| -> Vec<String> {
            one.iter().filter(|person| !other.contains(person)).cloned().collect()
        };
        let (left, right) = (only(&one, &other), only(&other, &one));
        let told = || format!("{:?}\n{left:#?}\n{:?}\n{right:#?}", names(&some), names(&again));
        assert!(left.is_empty() && right.is_empty(), "{}", told());
        assert!(!one.is_empty(), "round {round}: nobody in {:?}", names(&some));
    }
}
