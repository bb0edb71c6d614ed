//! `kith log`: a coffee, a call, a letter; in fields, or in one sentence.

use std::collections::BTreeSet;

use kith_proto::api::{Done, FavourItem, FavourKind, LogRequest, SentenceRequest, Understood, WishItem};

use crate::args::Log;
use crate::client::{Client, segment};
use crate::commands::giving::wording;
use crate::commands::plan::day_that_was;
use crate::commands::{print_done, print_people, print_undo};
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn run(log: &Log, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let kind = log.kind.map(Into::into);
    let on = log.on.as_deref().map(|text| day_that_was(text, client)).transpose()?;
    // "promised" names nobody: what follows is the sentence, also without quotes.
    let promises = log.person.trim().eq_ignore_ascii_case("promised");
    let is_sentence = log.text.is_empty() && (!log.with.is_empty() || log.person.trim().contains(char::is_whitespace));
    if is_sentence || promises {
        let mut with = log.with.iter().cloned();
        let sentence = core::iter::once(&log.person).chain(&log.text).cloned().collect::<Vec<_>>().join(" ");
        let (text, person) = (sentence.clone(), with.next());
        let request = SentenceRequest { text, kind, on, person, people: with.collect() };
        let understood: Understood = client.post("/v1/interactions", &request)?;
        return printer.show(&understood, |printer, understood| print(printer, understood, &sentence));
    }
    let text = (!log.text.is_empty()).then(|| log.text.join(" "));
    let request = LogRequest { kind, on, text };
    let done: Done = client.post(&format!("/v1/people/{}/interactions", segment(&log.person)), &request)?;
    print_done(printer, &done)
}

fn print(printer: &mut Printer, understood: &Understood, sentence: &str) -> Result<(), CliError> {
    let names: Vec<&str> = understood.people.iter().map(|person| person.name.as_str()).collect();
    printer.line(format!("{}: {}", in_a_list(&names), understood.done))?;
    // What was noted about several stands once.
    let mut noted = BTreeSet::new();
    let notes = understood.notes.iter().map(|note| note.text.as_str()).filter(|note| noted.insert(*note));
    let notes: Vec<&str> = notes.collect();
    notes.iter().try_for_each(|note| printer.line(format!("  noted: {note}")))?;
    for promise in &understood.promises {
        let due = promise.due.map(|due| format!(", by {}", due.strftime("%A, %-d %B %Y"))).unwrap_or_default();
        printer.line(format!("  you promised {}: {}{due}", promise.name, wording(promise)))?;
    }
    for FavourItem { kind, name, text, other_name, .. } in &understood.favours {
        let with = text.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
        printer.line(match kind {
            FavourKind::HelpedMe => format!("  {name} helped you{with}"),
            FavourKind::HelpedThem => format!("  you helped {name}{with}"),
            FavourKind::IntroducedMe => {
                format!("  {name} introduced you to {}", other_name.as_deref().unwrap_or("somebody"))
            }
        })?;
    }
    for offer in &understood.offers {
        printer.line(format!("  {} can help with: {}", whose(offer, understood), offer.text))?;
    }
    for need in &understood.needs {
        let WishItem { text, fact, proposed, .. } = need;
        let whose = if understood.people.len() > 1 { format!("{} ", need.name) } else { String::new() };
        printer.line(if *proposed {
            format!("  {whose}seems to look for: {text}  (it counts with: kith confirm {fact})")
        } else {
            format!("  {whose}looks for: {text}  (so it stands already)")
        })?;
    }
    print_undo(printer, &understood.facts)?;
    if understood.others.is_empty() {
        return Ok(());
    }
    printer.line(
        "  Of those who could be meant, only they are in a circle or were in touch with you within a year. Others:",
    )?;
    print_people(printer, &understood.others)?;
    let each = if understood.people.len() > 1 { " --with ID, one for each" } else { " --with ID" };
    printer.line(format!("  (if you meant another: take it back, then: kith log {sentence:?}{each})"))
}

/// The name of whose a wish is, where there are several.
fn whose(wish: &WishItem, understood: &Understood) -> String {
    if understood.people.len() > 1 { wish.name.clone() } else { "they".to_owned() }
}

/// "Ana Silva, Bob Berg and Cleo Costa".
fn in_a_list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_a_list() {
        assert_eq!(in_a_list(&["Ana"]), "Ana");
        assert_eq!(in_a_list(&["Ana", "Bob", "Cleo"]), "Ana, Bob and Cleo");
    }
}
