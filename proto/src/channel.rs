//! What the daemon and `kith-channel` say to each other: one job in, one answer out, each a line of JSON.
//!
//! The daemon opens no connection to the network; it starts `kith-channel`, which sends one message and exits.
//!
//! ```text
//!  kithd ──Job──▶ kith-channel ──https, smtp, sendmail──▶ …
//!        ◀─Answer─┘
//! ```

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The version of jobs and answers.
pub const VERSION: u32 = 1;

/// One message to be sent over one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// [`VERSION`] of the writer.
    pub version: u32,
    /// The time now, for what is stamped; the sender reads no clock.
    pub now: Timestamp,
    /// Over which channel.
    pub channel: Kind,
    /// What is sent.
    pub message: Message,
}

/// A network channel, as the config describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    /// A POST of the event as JSON, signed as Standard Webhooks 1.0 wants it.
    Webhook {
        /// Where to.
        url: String,
        /// The file with the secret, which begins with `whsec_`.
        secret_file: String,
        /// Whether addresses of this machine and of local networks may be reached, and plain http.
        allow_private: bool,
    },
    /// A push message over ntfy.
    Ntfy {
        /// The server, `https://ntfy.sh`.
        url: String,
        /// The topic.
        topic: String,
        /// The file with an access token.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        secret_file: Option<String>,
        /// As for a webhook.
        allow_private: bool,
    },
    /// A mail, handed to a mail server.
    Smtp {
        /// The server's name.
        server: String,
        /// Its port; the usual one unless given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        port: Option<u16>,
        /// How the connection is kept private.
        security: Security,
        /// The user's name there, when one has to log in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<String>,
        /// The file with the password.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        secret_file: Option<String>,
        /// The sender's address.
        from: String,
        /// The addresses of those who get it.
        to: Vec<String>,
    },
    /// A mail, handed to a local program that takes what sendmail takes.
    Sendmail {
        /// The program.
        program: String,
        /// The sender's address.
        from: String,
        /// The addresses of those who get it.
        to: Vec<String>,
    },
}

impl Kind {
    /// Returns the kind's name, as in the config.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Webhook { .. } => "webhook",
            Self::Ntfy { .. } => "ntfy",
            Self::Smtp { .. } => "smtp",
            Self::Sendmail { .. } => "sendmail",
        }
    }

    /// Returns the file with the channel's secret, if it has one.
    #[must_use]
    pub fn secret_file(&self) -> Option<&str> {
        match self {
            Self::Webhook { secret_file, .. } => Some(secret_file),
            Self::Ntfy { secret_file, .. } | Self::Smtp { secret_file, .. } => secret_file.as_deref(),
            Self::Sendmail { .. } => None,
        }
    }
}

/// How a connection to a mail server is kept private.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Security {
    /// TLS from the first byte (RFC 8314), usually on port 465.
    #[default]
    Tls,
    /// TLS after STARTTLS (RFC 3207), usually on port 587.
    Starttls,
    /// None at all: only to this machine and to local networks.
    None,
}

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its id, the same at every try.
    pub id: String,
    /// The headline: one line, without control characters.
    pub title: String,
    /// The text: lines, without other control characters or markup.
    pub text: String,
    /// The event as JSON, for machines.
    pub payload: String,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", content = "why", rename_all = "kebab-case")]
pub enum Answer {
    /// The other side took it.
    Delivered,
    /// Not now; it may work later.
    Again(String),
    /// It will not work until somebody mends something.
    Never(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_and_answers_read_as_they_always_did() {
        let line = r#"{"version":1,"now":"2026-11-23T08:00:00Z","channel":{"kind":"sendmail","program":"/usr/sbin/sendmail","from":"kith@example.com","to":["sam@example.com"]},"message":{"id":"k1","title":"Reconnect with Ana","text":"Why now.","payload":"{}"}}"#;
        let job: Job = serde_json::from_str(line).unwrap();
        assert_eq!(serde_json::to_string(&job).unwrap(), line);
        for (answer, line) in [
            (Answer::Delivered, r#"{"answer":"delivered"}"#),
            (Answer::Again("busy".to_owned()), r#"{"answer":"again","why":"busy"}"#),
            (Answer::Never("gone".to_owned()), r#"{"answer":"never","why":"gone"}"#),
        ] {
            assert_eq!(serde_json::to_string(&answer).unwrap(), line);
            assert_eq!(serde_json::from_str::<Answer>(line).unwrap(), answer);
        }
    }
}
