//! Delivers reminders: to the desktop, to the user's hooks, and to network channels; and tells these of other events.
//!
//! An intent is written before a channel is given a reminder, and one final outcome after. An intent without an outcome is
//! sent again at the next start, so that a kill in between may show one thing twice and loses nothing. While it runs, the
//! daemon hands over nothing twice: an outcome that cannot be written is kept (`unsaid`), and its channel waits for it. What
//! is to be sent is decided in `kith_core::plan::outbox`; what an answer does is `answer`.
//!
//! ```text
//!  keeper ─▶ outbox ─▶ Said::Intent ─▶ desktop ─▶ Shown ─────▶ Said::Outcome
//!                                  │          └─▶ Pressed ───▶ answer: Said::Log, Said::Snooze, or the card
//!                                  ├▶ hook, hook, … ─▶ log ──▶ Said::Outcome
//!                                  └▶ queue ─▶ office ───────▶ Said::Outcome
//!  events ─────────────────────────▶ queue ─▶ office ─▶ kith-channel, hooks for other events
//! ```

pub mod answer;
pub mod arrivals;
pub mod card;
pub mod desktop;
pub mod event;
pub mod events;
pub mod hook;
#[cfg(test)]
pub(crate) mod house;
pub mod letter;
pub mod log;
pub mod message;
pub mod network;
pub mod notification;
pub mod office;
pub mod plain;
pub mod post;
pub mod process;
pub mod queue;
pub mod subscriber;
pub mod switched_off;
pub mod tries;
mod unsaid;
pub mod who;

use std::collections::{BTreeMap, BTreeSet};
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use kith_core::fact::{OccurrenceId, Outcome, Said};
use kith_core::plan::outbox::Post;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use crate::clock;
use crate::config::Config;
use crate::intake::Problem;
use crate::keeper::{Keeper, KeeperError};
use crate::paths::Paths;
use crate::remind::{rules, when};
use desktop::{Bus, Event, Shows, Wanted};
use hook::{Finished, Hook, NotRun};
use network::Sender;
use notification::{Action, Notice};
use office::{Office, Sent};
use process::Launcher;
use queue::Queue;
use subscriber::Subscribers;
use tries::Tries;
use unsaid::Unsaid;

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
    /// The task of a hook or a channel ended.
    #[error("deliver reminders: the task of a hook or a channel has ended unasked")]
    Hook(#[source] tokio::task::JoinError),
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
    /// What network channels and hooks for other events are still to be told, and how.
    pub channels: Channels,
    /// Files that could not be imported.
    pub problems: watch::Receiver<Vec<Problem>>,
    /// Counts up on resume, and when the clock is set.
    pub jumps: watch::Receiver<u64>,
    /// How long to wait before each further try of a hook for reminders.
    pub hooks_tried_after: &'static [Duration],
}

/// What network channels, and hooks for other events than reminders, are told with.
#[derive(Debug, Clone)]
pub struct Channels {
    /// What waits, and what was given up.
    pub queue: Queue,
    /// Sends it.
    pub sender: Sender,
}

/// What goes on at the moment.
struct Under {
    /// Hooks that run, each in its task.
    hooks: JoinSet<Finished>,
    /// The channels of these.
    busy: BTreeSet<String>,
    /// Those that failed, and are run again.
    tries: Tries,
    /// Letters to network channels, and to hooks for other events.
    office: Office,
    /// What happened and is to be written down.
    unsaid: Unsaid,
    /// What the desktop is to show.
    want: watch::Sender<Wanted>,
    /// What an earlier run told by notifications that are on the screen, as far as it is known.
    left_over: Vec<BTreeSet<OccurrenceId>>,
    /// Hooks that are not run, as last reported.
    not_run: Vec<NotRun>,
    /// Something could not be written down; it is tried again.
    again: bool,
    /// When what waits may be told, or reads otherwise.
    look_again: Option<Timestamp>,
}

