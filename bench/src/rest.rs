//! What kith costs when nothing happens, how fast a dropped file is seen, and how much memory a large file takes.

use std::time::Duration;

use kith_tests::fixtures::{cards, person};
use kith_tests::wait::{Stopwatch, pause};
use kith_tests::{Home, wait_until};

use crate::api::Api;
use crate::data::{self, Data};
use crate::table::Table;
use crate::{BenchError, kith, process};

/// How long the daemon is left in peace before and while its context switches are counted.
const PEACE: Duration = Duration::from_secs(60);

/// How many small files are dropped one after the other.
const DROPS: u64 = 200;

/// Measures an idle daemon, after `data` was imported if there is some.
pub(crate) fn at_rest(table: &mut Table, data: Option<&Data>) -> Result<(), BenchError> {
    let home = Home::new()?;
    if let Some(data) = data {
        let daemon = home.start()?;
        kith::once(&home, data)?;
        daemon.stop(Duration::from_secs(30))?;
    }
    let daemon = home.start()?;
    let people = data.map_or(0, |data| data.items);
    eprintln!("at rest with {people} people: {} s", 2 * PEACE.as_secs());
    pause(PEACE);
    let before = process::switches(daemon.pid());
    pause(PEACE);
    let after = process::switches(daemon.pid());
    let (mut own, mut sled) = (0, 0);
    for (thread, count) in &after {
        let switched = count - before.get(thread).copied().unwrap_or_default().min(*count);
        if switched > 0 {
            eprintln!("  thread {}: {switched}", thread.1);
        }
        if is_sleds(&thread.1) { sled += switched } else { own += switched }
    }
    let goal = |limit: u64| (data.is_none()).then_some(limit);
    table.number(&format!("context switches a minute at rest, {people} people: kithd's own"), own, "", goal(2));
    table.number(&format!("context switches a minute at rest, {people} people: sled's"), sled, "", goal(10));
    let resident = process::memory_kb(daemon.pid(), "VmRSS") / 1_024;
    table.number(
        &format!("resident at rest, {people} people"),
        resident,
        "MB",
        Some(if people == 0 { 15 } else { 60 }),
    );
    Ok(())
}

fn is_sleds(thread: &str) -> bool {
    thread.contains("sled") || thread.contains("ebr") || thread.contains("flusher")
}

/// Measures from the moment a file is renamed into the drop folder until the API counts its record.
pub(crate) fn drop_to_visible(table: &mut Table) -> Result<(), BenchError> {
    let home = Home::new()?;
    let _daemon = home.start()?;
    let mut times = Vec::new();
    let mut api = Api::connect(&home)?;
    for number in 0..DROPS {
        let mut bytes = Vec::new();
        cards::card(&mut bytes, &person(number))?;
        let watch = Stopwatch::start();
        home.drop_file(&format!("{number}.vcf"), &bytes)?;
        while api.number("/v1/status", "records")? <= number {
            if watch.elapsed() > Duration::from_secs(30) {
                return Err(BenchError::Unexpected("a dropped file that is never seen".to_owned()));
            }
        }
        times.push(watch.elapsed());
    }
    times.sort();
    let at = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
    table.time("drop → visible, one card, median", at(50), None);
    table.time("drop → visible, one card, 99th percentile", at(99), Some(Duration::from_millis(5)));
    Ok(())
}

/// Measures the peak memory of daemon and worker while they import a million rows.
pub(crate) fn peak_of_a_million(table: &mut Table) -> Result<(), BenchError> {
    let data = data::connections(1_000_000)?;
    let home = Home::new()?;
    let daemon = home.start()?;
    eprintln!("a million rows");
    let mut client =
        home.command("kith").args(["import", "--json"]).arg(&data.path).stdout(std::process::Stdio::null()).spawn()?;
    let mut worker = 0;
    let watch = Stopwatch::start();
    wait_until("the million", Duration::from_secs(900), || {
        let peaks = process::children(daemon.pid()).into_iter().map(|child| process::memory_kb(child, "VmHWM"));
        worker = peaks.chain([worker]).max().unwrap_or_default();
        client.try_wait().ok().flatten()
    })?;
    table.time("1,000,000 LinkedIn rows, file → visible", watch.elapsed(), None);
    let peak = process::memory_kb(daemon.pid(), "VmHWM") / 1_024;
    table.number("1,000,000 LinkedIn rows: peak of the daemon", peak, "MB", None);
    table.number("1,000,000 LinkedIn rows: peak of the worker", worker / 1_024, "MB", None);
    table.number("1,000,000 LinkedIn rows: peak of both", peak + worker / 1_024, "MB", Some(300));
    Ok(())
}
