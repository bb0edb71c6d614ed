//! A whole importer plugin: reads one name a line from files that end in .names, and makes each a card.
//!
//! It uses no file, no thread and no network: docs/PLUGINS.md of kith says why.

use std::io::{self, BufRead};

use kith_plugin::card::{Card, Name};
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::emit::{Part, Place};
use kith_plugin::record::Record;
use kith_plugin::{Importer, Input, Output, Stop};

/// The longest line that is taken for a name, in bytes.
const NAME_LIMIT: usize = 1000;

struct Names;

impl Importer for Names {
    const NAME: &'static str = "names";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const ACCEPTS: &'static [&'static str] = &[".names"];

    /// How sure are we that we can read this, 0 to 100?
    fn probe(names: &[&str], _head: &[u8]) -> u8 {
        if names.iter().all(|name| name.ends_with(".names")) { 90 } else { 0 }
    }

    /// Says what the records belong to, then emits them file by file.
    fn import(input: &Input<'_>, out: &mut Output<'_>) -> Result<(), Stop> {
        out.part(&Part { source: "names".to_owned(), collection: "names".to_owned(), ..Part::default() })?;
        for (entry, file) in (0..).zip(input.entries()) {
            let mut reader = input.open(entry);
            let mut text = Vec::new();
            for line in 1.. {
                if !read_line(&mut reader, &mut text)? {
                    break;
                }
                emit_line(
                    Place { entry: u32::try_from(entry).unwrap_or_default(), position: line, line },
                    &file.name,
                    &text,
                    out,
                )?;
            }
        }
        Ok(())
    }
}

kith_plugin::export_importer!(Names);

/// Reads a line, and of one that is too long its beginning; `false` at the end.
fn read_line(reader: &mut impl BufRead, text: &mut Vec<u8>) -> io::Result<bool> {
    text.clear();
    let mut is_there = false;
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            return Ok(is_there);
        }
        is_there = true;
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let (length, room) = (end.unwrap_or(bytes.len()), NAME_LIMIT + 1 - text.len());
        text.extend_from_slice(&bytes[..length.min(room)]);
        reader.consume(end.map_or(length, |end| end + 1));
        if end.is_some() {
            return Ok(true);
        }
    }
}

/// Emits one line as a card. A bad line becomes a diagnostic, and the rest is kept.
fn emit_line(place: Place, path: &str, text: &[u8], out: &mut Output<'_>) -> Result<(), Stop> {
    let is_too_long = text.len() > NAME_LIMIT;
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    if text.is_empty() {
        return Ok(());
    }
    let problem = match str::from_utf8(text) {
        _ if is_too_long => "too long for a name",
        Err(_) => "not UTF-8",
        Ok(name) => {
            let card = Card { name: Name { full: Some(name.to_owned()), ..Name::default() }, ..Card::default() };
            return out.record(place, None, &Record::Card(Box::new(card)));
        }
    };
    let diagnostic = Diagnostic::refused(problem, "line left out").at_line(place.line);
    out.diagnostic(Diagnostic { path: path.to_owned(), ..diagnostic })
}

#[cfg(test)]
mod tests {
    use kith_plugin::testing::{Emitted, run};

    use super::*;

    #[test]
    fn a_bad_line_is_left_out_and_the_rest_is_kept() {
        let emitted = run::<Names>(&[("friends.names", b"Ana Silva\n\nJ\xf6rg\nBo Ek")]);
        assert_eq!(emitted.iter().filter(|emitted| matches!(emitted, Emitted::Record { .. })).count(), 2);
        assert!(emitted.iter().any(|emitted| matches!(emitted, Emitted::Diagnostic(_))));
    }
}
