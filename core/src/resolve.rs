//! Who is the same: groups of records that are one person.
//!
//! Records that share a personal address, number or profile are one person; a name alone never joins. The groups are the
//! connected components over shared identifiers, and so the same in whatever order records come. What an identifier is, and
//! whether it is personal, is `digest`; which record speaks for the group is `book`.

pub mod link;

use std::collections::HashMap;

use crate::identity::{IdentifierHash, PassThrough};

/// Groups of records, by their number in the book, that share an identifier.
#[derive(Debug, Default)]
pub struct Clusters {
    /// One of the group's members, the same for all of them.
    head: Vec<u32>,
    /// The next member of the group, in a ring.
    next: Vec<u32>,
    /// The members' number, at the head.
    size: Vec<u32>,
    /// The identifiers by which a record joins.
    identifiers: Vec<Box<[IdentifierHash]>>,
    /// Which records have an identifier.
    holders: HashMap<IdentifierHash, Holders, PassThrough>,
}

#[derive(Debug)]
enum Holders {
    One(u32),
    Many(Vec<u32>),
}

impl Holders {
    fn as_slice(&self) -> &[u32] {
        match self {
            Self::One(no) => core::slice::from_ref(no),
            Self::Many(nos) => nos,
        }
    }

    fn push(&mut self, no: u32) {
        match self {
            Self::One(one) if *one == no => {}
            Self::One(one) => *self = Self::Many(vec![*one, no]),
            Self::Many(nos) if nos.contains(&no) => {}
            Self::Many(nos) => nos.push(no),
        }
    }
}

impl Clusters {
    /// Adds the record `no`, alone, with its identifiers, and joins it to all who share one.
    ///
    /// A record that is known gets these identifiers in the place of its former ones; only its own group is looked at again.
    pub fn set(&mut self, no: u32, identifiers: Box<[IdentifierHash]>) {
        self.grow(no);
        if self.identifiers_of(no) == &*identifiers {
            return;
        }
        let members: Vec<u32> = self.members(no).collect();
        self.forget_identifiers(no);
        if let Some(slot) = self.identifiers.get_mut(no as usize) {
            *slot = identifiers;
        }
        if members.len() > 1 {
            members.iter().for_each(|member| self.isolate(*member));
        }
        members.iter().for_each(|member| self.connect(*member));
    }

    /// Returns the members of the record's group, itself among them.
    pub fn members(&self, no: u32) -> impl Iterator<Item = u32> + '_ {
        let mut at = Some(no);
        core::iter::from_fn(move || {
            let current = at?;
            let next = self.next.get(current as usize).copied().unwrap_or(no);
            at = (next != no).then_some(next);
            Some(current)
        })
    }

    /// Returns the member that stands for the record's group; which one it is has no meaning.
    #[must_use]
    pub fn head(&self, no: u32) -> u32 {
        self.head.get(no as usize).copied().unwrap_or(no)
    }

    /// Returns the records that have this identifier.
    #[must_use]
    pub fn holders(&self, identifier: IdentifierHash) -> &[u32] {
        self.holders.get(&identifier).map_or(&[], Holders::as_slice)
    }

    /// Returns the identifiers by which the record joins.
    #[must_use]
    pub fn identifiers_of(&self, no: u32) -> &[IdentifierHash] {
        self.identifiers.get(no as usize).map_or(&[], |ids| ids)
    }

    fn grow(&mut self, no: u32) {
        for n in u32::try_from(self.head.len()).unwrap_or(u32::MAX)..=no {
            self.head.push(n);
            self.next.push(n);
            self.size.push(1);
            self.identifiers.push(Box::default());
        }
    }

    fn forget_identifiers(&mut self, no: u32) {
        let Some(slot) = self.identifiers.get_mut(no as usize) else { return };
        for identifier in core::mem::take(slot) {
            match self.holders.get_mut(&identifier) {
                Some(Holders::Many(nos)) => nos.retain(|n| *n != no),
                Some(Holders::One(one)) if *one == no => {
                    self.holders.remove(&identifier);
                }
                Some(Holders::One(_)) | None => {}
            }
        }
    }

    fn isolate(&mut self, no: u32) {
        put(&mut self.head, no, no);
        put(&mut self.next, no, no);
        put(&mut self.size, no, 1);
    }

    fn connect(&mut self, no: u32) {
        for i in 0..self.identifiers_of(no).len() {
            let Some(identifier) = self.identifiers_of(no).get(i).copied() else { return };
            let holders = self.holders.entry(identifier).or_insert(Holders::One(no));
            holders.push(no);
            let first = holders.as_slice().first().copied().unwrap_or(no);
            self.join(no, first);
        }
    }

    fn join(&mut self, a: u32, b: u32) {
        let (mut large, mut small) = (self.head(a), self.head(b));
        if large == small {
            return;
        }
        if self.size_of(large) < self.size_of(small) {
            core::mem::swap(&mut large, &mut small);
        }
        let joined = self.size_of(large) + self.size_of(small);
        let members: Vec<u32> = self.members(small).collect();
        members.iter().for_each(|member| put(&mut self.head, *member, large));
        let (after_large, after_small) = (self.next_of(large), self.next_of(small));
        put(&mut self.next, large, after_small);
        put(&mut self.next, small, after_large);
        put(&mut self.size, large, joined);
    }

    fn size_of(&self, no: u32) -> u32 {
        self.size.get(no as usize).copied().unwrap_or(1)
    }

    fn next_of(&self, no: u32) -> u32 {
        self.next.get(no as usize).copied().unwrap_or(no)
    }
}

fn put(slots: &mut [u32], at: u32, value: u32) {
    if let Some(slot) = slots.get_mut(at as usize) {
        *slot = value;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    use super::*;

    fn groups(clusters: &Clusters, n: u32) -> BTreeSet<BTreeSet<u32>> {
        (0..n).map(|no| clusters.members(no).collect()).collect()
    }

    fn set(clusters: &mut Clusters, no: u32, identifiers: &[u64]) {
        clusters.set(no, identifiers.iter().map(|i| IdentifierHash(*i)).collect());
    }

    #[test]
    fn losing_the_shared_identifier_parts_the_group() {
        let mut clusters = Clusters::default();
        set(&mut clusters, 0, &[1]);
        set(&mut clusters, 1, &[1, 2]);
        set(&mut clusters, 2, &[2]);
        assert_eq!(groups(&clusters, 3).len(), 1);
        set(&mut clusters, 1, &[]);
        assert_eq!(groups(&clusters, 3).len(), 3);
    }

    proptest! {
        #[test]
        fn groups_do_not_depend_on_the_order_or_on_what_was_before(
            last in prop::collection::vec(prop::collection::vec(0u64..12, 0..4), 1..12),
            before in prop::collection::vec((0usize..12, prop::collection::vec(0u64..12, 0..4)), 0..12),
        ) {
            let n = u32::try_from(last.len()).unwrap();
            let mut straight = Clusters::default();
            for (no, identifiers) in (0..n).zip(&last) {
                set(&mut straight, no, identifiers);
            }
            let mut detour = Clusters::default();
            for (no, identifiers) in before {
                set(&mut detour, u32::try_from(no % last.len()).unwrap(), &identifiers);
            }
            for (no, identifiers) in (0..n).zip(&last).rev() {
                set(&mut detour, no, identifiers);
            }
            prop_assert_eq!(groups(&straight, n), groups(&detour, n));
        }
    }
}
