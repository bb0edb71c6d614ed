//! Delivers reminders: to the desktop, and to the user's hooks.
//!
//! An intent is written before a channel is given a reminder, and one final outcome after. An intent without an outcome is
//! sent again at the next start, so that a kill in between may show one thing twice and loses nothing. What is to be sent is
//! decided in `kith_core::plan::outbox`; what an answer does is `answer`.
//!
//! ```text
//!  keeper ─▶ outbox ─▶ Said::Intent ─▶ desktop ─▶ Shown ─────▶ Said::Outcome
//!                                  │          └─▶ Pressed ───▶ answer: Said::Log, Said::Snooze, or the card
//!                                  └▶ hook, hook, … ─▶ log ──▶ Said::Outcome
//! ```

pub mod answer;
pub mod card;
pub mod desktop;
pub mod hook;
#[cfg(test)]
pub(crate) mod house;
pub mod log;
pub mod message;
pub mod notification;
pub mod post;
pub mod process;
pub mod who;

use std::collections::{BTreeMap, BTreeSet};
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use kith_core::fact::{OccurrenceId, Outcome, Said};
use kith_core::plan::outbox::Post;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use crate::clock;
use crate::config::Config;
use crate::keeper::{Keeper, KeeperError};
use crate::paths::Paths;
use crate::remind::rules;
use desktop::{Bus, Event, Wanted};
use hook::{Finished, Hook, NotRun};
use notification::Action;
use process::Launcher;

/// How long to wait before trying again what could not be written down.
const AGAIN: Duration = Duration::from_secs(60);

