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
use crate::{BenchError, data, kith, median, word};

/// How many people there are, and how many messages with some of them.
const PEOPLE: u64 = 100_000;
const MESSAGES: u64 = 50_000;
/// How many are in circles.
const IN_CIRCLES: u64 = 1_000;
/// How many of them look for something, how many others offer something, and how much the owner offers.
const NEEDS: u64 = 30;
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
    for number in 0..NEEDS {
        let of = |no: u64| usize::try_from(no).ok().and_then(|no| ids.get(no)).map_or("", String::as_str);
        let mut wish = |kind: &str, person: Option<&str>, text: String| {
            let wish = json!({"kind": kind, "person": person, "text": text});
            api.ask("POST", "/v1/wishes", Some(&wish)).map(drop)
        };
        wish("need", Some(of(number)), format!("a mentor for project {number}"))?;
        wish("offer", Some(of(number + NEEDS)), format!("mentoring of project {number}"))?;
        wish("offer", None, format!("project {number}"))?;
    }
    // What an import leaves to be done is done.
    pause(Duration::from_secs(10));
    if api.ask("GET", "/v1/plan?days=1", None)?.as_array().is_none_or(Vec::is_empty) {
        return Err(BenchError::Unexpected("a plan that names somebody".to_owned()));
    }
    // The season is a word, and costs nothing but the asking.
    let asking = times(|_| api.ask("GET", "/v1/season", None).map(drop))?;
    let plan = times(|_| api.ask("GET", "/v1/plan?days=1", None).map(drop))?;
    let floor = Floor { name: "asking for the season", time: asking };
    table.time(&format!("a plan for {PEOPLE} people"), plan.saturating_sub(asking), Some(Duration::from_millis(10)));
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
    let floor = Floor { name: "asking, and a line that is synced", time: asking + synced };
    table.note("one change, asked through the API", &floor, change);
    daemon.stop(Duration::from_secs(30))?;
    word::measure(table, PEOPLE)
}

fn times(mut work: impl FnMut(u64) -> Result<(), BenchError>) -> Result<Duration, BenchError> {
    let timed = (0..TURNS).map(|turn| {
        let watch = Stopwatch::start();
        work(turn).map(|()| watch.elapsed())
    });
    timed.collect::<Result<Vec<_>, _>>().map(median)
}
