//! A LinkedIn archive, copied slowly, then again.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use kith_tests::binaries::root;
use kith_tests::fixtures::linkedin;
use kith_tests::wait::pause;
use kith_tests::{Home, export};
use serde_json::Value;

use crate::scene::{DAY, LIMIT};

const NAME: &str = "Basic_LinkedInDataExport_06-01-2026.zip";

/// What parts the address and the name in the key of a participant.
const PARTICIPANT: char = '\n';

/// Copies an archive to the drop folder in three chunks, each written and closed by itself, slowly.
fn copy_slowly(home: &Home, bytes: &[u8]) {
    let target = home.drop_folder().unwrap().join(NAME);
    for chunk in bytes.chunks(bytes.len() / 3 + 1) {
        let mut file = OpenOptions::new().create(true).append(true).open(&target).unwrap();
        file.write_all(chunk).unwrap();
        drop(file);
        pause(Duration::from_secs(3));
    }
}

fn counted(report: &Value) -> u64 {
    let sum = |name: &str| report[name].as_object().unwrap().values().filter_map(Value::as_u64).sum::<u64>();
    sum("collections") + sum("tallies") + report["refused"].as_u64().unwrap()
}

fn imports(home: &Home) -> Vec<Value> {
    home.json(&["undo", "--list"]).unwrap()
}

fn imported_once_and_the_same_again_changes_nothing(archive: &[u8], connections: usize) {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    copy_slowly(&home, archive);
    home.wait_for_empty_drop(LIMIT).unwrap();
    let first = imports(&home);
    assert_eq!(first.len(), 1, "{:#?}", home.json(&["problems"]).unwrap());
    let known = export(&home).unwrap();
    let slugs: BTreeSet<String> = known
        .records("linkedin")
        .iter()
        .filter_map(|record| record["key"].as_str())
        .filter(|key| !key.contains(PARTICIPANT))
        .map(str::to_owned)
        .collect();
    assert_eq!(slugs.len(), connections);

    copy_slowly(&home, archive);
    home.wait_for_empty_drop(LIMIT).unwrap();
    assert_eq!(export(&home).unwrap().difference(&known), Vec::<String>::new());
    let mut records: Vec<Option<u64>> = imports(&home).iter().map(|import| import["records"].as_u64()).collect();
    records.sort_unstable();
    assert_eq!(records, [Some(0), first[0]["records"].as_u64()]);

    let file = home.path(NAME);
    fs::write(&file, archive).unwrap();
    let report = &home.json(&["import", "--dry-run", &file.to_string_lossy()]).unwrap()[0];
    assert_eq!(
        (&report["new"], &report["changed"], &report["retired"]),
        (&0.into(), &0.into(), &0.into()),
        "{report:#}"
    );
    assert_eq!(counted(report), report["read"].as_u64().unwrap(), "{report:#}");
}

#[test]
fn an_archive_copied_slowly_is_imported_once_and_the_same_again_changes_nothing() {
    let size = linkedin::Size { connections: 300, closed: 5, messages: 400, invitations: 40 };
    imported_once_and_the_same_again_changes_nothing(&linkedin::archive(size, DAY).unwrap(), 300);
}

#[test]
fn the_sample_archive_copied_slowly_is_imported_once_and_the_same_again_changes_nothing() {
    let Some(archive) = sample() else { return };
    imported_once_and_the_same_again_changes_nothing(&fs::read(archive).unwrap(), 2_000);
}

/// The sample archive beside the repository, where there is one.
fn sample() -> Option<PathBuf> {
    Some(root().join("../shared/corpus/linkedin/sample_export.zip")).filter(|path| path.is_file())
}

/// The tables of an archive: Ana changes her job, Bo leaves, Cy comes; Ana endorses and recommends the owner.
fn tables(is_later: bool) -> Vec<(&'static str, String)> {
    let header = "Notes:\n\"Some addresses are missing.\"\n\nFirst Name,Last Name,URL,Email Address,Company,Position,Connected On\n";
    let ana = if is_later { "Acme,CTO" } else { "Reef Ltd,Engineer" };
    let other = if is_later {
        "Cy,Roe,https://www.linkedin.com/in/cy-roe,,Quay,Pilot,02 Nov 2026"
    } else {
        "Bo,Ek,https://www.linkedin.com/in/bo-ek,,Quay,Pilot,02 May 2026"
    };
    let connections = format!(
        "{header}Ana,Silva,https://www.linkedin.com/in/ana-silva,,{ana},01 Feb 2024\n{other}\n,,,,,,03 Mar 2024\n"
    );
    vec![
        ("Recommendations_Received.csv", "First Name,Last Name,Company,Job Title,Text,Creation Date,Status\nAna,Silva,Reef Ltd,Engineer,Always calm.,\"04/05/24, 10:03 AM\",VISIBLE\n".to_owned()),
        ("Connections.csv", connections),
        ("Endorsement_Given_Info.csv", "Endorsement Date,Skill Name,Endorsee First Name,Endorsee Last Name,Endorsement Status\n2024/03/05 09:10:11 UTC,Sailing,Ana,Silva,ACCEPTED\n".to_owned()),
        ("Notes.csv", "Connection First Name,Connection Last Name,Connection Profile URL,Note,Created On,Edited On\nAna,Silva,https://www.linkedin.com/in/ana-silva,Likes oysters,2024-03-04 10:00:00 UTC,\n".to_owned()),
        ("Skills.csv", "Name\nSailing\n".to_owned()),
        ("Jobs/Saved Jobs.csv", "Saved Date,Job Url\n1/2/24,https://example.com\n".to_owned()),
    ]
}

