//! Sends letters: which is due, what came of it, when it is tried again, and when it is given up.
//!
//! Each channel gets one letter at a time and waits for no other channel. What is still to be sent is kept in the `queue`; what
//! a letter says is looked up when it goes (`letter`).
//!
//! ```text
//!  posts ─▶ letters ─▶ queue ─due─▶ message ─▶ hook, kith-channel ─▶ Sent ─▶ removed, put off, given up
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use kith_core::fact::{OccurrenceId, Outcome, Said};
use kith_core::plan::outbox::{Post, Telling};
use kith_proto::channel::{Answer, Message};
use tokio::task::{JoinError, JoinSet};

use super::Deliver;
use super::event::Event;
use super::hook::{self, Hook};
use super::letter::{self, Sources};
use super::network::Sender;
use super::queue::{About, Letter, Queue};
use super::subscriber::{Subscriber, Subscribers, Way};
use crate::clock;
use crate::config::Config;

/// How long is slept at most until the next letter is due: the time of a machine that sleeps does not count.
const LONGEST_SLEEP: Duration = Duration::from_secs(5 * 60);

/// Letters on their way.
#[derive(Debug, Default)]
pub(super) struct Office {
    tasks: JoinSet<Sent>,
    /// The channels of these.
    busy: BTreeSet<String>,
    /// How long until another letter is due.
    next: Option<Duration>,
}

/// What came of a letter.
#[derive(Debug)]
pub(super) struct Sent {
    letter: Letter,
    /// The reminders that it told.
    told: Vec<OccurrenceId>,
    answer: Answer,
    tries_after: &'static [Duration],
}

/// How a message reaches its subscriber.
#[derive(Debug)]
pub struct Carrier {
    /// How it is told.
    pub way: Way,
    /// Sends to the network.
    pub sender: Sender,
    /// The folder of local state, for the log of hooks.
    pub state: PathBuf,
    /// How long a hook may run.
    pub limit: Duration,
}

impl Office {
    /// Returns what came of the next letter; waits for ever when none is on its way.
    pub(super) async fn next_sent(&mut self) -> Result<Sent, JoinError> {
        match self.tasks.join_next().await {
            Some(sent) => sent,
            None => std::future::pending().await,
        }
    }

    /// Waits until another letter is due; for ever when none waits.
    pub(super) async fn due(next: Option<Duration>) {
        match next {
            Some(next) => tokio::time::sleep(next.min(LONGEST_SLEEP)).await,
            None => std::future::pending().await,
        }
    }

    /// Returns how long until another letter is due.
    pub(super) const fn next(&self) -> Option<Duration> {
        self.next
    }

    /// Notes what came of a letter; returns what is to be written down of it.
    pub(super) fn finish(&mut self, queue: &Queue, sent: Sent) -> Vec<Said> {
        let Sent { letter, told, answer, tries_after } = sent;
        self.busy.remove(&letter.channel);
        let pause = usize::try_from(letter.attempts).ok().and_then(|attempt| tries_after.get(attempt));
        let outcome = match (answer, pause) {
            (Answer::Delivered, _) => {
                queue.remove(&letter.id);
                Outcome::Delivered
            }
            (Answer::Again(why), Some(pause)) => {
                tracing::warn!(
                    channel = letter.channel,
                    attempt = letter.attempts + 1,
                    "a channel failed; it is tried again"
                );
                queue.put_off(&letter.id, later(clock::now(), *pause), &why);
                return Vec::new();
            }
            (Answer::Again(why), None) | (Answer::Never(why), _) => {
                tracing::warn!(channel = letter.channel, "a channel failed for good; `kith doctor` says more");
                queue.give_up(&letter.id, &why);
                Outcome::Failed(why)
            }
        };
        let of = |occurrence| Said::Outcome { occurrence, channel: letter.channel.clone(), outcome: outcome.clone() };
        told.into_iter().map(of).collect()
    }

    /// Starts the letters that are due, one a channel; those about which nothing is left to be said are taken away. Those of
    /// reminders wait while these are held.
    pub(super) fn start(
        &mut self,
        deliver: &Deliver,
        config: &Arc<Config>,
        subscribers: &Subscribers,
        (posts, over, held): (&BTreeMap<String, Post>, &BTreeSet<OccurrenceId>, Option<Timestamp>),
    ) {
        let now = clock::now();
        self.next = None;
        let problems = deliver.problems.borrow().clone();
        let sources = Sources { keeper: &deliver.keeper, config, paths: &deliver.paths, problems: &problems };
        for letter in deliver.channels.queue.contents().letters {
            let Some(subscriber) = subscribers.get(&letter.channel) else { continue };
            let is_held = held.is_some() && !letter.occurrences().is_empty();
            if self.busy.contains(&letter.channel) || is_held {
                continue;
            }
            let waits = letter.waits(now);
            if !waits.is_zero() {
                self.next = Some(self.next.map_or(waits, |next| next.min(waits)));
                continue;
            }
            let tell = still_open(&letter, posts.get(&letter.channel), over);
            match letter::message(&letter, &tell, sources) {
                Some(message) => self.send(deliver, subscriber, (letter, tell), message),
                None => deliver.channels.queue.remove(&letter.id),
            }
        }
    }

