//! `kith words`: what the user said, with the ids by which it is taken back.

use kith_proto::api::Word;

use crate::client::{Client, segment};
use crate::commands::{day_and_time, table};
use crate::error::CliError;
use crate::printer::Printer;

/// How many words are listed, unless all are wanted.
const WORDS: usize = 20;

pub(super) fn run(person: Option<&str>, all: bool, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let of = person.map(|person| format!("person={}", segment(person)));
    // One more than is listed tells that there are more.
    let limit = (!all).then(|| format!("limit={}", WORDS + 1));
    let query: Vec<String> = of.into_iter().chain(limit).collect();
    let mut words: Vec<Word> = client.get(&format!("/v1/words?{}", query.join("&")))?;
    let has_more = !all && words.len() > WORDS;
    words.truncate(if all { usize::MAX } else { WORDS });
    printer.show(&words, |printer, words| {
        if words.is_empty() {
            return printer.line(
                person
                    .map_or_else(|| "You said nothing yet.".to_owned(), |who| format!("You said nothing about {who}.")),
            );
        }
        let mut table = table(&["id", "when", "who", "what", ""]);
        for word in words {
            let when = word.at.map(day_and_time).unwrap_or_default();
            let undone = if word.undone { "undone" } else { "" };
            table.add_row([&word.fact, &when, &word.name, &word.text, undone]);
        }
        printer.line(table.to_string())?;
        if !has_more {
            return Ok(());
        }
        let who = person.map(|who| format!(" {who:?}")).unwrap_or_default();
        printer.line(format!("Everything, also what was said before: kith words{who} --all"))
    })
}
