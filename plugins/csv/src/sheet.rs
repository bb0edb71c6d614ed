//! What kind of table a text is: its delimiter, where its header stands, which layout the header fits.
//!
//! The header is the first record that a layout recognises: notes, empty lines and comma-only rows before it are passed
//! over, however many. The layouts themselves are `layout`.

use csv::{ReaderBuilder, StringRecord, Terminator};

use crate::layout::{self, Kind};

/// How many records are looked at in search of the header.
const RECORDS_BEFORE_HEADER: usize = 60;

/// How many columns a table may have.
pub(crate) const COLUMNS_LIMIT: usize = 2_000;

/// Delimiters, the likeliest first: where two fit equally well the first is taken.
const DELIMITERS: &[u8] = b",;\t|";

/// A recognised table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sheet {
    /// Which layout it has.
    pub(crate) kind: Kind,
    /// What parts its columns.
    pub(crate) delimiter: u8,
    /// What ends its lines. A carriage return before a newline is white space at the end of a value.
    pub(crate) line_end: u8,
    /// How many records stand before the header.
    pub(crate) skipped: usize,
    /// The names of its columns as written.
    pub(crate) header: Vec<String>,
}

/// Returns the table that begins with `head`, if any layout fits.
pub(crate) fn recognise(head: &str) -> Option<Sheet> {
    let mut best: Option<(usize, Sheet)> = None;
    for &delimiter in DELIMITERS {
        let found = with_delimiter(head, delimiter);
        if let Some((score, sheet)) = found
            && best.as_ref().is_none_or(|(known, _)| score > *known)
        {
            best = Some((score, sheet));
        }
    }
    best.map(|(_, sheet)| sheet)
}

/// Returns the names in the first record that has some, for the message to the user when nothing is recognised.
pub(crate) fn first_names(head: &str) -> Option<String> {
    let line = head.lines().map(str::trim).find(|line| !line.is_empty())?;
    Some(line.chars().take(100).collect())
}

fn with_delimiter(head: &str, delimiter: u8) -> Option<(usize, Sheet)> {
    let line_end = if head.contains('\r') && !head.contains('\n') { b'\r' } else { b'\n' };
    let mut records = reader_builder(delimiter, line_end).from_reader(head.as_bytes());
    let mut record = StringRecord::new();
    for skipped in 0..RECORDS_BEFORE_HEADER {
        if !records.read_record(&mut record).unwrap_or(false) {
            return None;
        }
        if record.len() > COLUMNS_LIMIT {
            continue;
        }
        let header: Vec<String> = record.iter().map(|name| name.trim().to_owned()).collect();
        if let Some((kind, score)) = layout::recognise(&header) {
            return Some((score, Sheet { kind, delimiter, line_end, skipped, header }));
        }
    }
    None
}

/// Returns how every table here is parsed: rows may have any number of columns.
pub(crate) fn reader_builder(delimiter: u8, line_end: u8) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder
        .delimiter(delimiter)
        .terminator(Terminator::Any(line_end))
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(64 * 1024);
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &str, kind: Kind, delimiter: u8, skipped: usize) {
        let sheet = recognise(head).unwrap();
        assert_eq!((sheet.kind, sheet.delimiter as char, sheet.skipped), (kind, delimiter as char, skipped));
    }

    const CONNECTIONS: &str = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n";

    #[test]
    fn finds_the_header_behind_any_preamble() {
        check(CONNECTIONS, Kind::Connections, b',', 0);
        check(&format!("Notes:\n\"One, with\na newline\"\n\n{CONNECTIONS}"), Kind::Connections, b',', 2);
        check(&format!("\"Notes:\"\r\n\"One; two\"\r\n,,,,,,\r\n,,,,,,\r\n{CONNECTIONS}"), Kind::Connections, b',', 4);
        check(&CONNECTIONS.replace(',', ";"), Kind::Connections, b';', 0);
        check(&CONNECTIONS.replace(',', "\t"), Kind::Connections, b'\t', 0);
    }

    #[test]
    fn a_table_of_something_else_is_none() {
        for head in ["", "Name\nFlutter\n", "Date,Amount,Currency\n", "Name,Proficiency\n", "just a letter, dear Ana\n"]
        {
            assert_eq!(recognise(head), None, "{head}");
        }
    }
}