    fn send(
        &mut self,
        deliver: &Deliver,
        subscriber: &Subscriber,
        (letter, told): (Letter, Vec<OccurrenceId>),
        message: Message,
    ) {
        let sender = deliver.channels.sender.clone();
        let tries_after = match &subscriber.way {
            Way::Hook(_) => &hook::TRIES_AFTER,
            Way::Network(_) => sender.tries_after,
        };
        self.busy.insert(letter.channel.clone());
        let limit = deliver.config.borrow().hook_time_limit;
        let (way, state) = (subscriber.way.clone(), deliver.paths.state.clone());
        let carrier = Carrier { way, sender, state, limit };
        self.tasks.spawn(async move {
            let answer = guarded(carrier, letter.attempts, message).await;
            Sent { letter, told, answer, tries_after }
        });
    }
}

/// Returns the letters that tell a post's reminders, as far as no letter tells them yet.
pub(super) fn letters(subscriber: &Subscriber, post: &Post, queue: &Queue) -> Vec<Letter> {
    let Some(event) = subscriber.told_of_reminders_as() else { return Vec::new() };
    let channel = &subscriber.channel;
    let known = queue.contents().letters;
    let known: BTreeSet<&OccurrenceId> =
        known.iter().filter(|letter| letter.channel == *channel).flat_map(Letter::occurrences).collect();
    let new: Vec<OccurrenceId> = post.send.iter().filter(|occurrence| !known.contains(occurrence)).cloned().collect();
    let late = post.telling == Telling::Digest;
    let letter = |occurrences| Letter::new(channel, event, About::Reminders { occurrences, late });
    if new.is_empty() {
        Vec::new()
    } else if late || event == Event::Digest {
        vec![letter(new)]
    } else {
        new.into_iter().map(|occurrence| letter(vec![occurrence])).collect()
    }
}

/// Returns which of a letter's reminders are still to be told.
fn still_open(letter: &Letter, post: Option<&Post>, over: &BTreeSet<OccurrenceId>) -> Vec<OccurrenceId> {
    let all = letter.occurrences().iter();
    if letter.again {
        return all.filter(|occurrence| !over.contains(occurrence)).cloned().collect();
    }
    let send: BTreeSet<&OccurrenceId> = post.into_iter().flat_map(|post| &post.send).collect();
    all.filter(|occurrence| send.contains(occurrence)).cloned().collect()
}

fn later(now: Timestamp, pause: Duration) -> Timestamp {
    let pause = SignedDuration::try_from(pause).unwrap_or(SignedDuration::ZERO);
    now.checked_add(pause).unwrap_or(now)
}

/// Carries a message; a panic of kith itself is a failure like others, for the letter would wait for ever.
async fn guarded(carrier: Carrier, attempts: u32, message: Message) -> Answer {
    let mut task = JoinSet::new();
    task.spawn(async move { carrier.carry(attempts, message).await });
    match task.join_next().await {
        Some(Ok(answer)) => answer,
        Some(Err(_)) | None => {
            tracing::error!("kith itself failed while it sent something");
            Answer::Again("kith itself failed while it sent it".to_owned())
        }
    }
}

impl Carrier {
    /// Carries a message once, after so many attempts.
    pub async fn carry(self, attempts: u32, message: Message) -> Answer {
        match &self.way {
            Way::Network(kind) => self.sender.send(kind, message).await,
            Way::Hook(hook) => self.run(hook, attempts, &message).await,
        }
    }

    async fn run(&self, hook: &Hook, attempts: u32, message: &Message) -> Answer {
        let job = hook::Job {
            hook: hook.clone(),
            occurrences: Vec::new(),
            message: format!("{}\n", message.payload).into_bytes(),
            limit: self.limit,
            launcher: self.sender.launcher.clone(),
            state: self.state.clone(),
        };
        let run = job.try_once(attempts + 1).await;
        if run.ok { Answer::Delivered } else { Answer::Again(run.end) }
    }
}
