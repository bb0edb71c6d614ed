//! Appends to this device's own folder.
//!
//! Lines are collected in memory and written in large pieces; what must be durable is synced. What could not be written, or
//! not be made durable, is cut off again with its numbers, so that a full disk leaves a whole ledger.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use kith_core::fact::What;
use kith_core::hlc::Hlc;
use kith_core::id::{DeviceId, FactId};
use kith_core::line::{append_line, parse_line};

use crate::ledger::{Folded, Lines, Position, is_packed, segment_path, segments};

/// How much is collected before it is written.
const PIECE_BYTES: usize = 1024 * 1024;

/// Appends to this device's own folder.
#[derive(Debug)]
pub struct Writer {
    folder: PathBuf,
    device: DeviceId,
    file: File,
    /// Where the next piece goes.
    written: Folded,
    pending: Vec<u8>,
    segment_limit_bytes: u64,
    seq: u64,
    at: Hlc,
    losses: u64,
    /// Up to here all is durable, and somebody may count on it.
    synced: Folded,
    /// The file may be longer than what counts of it.
    uncut: bool,
}

impl Writer {
    /// Opens the device's folder, making it if there is none, and closes a torn tail.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub fn open(root: &Path, device: DeviceId, segment_limit_bytes: u64) -> io::Result<Self> {
        let folder = root.join(device.as_str());
        crate::paths::make_folder(&folder)?;
        let last = segments(&folder)?.pop();
        let number = match &last {
            Some((number, path)) if is_packed(path) => number + 1,
            Some((number, _)) => *number,
            None => 1,
        };
        let mut file = open_segment(&folder, number)?;
        let mut offset = file.seek(SeekFrom::End(0))?;
        if !ends_a_line(&folder, number, offset)? {
            file.write_all(b"\n")?;
            file.sync_data()?;
            offset += 1;
        }
        File::open(root)?.sync_all()?;
        let (seq, at) = last_fact(&folder, &device)?;
        let written = Folded { position: Position { segment: number, offset }, seq };
        Ok(Self {
            folder,
            device,
            file,
            written,
            pending: Vec::new(),
            segment_limit_bytes,
            seq,
            at,
            losses: 0,
            synced: written,
            uncut: false,
        })
    }

    /// Returns this device.
    #[must_use]
    pub const fn device(&self) -> &DeviceId {
        &self.device
    }

    /// Returns where the next line will begin, and the number of the last one.
    #[must_use]
    pub fn end(&self) -> Folded {
        let pending = u64::try_from(self.pending.len()).unwrap_or(0);
        let written = self.written.position;
        Folded { position: Position { offset: written.offset + pending, ..written }, seq: self.seq }
    }

    /// Returns up to where all is durable.
    #[must_use]
    pub const fn synced(&self) -> Folded {
        self.synced
    }

    /// Appends a fact, not yet durable, and returns its id and time.
    ///
    /// # Errors
    /// When it cannot be written; nothing of it is left then.
    pub fn append(&mut self, now: Timestamp, what: &What) -> io::Result<(FactId, Hlc)> {
        let at = self.at.next(now);
        let seq = self.seq + 1;
        let pending = self.pending.len();
        if let Err(error) = append_line(&mut self.pending, seq, at, what) {
            self.pending.truncate(pending);
            return Err(io::Error::other(error));
        }
        (self.seq, self.at) = (seq, at);
        if self.pending.len() >= PIECE_BYTES {
            self.write_pending()?;
        }
        Ok((FactId { device: self.device.clone(), seq }, at))
    }

    /// Returns how often lines that were not yet durable were lost, because they could not be written. Lines of several may
    /// have waited together.
    #[must_use]
    pub const fn losses(&self) -> u64 {
        self.losses
    }

    /// Cuts off everything after `end`, which makes room again on a full disk; unless it has been made durable since.
    ///
    /// # Errors
    /// When the file cannot be cut.
    pub fn take_back(&mut self, end: Folded) -> io::Result<()> {
        if end.position < self.synced.position || end.position > self.written.position {
            return Ok(());
        }
        self.lose_after(end)
    }

    /// Follows the time of another device's fact.
    pub fn saw(&mut self, at: Hlc) {
        self.at = self.at.max(at);
    }

    /// Makes everything appended durable.
    ///
    /// # Errors
    /// When it cannot be written; facts since the last sync are then not acknowledged, and nothing is left of them.
    pub fn sync(&mut self) -> io::Result<()> {
        self.write_pending()?;
        if let Err(error) = self.file.sync_data() {
            // What the kernel could not write it may have dropped: a later sync would not tell.
            self.lose_after(self.synced)?;
            return Err(error);
        }
        self.synced = self.written;
        Ok(())
    }

    /// Begins a new segment when the last one is full. Only between imports' and commands' syncs.
    ///
    /// # Errors
    /// When the new segment cannot be made.
    pub fn rotate(&mut self) -> io::Result<()> {
        if self.written.position.offset < self.segment_limit_bytes || !self.pending.is_empty() {
            return Ok(());
        }
        self.file.sync_all()?;
        let segment = self.written.position.segment + 1;
        self.file = open_segment(&self.folder, segment)?;
        self.written.position = Position { segment, offset: 0 };
        self.synced = self.written;
        Ok(())
    }

    /// Goes on at the end of the segment as it lies there, after it was rewritten in its place.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn reopen(&mut self) -> io::Result<()> {
        self.file = open_segment(&self.folder, self.written.position.segment)?;
        Ok(())
    }

    /// Returns the folder and the number of the segment that is appended to.
    #[must_use]
    pub fn current(&self) -> (&Path, u32) {
        (&self.folder, self.written.position.segment)
    }

    fn write_pending(&mut self) -> io::Result<()> {
        self.cut()?;
        if let Err(error) = self.file.write_all(&self.pending) {
            self.lose_after(self.written)?;
            return Err(error);
        }
        let pending = u64::try_from(self.pending.len()).unwrap_or(0);
        self.written.position.offset += pending;
        self.written.seq = self.seq;
        self.pending.clear();
        Ok(())
    }

    /// Forgets the lines after `end`, none of which has been acknowledged.
    fn lose_after(&mut self, end: Folded) -> io::Result<()> {
        self.losses += 1;
        self.pending.clear();
        (self.written, self.seq) = (end, end.seq);
        self.uncut = true;
        self.cut()
    }

    /// Cuts off what no longer counts; until that succeeds, nothing is written.
    fn cut(&mut self) -> io::Result<()> {
        if self.uncut {
            self.file.set_len(self.written.position.offset)?;
            self.file.seek(SeekFrom::Start(self.written.position.offset))?;
            self.uncut = false;
        }
        Ok(())
    }
}

