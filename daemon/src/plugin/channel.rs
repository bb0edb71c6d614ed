//! The worker's end of its socket: commands with files come in, frames go out in large writes.

use std::fs::File;
use std::io::{self, IoSliceMut, Read as _, Write as _};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;

use kith_proto::diagnostic::Diagnostic;
use kith_proto::emit::Place;
use kith_proto::frame::{self, BadFrame, End, HEADER_BYTES, Kind};
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags};

use super::ENTRIES_LIMIT;

/// How much is gathered before it is written.
const WRITE_BYTES: usize = 128 * 1024;

/// How much a plugin reads before the daemon is told that it is alive.
const PROGRESS_BYTES: u64 = 1024 * 1024;

/// The worker's end of its socket.
pub(super) struct Channel {
    socket: File,
    gathered: Vec<u8>,
    /// Over what was written since the job began.
    hasher: blake3::Hasher,
    records: u64,
    bytes_read: u64,
    bytes_told: u64,
}

/// A command of the daemon.
pub(super) struct Command {
    pub(super) kind: Kind,
    pub(super) payload: Vec<u8>,
    pub(super) files: Vec<File>,
}

impl Channel {
    pub(super) fn new(socket: OwnedFd) -> Self {
        Self {
            socket: File::from(socket),
            gathered: Vec::with_capacity(WRITE_BYTES + 4096),
            hasher: blake3::Hasher::new(),
            records: 0,
            bytes_read: 0,
            bytes_told: 0,
        }
    }

    /// Waits for the next command; `None` when the daemon wants no more.
    pub(super) fn receive(&mut self) -> io::Result<Option<Command>> {
        let mut header = [0; HEADER_BYTES];
        let Some(files) = self.receive_header(&mut header)? else { return Ok(None) };
        let (kind, length) = frame::head(header).map_err(io::Error::other)?;
        let mut payload = vec![0; length];
        self.socket.read_exact(&mut payload)?;
        Ok(Some(Command { kind, payload, files }))
    }

    /// Reads a header and the files that came with its first byte.
    fn receive_header(&mut self, header: &mut [u8; HEADER_BYTES]) -> io::Result<Option<Vec<File>>> {
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(ENTRIES_LIMIT))];
        let mut control = RecvAncillaryBuffer::new(&mut space);
        let mut into = [IoSliceMut::new(header)];
        let received = rustix::net::recvmsg(&self.socket, &mut into, &mut control, RecvFlags::CMSG_CLOEXEC)?;
        let mut files = Vec::new();
        for message in control.drain() {
            if let RecvAncillaryMessage::ScmRights(descriptors) = message {
                files.extend(descriptors.map(File::from));
            }
        }
        if received.bytes == 0 {
            return Ok(None);
        }
        self.socket.read_exact(header.get_mut(received.bytes..).unwrap_or_default())?;
        Ok(Some(files))
    }

    /// Begins a job: what is sent from here on is counted and hashed.
    pub(super) fn begin(&mut self, number: u64) -> io::Result<()> {
        self.hasher.reset();
        (self.records, self.bytes_read, self.bytes_told) = (0, 0, 0);
        self.send(Kind::Began, &[&number.to_le_bytes()])?;
        self.write()
    }

    /// Gathers a frame.
    pub(super) fn send(&mut self, kind: Kind, payload: &[&[u8]]) -> io::Result<()> {
        frame::push(&mut self.gathered, kind, payload).map_err(io::Error::other)?;
        self.write_when_full()
    }

    /// Gathers a record. One that is too long is left out; the answer says so.
    pub(super) fn send_record(
        &mut self,
        place: Place,
        key: Option<&[u8]>,
        body: &[u8],
    ) -> io::Result<Result<(), BadFrame>> {
        if let Err(bad) = frame::push_record(&mut self.gathered, place, key, body) {
            return Ok(Err(bad));
        }
        self.records += 1;
        self.write_when_full().map(Ok)
    }

    /// Gathers a diagnostic.
    pub(super) fn send_diagnostic(&mut self, diagnostic: &Diagnostic) -> io::Result<()> {
        self.send(Kind::Diagnostic, &[&serde_json::to_vec(diagnostic)?])
    }

    /// Counts what the plugin reads, and now and then tells the daemon how far into the files it is.
    pub(super) fn count_read(&mut self, bytes: u64, position: impl FnOnce() -> u64) -> io::Result<()> {
        self.bytes_read += bytes;
        if self.bytes_read - self.bytes_told < PROGRESS_BYTES {
            return Ok(());
        }
        self.bytes_told = self.bytes_read;
        self.send(Kind::Progress, &[&position().to_le_bytes()])?;
        self.write()
    }

    /// Ends the job: what was sent is complete.
    pub(super) fn end(&mut self) -> io::Result<()> {
        self.write()?;
        let end = End { records: self.records, hash: *self.hasher.finalize().as_bytes() };
        frame::push_end(&mut self.gathered, &end).map_err(io::Error::other)?;
        self.write()
    }

    /// Writes what is gathered.
    pub(super) fn write(&mut self) -> io::Result<()> {
        self.hasher.update(&self.gathered);
        let written = self.socket.write_all(&self.gathered);
        self.gathered.clear();
        written
    }

    fn write_when_full(&mut self) -> io::Result<()> {
        if self.gathered.len() >= WRITE_BYTES { self.write() } else { Ok(()) }
    }
}
