//! Writes what will come as a calendar (RFC 5545): whole days, with a UID that stays.
//!
//! What will come is `plan::coming`; into which files it goes, and when an event was revised, is the daemon's affair. Nothing
//! here rings: kith itself reminds, and a phone that carries the calendar shows it.

use jiff::Timestamp;
use jiff::civil::Date;
use kith_proto::date::PartialDate;

use crate::fact;
use crate::id::PersonId;
use crate::noted::{Noted, NotedDay};
use crate::plan::coming::{Coming, Kind};
use crate::plan::heading::heading;
use crate::vcard::line::{escape, push_folded};

/// Says which program wrote the calendar.
pub const PRODUCT: &str = "-//kith//kith//EN";

/// The year in which a birthday begins to be celebrated whose year nobody knows: a leap year, for those born on 29 February.
const SOME_YEAR: i16 = 2000;

/// An event of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    uid: String,
    start: Date,
    summary: String,
    description: String,
    repeats: Repeats,
}

/// Whether an event comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Repeats {
    Never,
    Yearly,
    /// As those born on 29 February celebrate: on the last day of February.
    YearlyAtTheEndOfFebruary,
}

/// Which revision of an event it is, and of when (RFC 5545 §3.8.7.2, §3.8.7.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revision {
    /// How often it was changed.
    pub sequence: u32,
    /// When it was changed last.
    pub stamp: Timestamp,
}

/// What is told of a person's event.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The person's name.
    pub name: &'a str,
    /// What an open reminder is about, first of all.
    pub about: Option<fact::Kind>,
    /// Why, and what the next step could be; may be empty.
    pub words: &'a str,
    /// The birthday.
    pub born: Option<PartialDate>,
    /// What a day is called that their card notes with a label.
    pub label: &'a str,
    /// Where they work.
    pub company: Option<&'a str>,
}

impl Event {
    /// Returns the event of something that will come.
    #[must_use]
    pub fn of(coming: &Coming, told: Told<'_>) -> Self {
        let (start, repeats) = match coming.kind {
            Kind::Reminder | Kind::Due => (coming.on, Repeats::Never),
            Kind::Birthday => birthday(told.born).unwrap_or((coming.on, Repeats::Yearly)),
            Kind::Noted(day) => yearly(day.month, day.day, day.year).unwrap_or((coming.on, Repeats::Yearly)),
        };
        let summary = match coming.kind {
            Kind::Reminder => heading(told.about, told.name),
            Kind::Due => heading(None, told.name),
            Kind::Birthday => format!("{}'s birthday", told.name),
            Kind::Noted(day) => noted(day, told),
        };
        Self { uid: uid(&coming.person, coming.kind), start, summary, description: told.words.to_owned(), repeats }
    }

    /// Returns its UID, which stays for ever: it goes by person and kind. It is fit for the name of a file.
    #[must_use]
    pub fn uid(&self) -> &str {
        &self.uid
    }

    /// Returns a hash of what it says: while that is the same, the event was not revised.
    #[must_use]
    pub fn content(&self) -> String {
        let mut text = String::new();
        self.push_content(&mut text);
        blake3::hash(text.as_bytes()).to_hex().to_string()
    }

    fn push(&self, out: &mut String, Revision { sequence, stamp }: Revision) {
        push_folded(out, "BEGIN:VEVENT");
        push_folded(out, &format!("DTSTAMP:{}", stamp.strftime("%Y%m%dT%H%M%SZ")));
        push_folded(out, &format!("SEQUENCE:{sequence}"));
        self.push_content(out);
        push_folded(out, "END:VEVENT");
    }