fn open_segment(folder: &Path, number: u32) -> io::Result<File> {
    let path = segment_path(folder, number);
    let is_new = !path.exists();
    let file = OpenOptions::new().append(true).create(true).read(true).mode(0o600).open(path)?;
    if is_new {
        File::open(folder)?.sync_all()?;
    }
    Ok(file)
}

fn ends_a_line(folder: &Path, number: u32, length: u64) -> io::Result<bool> {
    use std::os::unix::fs::FileExt as _;
    let Some(last) = length.checked_sub(1) else { return Ok(true) };
    let mut byte = [0];
    File::open(segment_path(folder, number))?.read_exact_at(&mut byte, last)?;
    Ok(byte == *b"\n")
}

/// Returns number and time of the last whole fact: in the last segment, or where that has none, in the one before.
fn last_fact(folder: &Path, device: &DeviceId) -> io::Result<(u64, Hlc)> {
    for (number, _) in segments(folder)?.into_iter().rev() {
        let mut lines = Lines::from(folder, Position { segment: number, offset: 0 });
        let mut last = Vec::new();
        while let Some((_, line)) = lines.next_line()? {
            last.clear();
            last.extend_from_slice(line);
        }
        if let Ok(fact) = parse_line(&last, device) {
            return Ok((fact.id.seq, fact.at));
        }
    }
    Ok((0, Hlc::default()))
}
