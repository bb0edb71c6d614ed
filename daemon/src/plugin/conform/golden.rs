//! Golden files: what lies in a folder beside what an import of it must come to, `NAME.expected.jsonl`, a line for each thing
//! emitted and one for the end.

use std::fs;
use std::path::{Path, PathBuf};

use super::Verdict;
use super::bench::{Bench, Trial};
use super::sample::Sample;

/// What is expected of a golden file lies beside it, under its name and this.
const EXPECTED: &str = ".expected.jsonl";

/// How much of a line is quoted.
const QUOTE_BYTES: usize = 300;

/// What becomes of an expectation that differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bless {
    /// The check fails.
    No,
    /// It is written anew.
    Yes,
}

/// Whether a file of this name is what is expected of another.
pub(super) fn is_expectation(name: &str) -> bool {
    name.ends_with(EXPECTED)
}

/// Imports each golden file and compares.
pub(super) async fn check(bench: &mut Bench, samples: &[Sample], golden: Option<(&Path, Bless)>) -> Verdict {
    let Some((folder, bless)) = golden else {
        let next = "lay files of your format into a folder and give it with --golden FOLDER --bless";
        return Verdict::Note(
            "no golden files: whether the records are right was not seen".to_owned(),
            next.to_owned(),
        );
    };
    if samples.is_empty() {
        return Verdict::Fail(format!("there is no golden file in {}", folder.display()));
    }
    let mut written = 0;
    for sample in samples {
        let trial = bench.import(sample).await;
        if let Some(problem) = problem(&trial) {
            return Verdict::Fail(format!("{}: {problem}", sample.what));
        }
        let path = folder.join(format!("{}{EXPECTED}", sample.what));
        match compare(&path, &trial.lines) {
            Ok(()) => {}
            Err(_) if bless == Bless::Yes => match write(&path, &trial.lines) {
                Ok(()) => written += 1,
                Err(error) => return Verdict::Fail(format!("{} cannot be written: {error}", path.display())),
            },
            Err(difference) => return Verdict::Fail(format!("{}: {difference}", sample.what)),
        }
    }
    let blessed = if written > 0 { format!(", {written} expectations written") } else { String::new() };
    Verdict::Ok(format!("{} files come to what is expected{blessed}", samples.len()))
}

/// Returns what is wrong with an import, whatever was expected.
fn problem(trial: &Trial) -> Option<String> {
    let left_out = (trial.left_out > 0).then(|| {
        let first = trial.lines.iter().find(|line| line.contains("the importer made ")).map_or("", String::as_str);
        format!("{} items are not what kith reads, the first: {}", trial.left_out, quote(first))
    });
    let homeless = trial.homeless.then(|| "a record comes before the first part".to_owned());
    trial.fault().or(left_out).or(homeless)
}

fn compare(path: &Path, lines: &[String]) -> Result<(), String> {
    let Ok(text) = fs::read_to_string(path) else {
        return Err(format!("nothing says what is expected (--bless writes {})", file_name(path)));
    };
    let mut expected = text.lines();
    let mut got = lines.iter().map(String::as_str);
    for number in 1.. {
        match (expected.next(), got.next()) {
            (None, None) => break,
            (expected, got) if expected == got => {}
            (expected, got) => {
                let quoted = |line: Option<&str>| line.map_or_else(|| "nothing more".to_owned(), quote);
                return Err(format!(
                    "differs in line {number} of {}: expected {}, got {} (--bless takes what came)",
                    file_name(path),
                    quoted(expected),
                    quoted(got)
                ));
            }
        }
    }
    Ok(())
}

fn write(path: &PathBuf, lines: &[String]) -> std::io::Result<()> {
    fs::write(path, lines.iter().map(|line| format!("{line}\n")).collect::<String>())
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn quote(line: &str) -> String {
    let cut = line.floor_char_boundary(QUOTE_BYTES);
    let more = if cut < line.len() { "…" } else { "" };
    format!("{}{more}", line.get(..cut).unwrap_or_default())
}
