//! Laws of the resolver: the order of records does not matter, and a change comes to what a full run would.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a law that panics has failed")]

use std::collections::{BTreeMap, BTreeSet};

use kith_core::book::rulings::Ruling;
use kith_core::digest::{Digest, Identifier, IdentifierKind, digest_card};
use kith_core::id::RecordId;
use kith_core::identity::IdentifierHash;
use kith_core::resolve::{Evidence, Resolver};
use kith_proto::card::{
    Anniversary, AnniversaryKind, Card, Email, Name, NameComponent, NameComponentKind, Organization, Phone,
};
use kith_proto::date::PartialDate;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng};

const GIVEN: [&str; 6] = ["Ana", "Robert", "Bob", "Jürgen", "A.", "Mei"];
const SURNAMES: [&str; 5] = ["Silva", "Sliva", "Okafor", "Müller", "Lind"];

/// What is known of a record; small pools, so that much is shared and limits are passed.
#[derive(Debug, Clone)]
struct Known {
    given: usize,
    surname: usize,
    email: Option<u8>,
    phone: Option<u8>,
    company: Option<u8>,
    born: Option<i8>,
    /// It is a card that kith wrote.
    uid: Option<u8>,
    /// It stands for no person, and goes by this address of an organisation, maybe under a name.
    office: Option<(u8, Option<u8>)>,
}

/// All that is to be known of a record.
#[derive(Debug, Clone, Default)]
struct Whole {
    known: Option<Known>,
    said: Vec<u8>,
    named: Vec<u8>,
}

#[derive(Debug, Clone)]
enum Step {
    Set(u16, Known),
    Gone(u16),
    /// A message of a thread, on which these are.
    Mail(u64, BTreeSet<u16>),
    /// These are the owner's addresses.
    Own(BTreeSet<u8>),
    /// The user says an address of it.
    Said(u16, u8),
    /// A card that kith wrote is of it.
    Named(u16, u8),
    Same(u16, u16),
    /// None of the first is one of the others.
    Apart(Vec<u16>, Vec<u16>),
    /// One of the words is taken back.
    Undo(prop::sample::Index),
}

fn known() -> impl Strategy<Value = Known> {
    let maybe = |n: u8| prop::option::weighted(0.5, 0..n);
    let uid = prop::option::weighted(0.05, 0u8..3);
    let office = prop::option::weighted(0.15, (0u8..2, prop::option::weighted(0.3, 0u8..2)));
    (0..GIVEN.len(), 0..SURNAMES.len(), maybe(9), maybe(9), maybe(4), prop::option::weighted(0.3, 1i8..4), uid, office)
        .prop_map(|(given, surname, email, phone, company, born, uid, office)| Known {
            given,
            surname,
            email,
            phone,
            company,
            born,
            uid,
            office,
        })
}

fn step() -> impl Strategy<Value = Step> {
    let some = || prop::collection::vec(0u16..48, 1..4);
    prop_oneof![
        12 => (0u16..48, known()).prop_map(|(no, known)| Step::Set(no, known)),
        2 => (0u16..48).prop_map(Step::Gone),
        4 => (0u64..6, prop::collection::btree_set(0u16..48, 1..5)).prop_map(|(thread, on)| Step::Mail(thread, on)),
        1 => prop::collection::btree_set(0u8..9, 0..3).prop_map(Step::Own),
        1 => (0u16..48, 0u8..9).prop_map(|(no, email)| Step::Said(no, email)),
        1 => (0u16..48, 0u8..3).prop_map(|(no, uid)| Step::Named(no, uid)),
        1 => (0u16..48, 0u16..48).prop_map(|(a, b)| Step::Same(a, b)),
        1 => (some(), some()).prop_map(|(a, b)| Step::Apart(a, b)),
        1 => any::<prop::sample::Index>().prop_map(Step::Undo),
    ]
}

fn id(no: u16) -> RecordId {
    RecordId::new("test", &no.to_string())
}

fn digest(known: &Known) -> Digest {
    let part = |kind, value: &str| NameComponent { kind, value: value.to_owned() };
    let components = vec![
        part(NameComponentKind::Given, GIVEN[known.given]),
        part(NameComponentKind::Surname, SURNAMES[known.surname]),
    ];
    let birth = |day| Anniversary {
        kind: AnniversaryKind::Birth,
        date: PartialDate::new(Some(1980), Some(4), Some(day)).unwrap(),
        raw: None,
        label: None,
    };
    let card = Card {
        name: Name { full: None, components },
        emails: known
            .email
            .map(|n| Email { address: format!("person{n}@example.com"), ..Email::default() })
            .into_iter()
            .collect(),
        phones: known
            .phone
            .map(|n| Phone { number: format!("+4930901820{n}"), ..Phone::default() })
            .into_iter()
            .collect(),
        organizations: known
            .company
            .map(|n| Organization { name: format!("Company {n}"), units: vec![] })
            .into_iter()
            .collect(),
        anniversaries: known.born.map(birth).into_iter().collect(),
        ..Card::default()
    };
    digest_card(&card, None)
}

