//! Forgetting a person: nothing of them is left on this device, nor on another; nobody brings them back; the others stay.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kith_tests::fixtures::{linkedin, mail};
use kith_tests::wait::pause;
use kith_tests::{Daemon, Home, wait_until};
use serde_json::Value;

use crate::scene::{DAY, LIMIT, copy, files};

const STOP: Duration = Duration::from_secs(5);

/// All that could tell of Ana, in lower case.
const TRACES: [&str; 6] =
    ["quarrington", "ana.q@reef.example", "ana-quarrington", "12025550143", "555-0143", "ana photo"];

const ANA: &str = "BEGIN:VCARD\nVERSION:3.0\nUID:ana-1\nFN:Ana Quarrington\nEMAIL:ana.q@reef.example\n\
    TEL:+1 202-555-0143\nORG:Reef\nURL:https://www.linkedin.com/in/ana-quarrington\n\
    PHOTO;ENCODING=b;TYPE=JPEG:/9j/YW5hIHBob3Rv\nBDAY:Ana Quarrington\nEND:VCARD\n";

const BOB: &str = "BEGIN:VCARD\nVERSION:3.0\nUID:bob-1\nFN:Bob Winterbourne\nEMAIL:bob@umbra.example\nORG:Umbra\n\
    PHOTO;ENCODING=b;TYPE=JPEG:/9j/Ym9iIHBob3Rv\nEND:VCARD\n";

fn mbox() -> String {
    let message = |id: &str, to: &str, cc: &str| {
        format!(
            "From robin.vale@example.com Mon Jun  1 10:00:00 2026\nFrom: Robin Vale <robin.vale@example.com>\nTo: {to}\n{cc}\
             Subject: Lunch {id}\nDate: Mon, 1 Jun 2026 10:0{id}:00 +0000\nMessage-ID: <{id}@mail.example>\n\nSee you.\n\n"
        )
    };
    let (ana, bob) = ("Ana Quarrington <ana.q@reef.example>", "Bob Winterbourne <bob@umbra.example>");
    let cc = format!("Cc: {bob}\n");
    message("1", ana, "") + &message("2", bob, "") + &message("3", ana, &cc)
}

/// Imports cards, mail and an archive, and says things about Ana and Bob.
fn settle(home: &Home) -> Daemon {
    let daemon = home.start().unwrap();
    for (name, bytes) in dropped() {
        home.drop_file(name, &bytes).unwrap();
        home.wait_for_empty_drop(LIMIT).unwrap();
    }
    for words in [
        &["note", "Quarrington", "met at the fair"][..],
        &["circle", "set", "Quarrington", "friends"],
        &["log", "Quarrington", "coffee"],
        &["set", "Quarrington", "title", "Diver of the Quarrington reef"],
        &["note", "Winterbourne", "plays chess"],
    ] {
        home.run("kith", words).unwrap();
    }
    daemon
}

fn dropped() -> Vec<(&'static str, Vec<u8>)> {
    let size = linkedin::Size { connections: 20, closed: 1, messages: 10, invitations: 4 };
    let mut others = Vec::new();
    mail::mbox(&mut others, 10, 5, DAY).unwrap();
    vec![
        ("people.vcf", format!("{ANA}{BOB}").into_bytes()),
        ("ana-quarrington.vcf", ANA.replace("ana-1", "ana-2").into_bytes()),
        ("mail.mbox", mbox().into_bytes()),
        ("others.mbox", others),
        ("Basic_LinkedInDataExport.zip", linkedin::archive(size, DAY).unwrap()),
    ]
}

/// Returns where something of Ana is written.
fn traces(folders: &[PathBuf]) -> Vec<String> {
    let mut found = Vec::new();
    for path in folders.iter().flat_map(|folder| files(folder)).filter(|path| path.is_file()) {
        let bytes = fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        let name = path.display().to_string();
        let traces = TRACES.iter().map(|trace| trace.to_lowercase());
        found.extend(
            traces.filter(|t| text.contains(t.as_str()) || name.contains(t.as_str())).map(|t| format!("{t} in {name}")),
        );
    }
    found
}

fn kept(home: &Home) -> Vec<PathBuf> {
    ["data", "state", "run"].iter().map(|folder| home.path(folder)).collect()
}

