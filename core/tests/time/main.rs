//! Ten years in 25 zones: what schedules, the planning loop and the plan do, against an oracle that walks the wall clock.
//!
//! The oracle knows nothing of the implementation: no cron, no placing of civil times, no calendar but its own. An ordinary run
//! takes a sample; `KITH_TIME=whole` takes 1,000 reminders in each of the zones.

#[cfg(test)]
mod days;
#[cfg(test)]
mod jumps;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod schedules;

/// The zones: all edges there were from 2010 to 2019, among them a day that was skipped, half hours, and rules changed by law.
#[cfg(test)]
const ZONES: [&str; 25] = [
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Moscow",
    "Europe/Istanbul",
    "America/New_York",
    "America/Los_Angeles",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/Santiago",
    "America/Caracas",
    "America/Godthab",
    "America/Havana",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Tehran",
    "Asia/Kolkata",
    "Asia/Gaza",
    "Asia/Pyongyang",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Antarctica/Troll",
];

/// How many reminders there are.
#[cfg(test)]
const REMINDERS: usize = 1_000;

/// Returns how many of the reminders each zone gets.
#[cfg(test)]
fn reminders_a_zone() -> usize {
    let whole = std::env::var("KITH_TIME").is_ok_and(|value| value == "whole");
    if whole { REMINDERS } else { REMINDERS / ZONES.len() }
}
