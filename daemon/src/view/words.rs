//! What the owner said, one line a fact: to see it, and to know the id by which it is taken back.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use kith_core::book::people::Person;
use kith_core::book::words::{Words, manual_record};
use kith_core::fact::{Care, Said, Stage};
use kith_core::hlc::Hlc;
use kith_core::id::{FactId, RecordId};
use kith_proto::api;

use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view::accounts::Accounts;
use crate::view::name;

/// Returns what the owner said, the newest first, undone facts too; of one person when it is given. What forgot somebody, and
/// what kith wrote down for itself, is no word of the owner's.
///
/// # Errors
/// When the store cannot be read.
pub fn said(
    keeper: &Keeper,
    person: Option<&Person>,
    most: usize,
    zone: &TimeZone,
) -> Result<Vec<api::Word>, StoreError> {
    let records = person.map(Person::records);
    let is_of = |said: &Said| records.as_ref().is_none_or(|these| of(said).iter().any(|it| these.contains(it)));
    let mut facts: Vec<(Hlc, FactId, Said)> = {
        let book = keeper.book();
        let words = book.words().iter().filter(|(.., said)| is_word(said) && is_of(said));
        words.map(|(id, at, said)| (at, id.clone(), said.clone())).collect()
    };
    facts.sort_by(|(at_a, id_a, _), (at_b, id_b, _)| (at_b, id_b).cmp(&(at_a, id_a)));
    facts.truncate(most);
    in_words(keeper, &facts, zone)
}

/// Returns what these facts say, each in one text: `Ana Silva: circle friends`; of an import its file or folder.
///
/// # Errors
/// When the store cannot be read.
pub fn what(keeper: &Keeper, facts: &[FactId], zone: &TimeZone) -> Result<Vec<String>, StoreError> {
    let (mut texts, said) = {
        let book = keeper.book();
        let imports = book.imports().iter().filter(|(row, _)| facts.contains(&row.id));
        let paths: Vec<String> = imports.map(|(row, _)| row.begin.path.clone()).collect();
        let words = book.words().iter().filter(|(id, _, said)| facts.contains(id) && is_word(said));
        let said: Vec<(Hlc, FactId, Said)> = words.map(|(id, at, said)| (at, id.clone(), said.clone())).collect();
        (paths, said)
    };
    let text = |word: api::Word| if word.name.is_empty() { word.text } else { format!("{}: {}", word.name, word.text) };
    texts.extend(in_words(keeper, &said, zone)?.into_iter().map(text));
    Ok(texts)
}

fn in_words(keeper: &Keeper, facts: &[(Hlc, FactId, Said)], zone: &TimeZone) -> Result<Vec<api::Word>, StoreError> {
    let mut people = People { keeper, zone, known: BTreeMap::new() };
    for record in facts.iter().flat_map(|(.., said)| of(said)) {
        people.read(record)?;
    }
    Ok(facts.iter().map(|(at, fact, said)| people.word(*at, fact, said)).collect())
}

/// Returns how many words that count hang on each record.
pub(super) fn by_record(words: &Words) -> BTreeMap<RecordId, usize> {
    let mut counts = BTreeMap::new();
    let counting = words.iter().filter(|(id, _, said)| is_word(said) && !words.undone().contains(*id));
    for record in counting.flat_map(|(.., said)| of(said)) {
        *counts.entry(record).or_default() += 1;
    }
    counts
}

fn is_word(said: &Said) -> bool {
    !matches!(
        said,
        Said::Settings(_)
            | Said::Undo { .. }
            | Said::Forget(_)
            | Said::Planned(_)
            | Said::Intent { .. }
            | Said::Outcome { .. }
    )
}