fn exported(home: &Home) -> Vec<String> {
    let lines = home.run("kith", &["export", "--interactions"]).unwrap();
    let mut lines: Vec<String> = lines.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

#[test]
fn nothing_is_left_of_who_is_forgotten_and_the_next_import_does_not_bring_them_back() {
    let home = Home::new().unwrap();
    let daemon = settle(&home);
    let photos = || fs::read_dir(home.path("data/kith/ledger/photos")).unwrap().count();
    assert_eq!(photos(), 2);
    let before = exported(&home);
    let plan = home.json(&["forget", "Quarrington", "--dry-run"]).unwrap().remove(0);
    assert_eq!((&plan["dry_run"], &plan["cards"], &plan["photos"]), (&true.into(), &2.into(), &1.into()), "{plan}");
    assert_eq!((&plan["interactions"], &plan["shared_interactions"]), (&1.into(), &1.into()), "{plan}");
    assert_eq!(plan["files"].as_array().unwrap().len(), 3, "{plan}");
    assert_eq!(exported(&home), before, "a dry run changed something");
    assert!(!traces(&kept(&home)).is_empty());

    let done = home.json(&["forget", "Quarrington", "--yes"]).unwrap().remove(0);
    assert_eq!(traces(&kept(&home)), Vec::<String>::new());
    let id = before.iter().find(|line| line.contains("Quarrington")).unwrap().get(7..39).unwrap();
    let others: Vec<String> = before.iter().filter(|line| !line.contains(id)).cloned().collect();
    let after = exported(&home);
    let lost: Vec<&String> = others.iter().filter(|line| !after.contains(line)).collect();
    assert_eq!(lost, Vec::<&String>::new());
    assert_eq!(after.len(), others.len() + 1, "the mail to both is left to the other");
    assert!(home.run("kith", &["show", "Winterbourne"]).unwrap().contains("plays chess"));
    assert_eq!(photos(), 1);
    let refused = home.kith(&["undo", done["fact"].as_str().unwrap()]).unwrap();
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("cannot be undone"));

    import_again(&home);
    assert_eq!(traces(&kept(&home)), Vec::<String>::new());

    daemon.stop(STOP).unwrap();
    assert!(home.run("kithd", &["check"]).is_ok());
    home.run("kithd", &["rebuild"]).unwrap();
    let _daemon = home.start().unwrap();
    assert_eq!(home.json(&["find", "Quarrington"]).unwrap(), Vec::<Value>::new());
    assert_eq!(traces(&kept(&home)), Vec::<String>::new());
}

/// Drops the same files, and one in which the card has another UID.
fn import_again(home: &Home) {
    for (name, bytes) in dropped() {
        home.drop_file(name, &bytes).unwrap();
        home.wait_for_empty_drop(LIMIT).unwrap();
    }
    let same = home.path("same.vcf");
    fs::write(&same, format!("{ANA}{BOB}")).unwrap();
    let report = home.json(&["import", same.to_str().unwrap()]).unwrap().pop().unwrap();
    assert_eq!((&report["same"], &report["tallies"]["forgotten, left out"]), (&1.into(), &1.into()), "{report}");
    let again = home.path("again.vcf");
    fs::write(&again, format!("{ANA}{BOB}").replace("Umbra", "Penumbra").replace("-1\n", "-9\n")).unwrap();
    let report = home.json(&["import", again.to_str().unwrap()]).unwrap().pop().unwrap();
    assert_eq!(report["tallies"]["forgotten, left out"], 1, "{report}");
    assert_eq!(home.json(&["find", "Quarrington"]).unwrap(), Vec::<Value>::new());
}

