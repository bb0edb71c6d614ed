//! Fictional exports: a LinkedIn archive, vCards, mail. The same arguments give the same bytes.
//!
//! Everyone in them is made up and lives at `.example` domains. The owner is [`OWNER`]. Dates lie before the day that is
//! given, so that the demo can tell a story that ends today and a test can name a fixed day.
//!
//! ```text
//!  person(7) ─▶ a connection, a card, a correspondent: the same name, slug and address everywhere
//! ```

pub mod cards;
pub mod cast;
pub mod linkedin;
pub mod mail;
pub mod threads;

pub use cast::{OWNER, Owner, Person, person};

/// A small generator of numbers that look random (SplitMix64): the same seed gives the same numbers everywhere.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Returns a generator for `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns the next number.
    pub const fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Returns a number below `limit`; 0 when `limit` is 0.
    pub const fn below(&mut self, limit: u64) -> u64 {
        match self.roll().checked_rem(limit) {
            Some(number) => number,
            None => 0,
        }
    }

    /// Returns one of `choices`; the default when there is none.
    pub fn pick<T: Copy + Default>(&mut self, choices: &[T]) -> T {
        let index = usize::try_from(self.below(choices.len() as u64)).unwrap_or_default();
        choices.get(index).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let (mut one, mut other) = (Dice::new(7), Dice::new(7));
        assert!((0..100).all(|_| one.roll() == other.roll()));
    }
}
