//! What kind of table a text is: its delimiter, where its header stands, which layout the header fits.
//!
//! The header is the first record that a layout recognises: notes, empty lines and comma-only rows before it are passed
//! over, however many. The layouts themselves are `layout`. Where no header is recognised, the values may tell.

use std::collections::BTreeMap;

use csv::{ReaderBuilder, StringRecord, Terminator};
use kith_plugin::column::{Maps, TableMap};

use crate::contacts::{self, Columns};
use crate::layout::{self, Kind};

/// How many records are looked at in search of the header.
const RECORDS_BEFORE_HEADER: usize = 60;

/// How many columns a table may have.
pub(crate) const COLUMNS_LIMIT: usize = 2_000;

/// Delimiters, the likeliest first: where two fit equally well the first is taken.
const DELIMITERS: &[u8] = b",;\t|";

/// How many rows are looked at to tell what the columns hold.
const SAMPLE_ROWS: usize = 200;

/// A recognised table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sheet {
    /// Which layout it has.
    pub(crate) kind: Kind,
    /// What parts its columns.
    pub(crate) delimiter: u8,
    /// What ends its lines. A carriage return before a newline is white space at the end of a value.
    pub(crate) line_end: u8,
    /// How many records stand before the first row, the header among them.
    pub(crate) before: usize,
    /// Whether a record names the columns.
    pub(crate) has_header: bool,
    /// The names of its columns as written; where no record names them, their numbers.
    pub(crate) header: Vec<String>,
    /// What the columns of a contact list hold.
    pub(crate) columns: Option<Columns>,
}

/// Returns the table that begins with `head`, if the user or a layout says what it is, or its values do.
///
/// A mapping given for this very table is the only one that counts.
pub(crate) fn recognise(head: &str, maps: &Maps) -> Option<Sheet> {
    if let Some(given) = &maps.given {
        return mapped(head, given);
    }
    let saved = maps.saved.iter().filter(|map| map.header).find_map(|map| mapped(head, map));
    saved.or_else(|| best(head, with_header)).or_else(|| best(head, with_telling_values))
}

/// Returns the table that begins with `head` whatever it holds, with each column that can be told.
pub(crate) fn any(head: &str) -> Option<Sheet> {
    best(head, |head, delimiter| {
        let sheet = regular(head, delimiter)?;
        Some((sheet.header.len(), sheet))
    })
}

/// Returns the table that begins with `head`, if it is one of those that a mapping is for.
fn mapped(head: &str, map: &TableMap) -> Option<Sheet> {
    let names: Vec<String> = map.columns.iter().map(|column| column.name.to_lowercase()).collect();
    let is_named = |row: &Vec<String>| {
        row.len() == names.len() && row.iter().zip(&names).all(|(name, known)| name.to_lowercase() == known.trim())
    };
    if names.is_empty() {
        return None;
    }
    DELIMITERS.iter().find_map(|&delimiter| {
        let mut rows = records(head, delimiter);
        let (first, header) = if map.header {
            rows.take(RECORDS_BEFORE_HEADER).enumerate().find(|(_, row)| is_named(row))?
        } else {
            let first = rows.by_ref().take(RECORDS_BEFORE_HEADER).position(|row| row.len() == names.len())?;
            (first, map.columns.iter().map(|column| column.name.clone()).collect())
        };
        Some(Sheet {
            kind: Kind::Contacts,
            delimiter,
            line_end: line_end(head),
            before: first + usize::from(map.header),
            has_header: map.header,
            columns: Some(Columns::mapped(&header, map)),
            header,
        })
    })
}

/// Returns the names in the first record that has some, for the message to the user when nothing is recognised.
pub(crate) fn first_names(head: &str) -> Option<String> {
    let line = head.lines().map(str::trim).find(|line| !line.is_empty())?;
    Some(line.chars().take(100).collect())
}

/// Returns whether a record among the first has more columns than any table may have, with every delimiter that parts it.
pub(crate) fn is_too_wide(head: &str) -> bool {
    DELIMITERS.iter().any(|&delimiter| records(head, delimiter).take(RECORDS_BEFORE_HEADER).any(|row| row.is_empty()))
}

/// Returns what else a table with this first line is, where its names tell.
pub(crate) fn other_kind(head: &str) -> Option<&'static str> {
    DELIMITERS.iter().find_map(|&delimiter| {
        let first = records(head, delimiter).next()?;
        contacts::other_kind(&first)
    })
}

