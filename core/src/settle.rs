//! When a file is ready to be read: its writer has closed it, or its size and time stood still for two seconds.
//!
//! A state machine over what was noticed and the time of a monotonic clock, an argument. Looking at files, and sleeping
//! until [`Settle::next`], is `watch` in the daemon.
//!
//! ```text
//!  notice(written) ─▶ waits 2 s ─┐
//!  notice(closed)  ─▶ at once  ──┼─▶ due ─▶ look: as it was ─▶ ready
//!  hold(truncated) ─▶ 10 minutes ┘            └─ otherwise ─▶ waits 2 s
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How long size and time must stand still.
pub const STILL: Duration = Duration::from_secs(2);

/// How long a file that is empty, or ends in the middle, is given to become whole.
pub const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// What tells one state of a file from another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Stat {
    /// Its size in bytes.
    pub size: u64,
    /// When its content changed, in nanoseconds since 1970.
    pub modified_ns: i64,
    /// When anything about it changed, in nanoseconds since 1970.
    pub changed_ns: i64,
    /// Which file it is within its file system.
    pub inode: u64,
}

impl Stat {
    /// Returns whether both are the same content of the same file.
    ///
    /// The time of change does not count: a rename or a new mode alone leaves the content as it was.
    #[must_use]
    pub fn same_content(&self, other: &Self) -> bool {
        (self.size, self.modified_ns, self.inode) == (other.size, other.modified_ns, other.inode)
    }
}

/// Returns how much longer a file that is not whole is given at `now_ns`, in nanoseconds since 1970: all of [`PATIENCE`] less
/// what it was given since it changed last, before a restart too.
#[must_use]
pub fn patience_left(stat: &Stat, now_ns: i64) -> Duration {
    let still_ns = u64::try_from(now_ns.saturating_sub(stat.changed_ns)).unwrap_or(0);
    if stat.changed_ns == 0 { PATIENCE } else { PATIENCE.saturating_sub(Duration::from_nanos(still_ns)) }
}

/// How a file was noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// It is there.
    There,
    /// It was written to.
    Written,
    /// Its writer closed it, or it was put there whole by a rename.
    Closed,
}

/// The files that are not ready yet.
#[derive(Debug)]
pub struct Settle<K> {
    files: BTreeMap<K, Waiting>,
    deadlines: BTreeSet<(Duration, K)>,
}

#[derive(Debug, Clone, Copy)]
struct Waiting {
    stat: Stat,
    until: Duration,
}

impl<K: Ord + Clone> Default for Settle<K> {
    fn default() -> Self {
        Self { files: BTreeMap::new(), deadlines: BTreeSet::new() }
    }
}

impl<K: Ord + Clone> Settle<K> {
    /// Takes in that a file was noticed at `now`, looking like `stat`.
    pub fn notice(&mut self, file: K, stat: Stat, sign: Sign, now: Duration) {
        let known = self.files.get(&file).is_some_and(|waiting| waiting.stat.same_content(&stat));
        let until = match sign {
            Sign::There if known => return,
            Sign::Closed if known && self.is_held(&file, now) => return,
            Sign::There | Sign::Written if stat.size > 0 => now + STILL,
            Sign::Closed if stat.size > 0 => now,
            Sign::There | Sign::Written | Sign::Closed => now + PATIENCE,
        };
        self.wait(file, stat, until);
    }

    /// Takes in that something about a file changes, without what: it is looked at when that has stopped.
    pub fn touch(&mut self, file: K, now: Duration) {
        let stat = self.files.get(&file).map(|waiting| waiting.stat).unwrap_or_default();
        self.wait(file, stat, now + STILL);
    }

    /// Takes in that a file ends in the middle: unless it changes, it is ready again only when its patience is over.
    pub fn hold(&mut self, file: K, stat: Stat, now: Duration, patience: Duration) {
        self.wait(file, stat, now + patience);
    }

    /// Takes in that a file is gone.
    pub fn forget(&mut self, file: &K) {
        if let Some(waiting) = self.files.remove(file) {
            self.deadlines.remove(&(waiting.until, file.clone()));
        }
    }

    /// Returns when to look next, if anything waits.
    #[must_use]
    pub fn next(&self) -> Option<Duration> {
        self.deadlines.first().map(|(until, _)| *until)
    }

    /// Returns the files to look at, at `now`; each is then given to [`Settle::look`].
    #[must_use]
    pub fn due(&self, now: Duration) -> Vec<K> {
        self.deadlines.iter().take_while(|(until, _)| *until <= now).map(|(_, file)| file.clone()).collect()
    }

    /// Takes in what a due file looks like, `None` when it is gone. Returns its state when it is ready; then it waits no more.
    pub fn look(&mut self, file: &K, stat: Option<Stat>, now: Duration) -> Option<Stat> {
        let waiting = *self.files.get(file)?;
        let Some(stat) = stat else {
            self.forget(file);
            return None;
        };
        if stat.same_content(&waiting.stat) {
            self.forget(file);
            return Some(stat);
        }
        self.notice(file.clone(), stat, Sign::Written, now);
        None
    }

    /// Returns how many files wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Returns whether no file waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Returns the files that are given time to become whole, and until when.
    pub fn held(&self, now: Duration) -> impl Iterator<Item = (&K, Duration)> {
        self.files.iter().map(|(file, waiting)| (file, waiting.until)).filter(move |(_, until)| *until > now + STILL)
    }

    /// Returns the files that wait.
    pub fn files(&self) -> impl Iterator<Item = &K> {
        self.files.keys()
    }

    fn is_held(&self, file: &K, now: Duration) -> bool {
        self.files.get(file).is_some_and(|waiting| waiting.until > now + STILL)
    }

