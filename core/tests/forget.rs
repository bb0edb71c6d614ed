//! Laws of forgetting: in whatever order facts come, the forgotten person is not there and everybody else is as before; and
//! whether their lines are still in the ledger or taken out makes no difference.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a law that panics has failed")]

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use kith_core::book::Book;
use kith_core::book::forgotten::{Screen, Verdict};
use kith_core::book::imports::ImportRow;
use kith_core::fact::{Begin, Listed, Said};
use kith_core::fold::{Folding, InMemory, settle};
use kith_core::forget::{Forget, ForgetKey, Mark};
use kith_core::hlc::Hlc;
use kith_core::id::{DeviceId, FactId, RecordId};
use kith_core::row::content_hash;
use kith_proto::emit::{Completeness, Part};
use kith_proto::interaction::InteractionKind;
use proptest::prelude::*;
use serde_json::json;
use serde_json::value::RawValue;

/// What a device wrote.
#[derive(Debug, Clone)]
enum Deed {
    Import(ImportRow, Vec<Listed>),
    Said(FactId, Hlc, Said),
}

/// What a device is to write. People are numbers; 0 is the owner.
#[derive(Debug, Clone)]
enum Wish {
    Connections(Vec<(u8, u8)>),
    /// Cards of no address: a name, and a company.
    Bare(Vec<(u8, u8)>),
    Cards(Vec<(u8, u8)>),
    Mail(Vec<(u8, u8, u8, u8)>),
    Note(u8),
    Log(u8, u8),
    Apart(u8, u8),
    Set(u8),
    Undo(u8),
}

fn wish() -> impl Strategy<Value = Wish> {
    let people = 1u8..5;
    prop_oneof![
        3 => prop::collection::vec((1u8..5, 0u8..3), 0..5).prop_map(Wish::Connections),
        2 => prop::collection::vec((1u8..5, 0u8..3), 0..4).prop_map(Wish::Bare),
        3 => prop::collection::vec((1u8..5, 1u8..5), 0..4).prop_map(Wish::Cards),
        4 => prop::collection::vec((0u8..9, 0u8..5, 0u8..5, 0u8..5), 0..6).prop_map(Wish::Mail),
        1 => people.clone().prop_map(Wish::Note),
        1 => (1u8..5, 1u8..5).prop_map(|(a, b)| Wish::Log(a, b)),
        1 => (1u8..5, 1u8..5).prop_map(|(a, b)| Wish::Apart(a, b)),
        1 => people.prop_map(Wish::Set),
        1 => (0u8..20).prop_map(Wish::Undo),
    ]
}

fn connection(p: u8) -> RecordId {
    RecordId::new("linkedin/connections", &format!("p{p}"))
}

fn address(p: u8) -> String {
    format!("person{p}@example.com")
}

fn at(n: i64) -> Hlc {
    Hlc::default().next(Timestamp::from_second(1_775_000_000 + n * 3_600).unwrap())
}

/// Gives wishes of several devices ids and times, as their daemons would.
fn deeds(wishes: &[(u8, Wish)]) -> Vec<Deed> {
    let mut bodies = BTreeSet::new();
    let mut ids: Vec<FactId> = Vec::new();
    let owner = Said::Settings(kith_core::fact::Settings { me: vec![address(0)], ..Default::default() });
    let mut deeds = vec![Deed::Said(FactId { device: DeviceId::from_random([0; 4]), seq: 1 }, at(0), owner)];
    for (n, (device, wish)) in (1i64..).zip(wishes) {
        let seq = 100 * u64::try_from(n).unwrap();
        let id = FactId { device: DeviceId::from_random([0, 0, 0, *device]), seq };
        let said = |said: Said| Some(Deed::Said(id.clone(), at(n), said));
        let deed = match wish {
            Wish::Note(p) => said(Said::Note { record: connection(*p), text: format!("note {n}") }),
            Wish::Log(a, b) => said(Said::Log {
                records: vec![connection(*a), connection(*b)],
                kind: InteractionKind::Call,
                at: at(n).timestamp(),
                text: None,
                occurrence: None,
            }),
            Wish::Apart(a, b) => said(Said::Apart { these: vec![connection(*a)], those: vec![connection(*b)] }),
            Wish::Set(p) => said(Said::Set {
                record: connection(*p),
                field: "organization".to_owned(),
                value: Some(format!("Set {p}")),
            }),
            Wish::Undo(i) => {
                ids.get(usize::from(*i) % ids.len().max(1)).and_then(|of| said(Said::Undo { of: vec![of.clone()] }))
            }
            Wish::Connections(_) | Wish::Bare(_) | Wish::Cards(_) | Wish::Mail(_) => {
                Some(import(wish, &id, at(n), &mut bodies))
            }
        };
        deeds.extend(deed);
        ids.push(id);
    }
    deeds
}