/// Tries the delimiters; the best fit wins.
fn best(head: &str, fit: fn(&str, u8) -> Option<(usize, Sheet)>) -> Option<Sheet> {
    let mut best: Option<(usize, Sheet)> = None;
    for &delimiter in DELIMITERS {
        if let Some((score, sheet)) = fit(head, delimiter)
            && best.as_ref().is_none_or(|(known, _)| score > *known)
        {
            best = Some((score, sheet));
        }
    }
    best.map(|(_, sheet)| sheet)
}

/// Returns the records of a text; those of more columns than any table has are empty.
fn records(head: &str, delimiter: u8) -> impl Iterator<Item = Vec<String>> {
    let mut records = reader_builder(delimiter, line_end(head)).from_reader(head.as_bytes());
    let mut record = StringRecord::new();
    std::iter::from_fn(move || {
        let read = records.read_record(&mut record).unwrap_or(false);
        let values = record.iter().take(COLUMNS_LIMIT + 1).map(|value| value.trim().to_owned()).collect::<Vec<_>>();
        read.then(|| if values.len() > COLUMNS_LIMIT { Vec::new() } else { values })
    })
}

fn line_end(head: &str) -> u8 {
    if head.contains('\r') && !head.contains('\n') { b'\r' } else { b'\n' }
}

/// Finds a header that a layout recognises.
fn with_header(head: &str, delimiter: u8) -> Option<(usize, Sheet)> {
    let mut records = records(head, delimiter);
    let found =
        records.by_ref().take(RECORDS_BEFORE_HEADER).enumerate().find_map(|(skipped, header)| {
            layout::recognise(&header).map(|(kind, score)| (skipped, header, kind, score))
        });
    let (skipped, header, kind, score) = found?;
    let sample = || records.take(SAMPLE_ROWS).collect::<Vec<_>>();
    let columns = (!kind.is_linkedin()).then(|| Columns::new(&header, &sample()));
    let (line_end, before) = (line_end(head), skipped + 1);
    Some((score, Sheet { kind, delimiter, line_end, before, has_header: true, header, columns }))
}

/// Finds a list of contacts by its values, below a header of unknown words, or without one.
fn with_telling_values(head: &str, delimiter: u8) -> Option<(usize, Sheet)> {
    let sheet = regular(head, delimiter)?;
    let columns = sheet.columns.as_ref().filter(|columns| columns.is_list())?;
    if sheet.has_header && contacts::other_kind(&sheet.header).is_some() {
        return None;
    }
    let score = columns.columns.iter().filter(|column| column.meaning.is_some()).count();
    Some((score, sheet))
}

/// Returns a table of which nine of ten rows have the same number of columns, and what can be told of these.
fn regular(head: &str, delimiter: u8) -> Option<Sheet> {
    let all: Vec<Vec<String>> = records(head, delimiter).take(SAMPLE_ROWS).collect();
    let width = usual_width(&all)?;
    let first = all.iter().position(|row| row.len() == width)?;
    let rows: Vec<Vec<String>> = all.into_iter().filter(|row| row.len() == width).collect();
    let (header, below) = rows.split_first()?;
    let named = Columns::new(header, below);
    let has_header = named.is_header(header);
    let (header, columns) = if has_header {
        (header.clone(), named)
    } else {
        let numbers: Vec<String> = (1..=width).map(|number| format!("Column {number}")).collect();
        let columns = Columns::new(&numbers, &rows);
        (numbers, columns)
    };
    let (line_end, before) = (line_end(head), first + usize::from(has_header));
    let columns = Some(columns);
    Some(Sheet { kind: Kind::Contacts, delimiter, line_end, before, has_header, header, columns })
}

/// Returns how many columns nine of ten rows have, at least two.
fn usual_width(rows: &[Vec<String>]) -> Option<usize> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for row in rows {
        *counts.entry(row.len()).or_default() += 1;
    }
    let (width, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    (width >= 2 && count * 10 >= rows.len() * 9).then_some(width)
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
        let sheet = recognise(head, &Maps::default()).unwrap();
        assert_eq!((sheet.kind, sheet.delimiter as char, sheet.before), (kind, delimiter as char, skipped + 1));
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
            assert_eq!(recognise(head, &Maps::default()), None, "{head}");
        }
    }
}
