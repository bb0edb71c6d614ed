//! LDIF (RFC 2849): entries parted by empty lines, each line a name and a value, a long line folded with a space before its
//! continuation, values in base64 behind `::`.

use std::io::{BufRead as _, Read as _};

use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::emit::{Part, Place};
use kith_plugin::record::Record;
use kith_plugin::{Input, Output, Reader, Stop};

use crate::base64;
use crate::entry::{Draft, Value};

/// How large an entry may be, photos too.
const ENTRY_LIMIT_BYTES: usize = 12 * 1024 * 1024;

/// Where the reading is.
struct File<'i> {
    reader: Reader<'i>,
    path: String,
    line: u64,
}

/// Lines of an entry, each unfolded, with where it begins.
type Lines = Vec<(u64, Vec<u8>)>;

/// Reads an address book.
pub(crate) fn import(input: &Input<'_>, index: usize, out: &mut Output<'_>) -> Result<(), Stop> {
    out.part(&Part { source: "ldif".to_owned(), collection: "contacts".to_owned(), ..Part::default() })?;
    let mut file = File { reader: input.open(index), path: input.path_of(index).to_owned(), line: 0 };
    let entry = u32::try_from(index).unwrap_or(u32::MAX);
    let (mut position, mut lists) = (0, 0);
    while let Some(lines) = file.next_entry(out)? {
        let Some((line, _)) = lines.first() else { continue };
        let (line, mut draft) = (*line, Draft::default());
        for (at, text) in &lines {
            attribute((*at, text), &file.path, &mut draft, out)?;
        }
        // The first block may hold the version only.
        if draft.is_empty() {
            continue;
        }
        position += 1;
        if draft.is_list() {
            lists += 1;
        } else if let Some(change) = draft.change() {
            let told = Diagnostic::refused("a change to a directory is no entry of an address book", "left out");
            say(told.at_line(line).with_value(change), &file.path, out)?;
        } else {
            card(draft, Place { entry, position, line }, &file.path, out)?;
        }
    }
    if lists > 0 {
        out.tally("mailing list", lists)?;
    }
    Ok(())
}

/// Emits the card of an entry, or why it has none.
fn card(draft: Draft, place: Place, path: &str, out: &mut Output<'_>) -> Result<(), Stop> {
    let (card, told) = draft.card();
    let Some(card) = card else {
        let told = Diagnostic::refused("neither name nor address nor number", "entry left out");
        return say(told.at_line(place.line), path, out);
    };
    if let Some(told) = told {
        say(told.at_line(place.line), path, out)?;
    }
    out.record(place, None, &Record::Card(Box::new(card)))
}

fn say(told: Diagnostic, path: &str, out: &mut Output<'_>) -> Result<(), Stop> {
    out.diagnostic(Diagnostic { path: path.to_owned(), ..told })
}

impl File<'_> {
    /// Reads the lines up to the next empty one; `None` at the end.
    fn next_entry(&mut self, out: &mut Output<'_>) -> Result<Option<Lines>, Stop> {
        let (mut lines, mut bytes, mut is_comment): (Lines, usize, bool) = (Vec::new(), 0, false);
        loop {
            let mut text = Vec::new();
            let limit = ENTRY_LIMIT_BYTES as u64 + 1;
            if self.reader.by_ref().take(limit).read_until(b'\n', &mut text)? == 0 {
                return Ok((!lines.is_empty()).then_some(lines));
            }
            self.line += 1;
            bytes += text.len();
            if bytes > ENTRY_LIMIT_BYTES {
                let (first, megabytes) = (lines.first().map_or(self.line, |(line, _)| *line), ENTRY_LIMIT_BYTES >> 20);
                return Err(Stop::refuse(format!("the entry at line {first} is larger than {megabytes} MiB")));
            }
            while text.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
                text.pop();
            }
            match text.split_first() {
                None if lines.is_empty() => {}
                None => return Ok(Some(lines)),
                Some((b'#', _)) => is_comment = true,
                Some((b' ', _)) if is_comment => {}
                Some((b' ', rest)) => match lines.last_mut() {
                    Some((_, line)) => line.extend_from_slice(rest),
                    None => {
                        let told = Diagnostic::kept("a continuation of nothing", "line left out").at_line(self.line);
                        say(told.with_value(&String::from_utf8_lossy(rest)), &self.path, out)?;
                    }
                },
                Some(_) => {
                    is_comment = false;
                    lines.push((self.line, text));
                }
            }
        }
    }
}

/// Reads one line into the entry; what is wrong with it is told.
fn attribute((at, line): (u64, &[u8]), path: &str, draft: &mut Draft, out: &mut Output<'_>) -> Result<(), Stop> {
    let text = String::from_utf8_lossy(line);
    let wrong = |problem: &str, name: &str, value: &str| {
        let told = Diagnostic::kept(problem, "entry kept without it").at_line(at).with_value(value);
        if name.is_empty() { told } else { told.in_property(name) }
    };
    let Some((name, value)) = text.split_once(':') else {
        return say(wrong("a line without a colon", "", &text), path, out);
    };
    // `cn;lang-de` is a `cn`.
    let name = name.trim_start_matches('\u{feff}').split(';').next().unwrap_or_default().trim();
    if let Some(url) = value.strip_prefix('<') {
        return say(wrong("a value that lies elsewhere is not fetched", name, url.trim()), path, out);
    }
    let Some(encoded) = value.strip_prefix(':') else {
        if line.contains(&0) || text.contains('\u{fffd}') {
            say(wrong("not UTF-8; shown as �", name, value.trim()), path, out)?;
        }
        draft.take(name, Value::Text(value.trim().to_owned()), out)?;
        return Ok(());
    };
    let Some(bytes) = base64::decode(encoded) else {
        return say(wrong("not base64", name, encoded.trim()), path, out);
    };
    if draft.take(name, Value::of(bytes), out)? {
        return Ok(());
    }
    say(wrong("bytes that are no text", name, encoded.trim()), path, out)
}
