//! What the user promised in mail that they sent: the one thing that is ever read out of a text, and only where they want it.
//!
//! Whose mail may be looked into is told beside the files ([`MailWish`]). Of a text leave this process only the sentences that
//! promise something, and the days that they name.

use std::io::BufReader;
use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::civil::Date;
use kith_plugin::interaction::{Interaction, Promised, Role};
use kith_plugin::mail::{MAIL_ENTRY, MailWish};
use kith_plugin::record::Record;
use kith_plugin::{Input, Stop};
use kith_sentence::promise::promises;

use crate::text::own_words;

/// Returns how many files the bundle has, and what the user wishes of them, which lies behind them.
///
/// # Errors
/// When the wish cannot be read.
pub(crate) fn wish(input: &Input<'_>) -> Result<(usize, MailWish), Stop> {
    let count = input.entries().len();
    let Some(last) = count.checked_sub(1).filter(|last| input.path_of(*last) == MAIL_ENTRY) else {
        return Ok((count, MailWish::default()));
    };
    let wish = serde_json::from_reader(BufReader::new(input.open(last)));
    Ok((last, wish.map_err(|error| Stop::refuse(format!("whose mail may be read cannot be read: {error}")))?))
}

/// Returns the mail that a record is, if its text may be looked into.
pub(crate) fn is_looked_into(record: &Record, wish: &MailWish) -> bool {
    let Record::Interaction(mail) = record else { return false };
    let mut senders = senders(mail).peekable();
    senders.peek().is_some() && senders.all(|sender| wish.promises_of.contains(&sender))
}

fn senders(mail: &Interaction) -> impl Iterator<Item = String> {
    let from = mail.participants.iter().filter(|participant| participant.role == Role::From);
    from.map(|sender| sender.email.as_deref().unwrap_or_default().trim().to_lowercase())
}

/// Adds what its text promises to the mail that a record is. A text that its parser cannot stand promises nothing.
pub(crate) fn add(record: &mut Record, text: &str, day: Option<Date>) {
    let Record::Interaction(mail) = record else { return };
    let found = catch_unwind(AssertUnwindSafe(|| promises(&own_words(text), day))).unwrap_or_default();
    mail.promises = found.into_iter().map(|promise| Promised { text: promise.text, due: promise.due }).collect();
}
