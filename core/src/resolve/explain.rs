//! Links in words: why two records are one person, or are asked about, or are two.

use std::collections::BTreeMap;

use crate::book::rulings::Ruling;
use crate::id::RecordId;
use crate::resolve::compare::{Comparison, Feature};
use crate::resolve::link::{Link, Reason, Verdict};
use crate::resolve::parts::Parts;
use crate::resolve::words::{ALL, words};
use crate::resolve::{CERTAIN_BITS, Resolver};

/// Two records that the user is asked about; the likeliest is the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Question {
    /// Thousandths of a bit against it.
    unlikely: i32,
    ids: (RecordId, RecordId),
    records: (u32, u32),
}

/// What weighs less is no reason, in bits.
const WORTH_TELLING: f64 = 0.1;

impl Resolver {
    /// Returns how likely two records are one person, and why.
    #[must_use]
    pub fn explain(&self, a: u32, b: u32) -> Option<Link> {
        let comparison = self.comparison(a, b)?;
        let (verdict, bits) = self.judge(a, b, &comparison);
        let is_unclear = self.unclear.contains(&a) || self.unclear.contains(&b);
        let is_sure = self.are_one_for_certain(a, b) || !comparison.is_loose() || !is_unclear;
        let verdict = if is_sure { verdict } else { verdict.min(Verdict::Question) };
        let mut reasons = self.reasons(&comparison);
        if self.share_certainty(a, b) {
            let words = "one is a card that kith itself wrote of the other".to_owned();
            reasons.insert(0, Reason { words, bits: CERTAIN_BITS });
        }
        if self.offices.are_one(a, b) {
            let words = "both go by one address of an organisation, and neither is a person".to_owned();
            reasons.insert(0, Reason { words, bits: self.weights.joined });
        }
        if !is_sure && verdict == Verdict::Question {
            reasons.push(Reason { words: "it fits somebody else as well".to_owned(), bits: -WORTH_TELLING });
        }
        if self.are_two_of_kith(a, b) {
            let words = "kith wrote one card of each, so they were two people then".to_owned();
            reasons.push(Reason { words, bits: -CERTAIN_BITS });
        }
        let said = self.ruling_on(a, b);
        if let Some(said) = said {
            let (words, bits) = match said {
                Verdict::SaidSame => ("you said that they are one person", CERTAIN_BITS),
                Verdict::SaidApart | Verdict::Apart | Verdict::Question | Verdict::Joined => {
                    ("you said that they are two people", -CERTAIN_BITS)
                }
            };
            reasons.insert(0, Reason { words: words.to_owned(), bits });
        }
        let verdict = said.unwrap_or(verdict);
        let (a, b) = (*self.ids.get(a as usize)?, *self.ids.get(b as usize)?);
        Some(Link { a, b, likelihood: 1.0 / (1.0 + (-bits).exp2()), verdict, reasons })
    }

    /// Returns the links that make one person of a group's records: what the user said first, then the surest, and none that
    /// joins what others joined before it.
    #[must_use]
    pub fn links_within(&self, no: u32) -> Vec<Link> {
        let members: Vec<u32> = self.members(no).collect();
        let place = |no: u32| members.iter().position(|member| *member == no);
        let mut parts = Parts::new(members.len());
        let mut links = Vec::new();
        let said = self.said_within(&members).into_iter();
        for (a, b) in said.chain(self.ties_within(no)) {
            if let (Some(x), Some(y)) = (place(a), place(b))
                && parts.join(x, y)
            {
                links.extend(self.explain(a, b));
            }
        }
        links
    }

    /// Returns every two records of a group that a link joins, the surest first.
    #[must_use]
    pub fn ties_within(&self, no: u32) -> Vec<(u32, u32)> {
        let mut ties: Vec<(f32, RecordId, RecordId, (u32, u32))> = Vec::new();
        for a in self.members(no) {
            let joined = self.links.get(a as usize).into_iter().flatten();
            let joined = joined.filter(|tie| self.verdict_of(a, tie) == Verdict::Joined);
            let within = joined.filter(|tie| self.head(tie.other) == self.head(no));
            ties.extend(within.filter_map(|tie| {
                let (x, y) = (*self.ids.get(a as usize)?, *self.ids.get(tie.other as usize)?);
                (x < y).then_some((tie.bits, x, y, (a, tie.other)))
            }));
        }
        ties.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
        ties.into_iter().map(|(.., pair)| pair).collect()
    }

    /// Returns where the user's words hold a group together through records that are not here any more: one of the group's,
    /// and the one that is gone.
    #[must_use]
    pub fn bound_by_gone(&self, no: u32) -> Vec<(RecordId, RecordId)> {
        let head = self.head(no);
        let gone = self.strangers.iter().filter(|(_, at)| self.head(**at) == head).map(|(id, _)| *id);
        let mut bound = Vec::new();
        for gone in gone {
            let others = self.said.on(&[gone]).filter_map(|ruling| match ruling {
                Ruling::Same(a, b) => Some(if *a == gone { *b } else { *a }),
                Ruling::Apart(..) => None,
            });
            bound.extend(others.map(|other| (other, gone)));
        }
        // Of a single one nothing is held together.
        if bound.len() < 2 { Vec::new() } else { bound }
    }

