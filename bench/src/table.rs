//! The table that is printed: what was measured, beside its floor and its goal.

use std::fmt;
use std::time::Duration;

use comfy_table::presets::UTF8_FULL_CONDENSED;

/// Rows of what was measured.
#[derive(Debug, Default)]
pub(crate) struct Table(Vec<[String; 5]>);

impl Table {
    /// Adds a time beside its floor, with how many times the floor it may be.
    pub(crate) fn ratio(&mut self, what: &str, floor: &Floor, kith: Duration, goal: f64) {
        let ratio = floor.ratio(kith);
        let met = if ratio <= goal { "met" } else { "not met" };
        self.row([what, &floor.show(), &show(kith), &format!("{ratio:.1}x"), &format!("{goal}x: {met}")]);
    }

    /// Adds a time beside its floor, without a goal.
    pub(crate) fn note(&mut self, what: &str, floor: &Floor, kith: Duration) {
        self.row([what, &floor.show(), &show(kith), &format!("{:.1}x", floor.ratio(kith)), ""]);
    }

    /// Adds a time without a floor.
    pub(crate) fn time(&mut self, what: &str, time: Duration, goal: Option<Duration>) {
        let goal = goal.map(|goal| format!("{}: {}", show(goal), if time <= goal { "met" } else { "not met" }));
        self.row([what, "", &show(time), "", &goal.unwrap_or_default()]);
    }

    /// Adds a number without a floor.
    pub(crate) fn number(&mut self, what: &str, number: u64, unit: &str, goal: Option<u64>) {
        let goal = goal.map(|goal| format!("{goal} {unit}: {}", if number <= goal { "met" } else { "not met" }));
        self.row([what, "", &format!("{number} {unit}"), "", &goal.unwrap_or_default()]);
    }

    fn row(&mut self, row: [&str; 5]) {
        self.0.push(row.map(str::to_owned));
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = comfy_table::Table::new();
        table.load_style(UTF8_FULL_CONDENSED).set_header(["what", "floor", "kith", "ratio", "goal"]);
        table.add_rows(self.0.iter().map(|row| row.iter()));
        table.fmt(f)
    }
}

/// What the same work costs without kith.
#[derive(Debug)]
pub(crate) struct Floor {
    /// What does the work.
    pub name: &'static str,
    /// How long it takes.
    pub time: Duration,
}

impl Floor {
    fn ratio(&self, kith: Duration) -> f64 {
        kith.as_secs_f64() / self.time.as_secs_f64().max(1e-9)
    }

    fn show(&self) -> String {
        format!("{} ({})", show(self.time), self.name)
    }
}

fn show(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1_000.0;
    match millis {
        1_000.0.. => format!("{:.2} s", millis / 1_000.0),
        1.0.. => format!("{millis:.1} ms"),
        _ => format!("{:.0} µs", millis * 1_000.0),
    }
}
