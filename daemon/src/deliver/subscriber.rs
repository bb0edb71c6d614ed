//! Who is told of what: network channels by their `events` in the config, hooks by the folder they lie in.
//!
//! Hooks for `reminder-due` are not among them: they are run by `deliver` itself, all reminders at once.

use std::collections::BTreeSet;
use std::path::Path;

use kith_proto::channel::Kind;

use super::event::Event;
use super::hook::{self, Hook, Hooks, NotRun};
use super::network;
use crate::config::Config;

/// Somebody who is told of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscriber {
    /// The name of its channel: `net/phone`, `exec/digest/10-mail`.
    pub channel: String,
    /// Of which.
    pub events: BTreeSet<Event>,
    /// How it is told.
    pub way: Way,
}

/// How somebody is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// A program of the user's is run.
    Hook(Hook),
    /// A message is sent.
    Network(Kind),
}

/// Those who are told, and hooks that are not run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subscribers {
    /// Those who are told.
    pub all: Vec<Subscriber>,
    /// Hooks that are not run.
    pub not_run: Vec<NotRun>,
}

impl Subscribers {
    /// Looks who there is.
    #[must_use]
    pub fn find(config: &Config, hooks: &Path) -> Self {
        let network = config.channels.iter().map(|channel| Subscriber {
            channel: format!("{}{}", network::CHANNEL, channel.name),
            events: channel.events.clone(),
            way: Way::Network(channel.kind.clone()),
        });
        let mut found = Self { all: network.collect(), not_run: Vec::new() };
        for event in Event::ALL.into_iter().filter(|event| *event != Event::ReminderDue) {
            let Hooks { usable, not_run } = hooks_of(hooks, event);
            found.all.extend(usable.into_iter().map(|hook| Subscriber {
                channel: format!("{}{}/{}", hook::CHANNEL, event.as_str(), hook.name),
                events: BTreeSet::from([event]),
                way: Way::Hook(hook),
            }));
            found.not_run.extend(not_run);
        }
        found
    }

    /// Returns those who are told of an event.
    pub fn of(&self, event: Event) -> impl Iterator<Item = &Subscriber> {
        self.all.iter().filter(move |subscriber| subscriber.events.contains(&event))
    }

    /// Returns who has this channel.
    #[must_use]
    pub fn get(&self, channel: &str) -> Option<&Subscriber> {
        self.all.iter().find(|subscriber| subscriber.channel == channel)
    }
}

impl Subscriber {
    /// Returns as which event it is told of reminders, if it is; those of one plan together comes first.
    #[must_use]
    pub fn told_of_reminders_as(&self) -> Option<Event> {
        [Event::Digest, Event::ReminderDue].into_iter().find(|event| self.events.contains(event))
    }
}

fn hooks_of(hooks: &Path, event: Event) -> Hooks {
    hook::find(&hook::folder(hooks, event)).unwrap_or_else(|error| {
        tracing::warn!(%error, event = event.as_str(), "the folder of hooks cannot be read");
        Hooks::default()
    })
}