/// Returns the records that something was said of, first the one whom the line is about.
fn of(said: &Said) -> Vec<RecordId> {
    match said {
        Said::Add { key, .. } => vec![manual_record(key)],
        Said::Circle { record, .. }
        | Said::CircleDeclined { record }
        | Said::Set { record, .. }
        | Said::Note { record, .. }
        | Said::Snooze { record, .. }
        | Said::Care(
            Care::Promise { record, .. }
            | Care::NotNeeded { record }
            | Care::NotPromised { record, .. }
            | Care::Mute { record, .. }
            | Care::Helped { record, .. }
            | Care::Cadence { record, .. }
            | Care::Need { record: Some(record), .. }
            | Care::Offer { record: Some(record), .. }
            | Care::Event { record: Some(record), .. },
        ) => vec![*record],
        Said::Log { records, .. } => records.clone(),
        Said::Same { a, b }
        | Said::ReviewLater { a, b, .. }
        | Said::Care(Care::Introduction { a, b, .. } | Care::MetThrough { record: a, through: b }) => vec![*a, *b],
        Said::Apart { these, those } => these.iter().chain(those).copied().collect(),
        Said::Care(_)
        | Said::Settings(_)
        | Said::Undo { .. }
        | Said::Forget(_)
        | Said::Planned(_)
        | Said::Intent { .. }
        | Said::Outcome { .. } => Vec::new(),
    }
}

/// The people that words are about, as far as they are read.
struct People<'a> {
    keeper: &'a Keeper,
    zone: &'a TimeZone,
    /// Whose a record is, and how it names them itself.
    known: BTreeMap<RecordId, Known>,
}

/// Whose a record is: the id and the name of the person, and the name that the record itself gives.
struct Known {
    id: String,
    name: String,
    written: Option<String>,
    /// An address or a number on it.
    reach: Option<String>,
}