#[test]
fn imported_files_are_deleted_when_the_user_says_so() {
    let home = Home::new().unwrap();
    let _daemon = settle(&home);
    let by_hand = home.path("by-hand.vcf");
    fs::write(&by_hand, ANA.replace("ana-1", "ana-3")).unwrap();
    home.run("kith", &["import", by_hand.to_str().unwrap()]).unwrap();
    let words = home.run("kith", &["forget", "Quarrington", "--yes", "--files", "delete"]).unwrap();
    assert!(words.contains("not touched") && words.contains("by-hand.vcf"), "{words}");
    assert!(by_hand.exists());
    let left: Vec<String> = files(&home.path("Kith/Imported"))
        .iter()
        .map(|p| p.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(left, ["Basic_LinkedInDataExport.zip", "others.mbox"]);
}

#[test]
fn another_device_forgets_too_and_so_does_its_folder() {
    let (home, other) = (Home::new().unwrap(), Home::new().unwrap());
    let daemon = settle(&home);
    daemon.stop(STOP).unwrap();
    let ledger = |home: &Home| home.path("data/kith/ledger");
    copy(&ledger(&home), &ledger(&other));
    let away = other.start().unwrap();
    // The other device has a card that the first has not seen, and words of its own.
    other.drop_file("more.vcf", ANA.replace("ana-1", "ana-4").as_bytes()).unwrap();
    other.wait_for_empty_drop(LIMIT).unwrap();
    other.run("kith", &["note", "Quarrington", "sings"]).unwrap();
    away.stop(STOP).unwrap();

    let daemon = home.start().unwrap();
    home.run("kith", &["forget", "Quarrington", "--yes"]).unwrap();
    daemon.stop(STOP).unwrap();
    assert_eq!(traces(&kept(&home)), Vec::<String>::new());

    let id = |home: &Home| fs::read_to_string(home.path("state/kith/device")).unwrap().trim().to_owned();
    let (first, second) = (id(&home), id(&other));
    sync(&ledger(&home).join(&first), &ledger(&other).join(&first));
    let away = other.start().unwrap();
    let gone = || traces(&[other.path("state"), ledger(&other).join(&first), ledger(&other).join(&second)]);
    assert_eq!(gone(), Vec::<String>::new());
    assert_eq!(other.json(&["find", "Quarrington"]).unwrap(), Vec::<Value>::new());
    assert!(other.run("kith", &["show", "Winterbourne"]).unwrap().contains("plays chess"));
    away.stop(STOP).unwrap();

    // What the other found besides comes back to the first, which knows of nobody again.
    copy(&ledger(&other).join(&second), &ledger(&home).join(&second));
    let _daemon = home.start().unwrap();
    assert_eq!(home.json(&["find", "Quarrington"]).unwrap(), Vec::<Value>::new());
    assert_eq!(traces(&kept(&home)), Vec::<String>::new());
    assert_eq!(home.json(&["status"]).unwrap()[0]["people"], other_people(&home));
}

fn other_people(home: &Home) -> Value {
    home.json(&["find"]).unwrap().len().into()
}

fn sync(from: &Path, to: &Path) {
    fs::remove_dir_all(to).unwrap();
    copy(from, to);
}

/// How many moments of forgetting are tried, and how far they lie apart: the last is after its end.
const MOMENTS: u64 = 24;
const BETWEEN: Duration = Duration::from_millis(20);

#[test]
fn a_kill_at_any_moment_of_forgetting_is_made_up_for() {
    let origin = Home::new().unwrap();
    settle(&origin).stop(STOP).unwrap();
    pack_half(&origin);
    (0..MOMENTS).for_each(|moment| killed_after(&origin, BETWEEN * u32::try_from(moment).unwrap()));
}

/// Forgets Ana in a copy of a home, where kithd is killed after so long; then nothing of her is left after a start.
fn killed_after(origin: &Home, after: Duration) {
    let home = Home::new().unwrap();
    for folder in ["data", "state"] {
        copy(&origin.path(folder), &home.path(folder));
    }
    let daemon = home.start().unwrap();
    let mut forgetting = home.command("kith").args(["forget", "Quarrington", "--yes"]).spawn().unwrap();
    pause(after);
    daemon.kill().unwrap();
    forgetting.wait().unwrap();
    let daemon = home.start().unwrap();
    if !home.json(&["find", "Quarrington"]).unwrap().is_empty() {
        // It was killed before the fact was written.
        home.run("kith", &["forget", "Quarrington", "--yes"]).unwrap();
    }
    assert_eq!(traces(&kept(&home)), Vec::<String>::new(), "killed after {after:?}");
    assert_eq!(packed_traces(&home), 0, "killed after {after:?}");
    assert!(home.run("kith", &["show", "Winterbourne"]).unwrap().contains("plays chess"));
    daemon.stop(STOP).unwrap();
    home.run("kithd", &["check"]).unwrap();
}

/// Cuts the ledger's segment in two, as if it had grown, and lets kithd pack the first.
fn pack_half(home: &Home) {
    let folder = ledger_folder(home);
    let text = fs::read(folder.join("000001.jsonl")).unwrap();
    let three_quarters = text.len() * 3 / 4;
    let rest = text.iter().skip(three_quarters).position(|byte| *byte == b'\n').unwrap();
    let (first, second) = text.split_at(three_quarters + rest + 1);
    fs::write(folder.join("000001.jsonl"), first).unwrap();
    fs::write(folder.join("000002.jsonl"), second).unwrap();
    fs::remove_dir_all(home.path("state/kith/store")).unwrap();
    let daemon = home.start().unwrap();
    let packed = folder.join("000001.jsonl.zst");
    wait_until("the first segment to be packed", LIMIT, || {
        (packed.exists() && !folder.join("000001.jsonl").exists()).then_some(())
    })
    .unwrap();
    daemon.stop(STOP).unwrap();
    assert!(packed_traces(home) > 0, "there is nothing of Ana in the packed segment");
}

fn ledger_folder(home: &Home) -> PathBuf {
    let device = fs::read_to_string(home.path("state/kith/device")).unwrap();
    home.path("data/kith/ledger").join(device.trim())
}

/// Counts the traces of Ana in the packed segment.
fn packed_traces(home: &Home) -> usize {
    let packed = ledger_folder(home).join("000001.jsonl.zst");
    let text = zstd::decode_all(fs::File::open(packed).unwrap()).unwrap();
    let text = String::from_utf8(text).unwrap().to_lowercase();
    TRACES.iter().filter(|trace| text.contains(&trace.to_lowercase())).count()
}

#[test]
fn what_cannot_be_removed_is_told_and_tried_again() {
    let home = Home::new().unwrap();
    home.configure("rescan = \"1 second\"\n").unwrap();
    let daemon = settle(&home);
    let obstacle = ledger_folder(&home).join(".000001.jsonl.rewritten");
    fs::create_dir(&obstacle).unwrap();
    let refused = home.kith(&["forget", "Quarrington", "--yes"]).unwrap();
    let told = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && told.contains("tried again"), "{told}");
    let needs_a_look =
        || home.run("kith", &["status"]).unwrap().contains("somebody who is forgotten is still in files");
    assert!(needs_a_look());
    assert_eq!(home.json(&["find", "Quarrington"]).unwrap(), Vec::<Value>::new());
    daemon.stop(STOP).unwrap();
    let _daemon = home.start().unwrap();
    assert!(needs_a_look(), "a start says it again");
    assert_eq!(home.json(&["find", "Quarrington"]).unwrap(), Vec::<Value>::new());
    fs::remove_dir(&obstacle).unwrap();
    wait_until("another try", LIMIT, || (!needs_a_look()).then_some(())).unwrap();
    assert_eq!(traces(&kept(&home)), Vec::<String>::new());
}

