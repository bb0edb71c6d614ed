//! Tests that cannot run here: said aloud, counted, and a failure in CI.

use std::env;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

/// Returns whether `test` must be skipped because one of `programs` is not installed.
///
/// The skip is printed, and written into the file that `KITH_SKIPPED` names, which `cargo xtask test` reads out at its end.
///
/// # Panics
/// Where `CI` is set: there nothing is skipped.
#[must_use]
pub fn skip_without(test: &str, programs: &[&str]) -> bool {
    let missing: Vec<&str> = programs.iter().copied().filter(|program| !is_installed(program)).collect();
    if missing.is_empty() {
        return false;
    }
    skip(test, &format!("{} not installed", missing.join(", ")));
    true
}

/// Says that `test` is skipped, and why.
///
/// # Panics
/// Where `CI` is set: there nothing is skipped.
#[expect(clippy::print_stderr, reason = "a skipped test says so where the runner shows it")]
pub fn skip(test: &str, reason: &str) {
    let line = format!("SKIPPED: {test}: {reason}");
    assert!(env::var_os("CI").is_none(), "{line}; in CI nothing is skipped");
    eprintln!("{line}");
    let Some(path) = env::var_os("KITH_SKIPPED") else { return };
    let written = OpenOptions::new().create(true).append(true).open(path).and_then(|mut file| writeln!(file, "{line}"));
    assert!(written.is_ok(), "{line}: not counted: {written:?}");
}

/// Returns whether a program is found in `PATH` or where administrators' programs are.
#[must_use]
pub fn is_installed(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders = env::split_paths(&path);
    folders.any(|folder| folder.join(program).is_file()) || Path::new("/lib/systemd").join(program).is_file()
}
