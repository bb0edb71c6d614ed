//! vCard 2.1, 3.0 and 4.0: many cards in a file, versions mixed.
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

use std::io::BufRead;
use std::panic::{AssertUnwindSafe, catch_unwind};

use kith_plugin::Stop;
use kith_plugin::card::Card;
use kith_plugin::diagnostic::Diagnostic;

use crate::vcard::decode::Guess;
use crate::vcard::map::map_card;
use crate::vcard::split::{Found, RawCard, Splitter};

/// What stands in a file of cards.
#[derive(Debug)]
pub enum Item {
    /// A card.
    Card {
        /// Which of the file's cards it is, from 1.
        position: u64,
        /// Its first line, from 1.
        line: u64,
        /// What it says, without its photo.
        card: Box<Card>,
        /// The photo that is embedded in it: its bytes, at most 8 MiB.
        photo: Option<Vec<u8>>,
    },
    /// Something is wrong.
    Told(Diagnostic),
}

/// What came of a file of cards.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many cards began.
    pub cards: u64,
    /// The first line of a card that the file's end cuts.
    pub cut_at: Option<u64>,
}

/// Reads cards, and hands over each. One that cannot be read costs only itself.
///
/// # Errors
/// [`Stop`] when the bytes cannot be read, or `found` says so.
pub fn read<R: BufRead>(reader: R, found: &mut dyn FnMut(Item) -> Result<(), Stop>) -> Result<Summary, Stop> {
    let mut splitter = Splitter::new(reader)?;
    let (mut guess, mut raw, mut summary) = (Guess::new(), RawCard::default(), Summary::default());
    while let Some(next) = splitter.next(&mut raw)? {
        let line = raw.line;
        let refused = |problem| Item::Told(Diagnostic::refused(problem, "card left out").at_line(line));
        match next {
            Found::Junk { line, text } => {
                let text = String::from_utf8_lossy(&text);
                let diagnostic = Diagnostic::kept("not part of a card", "skipped up to the next card");
                found(Item::Told(diagnostic.at_line(line).with_value(&text)))?;
                continue;
            }
            Found::CutCard => {
                summary.cut_at = Some(line);
                found(refused("the file ends within this card"))?;
            }
            Found::LargeCard => found(refused("larger than 16 MiB, or of more than a million lines"))?,
            Found::CardWithoutEnd => {
                found(Item::Told(Diagnostic::kept("END:VCARD is missing", "card kept").at_line(line)))?;
                card(&raw, summary.cards + 1, &mut guess, found)?;
            }
            Found::Card => card(&raw, summary.cards + 1, &mut guess, found)?,
        }
        summary.cards += 1;
    }
    Ok(summary)
}

/// Returns how many lines stand before the first card in the beginning of a file.
#[must_use]
pub fn begins_with_card(head: &[u8]) -> Option<usize> {
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

/// Maps a card and hands it over. One that the parser cannot stand costs only itself.
fn card(
    raw: &RawCard,
    position: u64,
    guess: &mut Guess,
    found: &mut dyn FnMut(Item) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let line = raw.line;
    let refused = |problem| Item::Told(Diagnostic::refused(problem, "card left out").at_line(line));
    let text = guess.decode(raw);
    if let Some((line, encoding)) = text.guessed {
        let diagnostic = Diagnostic::kept("neither UTF-8 nor labelled", format!("decoded as {encoding}"));
        found(Item::Told(diagnostic.at_line(line)))?;
    }
    let Ok(draft) = catch_unwind(AssertUnwindSafe(|| map_card(text.lines()))) else {
        return found(refused("the parser failed on it"));
    };
    let empty = map::is_empty(&draft);
    draft.diagnostics.into_iter().try_for_each(|diagnostic| found(Item::Told(diagnostic)))?;
    if empty {
        return found(refused("an empty card"));
    }
    found(Item::Card { position, line, card: Box::new(draft.card), photo: draft.photo })
}
