//! LinkedIn's data export: the network, what happened in it, and who the owner is.
//!
//! ```text
//!  Connections.csv ─▶ connections ─▶ cards                Invitations.csv ─▶ invitations ─▶ interactions
//!  ImportedContacts.csv ─▶ contacts ─▶ cards              messages.csv ─▶ messages ─▶ interactions, bulk
//!  Notes.csv ─▶ notes ─▶ cards                            Endorsements, Recommendations ─▶ giving ─▶ interactions
//!                                     connections ─▶ namesakes ─ profiles by name ─┘
//!  Profile.csv, Email Addresses.csv ─▶ owner ─▶ a card
//!       messages, invitations ─▶ whose ──┘
//! ```

mod connections;
mod giving;
mod invitations;
mod messages;
mod name;
mod namesakes;
mod notes;
mod ordinal;
mod owner;
mod slug;
mod whose;

use jiff::Timestamp;
use kith_plugin::Stop;
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::emit::{Completeness, Part};
use kith_plugin::interaction::{Participant, Role};

use self::namesakes::Namesakes;
use self::owner::Owner;
use self::whose::Whose;
use crate::contacts;
use crate::desk::{self, Desk};
use crate::layout::Kind;
use crate::sheet::Sheet;
use crate::table::{Next, Table};

/// The source of all of them.
const SOURCE: &str = "linkedin";

/// What a deleted account is called.
const DELETED: &str = "LinkedIn Member";

/// What is known of an account from the tables read so far.
#[derive(Debug, Default)]
pub(crate) struct Account {
    owner: Owner,
    whose: Whose,
    /// Kept only where a table will ask.
    namesakes: Option<Namesakes>,
    /// How new the connections are by themselves, where they are among the tables.
    connections: Option<Timestamp>,
    /// The newest date in any of them.
    newest: Option<Timestamp>,
}

impl Account {
    /// Prepares for tables of these kinds.
    pub(crate) fn expect(&mut self, mut kinds: impl Iterator<Item = Kind>) {
        if kinds
            .any(|kind| matches!(kind, Kind::EndorsementsReceived | Kind::EndorsementsGiven | Kind::Recommendations))
        {
            self.namesakes.get_or_insert_default();
        }
    }

    /// Reads one of LinkedIn's tables to its end. Returns how it ended.
    pub(crate) fn read<R: std::io::Read>(
        &mut self,
        sheet: &Sheet,
        table: &mut Table<R>,
        desk: &mut Desk<'_, '_>,
    ) -> Result<Next, Stop> {
        let end = match sheet.kind {
            Kind::Connections => connections::import(sheet, table, desk, self.namesakes.as_mut()),
            Kind::Profile => self.owner.read_profile(sheet, table, desk),
            Kind::EmailAddresses => self.owner.read_addresses(sheet, table, desk),
            Kind::Invitations => invitations::import(sheet, table, desk, &mut self.whose),
            Kind::Messages => messages::import(sheet, table, desk, &mut self.whose),
            Kind::EndorsementsReceived | Kind::EndorsementsGiven => {
                giving::import_endorsements(sheet, table, desk, self.namesakes.as_ref())
            }
            Kind::Recommendations => giving::import_recommendations(sheet, table, desk, self.namesakes.as_ref()),
            Kind::Notes => notes::import(sheet, table, desk),
            Kind::ImportedContacts | Kind::AddressBook | Kind::Contacts => contacts::import(sheet, table, desk),
        };
        self.newest = self.newest.max(desk.newest());
        if sheet.kind == Kind::Connections {
            self.connections = self.connections.max(desk.newest());
        }
        end
    }

    /// Emits what is known of the owner, and how new the connections are, when all tables have been read: an archive is as new as
    /// the newest message in it, also where nobody connected since.
    pub(crate) fn close(self, desk: &mut Desk<'_, '_>) -> Result<(), Stop> {
        if self.connections.is_some() && self.connections < self.newest {
            desk.part(&closing(connections::COLLECTION, self.newest, Completeness::Additive))?;
        }
        self.owner.emit(&self.whose, desk)
    }
}

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
