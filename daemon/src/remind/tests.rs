//! Tests with a real keeper, and the clock as it is.

use kith_core::plan::outbox::LATE_MINUTES;
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
