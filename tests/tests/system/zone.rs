//! A machine that travels.

use std::fs;
use std::path::Path;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use kith_tests::fixtures::person;
use kith_tests::{Home, wait_until};
use rustix::process::Signal;

use crate::scene::LIMIT;

/// Puts a zone without summer time, so many hours east of Greenwich, where `TZ` says.
fn travel_to(zone: &Path, hours: u8) {
    // RFC 9636: a header, the data of version 1, the same again as version 2, and the footer with the rule.
    let mut part = b"TZif2".to_vec();
    part.extend([0; 15]);
    let (kinds, letters) = (1u32, 4u32);
    part.extend([0, 0, 0, 0, kinds, letters].into_iter().flat_map(u32::to_be_bytes));
    part.extend((i32::from(hours) * 3600).to_be_bytes());
    part.extend(b"\0\0AAA\0");
    let footer = format!("\n<AAA>-{hours}\n").into_bytes();
    let aside = zone.with_extension("new");
    fs::write(&aside, [part.clone(), part, footer].concat()).unwrap();
    fs::rename(aside, zone).unwrap();
}

#[test]
fn schedules_follow_a_machine_into_another_zone() {
    let mut home = Home::new().unwrap();
    let zone = home.path("localtime");
    travel_to(&zone, 1);
    home.set("TZ", format!(":{}", zone.display()));
    let daemon = home.start().unwrap();
    let name = person(0).name();
    home.run("kith", &["add", &name]).unwrap();
    home.run("kith", &["log", &name, "--on", "2020-01-01"]).unwrap();
    home.run("kith", &["circle", "set", &name, "friends"]).unwrap();

    // Soon, on the clocks of where the journey goes.
    let now: Timestamp = home.json(&["status"]).unwrap()[0]["now"].as_str().unwrap().parse().unwrap();
    let soon = now.checked_add(10.seconds()).unwrap();
    let there = TimeZone::fixed(jiff::tz::offset(9)).to_datetime(soon);
    let cron = format!("{} {} {} * * *", there.second(), there.minute(), there.hour());
    home.configure(&format!("[[schedule]]\nname = \"travel\"\ncron = \"{cron}\"\n")).unwrap();
    let next = || home.json(&["status"]).unwrap()[0]["next_plan"].as_str().unwrap().parse::<Timestamp>().unwrap();
    let read_again = |times: usize| {
        daemon.signal(Signal::HUP).unwrap();
        let seen = || (daemon.log().matches("config is read again").count() == times).then_some(());
        wait_until("the config read again", LIMIT, seen).unwrap();
    };
    read_again(1);
    assert!(next() > soon + 1.hour());

    travel_to(&zone, 9);
    read_again(2);
    let told = || home.json(&["today"]).ok()?.first().cloned();
    wait_until("a reminder", LIMIT, told).unwrap_or_else(|error| panic!("{error}\n{}", daemon.log()));
    assert!(next() > soon + 23.hours());
}

#[test]
fn times_are_shown_in_the_zone_of_the_config() {
    let mut home = Home::new().unwrap();
    home.set("TZ", "UTC");
    home.configure("timezone = \"Asia/Tokyo\"\n[[schedule]]\nname = \"early\"\ncron = \"30 6 * * *\"\n").unwrap();
    let _daemon = home.start().unwrap();
    let name = person(0).name();
    home.run("kith", &["add", &name]).unwrap();
    home.run("kith", &["log", &name, "--on", "2020-01-01"]).unwrap();
    home.run("kith", &["circle", "set", &name, "friends"]).unwrap();
    let says = |command: &[&str], expected: &str| {
        let shown = home.run("kith", command).unwrap();
        assert!(shown.contains(expected), "{expected}: {shown}");
    };
    says(&["plan"], " 06:30\n");
    says(&["why", &name, "--reminder"], " 06:30\n");
    let said: Timestamp = home.json(&["words"]).unwrap()[0]["at"].as_str().unwrap().parse().unwrap();
    let there = TimeZone::fixed(jiff::tz::offset(9)).to_datetime(said);
    says(&["words"], &there.strftime("%Y-%m-%d %H:%M").to_string());
}
