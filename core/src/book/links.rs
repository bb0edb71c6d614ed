//! Which records are one person, as a stand-in for the resolver: shared identifiers join, the user's word stands, and cards of
//! one name are asked about.
//!
//! A ruling changes the identifiers by which a record joins: "the same" gives both records one more, "apart" gives the one side
//! identifiers that the other does not have.

use std::collections::{BTreeMap, BTreeSet};

use crate::book::Book;
use crate::book::entry::Flags;
use crate::book::people::Person;
use crate::book::rulings::Ruling;
use crate::id::RecordId;
use crate::identity::IdentifierHash;
use crate::resolve::link::{Link, Reason, Verdict};

impl Book {
    /// Returns how likely two records are one person, and why.
    #[must_use]
    pub fn compare(&self, a: &RecordId, b: &RecordId) -> Option<Link> {
        let (no_a, no_b) = (*self.by_id.get(a)?, *self.by_id.get(b)?);
        let rulings = self.words.rulings();
        let said = rulings.about(&[*a]).into_iter().find_map(|ruling| match ruling {
            Ruling::Same(x, y) if [x, y].contains(&a) && [x, y].contains(&b) => Some(Verdict::SaidSame),
            Ruling::Apart(these, those)
                if (these.contains(a) && those.contains(b)) || (these.contains(b) && those.contains(a)) =>
            {
                Some(Verdict::SaidApart)
            }
            Ruling::Same(..) | Ruling::Apart(..) => None,
        });
        let shared =
            self.clusters.identifiers_of(no_a).iter().any(|one| self.clusters.identifiers_of(no_b).contains(one));
        let named = self.stem(no_a).is_some() && self.stem(no_a) == self.stem(no_b);
        let (verdict, words, bits) = match said {
            Some(Verdict::SaidSame) => (Verdict::SaidSame, "you said that they are one person", 20.0),
            Some(_) => (Verdict::SaidApart, "you said that they are two people", -20.0),
            None if shared => (Verdict::Joined, "the same address, number or profile", 12.0),
            None if named => (Verdict::Question, "the same name", 5.0),
            None => return None,
        };
        let reasons = vec![Reason { words: words.to_owned(), bits }];
        let likelihood = if verdict == Verdict::Question {
            0.6
        } else if bits > 0.0 {
            1.0
        } else {
            0.0
        };
        Some(Link { a: *a, b: *b, likelihood, verdict, reasons })
    }

    /// Returns the links that hold a person's records together, the strongest first.
    #[must_use]
    pub fn links_within(&self, person: &Person) -> Vec<Link> {
        let records = person.records();
        let pairs = (0..records.len()).flat_map(|i| records.iter().skip(i + 1).map(move |b| (i, b)));
        let joins = |link: &Link| matches!(link.verdict, Verdict::Joined | Verdict::SaidSame);
        let mut links: Vec<Link> = pairs.filter_map(|(i, b)| self.compare(records.get(i)?, b)).filter(joins).collect();
        links.sort_by(|x, y| y.likelihood.total_cmp(&x.likelihood));
        links
    }

    /// Returns what the user is to be asked: pairs of different people who may be one, the likeliest first.
    #[must_use]
    pub fn questions(&self) -> Vec<Link> {
        let mut named: BTreeMap<String, Vec<RecordId>> = BTreeMap::new();
        for no in self.heads() {
            let records: Vec<(u32, RecordId)> = self.member_entries(no).map(|(m, e)| (m, e.id)).collect();
            let card = |(m, _): &&(u32, RecordId)| {
                self.entries.get(*m as usize).is_some_and(|e| e.flags.contains(Flags::CARD))
            };
            let stem = records.iter().filter(card).find_map(|(m, id)| Some((self.stem(*m)?, *id)));
            if let Some((stem, id)) = stem {
                named.entry(stem).or_default().push(id);
            }
        }
        let pairs = named.into_values().flat_map(|ids| match ids.as_slice() {
            [a, b, ..] => Some((*a.min(b), *a.max(b))),
            _ => None,
        });
        pairs.filter_map(|(a, b)| self.compare(&a, &b)).filter(|link| link.verdict == Verdict::Question).collect()
    }

    /// Returns the identifiers by which a record joins after what the user said about it.
    pub(super) fn ruled(&self, record: RecordId, identifiers: BTreeSet<IdentifierHash>) -> BTreeSet<IdentifierHash> {
        let mut identifiers = identifiers;
        for ruling in self.words.rulings().about(&[record]).into_iter().rev() {
            match ruling {
                Ruling::Same(a, b) => {
                    identifiers.insert(hash(a, b));
                }
                Ruling::Apart(these, those) if those.contains(&record) => {
                    let salt = these.iter().chain(those).fold(0, |salt: u64, record| salt ^ short(record));
                    identifiers =
                        identifiers.into_iter().map(|id| IdentifierHash(id.0.rotate_left(7) ^ salt)).collect();
                }
                Ruling::Apart(..) => {}
            }
        }
        identifiers
    }

    /// Returns the first two words of what a record is found by: its name.
    fn stem(&self, no: u32) -> Option<String> {
        let search = &self.entries.get(no as usize)?.search;
        let mut words = search.split(' ');
        Some(format!("{} {}", words.next()?, words.next()?))
    }
}

fn hash(a: &RecordId, b: &RecordId) -> IdentifierHash {
    IdentifierHash(short(a).rotate_left(1) ^ short(b).rotate_left(1))
}

fn short(record: &RecordId) -> u64 {
    record.bytes().iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}
