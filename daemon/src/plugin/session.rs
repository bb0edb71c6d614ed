//! One import in the worker: answers what the plugin asks and passes on what it emits, checked.
//!
//! The pointers of the ABI end in `plugin/load`; here everything is safe.

use std::fs::File;
use std::os::unix::fs::FileExt as _;

use kith_proto::abi::{KITH_FAULT, KITH_OK, KITH_REFUSED, KITH_STOPPED, KITH_TRUNCATED};
use kith_proto::diagnostic::Diagnostic;
use kith_proto::emit::{Part, Place};
use kith_proto::frame::{FRAME_LIMIT_BYTES, JSON_LIMIT_BYTES, KEY_LIMIT_BYTES, Kind, Origin};
use kith_proto::record::Record;

use super::channel::Channel;

/// The longest reason that is passed on, in bytes.
const REASON_LIMIT_BYTES: usize = 2000;

/// How the problem begins that says that something was left out here.
pub(super) const LEFT_OUT: &str = "the importer made ";

/// One import in the worker.
pub(super) struct Session<'a> {
    channel: &'a mut Channel,
    files: &'a [File],
    names: &'a [(String, u64)],
    origin: Origin,
    reason: String,
}

impl<'a> Session<'a> {
    pub(super) fn new(channel: &'a mut Channel, files: &'a [File], names: &'a [(String, u64)], origin: Origin) -> Self {
        Self { channel, files, names, origin, reason: String::new() }
    }

    /// Returns the entries' names and sizes.
    pub(super) fn entries(&self) -> &'a [(String, u64)] {
        self.names
    }

    /// Reads at `offset` of an entry; a negative answer when it cannot be read.
    pub(super) fn pread(&mut self, entry: u32, offset: u64, buffer: &mut [u8]) -> i64 {
        let read = self.files.get(entry as usize).and_then(|file| file.read_at(buffer, offset).ok());
        let Some(read) = read else { return -i64::from(KITH_FAULT) };
        let before = || self.names.iter().take(entry as usize).map(|(_, size)| *size).sum::<u64>();
        match self.channel.count_read(read as u64, || before() + offset + read as u64) {
            Ok(()) => i64::try_from(read).unwrap_or(i64::MAX),
            Err(_) => -i64::from(KITH_STOPPED),
        }
    }

    pub(super) fn part(&mut self, json: &[u8]) -> i32 {
        match within(json).map(serde_json::from_slice::<Part>) {
            Some(Ok(_)) => self.send(Kind::Part, &[json]),
            Some(Err(_)) | None => self.leave_out(Place::default(), "a part that kith does not understand"),
        }
    }

    pub(super) fn record(&mut self, place: Place, key: Option<&[u8]>, json: &[u8]) -> i32 {
        if place.entry as usize >= self.names.len() {
            return self.leave_out(Place::default(), "a record of a file that there is not");
        }
        // What is said to be so long may be nothing but the say.
        let Some(json) = within(json) else { return self.leave_out(place, "a record of over 1 MiB") };
        // kith's own importers made it from a Record a moment ago.
        if self.origin == Origin::Foreign && !(reads_back(json) && key.is_none_or(|key| str::from_utf8(key).is_ok())) {
            return self.leave_out(place, "a record that kith does not understand");
        }
        let long = key.filter(|key| key.len() > KEY_LIMIT_BYTES).map(|key| blake3::hash(key).to_hex());
        let key = long.as_ref().map(|hash| hash.as_bytes()).or(key);
        match self.channel.send_record(place, key, json) {
            Ok(Ok(())) => KITH_OK,
            Ok(Err(_)) => self.leave_out(place, "a record of over 1 MiB"),
            Err(_) => KITH_STOPPED,
        }
    }

    pub(super) fn diagnostic(&mut self, json: &[u8]) -> i32 {
        match within(json).map(serde_json::from_slice::<Diagnostic>) {
            Some(Ok(diagnostic)) if diagnostic.path.is_empty() => self.place(diagnostic),
            Some(Ok(_)) => self.send(Kind::Diagnostic, &[json]),
            Some(Err(_)) | None => self.leave_out(Place::default(), "a diagnostic that kith does not understand"),
        }
    }

    pub(super) fn tally(&mut self, class: &str, count: u64) -> i32 {
        self.send(Kind::Tally, &[&count.to_le_bytes(), class.as_bytes()])
    }

    /// Takes a photo and returns its hash. One that is too large is left out, and a diagnostic says so.
    pub(super) fn photo(&mut self, bytes: &[u8]) -> (i32, blake3::Hash) {
        let hash = blake3::hash(bytes);
        if bytes.len() > FRAME_LIMIT_BYTES {
            return (self.leave_out(Place::default(), "a photo of over 8 MiB"), hash);
        }
        (self.send(Kind::Photo, &[bytes]), hash)
    }

    pub(super) fn reason(&mut self, text: &str) -> i32 {
        text.get(..text.floor_char_boundary(REASON_LIMIT_BYTES)).unwrap_or_default().clone_into(&mut self.reason);
        KITH_OK
    }

    /// Closes the import with what `import` answered.
    pub(super) fn finish(self, answer: i32) -> std::io::Result<()> {
        let kind = match answer {
            KITH_OK => return self.channel.end(),
            KITH_REFUSED => Kind::Refused,
            KITH_TRUNCATED => Kind::Truncated,
            _ => Kind::Fault,
        };
        let reason = if self.reason.is_empty() { format!("answered {answer} without a reason") } else { self.reason };
        self.channel.send(kind, &[reason.as_bytes()])?;
        self.channel.write()
    }

    fn send(&mut self, kind: Kind, payload: &[&[u8]]) -> i32 {
        if self.channel.send(kind, payload).is_ok() { KITH_OK } else { KITH_STOPPED }
    }

    /// Passes on a diagnostic that names no file: it is about the first.
    fn place(&mut self, mut diagnostic: Diagnostic) -> i32 {
        diagnostic.path = self.names.first().map(|(name, _)| name.clone()).unwrap_or_default();
        if self.channel.send_diagnostic(&diagnostic).is_ok() { KITH_OK } else { KITH_STOPPED }
    }

    fn leave_out(&mut self, place: Place, what: &str) -> i32 {
        let diagnostic = Diagnostic {
            path: self.names.get(place.entry as usize).map(|(name, _)| name.clone()).unwrap_or_default(),
            line: Some(place.line).filter(|line| *line > 0),
            ..Diagnostic::refused(format!("{LEFT_OUT}{what}"), "left out")
        };
        if self.channel.send_diagnostic(&diagnostic).is_ok() { KITH_OK } else { KITH_STOPPED }
    }
}

/// Returns the JSON of one item, unless it is longer than one may be; nothing of that is read.
fn within(json: &[u8]) -> Option<&[u8]> {
    Some(json).filter(|json| json.len() <= JSON_LIMIT_BYTES)
}

fn reads_back(json: &[u8]) -> bool {
    !json.contains(&b'\n') && serde_json::from_slice::<Record>(json).is_ok()
}
