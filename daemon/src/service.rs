//! What systemd is told: ready, how it goes, still alive, ending. Without systemd, nothing happens.
//!
//! The watchdog is fed only when the keeper answers: a keeper that hangs stops the pings, and systemd starts the daemon anew.

use std::io;
use std::time::Duration;

use sd_notify::NotifyState;
use tokio::sync::watch;

use crate::intake::Intake;
use crate::keeper::{Keeper, KeeperError};

/// How long things must be quiet before the status is told again.
const PAUSE: Duration = Duration::from_secs(1);

/// systemd cannot be told, or there is nothing good to tell.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// Its socket does not take the message.
    #[error("notify systemd")]
    Notify(#[source] io::Error),
    /// The keeper has ended.
    #[error("ask the keeper whether it is alive")]
    Keeper(#[source] KeeperError),
}

/// Tells systemd that the daemon is ready.
///
/// # Errors
/// When its socket does not take the message.
pub fn ready() -> Result<(), ServiceError> {
    tell(&[NotifyState::Ready])
}

/// Tells systemd that the daemon is ending.
///
/// # Errors
/// When its socket does not take the message.
pub fn stopping() -> Result<(), ServiceError> {
    tell(&[NotifyState::Stopping])
}

/// Tells systemd that the config is being read again; [`ready`] follows.
///
/// # Errors
/// When its socket does not take the message.
pub fn reloading() -> Result<(), ServiceError> {
    let now = NotifyState::monotonic_usec_now().map_err(ServiceError::Notify)?;
    tell(&[NotifyState::Reloading, now])
}

/// Asks systemd for another minute while `work` goes on, again and again: a store that is made anew takes its time.
///
/// # Errors
/// When its socket does not take the message.
pub async fn patiently<T>(work: impl Future<Output = T>) -> Result<T, ServiceError> {
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return Ok(done),
            () = tokio::time::sleep(Duration::from_secs(20)) => tell(&[NotifyState::ExtendTimeoutUsec(60_000_000)])?,
        }
    }
}

/// Shows how it goes, until the daemon ends.
///
/// # Errors
/// When systemd's socket does not take the message.
pub async fn status(keeper: Keeper, intake: Intake, mut shutdown: watch::Receiver<bool>) -> Result<(), ServiceError> {
    let mut changed = keeper.changed();
    loop {
        // The folder of problems is read for it, and may be a slow one.
        let of = (keeper.clone(), intake.clone());
        if let Ok(line) = tokio::task::spawn_blocking(move || line(&of.0, &of.1)).await {
            tell(&[NotifyState::Status(&line)])?;
        }
        tokio::select! {
            _ = shutdown.wait_for(|ends| *ends) => return Ok(()),
            changed = changed.changed() => if changed.is_err() { return Ok(()) },
        }
        tokio::select! {
            _ = shutdown.wait_for(|ends| *ends) => return Ok(()),
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Feeds systemd's watchdog while the keeper answers, until the daemon ends.
///
/// # Errors
/// When the keeper has ended, or systemd's socket does not take the message.
pub async fn watchdog(keeper: Keeper, mut shutdown: watch::Receiver<bool>) -> Result<(), ServiceError> {
    let Some(limit) = sd_notify::watchdog_enabled() else {
        // Without a watchdog there is nothing to do.
        return shutdown.wait_for(|ends| *ends).await.map_or(Ok(()), |_| Ok(()));
    };
    loop {
        match tokio::time::timeout(limit, keeper.ping()).await {
            Ok(answer) => answer.map_err(ServiceError::Keeper)?,
            // systemd's own patience is at its end now.
            Err(_) => tracing::error!("the keeper does not answer"),
        }
        tell(&[NotifyState::Watchdog])?;
        tokio::select! {
            _ = shutdown.wait_for(|ends| *ends) => return Ok(()),
            () = tokio::time::sleep(limit / 2) => {}
        }
    }
}

fn line(keeper: &Keeper, intake: &Intake) -> String {
    let counts = keeper.book().counts();
    let mut line = format!("{} people, {} interactions", counts.people, counts.interactions);
    let problems = intake.problems().len();
    if problems > 0 {
        line.push_str(&format!("; {problems} files could not be imported (kith problems)"));
    }
    let faults = intake.folders().iter().filter(|folder| folder.fault.is_some()).count();
    if faults > 0 {
        line.push_str(&format!("; {faults} folders cannot be read (kith status)"));
    }
    if intake.status().disk_full {
        line.push_str("; the disk is full");
    }
    line
}

fn tell(states: &[NotifyState<'_>]) -> Result<(), ServiceError> {
    sd_notify::notify(states).map_err(ServiceError::Notify)
}
