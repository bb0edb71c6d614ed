//! The clock: the only file that reads one. Everything else takes the time as an argument or asks here.
//!
//! It sees what a plain timer does not: a suspended machine and a wall clock that was set. The kernel cancels a timer made
//! with `TFD_TIMER_CANCEL_ON_SET` at both, so that [`watch_jumps`] sleeps without ever waking for nothing.

use std::io;
use std::os::fd::OwnedFd;
use std::time::Duration;

use jiff::tz::{TimeZone, reset_system_time_zone_cache};
use jiff::{SignedDuration, Timestamp};
use rustix::io::Errno;
use rustix::time::{
    ClockId, Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, clock_gettime, timerfd_create,
    timerfd_settime,
};
use tokio::io::unix::AsyncFd;
use tokio::sync::watch;

/// How much the two clocks may differ without anything having happened: scheduling, and a network clock's slewing.
const SLACK: Duration = Duration::from_millis(500);

/// How long a move to another zone may go unnoticed.
const ZONE_AGAIN: Duration = Duration::from_secs(5 * 60);

/// The clock cannot be watched.
#[derive(Debug, thiserror::Error)]
#[error("watch the clock for jumps")]
pub struct ClockError(#[source] io::Error);

/// Returns the time of day.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Returns the time since the machine was started, suspended or not. It never runs backwards.
#[must_use]
pub fn since_boot() -> Duration {
    duration(clock_gettime(ClockId::Boottime))
}

/// Returns the time since the machine was started, without the time it was suspended. Timers run by it.
#[must_use]
pub fn awake() -> Duration {
    duration(clock_gettime(ClockId::Monotonic))
}

fn duration(time: Timespec) -> Duration {
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// What the clocks said at one moment; compared with a later moment it tells what happened between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    wall: Timestamp,
    since_boot: Duration,
    awake: Duration,
}

/// What happened to the clocks between two moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jump {
    /// How long the machine was suspended.
    pub suspended: Duration,
    /// How far the wall clock was set, forwards or backwards.
    pub set: SignedDuration,
}

impl Reading {
    /// Reads the clocks.
    #[must_use]
    pub fn take() -> Self {
        Self { wall: now(), since_boot: since_boot(), awake: awake() }
    }

    /// Returns what happened between `earlier` and this moment, if anything did.
    #[must_use]
    pub fn jump_since(&self, earlier: &Self) -> Option<Jump> {
        let passed = self.since_boot.saturating_sub(earlier.since_boot);
        let suspended = passed.saturating_sub(self.awake.saturating_sub(earlier.awake));
        let passed = SignedDuration::try_from(passed).unwrap_or(SignedDuration::MAX);
        let set = self.wall.duration_since(earlier.wall) - passed;
        let happened = suspended > SLACK || set.unsigned_abs() > SLACK;
        happened.then_some(Jump { suspended, set })
    }
}

/// Counts up in `jumps` whenever the machine resumes from suspend or the wall clock is set, until `jumps` has no readers.
///
/// # Errors
/// When the kernel offers no such timer.
pub async fn watch_jumps(jumps: watch::Sender<u64>) -> Result<(), ClockError> {
    let timer = cancelled_on_set().and_then(polled).map_err(ClockError)?;
    let mut before = Reading::take();
    loop {
        tokio::select! {
            readable = timer.readable() => readable.map_err(ClockError)?.clear_ready(),
            () = jumps.closed() => return Ok(()),
        }
        arm(timer.get_ref()).map_err(ClockError)?;
        let after = Reading::take();
        let jump = after.jump_since(&before);
        tracing::info!(
            suspended_s = jump.map_or(0, |jump| jump.suspended.as_secs()),
            set_s = jump.map_or(0, |jump| jump.set.as_secs()),
            "the clock jumped"
        );
        before = after;
        jumps.send_modify(|count| *count += 1);
    }
}

/// Returns the zone that the system is in at the moment, as `TZ` or `/etc/localtime` says: laptops travel.
#[must_use]
pub fn zone() -> TimeZone {
    // jiff would go on with what it knew for some minutes.
    reset_system_time_zone_cache();
    TimeZone::system()
}

/// Waits until the system is in another zone than `known`. Nothing tells of that, so it is looked up every few minutes.
pub async fn zone_changes(known: TimeZone) {
    while zone() == known {
        tokio::time::sleep(ZONE_AGAIN).await;
    }
}

/// Sleeps until the wall clock reads `deadline`, however it is set and however long the machine is suspended meanwhile.
///
/// `jumps` is what [`watch_jumps`] counts up.
pub async fn sleep_until(deadline: Timestamp, jumps: &mut watch::Receiver<u64>) {
    loop {
        let left = Duration::try_from(deadline.duration_since(now())).unwrap_or(Duration::ZERO);
        if left.is_zero() {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(left) => {}
            jumped = jumps.changed() => if jumped.is_err() {
                tokio::time::sleep(left).await;
            }
        }
    }
}

/// Sleeps until the wall clock reads this, as [`sleep_until`] does; for ever without one.
pub async fn wait_until(deadline: Option<Timestamp>, jumps: &mut watch::Receiver<u64>) {
    match deadline {
        Some(deadline) => sleep_until(deadline, jumps).await,
        None => std::future::pending().await,
    }
}

fn cancelled_on_set() -> io::Result<OwnedFd> {
    let timer = timerfd_create(TimerfdClockId::Realtime, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?;
    arm(&timer)?;
    Ok(timer)
}

#[expect(deprecated, reason = "what is unsound is a type that lies about its descriptor; `OwnedFd` does not")]
fn polled(timer: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::new(timer)
}

/// Sets the timer to a day that never comes.
fn arm(timer: &OwnedFd) -> io::Result<()> {
    let never = Timespec { tv_sec: i64::MAX >> 1, tv_nsec: 0 };
    let once = Itimerspec { it_interval: Timespec { tv_sec: 0, tv_nsec: 0 }, it_value: never };
    match timerfd_settime(timer, TimerfdTimerFlags::ABSTIME | TimerfdTimerFlags::CANCEL_ON_SET, &once) {
        // The clock was set since the timer was armed the last time; this time it is armed all the same.
        Ok(_) | Err(Errno::CANCELED) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Reading =
        Reading { wall: Timestamp::UNIX_EPOCH, since_boot: Duration::from_secs(100), awake: Duration::from_secs(90) };

    fn later(wall_s: i64, since_boot_s: u64, awake_s: u64) -> Reading {
        Reading {
            wall: START.wall + SignedDuration::from_secs(wall_s),
            since_boot: START.since_boot + Duration::from_secs(since_boot_s),
            awake: START.awake + Duration::from_secs(awake_s),
        }
    }

    #[test]
    fn time_that_merely_passes_is_no_jump() {
        assert_eq!(later(60, 60, 60).jump_since(&START), None);
    }

    #[test]
    fn a_suspended_machine_is_seen() {
        let jump = later(60, 60, 10).jump_since(&START).unwrap();
        assert_eq!((jump.suspended.as_secs(), jump.set.as_secs()), (50, 0));
    }

    #[test]
    fn a_clock_set_back_is_seen() {
        let jump = later(-3_540, 60, 60).jump_since(&START).unwrap();
        assert_eq!((jump.suspended.as_secs(), jump.set.as_secs()), (0, -3_600));
    }

    #[tokio::test]
    async fn the_kernel_offers_the_timer() {
        let (jumps, readers) = watch::channel(0);
        drop(readers);
        tokio::time::timeout(Duration::from_secs(5), watch_jumps(jumps)).await.unwrap().unwrap();
    }
}
