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
    Set(u8, Known),
    Gone(u8),
    Same(u8, u8),
    Apart(u8, u8),
}

fn known() -> impl Strategy<Value = Known> {
    let maybe = |n: u8| prop::option::weighted(0.5, 0..n);
    (0..GIVEN.len(), 0..SURNAMES.len(), maybe(9), maybe(9), maybe(4), prop::option::weighted(0.3, 1i8..4))
        .prop_map(|(given, surname, email, phone, company, born)| Known { given, surname, email, phone, company, born })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (0u8..48, known()).prop_map(|(no, known)| Step::Set(no, known)),
        2 => (0u8..48).prop_map(Step::Gone),
        1 => (0u8..48, 0u8..48).prop_map(|(a, b)| Step::Same(a, b)),
        1 => (0u8..48, 0u8..48).prop_map(|(a, b)| Step::Apart(a, b)),
    ]
}

fn id(no: u8) -> RecordId {
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

fn put(resolver: &mut Resolver, slot: u32, no: u8, known: Option<&Known>) {
    let digest = known.map(digest);
    let evidence = digest.as_ref().map(|d| Evidence { identifiers: &d.identifiers, traits: &d.traits, certain: &[] });
    resolver.set(slot, id(no), evidence);
}

/// The groups, the questions, and the links, by the records' own names.
fn outcome(resolver: &Resolver, slots: &BTreeMap<u8, u32>) -> (BTreeSet<BTreeSet<u8>>, Vec<(u8, u8)>) {
    let names: BTreeMap<u32, u8> = slots.iter().map(|(no, slot)| (*slot, *no)).collect();
    let groups = slots.values().map(|slot| resolver.members(*slot).map(|member| names[&member]).collect()).collect();
    let named = |(a, b): (u32, u32)| (names[&a].min(names[&b]), names[&a].max(names[&b]));
    (groups, resolver.questions().into_iter().map(named).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn step_by_step_in_any_order_comes_to_what_a_full_run_does(
        steps in prop::collection::vec(step(), 1..90),
        shuffled in Just(()).prop_perturb(|(), rng| rng),
    ) {
        let mut stepwise = Resolver::default();
        let mut slots: BTreeMap<u8, u32> = BTreeMap::new();
        let mut last: BTreeMap<u8, Option<Known>> = BTreeMap::new();
        let mut rulings: Vec<Ruling> = Vec::new();
        for step in &steps {
            match step {
                Step::Set(no, known) => { last.insert(*no, Some(known.clone())); }
                Step::Gone(no) => { last.insert(*no, None); }
                Step::Same(a, b) if a != b => rulings.insert(0, Ruling::Same(id(*a), id(*b))),
                Step::Apart(a, b) if a != b => rulings.insert(0, Ruling::Apart(vec![id(*a)], vec![id(*b)])),
                Step::Same(..) | Step::Apart(..) => {}
            }
            if let Step::Set(no, _) | Step::Gone(no) = step {
                let next = u32::try_from(slots.len()).unwrap();
                let slot = *slots.entry(*no).or_insert(next);
                put(&mut stepwise, slot, *no, last[no].as_ref());
            }
            stepwise.rule(rulings.clone());
            stepwise.settle();
        }
        let mut order: Vec<u8> = last.keys().copied().collect();
        let mut rng = shuffled;
        for i in (1..order.len()).rev() {
            order.swap(i, (rng.next_u32() as usize) % (i + 1));
        }
        let mut full = Resolver::default();
        let full_slots: BTreeMap<u8, u32> = order.iter().copied().zip(0..).collect();
        for no in &order {
            put(&mut full, full_slots[no], *no, last[no].as_ref());
        }
        full.rule(rulings);
        full.settle();
        prop_assert_eq!(outcome(&stepwise, &slots), outcome(&full, &full_slots));
    }

    #[test]
    fn a_merge_that_is_split_again_changes_nobody(
        known in prop::collection::vec(known(), 2..40),
        first in any::<prop::sample::Index>(),
        second in any::<prop::sample::Index>(),
    ) {
        let slots: BTreeMap<u8, u32> = (0u8..).zip(0u32..).take(known.len()).collect();
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
        resolver.rule(vec![merge.clone()]);
        resolver.settle();
        prop_assert!(outcome(&resolver, &slots).0.len() < before.len());
        resolver.rule(vec![Ruling::Apart(one.clone(), other.clone()), merge]);
        resolver.settle();
        prop_assert_eq!(outcome(&resolver, &slots).0, before);
    }
}
