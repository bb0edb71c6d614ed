//! `cargo xtask check`: what each commit passes.

use crate::shell::{Shell, XtaskError};

/// Format, lints, quick tests with the repository's own rules, examples, docs.
pub(crate) fn run(shell: &Shell) -> Result<(), XtaskError> {
    shell.cargo("fmt --all --check")?;
    shell.cargo("clippy --locked --workspace --all-targets --quiet -- -D warnings")?;
    if shell.has_cargo_command("nextest") {
        shell.cargo("nextest run --locked --workspace -E not(binary(system))")?;
    } else {
        shell.cargo("test --quiet --locked --workspace --exclude kith-tests --all-targets")?;
        shell.cargo("test --quiet --locked --package kith-tests --lib --test tidy")?;
    }
    shell.cargo("test --quiet --locked --workspace --doc")?;
    let strict = [("RUSTDOCFLAGS", "-D warnings")];
    shell.cargo_with("doc --quiet --locked --workspace --no-deps --document-private-items", &strict)
}
