//! Runs the daemon: opens what it needs, spawns its tasks by name, and waits until one of them ends or a signal comes.
//!
//! A task that ends unasked, by panic too, ends the daemon loudly, and systemd starts it anew.
//!
//! ```text
//!  SIGTERM, SIGINT ─▶ shutdown ─▶ every task ends ─▶ handles of the keeper are gone ─▶ keeper ends
//!  SIGHUP ─▶ config is read again ─▶ watchers of the config
//! ```

mod rim;
mod tasks;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use kith_core::fact::{Said, Settings};
use tokio::runtime::Handle;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{mpsc, watch};

use self::rim::{spawn_events, spawn_phone};
use self::tasks::Tasks;
use crate::api::SocketError;
use crate::config::{Config, ConfigError};
use crate::deliver::desktop::Bus;
use crate::deliver::hook::TRIES_AFTER;
use crate::deliver::network::Sender;
use crate::deliver::process::Launcher;
use crate::deliver::queue::Queue;
use crate::deliver::{Channels, Deliver};
use crate::intake::{Arrival, Intake, IntakeError, Problem, arrivals};
use crate::keeper::open::OpenError;
use crate::keeper::task::{KeeperFatal, Task};
use crate::keeper::{self, Keeper, KeeperError};
use crate::paths::{Paths, PathsError};
use crate::plugin::{self, PluginInfo, Plugins};
use crate::remind::Remind;
use crate::service::ServiceError;
use crate::store::health::Trouble;
use crate::store::{StoreError, suspect};
use crate::watch::{FolderStatus, WatchError, Watching};
use crate::{api, clock, machine, service};

/// How long tasks may take to end before the daemon ends without them. systemd and the user wait for five seconds.
const ENDING: Duration = Duration::from_secs(4);

/// Batches between watch and intake; more wait in the watch task.
const BATCHES: usize = 1;

