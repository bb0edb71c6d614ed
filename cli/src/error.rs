//! What can go wrong, with an exit code and the next thing to try for each.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use kith_proto::api::{ErrorBody, PersonSummary};
use serde_json::json;

/// It worked.
pub(crate) const OK: u8 = 0;
/// It failed.
pub(crate) const FAILED: u8 = 1;
/// The command line is wrong (`EX_USAGE` of sysexits).
pub(crate) const USAGE: u8 = 64;
/// The data is wrong: a file is refused, a person is not there or not clear (`EX_DATAERR`).
pub(crate) const DATA: u8 = 65;
/// kithd is not running (`EX_UNAVAILABLE`).
pub(crate) const NO_DAEMON: u8 = 69;
/// The config is wrong (`EX_CONFIG`).
pub(crate) const CONFIG: u8 = 78;

/// Something went wrong.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// Nobody answers.
    #[error("kithd is not running (nobody answers on {0})")]
    Down(PathBuf),
    /// It runs, and does not answer yet.
    #[error("kithd runs, but nobody answers on {0} yet: it is still starting, or listens elsewhere")]
    Starting(PathBuf),
    /// The folders that name the socket are unset.
    #[error("find kithd: neither XDG_RUNTIME_DIR nor HOME is set")]
    NoHome,
    /// The daemon refused, or failed.
    #[error("{}", .1.error)]
    Refused(u16, Box<ErrorBody>),
    /// The connection broke.
    #[error("talk with kithd")]
    Talk(#[source] Box<dyn core::error::Error + Send + Sync>),
    /// The answer is no JSON of the shape expected.
    #[error("understand kithd's answer; is it of the same version as kith?")]
    Answer(#[source] serde_json::Error),
    /// A file of the user's cannot be read or written.
    #[error("{doing} {path}")]
    File {
        /// What was being done: `read`, `write`.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// What was printed could not be written.
    #[error("print")]
    Print(#[from] io::Error),
    /// Files were refused; the report says which.
    #[error("import {0}")]
    NotImported(String),
    /// No mapping can be proposed.
    #[error("propose what the columns of {file} are: {problem}")]
    NotMapped {
        /// The file.
        file: String,
        /// Why.
        problem: String,
    },
    /// A program could not be run, or failed.
    #[error("run {0}")]
    Program(String),
    /// systemd does not answer for this user.
    #[error("reach systemd's user manager: systemctl --user gets no answer")]
    NoManager,
    /// A check-up found something that does not work.
    #[error("{}", if *.0 == 1 { "1 finding needs a look".to_owned() } else { format!("{} findings need a look", .0) })]
    Unwell(usize),
    /// A person has no record of this number.
    #[error("find the record {number}: there are {records}")]
    NoRecord {
        /// The number.
        number: usize,
        /// How many there are.
        records: usize,
    },
    /// A question cannot be answered so.
    #[error("answer with {0:?}")]
    NoAnswer(String),
    /// A day cannot be read.
    #[error("read {0:?} as a day")]
    NoDay(String),
    /// Somebody would be forgotten for good, and nobody can be asked whether that is meant.
    #[error("forget {0}: that cannot be undone, and nobody can be asked here whether you are sure")]
    Unconfirmed(String),
    /// The connection broke while somebody was being forgotten.
    #[error("hear from kithd that it is done")]
    ForgetCutOff(#[source] Box<dyn core::error::Error + Send + Sync>),
    /// A plugin cannot be called so.
    #[error("call a plugin {0:?}: {1}")]
    PluginName(String, &'static str),
    /// A test message was not delivered.
    #[error("send a test message: {0}")]
    NotSent(String),
    /// A plugin breaks rules.
    #[error("pass the plugin: {0} of the checks failed")]
    NotConforming(usize),
}

impl CliError {
    /// Returns the exit code.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Down(_) | Self::Starting(_) => NO_DAEMON,
            Self::NoHome => CONFIG,
            Self::PluginName(..) | Self::NoAnswer(_) | Self::NoDay(_) | Self::Unconfirmed(_) => USAGE,
            Self::Refused(400..=499, _) | Self::NotImported(_) | Self::NotMapped { .. } | Self::NoRecord { .. } => DATA,
            Self::Refused(..)
            | Self::Talk(_)
            | Self::ForgetCutOff(_)
            | Self::Answer(_)
            | Self::File { .. }
            | Self::Print(_)
            | Self::Program(_)
            | Self::NoManager
            | Self::Unwell(_)
            | Self::NotSent(_)
            | Self::NotConforming(_) => FAILED,
        }
    }

    /// Returns the next thing to try.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::Down(_) => {
                Some("start it with: systemctl --user start kithd (or, without systemd: kithd)".to_owned())
            }
            Self::Starting(_) => {
                Some("try again in a moment; if it does not help, XDG_RUNTIME_DIR is another one here than where kithd runs, or it stands in: journalctl --user -u kithd".to_owned())
            }
            Self::NoHome => Some("set HOME".to_owned()),
            Self::Refused(_, body) => body.hint.clone(),
            Self::Talk(_) => Some("try again; what went wrong is in: journalctl --user -u kithd".to_owned()),
            Self::ForgetCutOff(_) => Some(
                "what was begun is completed when kithd starts again; then look with: kith find, and if the person is still there, forget them again".to_owned(),
            ),
            Self::Unconfirmed(_) => Some("say --yes to go through with it; --dry-run lists what would go".to_owned()),
            Self::Answer(_) => Some("compare: kith --version, kith status".to_owned()),
            Self::NotImported(_) => Some("the reasons are above; files that were dropped: kith problems".to_owned()),
            Self::Program(_) => Some("run it by hand to see what it says".to_owned()),
            Self::NoManager => {
                Some("nothing was changed; log in to a session of your own, or run kithd in the foreground".to_owned())
            }
            Self::Unwell(_) => Some("each line above names its next step".to_owned()),
            Self::NotSent(_) => {
                Some("mend the channel in the config, then: systemctl --user reload kithd; docs/CHANNELS.md".to_owned())
            }
            Self::NotConforming(_) => Some("docs/PLUGINS.md tells the rules, and what each check looks for".to_owned()),
            Self::NotMapped { .. } => {
                Some("a mapping is for one table with columns: CSV, or text with tabs".to_owned())
            }
            Self::NoRecord { .. } => Some("the numbers are shown by: kith split PERSON".to_owned()),
            Self::NoAnswer(_) => Some("say y, n or later: kith review --answer ID y".to_owned()),
            Self::NoDay(_) => Some("write it as 2026-12-24, tomorrow, a day of the week (monday) or \"11 December\"".to_owned()),
            Self::PluginName(..) => Some("a name is like names or my-notes: a to z, 0 to 9 and -".to_owned()),
            Self::File { doing: "read", source, .. } if source.kind() == io::ErrorKind::NotFound => {
                Some("look at how the file is called, and in which folder: ls".to_owned())
            }
            Self::File { .. } | Self::Print(_) => None,
        }
    }

    /// Returns those who could have been meant.
    pub(crate) fn candidates(&self) -> &[PersonSummary] {
        match self {
            Self::Refused(_, body) => &body.candidates,
            Self::Down(_)
            | Self::Starting(_)
            | Self::NoHome
            | Self::Talk(_)
            | Self::Answer(_)
            | Self::File { .. }
            | Self::Print(_)
            | Self::NotImported(_)
            | Self::NotMapped { .. }
            | Self::Program(_)
            | Self::NoManager
            | Self::Unwell(_)
            | Self::NoRecord { .. }
            | Self::NoAnswer(_)
            | Self::NoDay(_)
            | Self::Unconfirmed(_)
            | Self::ForgetCutOff(_)
            | Self::PluginName(..)
            | Self::NotSent(_)
            | Self::NotConforming(_) => &[],
        }
    }
}

/// Prints what clap has to say, for programs as one object, and returns the exit code: help is no error.
pub(crate) fn usage(error: &clap::Error, json: bool) -> ExitCode {
    // When even this cannot be printed there is nowhere left to say so.
    if !error.use_stderr() {
        drop(error.print());
        return ExitCode::from(OK);
    }
    if json {
        let text = error.render().to_string();
        let problem = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
        let value = json!({"error": problem, "hint": "kith --help", "code": USAGE, "candidates": []});
        drop(writeln!(io::stderr(), "{value}"));
    } else {
        drop(error.print());
    }
    ExitCode::from(USAGE)
}
