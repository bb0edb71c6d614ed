//! kith itself, from outside: a fresh daemon, one import by the client, and the ledger watched for its commit.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use kith_tests::Home;
use kith_tests::wait::{Stopwatch, pause};

use crate::BenchError;
use crate::data::Data;

/// How long one import took.
pub(crate) struct Times {
    /// Until its commit was in the ledger.
    pub(crate) durable: Duration,
    /// Until the client had the report: every query sees it.
    pub(crate) visible: Duration,
    /// The same file once more.
    pub(crate) again: Duration,
}

/// Imports `data` twice into a fresh home.
pub(crate) fn import(data: &Data) -> Result<Times, BenchError> {
    let home = Home::new()?;
    let _daemon = home.start()?;
    let (durable, visible) = once(&home, data)?;
    let (_, again) = once(&home, data)?;
    Ok(Times { durable: durable.unwrap_or(visible), visible, again })
}

/// Imports `data`; until durable, where a commit was seen, and until visible.
pub(crate) fn once(home: &Home, data: &Data) -> Result<(Option<Duration>, Duration), BenchError> {
    let ledger = home.path("data/kith/ledger");
    let before = commits(&ledger);
    let watch = Stopwatch::start();
    let mut client = home
        .command("kith")
        .args(["import", "--json"])
        .arg(&data.path)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let mut durable = None;
    let status = loop {
        if durable.is_none() && commits(&ledger) != before {
            durable = Some(watch.elapsed());
        }
        if let Some(status) = client.try_wait()? {
            break status;
        }
        pause(Duration::from_millis(1));
    };
    if status.success() {
        Ok((durable, watch.elapsed()))
    } else {
        Err(BenchError::Unexpected(format!("an import of {}: {status}", data.name())))
    }
}

/// Returns where the last commit line of the ledger stands: file and offset from its end of what was seen.
fn commits(ledger: &Path) -> Option<(String, u64)> {
    let device = fs::read_dir(ledger).ok()?.flatten().next()?.path();
    let newest = fs::read_dir(device).ok()?.flatten().map(|entry| entry.path()).max()?;
    let mut file = File::open(&newest).ok()?;
    let size = file.metadata().ok()?.len();
    let start = size.saturating_sub(4_096);
    file.seek(SeekFrom::Start(start)).ok()?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail).ok()?;
    let place = memchr::memmem::rfind(&tail, b"\"commit\"")?;
    Some((newest.to_string_lossy().into_owned(), start + place as u64))
}
