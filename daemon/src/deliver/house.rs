//! A keeper in a throw-away home, for tests of reminding and delivering.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use kith_core::book::reminders::ReminderState;
use kith_core::book::words::manual_record;
use kith_core::fact::Said;
use kith_core::id::RecordId;
use kith_proto::card::Card;
use kith_proto::interaction::InteractionKind;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::config::{Config, Schedule};
use crate::keeper::{self, Keeper};
use crate::paths::Paths;

/// How long a test waits for what must come.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// A keeper in a throw-away home.
pub(crate) struct House {
    pub(crate) keeper: Keeper,
    pub(crate) paths: Paths,
    pub(crate) config: Config,
    _home: tempfile::TempDir,
}

impl House {
    pub(crate) fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let variable = |name: &str| (name == "HOME").then(|| home.path().into());
        let paths = Paths::new(variable, None).unwrap();
        paths.make().unwrap();
        let (keeper, task) = keeper::start(&paths).unwrap();
        let handle = Handle::current();
        tokio::task::spawn_blocking(move || task.run(&handle));
        let config = Config { timezone: Some(TimeZone::UTC), ..Config::defaults(&paths) };
        Self { keeper, paths, config, _home: home }
    }

    pub(crate) fn config(&self, name: &str, cron: &str) -> watch::Receiver<Arc<Config>> {
        let schedules = vec![Schedule { name: name.to_owned(), cron: cron.parse().unwrap() }];
        watch::channel(Arc::new(Config { schedules, ..self.config.clone() })).1
    }

    /// Adds a friend to whom the owner last talked on this day.
    pub(crate) async fn friend(&self, name: &str, talked: &str) -> RecordId {
        let mut card = Card::default();
        card.name.full = Some(name.to_owned());
        let record = manual_record(name);
        let add = Said::Add { key: name.to_owned(), card: Box::new(card) };
        self.keeper.say(vec![add]).await.unwrap();
        let circle = Said::Circle { record, circle: Some("friends".to_owned()) };
        let at = talked.parse().unwrap();
        let log = Said::Log { records: vec![record], kind: InteractionKind::Call, at, text: None, occurrence: None };
        self.keeper.say(vec![circle, log]).await.unwrap();
        record
    }

    pub(crate) fn reminders(&self) -> Vec<ReminderState> {
        self.keeper.book().words().reminders().values().cloned().collect()
    }

    pub(crate) fn last_planned(&self, schedule: &str) -> Option<Timestamp> {
        self.keeper.book().words().last_planned(schedule)
    }

    /// Waits until the keeper knows something.
    pub(crate) async fn until<T>(&self, known: impl Fn(&Self) -> Option<T>) -> T {
        let mut changed = self.keeper.changed();
        let wait = async {
            loop {
                changed.mark_unchanged();
                if let Some(known) = known(self) {
                    return known;
                }
                changed.changed().await.unwrap();
            }
        };
        timeout(DEADLINE, wait).await.unwrap_or_else(|_| panic!("{:#?}", self.reminders()))
    }
}
