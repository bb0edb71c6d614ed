//! Tests with a real keeper, a real bus and real hooks.

use std::fs;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};

use jiff::Timestamp;
use kith_core::fact::{Planned, Reminder};
use kith_core::id::RecordId;
use tokio::task::JoinHandle;

use super::desktop::tests::{Server, TestBus};
use super::house::House;
use super::*;

struct Delivering {
    task: JoinHandle<Result<(), DeliverError>>,
    shutdown: watch::Sender<bool>,
}

fn start(house: &House, bus: Bus) -> Delivering {
    let deliver = Deliver {
        keeper: house.keeper.clone(),
        paths: Arc::new(house.paths.clone()),
        config: house.config("daily", "@daily"),
        bus,
        launcher: Launcher::Child,
    };
    let (shutdown, told) = watch::channel(false);
    Delivering { task: tokio::spawn(run(deliver, mpsc::channel(1).1, told)), shutdown }
}

impl Delivering {
    async fn ends(self) {
        self.shutdown.send(true).unwrap();
        self.task.await.unwrap().unwrap();
    }
}

fn nowhere(house: &House) -> Bus {
    Bus::At(format!("unix:path={}", house.paths.runtime.join("no-bus").display()))
}

fn planned(due: Timestamp, people: &[(&str, RecordId)]) -> Said {
    let reminder = |(name, record): &(&str, RecordId)| Reminder {
        occurrence: OccurrenceId(format!("2026-11-23/daily/{name}")),
        record: Some(*record),
        reasons: vec![format!("It has been a while, {name}.")],
        step: None,
    };
    Said::Planned(Planned {
        schedule: "daily".to_owned(),
        due,
        missed: 0,
        reminders: people.iter().map(reminder).collect(),
    })
}

fn hook(house: &House, name: &str, text: &str) {
    let folder = hook::reminder_folder(&house.paths.hooks);
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
}

fn outcome(house: &House, channel: &str) -> Option<Outcome> {
    house.reminders().first()?.outcomes.get(channel).cloned()
}

