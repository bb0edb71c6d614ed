//! Marks on records, each set once: as quick for one record as for all of them.

/// Numbers of records that are marked.
#[derive(Debug, Default)]
pub(super) struct Marked {
    is: Vec<bool>,
    numbers: Vec<u32>,
}

impl Marked {
    /// Marks a record.
    pub(super) fn insert(&mut self, no: u32) {
        let at = no as usize;
        if self.is.len() <= at {
            self.is.resize(at + 1, false);
        }
        if let Some(is) = self.is.get_mut(at).filter(|is| !**is) {
            *is = true;
            self.numbers.push(no);
        }
    }

    /// Marks these records.
    pub(super) fn extend<'a>(&mut self, numbers: impl IntoIterator<Item = &'a u32>) {
        numbers.into_iter().for_each(|no| self.insert(*no));
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
