//! Rows that a quote swallowed: it opens in one and closes in a later one, so that one value holds whole rows.
//!
//! A note may well have lines that look like rows. What tells is that the quote did not close where its value ends: a quote is
//! left within the value, or the row has too few columns.

use super::columns::Columns;
use super::row::draft;

/// How many digits make a number by which somebody is reached.
const DIGITS: usize = 6;

/// Returns whether one of these values holds a row of the table, or the beginning of one, below its first line.
pub(super) fn is_any(values: &[&str], columns: &Columns, delimiter: u8) -> bool {
    let width = columns.header.len();
    let is_suspect = |value: &str| value.contains(['\n', '\r']) && (value.contains('"') || values.len() < width);
    values.iter().enumerate().filter(|(_, value)| is_suspect(value)).any(|(column, value)| {
        let mut lines = value.split(['\n', '\r']).skip(1).map(|line| fields(line, delimiter)).peekable();
        core::iter::from_fn(|| Some((lines.next()?, lines.peek().is_none()))).any(|(fields, is_last)| {
            // The columns behind the last line are those of the row in which the quote closes.
            let is_row = fields.len() == width || is_last && fields.len() == column + 1;
            fields.len() > 1 && is_row && reaches_somebody(&fields, columns)
        })
    })
}

fn fields(line: &str, delimiter: u8) -> Vec<&str> {
    let trim = |value| str::trim_matches(value, |c: char| c == '"' || c.is_whitespace());
    line.split(char::from(delimiter)).map(trim).collect()
}

/// Whether the columns of addresses or numbers hold one.
fn reaches_somebody(fields: &[&str], columns: &Columns) -> bool {
    let card = draft(columns, fields).card;
    let digits = |number: &str| number.chars().filter(char::is_ascii_digit).count();
    card.emails.iter().any(|email| email.address.contains('@'))
        || card.phones.iter().any(|phone| digits(&phone.number) >= DIGITS)
}
