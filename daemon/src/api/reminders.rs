//! Reminders, circles and hooks.

use axum::Json;
use axum::extract::{Path, Query, State};
use jiff::Timestamp;
use jiff::civil::Date;
use kith_core::book::people::Person;
use kith_core::fact::{Reminder, Said};
use kith_core::id::RecordId;
use kith_core::plan::put_off::PutOff;
use kith_proto::api::{Circle, Done, HookRun, ReminderItem, SnoozeRequest, Suggestion, Today};
use kith_proto::interaction::InteractionKind;
use serde::Deserialize;

use crate::api::people::{called, done as answer};
use crate::api::planning::kind_word;
use crate::api::state::zone_name;
use crate::api::{ApiError, Context};
use crate::config::Config;
use crate::deliver::answer::{in_a_week, of_each_open, open_reminders_of};
use crate::keeper::Keeper;
use crate::remind::people::{ahead, open_reminders, proposals};
use crate::remind::when::next_plan;
use crate::store::StoreError;
use crate::view::giving;
use crate::view::planning::of;
use crate::{clock, view};

/// How many days that lie before somebody comes again, or promises, are named.
const DAYS_NAMED: usize = 3;

/// How many runs of hooks are shown, unless more are asked for.
const RUNS: usize = 50;

pub(super) async fn today(State(context): State<Context>) -> Result<Json<Today>, ApiError> {
    let zone = zone_name(&context);
    let today = context.read(move |keeper, config| {
        let now = clock::now();
        let open = open_reminders(keeper, now, &config.zone());
        let open: Result<Vec<_>, _> = open.iter().map(|state| item(keeper, &state.reminder)).collect();
        let date = now.to_zoned(config.zone()).date();
        let next = next_plan(&keeper.book(), config, now);
        let coming = next.map_or_else(|| Ok(Vec::new()), |next| coming(keeper, config, now, next))?;
        let coming: Result<Vec<_>, _> = coming.iter().map(|reminder| item(keeper, reminder)).collect();
        let paused_until = keeper.book().words().giving().paused_until().filter(|until| date < *until);
        Ok(Today {
            date: Some(date),
            now: Some(now),
            reminders: open?,
            next,
            coming: coming?,
            zone,
            paused_until,
            proposed_promises: giving::proposals(keeper, config, now).len(),
            proposed_needs: keeper.book().words().giving().needs().filter(|(_, need)| need.proposed).count(),
        })
    });
    Ok(Json(today.await?))
}

pub(super) async fn done(State(context): State<Context>, Path(text): Path<String>) -> Result<Json<Done>, ApiError> {
    let record = called(&context, text).await?.record;
    let at = clock::now();
    // It answers the person's other open reminders, too: they talked since.
    let occurrence = open_reminders_of(&context.keeper, &record, at).pop_first();
    let said = Said::Log { records: vec![record], kind: InteractionKind::Other, at, text: None, occurrence };
    let facts = context.keeper.say(vec![said]).await?;
    let owed = owed(&context.keeper, &record);
    answer(&context, &record, format!("done: you were in touch today{owed}"), facts).await
}

/// What the owner still owes somebody to whom they talked, in words, and how to say that it is kept.
fn owed(keeper: &Keeper, record: &RecordId) -> String {
    let book = keeper.book();
    let person = book.person_id(record);
    let promises = book.words().giving().promises().filter(|(_, promise)| book.person_id(&promise.record) == person);
    let owed: Vec<String> = promises.map(|(id, promise)| format!("\"{}\" (kith close {id})", promise.text)).collect();
    let (named, more) = owed.split_at(owed.len().min(DAYS_NAMED));
    match (named, more.len()) {
        ([], _) => String::new(),
        (named, 0) => format!("; what you promised stays open until you say that it is kept: {}", named.join("; ")),
        (named, more) => {
            format!(
                "; what you promised stays open until you say that it is kept: {} and {more} more",
                named.join("; ")
            )
        }
    }
}

pub(super) async fn snooze(
    State(context): State<Context>,
    Path(text): Path<String>,
    Json(request): Json<SnoozeRequest>,
) -> Result<Json<Done>, ApiError> {
    let named = called(&context, text).await?;
    let (record, now) = (named.record, clock::now());
    let zone = context.config.borrow().zone();
    let (today, until) = (zone.to_datetime(now).date(), request.until.unwrap_or_else(|| in_a_week(now, &zone)));
    if until <= today {
        return Err(ApiError::bad(format!("snooze until {until}"), "name a day after today"));
    }
    let snooze = |occurrence| Said::Snooze { record, until, skipped: None, occurrence };
    let said = of_each_open(&context.keeper, &record, now, snooze);
    let own_days = meanwhile(&context, named.person, PutOff::snooze(until), today).await?;
    let facts = context.keeper.say(said).await?;
    answer(&context, &record, format!("not before {}{own_days}", until.strftime("%A, %-d %B %Y")), facts).await
}

