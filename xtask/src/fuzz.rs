//! `cargo xtask fuzz`: searches for bytes that an importer cannot stand, guided by coverage, with libFuzzer on stable Rust.
//!
//! It starts from the fixtures, keeps what it learned under `target/fuzz`, and leaves what it found there, too, with
//! what it said: mend the importer, and put the file into `fuzz/cases`, where the tests try it for ever.

use std::fs::{self, File};
use std::num::NonZero;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::thread::available_parallelism;

use clap::Args;

use crate::shell::{Shell, XtaskError};

/// The importers that are fuzzed.
const IMPORTERS: [&str; 5] = ["addressbook", "calendar", "csv", "email", "vcard"];

/// What makes the compiler count which code runs, as `cargo fuzz` without a sanitizer does.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// What is fuzzed, and for how long.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The importers; all of them when none is named.
    #[arg(value_parser = IMPORTERS)]
    importers: Vec<String>,
    /// How long each is fuzzed, in seconds.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

/// With a target named, build scripts and macros are built without the counting.
const BUILT: &str = "--locked --quiet --profile fuzz --target host-tuple --target-dir target/fuzz \
    --package kith-fuzz --features libfuzzer";

/// How much is shown of what a fuzzer said that found something.
const LAST_LINES: usize = 60;

/// Builds all, then fuzzes as many at once as there are processors.
pub(crate) fn run(shell: &Shell, options: &Options) -> Result<(), XtaskError> {
    let named = |importer: &&str| options.importers.is_empty() || options.importers.iter().any(|name| name == importer);
    let importers: Vec<&str> = IMPORTERS.into_iter().filter(named).collect();
    let bins: Vec<String> = importers.iter().map(|importer| format!("--bin fuzz-{importer}")).collect();
    shell.cargo_with(&format!("build {BUILT} {}", bins.join(" ")), &[("RUSTFLAGS", COVERAGE)])?;
    for at_once in importers.chunks(available_parallelism().map_or(1, NonZero::get)) {
        let begin = |importer: &&str| Fuzzing::begin(shell, importer, options.seconds);
        let begun: Vec<Result<Fuzzing, XtaskError>> = at_once.iter().map(begin).collect();
        // Each is waited for, whatever the others come to.
        let ended: Vec<Result<(), XtaskError>> = begun.into_iter().map(|begun| begun.and_then(Fuzzing::end)).collect();
        ended.into_iter().collect::<Result<(), _>>()?;
    }
    Ok(())
}

/// An importer that is being fuzzed.
struct Fuzzing {
    command: String,
    child: Child,
    /// What it says.
    log: PathBuf,
}

impl Fuzzing {
    fn begin(shell: &Shell, importer: &str, seconds: u32) -> Result<Self, XtaskError> {
        let (at, log) = (shell.root().join("target/fuzz"), shell.root().join(format!("target/fuzz/{importer}.log")));
        let learned = at.join("learned").join(importer);
        fs::create_dir_all(&learned).map_err(|source| XtaskError::File { path: learned, source })?;
        let fixtures = format!("plugins/{importer}/tests/fixtures");
        let fixtures = if shell.root().join(&fixtures).exists() { fixtures } else { String::new() };
        let folders = format!("target/fuzz/learned/{importer} fuzz/cases/{importer} {fixtures}");
        let limits = format!("-max_total_time={seconds} -timeout=20 -rss_limit_mb=1024 -max_len=65536");
        let report = format!("-verbosity=1 -print_final_stats=1 -artifact_prefix=target/fuzz/{importer}-");
        let arguments = format!("run {BUILT} --bin fuzz-{importer} -- {folders} {limits} {report}");
        println!("$ cargo {arguments}");
        let file = File::create(&log).map_err(|source| XtaskError::File { path: log.clone(), source })?;
        let mut command = shell.cargo_command(&arguments);
        command.env("RUSTFLAGS", COVERAGE).stdout(Stdio::null()).stderr(file);
        let command_line = format!("cargo {arguments}");
        let child = command.spawn().map_err(|source| XtaskError::Start { program: command_line.clone(), source })?;
        Ok(Self { command: command_line, child, log })
    }

    /// Waits for the end, and shows what was done, or what was found.
    fn end(mut self) -> Result<(), XtaskError> {
        let status = self.child.wait().map_err(|source| XtaskError::Start { program: self.command.clone(), source })?;
        let said = fs::read(&self.log).map_err(|source| XtaskError::File { path: self.log.clone(), source })?;
        let said = String::from_utf8_lossy(&said);
        let lines: Vec<&str> = said.lines().collect();
        if status.success() {
            let name = self.log.file_stem().unwrap_or_default().to_string_lossy();
            lines.iter().filter(|line| line.starts_with("Done")).for_each(|line| println!("{name}: {line}"));
            return Ok(());
        }
        println!("{}", lines.get(lines.len().saturating_sub(LAST_LINES)..).unwrap_or_default().join("\n"));
        println!("All that it said is in {}.", self.log.display());
        Err(XtaskError::Ended { command: self.command, status })
    }
}
