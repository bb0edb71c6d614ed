//! kith itself, from outside: a fresh daemon, the set's files imported, and what the client tells of the people.

use std::fs;
use std::time::Duration;

use kith_tests::Home;
use kith_tests::wait::Stopwatch;
use serde_json::Value;

use super::dataset::Dataset;
use super::score::Groups;
use super::scripts::Scripts;
use super::{PeopleError, at};

/// Everyone who writes is a person; the generator's mails are to this owner.
const CONFIG: &str = "me = [\"me@kith.example\"]\nregion = \"DE\"\n[mail]\npeople = \"everyone\"\n";

/// What kith made of a set.
pub(super) struct Joined {
    /// The person of each record.
    pub(super) clusters: Groups,
    /// Whom the review asks about, two people a question; `None` where kith has no review.
    pub(super) questions: Option<Vec<(String, String)>>,
    /// How long the imports took, until every query sees them.
    pub(super) time: Duration,
}

/// Imports a set into a fresh home, and asks who the people are.
pub(super) fn join(scripts: &Scripts, dataset: &Dataset) -> Result<Joined, PeopleError> {
    let home = Home::new()?;
    let config = home.path("config/kith/config.toml");
    fs::write(&config, CONFIG).map_err(at(config))?;
    let _daemon = home.start()?;
    let watch = Stopwatch::start();
    for file in &dataset.files {
        home.run("kith", &["import", "--json", &file.to_string_lossy()])?;
    }
    let time = watch.elapsed();
    let export = home.run("kith", &["export", "--interactions"])?;
    let clusters = dataset.clusters(scripts, &export)?;
    Ok(Joined { clusters, questions: questions(&home), time })
}

/// Returns the questions of the review, where there is one.
fn questions(home: &Home) -> Option<Vec<(String, String)>> {
    let asked = home.json(&["review"]).ok()?;
    let side = |question: &Value, name| question.get(name)?.get("person")?.as_str().map(str::to_owned);
    Some(asked.iter().filter_map(|question| Some((side(question, "a")?, side(question, "b")?))).collect())
}
