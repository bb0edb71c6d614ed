//! The table that is printed: what was measured, beside its floor and its goal.

use std::fmt;
use std::time::Duration;

use comfy_table::presets::UTF8_FULL_CONDENSED;

/// Rows of what was measured.
#[derive(Debug, Default)]
pub(crate) struct Table(Vec<[String; 5]>);

impl Table {
    /// Adds a time beside its floor, with how many times the floor it may be.
    pub(crate) fn ratio(&mut self, what: &str, floor_name: &str, floor: Duration, kith: Duration, goal: f64) {
        let ratio = kith.as_secs_f64() / floor.as_secs_f64().max(1e-9);
        let met = if ratio <= goal { "met" } else { "not met" };
        self.row(what, &beside(floor_name, floor), &show(kith), &format!("{ratio:.1}x"), &format!("{goal}x: {met}"));
    }

    /// Adds a time beside its floor, without a goal.
    pub(crate) fn note(&mut self, what: &str, floor_name: &str, floor: Duration, kith: Duration) {
        let ratio = kith.as_secs_f64() / floor.as_secs_f64().max(1e-9);
        self.row(what, &beside(floor_name, floor), &show(kith), &format!("{ratio:.1}x"), "");
    }

    /// Adds a time without a floor.
    pub(crate) fn time(&mut self, what: &str, time: Duration, goal: Option<Duration>) {
        let goal = goal.map(|goal| format!("{}: {}", show(goal), if time <= goal { "met" } else { "not met" }));
        self.row(what, "", &show(time), "", &goal.unwrap_or_default());
    }

    /// Adds a number without a floor.
    pub(crate) fn number(&mut self, what: &str, number: u64, unit: &str, goal: Option<u64>) {
        let goal = goal.map(|goal| format!("{goal} {unit}: {}", if number <= goal { "met" } else { "not met" }));
        self.row(what, "", &format!("{number} {unit}"), "", &goal.unwrap_or_default());
    }

    fn row(&mut self, what: &str, floor: &str, kith: &str, ratio: &str, goal: &str) {
        let row = [what, floor, kith, ratio, goal].map(str::to_owned);
        self.0.push(row);
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

fn beside(name: &str, time: Duration) -> String {
    format!("{} ({name})", show(time))
}

fn show(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1_000.0;
    if millis >= 1_000.0 { format!("{:.2} s", millis / 1_000.0) } else { format!("{millis:.1} ms") }
}
