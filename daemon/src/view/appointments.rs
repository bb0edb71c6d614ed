//! Events as the calendar has them, and as the owner told of them: both together.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use kith_core::book::ahead::Meeting;
use kith_core::book::giving::Occasion;
use kith_core::plan::brief::{Appointment, When, matching};
use kith_core::row::interaction;

use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view::accounts::current;

/// How many days back an event may lie whose day the calendar says: on its evening, and some days after, kith asks whom one
/// met.
const BACK_DAYS: i64 = 9;

/// How many events of a calendar are looked at, the next ones.
const LOOKED_AT: usize = 500;

/// An event: one that the owner told of, with what the calendar says of it, or one of the calendar alone.
#[derive(Debug, Clone)]
pub struct Happening {
    /// What the owner told of it.
    pub occasion: Option<Occasion>,
    /// What the calendar says of it.
    pub appointment: Option<Appointment>,
}

impl Happening {
    /// Returns its name, as the owner calls it, else as the calendar does.
    #[must_use]
    pub fn name(&self) -> &str {
        let own = self.occasion.as_ref().map(Occasion::name);
        own.or_else(|| self.appointment.as_ref().map(|appointment| appointment.name.as_str())).unwrap_or_default()
    }

    /// Returns its day: as the owner said, else as the calendar says.
    #[must_use]
    pub fn on(&self) -> Option<Date> {
        let own = self.occasion.as_ref().and_then(Occasion::on);
        own.or_else(|| self.appointment.as_ref().map(|appointment| appointment.on))
    }

    /// Returns when it is.
    #[must_use]
    pub fn when(&self) -> Option<When> {
        Some(When { on: self.on()?, begins: self.appointment.as_ref().and_then(|appointment| appointment.begins) })
    }
}

/// Returns the events that the owner told of, by their name, and then the others of the calendar, by time.
///
/// # Errors
/// When the store cannot be read.
pub fn happenings(keeper: &Keeper, zone: &TimeZone, now: Timestamp) -> Result<Vec<Happening>, StoreError> {
    let mut appointments = appointments(keeper, zone, now)?;
    let today = zone.to_datetime(now).date();
    let occasions: Vec<Occasion> = keeper.book().words().giving().events().values().cloned().collect();
    let with_calendar = occasions.into_iter().map(|occasion| {
        let found = matching(occasion.name(), occasion.on(), &appointments, today).cloned();
        Happening { occasion: Some(occasion), appointment: found }
    });
    let mut happenings: Vec<Happening> = with_calendar.collect();
    let named = |appointment: &Appointment| {
        let known = happenings.iter().filter_map(|happening| happening.appointment.as_ref());
        known.into_iter().any(|known| known.record == appointment.record)
    };
    appointments.retain(|appointment| !named(appointment));
    let others = appointments.into_iter().map(|found| Happening { occasion: None, appointment: Some(found) });
    happenings.extend(others);
    Ok(happenings)
}

/// Returns the events of the calendar of the last days and those to come, by time. Without a name there is nothing to call
/// one by.
fn appointments(keeper: &Keeper, zone: &TimeZone, now: Timestamp) -> Result<Vec<Appointment>, StoreError> {
    let since = now.checked_sub((BACK_DAYS * 24).hours()).unwrap_or(Timestamp::MIN);
    let meetings = keeper.book().meetings_since(since);
    let read = meetings.into_iter().take(LOOKED_AT).map(|meeting| appointment(keeper, meeting, zone));
    read.filter_map(Result::transpose).collect()
}

fn appointment(keeper: &Keeper, meeting: Meeting, zone: &TimeZone) -> Result<Option<Appointment>, StoreError> {
    let Some(row) = keeper.row(meeting.row)? else { return Ok(None) };
    let said = current(&keeper.book(), &row).and_then(|version| interaction(&version.body));
    let Some(said) = said else { return Ok(None) };
    let name = said.subject.as_deref().map(one_line).filter(|name| !name.is_empty());
    Ok(name.map(|name| Appointment {
        record: meeting.record,
        name,
        on: said.on.unwrap_or_else(|| zone.to_datetime(meeting.at).date()),
        begins: said.on.is_none().then_some(meeting.at),
        recurs: said.recurs,
        people: meeting.people,
    }))
}

fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c == ' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
