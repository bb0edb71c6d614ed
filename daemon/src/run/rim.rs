//! Tasks at the rim that tell others: hooks and channels of what happened, and the folder for the phone.

use std::sync::Arc;

use tokio::sync::watch;

use super::tasks::Tasks;
use super::{Fatal, Shared};
use crate::deliver::Channels;
use crate::deliver::events::Events;
use crate::intake::{Intake, Problem};
use crate::keeper::Keeper;
use crate::phone::Phone;

/// Watches for what hooks and channels are told besides reminders; returns the files that could not be imported.
pub(super) fn spawn_events(
    tasks: &mut Tasks,
    shared: &Shared,
    keeper: &Keeper,
    (intake, channels, arrived): (&Intake, &Channels, watch::Receiver<u64>),
) -> watch::Receiver<Vec<Problem>> {
    let (paths, config, queue) = (Arc::clone(&shared.paths), shared.config.clone(), channels.queue.clone());
    let events = Events::begin(keeper.clone(), paths, config, queue, intake.problems());
    let problems = events.problems();
    let (intake, shutdown) = (intake.clone(), shared.shutdown.clone());
    tasks.spawn("events", async {
        events.run(intake, arrived, shutdown).await;
        Ok(())
    });
    problems
}

/// Keeps the folder for the phone; what is wrong with it can be read from what this returns.
pub(super) fn spawn_phone(tasks: &mut Tasks, shared: &Shared, keeper: &Keeper) -> watch::Receiver<Option<String>> {
    let (fault, fault_seen) = watch::channel(None);
    let phone = Phone {
        keeper: keeper.clone(),
        config: shared.config.clone(),
        state: shared.paths.state.clone(),
        jumps: shared.jumps.clone(),
        fault,
    };
    let shutdown = shared.shutdown.clone();
    tasks.spawn("phone", async {
        crate::phone::run(phone, shutdown).await.map_err(|_| Fatal::Panicked("phone".to_owned()))
    });
    fault_seen
}
