//! The daemon's end of a worker: starts the process, sends it commands with files, reads its frames with patience.
//!
//! What the frames mean is `plugin/host`. Dropping a [`Process`] kills it.

use std::fs::File;
use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use kith_proto::frame::{self, Frame, Kind};
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags};
use serde::Serialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, Interest};
use tokio::net::UnixStream;
use tokio::process::{Child, ChildStderr, Command};
use tokio::time::{Interval, MissedTickBehavior, interval, timeout};

use super::ENTRIES_LIMIT;
use super::fault::{Patience, PluginFault};

/// How much room a read of frames has.
const READ_BYTES: usize = 256 * 1024;

/// How much of standard error is kept: the last words.
const LAST_WORDS_BYTES: usize = 4096;

/// How long a worker that has closed its socket may take to end, and a command to be taken.
const ENDING: Duration = Duration::from_secs(5);

/// A worker, seen from the daemon.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    socket: UnixStream,
    stderr: Option<ChildStderr>,
    last_words: Vec<u8>,
    /// What was read and not yet taken.
    buffer: Vec<u8>,
}

/// How long a job may take. Only time spent waiting for the worker counts, in ticks.
#[derive(Debug)]
pub(super) struct Clockwork {
    ticks: Interval,
    silent: u64,
    in_all: u64,
    silent_limit: u64,
    in_all_limit: u64,
}

impl Clockwork {
    /// The length of a tick.
    const TICK: Duration = Duration::from_millis(250);

    pub(super) fn new(silent: Duration, in_all: Duration) -> Self {
        let ticks_of = |span: Duration| u64::try_from(span.as_millis() / Self::TICK.as_millis()).unwrap_or(u64::MAX);
        let mut ticks = interval(Self::TICK);
        // While the receiver is slow no ticks pile up.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks.reset();
        Self { ticks, silent: 0, in_all: 0, silent_limit: ticks_of(silent), in_all_limit: ticks_of(in_all) }
    }

    /// Returns the seconds waited in all.
    pub(super) fn waited(&self) -> Duration {
        Self::TICK.saturating_mul(u32::try_from(self.in_all).unwrap_or(u32::MAX))
    }

    const fn heard(&mut self) {
        self.silent = 0;
    }

    fn tick(&mut self) -> Result<(), PluginFault> {
        self.silent += 1;
        self.in_all += 1;
        let seconds = |ticks: u64| ticks.saturating_mul(u64::from(Self::TICK.subsec_millis())) / 1000;
        if self.silent > self.silent_limit {
            return Err(PluginFault::TimedOut(Patience::Silent(seconds(self.silent_limit))));
        }
        if self.in_all > self.in_all_limit {
            return Err(PluginFault::TimedOut(Patience::InAll(seconds(self.in_all_limit))));
        }
        Ok(())
    }
}

impl Process {
    /// Starts `executable worker`, with nothing of the daemon's environment.
    pub(super) fn start(executable: &Path) -> io::Result<Self> {
        let (own, theirs) = std::os::unix::net::UnixStream::pair()?;
        own.set_nonblocking(true)?;
        let mut child = Command::new(executable)
            .arg("worker")
            .env_clear()
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let stderr = child.stderr.take();
        let socket = UnixStream::from_std(own)?;
        Ok(Self { child, socket, stderr, last_words: Vec::new(), buffer: Vec::new() })
    }

    /// Sends a command with files.
    pub(super) async fn send(
        &mut self,
        kind: Kind,
        command: &impl Serialize,
        files: &[File],
    ) -> Result<(), PluginFault> {
        let json = serde_json::to_vec(command).map_err(|error| PluginFault::Worker(error.into()))?;
        let mut bytes = Vec::new();
        frame::push(&mut bytes, kind, &[&json])?;
        match timeout(ENDING, self.send_bytes(&bytes, files)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(PluginFault::Worker(error)),
            Err(_) => Err(PluginFault::Worker(io::ErrorKind::TimedOut.into())),
        }
    }

