//! Notes.csv: what the owner wrote about connections. Each note is a card of its own, with the profile it is about.

use std::io::Read;

use jiff::Timestamp;
use kith_plugin::Stop;
use kith_plugin::card::{Card, OnlineService};
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::emit::Completeness;
use kith_plugin::record::Record;

use super::ordinal::Ordinals;
use super::{closing, giving, name, part, report_unknown, report_width, slug};
use crate::desk::Desk;
use crate::layout::{Columns, Note};
use crate::sheet::Sheet;
use crate::table::{Next, Table};

const COLLECTION: &str = "notes";

/// Reads the notes to their end. Returns how it ended.
pub(super) fn import<R: Read>(sheet: &Sheet, table: &mut Table<R>, desk: &mut Desk<'_, '_>) -> Result<Next, Stop> {
    let columns = Columns::new(sheet.kind.layout(), &sheet.header);
    report_unknown(table, sheet, columns.unknown(), desk)?;
    desk.part(&part(COLLECTION))?;
    let (mut newest, mut empty) = (None, 0);
    let mut ordinals = Ordinals::default();
    let end = loop {
        match table.next()? {
            Next::Row => {
                report_width(table, desk)?;
                newest = newest.max(row(&columns, &mut ordinals, table, desk)?);
            }
            Next::Empty => empty += 1,
            end @ (Next::Open | Next::End) => break end,
        }
    };
    desk.part(&closing(COLLECTION, newest, Completeness::Additive))?;
    desk.tally("empty row", empty)?;
    Ok(end)
}

fn row<R: Read>(
    columns: &Columns,
    ordinals: &mut Ordinals,
    table: &Table<R>,
    desk: &mut Desk<'_, '_>,
) -> Result<Option<Timestamp>, Stop> {
    let value = |column: Note| table.value(columns.get(column as usize));
    let (url, text, written) = (value(Note::Url), value(Note::Text), value(Note::CreatedOn));
    let name = name::name(value(Note::Given), value(Note::Surname));
    let line = table.place().line;
    if text.is_empty() || (name.is_empty() && slug::slug(url).is_none()) {
        let problem = if text.is_empty() { "no note" } else { "neither name nor profile" };
        let values: Vec<&str> = table.values().collect();
        desk.say(Diagnostic::refused(problem, "row left out").at_line(line).with_value(&values.join(",")))?;
        return Ok(None);
    }
    let mut newest = None;
    for (property, date) in [("Created On", written), ("Edited On", value(Note::EditedOn))] {
        if !date.is_empty() {
            newest = newest.max(giving::instant(table, date, (property, "note"), desk)?);
        }
    }
    // A note that was edited is the same note.
    let who = slug::slug(url).unwrap_or_else(|| name::folded(name.full.as_deref().unwrap_or_default()));
    let service = OnlineService { service: Some("LinkedIn".to_owned()), uri: Some(url.to_owned()), user: None };
    let card = Card {
        name,
        online_services: if url.is_empty() { Vec::new() } else { vec![service] },
        notes: vec![text.to_owned()],
        ..Card::default()
    };
    let mut key = format!("{who}\n{written}");
    ordinals.number(&mut key);
    desk.record(table.place(), Some(&key), &Record::Card(Box::new(card)))?;
    Ok(newest)
}