fn email(no: u8) -> Identifier {
    Identifier { kind: IdentifierKind::Email, value: format!("person{no}@example.com"), shared: false }
}

fn uid(no: u8) -> IdentifierHash {
    IdentifierHash(u64::from(no))
}

/// As the book does it: what is known first, then what was said; of a record that is gone nothing is said.
fn put(resolver: &mut Resolver, slot: u32, no: u16, whole: &Whole) {
    let digest = whole.known.as_ref().map(digest);
    let certain: Vec<IdentifierHash> = whole.known.iter().filter_map(|known| known.uid.map(uid)).collect();
    let evidence =
        digest.as_ref().map(|d| Evidence { identifiers: &d.identifiers, traits: &d.traits, certain: &certain });
    resolver.set(slot, id(no), evidence);
    if let Some((address, name)) = whole.known.as_ref().and_then(|known| known.office) {
        let address = IdentifierHash(1_000 + u64::from(address));
        resolver.keep_office(slot, name.map(u64::from), &[address]);
    }
    let said: Vec<Identifier> = whole.said.iter().copied().map(email).collect();
    let named: Vec<IdentifierHash> = whole.named.iter().copied().map(uid).collect();
    if whole.known.is_some() && !(said.is_empty() && named.is_empty()) {
        resolver.extend(slot, &said, &named);
    }
}

fn meet(resolver: &mut Resolver, slots: &BTreeMap<u16, u32>, thread: u64, on: &BTreeSet<u16>) {
    resolver.meet(thread, &on.iter().map(|no| slots[no]).collect());
}

/// The groups and the questions, by the records' own names.
fn outcome(resolver: &Resolver, slots: &BTreeMap<u16, u32>) -> (BTreeSet<BTreeSet<u16>>, Vec<(u16, u16)>) {
    let names: BTreeMap<u32, u16> = slots.iter().map(|(no, slot)| (*slot, *no)).collect();
    let groups = slots.values().map(|slot| resolver.members(*slot).map(|member| names[&member]).collect()).collect();
    let named = |(a, b): (u32, u32)| (names[&a].min(names[&b]), names[&a].max(names[&b]));
    (groups, resolver.questions().into_iter().map(named).collect())
}

/// A resolver that goes step by step, and what a full run is to be told.
#[derive(Default)]
struct Walk {
    resolver: Resolver,
    slots: BTreeMap<u16, u32>,
    last: BTreeMap<u16, Whole>,
    mails: Vec<(u64, BTreeSet<u16>)>,
    own: BTreeSet<IdentifierHash>,
    rulings: Vec<Ruling>,
}

impl Walk {
    fn begin(records: &BTreeMap<u16, Known>) -> Self {
        let mut walk = Self::default();
        for (no, known) in records {
            walk.change(*no, |whole| whole.known = Some(known.clone()));
        }
        walk.resolver.settle();
        walk
    }

    /// The slot of a record, of which nothing need be known.
    fn slot(&mut self, no: u16) -> u32 {
        let next = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        let slot = *self.slots.entry(no).or_insert(next);
        if slot == next {
            self.resolver.admit(slot, id(no));
            self.last.insert(no, Whole::default());
        }
        slot
    }

    fn change(&mut self, no: u16, change: impl FnOnce(&mut Whole)) {
        let slot = self.slot(no);
        let whole = self.last.entry(no).or_default();
        change(whole);
        put(&mut self.resolver, slot, no, whole);
    }

    fn take(&mut self, step: &Step) {
        let ids = |records: &[u16]| records.iter().map(|no| id(*no)).collect::<Vec<_>>();
        match step {
            Step::Set(no, known) => self.change(*no, |whole| whole.known = Some(known.clone())),
            Step::Gone(no) => self.change(*no, |whole| whole.known = None),
            Step::Said(no, email) => self.change(*no, |whole| whole.said.push(*email)),
            Step::Named(no, uid) => self.change(*no, |whole| whole.named.push(*uid)),
            Step::Own(emails) => {
                self.own = emails.iter().map(|no| IdentifierHash::of(&email(*no))).collect();
                self.resolver.set_own(&self.own);
            }
            Step::Mail(thread, on) => {
                for no in on {
                    self.slot(*no);
                }
                meet(&mut self.resolver, &self.slots, *thread, on);
                self.mails.push((*thread, on.clone()));
            }
            Step::Same(a, b) if a != b => self.rule(Ruling::Same(id(*a), id(*b))),
            Step::Apart(a, b) if a.iter().all(|no| !b.contains(no)) => self.rule(Ruling::Apart(ids(a), ids(b))),
            Step::Undo(which) if !self.rulings.is_empty() => {
                self.rulings.remove(which.index(self.rulings.len()));
                self.resolver.rule(&self.rulings);
            }
            Step::Same(..) | Step::Apart(..) | Step::Undo(_) => {}
        }
        self.resolver.settle();
    }

