//! Tests of when plans are made, and of what a look ahead says of it.

use jiff::civil::{Weekday, date};
use kith_core::fact::{Care, Planned, Said};
use kith_core::schedule::looked::Looked;

use super::*;
use crate::clock;
use crate::deliver::house::House;
use crate::remind::explain;
use crate::remind::people::ahead;

/// A config of a house whose schedule is called "plan".
fn config(house: &House, cron: &str, quiet: Option<&str>, days_off: &[Weekday]) -> Config {
    let schedules = house.config("plan", cron).borrow().schedules.clone();
    let quiet = quiet.map(|quiet| quiet.parse().unwrap());
    Config { schedules, quiet, days_off: days_off.to_vec(), ..house.config.clone() }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_made_behind_the_quiet_hours_and_on_no_day_off() {
    let house = House::new();
    let next = |cron: &str, quiet: Option<&str>, off: &[Weekday], now: &str| {
        let config = config(&house, cron, quiet, off);
        next_plan(&house.keeper.book(), &config, at(now)).unwrap().to_string()
    };
    let (saturday, weekend) = ([Weekday::Saturday], [Weekday::Saturday, Weekday::Sunday]);
    // 27 November 2026 is a Friday.
    let noon = "2026-11-27T12:00:00Z";
    assert_eq!(next("0 9 * * *", None, &[], noon), "2026-11-28T09:00:00Z");
    assert_eq!(next("0 9 * * *", None, &weekend, noon), "2026-11-30T09:00:00Z");
    let night = Some("21:00-08:00");
    assert_eq!(next("0 22 * * *", night, &[], noon), "2026-11-28T08:00:00Z");
    assert_eq!(next("0 22 * * *", night, &saturday, noon), "2026-11-29T08:00:00Z");
    assert_eq!(next("0 22 * * *", night, &[], "2026-11-28T03:00:00Z"), "2026-11-28T08:00:00Z", "what came waits");
    assert_eq!(next("0 22 * * *", night, &[], "2026-11-28T08:00:00Z"), "2026-11-29T08:00:00Z");
    assert_eq!(next("* * * * * *", night, &saturday, noon), "2026-11-27T12:00:01Z");
    assert_eq!(next("* * * * * *", night, &[Weekday::Friday], noon), "2026-11-28T08:00:00Z");
    let every: Vec<Weekday> = Weekday::Monday.cycle_forward().take(7).collect();
    assert_eq!(next("0 9 * * *", None, &every, noon), "2026-11-28T09:00:00Z", "it never comes otherwise");
    house.keeper.say(vec![Care::Pause { until: Some(date(2026, 12, 24)) }.into()]).await.unwrap();
    assert_eq!(next("0 9 * * *", None, &[], noon), "2026-12-24T09:00:00Z");
    assert_eq!(next("0 22 * * *", night, &[], noon), "2026-12-24T08:00:00Z");
    let days = [(date(2026, 11, 27), date(2026, 12, 24)), (date(2026, 12, 24), date(2026, 12, 25))];
    for (today, next) in days {
        assert_eq!(next_day(&house.keeper.book(), &config(&house, "0 22 * * *", night, &[]), today), next);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_before_a_rest_is_made_up_for_also_where_a_later_one_came_in_it() {
    let house = House::new();
    let planned =
        Planned { schedule: "plan".to_owned(), due: at("2026-11-20T17:00:00Z"), missed: 0, reminders: vec![] };
    house.keeper.say(vec![Said::Planned(planned)]).await.unwrap();
    let sunday = at("2026-11-29T10:00:00Z");
    let due = |config: &Config| {
        let due = crate::remind::due(&mut Looked::default(), &house.keeper, config, &config.schedules[0], sunday);
        due.unwrap().map(|planned| (planned.due.to_string(), planned.missed))
    };
    let off = [Weekday::Saturday];
    let friday = Some(("2026-11-27T09:00:00Z".to_owned(), 1));
    assert_eq!(due(&config(&house, "0 9 * * 5,6", None, &off)), friday);
    assert_eq!(due(&config(&house, "0 9 * * 6", None, &off)), None);
    let night = |off| due(&config(&house, "0 22 * * 5", Some("21:00-08:00"), &[off]));
    assert_eq!(night(Weekday::Saturday), None, "each was to be made on a Saturday");
    assert_eq!(night(Weekday::Friday), Some(("2026-11-27T22:00:00Z".to_owned(), 1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_in_a_pause_that_was_extended_is_not_made_up_for() {
    let house = House::new();
    let config = config(&house, "0 9 * * *", None, &[]);
    let now = clock::now();
    let days = |days: i64| now.checked_add((24 * days).hours()).unwrap();
    let until = |days_on: i64| Some(TimeZone::UTC.to_datetime(days(days_on)).date());
    let planned = Planned { schedule: "plan".to_owned(), due: now, missed: 0, reminders: vec![] };
    house.keeper.say(vec![Said::Planned(planned)]).await.unwrap();
    house.keeper.say(vec![Care::Pause { until: until(10) }.into()]).await.unwrap();
    let since = |at| rested_since(&house.keeper.book(), &config, at);
    let (first, at) = (since(days(5)).unwrap(), clock::now());
    assert!(first <= at);
    // Words of one millisecond would be said at one instant.
    let in_the_next = first.checked_add(1.millisecond()).unwrap();
    while clock::now() < in_the_next {
        tokio::task::yield_now().await;
    }
    house.keeper.say(vec![Care::Pause { until: until(20) }.into()]).await.unwrap();
    assert!(since(days(15)).unwrap() >= first, "the second word");
    assert_eq!(since(first), Some(first), "the first word held then");
    assert_eq!(since(days(21)), None);
    house.keeper.say(vec![Care::Pause { until: None }.into()]).await.unwrap();
    assert_eq!((since(days(15)), since(first)), (None, Some(first)), "what came before it ended was in it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_ahead_says_when_a_plan_behind_quiet_hours_is_made_and_with_the_words_of_that_day() {
    let house = House::new();
    let ana = house.friend("Ana", "2026-11-01T12:00:00Z").await;
    let promise = Care::Promise { record: ana, text: "the draft".to_owned(), due: Some(date(2026, 11, 30)), of: None };
    house.keeper.say(vec![promise.into()]).await.unwrap();
    let quiet = config(&house, "0 22 * * *", Some("21:00-08:00"), &[Weekday::Saturday, Weekday::Sunday]);
    let told: Vec<_> = ahead(&house.keeper, &quiet, at("2026-11-25T12:00:00Z"), 7).unwrap();
    let told: Vec<_> = told.iter().map(|coming| (coming.at.to_string(), coming.reminder.reasons.join(" "))).collect();
    let said = |day: &str, when: &str| (format!("{day}T08:00:00Z"), format!("You promised Ana: \"the draft\". {when}"));
    assert_eq!(told, [said("2026-11-27", "It is due on Monday, 30 November."), said("2026-11-30", "It is due today.")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn why_somebody_does_not_come_today_names_those_who_did() {
    let house = House::new();
    for name in ["Ana", "Bo", "Cleo", "Dan"] {
        house.friend(name, "2020-01-01T12:00:00Z").await;
    }
    let now = clock::now();
    let config = config(&house, "* * * * * *", None, &[]);
    let reminders = crate::remind::people::plan(&house.keeper, &config, "plan", now).unwrap();
    let named: Vec<_> = reminders.iter().filter_map(|reminder| reminder.record).collect();
    let why = |who| {
        let book = house.keeper.book();
        let person = book.person(&who).unwrap();
        explain::of(&house.keeper, &config, &person, now).unwrap().why.join(" ")
    };
    let left = ["Ana", "Bo", "Cleo", "Dan"].map(kith_core::book::words::manual_record);
    let left = *left.iter().find(|record| !named.contains(record)).unwrap();
    assert!(why(left).contains("A day names 3 at most, and these come before them: "), "{}", why(left));
    house
        .keeper
        .say(vec![Said::Planned(Planned { schedule: "plan".to_owned(), due: now, missed: 0, reminders })])
        .await
        .unwrap();
    assert!(why(left).contains("A day names 3 at most, and these come before them: "), "{}", why(left));
    assert!(why(left).contains("It would be told: "), "{}", why(left));
    assert!(why(named[0]).contains("You were reminded of them today, and nothing more comes today."));
}
