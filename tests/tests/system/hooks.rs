//! What hooks are told, and what becomes of those that do not behave; the button Open; the one word of welcome.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use kith_tests::desktop::{Desktop, PROGRAMS};
use kith_tests::fixtures::{mail, person};
use kith_tests::{Home, skip_without, wait_until};
use rustix::process::Signal;
use serde_json::Value;

use crate::scene::{DAY, LIMIT, cards_of, files};

const CONFIG: &str = "
[[circle]]
name = \"friends\"
cadence = \"3 weeks\"

[[schedule]]
name = \"often\"
cron = \"* * * * * *\"

[hooks]
time_limit = \"8 seconds\"
";

fn script(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let aside = path.with_file_name(".aside");
    fs::write(&aside, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&aside, fs::Permissions::from_mode(0o755)).unwrap();
    fs::rename(&aside, path).unwrap();
}

pub(crate) fn hook(home: &Home, name: &str, text: &str) {
    script(&home.path("config/kith/hooks/reminder-due.d").join(name), text);
}

/// How large a disk is that is filled up.
const DISK_BYTES: usize = 8 << 20;

/// Drops cards and mail of twelve people, who write and are written to.
fn meet(home: &Home) {
    home.drop_file("people.vcf", &cards_of(0, 12)).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    let mut mbox = Vec::new();
    mail::mbox(&mut mbox, 240, 12, DAY).unwrap();
    home.drop_file("mail.mbox", &mbox).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
}

