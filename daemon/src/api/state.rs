//! How the daemon is: status, plugins and problems.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use kith_proto::api::{ErrorBody, HeldFile, Plugin, Problem, Status, WatchedFolder, ZONE_HEADER};

use crate::api::desktop;
use crate::api::imports::progress_of;
use crate::api::look::attention;
use crate::api::people::day_of;
use crate::api::routes::OPENAPI;
use crate::api::{ApiError, Context};
use crate::clock;
use crate::intake::next_step;
use crate::plugin::PluginInfo;
use crate::remind::people::open_reminders;
use crate::remind::rules::elsewhere;
use crate::remind::when::next_plan;
use crate::view::review::waiting;
use crate::watch::FolderStatus;

/// The header that names the zone.
const ZONE: HeaderName = HeaderName::from_static(ZONE_HEADER);

pub(super) async fn status(State(context): State<Context>) -> Json<Status> {
    let counts = context.keeper.book().counts();
    let config = Arc::clone(&context.config.borrow());
    let next_plan = next_plan(&context.keeper.book(), &config, clock::now());
    let paused_until = context.keeper.book().words().giving().paused_until();
    let paused_until = paused_until.filter(|until| day_of(&context, clock::now()) < *until);
    let reminders = open_reminders(&context.keeper, clock::now(), &config.zone()).len();
    let folders = folders(&context);
    let files = context.intake.folders().iter().map(|f| f.waiting).sum();
    let looks = attention(&context).await.into_iter().chain(desktop::look(&context).await);
    Json(Status {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pid: std::process::id(),
        now: Some(clock::now()),
        people: counts.people,
        records: counts.records,
        interactions: counts.interactions,
        imports: counts.imports,
        reminders,
        questions: questions(&context),
        waiting: files,
        importing: context.intake.status().importing.as_ref().map(progress_of),
        folders,
        next_plan,
        paused_until,
        zone: zone_name(&context),
        elsewhere: elsewhere(&context.keeper, &config, clock::now()),
        held: held(&context),
        attention: looks.map(|look| format!("{}: {}", look.text, look.next_step)).collect(),
        plugins: context
            .plugins
            .list()
            .await
            .into_iter()
            .filter(|p| p.refused.is_none())
            .map(|p| (p.name, p.version))
            .collect(),
    })
}

pub(super) async fn plugins(State(context): State<Context>) -> Json<Vec<Plugin>> {
    Json(context.plugins.list().await.into_iter().map(plugin).collect())
}

pub(super) async fn enable(State(context): State<Context>, Path(name): Path<String>) -> Result<Json<Plugin>, ApiError> {
    let missing = || ApiError::missing(format!("enable {name:?}: no usable plugin has this name"), "kith plugins");
    context.plugins.enable(&name).await.map(plugin).map(Json).ok_or_else(missing)
}

fn plugin(info: PluginInfo) -> Plugin {
    Plugin {
        name: info.name,
        version: info.version,
        path: info.path.display().to_string(),
        accepts: info.accepts,
        refused: info.refused,
    }
}

pub(super) async fn problems(State(context): State<Context>) -> Json<Vec<Problem>> {
    let problem = |p: crate::intake::Problem| Problem {
        path: p.path.display().to_string(),
        hint: Some(next_step(&p.reason).to_owned()),
        reason: p.reason,
        at: Some(p.at),
    };
    let all = context.intake.problems().into_iter().chain(context.intake.cut_off());
    Json(all.map(problem).collect())
}

pub(super) async fn openapi() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], OPENAPI)
}

pub(super) async fn not_found(uri: Uri) -> impl IntoResponse {
    let hint = Some("the paths are listed at /v1/openapi.json".to_owned());
    (StatusCode::NOT_FOUND, Json(ErrorBody { error: format!("find {}", uri.path()), hint, ..ErrorBody::default() }))
}

/// Returns the name of the zone of days and schedules.
pub(super) fn zone_name(context: &Context) -> String {
    context.config.borrow().zone().iana_name().unwrap_or_default().to_owned()
}

/// Names the zone of days and schedules in an answer's header, where it has a name: clients show times in it.
pub(super) async fn name_zone(State(context): State<Context>, mut answer: Response) -> Response {
    if let Ok(name) = HeaderValue::try_from(zone_name(&context))
        && !name.is_empty()
    {
        answer.headers_mut().insert(ZONE, name);
    }
    answer
}

fn folders(context: &Context) -> Vec<WatchedFolder> {
    let folder = |f: FolderStatus| WatchedFolder {
        path: f.path.display().to_string(),
        layout: f.layout.as_str().to_owned(),
        state: f.fault.map_or_else(|| "ok".to_owned(), |fault| fault.words),
    };
    context.intake.folders().into_iter().map(folder).collect()
}

fn questions(context: &Context) -> usize {
    let today = context.config.borrow().zone().to_datetime(clock::now()).date();
    waiting(&context.keeper.book(), today).len()
}

fn held(context: &Context) -> Vec<HeldFile> {
    let (now, awake) = (clock::now(), clock::awake());
    let held = context.intake.folders().into_iter().flat_map(|folder| folder.held);
    let file = |(path, until): (PathBuf, Duration)| HeldFile {
        path: path.display().to_string(),
        until: now.checked_add(until.saturating_sub(awake)).ok(),
    };
    held.map(file).collect()
}