/// Why the daemon stopped.
#[derive(Debug, thiserror::Error)]
pub enum Fatal {
    /// Its folders cannot be made.
    #[error("make kith's folders")]
    Paths(#[source] PathsError),
    /// The config is wrong.
    #[error("read the config")]
    Config(#[source] ConfigError),
    /// The runtime cannot be started.
    #[error("start the runtime")]
    Runtime(#[source] io::Error),
    /// Signals cannot be received.
    #[error("listen for signals")]
    Signals(#[source] io::Error),
    /// Ledger or store cannot be opened.
    #[error("open what kith knows")]
    Open(#[source] OpenError),
    /// The keeper ended.
    #[error("keep what kith knows")]
    Keeper(#[source] KeeperFatal),
    /// The store is in trouble.
    #[error("keep the store: {}", match .0 {
        Trouble::Damage(_) => "it is damaged, and made again from the ledger at the next start",
        Trouble::Full => "the disk is full; at the next start kithd waits for room",
    })]
    Store(Trouble),
    /// The keeper does not take a word.
    #[error("tell the keeper")]
    Say(#[source] KeeperError),
    /// The watch task ended.
    #[error("watch the folders")]
    Watch(#[source] WatchError),
    /// The plugin folders cannot be watched.
    #[error("watch the folders of plugins")]
    Plugins(#[source] notify::Error),
    /// The intake ended.
    #[error("import files")]
    Intake(#[source] IntakeError),
    /// Reminding ended.
    #[error("remind")]
    Remind(#[source] crate::remind::RemindError),
    /// Delivering ended.
    #[error("tell reminders")]
    Deliver(#[source] crate::deliver::DeliverError),
    /// The API ended.
    #[error("answer clients")]
    Api(#[source] SocketError),
    /// systemd cannot be told.
    #[error("speak with systemd")]
    Service(#[source] ServiceError),
    /// The clock cannot be watched.
    #[error("watch the clock")]
    Clock(#[source] clock::ClockError),
    /// A task ended though nobody asked it to.
    #[error("keep the task {0} going: it ended unasked")]
    Ended(String),
    /// A task panicked.
    #[error("keep the task {0} going: it panicked")]
    Panicked(String),
}

impl Fatal {
    /// Returns whether the config must be put right first.
    #[must_use]
    pub const fn is_config(&self) -> bool {
        matches!(self, Self::Config(_))
    }

    /// Returns what makes the store suspect, in words.
    fn damage(&self) -> Option<String> {
        if let Self::Store(Trouble::Damage(words)) = self {
            return Some(words.clone());
        }
        let Self::Keeper(KeeperFatal::Store(error)) = self else { return None };
        (!matches!(error, StoreError::Full)).then(|| error.to_string())
    }
}

/// How long to wait before looking again for room on the disk.
const ROOM_PAUSE: Duration = Duration::from_secs(5);

/// What tasks watch.
#[derive(Debug, Clone)]
pub struct Shared {
    /// Where kith's files are.
    pub paths: Arc<Paths>,
    /// The config.
    pub config: watch::Receiver<Arc<Config>>,
    /// Why the config that was to be read again is not used, if so.
    pub config_problem: watch::Receiver<Option<String>>,
    /// Ticks when the machine resumes or its clock is set.
    pub jumps: watch::Receiver<u64>,
    /// Turns true when the daemon ends.
    pub shutdown: watch::Receiver<bool>,
}

/// What only `run` changes.
struct Controls {
    config: watch::Sender<Arc<Config>>,
    config_problem: watch::Sender<Option<String>>,
    shutdown: watch::Sender<bool>,
}

/// Runs the daemon until a signal ends it.
///
/// # Errors
/// When it cannot begin, or a task ended unasked.
pub fn run() -> Result<(), Fatal> {
    let paths = Paths::from_env().map_err(Fatal::Paths)?;
    paths.make().map_err(Fatal::Paths)?;
    let config = Config::load(&paths).map_err(Fatal::Config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("kithd")
        .enable_all()
        .build()
        .map_err(Fatal::Runtime)?;
    let ended = runtime.block_on(serve(paths, config));
    runtime.shutdown_timeout(Duration::from_millis(500));
    ended
}

async fn serve(paths: Paths, config: Config) -> Result<(), Fatal> {
    let mut signals = Signals::listen().map_err(Fatal::Signals)?;
    let (jumps, jumps_seen) = watch::channel(0);
    let (controls, shared) = share(paths, config, jumps_seen);
    let mut tasks = Tasks::default();
    tasks.spawn("clock", async { clock::watch_jumps(jumps).await.map_err(Fatal::Clock) });
    let opened = tokio::select! {
        opened = start(&mut tasks, &shared) => opened,
        () = signals.end() => return Ok(()),
    };
    let keeper = opened?;
    service::ready().map_err(Fatal::Service)?;
    tracing::info!(people = keeper.book().counts().people, "ready");
    let ended = wait(&mut tasks, &mut signals, &controls, &shared, &keeper).await;
    if let Err(fatal) = &ended
        && let Some(damage) = fatal.damage()
        && let Err(unmarked) = suspect::mark(&shared.paths.state, &damage)
    {
        tracing::error!(error = %unmarked, "store cannot be marked as damaged");
    }
    tracing::info!("ending");
    service::stopping().map_err(Fatal::Service)?;
    controls.shutdown.send_replace(true);
    drop((keeper, shared));
    if tokio::time::timeout(ENDING, tasks.end()).await.is_err() {
        tracing::warn!(tasks = tasks.names(), "tasks did not end in time");
    }
    ended
}

fn share(paths: Paths, config: Config, jumps: watch::Receiver<u64>) -> (Controls, Shared) {
    let (config, config_seen) = watch::channel(Arc::new(config));
    let (config_problem, problem_seen) = watch::channel(None);
    let (shutdown, shutdown_seen) = watch::channel(false);
    let shared = Shared {
        paths: Arc::new(paths),
        config: config_seen,
        config_problem: problem_seen,
        jumps,
        shutdown: shutdown_seen,
    };
    (Controls { config, config_problem, shutdown }, shared)
}

/// Opens what is needed and spawns the tasks.
async fn start(tasks: &mut Tasks, shared: &Shared) -> Result<Keeper, Fatal> {
    let (keeper, task) = Box::pin(service::patiently(open(&shared.paths))).await.map_err(Fatal::Service)??;
    let health = keeper.store().health();
    let mut shutdown = shared.shutdown.clone();
    tasks.spawn("store", async move {
        tokio::select! {
            _ = shutdown.wait_for(|ends| *ends) => Ok(()),
            trouble = health.trouble() => Err(Fatal::Store(trouble)),
        }
    });
    let runtime = Handle::current();
    tasks.spawn_blocking("keeper", move || task.run(&runtime).map_err(Fatal::Keeper));
    say_settings(&keeper, shared).await?;

    let (plugins, switched_off) = spawn_plugins(tasks, shared);
    let (folders, folders_seen) = watch::channel(Vec::new());
    let (arrived, arrivals) = arrivals();
    let kept = (arrived, shared.paths.state.as_path());
    let intake = Intake::new(plugins.clone(), keeper.clone(), shared.config.clone(), folders_seen, kept);
    let launcher = Launcher::of_this_process();
    let channels = Channels { queue: Queue::load(&shared.paths.state), sender: Sender::of_this_process(launcher) };
    let arrived = watch::channel(0).0;
    // Before anything is imported: what is new is told by what there was.
    let problems = spawn_events(tasks, shared, &keeper, (&intake, &channels, arrived.subscribe()));
    spawn_watch(tasks, shared, &intake, folders)?;
    spawn_reminders(tasks, shared, &keeper, (arrivals, arrived, switched_off), (channels.clone(), problems));
    let phone = spawn_phone(tasks, shared, &keeper);
    spawn_api(tasks, shared, &keeper, (&intake, plugins, channels, phone)).await?;

    let (status, watchdog) = (keeper.clone(), keeper.clone());
    let (shutdown, shutdown_too) = (shared.shutdown.clone(), shared.shutdown.clone());
    tasks.spawn("status", async { service::status(status, intake, shutdown).await.map_err(Fatal::Service) });
    tasks.spawn("watchdog", async { service::watchdog(watchdog, shutdown_too).await.map_err(Fatal::Service) });
    let (others, shared) = (keeper.clone(), shared.clone());
    tasks.spawn("others", async { catch_up(others, shared).await.map_err(Fatal::Say) });
    Ok(keeper)
}

/// Opens ledger and store; while the disk is full, waits for room.
async fn open(paths: &Arc<Paths>) -> Result<(Keeper, Task), Fatal> {
    let mut was_full = false;
    loop {
        let paths = Arc::clone(paths);
        let opened = tokio::task::spawn_blocking(move || keeper::start(&paths)).await;
        match opened.map_err(|_| Fatal::Panicked("open".to_owned()))? {
            Err(error) if error.is_disk_full() => {
                if !std::mem::replace(&mut was_full, true) {
                    tracing::warn!("the disk is full; kithd starts when there is room");
                }
                tokio::time::sleep(ROOM_PAUSE).await;
            }
            opened => return opened.map_err(Fatal::Open),
        }
    }
}

/// Watches the folders; when this returns, files can be dropped.
fn spawn_watch(
    tasks: &mut Tasks,
    shared: &Shared,
    intake: &Intake,
    folders: watch::Sender<Vec<FolderStatus>>,
) -> Result<(), Fatal> {
    let (batches, ready) = mpsc::channel(BATCHES);
    let (answers, answered) = mpsc::channel(BATCHES);
    let context = crate::watch::Context {
        config: shared.config.clone(),
        seen: shared.paths.state.join("seen"),
        batches,
        answers: answered,
        jumps: shared.jumps.clone(),
        status: folders,
        shutdown: shared.shutdown.clone(),
    };
    let watching = Watching::begin(context).map_err(Fatal::Watch)?;
    tasks.spawn("watch", async { watching.run().await.map_err(Fatal::Watch) });
    let (intake, shutdown) = (intake.clone(), shared.shutdown.clone());
    tasks.spawn("intake", async move { intake.run(ready, answers, shutdown).await.map_err(Fatal::Intake) });
    Ok(())
}

/// Finds the plugins, and keeps an eye on their folders.
fn spawn_plugins(tasks: &mut Tasks, shared: &Shared) -> (Plugins, mpsc::Receiver<PluginInfo>) {
    let config = shared.config.borrow().clone();
    let limits = plugin::Limits {
        time: config.limits.time,
        memory_bytes: config.limits.memory_bytes,
        emitted_bytes: config.limits.output_bytes,
        ..plugin::Limits::default()
    };
    let (told, switched_off) = mpsc::channel(4);
    let switches = shared.paths.state.join("plugins.json");
    let plugins = Plugins::start(shared.paths.plugins.clone(), limits, switches, told);
    let (fresh, config, shutdown) = (plugins.clone(), shared.config.clone(), shared.shutdown.clone());
    tasks.spawn("plugins", async { plugin::refresh::run(fresh, config, shutdown).await.map_err(Fatal::Plugins) });
    (plugins, switched_off)
}

fn spawn_reminders(
    tasks: &mut Tasks,
    shared: &Shared,
    keeper: &Keeper,
    (arrivals, arrived, switched_off): (mpsc::Receiver<Arrival>, watch::Sender<u64>, mpsc::Receiver<PluginInfo>),
    (channels, problems): (Channels, watch::Receiver<Vec<Problem>>),
) {
    let remind = Remind { keeper: keeper.clone(), config: shared.config.clone(), jumps: shared.jumps.clone() };
    let deliver = Deliver {
        hooks_tried_after: &TRIES_AFTER,
        keeper: keeper.clone(),
        paths: Arc::clone(&shared.paths),
        config: shared.config.clone(),
        bus: Bus::Session,
        launcher: channels.sender.launcher.clone(),
        channels,
        problems,
        jumps: shared.jumps.clone(),
    };
    let (shutdown, shutdown_too) = (shared.shutdown.clone(), shared.shutdown.clone());
    tasks.spawn("remind", async { crate::remind::run(remind, shutdown).await.map_err(Fatal::Remind) });
    let (notices, passing) = mpsc::channel(1);
    let (off_notices, shutdown) = (notices.clone(), shared.shutdown.clone());
    tasks.spawn("switched_off", async {
        crate::deliver::switched_off::tell(switched_off, off_notices, shutdown).await;
        Ok(())
    });
    let (config, shutdown_as_well) = (shared.config.clone(), shared.shutdown.clone());
    tasks.spawn("arrivals", async {
        crate::deliver::arrivals::gather(arrivals, notices, (config, arrived), shutdown_as_well).await;
        Ok(())
    });
    tasks.spawn("deliver", async { crate::deliver::run(deliver, passing, shutdown_too).await.map_err(Fatal::Deliver) });
}

/// Serves the API; when this returns, clients can connect.
async fn spawn_api(
    tasks: &mut Tasks,
    shared: &Shared,
    keeper: &Keeper,
    (intake, plugins, channels, phone): (&Intake, Plugins, Channels, watch::Receiver<Option<String>>),
) -> Result<(), Fatal> {
    let listener = api::listen(&shared.paths).await.map_err(Fatal::Api)?;
    let context = api::Context {
        keeper: keeper.clone(),
        intake: intake.clone(),
        plugins,
        phone,
        config: shared.config.clone(),
        config_problem: shared.config_problem.clone(),
        paths: Arc::clone(&shared.paths),
        bus: Bus::Session,
        channels,
    };
    let shutdown = shared.shutdown.clone();
    tasks.spawn("api", async { api::serve(listener, context, shutdown).await.map_err(Fatal::Api) });
    Ok(())
}

/// Waits until a signal asks the daemon to end, or a task ends unasked.
async fn wait(
    tasks: &mut Tasks,
    signals: &mut Signals,
    controls: &Controls,
    shared: &Shared,
    keeper: &Keeper,
) -> Result<(), Fatal> {
    loop {
        tokio::select! {
            fatal = tasks.ended_unasked() => return Err(fatal),
            wish = signals.next() => match wish {
                Wish::End => return Ok(()),
                Wish::Reload => {
                    service::reloading().map_err(Fatal::Service)?;
                    reload(controls, &shared.paths);
                    say_settings(keeper, shared).await?;
                    service::ready().map_err(Fatal::Service)?;
                }
            }
        }
    }
}

/// Reads the config again; a wrong one is not used, and the problem is shown.
fn reload(controls: &Controls, paths: &Paths) {
    match Config::load(paths) {
        Ok(config) => {
            controls.config_problem.send_replace(None);
            controls.config.send_replace(Arc::new(config));
            tracing::info!("config is read again");
        }
        Err(error) => {
            let problem = chain(&error);
            tracing::warn!("config is wrong and not used; the old one holds. `kith status` says what is wrong");
            tracing::debug!(problem, "config is wrong");
            controls.config_problem.send_replace(Some(problem));
        }
    }
}

/// Writes what the config contributes to the fold, when it differs.
async fn say_settings(keeper: &Keeper, shared: &Shared) -> Result<(), Fatal> {
    let machine = machine::seat(&shared.paths.state);
    let settings = Settings { machine, ..shared.config.borrow().settings() };
    let is_known = keeper.book().words().settings_of(keeper.device()) == Some(&settings);
    if !is_known {
        keeper.say(vec![Said::Settings(settings)]).await.map_err(Fatal::Say)?;
    }
    Ok(())
}

/// Folds what other devices wrote: at the start, every few minutes, and when the machine resumes.
async fn catch_up(keeper: Keeper, mut shared: Shared) -> Result<(), KeeperError> {
    loop {
        let imports = keeper.catch_up().await?;
        if imports > 0 {
            tracing::info!(imports, "imports of other devices came");
        }
        let pause = shared.config.borrow().rescan;
        tokio::select! {
            _ = shared.shutdown.wait_for(|ends| *ends) => return Ok(()),
            () = tokio::time::sleep(pause) => {}
            Ok(()) = shared.jumps.changed() => {}
        }
    }
}

/// Returns an error with all its causes on one line.
#[must_use]
pub fn chain(error: &dyn core::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |error| error.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// What a signal asks for.
enum Wish {
    End,
    Reload,
}

/// The signals that the daemon listens to.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        let terminate = signal(SignalKind::terminate())?;
        Ok(Self { terminate, interrupt: signal(SignalKind::interrupt())?, hangup: signal(SignalKind::hangup())? })
    }

    async fn next(&mut self) -> Wish {
        tokio::select! {
            _ = self.terminate.recv() => Wish::End,
            _ = self.interrupt.recv() => Wish::End,
            _ = self.hangup.recv() => Wish::Reload,
        }
    }

    /// Waits until the daemon is asked to end; there is nothing to read again yet.
    async fn end(&mut self) {
        while let Wish::Reload = self.next().await {}
    }
}
