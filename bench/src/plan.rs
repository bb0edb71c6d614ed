//! What a plan costs in a large address book, and what one change costs.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::time::Duration;

use kith_tests::Home;
use kith_tests::fixtures::person;
use kith_tests::wait::{Stopwatch, pause};
use serde_json::{Value, json};

use crate::api::Api;
use crate::table::{Floor, Table};
use crate::{BenchError, data, kith, median};

/// How many people there are, and how many messages with some of them.
const PEOPLE: u64 = 100_000;
const MESSAGES: u64 = 50_000;
/// How many are in circles.
const IN_CIRCLES: u64 = 1_000;
/// How often each thing is measured.
const TURNS: u64 = 101;

/// Measures plans and changes.
pub(crate) fn measure(table: &mut Table) -> Result<(), BenchError> {
    let home = Home::new()?;
    let daemon = home.start()?;
    kith::once(&home, &data::cards(PEOPLE)?)?;
    kith::once(&home, &data::mbox(MESSAGES)?)?;
    let mut api = Api::connect(&home)?;
    eprintln!("{IN_CIRCLES} of {} people in a circle", api.number("/v1/status", "people")?);
    let mut ids = Vec::new();
    for number in 0..IN_CIRCLES {
        let found = api.ask("GET", &format!("/v1/people/{}", person(number * 7).email), None)?;
        let id = found.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        api.ask("PUT", &format!("/v1/people/{id}/circle"), Some(&json!({"circle": "friends"})))?;
        ids.push(id);
    }
    // What an import leaves to be done is done.
    pause(Duration::from_secs(10));
    let status = times(|_| api.ask("GET", "/v1/status", None).map(drop))?;
    let plan = times(|_| api.ask("GET", "/v1/plan?days=1", None).map(drop))?;
    let floor = Floor { name: "status, the same way", time: status };
    table.time(&format!("a plan for {PEOPLE} people"), plan.saturating_sub(status), Some(Duration::from_millis(10)));
    table.note("the same, asked through the API", &floor, plan);

    let log = home.path("floor.log");
    let mut log = OpenOptions::new().create(true).append(true).open(log)?;
    let synced = times(|_| {
        log.write_all(&[b'x'; 256])?;
        Ok(log.sync_data()?)
    })?;
    let change = times(|turn| {
        let id = usize::try_from(turn).ok().and_then(|turn| ids.get(turn)).map_or("", String::as_str);
        api.ask("POST", &format!("/v1/people/{id}/snooze"), Some(&json!({"days": 30}))).map(drop)
    })?;
    let floor = Floor { name: "status, and a line that is synced", time: status + synced };
    table.note("one change, asked through the API", &floor, change);
    let beside = change.saturating_sub(status + synced);
    table.time("one change, without these", beside, Some(Duration::from_micros(100)));
    daemon.stop(Duration::from_secs(30))?;
    Ok(())
}

fn times(mut work: impl FnMut(u64) -> Result<(), BenchError>) -> Result<Duration, BenchError> {
    let timed = (0..TURNS).map(|turn| {
        let watch = Stopwatch::start();
        work(turn).map(|()| watch.elapsed())
    });
    timed.collect::<Result<Vec<_>, _>>().map(median)
}
