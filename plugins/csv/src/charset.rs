//! The character set of a file: found by looking at all of it, decoded as it streams by.
//!
//! What the text means is `sheet`. A file that is UTF-8 throughout passes unchanged; one with a few broken bytes is still
//! UTF-8; any other is a code page, and chardetng says which.

use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use kith_plugin::Stop;

use crate::origin::Origin;

const CHUNK_BYTES: usize = 64 * 1024;

/// How the bytes of a file are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Charset {
    encoding: &'static Encoding,
    pub(crate) certainty: Certainty,
}

/// How it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Certainty {
    /// Every byte fits.
    Sure,
    /// UTF-8 but for this many places.
    Damaged(u64),
    /// No mark says so, it looks like it.
    Guessed,
}

impl Charset {
    /// Returns the name of the character set.
    pub(crate) fn name(self) -> &'static str {
        self.encoding.name()
    }

    const fn sure(encoding: &'static Encoding) -> Self {
        Self { encoding, certainty: Certainty::Sure }
    }
}

/// Looks at a whole file, once or twice.
pub(crate) fn detect(origin: &mut dyn Origin) -> Result<Charset, Stop> {
    let mut census = Census::default();
    let mut first = true;
    let mut marked = None;
    for_each_chunk(&mut origin.open()?, |chunk| {
        if first {
            marked = by_mark(chunk).or_else(|| by_zeros(chunk));
            first = false;
        }
        census.take(chunk);
        marked.is_none()
    })?;
    if let Some(encoding) = marked {
        return Ok(Charset::sure(encoding));
    }
    if let Some(certainty) = census.verdict() {
        return Ok(Charset { encoding: UTF_8, certainty });
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    for_each_chunk(&mut origin.open()?, |chunk| {
        detector.feed(chunk, false);
        true
    })?;
    detector.feed(b"", true);
    Ok(Charset { encoding: detector.guess(None, Utf8Detection::Deny), certainty: Certainty::Guessed })
}

/// Hands on pieces of a file until `look` has seen enough.
fn for_each_chunk(reader: &mut dyn Read, mut look: impl FnMut(&[u8]) -> bool) -> io::Result<()> {
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        let read = fill(reader, &mut buffer)?;
        let chunk = buffer.get(..read).unwrap_or_default();
        if chunk.is_empty() || !look(chunk) {
            return Ok(());
        }
    }
}

/// Reads until the buffer is full or the file ends, so that the first piece is never too short to judge.
pub(crate) fn fill(reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn by_mark(head: &[u8]) -> Option<&'static Encoding> {
    // A byte order mark says UTF-8, but it may lie.
    Encoding::for_bom(head).map(|(encoding, _)| encoding).filter(|encoding| *encoding != UTF_8)
}

/// UTF-16 without a mark: in a table of mostly Latin letters every second byte is zero.
fn by_zeros(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.len() / 2;
    let zeros = |side: usize| head.iter().skip(side).step_by(2).filter(|byte| **byte == 0).count();
    let (high_first, low_first) = (zeros(0), zeros(1));
    if pairs == 0 || high_first.max(low_first) * 10 < pairs * 4 {
        return None;
    }
    match (high_first * 20 < pairs, low_first * 20 < pairs) {
        (true, false) => Some(UTF_16LE),
        (false, true) => Some(UTF_16BE),
        (true, true) | (false, false) => None,
    }
}

/// Counts what is UTF-8 and what is not.
#[derive(Debug, Default)]
struct Census {
    /// The beginning of a character that the next piece continues.
    carried: Vec<u8>,
    letters: u64,
    broken: u64,
}

impl Census {
    fn take(&mut self, chunk: &[u8]) {
        if !self.carried.is_empty() {
            let (head, rest) = chunk.split_at(chunk.len().min(4 - self.carried.len().min(3)));
            let mut joined = std::mem::take(&mut self.carried);
            joined.extend_from_slice(head);
            self.count(&joined);
            // What the join left open is continued by the rest.
            if !self.carried.is_empty() && !rest.is_empty() {
                let mut joined = std::mem::take(&mut self.carried);
                joined.extend_from_slice(rest);
                return self.count(&joined);
            }
            return self.count(rest);
        }
        self.count(chunk);
    }

    fn count(&mut self, mut bytes: &[u8]) {
        loop {
            match std::str::from_utf8(bytes) {
                Ok(_) => {
                    self.letters += beyond_ascii(bytes);
                    return;
                }
                Err(error) => {
                    let (valid, rest) = bytes.split_at(error.valid_up_to());
                    self.letters += beyond_ascii(valid);
                    let Some(length) = error.error_len() else {
                        self.carried = rest.to_vec();
                        return;
                    };
                    self.broken += 1;
                    bytes = rest.get(length..).unwrap_or_default();
                }
            }
        }
    }

    /// UTF-8 when it fits, when only its last character is cut, or when what does not fit is the exception.
    fn verdict(&self) -> Option<Certainty> {
        let cut = u64::from(!self.carried.is_empty());
        match self.broken {
            0 if cut == 0 => Some(Certainty::Sure),
            0 if self.letters > 0 => Some(Certainty::Damaged(cut)),
            broken if self.letters >= (broken + cut) * 20 => Some(Certainty::Damaged(broken + cut)),
            _ => None,
        }
    }
}

fn beyond_ascii(text: &[u8]) -> u64 {
    text.iter().filter(|byte| **byte >= 0xC0).count() as u64
}

