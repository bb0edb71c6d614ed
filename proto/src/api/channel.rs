//! Channels, as the API speaks of them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A network channel, or a hook with something that waits or was given up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Channel {
    /// Its name in the config; of a hook `exec/EVENT/NAME`.
    pub name: String,
    /// `webhook`, `ntfy`, `smtp`, `sendmail`; `hook`; `unknown` where the config no longer has it.
    pub kind: String,
    /// Of what it tells.
    pub events: Vec<String>,
    /// How many messages wait.
    pub waiting: usize,
    /// When the next of these is tried.
    pub next_try: Option<Timestamp>,
    /// How many were given up.
    pub given_up: usize,
    /// What is wrong: with the channel, else with the last message that was not delivered.
    pub problem: Option<String>,
}

/// What came of a test message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChannelTest {
    /// The channel.
    pub channel: String,
    /// `delivered`, `again` (it may work later) or `never` (not until something is mended).
    pub outcome: String,
    /// Why it was not delivered.
    pub why: Option<String>,
}

/// What is tried again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChannelRetry {
    /// The channel.
    pub channel: String,
    /// How many messages.
    pub messages: usize,
}
