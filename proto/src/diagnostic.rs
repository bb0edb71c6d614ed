//! A diagnostic: something wrong in the user's data. It is data itself: collected and shown, never thrown.

use core::fmt;

use serde::{Deserialize, Serialize};

/// The longest value that a diagnostic quotes, in bytes.
pub const VALUE_LIMIT_BYTES: usize = 200;

/// Something wrong at one place of a source, and what was done about it.
///
/// Displays as a compiler would: `contacts.vcf:17: BDAY: not a date: "1985-13-40" (card kept without it)`.
/// As JSON it always has `line`, `property` and `value`, null where there is none, so that a script need not ask first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Diagnostic {
    /// The file, relative to what was imported; inside an archive `archive.zip/Connections.csv`.
    pub path: String,
    /// The line, from 1; in a binary format the ordinal of the item.
    pub line: Option<u64>,
    /// The property, column or header field.
    pub property: Option<String>,
    /// What is wrong, as a lower-case fragment: "not a date".
    pub problem: String,
    /// The value at fault, cut to [`VALUE_LIMIT_BYTES`].
    pub value: Option<String>,
    /// What was done, as a lower-case fragment: "card kept without it".
    pub consequence: String,
    /// Whether the whole item was left out.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub refused: bool,
}

impl Diagnostic {
    /// Returns a diagnostic of an item that is kept in spite of `problem`.
    #[must_use]
    pub fn kept(problem: impl Into<String>, consequence: impl Into<String>) -> Self {
        Self { problem: problem.into(), consequence: consequence.into(), ..Self::default() }
    }

    /// Returns a diagnostic of an item that is left out because of `problem`.
    #[must_use]
    pub fn refused(problem: impl Into<String>, consequence: impl Into<String>) -> Self {
        Self { refused: true, ..Self::kept(problem, consequence) }
    }

    /// Adds the line, from 1.
    #[must_use]
    pub const fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// Adds the property, column or header field.
    #[must_use]
    pub fn in_property(mut self, property: impl Into<String>) -> Self {
        self.property = Some(property.into());
        self
    }

    /// Adds the value at fault, cut to [`VALUE_LIMIT_BYTES`].
    #[must_use]
    pub fn with_value(mut self, value: &str) -> Self {
        self.value = Some(value.get(..cut(value)).unwrap_or_default().to_owned());
        self
    }
}

fn cut(value: &str) -> usize {
    let mut end = value.len().min(VALUE_LIMIT_BYTES);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    end
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(property) = &self.property {
            write!(f, ": {property}")?;
        }
        write!(f, ": {}", self.problem)?;
        if let Some(value) = &self.value {
            write!(f, ": {value:?}")?;
        }
        write!(f, " ({})", self.consequence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_like_a_compilers() {
        let diagnostic = Diagnostic {
            path: "contacts.vcf".to_owned(),
            ..Diagnostic::kept("not a date", "card kept without it")
                .at_line(17)
                .in_property("BDAY")
                .with_value("1985-13-40")
        };
        assert_eq!(diagnostic.to_string(), r#"contacts.vcf:17: BDAY: not a date: "1985-13-40" (card kept without it)"#);
    }

    #[test]
    fn cuts_a_long_value_between_characters() {
        let value = Diagnostic::kept("", "").with_value(&"ä".repeat(150)).value.unwrap();
        assert_eq!(value.chars().count(), 100);
    }
}
