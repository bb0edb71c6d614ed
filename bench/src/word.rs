//! What one word costs a large book, without files and daemon: it is taken in, and what depends on it is derived.

use std::time::Duration;

use jiff::Timestamp;
use kith_core::book::Book;
use kith_core::book::imports::ImportRow;
use kith_core::fact::{Begin, Listed, Said};
use kith_core::fold::{Folding, InMemory, settle};
use kith_core::hlc::Hlc;
use kith_core::id::{DeviceId, FactId, RecordId};
use kith_core::row::content_hash;
use kith_proto::emit::{Completeness, Part};
use kith_proto::interaction::InteractionKind;
use kith_tests::fixtures::person;
use kith_tests::wait::Stopwatch;
use serde_json::json;
use serde_json::value::RawValue;

use crate::table::Table;
use crate::{BenchError, median};

/// How often each word is said, of other people.
const TURNS: u64 = 101;
/// What one may cost.
const GOAL: Duration = Duration::from_micros(100);
/// When the first fact was written.
const BEGIN_S: i64 = 1_775_000_000;

/// Measures words of several kinds in a book of so many people.
pub(crate) fn measure(table: &mut Table, people: u64) -> Result<(), BenchError> {
    let mut known = Known::of(people)?;
    let until = jiff::civil::date(2027, 1, 1);
    let at = Timestamp::from_second(BEGIN_S).map_err(|error| BenchError::Unexpected(error.to_string()))?;
    let log =
        |record| Said::Log { records: vec![record], kind: InteractionKind::Call, at, text: None, occurrence: None };
    let snoozed = known.median(|no| Said::Snooze { record: record(no), until, skipped: None, occurrence: None })?;
    table.time(&format!("a snooze, taken in by a book of {people} people"), snoozed, Some(GOAL));
    let logged = known.median(|no| log(record(no)))?;
    table.time("a call that is told of", logged, Some(GOAL));
    let joined = known.median(|no| Said::Same { a: record(no), b: record(no + people / 2) })?;
    table.time("two who are said to be one", joined, Some(GOAL));
    Ok(())
}

/// A book whose rows are in memory.
struct Known {
    book: Book,
    rows: InMemory,
    facts: u64,
}

impl Known {
    fn of(people: u64) -> Result<Self, BenchError> {
        let mut known = Self { book: Book::default(), rows: InMemory::default(), facts: 0 };
        let (id, at) = known.fact()?;
        let part = Part {
            source: "bench".into(),
            collection: "people".into(),
            completeness: Completeness::Additive,
            ..Part::default()
        };
        let begin = Begin { path: String::new(), plugin: String::new(), record_version: 1, content: None };
        let row = ImportRow { id: id.clone(), at, begin, parts: vec![part], count: people, same_as: None };
        let mut folding = Folding::begin(&mut known.book, row);
        for position in 0..people {
            let (key, body) = (position.to_string(), body(position));
            let hash = RecordId::from_bytes(content_hash(body.get())).to_string();
            let (file, body) = (String::new(), Some(body));
            let prepared = folding.prepare(Listed { import: id.seq, part: 0, key, hash, file, position, body });
            let prepared = prepared.ok_or_else(|| BenchError::Unexpected("a record that can be folded".to_owned()))?;
            let Ok(()) = folding.list(&known.book, &mut known.rows, prepared);
        }
        let Ok(folded) = folding.finish(&known.book, &mut known.rows);
        folded.show(&mut known.book);
        known.settle(at);
        Ok(known)
    }

    fn median(&mut self, said: impl Fn(u64) -> Said) -> Result<Duration, BenchError> {
        let mut times = Vec::new();
        for turn in 0..TURNS {
            let ((id, at), said) = (self.fact()?, said(turn * 7));
            let watch = Stopwatch::start();
            self.book.say(&id, at, said);
            self.settle(at);
            times.push(watch.elapsed());
        }
        Ok(median(times))
    }

    fn settle(&mut self, at: Hlc) {
        let Ok(()) = settle(&mut self.book, &self.rows, at.timestamp());
    }

    fn fact(&mut self) -> Result<(FactId, Hlc), BenchError> {
        self.facts += 1;
        let second = BEGIN_S + i64::try_from(self.facts).unwrap_or_default();
        let at = Timestamp::from_second(second).map_err(|error| BenchError::Unexpected(error.to_string()))?;
        // A number of an import's first fact leaves room for its records.
        let id = FactId { device: DeviceId::from_random([0; 4]), seq: self.facts << 32 };
        Ok((id, Hlc::default().next(at)))
    }
}

fn record(no: u64) -> RecordId {
    RecordId::new("bench/people", &no.to_string())
}

fn body(no: u64) -> Box<RawValue> {
    let person = person(no);
    let card = json!({"card": {"name": {"full": person.name()}, "emails": [{"address": person.email}]}});
    serde_json::value::to_raw_value(&card).unwrap_or_default()
}
