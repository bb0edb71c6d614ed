//! Where the bytes of a table come from: an entry of the bundle, or a member of an archive in one. Either can be read again.

use std::io::Read;

use kith_plugin::column::Maps;
use kith_plugin::{Input, Stop};

use crate::charset::{self, Charset};
use crate::sheet::{self, Sheet};

/// How much of a file is looked at to tell what it is.
pub(crate) const HEAD_BYTES: usize = 64 * 1024;

/// Bytes that can be read from their beginning more than once.
pub(crate) trait Origin {
    /// Opens them at their beginning.
    fn open(&mut self) -> Result<Box<dyn Read + '_>, Stop>;
}

/// An entry of the bundle.
#[derive(Debug)]
pub(crate) struct File<'i> {
    pub(crate) input: &'i Input<'i>,
    pub(crate) entry: usize,
}

impl Origin for File<'_> {
    fn open(&mut self) -> Result<Box<dyn Read + '_>, Stop> {
        Ok(Box::new(self.input.open(self.entry)))
    }
}

/// Bytes at hand.
pub(crate) struct Bytes<'b>(pub(crate) &'b [u8]);

impl Origin for Bytes<'_> {
    fn open(&mut self) -> Result<Box<dyn Read + '_>, Stop> {
        Ok(Box::new(self.0))
    }
}

/// Reads the first bytes.
pub(crate) fn head(origin: &mut dyn Origin) -> Result<Vec<u8>, Stop> {
    let mut head = vec![0; HEAD_BYTES];
    let read = charset::fill(&mut origin.open()?, &mut head)?;
    head.truncate(read);
    Ok(head)
}

/// Returns whether this is the beginning of a zip archive, an empty one too.
pub(crate) fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// Returns the text of a head, as far as the head itself tells its character set.
pub(crate) fn text_of_head(head: &[u8]) -> Option<(Charset, String)> {
    // A head that is cut within a character is no reason to take it for a code page.
    let cut = head.len() == HEAD_BYTES;
    let last_line = head.iter().rposition(|byte| *byte == b'\n');
    let whole_lines = if cut { last_line.and_then(|end| head.get(..=end)) } else { None };
    let look = whole_lines.unwrap_or(head);
    let charset = charset::detect(&mut Bytes(look)).ok()?;
    let text = decoded(head, charset)?;
    // No table has control characters of this kind: it is some binary format.
    let is_binary = text.chars().take(4096).any(|c| c < '\t' && c != '\0') || text.chars().take(64).any(|c| c == '\0');
    // Nor does it begin with an object of JSON, such as kith's own export does.
    let is_json = text.trim_start().starts_with("{\"");
    (!is_binary && !is_json).then_some((charset, text))
}

/// Decodes a head; a character that is cut at its end is lost.
fn decoded(head: &[u8], charset: Charset) -> Option<String> {
    let mut bytes = Vec::new();
    charset::Decoding::new(head, charset).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Returns the table that begins so.
pub(crate) fn recognise(head: &[u8], maps: &Maps) -> Option<Sheet> {
    text_of_head(head).and_then(|(_, text)| sheet::recognise(&text, maps))
}

/// A table about to be read: its character set, by all of its bytes, and what is in it.
#[derive(Debug)]
pub(crate) struct Recognised {
    pub(crate) charset: Charset,
    pub(crate) sheet: Sheet,
}

/// Looks at the whole of a table, so that no byte on its last page comes as a surprise.
pub(crate) fn look(origin: &mut dyn Origin, head: &[u8], maps: &Maps) -> Result<Option<Recognised>, Stop> {
    let charset = charset::detect(origin)?;
    let any = |text: &str| if maps.propose { sheet::any(text) } else { None };
    let sheet = decoded(head, charset).and_then(|text| sheet::recognise(&text, maps).or_else(|| any(&text)));
    Ok(sheet.map(|sheet| Recognised { charset, sheet }))
}
