//! Where counts are rounded: down to a power of two, by each record from a point of its own.
//!
//! How often a name comes counts by its order of magnitude only, so that one record more seldom changes what was weighed. Were
//! it rounded alike for all, the record that fills a power of two would have everybody of that name looked at again, and now
//! and then the whole address book. So each record takes what is counted as up to twice as many, by a factor that its id
//! gives, and one more changes it for one or two.

use core::ops::Range;
use std::collections::BTreeSet;

use crate::id::RecordId;

/// The factor one: so many bits stand behind the point.
const BITS: u32 = 16;
const ONE: u32 = 1 << BITS;

/// The factor by which a record multiplies counts before it rounds them: from one to two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Scale(u32);

/// Records that are counted.
#[derive(Debug)]
pub(super) enum Tally {
    /// Few, in no order: most names are few people's.
    Few(Vec<(Scale, u32)>),
    /// Many, in the order of their factors.
    Many(BTreeSet<(Scale, u32)>),
}

/// So many are few.
const FEW: usize = 64;

impl Scale {
    /// Returns the factor of a record.
    pub(super) fn of(id: RecordId) -> Self {
        let [high, low, ..] = *id.bytes();
        Self(ONE | u32::from(u16::from_be_bytes([high, low])))
    }

    /// Returns the order of magnitude of a count: its binary logarithm, rounded down.
    pub(super) fn order(self, count: u32) -> i32 {
        let scaled = u64::from(count.max(1)) * u64::from(self.0);
        (scaled.ilog2() - BITS).try_into().unwrap_or(31)
    }

    /// Returns the factors by which this count and the next are of two orders.
    pub(super) fn parted_by(count: u32) -> Range<Self> {
        let Some(log) = count.checked_ilog2() else { return Self(ONE)..Self(ONE) };
        let next = 1_u64 << (log + BITS + 1);
        let factor = |count: u64| Self(u32::try_from(next.div_ceil(count)).unwrap_or(u32::MAX));
        factor(u64::from(count) + 1)..factor(u64::from(count))
    }
}

impl Default for Scale {
    fn default() -> Self {
        Self(ONE)
    }
}

impl Tally {
    /// Returns how many records are counted.
    pub(super) fn count(&self) -> u32 {
        let count = match self {
            Self::Few(few) => few.len(),
            Self::Many(many) => many.len(),
        };
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Counts a record, if it is not counted yet; calls `parted` with those for which the count is of another order now.
    pub(super) fn insert(&mut self, scale: Scale, no: u32, parted: impl FnMut(u32)) {
        let before = self.count();
        match self {
            Self::Few(few) if few.contains(&(scale, no)) => {}
            Self::Few(few) if few.len() < FEW => few.push((scale, no)),
            Self::Few(few) => *self = Self::Many(few.iter().copied().chain([(scale, no)]).collect()),
            Self::Many(many) => drop(many.insert((scale, no))),
        }
        if before < self.count() {
            self.parted_by(before, parted);
        }
    }

    /// Counts a record no longer; calls `parted` as [`Tally::insert`] does.
    pub(super) fn remove(&mut self, scale: Scale, no: u32, parted: impl FnMut(u32)) {
        let before = self.count();
        match self {
            Self::Few(few) => few.retain(|one| *one != (scale, no)),
            Self::Many(many) => drop(many.remove(&(scale, no))),
        }
        if self.count() < before {
            self.parted_by(self.count(), parted);
        }
    }

    /// Calls `parted` with those for which so many and one more are of two orders.
    fn parted_by(&self, count: u32, parted: impl FnMut(u32)) {
        let range = Scale::parted_by(count);
        match self {
            Self::Few(few) => few.iter().filter(|(scale, _)| range.contains(scale)).map(|(_, no)| *no).for_each(parted),
            Self::Many(many) => many.range((range.start, 0)..(range.end, 0)).map(|(_, no)| *no).for_each(parted),
        }
    }
}

impl Default for Tally {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_of_another_order_for_those_that_are_named_and_no_others() {
        for count in (1..2_100).chain([65_535, 65_536, 99_999, 131_071, 131_072]) {
            let parted = Scale::parted_by(count);
            for factor in (ONE..2 * ONE).step_by(7).chain([ONE, 2 * ONE - 1, parted.start.0, parted.end.0 - 1]) {
                let scale = Scale(factor);
                let differs = scale.order(count) != scale.order(count + 1);
                assert_eq!(differs, parted.contains(&scale), "{count} by {factor}");
            }
        }
        assert!(Scale::parted_by(0).is_empty());
    }

    #[test]
    fn one_more_of_very_many_concerns_a_few() {
        let mut tally = Tally::default();
        let mut most = 0;
        for no in 0..20_000 {
            let scale = Scale::of(RecordId::new("test", &no.to_string()));
            let mut concerned = 0;
            tally.insert(scale, no, |_| concerned += 1);
            if no > 200 {
                most = most.max(concerned);
            }
        }
        assert!((1..20).contains(&most), "{most}");
        assert_eq!(tally.count(), 20_000);
    }
}