    fn push_content(&self, out: &mut String) {
        push_folded(out, &format!("UID:{}", self.uid));
        push_folded(out, &format!("DTSTART;VALUE=DATE:{}", self.start.strftime("%Y%m%d")));
        match self.repeats {
            Repeats::Never => {}
            Repeats::Yearly => push_folded(out, "RRULE:FREQ=YEARLY"),
            Repeats::YearlyAtTheEndOfFebruary => push_folded(out, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1"),
        }
        push_folded(out, &format!("SUMMARY:{}", escape(&self.summary)));
        if !self.description.is_empty() {
            push_folded(out, &format!("DESCRIPTION:{}", escape(&self.description)));
        }
        push_folded(out, "CLASS:PRIVATE");
        push_folded(out, "TRANSP:TRANSPARENT");
    }
}

/// Returns whose event has this UID; `None` of one that kith did not give.
#[must_use]
pub fn person_of(uid: &str) -> Option<PersonId> {
    uid.split_once('-')?.0.parse().ok()
}

/// Returns a calendar of these events.
#[must_use]
pub fn write_calendar<'a>(events: impl IntoIterator<Item = (&'a Event, Revision)>) -> String {
    let mut out = String::with_capacity(512);
    push_folded(&mut out, "BEGIN:VCALENDAR");
    push_folded(&mut out, "VERSION:2.0");
    push_folded(&mut out, &format!("PRODID:{PRODUCT}"));
    for (event, revision) in events {
        event.push(&mut out, revision);
    }
    push_folded(&mut out, "END:VCALENDAR");
    out
}

fn noted(day: NotedDay, told: Told<'_>) -> String {
    match (day.what, told.company) {
        (Noted::Began, Some(company)) => format!("{}'s work anniversary at {company}", told.name),
        (Noted::Began, None) => format!("{}'s work anniversary", told.name),
        (Noted::Wedding, _) => format!("{}'s wedding anniversary", told.name),
        (Noted::Labelled, _) => format!("{}: {}", told.name, told.label),
    }
}

fn birthday(born: Option<PartialDate>) -> Option<(Date, Repeats)> {
    let born = born?;
    yearly(born.month()?, born.day()?, born.year())
}

/// Returns the first day and how it repeats.
fn yearly(month: i8, day: i8, year: Option<i16>) -> Option<(Date, Repeats)> {
    // A year in which the day is not there is a mistake of the source.
    let of_year = |year| Date::new(year, month, day).ok();
    let start = year.and_then(of_year).or_else(|| of_year(SOME_YEAR))?;
    Some((start, if (month, day) == (2, 29) { Repeats::YearlyAtTheEndOfFebruary } else { Repeats::Yearly }))
}

