//! Laws of the fold: the same facts give the same people, in whatever order, from however many devices, cut wherever an
//! import ends, undone and done again.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a law that panics has failed"
)]

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use kith_core::book::Book;
use kith_core::book::imports::ImportRow;
use kith_core::fact::{Begin, Care, Listed, MailPeople, Said, Settings};
use kith_core::fold::{Folding, InMemory, settle};
use kith_core::hlc::Hlc;
use kith_core::id::{DeviceId, FactId, RecordId};
use kith_core::row::content_hash;
use kith_core::uid::CardUid;
use kith_proto::emit::{Completeness, Part};
use kith_proto::interaction::InteractionKind;
use proptest::prelude::*;
use serde_json::json;
use serde_json::value::RawValue;

/// What a device wrote: an import with its records, or something said.
#[derive(Debug, Clone)]
enum Deed {
    Import(ImportRow, Vec<Listed>),
    Said(FactId, Hlc, Said),
}

/// A device's plan, before ids and times are given.
#[derive(Debug, Clone)]
enum Wish {
    Connections {
        rows: Vec<(u8, u8)>,
        day: u8,
    },
    Cards {
        rows: Vec<(u8, u8, u8)>,
    },
    Mail {
        rows: Vec<(u8, u8, u8, bool)>,
    },
    /// What kith wrote of people, read again.
    Echoes {
        rows: Vec<u8>,
    },
    /// The file of an earlier import once more.
    Again(u8),
    Note(u8),
    Helped(u8, bool),
    Circle(u8, Option<u8>),
    Set(u8, u8),
    Log(u8, u8),
    Add(u8),
    Rule(u8, u8, bool),
    Undo(u8),
    Settings(bool, u8),
}

fn wish() -> impl Strategy<Value = Wish> {
    prop_oneof![
        3 => (prop::collection::vec((0u8..6, 0u8..3), 0..5), 0u8..9).prop_map(|(rows, day)| Wish::Connections { rows, day }),
        3 => prop::collection::vec((0u8..6, 0u8..6, 0u8..6), 0..5).prop_map(|rows| Wish::Cards { rows }),
        3 => prop::collection::vec((0u8..9, 0u8..7, 0u8..7, any::<bool>()), 0..5).prop_map(|rows| Wish::Mail { rows }),
        1 => prop::collection::vec(0u8..6, 0..4).prop_map(|rows| Wish::Echoes { rows }),
        2 => (0u8..20).prop_map(Wish::Again),
        1 => (0u8..6).prop_map(Wish::Note),
        1 => (0u8..6, any::<bool>()).prop_map(|(r, received)| Wish::Helped(r, received)),
        2 => (0u8..6, prop::option::of(0u8..3)).prop_map(|(r, c)| Wish::Circle(r, c)),
        1 => (0u8..6, 0u8..6).prop_map(|(r, v)| Wish::Set(r, v)),
        1 => (0u8..6, 0u8..9).prop_map(|(r, d)| Wish::Log(r, d)),
        1 => (0u8..3).prop_map(Wish::Add),
        2 => (0u8..6, 0u8..6, any::<bool>()).prop_map(|(a, b, same)| Wish::Rule(a, b, same)),
        3 => (0u8..20).prop_map(Wish::Undo),
        1 => (any::<bool>(), 0u8..7).prop_map(|(e, m)| Wish::Settings(e, m)),
    ]
}

fn record(r: u8) -> RecordId {
    if r < 3 {
        RecordId::new("linkedin/connections", &format!("p{r}"))
    } else {
        RecordId::new("vcard/cards", &format!("c{r}"))
    }
}

fn day(d: u8) -> Timestamp {
    format!("2026-03-{:02}T10:00:00Z", d + 1).parse().unwrap()
}

