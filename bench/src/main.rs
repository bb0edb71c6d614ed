//! `cargo xtask bench`: what kith costs, beside what the bare parsers cost, in one run and one table.
//!
//! `cargo xtask bench people` measures in its place how well records are joined; that is `kith_bench::people`.
//!
//! Floor and kith are measured in turns, each from a fresh start, and the median counts. `kith` is the real daemon, its
//! sandboxed worker and the real client; the floor is the parser alone in this process.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a bench prints its table")]

mod api;
mod data;
mod floor;
mod kith;
mod plan;
mod process;
mod rest;
mod table;
mod word;

use std::error::Error as _;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use kith_bench::people::{self, PeopleError};
use kith_tests::HarnessError;
use kith_tests::wait::Stopwatch;

use crate::table::{Floor, Table};

/// How often floor and kith take turns.
const TURNS: usize = 5;

/// Print what kith costs, beside what the bare parsers cost.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench", bin_name = "cargo xtask bench")]
struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print how well records of one person are joined, beside recordlinkage and Splink.
    People(people::Options),
    /// Print what a plan costs in a large address book, and what one change costs.
    Plan,
}

/// A measurement could not be made.
#[derive(Debug, thiserror::Error)]
enum BenchError {
    /// The daemon, or a file of its home.
    #[error(transparent)]
    Harness(#[from] HarnessError),
    /// A file.
    #[error("use a file")]
    File(#[from] std::io::Error),
    /// The floor's own CSV reader.
    #[error("read CSV")]
    Csv(#[from] csv::Error),
    /// The daemon answered with something else than what it was asked for.
    #[error("measure {0}")]
    Unexpected(String),
    /// How well records are joined.
    #[error(transparent)]
    People(#[from] PeopleError),
}

fn main() -> ExitCode {
    let measured = match Arguments::parse().what {
        None => costs(measure),
        Some(What::Plan) => costs(plan::measure),
        Some(What::People(options)) => people::run(&options).map_err(BenchError::from),
    };
    match measured {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("failed to {error}: {}", error.source().map(ToString::to_string).unwrap_or_default());
            ExitCode::FAILURE
        }
    }
}

fn costs(measure: impl FnOnce(&mut Table) -> Result<(), BenchError>) -> Result<(), BenchError> {
    let mut table = Table::default();
    let measured = measure(&mut table);
    println!("{table}");
    measured
}

fn measure(table: &mut Table) -> Result<(), BenchError> {
    let rows = data::connections(100_000)?;
    let (floor, kith) = in_turns(&rows, "csv + fsync'd log", floor::rows_into_a_log)?;
    table.ratio("100,000 LinkedIn rows, file → durable", &floor, kith.durable, 3.0);
    table.ratio("100,000 LinkedIn rows, file → visible", &floor, kith.visible, 10.0);
    let hashed = (0..TURNS).map(|_| timed(|| floor::read_and_hash(&rows.path))).collect::<Result<_, _>>()?;
    let hashed = Floor { name: "read and hash", time: median(hashed) };
    table.ratio("the same rows again", &hashed, kith.again, 2.0);

    let cards = data::cards(100_000)?;
    let (floor, kith) = in_turns(&cards, "calcard", floor::cards)?;
    table.ratio("100,000 cards, file → durable", &floor, kith.durable, 1.6);
    table.note("100,000 cards, file → visible", &floor, kith.visible);

    let mbox = data::mbox(50_000)?;
    let (floor, kith) = in_turns(&mbox, "mail-parser, headers", floor::headers)?;
    table.ratio("mbox of 50,000, file → durable", &floor, kith.durable, 1.7);
    table.note("mbox of 50,000, file → visible", &floor, kith.visible);

    plan::measure(table)?;
    rest::at_rest(table, None)?;
    rest::at_rest(table, Some(&rows))?;
    rest::drop_to_visible(table)?;
    rest::peak_of_a_million(table)
}

/// Measures `floor` and kith in turns; the medians of both.
fn in_turns(
    data: &data::Data,
    name: &'static str,
    floor: impl Fn(&std::path::Path) -> Result<u64, BenchError>,
) -> Result<(Floor, kith::Times), BenchError> {
    let (mut floors, mut kiths) = (Vec::new(), Vec::new());
    for turn in 0..TURNS {
        eprintln!("{}: turn {} of {TURNS}", data.name(), turn + 1);
        floors.push(timed(|| floor(&data.path))?);
        kiths.push(kith::import(data)?);
    }
    let times = kith::Times {
        durable: median(kiths.iter().map(|times| times.durable).collect()),
        visible: median(kiths.iter().map(|times| times.visible).collect()),
        again: median(kiths.iter().map(|times| times.again).collect()),
    };
    Ok((Floor { name, time: median(floors) }, times))
}

fn timed(work: impl Fn() -> Result<u64, BenchError>) -> Result<Duration, BenchError> {
    let watch = Stopwatch::start();
    let items = work()?;
    let elapsed = watch.elapsed();
    if items == 0 { Err(BenchError::Unexpected("a floor that read nothing".to_owned())) } else { Ok(elapsed) }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
