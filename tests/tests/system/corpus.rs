//! Cards and mail that other people's programs wrote, where they lie beside the repository.

use std::fs;
use std::path::Path;

use kith_tests::Home;
use kith_tests::binaries::root;
use serde_json::Value;

use crate::scene::files;

/// Returns how many cards a file holds, as far as its bytes show it.
fn cards_in(path: &Path) -> u64 {
    let text = String::from_utf8_lossy(&fs::read(path).unwrap()).to_ascii_lowercase();
    text.lines().filter(|line| line.trim() == "begin:vcard").count() as u64
}

fn import(folder: &str) -> Option<Vec<Value>> {
    let folder = root().join("../shared/corpus").join(folder).canonicalize().ok()?;
    let home = Home::new().unwrap();
    let daemon = home.start().unwrap();
    let is_data = |path: &&std::path::PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        !path.to_string_lossy().contains("LICENSE") && !name.ends_with(".md") && !name.starts_with('.')
    };
    let paths: Vec<String> =
        files(&folder).iter().filter(is_data).map(|path| path.to_string_lossy().into_owned()).collect();
    let mut arguments = vec!["import", "--json"];
    arguments.extend(paths.iter().map(String::as_str));
    let output = home.kith(&arguments).unwrap();
    let reports: Vec<Value> =
        serde_json::Deserializer::from_slice(&output.stdout).into_iter().map(Result::unwrap).collect();
    assert_eq!(reports.len(), paths.len(), "a report for each file");
    assert_eq!(home.json(&["status"]).unwrap()[0]["pid"], daemon.pid());
    Some(reports)
}

fn number(report: &Value, name: &str) -> u64 {
    report[name].as_u64().unwrap_or_default()
}

/// Returns the files of which something was lost without a word.
fn lost(reports: &[Value], least: impl Fn(&Path) -> u64) -> Vec<String> {
    let told = |report: &Value| {
        let tallies = report["tallies"].as_object().into_iter().flat_map(|tallies| tallies.values());
        let kept = number(report, "new") + number(report, "changed") + number(report, "same");
        let diagnostics = report["diagnostics"].as_array().map_or(0, Vec::len) as u64;
        kept + diagnostics + number(report, "diagnostics_left_out") + tallies.filter_map(Value::as_u64).sum::<u64>()
    };
    reports
        .iter()
        .filter(|report| report["problem"].is_null())
        .filter(|report| told(report) < least(Path::new(report["file"].as_str().unwrap_or_default())))
        .map(Value::to_string)
        .collect()
}

#[test]
fn every_card_of_the_corpus_is_a_record_or_a_named_diagnostic() {
    let Some(reports) = import("vcard") else { return };
    assert_eq!(lost(&reports, cards_in), Vec::<String>::new());
    let refused = reports.iter().filter(|report| cards_in(Path::new(report["file"].as_str().unwrap())) > 0);
    let reasons: Vec<_> = refused.filter_map(|report| report["problem"].as_str()).collect();
    assert!(reasons.iter().all(|reason| reason.contains("ends within")), "{reasons:#?}");
}

#[test]
fn every_message_of_the_corpus_is_a_record_or_a_named_diagnostic() {
    let Some(reports) = import("mail") else { return };
    assert_eq!(lost(&reports, |_| 1), Vec::<String>::new());
    let problems = reports.iter().filter(|report| !report["problem"].is_null()).count();
    assert!(problems * 10 < reports.len(), "{problems} of {} files were no mail", reports.len());
}
