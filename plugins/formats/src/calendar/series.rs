//! When a series took place (RFC 5545 §3.8.5).

use calcard::common::PartialDateTime;
use calcard::common::timezone::Tz;
use calcard::icalendar::{ICalendar, ICalendarFrequency, ICalendarValue};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// How many occurrences are looked at: daily ones of 27 years.
const LOOK_LIMIT: usize = 10_000;

/// How many of a series are kept, the latest.
const SERIES_LIMIT: usize = 200;

/// Returns when a series took place, its first occurrence being `start`, by the time that it was written down.
///
/// What is to come is not made up. A series that nothing says this of took place once, when it began; so did one of
/// which hours or less lie between.
pub(crate) fn past(calendar: &ICalendar, start: Option<Timestamp>, written: Option<Timestamp>) -> Vec<Timestamp> {
    let (Some(start), Some(written)) = (start, written) else { return start.into_iter().collect() };
    let mut calendar = calendar.clone();
    let entries = calendar.components.iter_mut().flat_map(|component| &mut component.entries);
    for value in entries.flat_map(|entry| &mut entry.values) {
        let ICalendarValue::RecurrenceRule(rule) = value else { continue };
        match rule.freq {
            ICalendarFrequency::Yearly
            | ICalendarFrequency::Monthly
            | ICalendarFrequency::Weekly
            | ICalendarFrequency::Daily => {}
            ICalendarFrequency::Hourly | ICalendarFrequency::Minutely | ICalendarFrequency::Secondly => {
                return vec![start];
            }
        }
        // An endless one would be followed into the next millennia.
        if rule.until.is_none() && rule.count.is_none() {
            rule.until = day_after(written);
        }
    }
    let events = calendar.expand_dates(Tz::UTC, LOOK_LIMIT).events;
    let times = events.iter().filter_map(|event| Timestamp::from_second(event.start.timestamp()).ok());
    let mut times: Vec<Timestamp> = times.filter(|at| *at <= written).collect();
    times.sort_unstable();
    times.dedup();
    if times.is_empty() {
        return vec![start];
    }
    times.split_off(times.len().saturating_sub(SERIES_LIMIT))
}

/// Returns a time of day's end that lies behind an instant in every zone.
fn day_after(at: Timestamp) -> Option<PartialDateTime> {
    let day = at.to_zoned(TimeZone::UTC).date().tomorrow().ok()?;
    Some(PartialDateTime {
        year: u16::try_from(day.year()).ok(),
        month: u8::try_from(day.month()).ok(),
        day: u8::try_from(day.day()).ok(),
        hour: Some(23),
        minute: Some(59),
        second: Some(59),
        ..PartialDateTime::default()
    })
}
