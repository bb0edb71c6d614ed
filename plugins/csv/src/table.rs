//! The rows of a table as they stream by: one buffer for all, with their lines, and an open quote at the end seen.

use std::io::{self, Read};

use csv::{Reader, StringRecord};
use kith_plugin::Stop;
use kith_plugin::emit::Place;

use crate::charset::{Charset, Decoding};
use crate::sheet::{self, Sheet};

/// How large a row may be.
const ROW_LIMIT_BYTES: usize = 8 * 1024 * 1024;

/// Stands behind the last row. An open quote swallows it, and so betrays itself.
const TAIL: &str = "\u{1}kith: the end\u{1}";

/// The rows below the header.
pub(crate) struct Table<R> {
    rows: Reader<Source<R>>,
    row: StringRecord,
    width: usize,
    place: Place,
    count: u64,
    header_line: u64,
}

/// What comes next in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// A row.
    Row,
    /// A row without any value.
    Empty,
    /// A row in which the last quote opens and never closes.
    Open,
    /// No more.
    End,
}

impl<R: Read> Table<R> {
    /// Opens a table behind its header.
    pub(crate) fn new(inner: R, charset: Charset, sheet: &Sheet, entry: u32) -> Result<Self, Stop> {
        let rows = sheet::reader_builder(sheet.delimiter, sheet.line_end)
            .from_reader(Source::new(Decoding::new(inner, charset), sheet.line_end));
        let mut table = Self {
            rows,
            row: StringRecord::new(),
            width: sheet.header.len(),
            place: Place { entry, position: 0, line: 0 },
            count: 0,
            header_line: 0,
        };
        for _ in 0..sheet.before {
            table.read()?;
        }
        // Without a header the columns are those of the first row.
        table.header_line = if sheet.has_header { table.place.line } else { 1 };
        Ok(table)
    }

    /// Goes to the next row.
    pub(crate) fn next(&mut self) -> Result<Next, Stop> {
        loop {
            if !self.read()? {
                return Ok(Next::End);
            }
            match self.row.iter().next_back() {
                Some(TAIL) if self.row.len() == 1 => return Ok(Next::End),
                Some(last) if last.trim_end().ends_with(TAIL) => {
                    // The row has no end of its own, by which the others are counted.
                    self.place.line += 1;
                    return Ok(Next::Open);
                }
                // An empty line is no row, not even an empty one.
                Some(last) if self.row.len() == 1 && last.trim().is_empty() && self.width > 1 => {}
                Some(_) | None => break,
            }
        }
        self.count += 1;
        self.place.position = self.count;
        if self.row.iter().all(|value| value.trim().is_empty()) {
            return Ok(Next::Empty);
        }
        Ok(Next::Row)
    }

    fn read(&mut self) -> Result<bool, Stop> {
        self.rows.get_mut().left_in_row = ROW_LIMIT_BYTES;
        let line = self.rows.position().line();
        let read = self.rows.read_record(&mut self.row).map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => Stop::refuse(format!(
                "the row at line {line} is larger than {} MiB; perhaps a quote is never closed",
                ROW_LIMIT_BYTES / 1024 / 1024
            )),
            csv::ErrorKind::Io(error) => Stop::from(error),
            csv::ErrorKind::Utf8 { .. }
            | csv::ErrorKind::UnequalLengths { .. }
            | csv::ErrorKind::Seek
            | csv::ErrorKind::Serialize(_)
            | csv::ErrorKind::Deserialize { .. }
            | _ => Stop::refuse("the file changed while it was read"),
        })?;
        // Counted from the end of the row: the parser's own position may stand on an empty line before it.
        let within = memchr::memchr_iter(b'\n', self.row.as_slice().as_bytes()).count() as u64;
        self.place.line = self.rows.position().line().saturating_sub(1 + within).max(1);
        Ok(read)
    }

    /// Returns the value of a column, without white space around; empty when there is no such column.
    pub(crate) fn value(&self, column: Option<usize>) -> &str {
        column.and_then(|column| self.row.get(column)).unwrap_or_default().trim()
    }

    /// Returns how many columns the row has, and how many the header has.
    pub(crate) fn widths(&self) -> (usize, usize) {
        (self.row.len(), self.width)
    }

    /// Returns the values beyond the header, when any of them says something.
    pub(crate) fn surplus(&self) -> Option<Vec<&str>> {
        let surplus: Vec<&str> = self.row.iter().skip(self.width).map(str::trim).collect();
        surplus.iter().any(|value| !value.is_empty()).then_some(surplus)
    }

    /// Returns all values of the row.
    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        self.row.iter().map(str::trim)
    }

    /// Returns where the row stands.
    pub(crate) fn place(&self) -> Place {
        self.place
    }

    /// Returns the line of the header.
    pub(crate) fn header_line(&self) -> u64 {
        self.header_line
    }
}

/// The decoded text, with the tail behind it and a limit to each row.
struct Source<R> {
    text: Decoding<R>,
    left_in_row: usize,
    line_end: u8,
    tail: Option<Vec<u8>>,
}

impl<R: Read> Source<R> {
    fn new(text: Decoding<R>, line_end: u8) -> Self {
        Self { text, left_in_row: ROW_LIMIT_BYTES, line_end, tail: None }
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if let Some(tail) = &mut self.tail {
            let read = tail.as_slice().read(out)?;
            tail.drain(..read);
            return Ok(read);
        }
        if self.left_in_row == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let read = self.text.read(out)?;
        self.left_in_row = self.left_in_row.saturating_sub(read);
        if read == 0 && !out.is_empty() {
            self.tail = Some([&[self.line_end], TAIL.as_bytes(), &[self.line_end]].concat());
            return self.read(out);
        }
        Ok(read)
    }
}
