//! What will come: on which day each person is due, has a birthday, or was reminded of and not yet answered.
//!
//! It tells days, not plans: the day's number, and who rests, are `plan`. So the same facts give the same days, today and
//! tomorrow, and what is written of them to a calendar does not change with the date.

use jiff::civil::Date;
use kith_proto::date::PartialDate;

use crate::cadence::Rhythm;
use crate::id::PersonId;
use crate::noted::{NotedDay, comes_back};
use crate::plan::{Circle, rhythm_of};

/// One of whom something may come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Who.
    pub person: PersonId,
    /// The circle, by its name in the config.
    pub circle: Option<String>,
    /// A cadence of their own, which counts before their circle's.
    pub cadence: Option<Rhythm>,
    /// The day since when there was no contact, in the owner's zone.
    pub since: Date,
    /// The birthday.
    pub birthday: Option<PartialDate>,
    /// Other days of theirs that come back.
    pub days: Vec<NotedDay>,
    /// The first day on which a reminder may come again.
    pub snoozed_until: Option<Date>,
    /// The day of a reminder that is still open.
    pub reminded: Option<Date>,
}

/// Something that will come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Coming {
    /// The day.
    pub on: Date,
    /// Whose.
    pub person: PersonId,
    /// What.
    pub kind: Kind,
}

/// What will come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A reminder that was told and is still open; the person is not due besides.
    Reminder,
    /// The cadence has run out. The day may be past: it does not move before the two talk.
    Due,
    /// The birthday. In common years those born on 29 February celebrate on the day before 1 March.
    Birthday,
    /// Another day that their card notes, or that on which they began where they work.
    Noted(NotedDay),
}

/// Returns what will come of these people, by day: one entry a person and kind, days that come back from this day on.
///
/// ```
/// use jiff::civil::date;
/// use kith_core::id::RecordId;
/// use kith_core::plan::Circle;
/// use kith_core::plan::coming::{Expected, Kind, coming};
/// let ana = Expected {
///     person: RecordId::new("manual", "Ana"),
///     circle: Some("friends".to_owned()),
///     cadence: None,
///     since: date(2026, 11, 2),
///     birthday: None,
///     days: Vec::new(),
///     snoozed_until: None,
///     reminded: None,
/// };
/// let friends = Circle { name: "friends".to_owned(), cadence: "3 weeks".parse().unwrap() };
/// let coming = coming([ana], &[friends], date(2026, 11, 5));
/// assert_eq!((coming[0].on, coming[0].kind), (date(2026, 11, 23), Kind::Due));
/// ```
#[must_use]
pub fn coming(people: impl IntoIterator<Item = Expected>, circles: &[Circle], from: Date) -> Vec<Coming> {
    let mut all: Vec<Coming> = people.into_iter().flat_map(|person| of_one(&person, circles, from)).collect();
    all.sort_unstable();
    all
}

fn of_one(expected: &Expected, circles: &[Circle], from: Date) -> impl Iterator<Item = Coming> + use<> {
    let reminded = expected.reminded.map(|on| (on, Kind::Reminder));
    let contact = reminded.or_else(|| Some((due(expected, circles)?, Kind::Due)));
    let birthday = expected.birthday.and_then(|born| next_birthday(born, from)).map(|on| (on, Kind::Birthday));
    let next = |noted: &NotedDay| Some((next_noted(*noted, from)?, Kind::Noted(*noted)));
    let noted: Vec<_> = expected.days.iter().filter_map(next).collect();
    let person = expected.person;
    contact.into_iter().chain(birthday).chain(noted).map(move |(on, kind)| Coming { on, person, kind })
}

fn due(expected: &Expected, circles: &[Circle]) -> Option<Date> {
    let rhythm = rhythm_of(expected.cadence, expected.circle.as_deref(), circles)?;
    let due = rhythm.ideal().after(expected.since);
    Some(expected.snoozed_until.map_or(due, |until| due.max(until)))
}

