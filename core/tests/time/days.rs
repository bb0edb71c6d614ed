//! The plan, day by day for ten years: a birthday each year on its day, a cadence each time it has run out.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, civil};
use kith_core::fact::Season;
use kith_core::id::RecordId;
use kith_core::plan::{Candidate, Circle, Day, Rules, plan};
use kith_proto::date::PartialDate;

use crate::oracle::{self, Wall, days_of};
use crate::{ZONES, reminders_a_zone};

/// The cadences, in the words of the config and of the oracle: days, and months.
const CADENCES: [(&str, i64, i8); 6] = [
    ("10 days", 10, 0),
    ("3 weeks", 21, 0),
    ("a month", 0, 1),
    ("2 months", 0, 2),
    ("6 months", 0, 6),
    ("1 year", 0, 12),
];

/// When the owner looks at the day's plan, in minutes, and writes to everybody at once.
const LOOKED_AT: i64 = 9 * 60;

fn person(number: usize, seen: Timestamp) -> Candidate {
    let mixed = |below: usize| i8::try_from((number * 31 + number / 7) % below).unwrap();
    let (month, day) = if number.is_multiple_of(10) { (2, 29) } else { (mixed(12) + 1, mixed(28) + 1) };
    let born = number.is_multiple_of(2).then(|| PartialDate::new(None, Some(month), Some(day)).unwrap());
    Candidate {
        circle: (number % 2 == 1).then(|| CADENCES[number / 2 % CADENCES.len()].0.into()),
        birthday: born,
        ..Candidate::new(RecordId::new("manual", &format!("Person {number}")), seen)
    }
}

/// Returns on which days a person is named, as the oracle has it.
fn expected(person: &Candidate, days: &[oracle::Day]) -> Vec<i64> {
    if let Some(born) = person.birthday {
        let (month, of_month) = (born.month().unwrap(), born.day().unwrap());
        let on = |day: &&oracle::Day| day.month == month && day.day == of_month.min(days_of(day.year, month));
        return days.iter().filter(on).map(|day| day.number).collect();
    }
    let (_, in_days, in_months) = *CADENCES.iter().find(|(name, ..)| person.circle.as_deref() == Some(*name)).unwrap();
    let mut named = Vec::new();
    let mut last = days[0];
    while let Some(due) = days.iter().find(|day| is_after(last, **day, in_days, in_months)) {
        named.push(due.number);
        last = *due;
    }
    named
}

fn is_after(last: oracle::Day, day: oracle::Day, in_days: i64, in_months: i8) -> bool {
    let months = i16::from(last.month - 1) + i16::from(in_months);
    let (year, month) = (last.year + months / 12, i8::try_from(months % 12).unwrap() + 1);
    match in_months {
        0 => day.number == last.number + in_days,
        _ => (day.year, day.month, day.day) == (year, month, last.day.min(days_of(year, month))),
    }
}

#[test]
fn in_ten_years_and_25_zones_everyone_is_named_on_the_day_and_on_no_other() {
    let days = oracle::days();
    let circle = |name: &str| Circle { name: name.to_owned(), cadence: name.parse().unwrap() };
    let rules = Rules {
        circles: CADENCES.iter().map(|(name, ..)| circle(name)).collect(),
        daily: usize::MAX,
        season: Season::Steady,
        lead_days: 0,
    };
    for name in ZONES {
        let zone = TimeZone::get(name).unwrap();
        let wall = Wall::of(&zone);
        let mut people: Vec<_> =
            (0..reminders_a_zone()).map(|number| person(number, wall.comes(0, LOOKED_AT))).collect();
        let mut named: BTreeMap<RecordId, Vec<i64>> = BTreeMap::new();
        let mut planned_before: Option<civil::Date> = None;
        let mut open: BTreeMap<RecordId, civil::Date> = BTreeMap::new();
        for day in &days {
            let now = wall.comes(day.number, LOOKED_AT);
            let today = zone.to_datetime(now).date();
            let of_day = Day {
                today,
                next: today.tomorrow().unwrap(),
                zone: zone.clone(),
                planned_before,
                open: open.clone(),
                told: BTreeMap::new(),
                given: BTreeMap::new(),
                rediscovered: None,
            };
            let due: Vec<RecordId> =
                plan(&people, &rules, &of_day).iter().map(|chosen| chosen.candidate.record).collect();
            for record in due {
                named.entry(record).or_default().push(day.number);
                open.insert(record, today);
                let person = people.iter_mut().find(|person| person.record == record).unwrap();
                person.last_interaction = Some(now.checked_add(1.minute()).unwrap());
            }
            planned_before = Some(today);
        }
        for person in &people {
            let expected = expected(person, &days);
            assert_eq!(named.get(&person.record), Some(&expected), "{name}: {}", person.record);
        }
    }
}
