//! Offices: records that stand for no person and go by one address of an organisation, `office@acme.example`: the card of the
//! company, and the mailbox that writes from there.
//!
//! Of people such an address says nothing, for many read it. Of those who are no person it says that they are one, as long as
//! all of them have one name, or none: an accountant's `office@` may stand on the cards of two companies.
//!
//! ```text
//!  card "Acme GmbH" office@acme.example ─┐
//!  mail from office@acme.example        ─┴▶ one entry
//! ```

use std::collections::{BTreeMap, HashMap};

use crate::identity::{IdentifierHash, PassThrough};
use crate::resolve::Resolver;
use crate::resolve::marked::Marked;

/// Of an address under which more records are known nothing is concluded.
const HOLDERS_AT_MOST: usize = 32;

/// Who goes by which address of an organisation.
#[derive(Debug, Default)]
pub(super) struct Offices {
    /// By address the records, each with the hash of its name where it has one.
    holders: HashMap<IdentifierHash, BTreeMap<u32, Option<u64>>, PassThrough>,
    addresses: HashMap<u32, Box<[IdentifierHash]>>,
}

impl Offices {
    /// Returns whether all who go by an address have one name, or none.
    fn is_one(&self, address: IdentifierHash) -> bool {
        let Some(holders) = self.holders.get(&address).filter(|holders| holders.len() <= HOLDERS_AT_MOST) else {
            return false;
        };
        let mut names = holders.values().flatten();
        let first = names.next();
        names.all(|name| Some(name) == first)
    }

    /// Returns whom a record is one with by an address.
    pub(super) fn mates(&self, no: u32) -> impl Iterator<Item = u32> + '_ {
        let addresses = self.addresses.get(&no).into_iter().flatten().copied();
        let holders = addresses.filter(|address| self.is_one(*address)).filter_map(|it| self.holders.get(&it));
        holders.flat_map(|holders| holders.keys().copied()).filter(move |other| *other != no)
    }

    /// Returns all who are one so, the lower number first.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let of = |no: u32| self.mates(no).filter(move |other| no < *other).map(move |other| (no, other));
        self.addresses.keys().flat_map(move |no| of(*no))
    }

    /// Returns whether two records are one by an address.
    pub(super) fn are_one(&self, a: u32, b: u32) -> bool {
        let mut addresses = self.addresses.get(&a).into_iter().flatten();
        addresses.any(|address| {
            self.holders.get(address).is_some_and(|holders| holders.contains_key(&b)) && self.is_one(*address)
        })
    }
}

impl Resolver {
    /// Notes by which addresses of an organisation a record goes that stands for no person, and under which name, by its hash.
    /// To be called after [`Resolver::set`], which forgets it.
    pub fn keep_office(&mut self, no: u32, name: Option<u64>, addresses: &[IdentifierHash]) {
        if addresses.is_empty() {
            return;
        }
        for address in addresses {
            let holders = self.offices.holders.entry(*address).or_default();
            holders.insert(no, name);
            mark(holders, &mut self.dirty);
        }
        self.offices.addresses.insert(no, addresses.into());
    }

    /// Forgets it again.
    pub(super) fn leave_office(&mut self, no: u32) {
        for address in self.offices.addresses.remove(&no).into_iter().flatten() {
            let Some(holders) = self.offices.holders.get_mut(&address) else { continue };
            mark(holders, &mut self.dirty);
            holders.remove(&no);
            if holders.is_empty() {
                self.offices.holders.remove(&address);
            }
        }
    }
}

/// Marks those who go by an address, unless they were so many before and are so many now that nothing follows of it.
fn mark(holders: &BTreeMap<u32, Option<u64>>, dirty: &mut Marked) {
    if holders.len() <= HOLDERS_AT_MOST + 1 {
        dirty.extend(holders.keys());
    }
}