pub(super) fn next_birthday(born: PartialDate, from: Date) -> Option<Date> {
    next(born.month()?, born.day()?, from)
}

/// One that lies ahead by its year comes then, and not before.
pub(super) fn next_noted(noted: NotedDay, from: Date) -> Option<Date> {
    let first = noted.year.and_then(|year| comes_back(noted.month, noted.day, year));
    next(noted.month, noted.day, first.map_or(from, |first| first.max(from)))
}

fn next(month: i8, day: i8, from: Date) -> Option<Date> {
    let days = [from.year(), from.year().checked_add(1)?].into_iter().filter_map(|year| comes_back(month, day, year));
    days.filter(|day| *day >= from).min()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::id::RecordId;

    fn expected(circle: &str, since: Date) -> Expected {
        Expected {
            person: RecordId::new("manual", "Ana"),
            circle: Some(circle.to_owned()),
            cadence: None,
            since,
            birthday: None,
            days: Vec::new(),
            snoozed_until: None,
            reminded: None,
        }
    }

    #[track_caller]
    fn check(person: Expected, days: &[(Date, Kind)]) {
        let friends = Circle { name: "friends".to_owned(), cadence: "3 weeks".parse().unwrap() };
        let coming = coming([person], &[friends], date(2027, 2, 1));
        assert_eq!(coming.iter().map(|coming| (coming.on, coming.kind)).collect::<Vec<_>>(), days);
    }

    #[test]
    fn a_person_is_due_a_cadence_after_they_talked_and_not_before_they_were_put_off_to() {
        let since = date(2026, 11, 2);
        check(expected("friends", since), &[(date(2026, 11, 23), Kind::Due)]);
        let put_off = |until| Expected { snoozed_until: Some(until), ..expected("friends", since) };
        check(put_off(date(2026, 12, 24)), &[(date(2026, 12, 24), Kind::Due)]);
        check(put_off(date(2026, 11, 10)), &[(date(2026, 11, 23), Kind::Due)]);
    }

    #[test]
    fn who_was_reminded_of_is_not_due_besides() {
        let reminded = Expected { reminded: Some(date(2026, 11, 24)), ..expected("friends", date(2026, 11, 2)) };
        check(reminded, &[(date(2026, 11, 24), Kind::Reminder)]);
    }

    #[test]
    fn nobody_is_due_in_no_circle_or_in_one_that_the_config_lost() {
        check(Expected { circle: None, ..expected("", date(2026, 11, 2)) }, &[]);
        check(expected("gone", date(2026, 11, 2)), &[]);
    }

    #[test]
    fn a_birthday_comes_next_this_year_or_the_year_after() {
        let born = |month, day| Expected {
            birthday: Some(PartialDate::new(Some(1988), Some(month), day).unwrap()),
            ..expected("", date(2026, 11, 2))
        };
        check(born(2, Some(1)), &[(date(2027, 2, 1), Kind::Birthday)]);
        check(born(1, Some(31)), &[(date(2028, 1, 31), Kind::Birthday)]);
        check(born(2, Some(29)), &[(date(2027, 2, 28), Kind::Birthday)]);
        check(born(2, None), &[]);
    }

    #[test]
    fn another_day_comes_next_this_year_or_the_year_after_and_not_before_its_own_year() {
        use crate::noted::Noted;
        let noted = |year, month, day| NotedDay { what: Noted::Wedding, month, day, year };
        let with = |day| Expected { days: vec![day], ..expected("", date(2026, 11, 2)) };
        for (day, on) in [
            (noted(Some(2014), 3, 1), date(2027, 3, 1)),
            (noted(None, 1, 31), date(2028, 1, 31)),
            (noted(Some(2024), 2, 29), date(2027, 2, 28)),
            (noted(Some(2029), 6, 5), date(2029, 6, 5)),
        ] {
            check(with(day), &[(on, Kind::Noted(day))]);
        }
    }
}