/// Gives wishes of several devices ids and times, as their daemons would.
fn deeds(wishes: &[(u8, Wish)]) -> Vec<Deed> {
    let mut deeds: Vec<Deed> = Vec::new();
    let mut seqs: BTreeMap<u8, u64> = BTreeMap::new();
    let mut bodies: BTreeSet<(u8, RecordId, String)> = BTreeSet::new();
    let mut ids: Vec<FactId> = Vec::new();
    for (n, (device_no, wish)) in (0i64..).zip(wishes) {
        let seq = seqs.entry(*device_no).or_default();
        *seq += 100;
        let id = FactId { device: DeviceId::from_random([0, 0, 0, *device_no]), seq: *seq };
        let at = Hlc::default().next(Timestamp::from_second(1_775_000_000 + n * 3_600).unwrap());
        let said = |said: Said| Deed::Said(id.clone(), at, said);
        let deed = match wish {
            Wish::Note(r) => said(Said::Note { record: record(*r), text: format!("note {n}") }),
            Wish::Helped(r, received) => {
                said(Care::Helped { record: record(*r), text: None, received: *received }.into())
            }
            Wish::Circle(r, c) => said(Said::Circle { record: record(*r), circle: c.map(|c| format!("circle {c}")) }),
            Wish::Set(r, v) => said(Said::Set { record: record(*r), field: "email".into(), value: Some(address(*v)) }),
            Wish::Log(r, d) => said(Said::Log {
                records: vec![record(*r)],
                kind: InteractionKind::Meeting,
                at: day(*d),
                text: None,
                occurrence: None,
            }),
            Wish::Add(k) => {
                let card = json!({"name": {"full": format!("Manual {k}")}, "emails": [{"address": address(*k)}]});
                said(Said::Add { key: k.to_string(), card: serde_json::from_value(card).unwrap() })
            }
            Wish::Rule(a, b, true) => said(Said::Same { a: record(*a), b: record(*b) }),
            Wish::Rule(a, b, false) => said(Said::Apart { these: vec![record(*a)], those: vec![record(*b)] }),
            Wish::Undo(i) => match ids.get(usize::from(*i) % ids.len().max(1)) {
                Some(of) => said(Said::Undo { of: vec![of.clone()] }),
                None => continue,
            },
            Wish::Settings(everyone, m) => said(Said::Settings(Settings {
                me: vec![address(*m)],
                region: None,
                mail_people: if *everyone { MailPeople::Everyone } else { MailPeople::Answered },
                machine: None,
            })),
            Wish::Again(i) => match again(&deeds, usize::from(*i), &id, at) {
                Some(deed) => deed,
                None => continue,
            },
            Wish::Connections { .. } | Wish::Cards { .. } | Wish::Mail { .. } | Wish::Echoes { .. } => {
                import(wish, &id, at, *device_no, &mut bodies)
            }
        };
        ids.push(id);
        deeds.push(deed);
    }
    deeds
}

/// Returns an import that lists again what an earlier one did.
fn again(deeds: &[Deed], i: usize, id: &FactId, at: Hlc) -> Option<Deed> {
    let roots: Vec<&ImportRow> = deeds
        .iter()
        .filter_map(|deed| match deed {
            Deed::Import(import, _) if import.same_as.is_none() => Some(import),
            _ => None,
        })
        .collect();
    let root = *roots.get(i % roots.len().max(1))?;
    let again = ImportRow { id: id.clone(), at, count: 0, same_as: Some(root.id.clone()), ..root.clone() };
    Some(Deed::Import(again, Vec::new()))
}

fn address(n: u8) -> String {
    format!("person{n}@example.com")
}

fn counted() -> serde_json::Value {
    json!({"bulk": {"class": "list"}})
}

fn import(wish: &Wish, id: &FactId, at: Hlc, device: u8, bodies: &mut BTreeSet<(u8, RecordId, String)>) -> Deed {
    let (source, collection, completeness, snapshot, items) = match wish {
        Wish::Connections { rows, day: d } => {
            let items = rows.iter().map(|(p, company)| {
                let body = json!({"card": {"name": {"full": format!("Person {p}")}, "organizations": [{"name": format!("Company {company}")}],
                    "emails": [{"address": address(*p)}]}});
                (format!("p{p}"), body)
            });
            ("linkedin", "connections", Completeness::Complete, Some(day(*d)), items.collect::<BTreeMap<_, _>>())
        }
        Wish::Cards { rows } => {
            let items = rows.iter().map(|(c, a, b)| {
                let body = json!({"card": {"name": {"full": format!("Card {c}")}, "emails": [{"address": address(*a)}, {"address": address(*b)}]}});
                // A record may turn out to be another kind of thing.
                (format!("c{c}"), if (*a, *b) == (5, 5) { counted() } else { body })
            });
            ("vcard", "cards", Completeness::Additive, None, items.collect())
        }
        Wish::Echoes { rows } => {
            let items = rows.iter().map(|r| {
                let uid = CardUid::of(&record(*r)).to_string();
                (uid.clone(), json!({"card": {"uid": uid, "name": {"full": format!("Echo {r}")}}}))
            });
            ("vcard", "cards", Completeness::Additive, None, items.collect())
        }
        Wish::Mail { rows } => {
            let items = rows.iter().map(|(m, from, to, answered)| {
                let direction = (*from == 0).then_some("outgoing");
                let body = json!({"interaction": {"kind": "mail", "at": day(*m), "answered": answered, "direction": direction, "participants": [
                    {"role": "from", "name": format!("P{from}"), "email": address(*from)}, {"role": "to", "email": address(*to)}]}});
                (format!("m{m}@example.com"), if from == to { counted() } else { body })
            });
            ("mail", "messages", Completeness::Additive, None, items.collect())
        }
        _ => unreachable!("not an import"),
    };
    let known = move |record, hash| bodies.insert((device, record, hash));
    listing((id, at), (source, collection, completeness, snapshot), items, known)
}

