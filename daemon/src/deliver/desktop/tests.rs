//! Tests against a real session bus, with a small notification server on it.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use kith_core::fact::Reminder;
use kith_core::id::RecordId;
use tempfile::TempDir;
use tokio::sync::mpsc::{Receiver, Sender};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::super::notification::Word;
use super::*;

const DEADLINE: Duration = Duration::from_secs(20);

/// A `dbus-daemon` of our own, without services that it could start.
pub(in crate::deliver) struct TestBus {
    child: Child,
    pub(in crate::deliver) address: String,
    _folder: TempDir,
}

impl Drop for TestBus {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl TestBus {
    /// `None` where there is no `dbus-daemon`, which is no excuse in CI.
    pub(in crate::deliver) fn start() -> Option<Self> {
        Self::start_in(tempfile::tempdir().unwrap())
    }

    /// Its socket is the file `bus` in the folder.
    fn start_in(folder: TempDir) -> Option<Self> {
        let config = folder.path().join("bus.conf");
        let allow = r#"<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>"#;
        let listen = format!("unix:path={}", folder.path().join("bus").display());
        let policy = format!(r#"<policy context="default">{allow}</policy>"#);
        std::fs::write(
            &config,
            format!("<busconfig><type>session</type><listen>{listen}</listen>{policy}</busconfig>"),
        )
        .unwrap();
        let mut command = Command::new("dbus-daemon");
        command.arg("--nofork").arg("--print-address").arg(format!("--config-file={}", config.display()));
        let mut child = match command.stdout(Stdio::piped()).spawn() {
            Ok(child) => child,
            Err(error) if std::env::var("CI").as_deref() == Ok("true") => panic!("dbus-daemon: {error}"),
            Err(error) => {
                eprintln!("skipped: dbus-daemon: {error}");
                return None;
            }
        };
        let address = first_line(&mut child);
        Some(Self { child, address: address.trim().to_owned(), _folder: folder })
    }
}

fn first_line(child: &mut Child) -> String {
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    line
}

/// What the test's server was asked to show.
#[derive(Debug)]
pub(in crate::deliver) struct Shown {
    pub(in crate::deliver) number: u32,
    pub(in crate::deliver) summary: String,
    pub(in crate::deliver) body: String,
    actions: Vec<String>,
}

/// A small notification server.
pub(in crate::deliver) struct Server {
    bus: Connection,
    shown: Receiver<Shown>,
    closed: Receiver<u32>,
}

impl Server {
    pub(in crate::deliver) async fn start(bus: &TestBus, capabilities: &'static [&'static str]) -> Self {
        let builder = zbus::conn::Builder::address(bus.address.as_str());
        let connection = builder.build().await.unwrap();
        let calls = MessageStream::from(&connection);
        connection.request_name(SERVER).await.unwrap();
        let (to_shown, shown) = mpsc::channel(16);
        let (to_closed, closed) = mpsc::channel(16);
        tokio::spawn(serve(connection.clone(), calls, capabilities, to_shown, to_closed));
        Self { bus: connection, shown, closed }
    }

    pub(in crate::deliver) async fn next(&mut self) -> Shown {
        timeout(DEADLINE, self.shown.recv()).await.unwrap().unwrap()
    }

    pub(in crate::deliver) async fn press(&self, number: u32, key: &str) {
        let to: Option<&str> = None;
        self.bus.emit_signal(to, PATH, SERVER, "ActionInvoked", &(number, key)).await.unwrap();
        self.bus.emit_signal(to, PATH, SERVER, "NotificationClosed", &(number, 2u32)).await.unwrap();
    }
}

async fn serve(
    bus: Connection,
    mut calls: MessageStream,
    capabilities: &'static [&'static str],
    shown: Sender<Shown>,
    closed: Sender<u32>,
) {
    let mut last = 0;
    while let Some(Ok(call)) = calls.next().await {
        let header = call.header();
        match header.member().map(|member| member.as_str()) {
            Some("GetServerInformation") => bus.reply(&header, &("kith-test", "kith", "1.0", "1.2")).await.unwrap(),
            Some("GetCapabilities") => bus.reply(&header, &capabilities.to_vec()).await.unwrap(),
            Some("Notify") => {
                type Notify =
                    (String, u32, String, String, String, Vec<String>, BTreeMap<String, zbus::OwnedVariant>, i32);
                let (_, replaces, _, summary, body, actions, _, _): Notify = call.body().deserialize().unwrap();
                last += u32::from(replaces == 0);
                let number = if replaces == 0 { last } else { replaces };
                bus.reply(&header, &number).await.unwrap();
                shown.send(Shown { number, summary, body, actions }).await.unwrap();
            }
            Some("CloseNotification") => {
                bus.reply(&header, &()).await.unwrap();
                closed.send(call.body().deserialize().unwrap()).await.unwrap();
            }
            _ => {}
        }
    }
}

