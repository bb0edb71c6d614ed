//! Importer of vCard 2.1, 3.0 and 4.0: many cards in a file, versions mixed, or one card a file (vdir).
//!
//! A card is never held against its neighbours: what is wrong with one costs only what is wrong. Photos are handed over when
//! they are embedded and never fetched.
//!
//! ```text
//!  bytes ─lines─▶ lines ─split─▶ raw card ─decode─▶ content lines ─property─▶ values ─map─▶ Card
//! ```

mod date;
mod decode;
mod lines;
mod map;
mod property;
mod quoted;
mod split;

use std::panic::{AssertUnwindSafe, catch_unwind};

use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::emit::{Part, Place};
use kith_plugin::record::Record;
use kith_plugin::{Importer, Input, Output, Stop};

use crate::decode::Guess;
use crate::map::map_card;
use crate::split::{Found, RawCard, Splitter};

/// Reads vCards.
#[derive(Debug)]
pub struct VcardImporter;

impl Importer for VcardImporter {
    const NAME: &'static str = "vcard";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const ACCEPTS: &'static [&'static str] = &[".vcf", ".vcard"];

    fn probe(names: &[&str], head: &[u8]) -> u8 {
        let named = names.iter().any(|name| {
            let name = name.to_ascii_lowercase();
            Self::ACCEPTS.iter().any(|ending| name.ends_with(ending))
        });
        match begins_with_card(head) {
            Some(0) => 95,
            Some(_) if named => 90,
            // A mail or a note that quotes a card is no address book.
            Some(_) => 0,
            // An empty or broken one is ours to explain.
            None if named => 10,
            None => 0,
        }
    }

    fn import(input: &Input<'_>, out: &mut Output<'_>) -> Result<(), Stop> {
        out.part(&Part { source: "vcard".to_owned(), collection: "cards".to_owned(), ..Part::default() })?;
        let alone = input.entries().len() == 1;
        let mut file = File::new();
        for (entry, ordinal) in (0..input.entries().len()).zip(0..) {
            file.begin(ordinal, input.path_of(entry));
            file.read(Splitter::new(input.open(entry))?, out)?;
            if file.cards == 0 && !alone {
                file.say(out, Diagnostic::refused("no vCard in it", "file left out"))?;
            }
            if alone {
                return file.close();
            }
        }
        Ok(())
    }
}

kith_plugin::export_importer!(VcardImporter);

/// Returns how many lines stand before the first card in the beginning of a file.
fn begins_with_card(head: &[u8]) -> Option<usize> {
    let mut lines = lines::Lines::new(head).ok()?;
    let mut line = Vec::new();
    let mut before = 0;
    while let Ok(Some(_)) = lines.next(&mut line) {
        if split::is_mark(&line, b"BEGIN") {
            return Some(before);
        }
        before += usize::from(!line.trim_ascii().is_empty());
    }
    None
}

/// The file that is being read.
#[derive(Debug)]
struct File<'a> {
    entry: u32,
    path: &'a str,
    guess: Guess,
    raw: RawCard,
    /// How many cards began.
    cards: u64,
    /// The line of a card that the file's end cuts.
    cut_at: Option<u64>,
}

impl<'a> File<'a> {
    fn new() -> Self {
        Self { entry: 0, path: "", guess: Guess::new(), raw: RawCard::default(), cards: 0, cut_at: None }
    }

    fn begin(&mut self, entry: u32, path: &'a str) {
        self.entry = entry;
        self.path = path;
        self.guess = Guess::new();
        self.cards = 0;
        self.cut_at = None;
    }

    fn read<R: std::io::BufRead>(&mut self, mut splitter: Splitter<R>, out: &mut Output<'_>) -> Result<(), Stop> {
        while let Some(found) = splitter.next(&mut self.raw)? {
            let line = self.raw.line;
            let refused = |problem| Diagnostic::refused(problem, "card left out").at_line(line);
            match found {
                Found::Junk { line, text } => {
                    let text = String::from_utf8_lossy(&text);
                    let diagnostic = Diagnostic::kept("not part of a card", "skipped up to the next card");
                    self.say(out, diagnostic.at_line(line).with_value(&text))?;
                    continue;
                }
                Found::CutCard => {
                    self.cut_at = Some(line);
                    self.say(out, refused("the file ends within this card"))?;
                }
                Found::LargeCard => self.say(out, refused("larger than 16 MiB"))?,
                Found::CardWithoutEnd => {
                    self.say(out, Diagnostic::kept("END:VCARD is missing", "card kept").at_line(line))?;
                    self.card(out)?;
                }
                Found::Card => self.card(out)?,
            }
            self.cards += 1;
        }
        Ok(())
    }

    /// Maps and emits the card in `raw`. A card that the parser cannot stand costs only itself.
    fn card(&mut self, out: &mut Output<'_>) -> Result<(), Stop> {
        let text = self.guess.decode(&self.raw);
        let guessed = text.guessed;
        let draft = catch_unwind(AssertUnwindSafe(|| map_card(text.lines())));
        let (line, position) = (self.raw.line, self.cards + 1);
        if let Some((line, encoding)) = guessed {
            let diagnostic = Diagnostic::kept("neither UTF-8 nor labelled", format!("decoded as {encoding}"));
            self.say(out, diagnostic.at_line(line))?;
        }
        let Ok(mut draft) = draft else {
            return self.say(out, Diagnostic::refused("the parser failed on it", "card left out").at_line(line));
        };
        for diagnostic in draft.diagnostics.drain(..) {
            self.say(out, diagnostic)?;
        }
        if map::is_empty(&draft) {
            return self.say(out, Diagnostic::refused("an empty card", "card left out").at_line(line));
        }
        if let Some(photo) = draft.photo.take() {
            draft.card.photo = Some(out.photo(&photo)?);
        }
        let key = draft.card.uid.clone();
        let place = Place { entry: self.entry, position, line };
        out.record(place, key.as_deref(), &Record::Card(Box::new(draft.card)))
    }

    fn close(&self) -> Result<(), Stop> {
        match self.cut_at {
            Some(line) => Err(Stop::truncated(format!("the file ends within the card that begins at line {line}"))),
            None if self.cards == 0 => Err(Stop::refuse("no vCard in it: no line reads BEGIN:VCARD")),
            None => Ok(()),
        }
    }

    fn say(&self, out: &mut Output<'_>, diagnostic: Diagnostic) -> Result<(), Stop> {
        out.diagnostic(Diagnostic { path: self.path.to_owned(), ..diagnostic })
    }
}
