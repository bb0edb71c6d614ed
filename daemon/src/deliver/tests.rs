//! Tests with a real keeper, a real bus and real hooks.

use std::fs;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};

use jiff::ToSpan as _;
use jiff::tz::{Offset, TimeZone};
use kith_core::fact::{Planned, Reminder};
use kith_core::id::RecordId;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::desktop::tests::{Server, Shown, TestBus};
use super::house::House;
use super::*;

struct Delivering {
    task: JoinHandle<Result<(), DeliverError>>,
    shutdown: watch::Sender<bool>,
}

fn start(house: &House, bus: Bus) -> Delivering {
    start_with(house, bus, channels(house))
}

fn start_with(house: &House, bus: Bus, channels: Channels) -> Delivering {
    start_as(house, house.config("daily", "@daily"), bus, channels)
}

fn start_as(house: &House, config: watch::Receiver<Arc<Config>>, bus: Bus, channels: Channels) -> Delivering {
    const SOON: Duration = Duration::from_millis(1);
    let deliver = Deliver {
        keeper: house.keeper.clone(),
        paths: Arc::new(house.paths.clone()),
        config,
        bus,
        launcher: Launcher::Child,
        channels,
        problems: watch::channel(Vec::new()).1,
        jumps: watch::channel(0).1,
        hooks_tried_after: &[SOON; 2],
    };
    let (shutdown, told) = watch::channel(false);
    Delivering { task: tokio::spawn(run(deliver, mpsc::channel(1).1, told)), shutdown }
}

