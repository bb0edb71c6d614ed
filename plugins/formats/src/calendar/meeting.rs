//! Makes meetings of an event: when, with whom, about what.

use calcard::common::timezone::Tz;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarParameterName,
    ICalendarParameterValue, ICalendarParticipationStatus, ICalendarProperty, ICalendarStatus, ICalendarUserTypes,
};
use calcard::{Entry, Parser};
use jiff::Timestamp;
use jiff::civil::Date;
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::interaction::{Interaction, InteractionKind, Participant, Role};
use kith_plugin::record::{Bulk, BulkClass, Record};

use crate::calendar::events::Method;
use crate::calendar::series;

/// A meeting of more people than these brings nobody closer.
const PEOPLE_LIMIT: usize = 50;

/// The longest text that is kept.
const TEXT_LIMIT_BYTES: usize = 4 * 1024;

/// What an event becomes.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Records, each with its key and its rank among those of that key.
    Records(Vec<(Option<String>, Rank, Record)>),
    /// It is only counted.
    Counted(&'static str),
    /// Nothing, for this reason.
    Refused(&'static str),
}

/// Which of two versions is the newer one: what was changed by itself, else by SEQUENCE and DTSTAMP (RFC 5546 §2.1.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    changed: bool,
    sequence: i64,
    stamp: Option<Timestamp>,
}

/// Makes meetings of the text of an event, and says what is wrong with it.
pub(crate) fn outcome_of(text: &str, method: Method) -> (Outcome, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let whole = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{text}\r\nEND:VCALENDAR\r\n");
    let Entry::ICalendar(calendar) = Parser::new(&whole).entry() else {
        return (Outcome::Refused("it cannot be understood"), diagnostics);
    };
    let Some(event) = event_of(&calendar) else { return (Outcome::Refused("it cannot be understood"), diagnostics) };
    if method == Method::Answer {
        return (Outcome::Counted("answer to an invitation"), diagnostics);
    }
    let uid = event.uid().map(cut).filter(|uid| !uid.is_empty());
    let at_of = |property| event.property(&property).and_then(|entry| instant(entry, &mut Vec::new()));
    let (changed, stamp) = (at_of(ICalendarProperty::RecurrenceId), at_of(ICalendarProperty::Dtstamp));
    let sequence = event.property(&ICalendarProperty::Sequence).and_then(|entry| entry.values.first()?.as_integer());
    let rank = Rank { changed: changed.is_some(), sequence: sequence.unwrap_or_default(), stamp };
    let key =
        |at: Option<Timestamp>| uid.as_ref().map(|uid| at.map_or_else(|| uid.clone(), |at| format!("{uid}\n{at}")));
    if method == Method::Cancel || event.status() == Some(&ICalendarStatus::Cancelled) {
        let bulk = Bulk { class: BulkClass::Cancelled, at: at_of(ICalendarProperty::Dtstart) };
        return (Outcome::Records(vec![(key(changed), rank, Record::Bulk(bulk))]), diagnostics);
    }
    let mut participants = participants(event);
    let start = event.property(&ICalendarProperty::Dtstart);
    let at = start.and_then(|start| instant(start, &mut diagnostics));
    let (subject, recurs) = (subject(event), event.is_recurrent() || changed.is_some());
    let was_to_come = !recurs && subject.is_some() && at.zip(stamp).is_some_and(|(at, stamp)| at > stamp);
    match company(event, &participants) {
        Company::Others => {}
        // A conference, a fair: whom one meets there no calendar says.
        Company::Nobody | Company::Crowd if was_to_come => participants.clear(),
        Company::Nobody => return (Outcome::Counted("event without others"), Vec::new()),
        Company::Crowd => return (Outcome::Counted("event of more than 50 people"), diagnostics),
    }
    if at.is_none() {
        let consequence = "meeting kept without a time";
        diagnostics.push(Diagnostic::kept("missing, or not a time", consequence).in_property("DTSTART"));
    }
    let meeting = Interaction {
        kind: InteractionKind::Meeting,
        at,
        on: start.and_then(whole_day),
        recurs,
        participants,
        thread: uid.clone(),
        answers: None,
        subject,
        size: None,
        text: None,
        direction: None,
        // What is kept in a calendar was agreed to; what comes as an invitation need not be.
        answered: method == Method::Publish,
        promises: Vec::new(),
    };
    let times = if event.is_recurrent() { series::past(&calendar, at, stamp) } else { Vec::new() };
    let occurrence = |at| {
        let meeting = Interaction { at: Some(at), on: None, ..meeting.clone() };
        (key(Some(at)), rank, Record::Interaction(Box::new(meeting)))
    };
    let mut records: Vec<_> = times.into_iter().map(occurrence).collect();
    if records.is_empty() {
        records.push((key(changed), rank, Record::Interaction(Box::new(meeting))));
    }
    (Outcome::Records(records), diagnostics)
}

/// In whose company one is at an event.
enum Company {
    Nobody,
    Others,
    Crowd,
}

