//! Makes the day's plan when a schedule's occurrence comes, and writes it down before anything is delivered.
//!
//! What was missed while the machine was off or asleep becomes one plan. Whom the plan names is decided in
//! `kith_core::plan`, when it is made in `kith_core::schedule`; telling it is `deliver`.
//!
//! ```text
//!  clock ─▶ occurrences since the last plan ─▶ plan(people, rules, day) ─▶ Said::Planned ─▶ keeper
//! ```

pub mod events;
pub mod explain;
pub mod people;
pub mod rules;
pub mod when;

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use kith_core::fact::{Planned, Said};
use kith_core::plan::brief::MORNING;
use kith_core::plan::suggest::{WELCOME, first_import_word};
use kith_core::schedule::Occurrences;
use kith_core::schedule::looked::{Looked, Turn};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::clock;
use crate::config::{Config, Schedule};
use crate::keeper::{Keeper, KeeperError};
use crate::store::StoreError;

/// How long nothing must have changed before what was said or imported is looked at: an import may come in several parts.
const QUIET: Duration = Duration::from_secs(5);

/// When to try again what could not be written.
const AGAIN_MINUTES: i64 = 1;

/// Reminding ended, and with it the daemon.
#[derive(Debug, thiserror::Error)]
#[error("plan reminders")]
pub struct RemindError(#[source] KeeperError);

/// The plan could not be made or written down; it is tried again.
#[derive(Debug, thiserror::Error)]
enum Hitch {
    #[error("write down the plan")]
    Keeper(#[from] KeeperError),
    #[error("read whom to plan")]
    Store(#[from] StoreError),
}

/// What reminding works with.
#[derive(Debug, Clone)]
pub struct Remind {
    /// Knows the people, and writes down the plans.
    pub keeper: Keeper,
    /// What the user chose.
    pub config: watch::Receiver<Arc<Config>>,
    /// Counts up on resume, and when the clock is set.
    pub jumps: watch::Receiver<u64>,
}

/// Plans until told to shut down.
///
/// # Errors
/// When the keeper has ended.
pub async fn run(mut remind: Remind, mut shutdown: watch::Receiver<bool>) -> Result<(), RemindError> {
    let mut looked = Looked::default();
    let mut changed = remind.keeper.changed();
    loop {
        let config = Arc::clone(&remind.config.borrow_and_update());
        let zone = config.zone();
        reach(&remind.keeper).await.map_err(RemindError)?;
        let next = match turn(&remind, &config, &mut looked).await {
            Ok(next) => next.into_iter().chain(remind.keeper.book().next_ahead()).min(),
            Err(Hitch::Keeper(error @ KeeperError::Ended)) => return Err(RemindError(error)),
            Err(error) => {
                tracing::warn!(error = %error, "reminders cannot be planned; trying again in a minute");
                clock::now().checked_add(AGAIN_MINUTES.minutes()).ok()
            }
        };
        let mut jumps = remind.jumps.clone();
        tokio::select! {
            () = clock::wait_until(next, &mut jumps) => {}
            () = ticked(&mut remind.jumps) => {}
            () = moved(&config, zone) => {}
            () = ticked(&mut remind.config) => {}
            () = settled(&mut changed) => {}
            // A sender that is gone means the same as being told.
            _ = shutdown.changed() => return Ok(()),
        }
    }
}

/// Makes the plans that are due; returns when the next one will be.
async fn turn(remind: &Remind, config: &Config, looked: &mut Looked) -> Result<Option<Timestamp>, Hitch> {
    let now = clock::now();
    if !rules::delivers(&remind.keeper, config, now) {
        // Plans made here when this device takes over begin then.
        looked.clear();
        // It may have to: the device that delivers falls silent without a word.
        return Ok(when::next_occurrence(config, now));
    }
    if let Some(until) = config.quiet.and_then(|quiet| quiet.until(now, &config.zone())) {
        // What comes meanwhile is told then, late and together.
        return Ok(Some(until));
    }
    let (zone, upcoming) = (config.zone(), when::next_occurrence(config, now));
    let today = zone.to_datetime(now).date();
    if when::rests(&remind.keeper.book(), config, today) {
        let begins = |name: &&String| remind.keeper.book().words().last_planned_until(name, now).is_none();
        let new = config.schedules.iter().map(|schedule| &schedule.name).filter(begins);
        let new: Vec<Said> = new.map(|name| Said::Planned(begin(name, now))).collect();
        if !new.is_empty() {
            remind.keeper.say(new).await?;
        }
        // What came before the rest, and could not be told, is made up for in the morning behind it.
        let morning = today.tomorrow().ok().and_then(|day| zone.to_timestamp(day.to_datetime(MORNING)).ok());
        return Ok(morning.into_iter().chain(upcoming).min());
    }
    welcome(&remind.keeper, config, now).await?;
    let events = events::words(&remind.keeper, config, now)?;
    if !events.due.is_empty() {
        events.due.iter().for_each(log);
        remind.keeper.say(events.due.into_iter().map(Said::Planned).collect()).await?;
    }
    for schedule in &config.schedules {
        if let Some(planned) = due(looked, &remind.keeper, config, schedule, now)? {
            log(&planned);
            remind.keeper.say(vec![Said::Planned(planned)]).await?;
        }
    }
    Ok(upcoming.into_iter().chain(events.next).min())
}

/// Has what was yet to come count as contact once it has come, whichever device reminds.
async fn reach(keeper: &Keeper) -> Result<(), KeeperError> {
    let has_come = keeper.book().next_ahead().is_some_and(|at| at <= clock::now());
    if has_come { keeper.reach().await } else { Ok(()) }
}

/// A plan that names nobody is nothing the user would notice.
fn log(planned: &Planned) {
    let (schedule, reminders, missed) = (&planned.schedule, planned.reminders.len(), planned.missed);
    if reminders == 0 {
        tracing::debug!(schedule, missed, "planned, for nobody");
    } else {
        tracing::info!(schedule, reminders, missed, "planned");
    }
}

/// Says the one word to the owner after the first import with messages.
async fn welcome(keeper: &Keeper, config: &Config, now: Timestamp) -> Result<(), Hitch> {
    if keeper.book().words().last_planned(WELCOME).is_some() {
        return Ok(());
    }
    let Some(word) = first_import_word(&people::proposals(keeper, config)?, now) else { return Ok(()) };
    keeper.say(vec![Said::Planned(word)]).await?;
    Ok(())
}

/// The empty plan with which a schedule begins.
fn begin(schedule: &str, now: Timestamp) -> Planned {
    Planned { schedule: schedule.to_owned(), due: now, missed: 0, reminders: Vec::new() }
}

/// Returns the plan of a schedule, if an occurrence came since it was planned last.
///
/// A schedule that was never planned begins here, with a plan without reminders: without it, a machine that is always off
/// at the time of the occurrence would never know that it missed one.
fn due(
    looked: &mut Looked,
    keeper: &Keeper,
    config: &Config,
    Schedule { name, cron }: &Schedule,
    now: Timestamp,
) -> Result<Option<Planned>, StoreError> {
    let planned_before = keeper.book().words().last_planned_until(name, now);
    // What came on a day off or during a pause is not made up for.
    let rested_since = |at| when::rested_since(&keeper.book(), config, at);
    match looked.turn((name, cron), planned_before, (now, &config.zone()), rested_since) {
        Turn::Begins => Ok(Some(begin(name, now))),
        Turn::Rests => Ok(None),
        Turn::Due(Occurrences { count, newest }) => {
            let reminders = people::plan(keeper, config, name, now)?;
            looked.planned(name, newest);
            Ok(Some(Planned { schedule: name.clone(), due: newest, missed: count.saturating_sub(1), reminders }))
        }
    }
}

/// Waits until schedules count in another zone than this; for ever when the config says which.
async fn moved(config: &Config, zone: TimeZone) {
    match config.timezone {
        Some(_) => pending().await,
        None => clock::zone_changes(zone).await,
    }
}

/// Waits for a change; for ever when there can be none any more.
async fn ticked<T>(receiver: &mut watch::Receiver<T>) {
    if receiver.changed().await.is_err() {
        pending::<()>().await;
    }
}

/// Waits for a change, and until nothing has changed for a while.
async fn settled(changed: &mut watch::Receiver<u64>) {
    ticked(changed).await;
    while timeout(QUIET, ticked(changed)).await.is_ok() {}
}

#[cfg(test)]
mod tests;
