//! Writes the sets that weights are learned from, and others may look at.
//!
//! ```text
//!  DIR/dups-01 … dups-20   what `kithgen.py dups` writes for seeds 1 to 20: learn from these only
//!  DIR/large               100,000 records of seed 2, to learn from as well
//!  DIR/febrl1.csv febrl2.csv        learn from these only
//!  DIR/febrl3.csv febrl4a.csv febrl4b.csv
//! ```

use std::fs;
use std::path::Path;

use super::scripts::Scripts;
use super::{PeopleError, at};

/// The seeds to learn from; figures that are told are of others.
const SEEDS: std::ops::RangeInclusive<u32> = 1..=20;

/// Names are rarer told apart in a large address book: a set of these is learned from, too.
const LARGE_SEED: u32 = 2;
const LARGE_RECORDS: u32 = 100_000;

/// A seed to learn from.
pub(super) const LEARN_SEED: u32 = *SEEDS.start();

/// Writes generated sets of `records` records, where the generators are at hand, and FEBRL's.
///
/// # Errors
/// When a script fails, or the folder cannot be made.
pub(super) fn prepare(scripts: &Scripts, records: u32, folder: &Path) -> Result<(), PeopleError> {
    fs::create_dir_all(folder).map_err(at(folder))?;
    if scripts.has_generators() {
        for seed in SEEDS {
            scripts.generate(records, seed, &folder.join(format!("dups-{seed:02}")))?;
        }
        scripts.generate(LARGE_RECORDS, LARGE_SEED, &folder.join("large"))?;
    } else {
        println!("no generators in ../shared/gen: generated sets are left out");
    }
    scripts.install()?;
    scripts.people("febrl", &[folder]).map(drop)
}
