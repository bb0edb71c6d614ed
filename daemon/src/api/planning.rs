//! What is to come, what waits for an answer, and how much of it the user wants.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, Query, State};
use kith_core::cadence::Rhythm;
use kith_core::fact::{Care, Said, Season};
use kith_core::id::{FactId, RecordId};
use kith_core::plan::once::first_of_each;
use kith_core::plan::put_off::PutOff;
use kith_proto::api::{
    self, Done, ID_DIGITS_ENOUGH, MuteRequest, NotNeededRequest, PauseRequest, PlannedItem, SeasonRequest,
    WaitingThread,
};
use serde::Deserialize;

use crate::api::people::{called, done};
use crate::api::reminders::meanwhile;
use crate::api::{ApiError, Context};
use crate::clock;
use crate::deliver::answer::of_each_open;
use crate::remind::people::{Coming, ahead};
use crate::view::planning::rhythm;
use crate::view::{self, threads};

/// How many days ahead are shown, unless others are asked for, and at most.
const DAYS: u16 = 7;
const DAYS_AT_MOST: u16 = 366;

pub(super) async fn waiting(State(context): State<Context>) -> Result<Json<Vec<WaitingThread>>, ApiError> {
    Ok(Json(context.read(move |keeper, _| Ok(threads::waiting(keeper)?)).await?))
}

pub(super) async fn not_needed(
    State(context): State<Context>,
    Json(request): Json<NotNeededRequest>,
) -> Result<Json<Done>, ApiError> {
    let all = context.read(move |keeper, _| Ok(threads::waiting(keeper)?)).await?;
    let found = named(&all, &request.message)?;
    let missing = |_| ApiError::failed(format!("read the id of a message {:?}", found.message));
    let record: RecordId = found.message.parse().map_err(missing)?;
    let facts = context.keeper.say(vec![Care::NotNeeded { record }.into()]).await?;
    Ok(answered(format!("the message of {} needs no answer", found.name), &facts))
}

/// Returns the waiting message of this key, or of this id or beginning of one.
fn named<'a>(all: &'a [WaitingThread], text: &str) -> Result<&'a WaitingThread, ApiError> {
    let wanted = text.trim().trim_matches(['<', '>']);
    if let Some(found) = all.iter().find(|thread| thread.key == wanted || thread.message == wanted) {
        return Ok(found);
    }
    let begins = |thread: &&WaitingThread| wanted.len() >= ID_DIGITS_ENOUGH && thread.message.starts_with(wanted);
    match all.iter().filter(begins).collect::<Vec<_>>().as_slice() {
        [found] => Ok(found),
        [] => Err(ApiError::missing(format!("find a waiting message {wanted:?}"), "list them: kith waiting")),
        [_, _, ..] => Err(ApiError::bad(
            format!("choose between waiting messages whose ids begin with {wanted:?}"),
            "give more of the id, which is \"message\" in: kith --json waiting",
        )),
    }
}

/// How far ahead.
#[derive(Debug, Deserialize)]
pub(super) struct Ahead {
    days: Option<u16>,
}

pub(super) async fn plan(
    State(context): State<Context>,
    Query(query): Query<Ahead>,
) -> Result<Json<Vec<PlannedItem>>, ApiError> {
    let days = query.days.unwrap_or(DAYS);
    if days > DAYS_AT_MOST {
        return Err(ApiError::bad(format!("plan {days} days"), format!("ask for at most {DAYS_AT_MOST}")));
    }
    let items = context.read(move |keeper, config| {
        let coming = ahead(keeper, config, clock::now(), days)?;
        let told = |coming: &Coming| coming.reminder.tells.iter().copied().collect::<BTreeSet<_>>();
        let once = first_of_each(coming, |coming| (coming.reminder.record, told(coming)));
        once.iter().map(|(coming, more)| Ok(PlannedItem { more: *more, ..item(keeper, coming)? })).collect()
    });
    Ok(Json(items.await?))
}

pub(super) async fn pause(
    State(context): State<Context>,
    Json(request): Json<PauseRequest>,
) -> Result<Json<Done>, ApiError> {
    let today = context.config.borrow().zone().to_datetime(clock::now()).date();
    if request.until.is_some_and(|until| until <= today) {
        return Err(ApiError::bad("pause until a day that is not ahead", "name a day after today"));
    }
    let paused_until = context.keeper.book().words().giving().paused_until();
    if request.until.is_none() && paused_until.is_none_or(|until| until <= today) {
        return Ok(answered("there is no pause: reminders come".to_owned(), &[]));
    }
    let facts = context.keeper.say(vec![Care::Pause { until: request.until }.into()]).await?;
    let words = match request.until {
        Some(until) => format!("no reminders before {}", until.strftime("%A, %-d %B %Y")),
        None => "reminders come again".to_owned(),
    };
    Ok(answered(words, &facts))
}

