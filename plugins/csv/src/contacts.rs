//! Contact lists: Google's export of both styles, and any other table whose columns are recognised by their names.
//!
//! ```text
//!  header ─words─▶ columns        row ─columns─▶ row ─labels─▶ Card
//! ```

mod columns;
mod guess;
mod labels;
mod meaning;
mod proposal;
mod row;
mod swallowed;
mod values;
mod words;

use std::io::Read;

use kith_plugin::Stop;
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::record::Record;

pub(crate) use self::columns::Columns;
use self::columns::KnownBy;
pub(crate) use self::proposal::propose;
use crate::desk::{self, Desk};
use crate::layout::Kind;
use crate::sheet::{COLUMNS_LIMIT, Sheet};
use crate::table::{Next, Table};

/// How large a field may be.
const FIELD_LIMIT_BYTES: usize = 256 * 1024;

/// How much text a card may be made of, all fields together.
const CARD_LIMIT_BYTES: usize = 768 * 1024;

/// How many columns are told of by name.
const COLUMNS_TOLD: usize = 100;

/// Returns whether a header is that of a contact list, and how well it fits.
pub(crate) fn recognise(header: &[String]) -> Option<(Kind, usize)> {
    let (score, known_program) = columns::score(header);
    let kind = if known_program { Kind::AddressBook } else { Kind::Contacts };
    (score > 0).then_some((kind, score))
}

/// Returns what else a table with this header is, where two of its names tell.
pub(crate) fn other_kind(header: &[String]) -> Option<&'static str> {
    words::other_kind(header, 2)
}

/// Reads a contact list to its end. Returns how it ended.
pub(crate) fn import<R: Read>(sheet: &Sheet, table: &mut Table<R>, desk: &mut Desk<'_, '_>) -> Result<Next, Stop> {
    let columns = sheet.columns.clone().unwrap_or_else(|| Columns::new(&sheet.header, &[]));
    let (source, collection) =
        if sheet.kind.is_linkedin() { ("linkedin", "imported-contacts") } else { (columns.source, "contacts") };
    desk.part(&desk::part(source, collection))?;
    tell(sheet, &columns, table.header_line(), desk)?;
    let mut empty = 0;
    let end = loop {
        match table.next()? {
            Next::Row => row(&columns, sheet.delimiter, table, desk)?,
            Next::Empty => empty += 1,
            end @ (Next::Open | Next::End) => break end,
        }
    };
    desk.tally("empty row", empty)?;
    Ok(end)
}

/// Tells which column is taken as what, where no known program says so, and which have no word.
fn tell(sheet: &Sheet, columns: &Columns, line: u64, desk: &mut Desk<'_, '_>) -> Result<(), Stop> {
    let how = match (sheet.kind.is_linkedin(), columns.known_by) {
        (true, _) | (false, KnownBy::Layout) => return tell_unknown(columns, line, desk),
        (false, KnownBy::Looks) if sheet.has_header => "columns are read as",
        (false, KnownBy::Looks) => "no row names the columns; they are read as",
        (false, KnownBy::Map) => "columns are read as your mapping says",
    };
    let taken = columns.taken();
    let more = taken.len().saturating_sub(COLUMNS_TOLD);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let told = taken.iter().take(COLUMNS_TOLD).map(String::as_str).collect::<Vec<_>>().join(", ");
    desk.say(Diagnostic::kept(format!("{how}: {told}{more}"), "`kith import --map` changes that").at_line(line))
}

fn tell_unknown(columns: &Columns, line: u64, desk: &mut Desk<'_, '_>) -> Result<(), Stop> {
    let unknown = columns.unknown();
    if unknown.is_empty() {
        return Ok(());
    }
    let diagnostic = Diagnostic::kept("columns that kith has no word for", "their values are kept beside each card");
    desk.say(diagnostic.at_line(line).with_value(&unknown.join(", ")))
}

/// Returns why a row is without measure, if it is.
fn unmeasured(columns: usize, bytes: usize) -> Option<String> {
    if columns > COLUMNS_LIMIT {
        return Some(format!("{columns} columns; at most {COLUMNS_LIMIT} are read"));
    }
    let (kibibytes, limit) = (bytes >> 10, CARD_LIMIT_BYTES >> 10);
    (bytes > CARD_LIMIT_BYTES).then(|| format!("{kibibytes} KiB of text; at most {limit} KiB make a card"))
}

fn row<R: Read>(columns: &Columns, delimiter: u8, table: &Table<R>, desk: &mut Desk<'_, '_>) -> Result<(), Stop> {
    let place = table.place();
    let mut values: Vec<&str> = table.values().collect();
    if swallowed::is_any(&values, columns, delimiter) {
        let problem = "a quote opens in this row and closes in a later one, so that one value holds whole rows";
        let told = Diagnostic::refused(problem, "they are left out; mend the quotes, and import the file again");
        return desk.say(told.at_line(place.line).with_value(values.first().copied().unwrap_or_default()));
    }
    for (index, value) in values.iter_mut().enumerate().filter(|(_, value)| value.len() > FIELD_LIMIT_BYTES) {
        let (kibibytes, limit) = (value.len() >> 10, FIELD_LIMIT_BYTES >> 10);
        let problem = format!("{kibibytes} KiB in one field; at most {limit} KiB are kept");
        let told = Diagnostic::kept(problem, "card kept without it").at_line(place.line).with_value(value);
        let name = columns.header.get(index).cloned().unwrap_or_else(|| format!("Column {}", index + 1));
        desk.say(told.in_property(name))?;
        *value = "";
    }
    if let Some(problem) = unmeasured(values.len(), values.iter().map(|value| value.len()).sum()) {
        let told = Diagnostic::refused(problem, "row left out").at_line(place.line);
        return desk.say(told.with_value(values.first().copied().unwrap_or_default()));
    }
    if let Some(surplus) = table.surplus() {
        let diagnostic = Diagnostic::kept("more columns than the header", "kept beside the card");
        desk.say(diagnostic.at_line(place.line).with_value(&surplus.join(", ")))?;
    }
    let draft = row::draft(columns, &values);
    for diagnostic in draft.diagnostics.iter().cloned() {
        desk.say(diagnostic.at_line(place.line))?;
    }
    if draft.is_nobody() {
        let diagnostic = Diagnostic::refused("neither name nor address nor number", "row left out");
        return desk.say(diagnostic.at_line(place.line).with_value(&values.join(",")));
    }
    desk.record(place, None, &Record::Card(Box::new(draft.card)))
}
