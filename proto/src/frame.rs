//! Frames: how worker and daemon speak over their socket. Encoding and decoding on buffers; who reads and writes them is
//! `plugin` in kithd.
//!
//! ```text
//!  length of the payload (u32, little-endian) · kind (u8) · payload
//! ```
//!
//! A record's payload is `entry u32 · position u64 · line u64 · length of the key u32 (all ones: none) · key · JSON`, so
//! that a body passes through without being encoded again. Both sides are always of the same build: the daemon runs
//! itself as the worker. Still the daemon trusts no frame, for the plugin shares the worker's memory.

use serde::{Deserialize, Serialize};

use crate::emit::Place;

/// The longest payload: a photo. Other kinds are held to [`JSON_LIMIT_BYTES`].
pub const FRAME_LIMIT_BYTES: usize = 8 * 1024 * 1024;

/// The longest JSON text of a frame, with its key.
pub const JSON_LIMIT_BYTES: usize = 1024 * 1024;

/// The longest key of a record. The worker writes the hash of a longer one in its place.
pub const KEY_LIMIT_BYTES: usize = 4096;

/// The length of a frame's header.
pub const HEADER_BYTES: usize = 5;

/// Where the body begins in a record's payload when it has no key.
const RECORD_HEAD_BYTES: usize = 24;

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// To the worker: load this plugin; JSON of [`Load`], with the plugin's file.
    Load = 1,
    /// To the worker: how sure is the plugin of these; JSON of [`Job`], with the first entry's file.
    Probe = 2,
    /// To the worker: import these; JSON of [`Job`], with the entries' files.
    Import = 3,
    /// The plugin is loaded; JSON of [`Loaded`].
    Loaded = 16,
    /// The plugin cannot be loaded; text.
    NotLoaded = 17,
    /// How sure it is; i32.
    Probed = 18,
    /// The job has begun; its number, u64.
    Began = 19,
    /// JSON of [`crate::emit::Part`].
    Part = 20,
    /// A record, see above.
    Record = 21,
    /// JSON of [`crate::diagnostic::Diagnostic`].
    Diagnostic = 22,
    /// Count u64, then the class as text.
    Tally = 23,
    /// A photo's bytes.
    Photo = 24,
    /// Bytes read so far, u64: a sign of life of a plugin that finds nothing to emit.
    Progress = 25,
    /// The end: [`End`].
    End = 26,
    /// The end: the plugin refuses the bundle; text.
    Refused = 27,
    /// The end: the file ends in the middle; text.
    Truncated = 28,
    /// The end: the plugin failed; text.
    Fault = 29,
}

impl Kind {
    const ALL: [Self; 17] = [
        Self::Load,
        Self::Probe,
        Self::Import,
        Self::Loaded,
        Self::NotLoaded,
        Self::Probed,
        Self::Began,
        Self::Part,
        Self::Record,
        Self::Diagnostic,
        Self::Tally,
        Self::Photo,
        Self::Progress,
        Self::End,
        Self::Refused,
        Self::Truncated,
        Self::Fault,
    ];

    fn of(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == byte)
    }

    const fn limit_bytes(self) -> usize {
        if matches!(self, Self::Photo) { FRAME_LIMIT_BYTES } else { JSON_LIMIT_BYTES }
    }
}

/// Which plugin to load, and how tightly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    /// The name that its note gives.
    pub name: String,
    /// Who wrote it.
    pub origin: Origin,
    /// How much address space the worker may have, in bytes.
    pub memory_bytes: u64,
    /// How much processor time it may use in all, in seconds.
    pub processor_seconds: u64,
}

/// Who wrote a plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// It comes with kith.
    BuiltIn,
    /// Someone else: it is not run without Landlock, and every record of it is read once before it is passed on.
    Foreign,
}

/// A bundle to probe or to import; its files travel beside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// The job's number, which [`Kind::Began`] repeats.
    pub number: u64,
    /// Name and size of each entry.
    pub entries: Vec<(String, u64)>,
}

/// What a plugin says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loaded {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Endings of file names that it reads.
    pub accepts: Vec<String>,
    /// Whether Landlock holds.
    pub landlock: bool,
}

/// What the worker says at the end of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// How many records it sent.
    pub records: u64,
    /// BLAKE3 over all frames of the job before this one, headers too.
    pub hash: [u8; 32],
}

/// A frame, borrowed from the buffer it was read into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its payload.
    pub payload: &'a [u8],
}