    /// Says one word more, by itself where that is possible.
    fn rule(&mut self, ruling: Ruling) {
        let is_all = self.resolver.rule_besides(&ruling);
        self.rulings.insert(0, ruling);
        if !is_all {
            self.resolver.rule(&self.rulings);
        }
    }
}

/// The same in another order.
fn shuffled<T>(mut all: Vec<T>, rng: &mut TestRng) -> Vec<T> {
    for i in (1..all.len()).rev() {
        all.swap(i, (rng.next_u32() as usize) % (i + 1));
    }
    all
}

/// Checks that these steps after these records come to what a full run of the outcome does.
fn stepwise_is_full(begin: &BTreeMap<u16, Known>, steps: &[Step], mut rng: TestRng) -> Result<(), TestCaseError> {
    let mut walk = Walk::begin(begin);
    steps.iter().for_each(|step| walk.take(step));
    let order = shuffled(walk.last.keys().copied().collect(), &mut rng);
    let mut full = Resolver::default();
    let slots: BTreeMap<u16, u32> = order.iter().copied().zip(0..).collect();
    for no in &order {
        put(&mut full, slots[no], *no, &walk.last[no]);
    }
    for (thread, on) in shuffled(walk.mails, &mut rng) {
        meet(&mut full, &slots, thread, &on);
    }
    full.set_own(&walk.own);
    full.rule(&walk.rulings);
    full.settle();
    prop_assert_eq!(outcome(&walk.resolver, &walk.slots), outcome(&full, &slots));
    Ok(())
}

/// About 250 records, 40 of which share an address, and a step more or less passes a limit: of records, and of names.
fn crowd(count: u16, one_name: Option<usize>) -> BTreeMap<u16, Known> {
    let of = |no: u16| {
        let at = usize::from(no);
        let given = one_name.unwrap_or(at % GIVEN.len());
        let surname = one_name.unwrap_or(at / GIVEN.len() % SURNAMES.len());
        let email = Some(1).filter(|_| no < 40);
        let office = (8..40).contains(&no).then_some((0, None));
        Known { given, surname, email, phone: None, company: u8::try_from(at % 4).ok(), born: None, uid: None, office }
    };
    (0..count).map(|no| (no, of(no))).collect()
}

#[test]
fn who_is_told_apart_from_a_record_that_is_gone_is_told_apart_from_who_it_was() {
    let ana =
        Known { given: 0, surname: 0, email: None, phone: None, company: None, born: None, uid: None, office: None };
    let steps = [Step::Same(36, 43), Step::Set(43, ana.clone()), Step::Set(20, ana), Step::Apart(vec![36], vec![20])];
    for upto in 1..=steps.len() {
        stepwise_is_full(&BTreeMap::new(), &steps[..upto], TestRng::deterministic_rng(RngAlgorithm::ChaCha)).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn step_by_step_in_any_order_comes_to_what_a_full_run_does(
        steps in prop::collection::vec(step(), 1..90),
        shuffled in Just(()).prop_perturb(|(), rng| rng),
    ) {
        stepwise_is_full(&BTreeMap::new(), &steps, shuffled)?;
    }

    #[test]
    fn a_merge_that_is_split_again_changes_nobody(
        known in prop::collection::vec(known(), 2..40),
        first in any::<prop::sample::Index>(),
        second in any::<prop::sample::Index>(),
    ) {
        let slots: BTreeMap<u16, u32> = (0u16..).zip(0u32..).take(known.len()).collect();
        let mut resolver = Resolver::default();
        for ((no, slot), known) in slots.iter().zip(&known) {
            put(&mut resolver, *slot, *no, &Whole { known: Some(known.clone()), ..Whole::default() });
        }
        resolver.settle();
        let (before, _) = outcome(&resolver, &slots);
        let groups: Vec<Vec<RecordId>> = before.iter().map(|group| group.iter().map(|no| id(*no)).collect()).collect();
        let (one, other) = (first.get(&groups), second.get(&groups));
        prop_assume!(one != other);
        let merge = Ruling::Same(one[0], other[0]);
        resolver.rule(core::slice::from_ref(&merge));
        resolver.settle();
        prop_assert!(outcome(&resolver, &slots).0.len() < before.len());
        resolver.rule(&[Ruling::Apart(one.clone(), other.clone()), merge]);
        resolver.settle();
        prop_assert_eq!(outcome(&resolver, &slots).0, before);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_crowd_behind_one_address_grows_and_shrinks_as_a_full_run_has_it(
        count in 246u16..262,
        one_name in prop::option::of(0..SURNAMES.len()),
        steps in prop::collection::vec(step(), 1..24),
        shuffled in Just(()).prop_perturb(|(), rng| rng),
    ) {
        stepwise_is_full(&crowd(count, one_name), &steps, shuffled)?;
    }
}
