//! `kith split`: which records of a person are somebody else.

use kith_proto::api::{Done, PersonRecord, SplitRequest};

use crate::args::Split;
use crate::client::{Client, segment};
use crate::commands::{ask, place, print_done, table};
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn run(split: Split, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let path = format!("/v1/people/{}", segment(&split.person));
    if split.away_from.is_some() || !split.record.is_empty() {
        let request = SplitRequest { records: split.record, away_from: split.away_from };
        return send(&path, &request, client, printer);
    }
    let records: Vec<PersonRecord> = client.get(&format!("{path}/records"))?;
    let numbers = if split.records.is_empty() {
        if printer.is_json() {
            return printer.object(&records);
        }
        match choose(&records, &split.person, printer)? {
            Some(numbers) => numbers,
            None => return Ok(()),
        }
    } else {
        split.records
    };
    let wrong = |number: &&usize| **number == 0 || **number > records.len();
    if let Some(number) = numbers.iter().find(wrong) {
        return Err(CliError::NoRecord { number: *number, records: records.len() });
    }
    let chosen = numbers.iter().filter_map(|number| records.get(number.checked_sub(1)?));
    let request = SplitRequest { records: chosen.map(|record| record.id.clone()).collect(), away_from: None };
    send(&path, &request, client, printer)
}

/// Prints a person's records with their numbers.
pub(super) fn print_records(printer: &mut Printer, records: &[PersonRecord]) -> Result<(), CliError> {
    let mut table = table(&["", "name", "reached by", "", "from"]);
    for (number, record) in (1..).zip(records) {
        let reached: Vec<&str> =
            record.emails.iter().chain(&record.phones).chain(&record.profiles).map(String::as_str).collect();
        let mut from = place(&record.source, &record.file, record.position);
        if !record.listed {
            from += ", no longer listed";
        }
        if record.said > 0 {
            from +=
                &format!(", {}", if record.said == 1 { "1 word of yours" } else { "words of yours, see kith words" });
        }
        table.add_row(vec![number.to_string(), record.name.clone(), reached.join("\n"), about(record), from]);
    }
    printer.line(table.to_string())
}

/// Returns what else tells a record from those of others: what they do, when they were born, where they live.
fn about(record: &PersonRecord) -> String {
    let born = record.birthdays.iter().map(|day| format!("born {day}"));
    let lines = record.headline.iter().cloned().chain(born).chain(record.addresses.iter().cloned());
    lines.collect::<Vec<_>>().join("\n")
}

fn send(path: &str, request: &SplitRequest, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let done: Done = client.post(&format!("{path}/split"), request)?;
    print_done(printer, &done)
}

/// Shows the records, and asks which are somebody else; `None` when nothing is to be done.
fn choose(records: &[PersonRecord], person: &str, printer: &mut Printer) -> Result<Option<Vec<usize>>, CliError> {
    if records.len() < 2 {
        printer.line("There is one record only; nothing can be split off it.")?;
        return Ok(None);
    }
    print_records(printer, records)?;
    if !printer.can_ask() {
        printer.line(format!("Say which of them are somebody else: kith split {person:?} --records 2,3"))?;
        return Ok(None);
    }
    loop {
        let question = "Which of them are somebody else? (numbers, as 2,3; Enter leaves all as it is) ";
        let line = ask(printer, question)?.unwrap_or_default();
        if line.is_empty() || line.eq_ignore_ascii_case("q") {
            printer.line("Nothing was changed.")?;
            return Ok(None);
        }
        match numbers(&line, records.len()) {
            Some(numbers) if numbers.len() == records.len() => {
                printer.line("Those are all of them: at least one must stay.")?;
            }
            Some(numbers) => return Ok(Some(numbers)),
            None => printer.line(format!("Write numbers from 1 to {}, parted by commas.", records.len()))?,
        }
    }
}

/// Reads numbers of records, each once; `None` when a word is no number of one.
fn numbers(line: &str, records: usize) -> Option<Vec<usize>> {
    let words = line.split([',', ' ']).filter(|word| !word.is_empty());
    let numbers = words.map(|word| word.parse().ok().filter(|number| (1..=records).contains(number)));
    let mut numbers = numbers.collect::<Option<Vec<usize>>>()?;
    numbers.sort_unstable();
    numbers.dedup();
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn father_and_son_are_told_apart_by_what_is_known_of_each() {
        let record = PersonRecord {
            headline: Some("Carpenter".to_owned()),
            birthdays: vec!["1950-02-01".to_owned()],
            addresses: vec!["Elm 1, 12345 Springfield".to_owned()],
            ..PersonRecord::default()
        };
        assert_eq!(about(&record), "Carpenter\nborn 1950-02-01\nElm 1, 12345 Springfield");
    }

    #[test]
    fn numbers_are_read_however_they_are_parted() {
        assert_eq!(numbers("2,3", 3), Some(vec![2, 3]));
        assert_eq!(numbers(" 3, 2 3", 3), Some(vec![2, 3]));
        assert_eq!(numbers("4", 3), None);
        assert_eq!(numbers("0", 3), None);
        assert_eq!(numbers("two", 3), None);
    }
}
