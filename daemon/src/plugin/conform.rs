//! The conformance run, `kith plugin check`: does a plugin keep the rules of docs/PLUGINS.md? Twelve checks, a line each.
//!
//! Nothing of the plugin runs here: as ever it is loaded in a worker, in the sandbox. The files that it is given are made in
//! `conform/sample`, what they must come to is said in `conform/laws`, `conform/memory` and `conform/golden`.
//!
//! ```text
//!  file ─▶ note ─▶ descriptor ─▶ probe ─▶ golden ─▶ laws: empty, truncated, huge, … ─▶ sandbox
//! ```

mod bench;
mod golden;
mod laws;
mod memory;
mod sample;

use std::path::{Path, PathBuf};

use kith_proto::api::{Conformance, DoctorFinding, Finding};
use kith_proto::frame::Loaded;

use self::bench::Bench;
pub use self::golden::Bless;
use self::sample::Sample;
use super::registry::{self, Candidate, Refusal};

/// What one check came to.
pub(crate) enum Verdict {
    /// As it should be.
    Ok(String),
    /// Not wrong, but worth a look; with the next step.
    Note(String, String),
    /// A rule is broken.
    Fail(String),
}

/// Checks the plugin in `library`, on the files of the folder `golden` where there is one.
pub async fn check(executable: PathBuf, library: &Path, golden: Option<&Path>, bless: Bless) -> Conformance {
    let mut report = Conformance { path: library.display().to_string(), ..Conformance::default() };
    match open(library) {
        Err(reason) => note(&mut report, "file", Verdict::Fail(reason)),
        Ok((candidate, verdict)) => {
            note(&mut report, "file", verdict);
            let mut bench = Bench::new(executable, candidate);
            match bench.describe().await {
                Err(fault) => note(&mut report, "descriptor", Verdict::Fail(fault.to_string())),
                Ok(loaded) => run(&mut report, &mut bench, &loaded, golden.map(|folder| (folder, bless))).await,
            }
        }
    }
    report.passed = report.checks.iter().all(|check| check.finding != Finding::Fail);
    report
}

async fn run(report: &mut Conformance, bench: &mut Bench, loaded: &Loaded, golden: Option<(&Path, Bless)>) {
    (report.name, report.version) = (loaded.name.clone(), loaded.version.clone());
    note(report, "descriptor", laws::descriptor(loaded));
    let samples = match golden.map(|(folder, _)| sample::read(folder)).transpose() {
        Ok(samples) => samples.unwrap_or_default(),
        Err(error) => {
            note(report, "golden", Verdict::Fail(format!("the folder of golden files cannot be read: {error}")));
            return;
        }
    };
    let basis = if samples.is_empty() { vec![Sample::made_up(&loaded.accepts)] } else { samples.clone() };
    note(report, "probe", laws::probe(bench, &basis, !samples.is_empty()).await);
    note(report, "golden", golden::check(bench, &samples, golden).await);
    let Some(first) = basis.first() else { return };
    note(report, "empty", laws::empty(bench, first).await);
    note(report, "truncated", laws::truncated(bench, &basis).await);
    let (huge, speed) = memory::huge(bench, first).await;
    note(report, "huge", huge);
    note(report, "not-utf-8", laws::not_utf8(bench, &basis).await);
    note(report, "twice", laws::twice(bench, &basis).await);
    note(report, "leak", memory::leak(bench, first).await);
    note(report, "speed", speed);
    note(report, "sandbox", bench.walls(loaded.landlock));
}

fn note(report: &mut Conformance, topic: &str, verdict: Verdict) {
    let (finding, text, next_step) = match verdict {
        Verdict::Ok(text) => (Finding::Ok, text, None),
        Verdict::Note(text, next) => (Finding::Warn, text, Some(next)),
        Verdict::Fail(text) => (Finding::Fail, text, None),
    };
    report.checks.push(DoctorFinding { topic: topic.to_owned(), finding, text, next_step });
}

/// Opens the library as kithd would, save that others may write to it: a build is not yet where plugins lie.
fn open(library: &Path) -> Result<(Candidate, Verdict), String> {
    match registry::inspect_one(library) {
        Ok(candidate) => {
            let text = format!("a library for this machine, with the note of {}", candidate.name);
            Ok((candidate, Verdict::Ok(text)))
        }
        Err((Refusal::Writable, Some(candidate))) => Ok((
            candidate,
            Verdict::Note(
                "others may write to it: kithd will not use it so".to_owned(),
                format!("install -m 644 {} ~/.local/share/kith/plugins/", library.display()),
            ),
        )),
        Err((refusal, _)) => {
            let source = core::error::Error::source(&refusal).map(|source| format!(": {source}")).unwrap_or_default();
            Err(format!("{refusal}{source}"))
        }
    }
}
