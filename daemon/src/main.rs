//! The entry point of kithd: `kithd` runs in the foreground, `kithd rebuild` and `kithd check` work while it does not run.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use kithd::keeper::check::Findings;
use kithd::paths::{Paths, PathsError};
use kithd::plugin::conform::Bless;
use kithd::{keeper, logging, plugin, run};

/// Something failed; the message says what.
const FAILED: u8 = 1;
/// The command line is wrong.
const USAGE: u8 = 64;
/// What kith knows is damaged.
const DATA: u8 = 65;
/// The config is wrong.
const CONFIG: u8 = 78;

/// kith's daemon: watches your folders for contacts and messages, and reminds you of people.
///
/// It runs in the foreground until SIGTERM or Ctrl-C. SIGHUP reads the config again.
#[derive(Debug, Parser)]
#[command(version, after_help = "KITH_LOG=debug says more. The client is `kith`.")]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes the store again from the ledger.
    Rebuild,
    /// Checks the ledger line by line, and that the store opens.
    Check,
    /// Checks an importer plugin and prints JSON; `kith plugin check` starts it.
    #[command(hide = true)]
    Conform {
        /// The library.
        library: PathBuf,
        /// A folder of golden files.
        #[arg(long)]
        golden: Option<PathBuf>,
        /// Write what is expected of them anew.
        #[arg(long, requires = "golden")]
        bless: bool,
    },
    /// Runs importer plugins; only kithd itself starts it.
    #[command(hide = true)]
    Worker,
}

fn main() -> ExitCode {
    // Before anything else: a worker has no use for threads, logs or the environment.
    if std::env::args_os().nth(1).is_some_and(|argument| argument == "worker") {
        return plugin::worker::main();
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { ExitCode::from(USAGE) } else { ExitCode::SUCCESS };
            return error.print().map_or(ExitCode::from(FAILED), |()| code);
        }
    };
    // What is made without saying a mode is private, too: sled says none.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    logging::start();
    match cli.command {
        None => daemon(),
        Some(Command::Rebuild) => rebuild(),
        Some(Command::Check) => check(),
        Some(Command::Conform { library, golden, bless }) => {
            conform(&library, golden.as_deref(), if bless { Bless::Yes } else { Bless::No })
        }
        Some(Command::Worker) => plugin::worker::main(),
    }
}

fn daemon() -> ExitCode {
    match run::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(fatal) => {
            tracing::error!("failed to {}", run::chain(&fatal));
            ExitCode::from(if fatal.is_config() { CONFIG } else { FAILED })
        }
    }
}

fn rebuild() -> ExitCode {
    let rebuilt = match private_paths() {
        Ok(paths) => keeper::open::rebuild(&paths),
        Err(error) => return failed(&error),
    };
    match rebuilt {
        Ok((counts, held)) => {
            let mut text = format!(
                "The store is made again: {} people, {} records, {} interactions of {} imports.\n",
                counts.people, counts.records, counts.interactions, counts.imports
            );
            for (device, why) in held {
                text.push_str(&format!("The ledger of device {device} is not read on for now: {why}.\n"));
            }
            print(&text, ExitCode::SUCCESS)
        }
        Err(error) => failed(&error),
    }
}

fn check() -> ExitCode {
    let paths = match Paths::from_env() {
        Ok(paths) => paths,
        Err(error) => return failed(&error),
    };
    if !paths.ledger.exists() {
        return print(
            &format!("There is no ledger yet: {} is not there.\n", paths.ledger.display()),
            ExitCode::SUCCESS,
        );
    }
    let findings = keeper::check::check(&paths);
    match findings {
        Ok(findings) if findings.is_whole() => print(&found(&findings), ExitCode::SUCCESS),
        Ok(findings) => print(&found(&findings), ExitCode::from(DATA)),
        Err(error) => failed(&error),
    }
}

fn conform(library: &Path, golden: Option<&Path>, bless: Bless) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error),
    };
    let report = runtime.block_on(plugin::conform::check(PathBuf::from("/proc/self/exe"), library, golden, bless));
    match serde_json::to_string(&report) {
        Ok(json) => print(&format!("{json}\n"), ExitCode::SUCCESS),
        Err(error) => failed(&error),
    }
}

fn private_paths() -> Result<Paths, PathsError> {
    let paths = Paths::from_env()?;
    paths.make()?;
    Ok(paths)
}

fn found(findings: &Findings) -> String {
    let mut text = format!("{} read in the ledger.\n", counted(findings.lines, "line"));
    if findings.damaged > 0 {
        let damaged = counted(findings.damaged, "damaged line");
        text.push_str(&format!("{damaged} passed over: a write was cut off there, or worse.\n"));
    }
    if findings.unfinished > 0 {
        let begun = counted(findings.unfinished, "import");
        text.push_str(&format!("{begun} begun and not counted: interrupted, refused, or with nothing new in it.\n"));
    }
    for import in &findings.broken_imports {
        text.push_str(&format!("The import {import} does not have the lines it was finished with.\n"));
    }
    for gap in &findings.gaps {
        text.push_str(&format!("Lines are missing: {gap}\n"));
    }
    if let Some(problem) = &findings.store {
        text.push_str(&format!("The store is to be made again (`kithd rebuild`): {problem}\n"));
    }
    if findings.is_whole() {
        text.push_str("Everything that was written is there.\n");
    }
    text
}

fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn failed(error: &dyn core::error::Error) -> ExitCode {
    let text = format!("failed to {}\n", run::chain(error));
    match io::stderr().write_all(text.as_bytes()) {
        Ok(()) | Err(_) => ExitCode::from(FAILED),
    }
}

fn print(text: &str, code: ExitCode) -> ExitCode {
    io::stdout().write_all(text.as_bytes()).map_or(ExitCode::from(FAILED), |()| code)
}
