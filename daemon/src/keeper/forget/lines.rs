//! What a line of the ledger becomes when it is of somebody who is forgotten.

use kith_core::book::forgotten::{Screen, Verdict};
use kith_core::fact::{Begin, Fact, Listed, What};
use kith_core::forget::Removed;
use kith_core::id::{DeviceId, FactId};
use kith_core::line::{line_of_length, parse_whole_line};
use serde_json::value::RawValue;

use crate::keeper::forget::survey::Survey;

/// Returns the line that takes the place of a whole line of this device; `None` when it stays.
pub(super) fn replacement(line: &[u8], device: &DeviceId, survey: &Survey, screen: &Screen) -> Option<Vec<u8>> {
    let fact = parse_whole_line(line, device).ok()?;
    let import = if let What::Record(listed) = &fact.what { Some(listed.import) } else { None };
    let removed = What::Removed(Removed { import });
    let left = match &fact.what {
        What::Record(listed) => record(listed, device, survey, screen),
        What::Begin(begin) => nameless(begin, &fact.id, survey),
        What::Said(said) => match screen.forgotten().judge_said(said) {
            Verdict::Stays => Verdict::Stays,
            Verdict::Becomes(left) => Verdict::Becomes(What::Said(left)),
            Verdict::Goes => Verdict::Goes,
        },
        What::Commit(_) | What::Removed(_) => Verdict::Stays,
    };
    match left {
        Verdict::Stays => None,
        Verdict::Becomes(what) => written(&fact, &what, line.len()).or_else(|| written(&fact, &removed, line.len())),
        Verdict::Goes => written(&fact, &removed, line.len()),
    }
}

/// A record of an import that never counted goes in any case: without its end nobody knows whose it is.
fn record(listed: &Listed, device: &DeviceId, survey: &Survey, screen: &Screen) -> Verdict<What> {
    let Some((source, id)) = survey.record(device, listed) else { return Verdict::Goes };
    if survey.goes(&id, screen) {
        return Verdict::Goes;
    }
    // What goes only because nobody but the owner is left in it, the survey knows by its id.
    match screen.sparing().judge(source, &id, listed.body.as_ref().map(|body| body.get())) {
        Verdict::Stays => Verdict::Stays,
        Verdict::Goes => Verdict::Goes,
        Verdict::Becomes(body) => match RawValue::from_string(body) {
            Ok(body) => Verdict::Becomes(What::Record(Listed { body: Some(body), ..listed.clone() })),
            Err(_) => Verdict::Goes,
        },
    }
}

/// The name of a file in which there was nobody else may be the person's. Without its hash the same file is read again when
/// it comes again, and nothing of it is kept.
fn nameless(begin: &Begin, import: &FactId, survey: &Survey) -> Verdict<What> {
    let is_committed = survey.imports.get(import).is_some_and(|holding| holding.is_committed);
    if is_committed && !survey.is_emptied(import) {
        return Verdict::Stays;
    }
    let path = begin.path.rsplit_once('/').map_or_else(String::new, |(folder, _)| format!("{folder}/…"));
    Verdict::Becomes(What::Begin(Begin { path, content: None, ..begin.clone() }))
}

fn written(fact: &Fact, what: &What, length_bytes: usize) -> Option<Vec<u8>> {
    line_of_length(fact.id.seq, fact.at, what, length_bytes).ok()?
}