#[test]
fn a_folder_read_in_place_is_named_and_its_card_does_not_come_back() {
    let home = Home::new().unwrap();
    home.configure("rescan = \"1 second\"\n\n[[watch]]\npath = \"~/contacts\"\nlayout = \"vdir\"\n").unwrap();
    let folder = home.path("contacts");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("1.vcf"), ANA).unwrap();
    fs::write(folder.join("2.vcf"), BOB).unwrap();
    let _daemon = home.start().unwrap();
    let knows = |name: &str| !home.json(&["find", name]).unwrap().is_empty();
    wait_until("both", LIMIT, || (knows("Quarrington") && knows("Winterbourne")).then_some(())).unwrap();
    let done = home.json(&["forget", "Quarrington", "--yes"]).unwrap().remove(0);
    assert_eq!(done["in_place"].as_array().unwrap().len(), 1, "{done}");
    fs::write(folder.join("1.vcf"), ANA.replace("ORG:Reef", "ORG:Atoll")).unwrap();
    fs::write(folder.join("2.vcf"), BOB.replace("Bob Winterbourne", "Bob Summerbourne")).unwrap();
    wait_until("news of the other", LIMIT, || knows("Summerbourne").then_some(())).unwrap();
    wait_until("the card to be read", LIMIT, || (!knows("Quarrington")).then_some(())).unwrap();
    assert_eq!(traces(&kept(&home)), Vec::<String>::new());
}
