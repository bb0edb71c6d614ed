//! The oracle: the wall clock of a zone, walked minute by minute, and a calendar of its own.
//!
//! A civil minute comes when the wall clock first shows it or a later one. What it shows again, after it was set back, came
//! already.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The first day, 1 January 2010, in days since 1970.
const FIRST_DAY: i64 = 14_610;

/// 2010 to 2019.
pub(crate) const DAYS: i64 = 3_652;

const DAY_MINUTES: i64 = 24 * 60;

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day {
    /// Days since the first.
    pub(crate) number: i64,
    pub(crate) year: i16,
    pub(crate) month: i8,
    pub(crate) day: i8,
    /// Sunday is 0.
    pub(crate) weekday: i8,
}

/// Returns the days of the ten years, one after the other.
pub(crate) fn days() -> Vec<Day> {
    // 1 January 2010 was a Friday.
    let mut day = Day { number: 0, year: 2010, month: 1, day: 1, weekday: 5 };
    let mut days = Vec::new();
    while day.number < DAYS {
        days.push(day);
        day.number += 1;
        day.weekday = (day.weekday + 1) % 7;
        day.day += 1;
        if day.day > days_of(day.year, day.month) {
            (day.day, day.month) = (1, day.month + 1);
        }
        if day.month > 12 {
            (day.month, day.year) = (1, day.year + 1);
        }
    }
    days
}

/// Returns how many days a month has.
pub(crate) fn days_of(year: i16, month: i8) -> i8 {
    match month {
        2 if year % 4 == 0 => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The wall clock of a zone over the ten years: when it first showed which minute.
pub(crate) struct Wall {
    /// Pieces in which the clock ran on: the minute it first shows that was not shown before, and when, in minutes of UTC.
    pieces: Vec<(i64, i64)>,
}

impl Wall {
    /// Walks the wall clock of a zone: every quarter of an hour, and every minute of one in which the clock is set.
    pub(crate) fn of(zone: &TimeZone) -> Self {
        let mut pieces: Vec<(i64, i64)> = Vec::new();
        let begin = (FIRST_DAY - 2) * DAY_MINUTES;
        let mut highest = begin + offset_minutes(zone, begin) - 1;
        let mut quarters_offset = offset_minutes(zone, begin);
        for quarter in (begin..begin + (DAYS + 4) * DAY_MINUTES).step_by(15) {
            let next_offset = offset_minutes(zone, quarter + 15);
            let step = if next_offset == quarters_offset { 15 } else { 1 };
            for utc in (quarter..quarter + 15).step_by(step) {
                let offset = if step == 1 { offset_minutes(zone, utc) } else { quarters_offset };
                show(&mut pieces, &mut highest, utc, offset, i64::try_from(step).unwrap());
            }
            quarters_offset = next_offset;
        }
        Self { pieces }
    }

    /// Returns when a civil minute of a day comes.
    pub(crate) fn comes(&self, day: i64, minute: i64) -> Timestamp {
        let wanted = (FIRST_DAY + day) * DAY_MINUTES + minute;
        let after = self.pieces.partition_point(|(first, _)| *first <= wanted);
        let (first, utc) = self.pieces[after - 1];
        // Within a gap all minutes come with its end.
        let in_gap = self.pieces.get(after).is_some_and(|(_, next)| *next == utc);
        Timestamp::from_second((if in_gap { utc } else { utc + wanted - first }) * 60).unwrap()
    }

    /// Returns the instant at which the ten years begin and the one at which they end.
    pub(crate) fn bounds(&self) -> [Timestamp; 2] {
        [self.comes(0, 0), self.comes(DAYS - 1, DAY_MINUTES - 1)]
    }
}

/// The wall clock shows the minutes from `utc + offset` on.
fn show(pieces: &mut Vec<(i64, i64)>, highest: &mut i64, utc: i64, offset: i64, minutes: i64) {
    let again = (*highest + 1 - (utc + offset)).clamp(0, minutes);
    let (first, utc) = (utc + offset + again, utc + again);
    if again == minutes {
        return;
    }
    let runs_on = pieces.last().is_some_and(|(began, at)| first - began == utc - at) && first == *highest + 1;
    if first > *highest + 1 {
        // What was skipped comes now, with the first minute after it.
        pieces.push((*highest + 1, utc));
    }
    if !runs_on {
        pieces.push((first, utc));
    }
    *highest = first + minutes - again - 1;
}

fn offset_minutes(zone: &TimeZone, utc_minute: i64) -> i64 {
    let offset = zone.to_offset(Timestamp::from_second(utc_minute * 60).unwrap());
    i64::from(offset.seconds()) / 60
}