fn write_tables(home: &Home, folder: &str, is_later: bool) -> String {
    for (name, text) in tables(is_later) {
        let path = home.path(folder).join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    home.path(folder).to_string_lossy().into_owned()
}

/// What a trial promises of an import, and what the import then says of itself.
fn import(home: &Home, folder: &str) -> Value {
    let report = |arguments: &[&str]| {
        let mut report = home.json(arguments).unwrap().remove(0);
        report["import"] = Value::Null;
        report
    };
    let promised = report(&["import", "--dry-run", folder]);
    let done = report(&["import", folder]);
    assert_eq!(done, promised);
    done
}

#[test]
fn two_archives_in_either_order_are_the_same_people_and_tell_what_is_new_about_them() {
    let homes = [Home::new().unwrap(), Home::new().unwrap()];
    let _daemons = homes.each_ref().map(|home| home.start().unwrap());
    let folders =
        homes.each_ref().map(|home| [write_tables(home, "x/export", false), write_tables(home, "y/export", true)]);

    let first = import(&homes[0], &folders[0][0]);
    assert_eq!(first["tallies"]["archive file not used: Skills.csv"], 1, "{first:#}");
    assert_eq!(first["tallies"]["archive file not used: Jobs/Saved Jobs.csv"], 1, "{first:#}");
    let second = import(&homes[0], &folders[0][1]);
    let counts = ["new", "changed", "retired", "moved"].map(|count| second[count].as_u64().unwrap());
    assert_eq!(counts, [1, 1, 1, 1], "{second:#}");
    let news = |report: &Value| report["changes"].as_array().unwrap().iter().map(Value::to_string).collect::<Vec<_>>();
    assert!(news(&second).iter().any(|change| change.contains("Ana moved to Acme as CTO")), "{second:#}");
    assert!(news(&second).iter().any(|change| change.contains("Bo Ek") && change.contains("retired")), "{second:#}");

    homes[1].run("kith", &["import", &folders[1][1]]).unwrap();
    let old = import(&homes[1], &folders[1][0]);
    let counts = ["changed", "retired", "moved"].map(|count| old[count].as_u64().unwrap());
    assert_eq!((counts, &old["tallies"]["older than what is known"]), ([0, 0, 0], &Value::from(1)), "{old:#}");
    assert!(!news(&old).iter().any(|change| change.contains("Ana moved")), "{old:#}");
    let known = homes.each_ref().map(|home| {
        // Of two files that say the same, the one that came last is named.
        let roots = ["x", "y"].map(|folder| home.path(folder).to_string_lossy().into_owned());
        export(home).unwrap().replacing(&roots[0], "").replacing(&roots[1], "")
    });
    assert_eq!(known[0].difference(&known[1]), Vec::<String>::new());

    for home in &homes {
        let ana = home.run("kith", &["show", "Ana Silva"]).unwrap();
        assert!(ana.contains("Ana moved to Acme as CTO, seen 2026-11-02"), "{ana}");
        assert!(ana.contains("Likes oysters") && ana.contains("recommendation  they: Engineer, Reef Ltd"), "{ana}");
        assert!(ana.contains("endorsement  you: Sailing"), "{ana}");
        assert!(ana.contains("You gave: 1 endorsement; you received: 1 recommendation."), "{ana}");
        let company = home.json(&["company", "Acme"]).unwrap().remove(0);
        assert_eq!((&company["people"][0]["name"], &company["people"][0]["now"]), (&"Ana Silva".into(), &true.into()));
        let before = home.json(&["company", "Reef Ltd"]).unwrap().remove(0);
        let (now, title) = (&before["people"][0]["now"], &before["people"][0]["title"]);
        assert_eq!((now, title), (&false.into(), &"Engineer".into()), "{before}");
        let bo = home.run("kith", &["show", "Bo Ek"]).unwrap();
        assert!(bo.contains("no longer listed"), "{bo}");
    }
}
