//! Connections.csv: a card a row, with the day on which the two became connected.

use std::io::Read;

use jiff::civil::Date;
use kith_plugin::Stop;
use kith_plugin::card::{Card, Email, OnlineService, Organization};
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::emit::{Completeness, Place};
use kith_plugin::record::Record;

use super::namesakes::Namesakes;
use super::{closing, name, part, report_unknown, report_width, slug};
use crate::date;
use crate::desk::Desk;
use crate::layout::{Columns, Connection};
use crate::sheet::Sheet;
use crate::table::{Next, Table};

pub(super) const COLLECTION: &str = "connections";

/// The name of the date's column.
const CONNECTED_ON: &str = "Connected On";

/// Reads the connections to their end. Returns how it ended.
pub(super) fn import<R: Read>(
    sheet: &Sheet,
    table: &mut Table<R>,
    desk: &mut Desk<'_, '_>,
    namesakes: Option<&mut Namesakes>,
) -> Result<Next, Stop> {
    let columns = Columns::new(sheet.kind.layout(), &sheet.header);
    report_unknown(table, sheet, columns.unknown(), desk)?;
    let mut import = Import { columns, namesakes, newest: None, lost: 0, closed: 0, empty: 0, last_is_whole: false };
    desk.part(&part(COLLECTION))?;
    let end = loop {
        match table.next()? {
            Next::Row => import.row(table, desk)?,
            Next::Empty => import.empty += 1,
            end @ (Next::Open | Next::End) => break end,
        }
    };
    // What could not be read is not gone, nor is what stood behind a cut: a file of which the last row lacks its date has one.
    let whole = end == Next::End && import.lost == 0 && import.last_is_whole;
    let completeness = if whole { Completeness::Complete } else { Completeness::Additive };
    desk.part(&closing(COLLECTION, import.newest.map(date::midnight), completeness))?;
    desk.tally("closed profile", import.closed)?;
    desk.tally("empty row", import.empty)?;
    Ok(end)
}

struct Import<'n> {
    columns: Columns,
    namesakes: Option<&'n mut Namesakes>,
    newest: Option<Date>,
    lost: u64,
    closed: u64,
    empty: u64,
    /// The last row has its date, which stands at its end.
    last_is_whole: bool,
}

