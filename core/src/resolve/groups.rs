//! Groups: which records are one person, as rings that can be walked from any member.

/// Groups of records, by their number.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// One of the group's members, the same for all of them.
    head: Vec<u32>,
    /// The next member of the group, in a ring.
    next: Vec<u32>,
}

impl Groups {
    /// Makes room for a record, alone.
    pub(super) fn grow(&mut self, no: u32) {
        for n in u32::try_from(self.head.len()).unwrap_or(u32::MAX)..=no {
            self.head.push(n);
            self.next.push(n);
        }
    }

    /// Returns the member that stands for the record's group; which one it is has no meaning.
    pub(super) fn head(&self, no: u32) -> u32 {
        self.head.get(no as usize).copied().unwrap_or(no)
    }

    /// Returns the members of the record's group, itself among them.
    pub(super) fn members(&self, no: u32) -> impl Iterator<Item = u32> + '_ {
        let mut at = Some(no);
        core::iter::from_fn(move || {
            let current = at?;
            let next = self.next.get(current as usize).copied().unwrap_or(no);
            at = (next != no).then_some(next);
            Some(current)
        })
    }

    /// Makes a group of these records, which must have been whole groups before, or be put into others right after.
    pub(super) fn put(&mut self, members: &[u32]) {
        let Some(head) = members.iter().min().copied() else { return };
        let followers = members.iter().skip(1).chain(members.first());
        for (no, next) in members.iter().zip(followers) {
            if let Some(slot) = self.head.get_mut(*no as usize) {
                *slot = head;
            }
            if let Some(slot) = self.next.get_mut(*no as usize) {
                *slot = *next;
            }
        }
    }
}
