//! Shows notifications on the desktop, over D-Bus (Desktop Notifications Specification 1.2), and hears what is pressed.
//!
//! What is to be shown comes in as one value: whatever is still wanted. A session bus or a server that is not there yet is
//! waited for; a server that appears is seen at once. What is said is `notification`, what a press does is `deliver`.
//!
//! ```text
//!  wanted ─▶ connect ─▶ subscribe ─▶ GetCapabilities ─▶ Notify ─▶ Event::Shown
//!                                        ActionInvoked ─────────▶ Event::Pressed
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::future::pending;
use std::time::Duration;

use futures_util::StreamExt as _;
use kith_core::fact::OccurrenceId;
use tokio::sync::{mpsc, watch};
use tokio::time::sleep;
use zbus::message::Type;
use zbus::{Connection, MatchRule, Message, MessageStream, Variant};

use super::notification::{Action, Capabilities, Notice};

/// The name of the desktop's channel.
pub const CHANNEL: &str = "desktop";

const SERVER: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// How long a server may take to answer.
const ANSWER: Duration = Duration::from_secs(10);

/// How long to wait before trying again, at first and at most.
const PATIENCE: [Duration; 2] = [Duration::from_secs(15), Duration::from_secs(10 * 60)];

/// Where the session bus is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bus {
    /// Where the session says.
    Session,
    /// At this address.
    At(String),
}

/// What the desktop is to show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Notifications to show, the first first. One whose reminders were all shown already is passed over.
    pub notices: Vec<Notice>,
    /// Reminders that were answered: their notifications are taken back.
    pub over: BTreeSet<OccurrenceId>,
}

/// What happened on the desktop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The server took a notification.
    Shown(BTreeSet<OccurrenceId>),
    /// Something was pressed.
    Pressed(BTreeSet<OccurrenceId>, Action),
}

/// What ended serving.
enum Ended {
    /// Nobody wants anything more.
    Unwanted,
    /// The bus is gone.
    Bus,
}

/// What is on the screen, and what is to come.
struct Desktop {
    wanted: watch::Receiver<Wanted>,
    events: mpsc::Sender<Event>,
    /// Shown in this run of the daemon.
    told: BTreeSet<OccurrenceId>,
    /// On the screen, by the server's number.
    open: BTreeMap<u32, BTreeSet<OccurrenceId>>,
    /// The server that gave the numbers, by its unique name: to another one they mean nothing.
    server: Option<String>,
    patience: Duration,
}

/// A connection with its signals.
struct Session {
    bus: Connection,
    /// The server's signals, in the order in which it sent them.
    signals: MessageStream,
    /// The server comes or goes.
    owners: MessageStream,
}

/// Shows what is wanted, until nobody wants anything more.
pub async fn run(bus: Bus, wanted: watch::Receiver<Wanted>, events: mpsc::Sender<Event>) {
    let [patience, _] = PATIENCE;
    let mut desktop = Desktop { wanted, events, told: BTreeSet::new(), open: BTreeMap::new(), server: None, patience };
    loop {
        // Without anything to show there is no need of a bus.
        while desktop.next().is_none() {
            if desktop.wanted.changed().await.is_err() {
                return;
            }
        }
        match Session::connect(&bus).await {
            Ok(session) => match desktop.serve(session).await {
                Ended::Unwanted => return,
                Ended::Bus => tracing::info!("the session bus is gone; notifications wait for it"),
            },
            Err(error) => tracing::debug!(%error, "no session bus yet"),
        }
        desktop.served_by(None);
        if desktop.rest().await.is_err() {
            return;
        }
    }
}

impl Session {
    async fn connect(bus: &Bus) -> zbus::Result<Self> {
        let builder = match bus {
            Bus::Session => zbus::conn::Builder::session(),
            Bus::At(address) => zbus::conn::Builder::address(address.as_str()),
        };
        let bus = builder.method_timeout(ANSWER).build().await?;
        let rule = MatchRule::builder().msg_type(Type::Signal).interface(SERVER).path(PATH).build()?;
        let signals = MessageStream::for_match_rule(rule, &bus, None).await?;
        let rule = MatchRule::builder()
            .msg_type(Type::Signal)
            .sender("org.freedesktop.DBus")
            .interface("org.freedesktop.DBus")
            .member("NameOwnerChanged")
            .arg(0, SERVER)
            .build()?;
        let owners = MessageStream::for_match_rule(rule, &bus, None).await?;
        Ok(Self { bus, signals, owners })
    }

    async fn call<B>(&self, method: &str, body: &B) -> zbus::Result<Message>
    where
        B: serde::Serialize + zbus::DynamicType,
    {
        self.bus.call_method(Some(SERVER), PATH, Some(SERVER), method, body).await
    }

