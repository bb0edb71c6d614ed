//! Which of several devices with one ledger reminds: the first that is still in use.
//!
//! A device whose state was lost, or whose ledger was put back to an older copy, goes on under a new name on the same machine,
//! and in its own old place among the others.

use core::cmp::Reverse;

use jiff::{Timestamp, ToSpan as _};

use crate::id::DeviceId;

/// How long the device that reminds may be silent before another one takes over.
pub const SILENT_DAYS: i64 = 14;

/// A device that writes to the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device<'a> {
    /// Its name in the ledger.
    pub id: &'a DeviceId,
    /// When it said something first.
    pub first: Timestamp,
    /// When it said something last.
    pub last: Timestamp,
    /// The machine, where it told.
    pub machine: Option<&'a str>,
}

/// Returns the device that reminds; `None` while no device in use has said anything. `ours` is in use.
#[must_use]
pub fn that_reminds<'a, 'b>(devices: &'b [Device<'a>], ours: &DeviceId, now: Timestamp) -> Option<&'b Device<'a>> {
    let in_use_since = now.checked_sub((SILENT_DAYS * 24).hours()).unwrap_or(Timestamp::MIN);
    let in_use = |device: &&Device<'_>| device.id == ours || device.last >= in_use_since;
    let of_one_machine =
        |a: &Device<'_>, b: &Device<'_>| a.id == b.id || (a.machine.is_some() && a.machine == b.machine);
    let is_newest = |device: &&Device<'_>| {
        let same = devices.iter().filter(|other| of_one_machine(device, other));
        same.max_by_key(|other| (other.first, Reverse(other.id))).is_some_and(|newest| newest.id == device.id)
    };
    let began = |device: &&Device<'_>| {
        let same = devices.iter().filter(|other| of_one_machine(device, other));
        (same.map(|other| other.first).min(), device.id.clone())
    };
    devices.iter().filter(is_newest).filter(in_use).min_by_key(began)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Devices as `name first-day last-day machine`, days of November 2026; `-` is a machine not told.
    #[track_caller]
    fn reminds(devices: &[&str], ours: &str, today: i8, expected: &str) {
        let at = |day: i8| jiff::civil::date(2026, 11, day).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
        let id = |name: &str| DeviceId::try_from(name.repeat(8)).unwrap();
        let parts: Vec<Vec<&str>> = devices.iter().map(|device| device.split(' ').collect()).collect();
        let ids: Vec<DeviceId> = parts.iter().map(|part| id(part[0])).collect();
        let devices = parts.iter().zip(&ids).map(|(part, id)| Device {
            id,
            first: at(part[1].parse().unwrap()),
            last: at(part[2].parse().unwrap()),
            machine: Some(part[3]).filter(|machine| *machine != "-"),
        });
        let devices: Vec<_> = devices.collect();
        let found = that_reminds(&devices, &id(ours), at(today)).map(|device| device.id.clone());
        assert_eq!(found, Some(id(expected)));
    }

    #[test]
    fn the_first_device_reminds_while_it_is_in_use() {
        reminds(&["a 1 10 x", "b 2 10 y"], "a", 11, "a");
        reminds(&["a 1 10 x", "b 2 10 y"], "b", 11, "a");
        reminds(&["a 1 10 -", "b 2 10 -"], "b", 11, "a");
    }

    #[test]
    fn another_takes_over_when_it_is_silent_for_two_weeks() {
        reminds(&["a 1 1 x", "b 2 20 y"], "b", 20, "b");
        reminds(&["a 1 1 x", "b 2 20 y"], "a", 20, "a");
    }

    #[test]
    fn a_machine_that_lost_its_state_goes_on_at_once_in_its_old_place() {
        reminds(&["a 1 10 x", "b 11 11 x"], "b", 11, "b");
        reminds(&["a 1 10 x", "b 11 11 x", "c 2 11 y"], "b", 11, "b");
        reminds(&["a 1 10 x", "b 11 11 x", "c 2 11 y"], "c", 11, "b");
    }

    #[test]
    fn of_two_on_the_same_machine_the_newer_reminds() {
        reminds(&["a 1 11 x", "b 5 11 x"], "a", 11, "b");
    }

    #[test]
    fn a_device_that_has_said_nothing_yet_waits_for_those_that_have() {
        reminds(&["a 1 10 x"], "c", 11, "a");
        let nobody = DeviceId::try_from("c".repeat(8)).unwrap();
        assert_eq!(that_reminds(&[], &nobody, Timestamp::UNIX_EPOCH), None);
    }
}
