//! How the store is: the first trouble that any call met, and whether a call does not return.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, watch};

use crate::store::StoreError;

/// How long a call may take before it counts as one that does not return.
const PATIENCE: Duration = Duration::from_secs(2 * 60);

/// What is known of the store's health.
#[derive(Debug, Default)]
pub struct Health {
    begun: AtomicU64,
    returned: AtomicU64,
    used: Notify,
    trouble: watch::Sender<Option<Trouble>>,
}

/// What a call met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The store is damaged, in words: it is to be made again.
    Damage(String),
    /// There is no room; the store itself is well.
    Full,
}

impl Health {
    pub(super) fn begin(&self) {
        self.begun.fetch_add(1, Ordering::AcqRel);
        self.used.notify_one();
    }

    pub(super) fn end(&self) {
        self.returned.fetch_add(1, Ordering::AcqRel);
    }

    /// Takes in what a call met; the first trouble counts.
    pub(super) fn met(&self, error: &StoreError) {
        let is_full = matches!(error, StoreError::Full);
        let trouble = if is_full { Trouble::Full } else { Trouble::Damage(error.to_string()) };
        self.trouble.send_if_modified(|known| {
            let is_first = known.is_none();
            known.get_or_insert(trouble);
            is_first
        });
    }

    /// Waits until the store is in trouble. While the store rests, this rests, too.
    pub async fn trouble(self: Arc<Self>) -> Trouble {
        self.trouble_after(PATIENCE).await
    }

    async fn trouble_after(&self, patience: Duration) -> Trouble {
        let mut told = self.trouble.subscribe();
        let told = async {
            match told.wait_for(Option::is_some).await.ok().and_then(|trouble| trouble.clone()) {
                Some(trouble) => trouble,
                None => pending().await,
            }
        };
        tokio::select! {
            trouble = told => trouble,
            () = self.hangs(patience) => Trouble::Damage("use the store: a call does not return".to_owned()),
        }
    }

    /// Waits until a call does not return for so long.
    async fn hangs(&self, patience: Duration) {
        loop {
            self.used.notified().await;
            let mut before = self.under_way();
            while before.is_some() {
                tokio::time::sleep(patience).await;
                let now = self.under_way();
                if now.is_some() && now == before {
                    return;
                }
                before = now;
            }
        }
    }

    /// Returns a number that grows with each call that returns, while one is under way.
    fn under_way(&self) -> Option<u64> {
        let returned = self.returned.load(Ordering::Acquire);
        (self.begun.load(Ordering::Acquire) > returned).then_some(returned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_trouble_counts() {
        let health = Arc::new(Health::default());
        health.met(&StoreError::Damaged);
        health.met(&StoreError::Full);
        assert_eq!(health.trouble().await, Trouble::Damage("read the store: a value is damaged".to_owned()));
    }

    #[tokio::test]
    async fn a_call_that_does_not_return_is_damage_and_one_that_does_is_not() {
        const SOON: Duration = Duration::from_millis(20);
        let health = Health::default();
        health.begin();
        health.end();
        let waits = tokio::time::timeout(SOON * 10, health.trouble_after(SOON));
        assert!(waits.await.is_err());
        health.begin();
        let trouble = tokio::time::timeout(SOON * 1_000, health.trouble_after(SOON)).await.unwrap();
        assert!(matches!(trouble, Trouble::Damage(words) if words.contains("does not return")));
    }
}
