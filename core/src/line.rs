//! A line of the ledger: a fact as one line of JSON that carries its own checksum.
//!
//! ```text
//!  {"c":"8f3a01bc","v":1,"n":17,"t":116013456789,"f":{"said":{"note":{…}}}}
//!        └ CRC-32 of all bytes from the comma after it to the end of the line
//! ```
//!
//! The prefix has a fixed length, so that a line is checked without being parsed. Where lines lie on disk is `ledger` in the
//! daemon.

use serde::{Deserialize, Serialize};

use crate::fact::{FACT_VERSION, Fact, What};
use crate::hlc::Hlc;
use crate::id::{DeviceId, FactId};

const OPEN: &[u8] = br#"{"c":""#;
const DIGITS: usize = 8;
/// The length of `{"c":"8f3a01bc"`, after which the checked bytes begin.
const PREFIX: usize = OPEN.len() + DIGITS + 1;

/// A line that is no fact.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// The checksum does not match: the line is torn or was changed.
    #[error("match the line's checksum")]
    Checksum,
    /// The JSON is not a fact that this version reads.
    #[error("read the line as a fact")]
    Shape(#[source] serde_json::Error),
    /// The line was written by a newer version.
    #[error("read a fact of version {0}; this kith reads up to {FACT_VERSION}")]
    Version(u32),
}

#[derive(Serialize)]
struct Outgoing<'a> {
    v: u32,
    n: u64,
    t: Hlc,
    f: &'a What,
}

#[derive(Deserialize)]
struct Incoming {
    v: u32,
    n: u64,
    t: Hlc,
    f: What,
}

/// Appends the fact's line, with its newline, to `out`.
///
/// # Errors
/// When the fact cannot be written as JSON.
pub fn append_line(out: &mut Vec<u8>, seq: u64, at: Hlc, what: &What) -> Result<(), LineError> {
    let start = out.len();
    write_open(out, seq, at, what)?;
    close(out, start);
    out.push(b'\n');
    Ok(())
}

/// Returns the fact's line, without its newline, filled with spaces to this length; `None` when it is longer.
///
/// So a line takes the place of another, and all others stay where they are.
///
/// # Errors
/// When the fact cannot be written as JSON.
pub fn line_of_length(seq: u64, at: Hlc, what: &What, length_bytes: usize) -> Result<Option<Vec<u8>>, LineError> {
    let mut line = Vec::with_capacity(length_bytes);
    write_open(&mut line, seq, at, what)?;
    if line.len() > length_bytes {
        return Ok(None);
    }
    line.pop();
    line.resize(length_bytes.saturating_sub(1), b' ');
    line.push(b'}');
    close(&mut line, 0);
    Ok(Some(line))
}

/// Writes a line whose checksum is not there yet.
fn write_open(out: &mut Vec<u8>, seq: u64, at: Hlc, what: &What) -> Result<(), LineError> {
    out.extend_from_slice(OPEN);
    out.extend_from_slice(&[b'0'; DIGITS]);
    out.push(b'"');
    let body = out.len();
    serde_json::to_writer(&mut *out, &Outgoing { v: what.version(), n: seq, t: at, f: what })
        .map_err(LineError::Shape)?;
    if let Some(brace) = out.get_mut(body) {
        *brace = b',';
    }
    Ok(())
}

/// Puts the checksum into the line that begins at `start` and is the last.
fn close(out: &mut [u8], start: usize) {
    let sum = checksum(out.get(start + PREFIX..).unwrap_or_default());
    for (to, from) in out.iter_mut().skip(start + OPEN.len()).zip(sum) {
        *to = from;
    }
}

/// Returns whether the line, without its newline, is whole.
#[must_use]
pub fn is_whole(line: &[u8]) -> bool {
    let (Some(prefix), Some(body)) = (line.get(..PREFIX), line.get(PREFIX..)) else { return false };
    let sum = prefix.strip_prefix(OPEN).and_then(|rest| rest.strip_suffix(b"\""));
    sum == Some(checksum(body).as_slice())
}