fn company(event: &ICalendarComponent, participants: &[Participant]) -> Company {
    match participants.iter().filter(|participant| participant.role != Role::Absent).count() {
        // One that nobody called together was with the other one.
        1 if event.property(&ICalendarProperty::Organizer).is_none() => Company::Others,
        0 | 1 => Company::Nobody,
        count if count > PEOPLE_LIMIT => Company::Crowd,
        _ => Company::Others,
    }
}

fn subject(event: &ICalendarComponent) -> Option<String> {
    let subject = event.property(&ICalendarProperty::Summary).and_then(|entry| entry.values.first()?.as_text());
    subject.map(cut).filter(|subject| !subject.is_empty())
}

fn event_of(calendar: &ICalendar) -> Option<&ICalendarComponent> {
    calendar.components.iter().find(|component| component.component_type == ICalendarComponentType::VEvent)
}

/// Returns who was invited: who called it first, then the others, each address once, and those of whom only a name is known.
/// Rooms were not.
fn participants(event: &ICalendarComponent) -> Vec<Participant> {
    let organizers = event.properties(&ICalendarProperty::Organizer).map(|entry| (Role::From, entry));
    let attendees = event.properties(&ICalendarProperty::Attendee).map(|entry| (Role::Attendee, entry));
    let mut participants: Vec<Participant> = Vec::new();
    for (role, entry) in organizers.chain(attendees) {
        let Some(participant) = participant(role, entry) else { continue };
        let is_known = |known: &Participant| match (&known.email, &participant.email) {
            (Some(known), Some(email)) => known.eq_ignore_ascii_case(email),
            _ => false,
        };
        if !participants.iter().any(is_known) {
            participants.push(participant);
        }
    }
    participants
}

fn participant(role: Role, entry: &ICalendarEntry) -> Option<Participant> {
    let is = |name: &ICalendarParameterName, wanted: &[ICalendarParameterValue]| {
        entry.parameter(name).is_some_and(|value| wanted.contains(value))
    };
    let declined = ICalendarParameterValue::Partstat(ICalendarParticipationStatus::Declined);
    let role = if is(&ICalendarParameterName::Partstat, &[declined]) { Role::Absent } else { role };
    let things = [ICalendarUserTypes::Room, ICalendarUserTypes::Resource, ICalendarUserTypes::Group];
    if is(&ICalendarParameterName::Cutype, &things.map(ICalendarParameterValue::Cutype)) {
        return None;
    }
    let text = |name: &ICalendarParameterName| {
        let text = entry.parameter(name).and_then(ICalendarParameterValue::as_text).map(cut);
        text.filter(|text| !text.is_empty())
    };
    let address = entry.values.first().and_then(|value| value.as_text()).unwrap_or_default();
    let mailto = address.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:")).and(address.get(7..));
    // Apple's calendars name an account of theirs, and the address beside it (RFC 7986 §6.2).
    let email = text(&ICalendarParameterName::Email).or_else(|| mailto.map(cut)).filter(|email| email.contains('@'));
    if email.as_deref().is_some_and(is_calendar) {
        return None;
    }
    let name = text(&ICalendarParameterName::Cn);
    (email.is_some() || name.is_some()).then_some(Participant { role, name, email, profile: None })
}

/// Returns whether an address is that of a calendar, and nobody's.
fn is_calendar(email: &str) -> bool {
    email.rsplit('@').next().is_some_and(|host| host.to_ascii_lowercase().ends_with("calendar.google.com"))
}

/// Returns an instant; a day counts from its beginning, and a time without a zone that is known as UTC.
fn instant(entry: &ICalendarEntry, diagnostics: &mut Vec<Diagnostic>) -> Option<Timestamp> {
    let time = entry.values.first()?.as_partial_date_time()?;
    let zone = entry.parameter(&ICalendarParameterName::Tzid).and_then(ICalendarParameterValue::as_text);
    let known = zone.map(str::parse::<Tz>);
    if let (Some(Err(())), Some(zone)) = (&known, zone) {
        let told = Diagnostic::kept("no zone of this name is known", "its time taken as UTC");
        diagnostics.push(told.in_property("DTSTART").with_value(zone));
    }
    let midnight = || {
        let mut day = time.clone();
        (day.hour, day.minute, day.second) = (Some(0), Some(0), Some(0));
        day
    };
    let time = if time.hour.is_some() { time.clone() } else { midnight() };
    let zone = known.and_then(Result::ok).unwrap_or(Tz::UTC);
    let at = time.to_date_time_with_tz(zone)?;
    Timestamp::from_second(at.timestamp()).ok()
}

/// Returns the day of what has no time of day.
fn whole_day(entry: &ICalendarEntry) -> Option<Date> {
    let time = entry.values.first()?.as_partial_date_time()?;
    let part = |part: Option<u8>| i8::try_from(part?).ok();
    let year = i16::try_from(time.year?).ok()?;
    time.hour.is_none().then(|| Date::new(year, part(time.month)?, part(time.day)?).ok()).flatten()
}

fn cut(text: &str) -> String {
    let text = text.trim();
    text.get(..text.floor_char_boundary(TEXT_LIMIT_BYTES)).unwrap_or(text).to_owned()
}
