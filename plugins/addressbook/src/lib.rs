//! Importer of address books that are no tables: LDIF (RFC 2849) as Thunderbird and directories write it, and the list of
//! friends in Facebook's archive (JSON).

mod base64;
mod entry;
mod facebook;
mod ldif;

use std::io::Read as _;

use kith_plugin::diagnostic::Diagnostic;
use kith_plugin::{Importer, Input, Output, Stop};

/// How much of a file is looked at to tell what it is.
const HEAD_BYTES: u64 = 64 * 1024;

/// Reads address books.
#[derive(Debug)]
pub struct AddressBookImporter;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ldif,
    Friends,
}

impl Importer for AddressBookImporter {
    const NAME: &'static str = "addressbook";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const ACCEPTS: &'static [&'static str] = &[".ldif", ".ldi", ".json"];

    fn probe(names: &[&str], head: &[u8]) -> u8 {
        let is_ldif = names.iter().any(|name| name.to_ascii_lowercase().ends_with(".ldif"));
        match kind(head) {
            Some(_) => 90,
            None if is_ldif => 10,
            None => 0,
        }
    }

    fn import(input: &Input<'_>, out: &mut Output<'_>) -> Result<(), Stop> {
        let alone = input.entries().len() == 1;
        for index in 0..input.entries().len() {
            let read = entry(input, index, out);
            match read {
                Err(stop) if !alone => {
                    let path = input.path_of(index).to_owned();
                    let told =
                        Diagnostic::refused(stop.to_string(), "the rest of the file is left out, the others are read");
                    out.diagnostic(Diagnostic { path, ..told })?;
                }
                read => read?,
            }
        }
        Ok(())
    }
}

kith_plugin::export_importer!(AddressBookImporter);

fn entry(input: &Input<'_>, index: usize, out: &mut Output<'_>) -> Result<(), Stop> {
    let mut head = Vec::new();
    input.open(index).take(HEAD_BYTES).read_to_end(&mut head)?;
    match kind(&head) {
        Some(Kind::Ldif) => ldif::import(input, index, out),
        Some(Kind::Friends) => facebook::import(input, index, out),
        None if head.is_empty() => Err(Stop::refuse("the file is empty")),
        None => Err(Stop::refuse("neither an LDIF address book nor Facebook's list of friends")),
    }
}

/// Returns what begins so.
fn kind(head: &[u8]) -> Option<Kind> {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let first = text.lines().find(|line| !line.is_empty() && !line.starts_with('#'))?.to_ascii_lowercase();
    if first.starts_with("dn:") || (first.starts_with("version:") && text.to_ascii_lowercase().contains("\ndn:")) {
        return Some(Kind::Ldif);
    }
    let has = |name: &str| text.contains(name);
    let is_friends = text.starts_with('{') && (has("\"friends_v2\"") || (has("\"friends\"") && has("\"timestamp\"")));
    is_friends.then_some(Kind::Friends)
}
