//! Network channels: starts `kith-channel` with one job and reads its answer. The daemon itself opens no connection.
//!
//! When a message is sent again is `office`; what it says is `letter`; how it goes over the network is the crate `channels`.

use std::path::PathBuf;
use std::time::Duration;

use kith_proto::channel::{Answer, Job, Kind, Message, VERSION};

use super::process::{self, Launcher};
use crate::clock;

/// What the names of network channels begin with, in facts.
pub const CHANNEL: &str = "net/";

/// How long sending one message may take.
const LIMIT: Duration = Duration::from_secs(60);

/// How long to wait before each further try.
pub const TRIES_AFTER: [Duration; 4] = [
    Duration::from_secs(60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(60 * 60),
    Duration::from_secs(6 * 60 * 60),
];

/// Sends messages.
#[derive(Debug, Clone)]
pub struct Sender {
    /// `kith-channel`.
    pub program: PathBuf,
    /// How it is started.
    pub launcher: Launcher,
    /// How long to wait before each further try.
    pub tries_after: &'static [Duration],
}

impl Sender {
    /// Returns the sender that lies beside this program.
    #[must_use]
    pub fn of_this_process(launcher: Launcher) -> Self {
        let own = std::fs::read_link("/proc/self/exe").unwrap_or_default();
        Self { program: own.with_file_name("kith-channel"), launcher, tries_after: &TRIES_AFTER }
    }

    /// Sends one message and returns what came of it.
    pub async fn send(&self, kind: &Kind, message: Message) -> Answer {
        let job = Job { version: VERSION, now: clock::now(), channel: kind.clone(), message };
        let job = match serde_json::to_vec(&job) {
            Ok(job) => job,
            Err(error) => return Answer::Never(format!("the message cannot be written: {error}")),
        };
        match process::run(&self.launcher, &self.program, &job, LIMIT).await {
            Ok(run) => {
                answer(&run.output).unwrap_or_else(|| Answer::Again(format!("kith-channel {}", run.end.words())))
            }
            Err(error) => Answer::Again(format!("failed to {}", crate::run::chain(&error))),
        }
    }
}

/// Returns the answer among what was written; warnings of the launcher may stand beside it.
fn answer(output: &[u8]) -> Option<Answer> {
    output.split(|byte| *byte == b'\n').rev().find_map(|line| serde_json::from_slice(line).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_found_beside_other_words() {
        let output = b"Running as unit: run-1.service\n{\"answer\":\"never\",\"why\":\"gone\"}\n";
        assert_eq!(answer(output), Some(Answer::Never("gone".to_owned())));
        assert_eq!(answer(b"killed\n"), None);
    }
}
