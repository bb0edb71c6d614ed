//! What needs a look is said, with the next step: in `kith status`, `kith doctor` and `kith report`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use kith_tests::bus::Bus;
use kith_tests::{Home, skip_without, wait_until};
use serde_json::Value;

use crate::hooks::hook;
use crate::scene::{LIMIT, cards_of};

const CIRCLES: &str = "
[[circle]]
name = \"friends\"
cadence = \"3 weeks\"
";

fn status(home: &Home) -> Value {
    home.json(&["status"]).unwrap().remove(0)
}

fn attention(home: &Home) -> String {
    status(home)["attention"].to_string()
}

#[test]
fn people_in_a_circle_that_the_config_lost_are_told() {
    let home = Home::new().unwrap();
    home.configure(CIRCLES).unwrap();
    let daemon = home.start().unwrap();
    home.run("kith", &["add", "Ana Silva", "--circle", "friends"]).unwrap();
    assert_eq!(attention(&home), "[]");
    home.configure(&CIRCLES.replace("friends", "close friends")).unwrap();
    daemon.signal(rustix::process::Signal::HUP).unwrap();
    let told = wait_until("the lost circle", LIMIT, || Some(attention(&home)).filter(|told| told != "[]")).unwrap();
    assert!(told.contains("1 person is in the circle \\\"friends\\\""), "{told}");
    assert!(told.contains("kith circle set PERSON CIRCLE"), "{told}");
}

#[test]
fn that_nothing_can_show_a_reminder_is_told_until_something_else_told_of_it() {
    if skip_without("that_nothing_can_show_a_reminder_is_told_until_something_else_told_of_it", &["dbus-daemon"]) {
        return;
    }
    let mut home = Home::new().unwrap();
    let often = "[[schedule]]\nname = \"often\"\ncron = \"* * * * * *\"\n";
    home.configure(&format!("{CIRCLES}{often}")).unwrap();
    let daemon = home.start().unwrap();
    home.run("kith", &["add", "Ana Silva", "--circle", "friends"]).unwrap();
    home.run("kith", &["log", "Ana Silva", "--on", "2020-01-01"]).unwrap();
    let says = |home: &Home, words: &str| Some(attention(home)).filter(|told| told.contains(words));
    let told =
        wait_until("no bus", LIMIT, || says(&home, "1 reminder could not be shown yet: no session bus")).unwrap();
    assert!(told.contains("kith setup makes it a service of yours"), "{told}");
    let why = home.run("kith", &["why", "ana", "--reminder"]).unwrap();
    assert!(why.contains("still waits for desktop (kith doctor tells more)"), "{why}");

    drop(daemon);
    let bus = Bus::start().unwrap();
    home.set("DBUS_SESSION_BUS_ADDRESS", bus.address());
    let daemon = home.start().unwrap();
    let told =
        wait_until("no server", LIMIT, || says(&home, "nothing on the session bus shows notifications")).unwrap();
    assert!(told.contains("install dunst or mako"), "{told}");
    let doctor = home.run("kith", &["doctor"]).unwrap();
    assert!(doctor.contains("shows notifications") && doctor.contains("1 reminder waits for it"), "{doctor}");

    home.run("kith", &["log", "Ana Silva"]).unwrap();
    drop(daemon);
    hook(&home, "10-reads", "cat > /dev/null");
    let _daemon = home.start().unwrap();
    home.run("kith", &["add", "Bob Berg", "--circle", "friends"]).unwrap();
    home.run("kith", &["log", "Bob Berg", "--on", "2020-01-01"]).unwrap();
    let run = || (!home.json(&["hooks", "log"]).ok()?.is_empty()).then_some(());
    wait_until("the hook", LIMIT, run).unwrap();
    wait_until("silence", LIMIT, || (!attention(&home).contains("could not be shown")).then_some(())).unwrap();
    assert!(home.run("kith", &["doctor"]).unwrap().contains("shows notifications"));
}

