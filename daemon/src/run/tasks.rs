//! The daemon's tasks, by name. None of them may end before the daemon does.

use std::collections::BTreeMap;

use tokio::task::{Id, JoinSet};

use super::Fatal;

/// The tasks that run.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    set: JoinSet<Result<(), Fatal>>,
    names: BTreeMap<String, &'static str>,
}

impl Tasks {
    /// Spawns a task.
    pub(super) fn spawn(&mut self, name: &'static str, task: impl Future<Output = Result<(), Fatal>> + Send + 'static) {
        let id = self.set.spawn(task).id();
        self.names.insert(id.to_string(), name);
    }

    /// Spawns a task on a thread of its own.
    pub(super) fn spawn_blocking(
        &mut self,
        name: &'static str,
        task: impl FnOnce() -> Result<(), Fatal> + Send + 'static,
    ) {
        let id = self.set.spawn_blocking(task).id();
        self.names.insert(id.to_string(), name);
    }

    /// Waits until a task ends, which none should, and returns why.
    pub(super) async fn ended_unasked(&mut self) -> Fatal {
        let Some(joined) = self.set.join_next_with_id().await else {
            return Fatal::Ended("all".to_owned());
        };
        match joined {
            Ok((id, Ok(()))) => Fatal::Ended(self.forget(id)),
            Ok((id, Err(fatal))) => {
                self.forget(id);
                fatal
            }
            Err(error) => Fatal::Panicked(self.forget(error.id())),
        }
    }

    /// Waits until every task has ended; what goes wrong now is only logged.
    pub(super) async fn end(&mut self) {
        while let Some(joined) = self.set.join_next_with_id().await {
            match joined {
                Ok((id, Ok(()))) => tracing::trace!(task = self.forget(id), "ended"),
                Ok((id, Err(fatal))) => {
                    let task = self.forget(id);
                    tracing::error!(task, error = super::chain(&fatal), "task failed while the daemon ended");
                }
                Err(error) => tracing::error!(task = self.forget(error.id()), "task panicked while the daemon ended"),
            }
        }
    }

    /// Returns the names of the tasks that run.
    pub(super) fn names(&self) -> String {
        self.names.values().copied().collect::<Vec<_>>().join(", ")
    }

    fn forget(&mut self, id: Id) -> String {
        self.names.remove(&id.to_string()).unwrap_or("unknown").to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_that_ends_is_named() {
        let mut tasks = Tasks::default();
        tasks.spawn("watch", async { Ok(()) });
        assert!(matches!(tasks.ended_unasked().await, Fatal::Ended(name) if name == "watch"));
    }

    #[tokio::test]
    async fn a_panic_is_named() {
        let mut tasks = Tasks::default();
        tasks.spawn("idle", std::future::pending());
        tasks.spawn_blocking("keeper", || panic!("as a test"));
        assert!(matches!(tasks.ended_unasked().await, Fatal::Panicked(name) if name == "keeper"));
        assert_eq!(tasks.names(), "idle");
    }
}