/// Delivers until told to shut down.
///
/// # Errors
/// When the keeper has ended, or one of the tasks that deliver.
pub async fn run(
    mut deliver: Deliver,
    passing: mpsc::Receiver<Notice>,
    mut shutdown: watch::Receiver<bool>,
) -> Result<(), DeliverError> {
    let (want, wanted) = watch::channel(Wanted::default());
    let (to_events, mut events) = mpsc::channel(16);
    let mut desktop = JoinSet::new();
    let (bus, paths) = (deliver.bus.clone(), Arc::clone(&deliver.paths));
    let mut under = Under::new(want, desktop::left_over(&paths.state), Tries::new(deliver.hooks_tried_after));
    desktop.spawn(async move { desktop::run(bus, &paths.state, Shows { wanted, passing }, to_events).await });
    let (mut changed, mut queued) = (deliver.keeper.changed(), deliver.channels.queue.changed());
    let mut jumped = deliver.jumps.clone();
    loop {
        changed.mark_unchanged();
        queued.mark_unchanged();
        deliver.config.mark_unchanged();
        let written = under.catch_up(&deliver).await;
        under.settle(written)?;
        let (next_letter, mut jumps) = (under.office.next(), deliver.jumps.clone());
        tokio::select! {
            Some(event) = events.recv() => under.unsaid.keep(hear(&deliver, event)),
            Some(finished) = under.hooks.join_next() => under.finish(finished.map_err(DeliverError::Hook)?),
            sent = under.office.next_sent() => under.sent(&deliver.channels.queue, sent.map_err(DeliverError::Hook)?),
            () = Office::due(next_letter) => {}
            () = clock::wait_until(under.look_again, &mut jumps) => {}
            () = ticked(&mut queued) => {}
            () = ticked(&mut changed) => {}
            () = ticked(&mut jumped) => {}
            () = ticked(&mut deliver.config) => {}
            () = tokio::time::sleep(AGAIN), if under.again => {}
            ended = desktop.join_next() => return Err(DeliverError::Desktop(ended.and_then(Result::err))),
            // A sender that is gone means the same as being told.
            _ = shutdown.changed() => return Ok(()),
        }
    }
}

impl Under {
    fn new(want: watch::Sender<Wanted>, left_over: Vec<BTreeSet<OccurrenceId>>, tries: Tries) -> Self {
        let (hooks, busy, unsaid) = (JoinSet::new(), BTreeSet::new(), Unsaid::default());
        let office = Office::default();
        Self {
            hooks,
            busy,
            tries,
            office,
            unsaid,
            want,
            left_over,
            not_run: Vec::new(),
            again: false,
            look_again: None,
        }
    }

    /// Writes down what happened, then hands over what is next: nothing is handed over while nothing can be written.
    async fn catch_up(&mut self, deliver: &Deliver) -> Result<(), KeeperError> {
        while let Some(said) = self.unsaid.next() {
            let written = deliver.keeper.say(said).await;
            self.unsaid.tried(written.map(drop))?;
        }
        send(deliver, self).await
    }

    /// Notes whether something is to be tried again; only the keeper's end ends delivering.
    fn settle(&mut self, result: Result<(), KeeperError>) -> Result<(), DeliverError> {
        let again = match result {
            Err(error @ KeeperError::Ended) => return Err(DeliverError::Keeper(error)),
            Err(error) if !self.again => {
                tracing::warn!(%error, "what became of a reminder cannot be written down yet");
                true
            }
            Err(_) => true,
            Ok(()) => false,
        };
        self.again = again;
        Ok(())
    }

    fn finish(&mut self, finished: Finished) {
        self.busy.remove(&finished.channel);
        self.unsaid.keep(self.tries.finish(finished, clock::now()));
    }

