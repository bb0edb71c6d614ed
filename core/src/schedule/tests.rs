//! Tests of schedules: weekdays, dialect, gaps and folds.
//!
//! Zones are POSIX rules, so that no zone database is needed.

use jiff::civil::{Weekday, date};
use proptest::prelude::*;

use super::*;

const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";
const NEW_YORK: &str = "EST5EDT,M3.2.0,M11.1.0";
const LORD_HOWE: &str = "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0";
const SANTIAGO: &str = "<-04>4<-03>,M9.1.6/24,M4.1.6/24";

fn zone(posix: &str) -> TimeZone {
    TimeZone::posix(posix).unwrap()
}

fn schedule(text: &str) -> Schedule {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The next `N` occurrences after an instant, as seen on the wall.
fn next<const N: usize>(text: &str, posix: &str, after: &str) -> [String; N] {
    let (schedule, zone) = (schedule(text), zone(posix));
    let mut at = after.parse().unwrap();
    core::array::from_fn(|_| {
        at = schedule.next_after(at, &zone).unwrap();
        at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
    })
}

#[track_caller]
fn check<const N: usize>(text: &str, posix: &str, after: &str, expected: [&str; N]) {
    assert_eq!(next::<N>(text, posix, after), expected, "{text}");
}

#[test]
fn every_weekday_is_known_by_number_and_by_name() {
    let days = [
        (&["0", "7", "sun", "SUN"][..], Weekday::Sunday),
        (&["1", "mon", "Mon"], Weekday::Monday),
        (&["2", "tue"], Weekday::Tuesday),
        (&["3", "wed"], Weekday::Wednesday),
        (&["4", "thu"], Weekday::Thursday),
        (&["5", "fri"], Weekday::Friday),
        (&["6", "sat"], Weekday::Saturday),
    ];
    for (names, weekday) in days {
        for name in names {
            for text in [format!("0 9 * * {name}"), format!("0 0 9 * * {name}")] {
                let at = schedule(&text).next_after("2026-11-23T10:00:00Z".parse().unwrap(), &TimeZone::UTC).unwrap();
                assert_eq!(at.to_zoned(TimeZone::UTC).weekday(), weekday, "{text}");
            }
        }
    }
}

#[track_caller]
fn weekdays_of(field: &str, expected: &str) {
    let schedule = schedule(&format!("0 9 * * {field}"));
    let week = (0..7).map(|n| date(2026, 11, 22).checked_add(n.days()).unwrap().at(8, 0, 0, 0));
    let hit: String =
        week.map(|day| if schedule.next_civil(day).unwrap().date() == day.date() { 'x' } else { '.' }).collect();
    assert_eq!(hit, expected, "{field}: Sunday to Saturday");
}

#[test]
fn ranges_lists_and_steps_of_weekdays_are_those_of_crontab() {
    weekdays_of("*", "xxxxxxx");
    weekdays_of("1-5", ".xxxxx.");
    weekdays_of("mon-fri", ".xxxxx.");
    weekdays_of("5-7", "x....xx");
    weekdays_of("0-2", "xxx....");
    weekdays_of("sat-sun", "x.....x");
    weekdays_of("1,3,fri", ".x.x.x.");
    weekdays_of("*/2", "x.x.x.x");
    weekdays_of("1-7/3", "xx..x.."); // 1, 4, and 7, which is Sunday.
}

#[test]
fn day_of_month_and_day_of_week_are_joined_as_crontab_does() {
    let after = "2026-11-01T12:00:00Z";
    // Either, when both are restricted.
    check("0 9 13 * 5", "UTC0", after, ["2026-11-06", "2026-11-13", "2026-11-20"].map(at_nine));
    check("0 9 10 * mon", "UTC0", after, ["2026-11-02", "2026-11-09", "2026-11-10"].map(at_nine));
    // Both, when one begins with a star.
    check("0 9 */2 * 5", "UTC0", after, ["2026-11-13", "2026-11-27"].map(at_nine));
    check("0 9 13 * *", "UTC0", after, ["2026-11-13", "2026-12-13"].map(at_nine));
}

fn at_nine(day: &str) -> &'static str {
    String::leak(format!("{day} 09:00:00 +00:00"))
}

#[test]
fn reads_words_steps_and_seconds() {
    let after = "2026-11-23T10:07:30Z";
    check("@daily", "UTC0", after, ["2026-11-24 00:00:00 +00:00"]);
    check("@weekly", "UTC0", after, ["2026-11-29 00:00:00 +00:00"]);
    check("@yearly", "UTC0", after, ["2027-01-01 00:00:00 +00:00"]);
    check("*/15 8-10 * * *", "UTC0", after, ["2026-11-23 10:15:00 +00:00", "2026-11-23 10:30:00 +00:00"]);
    check("30 */20 * * * *", "UTC0", after, ["2026-11-23 10:20:30 +00:00", "2026-11-23 10:40:30 +00:00"]);
    check("*/10 * * * * *", "UTC0", after, ["2026-11-23 10:07:40 +00:00", "2026-11-23 10:07:50 +00:00"]);
    check("0 9 1 jan,JUL *", "UTC0", after, ["2027-01-01 09:00:00 +00:00", "2027-07-01 09:00:00 +00:00"]);
}

