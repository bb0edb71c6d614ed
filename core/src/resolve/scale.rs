//! Where counts are rounded: down to a power of two, by each record from a point of its own.
//!
//! How often a name comes counts by its order of magnitude only, so that one record more seldom changes what was weighed. Were
//! it rounded alike for all, the record that fills a power of two would have everybody of that name looked at again, and now
//! and then the whole address book. So each record takes what is counted as up to twice as many, by a factor that its id
//! gives, and one more changes it for one or two.

use core::ops::Range;

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
    /// Many, parted by their factors.
    Many(Shelves),
}

/// Records in shelves, each of an equal span of factors, a power of two of them.
#[derive(Debug)]
pub(super) struct Shelves {
    shelves: Vec<Vec<(Scale, u32)>>,
    count: usize,
}

/// So many are few.
const FEW: usize = 32;
/// When a shelf has so many in the mean, there are to be more shelves.
const FULL: usize = 32;
/// So many times more.
const GROWTH: usize = 4;

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
            Self::Many(many) => many.count,
        };
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Counts a record, if it is not counted yet; calls `parted` with those for which the count is of another order now.
    pub(super) fn insert(&mut self, scale: Scale, no: u32, parted: impl FnMut(u32)) {
        let before = self.count();
        match self {
            Self::Few(few) if few.contains(&(scale, no)) => {}
            Self::Few(few) if few.len() < FEW => few.push((scale, no)),
            Self::Few(few) => *self = Self::Many(Shelves::of(few.iter().copied().chain([(scale, no)]), GROWTH)),
            Self::Many(many) => many.insert((scale, no)),
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
            Self::Many(many) => many.remove((scale, no)),
        }
        if self.count() < before {
            self.parted_by(self.count(), parted);
        }
    }

    /// Calls `parted` with those for which so many and one more are of two orders.
    fn parted_by(&self, count: u32, parted: impl FnMut(u32)) {
        let range = Scale::parted_by(count);
        let is_parted = |(scale, _): &&(Scale, u32)| range.contains(scale);
        match self {
            Self::Few(few) => few.iter().filter(is_parted).map(|(_, no)| *no).for_each(parted),
            Self::Many(many) => many.within(&range).filter(is_parted).map(|(_, no)| *no).for_each(parted),
        }
    }
}

impl Shelves {
    fn of(records: impl Iterator<Item = (Scale, u32)>, shelves: usize) -> Self {
        let mut new = Self { shelves: vec![Vec::new(); shelves], count: 0 };
        records.for_each(|one| new.put(one));
        new
    }

    fn place(&self, scale: Scale) -> usize {
        ((scale.0 & (ONE - 1)) as usize * self.shelves.len()) >> BITS
    }

    fn put(&mut self, one: (Scale, u32)) {
        let place = self.place(one.0);
        self.shelves.get_mut(place).into_iter().for_each(|shelf| shelf.push(one));
        self.count += 1;
    }

    fn insert(&mut self, one: (Scale, u32)) {
        if self.shelves.get(self.place(one.0)).is_some_and(|shelf| shelf.contains(&one)) {
            return;
        }
        if self.count >= self.shelves.len() * FULL && self.shelves.len() < ONE as usize {
            let more = self.shelves.len() * GROWTH;
            *self = Self::of(self.shelves.iter().flatten().copied(), more);
        }
        self.put(one);
    }

    fn remove(&mut self, one: (Scale, u32)) {
        let place = self.place(one.0);
        let Some(shelf) = self.shelves.get_mut(place) else { return };
        if let Some(at) = shelf.iter().position(|known| *known == one) {
            shelf.swap_remove(at);
            self.count -= 1;
        }
    }

    /// Returns whoever stands on the shelves of these factors.
    fn within(&self, range: &Range<Scale>) -> impl Iterator<Item = &(Scale, u32)> {
        let last = Scale((range.end.0 - 1).min(2 * ONE - 1));
        let shelves = if range.is_empty() { 0..0 } else { self.place(range.start)..self.place(last) + 1 };
        self.shelves.get(shelves).into_iter().flatten().flatten()
    }
}

impl Default for Tally {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

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
    fn whoever_is_counted_is_named_when_the_count_is_of_another_order_for_them() {
        let scale = |no: u32| Scale::of(RecordId::new("test", &no.to_string()));
        let mut tally = Tally::default();
        let mut counted = BTreeSet::new();
        // Up to 500, each twice; down to ten; up again.
        let comes = |no: u32| [(true, no), (true, no)];
        let steps = (0..500).flat_map(comes).chain((0..490).map(|no| (false, no))).chain((0..300).flat_map(comes));
        for (comes, no) in steps {
            let before = tally.count();
            let mut parted = BTreeSet::new();
            if comes {
                tally.insert(scale(no), no, |no| parted.extend([no]));
                counted.insert(no);
            } else {
                tally.remove(scale(no), no, |no| parted.extend([no]));
                counted.remove(&no);
            }
            let after = tally.count();
            assert_eq!(after as usize, counted.len());
            // Whoever comes is looked at anyway.
            let differs = |one: &u32| *one == no || scale(*one).order(before) != scale(*one).order(after);
            parted.extend(counted.get(&no));
            assert_eq!(parted, counted.iter().copied().filter(differs).collect(), "{before} and then {after}");
        }
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
