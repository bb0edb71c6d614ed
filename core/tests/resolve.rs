//! Laws of the resolver: the order of records does not matter, and a change comes to what a full run would.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a law that panics has failed")]

use std::collections::{BTreeMap, BTreeSet};

use kith_core::book::rulings::Ruling;
use kith_core::digest::{Digest, digest_card};
use kith_core::id::RecordId;
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
}

#[derive(Debug, Clone)]
enum Step {
    Set(u16, Known),
    Gone(u16),
    Same(u16, u16),
    /// None of the first is one of the others.
    Apart(Vec<u16>, Vec<u16>),
    /// One of the words is taken back.
    Undo(prop::sample::Index),
}

fn known() -> impl Strategy<Value = Known> {
    let maybe = |n: u8| prop::option::weighted(0.5, 0..n);
    (0..GIVEN.len(), 0..SURNAMES.len(), maybe(9), maybe(9), maybe(4), prop::option::weighted(0.3, 1i8..4))
        .prop_map(|(given, surname, email, phone, company, born)| Known { given, surname, email, phone, company, born })
}

fn step() -> impl Strategy<Value = Step> {
    let some = || prop::collection::vec(0u16..48, 1..4);
    prop_oneof![
        12 => (0u16..48, known()).prop_map(|(no, known)| Step::Set(no, known)),
        2 => (0u16..48).prop_map(Step::Gone),
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

fn put(resolver: &mut Resolver, slot: u32, no: u16, known: Option<&Known>) {
    let digest = known.map(digest);
    let evidence = digest.as_ref().map(|d| Evidence { identifiers: &d.identifiers, traits: &d.traits, certain: &[] });
    resolver.set(slot, id(no), evidence);
}

/// The groups, the questions, and the links, by the records' own names.
fn outcome(resolver: &Resolver, slots: &BTreeMap<u16, u32>) -> (BTreeSet<BTreeSet<u16>>, Vec<(u16, u16)>) {
    let names: BTreeMap<u32, u16> = slots.iter().map(|(no, slot)| (*slot, *no)).collect();
    let groups = slots.values().map(|slot| resolver.members(*slot).map(|member| names[&member]).collect()).collect();
    let named = |(a, b): (u32, u32)| (names[&a].min(names[&b]), names[&a].max(names[&b]));
    (groups, resolver.questions().into_iter().map(named).collect())
}

/// Checks that these steps after these records come to what a full run of the outcome does.
fn stepwise_is_full(begin: &BTreeMap<u16, Known>, steps: &[Step], mut rng: TestRng) -> Result<(), TestCaseError> {
    let mut stepwise = Resolver::default();
    let mut slots: BTreeMap<u16, u32> = begin.keys().copied().zip(0..).collect();
    let mut last: BTreeMap<u16, Option<Known>> = begin.iter().map(|(no, known)| (*no, Some(known.clone()))).collect();
    for (no, slot) in &slots {
        put(&mut stepwise, *slot, *no, last[no].as_ref());
    }
    stepwise.settle();
    let mut rulings: Vec<Ruling> = Vec::new();
    for step in steps {
        let ids = |records: &[u16]| records.iter().map(|no| id(*no)).collect::<Vec<_>>();
        match step {
            Step::Set(no, known) => drop(last.insert(*no, Some(known.clone()))),
            Step::Gone(no) => drop(last.insert(*no, None)),
            Step::Same(a, b) if a != b => rulings.insert(0, Ruling::Same(id(*a), id(*b))),
            Step::Apart(a, b) if a.iter().all(|no| !b.contains(no)) => rulings.insert(0, Ruling::Apart(ids(a), ids(b))),
            Step::Undo(which) if !rulings.is_empty() => drop(rulings.remove(which.index(rulings.len()))),
            Step::Same(..) | Step::Apart(..) | Step::Undo(_) => {}
        }
        if let Step::Set(no, _) | Step::Gone(no) = step {
            let next = u32::try_from(slots.len()).unwrap_or(u32::MAX);
            let slot = *slots.entry(*no).or_insert(next);
            put(&mut stepwise, slot, *no, last[no].as_ref());
        }
        stepwise.rule(&rulings);
        stepwise.settle();
    }
    let mut order: Vec<u16> = last.keys().copied().collect();
    for i in (1..order.len()).rev() {
        order.swap(i, (rng.next_u32() as usize) % (i + 1));
    }
    let mut full = Resolver::default();
    let full_slots: BTreeMap<u16, u32> = order.iter().copied().zip(0..).collect();
    for no in &order {
        put(&mut full, full_slots[no], *no, last[no].as_ref());
    }
    full.rule(&rulings);
    full.settle();
    prop_assert_eq!(outcome(&stepwise, &slots), outcome(&full, &full_slots));
    Ok(())
}

/// About 250 records, 40 of which share an address, and a step more or less passes a limit: of records, and of names.
fn crowd(count: u16, one_name: Option<usize>) -> BTreeMap<u16, Known> {
    let of = |no: u16| {
        let at = usize::from(no);
        let given = one_name.unwrap_or(at % GIVEN.len());
        let surname = one_name.unwrap_or(at / GIVEN.len() % SURNAMES.len());
        let email = Some(1).filter(|_| no < 40);
        Known { given, surname, email, phone: None, company: u8::try_from(at % 4).ok(), born: None }
    };
    (0..count).map(|no| (no, of(no))).collect()
}

#[test]
fn who_is_told_apart_from_a_record_that_is_gone_is_told_apart_from_who_it_was() {
    let ana = Known { given: 0, surname: 0, email: None, phone: None, company: None, born: None };
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
            put(&mut resolver, *slot, *no, Some(known));
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
