//! People: found, shown, added, and what the user says of them.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, Query, State};
use jiff::civil::Time;
use jiff::tz::TimeZone;
use kith_core::book::people::Person;
use kith_core::cadence::{NotARhythm, Rhythm};
use kith_core::fact::{Care, Said};
use kith_core::id::{FactId, RecordId};
use kith_core::normalize::fold_text;
use kith_core::own;
use kith_proto::api::{CircleRequest, Done, LogRequest, NewPerson, PersonSummary, SetRequest, TextRequest};
use kith_proto::card::Card;
use serde::Deserialize;

use crate::api::told::{Contact, contact_told, in_words};
use crate::api::{ApiError, Context, ReadError};
use crate::clock;
use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view::{self, Meant};

/// How many people a search shows, unless more are asked for.
const FOUND: usize = 50;

/// The field that is no value of a card, but how often the user wants to talk to somebody.
const CADENCE: &str = "cadence";

/// How many are named when several could be meant.
pub(super) const CANDIDATES: usize = 10;

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
    let person = meant(&context, text).await?.person;
    let shown = context.read(move |keeper, config| {
        let shown = view::person(keeper, &person, &config.circles, &config.zone())?;
        Ok(view::balance::add(keeper, &person, shown, (config, clock::now()))?)
    });
    Ok(Json(shown.await?))
}

pub(super) async fn add(
    State(context): State<Context>,
    Json(mut new): Json<NewPerson>,
) -> Result<Json<Done>, ApiError> {
    if new.name.trim().is_empty() {
        return Err(ApiError::bad(
            "add a person without a name",
            "say one: kith add \"Ana Silva\" --email ana@example.com",
        ));
    }
    new.circle = known_circle(&context, new.circle)?;
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
    done(&context, &record, "added".to_owned(), facts).await
}

pub(super) async fn set(
    State(context): State<Context>,
    Path(text): Path<String>,
    Json(set): Json<SetRequest>,
) -> Result<Json<Done>, ApiError> {
    let value = set.value.map(|value| value.trim().to_owned());
    if set.field == CADENCE {
        return set_cadence(&context, text, value.as_deref()).await;
    }
    own::check(&set.field, value.as_deref())?;
    let Named { person, record } = called(&context, text).await?;
    let words = match &value {
        Some(value) => format!("set {} to {value:?}", set.field),
        None => format!("{} is again what the sources say", set.field),
    };
    let field = set.field;
    let said = match value {
        Some(_) => vec![Said::Set { record, field, value }],
        None => returned(&context, &person, record, &field),
    };
    let facts = context.keeper.say(said).await?;
    done(&context, &record, words, facts).await
}

/// Gives somebody a cadence of their own, or takes it back.
async fn set_cadence(context: &Context, text: String, value: Option<&str>) -> Result<Json<Done>, ApiError> {
    let value = value.filter(|value| !value.eq_ignore_ascii_case("off"));
    let wrong = |value: &str, error: NotARhythm| {
        ApiError::bad(format!("set {CADENCE} to {value:?}"), format!("write {}, or off", error.wanted()))
    };
    let cadence: Option<Rhythm> = value.map(|value| value.parse().map_err(|error| wrong(value, error))).transpose()?;
    let Named { person, record } = called(context, text).await?;
    if cadence.is_some() {
        check_person(context, person.clone(), |name| format!("give {name} a cadence")).await?;
    }
    let known = context.keeper.book().words().giving().cadence(&person.records());
    if known == cadence {
        let words = cadence.map_or_else(|| "there is no cadence of their own".to_owned(), by_your_word);
        return done(context, &record, words, Vec::new()).await;
    }
    let facts = context.keeper.say(vec![Care::Cadence { record, cadence }.into()]).await?;
    let words = cadence.map_or_else(|| "no cadence of their own any more".to_owned(), by_your_word);
    let due = due(context, &record).map_or_else(String::new, |due| format!("; due {due}"));
    done(context, &record, format!("{words}{due}"), facts).await
}

fn by_your_word(cadence: Rhythm) -> String {
    format!("you want to talk every {cadence}")
}