/// A record's payload, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordFrame<'a> {
    /// Where it stands.
    pub place: Place,
    /// The format's own key.
    pub key: Option<&'a str>,
    /// The record as JSON.
    pub body: &'a str,
}

/// A frame that is not well-formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadFrame {
    /// No kind has this number.
    Kind(u8),
    /// It is longer than its kind may be.
    Length(Kind, usize),
    /// Its payload does not fit its kind.
    Payload(Kind),
}

impl core::fmt::Display for BadFrame {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Kind(number) => write!(f, "a frame of the unknown kind {number}"),
            Self::Length(kind, length) => write!(f, "a {kind:?} frame of {length} bytes is too long"),
            Self::Payload(kind) => write!(f, "a {kind:?} frame that does not read"),
        }
    }
}

impl core::error::Error for BadFrame {}

/// Appends a frame.
///
/// # Errors
/// When the payload is longer than its kind may be; nothing is appended then.
pub fn push(out: &mut Vec<u8>, kind: Kind, payload: &[&[u8]]) -> Result<(), BadFrame> {
    let length: usize = payload.iter().map(|piece| piece.len()).sum();
    let Some(short) = u32::try_from(length).ok().filter(|_| length <= kind.limit_bytes()) else {
        return Err(BadFrame::Length(kind, length));
    };
    out.reserve(HEADER_BYTES + length);
    out.extend_from_slice(&short.to_le_bytes());
    out.push(kind as u8);
    for piece in payload {
        out.extend_from_slice(piece);
    }
    Ok(())
}

/// Appends a record's frame.
///
/// # Errors
/// When key and body together are too long; nothing is appended then.
pub fn push_record(out: &mut Vec<u8>, place: Place, key: Option<&[u8]>, body: &[u8]) -> Result<(), BadFrame> {
    let key_length = key.map_or(u32::MAX, |key| u32::try_from(key.len()).unwrap_or(u32::MAX - 1));
    let pieces: [&[u8]; 6] = [
        &place.entry.to_le_bytes(),
        &place.position.to_le_bytes(),
        &place.line.to_le_bytes(),
        &key_length.to_le_bytes(),
        key.unwrap_or_default(),
        body,
    ];
    push(out, Kind::Record, &pieces)
}

/// Appends the end's frame.
///
/// # Errors
/// Never in practice: its length is fixed.
pub fn push_end(out: &mut Vec<u8>, end: &End) -> Result<(), BadFrame> {
    push(out, Kind::End, &[&end.records.to_le_bytes(), &end.hash])
}

/// Takes the first frame off `input` and returns it with its length, or `None` when it is not all there.
///
/// # Errors
/// When its kind is unknown or its length beyond what the kind may have.
pub fn first(input: &[u8]) -> Result<Option<(Frame<'_>, usize)>, BadFrame> {
    let Some((header, rest)) = input.split_first_chunk::<HEADER_BYTES>() else {
        return Ok(None);
    };
    let (kind, length) = head(*header)?;
    Ok(rest.get(..length).map(|payload| (Frame { kind, payload }, HEADER_BYTES + length)))
}

/// Reads a header: the kind of the frame and the length of its payload.
///
/// # Errors
/// When its kind is unknown or its length beyond what the kind may have.
pub fn head(header: [u8; HEADER_BYTES]) -> Result<(Kind, usize), BadFrame> {
    let [a, b, c, d, kind] = header;
    let kind = Kind::of(kind).ok_or(BadFrame::Kind(kind))?;
    let length = u32::from_le_bytes([a, b, c, d]) as usize;
    if length > kind.limit_bytes() { Err(BadFrame::Length(kind, length)) } else { Ok((kind, length)) }
}

