//! When an importer plugin that keeps failing is switched off: after three faults within ten minutes.
//!
//! Which fault is the plugin's and which the file's is said by the daemon, as is what being off means.

use jiff::{SignedDuration, Timestamp};

/// How many faults are too many.
pub const FAULTS: usize = 3;

/// Within how long.
pub const SPAN: SignedDuration = SignedDuration::from_mins(10);

/// The faults of one plugin that still count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(Vec<Timestamp>);

impl Faults {
    /// Notes a fault; returns whether the plugin is to be switched off.
    ///
    /// A clock that was set back forgets what lies in its future: such faults say nothing of the last ten minutes.
    #[must_use]
    pub fn note(&mut self, now: Timestamp) -> bool {
        self.0.retain(|at| *at <= now && now.duration_since(*at) < SPAN);
        self.0.push(now);
        self.0.len() >= FAULTS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(seconds: &[i64], expected: bool) {
        let mut faults = Faults::default();
        let last = seconds.iter().map(|second| faults.note(Timestamp::from_second(*second).unwrap())).last();
        assert_eq!(last, Some(expected), "{seconds:?}");
    }

    #[test]
    fn three_faults_in_ten_minutes_are_too_many() {
        check(&[0, 300], false);
        check(&[0, 300, 599], true);
        check(&[0, 0, 0], true);
    }

    #[test]
    fn faults_of_ten_minutes_ago_count_no_more() {
        check(&[0, 300, 600], false);
        check(&[0, 300, 600, 700], true);
    }

    #[test]
    fn a_clock_that_is_set_back_switches_nothing_off() {
        check(&[9000, 9001, 10], false);
    }
}
