//! Sets that are parted into groups, and joined again: the smaller of two groups goes over to the larger.

/// A set that is parted into groups.
#[derive(Debug)]
pub(super) struct Parts {
    /// The group of each record.
    of: Vec<usize>,
    groups: Vec<Vec<usize>>,
}

impl Parts {
    /// Returns as many groups as there are members.
    pub(super) fn new(count: usize) -> Self {
        Self { of: (0..count).collect(), groups: (0..count).map(|no| vec![no]).collect() }
    }

    /// Adds a member, in a group of its own.
    pub(super) fn admit(&mut self) {
        let no = self.of.len();
        self.of.push(no);
        self.groups.push(vec![no]);
    }

    /// Returns the group of a member.
    pub(super) fn of(&self, no: usize) -> usize {
        self.of.get(no).copied().unwrap_or(no)
    }

    /// Returns the members of a group.
    pub(super) fn members(&self, group: usize) -> &[usize] {
        self.groups.get(group).map_or(&[], Vec::as_slice)
    }

    /// Makes one group of those of two members; returns whether they were two.
    pub(super) fn join(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.of(a), self.of(b));
        if a == b {
            return false;
        }
        let (kept, gone) = if self.members(a).len() >= self.members(b).len() { (a, b) } else { (b, a) };
        let moved = self.groups.get_mut(gone).map(core::mem::take).unwrap_or_default();
        for no in &moved {
            if let Some(slot) = self.of.get_mut(*no) {
                *slot = kept;
            }
        }
        if let Some(group) = self.groups.get_mut(kept) {
            group.extend(moved);
        }
        true
    }

    /// Returns the groups that have members.
    pub(super) fn into_groups(self) -> impl Iterator<Item = Vec<usize>> {
        self.groups.into_iter().filter(|group| !group.is_empty())
    }
}
