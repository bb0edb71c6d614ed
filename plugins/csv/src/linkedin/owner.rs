//! The owner of an archive: Profile.csv and `Email Addresses.csv` make one card.

use std::io::Read;

use kith_plugin::Stop;
use kith_plugin::card::{
    Address, Anniversary, AnniversaryKind, Card, Email, Link, NameComponent, NameComponentKind, OnlineService,
};
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::emit::Place;
use kith_plugin::record::Record;

use super::whose::Answer;
use super::{Whose, name, part};
use crate::date;
use crate::desk::Desk;
use crate::layout::{Columns, EmailAddress, Profile};
use crate::sheet::Sheet;
use crate::table::{Next, Table};

/// The card of the owner, as it is put together from two tables.
#[derive(Debug, Default)]
pub(super) struct Owner {
    card: Card,
    place: Option<Place>,
}

impl Owner {
    /// Reads the profile, of which there is one row.
    pub(super) fn read_profile<R: Read>(
        &mut self,
        sheet: &Sheet,
        table: &mut Table<R>,
        desk: &mut Desk<'_, '_>,
    ) -> Result<Next, Stop> {
        let columns = Columns::new(sheet.kind.layout(), &sheet.header);
        let mut count = 0;
        loop {
            match table.next()? {
                Next::Row if count == 0 => {
                    count += 1;
                    self.profile(sheet, &columns, table, desk)?;
                }
                Next::Row => {
                    let diagnostic = Diagnostic::refused("a second profile", "row left out");
                    desk.say(diagnostic.at_line(table.place().line))?;
                }
                Next::Empty => {}
                end @ (Next::Open | Next::End) => return Ok(end),
            }
        }
    }

    fn profile<R: Read>(
        &mut self,
        sheet: &Sheet,
        columns: &Columns,
        table: &Table<R>,
        desk: &mut Desk<'_, '_>,
    ) -> Result<(), Stop> {
        let value = |column: Profile| table.value(columns.get(column as usize));
        let place = table.place();
        self.place = Some(place);
        let card = &mut self.card;
        card.name = name::name(value(Profile::Given), value(Profile::Surname));
        let maiden = value(Profile::MaidenName);
        if !maiden.is_empty() {
            let maiden = NameComponent { kind: NameComponentKind::Surname2, value: maiden.to_owned() };
            card.name.components.push(maiden);
        }
        let address = value(Profile::Address);
        if !address.is_empty() {
            card.addresses.push(Address { full: Some(address.to_owned()), ..Address::default() });
        }
        let handle = |user: String| OnlineService { service: Some("Twitter".to_owned()), uri: None, user: Some(user) };
        card.online_services.extend(listed(value(Profile::TwitterHandles)).map(handle));
        card.links.extend(listed(value(Profile::Websites)).map(|uri| Link { uri, label: None }));
        for index in columns.unknown() {
            let text = table.value(Some(*index));
            if let Some(header) = sheet.header.get(*index).filter(|_| !text.is_empty()) {
                card.extra.insert(header.clone(), text.to_owned());
            }
        }
        let born = value(Profile::BirthDate);
        match date::partial(born) {
            Ok(date) => {
                let raw = (date.to_string() != born).then(|| born.to_owned());
                card.anniversaries.push(Anniversary { kind: AnniversaryKind::Birth, date, raw, label: None });
            }
            Err(_) if born.is_empty() => {}
            Err(problem) => {
                let diagnostic = Diagnostic::kept(problem.to_string(), "card kept without it").at_line(place.line);
                desk.say(diagnostic.in_property("Birth Date").with_value(born))?;
            }
        }
        Ok(())
    }

    /// Reads the owner's addresses.
    pub(super) fn read_addresses<R: Read>(
        &mut self,
        sheet: &Sheet,
        table: &mut Table<R>,
        desk: &mut Desk<'_, '_>,
    ) -> Result<Next, Stop> {
        let columns = Columns::new(sheet.kind.layout(), &sheet.header);
        loop {
            match table.next()? {
                Next::Row => {}
                Next::Empty => continue,
                end @ (Next::Open | Next::End) => return Ok(end),
            }
            let place = table.place();
            let address = table.value(columns.get(EmailAddress::Address as usize));
            if !address.contains('@') {
                let diagnostic = Diagnostic::refused("not a mail address", "row left out").at_line(place.line);
                desk.say(diagnostic.in_property("Email Address").with_value(address))?;
                continue;
            }
            let is_primary = table.value(columns.get(EmailAddress::Primary as usize)).eq_ignore_ascii_case("yes");
            let pref = is_primary.then_some(1);
            self.card.emails.push(Email { address: address.to_owned(), pref, ..Email::default() });
            self.place.get_or_insert(place);
        }
    }

    /// Emits the card, if any of the two tables was there, with the profile that is the owner's; says when that stays unknown.
    pub(super) fn emit(mut self, whose: &Whose, desk: &mut Desk<'_, '_>) -> Result<(), Stop> {
        match whose.answer(self.card.name.full.as_deref()) {
            Answer::NotAsked => {}
            Answer::Profile(address) => self.card.online_services.push(OnlineService {
                service: Some("LinkedIn".to_owned()),
                uri: Some(address.to_owned()),
                user: None,
            }),
            Answer::Unknown(why) => {
                let consequence = "messages kept; which are yours is known once `me` in the config names your profile";
                desk.say(Diagnostic::kept(why, consequence))?;
            }
        }
        let Some(place) = self.place else { return Ok(()) };
        desk.part(&part("profile"))?;
        desk.record(place, Some("profile"), &Record::Card(Box::new(Card { owner: true, ..self.card })))
    }
}

/// Parts a list as LinkedIn writes it: `[a,b]`.
fn listed(text: &str) -> impl Iterator<Item = String> {
    let inner = text.trim_start_matches('[').trim_end_matches(']');
    inner.split(',').map(str::trim).filter(|item| !item.is_empty()).map(ToOwned::to_owned)
}
