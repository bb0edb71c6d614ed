//! The ledger of several devices, as file sync brings it: late, cut, damaged, or from an older copy.

#![expect(clippy::unwrap_used, reason = "these are tests")]

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use kith_core::fact::{Said, Settings, What};
use kith_core::id::DeviceId;
use kith_proto::card::{Card, Name};
use kithd::keeper::{self, Keeper};
use kithd::ledger::{Lines, Position, Writer, pack, segments};
use kithd::paths::Paths;
use tempfile::TempDir;

/// So large is a segment of the other device: few facts.
const SEGMENT_BYTES: u64 = 400;

/// A home whose ledger another device's folder comes to.
struct Home {
    root: TempDir,
    other: DeviceId,
}

impl Home {
    fn new() -> Self {
        Self { root: tempfile::tempdir().unwrap(), other: DeviceId::from_random([7; 4]) }
    }

    fn paths(&self) -> Paths {
        let home = self.root.path().as_os_str().to_owned();
        Paths::new(move |name| (name == "HOME").then(|| home.clone()), None).unwrap()
    }

    fn folder(&self) -> PathBuf {
        self.paths().ledger.join(self.other.as_str())
    }

    /// Opens the ledger, and returns how many are known, why the other's is held, and whether the store was made again.
    fn opened(&self) -> (usize, Option<String>, Option<String>) {
        let (keeper, _task) = keeper::start(&self.paths()).unwrap();
        told(&keeper, &self.other)
    }
}

fn told(keeper: &Keeper, other: &DeviceId) -> (usize, Option<String>, Option<String>) {
    (keeper.book().counts().people, keeper.held().remove(other), keeper.rebuilt().map(str::to_owned))
}

