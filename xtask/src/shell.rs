//! Runs programs in the repository's root, each shown before it runs.

use std::env;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use kith_tests::HarnessError;
use kith_tests::binaries;

/// A task could not be done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum XtaskError {
    /// A program could not be started.
    #[error("start {program}")]
    Start {
        /// Which one.
        program: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A program failed.
    #[error("run {command}: {status}")]
    Ended {
        /// What was run.
        command: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// A file or folder.
    #[error("use {path}")]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// HOME is not set.
    #[error("find your home folder: HOME is not set")]
    NoHome,
    /// The demo's story ends otherwise than it is told.
    #[error("tell the story: the plan names {named:?}, and {expected:?} not first")]
    Story {
        /// Who was to be named first.
        expected: String,
        /// Who is named.
        named: Vec<String>,
    },
    /// A throw-away home, or the daemon in it.
    #[error(transparent)]
    Harness(#[from] HarnessError),
}

/// Runs programs in the repository's root.
#[derive(Debug)]
pub(crate) struct Shell {
    root: PathBuf,
    cargo: OsString,
}

impl Shell {
    /// Finds the repository and the cargo that runs this.
    pub(crate) fn new() -> Self {
        Self { root: binaries::root(), cargo: env::var_os("CARGO").unwrap_or_else(|| "cargo".into()) }
    }

    /// Returns the repository's root.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Runs cargo with `arguments`, parted by spaces.
    pub(crate) fn cargo(&self, arguments: &str) -> Result<(), XtaskError> {
        self.cargo_with(arguments, &[])
    }

    /// Runs cargo with `arguments` and `variables`.
    pub(crate) fn cargo_with(&self, arguments: &str, variables: &[(&str, &str)]) -> Result<(), XtaskError> {
        let mut command = self.cargo_command(arguments);
        command.envs(variables.iter().copied());
        ended(&mut command, &format!("cargo {arguments}"))
    }

    /// Returns cargo with `arguments`, not yet run.
    pub(crate) fn cargo_command(&self, arguments: &str) -> Command {
        let mut command = Command::new(&self.cargo);
        command.current_dir(&self.root).args(arguments.split_whitespace());
        command
    }

    /// Runs another program with `arguments`, parted by spaces.
    pub(crate) fn run(&self, program: &str, arguments: &str) -> Result<(), XtaskError> {
        let mut command = Command::new(program);
        command.current_dir(&self.root).args(arguments.split_whitespace());
        ended(&mut command, &format!("{program} {arguments}"))
    }

    /// Builds the programs and plugins of kith.
    pub(crate) fn build(&self, options: &str) -> Result<(), XtaskError> {
        let packages: Vec<String> = binaries::PACKAGES.iter().map(|name| format!("--package {name}")).collect();
        self.cargo(&format!("build --locked {} {options}", packages.join(" ")))
    }

    /// Builds kith-bench and runs it with `arguments`, in the folder where one stands.
    pub(crate) fn bench(&self, arguments: &[OsString]) -> Result<(), XtaskError> {
        let mut command = Command::new(&self.cargo);
        command.args("run --release --quiet --locked --package kith-bench --manifest-path".split(' '));
        command.arg(self.root.join("Cargo.toml")).arg("--").args(arguments);
        ended(&mut command, "kith-bench")
    }

    /// Whether cargo knows a command of this name.
    pub(crate) fn has_cargo_command(&self, name: &str) -> bool {
        self.cargo_command(&format!("{name} --version")).output().is_ok_and(|output| output.status.success())
    }
}

/// Shows a command, runs it and waits for its end.
fn ended(command: &mut Command, shown: &str) -> Result<(), XtaskError> {
    println!("$ {shown}");
    let status = command.status().map_err(|source| XtaskError::Start { program: shown.to_owned(), source })?;
    if status.success() { Ok(()) } else { Err(XtaskError::Ended { command: shown.to_owned(), status }) }
}
