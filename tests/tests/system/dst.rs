//! The real daemon over the two nights in which clocks are set, by libfaketime.

use std::path::Path;
use std::time::Duration;

use jiff::{Timestamp, ToSpan as _};
use kith_tests::wait::pause;
use kith_tests::{Home, skip_without, wait_until};

use crate::scene::LIMIT;

const CONFIG: &str = "
timezone = \"Europe/Berlin\"

[[schedule]]
name = \"night\"
cron = \"30 2 * * *\"
";

/// Where Debian has libfaketime.
pub(crate) const LIBRARY: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

/// How long the daemon runs before what should come comes.
const BEFORE: i64 = 4;

/// Lets every program that starts from now on begin at this instant of UTC; timers run as ever.
pub(crate) fn begin_at(home: &mut Home, at: Timestamp) {
    home.set("LD_PRELOAD", LIBRARY);
    home.set("FAKETIME", at.strftime("@%Y-%m-%d %H:%M:%S").to_string());
    home.set("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    home.set("DONT_FAKE_MONOTONIC", "1");
}

/// Returns for which instants plans were made, as the ledger has them.
fn plans(home: &Home) -> Vec<Timestamp> {
    let mut plans = Vec::new();
    for file in crate::scene::files(&home.path("data/kith/ledger")) {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        for line in text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()) {
            let planned = &line["f"]["said"]["planned"];
            if planned["schedule"] == "night" {
                plans.push(planned["due"].as_str().unwrap().parse().unwrap());
            }
        }
    }
    plans.sort();
    plans
}

/// Runs over a night: the plans made from a noon until a noon, with the daemon up at each of these moments.
fn over_the_night(noon: &str, moments: &[&str]) -> Vec<Timestamp> {
    let noon: Timestamp = noon.parse().unwrap();
    let mut home = Home::new().unwrap();
    home.configure(CONFIG).unwrap();
    begin_at(&mut home, noon);
    let daemon = home.start().unwrap();
    let begun = || Some(plans(&home)).filter(|plans| plans.len() == 1);
    let begins = wait_until("the schedule's begin", LIMIT, begun).unwrap().remove(0);
    assert!(begins.duration_since(noon).as_secs() < 120, "the clock is the one that was asked for");
    daemon.stop(Duration::from_secs(5)).unwrap();
    for moment in moments {
        let moment: Timestamp = moment.parse().unwrap();
        begin_at(&mut home, moment.checked_sub(BEFORE.seconds()).unwrap());
        let daemon = home.start().unwrap();
        let passed =
            || home.json(&["status"]).ok()?[0]["now"].as_str()?.parse::<Timestamp>().ok().filter(|now| *now > moment);
        wait_until("the moment", LIMIT, passed).unwrap();
        pause(Duration::from_secs(1));
        daemon.stop(Duration::from_secs(5)).unwrap();
    }
    let mut plans = plans(&home);
    plans.retain(|due| *due > begins);
    plans
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn in_the_night_of_spring_the_skipped_half_past_two_comes_once_when_the_gap_ends() {
    let test = "in_the_night_of_spring_the_skipped_half_past_two_comes_once_when_the_gap_ends";
    if !Path::new(LIBRARY).exists() && skip_without(test, &["faketime"]) {
        return;
    }
    // The gap ends at 01:00 UTC; 00:30 and 01:30 UTC are where it would come if it were misread.
    let moments = ["2027-03-28T00:30:00Z", "2027-03-28T01:00:00Z", "2027-03-28T01:30:00Z"];
    assert_eq!(over_the_night("2027-03-27T11:00:00Z", &moments), [at("2027-03-28T01:00:00Z")]);
}

#[test]
fn in_the_night_of_autumn_the_repeated_half_past_two_comes_the_first_time_only() {
    let test = "in_the_night_of_autumn_the_repeated_half_past_two_comes_the_first_time_only";
    if !Path::new(LIBRARY).exists() && skip_without(test, &["faketime"]) {
        return;
    }
    let moments = ["2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z", "2027-11-01T01:30:00Z"];
    let expected = [at("2027-10-31T00:30:00Z"), at("2027-11-01T01:30:00Z")];
    assert_eq!(over_the_night("2027-10-30T11:00:00Z", &moments), expected);
}
