//! People: found, shown, added, and what the user says of them.

use axum::Json;
use axum::extract::{Path, Query, State};
use jiff::civil::Time;
use jiff::tz::TimeZone;
use kith_core::book::people::Person;
use kith_core::fact::Said;
use kith_core::id::FactId;
use kith_core::own;
use kith_proto::api::{CircleRequest, Done, LogRequest, NewPerson, PersonSummary, SetRequest, TextRequest};
use kith_proto::card::Card;
use kith_proto::interaction::InteractionKind;
use serde::Deserialize;

use crate::api::{ApiError, Context};
use crate::clock;
use crate::keeper::Keeper;
use crate::view::{self, Meant};

/// How many people a search shows, unless more are asked for.
const FOUND: usize = 50;

/// How many are named when several could be meant.
const CANDIDATES: usize = 10;

/// Whom to find, and how many.
#[derive(Debug, Deserialize)]
pub(super) struct Find {
    #[serde(default)]
    query: String,
    limit: Option<usize>,
}

pub(super) async fn find(
    State(context): State<Context>,
    Query(find): Query<Find>,
) -> Result<Json<Vec<PersonSummary>>, ApiError> {
    let limit = find.limit.unwrap_or(FOUND);
    let found = context.read(move |keeper, _| {
        let people = if find.query.trim().is_empty() { newest(keeper, limit) } else { keeper.book().find(&find.query) };
        people.iter().take(limit).map(|person| Ok(view::summary(keeper, person)?)).collect()
    });
    Ok(Json(found.await?))
}

/// Those seen in touch last.
fn newest(keeper: &Keeper, limit: usize) -> Vec<Person> {
    let mut people: Vec<Person> = keeper.book().people().collect();
    people.sort_by_key(|p| (core::cmp::Reverse(p.last_interaction), p.id));
    people.truncate(limit);
    people
}

pub(super) async fn show(
    State(context): State<Context>,
    Path(text): Path<String>,
) -> Result<Json<kith_proto::api::Person>, ApiError> {
    let person = meant(&context, text).await?;
    let shown = context.read(move |keeper, config| Ok(view::person(keeper, &person, &config.circles, &config.zone())?));
    Ok(Json(shown.await?))
}

pub(super) async fn add(State(context): State<Context>, Json(new): Json<NewPerson>) -> Result<Json<Done>, ApiError> {
    if new.name.trim().is_empty() {
        return Err(ApiError::bad(
            "add a person without a name",
            "say one: kith add \"Ana Silva\" --email ana@example.com",
        ));
    }
    check_circle(&context, new.circle.as_deref())?;
    let mut said = vec![("name", new.name.trim())];
    for (field, value) in &new.fields {
        own::check(field, Some(value))?;
        said.push((field, value.trim()));
    }
    let card = Box::new(own::card(said));
    check_not_forgotten(&context, &card)?;
    let key = format!("{}-{}", clock::now().as_microsecond(), new.name.trim());
    let record = kith_core::book::words::manual_record(&key);
    let mut facts = context.keeper.say(vec![Said::Add { key, card }]).await?;
    if new.circle.is_some() {
        facts.extend(context.keeper.say(vec![Said::Circle { record, circle: new.circle }]).await?);
    }
    done(&context, record.to_string(), format!("added {}", new.name.trim()), facts).await
}

pub(super) async fn set(
    State(context): State<Context>,
    Path(text): Path<String>,
    Json(set): Json<SetRequest>,
) -> Result<Json<Done>, ApiError> {
    let value = set.value.map(|value| value.trim().to_owned());
    own::check(&set.field, value.as_deref())?;
    let person = meant(&context, text).await?;
    let words = match &value {
        Some(value) => format!("set {} to {value:?}", set.field),
        None => format!("{} is again what the sources say", set.field),
    };
    let facts = context.keeper.say(vec![Said::Set { record: person.id, field: set.field, value }]).await?;
    done(&context, person.id.to_string(), words, facts).await
}

pub(super) async fn note(
    State(context): State<Context>,
    Path(text): Path<String>,
    Json(note): Json<TextRequest>,
) -> Result<Json<Done>, ApiError> {
    if note.text.trim().is_empty() {
        return Err(ApiError::bad("keep an empty note", "say it: kith note ana \"looks for a Rust mentor\""));
    }
    let person = meant(&context, text).await?;
    let facts = context.keeper.say(vec![Said::Note { record: person.id, text: note.text }]).await?;
    done(&context, person.id.to_string(), "noted".to_owned(), facts).await
}

