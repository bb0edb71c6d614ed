//! The text that a card is found by.

use kith_proto::card::Card;

use super::{Identifier, IdentifierKind};
use crate::normalize::{fold_into, spellings};

/// The longest search text in bytes: a card with a thousand labels must not make every search slow.
const LENGTH_LIMIT_BYTES: usize = 4096;

/// Folded texts, parted by single spaces, each once.
#[derive(Debug)]
pub(super) struct SearchText {
    text: String,
}

/// Returns what a card is found by: names, nicknames, organisations, titles, keywords, addresses, numbers, profiles.
pub(super) fn of_card(card: &Card, name: &str, identifiers: &[Identifier]) -> String {
    let mut search = SearchText::new();
    search.push_text(name);
    for component in &card.name.components {
        search.push_text(&component.value);
    }
    let organizations = card.organizations.iter().flat_map(|o| core::iter::once(&o.name).chain(&o.units));
    for text in card.nicknames.iter().chain(organizations).chain(&card.titles).chain(&card.keywords) {
        search.push_text(text);
    }
    search.push_identifiers(identifiers);
    for phone in &card.phones {
        search.push_digits(&phone.number);
    }
    search.finish()
}

/// Returns the words of a name as they begin a search text.
pub(crate) fn name_text(name: &str) -> String {
    let mut text = SearchText::new();
    text.push_text(name);
    text.finish()
}

impl SearchText {
    pub(super) fn new() -> Self {
        Self { text: String::with_capacity(160) }
    }

    /// Adds every spelling of `text`.
    pub(super) fn push_text(&mut self, text: &str) {
        if text.len() > LENGTH_LIMIT_BYTES {
            return;
        }
        if text.is_ascii() {
            self.push_with(|out| fold_into(text, out));
        } else {
            for spelling in spellings(text) {
                self.push_with(|out| out.push_str(&spelling));
            }
        }
    }

    /// Adds the identifiers; of a profile the user's name.
    pub(super) fn push_identifiers(&mut self, identifiers: &[Identifier]) {
        for identifier in identifiers {
            match identifier.kind {
                IdentifierKind::Email | IdentifierKind::Phone => self.push_text(&identifier.value),
                IdentifierKind::Profile => {
                    self.push_text(identifier.value.split_once('/').map_or("", |(_, user)| user));
                }
                IdentifierKind::Uid => {}
            }
        }
    }

    /// Adds the digits of a number as they are dialled at home.
    pub(super) fn push_digits(&mut self, number: &str) {
        if number.len() <= 64 {
            self.push_with(|out| out.extend(number.chars().filter(char::is_ascii_digit)));
        }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    /// Appends what `write` writes, unless it is empty, stands there already as whole words, or is too much.
    fn push_with(&mut self, write: impl FnOnce(&mut String)) {
        let before = self.text.len();
        if before > 0 {
            self.text.push(' ');
        }
        let start = self.text.len();
        write(&mut self.text);
        let (known, added) = self.text.split_at(start);
        if added.is_empty() || self.text.len() > LENGTH_LIMIT_BYTES || holds_words(known, added) {
            self.text.truncate(before);
        }
    }
}

/// Whether `words` stand in `text` with no letters of the same words around them.
fn holds_words(text: &str, words: &str) -> bool {
    let mut rest = text.as_bytes();
    loop {
        if rest.starts_with(words.as_bytes()) && matches!(rest.get(words.len()), None | Some(b' ')) {
            return true;
        }
        let Some(space) = rest.iter().position(|&byte| byte == b' ') else { return false };
        rest = rest.get(space + 1..).unwrap_or_default();
    }
}