/// The records of a wish: source, collection, and by key the body.
fn records(wish: &Wish) -> (&'static str, &'static str, BTreeMap<String, serde_json::Value>) {
    let company = |c: &u8| json!([{"name": format!("Company {c}")}]);
    match wish {
        Wish::Connections(rows) => {
            let row = |(p, c): &(u8, u8)| {
                let card = json!({"card": {"name": {"full": format!("Person No{p}")}, "organizations": company(c),
                    "emails": [{"address": address(*p)}]}});
                (format!("p{p}"), card)
            };
            ("linkedin", "connections", rows.iter().map(row).collect())
        }
        Wish::Bare(rows) => {
            let row = |(p, c): &(u8, u8)| {
                let card = json!({"card": {"name": {"full": format!("Bare No{p}")}, "organizations": company(c)}});
                (format!("b{p}{c}"), card)
            };
            ("table", "cards", rows.iter().map(row).collect())
        }
        Wish::Cards(rows) => {
            let row = |(c, p): &(u8, u8)| {
                let card =
                    json!({"card": {"name": {"full": format!("Card No{c}")}, "emails": [{"address": address(*p)}]}});
                (format!("c{c}"), card)
            };
            ("vcard", "cards", rows.iter().map(row).collect())
        }
        Wish::Mail(rows) => {
            let row = |(m, from, to, cc): &(u8, u8, u8, u8)| {
                let mail = json!({"interaction": {"kind": "mail", "at": at(i64::from(*m)).timestamp(), "participants": [
                    {"role": "from", "name": format!("P{from}"), "email": address(*from)},
                    {"role": "to", "email": address(*to)}, {"role": "cc", "email": address(*cc)}]}});
                (format!("m{m}-{from}{to}{cc}@example.com"), mail)
            };
            ("mail", "messages", rows.iter().map(row).collect())
        }
        Wish::Note(_) | Wish::Log(..) | Wish::Apart(..) | Wish::Set(_) | Wish::Undo(_) => ("", "", BTreeMap::new()),
    }
}

fn import(wish: &Wish, id: &FactId, at: Hlc, bodies: &mut BTreeSet<(RecordId, String)>) -> Deed {
    let (source, collection, items) = records(wish);
    let completeness = if collection == "connections" { Completeness::Complete } else { Completeness::Additive };
    let part = Part { source: source.into(), collection: collection.into(), completeness, ..Part::default() };
    let lines = (1u64..).zip(items).map(|(position, (key, body))| {
        let body = body.to_string();
        let hash = RecordId::from_bytes(content_hash(&body)).to_string();
        let record = RecordId::new(&format!("{source}/{collection}"), &key);
        let is_new = bodies.insert((record, hash.clone()));
        let body = is_new.then(|| RawValue::from_string(body).unwrap());
        Listed { import: id.seq, part: 0, key, hash, file: String::new(), position, body }
    });
    let lines: Vec<Listed> = lines.collect();
    let begin = Begin { path: format!("{id}"), plugin: "test".into(), record_version: 1, content: None };
    let count = u64::try_from(lines.len()).unwrap();
    Deed::Import(ImportRow { id: id.clone(), at, begin, parts: vec![part], count, same_as: None }, lines)
}

fn fold_all<'a>(deeds: impl IntoIterator<Item = &'a Deed>) -> (Book, InMemory) {
    let (mut book, mut rows) = (Book::default(), InMemory::default());
    for deed in deeds {
        match deed.clone() {
            Deed::Said(id, at, said) => book.say(&id, at, said),
            Deed::Import(import, lines) => {
                let mut folding = Folding::begin(&mut book, import);
                for line in lines {
                    let prepared = folding.prepare(line).unwrap();
                    folding.list(&book, &mut rows, prepared).unwrap();
                }
                folding.finish(&book, &mut rows).unwrap().show(&mut book);
            }
        }
        settle(&mut book, &rows, Timestamp::MAX).unwrap();
    }
    (book, rows)
}

