//! Files beside ledger and store that may name somebody who is forgotten: photos, reports, the log of hooks, pages that were
//! opened, a store that was set aside.

use std::fs;
use std::io;
use std::path::Path;

use kith_core::book::forgotten::Screen;
use kith_core::id::ImportId;
use kith_proto::diagnostic::Diagnostic;

use crate::deliver::log;
use crate::keeper::Report;
use crate::keeper::forget::survey::Survey;
use crate::keeper::forget::texts::Texts;
use crate::paths::{Paths, replace};

/// Removes what is theirs.
///
/// # Errors
/// When a file cannot be read or written.
pub(super) fn remove(paths: &Paths, survey: &Survey, screen: &Screen) -> io::Result<()> {
    for photo in &survey.photos {
        gone(fs::remove_file(paths.photos().join(photo)))?;
    }
    for path in reports(&paths.reports)? {
        clean_report(&path, survey)?;
    }
    log::retain(&paths.state, |run| {
        let is_theirs = run.occurrences.iter().any(|occurrence| screen.forgotten().holds_occurrence(occurrence));
        !is_theirs && !survey.texts.stand_in(&run.output)
    })?;
    gone(fs::remove_dir_all(paths.runtime.join("cards")))?;
    gone(fs::remove_dir_all(paths.state.join("store.set-aside")))
}

/// Returns how many reports name them.
pub(crate) fn count_reports(paths: &Paths, survey: &Survey) -> io::Result<u64> {
    let mut count = 0;
    for path in reports(&paths.reports)? {
        count += u64::from(of_emptied(&path, survey) || cleaned(&path, &survey.texts)?.is_some());
    }
    Ok(count)
}

fn reports(folder: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    let entries = match folder.read_dir() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    entries.map(|entry| Ok(entry?.path())).collect()
}

fn clean_report(path: &Path, survey: &Survey) -> io::Result<()> {
    if of_emptied(path, survey) {
        return gone(fs::remove_file(path));
    }
    match cleaned(path, &survey.texts)? {
        Some(report) => replace(path, &serde_json::to_vec(&report)?),
        None => Ok(()),
    }
}

/// Whether it is the report of an import of which nothing is left.
fn of_emptied(path: &Path, survey: &Survey) -> bool {
    let import: Option<ImportId> = path.file_stem().and_then(|stem| stem.to_str()?.parse().ok());
    import.is_some_and(|import| survey.is_emptied(&import))
}

/// Returns the report without them, where it names them.
fn cleaned(path: &Path, texts: &Texts) -> io::Result<Option<Report>> {
    // What is no report names nobody in a way that kith wrote.
    let Ok(mut report) = serde_json::from_slice::<Report>(&fs::read(path)?) else { return Ok(None) };
    let before = (report.changes.len(), report.diagnostics.len());
    report
        .changes
        .retain(|change| !texts.stand_in(&change.name) && !change.news.iter().any(|news| texts.stand_in(news)));
    report.diagnostics.retain(|diagnostic| !is_about(diagnostic, texts));
    let (changes, diagnostics) = (before.0 - report.changes.len(), before.1 - report.diagnostics.len());
    report.diagnostics_left_out += u64::try_from(diagnostics).unwrap_or(0);
    Ok((changes + diagnostics > 0).then_some(report))
}

fn is_about(diagnostic: &Diagnostic, texts: &Texts) -> bool {
    let value = diagnostic.value.iter().chain([&diagnostic.problem, &diagnostic.consequence]);
    value.into_iter().any(|text| texts.stand_in(text))
}

/// What is not there need not be removed.
fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
