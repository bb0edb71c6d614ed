//! What kith knows, as lines that can be compared: `kith export --jsonl --interactions`, sorted.

use serde_json::Value;

use crate::{HarnessError, Home};

/// What kith knows, one JSON object a line, sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    lines: Vec<String>,
}

/// Asks the daemon of `home` for everything it knows.
///
/// # Errors
/// When it does not answer.
pub fn export(home: &Home) -> Result<Export, HarnessError> {
    let text = home.run("kith", &["export", "--jsonl", "--interactions"])?;
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort();
    Ok(Export { lines })
}

impl Export {
    /// Returns the objects about people.
    #[must_use]
    pub fn people(&self) -> Vec<Value> {
        self.objects(|object| object.get("records").is_some())
    }

    /// Returns the objects about interactions.
    #[must_use]
    pub fn interactions(&self) -> Vec<Value> {
        self.objects(|object| object.get("interaction").is_some())
    }

    /// Returns the person with this display name.
    #[must_use]
    pub fn person(&self, name: &str) -> Option<Value> {
        self.people().into_iter().find(|person| person.get("name").and_then(Value::as_str) == Some(name))
    }

    /// Returns the records of all people from `source`, as (key, file, position).
    #[must_use]
    pub fn records(&self, source: &str) -> Vec<Value> {
        self.people()
            .iter()
            .filter_map(|person| person.get("records")?.as_array())
            .flatten()
            .filter(|record| record.get("source").and_then(Value::as_str) == Some(source))
            .cloned()
            .collect()
    }

    /// Returns how many lines there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.lines.len()
    }

    /// Returns whether nothing is known.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Returns the lines that only one of two exports has, at most ten of each: `-` of this one, `+` of `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Vec<String> {
        let only = |one: &Self, two: &Self, sign: char| {
            let lines = one.lines.iter().filter(|line| two.lines.binary_search(line).is_err());
            lines.take(10).map(|line| format!("{sign} {line}")).collect::<Vec<_>>()
        };
        let mut lines = only(self, other, '-');
        lines.extend(only(other, self, '+'));
        lines
    }

    /// Returns the same with each `from` in a line replaced by `to`: the home's own path, for one.
    #[must_use]
    pub fn replacing(&self, from: &str, to: &str) -> Self {
        let mut lines: Vec<String> = self.lines.iter().map(|line| line.replace(from, to)).collect();
        lines.sort();
        Self { lines }
    }

    fn objects(&self, wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
        self.lines.iter().filter_map(|line| serde_json::from_str(line).ok()).filter(wanted).collect()
    }
}
