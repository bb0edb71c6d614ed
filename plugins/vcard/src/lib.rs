//! Importer of vCard 2.1, 3.0 and 4.0: many cards in a file, versions mixed, or one card a file (vdir).
//!
//! A card is never held against its neighbours: what is wrong with one costs only what is wrong. Photos are handed over when
//! they are embedded and never fetched. How a card is read is in `kith-formats`.

use kith_formats::vcard::{self, Item};
use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::emit::{Part, Place};
use kith_plugin::record::Record;
use kith_plugin::{Importer, Input, Output, Stop};

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
        match vcard::begins_with_card(head) {
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
        for (entry, ordinal) in (0..input.entries().len()).zip(0..) {
            let path = input.path_of(entry);
            let read = vcard::read(input.open(entry), &mut |item| take(item, path, ordinal, out))?;
            match read.cut_at {
                Some(line) if alone => {
                    let reason = format!("the file ends within the card that begins at line {line}");
                    return Err(Stop::truncated(reason));
                }
                None if read.cards == 0 && alone => {
                    return Err(Stop::refuse("no vCard in it: no line reads BEGIN:VCARD"));
                }
                None if read.cards == 0 => say(out, path, Diagnostic::refused("no vCard in it", "file left out"))?,
                Some(_) | None => {}
            }
        }
        Ok(())
    }
}

kith_plugin::export_importer!(VcardImporter);

/// Emits what is found.
fn take(item: Item, path: &str, entry: u32, out: &mut Output<'_>) -> Result<(), Stop> {
    match item {
        Item::Card { position, line, mut card, photo } => {
            card.photo = photo.map(|photo| out.photo(&photo)).transpose()?;
            let key = card.uid.clone();
            out.record(Place { entry, position, line }, key.as_deref(), &Record::Card(card))
        }
        Item::Told(diagnostic) => say(out, path, diagnostic),
    }
}

fn say(out: &mut Output<'_>, path: &str, diagnostic: Diagnostic) -> Result<(), Stop> {
    out.diagnostic(Diagnostic { path: path.to_owned(), ..diagnostic })
}
