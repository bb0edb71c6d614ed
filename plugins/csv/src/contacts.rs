//! Contact lists: Google's export of both styles, and any other table whose columns are recognised by their names.
//!
//! ```text
//!  header ─words─▶ columns        row ─columns─▶ row ─labels─▶ Card
//! ```

mod columns;
mod labels;
mod meaning;
mod row;
mod words;

use std::io::Read;

use kith_plugin::Stop;
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::record::Record;

use self::columns::Columns;
use crate::desk::{self, Desk};
use crate::layout::Kind;
use crate::sheet::Sheet;
use crate::table::{Next, Table};

/// Returns whether a header is that of a contact list, and how well it fits.
pub(crate) fn recognise(header: &[String]) -> Option<(Kind, usize)> {
    let (score, known_program) = columns::score(header);
    let kind = if known_program { Kind::AddressBook } else { Kind::Contacts };
    (score > 0).then_some((kind, score))
}

/// Reads a contact list to its end. Returns how it ended.
pub(crate) fn import<R: Read>(sheet: &Sheet, table: &mut Table<R>, desk: &mut Desk<'_, '_>) -> Result<Next, Stop> {
    let columns = Columns::new(&sheet.header);
    let (source, collection) =
        if sheet.kind.is_linkedin() { ("linkedin", "imported-contacts") } else { (columns.source, "contacts") };
    desk.part(&desk::part(source, collection))?;
    let unknown = columns.unknown();
    if !unknown.is_empty() {
        let diagnostic =
            Diagnostic::kept("columns that kith has no word for", "their values are kept beside each card");
        desk.say(diagnostic.at_line(table.header_line()).with_value(&unknown.join(", ")))?;
    }
    let mut empty = 0;
    let end = loop {
        match table.next()? {
            Next::Row => row(&columns, table, desk)?,
            Next::Empty => empty += 1,
            end @ (Next::Open | Next::End) => break end,
        }
    };
    desk.tally("empty row", empty)?;
    Ok(end)
}

fn row<R: Read>(columns: &Columns, table: &Table<R>, desk: &mut Desk<'_, '_>) -> Result<(), Stop> {
    let place = table.place();
    let values: Vec<&str> = table.values().collect();
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
