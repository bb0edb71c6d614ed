//! `kith forget` and `kith circle suggest` ask, on a terminal; where nobody can be asked, nobody is forgotten.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Output, Stdio};

use kith_tests::fixtures::mail;
use kith_tests::skip::skip_without;
use kith_tests::{Daemon, Home};
use serde_json::Value;

use crate::scene::{DAY, LIMIT, files};

const ANA: &str = "BEGIN:VCARD\nVERSION:3.0\nUID:ana\nFN:Ana Quarrington\nEMAIL:ana.q@reef.example\nEND:VCARD\n";

const BOB: &str = "BEGIN:VCARD\nVERSION:3.0\nUID:bob\nFN:Bob Winterbourne\nEMAIL:bob@umbra.example\nEND:VCARD\n";

/// Ana stands in a file of her own, and in one with Bob.
fn settle(home: &Home) -> Daemon {
    let daemon = home.start().unwrap();
    for (name, bytes) in [("both.vcf", format!("{ANA}{BOB}")), ("alone.vcf", ANA.replace("UID:ana", "UID:ana-2"))] {
        home.drop_file(name, bytes.as_bytes()).unwrap();
        home.wait_for_empty_drop(LIMIT).unwrap();
    }
    daemon
}

/// Runs `kith` on a terminal, on which this is typed; then the input ends.
fn typed(home: &Home, arguments: &str, input: &str) -> String {
    let mut command = home.command("/usr/bin/script");
    let kith = home.command("kith");
    let line = format!("{} {arguments}", kith.get_program().to_string_lossy());
    command.args(["-qec", &line, "/dev/null"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    String::from_utf8_lossy(&output.stdout).replace('\r', "")
}

fn knows(home: &Home, name: &str) -> bool {
    !home.json(&["find", name]).unwrap().is_empty()
}

fn imported(home: &Home) -> Vec<PathBuf> {
    files(&home.path("Kith/Imported")).into_iter().filter(|path| path.is_file()).collect()
}

#[track_caller]
fn check_refused(output: &Output) {
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(64), "{told}");
    assert!(told.contains("--yes") && told.contains("--dry-run"), "{told}");
}

#[test]
fn where_nobody_can_be_asked_nobody_is_forgotten() {
    let home = Home::new().unwrap();
    let _daemon = settle(&home);
    check_refused(&home.kith(&["forget", "Quarrington"]).unwrap());
    check_refused(&home.kith(&["forget", "Quarrington", "--json"]).unwrap());
    check_refused(&home.kith(&["forget", "Quarrington", "--files", "delete"]).unwrap());
    let plan = home.json(&["forget", "Quarrington", "--dry-run"]).unwrap().remove(0);
    let others: Vec<&Value> = plan["files"].as_array().unwrap().iter().map(|file| &file["others"]).collect();
    assert_eq!(others, [&Value::Bool(false), &Value::Bool(true)], "{plan}");
    assert!(knows(&home, "Quarrington"));
    assert_eq!(imported(&home).len(), 2);
}

#[test]
fn first_comes_what_goes_then_whether_then_what_becomes_of_the_files() {
    if skip_without("first_comes_what_goes_then_whether_then_what_becomes_of_the_files", &["script"]) {
        return;
    }
    let home = Home::new().unwrap();
    let _daemon = settle(&home);
    let told = typed(&home, "forget Quarrington", "n\n");
    assert!(told.contains("Nothing was changed") && !told.contains("Delete"), "{told}");
    assert!(knows(&home, "Quarrington"));

    let told = typed(&home, "forget Quarrington", "maybe\ny\nn\n");
    let at = |words: &str| told.find(words).unwrap_or_else(|| panic!("no {words:?} in {told}"));
    assert!(at("this would go") < at("both.vcf (others, too)"), "{told}");
    assert!(at("both.vcf") < at("Forget Ana Quarrington?"), "{told}");
    assert!(at("Please answer y or n") < at("Delete these files, too, with the others in 1 of them?"), "{told}");
    assert!(!knows(&home, "Quarrington") && knows(&home, "Winterbourne"));
    assert_eq!(imported(&home).len(), 2);
}

#[test]
fn the_end_of_the_input_is_a_no_to_everything() {
    if skip_without("the_end_of_the_input_is_a_no_to_everything", &["script"]) {
        return;
    }
    let home = Home::new().unwrap();
    let _daemon = settle(&home);
    for input in ["", "y\n"] {
        let told = typed(&home, "forget Quarrington", input);
        assert!(told.contains("Nothing was changed"), "{input:?}: {told}");
        assert!(knows(&home, "Quarrington"), "{input:?}");
    }
    let told = typed(&home, "forget Quarrington", "y\ny\n");
    assert!(told.contains("is forgotten"), "{told}");
    assert!(!knows(&home, "Quarrington"));
    assert_eq!(imported(&home), Vec::<PathBuf>::new());
}

#[test]
fn a_proposal_that_is_answered_with_neither_is_asked_again() {
    if skip_without("a_proposal_that_is_answered_with_neither_is_asked_again", &["script"]) {
        return;
    }
    let home = Home::new().unwrap();
    home.configure("[[circle]]\nname = \"friends\"\ncadence = \"3 weeks\"\n").unwrap();
    let _daemon = home.start().unwrap();
    let mut mbox = Vec::new();
    mail::mbox(&mut mbox, 100, 10, DAY).unwrap();
    fs::write(home.path("mail.mbox"), mbox).unwrap();
    home.run("kith", &["import", &home.path("mail.mbox").to_string_lossy()]).unwrap();
    let before = home.json(&["circle", "suggest"]).unwrap().len();
    assert!(before > 0);
    let told = typed(&home, "circle suggest", "perhaps\nq\n");
    assert!(told.contains("Please answer y or n, or q to end."), "{told}");
    assert!(told.contains("Put them in \"friends\", to talk about every 3 weeks?"), "{told}");
    assert_eq!(home.json(&["circle", "suggest"]).unwrap().len(), before);
}
