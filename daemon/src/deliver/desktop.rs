//! Shows notifications on the desktop, over D-Bus (Desktop Notifications Specification 1.2), and hears what is pressed.
//!
//! What is to be shown comes in as one value: whatever is still wanted. A session bus or a server that is not there yet is
//! waited for; a server that appears is seen at once. What is said is `notification`, what a press does is `deliver`, what is
//! on the screen is `screen`.
//!
//! A daemon that is killed before the server has answered does not know the number of what it showed. So what is new has a tag
//! (the hint `x-dunst-stack-tag`, known to dunst and mako), and what is shown again with that tag takes its place.
//!
//! What an earlier run of the daemon left on the screen is shown anew in its place: some servers tell only the connection that
//! showed a notification what is pressed on it.
//!
//! ```text
//!  wanted ─▶ connect ─▶ subscribe ─▶ GetCapabilities ─▶ Notify ─▶ Event::Shown
//!                                        ActionInvoked ─────────▶ Event::Pressed
//! ```

pub mod reach;
mod screen;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use kith_core::book::forgotten::Forgotten;
use kith_core::fact::OccurrenceId;
use tokio::sync::{mpsc, watch};
use tokio::time::sleep;
use zbus::message::Type;
use zbus::{Connection, MatchRule, Message, MessageStream, Variant};

use super::notification::{Action, Capabilities, Notice};
use screen::{Screen, Server};

/// The name of the desktop's channel.
pub const CHANNEL: &str = "desktop";

const SERVER: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
const BUS: &str = "org.freedesktop.DBus";
const BUS_PATH: &str = "/org/freedesktop/DBus";

/// What a notification replaces that is new.
const NEW: u32 = 0;

/// The hint by which a new notification takes the place of one with the same tag.
const TAG: &str = "x-dunst-stack-tag";

/// How long a server may take to answer.
const ANSWER: Duration = Duration::from_secs(10);

/// How long to wait before trying again, at first and at most. A server that appears is seen without.
const PATIENCE: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(10 * 60)];

/// How long to wait at most before a session bus is looked for again, whose appearance nothing tells. It costs one system call,
/// while something waits to be shown.
const BUS_PATIENCE: Duration = Duration::from_secs(8);

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
    /// Notifications that an earlier run of the daemon left on the screen; shown anew while they are there, behind the others.
    pub left_over: Vec<Notice>,
    /// Reminders that were answered: their notifications are taken back.
    pub over: BTreeSet<OccurrenceId>,
    /// Who is forgotten: every notification that names them is taken back.
    pub forgotten: Arc<Forgotten>,
}

/// What happened on the desktop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The server took a notification.
    Shown(BTreeSet<OccurrenceId>),
    /// Something was pressed.
    Pressed(BTreeSet<OccurrenceId>, Action),
}

/// Where a notification is put.
#[derive(Debug, Clone, Copy)]
enum Place<'a> {
    /// In the place of the one with this number.
    Of(u32),
    /// It is new, but takes the place of one with this tag; an empty one is none.
    New(&'a str),
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
    screen: Screen,
    patience: Duration,
    /// Notifications that are told once, to whoever looks now.
    passing: mpsc::Receiver<Notice>,
    /// The next of these.
    next_passing: Option<Notice>,
}

/// A connection with its signals.
struct Session {
    bus: Connection,
    /// The server's signals, in the order in which it sent them.
    signals: MessageStream,
    /// The server comes or goes.
    owners: MessageStream,
}

/// Returns what the notifications tell that an earlier run of the daemon left on the screen.
#[must_use]
pub fn left_over(state: &Path) -> Vec<BTreeSet<OccurrenceId>> {
    Screen::load(state).into_told()
}

/// What the desktop is given to show.
#[derive(Debug)]
pub struct Shows {
    /// Stays until it is answered.
    pub wanted: watch::Receiver<Wanted>,
    /// Is told once, and not waited with for a desktop.
    pub passing: mpsc::Receiver<Notice>,
}

