//! Events: when they are, whom the owner wants to meet there, and whom they met.

use axum::Json;
use axum::extract::{Path, State};
use jiff::civil::Date;
use kith_core::book::giving::{Acquaintance, Occasion};
use kith_core::book::people::Person;
use kith_core::fact::{Care, Said};
use kith_core::id::RecordId;
use kith_core::normalize::fold_text;
use kith_core::plan::event::when;
use kith_proto::api::{Done, Event, EventRequest};
use kith_proto::interaction::InteractionKind;

use crate::api::people::{called, day_of, noon_or_now};
use crate::api::planning::answered;
use crate::api::{ApiError, Context};
use crate::clock;
use crate::view::event;

pub(super) async fn list(State(context): State<Context>) -> Result<Json<Vec<Event>>, ApiError> {
    let now = clock::now();
    Ok(Json(context.read(move |keeper, config| Ok(event::all(keeper, now, &config.zone())?)).await?))
}

pub(super) async fn show(State(context): State<Context>, Path(name): Path<String>) -> Result<Json<Event>, ApiError> {
    let (now, wanted) = (clock::now(), name.clone());
    let found = context.read(move |keeper, config| Ok(event::of(keeper, &wanted, now, &config.zone())?)).await?;
    let missing = || {
        let hint = format!("tell of it: kith event {name:?} --on 2026-12-01, or list all: kith event");
        ApiError::missing(format!("find an event {name:?}"), hint)
    };
    found.map(Json).ok_or_else(missing)
}

pub(super) async fn keep(
    State(context): State<Context>,
    Json(request): Json<EventRequest>,
) -> Result<Json<Done>, ApiError> {
    let name = request.name.trim().to_owned();
    if name.is_empty() || name.contains(char::is_control) {
        return Err(ApiError::bad("keep an event without a name", "say one: kith event \"RustConf\" --on 2026-12-01"));
    }
    let (now, wanted) = (clock::now(), name.clone());
    let on = request.on;
    let known = context.read(move |keeper, config| Ok(event::known_as(keeper, &wanted, on, now, &config.zone())?));
    let name = known.await?.unwrap_or(name);
    if !request.met.is_empty() {
        check_over(&context, &name, request.on).await?;
    }
    let fact = |on, record, met| Said::from(Care::Event { name: name.clone(), on, record, met });
    let (mut said, mut people, mut met_there) = (Vec::new(), Vec::new(), Vec::new());
    if request.on.is_some() || (request.met.is_empty() && request.want.is_empty()) {
        said.push(fact(request.on, None, false));
    }
    let (met, want) =
        (request.met.into_iter().map(|who| (who, true)), request.want.into_iter().map(|who| (who, false)));
    for (who, met) in met.chain(want) {
        let named = called(&context, who).await?;
        said.push(fact(None, Some(named.record), met));
        met_there.extend(met.then_some(named.record));
        people.push(named.person);
    }
    let says_met = !met_there.is_empty();
    let known = day(&context, &name).await?;
    if known.is_none() {
        met_there.extend(met_before(&context, &name));
    }
    let day = request.on.or(known);
    if let Some(on) = day {
        said.extend(meeting(&context, &name, on, met_there)?);
    }
    let facts = context.keeper.say(said).await?;
    let read = context.read(move |keeper, _| {
        people.iter().map(|person| Ok(crate::view::summary(keeper, person)?)).collect::<Result<Vec<_>, _>>()
    });
    let people = read.await?;
    let hint = format!("; it counts as contact once it has a day: kith event {name:?} --on DAY");
    let hint = if says_met && day.is_none() { hint } else { String::new() };
    let Json(done) = answered(format!("{name}: kept{hint}"), &facts);
    Ok(Json(Done { people, ..done }))
}

/// Returns whom the owner said to have met at an event.
fn met_before(context: &Context, name: &str) -> Vec<RecordId> {
    let book = context.keeper.book();
    let event = book.words().giving().events().get(&fold_text(name));
    let people = event.into_iter().flat_map(Occasion::people);
    people.filter(|(_, acquaintance)| *acquaintance == Acquaintance::Met).map(|(record, _)| record).collect()
}

/// Returns the day of an event, as far as it is known.
async fn day(context: &Context, name: &str) -> Result<Option<Date>, ApiError> {
    let (now, wanted) = (clock::now(), name.to_owned());
    let known = context.read(move |keeper, config| Ok(event::of(keeper, &wanted, now, &config.zone())?)).await?;
    Ok(known.and_then(|event| event.on))
}

/// Returns that the owner met these people on the day of the event: it is contact as any other. Of whom a calendar or the owner
/// told so already, nothing is said again; nor of anybody where the day is still to come.
fn meeting(context: &Context, name: &str, on: Date, met: Vec<RecordId>) -> Result<Option<Said>, ApiError> {
    let zone = context.config.borrow().zone();
    if met.is_empty() || day_of(context, clock::now()) < on {
        return Ok(None);
    }
    let at = noon_or_now(on, &zone)?;
    let book = context.keeper.book();
    let is_known = |person: &Person| book.last_met(person).is_some_and(|last| zone.to_datetime(last).date() >= on);
    let is_new = |record: &RecordId| book.person(record).is_some_and(|person| !is_known(&person));
    let records: Vec<RecordId> = met.into_iter().filter(is_new).collect();
    let log = Said::Log { records, kind: InteractionKind::Meeting, at, text: Some(name.to_owned()), occurrence: None };
    Ok(Some(log).filter(|log| !matches!(log, Said::Log { records, .. } if records.is_empty())))
}

/// Refuses that somebody was met at an event that is still to come.
async fn check_over(context: &Context, name: &str, on: Option<Date>) -> Result<(), ApiError> {
    let (now, wanted) = (clock::now(), name.to_owned());
    let known = context.read(move |keeper, config| Ok(event::to_come(keeper, &wanted, now, &config.zone())?)).await?;
    let today = day_of(context, now);
    let Some(on) = on.or(known).filter(|on| today < *on) else { return Ok(()) };
    let hint =
        format!("whom you want to meet there: kith event {name:?} --want NAME; where the day is wrong: --on DAY");
    Err(ApiError::bad(format!("keep whom you met at {name}: it is {}", when(on, today)), hint))
}
