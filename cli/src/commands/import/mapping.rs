//! `kith import --map` and `--map-file`: which column of a table is what, proposed, asked about, and kept.

use std::fs;
use std::io::{self, BufRead as _};
use std::path::{Path, PathBuf};

use kith_proto::api::{ImportEvent, ImportReport, ImportRequest, MapKept, MapRequest};
use kith_proto::column::{self, SKIP};
use serde::Serialize;

use crate::client::Client;
use crate::error::CliError;
use crate::printer::Printer;

/// How much of an example is shown.
const EXAMPLE_CHARS: usize = 40;

/// A column of a table, and what it is to be read as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Column {
    name: String,
    #[serde(rename = "as")]
    meaning: String,
    example: String,
}

/// What a table's columns would be read as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Proposal {
    file: String,
    header: bool,
    columns: Vec<Column>,
}

/// Has the mapping in a file checked, and kept. Returns it.
pub(super) fn take(path: &Path, dry_run: bool, client: &Client, printer: &mut Printer) -> Result<String, CliError> {
    let text = fs::read_to_string(path);
    let text = text.map_err(|source| CliError::File { doing: "read", path: path.to_owned(), source })?;
    keep(&text, &path.display().to_string(), dry_run, client, printer)?;
    Ok(text)
}

/// Proposes a mapping for the first of the files. Returns it when the user has agreed to it; where there is nobody to ask it
/// is printed, and `None` returned.
pub(super) fn make(
    files: &[PathBuf],
    dry_run: bool,
    client: &Client,
    printer: &mut Printer,
) -> Result<Option<String>, CliError> {
    let Some(file) = files.first() else { return Ok(None) };
    let mut proposal = propose(file, client)?;
    if !printer.can_ask() {
        printer.show(&proposal, |printer, proposal| printer.bytes(to_toml(proposal).as_bytes()))?;
        return Ok(None);
    }
    let answered = ask(&mut proposal, |words| {
        printer.bytes(words.as_bytes())?;
        printer.flush()?;
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line)?;
        Ok((read > 0).then(|| line.trim().to_owned()))
    })?;
    if !answered {
        printer.line("Nothing was imported.")?;
        return Ok(None);
    }
    let text = to_toml(&proposal);
    keep(&text, "", dry_run, client, printer)?;
    Ok(Some(text))
}

/// Has a mapping checked, and kept unless this is a trial.
fn keep(text: &str, path: &str, dry_run: bool, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let request = MapRequest { path: path.to_owned(), text: text.to_owned(), dry_run };
    let answer: MapKept = client.post("/v1/maps", &request)?;
    let Some(kept) = answer.kept else { return Ok(()) };
    if printer.is_json() {
        return Ok(());
    }
    printer.line(format!("The mapping is kept in {kept}, and used whenever this header comes again."))?;
    printer.flush()
}

/// Asks kithd what the columns would be read as.
fn propose(file: &Path, client: &Client) -> Result<Proposal, CliError> {
    let Some(path) = super::absolute(file) else { return Err(CliError::NotImported(file.display().to_string())) };
    let request = ImportRequest { paths: vec![path], propose: true, ..ImportRequest::default() };
    let mut found: Option<Box<ImportReport>> = None;
    client.lines(Some(&request), "/v1/imports", |line| {
        match serde_json::from_slice(line).map_err(CliError::Answer)? {
            ImportEvent::Report(report) => found = Some(report),
            ImportEvent::Progress(_) => {}
        }
        Ok(())
    })?;
    let report = found.unwrap_or_default();
    if let Some(problem) = report.problem {
        return Err(CliError::NotMapped { file: report.file, problem });
    }
    if report.diagnostics_left_out > 0 {
        let problem = "it has more columns than a mapping can name".to_owned();
        return Err(CliError::NotMapped { file: report.file, problem });
    }
    let told = report.diagnostics.into_iter().filter(|told| column::meaning(&told.problem).is_some());
    let (mut header, mut columns) = (true, Vec::new());
    for told in told {
        header &= told.line.is_some();
        let (name, example) = (told.property.unwrap_or_default(), told.value.unwrap_or_default());
        columns.push(Column { name, meaning: told.problem, example });
    }
    Ok(Proposal { file: report.file, header, columns })
}