/// One for both ways of being reconnected with, so that a reminder takes the place of the day that was foreseen.
fn uid(person: &PersonId, kind: Kind) -> String {
    let kind = match kind {
        Kind::Reminder | Kind::Due => "reconnect".to_owned(),
        Kind::Birthday => "birthday".to_owned(),
        Kind::Noted(NotedDay { what: Noted::Began, .. }) => "work".to_owned(),
        // There may be several of these, of two marriages, too.
        Kind::Noted(NotedDay { what: Noted::Wedding, month, day, .. }) => format!("wedding-{month:02}{day:02}"),
        Kind::Noted(NotedDay { what: Noted::Labelled, month, day, .. }) => format!("day-{month:02}{day:02}"),
    };
    format!("{person}-{kind}")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::id::RecordId;

    const FIRST: Revision = Revision { sequence: 0, stamp: Timestamp::UNIX_EPOCH };

    fn event(kind: Kind, name: &str, words: &str, born: Option<PartialDate>) -> Event {
        let coming = Coming { on: date(2026, 11, 23), person: RecordId::new("manual", "Ana"), kind };
        let about = Some(fact::Kind::Promise);
        Event::of(&coming, Told { name, about, words, born, label: "Name day", company: Some("Example Works") })
    }

    fn born(year: Option<i16>, month: i8, day: i8) -> Option<PartialDate> {
        Some(PartialDate::new(year, Some(month), Some(day)).unwrap())
    }

    #[test]
    fn a_calendar_is_that_of_rfc_5545() {
        let due = event(Kind::Due, "Ana, \"the\" Silva; \\o/", "It has been 5 weeks.\nAsk how things are.", None);
        let birthday = event(Kind::Birthday, "Ana Silva", "", born(Some(1986), 4, 12));
        let text = write_calendar([(&due, FIRST), (&birthday, Revision { sequence: 3, ..FIRST })]);
        let person = RecordId::new("manual", "Ana").to_string();
        let text = text.replace(&person, "ID");
        insta::assert_snapshot!(text.replace("\r\n", "␍\n"), @r#"
        BEGIN:VCALENDAR␍
        VERSION:2.0␍
        PRODID:-//kith//kith//EN␍
        BEGIN:VEVENT␍
        DTSTAMP:19700101T000000Z␍
        SEQUENCE:0␍
        UID:ID-reconnect␍
        DTSTART;VALUE=DATE:20261123␍
        SUMMARY:Reconnect with Ana\, "the" Silva\; \\o/␍
        DESCRIPTION:It has been 5 weeks.\nAsk how things are.␍
        CLASS:PRIVATE␍
        TRANSP:TRANSPARENT␍
        END:VEVENT␍
        BEGIN:VEVENT␍
        DTSTAMP:19700101T000000Z␍
        SEQUENCE:3␍
        UID:ID-birthday␍
        DTSTART;VALUE=DATE:19860412␍
        RRULE:FREQ=YEARLY␍
        SUMMARY:Ana Silva's birthday␍
        CLASS:PRIVATE␍
        TRANSP:TRANSPARENT␍
        END:VEVENT␍
        END:VCALENDAR␍
        "#);
    }

    #[test]
    fn lines_are_folded_at_75_bytes_and_keep_their_text() {
        let long = "Ünïcödé 🦊 ".repeat(40);
        let text = write_calendar([(&event(Kind::Due, &long, &long, None), FIRST)]);
        assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{text}");
        assert!(text.replace("\r\n ", "").contains(&format!("SUMMARY:Reconnect with {long}\r\n")));
    }

    #[test]
    fn a_birthday_on_29_february_comes_every_year_as_kith_tells_it() {
        let rule = |born| {
            let text = write_calendar([(&event(Kind::Birthday, "Ana", "", born), FIRST)]);
            let lines = text.lines().filter(|line| line.starts_with("DTSTART") || line.starts_with("RRULE"));
            lines.collect::<Vec<_>>().join(" ")
        };
        let end_of_february = "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1";
        assert_eq!(rule(born(Some(1988), 2, 29)), format!("DTSTART;VALUE=DATE:19880229 {end_of_february}"));
        assert_eq!(rule(born(None, 2, 29)), format!("DTSTART;VALUE=DATE:20000229 {end_of_february}"));
        assert_eq!(rule(born(None, 2, 28)), "DTSTART;VALUE=DATE:20000228 RRULE:FREQ=YEARLY");
    }

    #[test]
    fn a_day_that_a_card_notes_says_what_it_is_and_each_has_its_own_uid() {
        let day = |what, month, day| Kind::Noted(NotedDay { what, month, day, year: Some(2014) });
        let said = |kind| {
            let event = event(kind, "Ana Silva", "", None);
            (event.summary.clone(), event.uid().rsplit_once('-').map(|(_, end)| end.to_owned()).unwrap())
        };
        let is = |summary: &str, end: &str| (summary.to_owned(), end.to_owned());
        assert_eq!(said(day(Noted::Began, 3, 1)), is("Ana Silva's work anniversary at Example Works", "work"));
        assert_eq!(said(day(Noted::Wedding, 3, 1)), is("Ana Silva's wedding anniversary", "0301"));
        assert_eq!(said(day(Noted::Labelled, 7, 26)), is("Ana Silva: Name day", "0726"));
    }

    #[test]
    fn a_reminder_takes_the_place_of_the_day_on_which_its_person_is_due() {
        let due = event(Kind::Due, "Ana", "", None);
        let reminder = event(Kind::Reminder, "Ana", "It has been 5 weeks.", None);
        assert_eq!(due.uid(), reminder.uid());
        assert_eq!(
            [&due, &reminder].map(|event| event.summary.as_str()),
            ["Reconnect with Ana", "What you promised Ana"]
        );
        assert_ne!(due.content(), reminder.content());
        assert_eq!(person_of(due.uid()), Some(RecordId::new("manual", "Ana")));
        assert_ne!(due.uid(), event(Kind::Birthday, "Ana", "", born(None, 2, 28)).uid());
    }

    #[test]
    fn no_name_can_write_a_line_of_its_own() {
        let text = write_calendar([(&event(Kind::Due, "Ana\r\nEND:VEVENT\u{b}\r\nBEGIN:VALARM", "", None), FIRST)]);
        assert!(text.contains("SUMMARY:Reconnect with Ana\\nEND:VEVENT\\nBEGIN:VALARM\r\n"), "{text}");
    }
}