/// Shows what is wanted, until nobody wants anything more. What is on the screen is kept in the folder `state`.
pub async fn run(bus: Bus, state: &Path, Shows { wanted, passing }: Shows, events: mpsc::Sender<Event>) {
    let [patience, _] = PATIENCE;
    let (told, screen) = (BTreeSet::new(), Screen::load(state));
    let mut desktop = Desktop { wanted, events, told, screen, patience, passing, next_passing: None };
    loop {
        // With nothing on the screen and nothing to show there is no need of a bus.
        while desktop.screen.is_empty() && desktop.next().is_none() && desktop.next_passing.is_none() {
            tokio::select! {
                changed = desktop.wanted.changed() => if changed.is_err() { return },
                Some(notice) = desktop.passing.recv() => desktop.next_passing = Some(notice),
            }
        }
        match Session::connect(&bus).await {
            Ok(session) => {
                desktop.patience = patience;
                desktop.take_up(&session).await;
                match desktop.serve(session).await {
                    Ended::Unwanted => return,
                    Ended::Bus => tracing::info!("the session bus is gone; notifications wait for it"),
                }
            }
            Err(error) => {
                tracing::debug!(%error, "no session bus yet");
            }
        }
        if desktop.rest().await.is_err() {
            return;
        }
    }
}

impl Bus {
    fn builder(&self) -> zbus::conn::Builder<'_> {
        match self {
            Self::Session => zbus::conn::Builder::session(),
            Self::At(address) => zbus::conn::Builder::address(address.as_str()),
        }
    }
}

impl Session {
    async fn connect(bus: &Bus) -> zbus::Result<Self> {
        let bus = bus.builder().method_timeout(ANSWER).build().await?;
        let rule = MatchRule::builder().msg_type(Type::Signal).interface(SERVER).path(PATH).build()?;
        let signals = MessageStream::for_match_rule(rule, &bus, None).await?;
        let rule = MatchRule::builder()
            .msg_type(Type::Signal)
            .sender(BUS)
            .interface(BUS)
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

    /// Returns the unique name of the server, if one runs.
    async fn owner(&self) -> Option<String> {
        let answer = self.bus.call_method(Some(BUS), BUS_PATH, Some(BUS), "GetNameOwner", &(SERVER,)).await;
        answer.ok()?.body().deserialize().ok()
    }

    /// Returns the server of this unique name.
    fn server(&self, name: String) -> Server {
        Server { bus: self.bus.server_guid().to_string(), name }
    }

    /// Returns the notification's number, and the server that gave it.
    async fn show(&self, notice: &Notice, place: Place<'_>) -> zbus::Result<(u32, Option<Server>)> {
        let answer = self.call("GetCapabilities", &()).await?;
        let server = Capabilities::of(&answer.body().deserialize::<Vec<String>>()?);
        let passing = notice.is_passing();
        let mut hints = BTreeMap::from([
            ("desktop-entry", Variant::from("kith")),
            ("urgency", Variant::from(u8::from(!passing))),
            ("transient", Variant::from(passing)),
        ]);
        let replaces = match place {
            Place::Of(number) => number,
            Place::New(tag) => {
                // Never beside a number: mako 1.6 to 1.11 ends on both (emersion/mako#653).
                hints.extend((!tag.is_empty()).then(|| (TAG, Variant::from(tag))));
                NEW
            }
        };
        // Where the server keeps what was not seen it may decide itself (-1); else the notification stays (0).
        let expire: i32 = if server.persistence || passing { -1 } else { 0 };
        let (summary, body, actions) =
            (notice.summary_for(server), notice.body_for(server), notice.actions_for(server));
        let icon = "x-office-address-book";
        let answer = self.call("Notify", &("kith", replaces, icon, summary, body, actions, hints, expire)).await?;
        let server = answer.header().sender().map(|name| self.server(name.to_string()));
        Ok((answer.body().deserialize()?, server))
    }
}

impl Desktop {
    /// The first of the wanted notifications of which something was not shown yet; what is on the screen already waits for what
    /// is new, for a server takes its time, and a daemon that is killed again and again would get no further.
    fn next(&self) -> Option<Notice> {
        let wanted = self.wanted.borrow();
        let still_there = |notice: &&Notice| self.screen.number_of(&notice.occurrences).is_some();
        let mut all = wanted.notices.iter().chain(wanted.left_over.iter().filter(still_there));
        all.find(|notice| !notice.occurrences.is_subset(&self.told)).cloned()
    }