/// Everything that a user could see, by person.
fn seen(book: &Book, rows: &InMemory) -> BTreeMap<RecordId, String> {
    let person = |person: kith_core::book::people::Person| {
        let ids = person.records();
        let met: BTreeSet<_> = book.interactions(&person).iter().map(|(no, at)| (rows.0[no].id, *at)).collect();
        let members: Vec<_> = person.members.iter().map(|m| (m.record, m.present)).collect();
        let logs: Vec<usize> = ids.iter().map(|id| book.words().logs(*id).count()).collect();
        let words = book.words();
        let text = format!(
            "{members:?} last {:?} seen {} sent {} received {} retired {} notes {:?} set {:?} logs {logs:?} met {met:?}",
            person.last_interaction,
            person.first_seen,
            person.sent,
            person.received,
            person.retired,
            words.notes(&ids),
            words.set(&ids, "organization"),
        );
        (person.id, text)
    };
    book.people().map(person).collect()
}

/// Which records are one person.
fn groups(book: &Book) -> BTreeSet<BTreeSet<RecordId>> {
    book.people().map(|person| person.records().into_iter().collect()).collect()
}

fn forget(book: &Book, rows: &InMemory, pick: prop::sample::Index) -> Option<(Deed, BTreeSet<Mark>, RecordId)> {
    let mut people: Vec<_> = book.people().collect();
    people.sort_by_key(|person| person.id);
    let person = people.get(pick.index(people.len().max(1)))?;
    let marks = book.marks_of(person, rows).unwrap();
    let forget = Said::Forget(Forget::new(ForgetKey::from_random([9; 32]), &marks));
    let id = FactId { device: DeviceId::from_random([0, 0, 0, 9]), seq: 1 };
    Some((Deed::Said(id, at(1_000), forget), marks, person.id))
}

/// Which records go, by what all of their lines say.
fn found(deeds: &[Deed], screen: &Screen) -> Vec<Mark> {
    let (mut found, mut left) = (BTreeSet::new(), BTreeSet::new());
    for deed in deeds {
        let Deed::Import(import, lines) = deed else { continue };
        let part = &import.parts[0];
        for line in lines {
            let id = RecordId::new(&format!("{}/{}", part.source, part.collection), &line.key);
            let Some(body) = &line.body else { continue };
            let goes = screen.judge(&part.source, &id, Some(body.get())) == Verdict::Goes;
            if goes {
                found.insert(id)
            } else {
                left.insert(id)
            };
        }
    }
    found.difference(&left).map(|id| Mark::Record(*id)).collect()
}

/// What is left in the ledger of a deed.
fn rewritten(deed: &Deed, screen: &Screen) -> Option<Deed> {
    match deed {
        Deed::Said(id, at, said) => match screen.forgotten().judge_said(said) {
            Verdict::Stays => Some(deed.clone()),
            Verdict::Becomes(left) => Some(Deed::Said(id.clone(), *at, left)),
            Verdict::Goes => None,
        },
        Deed::Import(import, lines) => {
            let part = &import.parts[0];
            let left = lines.iter().filter_map(|line| {
                let id = RecordId::new(&format!("{}/{}", part.source, part.collection), &line.key);
                match screen.judge(&part.source, &id, line.body.as_ref().map(|body| body.get())) {
                    Verdict::Stays => Some(line.clone()),
                    Verdict::Becomes(body) => {
                        Some(Listed { body: Some(RawValue::from_string(body).unwrap()), ..line.clone() })
                    }
                    Verdict::Goes => None,
                }
            });
            Some(Deed::Import(import.clone(), left.collect()))
        }
    }
}

