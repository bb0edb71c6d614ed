//! Waiting for a condition with a deadline: the one place of the tests that reads a clock and pauses.

use std::thread;
use std::time::{Duration, Instant};

use crate::HarnessError;

/// How often a condition is looked at.
const PAUSE: Duration = Duration::from_millis(20);

/// Returns what `condition` found, as soon as it finds something.
///
/// # Errors
/// When it found nothing within `limit`.
pub fn wait_until<T>(what: &str, limit: Duration, mut condition: impl FnMut() -> Option<T>) -> Result<T, HarnessError> {
    let watch = Stopwatch::start();
    loop {
        if let Some(found) = condition() {
            return Ok(found);
        }
        if watch.elapsed() > limit {
            return Err(HarnessError::TimedOut {
                what: what.to_owned(),
                seconds: limit.as_secs(),
                details: String::new(),
            });
        }
        pause(PAUSE);
    }
}

/// How long something took.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "tests measure and wait from outside; the daemon's clock is not at hand"
    )]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Returns the time since the start.
    #[must_use]
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// Pauses: between two looks at a condition, between two chunks of a slow copy, before a kill.
#[expect(clippy::disallowed_methods, reason = "the only pause of the tests; nothing is concluded from its length")]
pub fn pause(length: Duration) {
    thread::sleep(length);
}
