//! What a letter says: headline and text for people, JSON for programs (docs/HOOKS.md describes it).
//!
//! A letter in the queue names nobody; who and what it is about is looked up here, at the moment it is sent. Nothing is said
//! any more about what was answered, undone or forgotten since.

use kith_core::book::reminders::ReminderState;
use kith_core::book::words::manual_record;
use kith_core::fact::{OccurrenceId, Said};
use kith_core::id::{FactId, ImportId};
use kith_proto::api::{RecordChange, RecordChangeKind};
use kith_proto::channel::Message;
use serde_json::{Map, Value, json};

use super::event::Event;
use super::message::VERSION;
use super::notification::{Notice, Word};
use super::queue::{About, Letter};
use super::who::Who;
use super::{arrivals, events, plain, post};
use crate::clock;
use crate::config::Config;
use crate::intake::Problem;
use crate::keeper::{Keeper, Report, reports};
use crate::paths::Paths;
use crate::remind::people;

/// How many people or files one letter names.
const NAMED: usize = 100;

/// The longest headline and line of text, in characters.
const LINE_CHARS: [usize; 2] = [200, 500];

/// Where a letter's words come from.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// People and reminders.
    pub keeper: &'a Keeper,
    /// Circles and the zone.
    pub config: &'a Config,
    /// Where reports of imports are.
    pub paths: &'a Paths,
    /// Files that could not be imported.
    pub problems: &'a [Problem],
}

/// What is said: a headline, lines, and fields for programs.
struct Says {
    title: String,
    lines: Vec<String>,
    fields: Value,
}

/// Returns what a letter says, of reminders only of these; `None` when nothing is left to be said.
#[must_use]
pub fn message(letter: &Letter, tell: &[OccurrenceId], sources: Sources<'_>) -> Option<Message> {
    let says = match &letter.about {
        About::Reminders { late, .. } => reminders(tell, letter.event, *late, sources)?,
        About::Import(import) => of_import(letter.event, import, sources)?,
        About::Fact(fact) => of_word(letter.event, fact, sources)?,
        About::Problems(marks) => refused(marks, sources.problems)?,
    };
    Some(written(letter, says))
}

/// Returns the message that `kith channel test` sends.
#[must_use]
pub fn test(id: String) -> Message {
    let text = "If you read this, the channel works. Nothing is to be done.".to_owned();
    let payload = json!({ "version": VERSION, "event": "test", "id": id }).to_string();
    Message { id, title: "A test by kith".to_owned(), text, payload }
}

fn written(letter: &Letter, says: Says) -> Message {
    let mut fields = Map::from_iter([
        ("version".to_owned(), VERSION.into()),
        ("event".to_owned(), letter.event.as_str().into()),
        ("id".to_owned(), letter.id.clone().into()),
    ]);
    if let Value::Object(more) = says.fields {
        fields.extend(more);
    }
    let [title_chars, line_chars] = LINE_CHARS;
    let lines: Vec<String> = says.lines.iter().map(|text| plain::line(text, line_chars)).collect();
    let (title, payload) = (plain::line(&says.title, title_chars), Value::Object(fields).to_string());
    Message { id: letter.id.clone(), title, text: lines.join("\n"), payload }
}

fn reminders(tell: &[OccurrenceId], event: Event, late: bool, sources: Sources<'_>) -> Option<Says> {
    let states = post::retold(sources.keeper, &sources.config.zone(), tell);
    if states.is_empty() {
        return None;
    }
    let words: Vec<Word> = states.iter().map(|state| post::word(sources.keeper, state)).collect();
    let (title, lines) = match words.as_slice() {
        [word] => {
            let notice = Notice::of(word);
            (notice.summary, notice.body)
        }
        words => {
            let (zone, now) = (sources.config.zone(), clock::now());
            let of_today =
                |state: &ReminderState| zone.to_datetime(state.planned_at).date() == zone.to_datetime(now).date();
            let title = match (late, states.iter().all(of_today)) {
                (true, _) => Notice::digest(words).summary,
                (false, true) => format!("Today: {}", Notice::names(words)),
                (false, false) => format!("Reminders of {}", Notice::names(words)),
            };
            (title, words.iter().flat_map(paragraph).collect())
        }
    };
    let told: Vec<_> = states.iter().map(|state| post::told(sources.keeper, sources.config, state)).collect();
    let is_late = late || event == Event::Digest && states.iter().any(is_missed);
    Some(Says { title, lines, fields: json!({ "late": is_late, "reminders": told }) })
}

fn is_missed(state: &ReminderState) -> bool {
    state.missed > 0
}

fn paragraph(word: &Word) -> Vec<String> {
    let name = word.name.clone().unwrap_or_else(|| "A word to you".to_owned());
    let said = word.reminder.reasons.iter().chain(&word.reminder.step).cloned();
    std::iter::once(name).chain(said).chain([String::new()]).collect()
}