/// Delivering ended, and with it the daemon.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    /// The keeper has ended.
    #[error("deliver reminders")]
    Keeper(#[source] KeeperError),
    /// The desktop's task ended.
    #[error("deliver reminders: the desktop's task has ended")]
    Desktop(#[source] Option<tokio::task::JoinError>),
}

/// What delivering works with.
#[derive(Debug, Clone)]
pub struct Deliver {
    /// Knows the reminders, and writes down what became of them.
    pub keeper: Keeper,
    /// Where hooks, their log and opened cards are.
    pub paths: Arc<Paths>,
    /// What the user chose.
    pub config: watch::Receiver<Arc<Config>>,
    /// Where the desktop is.
    pub bus: Bus,
    /// How programs are started.
    pub launcher: Launcher,
}

/// What goes on at the moment.
struct Under {
    /// Hooks that run, each in its task.
    hooks: JoinSet<Finished>,
    /// The channels of these.
    busy: BTreeSet<String>,
    /// What the desktop is to show.
    want: watch::Sender<Wanted>,
    /// Hooks that are not run, as last reported.
    not_run: Vec<NotRun>,
    /// Something could not be written down; it is tried again.
    again: bool,
}

/// Delivers until told to shut down.
///
/// # Errors
/// When the keeper has ended, or the desktop's task.
pub async fn run(mut deliver: Deliver, mut shutdown: watch::Receiver<bool>) -> Result<(), DeliverError> {
    let (want, wanted) = watch::channel(Wanted::default());
    let (to_events, mut events) = mpsc::channel(16);
    let mut desktop = JoinSet::new();
    desktop.spawn(desktop::run(deliver.bus.clone(), wanted, to_events));
    let mut under = Under { hooks: JoinSet::new(), busy: BTreeSet::new(), want, not_run: Vec::new(), again: false };
    let mut changed = deliver.keeper.changed();
    loop {
        changed.mark_unchanged();
        deliver.config.mark_unchanged();
        let sent = send(&deliver, &mut under).await;
        under.settle(sent)?;
        let told = tokio::select! {
            event = events.recv() => match event {
                Some(event) => hear(&deliver, event).await,
                None => Ok(()),
            },
            Some(finished) = under.hooks.join_next() => under.finish(&deliver, finished).await,
            () = ticked(&mut changed) => Ok(()),
            () = ticked(&mut deliver.config) => Ok(()),
            () = tokio::time::sleep(AGAIN), if under.again => Ok(()),
            ended = desktop.join_next() => return Err(DeliverError::Desktop(ended.and_then(Result::err))),
            // A sender that is gone means the same as being told.
            _ = shutdown.changed() => return Ok(()),
        };
        under.settle(told)?;
    }
}

impl Under {
    /// Notes whether something is to be tried again; only the keeper's end ends delivering.
    fn settle(&mut self, result: Result<(), KeeperError>) -> Result<(), DeliverError> {
        match result {
            Err(error @ KeeperError::Ended) => return Err(DeliverError::Keeper(error)),
            Err(error) => {
                tracing::warn!(%error, "what became of a reminder cannot be written down yet");
                self.again = true;
            }
            Ok(()) => self.again = false,
        }
        Ok(())
    }

    async fn finish(
        &mut self,
        deliver: &Deliver,
        finished: Result<Finished, tokio::task::JoinError>,
    ) -> Result<(), KeeperError> {
        let finished = match finished {
            Ok(finished) => finished,
            Err(error) => {
                // Its intents stay without an outcome: it is told again at the next start.
                tracing::error!(%error, "a hook's task ended unasked");
                return Ok(());
            }
        };
        let channel = finished.channel;
        let outcome =
            |occurrence| Said::Outcome { occurrence, channel: channel.clone(), outcome: finished.outcome.clone() };
        let said = finished.occurrences.into_iter().map(outcome).collect();
        let written = deliver.keeper.say(said).await.map(drop);
        self.busy.remove(&channel);
        written
    }

    /// Says once which hooks are not run, and why.
    fn report(&mut self, not_run: Vec<NotRun>) {
        for hook in not_run.iter().filter(|hook| !self.not_run.contains(hook)) {
            tracing::warn!(hook = %hook.path.display(), reason = hook.reason, "a hook is not run");
        }
        self.not_run = not_run;
    }
}

/// Gives each channel what it has to deliver, once that is written down.
async fn send(deliver: &Deliver, under: &mut Under) -> Result<(), KeeperError> {
    let config = Arc::clone(&deliver.config.borrow());
    let hooks = hook::find(&hook::reminder_folder(&deliver.paths.hooks)).unwrap_or_else(|error| {
        tracing::warn!(%error, "the folder of hooks cannot be read");
        hook::Hooks::default()
    });
    under.report(hooks.not_run);
    let posts = posts(deliver, &config, &hooks.usable);
    let said = posts.iter().flat_map(|(channel, post)| before(channel, post)).collect::<Vec<_>>();
    if !said.is_empty() {
        deliver.keeper.say(said).await?;
    }
    let desktop = posts.get(desktop::CHANNEL).map(|post| post::notices(&deliver.keeper, post)).unwrap_or_default();
    let wanted = Wanted { notices: desktop, over: post::over(&deliver.keeper) };
    under.want.send_if_modified(|known| {
        let differs = *known != wanted;
        *known = wanted;
        differs
    });
    for hook in hooks.usable {
        let channel = hook.channel();
        if let Some(post) = posts.get(&channel).filter(|post| !post.send.is_empty())
            && under.busy.insert(channel)
        {
            start(deliver, under, &config, hook, post);
        }
    }
    Ok(())
}

fn posts(deliver: &Deliver, config: &Config, hooks: &[Hook]) -> BTreeMap<String, Post> {
    if !rules::delivers(&deliver.keeper, config, clock::now()) {
        return BTreeMap::new();
    }
    let channels = hooks.iter().map(Hook::channel).chain([desktop::CHANNEL.to_owned()]).collect();
    post::posts(&deliver.keeper.book(), &channels)
}

/// What is written down before a channel is given its reminders.
fn before(channel: &str, post: &Post) -> Vec<Said> {
    let channel = || channel.to_owned();
    let intent = |occurrence: &OccurrenceId| Said::Intent { occurrence: occurrence.clone(), channel: channel() };
    let overtaken = |occurrence: &OccurrenceId| {
        let outcome = Outcome::Overtaken;
        Said::Outcome { occurrence: occurrence.clone(), channel: channel(), outcome }
    };
    post.overtaken.iter().map(overtaken).chain(post.intend.iter().map(intent)).collect()
}

fn start(deliver: &Deliver, under: &mut Under, config: &Config, hook: Hook, post: &Post) {
    let message = post::message(&deliver.keeper, config, post);
    let job = hook::Job {
        hook,
        occurrences: post.send.clone(),
        message,
        limit: config.hook_time_limit,
        tries_after: &hook::TRIES_AFTER,
        launcher: deliver.launcher.clone(),
        state: deliver.paths.state.clone(),
    };
    under.hooks.spawn(job.run());
}

/// Does what happened on the desktop ask for.
async fn hear(deliver: &Deliver, event: Event) -> Result<(), KeeperError> {
    let config = Arc::clone(&deliver.config.borrow());
    match event {
        Event::Shown(occurrences) => {
            let channel = || desktop::CHANNEL.to_owned();
            let shown = |occurrence| Said::Outcome { occurrence, channel: channel(), outcome: Outcome::Delivered };
            deliver.keeper.say(occurrences.into_iter().map(shown).collect()).await.map(drop)
        }
        Event::Pressed(occurrences, action) => {
            tracing::info!(reminders = occurrences.len(), action = ?action, "pressed on the desktop");
            match action {
                Action::Done => answer::done(&deliver.keeper, &occurrences, clock::now()).await,
                Action::Snooze => {
                    answer::snooze(&deliver.keeper, &occurrences, answer::in_a_week(clock::now(), &config.timezone))
                        .await
                }
                Action::Open => {
                    answer::open(deliver, &occurrences, &config);
                    Ok(())
                }
            }
        }
    }
}

/// Waits for a change; for ever when there can be none any more.
async fn ticked<T>(receiver: &mut watch::Receiver<T>) {
    if receiver.changed().await.is_err() {
        pending::<()>().await;
    }
}

#[cfg(test)]
mod tests;
