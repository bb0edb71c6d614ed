//! `cargo xtask test`: all tests, with what they need.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::{env, fs};

use crate::apt;
use crate::shell::{Shell, XtaskError};

/// Installs what is missing, builds, and runs all tests.
pub(crate) fn run(shell: &Shell) -> Result<(), XtaskError> {
    apt::install_missing(shell);
    shell.cargo("build --locked --workspace --all-targets")?;
    let skipped = env::temp_dir().join(format!("kith-skipped-{}", std::process::id()));
    let skipped_path = skipped.to_string_lossy().into_owned();
    let variables = [("KITH_SKIPPED", skipped_path.as_str())];
    shell.cargo_with("test --quiet --locked --workspace --doc", &variables)?;
    let tested = if shell.has_cargo_command("nextest") {
        shell.cargo_with("nextest run --locked --workspace --no-fail-fast", &variables)
    } else {
        println!("cargo-nextest is not installed; cargo test runs the same tests, one crate after the other.");
        cargo_test(shell, &skipped_path)
    };
    if let Ok(names) = fs::read_to_string(&skipped) {
        println!("{}{} skipped.", names, names.lines().count());
        fs::remove_file(&skipped).map_err(|source| XtaskError::File { path: skipped, source })?;
    }
    tested
}

/// Runs `cargo test` and adds its results up.
fn cargo_test(shell: &Shell, skipped: &str) -> Result<(), XtaskError> {
    let arguments = "test --locked --workspace --all-targets --no-fail-fast";
    println!("$ cargo {arguments}");
    let failed = |source| XtaskError::Start { program: "cargo test".to_owned(), source };
    let mut command = shell.cargo_command(arguments);
    let mut child = command.env("KITH_SKIPPED", skipped).stdout(Stdio::piped()).spawn().map_err(failed)?;
    let (mut passed, mut not_passed) = (0, 0);
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            println!("{line}");
            if line.starts_with("test result:") {
                passed += before(&line, " passed");
                not_passed += before(&line, " failed");
            }
        }
    }
    let status = child.wait().map_err(failed)?;
    println!("{} tests run: {passed} passed, {not_passed} failed", passed + not_passed);
    if status.success() { Ok(()) } else { Err(XtaskError::Ended { command: "cargo test".to_owned(), status }) }
}

/// Returns the number that stands before `word`; 0 without one.
fn before(line: &str, word: &str) -> u64 {
    line.split(word).next().and_then(|start| start.rsplit(' ').next()).and_then(|n| n.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_up_what_cargo_test_says() {
        let line = "test result: ok. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!((before(line, " passed"), before(line, " failed")), (12, 3));
    }
}
