//! The client `kith`: one file a command, each one or two calls of the API.
//!
//! ```text
//!  args ─▶ commands/… ─▶ client ─▶ kithd's socket
//!                 └─▶ printer ─▶ words, or JSON with --json
//! ```

#![forbid(unsafe_code)]

mod args;
mod client;
mod commands;
mod error;
mod printer;
mod starting;
mod zone;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::Args;
use crate::printer::Printer;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return error::usage(&error, std::env::args_os().any(|argument| argument == "--json")),
    };
    let mut printer = Printer::new(args.json);
    match commands::run(args.command, &mut printer) {
        Ok(()) => printer.end(),
        Err(error) => printer.fail(&error),
    }
}