impl People<'_> {
    fn read(&mut self, record: RecordId) -> Result<(), StoreError> {
        if self.known.contains_key(&record) {
            return Ok(());
        }
        let person = self.keeper.book().person(&record);
        if let Some(person) = person {
            let accounts = Accounts::of(self.keeper, &person)?.all;
            let own = accounts.into_iter().find(|account| account.record == record).map(|own| own.digest);
            let reach = own.as_ref().and_then(|own| own.identifiers.first()).map(|first| first.value.clone());
            let written = own.map(|own| own.name);
            let (id, name) = (person.id.to_string(), name(self.keeper, &person)?);
            self.known.insert(record, Known { id, name, written, reach });
        }
        Ok(())
    }

    /// Returns how a record names its person: what joins or parts two records is of them, whoever they are by now.
    fn name(&self, record: RecordId) -> &str {
        let known = self.known.get(&record);
        let written = known.and_then(|known| known.written.as_deref()).filter(|name| !name.is_empty());
        written.or(known.map(|known| known.name.as_str())).unwrap_or("somebody who is not here any more")
    }

    /// Returns how two sides name their people, each name once; by an address, too, where both are called the same.
    fn sides(&self, these: &[RecordId], those: &[RecordId]) -> [String; 2] {
        let names = |records: &[RecordId]| {
            let names: BTreeSet<&str> = records.iter().map(|record| self.name(*record)).collect();
            names.into_iter().collect::<Vec<_>>().join(", ")
        };
        let reach = |records: &[RecordId]| {
            let mut known = records.iter().filter_map(|record| self.known.get(record));
            known.find_map(|known| known.reach.clone()).map(|reach| format!(" ({reach})")).unwrap_or_default()
        };
        let called = [names(these), names(those)];
        if called[0] == called[1] { [names(these) + &reach(these), names(those) + &reach(those)] } else { called }
    }

    fn word(&self, at: Hlc, fact: &FactId, said: &Said) -> api::Word {
        let book = self.keeper.book();
        let about = of(said).first().and_then(|record| self.known.get(record));
        let (person, mut name) = about.map(|known| (known.id.clone(), known.name.clone())).unzip();
        if let Said::Log { records, .. } = said {
            let with = records.iter().filter_map(|record| self.known.get(record)).map(|known| known.name.as_str());
            name = (!records.is_empty()).then(|| with.collect::<Vec<_>>().join(", "));
        }
        let undone = book.words().undone().contains(fact);
        let text = self.text(said, book.words());
        api::Word {
            fact: fact.to_string(),
            at: Some(at.timestamp()),
            person,
            name: name.unwrap_or_default(),
            text,
            undone,
        }
    }

    fn text(&self, said: &Said, words: &Words) -> String {
        match said {
            Said::Add { .. } => "added by you".to_owned(),
            Said::Circle { circle: Some(circle), .. } => format!("circle {circle}"),
            Said::Circle { circle: None, .. } => "out of the circle".to_owned(),
            Said::CircleDeclined { .. } => "no circle proposed any more".to_owned(),
            Said::Set { field, value: Some(value), .. } => format!("{field}: {value}"),
            Said::Set { field, value: None, .. } => format!("{field}: as the files say"),
            Said::Note { text, .. } => format!("note: {text}"),
            Said::Log { at, text, .. } => {
                let text = text.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
                format!("in touch on {}{text}", self.zone.to_datetime(*at).strftime("%-d %B %Y"))
            }
            Said::Snooze { until, skipped: Some(_), .. } => format!("skipped until {until}"),
            Said::Snooze { until, skipped: None, .. } => format!("not before {until}"),
            Said::Same { a, b } => {
                let [a, b] = self.sides(core::slice::from_ref(a), core::slice::from_ref(b));
                format!("{a} is one person with {b}")
            }
            Said::Apart { these, those } => {
                let [these, those] = self.sides(these, those);
                format!("{these} is not {those}")
            }
            Said::ReviewLater { a, b, until } => {
                format!("{} and {}: asked again from {until} on", self.name(*a), self.name(*b))
            }
            Said::Care(care) => self.care(care, words),
            Said::Settings(_)
            | Said::Undo { .. }
            | Said::Forget(_)
            | Said::Planned(_)
            | Said::Intent { .. }
            | Said::Outcome { .. } => String::new(),
        }
    }

    fn care(&self, care: &Care, words: &Words) -> String {
        match care {
            Care::Need { text, record: None, .. } => format!("you look for: {text}"),
            Care::Need { text, proposed: true, .. } => format!("may look for: {text}"),
            Care::Need { text, .. } => format!("looks for: {text}"),
            Care::Offer { text, record: None } => format!("you can help with: {text}"),
            Care::Offer { text, .. } => format!("can help with: {text}"),
            Care::Promise { text, due: Some(due), .. } => format!("you promised, by {due}: \"{text}\""),
            Care::Promise { text, .. } => format!("you promised: \"{text}\""),
            Care::Confirmed { of } => format!("confirmed: {}", self.of_fact(of, words)),
            Care::Closed { of, dropped: true } => format!("dropped: {}", self.of_fact(of, words)),
            Care::Closed { of, .. } => format!("closed: {}", self.of_fact(of, words)),
            Care::NotPromised { .. } => "no promise, though a mail of yours reads like one".to_owned(),
            Care::NotNeeded { .. } => "a message needs no answer".to_owned(),
            Care::Introduction { b, stage, text, .. } => {
                let text = text.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
                format!("introduction to {}, {}{text}", self.name(*b), how_far(*stage))
            }
            Care::Helped { text, received, .. } => {
                let with = text.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
                if *received { format!("helped you{with}") } else { format!("you helped them{with}") }
            }
            Care::MetThrough { through, .. } => format!("you met through {}", self.name(*through)),
            Care::Mute { muted: true, .. } => "no reminders".to_owned(),
            Care::Mute { .. } => "reminders again".to_owned(),
            Care::Cadence { cadence: Some(cadence), .. } => format!("cadence: {cadence}"),
            Care::Cadence { cadence: None, .. } => "cadence: as the circle says".to_owned(),
            Care::Pause { until: Some(until) } => format!("no reminders at all before {until}"),
            Care::Pause { until: None } => "the pause ends".to_owned(),
            Care::Season { season } => format!("season {}", format!("{season:?}").to_lowercase()),
            Care::Company { name, cared: true } => format!("you care about {name}"),
            Care::Company { name, .. } => format!("you care no longer about {name}"),
            Care::Event { name, record: Some(_), met: true, .. } => format!("met at {name}"),
            Care::Event { name, record: Some(_), .. } => format!("to be met at {name}"),
            Care::Event { name, on: Some(on), .. } => format!("event {name}, on {on}"),
            Care::Event { name, .. } => format!("event {name}"),
        }
    }

    /// What another fact says, which may be undone.
    fn of_fact(&self, fact: &FactId, words: &Words) -> String {
        let said = words.iter().find(|(id, ..)| *id == fact);
        said.map_or_else(|| fact.to_string(), |(.., said)| self.text(said, words))
    }
}

const fn how_far(stage: Stage) -> &'static str {
    match stage {
        Stage::Suggested => "planned",
        Stage::AskedA => "the one asked",
        Stage::AskedB => "both asked",
        Stage::Made => "made",
        Stage::Outcome => "what came of it",
        Stage::Thanked => "thanked",
        Stage::Declined => "not made",
    }
}