/// An import with these items; `is_new` tells whether a record's content was not listed before.
fn listing(
    (id, at): (&FactId, Hlc),
    (source, collection, completeness, snapshot): (&str, &str, Completeness, Option<Timestamp>),
    items: BTreeMap<String, serde_json::Value>,
    mut is_new: impl FnMut(RecordId, String) -> bool,
) -> Deed {
    let part = Part { source: source.into(), collection: collection.into(), account: None, completeness, snapshot };
    let lines = (1u64..).zip(items).map(|(position, (key, body))| {
        let body = body.to_string();
        let hash = RecordId::from_bytes(content_hash(&body)).to_string();
        let record = RecordId::new(&format!("{source}/{collection}"), &key);
        let body = is_new(record, hash.clone()).then(|| RawValue::from_string(body).unwrap());
        Listed { import: id.seq, part: 0, key, hash, file: String::new(), position, body }
    });
    let lines: Vec<Listed> = lines.collect();
    let begin = Begin { path: format!("{id}"), plugin: "test".into(), record_version: 1, content: None };
    let count = u64::try_from(lines.len()).unwrap();
    Deed::Import(ImportRow { id: id.clone(), at, begin, parts: vec![part], count, same_as: None }, lines)
}

/// Folds one deed, as the keeper does.
fn fold(book: &mut Book, rows: &mut InMemory, deed: &Deed) {
    match deed.clone() {
        Deed::Said(id, at, said) => book.say(&id, at, said),
        Deed::Import(import, lines) => {
            let mut folding = Folding::begin(book, import);
            for line in lines {
                let prepared = folding.prepare(line).unwrap();
                folding.list(book, rows, prepared).unwrap();
            }
            folding.finish(book, rows).unwrap().show(book);
        }
    }
    settle(book, rows, Timestamp::MAX).unwrap();
}

fn fold_all<'a>(deeds: impl IntoIterator<Item = &'a Deed>) -> (Book, InMemory) {
    let (mut book, mut rows) = (Book::default(), InMemory::default());
    for deed in deeds {
        fold(&mut book, &mut rows, deed);
    }
    (book, rows)
}

/// Everything that a user could see, free of what depends on the order of arrival.
fn seen(book: &Book, rows: &InMemory) -> Vec<String> {
    let mut people: Vec<String> = book
        .people()
        .map(|person| {
            let ids = person.records();
            let members: Vec<String> = person
                .members
                .iter()
                .map(|m| format!("{} {:?} {} {:?}", m.record, m.kind, m.present, m.row.map(|no| rows.0[&no].id)))
                .collect();
            let interactions: Vec<(RecordId, Option<i64>)> =
                book.interactions(&person).iter().map(|(no, at)| (rows.0[no].id, *at)).collect();
            let interactions: BTreeSet<_> = interactions.into_iter().collect();
            let words = book.words();
            format!(
                "{} {members:?} last {:?} seen {} sent {} received {} retired {} circle {:?} notes {:?} email {:?} met {interactions:?}",
                person.id,
                person.last_interaction,
                person.first_seen,
                person.sent,
                person.received,
                person.retired,
                words.circle(&ids),
                words.notes(&ids),
                words.set(&ids, "email"),
            )
        })
        .collect();
    people.sort();
    people
}

