//! Counts who holds the store, so that it can be waited until nobody else does.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// One of those who hold the store.
#[derive(Debug, Default)]
pub(super) struct Lease(Arc<Holders>);

#[derive(Debug, Default)]
struct Holders {
    others: Mutex<usize>,
    fewer: Condvar,
}

impl Lease {
    /// Waits until at most this many others hold it; returns whether that came to pass in time.
    pub(super) fn wait_for_others(&self, at_most: usize, limit: Duration) -> bool {
        let others = self.0.others.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.0.fewer.wait_timeout_while(others, limit, |others| *others > at_most);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }
}

impl Clone for Lease {
    fn clone(&self) -> Self {
        *self.0.others.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        Self(Arc::clone(&self.0))
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut others = self.0.others.lock().unwrap_or_else(PoisonError::into_inner);
        *others = others.saturating_sub(1);
        self.0.fewer.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_waited_until_the_others_are_gone() {
        let lease = Lease::default();
        let (second, third) = (lease.clone(), lease.clone());
        assert!(!lease.wait_for_others(1, Duration::ZERO));
        drop(second);
        assert!(lease.wait_for_others(1, Duration::ZERO) && !lease.wait_for_others(0, Duration::ZERO));
        let waiting = std::thread::spawn(move || lease.wait_for_others(0, Duration::from_secs(60)));
        drop(third);
        assert!(waiting.join().unwrap());
    }
}
