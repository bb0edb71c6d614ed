//! Rows that a quote swallowed: it opens in one and closes in a later one, so that one value holds whole rows. Whoever writes
//! several lines into a note writes no row of the table there, with somebody's address in the column of addresses.

use super::columns::Columns;
use super::row::draft;

/// Returns whether one of these values holds a row of the table, or the beginning of one, below its first line.
pub(super) fn is_any(values: &[&str], columns: &Columns, delimiter: u8) -> bool {
    let width = columns.header.len();
    values.iter().enumerate().any(|(column, value)| {
        let mut lines = value.split(['\n', '\r']).skip(1).map(|line| fields(line, delimiter)).peekable();
        core::iter::from_fn(|| Some((lines.next()?, lines.peek().is_none()))).any(|(fields, is_last)| {
            // The columns behind the last line are those of the row in which the quote closes.
            let is_row = fields.len() == width || is_last && fields.len() == column + 1;
            is_row && reaches_somebody(&fields, columns)
        })
    })
}

fn fields(line: &str, delimiter: u8) -> Vec<&str> {
    let trim = |value| str::trim_matches(value, |c: char| c == '"' || c.is_whitespace());
    line.split(char::from(delimiter)).map(trim).collect()
}

fn reaches_somebody(fields: &[&str], columns: &Columns) -> bool {
    let card = draft(columns, fields).card;
    card.emails.iter().any(|email| email.address.contains('@')) || !card.online_services.is_empty()
}
