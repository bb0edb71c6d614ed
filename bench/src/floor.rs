//! The floors: what the bare parsers need for the same bytes, in this process, without a sandbox or a store.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;

use calcard::{Entry, Parser};
use mail_parser::MessageParser;
use memchr::memmem;

use crate::BenchError;

/// Reads rows with the csv crate and appends each to one log as JSON, made durable once at the end.
pub(crate) fn rows_into_a_log(path: &Path) -> Result<u64, BenchError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_path(path)?;
    let folder = tempfile::tempdir()?;
    let mut log = BufWriter::new(File::create(folder.path().join("log.jsonl"))?);
    let mut rows = 0;
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        let fields: Vec<&str> = record.iter().collect();
        serde_json::to_writer(&mut log, &fields).map_err(std::io::Error::from)?;
        log.write_all(b"\n")?;
        rows += 1;
    }
    log.flush()?;
    log.get_ref().sync_data()?;
    Ok(rows)
}

/// Parses cards with calcard.
pub(crate) fn cards(path: &Path) -> Result<u64, BenchError> {
    let text = fs::read_to_string(path)?;
    let mut parser = Parser::new(&text);
    let mut cards = 0;
    loop {
        let entry = parser.entry();
        if matches!(entry, Entry::Eof) {
            return Ok(cards);
        }
        cards += u64::from(matches!(entry, Entry::VCard(_)));
    }
}

/// Parses the headers of an mbox's messages with mail-parser.
pub(crate) fn headers(path: &Path) -> Result<u64, BenchError> {
    let bytes = fs::read(path)?;
    let parser = MessageParser::new();
    let mut messages = 0;
    let mut start = 0;
    let separators = memmem::find_iter(&bytes, b"\nFrom ").map(|at| at + 1).chain([bytes.len()]);
    for end in separators {
        let message = bytes.get(start..end).unwrap_or_default();
        let head = memchr::memchr(b'\n', message).and_then(|line| message.get(line + 1..)).unwrap_or_default();
        messages += u64::from(parser.parse_headers(head).is_some());
        start = end;
    }
    Ok(messages)
}

/// Reads a file and hashes it.
pub(crate) fn read_and_hash(path: &Path) -> Result<u64, BenchError> {
    let bytes = fs::read(path)?;
    let hash = blake3::hash(&bytes);
    Ok(u64::from(hash.as_bytes().iter().any(|&byte| byte != 0)))
}