/// Says, as this device, that so many more people are known, each in a segment of its own.
fn add_people(root: &Path, device: &DeviceId, count: usize) -> Writer {
    let mut writer = Writer::open(root, device.clone(), SEGMENT_BYTES).unwrap();
    for n in 0..count {
        let name = Name { full: Some(format!("Person {n} of {device}")), components: Vec::new() };
        let notes = vec!["word ".repeat(100)];
        let card = Box::new(Card { name, notes, ..Card::default() });
        let said = Said::Add { key: format!("{device}-{}", writer.end().seq), card };
        writer.append(Timestamp::from_second(1_790_000_000).unwrap(), &What::Said(said)).unwrap();
        writer.sync().unwrap();
        writer.rotate().unwrap();
    }
    writer
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for (_, path) in segments(from).unwrap() {
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

#[test]
fn another_devices_segment_that_comes_late_is_waited_for_and_nothing_is_passed_over() {
    let (home, away) = (Home::new(), tempfile::tempdir().unwrap());
    drop(add_people(away.path(), &home.other, 3));
    let whole = segments(&away.path().join(home.other.as_str())).unwrap();
    fs::create_dir_all(home.folder()).unwrap();
    let bring = |number: usize, bytes: &[u8]| {
        fs::write(home.folder().join(whole[number - 1].1.file_name().unwrap()), bytes).unwrap();
    };
    let bytes = |number: usize| fs::read(&whole[number - 1].1).unwrap();
    let held = |words: &str| Some(words.to_owned());

    bring(2, &bytes(2));
    assert_eq!(home.opened(), (0, held("its first facts are not there yet"), None));
    bring(1, &bytes(1)[..bytes(1).len() / 2]);
    assert_eq!(home.opened(), (0, held("its first facts are not there yet"), None));
    bring(1, &bytes(1));
    assert_eq!(home.opened(), (2, None, None));
    let mut damaged = bytes(3);
    damaged[40] ^= 1;
    bring(3, &damaged);
    assert_eq!(home.opened(), (2, None, None));
    drop(add_people(away.path(), &home.other, 1));
    bring(4, &fs::read(segments(&away.path().join(home.other.as_str())).unwrap()[3].1.clone()).unwrap());
    assert_eq!(home.opened(), (2, held("what comes after its fact 2 is not there yet"), None));
    bring(3, &bytes(3));
    assert_eq!(home.opened(), (4, None, None));
}

#[test]
fn another_devices_folder_that_cannot_be_read_costs_only_itself() {
    let home = Home::new();
    let third = DeviceId::from_random([9; 4]);
    drop(add_people(&home.paths().ledger, &third, 2));
    let mut writer = add_people(&home.paths().ledger, &home.other, 2);
    while pack::pack_one(&writer).unwrap() {}
    writer.sync().unwrap();
    let packed = home.folder().join("000002.jsonl.zst");
    let bytes = fs::read(&packed).unwrap();
    fs::write(&packed, &bytes[..bytes.len() / 2]).unwrap();
    let (people, held, rebuilt) = home.opened();
    assert_eq!((people, rebuilt), (3, None));
    assert!(held.unwrap().starts_with("it cannot be read"));
    fs::write(&packed, &bytes).unwrap();
    assert_eq!(home.opened(), (4, None, None));
}

#[test]
fn a_newer_kiths_facts_wait_for_an_update() {
    let home = Home::new();
    drop(add_people(&home.paths().ledger, &home.other, 1));
    let line = fs::read_to_string(home.folder().join("000001.jsonl")).unwrap();
    let rest = line.trim_end().split_once(r#","v":1,"n":1,"#).unwrap().1.to_owned();
    let body = format!(r#","v":99,"n":2,{rest}"#);
    let newer = format!("{{\"c\":\"{:08x}\"{body}\n", crc32fast::hash(body.as_bytes()));
    fs::write(home.folder().join("000002.jsonl"), newer).unwrap();
    let why = "it was written by a newer kith; update kith here".to_owned();
    assert_eq!(home.opened(), (1, Some(why), None));
}

#[test]
fn an_older_copy_of_the_ledger_put_back_is_folded_anew_and_numbers_are_not_given_twice() {
    let (home, backup) = (Home::new(), tempfile::tempdir().unwrap());
    assert_eq!(home.opened(), (0, None, None));
    let own = DeviceId::try_from(fs::read_to_string(home.paths().device).unwrap().trim().to_owned()).unwrap();
    let folder = home.paths().ledger.join(own.as_str());
    drop(add_people(&home.paths().ledger, &own, 2));
    copy(&folder, &backup.path().join("older"));
    drop(add_people(&home.paths().ledger, &own, 3));
    assert_eq!(home.opened(), (5, None, None));

    fs::remove_dir_all(&folder).unwrap();
    copy(&backup.path().join("older"), &folder);
    let (people, _, rebuilt) = home.opened();
    assert_eq!(people, 2);
    assert!(rebuilt.unwrap().contains("put back from an older copy"));
    let now = fs::read_to_string(home.paths().device).unwrap();
    assert_ne!(now.trim(), own.as_str());
    assert_eq!(home.opened(), (2, None, None));
}

#[test]
fn an_older_copy_put_back_over_a_packed_segment_costs_nothing() {
    let (home, backup) = (Home::new(), tempfile::tempdir().unwrap());
    let root = home.paths().ledger;
    let older = backup.path().join("000001.jsonl");
    for _ in 0..2 {
        let mut writer = Writer::open(&root, home.other.clone(), 1 << 20).unwrap();
        if writer.end().seq > 0 {
            fs::copy(home.folder().join("000001.jsonl"), &older).unwrap();
        }
        writer.append(Timestamp::UNIX_EPOCH, &What::Said(Said::Settings(Settings::default()))).unwrap();
        writer.sync().unwrap();
    }
    let mut writer = Writer::open(&root, home.other.clone(), 1).unwrap();
    writer.rotate().unwrap();
    while pack::pack_one(&writer).unwrap() {}
    fs::copy(&older, home.folder().join("000001.jsonl")).unwrap();
    let all = |home: &Home| {
        let mut lines = Lines::from(&home.folder(), Position::default());
        let mut count = 0;
        while lines.next_line().unwrap().is_some() {
            count += 1;
        }
        count
    };
    assert_eq!(all(&home), 2);
    while pack::pack_one(&writer).unwrap() {}
    assert_eq!(all(&home), 2);
}
