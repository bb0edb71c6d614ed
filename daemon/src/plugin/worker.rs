//! The worker: a child of kithd that loads one plugin, in a sandbox, and serves its jobs until the daemon hangs up.
//!
//! Started as `kithd worker`, with the daemon's socket as standard input. No tokio, no threads, no logging: what goes
//! wrong is said in a frame, or last words on standard error.
//!
//! ```text
//!  Load + file ─▶ sandbox::shut ─▶ load::open ─▶ sandbox::seal ─▶ Loaded ─▶ { Probe | Import + files ─▶ frames }
//! ```

use std::fs::File;
use std::io;
use std::os::fd::AsFd as _;
use std::os::unix::fs::FileExt as _;
use std::process::ExitCode;

use kith_proto::frame::{Frame, Job, Kind, Load, Loaded, Origin};
use rustix::process::Signal;

use super::channel::{Channel, Command};
use super::load::{self, Plugin};
use super::sandbox;
use super::session::Session;

/// How much of the first entry a plugin sees when it is asked how sure it is.
const HEAD_BYTES: usize = 64 * 1024;

/// Runs the worker.
#[must_use]
#[expect(clippy::print_stderr, reason = "the last words of a process that has no log")]
pub fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kithd worker: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> io::Result<()> {
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    rustix::process::chdir("/")?;
    let mut channel = Channel::new(io::stdin().as_fd().try_clone_to_owned()?);
    let Some(command) = channel.receive()? else { return Ok(()) };
    let (load, file) = read_load(command)?;
    let plugin = match start(&load, &file) {
        Ok((plugin, landlock)) => {
            let (name, version, accepts) = (plugin.name.clone(), plugin.version.clone(), plugin.accepts.clone());
            let loaded = Loaded { name, version, accepts, landlock };
            channel.send(Kind::Loaded, &[&serde_json::to_vec(&loaded)?])?;
            plugin
        }
        Err(reason) => {
            channel.send(Kind::NotLoaded, &[reason.as_bytes()])?;
            return channel.write();
        }
    };
    channel.write()?;
    while let Some(command) = channel.receive()? {
        answer(&mut channel, &plugin, load.origin, &command)?;
    }
    Ok(())
}

fn read_load(mut command: Command) -> io::Result<(Load, File)> {
    let file = command.files.pop();
    match (command.kind, file) {
        (Kind::Load, Some(file)) => Ok((serde_json::from_slice(&command.payload)?, file)),
        _ => Err(io::Error::other("the first command is not Load")),
    }
}

/// Puts the sandbox up and loads the plugin within; says in words why not.
fn start(load: &Load, file: &File) -> Result<(Plugin, bool), String> {
    let landlock = sandbox::shut(load, file).map_err(|error| chain(&error))?;
    let plugin = load::open(file).map_err(|error| error.to_string())?;
    if plugin.name != load.name {
        return Err(format!("its note says {}, its descriptor {}", load.name, plugin.name));
    }
    sandbox::seal().map_err(|error| chain(&error))?;
    Ok((plugin, landlock))
}

fn chain(error: &sandbox::SandboxError) -> String {
    let source = core::error::Error::source(error).map(|source| format!(": {source}")).unwrap_or_default();
    format!("{error}{source}")
}

fn answer(channel: &mut Channel, plugin: &Plugin, origin: Origin, command: &Command) -> io::Result<()> {
    let frame = Frame { kind: command.kind, payload: &command.payload };
    let job: Job = frame.json().map_err(io::Error::other)?;
    if command.kind == Kind::Probe {
        let confidence = probe(plugin, &job, &command.files)?;
        channel.send(Kind::Probed, &[&confidence.to_le_bytes()])?;
        return channel.write();
    }
    if command.kind != Kind::Import || command.files.len() != job.entries.len() {
        return Err(io::Error::other("a command that is not one, or lacks files"));
    }
    channel.begin(job.number)?;
    let mut session = Session::new(channel, &command.files, &job.entries, origin);
    let answer = plugin.import(&mut session);
    session.finish(answer)
}

fn probe(plugin: &Plugin, job: &Job, files: &[File]) -> io::Result<i32> {
    let names: Vec<&str> = job.entries.iter().map(|(name, _)| name.as_str()).collect();
    let head = files.first().map_or(Ok(Vec::new()), read_head)?;
    Ok(plugin.probe(&names, &head))
}

/// Reads a file's beginning without moving its offset, which the daemon shares.
fn read_head(file: &File) -> io::Result<Vec<u8>> {
    let mut head = vec![0; HEAD_BYTES];
    let mut length = 0;
    while let Some(rest) = head.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, length as u64)? {
            0 => break,
            read => length += read,
        }
    }
    head.truncate(length);
    Ok(head)
}
