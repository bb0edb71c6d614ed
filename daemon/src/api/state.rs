//! How the daemon is: status, plugins, problems, and what a check-up finds.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{StatusCode, Uri};
use axum::response::IntoResponse;
use kith_proto::api::{DoctorFinding, ErrorBody, Finding, Plugin, Problem, Status, WatchedFolder};

use crate::api::routes::OPENAPI;
use crate::api::{ApiError, Context};
use crate::clock;
use crate::config::maps;
use crate::deliver::hook;
use crate::plugin::PluginInfo;
use crate::remind::next_occurrence;
use crate::remind::people::open_reminders;
use crate::remind::rules::delivers;

pub(super) async fn status(State(context): State<Context>) -> Json<Status> {
    let counts = context.keeper.book().counts();
    let next_plan = next_occurrence(&context.config.borrow(), clock::now());
    let folders = folders(&context);
    let waiting = context.intake.folders().iter().map(|f| f.waiting).sum();
    Json(Status {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pid: std::process::id(),
        now: Some(clock::now()),
        people: counts.people,
        records: counts.records,
        interactions: counts.interactions,
        imports: counts.imports,
        reminders: open_reminders(&context.keeper, clock::now()).len(),
        waiting,
        folders,
        next_plan,
        attention: attention(&context).await,
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
        reason: p.reason,
        hint: (!p.in_place).then(|| "mend the file and drop it again, or delete it".to_owned()),
        at: Some(p.at),
    };
    Json(context.intake.problems().into_iter().map(problem).collect())
}

pub(super) async fn doctor(State(context): State<Context>) -> Result<Json<Vec<DoctorFinding>>, ApiError> {
    let mut findings = vec![ok("daemon", format!("kithd {} is running", env!("CARGO_PKG_VERSION")))];
    findings.extend(
        attention(&context)
            .await
            .into_iter()
            .map(|text| warn("attention", text, "look at the log: journalctl --user -u kithd")),
    );
    for folder in folders(&context) {
        findings.push(match folder.state.as_str() {
            "ok" => ok("folder", format!("{} is watched ({})", folder.path, folder.layout)),
            wrong => {
                warn("folder", format!("{}: {wrong}", folder.path), "mount it, or correct [[watch]] in the config")
            }
        });
    }
    for plugin in context.plugins.list().await {
        findings.push(match &plugin.refused {
            None => ok("plugin", format!("{} {}", plugin.name, plugin.version)),
            Some(reason) => warn("plugin", format!("{}: {reason}", plugin.path.display()), "see docs/PLUGINS.md"),
        });
    }
    let (kept, mistakes) = maps::load(&context.config.borrow().maps);
    findings.extend((!kept.is_empty()).then(|| ok("mapping", format!("kept for tables' columns: {}", kept.len()))));
    findings.extend(mistakes.iter().map(|mistake| {
        warn("mapping", format!("not used: {mistake}"), "mend the file, or make it anew: kith import --map FILE")
    }));
    if context.keeper.book().words().settings().me.is_empty() {
        findings.push(warn(
            "owner",
            "kith does not know your own addresses".to_owned(),
            "add them to the config: me = [\"you@example.com\"]",
        ));
    }
    findings.extend(told(&context));
    Ok(Json(findings))
}

pub(super) async fn openapi() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], OPENAPI)
}

pub(super) async fn not_found(uri: Uri) -> impl IntoResponse {
    let hint = Some("the paths are listed at /v1/openapi.json".to_owned());
    (StatusCode::NOT_FOUND, Json(ErrorBody { error: format!("find {}", uri.path()), hint, ..ErrorBody::default() }))
}

fn folders(context: &Context) -> Vec<WatchedFolder> {
    let folder = |f: crate::watch::FolderStatus| WatchedFolder {
        path: f.path.display().to_string(),
        layout: f.layout.as_str().to_owned(),
        state: f.fault.unwrap_or_else(|| "ok".to_owned()),
    };
    context.intake.folders().into_iter().map(folder).collect()
}

async fn attention(context: &Context) -> Vec<String> {
    let intake = context.intake.status();
    let mut attention: Vec<String> =
        context.config_problem.borrow().iter().map(|p| format!("the config is not used: {p}")).collect();
    attention.extend(context.keeper.rebuilt().map(|why| format!("the store was made again from the ledger: {why}")));
    let held = context.keeper.held().into_iter();
    attention.extend(held.map(|(device, why)| format!("the ledger of device {device} is not read on for now: {why}")));
    attention.extend(intake.disk_full.then(|| "the disk is full: imports wait until there is space".to_owned()));
    attention.extend(intake.fault);
    let off = context.plugins.list().await.into_iter().filter(|plugin| plugin.switched_off);
    attention.extend(off.map(|plugin| format!("plugin {}: {}", plugin.name, plugin.refused.unwrap_or_default())));
    let problems = context.intake.problems().len();
    attention.extend((problems > 0).then(|| format!("{problems} files could not be imported: kith problems")));
    attention
}

/// Why the owner would, or would not, be told.
fn told(context: &Context) -> Vec<DoctorFinding> {
    let (config, now) = (context.config.borrow(), clock::now());
    let mut findings = Vec::new();
    findings.push(match next_occurrence(&config, now) {
        Some(at) => {
            ok("reminders", format!("the next plan is made at {}", at.to_zoned(config.zone()).strftime("%F %H:%M")))
        }
        None => warn("reminders", "no schedule will ever come".to_owned(), "mend [[schedule]] in the config"),
    });
    if !delivers(&context.keeper, &config, now) {
        findings.push(warn(
            "reminders",
            "another device tells you of reminders".to_owned(),
            "to be told here, too: deliver = true",
        ));
    }
    if context.keeper.book().words().in_circles().next().is_none() {
        findings.push(warn(
            "circles",
            "nobody is in a circle: only birthdays are told".to_owned(),
            "kith circle suggest",
        ));
    }
    match hook::find(&hook::reminder_folder(&context.paths.hooks)) {
        Ok(hooks) => {
            findings.extend(hooks.usable.iter().map(|hook| ok("hook", hook.name.clone())));
            let not_run = hooks
                .not_run
                .iter()
                .map(|hook| warn("hook", format!("{}: {}", hook.path.display(), hook.reason), "see docs/HOOKS.md"));
            findings.extend(not_run);
        }
        Err(error) => {
            findings.push(warn("hook", format!("the folder of hooks cannot be read: {error}"), "see docs/HOOKS.md"));
        }
    }
    findings
}

fn ok(topic: &str, text: String) -> DoctorFinding {
    DoctorFinding { topic: topic.to_owned(), finding: Finding::Ok, text, next_step: None }
}

fn warn(topic: &str, text: String, next_step: &str) -> DoctorFinding {
    DoctorFinding { topic: topic.to_owned(), finding: Finding::Warn, text, next_step: Some(next_step.to_owned()) }
}