    /// Returns the notification's number, and the server that gave it.
    async fn show(&self, notice: &Notice) -> zbus::Result<(u32, Option<String>)> {
        let answer = self.call("GetCapabilities", &()).await?;
        let server = Capabilities::of(&answer.body().deserialize::<Vec<String>>()?);
        let hints = BTreeMap::from([("desktop-entry", Variant::from("kith")), ("urgency", Variant::from(1u8))]);
        // Where the server keeps what was not seen it may decide itself (-1); else the notification stays (0).
        let expire: i32 = if server.persistence { -1 } else { 0 };
        let (summary, body, actions) =
            (notice.summary_for(server), notice.body_for(server), notice.actions_for(server));
        let replaces = 0u32;
        let icon = "x-office-address-book";
        let answer = self.call("Notify", &("kith", replaces, icon, summary, body, actions, hints, expire)).await?;
        Ok((answer.body().deserialize()?, answer.header().sender().map(ToString::to_string)))
    }
}

impl Desktop {
    /// The first of the wanted notifications of which something was not shown yet.
    fn next(&self) -> Option<Notice> {
        self.wanted.borrow().notices.iter().find(|notice| !notice.occurrences.is_subset(&self.told)).cloned()
    }

    /// Waits a while, longer each time, or until something else is wanted.
    async fn rest(&mut self) -> Result<(), watch::error::RecvError> {
        let patience = self.patience;
        let [_, longest] = PATIENCE;
        self.patience = (patience * 2).min(longest);
        tokio::select! {
            () = sleep(patience) => Ok(()),
            changed = self.wanted.changed() => changed,
        }
    }

    async fn serve(&mut self, mut session: Session) -> Ended {
        let [shortest, longest] = PATIENCE;
        let mut server_answers = true;
        loop {
            if server_answers && let Some(notice) = self.next() {
                server_answers = self.show(&session, notice).await;
                continue;
            }
            let retry = async { if server_answers { pending().await } else { sleep(self.patience).await } };
            tokio::select! {
                changed = self.wanted.changed() => {
                    if changed.is_err() {
                        return Ended::Unwanted;
                    }
                    self.take_back(&session).await;
                }
                signal = session.signals.next() => match signal {
                    Some(Ok(signal)) => self.hear(&signal).await,
                    Some(Err(error)) => tracing::debug!(%error, "a signal could not be read"),
                    None => return Ended::Bus,
                },
                owner = session.owners.next() => match owner {
                    Some(owner) => {
                        let owner = owner.ok().and_then(|signal| new_owner(&signal));
                        self.patience = shortest;
                        server_answers = owner.is_some();
                        self.served_by(owner);
                    }
                    None => return Ended::Bus,
                },
                () = retry => {
                    self.patience = (self.patience * 2).min(longest);
                    server_answers = true;
                }
            }
        }
    }

    /// Shows a notification; returns whether the server took it.
    async fn show(&mut self, session: &Session, notice: Notice) -> bool {
        match session.show(&notice).await {
            Ok((number, server)) => {
                let [shortest, _] = PATIENCE;
                self.patience = shortest;
                self.served_by(server);
                self.told.extend(notice.occurrences.iter().cloned());
                self.open.insert(number, notice.occurrences.clone());
                self.tell(Event::Shown(notice.occurrences)).await;
                true
            }
            Err(error) => {
                tracing::debug!(%error, "no notification server yet");
                false
            }
        }
    }

    /// Closes notifications whose reminders were all answered elsewhere.
    async fn take_back(&mut self, session: &Session) {
        let over = self.wanted.borrow().over.clone();
        let answered: Vec<u32> =
            self.open.iter().filter(|(_, shown)| shown.is_subset(&over)).map(|(number, _)| *number).collect();
        for number in answered {
            self.open.remove(&number);
            if let Err(error) = session.call("CloseNotification", &(number,)).await {
                tracing::debug!(%error, "the notification was gone already");
            }
        }
    }

    fn served_by(&mut self, server: Option<String>) {
        if self.server != server {
            self.open.clear();
            self.server = server;
        }
    }

    async fn hear(&mut self, signal: &Message) {
        let header = signal.header();
        if header.sender().map(ToString::to_string) != self.server {
            return;
        }
        match header.member().map(|member| member.as_str()) {
            Some("ActionInvoked") => {
                let Ok((number, key)) = signal.body().deserialize::<(u32, String)>() else { return };
                let pressed = self.open.get(&number).cloned().zip(Action::of_key(&key));
                if let Some((occurrences, action)) = pressed {
                    self.tell(Event::Pressed(occurrences, action)).await;
                }
            }
            Some("NotificationClosed") => {
                if let Ok((number, _reason)) = signal.body().deserialize::<(u32, u32)>() {
                    self.open.remove(&number);
                }
            }
            Some(_) | None => {}
        }
    }

    async fn tell(&self, event: Event) {
        if self.events.send(event).await.is_err() {
            tracing::debug!("nobody hears the desktop any more");
        }
    }
}

/// The new owner that `NameOwnerChanged` tells of, if there is one.
fn new_owner(signal: &Message) -> Option<String> {
    let (_, _, new) = signal.body().deserialize::<(String, String, String)>().ok()?;
    (!new.is_empty()).then_some(new)
}

#[cfg(test)]
pub(super) mod tests;
