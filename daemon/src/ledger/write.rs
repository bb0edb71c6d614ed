//! Appends to this device's own folder.
//!
//! Lines are collected in memory and written in large pieces; what must be durable is synced. What could not be written is
//! cut off again, so that a full disk leaves a whole ledger.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use kith_core::fact::What;
use kith_core::hlc::Hlc;
use kith_core::id::{DeviceId, FactId};
use kith_core::line::{append_line, parse_line};

use crate::ledger::{Lines, Position, segment_path, segments};

/// How much is collected before it is written.
const PIECE_BYTES: usize = 1024 * 1024;

/// Appends to this device's own folder.
#[derive(Debug)]
pub struct Writer {
    folder: PathBuf,
    device: DeviceId,
    file: File,
    /// Where the next piece goes.
    written: Position,
    pending: Vec<u8>,
    segment_limit_bytes: u64,
    seq: u64,
    at: Hlc,
    losses: u64,
    /// Up to here all is durable, and somebody may count on it.
    synced: Position,
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
            Some((number, path)) if path.extension().is_some_and(|e| e == "zst") => number + 1,
            Some((number, _)) => *number,
            None => 1,
        };
        let mut file = open_segment(&folder, number)?;
        let mut offset = file.seek(SeekFrom::End(0))?;
        if !ends_a_line(&folder, number, offset)? {
            file.write_all(b"\n")?;
            offset += 1;
        }
        let written = Position { segment: number, offset };
        let (seq, at) = last_fact(&folder, &device)?;
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
        })
    }

    /// Returns this device.
    #[must_use]
    pub const fn device(&self) -> &DeviceId {
        &self.device
    }

    /// Returns where the next line will begin.
    #[must_use]
    pub fn position(&self) -> Position {
        let pending = u64::try_from(self.pending.len()).unwrap_or(0);
        Position { offset: self.written.offset + pending, ..self.written }
    }

    /// Appends a fact, not yet durable, and returns its id and time.
    ///
    /// # Errors
    /// When it cannot be written; nothing of it is left then.
    pub fn append(&mut self, now: Timestamp, what: &What) -> io::Result<(FactId, Hlc)> {
        let at = self.at.next(now);
        let seq = self.seq + 1;
        append_line(&mut self.pending, seq, at, what).map_err(io::Error::other)?;
        if self.pending.len() >= PIECE_BYTES {
            self.write_pending()?;
        }
        (self.seq, self.at) = (seq, at);
        Ok((FactId { device: self.device.clone(), seq }, at))
    }

    /// Returns how often lines that were not yet durable were lost, because they could not be written. Lines of several may
    /// have waited together.
    #[must_use]
    pub const fn losses(&self) -> u64 {
        self.losses
    }

    /// Cuts off everything from `position` on, which makes room again on a full disk; unless it has been made durable since.
    ///
    /// # Errors
    /// When the file cannot be cut.
    pub fn take_back(&mut self, position: Position) -> io::Result<()> {
        if position < self.synced || position > self.written {
            return Ok(());
        }
        self.losses += 1;
        self.pending.clear();
        self.written = position;
        self.cut()
    }

    /// Follows the time of another device's fact.
    pub fn saw(&mut self, at: Hlc) {
        self.at = self.at.max(at);
    }

    /// Makes everything appended durable.
    ///
    /// # Errors
    /// When it cannot be written; facts since the last sync are then not acknowledged.
    pub fn sync(&mut self) -> io::Result<()> {
        self.write_pending()?;
        self.file.sync_data()?;
        self.synced = self.written;
        Ok(())
    }

    /// Begins a new segment when the last one is full. Only between imports' and commands' syncs.
    ///
    /// # Errors
    /// When the new segment cannot be made.
    pub fn rotate(&mut self) -> io::Result<()> {
        if self.written.offset < self.segment_limit_bytes || !self.pending.is_empty() {
            return Ok(());
        }
        self.file.sync_all()?;
        let segment = self.written.segment + 1;
        self.file = open_segment(&self.folder, segment)?;
        self.written = Position { segment, offset: 0 };
        self.synced = self.written;
        Ok(())
    }

    /// Returns the folder and the number of the segment that is appended to.
    #[must_use]
    pub fn current(&self) -> (&Path, u32) {
        (&self.folder, self.written.segment)
    }

    fn write_pending(&mut self) -> io::Result<()> {
        if let Err(error) = self.file.write_all(&self.pending) {
            self.losses += 1;
            self.pending.clear();
            self.cut()?;
            return Err(error);
        }
        self.written.offset += u64::try_from(self.pending.len()).unwrap_or(0);
        self.pending.clear();
        Ok(())
    }

    fn cut(&mut self) -> io::Result<()> {
        self.file.set_len(self.written.offset)?;
        self.file.seek(SeekFrom::Start(self.written.offset)).map(drop)
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
