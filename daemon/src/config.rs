//! The config: what the user may choose, with a default for everything, so that none need be written.
//!
//! A wrong config is refused whole, with every mistake named: file, line, key, value and remedy. What the values are checked
//! against is in `config/check`; how the file is read in `config/table`.
//!
//! ```toml
//! me = ["sam@example.com"]
//!
//! [[watch]]
//! path = "~/Mail"
//! layout = "maildir"
//!
//! [[circle]]
//! name = "friends"
//! cadence = "3 weeks"
//! ```

mod channel;
mod check;
pub mod hours;
pub mod maps;
mod table;

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use kith_core::fact::{MailPeople, Settings};
use kith_core::normalize::Region;
use kith_core::plan::Circle;
use kith_proto::channel::Kind;

use crate::clock;
use crate::deliver::event::Event;
use crate::paths::Paths;
pub use hours::Quiet;

/// What the user chose.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Where exports are dropped.
    pub drop: PathBuf,
    /// Where a dropped file lies when it has been imported, in a folder a month.
    pub imported: PathBuf,
    /// Where a dropped file lies when it cannot be imported, beside its reason.
    pub problem: PathBuf,
    /// How long imported files are kept.
    pub keep_imported: Keep,
    /// Where the user's mappings of tables lie.
    pub maps: PathBuf,
    /// Folders that are read in place.
    pub watch: Vec<WatchedFolder>,
    /// How often all folders are read through, whatever events came.
    pub rescan: Duration,
    /// The owner's own addresses and profiles.
    pub me: Vec<String>,
    /// The region of numbers written without a country.
    pub region: Option<Region>,
    /// Whose mail makes a person.
    pub mail_people: MailPeople,
    /// Whether the text of mail that the owner sent is read, to propose what they promised in it.
    pub mail_promises: bool,
    /// How often whom to reconnect with.
    pub circles: Vec<Circle>,
    /// When to say so.
    pub schedules: Vec<Schedule>,
    /// How many people a day at most.
    pub daily: usize,
    /// Days of the week on which no reminders come.
    pub days_off: Vec<Weekday>,
    /// The hours in which no reminders come.
    pub quiet: Option<Quiet>,
    /// How many days before a birthday it is told, besides the day itself.
    pub birthday_lead_days: i32,
    /// Whether this device delivers; unsaid, the first device does.
    pub deliver: Option<bool>,
    /// Whether the desktop says what came of dropped files.
    pub tell_imports: bool,
    /// The folder for the phone, if there is to be one.
    pub phone: Option<PhoneFolder>,
    /// How long a hook may run.
    pub hook_time_limit: Duration,
    /// Network channels.
    pub channels: Vec<Channel>,
    /// What an importer may use.
    pub limits: Limits,
    /// The zone of days and schedules; unsaid, the one that the system is in. Ask [`Config::zone`].
    pub timezone: Option<TimeZone>,
}

/// How long imported files are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// For ever.
    Forever,
    /// As many days.
    Days(u32),
}

/// A folder that is watched beside the drop folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedFolder {
    /// Where it is.
    pub path: PathBuf,
    /// What lies in it how.
    pub layout: Layout,
}

/// What lies in a watched folder how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layout {
    /// Another drop folder: files are moved away once they are imported.
    Drop,
    /// Any files, in folders of any depth, read in place.
    Plain,
    /// A Maildir, with the subfolders of Maildir++.
    Maildir,
    /// A vdir: one card a file, in the folder itself or in its collections.
    Vdir,
}

/// The folder for the phone: people and what will come, for programs that carry a vdir to a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneFolder {
    /// Where it is.
    pub folder: PathBuf,
    /// Who is in it.
    pub people: PhonePeople,
}

/// Who is in the folder for the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PhonePeople {
    /// Those in a circle.
    #[default]
    Circles,
    /// Everyone.
    Everyone,
}

/// When the day's plan is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Its name.
    pub name: String,
    /// When.
    pub cron: kith_core::schedule::Schedule,
}

/// A network channel, and of what it tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Its name.
    pub name: String,
    /// What it is, with all that it needs.
    pub kind: Kind,
    /// Of what it tells.
    pub events: BTreeSet<Event>,
}