struct Running {
    want: watch::Sender<Wanted>,
    events: Receiver<Event>,
    task: JoinHandle<()>,
    state: Arc<TempDir>,
}

fn start(bus: &TestBus) -> Running {
    start_in(Arc::new(tempfile::tempdir().unwrap()), Bus::At(bus.address.clone()))
}

fn start_in(state: Arc<TempDir>, bus: Bus) -> Running {
    let (want, wanted) = watch::channel(Wanted::default());
    let (to_events, events) = mpsc::channel(16);
    let folder = Arc::clone(&state);
    let (_, passing) = mpsc::channel(1);
    let task = tokio::spawn(async move { run(bus, folder.path(), Shows { wanted, passing }, to_events).await });
    Running { want, events, task, state }
}

impl Running {
    fn want(&self, notices: &[Notice], over: &[&Notice]) {
        let over = over.iter().flat_map(|notice| notice.occurrences.clone()).collect();
        self.want.send(Wanted { notices: notices.to_vec(), left_over: Vec::new(), over, ..Wanted::default() }).unwrap();
    }

    async fn event(&mut self) -> Event {
        timeout(DEADLINE, self.events.recv()).await.unwrap().unwrap()
    }

    /// Returns the folder of its state.
    async fn ends(self) -> Arc<TempDir> {
        drop(self.want);
        timeout(DEADLINE, self.task).await.unwrap().unwrap();
        self.state
    }

    /// Ends as when it is killed.
    fn kill(self) -> Arc<TempDir> {
        self.task.abort();
        self.state
    }
}

fn notice(name: &str) -> Notice {
    let record = RecordId::new("manual", name);
    let reasons = vec!["Ana & Bo <b>".to_owned()];
    let occurrence = OccurrenceId(format!("2026-11-23/daily/{record}"));
    Notice::of(&Word {
        reminder: Reminder { record: Some(record), ..Reminder::new(occurrence, reasons) },
        name: Some(name.to_owned()),
    })
}

#[tokio::test]
async fn what_is_pressed_is_heard() {
    let Some(bus) = TestBus::start() else { return };
    let mut server = Server::start(&bus, &["actions", "body", "body-markup"]).await;
    let mut desktop = start(&bus);
    let (ana, bo) = (notice("Ana"), notice("Bo"));
    desktop.want(&[ana.clone(), bo.clone()], &[]);
    let first = server.next().await;
    assert_eq!((first.summary.as_str(), first.body.as_str()), ("Reconnect with Ana", "Ana &amp; Bo &lt;b&gt;"));
    assert_eq!(first.actions.iter().step_by(2).collect::<Vec<_>>(), ["default", "open", "done", "snooze"]);
    assert_eq!(desktop.event().await, Event::Shown(ana.occurrences.clone()));
    let second = server.next().await;
    assert_eq!(desktop.event().await, Event::Shown(bo.occurrences.clone()));
    server.press(second.number, "done").await;
    server.press(first.number, "snooze").await;
    assert_eq!(desktop.event().await, Event::Pressed(bo.occurrences, Action::Done));
    assert_eq!(desktop.event().await, Event::Pressed(ana.occurrences, Action::Snooze));
    desktop.ends().await;
}

