//! How fast the resolver is by itself, without files and daemon: from nothing, and one record more.

use std::path::Path;

use kith_core::digest::Digest;
use kith_core::resolve::Resolver;
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
    println!("records   from nothing   memory    pairs      pairs/record   one more: median, 99 %, longest");
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

fn measure(set: &RecordSet, size: usize) -> (String, u64) {
    // What a record says is read when it is imported, and kept with it.
    let digests: Vec<Option<Digest>> = set.records.iter().map(|record| record.said.digest(None)).collect();
    let known = || (0u32..).zip(&digests).filter_map(|(no, digest)| Some((no, digest.as_ref()?)));
    let mut resolver = Resolver::default();
    let memory = resident_kib();
    let watch = Stopwatch::start();
    for (no, digest) in known().take(size) {
        add(&mut resolver, no, digest);
    }
    let filled = watch.elapsed();
    resolver.settle();
    let resolved = watch.elapsed();
    let grown = resident_kib().saturating_sub(memory) / 1024;
    let effort = resolver.effort();
    let mut times = Vec::new();
    for (no, digest) in known().skip(size) {
        let watch = Stopwatch::start();
        add(&mut resolver, no, digest);
        resolver.settle();
        times.push(watch.elapsed());
    }
    times.sort_unstable();
    let at = |share: usize| {
        times.get((times.len() * share / 100).min(times.len().saturating_sub(1))).copied().unwrap_or_default()
    };
    #[expect(clippy::cast_precision_loss, reason = "counts below 2^52")]
    let each = 2.0 * effort.pairs as f64 / effort.records.max(1) as f64;
    let line = format!(
        "{size:7}   {resolved:9.1?} ({:.1?} to resolve)   {grown} MiB   {} pairs   {each:.1} each   {:.1?}, {:.1?}, {:.1?}",
        resolved.saturating_sub(filled),
        effort.pairs,
        at(50),
        at(99),
        at(100),
    );
    (line, effort.pairs)
}

/// Memory of this process, resident.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).unwrap_or_default()
}