/// Goes through the columns; `answer` puts a question and returns what was typed, or nothing at the end of the input.
/// Returns whether the user went through to the end.
fn ask(
    proposal: &mut Proposal,
    mut answer: impl FnMut(&str) -> Result<Option<String>, CliError>,
) -> Result<bool, CliError> {
    let mut before = format!(
        "{}: {} columns. Enter keeps what is proposed, - skips the column, ? lists what a column may be, q ends.\n",
        proposal.file,
        proposal.columns.len()
    );
    for column in &mut proposal.columns {
        loop {
            let question = format!("{before}  {}{} [{}] ", column.name, example(&column.example), column.meaning);
            before.clear();
            let Some(typed) = answer(&question)? else { return Ok(false) };
            match typed.as_str() {
                "" => break,
                "q" | "Q" => return Ok(false),
                "-" => {
                    SKIP.clone_into(&mut column.meaning);
                    break;
                }
                "?" => before = meanings(),
                word => {
                    if let Some(meaning) = column::meaning(word) {
                        meaning.name.clone_into(&mut column.meaning);
                        break;
                    }
                    before = format!("  {word:?} is nothing that a column may be; ? lists what it may.\n");
                }
            }
        }
    }
    Ok(true)
}

fn example(example: &str) -> String {
    let line = example.lines().next().unwrap_or_default();
    let cut: String = line.chars().filter(|c| !c.is_control()).take(EXAMPLE_CHARS).collect();
    if cut.is_empty() { String::new() } else { format!(" ({cut})") }
}

fn meanings() -> String {
    column::MEANINGS.iter().map(|meaning| format!("    {:24} {}\n", meaning.name, meaning.what)).collect()
}

/// Writes a mapping as a file that a person may change.
fn to_toml(proposal: &Proposal) -> String {
    let names: Vec<&str> = column::MEANINGS.iter().map(|meaning| meaning.name).collect();
    let mut text =
        String::from("# What each column is read as. Save this, change it, and give it with: kith import --map-file\n");
    let mut line = String::from("# `as` is one of:");
    for name in names {
        if line.len() + name.len() > 110 {
            text += &line;
            text.push('\n');
            line = "#  ".to_owned();
        }
        line = format!("{line} {name}");
    }
    text += &format!("{line}\n\nheader = {}\n", proposal.header);
    for column in &proposal.columns {
        let comment =
            if column.example.is_empty() { String::new() } else { format!("  #{}", example(&column.example)) };
        text += &format!("\n[[column]]\nname = {}\nas = {}{comment}\n", quoted(&column.name), quoted(&column.meaning));
    }
    text
}

/// A text as TOML writes it in quotes.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted += "\\\"",
            '\\' => quoted += "\\\\",
            c if c.is_control() => quoted += &format!("\\u{:04X}", u32::from(c)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposal() -> Proposal {
        let column = |name: &str, meaning: &str, example: &str| Column {
            name: name.to_owned(),
            meaning: meaning.to_owned(),
            example: example.to_owned(),
        };
        let columns =
            vec![column("Wer", "name", "Ana Silva"), column("a \"b\"", "beside", "x\ny"), column("E", "email", "")];
        Proposal { file: "club.csv".to_owned(), header: true, columns }
    }

    #[track_caller]
    fn check(answers: &[&str], expected: &[&str], through: bool) {
        let (mut proposal, mut answers) = (proposal(), answers.iter());
        let done = ask(&mut proposal, |_| Ok(answers.next().map(|answer| (*answer).to_owned()))).unwrap();
        let meanings: Vec<&str> = proposal.columns.iter().map(|column| column.meaning.as_str()).collect();
        assert_eq!((meanings.as_slice(), done), (expected, through));
    }

    #[test]
    fn each_column_is_kept_changed_or_skipped() {
        check(&["", "", ""], &["name", "beside", "email"], true);
        check(&["name.given", "-", "email.work"], &["name.given", "skip", "email.work"], true);
        check(&["?", "", "shoe", "notes", ""], &["name", "notes", "email"], true);
        check(&["nickname", "q"], &["nickname", "beside", "email"], false);
        check(&["nickname"], &["nickname", "beside", "email"], false);
    }

    #[test]
    fn a_mapping_is_written_so_that_it_reads_back() {
        let text = to_toml(&proposal());
        let end = text.split("\n\n").skip(1).collect::<Vec<_>>().join("\n\n");
        assert_eq!(
            end,
            "header = true\n\n[[column]]\nname = \"Wer\"\nas = \"name\"  # (Ana Silva)\n\n[[column]]\nname = \"a \\\"b\\\"\"\n\
             as = \"beside\"  # (x)\n\n[[column]]\nname = \"E\"\nas = \"email\"\n"
        );
    }
}