/// How many outcomes were written.
fn outcomes(house: &House) -> usize {
    house.keeper.book().words().iter().filter(|(_, _, said)| matches!(said, Said::Outcome { .. })).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_on_done_moves_the_due_date() {
    let Some(bus) = TestBus::start() else { return };
    let house = House::new();
    let ana = house.friend("Ana Silva", "2020-01-01T12:00:00Z").await;
    let mut server = Server::start(&bus, &["actions", "body"]).await;
    let delivering = start(&house, Bus::At(bus.address.clone()));
    house.keeper.say(vec![planned(clock::now(), &[("Ana", ana)])]).await.unwrap();
    let shown = server.next().await;
    assert_eq!(
        (shown.summary.as_str(), shown.body.as_str()),
        ("Reconnect with Ana Silva", "It has been a while, Ana.")
    );
    assert_eq!(house.until(|house| outcome(house, "desktop")).await, Outcome::Delivered);
    server.press(shown.number, "done").await;
    house.until(|house| house.reminders().first().filter(|state| state.done).cloned()).await;
    let talked = house.keeper.book().person(&ana).unwrap().last_interaction.unwrap();
    assert!(clock::now().duration_since(talked).as_secs() < 60);
    delivering.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_on_snooze_puts_the_person_off_for_a_week() {
    let Some(bus) = TestBus::start() else { return };
    let house = House::new();
    let ana = house.friend("Ana Silva", "2020-01-01T12:00:00Z").await;
    let mut server = Server::start(&bus, &["actions", "body"]).await;
    let delivering = start(&house, Bus::At(bus.address.clone()));
    house.keeper.say(vec![planned(clock::now(), &[("Ana", ana)])]).await.unwrap();
    let shown = server.next().await;
    server.press(shown.number, "snooze").await;
    house.until(|house| house.reminders().first().filter(|state| state.snoozed).cloned()).await;
    let until = house.keeper.book().words().snoozed_until(&[ana]);
    assert_eq!(until, Some(answer::in_a_week(clock::now(), &jiff::tz::TimeZone::UTC)));
    delivering.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_on_done_is_heard_by_the_next_run_and_the_outcome_is_written_once() {
    let Some(bus) = TestBus::start() else { return };
    let house = House::new();
    let ana = house.friend("Ana Silva", "2020-01-01T12:00:00Z").await;
    let mut server = Server::start(&bus, &["actions", "body"]).await;
    let delivering = start(&house, Bus::At(bus.address.clone()));
    house.keeper.say(vec![planned(clock::now(), &[("Ana", ana)])]).await.unwrap();
    let shown = server.next().await;
    house.until(|house| outcome(house, "desktop")).await;
    delivering.ends().await;
    let delivering = start(&house, Bus::At(bus.address.clone()));
    let anew = server.next().await;
    assert_eq!((anew.number, anew.summary), (shown.number, shown.summary));
    server.press(shown.number, "done").await;
    house.until(|house| house.reminders().first().filter(|state| state.done).cloned()).await;
    assert_eq!(outcomes(&house), 1);
    delivering.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_is_one_notification_with_the_names() {
    let Some(bus) = TestBus::start() else { return };
    let house = House::new();
    let ana = house.friend("Ana", "2020-01-01T12:00:00Z").await;
    let bo = house.friend("Bo", "2020-01-01T12:00:00Z").await;
    let due = clock::now().checked_sub(jiff::ToSpan::hours(3)).unwrap();
    house.keeper.say(vec![planned(due, &[("Ana", ana), ("Bo", bo)])]).await.unwrap();
    let delivering = start(&house, Bus::At(bus.address.clone()));
    let mut server = Server::start(&bus, &["body"]).await;
    assert_eq!(server.next().await.summary, "While you were away: Ana and Bo");
    let all = |house: &House| house.reminders().iter().all(|state| state.outcomes.len() == 1).then_some(());
    house.until(all).await;
    delivering.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_intent_without_outcome_is_sent_again_and_an_answered_one_is_not() {
    let Some(bus) = TestBus::start() else { return };
    let house = House::new();
    let ana = house.friend("Ana", "2020-01-01T12:00:00Z").await;
    let bo = house.friend("Bo", "2020-01-01T12:00:00Z").await;
    let plan = planned(clock::now(), &[("Ana", ana), ("Bo", bo)]);
    let intent = |name: &str| Said::Intent {
        occurrence: OccurrenceId(format!("2026-11-23/daily/{name}")),
        channel: "desktop".to_owned(),
    };
    house.keeper.say(vec![plan, intent("Ana"), intent("Bo")]).await.unwrap();
    let answered = BTreeSet::from([OccurrenceId("2026-11-23/daily/Bo".to_owned())]);
    house.keeper.say(answer::done(&house.keeper, &answered, clock::now())).await.unwrap();
    let mut server = Server::start(&bus, &["body"]).await;
    let delivering = start(&house, Bus::At(bus.address.clone()));
    assert_eq!(server.next().await.summary, "Reconnect with Ana");
    let ends = |house: &House| {
        let outcomes = house.reminders().iter().flat_map(|state| state.outcomes.values().cloned()).collect::<Vec<_>>();
        (outcomes.len() == 2).then_some(outcomes)
    };
    assert_eq!(house.until(ends).await, [Outcome::Delivered, Outcome::Overtaken]);
    delivering.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hooks_are_told_without_a_desktop_and_are_in_the_log() {
    let house = House::new();
    let ana = house.friend("Ana Silva", "2020-01-01T12:00:00Z").await;
    hook(&house, "10-keep", r#"cat > "$0.told"; echo kept; chmod 600 "$0.told""#);
    let delivering = start(&house, nowhere(&house));
    house.keeper.say(vec![planned(clock::now(), &[("Ana", ana)])]).await.unwrap();
    assert_eq!(house.until(|house| outcome(house, "exec/10-keep")).await, Outcome::Delivered);
    let told = fs::read(hook::reminder_folder(&house.paths.hooks).join("10-keep.told")).unwrap();
    let told: serde_json::Value = serde_json::from_slice(&told).unwrap();
    assert_eq!((&told["version"], &told["event"]), (&1.into(), &"reminder-due".into()));
    assert_eq!(told["reminders"][0]["person"]["name"], "Ana Silva");
    let runs = log::last(&house.paths.state, 9).unwrap();
    assert_eq!((runs.len(), runs[0].ok, runs[0].output.as_str()), (1, true, "kept\n"));
    // The desktop is still waited for.
    assert_eq!(outcome(&house, "desktop"), None);
    delivering.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_reminders_wait_for_a_server_and_each_is_shown_once_when_it_appears() {
    let Some(bus) = TestBus::start() else { return };
    let house = House::new();
    let names: Vec<String> = (0..100).map(|number| format!("Friend {number:02}")).collect();
    let mut people = Vec::new();
    for name in &names {
        people.push((name.as_str(), house.friend(name, "2020-01-01T12:00:00Z").await));
    }
    let delivering = start(&house, Bus::At(bus.address.clone()));
    house.keeper.say(vec![planned(clock::now(), &people)]).await.unwrap();
    let begun = |house: &House| house.reminders().iter().all(|state| state.intents.contains("desktop"));
    house.until(|house| begun(house).then_some(())).await;
    let appeared = clock::awake();
    let mut server = Server::start(&bus, &["actions", "body"]).await;
    let mut shown = BTreeSet::new();
    for _ in 0..100 {
        let summary = server.next().await.summary;
        assert!(shown.insert(summary.clone()), "twice: {summary}");
    }
    let took = clock::awake().saturating_sub(appeared);
    assert!(took < Duration::from_secs(10), "{took:?}");
    let told = |house: &House| house.reminders().iter().all(|state| state.outcomes.contains_key("desktop"));
    house.until(|house| told(house).then_some(())).await;
    // What comes next is the next reminder, and nothing of the hundred.
    let late = house.friend("Late", "2020-01-01T12:00:00Z").await;
    house.keeper.say(vec![planned(clock::now(), &[("Late", late)])]).await.unwrap();
    assert_eq!(server.next().await.summary, "Reconnect with Late");
    delivering.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_reminders_of_many_days_become_one_digest_when_a_server_appears() {
    let Some(bus) = TestBus::start() else { return };
    let house = House::new();
    let delivering = start(&house, Bus::At(bus.address.clone()));
    let now = clock::now();
    for number in 0..100 {
        let name = format!("Friend {number:02}");
        let record = house.friend(&name, "2020-01-01T12:00:00Z").await;
        house.keeper.say(vec![planned(now, &[(&name, record)])]).await.unwrap();
    }
    let mut server = Server::start(&bus, &["actions", "body"]).await;
    let shown = server.next().await;
    assert!(shown.summary.starts_with("While you were away"), "{}", shown.summary);
    assert_eq!(shown.body.lines().count(), 100);
    let told = |house: &House| house.reminders().iter().all(|state| state.outcomes.contains_key("desktop"));
    house.until(|house| told(house).then_some(())).await;
    delivering.ends().await;
}