/// Returns what the hook `notes` was told, one message a line.
pub(crate) fn notes(home: &Home) -> Vec<Value> {
    let text = fs::read_to_string(home.path("notes")).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

pub(crate) fn runs(home: &Home, name: &str) -> Vec<Value> {
    let runs = home.json(&["hooks", "log"]).unwrap();
    runs.into_iter().filter(|run| run["hook"] == name).collect()
}

fn desktop(home: &mut Home) -> Desktop {
    let desktop = Desktop::start(&home.path("")).unwrap();
    home.set("DBUS_SESSION_BUS_ADDRESS", desktop.address());
    home.configure(CONFIG).unwrap();
    desktop
}

#[test]
fn a_hook_and_the_desktop_are_tried_on_demand() {
    let home = Home::new().unwrap();
    let kept = home.path("kept");
    hook(&home, "10-keep", &format!("cat > {}", kept.display()));
    hook(&home, "20-bad", "exit 3");
    let _daemon = home.start().unwrap();
    assert!(home.run("kith", &["channel", "test", "exec/10-keep"]).unwrap().contains("was delivered"));
    let told: Value = serde_json::from_str(&fs::read_to_string(&kept).unwrap()).unwrap();
    assert_eq!(told["event"], "test", "{told}");
    let words = |name: &str| {
        let failed = home.kith(&["channel", "test", name]).unwrap();
        assert_eq!(failed.status.code(), Some(1), "{name}");
        String::from_utf8_lossy(&failed.stderr).into_owned()
    };
    assert!(words("exec/20-bad").contains("status 3"), "{}", words("exec/20-bad"));
    assert!(words("desktop").contains("session bus"), "{}", words("desktop"));
}

#[test]
fn hooks_are_told_as_documented_and_one_that_hangs_or_fails_delays_nobody() {
    if skip_without("hooks_are_told_as_documented_and_one_that_hangs_or_fails_delays_nobody", &PROGRAMS) {
        return;
    }
    let mut home = Home::new().unwrap();
    let desktop = desktop(&mut home);
    let (notes_file, environment) = (home.path("notes"), home.path("environment"));
    hook(&home, "10-hangs", "exec sleep 600");
    hook(&home, "20-fails", "echo the lamp is off >&2; exit 3");
    hook(
        &home,
        "30-notes",
        &format!("(env; echo \"$@\") >> '{}'; cat >> '{}'", environment.display(), notes_file.display()),
    );
    let daemon = home.start().unwrap();
    meet(&home);
    home.run("kith", &["circle", "set", &person(0).name(), "friends"]).unwrap();

    wait_until("the notification", LIMIT, || (desktop.displayed() > 0).then_some(())).unwrap();
    let reminded = || notes(&home).into_iter().find(|told| told["reminders"][0]["person"].is_object());
    let told = wait_until("a note about a person", LIMIT, reminded)
        .unwrap_or_else(|error| panic!("{error}\n{}\n{:?}", daemon.log(), home.run("kith", &["hooks", "log"])));
    let reminder = &told["reminders"][0];
    assert_eq!(
        (&told["version"], &told["event"], &reminder["schedule"]),
        (&1.into(), &"reminder-due".into(), &"often".into())
    );
    assert_eq!(reminder["person"]["name"], person(0).name());
    assert_eq!(reminder["person"]["circle"], "friends");
    assert_eq!(reminder["person"]["emails"][0], person(0).email);
    for key in ["occurrence", "due", "step"] {
        assert!(reminder[key].is_string(), "{key}: {told}");
    }
    assert!(reminder["reasons"][0].is_string(), "{told}");
    assert!(!fs::read_to_string(&environment).unwrap().contains(&person(0).email));

    let hung = wait_until("the end of the hook that hangs", LIMIT, || runs(&home, "10-hangs").pop()).unwrap();
    assert!(hung["outcome"].as_str().unwrap().contains("too long"), "{hung}");
    assert!(hung["elapsed_ms"].as_u64().unwrap() >= 8_000, "{hung}");
    let failed = runs(&home, "20-fails").pop().unwrap();
    assert!(failed["outcome"].as_str().unwrap().contains('3'), "{failed}");
    assert!(failed["output"].as_str().unwrap().contains("the lamp is off"), "{failed}");
    assert!(runs(&home, "30-notes").iter().all(|run| run["outcome"] == "ok"));
}

#[test]
fn the_first_mail_brings_one_word_of_welcome_and_no_second_after_a_restart() {
    if skip_without("the_first_mail_brings_one_word_of_welcome_and_no_second_after_a_restart", &PROGRAMS) {
        return;
    }
    let mut home = Home::new().unwrap();
    let desktop = desktop(&mut home);
    hook(&home, "30-notes", &format!("cat >> '{}'", home.path("notes").display()));
    let daemon = home.start().unwrap();
    meet(&home);
    let welcomes = || {
        let notes = notes(&home);
        let reminders: Vec<Value> = notes.iter().flat_map(|n| n["reminders"].as_array().unwrap().clone()).collect();
        reminders.into_iter().filter(|reminder| reminder["schedule"] == "welcome").collect::<Vec<_>>()
    };
    let word =
        wait_until("the welcome", LIMIT, || welcomes().pop()).unwrap_or_else(|e| panic!("{e}\n{}", daemon.log()));
    assert!(word["step"].as_str().unwrap().contains("kith circle suggest"), "{word}");
    assert_eq!(word["person"], Value::Null);
    wait_until("the notification", LIMIT, || (desktop.displayed() == 1).then_some(())).unwrap();
    daemon.stop(Duration::from_secs(5)).unwrap();

    let _daemon = home.start().unwrap();
    let mut mbox = Vec::new();
    mail::mbox(&mut mbox, 300, 12, DAY).unwrap();
    home.drop_file("more.mbox", &mbox).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    home.run("kith", &["circle", "set", &person(0).name(), "friends"]).unwrap();
    let reminded = || notes(&home).iter().any(|told| told["reminders"][0]["person"].is_object()).then_some(());
    wait_until("a reminder after the restart", LIMIT, reminded).unwrap();
    assert_eq!(welcomes().len(), 1, "{:?}", welcomes());
}

#[test]
fn open_shows_a_private_page_about_the_person_in_the_browser() {
    if skip_without("open_shows_a_private_page_about_the_person_in_the_browser", &PROGRAMS) {
        return;
    }
    let mut home = Home::new().unwrap();
    let desktop = desktop(&mut home);
    let opened = home.path("opened");
    script(
        &home.path("fake/xdg-open"),
        &format!("printf '%s\\n' \"$#\" \"$@\" > '{0}.new'; mv '{0}.new' '{0}'", opened.display()),
    );
    home.set("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", home.path("fake").display()));
    let daemon = home.start().unwrap();
    meet(&home);
    home.run("kith", &["circle", "set", &person(0).name(), "friends"]).unwrap();
    let about = |text: &str| text.contains(&person(0).name());
    let reminders = || Some(Value::from(home.json(&["today"]).ok()?).to_string());
    wait_until("a reminder", LIMIT, || reminders().filter(|reminders| about(reminders))).unwrap();
    // The word of welcome may be on the screen still; it has nobody to show.
    let open = || {
        desktop.press("Open").ok()?;
        fs::read_to_string(&opened).ok()
    };
    let told = wait_until("the browser", LIMIT, open).unwrap_or_else(|error| panic!("{error}\n{}", daemon.log()));
    let (count, page) = told.trim().split_once('\n').unwrap();
    assert_eq!(count, "1");
    let page = Path::new(page);
    assert!(page.starts_with(home.path("run")), "{page:?}");
    assert_eq!(page.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(page).unwrap();
    assert!(text.contains(&person(0).name()) && text.contains(&person(0).email), "{text}");
}

#[test]
fn a_hook_whose_outcome_cannot_be_written_is_not_run_again() {
    let name = "a_hook_whose_outcome_cannot_be_written_is_not_run_again";
    let home = Home::new().unwrap();
    home.configure(&CONFIG.replace("8 seconds", "3 minutes")).unwrap();
    let (runs, go) = (home.path("runs"), home.path("go"));
    let waits = format!("echo run >> '{}'; until [ -e '{}' ]; do sleep 0.1; done", runs.display(), go.display());
    hook(&home, "10-mail", &waits);
    let Some(daemon) = home.start_with_disk(name, "data/kith", DISK_BYTES).unwrap() else { return };
    home.run("kith", &["add", &person(0).name()]).unwrap();
    let person = person(0).name();
    home.run("kith", &["log", &person, "--on", "2020-01-01"]).unwrap();
    home.run("kith", &["circle", "set", &person, "friends"]).unwrap();
    let ran = || fs::read_to_string(&runs).unwrap_or_default().lines().count();
    wait_until("the hook", LIMIT, || (ran() == 1).then_some(())).unwrap();

    let ballast = daemon.sees(&home.path("data/kith/ballast"));
    fs::write(&ballast, vec![1; DISK_BYTES]).unwrap_err();
    let logged = |words: &str| daemon.log().contains(words).then_some(());
    // The last block of the ledger has room for some facts still.
    let refused = || home.kith(&["add", "Zora Zahn"]).ok().filter(|answer| !answer.status.success());
    wait_until("a full disk", LIMIT, refused).unwrap();
    wait_until("a full disk for plans, too", LIMIT, || logged("reminders cannot be planned")).unwrap();
    fs::write(&go, "").unwrap();
    wait_until("an outcome that cannot be written", LIMIT, || logged("cannot be written down yet")).unwrap();
    // The config read again makes it look what is to be sent.
    daemon.signal(Signal::HUP).unwrap();
    wait_until("the config read again", LIMIT, || logged("config is read again")).unwrap();

    fs::remove_file(&ballast).unwrap();
    home.run("kith", &["add", "Zora Zahn"]).unwrap();
    let ledger = daemon.sees(&home.path("data/kith/ledger"));
    let outcome = || {
        let facts = files(&ledger).into_iter().filter_map(|file| fs::read_to_string(file).ok());
        facts
            .into_iter()
            .any(|facts| facts.lines().any(|fact| fact.contains("exec/10-mail") && fact.contains("outcome")))
            .then_some(())
    };
    wait_until("the outcome", LIMIT, outcome).unwrap_or_else(|error| panic!("{error}\n{}", daemon.log()));
    assert_eq!(ran(), 1);
}