fn wishes() -> impl Strategy<Value = Vec<(u8, Wish)>> {
    prop::collection::vec((0u8..3, wish()), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, max_global_rejects: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_facts_does_not_matter(wishes in wishes(), shuffled in Just(()).prop_perturb(|(), rng| rng)) {
        let deeds = deeds(&wishes);
        let mut other = deeds.clone();
        let mut rng = shuffled;
        for i in (1..other.len()).rev() {
            other.swap(i, (rng.next_u32() as usize) % (i + 1));
        }
        let (a, a_rows) = fold_all(&deeds);
        let (b, b_rows) = fold_all(&other);
        prop_assert_eq!(seen(&a, &a_rows), seen(&b, &b_rows));
    }

    #[test]
    fn what_is_said_at_once_counts_as_what_is_said_one_by_one(wishes in wishes()) {
        let deeds = deeds(&wishes);
        let (one_by_one, rows) = fold_all(&deeds);
        let (mut at_once, at_once_rows) = fold_all(deeds.iter().filter(|deed| matches!(deed, Deed::Import(..))));
        let said = deeds.iter().filter_map(|deed| match deed.clone() {
            Deed::Said(id, at, said) => Some((id, at, said)),
            Deed::Import(..) => None,
        });
        at_once.say_all(said.collect());
        settle(&mut at_once, &at_once_rows, Timestamp::MAX).unwrap();
        prop_assert_eq!(seen(&one_by_one, &rows), seen(&at_once, &at_once_rows));
    }

    #[test]
    fn folding_again_changes_nothing(wishes in wishes()) {
        let deeds = deeds(&wishes);
        let (once, once_rows) = fold_all(&deeds);
        let (twice, twice_rows) = fold_all(deeds.iter().chain(&deeds));
        prop_assert_eq!(seen(&once, &once_rows), seen(&twice, &twice_rows));
        prop_assert_eq!(once.balances(), twice.balances());
    }

    #[test]
    fn a_cut_anywhere_and_a_book_made_again_from_rows_change_nothing(wishes in wishes(), cut in any::<prop::sample::Index>()) {
        let deeds = deeds(&wishes);
        prop_assume!(!deeds.is_empty());
        let (whole, whole_rows) = fold_all(&deeds);
        let at = cut.index(deeds.len());
        let (mut book, mut rows) = fold_all(&deeds[..at]);
        kith_core::fold::reindex(&mut book, &rows).unwrap();
        book.settle(Timestamp::MAX);
        for deed in &deeds[at..] {
            fold(&mut book, &mut rows, deed);
        }
        prop_assert_eq!(seen(&whole, &whole_rows), seen(&book, &rows));
    }

    #[test]
    fn undo_and_its_undo_are_as_if_neither_was(wishes in wishes(), pick in any::<prop::sample::Index>()) {
        let deeds = deeds(&wishes);
        prop_assume!(!deeds.is_empty());
        let target = match &deeds[pick.index(deeds.len())] {
            Deed::Import(import, _) => import.id.clone(),
            Deed::Said(id, ..) => id.clone(),
        };
        let (before, before_rows) = fold_all(&deeds);
        let device = DeviceId::from_random([0, 0, 0, 0]);
        let at = |n: i64| Hlc::default().next(Timestamp::from_second(1_790_000_000 + n).unwrap());
        let undo = FactId { device: device.clone(), seq: 1_000_000 };
        let redo = FactId { device, seq: 1_000_001 };
        let (mut book, mut rows) = fold_all(&deeds);
        fold(&mut book, &mut rows, &Deed::Said(undo.clone(), at(0), Said::Undo { of: vec![target] }));
        fold(&mut book, &mut rows, &Deed::Said(redo, at(1), Said::Undo { of: vec![undo] }));
        prop_assert_eq!(seen(&before, &before_rows), seen(&book, &rows));
    }

    #[test]
    fn an_undone_import_is_as_if_it_never_was(wishes in wishes(), pick in any::<prop::sample::Index>()) {
        let wishes: Vec<_> = wishes.into_iter().filter(|(_, w)| !matches!(w, Wish::Undo(_))).collect();
        let deeds = deeds(&wishes);
        let imports: Vec<usize> =
            (0..deeds.len()).filter(|i| matches!(deeds[*i], Deed::Import(..))).collect();
        prop_assume!(!imports.is_empty());
        let undone = imports[pick.index(imports.len())];
        let Deed::Import(import, lines) = &deeds[undone] else { unreachable!() };
        prop_assume!(!deeds.iter().any(|d| matches!(d, Deed::Import(i, _) if i.same_as.as_ref() == Some(&import.id))));
        // What the import was first to bring, later imports list without a body: only an import whose news nobody relies on
        // can be left out.
        let hashes: BTreeSet<&String> = lines.iter().filter(|l| l.body.is_some()).map(|l| &l.hash).collect();
        let relied_on = deeds.iter().any(|d| matches!(d, Deed::Import(i, ls) if i.id != import.id && ls.iter().any(|l| l.body.is_none() && hashes.contains(&l.hash))));
        prop_assume!(!relied_on);
        let device = DeviceId::from_random([0, 0, 0, 9]);
        let at = Hlc::default().next(Timestamp::from_second(1_790_000_000).unwrap());
        let undo = Deed::Said(FactId { device, seq: 1 }, at, Said::Undo { of: vec![import.id.clone()] });
        let (with, with_rows) = fold_all(deeds.iter().chain([&undo]));
        let without: Vec<&Deed> = deeds.iter().enumerate().filter(|(i, _)| *i != undone).map(|(_, d)| d).collect();
        let (without, without_rows) = fold_all(without);
        prop_assert_eq!(seen(&with, &with_rows), seen(&without, &without_rows));
    }
}

#[test]
fn what_was_said_of_a_record_that_is_not_here_binds_the_others() {
    let cards = Wish::Cards { rows: vec![(3, 1, 1), (5, 1, 1)] };
    let people = |wishes: &[(u8, Wish)]| fold_all(&deeds(wishes)).0.people().count();
    assert_eq!(people(&[(0, cards.clone())]), 1, "one address");
    let (same, apart) = (Wish::Rule(2, 3, true), Wish::Rule(2, 5, false));
    let never = [(0, cards.clone()), (0, apart.clone()), (0, same.clone())];
    assert_eq!(people(&never), 2, "nothing was ever read of the third");
    let connections = Wish::Connections { rows: vec![(2, 0)], day: 0 };
    let undone = [(0, connections), (0, cards), (0, apart), (0, same), (0, Wish::Undo(0))];
    assert_eq!(people(&undone), 2, "the import of the third was undone");
}

#[test]
fn a_card_that_kith_wrote_finds_back_to_its_person_by_its_uid_alone() {
    let connections = Wish::Connections { rows: vec![(0, 0), (1, 0)], day: 0 };
    let gone = Wish::Connections { rows: vec![(1, 0)], day: 1 };
    let told = deeds(&[(0, connections), (0, gone), (0, Wish::Echoes { rows: vec![0, 1, 2] })]);
    let (book, _) = fold_all(&told);
    let of = |r: u8| book.person(&record(r)).unwrap();
    assert_eq!(book.people().count(), 3, "the third is nobody's yet");
    assert_eq!((of(0).members.len(), of(0).id, of(0).retired), (2, record(0), true));
    assert_eq!((of(1).members.len(), of(1).id, of(1).retired), (2, record(1), false));
}

#[test]
fn a_connection_that_changes_name_and_work_stays_with_its_person() {
    let card = |name: &str, company: &str, more: serde_json::Value| {
        let organizations = json!([{"name": company}]);
        json!({"card": {"name": {"full": name}, "organizations": organizations, "phones": more}})
    };
    let told = |seq: u64, place, key: &str, body: serde_json::Value| {
        let id = FactId { device: DeviceId::from_random([0, 0, 0, 7]), seq };
        listing((&id, Hlc::default()), place, BTreeMap::from([(key.to_owned(), body)]), |_, _| true)
    };
    let linkedin = |d| ("linkedin", "connections", Completeness::Complete, Some(day(d)));
    let cards = ("vcard", "cards", Completeness::Additive, None);
    let deeds = [
        told(1, cards, "c3", card("Nora Iversen", "Quokka", json!([{"number": "+4915112345678"}]))),
        told(2, linkedin(1), "p1", card("Nora Iversen", "Quokka", json!([]))),
        told(3, linkedin(2), "p1", card("Nora Costa", "Wombat", json!([]))),
    ];
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let (book, _) = fold_all(order.map(|at| &deeds[at]));
        assert_eq!(book.person(&record(1)).unwrap().members.len(), 2);
        assert_eq!(book.person(&record(1)).unwrap().id, book.person(&record(3)).unwrap().id);
    }
}