fn wishes() -> impl Strategy<Value = Vec<(u8, Wish)>> {
    prop::collection::vec((0u8..3, wish()), 1..10)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, max_global_rejects: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn who_is_forgotten_is_gone_in_any_order_and_the_others_stay(
        wishes in wishes(),
        pick in any::<prop::sample::Index>(),
        shuffled in Just(()).prop_perturb(|(), rng| rng),
    ) {
        let deeds = deeds(&wishes);
        let (before, before_rows) = fold_all(&deeds);
        let Some((fact, marks, gone)) = forget(&before, &before_rows, pick) else { return Ok(()) };
        let mut all = deeds;
        all.push(fact);
        let (book, rows) = fold_all(&all);
        let mut other = all.clone();
        let mut rng = shuffled;
        for i in (1..other.len()).rev() {
            other.swap(i, (rng.next_u32() as usize) % (i + 1));
        }
        let (shuffled, shuffled_rows) = fold_all(&other);
        let after = seen(&book, &rows);
        prop_assert_eq!(&after, &seen(&shuffled, &shuffled_rows));
        for mark in &marks {
            if let Mark::Record(record) = mark {
                prop_assert_eq!(book.person(record), None);
            }
        }
        // How rare a name is changes with those who go, and with it who is joined; but nobody else goes.
        let mut others = groups(&before);
        others.retain(|records| !records.contains(&gone));
        for record in others.into_iter().flatten() {
            prop_assert!(book.person(&record).is_some(), "{record} went, too");
        }
        // And nobody who is left was part of the one who is gone.
        for record in groups(&book).into_iter().flatten() {
            let was = before.person(&record).map(|person| (person.me, person.listed, person.records()));
            let of_the_gone = was.as_ref().is_some_and(|(.., records)| records.contains(&gone));
            prop_assert!(was.is_some() && !of_the_gone, "{record} is left: {was:?}");
        }
    }

    #[test]
    fn lines_taken_out_of_the_ledger_make_no_difference(wishes in wishes(), pick in any::<prop::sample::Index>()) {
        let deeds = deeds(&wishes);
        let (before, before_rows) = fold_all(&deeds);
        let Some((fact, marks, _)) = forget(&before, &before_rows, pick) else { return Ok(()) };
        let (told, _) = fold_all(deeds.iter().chain([&fact]));
        // What else is found in the ledger is said, too, before anything is taken out.
        let found: BTreeSet<Mark> = marks.into_iter().chain(found(&deeds, &told.screen().unwrap())).collect();
        let said = Said::Forget(Forget::new(ForgetKey::from_random([9; 32]), &found));
        let fact = Deed::Said(FactId { device: DeviceId::from_random([0, 0, 0, 9]), seq: 2 }, at(1_001), said);
        let (with, with_rows) = fold_all(deeds.iter().chain([&fact]));
        let screen = with.screen().unwrap().sparing();
        let left: Vec<Deed> = deeds.iter().filter_map(|deed| rewritten(deed, &screen)).collect();
        let (without, without_rows) = fold_all(left.iter().chain([&fact]));
        prop_assert_eq!(seen(&with, &with_rows), seen(&without, &without_rows));
        // Some of it is still to be rewritten, on another device.
        let half = deeds.iter().enumerate().filter_map(|(n, deed)| if n % 2 == 0 { rewritten(deed, &screen) } else { Some(deed.clone()) });
        let half: Vec<Deed> = half.collect();
        let (partly, partly_rows) = fold_all(half.iter().chain([&fact]));
        prop_assert_eq!(seen(&with, &with_rows), seen(&partly, &partly_rows));
    }
}

#[test]
fn a_forget_fact_stays_though_it_is_undone() {
    let deeds = deeds(&[(0, Wish::Connections(vec![(1, 0), (2, 0)])), (0, Wish::Note(1))]);
    let (book, rows) = fold_all(&deeds);
    let person = book.person(&connection(1)).unwrap();
    let marks = book.marks_of(&person, &rows).unwrap();
    let id = FactId { device: DeviceId::from_random([0; 4]), seq: 1_000 };
    let undo = FactId { seq: 1_001, ..id.clone() };
    let forget = Said::Forget(Forget::new(ForgetKey::from_random([9; 32]), &marks));
    let facts = [Deed::Said(id.clone(), at(50), forget), Deed::Said(undo, at(51), Said::Undo { of: vec![id] })];
    let (book, _) = fold_all(deeds.iter().chain(&facts));
    assert_eq!((book.person(&connection(1)), book.people().count()), (None, 1));
}
