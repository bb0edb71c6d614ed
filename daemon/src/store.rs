//! The store: sled, behind this one module. A fold of the ledger that can be deleted at any time.
//!
//! Every value carries a checksum. Damage of any kind (an error, a panic within sled, a checksum, a call that does not return)
//! makes the store suspect, whoever meets it: the daemon ends, and the next start sets the store aside and folds the ledger
//! again. `health` is where that is told. What the rows mean is `kith_core::fold`.
//!
//! ```text
//!  rows: number ─▶ record   imports: number ─▶ import   words: fact id ─▶ line   meta: how far each device is folded
//! ```

pub mod health;
mod lease;
pub mod suspect;

use std::collections::BTreeSet;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use kith_core::book::imports::ImportRow;
use kith_core::fold::Rows;
use kith_core::id::{DeviceId, FactId};
use kith_core::row::{ImportNo, Row, RowNo};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ledger::Folded;
use crate::store::health::Health;
use crate::store::lease::Lease;

/// Raised whenever what the fold writes changes: the store is then folded anew.
pub const FOLD_VERSION: u32 = 18;

/// How many keys a leaf holds; measured best for keys that grow with time.
const LEAF_FANOUT: usize = 64;

/// How much sled may cache.
const CACHE_BYTES: usize = 4 * 1024 * 1024;

/// How hard zstd packs a leaf: little, for speed. The ledger is what is kept.
const COMPRESSION: i32 = 1;

/// How long opening may take before the store counts as damaged.
const OPEN_DEADLINE: Duration = Duration::from_secs(60);

/// The key of the fold's version among the meta values.
const VERSION_KEY: &[u8] = b"fold-version";

/// The key of the forget facts that were carried out among the meta values.
const CARRIED_OUT_KEY: &[u8] = b"forgets-carried-out";

type Db = sled::Db<LEAF_FANOUT>;
type Tree = sled::Tree<LEAF_FANOUT>;

/// The store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// sled reports an error, or panicked.
    #[error("use the store")]
    Sled(#[source] io::Error),
    /// There is no room; sled then takes nothing more until it is opened again.
    #[error("use the store: the disk is full")]
    Full,
    /// A value does not match its checksum, or is of no known shape.
    #[error("read the store: a value is damaged")]
    Damaged,
    /// Opening did not return.
    #[error("open the store within {} s", OPEN_DEADLINE.as_secs())]
    Hangs,
    /// It was written by another version of the fold.
    #[error("use the store: it was written by another version")]
    OtherVersion,
    /// It holds what this device's folder of the ledger does not: an older copy of the ledger was put back.
    #[error("use the store: it knows more than the ledger of {0}, which was put back from an older copy")]
    Ahead(DeviceId),
}

/// The store.
#[derive(Debug, Clone)]
pub struct Store {
    /// A tree is some 20 KiB of memory, too much for the stack of whoever holds a store.
    rows: Box<Tree>,
    imports: Box<Tree>,
    words: Box<Tree>,
    meta: Box<Tree>,
    health: Arc<Health>,
    lease: Lease,
}