fn of_import(event: Event, import: &ImportId, sources: Sources<'_>) -> Option<Says> {
    let report = reports::read(&sources.paths.reports, import)?;
    let file = report.path.rsplit('/').next().unwrap_or(&report.path).to_owned();
    match event {
        Event::PersonNew => Some(people_of(&report, RecordChangeKind::New, &file)),
        Event::PersonChanged => Some(people_of(&report, RecordChangeKind::Changed, &file)),
        Event::ImportDone => {
            let words = arrivals::in_words(&report);
            let lines = vec![if words.is_empty() { "Nothing new.".to_owned() } else { words }];
            Some(Says { title: format!("Imported {file}"), lines, fields: json!({ "import": import_fields(&report) }) })
        }
        Event::ReminderDue | Event::Digest | Event::ImportProblem => None,
    }
}

fn import_fields(report: &Report) -> Value {
    json!({
        "id": report.import.as_ref().map(ToString::to_string),
        "path": report.path,
        "plugin": report.plugin,
        "new": report.new,
        "changed": report.changed,
        "same": report.same,
        "retired": report.retired,
        "refused": report.refused,
        "new_people": report.new_cards,
        "moved": report.moved,
        "collections": report.collections,
    })
}

fn people_of(report: &Report, what: RecordChangeKind, file: &str) -> Says {
    let all: Vec<&RecordChange> = report.changes.iter().filter(|change| change.what == what).collect();
    let count = match what {
        RecordChangeKind::New => usize::try_from(report.new_cards).unwrap_or(usize::MAX).max(all.len()),
        RecordChangeKind::Changed | RecordChangeKind::Retired => all.len(),
    };
    let named = all.get(..NAMED.min(all.len())).unwrap_or_default();
    let left_out = count.saturating_sub(named.len());
    let line = |change: &&RecordChange| match change.news.as_slice() {
        [] => change.name.clone(),
        news => news.join("; "),
    };
    let mut lines: Vec<String> = named.iter().map(line).collect();
    lines.extend((left_out > 0).then(|| format!("and {left_out} more")));
    let title = match (what, count) {
        (RecordChangeKind::New, 1) => format!("1 new person from {file}"),
        (RecordChangeKind::New, count) => format!("{count} new people from {file}"),
        (RecordChangeKind::Changed | RecordChangeKind::Retired, 1) => format!("News of 1 person from {file}"),
        (RecordChangeKind::Changed | RecordChangeKind::Retired, count) => format!("News of {count} people from {file}"),
    };
    let people: Vec<Value> = named.iter().map(|c| json!({ "name": c.name, "news": c.news })).collect();
    Says { title, lines, fields: json!({ "import": import_fields(report), "people": people, "left_out": left_out }) }
}

fn of_word(event: Event, fact: &FactId, sources: Sources<'_>) -> Option<Says> {
    let (record, news) = {
        let book = sources.keeper.book();
        let (_, said) = book.words().get(fact)?;
        if let Said::Add { key, .. } = said {
            (manual_record(key), Vec::new())
        } else if let Said::Set { record, field, .. } = said {
            (*record, vec![format!("You set {field}.")])
        } else {
            return None;
        }
    };
    let who = Who::from(&people::person(sources.keeper, &record, sources.config)?);
    let title = if event == Event::PersonNew { format!("New: {}", who.name) } else { format!("News of {}", who.name) };
    let mut person = serde_json::to_value(&who).unwrap_or_default();
    if let Value::Object(fields) = &mut person {
        fields.insert("news".to_owned(), json!(news));
    }
    Some(Says { title, lines: news, fields: json!({ "people": [person], "left_out": 0 }) })
}

fn refused(marks: &[String], problems: &[Problem]) -> Option<Says> {
    let found: Vec<&Problem> = problems.iter().filter(|problem| marks.contains(&events::mark(problem))).collect();
    let name = |problem: &Problem| problem.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let named = found.get(..NAMED.min(found.len())).unwrap_or_default();
    let left_out = found.len() - named.len();
    let title = match found.as_slice() {
        [] => return None,
        [one] => format!("{} could not be imported", name(one)),
        several => format!("{} files could not be imported", several.len()),
    };
    let mut lines: Vec<String> = named.iter().map(|problem| format!("{}: {}", name(problem), problem.reason)).collect();
    lines.extend((left_out > 0).then(|| format!("and {left_out} more")));
    let file = |problem: &&Problem| json!({ "path": problem.path.to_string_lossy(), "reason": problem.reason });
    let files: Vec<Value> = named.iter().map(file).collect();
    Some(Says { title, lines, fields: json!({ "files": files, "left_out": left_out }) })
}
