//! `cargo xtask`: build, demo, test, check, bench, fuzz and install kith. One file a command.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a developer's tool talks to its terminal")]

mod apt;
mod check;
mod demo;
mod fuzz;
mod install;
mod shell;
mod story;
mod test;

use std::error::Error as _;
use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use crate::shell::{Shell, XtaskError};

/// Build, demo, test, check, bench, fuzz and install kith.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
enum Task {
    /// Show the main job in throw-away folders: an export is dropped, a reminder comes. Nothing is left behind.
    Demo,
    /// Pass all tests; what they need is installed where that is allowed.
    Test,
    /// What each commit passes: format, lints, quick tests, docs and the repository's own rules.
    Check,
    /// Print what kith costs, beside what the bare parsers cost; `bench people`: how well records of one person are joined.
    Bench {
        /// Passed on to kith-bench; see `cargo xtask bench people --help`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Search for bytes that an importer cannot stand; needs a C++ compiler.
    Fuzz(fuzz::Options),
    /// Build for use and install for this user, then set up the background service.
    Install,
    /// Write the C header of the plugin interface anew.
    Header,
}

fn main() -> ExitCode {
    let shell = Shell::new();
    let done = match Task::parse() {
        Task::Demo => demo::run(&shell),
        Task::Test => test::run(&shell),
        Task::Check => check::run(&shell),
        Task::Bench { arguments } => shell.bench(&arguments),
        Task::Fuzz(options) => fuzz::run(&shell, &options),
        Task::Install => install::run(&shell),
        Task::Header => {
            shell.cargo_with("test --quiet --locked --package kith-plugin --test header", &[("KITH_BLESS", "1")])
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", words(&error));
            ExitCode::FAILURE
        }
    }
}

/// Returns an error and its causes on one line.
fn words(error: &XtaskError) -> String {
    let mut text = format!("failed to {error}");
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(&format!(": {inner}"));
        cause = inner.source();
    }
    text
}