impl Import<'_> {
    fn row<R: Read>(&mut self, table: &Table<R>, desk: &mut Desk<'_, '_>) -> Result<(), Stop> {
        let value = |column: Connection| table.value(self.columns.get(column as usize));
        let place = table.place();
        if table.surplus().is_some() {
            self.last_is_whole = true;
            return self.shifted_row(table, desk);
        }
        report_width(table, desk)?;
        let row = Row {
            given: value(Connection::Given),
            surname: value(Connection::Surname),
            url: value(Connection::Url),
            email: value(Connection::Email),
            company: value(Connection::Company),
            position: value(Connection::Position),
            unclear: String::new(),
            connected_on: value(Connection::ConnectedOn),
        };
        self.last_is_whole = date::whole(row.connected_on).is_ok();
        if row.names_nobody() {
            return self.nobody(&row, place, table, desk);
        }
        self.take(&row, place, desk)
    }

    /// A closed profile leaves only its date; a row without that is none.
    fn nobody<R: Read>(
        &mut self,
        row: &Row<'_>,
        place: Place,
        table: &Table<R>,
        desk: &mut Desk<'_, '_>,
    ) -> Result<(), Stop> {
        if date::whole(row.connected_on).is_ok() {
            self.closed += 1;
            return Ok(());
        }
        self.lost += 1;
        let values: Vec<&str> = table.values().collect();
        let diagnostic = Diagnostic::refused("neither name nor profile nor address", "row left out");
        desk.say(diagnostic.at_line(place.line).with_value(&values.join(",")))
    }

    /// A row with an unquoted comma: what stands left of company and position is sure, and so is the date at the end.
    fn shifted_row<R: Read>(&mut self, table: &Table<R>, desk: &mut Desk<'_, '_>) -> Result<(), Stop> {
        let place = table.place();
        let values: Vec<&str> = table.values().collect();
        let problem = format!("{} columns, the header has {}", values.len(), table.widths().1);
        let company = self.columns.get(Connection::Company as usize).unwrap_or(usize::MAX);
        let left = |column: Connection| {
            let index = self.columns.get(column as usize).filter(|index| *index < company);
            index.and_then(|index| values.get(index)).copied().unwrap_or_default()
        };
        let last = values.iter().rposition(|value| !value.is_empty()).unwrap_or_default();
        let row = Row {
            given: left(Connection::Given),
            surname: left(Connection::Surname),
            url: left(Connection::Url),
            email: left(Connection::Email),
            company: "",
            position: "",
            unclear: values.get(company..last).unwrap_or_default().join(","),
            connected_on: values.get(last).copied().unwrap_or_default(),
        };
        let fits = (row.url.is_empty() || slug::slug(row.url).is_some())
            && (row.email.is_empty() || row.email.contains('@'))
            && date::whole(row.connected_on).is_ok()
            && !row.names_nobody();
        let said = if fits {
            Diagnostic::kept(problem, "kept; company and position cannot be told apart and stand beside it")
        } else {
            self.lost += 1;
            Diagnostic::refused(problem, "row left out")
        };
        desk.say(said.at_line(place.line).with_value(&values.join(",")))?;
        if fits { self.take(&row, place, desk) } else { Ok(()) }
    }

    fn take(&mut self, row: &Row<'_>, place: Place, desk: &mut Desk<'_, '_>) -> Result<(), Stop> {
        let slug = slug::slug(row.url);
        let mut card = row.card();
        match date::whole(row.connected_on) {
            Ok(day) => card.connected_on = Some(day),
            Err(_) if row.connected_on.is_empty() => {}
            Err(problem) => {
                let diagnostic = Diagnostic::kept(problem.to_string(), "card kept, without the day of the connection");
                let diagnostic = diagnostic.in_property(CONNECTED_ON).with_value(row.connected_on);
                desk.say(diagnostic.at_line(place.line))?;
                card.extra.insert(CONNECTED_ON.to_owned(), row.connected_on.to_owned());
            }
        }
        if !row.unclear.is_empty() {
            card.extra.insert("Company, Position".to_owned(), row.unclear.clone());
        }
        if let Some(namesakes) = &mut self.namesakes
            && let Some(name) = &card.name.full
        {
            namesakes.add(name, row.url);
        }
        self.newest = self.newest.max(card.connected_on);
        desk.record(place, slug.as_deref(), &Record::Card(Box::new(card)))
    }
}

/// The values of a row.
struct Row<'t> {
    given: &'t str,
    surname: &'t str,
    url: &'t str,
    email: &'t str,
    company: &'t str,
    position: &'t str,
    /// Company and position, where it is unclear which is which.
    unclear: String,
    connected_on: &'t str,
}

impl Row<'_> {
    fn names_nobody(&self) -> bool {
        self.given.is_empty() && self.surname.is_empty() && self.email.is_empty() && slug::slug(self.url).is_none()
    }

    fn card(&self) -> Card {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let organization = |name: String| Organization { name, units: Vec::new() };
        let profile = |uri: String| OnlineService { service: Some("LinkedIn".to_owned()), uri: Some(uri), user: None };
        // A field that holds several addresses is not of LinkedIn's making, but cheap to read.
        let addresses = self.email.split([';', ' ']).filter(|address| !address.is_empty());
        Card {
            name: name::name(self.given, self.surname),
            organizations: some(self.company).into_iter().map(organization).collect(),
            titles: some(self.position).into_iter().collect(),
            emails: addresses.map(|address| Email { address: address.to_owned(), ..Email::default() }).collect(),
            online_services: some(self.url).into_iter().map(profile).collect(),
            ..Card::default()
        }
    }
}