/// Reads a file as UTF-8, without its byte order mark.
pub(crate) struct Decoding<R> {
    inner: R,
    /// `None` where the bytes are UTF-8 as they are, and at the end.
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    /// Text that was not asked for yet.
    text: Vec<u8>,
    at: usize,
    begun: bool,
}

impl<R: Read> Decoding<R> {
    pub(crate) fn new(inner: R, charset: Charset) -> Self {
        let as_it_is = charset.encoding == UTF_8 && charset.certainty == Certainty::Sure;
        let decoder = (!as_it_is).then(|| charset.encoding.new_decoder_with_bom_removal());
        Self { inner, decoder, raw: Vec::new(), text: Vec::new(), at: 0, begun: false }
    }

    /// Makes more text.
    fn fill(&mut self) -> io::Result<()> {
        self.at = 0;
        self.text.clear();
        let Some(decoder) = &mut self.decoder else { return Ok(()) };
        self.raw.resize(CHUNK_BYTES, 0);
        let read = fill(&mut self.inner, &mut self.raw)?;
        let chunk = self.raw.get(..read).unwrap_or_default();
        let room = decoder.max_utf8_buffer_length(read).unwrap_or(CHUNK_BYTES * 4);
        self.text.resize(room, 0);
        let (_, _, written, _) = decoder.decode_to_utf8(chunk, &mut self.text, read == 0);
        self.text.truncate(written);
        if read == 0 {
            self.decoder = None;
        }
        Ok(())
    }

    /// Reads the first bytes of what is UTF-8 already, to pass over its mark.
    fn begin(&mut self) -> io::Result<()> {
        self.begun = true;
        if self.decoder.is_none() {
            self.text.resize(CHUNK_BYTES, 0);
            let read = fill(&mut self.inner, &mut self.text)?;
            self.text.truncate(read);
            self.at = if self.text.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if !self.begun {
            self.begin()?;
        }
        while self.at >= self.text.len() {
            if self.decoder.is_none() {
                return self.inner.read(out);
            }
            self.fill()?;
        }
        let read = self.text.get(self.at..).unwrap_or_default().read(out)?;
        self.at += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::origin::Bytes;

    fn read(bytes: &[u8]) -> (Charset, String) {
        let charset = detect(&mut Bytes(bytes)).unwrap();
        let mut text = String::new();
        Decoding::new(bytes, charset).read_to_string(&mut text).unwrap();
        (charset, text)
    }

    #[track_caller]
    fn check(bytes: &[u8], name: &str, certainty: Certainty, text: &str) {
        let (charset, decoded) = read(bytes);
        assert_eq!((charset.name(), charset.certainty, decoded.as_str()), (name, certainty, text));
    }

    fn utf16(text: &str, to_bytes: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn reads_utf8_with_and_without_a_mark() {
        check("Zoë".as_bytes(), "UTF-8", Certainty::Sure, "Zoë");
        check("\u{feff}Zoë".as_bytes(), "UTF-8", Certainty::Sure, "Zoë");
        check(b"", "UTF-8", Certainty::Sure, "");
    }

    #[test]
    fn reads_utf16_of_both_orders_with_and_without_a_mark() {
        let text = "First Name,Last Name\nZoë,Brandt\n";
        for mark in ["\u{feff}", ""] {
            let marked = format!("{mark}{text}");
            check(&utf16(&marked, u16::to_le_bytes), "UTF-16LE", Certainty::Sure, text);
            check(&utf16(&marked, u16::to_be_bytes), "UTF-16BE", Certainty::Sure, text);
        }
    }

    #[test]
    fn guesses_a_code_page() {
        let (bytes, ..) = encoding_rs::WINDOWS_1252.encode("Vorname;Nachname;Straße\nJürgen;Müller;Königstraße 5\n");
        check(&bytes, "windows-1252", Certainty::Guessed, "Vorname;Nachname;Straße\nJürgen;Müller;Königstraße 5\n");
    }

    #[test]
    fn a_few_broken_bytes_do_not_make_a_code_page_of_utf8() {
        let mut bytes = "Zoë ".repeat(50).into_bytes();
        bytes.extend_from_slice(b"caf\xE9 \n");
        let (charset, text) = read(&bytes);
        assert_eq!(charset.certainty, Certainty::Damaged(1));
        assert!(text.ends_with("Zoë caf\u{fffd} \n"));
        let mut bytes = b"caf\xE9\n".to_vec();
        bytes.extend_from_slice("Zoë ".repeat(50).as_bytes());
        assert_eq!(read(&bytes).0.certainty, Certainty::Damaged(1));
    }

    #[test]
    fn a_last_character_that_is_cut_does_not_make_a_code_page_of_utf8() {
        check(b"Zo\xC3\xAB Zo\xC3", "UTF-8", Certainty::Damaged(1), "Zoë Zo\u{fffd}");
        check(b"Vorname\nZo\xEB", "windows-1252", Certainty::Guessed, "Vorname\nZoë");
    }

    #[test]
    fn a_character_across_two_pieces_is_whole() {
        for shift in 0..4 {
            let text = format!("{}{}", "a".repeat(CHUNK_BYTES - shift), "😀ë".repeat(CHUNK_BYTES));
            check(text.as_bytes(), "UTF-8", Certainty::Sure, &text);
            let wide = utf16(&format!("\u{feff}{text}"), u16::to_le_bytes);
            check(&wide, "UTF-16LE", Certainty::Sure, &text);
        }
    }
}