/// What waits for hooks and channels, sent by a program of the test's: `kith-channel` in the house's folder of state.
fn channels(house: &House) -> Channels {
    let sender =
        Sender { program: house.paths.state.join("kith-channel"), launcher: Launcher::Child, tries_after: &[] };
    Channels { queue: Queue::load(&house.paths.state), sender }
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
        record: Some(*record),
        ..Reminder::new(OccurrenceId(format!("2026-11-23/daily/{name}")), vec![format!("It has been a while, {name}.")])
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

/// Waits until all reminders are handed to a channel.
async fn all_begun(house: &House, channel: &str) {
    let begun = |house: &House| house.reminders().iter().all(|state| state.intents.contains(channel)).then_some(());
    house.until(begun).await;
}

/// How many outcomes were written.
fn outcomes(house: &House) -> usize {
    house.keeper.book().words().iter().filter(|(_, _, said)| matches!(said, Said::Outcome { .. })).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_a_desktop_is_not_told_in_the_quiet_hours() {
    let Some(bus) = TestBus::start() else { return };
    let house = House::new();
    let ana = house.friend("Ana Silva", "2020-01-01T12:00:00Z").await;
    let loud = Arc::clone(&house.config("daily", "@daily").borrow());
    let hour =
        |hours: i64| clock::now().to_zoned(TimeZone::UTC).saturating_add(hours.hours()).strftime("%H:%M").to_string();
    let quiet = format!("{}-{}", hour(-1), hour(2)).parse().ok();
    let (configure, config) = watch::channel(Arc::new(Config { quiet, ..(*loud).clone() }));
    let mut server = Server::start(&bus, &["body"]).await;
    let delivering = start_as(&house, config, Bus::At(bus.address.clone()), channels(&house));
    house.keeper.say(vec![planned(clock::now(), &[("Ana", ana)])]).await.unwrap();
    assert!(timeout(Duration::from_secs(1), server.next()).await.is_err());
    configure.send(loud).unwrap();
    assert_eq!(server.next().await.summary, "Reconnect with Ana Silva");
    delivering.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_a_desktop_as_the_quiet_hours_begin_is_not_told_in_them() {
    let Some(bus) = TestBus::start() else { return };
    let house = House::new();
    let ana = house.friend("Ana Silva", "2020-01-01T12:00:00Z").await;
    house.keeper.say(vec![planned(clock::now(), &[("Ana", ana)])]).await.unwrap();
    // In a zone where it is almost nine in the evening.
    let begins = clock::now() + Duration::from_secs(3);
    let since_midnight = i32::try_from(begins.as_second().rem_euclid(86_400)).unwrap();
    let zone = TimeZone::fixed(Offset::from_seconds(21 * 3_600 - since_midnight).unwrap());
    let loud = Config { timezone: Some(zone), ..(**house.config("daily", "@daily").borrow()).clone() };
    let quiet = "21:00-08:00".parse().ok();
    let (configure, config) = watch::channel(Arc::new(Config { quiet, ..loud.clone() }));
    let delivering = start_as(&house, config, Bus::At(bus.address.clone()), channels(&house));
    all_begun(&house, "desktop").await;
    let (_jumps, mut jumped) = watch::channel(0);
    clock::sleep_until(begins + Duration::from_millis(500), &mut jumped).await;
    let mut server = Server::start(&bus, &["body"]).await;
    assert!(timeout(Duration::from_secs(1), server.next()).await.is_err());
    configure.send(Arc::new(loud)).unwrap();
    assert_eq!(server.next().await.summary, "Reconnect with Ana Silva");
    delivering.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn to_snooze_somebody_answers_all_that_is_open_of_them() {
    let house = House::new();
    let ana = house.friend("Ana Silva", "2020-01-01T12:00:00Z").await;
    house.keeper.say(vec![planned(clock::now(), &[("Monday", ana), ("Thursday", ana)])]).await.unwrap();
    let until = jiff::civil::date(2100, 1, 1);
    let snooze = |occurrence| Said::Snooze { record: ana, until, skipped: None, occurrence };
    let said = answer::of_each_open(&house.keeper, &ana, clock::now(), snooze);
    assert_eq!(said.len(), 2);
    house.keeper.say(said).await.unwrap();
    assert_eq!(crate::remind::people::all_open(&house.keeper, clock::now()), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn to_snooze_somebody_answers_what_waits_for_a_channel_however_old() {
    let house = House::new();
    let ana = house.friend("Ana Silva", "2020-01-01T12:00:00Z").await;
    let occurrence = OccurrenceId("2026-11-23/daily/Ana".to_owned());
    let intent = Said::Intent { occurrence: occurrence.clone(), channel: "desktop".to_owned() };
    house.keeper.say(vec![planned(clock::now(), &[("Ana", ana)]), intent]).await.unwrap();
    let in_a_month = clock::now() + Duration::from_secs(30 * 86_400);
    assert_eq!(answer::open_reminders_of(&house.keeper, &ana, in_a_month), BTreeSet::from([occurrence.clone()]));
    let delivered = Said::Outcome { occurrence, channel: "desktop".to_owned(), outcome: Outcome::Delivered };
    house.keeper.say(vec![delivered]).await.unwrap();
    assert_eq!(answer::open_reminders_of(&house.keeper, &ana, in_a_month), BTreeSet::new());
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
    let until = house.keeper.book().words().put_off(&[ana]).until();
    assert_eq!(until, Some(answer::in_a_week(clock::now(), &TimeZone::UTC)));
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
async fn a_hook_that_fails_is_told_anew_at_each_try_and_given_up_after_the_last() {
    let house = House::new();
    let ana = house.friend("Ana Silva", "2020-01-01T12:00:00Z").await;
    let bo = house.friend("Bo Berg", "2020-01-01T12:00:00Z").await;
    let go = house.paths.state.join("go");
    let names = "grep -o 'Ana Silva\\|Bo Berg' | sort -u | tr '\\n' ' '";
    hook(&house, "10-keep", &format!("{names}; until test -e {}; do sleep 0.02; done; exit 3", go.display()));
    house.keeper.say(vec![planned(clock::now(), &[("Ana", ana), ("Bo", bo)])]).await.unwrap();
    let delivering = start(&house, nowhere(&house));
    all_begun(&house, "exec/10-keep").await;
    let answered = BTreeSet::from([OccurrenceId("2026-11-23/daily/Bo".to_owned())]);
    house.keeper.say(answer::done(&house.keeper, &answered, clock::now())).await.unwrap();
    fs::write(go, "").unwrap();
    let failed = |house: &House| house.reminders()[0].outcomes.get("exec/10-keep").cloned();
    assert_eq!(house.until(failed).await, Outcome::Failed("ended with status 3".to_owned()));
    let runs = log::last(&house.paths.state, 9).unwrap();
    let told: Vec<_> = runs.into_iter().rev().map(|run| (run.attempt, run.output)).collect();
    let [both, ana] = ["Ana Silva Bo Berg ", "Ana Silva "].map(str::to_owned);
    assert_eq!(told, [(1, both), (2, ana.clone()), (3, ana)]);
    delivering.ends().await;
}

/// Returns a house with a webhook, and a sender that keeps what it is given and answers with these words in turn.
fn with_webhook(answers: &[&str]) -> House {
    let mut house = House::new();
    let kind = kith_proto::channel::Kind::Webhook {
        url: "https://example.com/kith".to_owned(),
        secret_file: "/nowhere".to_owned(),
        allow_private: false,
    };
    let events = BTreeSet::from([event::Event::ReminderDue]);
    house.config.channels = vec![crate::config::Channel { name: "home".to_owned(), kind, events }];
    let lines: String = answers.iter().map(|answer| format!("{answer}\n")).collect();
    fs::write(house.paths.state.join("answers"), lines).unwrap();
    let text = "#!/bin/sh\ncd \"$(dirname \"$0\")\"\ncat >> jobs; echo >> jobs\nhead -n 1 answers\nsed -i 1d answers\n";
    let program = house.paths.state.join("kith-channel");
    fs::write(&program, text).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    house
}

/// Returns what the sender was given.
fn jobs(house: &House) -> Vec<kith_proto::channel::Job> {
    let jobs = fs::read_to_string(house.paths.state.join("jobs")).unwrap_or_default();
    jobs.lines().map(|job| serde_json::from_str(job).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_tried_again_until_it_is_given_up_and_every_try_has_its_id() {
    const SOON: Duration = Duration::from_millis(1);
    let again = r#"{"answer":"again","why":"busy"}"#;
    let house = with_webhook(&[again, again, again]);
    let ana = house.friend("Ana", "2020-01-01T12:00:00Z").await;
    let mut channels = channels(&house);
    channels.sender.tries_after = &[SOON; 2];
    let delivering = start_with(&house, nowhere(&house), channels.clone());
    house.keeper.say(vec![planned(clock::now(), &[("Ana", ana)])]).await.unwrap();
    let failed = house.until(|house| outcome(house, "net/home")).await;
    assert_eq!(failed, Outcome::Failed("busy".to_owned()));
    let ids: BTreeSet<String> = jobs(&house).into_iter().map(|job| job.message.id).collect();
    assert_eq!((jobs(&house).len(), ids.len(), channels.queue.contents().dead.len()), (3, 1, 1));
    fs::write(house.paths.state.join("answers"), "{\"answer\":\"delivered\"}\n").unwrap();
    assert_eq!(channels.queue.retry("net/home"), 1);
    house.until(|house| outcome(house, "net/home").filter(|outcome| *outcome == Outcome::Delivered)).await;
    assert_eq!(channels.queue.contents().dead, []);
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
    all_begun(&house, "desktop").await;
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
    all_begun(&house, "desktop").await;
    let mut server = Server::start(&bus, &["actions", "body"]).await;
    // What was to be shown before the last of them was known is replaced by the whole, or the rest follows once.
    let names = |shown: &Shown| -> BTreeSet<String> {
        let told = format!("{} {}", shown.summary, shown.body);
        (0..100).map(|number| format!("Friend {number:02}")).filter(|name| told.contains(name.as_str())).collect()
    };
    let mut on_screen: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    let mut longest = (0, String::new());
    while on_screen.values().flatten().collect::<BTreeSet<_>>().len() < 100 {
        let shown = server.next().await;
        on_screen.insert(shown.number, names(&shown));
        longest = longest.max((shown.body.lines().count(), shown.summary));
    }
    assert_eq!(on_screen.values().flatten().count(), 100, "none twice: {on_screen:?}");
    assert!(on_screen.len() <= 2 && longest.1.starts_with("While you were away"), "{longest:?} {on_screen:?}");
    let told = |house: &House| house.reminders().iter().all(|state| state.outcomes.contains_key("desktop"));
    house.until(|house| told(house).then_some(())).await;
    delivering.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_waits_is_not_sent_once_it_is_answered() {
    let house = with_webhook(&[r#"{"answer":"again","why":"busy"}"#]);
    let ana = house.friend("Ana", "2020-01-01T12:00:00Z").await;
    let mut channels = channels(&house);
    channels.sender.tries_after = &network::TRIES_AFTER;
    let delivering = start_with(&house, nowhere(&house), channels.clone());
    house.keeper.say(vec![planned(clock::now(), &[("Ana", ana)])]).await.unwrap();
    let mut changed = channels.queue.changed();
    while channels.queue.contents().letters.first().is_none_or(|letter| letter.attempts == 0) {
        changed.changed().await.unwrap();
    }
    let answered = BTreeSet::from([OccurrenceId("2026-11-23/daily/Ana".to_owned())]);
    house.keeper.say(answer::done(&house.keeper, &answered, clock::now())).await.unwrap();
    assert_eq!(house.until(|house| outcome(house, "net/home")).await, Outcome::Overtaken);
    assert_eq!(channels.queue.retry("net/home"), 1);
    while !channels.queue.contents().letters.is_empty() {
        changed.changed().await.unwrap();
    }
    assert_eq!(jobs(&house).len(), 1);
    delivering.ends().await;
}
