//! `kith find`: people by words of a name, address, company or title; after them organisations, marked as what they are.

use kith_proto::api::{PersonSummary, short_id};

use crate::client::{Client, segment};
use crate::commands::{day, table};
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn run(words: &str, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let people: Vec<PersonSummary> = client.get(&format!("/v1/people?query={}", segment(words)))?;
    printer.show(&people, |printer, people| {
        if people.is_empty() {
            return printer.line(format!("Nobody is known by {words:?}. Try fewer words, or: kith add NAME"));
        }
        let mut table = table(&["id", "name", "", "circle", "last contact"]);
        for person in people {
            table.add_row(vec![
                short_id(&person.id).to_owned(),
                person.name.clone(),
                what(person),
                person.circle.clone().unwrap_or_default(),
                person.last_interaction.map(day).unwrap_or_default(),
            ]);
        }
        printer.line(table.to_string())
    })
}

/// Says what somebody does; of what is no person, what it is.
fn what(person: &PersonSummary) -> String {
    let headline = person.headline.as_deref().filter(|headline| *headline != person.name);
    let noun = person.what.as_ref().map(|noun| format!("({noun})"));
    noun.as_deref().into_iter().chain(headline).collect::<Vec<_>>().join(" ")
}
