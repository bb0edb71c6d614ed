//! `cargo xtask bench people`: its options, and what is measured in which order.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs};

use clap::Args;
use serde::Deserialize;

use super::dataset::{self, Dataset};
use super::joined;
use super::learn;
use super::prepare::{LEARN_SEED, prepare};
use super::score::{self, Groups};
use super::scripts::Scripts;
use super::speed;
use super::table::{Row, Table};
use super::{PeopleError, at};

/// The tools that run beside kith.
const PEERS: [&str; 2] = ["recordlinkage", "splink"];

/// The largest set that peers are given: recordlinkage keeps each pair in memory.
const PEERS_LIMIT: usize = 20_000;

/// What is measured.
#[derive(Debug, Args)]
pub struct Options {
    /// The seeds of the generated sets; 1 to 20 are for learning.
    #[arg(long, value_delimiter = ',', default_values_t = [101, 102, 103])]
    seeds: Vec<u32>,
    /// How many records a generated set has.
    #[arg(long, default_value_t = 10_000)]
    records: u32,
    /// How many records the large set has, of the first seed, for kith alone; 0 for none.
    #[arg(long, default_value_t = 100_000)]
    large: u32,
    /// Leave recordlinkage and Splink out.
    #[arg(long)]
    no_peers: bool,
    /// Write what was measured to this file, too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the sets to learn from to this folder, and measure nothing.
    #[arg(long, value_name = "DIR")]
    prepare: Option<PathBuf>,
    /// Learn how much each level weighs, write it to this file, and measure nothing.
    #[arg(long, value_name = "FILE")]
    learn: Option<PathBuf>,
    /// Measure how fast the resolver is by itself, and nothing else.
    #[arg(long)]
    speed: bool,
}

/// Measures, and prints the table.
///
/// # Errors
/// When a set cannot be made or kith cannot be run.
pub fn run(options: &Options) -> Result<(), PeopleError> {
    let folder = folder()?;
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    let scripts = Scripts::new(&folder);
    if let Some(folder) = &options.prepare {
        return prepare(&scripts, options.records, folder);
    }
    if let Some(file) = &options.learn {
        let sets = folder.join("learn");
        prepare(&scripts, options.records, &sets)?;
        let weights = learn::learn(&learn::lessons(&sets)?);
        return fs::write(file, learn::table(&weights)).map_err(at(file));
    }
    if options.speed {
        return speed::run(&scripts, &folder);
    }
    let work = tempfile::tempdir_in(&folder).map_err(at(&folder))?;
    let mut bench =
        Bench { scripts, work: work.path().to_path_buf(), peers: !options.no_peers, table: Table::default() };
    let measured = bench.measure(options);
    println!("{}", bench.table);
    if let Some(file) = &options.json {
        let json = serde_json::to_string_pretty(&bench.table).map_err(|error| at(file)(error.into()))?;
        fs::write(file, json).map_err(at(file))?;
    }
    measured
}

/// Returns where what is kept from run to run lies: `target/people`.
fn folder() -> Result<PathBuf, PeopleError> {
    let own = env::current_exe().map_err(at("/proc/self/exe"))?;
    let target = own.ancestors().nth(2).map(PathBuf::from).unwrap_or_default();
    Ok(target.join("people"))
}

struct Bench {
    scripts: Scripts,
    work: PathBuf,
    peers: bool,
    table: Table,
}

/// What `people.py` says when it has joined.
#[derive(Debug, Deserialize)]
struct Told {
    seconds: f64,
}

impl Bench {
    fn measure(&mut self, options: &Options) -> Result<(), PeopleError> {
        let installed = self.scripts.install();
        if let Err(error) = &installed {
            println!("neither FEBRL's sets nor peers, as they cannot be installed: {error}");
        }
        self.peers &= installed.is_ok();
        if self.scripts.has_generators() {
            self.generated(options)?;
        } else {
            println!("no generators in ../shared/gen: generated sets are left out");
        }
        if installed.is_ok() { self.febrl() } else { Ok(()) }
    }

    fn generated(&mut self, options: &Options) -> Result<(), PeopleError> {
        let learn = self.work.join("learn");
        if self.peers {
            self.scripts.generate(options.records, LEARN_SEED, &learn)?;
        }
        for seed in &options.seeds {
            let dataset = Dataset::generated(&self.scripts, options.records, *seed, &self.work)?;
            self.set(&dataset, &learn.join("records.csv"))?;
        }
        match options.seeds.first() {
            Some(seed) if options.large > 0 => {
                let dataset = Dataset::generated(&self.scripts, options.large, *seed, &self.work)?;
                self.set(&dataset, &learn.join("records.csv"))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn febrl(&mut self) -> Result<(), PeopleError> {
        self.scripts.people("febrl", &[&self.work])?;
        for (name, tables) in [("FEBRL 3", &["febrl3.csv"][..]), ("FEBRL 4", &["febrl4a.csv", "febrl4b.csv"])] {
            let dataset = Dataset::febrl(name, tables, &self.work)?;
            self.set(&dataset, &self.work.join("febrl1.csv"))?;
        }
        Ok(())
    }

    /// Has kith and its peers join a set; a peer that fails is said and left out.
    fn set(&mut self, dataset: &Dataset, learn: &Path) -> Result<(), PeopleError> {
        eprintln!("{}: kith", dataset.name);
        let joined = joined::join(&self.scripts, dataset)?;
        self.row(dataset, "kith", &joined.clusters, joined.time)?;
        if let (Some(questions), Some(row)) = (joined.questions, self.table.0.last_mut()) {
            let answered = score::answered(&joined.clusters, &questions, &dataset.truth);
            row.asked = Some(questions.len());
            row.recall_answered = Some(score::pairwise(&answered, &dataset.truth).recall);
        }
        for peer in PEERS {
            if self.peers && dataset.truth.len() <= PEERS_LIMIT {
                eprintln!("{}: {peer}", dataset.name);
                match self.peer(peer, dataset, learn) {
                    Ok((clusters, time)) => self.row(dataset, peer, &clusters, time)?,
                    Err(error) => println!("{} without {peer}: {error}", dataset.name),
                }
            }
        }
        Ok(())
    }

    fn peer(&self, peer: &str, dataset: &Dataset, learn: &Path) -> Result<(Groups, Duration), PeopleError> {
        let out = self.work.join("peer.csv");
        let mut arguments = vec![Path::new(dataset.kind.as_str()), learn, &out];
        arguments.extend(dataset.tables.iter().map(PathBuf::as_path));
        let printed = self.scripts.people(peer, &arguments)?;
        let told: Told = serde_json::from_str(printed.lines().last().unwrap_or_default())
            .map_err(|error| super::unlike(Path::new("people.py"), error.to_string()))?;
        Ok((dataset::groups(&out)?, Duration::try_from_secs_f64(told.seconds).unwrap_or_default()))
    }

    fn row(
        &mut self,
        dataset: &Dataset,
        tool: &'static str,
        joined: &Groups,
        time: Duration,
    ) -> Result<(), PeopleError> {
        let score = dataset.score(&self.scripts, joined)?;
        let (name, records) = (dataset.name.clone(), dataset.truth.len());
        self.table.0.push(Row { dataset: name, tool, records, score, asked: None, recall_answered: None, time });
        Ok(())
    }
}
