//! `kithd check`: whether the ledger is whole, line by line, and the store a fold of it.

use std::collections::BTreeMap;
use std::path::Path;

use kith_core::fact::What;
use kith_core::id::DeviceId;
use kith_core::line::parse_line;

use crate::keeper::open::{OpenError, is_behind_the_ledger, lock};
use crate::keeper::replay::{ReplayError, is_whole, load};
use crate::ledger::{Lines, Position, devices};
use crate::paths::Paths;
use crate::store::Store;

/// What a check found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Whole lines read.
    pub lines: u64,
    /// Damaged lines passed over: torn tails that were closed, or worse.
    pub damaged: u64,
    /// Imports that were begun and never committed: they do not count.
    pub unfinished: u64,
    /// Imports whose lines are not those they were committed with.
    pub broken_imports: Vec<String>,
    /// Sequence numbers that are missing, by device: facts that were lost.
    pub gaps: Vec<String>,
    /// Why the store is to be rebuilt, if it is.
    pub store: Option<String>,
}

impl Findings {
    /// Returns whether everything acknowledged is there.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.broken_imports.is_empty() && self.gaps.is_empty() && self.store.is_none()
    }
}

/// Checks ledger and store.
///
/// # Errors
/// When another daemon is running, or the ledger cannot be read.
pub fn check(paths: &Paths) -> Result<Findings, OpenError> {
    let _lock = lock(paths)?;
    let mut findings = Findings::default();
    for device in devices(&paths.ledger).map_err(|e| OpenError::File(paths.ledger.clone(), e))? {
        check_device(&paths.ledger, &device, &mut findings).map_err(|e| OpenError::Replay(ReplayError::Ledger(e)))?;
    }
    if paths.store.exists() {
        findings.store = check_store(paths).err().map(|error| crate::run::chain(&error));
    }
    Ok(findings)
}

fn check_store(paths: &Paths) -> Result<(), ReplayError> {
    let store = Store::open(&paths.store)?;
    is_behind_the_ledger(&store, paths)?;
    load(&store)?;
    Ok(())
}

fn check_device(root: &Path, device: &DeviceId, findings: &mut Findings) -> std::io::Result<()> {
    let mut lines = Lines::from(&root.join(device.as_str()), Position::default());
    let mut open: BTreeMap<u64, (u64, u64, blake3::Hasher)> = BTreeMap::new();
    let mut expected = 1;
    while let Some((_, line)) = lines.next_line()? {
        findings.lines += 1;
        let Ok(fact) = parse_line(line, device) else {
            findings.damaged += 1;
            continue;
        };
        if fact.id.seq != expected {
            findings.gaps.push(format!("{device}: {expected} to {}", fact.id.seq.saturating_sub(1)));
        }
        expected = fact.id.seq + 1;
        match fact.what {
            What::Begin(_) => {
                open.insert(fact.id.seq, (0, 0, blake3::Hasher::new()));
            }
            What::Record(listed) => {
                if let Some((count, _, hasher)) = open.get_mut(&listed.import) {
                    *count += 1;
                    hasher.update(listed.key.as_bytes()).update(listed.hash.as_bytes());
                }
            }
            What::Commit(commit) => {
                let found = open.remove(&commit.import);
                let whole = found.is_some_and(|(count, removed, hasher)| is_whole(&commit, count, removed, &hasher));
                if !whole && commit.same_as.is_none() {
                    findings.broken_imports.push(format!("{device}-{}", commit.import));
                }
            }
            What::Removed(removed) => {
                if let Some((_, count, _)) = removed.import.and_then(|import| open.get_mut(&import)) {
                    *count += 1;
                }
            }
            What::Said(_) => {}
        }
    }
    findings.unfinished += u64::try_from(open.len()).unwrap_or(0);
    findings.damaged += lines.damaged();
    Ok(())
}