    /// The pairs of a group of which the user said that they are one person.
    fn said_within(&self, members: &[u32]) -> Vec<(u32, u32)> {
        let ids: Vec<RecordId> = members.iter().filter_map(|no| self.ids.get(*no as usize).copied()).collect();
        let said = self.said.on(&ids).filter_map(|ruling| match ruling {
            Ruling::Same(a, b) => Some((*self.by_id.get(a)?, *self.by_id.get(b)?)),
            Ruling::Apart(..) => None,
        });
        said.collect()
    }

    /// Returns the pairs of records that the user is to be asked about, the likeliest first: one for each two groups, and
    /// none that the user told apart.
    #[must_use]
    pub fn questions(&self) -> Vec<(u32, u32)> {
        let mut best: BTreeMap<(u32, u32), Question> = BTreeMap::new();
        for (no, links) in (0..).zip(&self.links) {
            for tie in links.iter().filter(|tie| tie.other > no) {
                let (x, y) = (self.head(no), self.head(tie.other));
                if x == y || self.told_apart(no, tie.other) || self.are_two(no, tie.other) {
                    continue;
                }
                let question = self.question(tie.bits, no, tie.other);
                let known = best.entry((x.min(y), x.max(y))).or_insert(question);
                *known = (*known).min(question);
            }
        }
        let mut questions: Vec<Question> = best.into_values().collect();
        questions.sort_unstable();
        questions.into_iter().map(|question| question.records).collect()
    }

    /// Returns whether two records that do not contradict each other belong to people who do: of these nobody is asked. Who
    /// was joined by the user though they contradict each other does not speak for the other.
    fn are_two(&self, a: u32, b: u32) -> bool {
        let contradict = |x: u32, y: u32| self.contradict(x, y);
        let like = |of: u32| self.members(of).filter(move |member| !contradict(of, *member)).collect::<Vec<_>>();
        if contradict(a, b) {
            return false;
        }
        let those = like(b);
        like(a).into_iter().any(|x| those.iter().any(|y| contradict(x, *y)))
    }

    fn question(&self, bits: f32, a: u32, b: u32) -> Question {
        let id = |no: u32| self.ids.get(no as usize).copied().unwrap_or(RecordId::from_bytes([0; 16]));
        let (a, b) = if id(a) <= id(b) { (a, b) } else { (b, a) };
        #[expect(clippy::cast_possible_truncation, reason = "thousandths of a bit, of a few dozen bits")]
        let unlikely = (-bits * 1_000.0) as i32;
        Question { unlikely, ids: (id(a), id(b)), records: (a, b) }
    }

    fn reasons(&self, comparison: &Comparison) -> Vec<Reason> {
        let of = |feature| Reason {
            words: words(comparison, feature).to_owned(),
            bits: self.weights.of(comparison, feature),
        };
        // Companies whose names begin alike are a little more than the name.
        let is_told = |feature: &Feature| *feature != Feature::Together || !comparison.has_context();
        let mut reasons: Vec<Reason> = ALL.into_iter().filter(is_told).map(of).collect();
        reasons.retain(|reason| !reason.words.is_empty() && reason.bits.abs() >= WORTH_TELLING);
        reasons.sort_by(|x, y| y.bits.total_cmp(&x.bits));
        let against = reasons.iter().position(|reason| reason.bits < 0.0).unwrap_or(reasons.len());
        if let Some(against) = reasons.get_mut(against..) {
            against.reverse();
        }
        reasons
    }

    /// Returns what the user last said of these two records.
    fn ruling_on(&self, a: u32, b: u32) -> Option<Verdict> {
        let (a, b) = (*self.ids.get(a as usize)?, *self.ids.get(b as usize)?);
        self.said.newest_first().find_map(|ruling| match ruling {
            Ruling::Same(x, y) if (*x, *y) == (a, b) || (*x, *y) == (b, a) => Some(Verdict::SaidSame),
            Ruling::Apart(x, y) if (x.contains(&a) && y.contains(&b)) || (x.contains(&b) && y.contains(&a)) => {
                Some(Verdict::SaidApart)
            }
            Ruling::Same(..) | Ruling::Apart(..) => None,
        })
    }

    /// Returns whether the user told the groups of these records apart.
    fn told_apart(&self, a: u32, b: u32) -> bool {
        let (x, y) = (self.head(a), self.head(b));
        let has = |head: u32, records: &[RecordId]| records.iter().any(|id| self.head_of(*id) == Some(head));
        let strangers = self.strangers.iter().filter(|(_, no)| self.head(**no) == x).map(|(id, _)| *id);
        let ids = self.members(a).filter_map(|no| self.ids.get(no as usize).copied()).chain(strangers);
        self.said.on(&ids.collect::<Vec<_>>()).any(|ruling| match ruling {
            Ruling::Apart(these, those) => (has(x, these) && has(y, those)) || (has(y, these) && has(x, those)),
            Ruling::Same(..) => false,
        })
    }

    /// Returns the member that stands for the group where a record or a stranger stands.
    fn head_of(&self, id: RecordId) -> Option<u32> {
        self.by_id.get(&id).or_else(|| self.strangers.get(&id)).map(|no| self.head(*no))
    }
}