    fn wait(&mut self, file: K, stat: Stat, until: Duration) {
        self.forget(&file);
        self.deadlines.insert((until, file.clone()));
        self.files.insert(file, Waiting { stat, until });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FILE: &str = "export.zip";

    fn at(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn sized(size: u64) -> Stat {
        Stat { size, modified_ns: i64::try_from(size).unwrap(), changed_ns: 0, inode: 1 }
    }

    /// What happens to a file: at this millisecond it is noticed with this size.
    type Story<'a> = &'a [(u64, Sign, u64)];

    /// Returns when the file is ready, looking whenever the state machine asks for it.
    fn ready_at(story: Story<'_>) -> Option<u64> {
        let mut settle = Settle::default();
        let mut events = story.iter().copied().peekable();
        let mut size = 0;
        loop {
            let deadline = settle.next();
            match events.peek() {
                Some(&(ms, sign, new)) if deadline.is_none_or(|deadline| at(ms) <= deadline) => {
                    events.next();
                    size = new;
                    settle.notice(FILE, sized(size), sign, at(ms));
                }
                Some(_) | None => {
                    let now = deadline?;
                    assert_eq!(settle.due(now), [FILE]);
                    if settle.look(&FILE, Some(sized(size)), now).is_some() {
                        return u64::try_from(now.as_millis()).ok();
                    }
                }
            }
        }
    }

    #[track_caller]
    fn check(story: Story<'_>, expected_ms: u64) {
        assert_eq!(ready_at(story), Some(expected_ms));
    }

    #[test]
    fn a_closed_file_is_ready_at_once() {
        check(&[(0, Sign::Written, 5), (10, Sign::Closed, 9)], 10);
    }

    #[test]
    fn a_file_found_by_a_scan_must_stand_still() {
        check(&[(0, Sign::There, 5), (1_500, Sign::There, 5)], 2_000);
    }

    #[test]
    fn a_file_that_grows_between_scans_waits_on() {
        check(&[(0, Sign::There, 5), (1_500, Sign::There, 6), (3_000, Sign::There, 7)], 5_000);
    }

    #[test]
    fn writing_in_place_counts_as_change() {
        check(&[(0, Sign::There, 5), (1_500, Sign::Written, 5)], 3_500);
    }

    #[test]
    fn an_empty_file_is_given_ten_minutes() {
        check(&[(0, Sign::Closed, 0)], 600_000);
        check(&[(0, Sign::Closed, 0), (700, Sign::Closed, 5)], 700);
    }

    #[test]
    fn a_truncated_file_waits_until_it_changes_or_ten_minutes_have_passed() {
        let mut settle = Settle::default();
        settle.hold(FILE, sized(5), at(0), PATIENCE);
        settle.notice(FILE, sized(5), Sign::There, at(1_000));
        settle.notice(FILE, sized(5), Sign::Closed, at(1_000));
        assert_eq!(settle.next(), Some(PATIENCE));
        settle.notice(FILE, sized(6), Sign::Closed, at(2_000));
        assert_eq!(settle.next(), Some(at(2_000)));
    }

    #[test]
    fn the_time_that_a_file_is_given_runs_on_over_a_restart() {
        let minute = 60_000_000_000;
        let stat = Stat { changed_ns: 100 * minute, ..sized(5) };
        let left = |minutes: i64| patience_left(&stat, minutes * minute).as_secs() / 60;
        assert_eq!([99, 100, 104, 110, 200].map(left), [10, 10, 6, 0, 0]);
        assert_eq!(patience_left(&sized(5), 200 * minute), PATIENCE);
    }

    #[test]
    fn a_file_that_changed_unnoticed_is_not_ready() {
        let mut settle = Settle::default();
        settle.notice(FILE, sized(5), Sign::There, at(0));
        assert_eq!(settle.look(&FILE, Some(sized(6)), at(2_000)), None);
        assert_eq!(settle.next(), Some(at(4_000)));
        let other = Stat { inode: 2, ..sized(6) };
        assert_eq!(settle.look(&FILE, Some(other), at(4_000)), None);
        assert_eq!(settle.look(&FILE, Some(other), at(6_000)), Some(other));
        assert!(settle.is_empty() && settle.next().is_none());
    }

    #[test]
    fn a_file_that_is_gone_is_forgotten() {
        let mut settle = Settle::default();
        settle.notice(FILE, sized(5), Sign::There, at(0));
        assert_eq!(settle.look(&FILE, None, at(2_000)), None);
        assert!(settle.is_empty() && settle.next().is_none());
    }

    proptest! {
        #[test]
        fn a_growing_file_is_never_taken(pauses in proptest::collection::vec(1_u64..2_000, 1..200)) {
            let mut story = Vec::new();
            let mut ms = 0;
            for (size, pause) in (1_u64..).zip(&pauses) {
                story.push((ms, if pause % 2 == 0 { Sign::There } else { Sign::Written }, size));
                ms += pause;
            }
            let last = story.last().unwrap().0;
            prop_assert_eq!(ready_at(&story), Some(last + 2_000));
        }

        #[test]
        fn no_file_is_lost(files in proptest::collection::btree_map(0_u32..500, 1_u64..100, 1..100)) {
            let mut settle = Settle::default();
            for (file, size) in &files {
                settle.notice(*file, sized(*size), Sign::There, at(u64::from(*file)));
            }
            let mut ready = BTreeSet::new();
            while let Some(now) = settle.next() {
                for file in settle.due(now) {
                    ready.extend(settle.look(&file, Some(sized(files[&file])), now).map(|_| file));
                }
            }
            prop_assert_eq!(ready, files.keys().copied().collect::<BTreeSet<_>>());
        }
    }
}
