//! Who is the same: merging, splitting, and the questions that kith has.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, Query, State};
use kith_core::book::people::Person;
use kith_core::fact::Said;
use kith_core::id::{FactId, RecordId};
use kith_proto::api::{
    Answer, AnswerRequest, Done, ID_DIGITS_ENOUGH, MergeRequest, PersonRecord, Question, SplitRequest,
};
use serde::Deserialize;

use crate::api::people::{Named, called, done, meant};
use crate::api::{ApiError, Context};
use crate::clock;
use crate::deliver::answer::in_a_week;
use crate::view::{self, review, why};

/// How many questions are shown, unless more are asked for.
const QUESTIONS: usize = 50;

pub(super) async fn merge(
    State(context): State<Context>,
    Path(text): Path<String>,
    Json(request): Json<MergeRequest>,
) -> Result<Json<Done>, ApiError> {
    let first = called(&context, text).await?;
    if request.with.is_empty() {
        return Err(ApiError::bad("merge one person alone", "name the others: kith merge ana@a.example ana@b.example"));
    }
    let mut joined = BTreeSet::from([first.person.id]);
    let mut said = Vec::new();
    for text in request.with {
        let other = called(&context, text.clone()).await?;
        if first.person.me || other.person.me {
            return Err(ApiError::bad(
                "merge somebody with you yourself",
                "addresses that are yours belong into the config: me = [\"you@example.com\"]",
            ));
        }
        if other.person.id == first.person.id {
            return Err(ApiError::bad(
                format!("merge somebody with themself: {text:?} is that person already"),
                "why they are one person: kith why PERSON",
            ));
        }
        if joined.insert(other.person.id) {
            said.push(Said::Same { a: first.record, b: other.record });
        }
    }
    let facts = context.keeper.say(said).await?;
    done(&context, &first.record, "one person now".to_owned(), facts).await
}

pub(super) async fn records(
    State(context): State<Context>,
    Path(text): Path<String>,
) -> Result<Json<Vec<PersonRecord>>, ApiError> {
    let named = meant(&context, text).await?;
    Ok(Json(context.read(move |keeper, _| Ok(why::records(keeper, &named.person)?)).await?))
}

pub(super) async fn split(
    State(context): State<Context>,
    Path(text): Path<String>,
    Json(request): Json<SplitRequest>,
) -> Result<Json<Done>, ApiError> {
    let named = called(&context, text).await?;
    let mut words = "now apart";
    let (these, those) = match request.away_from {
        Some(other) => {
            let other = called(&context, other).await?;
            if other.person.id != named.person.id {
                words = "two people already, and never joined from now on";
            }
            sides(&context, &named, &other)?
        }
        None => chosen(&named.person, &request.records)?,
    };
    let all: Vec<RecordId> = these.iter().chain(&those).copied().collect();
    let facts = context.keeper.say(vec![Said::Apart { these, those }]).await?;
    several(&context, all, words, facts).await
}

/// Each of two with the records that belong to it: of one person by the record that was meant.
fn sides(context: &Context, one: &Named, other: &Named) -> Result<(Vec<RecordId>, Vec<RecordId>), ApiError> {
    if one.record == other.record {
        let hint = "name each by what only one of them has; the records are shown by: kith why PERSON";
        return Err(ApiError::bad("split a record from itself: both words mean the same one", hint));
    }
    if one.person.id != other.person.id {
        return Ok((one.person.records(), other.person.records()));
    }
    Ok(context.keeper.book().sides(&one.person, &one.record, &other.record))
}

/// The records that stay, and those that were chosen.
fn chosen(person: &Person, texts: &[String]) -> Result<(Vec<RecordId>, Vec<RecordId>), ApiError> {
    let hint = "the records are shown by: kith why PERSON";
    let mut those = BTreeSet::new();
    for text in texts {
        let begins =
            |record: &RecordId| text.len() >= ID_DIGITS_ENOUGH && record.to_string().starts_with(text.as_str());
        let found: Vec<RecordId> = person.records().into_iter().filter(begins).collect();
        let [record] = found.as_slice() else {
            return Err(ApiError::bad(format!("find the record {text:?} among those of the person"), hint));
        };
        those.insert(*record);
    }
    let these: Vec<RecordId> = person.records().into_iter().filter(|record| !those.contains(record)).collect();
    match (these.is_empty(), those.is_empty()) {
        (true, _) => Err(ApiError::bad("split off all records: nobody would be left", hint)),
        (_, true) => Err(ApiError::bad("split off no record", "name some: kith split PERSON --records 2,3")),
        (false, false) => Ok((these, those.into_iter().collect())),
    }
}

/// How many questions to show.
#[derive(Debug, Deserialize)]
pub(super) struct Limit {
    limit: Option<usize>,
}

pub(super) async fn questions(
    State(context): State<Context>,
    Query(query): Query<Limit>,
) -> Result<Json<Vec<Question>>, ApiError> {
    let questions = context.read(move |keeper, config| {
        let today = config.zone().to_datetime(clock::now()).date();
        let waiting = review::waiting(&keeper.book(), today);
        let mut shown = Vec::new();
        for asked in waiting.iter().take(query.limit.unwrap_or(QUESTIONS)) {
            shown.extend(review::question(keeper, asked)?);
        }
        Ok(shown)
    });
    Ok(Json(questions.await?))
}

pub(super) async fn answer(
    State(context): State<Context>,
    Path(id): Path<String>,
    Json(request): Json<AnswerRequest>,
) -> Result<Json<Done>, ApiError> {
    let Some((a, b)) = review::find(&context.keeper.book(), &id) else {
        let error = format!("find the question {id:?}: there is none of this id, or it is answered by now");
        return Err(ApiError::missing(error, "the questions are listed by: kith review --json"));
    };
    match request.answer {
        Answer::Same => {
            let facts = context.keeper.say(vec![Said::Same { a, b }]).await?;
            done(&context, &a, "one person now".to_owned(), facts).await
        }
        Answer::Apart => {
            let records = |record: &RecordId| {
                context.keeper.book().person(record).map_or_else(|| vec![*record], |person| person.records())
            };
            let said = Said::Apart { these: records(&a), those: records(&b) };
            let facts = context.keeper.say(vec![said]).await?;
            several(&context, vec![a, b], "two people", facts).await
        }
        Answer::Later => {
            let zone = context.config.borrow().zone();
            let until = in_a_week(clock::now(), &zone);
            let facts = context.keeper.say(vec![Said::ReviewLater { a, b, until }]).await?;
            several(&context, vec![a, b], &format!("asked again on {until}"), facts).await
        }
    }
}

/// Returns the answer to a change, with the people of these records as they are now.
async fn several(
    context: &Context,
    records: Vec<RecordId>,
    words: &str,
    facts: Vec<FactId>,
) -> Result<Json<Done>, ApiError> {
    let people = context.read(move |keeper, _| {
        let mut seen = BTreeSet::new();
        let mut people = Vec::new();
        for record in records {
            let person = keeper.book().person(&record).filter(|person| seen.insert(person.id));
            people.extend(person.map(|person| view::summary(keeper, &person)).transpose()?);
        }
        Ok(people)
    });
    let (people, facts) = (people.await?, facts.iter().map(ToString::to_string).collect());
    Ok(Json(Done { done: words.to_owned(), facts, person: None, people }))
}