    async fn send_bytes(&mut self, bytes: &[u8], files: &[File]) -> io::Result<()> {
        let descriptors: Vec<BorrowedFd<'_>> = files.iter().map(|file| file.as_fd()).collect();
        let sent = self.socket.async_io(Interest::WRITABLE, || send_with(&self.socket, bytes, &descriptors)).await?;
        self.socket.write_all(bytes.get(sent..).unwrap_or_default()).await
    }

    /// Returns what was read and not yet taken.
    pub(super) fn received(&self) -> &[u8] {
        &self.buffer
    }

    /// Drops what was taken.
    pub(super) fn take(&mut self, length: usize) {
        self.buffer.drain(..length.min(self.buffer.len()));
    }

    /// Waits until more can be read, and reads it.
    ///
    /// # Errors
    /// When patience runs out, or the worker ended; the fault then says how.
    pub(super) async fn wait(&mut self, clockwork: &mut Clockwork) -> Result<(), PluginFault> {
        self.buffer.reserve(READ_BYTES);
        let mut words = [0; 1024];
        loop {
            tokio::select! {
                biased;
                _ = clockwork.ticks.tick() => clockwork.tick()?,
                read = self.socket.read_buf(&mut self.buffer) => match read {
                    Ok(0) => return Err(self.ended().await),
                    Ok(_) => {
                        clockwork.heard();
                        return Ok(());
                    }
                    Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Err(self.ended().await),
                    Err(error) => return Err(PluginFault::Worker(error)),
                },
                read = read_words(self.stderr.as_mut(), &mut words), if self.stderr.is_some() => {
                    self.hear(words.get(..read).unwrap_or_default());
                }
            }
        }
    }

    /// Waits for one frame and hands it to `read`.
    pub(super) async fn answer<T>(
        &mut self,
        clockwork: &mut Clockwork,
        read: impl FnOnce(Frame<'_>) -> Result<T, PluginFault>,
    ) -> Result<T, PluginFault> {
        loop {
            if let Some((frame, length)) = frame::first(&self.buffer)? {
                let answer = read(frame);
                self.take(length);
                return answer;
            }
            self.wait(clockwork).await?;
        }
    }

    /// Returns the number of the process; `None` when it has ended.
    pub(super) fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Lets the worker end by itself, within a deadline.
    pub(super) async fn end(self) {
        let Self { mut child, socket, .. } = self;
        drop(socket);
        if timeout(ENDING, child.wait()).await.is_err() {
            tracing::warn!("worker killed: it did not end by itself");
        }
    }

    /// Says how the worker ended, killing it if it only closed its socket.
    async fn ended(&mut self) -> PluginFault {
        let status = match timeout(ENDING, self.child.wait()).await {
            Ok(Ok(status)) => status,
            Ok(Err(error)) => return PluginFault::Worker(error),
            Err(_) => return PluginFault::NoEnd("its socket closed".to_owned()),
        };
        let mut words = [0; 1024];
        while self.stderr.is_some() {
            match timeout(ENDING, read_words(self.stderr.as_mut(), &mut words)).await {
                Ok(read) => self.hear(words.get(..read).unwrap_or_default()),
                Err(_) => break,
            }
        }
        let last_words = String::from_utf8_lossy(&self.last_words);
        tracing::debug!(%status, %last_words, "worker ended");
        PluginFault::of_exit(status, &last_words)
    }

    fn hear(&mut self, words: &[u8]) {
        if words.is_empty() {
            self.stderr = None;
        }
        self.last_words.extend_from_slice(words);
        let surplus = self.last_words.len().saturating_sub(LAST_WORDS_BYTES);
        self.last_words.drain(..surplus);
    }
}

/// Reads from standard error; 0 when it is closed or cannot be read.
async fn read_words(stderr: Option<&mut ChildStderr>, words: &mut [u8]) -> usize {
    match stderr {
        Some(stderr) => stderr.read(words).await.unwrap_or_default(),
        None => 0,
    }
}

fn send_with(socket: &UnixStream, bytes: &[u8], files: &[BorrowedFd<'_>]) -> io::Result<usize> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(ENTRIES_LIMIT))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !files.is_empty() && !control.push(SendAncillaryMessage::ScmRights(files)) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    Ok(rustix::net::sendmsg(socket, &[IoSlice::new(bytes)], &mut control, SendFlags::NOSIGNAL)?)
}
