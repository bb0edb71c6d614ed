//! How fast the resolver is by itself, without files and daemon: from nothing, and one record more.

use std::path::Path;
use std::time::Duration;

use kith_core::digest::Digest;
use kith_core::resolve::{Effort, Resolver};
use kith_tests::wait::Stopwatch;

use super::resolve::add;
use super::scripts::Scripts;
use super::{PeopleError, RecordSet, generated};

/// How many records the sets have.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
/// The seed of the sets; not one to learn from.
const SEED: u32 = 101;
/// How many records are added one by one.
const ONE_BY_ONE: usize = 1_000;
/// How often each size is measured.
const RUNS: usize = 3;

/// Measures, and prints a table.
///
/// # Errors
/// When a set cannot be made or read.
pub(super) fn run(scripts: &Scripts, folder: &Path) -> Result<(), PeopleError> {
    let largest = SIZES.iter().copied().max().unwrap_or_default();
    let place = folder.join("speed");
    if !place.join("records.csv").exists() {
        scripts.generate(u32::try_from(largest + ONE_BY_ONE).unwrap_or(u32::MAX), SEED, &place)?;
    }
    let all = generated::load(&place)?;
    println!(
        "records   from nothing   memory    pairs      pairs/record   one more: median, 99 %, longest; comparisons"
    );
    let mut before: Option<(usize, u64)> = None;
    for size in SIZES {
        let set = RecordSet { records: all.records.iter().take(size + ONE_BY_ONE).cloned().collect(), traps: vec![] };
        let (line, pairs) = measure(&set, size);
        let slope = before.map(|(n, known)| slope((n, known), (size, pairs)));
        println!("{line}{}", slope.map(|slope| format!("   slope of pairs {slope:.2}")).unwrap_or_default());
        before = Some((size, pairs));
    }
    Ok(())
}

/// The exponent by which pairs grow with records.
#[expect(clippy::cast_precision_loss, reason = "counts below 2^52")]
fn slope(small: (usize, u64), large: (usize, u64)) -> f64 {
    (large.1 as f64 / small.1 as f64).ln() / (large.0 as f64 / small.0 as f64).ln()
}

/// What one run over a set took.
struct Run {
    /// To hand the records over, and then to find who is the same.
    from_nothing: [Duration; 2],
    grown_mib: u64,
    effort: Effort,
    one_more: Vec<Duration>,
    comparisons: Vec<u64>,
}

/// Measures a set. The work is the same in every run, so what a run took more than another was the machine's: of each
/// number the least counts.
fn measure(set: &RecordSet, size: usize) -> (String, u64) {
    // What a record says is read when it is imported, and kept with it.
    let digests: Vec<Option<Digest>> = set.records.iter().map(|record| record.said.digest(None)).collect();
    let mut least = once(&digests, size);
    for _ in 1..RUNS {
        let again = once(&digests, size);
        least.from_nothing.iter_mut().zip(again.from_nothing).for_each(|(least, again)| *least = again.min(*least));
        least.one_more.iter_mut().zip(again.one_more).for_each(|(least, again)| *least = again.min(*least));
    }
    let Run { from_nothing: [filled, resolved], grown_mib, effort, one_more, comparisons } = least;
    let [median, most, longest] = places(one_more);
    let [usual, many, largest] = places(comparisons);
    #[expect(clippy::cast_precision_loss, reason = "counts below 2^52")]
    let each = 2.0 * effort.pairs as f64 / effort.records.max(1) as f64;
    let line = format!(
        "{size:7}   {:9.2?} ({resolved:.1?} to resolve)   {grown_mib} MiB   {} pairs   {each:.1} each   {median:.1?}, {most:.1?}, {longest:.1?}; {usual}, {many}, {largest}",
        filled + resolved,
        effort.pairs,
    );
    (line, effort.pairs)
}

fn once(digests: &[Option<Digest>], size: usize) -> Run {
    let known = || (0u32..).zip(digests).filter_map(|(no, digest)| Some((no, digest.as_ref()?)));
    let mut resolver = Resolver::default();
    let memory = resident_kib();
    let watch = Stopwatch::start();
    for (no, digest) in known().take(size) {
        add(&mut resolver, no, digest);
    }
    let filled = watch.elapsed();
    resolver.settle();
    let from_nothing = [filled, watch.elapsed().saturating_sub(filled)];
    let grown_mib = resident_kib().saturating_sub(memory) / 1024;
    let effort = resolver.effort();
    let (mut one_more, mut comparisons) = (Vec::new(), Vec::new());
    for (no, digest) in known().skip(size) {
        let before = resolver.compared();
        let watch = Stopwatch::start();
        add(&mut resolver, no, digest);
        resolver.settle();
        one_more.push(watch.elapsed());
        comparisons.push(resolver.compared() - before);
    }
    Run { from_nothing, grown_mib, effort, one_more, comparisons }
}

/// The median, the 99th of a hundred, and the largest.
fn places<T: Ord + Copy + Default>(mut of: Vec<T>) -> [T; 3] {
    of.sort_unstable();
    let last = of.len().saturating_sub(1);
    [50, 99, 100].map(|share| of.get((of.len() * share / 100).min(last)).copied().unwrap_or_default())
}

/// Memory of this process, resident.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).unwrap_or_default()
}