impl Store {
    /// Opens the store, making it if there is none.
    ///
    /// # Errors
    /// When it is damaged, of another version, or does not open in time.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_as(path, Arc::default())
    }

    /// Opens the store in the place of another, telling in the same place how it is.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_as(path: &Path, health: Arc<Health>) -> Result<Self, StoreError> {
        let (answer, answered) = mpsc::channel();
        let config = sled::Config::new()
            .path(path)
            .cache_capacity_bytes(CACHE_BYTES)
            .zstd_compression_level(COMPRESSION)
            .flush_every_ms(None);
        let opening = std::thread::Builder::new().name("store-open".to_owned());
        let open = move || {
            let opened = guard(|| {
                let db: Db = config.open()?;
                let tree = |name: &str| db.open_tree(name).map(Box::new);
                Ok([tree("rows")?, tree("imports")?, tree("words")?, tree("meta")?])
            });
            // A receiver that is gone gave up waiting.
            answer.send(opened).is_ok()
        };
        opening.spawn(open).map_err(StoreError::Sled)?;
        let [rows, imports, words, meta] = answered.recv_timeout(OPEN_DEADLINE).map_err(|_| StoreError::Hangs)??;
        let store = Self { rows, imports, words, meta, health, lease: Lease::default() };
        store.check_version()?;
        Ok(store)
    }

    /// Returns where it is told how the store is.
    #[must_use]
    pub fn health(&self) -> Arc<Health> {
        Arc::clone(&self.health)
    }

    /// Waits until at most this many other handles are left; returns whether that came to pass in time.
    #[must_use]
    pub fn wait_for_others(&self, at_most: usize, limit: Duration) -> bool {
        self.lease.wait_for_others(at_most, limit)
    }

    /// Returns the forget facts of which nothing is left to be done on this device.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn carried_out(&self) -> Result<BTreeSet<FactId>, StoreError> {
        let text: Option<String> = self.get(&self.meta, CARRIED_OUT_KEY)?;
        text.map_or(Ok(BTreeSet::new()), |text| serde_json::from_str(&text).map_err(|_| StoreError::Damaged))
    }

    /// Writes of which forget facts nothing is left to be done.
    ///
    /// # Errors
    /// When sled reports an error.
    pub fn set_carried_out(&self, facts: &BTreeSet<FactId>) -> Result<(), StoreError> {
        self.put(&self.meta, CARRIED_OUT_KEY, &json(facts)?)
    }

    /// Forgets everything, so that the ledger can be folded again.
    ///
    /// # Errors
    /// When sled reports an error.
    pub fn clear(&self) -> Result<(), StoreError> {
        for tree in [&self.rows, &self.imports, &self.words, &self.meta] {
            self.call(|| tree.clear())?;
        }
        self.check_version()
    }

    /// Makes everything written durable.
    ///
    /// # Errors
    /// When sled reports an error.
    pub fn flush(&self) -> Result<(), StoreError> {
        self.call(|| self.meta.flush().map(|_| ()))
    }

    /// Writes an import; `folded` says whether all its rows are there.
    ///
    /// # Errors
    /// When sled reports an error.
    pub fn put_import(&self, no: ImportNo, import: &ImportRow, folded: bool) -> Result<(), StoreError> {
        self.put(&self.imports, &no.to_be_bytes(), &(folded, json(import)?))
    }

    /// Calls `each` with every import, by number.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn scan_imports(&self, mut each: impl FnMut(ImportNo, ImportRow, bool)) -> Result<(), StoreError> {
        self.scan_tree(&self.imports, |key, (folded, text): (bool, String)| {
            each(number(key)?, serde_json::from_str(&text).map_err(|_| StoreError::Damaged)?, folded);
            Ok(())
        })
    }

    /// Writes a fact said, as its line.
    ///
    /// # Errors
    /// When sled reports an error.
    pub fn put_word(&self, id: &FactId, line: &[u8]) -> Result<(), StoreError> {
        let mut key = id.device.as_str().as_bytes().to_vec();
        key.extend(id.seq.to_be_bytes());
        self.put(&self.words, &key, &line)
    }

    /// Calls `each` with every fact said: its device and its line.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn scan_words(&self, mut each: impl FnMut(DeviceId, &[u8])) -> Result<(), StoreError> {
        self.scan_tree(&self.words, |key, line: Vec<u8>| {
            let device = key.get(..8).and_then(|k| String::from_utf8(k.to_vec()).ok()).ok_or(StoreError::Damaged)?;
            each(DeviceId::try_from(device).map_err(|_| StoreError::Damaged)?, &line);
            Ok(())
        })
    }

    /// Returns how far a device's folder is folded.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn folded_upto(&self, device: &DeviceId) -> Result<Folded, StoreError> {
        Ok(self.get(&self.meta, device.as_str().as_bytes())?.unwrap_or_default())
    }

    /// Makes everything written durable, and only then writes down up to where a device's folder is folded.
    ///
    /// # Errors
    /// When sled reports an error.
    pub fn remember(&self, device: &DeviceId, folded: Option<Folded>) -> Result<(), StoreError> {
        self.flush()?;
        let Some(folded) = folded else { return Ok(()) };
        self.set_folded_upto(device, folded)?;
        self.flush()
    }

    /// Writes how far a device's folder is folded.
    ///
    /// # Errors
    /// When sled reports an error.
    pub fn set_folded_upto(&self, device: &DeviceId, folded: Folded) -> Result<(), StoreError> {
        self.put(&self.meta, device.as_str().as_bytes(), &folded)
    }

    /// Returns the devices whose folders are folded, and how far.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn folded(&self) -> Result<Vec<(DeviceId, Folded)>, StoreError> {
        let mut keys = Vec::new();
        let mut items = self.meta.iter();
        while let Some((key, _)) = self.call(|| items.next().transpose())? {
            keys.extend(String::from_utf8(key.to_vec()).ok().and_then(|key| DeviceId::try_from(key).ok()));
        }
        keys.into_iter().map(|device| self.folded_upto(&device).map(|folded| (device, folded))).collect()
    }

    fn check_version(&self) -> Result<(), StoreError> {
        match self.get::<u32>(&self.meta, VERSION_KEY)? {
            Some(FOLD_VERSION) => Ok(()),
            Some(_) => Err(StoreError::OtherVersion),
            None => self.put(&self.meta, VERSION_KEY, &FOLD_VERSION),
        }
    }

    fn put<T: Serialize>(&self, tree: &Tree, key: &[u8], value: &T) -> Result<(), StoreError> {
        let value = sealed(value)?;
        self.call(|| tree.insert(key, value).map(|_| ()))
    }

    fn get<T: DeserializeOwned>(&self, tree: &Tree, key: &[u8]) -> Result<Option<T>, StoreError> {
        self.call(|| tree.get(key))?.map(|value| self.unsealed(&value)).transpose()
    }

    fn scan_tree<T: DeserializeOwned>(
        &self,
        tree: &Tree,
        mut each: impl FnMut(&[u8], T) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut items = tree.iter();
        while let Some((key, value)) = self.call(|| items.next().transpose())? {
            each(&key, self.unsealed(&value)?)?;
        }
        Ok(())
    }

    fn unsealed<T: DeserializeOwned>(&self, bytes: &[u8]) -> Result<T, StoreError> {
        unsealed(bytes).inspect_err(|error| self.health.met(error))
    }

    fn call<T>(&self, call: impl FnOnce() -> io::Result<T>) -> Result<T, StoreError> {
        self.health.begin();
        let result = guard(call);
        self.health.end();
        result.inspect_err(|error| self.health.met(error))
    }
}

