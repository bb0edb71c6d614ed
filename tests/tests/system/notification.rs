//! A reminder on a real desktop.

use std::fs;
use std::time::Duration;

use jiff::civil::Date;
use kith_tests::binaries::{self, HOSTILE};
use kith_tests::desktop::{Desktop, PROGRAMS};
use kith_tests::fixtures::{mail, person};
use kith_tests::xfce::{self, Xfce};
use kith_tests::{Home, skip_without, wait_until};
use serde_json::Value;

use crate::scene::{LIMIT, cards_of};

const CONFIG: &str = "
tell_imports = false

[[circle]]
name = \"friends\"
cadence = \"3 weeks\"

[[schedule]]
name = \"often\"
cron = \"* * * * * *\"
";

fn next_due(home: &Home, name: &str) -> Value {
    home.json(&["show", name]).unwrap()[0]["next_due"].clone()
}

#[test]
fn the_desktop_shows_a_reminder_and_done_moves_the_due_date_also_after_a_crash() {
    if skip_without("the_desktop_shows_a_reminder_and_done_moves_the_due_date_also_after_a_crash", &PROGRAMS) {
        return;
    }
    let mut home = Home::new().unwrap();
    let desktop = Desktop::start(&home.path("")).unwrap();
    home.set("DBUS_SESSION_BUS_ADDRESS", desktop.address());
    home.configure(CONFIG).unwrap();
    let daemon = home.start().unwrap();
    home.drop_file("people.vcf", &cards_of(0, 12)).unwrap();
    let mut mbox = Vec::new();
    mail::mbox(&mut mbox, 24, 12, Date::constant(2026, 6, 1)).unwrap();
    home.drop_file("mail.mbox", &mbox).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();

    let name = person(0).name();
    home.run("kith", &["circle", "set", &name, "friends"]).unwrap();
    let due = next_due(&home, &name);
    wait_until("a reminder", LIMIT, || {
        let open = home.json(&["today"]).ok()?;
        open.iter().any(|reminder| reminder.to_string().contains(&name)).then_some(())
    })
    .unwrap();
    wait_until("the notification", LIMIT, || (desktop.displayed() > 0).then_some(())).unwrap();
    if let Some(folder) = std::env::var_os("KITH_PICTURES") {
        desktop.photograph(&std::path::Path::new(&folder).join("notification.png")).unwrap();
    }
    let doctor = home.run("kith", &["doctor"]).unwrap();
    assert!(doctor.contains("notifications are shown by dunst"), "{doctor}");
    daemon.kill().unwrap();
    let daemon = home.start().unwrap();
    let work_again = || daemon.log().contains("the buttons of a notification work again").then_some(());
    wait_until("buttons that work", LIMIT, work_again).unwrap_or_else(|error| panic!("{error}\n{}", daemon.log()));
    let menu = desktop.press("Done").unwrap();
    assert!(["Open", "Done", "Snooze 1 week"].iter().all(|label| menu.contains(label)), "{menu}");
    let moved = wait_until("a later due date", Duration::from_secs(30), || {
        Some(next_due(&home, &name)).filter(|now| *now != due)
    });
    let moved =
        moved.unwrap_or_else(|error| panic!("{error}\n{menu}\n{:?}", fs::read_to_string(home.path("kithd.log"))));
    assert!(moved.as_str() > due.as_str(), "{due} → {moved}");
}

#[test]
fn the_desktop_says_once_what_came_of_dropped_files() {
    if skip_without("the_desktop_says_once_what_came_of_dropped_files", &PROGRAMS) {
        return;
    }
    let mut home = Home::new().unwrap();
    let desktop = Desktop::start(&home.path("")).unwrap();
    home.set("DBUS_SESSION_BUS_ADDRESS", desktop.address());
    let _daemon = home.start().unwrap();
    home.drop_file("people.vcf", &cards_of(0, 12)).unwrap();
    home.drop_file("holiday.pdf", b"%PDF-1.4 nothing of the kind").unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    wait_until("the notification", LIMIT, || (desktop.displayed() > 0).then_some(())).unwrap();
    if let Some(folder) = std::env::var_os("KITH_PICTURES") {
        desktop.photograph(&std::path::Path::new(&folder).join("imported.png")).unwrap();
    }
    assert_eq!(desktop.displayed(), 1);
    let told = desktop.told().unwrap();
    for words in ["people.vcf: 12 people, 12 new", "holiday.pdf: no importer knows this kind of file"] {
        assert!(told.contains(words), "{told}");
    }
}

#[test]
fn the_desktop_says_that_an_importer_is_switched_off() {
    if skip_without("the_desktop_says_that_an_importer_is_switched_off", &PROGRAMS) {
        return;
    }
    let mut home = Home::new().unwrap();
    let desktop = Desktop::start(&home.path("")).unwrap();
    home.set("DBUS_SESSION_BUS_ADDRESS", desktop.address());
    home.configure("tell_imports = false\n").unwrap();
    home.add_plugin(&binaries::folder().unwrap().join(HOSTILE)).unwrap();
    let _daemon = home.start().unwrap();
    for deed in ["segfault", "exit", "abort"] {
        home.drop_file(&format!("{deed}.hostile"), deed.as_bytes()).unwrap();
        home.wait_for_empty_drop(LIMIT).unwrap();
    }
    wait_until("the notification", LIMIT, || (desktop.displayed() > 0).then_some(())).unwrap();
    let told = desktop.told().unwrap();
    for words in ["The importer hostile is not used any more", "kith plugin enable hostile"] {
        assert!(told.contains(words), "{told}");
    }
}

#[test]
fn another_server_shows_three_buttons_and_done_is_heard_from_it_too() {
    if skip_without("another_server_shows_three_buttons_and_done_is_heard_from_it_too", &xfce::PROGRAMS) {
        return;
    }
    let mut home = Home::new().unwrap();
    let desktop = Xfce::start(&home.path("")).unwrap();
    home.set("DBUS_SESSION_BUS_ADDRESS", desktop.address());
    home.configure(CONFIG).unwrap();
    let daemon = home.start().unwrap();
    home.run("kith", &["add", "Ana Silva"]).unwrap();
    home.run("kith", &["log", "Ana", "--on", "2020-01-01"]).unwrap();
    home.run("kith", &["circle", "set", "Ana", "friends"]).unwrap();
    let due = next_due(&home, "Ana");
    let open = || home.json(&["today"]).ok()?.iter().any(|today| today.to_string().contains("Ana Silva")).then_some(());
    wait_until("a reminder", LIMIT, open).unwrap();
    if let Some(folder) = std::env::var_os("KITH_PICTURES") {
        kith_tests::wait::pause(Duration::from_secs(3));
        desktop.photograph(&std::path::Path::new(&folder).join("xfce.png")).unwrap();
    }
    desktop.press_middle().unwrap();
    let done = || (next_due(&home, "Ana") != due).then_some(());
    wait_until("a later due date", LIMIT, done).unwrap_or_else(|error| panic!("{error}\n{}", daemon.log()));
}
