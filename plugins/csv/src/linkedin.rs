//! LinkedIn's data export: connections, messages, invitations, and who the owner is.
//!
//! ```text
//!  Connections.csv ─▶ connections ─▶ cards                          Invitations.csv ─▶ invitations ─▶ interactions
//!  messages.csv    ─▶ messages    ─▶ interactions, bulk             Profile.csv, Email Addresses.csv ─▶ owner ─▶ a card
//!                  messages, invitations ─▶ whose ─────────────────────────────────────────────┘
//! ```

mod connections;
mod invitations;
mod messages;
mod name;
mod owner;
mod slug;
mod whose;

pub(crate) use self::connections::import as import_connections;
pub(crate) use self::invitations::import as import_invitations;
pub(crate) use self::messages::import as import_messages;
pub(crate) use self::owner::Owner;
pub(crate) use self::whose::Whose;

use jiff::Timestamp;
use kith_plugin::Stop;
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::emit::{Completeness, Part};
use kith_plugin::interaction::{Participant, Role};

use crate::desk::{self, Desk};
use crate::sheet::Sheet;
use crate::table::Table;

/// The source of all of them.
const SOURCE: &str = "linkedin";

/// What a deleted account is called.
const DELETED: &str = "LinkedIn Member";

fn part(collection: &str) -> Part {
    desk::part(SOURCE, collection)
}

/// A part named at its end: how new it is, and whether it is all there is.
fn closing(collection: &str, snapshot: Option<Timestamp>, completeness: Completeness) -> Part {
    Part { snapshot, completeness, ..part(collection) }
}

/// Returns one who took part; `None` where neither name nor profile is known. A deleted account is no person: it takes part unnamed.
fn participant(role: Role, name: &str, profile: &str) -> Option<Participant> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    if name.is_empty() && profile.is_empty() {
        return None;
    }
    let name = if name == DELETED { None } else { some(name) };
    Some(Participant { role, name, email: None, profile: some(profile) })
}

/// Reports columns that a LinkedIn layout does not know.
fn report_unknown<R>(table: &Table<R>, sheet: &Sheet, unknown: &[usize], desk: &mut Desk<'_, '_>) -> Result<(), Stop>
where
    R: std::io::Read,
{
    let names = unknown.iter().filter_map(|index| sheet.header.get(*index)).filter(|name| !name.is_empty());
    let names: Vec<&str> = names.map(String::as_str).collect();
    if names.is_empty() {
        return Ok(());
    }
    let diagnostic = Diagnostic::kept("columns that kith has no word for", "rows kept without them");
    desk.say(diagnostic.at_line(table.header_line()).with_value(&names.join(", ")))
}

/// Reports a row that is shorter or longer than the header.
fn report_width<R: std::io::Read>(table: &Table<R>, desk: &mut Desk<'_, '_>) -> Result<(), Stop> {
    let (width, expected) = table.widths();
    if width == expected || (width > expected && table.surplus().is_none()) {
        return Ok(());
    }
    let problem = format!("{width} columns, the header has {expected}");
    let (consequence, value) = match table.surplus() {
        Some(surplus) => ("what goes beyond the header is left out", surplus.join(",")),
        None => ("what is missing counts as empty", table.values().collect::<Vec<_>>().join(",")),
    };
    desk.say(Diagnostic::kept(problem, consequence).at_line(table.place().line).with_value(&value))
}