impl<'a> Frame<'a> {
    /// Reads the payload as text.
    ///
    /// # Errors
    /// When it is not UTF-8.
    pub fn text(self) -> Result<&'a str, BadFrame> {
        core::str::from_utf8(self.payload).map_err(|_| BadFrame::Payload(self.kind))
    }

    /// Reads the payload as JSON of a type.
    ///
    /// # Errors
    /// When it is not.
    pub fn json<T: Deserialize<'a>>(self) -> Result<T, BadFrame> {
        serde_json::from_slice(self.payload).map_err(|_| BadFrame::Payload(self.kind))
    }

    /// Reads a number at the payload's beginning, and what follows it.
    ///
    /// # Errors
    /// When it is too short.
    pub fn number(self) -> Result<(u64, &'a [u8]), BadFrame> {
        let (number, rest) = self.payload.split_first_chunk().ok_or(BadFrame::Payload(self.kind))?;
        Ok((u64::from_le_bytes(*number), rest))
    }

    /// Reads how sure a plugin is.
    ///
    /// # Errors
    /// When it is not a number.
    pub fn confidence(self) -> Result<i32, BadFrame> {
        let number = self.payload.try_into().map_err(|_| BadFrame::Payload(self.kind))?;
        Ok(i32::from_le_bytes(number))
    }

    /// Reads the end.
    ///
    /// # Errors
    /// When it is not one.
    pub fn end(self) -> Result<End, BadFrame> {
        let (records, rest) = self.number()?;
        let hash = rest.try_into().map_err(|_| BadFrame::Payload(self.kind))?;
        Ok(End { records, hash })
    }

    /// Reads a record. That its body is JSON is not looked at.
    ///
    /// # Errors
    /// When it is too short or not UTF-8.
    pub fn record(self) -> Result<RecordFrame<'a>, BadFrame> {
        self.record_parts().ok_or(BadFrame::Payload(self.kind))
    }

    fn record_parts(self) -> Option<RecordFrame<'a>> {
        let (head, rest) = self.payload.split_at_checked(RECORD_HEAD_BYTES)?;
        let (entry, head) = head.split_first_chunk()?;
        let (position, head) = head.split_first_chunk()?;
        let (line, head) = head.split_first_chunk()?;
        let key_length = u32::from_le_bytes(head.try_into().ok()?);
        let (key, body) = match key_length {
            u32::MAX => (None, rest),
            length => {
                let (key, body) = rest.split_at_checked(length as usize)?;
                (Some(core::str::from_utf8(key).ok()?), body)
            }
        };
        let place = Place {
            entry: u32::from_le_bytes(*entry),
            position: u64::from_le_bytes(*position),
            line: u64::from_le_bytes(*line),
        };
        Some(RecordFrame { place, key, body: core::str::from_utf8(body).ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place = Place { entry: 3, position: 70_000, line: u64::MAX };

    #[track_caller]
    fn only(bytes: &[u8]) -> Frame<'_> {
        let (frame, length) = first(bytes).unwrap().unwrap();
        assert_eq!(length, bytes.len());
        frame
    }

    #[test]
    fn a_record_comes_back_as_it_was_pushed() {
        for key in [None, Some(""), Some("ana-silva")] {
            let mut out = Vec::new();
            push_record(&mut out, PLACE, key.map(str::as_bytes), br#"{"card":{}}"#).unwrap();
            let record = only(&out).record().unwrap();
            assert_eq!(record, RecordFrame { place: PLACE, key, body: r#"{"card":{}}"# });
        }
    }

    #[test]
    fn every_kind_is_known_by_its_number() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of(kind as u8), Some(kind));
        }
        assert_eq!(first(&[0, 0, 0, 0, 99]), Err(BadFrame::Kind(99)));
    }

    #[test]
    fn a_frame_cut_anywhere_is_not_there_yet() {
        let mut out = Vec::new();
        push_end(&mut out, &End { records: 7, hash: [9; 32] }).unwrap();
        for cut in 0..out.len() {
            assert_eq!(first(&out[..cut]), Ok(None));
        }
        assert_eq!(only(&out).end(), Ok(End { records: 7, hash: [9; 32] }));
    }

    #[test]
    fn what_is_too_long_is_known_by_its_header_alone() {
        let mut out = Vec::new();
        let long = vec![b'x'; JSON_LIMIT_BYTES + 1];
        assert!(push(&mut out, Kind::Part, &[&long]).is_err());
        assert!(out.is_empty());
        assert!(push(&mut out, Kind::Photo, &[&long]).is_ok());
        assert_eq!(
            first(&[0xff, 0xff, 0xff, 0xff, Kind::Record as u8]),
            Err(BadFrame::Length(Kind::Record, u32::MAX as usize))
        );
    }

    #[test]
    fn a_payload_of_any_bytes_never_panics() {
        for length in 0..64 {
            for fill in [0, 1, 0x7f, 0xff] {
                let payload = vec![fill; length];
                for kind in Kind::ALL {
                    let frame = Frame { kind, payload: &payload };
                    let read = [frame.record().is_ok(), frame.end().is_ok(), frame.number().is_ok()];
                    assert!(read.len() == 3 && frame.confidence().is_ok() == (length == 4));
                }
            }
        }
    }
}