#[tokio::test]
async fn a_server_that_appears_late_gets_what_waited() {
    let Some(bus) = TestBus::start() else { return };
    let mut desktop = start(&bus);
    desktop.want(&[notice("Ana")], &[]);
    // The name is owned only after the desktop has asked for it in vain.
    let watcher = zbus::conn::Builder::address(bus.address.as_str()).build().await.unwrap();
    let proxy = zbus::fdo::DBusProxy::new(&watcher).await.unwrap();
    let two_connections = async { while proxy.list_names().await.unwrap().len() < 3 {} };
    timeout(DEADLINE, two_connections).await.unwrap();
    let mut server = Server::start(&bus, &["body"]).await;
    let shown = server.next().await;
    assert_eq!((shown.body.as_str(), shown.actions.len()), ("Ana & Bo <b>", 0));
    assert_eq!(desktop.event().await, Event::Shown(notice("Ana").occurrences));
    desktop.ends().await;
}

#[tokio::test]
async fn an_answer_elsewhere_takes_the_notification_back_and_nothing_is_shown_twice() {
    let Some(bus) = TestBus::start() else { return };
    let mut server = Server::start(&bus, &["body"]).await;
    let desktop = start(&bus);
    let (ana, bo) = (notice("Ana"), notice("Bo"));
    desktop.want(std::slice::from_ref(&ana), &[]);
    let shown = server.next().await;
    desktop.want(&[ana.clone(), bo], &[&ana]);
    assert_eq!(timeout(DEADLINE, server.closed.recv()).await.unwrap(), Some(shown.number));
    assert_eq!(server.next().await.summary, "Reconnect with Bo");
    desktop.ends().await;
}

#[tokio::test]
async fn numbers_of_a_server_that_went_away_mean_nothing_to_the_next() {
    let Some(bus) = TestBus::start() else { return };
    let mut old = Server::start(&bus, &["actions", "body"]).await;
    let mut desktop = start(&bus);
    desktop.want(&[notice("Ana")], &[]);
    let shown = old.next().await;
    assert_eq!(desktop.event().await, Event::Shown(notice("Ana").occurrences));
    old.bus.release_name(SERVER).await.unwrap();
    let mut new = Server::start(&bus, &["actions", "body"]).await;
    new.press(shown.number, "done").await;
    desktop.want(&[notice("Bo")], &[]);
    new.next().await;
    assert_eq!(desktop.event().await, Event::Shown(notice("Bo").occurrences));
    desktop.ends().await;
}

#[tokio::test]
async fn buttons_work_after_the_daemon_was_killed_and_started_again() {
    let Some(bus) = TestBus::start() else { return };
    let mut server = Server::start(&bus, &["actions", "body"]).await;
    let mut desktop = start(&bus);
    let (ana, bo) = (notice("Ana"), notice("Bo"));
    desktop.want(&[ana.clone(), bo.clone()], &[]);
    let (first, second) = (server.next().await, server.next().await);
    assert_eq!(desktop.event().await, Event::Shown(ana.occurrences.clone()));
    assert_eq!(desktop.event().await, Event::Shown(bo.occurrences.clone()));
    let state = desktop.kill();
    let mut desktop = start_in(state, Bus::At(bus.address.clone()));
    // That Bo's was shown could not be written down: it is still wanted.
    let wanted = Wanted { notices: vec![bo.clone()], left_over: vec![ana.clone()], ..Wanted::default() };
    desktop.want.send(wanted).unwrap();
    for (left_over, notice) in [(&second, &bo), (&first, &ana)] {
        let anew = server.next().await;
        assert_eq!((anew.number, &anew.summary), (left_over.number, &left_over.summary));
        assert_eq!(desktop.event().await, Event::Shown(notice.occurrences.clone()));
    }
    server.press(first.number, "done").await;
    assert_eq!(desktop.event().await, Event::Pressed(ana.occurrences, Action::Done));
    desktop.want(&[notice("Cleo")], &[&bo]);
    assert_eq!(timeout(DEADLINE, server.closed.recv()).await.unwrap(), Some(second.number));
    assert_eq!(server.next().await.summary, "Reconnect with Cleo");
    desktop.ends().await;
}

