//! LDIF (RFC 2849): entries parted by empty lines, each line a name and a value, a long line folded with a space before its
//! continuation, values in base64 behind `::`.
//!
//! ```text
//!  file ─block─▶ lines of an entry ─attribute─▶ Draft (entry) ─▶ Card
//! ```

mod block;

use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::emit::{Part, Place};
use kith_plugin::record::Record;
use kith_plugin::{Input, Output, Stop};

use self::block::{Block, Blocks, ENTRY_LIMIT_BYTES, Extent};
use crate::base64;
use crate::entry::{Draft, Value};

/// A book at work.
struct Book {
    path: String,
    entry: u32,
    position: u64,
    lists: u64,
    cards: u64,
    /// Where the entries without measure begin; a few, as each is large.
    too_large: Vec<u64>,
}

/// Reads an address book.
pub(crate) fn import(input: &Input<'_>, index: usize, out: &mut Output<'_>) -> Result<(), Stop> {
    out.part(&Part { source: "ldif".to_owned(), collection: "contacts".to_owned(), ..Part::default() })?;
    let (path, entry) = (input.path_of(index).to_owned(), u32::try_from(index).unwrap_or(u32::MAX));
    let mut book = Book { path, entry, position: 0, lists: 0, cards: 0, too_large: Vec::new() };
    let mut blocks = Blocks::new(input, index);
    while let Some(block) = blocks.next()? {
        book.take(&block, out)?;
    }
    book.close(out)?;
    match blocks.cut_at {
        Some(line) => Err(Stop::truncated(format!(
            "the file ends within line {line}; if the line is whole, a line break at its end says so"
        ))),
        None => Ok(()),
    }
}

impl Book {
    fn take(&mut self, block: &Block, out: &mut Output<'_>) -> Result<(), Stop> {
        for (at, rest) in &block.strays {
            let told = Diagnostic::kept("a continuation of nothing", "line left out").at_line(*at);
            say(told.with_value(&String::from_utf8_lossy(rest)), &self.path, out)?;
        }
        let mut lines = block.lines.as_slice();
        let mut draft = Draft::default();
        match (block.extent, lines.split_last()) {
            (Extent::TooLarge, _) => {
                self.too_large.push(block.line);
                return Ok(());
            }
            (Extent::Cut, Some(((at, last), before))) => {
                unfinished((*at, last), &mut draft);
                lines = before;
            }
            (Extent::Cut | Extent::Whole, _) => {}
        }
        for (at, text) in lines {
            attribute((*at, text), &self.path, &mut draft, out)?;
        }
        // The first block may hold the version only.
        if draft.is_empty() {
            return Ok(());
        }
        self.position += 1;
        self.finish(draft, block.line, out)
    }

    /// Emits the card of an entry, or why it has none.
    fn finish(&mut self, draft: Draft, line: u64, out: &mut Output<'_>) -> Result<(), Stop> {
        if draft.is_list() {
            self.lists += 1;
            return Ok(());
        }
        if let Some(change) = draft.change() {
            let told = Diagnostic::refused("a change to a directory is no entry of an address book", "left out");
            return say(told.at_line(line).with_value(change), &self.path, out);
        }
        let is_cut = draft.is_cut();
        let (card, problems) = draft.card();
        let Some(card) = card else {
            let told = Diagnostic::refused("neither name nor address nor number", "entry left out");
            return if is_cut { Ok(()) } else { say(told.at_line(line), &self.path, out) };
        };
        for told in problems {
            let line = told.line.unwrap_or(line);
            say(told.at_line(line), &self.path, out)?;
        }
        self.cards += 1;
        out.record(Place { entry: self.entry, position: self.position, line }, None, &Record::Card(Box::new(card)))
    }

    /// Tells of entries without measure; a book of nothing else is refused.
    fn close(&self, out: &mut Output<'_>) -> Result<(), Stop> {
        let mebibytes = ENTRY_LIMIT_BYTES >> 20;
        if let (Some(line), 0, 0) = (self.too_large.first(), self.cards, self.lists) {
            return Err(Stop::refuse(format!("the entry at line {line} is larger than {mebibytes} MiB")));
        }
        for line in &self.too_large {
            let told = Diagnostic::refused(format!("an entry larger than {mebibytes} MiB"), "entry left out");
            say(told.at_line(*line), &self.path, out)?;
        }
        if self.lists > 0 {
            out.tally("mailing list", self.lists)?;
        }
        Ok(())
    }
}

fn say(told: Diagnostic, path: &str, out: &mut Output<'_>) -> Result<(), Stop> {
    out.diagnostic(Diagnostic { path: path.to_owned(), ..told })
}

/// Takes a line within which the file ends: half of an address is none, so that the value is text and nothing more.
fn unfinished((at, line): (u64, &[u8]), draft: &mut Draft) {
    let text = String::from_utf8_lossy(line);
    let (name, value) = text.split_once(':').unwrap_or_default();
    let is_plain = !value.starts_with(['<', ':']);
    draft.cut(at, name_of(name), if is_plain { value.trim() } else { "" });
}

/// Returns the name of an attribute without its options: `cn;lang-de` is a `cn`.
fn name_of(name: &str) -> &str {
    name.trim_start_matches('\u{feff}').split(';').next().unwrap_or_default().trim()
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
    let name = name_of(name);
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
