//! Files beyond the memory that a plugin has, many files one after the other, and how long they take.

use std::time::Duration;

use super::Verdict;
use super::bench::Bench;
use super::laws::ending;
use super::sample::Sample;
use crate::clock;

/// How large the file is that repeats a sample. What is built to be debugged is ten times slower.
const REPEATED_BYTES: usize = if cfg!(debug_assertions) { 2 } else { 16 } * 1024 * 1024;

/// How long the line is that does not end.
const LINE_BYTES: usize = 24 * 1024 * 1024;

/// How many zeroes: more than the memory that a plugin has.
const ZEROES: u64 = 640 * 1024 * 1024;

/// A slower plugin is ended by the limits of time: 2 seconds for each MiB.
const SLOWEST_BYTES_A_SECOND: u64 = 512 * 1024;

/// How many imports a leak is looked for in, and before that until the worker's memory has its size.
const MANY: usize = 2000;
const SETTLED: usize = 100;

/// How long that may take.
const LONG: Duration = Duration::from_secs(5);

/// By how much memory may grow in that time.
const GROWTH_BYTES: u64 = 768 * 1024;

/// Imports files that are huge; returns the verdicts on them and on the speed.
pub(super) async fn huge(bench: &mut Bench, sample: &Sample) -> (Verdict, Verdict) {
    let unit = if sample.bytes().is_empty() { b"x\n" } else { sample.bytes() };
    let many = unit.repeat((REPEATED_BYTES / unit.len()).max(1));
    let bytes = many.len() as u64;
    let repeated = bench.import(&sample.with(", again and again", many)).await;
    let rate = rate(bytes, repeated.elapsed);
    let text = match rate >> 20 {
        0..1000 => format!("{}.{} MiB a second", rate >> 20, ((rate % (1 << 20)) * 10) >> 20),
        _ => "more than 1000 MiB a second: it need not read all of it".to_owned(),
    };
    let speed = match &repeated.ended {
        Err(_) => Verdict::Note(
            format!("not measured: the sample, repeated, is {}", ending(&repeated)),
            "give a golden file that may be repeated, as text may, for a number".to_owned(),
        ),
        Ok(_) if rate < SLOWEST_BYTES_A_SECOND => Verdict::Fail(format!("{text}; less than 0.5 is too slow")),
        Ok(_) => Verdict::Ok(text),
    };
    let line = bench.import(&sample.with(", one line", vec![b'x'; LINE_BYTES])).await;
    let zeroes = bench.import(&sample.zeroes(", zeroes", ZEROES)).await;
    let trials = [
        (&repeated, "repeated to", bytes),
        (&line, "as one line of", LINE_BYTES as u64),
        (&zeroes, "as zeroes, in all", ZEROES),
    ];
    for (trial, what, bytes) in trials {
        if let Some(fault) = trial.fault() {
            return (Verdict::Fail(format!("{} {what} {} MiB: {fault}", sample.name, bytes >> 20)), speed);
        }
    }
    let verdict = trials.map(|(trial, what, bytes)| format!("{what} {} MiB {}", bytes >> 20, ending(trial))).join(", ");
    (Verdict::Ok(format!("{}: {verdict}", sample.name)), speed)
}

fn rate(bytes: u64, elapsed: Duration) -> u64 {
    let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
    bytes.saturating_mul(1000) / milliseconds
}

/// Imports a file many times in one worker, whose memory must not grow.
pub(super) async fn leak(bench: &mut Bench, sample: &Sample) -> Verdict {
    let begin = clock::awake();
    let mut settled = None;
    let mut count = 0;
    while count < MANY && (count < 2 * SETTLED || clock::awake().saturating_sub(begin) < LONG) {
        if let Some(fault) = bench.import(sample).await.fault() {
            return Verdict::Fail(format!("import {} of {}: {fault}", count + 1, sample.name));
        }
        count += 1;
        if count == SETTLED {
            settled = bench.resident_bytes();
        }
    }
    let (Some(before), Some(after)) = (settled, bench.resident_bytes()) else {
        return Verdict::Note(
            "how much memory the worker holds cannot be read".to_owned(),
            "run the check where /proc is to be seen".to_owned(),
        );
    };
    let growth = after.saturating_sub(before);
    if growth > GROWTH_BYTES {
        let each = growth / (count - SETTLED).max(1) as u64;
        return Verdict::Fail(format!(
            "in {count} imports of {} memory grew by {} KiB, about {each} bytes each",
            sample.name,
            growth >> 10
        ));
    }
    Verdict::Ok(format!("in {count} imports memory did not grow"))
}
