//! Hashes of identifiers: what the resident index keeps of addresses, numbers and profiles.

use core::hash::{BuildHasherDefault, Hasher};

use crate::digest::Identifier;

/// The first 8 bytes of BLAKE3 over an identifier's kind and normal form.
///
/// Among a million identifiers two are mistaken for one with a probability of about 3 in 100 million.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IdentifierHash(pub u64);

impl IdentifierHash {
    /// Returns the hash of an identifier.
    #[must_use]
    pub fn of(identifier: &Identifier) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&[identifier.kind as u8]).update(identifier.value.as_bytes());
        let mut bytes = [0; 8];
        hasher.finalize_xof().fill(&mut bytes);
        Self(u64::from_le_bytes(bytes))
    }
}

/// Returns the first 8 bytes of BLAKE3 over a text.
#[must_use]
pub fn name_hash(text: &str) -> u64 {
    let mut bytes = [0; 8];
    blake3::Hasher::new().update(text.as_bytes()).finalize_xof().fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

/// A hasher for keys that are hashes already.
pub type PassThrough = BuildHasherDefault<PassThroughHasher>;

/// Passes the last eight bytes written through as the hash.
#[derive(Debug, Default)]
pub struct PassThroughHasher(u64);

impl Hasher for PassThroughHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks_exact(8) {
            self.0 = chunk.iter().fold(0, |hash, byte| (hash << 8) | u64::from(*byte));
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn write_usize(&mut self, _length: usize) {}
}
