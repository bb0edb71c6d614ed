//! What holds for every importer, whatever its format: it never crashes, loses no good item, and says the same twice.

use kith_proto::frame::Loaded;

use super::Verdict;
use super::bench::{Bench, Trial};
use super::sample::{Sample, noise};

/// How many golden files are cut, changed and repeated.
const FILES: usize = 5;

/// How a picture begins that is nobody's.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x06\0\0\0";

/// What the plugin says of itself.
pub(super) fn descriptor(loaded: &Loaded) -> Verdict {
    let odd = loaded.accepts.iter().find(|ending| !ending.starts_with('.') || **ending != ending.to_lowercase());
    if let Some(odd) = odd {
        return Verdict::Fail(format!(
            "the ending {odd:?} can fit no file: endings are lower-case and begin with a point"
        ));
    }
    let text = format!("{} {}", loaded.name, loaded.version);
    if loaded.accepts.is_empty() {
        let next = "name them, so that kith asks this plugin before others";
        return Verdict::Note(format!("{text}, which names no endings"), next.to_owned());
    }
    Verdict::Ok(format!("{text}, for {}", loaded.accepts.join(" ")))
}

/// Whether it knows its own files, and leaves those of others alone.
pub(super) async fn probe(bench: &mut Bench, basis: &[Sample], are_golden: bool) -> Verdict {
    for sample in basis {
        let (first, again) = match (bench.probe(sample).await, bench.probe(sample).await) {
            (Ok(first), Ok(again)) => (first, again),
            (Err(fault), _) | (_, Err(fault)) => return Verdict::Fail(format!("asked about {}: {fault}", sample.name)),
        };
        if first != again {
            return Verdict::Fail(format!("{}: it answers {first} the first time and {again} the second", sample.name));
        }
        if !(0..=100).contains(&first) {
            return Verdict::Fail(format!("{}: it answers {first}; 0 to 100 are answers", sample.name));
        }
        if are_golden && first == 0 {
            return Verdict::Fail(format!(
                "{}: it answers 0 of a golden file: kith would not give it that",
                sample.name
            ));
        }
    }
    let mut picture = PICTURE.to_vec();
    picture.extend(noise(4096));
    for (name, bytes) in [("picture.png", picture), ("", Vec::new()), ("no\u{301}-ending", vec![0; 64 * 1024])] {
        let foreign = Sample::new(name, name.to_owned(), bytes);
        match bench.probe(&foreign).await {
            Ok(0) => {}
            Ok(sure) => return Verdict::Fail(format!("it answers {sure} of a foreign file, named {name:?}")),
            Err(fault) => return Verdict::Fail(format!("asked about a foreign file, named {name:?}: {fault}")),
        }
    }
    Verdict::Ok("it knows its files and leaves others alone".to_owned())
}

/// An empty file.
pub(super) async fn empty(bench: &mut Bench, sample: &Sample) -> Verdict {
    let trial = bench.import(&Sample::new(&sample.name, "an empty file".to_owned(), Vec::new())).await;
    match (trial.fault(), trial.records) {
        (Some(fault), _) => Verdict::Fail(format!("an empty file: {fault}")),
        (None, 0) => Verdict::Ok(format!("an empty file is {}", ending(&trial))),
        (None, records) => Verdict::Fail(format!("an empty file comes to {records} records")),
    }
}

/// Files that end too early.
pub(super) async fn truncated(bench: &mut Bench, basis: &[Sample]) -> Verdict {
    let mut count = 0;
    for sample in basis.iter().take(FILES) {
        let whole = bench.import(sample).await;
        let length = sample.bytes().len();
        let cuts = (1..16).map(|part| length * part / 16).chain([1, length.saturating_sub(1)]);
        for cut in cuts.filter(|cut| *cut < length) {
            let bytes = sample.bytes().get(..cut).unwrap_or_default().to_vec();
            let trial = bench.import(&sample.with(&format!(", cut at {cut} of {length} bytes"), bytes)).await;
            count += 1;
            if let Some(fault) = trial.fault() {
                return Verdict::Fail(format!("{} cut at {cut} of {length} bytes: {fault}", sample.what));
            }
            let is_last_byte = cut + 1 == length && !is_refused(&trial);
            if is_last_byte && trial.records + 1 < whole.records {
                return Verdict::Fail(format!(
                    "{} without its last byte comes to {} records instead of {}",
                    sample.what, trial.records, whole.records
                ));
            }
        }
    }
    Verdict::Ok(format!("{count} files that end too early are imported, refused or found cut off"))
}