    /// Waits for a bus a while, longer each time, or until something else is wanted.
    async fn rest(&mut self) -> Result<(), watch::error::RecvError> {
        // Those who look later are not told of what passed.
        self.next_passing = None;
        while self.passing.try_recv().is_ok() {}
        let patience = self.patience;
        let [_, longest] = PATIENCE;
        self.patience = (patience * 2).min(longest);
        tokio::select! {
            () = sleep(patience.min(BUS_PATIENCE)) => Ok(()),
            changed = self.wanted.changed() => changed,
        }
    }

    /// Forgets what was on the screen if the server is another one; takes back what was answered meanwhile.
    async fn take_up(&mut self, session: &Session) {
        let owner = session.owner().await;
        self.screen.serve(owner.map(|name| session.server(name)));
        self.take_back(session).await;
    }

    async fn serve(&mut self, mut session: Session) -> Ended {
        let [shortest, longest] = PATIENCE;
        let mut server_answers = true;
        let mut retry = pin!(sleep(shortest));
        loop {
            if server_answers && let Some(notice) = self.next() {
                server_answers = self.show(&session, notice).await;
                retry.set(sleep(self.patience));
                continue;
            }
            if let Some(notice) = self.next_passing.take() {
                if let Err(error) = session.show(&notice, Place::New("")).await {
                    tracing::debug!(%error, "a passing notification is not shown");
                }
                continue;
            }
            tokio::select! {
                changed = self.wanted.changed() => {
                    if changed.is_err() {
                        return Ended::Unwanted;
                    }
                    self.take_back(&session).await;
                    server_answers = true;
                }
                Some(notice) = self.passing.recv() => self.next_passing = Some(notice),
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
                        retry.set(sleep(shortest));
                        self.screen.serve(owner.map(|name| session.server(name)));
                    }
                    None => return Ended::Bus,
                },
                () = retry.as_mut(), if !server_answers => {
                    self.patience = (self.patience * 2).min(longest);
                    server_answers = true;
                }
            }
        }
    }

    /// Shows a notification, in place of those that tell a part of it: what was shown just before the daemon was killed is
    /// told again as one with what came since. Returns whether the server took it.
    async fn show(&mut self, session: &Session, notice: Notice) -> bool {
        let mut within = self.screen.telling_only(&notice.occurrences);
        let exact = self.screen.number_of(&notice.occurrences);
        let part = within.last().copied().filter(|_| !self.screen.may_have(&notice.occurrences));
        let on_screen = exact.or(part);
        within.retain(|number| Some(*number) != on_screen);
        let tag = if on_screen.is_none() { self.screen.attempt(&notice.occurrences) } else { String::new() };
        match session.show(&notice, on_screen.map_or(Place::New(&tag), Place::Of)).await {
            Ok((number, server)) => {
                let [shortest, _] = PATIENCE;
                self.patience = shortest;
                self.screen.serve(server);
                self.told.extend(notice.occurrences.iter().cloned());
                if let Some(replaced) = on_screen {
                    if exact.is_some() {
                        tracing::info!("the buttons of a notification work again");
                    }
                    self.screen.close(replaced);
                }
                self.screen.show(number, notice.occurrences.clone());
                self.close(session, within).await;
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
        let (over, forgotten) = {
            let wanted = self.wanted.borrow();
            (wanted.over.clone(), Arc::clone(&wanted.forgotten))
        };
        let mut numbers = self.screen.telling_only(&over);
        numbers.extend(self.screen.telling(|occurrence| forgotten.holds_occurrence(occurrence)));
        self.close(session, numbers).await;
    }

    async fn close(&mut self, session: &Session, numbers: Vec<u32>) {
        for number in numbers {
            self.screen.close(number);
            if let Err(error) = session.call("CloseNotification", &(number,)).await {
                tracing::debug!(%error, "the notification was gone already");
            }
        }
    }

    async fn hear(&mut self, signal: &Message) {
        let header = signal.header();
        if !self.screen.is_served_by(header.sender().map(|name| name.as_str())) {
            return;
        }
        match header.member().map(|member| member.as_str()) {
            Some("ActionInvoked") => {
                let Ok((number, key)) = signal.body().deserialize::<(u32, String)>() else { return };
                let pressed = self.screen.tells(number).cloned().zip(Action::of_key(&key));
                if let Some((occurrences, action)) = pressed {
                    self.tell(Event::Pressed(occurrences, action)).await;
                }
            }
            Some("NotificationClosed") => {
                if let Ok((number, _reason)) = signal.body().deserialize::<(u32, u32)>() {
                    self.screen.close(number);
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