/// What has its day before somebody who is put off comes again, in words; of whom no reminder comes at all, that.
pub(super) async fn meanwhile(
    context: &Context,
    person: Person,
    put_off: PutOff,
    today: Date,
) -> Result<String, ApiError> {
    if context.keeper.book().words().giving().is_muted(&person.records()) {
        return Ok("; reminders of them are off: kith mute NAME --off has them again".to_owned());
    }
    if !person.may_be_reminded_of() {
        return Ok("; kith reminds you of them on no day: kith why NAME --reminder says why".to_owned());
    }
    let days = context.read(move |keeper, config| {
        let season = keeper.book().words().giving().season();
        Ok(put_off.meanwhile(&of(keeper, &person, today, &config.zone())?, season, today))
    });
    let days: Vec<String> = days.await?.iter().map(ToString::to_string).collect();
    let (named, more) = days.split_at(days.len().min(DAYS_NAMED));
    let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
    Ok(match (named, put_off.skip) {
        ([], _) => String::new(),
        (named, Some(_)) => format!("; told meanwhile: {}{more}", named.join("; ")),
        (named, None) => format!("; until then kith does not tell of {}{more}", named.join("; ")),
    })
}

pub(super) async fn circles(State(context): State<Context>) -> Result<Json<Vec<Circle>>, ApiError> {
    let circles = context.read(move |keeper, config| {
        let mut circles: Vec<Circle> = config
            .circles
            .iter()
            .map(|c| Circle { name: c.name.clone(), cadence: c.cadence.to_string(), people: Vec::new() })
            .collect();
        let records: Vec<RecordId> = keeper.book().words().in_circles().collect();
        let mut seen = std::collections::BTreeSet::new();
        for record in records {
            let Some(person) = keeper.book().person(&record).filter(|p| seen.insert(p.id)) else { continue };
            let summary = view::summary(keeper, &person)?;
            if let Some(circle) = circles.iter_mut().find(|c| Some(&c.name) == summary.circle.as_ref()) {
                circle.people.push(summary);
            }
        }
        circles.iter_mut().for_each(|c| c.people.sort_by(|a, b| a.name.cmp(&b.name)));
        Ok(circles)
    });
    Ok(Json(circles.await?))
}

pub(super) async fn suggestions(State(context): State<Context>) -> Result<Json<Vec<Suggestion>>, ApiError> {
    let proposals = context.read(move |keeper, config| Ok(proposals(keeper, config)?));
    let suggestions = proposals.await?.into_iter().map(|p| Suggestion {
        person: p.record.to_string(),
        name: p.name,
        circle: p.circle,
        cadence: p.cadence.to_string(),
        reason: p.reason,
    });
    Ok(Json(suggestions.collect()))
}

/// How many runs to show.
#[derive(Debug, Deserialize)]
pub(super) struct Last {
    last: Option<usize>,
}

pub(super) async fn hooks_log(
    State(context): State<Context>,
    Query(query): Query<Last>,
) -> Result<Json<Vec<HookRun>>, ApiError> {
    let log = crate::deliver::log::last(&context.paths.state, query.last.unwrap_or(RUNS));
    let runs =
        log.map_err(|error| ApiError::missing(format!("read the log of hooks: {error}"), "look at the state folder"))?;
    Ok(Json(runs.into_iter().map(hook_run).collect()))
}

fn hook_run(run: crate::deliver::log::HookRun) -> HookRun {
    HookRun {
        at: Some(run.at),
        hook: run.hook,
        occurrence: run.occurrences.iter().map(|o| o.0.as_str()).collect::<Vec<_>>().join(" "),
        outcome: if run.ok { "ok".to_owned() } else { run.end },
        elapsed_ms: run.elapsed_ms,
        output: run.output,
    }
}

/// Returns the reminders of the next plan, as things stand.
fn coming(keeper: &Keeper, config: &Config, now: Timestamp, next: Timestamp) -> Result<Vec<Reminder>, StoreError> {
    let date = |at: Timestamp| config.zone().to_datetime(at).date();
    let days = date(now).until(date(next)).map_or(0, |span| span.get_days());
    let coming = ahead(keeper, config, now, u16::try_from(days).unwrap_or(0))?;
    Ok(coming.into_iter().filter(|coming| coming.at == next).map(|coming| coming.reminder).collect())
}

fn item(keeper: &Keeper, reminder: &Reminder) -> Result<ReminderItem, StoreError> {
    let person = reminder.record.and_then(|record| keeper.book().person(&record));
    let name = person.as_ref().map(|p| view::name(keeper, p)).transpose()?.unwrap_or_default();
    Ok(ReminderItem {
        occurrence: reminder.occurrence.0.clone(),
        person: person.map(|p| p.id.to_string()),
        name,
        reasons: reminder.reasons.clone(),
        step: reminder.step.clone(),
        kind: reminder.kind.map(kind_word).unwrap_or_default(),
    })
}
