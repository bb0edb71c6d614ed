//! The table of how well records are joined, as text and as JSON.

use std::fmt;
use std::time::Duration;

use comfy_table::presets::UTF8_FULL_CONDENSED;
use serde::Serialize;

use super::score::Score;

const HEADER: [&str; 12] = [
    "records of",
    "joined by",
    "records",
    "precision",
    "recall",
    "F1",
    "share of ideal",
    "traps merged",
    "asked",
    "recall, answered",
    "F1, answered",
    "time",
];

/// What was measured.
#[derive(Debug, Default, Serialize)]
pub(super) struct Table(pub(super) Vec<Row>);

/// How one tool joined one set.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    /// The set.
    pub(super) dataset: String,
    /// What joined it.
    pub(super) tool: &'static str,
    /// How many records it has.
    pub(super) records: usize,
    /// How well.
    pub(super) score: Score,
    /// How many questions the review asks; `None` without a review.
    pub(super) asked: Option<usize>,
    /// The recall, if each question is answered with the truth.
    pub(super) recall_answered: Option<f64>,
    /// How long it took.
    #[serde(rename = "seconds", serialize_with = "seconds")]
    pub(super) time: Duration,
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = comfy_table::Table::new();
        table.load_style(UTF8_FULL_CONDENSED).set_header(HEADER);
        table.add_rows(self.0.iter().map(Row::cells));
        table.fmt(f)
    }
}

impl Row {
    /// F1 of what was joined and what the user's answers add; the answers' own pairs count for recall only.
    fn f1_answered(&self) -> Option<f64> {
        let precision = self.score.precision;
        self.recall_answered.map(|recall| 2.0 * precision * recall / (precision + recall))
    }

    fn cells(&self) -> [String; 12] {
        let none = || "-".to_owned();
        let traps: Vec<String> =
            self.score.traps.iter().map(|(kind, (merged, all))| format!("{kind} {merged}/{all}")).collect();
        [
            self.dataset.clone(),
            self.tool.to_owned(),
            self.records.to_string(),
            format!("{:.4}", self.score.precision),
            format!("{:.4}", self.score.recall),
            format!("{:.4}", self.score.f1),
            self.score.share_of_ideal.map_or_else(none, |share| format!("{share:.4}")),
            if traps.is_empty() { none() } else { traps.join("\n") },
            self.asked.map_or_else(none, |asked| asked.to_string()),
            self.recall_answered.map_or_else(none, |recall| format!("{recall:.4}")),
            self.f1_answered().map_or_else(none, |f1| format!("{f1:.4}")),
            format!("{:.1} s", self.time.as_secs_f64()),
        ]
    }
}

fn seconds<S: serde::Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs_f64())
}
