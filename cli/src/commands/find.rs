//! `kith find`: people by words of a name, address, company or title.

use kith_proto::api::PersonSummary;

use crate::client::{Client, segment};
use crate::commands::{day, short, table};
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
                short(&person.id).to_owned(),
                person.name.clone(),
                person.headline.clone().unwrap_or_default(),
                person.circle.clone().unwrap_or_default(),
                person.last_interaction.map(day).unwrap_or_default(),
            ]);
        }
        printer.line(table.to_string())
    })
}