/// Returns whether a whole line lists a record, by its first bytes, without parsing it.
#[must_use]
pub fn lists_a_record(line: &[u8]) -> bool {
    fact_begins(line, br#""f":{"record":"#)
}

/// Returns whether a whole line takes the place of one that is removed, by its first bytes.
#[must_use]
pub fn is_removed(line: &[u8]) -> bool {
    fact_begins(line, br#""f":{"removed":"#)
}

/// Returns whether a whole line says that somebody is forgotten, by its first bytes.
#[must_use]
pub fn forgets(line: &[u8]) -> bool {
    fact_begins(line, br#""f":{"said":{"forget":"#)
}

/// Returns whether a whole line says what a config contributes, by its first bytes.
#[must_use]
pub fn says_settings(line: &[u8]) -> bool {
    fact_begins(line, br#""f":{"said":{"settings":"#)
}

fn fact_begins(line: &[u8], with: &[u8]) -> bool {
    let head = line.get(PREFIX..line.len().min(PREFIX + 96)).unwrap_or_default();
    head.windows(with.len()).any(|window| window == with)
}

/// Returns the sequence number of a whole line, without parsing the fact.
#[must_use]
pub fn sequence(line: &[u8]) -> Option<u64> {
    let head = core::str::from_utf8(line.get(PREFIX..line.len().min(PREFIX + 48))?).ok()?;
    let (_, number) = head.split_once(r#""n":"#)?;
    number.split_once(',')?.0.parse().ok()
}

/// Reads a line, without its newline, of this device's ledger.
///
/// # Errors
/// When its checksum does not match, or it is not a fact that this version reads.
pub fn parse_line(line: &[u8], device: &DeviceId) -> Result<Fact, LineError> {
    if is_whole(line) { parse_whole_line(line, device) } else { Err(LineError::Checksum) }
}

/// Reads a line that [`is_whole`].
///
/// # Errors
/// When it is not a fact that this version reads.
pub fn parse_whole_line(line: &[u8], device: &DeviceId) -> Result<Fact, LineError> {
    let incoming: Incoming = serde_json::from_slice(line).map_err(LineError::Shape)?;
    if incoming.v > FACT_VERSION {
        return Err(LineError::Version(incoming.v));
    }
    Ok(Fact { id: FactId { device: device.clone(), seq: incoming.n }, at: incoming.t, what: incoming.f })
}

fn checksum(bytes: &[u8]) -> [u8; DIGITS] {
    let sum = crc32fast::hash(bytes);
    let mut digits = [0; DIGITS];
    for (i, digit) in digits.iter_mut().enumerate() {
        let nibble = (sum >> (28 - 4 * i)) & 0xf;
        *digit = char::from_digit(nibble, 16).map_or(b'0', |c| u8::try_from(c).unwrap_or(b'0'));
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Said;
    use crate::id::RecordId;

    fn line() -> Vec<u8> {
        let mut out = Vec::new();
        let said = Said::Note { record: RecordId::new("manual", "1"), text: "met at the \"fair\"\n".to_owned() };
        append_line(&mut out, 17, Hlc::default(), &What::Said(said)).unwrap();
        assert_eq!(out.pop(), Some(b'\n'));
        out
    }

    #[test]
    fn a_line_reads_back_as_written() {
        let device = DeviceId::from_random([0; 4]);
        let fact = parse_line(&line(), &device).unwrap();
        assert_eq!(fact.id.to_string(), "00000000-17");
        assert!(matches!(fact.what, What::Said(Said::Note { text, .. }) if text.ends_with("\"fair\"\n")));
    }

    #[test]
    fn the_sequence_number_is_read_without_parsing() {
        assert_eq!(sequence(&line()), Some(17));
        assert_eq!((sequence(b""), sequence(b"{\"c\":\"8f3a01bc\",\"v\":1}")), (None, None));
    }

    #[test]
    fn any_flipped_bit_is_seen() {
        let whole = line();
        for i in 0..whole.len() * 8 {
            let mut torn = whole.clone();
            torn[i / 8] ^= 1 << (i % 8);
            assert!(!is_whole(&torn), "bit {i}");
        }
    }

    #[test]
    fn a_line_that_takes_the_place_of_another_is_as_long() {
        let removed = What::Removed(crate::forget::Removed { import: Some(3) });
        let length = line().len();
        let shorter = line_of_length(17, Hlc::default(), &removed, length).unwrap().unwrap();
        assert!(shorter.len() == length && is_removed(&shorter) && !is_removed(&line()));
        let fact = parse_line(&shorter, &DeviceId::from_random([0; 4])).unwrap();
        assert!(fact.id.seq == 17 && matches!(fact.what, What::Removed(removed) if removed.import == Some(3)));
        assert_eq!(line_of_length(17, Hlc::default(), &removed, 40).unwrap(), None);
    }

    #[test]
    fn a_record_line_is_known_by_its_first_bytes() {
        let mut out = Vec::new();
        let listed = crate::fact::Listed {
            import: 3,
            part: 0,
            key: "ana".to_owned(),
            hash: String::new(),
            file: String::new(),
            position: 1,
            body: None,
        };
        append_line(&mut out, u64::MAX, Hlc::default().a_day_later(), &What::Record(listed)).unwrap();
        assert!(lists_a_record(&out));
        assert!(!lists_a_record(&line()));
    }
}
