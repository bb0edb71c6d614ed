//! `kith plugin check`: the conformance run, on a plugin in C that keeps the rules and on one that breaks them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use kith_tests::Home;
use kith_tests::binaries::{self, HOSTILE, root};
use serde_json::Value;

/// The checks, in the order in which they are made.
const CHECKS: [&str; 12] = [
    "file",
    "descriptor",
    "probe",
    "golden",
    "empty",
    "truncated",
    "huge",
    "not-utf-8",
    "twice",
    "leak",
    "speed",
    "sandbox",
];

/// Builds the C example as docs/PLUGINS.md says, in a folder of the home.
fn c_example(home: &Home) -> PathBuf {
    let library = home.path("libnames.so");
    let built = Command::new("cc")
        .args(["-std=c11", "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-I", "plugins/sdk/include"])
        .arg("-o")
        .arg(&library)
        .arg("docs/examples/names.c")
        .current_dir(root())
        .status()
        .unwrap();
    assert!(built.success());
    fs::set_permissions(&library, fs::Permissions::from_mode(0o644)).unwrap();
    library
}

fn hostile(home: &Home) -> PathBuf {
    home.add_plugin(&binaries::folder().unwrap().join(HOSTILE)).unwrap();
    home.path("plugins").join(HOSTILE)
}

fn check(home: &Home, library: &Path, more: &[&str]) -> (Output, Value) {
    let library = library.to_string_lossy();
    let arguments: Vec<&str> = ["--json", "plugin", "check", &*library].iter().chain(more).copied().collect();
    let output = home.kith(&arguments).unwrap();
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    (output, report)
}

/// Returns the finding and the text of a check.
fn line<'a>(report: &'a Value, topic: &str) -> (&'a str, &'a str) {
    let checks = report["checks"].as_array().unwrap();
    let found = checks.iter().find(|check| check["topic"] == topic).unwrap_or_else(|| panic!("no {topic}: {report:#}"));
    (found["finding"].as_str().unwrap(), found["text"].as_str().unwrap())
}

/// The hostile plugin, given a golden file with this order, fails the check with these words.
#[track_caller]
fn fails(order: &str, topic: &str, expected: &str) {
    let home = Home::new().unwrap();
    let library = hostile(&home);
    fs::create_dir(home.path("golden")).unwrap();
    fs::write(home.path("golden/a.hostile"), order).unwrap();
    let golden = home.path("golden").to_string_lossy().into_owned();
    let (output, report) = check(&home, &library, &["--golden", &golden, "--bless"]);
    assert_eq!(output.status.code(), Some(1), "{report:#}");
    assert_eq!(report["passed"], false);
    let (finding, text) = line(&report, topic);
    assert_eq!(finding, "fail", "{report:#}");
    assert!(text.contains(expected), "{text}");
}

#[test]
fn the_example_in_c_passes_every_check_without_a_daemon() {
    let home = Home::new().unwrap();
    let library = c_example(&home);
    let golden = root().join("docs/examples/golden");
    let (output, report) = check(&home, &library, &["--golden", &golden.to_string_lossy()]);
    let topics: Vec<&str> =
        report["checks"].as_array().unwrap().iter().map(|check| check["topic"].as_str().unwrap()).collect();
    assert_eq!(topics, CHECKS);
    for topic in CHECKS {
        assert_eq!(line(&report, topic).0, "ok", "{report:#}");
    }
    assert_eq!((output.status.code(), &report["passed"], &report["name"]), (Some(0), &true.into(), &"names".into()));
}

#[test]
fn the_plugin_that_the_docs_show_in_c_builds_by_the_words_beside_it_and_passes() {
    let home = Home::new().unwrap();
    let docs = fs::read_to_string(root().join("docs/PLUGINS.md")).unwrap();
    let block = |kind: &str, holds: &str| {
        let blocks = docs.split("```").skip(1).step_by(2).filter_map(|block| block.split_once('\n'));
        blocks.filter(|(begin, _)| *begin == kind).map(|(_, text)| text).find(|text| text.contains(holds)).unwrap()
    };
    let folder = home.path("numbers");
    fs::create_dir_all(folder.join("golden")).unwrap();
    fs::write(folder.join("numbers.c"), block("c", "KITH_IMPORTER")).unwrap();
    fs::copy(root().join("plugins/sdk/include/kith_plugin.h"), folder.join("kith_plugin.h")).unwrap();
    let build = block("sh", "numbers.c").lines().next().unwrap();
    let built = Command::new("sh").args(["-c", build]).current_dir(&folder).output().unwrap();
    assert!(built.status.success() && built.stderr.is_empty(), "{built:?}");
    fs::write(folder.join("golden/a.numbers"), "+49 30 1234567\n\nAna\n(030) 765-43").unwrap();
    let golden = folder.join("golden").to_string_lossy().into_owned();
    let (_, report) = check(&home, &folder.join("libnumbers.so"), &["--golden", &golden, "--bless"]);
    assert_eq!(report["passed"], true, "{report:#}");
    let came = fs::read_to_string(folder.join("golden/a.numbers.expected.jsonl")).unwrap();
    assert!(came.contains("\"path\":\"a.numbers\""), "a diagnostic without a path is about the first file: {came}");
    assert_eq!((came.matches("\"number\"").count(), came.matches("not a telephone number").count()), (2, 1), "{came}");
}