impl Rows for Store {
    type Error = StoreError;

    fn row(&self, no: RowNo) -> Result<Option<Row>, StoreError> {
        self.get(&self.rows, &no.to_be_bytes())
    }

    fn put(&mut self, rows: &[(RowNo, Row)]) -> Result<(), StoreError> {
        let mut batch = sled::Batch::default();
        for (no, row) in rows {
            batch.insert(no.to_be_bytes().as_slice(), sealed(row)?);
        }
        self.call(|| self.rows.apply_batch(batch))
    }

    fn scan(&self, each: &mut dyn FnMut(RowNo, &Row)) -> Result<(), StoreError> {
        self.scan_tree(&self.rows, |key, row: Row| {
            each(number(key)?, &row);
            Ok(())
        })
    }
}

/// Returns the value as bytes, with their checksum before them.
fn sealed<T: Serialize>(value: &T) -> Result<Vec<u8>, StoreError> {
    let mut bytes = postcard::to_extend(value, vec![0; 4]).map_err(|e| StoreError::Sled(io::Error::other(e)))?;
    let sum = crc32fast::hash(bytes.get(4..).unwrap_or_default());
    for (to, from) in bytes.iter_mut().zip(sum.to_le_bytes()) {
        *to = from;
    }
    Ok(bytes)
}

fn unsealed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StoreError> {
    let (sum, value) = bytes.split_first_chunk::<4>().ok_or(StoreError::Damaged)?;
    if u32::from_le_bytes(*sum) != crc32fast::hash(value) {
        return Err(StoreError::Damaged);
    }
    postcard::from_bytes(value).map_err(|_| StoreError::Damaged)
}

fn number(key: &[u8]) -> Result<u32, StoreError> {
    key.try_into().map(u32::from_be_bytes).map_err(|_| StoreError::Damaged)
}

fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|e| StoreError::Sled(e.into()))
}

/// Calls into sled; a panic there becomes an error.
fn guard<T>(call: impl FnOnce() -> io::Result<T>) -> Result<T, StoreError> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Err(error)) if crate::paths::is_disk_full(&error) => Err(StoreError::Full),
        Ok(result) => result.map_err(StoreError::Sled),
        Err(_) => Err(StoreError::Sled(io::Error::other("sled panicked"))),
    }
}
