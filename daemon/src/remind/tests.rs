//! Tests with a real keeper, and the clock as it is.

mod gives;

use jiff::civil::Weekday;
use kith_core::book::words::manual_record;
use kith_core::fact::{Care, Kind, OccurrenceId, Reminder, Stage, Tells};
use kith_core::id::RecordId;
use kith_core::plan::outbox::LATE_MINUTES;
use kith_proto::card::{Anniversary, AnniversaryKind, Card, Organization};
use kith_proto::date::PartialDate;
use kith_proto::interaction::InteractionKind;
use tokio::task::JoinHandle;

use super::*;
use crate::deliver::house::House;

const EVERY_SECOND: &str = "* * * * * *";

struct Reminding {
    task: JoinHandle<Result<(), RemindError>>,
    shutdown: watch::Sender<bool>,
    _jumps: watch::Sender<u64>,
}

fn start(house: &House, config: watch::Receiver<Arc<Config>>) -> Reminding {
    let (jumps, jumped) = watch::channel(0);
    let (shutdown, told) = watch::channel(false);
    let remind = Remind { keeper: house.keeper.clone(), config, jumps: jumped };
    Reminding { task: tokio::spawn(run(remind, told)), shutdown, _jumps: jumps }
}

impl Reminding {
    async fn ends(self) {
        self.shutdown.send(true).unwrap();
        self.task.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn plans_when_the_occurrence_comes_and_names_nobody_twice_a_day() {
    let house = House::new();
    let ana = house.friend("Ana Silva", "2020-01-01T12:00:00Z").await;
    let reminding = start(&house, house.config("often", EVERY_SECOND));
    let reminder = house.until(|house| house.reminders().pop()).await;
    assert_eq!(reminder.reminder.record, Some(ana));
    let reasons = reminder.reminder.reasons.join(" ");
    assert!(reasons.ends_with("since your last call; you wanted to talk every 2 months."), "{reasons}");
    let planned = reminder.due;
    house.until(|house| house.last_planned("often").filter(|last| *last > planned)).await;
    assert_eq!(house.reminders().len(), 1);
    reminding.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_becomes_one_plan() {
    let house = House::new();
    house.friend("Ana", "2020-01-01T12:00:00Z").await;
    house.friend("Bo", "2020-01-01T12:00:00Z").await;
    let last = clock::now().checked_sub((5 * 24).hours()).unwrap();
    let before = Planned { schedule: "daily".to_owned(), due: last, missed: 0, reminders: Vec::new() };
    house.keeper.say(vec![Said::Planned(before)]).await.unwrap();
    // An hour that is not near: the newest occurrence is half a day ago.
    let hour = TimeZone::UTC.to_datetime(clock::now().checked_sub(12.hours()).unwrap()).hour();
    let reminding = start(&house, house.config("daily", &format!("0 {hour} * * *")));
    let reminders = house.until(|house| Some(house.reminders()).filter(|all| all.len() == 2)).await;
    assert_eq!(reminders.iter().map(|state| state.missed).collect::<Vec<_>>(), [4, 4]);
    assert!(reminders.iter().all(|state| state.planned_at > state.due + LATE_MINUTES.minutes()));
    reminding.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_plans_from_then_on() {
    let house = House::new();
    house.friend("Ana", "2020-01-01T12:00:00Z").await;
    let reminding = start(&house, house.config("yearly", "@yearly"));
    house.until(|house| house.last_planned("yearly")).await;
    assert_eq!(house.reminders(), []);
    reminding.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_does_not_deliver_does_not_plan() {
    let mut house = House::new();
    house.friend("Ana", "2020-01-01T12:00:00Z").await;
    house.config.deliver = Some(false);
    let (mine, others) = (house.config("often", EVERY_SECOND), house.config("other", EVERY_SECOND));
    let silent = start(&house, mine);
    house.config.deliver = Some(true);
    let config = Arc::new(Config { deliver: Some(true), ..(**others.borrow()).clone() });
    let speaking = start(&house, watch::channel(config).1);
    house.until(|house| house.reminders().pop()).await;
    assert_eq!(house.last_planned("often"), None);
    silent.ends().await;
    speaking.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_from_a_clock_in_the_future_does_not_silence_reminders() {
    let house = House::new();
    house.friend("Ana", "2020-01-01T12:00:00Z").await;
    let due = clock::now().checked_add((24 * 365).hours()).unwrap();
    let wrong = Planned { schedule: "often".to_owned(), due, missed: 0, reminders: Vec::new() };
    house.keeper.say(vec![Said::Planned(wrong)]).await.unwrap();
    let reminding = start(&house, house.config("often", EVERY_SECOND));
    let reminder = house.until(|house| house.reminders().pop()).await;
    assert_eq!(reminder.missed, 0);
    reminding.ends().await;
}

fn due(house: &House, looked: &mut Looked, name: &str, now: Timestamp) -> Option<Planned> {
    let config = house.config(name, "0 9 * * *").borrow().clone();
    super::due(looked, &house.keeper, &config, &config.schedules[0], now).unwrap()
}

async fn has_planned(house: &House, schedule: &str, due: Timestamp, reminders: Vec<Reminder>) {
    let plan = Planned { schedule: schedule.to_owned(), due, missed: 0, reminders };
    house.keeper.say(vec![Said::Planned(plan)]).await.unwrap();
}

fn names_of(house: &House, schedule: &str, now: Timestamp) -> Vec<String> {
    let config = house.config(schedule, "0 9 * * *").borrow().clone();
    let reminders = people::plan(&house.keeper, &config, schedule, now).unwrap();
    reminders.iter().filter_map(|reminder| people::name(&house.keeper, &reminder.record?)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_while_off_is_planned_although_a_wrong_clock_once_planned_a_year_ahead() {
    let house = House::new();
    let now: Timestamp = "2026-11-23T10:00:00Z".parse().unwrap();
    has_planned(&house, "daily", "2026-11-21T09:00:00Z".parse().unwrap(), Vec::new()).await;
    has_planned(&house, "daily", "2027-11-22T09:00:00Z".parse().unwrap(), Vec::new()).await;
    let planned = due(&house, &mut Looked::default(), "daily", now).unwrap();
    assert_eq!((planned.due.to_string(), planned.missed), ("2026-11-23T09:00:00Z".to_owned(), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_is_made_up_for_behind_a_day_off_and_what_came_on_one_is_not() {
    let house = House::new();
    let monday: Timestamp = "2026-11-30T09:00:00Z".parse().unwrap();
    let due = async |name: &str, cron: &str| {
        has_planned(&house, name, "2026-11-20T17:00:00Z".parse().unwrap(), Vec::new()).await;
        let schedules = house.config(name, cron).borrow().schedules.clone();
        let config = Config { schedules, days_off: vec![Weekday::Saturday, Weekday::Sunday], ..house.config.clone() };
        let planned = super::due(&mut Looked::default(), &house.keeper, &config, &config.schedules[0], monday).unwrap();
        planned.map(|planned| planned.due.to_string())
    };
    assert_eq!(due("friday", "0 17 * * 5").await.as_deref(), Some("2026-11-27T17:00:00Z"));
    assert_eq!(due("saturday", "0 17 * * 6").await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_day_off_nothing_is_planned_and_what_was_missed_before_it_waits() {
    let house = House::new();
    house.friend("Ana", "2020-01-01T12:00:00Z").await;
    let (now, every_day) = (clock::now(), [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday]);
    let missed = now.checked_sub(48.hours()).unwrap();
    has_planned(&house, "often", missed, Vec::new()).await;
    let every_day = every_day.into_iter().chain([Weekday::Friday, Weekday::Saturday, Weekday::Sunday]);
    let mut schedules = house.config("often", "0 0 * * * *").borrow().schedules.clone();
    schedules.extend(house.config("new", "0 0 * * * *").borrow().schedules.clone());
    let config = Config { schedules, days_off: every_day.collect(), ..house.config.clone() };
    let remind = Remind {
        keeper: house.keeper.clone(),
        config: watch::channel(Arc::new(config.clone())).1,
        jumps: watch::channel(0).1,
    };
    let next = turn(&remind, &config, &mut Looked::default()).await.unwrap().unwrap();
    assert!(next <= now.checked_add(1.hours()).unwrap(), "{next}");
    assert_eq!(house.last_planned("often"), Some(missed));
    assert!(house.last_planned("new").is_some(), "it begins, and misses nothing from here on");
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_a_wrong_clock_named_a_year_ahead_is_named_again_when_it_is_right() {
    let house = House::new();
    let ana = house.friend("Ana", "2020-01-01T12:00:00Z").await;
    // The reminder is written down by the clock as it is, and looked at a year before.
    let ahead = clock::now();
    let reminder = Reminder {
        record: Some(ana),
        ..Reminder::new(OccurrenceId("ahead/daily/ana".to_owned()), vec!["It has been a while.".to_owned()])
    };
    has_planned(&house, "daily", ahead, vec![reminder]).await;
    assert_eq!(names_of(&house, "daily", ahead), [""; 0]);
    assert_eq!(names_of(&house, "daily", ahead.checked_sub((24 * 365).hours()).unwrap()), ["Ana"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_day_again_after_a_flight_west_or_a_clock_set_back_names_nobody_more() {
    let house = House::new();
    for name in ["Ana", "Bo", "Cleo", "Dan"] {
        house.friend(name, "2020-01-01T12:00:00Z").await;
    }
    let now = clock::now();
    let config = house.config("daily", "0 9 * * *").borrow().clone();
    let first = people::plan(&house.keeper, &config, "daily", now).unwrap();
    assert_eq!(first.len(), 3);
    has_planned(&house, "daily", now, first).await;
    assert_eq!(names_of(&house, "daily", now), [""; 0]);
    assert_eq!(names_of(&house, "evening", now).len(), 1, "another schedule has its own number");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_that_is_renamed_or_added_loses_no_birthday() {
    let house = House::new();
    let mut card = Card::default();
    card.name.full = Some("Ana".to_owned());
    let date = PartialDate::new(None, Some(11), Some(21)).unwrap();
    card.anniversaries = vec![Anniversary { kind: AnniversaryKind::Birth, date, raw: None, label: None }];
    house.keeper.say(vec![Said::Add { key: "Ana".to_owned(), card: Box::new(card) }]).await.unwrap();
    let at = |text: &str| -> Timestamp { text.parse().unwrap() };
    has_planned(&house, "weekly", at("2026-11-09T09:00:00Z"), Vec::new()).await;
    has_planned(&house, "weekly", at("2026-11-16T09:00:00Z"), Vec::new()).await;
    let begins = due(&house, &mut Looked::default(), "mondays", at("2026-11-22T20:00:00Z")).unwrap();
    house.keeper.say(vec![Said::Planned(begins)]).await.unwrap();
    assert_eq!(names_of(&house, "mondays", at("2026-11-23T09:00:00Z")), ["Ana"]);
}

fn reasons_of(house: &House, now: &str) -> Vec<String> {
    let config = house.config("daily", "0 9 * * *").borrow().clone();
    let reminders = people::plan(&house.keeper, &config, "daily", now.parse().unwrap()).unwrap();
    reminders.into_iter().flat_map(|reminder| reminder.reasons).collect()
}

fn labelled(label: &str, year: i16, month: i8, day: i8) -> Anniversary {
    let date = PartialDate::new(Some(year), Some(month), Some(day)).unwrap();
    Anniversary { kind: AnniversaryKind::Other, date, raw: None, label: Some(label.to_owned()) }
}

async fn add(house: &House, name: &str, company: &str, days: Vec<Anniversary>) -> RecordId {
    let mut card = Card { anniversaries: days, ..Card::default() };
    card.name.full = Some(name.to_owned());
    card.organizations = vec![Organization { name: company.to_owned(), units: Vec::new() }];
    house.keeper.say(vec![Said::Add { key: name.to_owned(), card: Box::new(card) }]).await.unwrap();
    manual_record(name)
}

fn set(record: RecordId, field: &str, value: &str) -> Said {
    Said::Set { record, field: field.to_owned(), value: Some(value.to_owned()) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_work_anniversary_comes_from_a_card_or_from_the_user_and_ends_with_another_company() {
    let house = House::new();
    let ana = add(&house, "Ana Silva", "Example Works", vec![labelled("Hire date", 2023, 11, 23)]).await;
    let day = "2026-11-23T10:00:00Z";
    assert_eq!(reasons_of(&house, day), [""; 0], "she is in no circle");
    let circle = Said::Circle { record: ana, circle: Some("friends".to_owned()) };
    let met = |at: &str| Said::Log {
        records: vec![ana],
        kind: InteractionKind::Call,
        at: at.parse().unwrap(),
        text: None,
        occurrence: None,
    };
    house.keeper.say(vec![circle, met("2026-11-20T10:00:00Z"), met("2025-11-20T10:00:00Z")]).await.unwrap();
    assert_eq!(reasons_of(&house, day), ["Ana marks 3 years at Example Works today."]);
    assert_eq!(reasons_of(&house, "2026-11-24T10:00:00Z"), [""; 0]);
    house.keeper.say(vec![set(ana, "organization", "Other House")]).await.unwrap();
    assert_eq!(reasons_of(&house, day), [""; 0], "the day was about another company");
    house.keeper.say(vec![set(ana, "started", "2025-11-23")]).await.unwrap();
    assert_eq!(reasons_of(&house, day), ["Ana marks 1 year at Other House today."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_with_a_label_is_told_of_everybody_in_its_words() {
    let house = House::new();
    add(&house, "Bo Ek", "Example Works", vec![labelled("Name day", 2020, 11, 23), labelled("Other", 2020, 11, 23)])
        .await;
    assert_eq!(reasons_of(&house, "2026-11-23T10:00:00Z"), ["Bo's card says: \"Name day\" is today, 6 years on."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_does_not_deliver_looks_again_whether_it_should() {
    let house = House::new();
    let config = Config { deliver: Some(false), ..(**house.config("daily", "0 9 * * *").borrow()).clone() };
    let remind = Remind {
        keeper: house.keeper.clone(),
        config: watch::channel(Arc::new(config.clone())).1,
        jumps: watch::channel(0).1,
    };
    assert!(turn(&remind, &config, &mut Looked::default()).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_by_a_schedule_of_every_second_is_what_comes_by_one_of_every_day() {
    let house = House::new();
    for name in ["Ana", "Bo", "Cleo", "Dan", "Eva", "Fay", "Gus"] {
        house.friend(name, "2020-01-01T12:00:00Z").await;
    }
    let coming = |cron| {
        let config = house.config("schedule", cron).borrow().clone();
        let coming = people::ahead(&house.keeper, &config, clock::now(), 92).unwrap();
        let date = |at: Timestamp| config.zone().to_datetime(at).date();
        coming.into_iter().map(|coming| (coming.reminder.record, date(coming.at))).collect::<Vec<_>>()
    };
    let of_last_second = coming("59 59 23 * * *");
    assert_eq!(of_last_second[2].1, of_last_second[0].1, "{of_last_second:?}");
    assert_ne!(of_last_second[3].1, of_last_second[0].1, "three a day: {of_last_second:?}");
    assert_eq!(coming(EVERY_SECOND), of_last_second);
}

#[tokio::test(flavor = "multi_thread")]
async fn contact_that_is_learnt_of_later_answers_a_reminder_where_it_is_not_older_than_the_cadence() {
    let house = House::new();
    let ana = house.friend("Ana Silva", "2020-01-01T12:00:00Z").await;
    let reminding = start(&house, house.config("often", EVERY_SECOND));
    let state = house.until(|house| house.reminders().pop()).await;
    reminding.ends().await;
    let is_over = || people::is_over(&house.keeper.book(), &house.reminders()[0]);
    let log = |days: i64| {
        let at = state.planned_at.checked_sub((24 * days).hours()).unwrap();
        Said::Log { records: vec![ana], kind: InteractionKind::Call, at, text: None, occurrence: None }
    };
    house.keeper.say(vec![log(70)]).await.unwrap();
    assert!(!is_over(), "they are due all the same");
    house.keeper.say(vec![log(1)]).await.unwrap();
    assert!(is_over());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_introduction_that_goes_on_ends_its_reminder() {
    let house = House::new();
    let ana = house.friend("Ana Silva", "2020-01-01T12:00:00Z").await;
    let bo = house.friend("Bo Berg", "2020-01-01T12:00:00Z").await;
    let step = |stage| vec![Said::Care(Care::Introduction { a: ana, b: bo, stage, text: None })];
    house.keeper.say(step(Stage::Made)).await.unwrap();
    let reminder = Reminder {
        record: Some(ana),
        tells: vec![Tells { kind: Kind::Introduction, on: None }],
        ..Reminder::new(OccurrenceId("introduction".to_owned()), vec!["You introduced Ana and Bo.".to_owned()])
    };
    has_planned(&house, "daily", clock::now(), vec![reminder]).await;
    // It was planned when the introduction had rested for a week.
    let mut state = house.reminders().remove(0);
    state.planned_at = state.planned_at.checked_add((8 * 24).hours()).unwrap();
    let is_over = || people::is_over(&house.keeper.book(), &state);
    assert!(!is_over());
    house.keeper.say(step(Stage::Thanked)).await.unwrap();
    assert!(is_over());
}

#[tokio::test(flavor = "multi_thread")]
async fn contact_that_the_plan_knew_of_answers_no_word_for_a_birthday() {
    let house = House::new();
    let ana = house.friend("Ana Silva", "2020-01-01T12:00:00Z").await;
    let reminder = Reminder {
        record: Some(ana),
        ..Reminder::new(OccurrenceId("birthday".to_owned()), vec!["Ana's birthday is today.".to_owned()])
    };
    has_planned(&house, "daily", clock::now(), vec![reminder]).await;
    let planned = house.reminders()[0].planned_at;
    let log = |at| Said::Log { records: vec![ana], kind: InteractionKind::Meeting, at, text: None, occurrence: None };
    let is_over = || people::is_over(&house.keeper.book(), &house.reminders()[0]);
    house.keeper.say(vec![log(Timestamp::from_second(planned.as_second()).unwrap())]).await.unwrap();
    assert!(!is_over(), "they met in the second of the plan, before it");
    house.keeper.say(vec![log(planned.checked_add(1.second()).unwrap())]).await.unwrap();
    assert!(is_over());
}
