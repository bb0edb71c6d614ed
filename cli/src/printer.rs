//! Prints: words for people, JSON for programs; errors with their causes and a hint.

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use kith_proto::api::{PersonSummary, short_id};
use serde::Serialize;
use serde_json::json;

use crate::error::{CliError, FAILED, OK};

/// Where output goes, and in which form.
#[derive(Debug)]
pub(crate) struct Printer {
    json: bool,
    out: io::BufWriter<io::Stdout>,
}

impl Printer {
    pub(crate) fn new(json: bool) -> Self {
        Self { json, out: io::BufWriter::new(io::stdout()) }
    }

    /// Returns whether somebody sits at a terminal and can be asked.
    pub(crate) fn can_ask(&self) -> bool {
        !self.json && io::stdin().is_terminal() && io::stdout().is_terminal()
    }

    /// Returns whether programs read the output.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Prints a line of words.
    pub(crate) fn line(&mut self, line: impl AsRef<str>) -> Result<(), CliError> {
        Ok(writeln!(self.out, "{}", line.as_ref())?)
    }

    /// Prints one object, on one line.
    pub(crate) fn object<T: Serialize>(&mut self, value: &T) -> Result<(), CliError> {
        serde_json::to_writer(&mut self.out, value).map_err(io::Error::from)?;
        Ok(self.out.write_all(b"\n")?)
    }

    /// Prints bytes as they are.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), CliError> {
        Ok(self.out.write_all(bytes)?)
    }

    /// Prints an object for programs, or calls `words` for people.
    pub(crate) fn show<T: Serialize>(
        &mut self,
        value: &T,
        words: impl FnOnce(&mut Self, &T) -> Result<(), CliError>,
    ) -> Result<(), CliError> {
        if self.json { self.object(value) } else { words(self, value) }
    }

    /// Shows what is printed so far.
    pub(crate) fn flush(&mut self) -> Result<(), CliError> {
        Ok(self.out.flush()?)
    }

    pub(crate) fn end(&mut self) -> ExitCode {
        match self.out.flush() {
            Ok(()) => ExitCode::from(OK),
            Err(error) => self.fail(&CliError::Print(error)),
        }
    }

    /// Prints an error with its causes, and returns its exit code. A reader that has gone away is no error.
    pub(crate) fn fail(&mut self, error: &CliError) -> ExitCode {
        if let CliError::Print(cause) = error
            && cause.kind() == io::ErrorKind::BrokenPipe
        {
            return ExitCode::from(OK);
        }
        // Whoever stopped reading the output may still read the error.
        drop(self.out.flush());
        let text = if self.json { as_json(error) } else { in_words(error) };
        match io::stderr().write_all(text.as_bytes()) {
            Ok(()) => ExitCode::from(error.code()),
            Err(_) => ExitCode::from(FAILED),
        }
    }
}

fn as_json(error: &CliError) -> String {
    let value = json!({"error": format!("{}{}", failed(error), chain(error)), "hint": error.hint(), "code": error.code(), "candidates": error.candidates()});
    format!("{value}\n")
}

fn in_words(error: &CliError) -> String {
    let mut text = format!("kith: {}{}\n", failed(error), chain(error));
    for person in error.candidates() {
        text += &format!("  {}\n", one_of_several(person));
    }
    text + &error.hint().map(|hint| format!("hint: {hint}\n")).unwrap_or_default()
}

/// Returns a person so that they can be told from namesakes: the id, the name, what they do, and how they are reached.
pub(crate) fn one_of_several(person: &PersonSummary) -> String {
    let id = short_id(&person.id);
    let rest = person.headline.iter().chain(&person.reach).filter(|text| **text != person.name);
    rest.fold(format!("{id}  {}", person.name), |line, text| format!("{line}, {text}"))
}

/// Returns what stands before the words of an error that is a fragment.
fn failed(error: &CliError) -> &'static str {
    let is_a_sentence = matches!(error, CliError::Down(_) | CliError::Starting(_) | CliError::Unwell(_));
    if is_a_sentence { "" } else { "failed to " }
}

fn chain(error: &dyn core::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text += &format!(": {cause}");
        source = cause.source();
    }
    text
}