/// Says when somebody is due by the cadence that holds.
fn due(context: &Context, record: &RecordId) -> Option<String> {
    let config = context.config.borrow();
    let book = context.keeper.book();
    let due = view::planning::next_due(&book, &book.person(record)?, &config.circles, &config.zone())?;
    let today = config.zone().to_datetime(clock::now()).date();
    Some(if due <= today { "now".to_owned() } else { due.strftime("on %A, %-d %B %Y").to_string() })
}

/// Takes the user's value of a field back wherever it hangs: on several records, where people were merged.
fn returned(context: &Context, person: &Person, record: RecordId, field: &str) -> Vec<Said> {
    let own = context.keeper.book().words().own_values(&person.records());
    let of_field = own.into_iter().filter(|own| own.field == field).map(|own| own.record);
    let records: BTreeSet<RecordId> = of_field.collect();
    let records = if records.is_empty() { BTreeSet::from([record]) } else { records };
    records.into_iter().map(|record| Said::Set { record, field: field.to_owned(), value: None }).collect()
}

pub(super) async fn note(
    State(context): State<Context>,
    Path(text): Path<String>,
    Json(note): Json<TextRequest>,
) -> Result<Json<Done>, ApiError> {
    if note.text.trim().is_empty() {
        return Err(ApiError::bad("keep an empty note", "say it: kith note ana \"looks for a Rust mentor\""));
    }
    let record = called(&context, text).await?.record;
    let facts = context.keeper.say(vec![Said::Note { record, text: note.text }]).await?;
    done(&context, &record, "noted".to_owned(), facts).await
}

pub(super) async fn log(
    State(context): State<Context>,
    Path(text): Path<String>,
    Json(log): Json<LogRequest>,
) -> Result<Json<Done>, ApiError> {
    let record = called(&context, text).await?.record;
    let (contact, text) = contact_told(&context, log)?;
    let words = in_words(contact, day_of(&context, clock::now()), text.as_deref());
    let Contact { kind, at, .. } = contact;
    let said = Said::Log { records: vec![record], kind, at, text, occurrence: None };
    let facts = context.keeper.say(vec![said]).await?;
    done(&context, &record, words, facts).await
}

pub(super) async fn circle(
    State(context): State<Context>,
    Path(text): Path<String>,
    Json(request): Json<CircleRequest>,
) -> Result<Json<Done>, ApiError> {
    let circle = known_circle(&context, request.circle)?;
    let Named { person, record } = called(&context, text).await?;
    let own = context.keeper.book().words().giving().cadence(&person.records());
    let own = own.map_or_else(String::new, |own| format!("; their own cadence counts, every {own}"));
    if circle.is_some() {
        check_person(&context, person, |name| format!("put {name} in a circle")).await?;
    }
    let (said, words) = match (request.declined, circle) {
        (true, _) => (Said::CircleDeclined { record }, "will not be proposed again".to_owned()),
        (false, None) => (Said::Circle { record, circle: None }, format!("in no circle{own}")),
        (false, Some(circle)) => {
            (Said::Circle { record, circle: Some(circle.clone()) }, format!("in the circle {circle}{own}"))
        }
    };
    let facts = context.keeper.say(vec![said]).await?;
    done(&context, &record, words, facts).await
}

/// Who is meant, and by which record of theirs: what is said hangs on it, and stays with it when the person is split.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) person: Person,
    pub(super) record: RecordId,
}

/// Returns the one who is meant, by any words that are known of them: to look at.
pub(super) async fn meant(context: &Context, text: String) -> Result<Named, ApiError> {
    context.read(move |keeper, _| one(keeper, &text, view::meant(keeper, &text)?)).await
}

/// Returns the one who is called so, by a name, an address or an id: to do something about them.
pub(super) async fn called(context: &Context, text: String) -> Result<Named, ApiError> {
    context.read(move |keeper, _| one(keeper, &text, view::called(keeper, &text)?)).await
}

