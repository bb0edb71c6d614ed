//! The list of friends in Facebook's archive: names, and since when.
//!
//! Facebook writes each byte of UTF-8 as if it were a character of its own: `Zo\u00c3\u00ab` is Zoë.

use std::io::Read as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use kith_plugin::card::{Card, Name};
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::emit::{Part, Place};
use kith_plugin::record::Record;
use kith_plugin::{Input, Output, Stop};
use serde_json::Value;

/// How large such a list may be; one of ten thousand friends has one MiB.
const LIMIT_BYTES: u64 = 64 * 1024 * 1024;

/// The names that the list goes by.
const LISTS: [&str; 2] = ["friends_v2", "friends"];

/// Reads the list.
pub(crate) fn import(input: &Input<'_>, index: usize, out: &mut Output<'_>) -> Result<(), Stop> {
    let mut text = Vec::new();
    input.open(index).take(LIMIT_BYTES + 1).read_to_end(&mut text)?;
    if text.len() as u64 > LIMIT_BYTES {
        return Err(Stop::refuse(format!("a list of friends larger than {} MiB is none", LIMIT_BYTES >> 20)));
    }
    let whole: Value = serde_json::from_slice(&text).map_err(|error| {
        let told = format!("the file ends or breaks off at line {}: it is no whole JSON", error.line());
        if error.is_eof() { Stop::truncated(told) } else { Stop::refuse(told) }
    })?;
    let list = LISTS.iter().find_map(|name| whole.get(name)?.as_array());
    let Some(list) = list else { return Err(Stop::refuse("there is no list of friends in it")) };
    out.part(&Part { source: "facebook".to_owned(), collection: "friends".to_owned(), ..Part::default() })?;
    let entry = u32::try_from(index).unwrap_or(u32::MAX);
    for (position, friend) in (1..).zip(list) {
        let mut say = |told: Diagnostic, value: String| {
            let path = input.path_of(index).to_owned();
            // A friend has an ordinal and no line.
            let problem = format!("friend {position}: {}", told.problem);
            out.diagnostic(Diagnostic { path, problem, ..told.with_value(&value) })
        };
        let name = friend.get("name").and_then(Value::as_str).map(mended).filter(|name| !name.trim().is_empty());
        let Some(name) = name else {
            say(Diagnostic::refused("no name", "left out").in_property("name"), friend.to_string())?;
            continue;
        };
        let since = friend.get("timestamp").filter(|value| !value.is_null());
        let connected_on = since.and_then(Value::as_i64).and_then(|second| Timestamp::from_second(second).ok());
        if let Some(value) = since.filter(|_| connected_on.is_none()) {
            let told = Diagnostic::kept("not a time", "friend kept without it").in_property("timestamp");
            say(told, value.to_string())?;
        }
        let card = Card {
            name: Name { full: Some(name), ..Name::default() },
            connected_on: connected_on.map(|at| at.to_zoned(TimeZone::UTC).date()),
            ..Card::default()
        };
        out.record(Place { entry, position, line: 0 }, None, &Record::Card(Box::new(card)))?;
    }
    Ok(())
}

/// Puts bytes that were written as characters together again; a text that is none of that stays as it is.
fn mended(text: &str) -> String {
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_written_as_bytes_are_mended_and_others_left_alone() {
        assert_eq!(mended("Zo\u{c3}\u{ab}"), "Zoë");
        assert_eq!(mended("\u{e7}\u{8e}\u{8b}"), "王");
        assert_eq!(mended("Zoë"), "Zoë");
        assert_eq!(mended("王"), "王");
        assert_eq!(mended("Ana"), "Ana");
    }
}
