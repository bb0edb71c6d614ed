//! The first words with a worker: it loads a plugin, and says how sure the plugin is of a file. What follows an import is
//! `plugin/receive`; who asks is `plugin/host`, and `plugin/conform` for a plugin under test.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use kith_proto::frame::{Job, Kind, Load, Loaded};

use super::Limits;
use super::fault::PluginFault;
use super::process::{Clockwork, Process};
use super::registry::Candidate;
use super::slot::Worker;

/// How long a plugin may take to load, and to say how sure it is.
const ANSWER: Duration = Duration::from_secs(10);

/// Starts a worker and lets it load a plugin.
pub(super) async fn load(
    executable: &Path,
    limits: &Limits,
    plugin: &Candidate,
) -> Result<(Worker, Loaded), PluginFault> {
    let mut process = Process::start(executable).map_err(PluginFault::Worker)?;
    let load = Load {
        name: plugin.name.clone(),
        origin: plugin.origin,
        memory_bytes: limits.memory_bytes,
        processor_seconds: limits.processor_seconds(),
    };
    let file = plugin.file.try_clone().map_err(PluginFault::Worker)?;
    process.send(Kind::Load, &load, &[file]).await?;
    let mut clockwork = Clockwork::new(limits.silence.min(ANSWER), ANSWER);
    let loaded = process
        .answer(&mut clockwork, |frame| {
            if frame.kind == Kind::Loaded {
                return Ok(frame.json()?);
            }
            if frame.kind == Kind::NotLoaded {
                return Err(PluginFault::NotLoaded(frame.text()?.to_owned()));
            }
            Err(PluginFault::Garbled(format!("a {:?} frame as its description", frame.kind)))
        })
        .await?;
    Ok((Worker { process, used: Duration::ZERO }, loaded))
}

/// Asks a worker's plugin how sure it is.
pub(super) async fn ask(
    mut worker: Worker,
    limits: &Limits,
    job: &Job,
    files: &[File],
) -> Result<(Worker, i32), PluginFault> {
    worker.process.send(Kind::Probe, job, files).await?;
    let mut clockwork = Clockwork::new(limits.silence.min(ANSWER), ANSWER);
    let sure = worker
        .process
        .answer(&mut clockwork, |frame| {
            if frame.kind == Kind::Probed {
                return Ok(frame.confidence()?);
            }
            Err(PluginFault::Garbled(format!("a {:?} frame as its confidence", frame.kind)))
        })
        .await?;
    Ok((worker, sure))
}