#[test]
fn a_folder_in_the_drop_folder_that_cannot_be_read_is_named_and_costs_nothing_else() {
    let home = Home::new().unwrap();
    home.configure("rescan = \"1 second\"\n").unwrap();
    let _daemon = home.start_under_modes().unwrap();
    let closed = home.drop_folder().unwrap().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o0)).unwrap();
    home.drop_file("people.vcf", &cards_of(0, 3)).unwrap();
    wait_until("the people", LIMIT, || (status(&home)["people"] == 3).then_some(())).unwrap();
    let told = |home: &Home| status(home)["folders"].to_string().contains("closed cannot be read").then_some(());
    wait_until("a word about the folder", LIMIT, || told(&home)).unwrap();
    assert!(home.run("kith", &["doctor"]).unwrap().contains("chmod -R u+rX"));
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_file_that_is_not_whole_is_named_with_the_time_it_is_given() {
    let home = Home::new().unwrap();
    let daemon = home.start().unwrap();
    let cut = &cards_of(0, 3)[..200];
    home.drop_file("people.vcf", cut).unwrap();
    let held = wait_until("the file", LIMIT, || status(&home)["held"].as_array()?.first().cloned()).unwrap();
    assert!(held["path"].as_str().unwrap().ends_with("people.vcf"), "{held}");
    let until: jiff::Timestamp = held["until"].as_str().unwrap().parse().unwrap();
    let given = |status: &Value| until.duration_since(status["now"].as_str().unwrap().parse().unwrap()).as_secs();
    assert!((500..=600).contains(&given(&status(&home))), "{held}");
    let words = home.run("kith", &["status"]).unwrap();
    assert!(words.contains("people.vcf is empty or ends in the middle"), "{words}");

    // A restart does not begin the ten minutes anew.
    daemon.stop(std::time::Duration::from_secs(5)).unwrap();
    let _daemon = home.start().unwrap();
    let again = wait_until("the file", LIMIT, || status(&home)["held"].as_array()?.first().cloned()).unwrap();
    let again: jiff::Timestamp = again["until"].as_str().unwrap().parse().unwrap();
    assert!(again.duration_since(until).abs().as_secs() <= 5, "{until} {again}");
}

#[test]
fn what_was_wrong_in_a_dropped_file_is_in_its_report() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    assert_eq!(
        home.run("kith", &["report"]).unwrap().trim(),
        "There is no report: nothing was imported yet, or it was of people who are forgotten."
    );
    let card = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:ana-1\r\nFN:Ana Silva\r\nBDAY:soon\r\nEMAIL:nowhere\r\nEND:VCARD\r\n";
    home.drop_file("ana.vcf", card.as_bytes()).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    let words = home.run("kith", &["report"]).unwrap();
    assert!(words.contains("ana.vcf") && words.contains("BDAY"), "{words}");
    let import = home.json(&["undo", "--list"]).unwrap()[0]["import"].as_str().unwrap().to_owned();
    let report = home.json(&["report", &import]).unwrap().remove(0);
    assert_eq!((&report["new"], &report["diagnostics"][0]["property"]), (&1.into(), &"BDAY".into()));
}

#[test]
fn a_wrong_command_line_is_json_for_programs() {
    let home = Home::new().unwrap();
    let output = home.kith(&["plan", "--days", "many", "--json"]).unwrap();
    let error: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!((output.status.code(), &error["code"]), (Some(64), &64.into()));
    assert!(error["error"].as_str().unwrap().contains("invalid value 'many' for '--days <DAYS>'"), "{error}");
}

#[test]
fn setting_up_where_systemd_does_not_answer_leaves_nothing_behind() {
    let home = Home::new().unwrap();
    let output = home.kith(&["setup"]).unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains("nothing was changed"), "{said}");
    assert!(!home.path("config/systemd/user/kithd.service").exists());
}

#[test]
fn an_empty_file_that_is_given_by_hand_is_said_to_be_empty() {
    let home = Home::new().unwrap();
    let _daemon = home.start().unwrap();
    fs::write(home.path("empty.vcf"), "").unwrap();
    let answer = home.kith(&["import", &home.path("empty.vcf").display().to_string()]).unwrap();
    let told = String::from_utf8_lossy(&answer.stdout);
    assert!(told.contains("not imported: the file is empty"), "{told}");
    assert!(told.contains("this copy is not complete"), "{told}");
}

#[test]
fn a_command_waits_for_a_kithd_that_is_starting() {
    let (home, other) = (Home::new().unwrap(), Home::new().unwrap());
    let holder = other.start().unwrap();
    home.start().unwrap().stop(LIMIT).unwrap();
    assert_eq!(home.kith(&["status"]).unwrap().status.code(), Some(69), "who is gone is not waited for");
    // As if another kithd of this home had taken its lock, and did not listen yet.
    fs::write(home.path("data/kith/lock"), format!("{}\n", holder.pid())).unwrap();
    let waiting = home.command("kith").args(["--json", "status"]).stdout(Stdio::piped()).spawn().unwrap();
    let _daemon = home.start().unwrap();
    assert!(waiting.wait_with_output().unwrap().status.success());
}