    fn sent(&mut self, queue: &Queue, sent: Sent) {
        let said = self.office.finish(queue, sent);
        self.unsaid.keep(said);
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
    let subscribers = Subscribers::find(&config, &deliver.paths.hooks);
    under.report(hooks.not_run.into_iter().chain(subscribers.not_run.iter().cloned()).collect());
    let mut posts = posts(deliver, &config, (&hooks.usable, &subscribers));
    let now = clock::now();
    let held = held_until(&deliver.keeper, &config, now);
    under.look_again = look_again(deliver, &config, &posts, (now, held));
    if held.is_some() {
        posts.clear();
    }
    let over = post::over(&deliver.keeper);
    let said = posts.iter().flat_map(|(channel, post)| before(channel, post)).collect::<Vec<_>>();
    if !said.is_empty() {
        deliver.keeper.say(said).await?;
    }
    let notices = posts
        .get(desktop::CHANNEL)
        .map(|post| post::notices(&deliver.keeper, &config.zone(), post))
        .unwrap_or_default();
    let left_over = match held {
        Some(_) => Vec::new(),
        None => post::left_over(&deliver.keeper, &config.zone(), &under.left_over, &over),
    };
    let forgotten = Arc::clone(deliver.keeper.book().words().forgotten());
    deliver.channels.queue.forget(&forgotten);
    let wanted = Wanted { notices, left_over, over: over.clone(), forgotten };
    under.want.send_if_modified(|known| {
        let differs = *known != wanted;
        *known = wanted;
        differs
    });
    for hook in hooks.usable {
        let channel = hook.channel();
        if let Some(post) = posts.get(&channel)
            && !under.unsaid.has_outcome_of(&channel)
            && !under.busy.contains(&channel)
            && let Some((post, attempt)) = under.tries.next(&channel, post, now)
        {
            under.busy.insert(channel);
            start(deliver, under, &config, hook, (&post, attempt));
        }
    }
    under.look_again = [under.look_again, under.tries.due_after(now)].into_iter().flatten().min();
    for subscriber in subscribers.all.iter().filter(|subscriber| !under.unsaid.has_outcome_of(&subscriber.channel)) {
        let letters =
            posts.get(&subscriber.channel).map(|post| office::letters(subscriber, post, &deliver.channels.queue));
        deliver.channels.queue.add(letters.unwrap_or_default());
    }
    under.office.start(deliver, &config, &subscribers, (&posts, &over, held));
    Ok(())
}

fn posts(deliver: &Deliver, config: &Config, (hooks, subscribers): (&[Hook], &Subscribers)) -> BTreeMap<String, Post> {
    if !rules::delivers(&deliver.keeper, config, clock::now()) {
        return BTreeMap::new();
    }
    let told = subscribers.all.iter().filter(|subscriber| subscriber.told_of_reminders_as().is_some());
    let told = told.map(|subscriber| subscriber.channel.clone());
    let channels = hooks.iter().map(Hook::channel).chain(told).chain([desktop::CHANNEL.to_owned()]).collect();
    post::posts(&deliver.keeper.book(), &channels)
}

/// Until when nothing is told: the end of the quiet hours, of a day off, or of a day in a pause.
fn held_until(keeper: &Keeper, config: &Config, now: Timestamp) -> Option<Timestamp> {
    let zone = config.zone();
    let today = zone.to_datetime(now).date();
    let rests = || when::rests(&keeper.book(), config, today).then(|| when::end_of(today, &zone)).flatten();
    config.quiet.and_then(|quiet| quiet.until(now, &zone)).or_else(rests)
}

/// When to look again at what waits: when it may be told. While it waits for a desktop also when it may be told no longer, when
/// it is of no use any more, and at midnight, for what is told on another day reads otherwise.
fn look_again(
    deliver: &Deliver,
    config: &Config,
    posts: &BTreeMap<String, Post>,
    (now, held): (Timestamp, Option<Timestamp>),
) -> Option<Timestamp> {
    if let Some(until) = held {
        return Some(until.max(now + Duration::from_secs(1)));
    }
    let waiting = &posts.get(desktop::CHANNEL)?.send;
    let zone = config.zone();
    let midnight = when::end_of(zone.to_datetime(now).date(), &zone)?.checked_add(Duration::from_nanos(1)).ok()?;
    let quiet = config.quiet.and_then(|quiet| quiet.begins_after(now, &zone));
    let ends = post::states(&deliver.keeper, waiting).into_iter().filter_map(|state| state.reminder.until);
    (!waiting.is_empty()).then(|| ends.chain(quiet).filter(|at| *at > now).fold(midnight, Timestamp::min))
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

fn start(deliver: &Deliver, under: &mut Under, config: &Config, hook: Hook, (post, attempt): (&Post, u32)) {
    let message = post::message(&deliver.keeper, config, post);
    let job = hook::Job {
        hook,
        occurrences: post.send.clone(),
        message,
        limit: config.hook_time_limit,
        launcher: deliver.launcher.clone(),
        state: deliver.paths.state.clone(),
    };
    under.hooks.spawn(job.run(attempt));
}

/// Does what happened on the desktop asks for; returns what is to be written down of it.
fn hear(deliver: &Deliver, event: Event) -> Vec<Said> {
    let (config, now) = (Arc::clone(&deliver.config.borrow()), clock::now());
    match event {
        Event::Shown(occurrences) => shown(deliver, &occurrences),
        Event::Pressed(occurrences, action) => {
            tracing::info!(reminders = occurrences.len(), action = ?action, "pressed on the desktop");
            match action {
                Action::Done => answer::done(&deliver.keeper, &occurrences, now),
                Action::Snooze => {
                    answer::snooze(&deliver.keeper, &occurrences, answer::in_a_week(now, &config.zone()), now)
                }
                Action::Open => {
                    answer::open(deliver, &occurrences, &config);
                    Vec::new()
                }
            }
        }
    }
}

/// What was shown in an earlier run of the daemon has its outcome already, as a rule.
fn shown(deliver: &Deliver, occurrences: &BTreeSet<OccurrenceId>) -> Vec<Said> {
    let channel = || desktop::CHANNEL.to_owned();
    let states = post::states(&deliver.keeper, occurrences).into_iter();
    let without = states.filter(|state| !state.outcomes.contains_key(desktop::CHANNEL));
    let occurrences = without.map(|state| state.reminder.occurrence);
    occurrences
        .map(|occurrence| Said::Outcome { occurrence, channel: channel(), outcome: Outcome::Delivered })
        .collect()
}

/// Waits for a change; for ever when there can be none any more.
async fn ticked<T>(receiver: &mut watch::Receiver<T>) {
    if receiver.changed().await.is_err() {
        pending::<()>().await;
    }
}

#[cfg(test)]
mod tests;