#[tokio::test]
async fn what_is_new_is_shown_before_what_is_on_the_screen_already() {
    let Some(bus) = TestBus::start() else { return };
    let mut server = Server::start(&bus, &["actions", "body"]).await;
    let mut desktop = start(&bus);
    desktop.want(&[notice("Ana")], &[]);
    let first = server.next().await;
    assert_eq!(desktop.event().await, Event::Shown(notice("Ana").occurrences));
    let state = desktop.kill();
    let mut desktop = start_in(state, Bus::At(bus.address.clone()));
    let left_over = vec![notice("Ana")];
    desktop.want.send(Wanted { notices: vec![notice("Bo")], left_over, ..Wanted::default() }).unwrap();
    assert_eq!(server.next().await.summary, "Reconnect with Bo");
    assert_eq!(desktop.event().await, Event::Shown(notice("Bo").occurrences));
    let anew = server.next().await;
    assert_eq!((anew.number, anew.summary), (first.number, first.summary));
    assert_eq!(desktop.event().await, Event::Shown(notice("Ana").occurrences));
    desktop.ends().await;
}

#[tokio::test]
async fn a_digest_takes_the_place_of_what_tells_a_part_of_it() {
    let Some(bus) = TestBus::start() else { return };
    let mut server = Server::start(&bus, &["actions", "body"]).await;
    let mut desktop = start(&bus);
    desktop.want(&[notice("Ana"), notice("Bo"), notice("Cleo")], &[]);
    let mut shown = Vec::new();
    for _ in 0..3 {
        shown.push(server.next().await.number);
        desktop.event().await;
    }
    // That the first two were shown could not be written down before the daemon was killed.
    let state = desktop.kill();
    let mut desktop = start_in(state, Bus::At(bus.address.clone()));
    let occurrences = ["Ana", "Bo", "Dan"].into_iter().flat_map(|name| notice(name).occurrences).collect();
    let digest = Notice { occurrences, ..notice("Ana, Bo and Dan") };
    desktop.want(std::slice::from_ref(&digest), &[]);
    assert_eq!(server.next().await.number, shown[1]);
    assert_eq!(desktop.event().await, Event::Shown(digest.occurrences));
    assert_eq!(timeout(DEADLINE, server.closed.recv()).await.unwrap(), Some(shown[0]));
    desktop.ends().await;
}

#[tokio::test]
async fn what_another_server_showed_is_not_shown_anew_after_a_restart() {
    let Some(bus) = TestBus::start() else { return };
    let mut old = Server::start(&bus, &["actions", "body"]).await;
    let mut desktop = start(&bus);
    desktop.want(&[notice("Ana")], &[]);
    let shown = old.next().await;
    assert_eq!(desktop.event().await, Event::Shown(notice("Ana").occurrences));
    let state = desktop.ends().await;
    old.bus.release_name(SERVER).await.unwrap();
    let mut new = Server::start(&bus, &["actions", "body"]).await;
    let mut desktop = start_in(state, Bus::At(bus.address.clone()));
    let left_over = vec![notice("Ana")];
    desktop.want.send(Wanted { notices: vec![notice("Bo")], left_over, ..Wanted::default() }).unwrap();
    let next = new.next().await;
    assert_eq!((next.number, next.summary.as_str()), (shown.number, "Reconnect with Bo"));
    assert_eq!(desktop.event().await, Event::Shown(notice("Bo").occurrences));
    desktop.ends().await;
}

#[tokio::test]
async fn without_a_bus_it_waits_and_still_ends_when_told() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let nowhere = Bus::At(format!("unix:path={}/nothing", folder.path().display()));
    let desktop = start_in(folder, nowhere);
    desktop.want(&[notice("Ana")], &[]);
    desktop.ends().await;
}

#[tokio::test]
async fn a_bus_that_appears_late_is_found_within_ten_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("bus");
    let address = format!("unix:path={}", socket.display());
    let no_bus = tokio::net::UnixListener::bind(&socket).unwrap();
    let mut desktop = start_in(Arc::new(tempfile::tempdir().unwrap()), Bus::At(address));
    desktop.want(&[notice("Ana")], &[]);
    drop(timeout(DEADLINE, no_bus.accept()).await.unwrap().unwrap());
    drop(no_bus);
    std::fs::remove_file(&socket).unwrap();
    let Some(bus) = TestBus::start_in(folder) else { return };
    let server = Server::start(&bus, &["body"]).await;
    assert_eq!(timeout(Duration::from_secs(10), desktop.event()).await, Ok(Event::Shown(notice("Ana").occurrences)));
    drop(server);
    desktop.ends().await;
}