#[test]
fn a_leap_day_comes_in_leap_years() {
    check("0 9 29 2 *", "UTC0", "2026-11-23T10:00:00Z", ["2028-02-29", "2032-02-29"].map(at_nine));
}

#[test]
fn says_what_is_wrong() {
    let texts = [
        "0 9 * *",
        "0 24 * * *",
        "0 9 0 * *",
        "0 9 * * 8",
        "0 9 * * monday",
        "0 9 L * *",
        "5/15 * * * *",
        "5-1 * * * *",
        "*/0 * * * *",
        "1, 9 * * *",
        "@reboot",
        "0 9 30 2 *",
    ];
    let messages: Vec<_> = texts.iter().map(|text| text.parse::<Schedule>().unwrap_err().to_string()).collect();
    insta::assert_snapshot!(messages.join("\n"), @r#"
    read the schedule: it has 4 fields, and 5 are wanted as in crontab(5) (minute, hour, day of month, month, day of week), or 6 with the seconds first
    read the schedule: the hour is "24", and goes from 0 to 23
    read the schedule: the day of month is "0", and goes from 1 to 31
    read the schedule: the day of week is "8", and goes from 0 to 7
    read the schedule: the day of week is "monday"; write *, a number, a range such as 1-5, a list such as 1,3, or a step such as */15
    read the schedule: the day of month is "L"; write *, a number, a range such as 1-5, a list such as 1,3, or a step such as */15
    read the schedule: the minute is "5/15"; write *, a number, a range such as 1-5, a list such as 1,3, or a step such as */15
    read the schedule: the minute is "5-1"; write *, a number, a range such as 1-5, a list such as 1,3, or a step such as */15
    read the schedule: the minute is "*/0"; write *, a number, a range such as 1-5, a list such as 1,3, or a step such as */15
    read the schedule: the minute is ""; write *, a number, a range such as 1-5, a list such as 1,3, or a step such as */15
    read the schedule: "@reboot" is not @hourly, @daily, @weekly, @monthly or @yearly
    use the schedule: it names a day that never comes
    "#);
}

#[test]
fn a_skipped_hour_fires_when_the_gap_is_over() {
    let every_day = "30 2 * * *";
    check(every_day, BERLIN, "2026-03-28T12:00:00Z", ["2026-03-29 03:00:00 +02:00", "2026-03-30 02:30:00 +02:00"]);
    check(every_day, NEW_YORK, "2026-03-08T05:00:00Z", ["2026-03-08 03:00:00 -04:00", "2026-03-09 02:30:00 -04:00"]);
    // Lord Howe skips half an hour: 02:00 to 02:30.
    check(
        "15 2 * * *",
        LORD_HOWE,
        "2026-10-03T12:00:00Z",
        ["2026-10-04 02:30:00 +11:00", "2026-10-05 02:15:00 +11:00"],
    );
    // Santiago skips midnight.
    check("@daily", SANTIAGO, "2026-09-05T12:00:00Z", ["2026-09-06 01:00:00 -03:00", "2026-09-07 00:00:00 -03:00"]);
    // Every quarter of an hour: the four that were skipped fall together with the one that follows.
    check("*/15 * * * *", BERLIN, "2026-03-29T00:45:00Z", ["2026-03-29 03:00:00 +02:00", "2026-03-29 03:15:00 +02:00"]);
}

#[test]
fn a_repeated_hour_fires_the_first_time_only() {
    let every_day = "30 2 * * *";
    check(every_day, BERLIN, "2026-10-24T22:00:00Z", ["2026-10-25 02:30:00 +02:00", "2026-10-26 02:30:00 +01:00"]);
    check("30 1 * * *", NEW_YORK, "2026-11-01T04:00:00Z", ["2026-11-01 01:30:00 -04:00", "2026-11-02 01:30:00 -05:00"]);
    check(
        "45 1 * * *",
        LORD_HOWE,
        "2026-04-04T12:00:00Z",
        ["2026-04-05 01:45:00 +11:00", "2026-04-06 01:45:00 +10:30"],
    );
    check(
        "30 23 * * *",
        SANTIAGO,
        "2026-04-04T12:00:00Z",
        ["2026-04-04 23:30:00 -03:00", "2026-04-05 23:30:00 -04:00"],
    );
    // Begun in the second pass of the hour: what is left of it has come already.
    check("*/15 * * * *", BERLIN, "2026-10-25T01:05:00Z", ["2026-10-25 03:00:00 +01:00"]);
}

#[test]
fn counts_what_was_missed_and_finds_the_newest() {
    let between = |text: &str, after: &str, until: &str| {
        schedule(text).occurrences_between(after.parse().unwrap(), until.parse().unwrap(), &TimeZone::UTC)
    };
    let at = |text: &str| -> Timestamp { text.parse().unwrap() };
    assert_eq!(between("0 9 * * *", "2026-11-23T09:00:00Z", "2026-11-24T08:59:59Z"), None);
    assert_eq!(
        between("0 9 * * *", "2026-11-20T09:00:00Z", "2026-11-23T09:00:00Z"),
        Some(Occurrences { count: 3, newest: at("2026-11-23T09:00:00Z") })
    );
    assert_eq!(
        between("* * * * * *", "2025-11-20T09:00:00Z", "2026-11-23T09:00:00.5Z"),
        Some(Occurrences { count: COUNTED_AT_MOST, newest: at("2026-11-23T09:00:00Z") })
    );
    assert_eq!(
        between("0 * * * * *", "2020-11-20T09:00:00Z", "2026-11-23T09:59:59Z"),
        Some(Occurrences { count: COUNTED_AT_MOST, newest: at("2026-11-23T09:59:00Z") })
    );
}

#[test]
fn ends_with_the_year_2100() {
    assert_eq!(schedule("@daily").next_after("2101-01-01T00:00:00Z".parse().unwrap(), &TimeZone::UTC), None);
}

prop_compose! {
    /// A zone with summer time, or with winter time the other way round, of 20 to 120 minutes.
    fn any_zone()(west in -12i32..=12, quarter in 0i32..4, saved in prop::sample::select(vec![-60, 20, 30, 60, 120]),
        begin in 1u8..=6, week in 1u8..=5, at in 0u8..=24, end in 7u8..=12) -> TimeZone {
        let standard = west * 60 + quarter.signum() * 15 * quarter;
        let posix = |minutes: i32| format!("{}{}:{:02}", if minutes < 0 { "-" } else { "" }, minutes.abs() / 60, minutes.abs() % 60);
        TimeZone::posix(&format!("<AAA>{}<BBB>{},M{begin}.{week}.0/{at},M{end}.{week}.0/{at}", posix(standard), posix(standard - saved))).unwrap()
    }
}

proptest! {
    #[test]
    fn each_civil_occurrence_comes_exactly_once(zone in any_zone(), minute in 0u8..60, hour in prop::sample::select(vec!["*", "*/2", "2", "0,23"]), month in 1i8..=12) {
        let schedule = schedule(&format!("{minute} {hour} * * *"));
        let first = date(2026, month, 1).at(0, 0, 0, 0);
        let end = first.checked_add(35.days()).unwrap();
        let civil: Vec<_> = core::iter::successors(schedule.next_civil(first), |at| schedule.next_civil(*at)).take_while(|at| *at < end).collect();
        let mut placed: Vec<_> = civil.iter().map(|at| place(*at, &zone).unwrap()).collect();
        prop_assert!(placed.is_sorted(), "a later civil time is never placed earlier");
        placed.dedup();
        let from = place(first, &zone).unwrap().checked_sub(1.nanosecond()).unwrap();
        let walked: Vec<_> = core::iter::successors(schedule.next_after(from, &zone), |at| schedule.next_after(*at, &zone)).skip_while(|at| *at < placed[0]).take(placed.len()).collect();
        prop_assert_eq!(&walked, &placed);
        let last = *placed.last().unwrap();
        let counted = schedule.occurrences_between(placed[0].checked_sub(1.nanosecond()).unwrap(), last, &zone).unwrap();
        prop_assert_eq!((counted.count as usize, counted.newest), (placed.len(), last));
    }

    #[test]
    fn agrees_with_crontab_read_minute_by_minute(days in prop::collection::btree_set(1i8..=31, 1..4), weekdays in prop::collection::btree_set(0i8..=7, 1..3), start in 0i64..50_000) {
        let list = |numbers: &std::collections::BTreeSet<i8>| numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let schedule = schedule(&format!("0 9 {} * {}", list(&days), list(&weekdays)));
        let after = date(1971, 1, 1).checked_add(start.days()).unwrap().at(9, 0, 0, 0);
        let matches = |day: &civil::Date| days.contains(&day.day()) || weekdays.iter().any(|w| w % 7 == day.weekday().to_sunday_zero_offset());
        let expected = after.date().series(1.day()).skip(1).find(matches).unwrap();
        prop_assert_eq!(schedule.next_civil(after), (expected.year() <= 2100).then(|| expected.at(9, 0, 0, 0)));
    }
}
