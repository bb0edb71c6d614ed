//! kill -9 at random moments of deliveries: no reminder is lost, and what is shown a second time is counted.
//!
//! A kill between what the server was told and what is written of it may show one duplicate; `docs/DESIGN.md` says why.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use kith_tests::desktop::{Desktop, PROGRAMS};
use kith_tests::fixtures::Dice;
use kith_tests::wait::pause;
use kith_tests::{Home, skip_without, wait_until};

use crate::scene::LIMIT;

/// How many kills there are, unless `KITH_KILLS` says otherwise.
const KILLS: usize = 25;

/// What everybody is called, before a number of so many digits.
const SURNAME: &str = "Pia Quill";
const DIGITS: usize = 4;

/// How many people a schedule names at most.
const A_SCHEDULE: usize = 50;

/// How long after the plan a kill comes at most, in milliseconds.
const AFTER_PLAN_MS: u64 = 120;

/// Writes down every notification that is sent over a bus.
struct Recorder {
    child: Child,
    file: PathBuf,
}

impl Recorder {
    fn start(home: &Home, desktop: &Desktop) -> Self {
        let file = home.path("bus.txt");
        let rule = "type='method_call',interface='org.freedesktop.Notifications',member='Notify'";
        let mut command = Command::new("dbus-monitor");
        command.args(["--address", desktop.address(), rule]).stdin(Stdio::null());
        let child = command.stdout(File::create(&file).unwrap()).stderr(Stdio::null()).spawn().unwrap();
        wait_until("the recorder", LIMIT, || (fs::metadata(&file).ok()?.len() > 0).then_some(())).unwrap();
        Self { child, file }
    }

    /// Returns by how many notifications each of these people was told of; one that takes another's place, by its number or
    /// its tag, is no further one.
    fn told(&self, names: &[String]) -> BTreeMap<String, usize> {
        let text = self.text();
        let mut places: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for call in calls(&text) {
            let place = if is_new(call) { tag(call) } else { Some("") };
            for (at, _) in call.match_indices(SURNAME) {
                let name = call.get(at..at + SURNAME.len() + DIGITS).unwrap_or_default();
                places.entry(name).or_default().extend(place);
            }
        }
        let times = |name: &String| {
            let places = places.get(name.as_str()).into_iter().flatten();
            let (new, other): (Vec<&str>, Vec<&str>) = places.partition(|place| !place.is_empty());
            new.len().max(other.len())
        };
        names.iter().map(|name| (name.clone(), times(name))).collect()
    }

    /// Returns how many tags new notifications had.
    fn places(&self) -> usize {
        calls(&self.text()).filter(|call| is_new(call)).filter_map(tag).collect::<BTreeSet<_>>().len()
    }

    fn text(&self) -> String {
        fs::read_to_string(&self.file).unwrap_or_default()
    }
}

fn calls(text: &str) -> impl Iterator<Item = &str> {
    text.split("member=Notify\n").skip(1)
}

/// Whether it takes the place of no number.
fn is_new(call: &str) -> bool {
    call.contains("   uint32 0\n")
}

/// The tag of a new notification; none where it is not written to its end yet.
fn tag(call: &str) -> Option<&str> {
    call.split("x-dunst-stack-tag").nth(1)?.split('"').nth(2)
}

impl Drop for Recorder {
    fn drop(&mut self) {
        if self.child.kill().is_ok() {
            drop(self.child.wait());
        }
    }
}

fn config(kills: usize) -> String {
    let schedule = |number| format!("[[schedule]]\nname = \"often{number}\"\ncron = \"* * * * * *\"\n");
    let schedules: String = (0..=kills / A_SCHEDULE).map(schedule).collect();
    format!(
        "daily = {A_SCHEDULE}\ntell_imports = false\n{schedules}[[circle]]\nname = \"friends\"\ncadence = \"3 weeks\"\n"
    )
}

#[test]
fn kills_around_deliveries_lose_no_reminder_and_show_none_more_than_twice() {
    if skip_without("kills_around_deliveries_lose_no_reminder_and_show_none_more_than_twice", &PROGRAMS) {
        return;
    }
    let kills = std::env::var("KITH_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(KILLS);
    let mut home = Home::new().unwrap();
    let desktop = Desktop::start(&home.path("")).unwrap();
    home.set("DBUS_SESSION_BUS_ADDRESS", desktop.address());
    home.configure(&config(kills)).unwrap();
    let recorder = Recorder::start(&home, &desktop);
    let names: Vec<String> = (0..kills).map(|number| format!("{SURNAME}{number:0DIGITS$}")).collect();
    let mut dice = Dice::new(7);
    for name in &names {
        let daemon = home.start().unwrap();
        home.run("kith", &["add", name]).unwrap();
        home.run("kith", &["log", name, "--on", "2020-01-01"]).unwrap();
        let plans = daemon.log().matches(" planned ").count();
        home.run("kith", &["circle", "set", name, "friends"]).unwrap();
        let planned = || (daemon.log().matches(" planned ").count() > plans).then_some(());
        if dice.below(4) > 0 {
            wait_until("the plan", LIMIT, planned).unwrap();
        }
        pause(Duration::from_millis(dice.below(AFTER_PLAN_MS)));
        daemon.kill().unwrap();
    }
    let daemon = home.start().unwrap();
    let all_told = || recorder.told(&names).values().all(|times| *times > 0).then_some(());
    let waited = wait_until("every reminder", LIMIT, all_told);
    waited.unwrap_or_else(|error| panic!("{error}\n{:?}\n{}", recorder.told(&names), daemon.log()));
    let told = recorder.told(&names);
    let twice = told.values().filter(|times| **times > 1).count();
    println!("{kills} kills: none lost, {twice} shown twice");
    assert!(desktop.waiting_or_displayed() as usize <= recorder.places(), "a tag or a number has one notification");
    assert!(told.values().all(|times| *times <= 2), "{told:?}");
}
