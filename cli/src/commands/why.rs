//! `kith why`: why records are one person, and where what is shown of them comes from.

use std::collections::BTreeMap;

use kith_proto::api::{FieldValue, FieldWhy, RecordLink, ReminderWhy, Why};

use crate::client::{Client, segment};
use crate::commands::split::print_records;
use crate::commands::{day, day_and_time, place, print_undo, table};
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn run(person: &str, field: Option<&str>, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let query = field.map(|field| format!("?field={}", segment(field))).unwrap_or_default();
    let why: Why = client.get(&format!("/v1/people/{}/why{query}", segment(person)))?;
    match field {
        Some(_) => printer.show(&why, print_field),
        None => printer.show(&why, print),
    }
}

pub(super) fn reminder(person: &str, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let why: ReminderWhy = client.get(&format!("/v1/people/{}/why/reminder", segment(person)))?;
    printer.show(&why, |printer, why| {
        printer.line(&why.person.name)?;
        why.why.iter().try_for_each(|sentence| printer.line(format!("  {sentence}")))?;
        let Some(next) = &why.next else {
            return printer.line("No reminder of them within three months, as things stand.");
        };
        printer.line(format!("Next: {}", next.at.map(day_and_time).unwrap_or_default()))?;
        next.reasons.iter().try_for_each(|reason| printer.line(format!("  {reason}")))
    })
}

fn print(printer: &mut Printer, why: &Why) -> Result<(), CliError> {
    let name = &why.person.name;
    match why.records.len() {
        1 => printer.line(format!("{name}: one record"))?,
        records => printer.line(format!("{name}: one person, of {records} records"))?,
    }
    print_records(printer, &why.records)?;
    if why.records.len() > 1 {
        printer.line("")?;
        print_links(printer, why)?;
    }
    printer.line("")?;
    let mut table = table(&["shown", "", "says", "others"]);
    for field in &why.fields {
        let Some(first) = field.values.first() else { continue };
        let others = others(field);
        let others = if others == 0 { String::new() } else { others.to_string() };
        table.add_row(vec![field.field.clone(), first.value.clone(), says(first), others]);
    }
    printer.line(table.to_string())?;
    if !why.changes.is_empty() {
        printer.line("")?;
    }
    for change in &why.changes {
        printer.line(format!("  {}  {} ({})", day(change.seen), change.text, change.source))?;
    }
    printer.line("")?;
    printer.line(format!("One field with all its values: kith why {name:?} email"))
}

fn print_links(printer: &mut Printer, why: &Why) -> Result<(), CliError> {
    let numbers: BTreeMap<&str, usize> = why.records.iter().map(|record| record.id.as_str()).zip(1..).collect();
    // What is gone has no number, and stands last.
    let number = |id: &String| numbers.get(id.as_str()).copied().unwrap_or(usize::MAX);
    let called =
        |number: usize| if number == usize::MAX { "a record that is gone".to_owned() } else { number.to_string() };
    for link in &why.links {
        let (a, b) = (number(&link.a), number(&link.b));
        printer.line(format!("  {} and {}: {}", called(a.min(b)), called(a.max(b)), in_words(link)))?;
        print_undo(printer, link.fact.as_slice())?;
    }
    Ok(())
}

fn in_words(link: &RecordLink) -> String {
    let told = link
        .reasons
        .iter()
        .map(|reason| if reason.bits < 0.0 { format!("though {}", reason.words) } else { reason.words.clone() });
    told.collect::<Vec<_>>().join("; ")
}

/// Returns how many other values there are than the first.
fn others(field: &FieldWhy) -> usize {
    let mut values: Vec<&str> = field.values.iter().map(|value| value.value.as_str()).collect();
    values.sort_unstable();
    values.dedup();
    values.len().saturating_sub(1)
}

fn print_field(printer: &mut Printer, why: &Why) -> Result<(), CliError> {
    let Some(field) = why.fields.first() else { return Ok(()) };
    if field.values.is_empty() {
        return printer.line(format!("{}: no {} is known", why.person.name, field.field));
    }
    printer.line(format!("{}, {}: {}", why.person.name, field.field, field.rule))?;
    let mut table = table(&["", "", "says"]);
    for value in &field.values {
        let mark = if value.shown { "shown" } else { "kept" };
        table.add_row(vec![mark.to_owned(), value.value.clone(), says(value)]);
    }
    printer.line(table.to_string())
}

/// Says who says a value, and since when.
fn says(value: &FieldValue) -> String {
    let seen = value.seen.map(|seen| format!(", {}", day(seen))).unwrap_or_default();
    format!("{}{seen}", place(&value.source, &value.file, value.position))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_value_from_another_file_is_no_other() {
        let value = |text: &str| FieldValue { value: text.to_owned(), ..FieldValue::default() };
        let values = vec![value("Ana Silva"), value("Ana"), value("Ana Silva")];
        assert_eq!(others(&FieldWhy { values, ..FieldWhy::default() }), 1);
    }

    #[test]
    fn the_users_word_is_called_so_with_its_day() {
        let seen = "2026-11-02T10:00:00Z".parse().ok();
        assert_eq!(says(&FieldValue { source: "you".to_owned(), seen, ..FieldValue::default() }), "you, 2026-11-02");
    }
}
