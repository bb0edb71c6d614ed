//! Completions and man pages, made from the command line's own description.

use std::fs;
use std::path::Path;

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::args::Args;
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn completions(shell: Shell, printer: &mut Printer) -> Result<(), CliError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "kith", &mut script);
    printer.bytes(&script)
}

pub(super) fn write(folder: &Path, printer: &mut Printer) -> Result<(), CliError> {
    let failed = |source| CliError::File { doing: "write", path: folder.to_owned(), source };
    fs::create_dir_all(folder).map_err(failed)?;
    clap_mangen::generate_to(Args::command(), folder).map_err(failed)?;
    let folder = folder.display().to_string();
    printer
        .show(&serde_json::json!({"folder": folder}), |printer, _| printer.line(format!("man pages are in {folder}")))
}
