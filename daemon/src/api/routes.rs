//! The table of paths: one row a method and path, with its handler. `openapi.json` has the same rows; a test compares them.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::map_response_with_state;
use axum::routing::{MethodRouter, delete, get, post, put};

use crate::api::{
    Context, channels, companies, doctor, events, forget, giving, imports, maps, people, planning, reminders, same,
    state, told, why, words,
};

/// The largest request body.
const BODY_LIMIT_BYTES: usize = 1024 * 1024;

/// The description of the API, as a document (`OpenAPI` 3.1).
pub const OPENAPI: &str = include_str!("openapi.json");

/// Every method and path of the API.
#[must_use]
pub fn table() -> Vec<(&'static str, &'static str)> {
    rows().into_iter().map(|(method, path, _)| (method, path)).collect()
}

/// Returns the router.
pub(super) fn router(context: Context) -> Router {
    let table = rows().into_iter().fold(Router::new(), |router, (_, path, handler)| router.route(path, handler()));
    let zone = map_response_with_state(context.clone(), state::name_zone);
    table.fallback(state::not_found).layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES)).layer(zone).with_state(context)
}

/// A row: method, path, and what makes its handler. Handlers are large: they are made one at a time, not all on one stack.
type Row = (&'static str, &'static str, fn() -> MethodRouter<Context>);

fn rows() -> Vec<Row> {
    [people_rows(), other_rows()].concat()
}

fn people_rows() -> Vec<Row> {
    vec![
        ("get", "/v1/people", || get(people::find)),
        ("post", "/v1/people", || post(people::add)),
        ("get", "/v1/people/{person}", || get(people::show)),
        ("put", "/v1/people/{person}/fields", || put(people::set)),
        ("post", "/v1/people/{person}/notes", || post(people::note)),
        ("post", "/v1/people/{person}/interactions", || post(people::log)),
        ("put", "/v1/people/{person}/circle", || put(people::circle)),
        ("post", "/v1/people/{person}/done", || post(reminders::done)),
        ("post", "/v1/people/{person}/snooze", || post(reminders::snooze)),
        ("get", "/v1/people/{person}/why", || get(why::why)),
        ("get", "/v1/people/{person}/why/reminder", || get(why::reminder)),
        ("get", "/v1/people/{person}/records", || get(same::records)),
        ("post", "/v1/people/{person}/merge", || post(same::merge)),
        ("post", "/v1/people/{person}/split", || post(same::split)),
        ("get", "/v1/review", || get(same::questions)),
        ("post", "/v1/review/{question}", || post(same::answer)),
        ("post", "/v1/people/{person}/forget", || post(forget::forget)),
        ("put", "/v1/people/{person}/mute", || put(planning::mute)),
        ("post", "/v1/people/{person}/skip", || post(planning::skip)),
    ]
}

fn other_rows() -> Vec<Row> {
    vec![
        ("get", "/v1/status", || get(state::status)),
        ("get", "/v1/doctor", || get(doctor::doctor)),
        ("get", "/v1/plugins", || get(state::plugins)),
        ("post", "/v1/plugins/{plugin}/enable", || post(state::enable)),
        ("get", "/v1/problems", || get(state::problems)),
        ("get", "/v1/openapi.json", || get(state::openapi)),
        ("post", "/v1/interactions", || post(told::tell)),
        ("get", "/v1/today", || get(reminders::today)),
        ("get", "/v1/waiting", || get(planning::waiting)),
        ("post", "/v1/waiting/not-needed", || post(planning::not_needed)),
        ("get", "/v1/plan", || get(planning::plan)),
        ("put", "/v1/pause", || put(planning::pause)),
        ("get", "/v1/season", || get(planning::season)),
        ("put", "/v1/season", || put(planning::set_season)),
        ("get", "/v1/giving", || get(giving::report)),
        ("get", "/v1/wishes", || get(giving::wishes)),
        ("post", "/v1/wishes", || post(giving::wish)),
        ("post", "/v1/wishes/{fact}/close", || post(giving::close)),
        ("post", "/v1/wishes/{fact}/confirm", || post(giving::confirm)),
        ("get", "/v1/introductions", || get(giving::introductions)),
        ("post", "/v1/introductions", || post(giving::introduce)),
        ("get", "/v1/introductions/suggestions", || get(giving::suggestions)),
        ("get", "/v1/introductions/draft", || get(giving::draft)),
        ("get", "/v1/events", || get(events::list)),
        ("put", "/v1/events", || put(events::keep)),
        ("get", "/v1/events/{event}", || get(events::show)),
        ("get", "/v1/companies", || get(companies::list)),
        ("put", "/v1/companies", || put(companies::care)),
        ("get", "/v1/companies/{company}", || get(companies::show)),
        ("get", "/v1/circles", || get(reminders::circles)),
        ("get", "/v1/circles/suggestions", || get(reminders::suggestions)),
        ("get", "/v1/hooks/log", || get(reminders::hooks_log)),
        ("get", "/v1/channels", || get(channels::list)),
        ("post", "/v1/channels/{channel}/test", || post(channels::test)),
        ("post", "/v1/channels/{channel}/retry", || post(channels::retry)),
        ("get", "/v1/imports", || get(imports::list)),
        ("post", "/v1/imports", || post(imports::import)),
        ("get", "/v1/imports/{import}", || get(imports::report)),
        ("post", "/v1/maps", || post(maps::keep)),
        ("get", "/v1/words", || get(words::list)),
        ("delete", "/v1/facts/{fact}", || delete(imports::undo)),
        ("get", "/v1/export", || get(imports::export)),
    ]
}

#[cfg(test)]
mod tests;
