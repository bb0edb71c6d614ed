//! `kith import`: files where they are, with progress and a report for each.

mod mapping;

use std::collections::BTreeMap;
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use kith_proto::api::{ImportEvent, ImportProgress, ImportReport, ImportRequest, RecordChange, RecordChangeKind};

use crate::args::Import;
use crate::client::Client;
use crate::error::CliError;
use crate::printer::Printer;

/// How many diagnostics are printed of a file.
const DIAGNOSTICS: usize = 20;

/// How many of the people who are new, changed or gone are printed after a trial, of each sort.
const NAMED: usize = 20;

/// What the class of a file that an archive holds and nobody reads begins with.
const NOT_USED: &str = "archive file not used: ";

/// How many of those files are named.
const FILES_NAMED: usize = 5;

pub(super) fn run(args: &Import, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let (files, dry_run) = (args.files.as_slice(), args.dry_run);
    let map = match &args.map_file {
        Some(path) => Some(mapping::take(path, dry_run, client, printer)?),
        None if args.map => match mapping::make(files, dry_run, client, printer)? {
            Some(map) => Some(map),
            None => return Ok(()),
        },
        None => None,
    };
    let (paths, mut refused) = (files.iter().filter_map(|file| absolute(file)).collect(), Vec::new());
    let request = ImportRequest { paths, dry_run, map, ..ImportRequest::default() };
    for file in files.iter().filter(|file| absolute(file).is_none()) {
        let report = unnameable(file);
        printer.show(&report, |printer, report| print(printer, report, dry_run))?;
        refused.push(report.file);
    }
    if request.paths.is_empty() {
        return Err(CliError::NotImported(refused.join(", ")));
    }
    let bar = ProgressBar::new(0).with_style(style());
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

/// Returns the whole path; one that leads nowhere is left for kithd to name, so that it costs the others nothing. `None` where
/// it cannot be said in JSON.
fn absolute(file: &Path) -> Option<String> {
    let whole = file.canonicalize().or_else(|_| std::path::absolute(file));
    whole.as_deref().unwrap_or(file).to_str().map(str::to_owned)
}

/// Says of a file that it cannot be named to kithd.
fn unnameable(file: &Path) -> ImportReport {
    ImportReport {
        file: file.display().to_string(),
        problem: Some("its name is not UTF-8".to_owned()),
        hint: Some("rename it, or drop it into the drop folder, then it is imported under any name".to_owned()),
        ..ImportReport::default()
    }
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

/// Prints a report with all diagnostics that it has.
pub(super) fn print_whole(printer: &mut Printer, report: &ImportReport) -> Result<(), CliError> {
    print_some(printer, report, (false, usize::MAX))
}

fn print(printer: &mut Printer, report: &ImportReport, dry_run: bool) -> Result<(), CliError> {
    print_some(printer, report, (dry_run, DIAGNOSTICS))
}

fn print_some(
    printer: &mut Printer,
    report: &ImportReport,
    (dry_run, diagnostics): (bool, usize),
) -> Result<(), CliError> {
    if let Some(problem) = &report.problem {
        printer.line(format!("{}: not imported: {problem}", report.file))?;
        return report.hint.iter().try_for_each(|hint| printer.line(format!("  next: {hint}")));
    }
    printer.line(format!("{}{}", report.file, if dry_run { " (only a trial: nothing was written)" } else { "" }))?;
    printer.line(format!("  {}", sentence(report)))?;
    if report.asked > 0 {
        let pairs = if report.asked == 1 { "1 more pair" } else { &format!("{} more pairs", report.asked) };
        printer.line(format!("  {pairs} may be one person: kith review"))?;
    }
    for line in changed(report, dry_run) {
        printer.line(format!("  {line}"))?;
    }
    for line in tallied(&report.tallies) {
        printer.line(format!("  {line}"))?;
    }
    for diagnostic in report.diagnostics.iter().take(diagnostics) {
        printer.line(format!("  {diagnostic}"))?;
    }
    let unsaid = report.diagnostics.len().saturating_sub(diagnostics) as u64;
    match &report.import {
        Some(import) if unsaid > 0 => printer.line(format!("  and {unsaid} more: kith report {import}"))?,
        None if unsaid > 0 => printer.line(format!("  and {unsaid} more: kith --json import shows them"))?,
        Some(_) | None => {}
    }
    if report.diagnostics_left_out > 0 {
        printer.line(format!("  and {} more that are only counted", report.diagnostics_left_out))?;
    }
    match &report.import {
        Some(import) => printer.line(format!("  (take it back with: kith undo {import})")),
        None => Ok(()),
    }
}

/// Returns a line for each piece of news, and after a trial one for each person who would be new, changed or gone.
fn changed(report: &ImportReport, dry_run: bool) -> Vec<String> {
    let mut lines = Vec::new();
    for (what, word) in [
        (RecordChangeKind::New, "new"),
        (RecordChangeKind::Changed, "changed"),
        (RecordChangeKind::Retired, "no longer listed"),
    ] {
        let people: Vec<&RecordChange> = report.changes.iter().filter(|change| change.what == what).collect();
        let told = people.iter().filter(|change| dry_run || !change.news.is_empty());
        let told: Vec<String> = told.map(|change| line(word, change)).collect();
        let unsaid = told.len().saturating_sub(NAMED);
        lines.extend(told.into_iter().take(NAMED));
        // Beyond those that are listed, nothing tells which kind the others are.
        let unlisted = report.changes_left_out > 0 && dry_run;
        if unsaid > 0 && unlisted {
            lines.push(format!("and {unsaid} more {word}, among those that kith --json import names"));
        } else if unsaid > 0 {
            lines.push(format!("and {unsaid} more {word}: kith --json import names them"));
        }
    }
    if dry_run && report.changes_left_out > 0 {
        lines.push(format!("and {} more that are only counted", report.changes_left_out));
    }
    lines
}

fn line(word: &str, change: &RecordChange) -> String {
    let name = if change.name.is_empty() { "somebody without a name" } else { &change.name };
    if change.news.is_empty() {
        format!("{word}: {name}")
    } else {
        format!("{word}: {name} ({})", change.news.join("; "))
    }
}

/// Returns a line for each class of what was only counted; files of an archive that are not used share one.
fn tallied(tallies: &BTreeMap<String, u64>) -> Vec<String> {
    let not_used: Vec<&str> = tallies.keys().filter_map(|class| class.strip_prefix(NOT_USED)).collect();
    let others = tallies.iter().filter(|(class, _)| !class.starts_with(NOT_USED));
    let mut lines: Vec<String> = others.map(|(class, count)| format!("{count} × {class}")).collect();
    match not_used.len() {
        0 => {}
        1 => lines.push(format!("1 file of the archive not used: {}", named(&not_used))),
        count => lines.push(format!("{count} files of the archive not used: {}", named(&not_used))),
    }
    lines
}

/// Names the first few; a folder stands for all its files.
fn named(files: &[&str]) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for file in files {
        let name = file.split_once('/').map_or_else(|| (*file).to_owned(), |(folder, _)| format!("{folder}/…"));
        *counts.entry(name).or_default() += 1;
    }
    let names: Vec<&str> = counts.keys().take(FILES_NAMED).map(String::as_str).collect();
    let more: usize = counts.values().skip(FILES_NAMED).sum();
    if more == 0 { names.join(", ") } else { format!("{} and {more} more", names.join(", ")) }
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
    let moved = match report.moved {
        0 => String::new(),
        1 => "; 1 changed jobs".to_owned(),
        moved => format!("; {moved} changed jobs"),
    };
    let joined = match report.joined {
        0 => String::new(),
        1 => "; 1 of the new is of somebody you had".to_owned(),
        joined => format!("; {joined} of the new are of people you had"),
    };
    format!("{} read: {told}{joined}{moved}", report.read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(tallies: &[&str], expected: &[&str]) {
        let tallies = tallies.iter().map(|class| ((*class).to_owned(), 1)).collect();
        assert_eq!(tallied(&tallies), expected);
    }

    #[test]
    fn the_files_of_an_archive_that_are_not_used_share_a_line() {
        check(&[], &[]);
        check(
            &["archive file not used: Skills.csv", "draft"],
            &["1 × draft", "1 file of the archive not used: Skills.csv"],
        );
        let files =
            ["A.csv", "Articles/1.html", "Articles/2.html", "C.csv", "D.csv", "E.csv", "F.csv", "G/1.csv", "G/2.csv"];
        let tallies = files.map(|file| format!("{NOT_USED}{file}"));
        let tallies: Vec<&str> = tallies.iter().map(String::as_str).collect();
        check(&tallies[..6], &["6 files of the archive not used: A.csv, Articles/…, C.csv, D.csv, E.csv"]);
        check(&tallies, &["9 files of the archive not used: A.csv, Articles/…, C.csv, D.csv, E.csv and 3 more"]);
    }
}
