//! `kith import`: files where they are, with progress and a report for each.

use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use kith_proto::api::{ImportEvent, ImportProgress, ImportReport, ImportRequest};

use crate::client::Client;
use crate::error::CliError;
use crate::printer::Printer;

/// How many diagnostics are printed of a file.
const DIAGNOSTICS: usize = 20;

pub(super) fn run(files: &[PathBuf], dry_run: bool, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let paths: Result<Vec<String>, CliError> = files.iter().map(|file| absolute(file)).collect();
    let request = ImportRequest { paths: paths?, dry_run };
    let bar = ProgressBar::new(0).with_style(style());
    let mut refused: Vec<String> = Vec::new();
    client.lines(Some(&request), "/v1/imports", |line| {
        match serde_json::from_slice(line).map_err(CliError::Answer)? {
            ImportEvent::Progress(progress) => advance(&bar, &progress),
            ImportEvent::Report(report) => {
                bar.reset();
                if report.problem.is_some() {
                    refused.push(report.file.clone());
                }
                bar.suspend(|| printer.show(&*report, |printer, report| print(printer, report, dry_run)))?;
                printer.flush()?;
            }
        }
        Ok(())
    })?;
    bar.finish_and_clear();
    if refused.is_empty() { Ok(()) } else { Err(CliError::NotImported(refused.join(", "))) }
}

fn absolute(file: &Path) -> Result<String, CliError> {
    let failed = |source| CliError::File { doing: "read", path: file.to_owned(), source };
    Ok(file.canonicalize().map_err(failed)?.display().to_string())
}

fn style() -> ProgressStyle {
    let template = "{bar:30} {bytes}/{total_bytes}  {msg}  {bytes_per_sec}  {eta} left";
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn advance(bar: &ProgressBar, progress: &ImportProgress) {
    bar.set_length(progress.bytes_total);
    bar.set_position(progress.bytes);
    bar.set_message(format!("{} records", progress.records));
}

fn print(printer: &mut Printer, report: &ImportReport, dry_run: bool) -> Result<(), CliError> {
    if let Some(problem) = &report.problem {
        printer.line(format!("{}: not imported: {problem}", report.file))?;
        return report.hint.iter().try_for_each(|hint| printer.line(format!("  next: {hint}")));
    }
    printer.line(format!("{}{}", report.file, if dry_run { " (only a trial: nothing was written)" } else { "" }))?;
    printer.line(format!("  {}", sentence(report)))?;
    for (class, count) in &report.tallies {
        printer.line(format!("  {count} × {class}"))?;
    }
    for diagnostic in report.diagnostics.iter().take(DIAGNOSTICS) {
        printer.line(format!("  {diagnostic}"))?;
    }
    let unsaid = report.diagnostics.len().saturating_sub(DIAGNOSTICS) as u64 + report.diagnostics_left_out;
    if unsaid > 0 {
        printer.line(format!("  and {unsaid} more: kith --json import shows them"))?;
    }
    match &report.import {
        Some(import) => printer.line(format!("  (take it back with: kith undo {import})")),
        None => Ok(()),
    }
}

fn sentence(report: &ImportReport) -> String {
    let counts = [
        (report.new, "new"),
        (report.changed, "changed"),
        (report.same, "known already"),
        (report.retired, "no longer listed"),
        (report.refused, "refused"),
    ];
    let told: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    let told = if told.is_empty() { "nothing in it".to_owned() } else { told.join(", ") };
    format!("{} read: {told}", report.read)
}