/// What an importer may use for one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long it may take without having emitted anything.
    pub time: Duration,
    /// How much memory, in bytes.
    pub memory_bytes: u64,
    /// How much it may emit, in bytes.
    pub output_bytes: u64,
}

/// The config cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is there, but could not be read.
    #[error("read {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Something in it is wrong.
    #[error("understand the config:{}", listed(.0))]
    Wrong(Vec<Mistake>),
}

/// One thing that is wrong in the config file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}:{line}: {key}: {problem} ({remedy})", path.display())]
pub struct Mistake {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The key.
    pub key: String,
    /// What is wrong, with the value.
    pub problem: String,
    /// What to write instead.
    pub remedy: String,
}

fn listed(mistakes: &[Mistake]) -> String {
    mistakes.iter().map(|mistake| format!("\n  {mistake}")).collect()
}

impl Config {
    /// Reads the config file; without one, everything has its default.
    ///
    /// # Errors
    /// When the file cannot be read, or something in it is wrong.
    pub fn load(paths: &Paths) -> Result<Self, ConfigError> {
        match std::fs::read_to_string(&paths.config) {
            Ok(text) => Self::parse(&text, paths),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::defaults(paths)),
            Err(source) => Err(ConfigError::Read { path: paths.config.clone(), source }),
        }
    }

    /// Returns what holds where the user chose nothing.
    #[must_use]
    pub fn defaults(paths: &Paths) -> Self {
        let ours = paths.home.join("Kith");
        Self {
            drop: ours.join("Drop"),
            imported: ours.join("Imported"),
            problem: ours.join("Problem"),
            keep_imported: Keep::Forever,
            maps: paths.config.with_file_name("maps"),
            watch: Vec::new(),
            rescan: Duration::from_secs(5 * 60),
            me: Vec::new(),
            region: Region::from_locale_variables(|name| std::env::var(name).ok()),
            mail_people: MailPeople::Answered,
            mail_promises: false,
            circles: [("close", "3 weeks"), ("friends", "2 months"), ("in touch", "6 months")]
                .into_iter()
                .filter_map(|(name, cadence)| Some(Circle { name: name.to_owned(), cadence: cadence.parse().ok()? }))
                .collect(),
            schedules: "0 9 * * *"
                .parse()
                .map(|cron| Schedule { name: "daily".to_owned(), cron })
                .into_iter()
                .collect(),
            daily: 3,
            days_off: Vec::new(),
            quiet: None,
            birthday_lead_days: 0,
            deliver: None,
            tell_imports: true,
            phone: None,
            hook_time_limit: Duration::from_secs(30),
            channels: Vec::new(),
            limits: Limits { time: Duration::from_secs(60), memory_bytes: 512 << 20, output_bytes: 4 << 30 },
            timezone: None,
        }
    }

    /// Returns the zone of days and schedules at the moment: without one in the config it travels with the machine.
    #[must_use]
    pub fn zone(&self) -> TimeZone {
        self.timezone.clone().unwrap_or_else(clock::zone)
    }

    /// Returns the part of the config that reaches the fold as a fact; the machine is none of the config's.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings {
            me: self.me.clone(),
            region: self.region.map(String::from),
            mail_people: self.mail_people,
            machine: None,
        }
    }

    /// Returns a word for how deeply mail is read and whose, empty where no text is: with another, all mail is to be read again.
    #[must_use]
    pub fn mail_depth(&self) -> String {
        if !self.mail_promises {
            return String::new();
        }
        let hash = blake3::hash(self.me.join("\n").as_bytes()).to_hex();
        format!("promises {}", hash.get(..16).unwrap_or_default())
    }

    /// Returns all folders to watch, the drop folder first.
    #[must_use]
    pub fn folders(&self) -> Vec<WatchedFolder> {
        let drop = WatchedFolder { path: self.drop.clone(), layout: Layout::Drop };
        std::iter::once(drop).chain(self.watch.iter().cloned()).collect()
    }
}

impl Layout {
    /// Returns the layout's name, as in the config.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Drop => "drop",
            Self::Plain => "plain",
            Self::Maildir => "maildir",
            Self::Vdir => "vdir",
        }
    }
}

#[cfg(test)]
mod tests;