pub(super) async fn season(State(context): State<Context>) -> Json<SeasonRequest> {
    let season = match context.keeper.book().words().giving().season() {
        Season::Search => api::Season::Search,
        Season::Steady => api::Season::Steady,
        Season::Rest => api::Season::Rest,
    };
    Json(SeasonRequest { season })
}

pub(super) async fn set_season(
    State(context): State<Context>,
    Json(request): Json<SeasonRequest>,
) -> Result<Json<Done>, ApiError> {
    let (season, words) = match request.season {
        api::Season::Search => {
            (Season::Search, "a search: half as many people again a day, and what you look for may be said")
        }
        api::Season::Steady => (Season::Steady, "steady: as many people a day as `daily` in the config says"),
        api::Season::Rest => (Season::Rest, "a rest: promises, birthdays and answers only, one a day"),
    };
    let facts = context.keeper.say(vec![Care::Season { season }.into()]).await?;
    Ok(answered(words.to_owned(), &facts))
}

pub(super) async fn mute(
    State(context): State<Context>,
    Path(text): Path<String>,
    Json(request): Json<MuteRequest>,
) -> Result<Json<Done>, ApiError> {
    let record = called(&context, text).await?.record;
    let facts = context.keeper.say(vec![Care::Mute { record, muted: request.muted }.into()]).await?;
    let words = if request.muted { "no reminders any more" } else { "reminders come again" };
    done(&context, &record, words.to_owned(), facts).await
}

pub(super) async fn skip(State(context): State<Context>, Path(text): Path<String>) -> Result<Json<Done>, ApiError> {
    let named = called(&context, text).await?;
    let (record, now) = (named.record, clock::now());
    let config = context.config.borrow().clone();
    let today = config.zone().to_datetime(now).date();
    let cadence = rhythm(&context.keeper.book(), &named.person, &config.circles).map(Rhythm::ideal);
    let put_off = PutOff::skip(cadence, today);
    let own_days = meanwhile(&context, named.person, put_off, today).await?;
    let until = put_off.until().unwrap_or(today);
    let skip = |occurrence| Said::Snooze { record, until, skipped: Some(today), occurrence };
    let facts = context.keeper.say(of_each_open(&context.keeper, &record, now, skip)).await?;
    let again = if cadence.is_some() { "the next time is" } else { "not before" };
    let words = format!("skipped this time; {again} {}{own_days}", until.strftime("%A, %-d %B %Y"));
    done(&context, &record, words, facts).await
}

/// Returns the answer to a change that is about nobody in particular.
pub(super) fn answered(done: String, facts: &[FactId]) -> Json<Done> {
    Json(Done { done, facts: facts.iter().map(ToString::to_string).collect(), person: None, people: Vec::new() })
}

pub(super) fn item(keeper: &crate::keeper::Keeper, coming: &Coming) -> Result<PlannedItem, super::ReadError> {
    let person = coming.reminder.record.and_then(|record| keeper.book().person(&record));
    Ok(PlannedItem {
        at: Some(coming.at),
        name: person.as_ref().map(|p| view::name(keeper, p)).transpose()?.unwrap_or_default(),
        person: person.map(|p| p.id.to_string()),
        kind: coming.reminder.kind.map(kind_word).unwrap_or_default(),
        reasons: coming.reminder.reasons.clone(),
        next_step: coming.reminder.step.clone(),
        more: 0,
    })
}

/// Returns the word for what a reminder is about.
pub(super) fn kind_word(kind: kith_core::fact::Kind) -> String {
    use kith_core::fact::Kind;
    let word = match kind {
        Kind::Promise => "promise",
        Kind::Birthday => "birthday",
        Kind::Day => "day",
        Kind::Waiting => "waiting",
        Kind::Introduction => "introduction",
        Kind::Need => "need",
        Kind::Suggestion => "suggestion",
        Kind::News => "news",
        Kind::Anniversary => "anniversary",
        Kind::Cadence => "cadence",
        Kind::Rediscover => "rediscover",
        Kind::Other => "other",
    };
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_waits_is_named_by_its_key_or_by_the_beginning_of_its_id() {
        let thread = |key: &str, message: &str| WaitingThread {
            key: key.to_owned(),
            message: message.to_owned(),
            ..WaitingThread::default()
        };
        let all = [
            thread("a1@mail.example", "0f8c1b7a52d94e6f"),
            thread("Ana Silva\n2026-11-20", "0f8c1b99e4a59687"),
            thread("b2@mail.example", "77aa1b99e4a59687"),
        ];
        let is = |text: &str, place: Option<usize>| {
            let found = named(&all, text).ok().map(|found| found.message.as_str());
            assert_eq!(found, place.map(|place| all[place].message.as_str()), "{text:?}");
        };
        is("<a1@mail.example>", Some(0));
        is("Ana Silva\n2026-11-20", Some(1));
        is("0f8c1b7a", Some(0));
        is("77aa1b", Some(2));
        is("0f8c1b", None);
        is("77aa1", None);
        is("", None);
    }
}
