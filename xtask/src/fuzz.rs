//! `cargo xtask fuzz`: searches for bytes that an importer cannot stand, guided by coverage, with libFuzzer on stable Rust.
//!
//! It starts from the fixtures, keeps what it learned under `target/fuzz`, and leaves what it found there, too: mend the
//! importer, and put the file into `fuzz/cases`, where the tests try it for ever.

use std::fs;

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

pub(crate) fn run(shell: &Shell, options: &Options) -> Result<(), XtaskError> {
    let named =
        |importer: &&&str| options.importers.is_empty() || options.importers.iter().any(|name| name == **importer);
    for importer in IMPORTERS.iter().filter(named) {
        let learned = shell.root().join("target/fuzz/learned").join(importer);
        fs::create_dir_all(&learned).map_err(|source| XtaskError::File { path: learned.clone(), source })?;
        // With a target named, build scripts and macros are built without the counting.
        let build = "run --locked --quiet --profile fuzz --target host-tuple --target-dir target/fuzz";
        let package = format!("--package kith-fuzz --features libfuzzer --bin fuzz-{importer}");
        let fixtures = format!("plugins/{importer}/tests/fixtures");
        let fixtures = if shell.root().join(&fixtures).exists() { fixtures } else { String::new() };
        let folders = format!("target/fuzz/learned/{importer} fuzz/cases/{importer} {fixtures}");
        let limits = format!("-max_total_time={} -timeout=20 -rss_limit_mb=1024 -max_len=65536", options.seconds);
        let report = format!("-verbosity=1 -print_final_stats=1 -artifact_prefix=target/fuzz/{importer}-");
        shell.cargo_with(&format!("{build} {package} -- {folders} {limits} {report}"), &[("RUSTFLAGS", COVERAGE)])?;
    }
    Ok(())
}
