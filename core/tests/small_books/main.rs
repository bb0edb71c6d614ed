//! Small books: who is found by which words, whom forgetting finds and spares, what mail seems to promise, and whose mail waits.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod acquaintance;
mod cadences;
mod mates;
mod offices;
mod people;
mod promises;
mod put_off;
mod waiting;

use jiff::Timestamp;
use kith_core::book::Book;
use kith_core::book::imports::ImportRow;
use kith_core::book::people::Person;
use kith_core::fact::{Begin, Listed, Said};
use kith_core::fold::{Folding, InMemory, settle};
use kith_core::forget::{Forget, ForgetKey};
use kith_core::hlc::Hlc;
use kith_core::id::{DeviceId, FactId, RecordId};
use kith_core::row::content_hash;
use kith_proto::emit::{Completeness, Part};
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// A book, and the facts that made it.
#[derive(Debug, Default)]
struct Small {
    book: Book,
    rows: InMemory,
    facts: u64,
    /// Up to when things took place; as long as none is said, all of them did.
    now: Option<Timestamp>,
}

impl Small {
    /// Imports records of a source, each with its key.
    fn import(&mut self, source: &str, records: &[(&str, Value)]) -> &mut Self {
        let (id, at) = self.fact();
        let part = Part {
            source: source.into(),
            collection: "cards".into(),
            completeness: Completeness::Additive,
            ..Part::default()
        };
        let begin = Begin { path: format!("{id}"), plugin: "test".into(), record_version: 1, content: None };
        let count = u64::try_from(records.len()).unwrap();
        let row = ImportRow { id: id.clone(), at, begin, parts: vec![part], count, same_as: None };
        let mut folding = Folding::begin(&mut self.book, row);
        for (position, (key, body)) in (1u64..).zip(records) {
            let body = body.to_string();
            let hash = RecordId::from_bytes(content_hash(&body)).to_string();
            let body = Some(RawValue::from_string(body).unwrap());
            let (key, file) = ((*key).to_owned(), String::new());
            let listed = Listed { import: id.seq, part: 0, key, hash, file, position, body };
            let prepared = folding.prepare(listed).unwrap();
            folding.list(&self.book, &mut self.rows, prepared).unwrap();
        }
        folding.finish(&self.book, &mut self.rows).unwrap().show(&mut self.book);
        self.settle();
        self
    }

    fn settle(&mut self) {
        settle(&mut self.book, &self.rows, self.now.unwrap_or(Timestamp::MAX)).unwrap();
    }

    /// Lets time come to this instant.
    fn reach(&mut self, now: &str) {
        self.now = now.parse().ok();
        self.settle();
    }

    fn say(&mut self, said: Said) -> &mut Self {
        let (id, at) = self.fact();
        self.book.say(&id, at, said);
        self.settle();
        self
    }

    fn set(&mut self, record: RecordId, field: &str, value: &str) -> &mut Self {
        self.say(Said::Set { record, field: field.to_owned(), value: Some(value.to_owned()) })
    }

    fn forget(&mut self, record: RecordId) -> &mut Self {
        let person = self.book.person(&record).unwrap();
        let marks = self.book.marks_of(&person, &self.rows).unwrap();
        self.say(Said::Forget(Forget::new(ForgetKey::from_random([9; 32]), &marks)))
    }

    fn fact(&mut self) -> (FactId, Hlc) {
        self.facts += 1;
        let second = 1_775_000_000 + i64::try_from(self.facts).unwrap() * 3_600;
        let at = Hlc::default().next(Timestamp::from_second(second).unwrap());
        (FactId { device: DeviceId::from_random([0; 4]), seq: 1_000 * self.facts }, at)
    }

    fn knows(&self, record: RecordId) -> bool {
        self.book.person(&record).is_some()
    }
}

fn card(name: &str, company: &str, email: &str) -> Value {
    let listed = |field: &str, value: &str| if value.is_empty() { json!([]) } else { json!([{field: value}]) };
    json!({"card": {"name": {"full": name}, "organizations": listed("name", company),
        "emails": listed("address", email)}})
}

fn titled(name: &str, title: &str, email: &str) -> Value {
    json!({"card": {"name": {"full": name}, "titles": [title], "emails": [{"address": email}]}})
}

/// Returns the record of this key in this source.
fn of(source: &str, key: &str) -> RecordId {
    RecordId::new(&format!("{source}/cards"), key)
}

fn records(people: &[Person]) -> Vec<RecordId> {
    people.iter().map(|person| person.id).collect()
}
