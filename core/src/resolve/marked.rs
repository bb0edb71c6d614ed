//! Marks on records, each set once: as quick for one record as for all of them.

/// Numbers of records that are marked.
#[derive(Debug, Default)]
pub(super) struct Marked {
    is: Vec<bool>,
    numbers: Vec<u32>,
}

impl Marked {
    /// Marks a record; returns whether it was not marked before.
    pub(super) fn insert(&mut self, no: u32) -> bool {
        let at = no as usize;
        if self.is.len() <= at {
            self.is.resize(at + 1, false);
        }
        let Some(is) = self.is.get_mut(at).filter(|is| !**is) else { return false };
        *is = true;
        self.numbers.push(no);
        true
    }

    /// Marks these records.
    pub(super) fn extend<'a>(&mut self, numbers: impl IntoIterator<Item = &'a u32>) {
        for no in numbers {
            self.insert(*no);
        }
    }

    /// Returns whether a record is marked.
    pub(super) fn contains(&self, no: u32) -> bool {
        self.is.get(no as usize).copied().unwrap_or(false)
    }

    /// Returns the marked records in the order of their numbers.
    pub(super) fn sorted(&mut self) -> Vec<u32> {
        self.numbers.sort_unstable();
        self.numbers.clone()
    }

    /// Takes all marks away.
    pub(super) fn clear(&mut self) {
        for no in self.numbers.drain(..) {
            if let Some(is) = self.is.get_mut(no as usize) {
                *is = false;
            }
        }
    }
}