pub(super) async fn log(
    State(context): State<Context>,
    Path(text): Path<String>,
    Json(log): Json<LogRequest>,
) -> Result<Json<Done>, ApiError> {
    let person = meant(&context, text).await?;
    let zone = context.config.borrow().zone();
    let at = match log.on {
        None => clock::now(),
        Some(day) => noon_or_now(day, &zone)?,
    };
    let kind = log.kind.unwrap_or(InteractionKind::Meeting);
    let said = Said::Log { records: vec![person.id], kind, at, text: log.text, occurrence: None };
    let facts = context.keeper.say(vec![said]).await?;
    done(&context, person.id.to_string(), "logged".to_owned(), facts).await
}

pub(super) async fn circle(
    State(context): State<Context>,
    Path(text): Path<String>,
    Json(request): Json<CircleRequest>,
) -> Result<Json<Done>, ApiError> {
    check_circle(&context, request.circle.as_deref())?;
    let person = meant(&context, text).await?;
    let record = person.id;
    let (said, words) = match (request.declined, request.circle) {
        (true, _) => (Said::CircleDeclined { record }, "will not be proposed again".to_owned()),
        (false, None) => (Said::Circle { record, circle: None }, "in no circle".to_owned()),
        (false, Some(circle)) => {
            (Said::Circle { record, circle: Some(circle.clone()) }, format!("in the circle {circle}"))
        }
    };
    let facts = context.keeper.say(vec![said]).await?;
    done(&context, record.to_string(), words, facts).await
}

/// Returns the one who is meant.
pub(super) async fn meant(context: &Context, text: String) -> Result<Person, ApiError> {
    let found = context.read(move |keeper, _| match view::meant(keeper, &text)? {
        Meant::One(person) => Ok(*person),
        Meant::Nobody => Err(ApiError::missing(
            format!("find a person for {text:?}"),
            "try less of the name: kith find WORD, or add the person: kith add NAME",
        )
        .into()),
        Meant::Several(people) => {
            let named: Result<Vec<_>, _> = people.iter().take(CANDIDATES).map(|p| view::summary(keeper, p)).collect();
            Err(ApiError::ambiguous(&text, named?, people.len()).into())
        }
    });
    found.await
}

/// Returns the answer to a change, with the person as they are now.
pub(super) async fn done(
    context: &Context,
    id: String,
    words: String,
    facts: Vec<FactId>,
) -> Result<Json<Done>, ApiError> {
    let person = meant(context, id).await?;
    let summary = context.read(move |keeper, _| Ok(view::summary(keeper, &person)?)).await?;
    let facts = facts.iter().map(ToString::to_string).collect();
    Ok(Json(Done { done: words, facts, person: Some(summary) }))
}

fn check_not_forgotten(context: &Context, card: &Card) -> Result<(), ApiError> {
    if context.keeper.book().forgotten().holds_card(card, None) {
        let hint = "forgetting cannot be undone; leave out the address, number or profile that was theirs";
        return Err(ApiError::bad("add a person who was forgotten", hint));
    }
    Ok(())
}

fn check_circle(context: &Context, circle: Option<&str>) -> Result<(), ApiError> {
    let Some(circle) = circle else { return Ok(()) };
    let config = context.config.borrow();
    if config.circles.iter().any(|c| c.name == circle) {
        return Ok(());
    }
    let known: Vec<&str> = config.circles.iter().map(|c| c.name.as_str()).collect();
    let hint = format!("the circles are {}; others are made in the config: [[circle]] name, cadence", known.join(", "));
    Err(ApiError::bad(format!("find the circle {circle:?}"), hint))
}

/// A day without an hour counts from noon; today counts from now.
fn noon_or_now(day: jiff::civil::Date, zone: &TimeZone) -> Result<jiff::Timestamp, ApiError> {
    let now = clock::now();
    if day > zone.to_datetime(now).date() {
        return Err(ApiError::bad(format!("log on {day}: that day has not come yet"), "say the day on which it was"));
    }
    let noon = day.to_datetime(Time::constant(12, 0, 0, 0)).to_zoned(zone.clone());
    let wrong = |_| ApiError::bad(format!("log on {day}"), "write the day as 2026-11-23");
    Ok(noon.map_err(wrong)?.timestamp().min(now))
}
