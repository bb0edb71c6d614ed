//! Where logs go: to the journal under systemd, with their fields; else to standard error, for a human.
//!
//! `KITH_LOG` says how much, as a level or as tracing's directives: `debug`, `kithd::watch=trace`.

use std::io::{self, IsTerminal as _};
use std::os::fd::AsFd as _;

use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

/// How much is logged when nothing is said: what a user would notice, and of libraries only what is wrong.
const DEFAULT: &str = "warn,kithd=info";

/// Begins to log.
pub fn start() {
    let wanted = std::env::var("KITH_LOG").ok().filter(|wanted| !wanted.is_empty());
    let parsed = wanted.as_deref().map(EnvFilter::try_new);
    let (filter, mistake) = match parsed {
        None => (EnvFilter::new(DEFAULT), None),
        Some(Ok(filter)) => (filter, None),
        Some(Err(mistake)) => (EnvFilter::new(DEFAULT), Some(mistake)),
    };
    // It fails only where a test has set another one.
    drop(tracing_subscriber::registry().with(sink()).with(filter).try_init());
    if let Some(mistake) = mistake {
        tracing::warn!(%mistake, "KITH_LOG is not understood; logging as if it were not set");
    }
}

fn sink() -> Box<dyn Layer<Registry> + Send + Sync> {
    let stream = std::env::var("JOURNAL_STREAM").ok();
    if stream.is_some_and(|stream| is_stderr(&stream))
        && let Ok(journal) = tracing_journald::layer()
    {
        return Box::new(journal.with_syslog_identifier("kithd".to_owned()));
    }
    let is_terminal = io::stderr().is_terminal();
    Box::new(fmt::layer().with_writer(io::stderr).with_ansi(is_terminal).with_target(false))
}

/// Returns whether standard error is the stream that systemd connected to the journal: `device:inode`.
fn is_stderr(stream: &str) -> bool {
    let Ok(stat) = rustix::fs::fstat(io::stderr().as_fd()) else { return false };
    stream == format!("{}:{}", stat.st_dev, stat.st_ino)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_that_was_redirected_since_is_not_the_journal() {
        assert!(!is_stderr("0:0"));
        assert!(!is_stderr("nonsense"));
    }
}