fn one(keeper: &Keeper, text: &str, meant: Meant) -> Result<Named, ReadError> {
    let named = |people: &[Person]| -> Result<Vec<PersonSummary>, StoreError> {
        people.iter().take(CANDIDATES).map(|person| view::summary(keeper, person)).collect()
    };
    Err(match meant {
        Meant::One(person, record) => return Ok(Named { person: *person, record }),
        Meant::Nobody if keeper.book().finds_owner(text) => ApiError::bad(
            format!("take {text:?} for somebody else: that is you yourself"),
            "what is yours stands in the config (me = […]), and is shown by: kith doctor",
        ),
        Meant::Nobody => ApiError::missing(
            format!("find a person for {text:?}"),
            "try less of the name: kith find WORD, or add the person: kith add NAME",
        ),
        Meant::Several(people) => ApiError::ambiguous(text, named(&people)?, people.len()),
        Meant::Elsewhere(people) => ApiError::not_called(text, named(&people)?),
    }
    .into())
}

/// Returns the answer to a change, with the person as they are now.
pub(super) async fn done(
    context: &Context,
    record: &RecordId,
    words: String,
    facts: Vec<FactId>,
) -> Result<Json<Done>, ApiError> {
    let person = meant(context, record.to_string()).await?.person;
    let summary = context.read(move |keeper, _| Ok(view::summary(keeper, &person)?)).await?;
    let facts = facts.iter().map(ToString::to_string).collect();
    Ok(Json(Done { done: words, facts, person: Some(summary), people: Vec::new() }))
}

/// Of an organisation or a group nobody is reminded.
async fn check_person(context: &Context, person: Person, what: fn(&str) -> String) -> Result<(), ApiError> {
    let shown = context.read(move |keeper, _| Ok(view::summary(keeper, &person)?)).await?;
    let Some(noun) = shown.what else { return Ok(()) };
    let error = format!("{}: it is no person ({noun})", what(&shown.name));
    Err(ApiError::bad(error, "circles and cadences are for people; who belongs to it is found by: kith find"))
}

fn check_not_forgotten(context: &Context, card: &Card) -> Result<(), ApiError> {
    if context.keeper.book().forgotten().holds_card(card, None) {
        let hint = "forgetting cannot be undone; leave out the address, number, profile or company that was theirs";
        return Err(ApiError::bad("add a person who was forgotten", hint));
    }
    Ok(())
}

/// Returns a circle as the config writes it, however it is typed.
fn known_circle(context: &Context, circle: Option<String>) -> Result<Option<String>, ApiError> {
    let Some(circle) = circle else { return Ok(None) };
    let config = context.config.borrow();
    let folded = fold_text(&circle);
    let exact = config.circles.iter().find(|known| known.name == circle);
    if let Some(known) = exact.or_else(|| config.circles.iter().find(|known| fold_text(&known.name) == folded)) {
        return Ok(Some(known.name.clone()));
    }
    let known: Vec<&str> = config.circles.iter().map(|c| c.name.as_str()).collect();
    let hint = format!("the circles are {}; others are made in the config: [[circle]] name, cadence", known.join(", "));
    Err(ApiError::bad(format!("find the circle {circle:?}"), hint))
}

/// Returns the day of an instant, in the owner's zone.
pub(super) fn day_of(context: &Context, at: jiff::Timestamp) -> jiff::civil::Date {
    context.config.borrow().zone().to_datetime(at).date()
}

/// A day without an hour counts from noon; today counts from now.
pub(super) fn noon_or_now(day: jiff::civil::Date, zone: &TimeZone) -> Result<jiff::Timestamp, ApiError> {
    let now = clock::now();
    if day > zone.to_datetime(now).date() {
        return Err(ApiError::bad(
            format!("log on {day}: that day has not come yet"),
            "say the day on which it was, with its year where it is long ago",
        ));
    }
    let noon = day.to_datetime(Time::constant(12, 0, 0, 0)).to_zoned(zone.clone());
    let wrong = |_| ApiError::bad(format!("log on {day}"), "write the day as 2026-11-23");
    Ok(noon.map_err(wrong)?.timestamp().min(now))
}
