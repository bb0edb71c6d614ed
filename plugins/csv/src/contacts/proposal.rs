//! What each column would be taken as, told instead of taken: the beginning of a mapping of the user's own.
//!
//! One diagnostic a column, in order: its name is the property, what it would be taken as the problem, an example the value.
//! Where no row names the columns there is no line.

use std::io::Read;

use kith_plugin::Stop;
use kith_plugin::column::BESIDE;
use kith_plugin::diagnostic::Diagnostic;

use super::columns::Columns;
use crate::desk::{self, Desk};
use crate::sheet::Sheet;
use crate::table::{Next, Table};

/// In how many rows an example of each column is looked for.
const ROWS: usize = 50;

/// Tells what each column would be taken as.
pub(crate) fn propose<R: Read>(sheet: &Sheet, table: &mut Table<R>, desk: &mut Desk<'_, '_>) -> Result<(), Stop> {
    let columns = sheet.columns.clone().unwrap_or_else(|| Columns::new(&sheet.header, &[]));
    let mut examples = vec![String::new(); sheet.header.len()];
    for _ in 0..ROWS {
        match table.next()? {
            Next::Row => {
                for (example, value) in examples.iter_mut().zip(table.values()).filter(|(known, _)| known.is_empty()) {
                    value.clone_into(example);
                }
            }
            Next::Empty => {}
            Next::Open | Next::End => break,
        }
    }
    desk.part(&desk::part(columns.source, "contacts"))?;
    for ((column, name), example) in columns.columns.iter().zip(&sheet.header).zip(&examples) {
        let meaning = column.meaning.map_or(BESIDE, |meaning| meaning.name);
        let told = Diagnostic::kept(meaning, "as it would be read").in_property(name.as_str()).with_value(example);
        desk.say(if sheet.has_header { told.at_line(table.header_line()) } else { told })?;
    }
    Ok(())
}