/// The importers that come with kith, each with a file of its format.
const OWN: [(&str, &str, &str); 5] = [
    ("libkith_vcard.so", "a.vcf", "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:1\r\nFN:Ana Silva\r\nEND:VCARD\r\n"),
    ("libkith_csv.so", "a.csv", "Name;Email;Birthday\nAna Silva;ana@example.com;1985-04-12\nBo Ek;bo@example.com;\n"),
    (
        "libkith_email.so",
        "a.mbox",
        "From ana@example.com Mon Jun  1 10:00:00 2026\nFrom: Ana Silva <ana@example.com>\n\
         To: Sam <sam@example.com>\nDate: Mon, 1 Jun 2026 10:00:00 +0000\nMessage-ID: <1@example.com>\n\nHi\n\n",
    ),
    (
        "libkith_addressbook.so",
        "a.ldif",
        "dn: cn=Ana Silva,mail=ana@example.com\nobjectclass: person\ncn: Ana Silva\nmail: ana@example.com\n\n",
    ),
    (
        "libkith_calendar.so",
        "a.ics",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260601T100000Z\nORGANIZER:mailto:sam@example.com\n\
         ATTENDEE;CN=Ana Silva:mailto:ana@example.com\nEND:VEVENT\nEND:VCALENDAR\n",
    ),
];

#[test]
fn the_importers_that_come_with_kith_pass() {
    let home = Home::new().unwrap();
    for (library, name, text) in OWN {
        let golden = home.path(&format!("golden-{library}"));
        fs::create_dir(&golden).unwrap();
        fs::write(golden.join(name), text).unwrap();
        let golden = golden.to_string_lossy().into_owned();
        let (_, report) = check(&home, &home.path("plugins").join(library), &["--golden", &golden, "--bless"]);
        // How fast they are is measured by `cargo xtask bench`, on a build that is meant to be.
        for topic in CHECKS.into_iter().filter(|topic| *topic != "speed") {
            assert_eq!(line(&report, topic).0, "ok", "{report:#}");
        }
    }
}

#[test]
fn what_differs_from_a_golden_file_is_quoted_and_what_comes_can_be_taken_for_it() {
    let home = Home::new().unwrap();
    let library = c_example(&home);
    let folder = home.path("golden");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("few.names"), "Ana Silva\n").unwrap();
    let golden = folder.to_string_lossy().into_owned();
    let (output, report) = check(&home, &library, &["--golden", &golden]);
    assert_eq!(output.status.code(), Some(1));
    assert!(line(&report, "golden").1.contains("nothing says what is expected"), "{report:#}");
    assert!(check(&home, &library, &["--golden", &golden, "--bless"]).0.status.success());
    let expected = folder.join("few.names.expected.jsonl");
    fs::write(&expected, fs::read_to_string(&expected).unwrap().replace("Ana", "Bo")).unwrap();
    let (_, report) = check(&home, &library, &["--golden", &golden]);
    let (finding, text) = line(&report, "golden");
    assert_eq!(finding, "fail");
    assert!(text.contains("differs in line 2") && text.contains("Bo Silva") && text.contains("Ana Silva"), "{text}");
}

#[test]
fn a_folder_among_the_golden_files_is_a_bundle() {
    let home = Home::new().unwrap();
    let library = c_example(&home);
    let folder = home.path("golden");
    fs::create_dir_all(folder.join("two")).unwrap();
    fs::write(folder.join("two/a.names"), "Ana Silva\n").unwrap();
    fs::write(folder.join("two/b.names"), "Bo Ek\n").unwrap();
    let golden = folder.to_string_lossy().into_owned();
    assert!(check(&home, &library, &["--golden", &golden, "--bless"]).0.status.success());
    let came = fs::read_to_string(folder.join("two.expected.jsonl")).unwrap();
    let bo = came.lines().find(|line| line.contains("Bo Ek")).unwrap();
    assert!(bo.contains("\"entry\":1"), "{came}");
}

#[test]
fn a_file_that_is_no_plugin_and_one_that_others_may_write_to_are_named() {
    let home = Home::new().unwrap();
    let text = home.path("text.so");
    fs::write(&text, "BEGIN:VCARD\n").unwrap();
    fs::set_permissions(&text, fs::Permissions::from_mode(0o644)).unwrap();
    let (output, report) = check(&home, &text, &[]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(line(&report, "file"), ("fail", "it is not a shared library for this machine"));
    let library = hostile(&home);
    fs::set_permissions(&library, fs::Permissions::from_mode(0o666)).unwrap();
    let (_, report) = check(&home, &library, &[]);
    assert_eq!(line(&report, "file"), ("warn", "others may write to it: kithd will not use it so"));
}

#[test]
fn a_crash_fails_the_golden_file() {
    fails("segfault", "golden", "a.hostile: the plugin crashed (SIGSEGV)");
}

#[test]
fn an_attempt_to_open_a_file_fails_the_sandbox() {
    fails("open", "sandbox", "the plugin tried what plugins may not do");
}

#[test]
fn memory_that_is_not_given_back_fails_the_leak() {
    fails("leak", "leak", "memory grew by");
}

#[test]
fn another_answer_each_time_fails_twice() {
    fails("unsteady", "twice", "comes to something else in the same worker");
}

#[test]
fn records_that_kith_does_not_read_fail_the_golden_file() {
    fails("not-json", "golden", "items are not what kith reads");
}