/// Bytes that are no text.
pub(super) async fn not_utf8(bench: &mut Bench, basis: &[Sample]) -> Verdict {
    let mut left_out = 0;
    for sample in basis.iter().take(FILES) {
        let whole = bench.import(sample).await;
        for (what, bytes, loses) in spoilt(sample.bytes()) {
            let trial = bench.import(&sample.with(what, bytes)).await;
            if let Some(fault) = trial.fault() {
                return Verdict::Fail(format!("{}{what}: {fault}", sample.what));
            }
            let ends_well = trial.ended.is_ok() && whole.ended.is_ok();
            if ends_well && loses == Loses::AtMostOne && trial.records + 1 < whole.records {
                return Verdict::Fail(format!(
                    "{}{what} comes to {} records instead of {}",
                    sample.what, trial.records, whole.records
                ));
            }
            left_out += trial.left_out;
        }
    }
    if left_out > 0 {
        let next = "decode, or make a diagnostic of the item that says what is wrong with it";
        return Verdict::Note(
            format!("{left_out} items are handed on with bytes that are not UTF-8; kith leaves them out"),
            next.to_owned(),
        );
    }
    Verdict::Ok("bytes that are no text do no harm".to_owned())
}

/// What a file may lose by what was done to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Loses {
    AtMostOne,
    Anything,
}

fn spoilt(bytes: &[u8]) -> Vec<(&'static str, Vec<u8>, Loses)> {
    let (before, after) = bytes.split_at(bytes.len() / 2);
    let utf16 = [0xFF, 0xFE].into_iter().chain(bytes.iter().flat_map(|byte| [*byte, 0])).collect();
    vec![
        (" with a byte in its midst that is not UTF-8", [before, &[0xFE], after].concat(), Loses::AtMostOne),
        (" with a zero in its midst", [before, &[0], after].concat(), Loses::AtMostOne),
        (" as UTF-16", utf16, Loses::Anything),
        (" after all bytes that there are", [&(0..=255).collect::<Vec<u8>>(), bytes].concat(), Loses::Anything),
        (" replaced by noise", noise(64 * 1024), Loses::Anything),
        (" replaced by bytes 0xFF", vec![0xFF; 4096], Loses::Anything),
    ]
}

/// The same file again, in the same worker and in another.
pub(super) async fn twice(bench: &mut Bench, basis: &[Sample]) -> Verdict {
    for sample in basis.iter().take(FILES) {
        let first = bench.import(sample).await;
        let again = bench.import(sample).await;
        bench.renew();
        let fresh = bench.import(sample).await;
        for (other, whose) in [(&again, "the same worker"), (&fresh, "another worker")] {
            if first.lines != other.lines {
                let at = first.lines.iter().zip(&other.lines).take_while(|(one, two)| one == two).count();
                return Verdict::Fail(format!(
                    "{} comes to something else in {whose}, from item {}",
                    sample.name,
                    at + 1
                ));
            }
        }
    }
    Verdict::Ok("the same file comes to the same, in the same worker and in another".to_owned())
}

/// Says in a word how an import ended.
pub(super) fn ending(trial: &Trial) -> &'static str {
    match &trial.ended {
        Ok(_) => "read to its end",
        Err(_) if is_refused(trial) => "refused",
        Err(_) => "found cut off",
    }
}

fn is_refused(trial: &Trial) -> bool {
    trial.lines.last().is_some_and(|line| line.starts_with("{\"refused\""))
}
