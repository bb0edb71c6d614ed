//! `kith show`: all that is known of a person.

use kith_proto::api::{ExportRecord, GivenCounts, InteractionSummary, Person, WishKind};
use kith_proto::card::Address;
use kith_proto::interaction::InteractionKind;

use crate::client::{Client, segment};
use crate::commands::giving::{own, wording};
use crate::commands::{day, place};
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn run(person: &str, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let person: Person = client.get(&format!("/v1/people/{}", segment(person)))?;
    printer.show(&person, print)
}

fn print(printer: &mut Printer, person: &Person) -> Result<(), CliError> {
    printer.line(&person.name)?;
    person.what.iter().try_for_each(|what| printer.line(format!("  ({what}; kith reminds you of people only)")))?;
    person
        .headline
        .iter()
        .filter(|headline| **headline != person.name)
        .try_for_each(|headline| printer.line(format!("  {headline}")))?;
    if person.retired {
        printer.line("  no longer listed by any of your files; kith will not remind you of them")?;
    }
    let died = person.anniversaries.iter().find(|anniversary| anniversary.kind == "death");
    died.iter().try_for_each(|died| printer.line(format!("  died {}; kith will not remind you of them", died.date)))?;
    let lists = [
        ("also", &person.nicknames),
        ("mail", &person.emails),
        ("phone", &person.phones),
        ("profile", &person.profiles),
        ("at", &person.organizations),
        ("labels", &person.keywords),
        ("web", &person.links),
    ];
    for (label, values) in lists {
        row(printer, label, &values.join(", "))?;
    }
    let line = person.headline.as_deref().unwrap_or_default();
    let titles: Vec<&str> = person.titles.iter().map(String::as_str).filter(|title| !line.contains(title)).collect();
    row(printer, "title", &titles.join(", "))?;
    for address in &person.addresses {
        row(printer, "address", &in_a_line(address))?;
    }
    for anniversary in person.anniversaries.iter().filter(|anniversary| Some(*anniversary) != died) {
        row(printer, &anniversary.kind, &anniversary.date)?;
    }
    row(printer, "circle", person.circle.as_deref().unwrap_or_default())?;
    let cadence = person.cadence.iter().map(|cadence| format!("every {cadence}, by your word")).collect::<String>();
    row(printer, "cadence", &cadence)?;
    row(printer, "last contact", &person.last_interaction.map(day).unwrap_or_default())?;
    row(printer, "next due", &person.next_due.map(|d| d.to_string()).unwrap_or_default())?;
    let muted = if person.muted { "off, by your word; kith mute PERSON --off has them again" } else { "" };
    row(printer, "reminders", muted)?;
    row(printer, "not before", &person.snoozed_until.map(|d| d.to_string()).unwrap_or_default())?;
    let through: Vec<&str> = person.through.iter().map(|by| by.name.as_str()).collect();
    row(printer, "through", &through.join(", "))?;
    print_giving(printer, person)?;
    for note in &person.notes {
        row(printer, "note", &format!("{} ({})", note.text, day(note.at)))?;
    }
    for note in &person.source_notes {
        row(printer, "note", note)?;
    }
    for change in &person.changes {
        row(printer, "news", &format!("{}, seen {}", change.text, day(change.seen)))?;
    }
    person.interactions.iter().try_for_each(|interaction| print_interaction(printer, interaction))?;
    row(printer, "known from", &person.records.iter().map(origin).collect::<Vec<_>>().join(", "))?;
    row(printer, "id", &person.id)
}

/// Returns an address in one line: as it is written whole, else street, town, country.
fn in_a_line(address: &Address) -> String {
    if let Some(full) = &address.full {
        return full.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ");
    }
    let town = address.postcode.iter().chain(&address.locality).cloned().collect::<Vec<_>>().join(" ");
    let parts = address.street.iter().cloned().chain([town]);
    let parts = parts.chain(address.region.clone()).chain(address.country.clone());
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// What is open, what was given and received, and what is worth asking.
fn print_giving(printer: &mut Printer, person: &Person) -> Result<(), CliError> {
    for wish in &person.wishes {
        let label = match wish.kind {
            WishKind::Need => "looks for",
            WishKind::Offer => "can help with",
            WishKind::Promise => "you promised",
        };
        let due = wish.due.map(|due| format!(", by {due}")).unwrap_or_default();
        let proposed = if wish.proposed { format!("  (kith confirm {})", wish.fact) } else { String::new() };
        let (text, own) = (wording(wish), own(wish));
        row(printer, label, &format!("{text}{due}{own}{proposed}"))?;
    }
    let is_none =
        |counts: &GivenCounts| GivenCounts { words: String::new(), ..counts.clone() } == GivenCounts::default();
    if !is_none(&person.given) || !is_none(&person.received) {
        printer.line(format!("  You gave: {}; you received: {}.", person.given.words, person.received.words))?;
    }
    row(printer, "give first", person.give_first.as_deref().unwrap_or_default())?;
    row(printer, "you may ask", person.may_ask.as_deref().unwrap_or_default())?;
    person.questions.iter().try_for_each(|question| row(printer, "ask", question))
}

fn origin(record: &ExportRecord) -> String {
    place(&record.source, &record.file, record.position)
}

fn print_interaction(printer: &mut Printer, interaction: &InteractionSummary) -> Result<(), CliError> {
    let at = interaction.at.map_or_else(|| "some day".to_owned(), day);
    let way = match (interaction.from_me, interaction.author.as_deref()) {
        (Some(true), _) => "you: ".to_owned(),
        (Some(false), Some(author)) => format!("{author}: "),
        (Some(false), None) => "they: ".to_owned(),
        (None, _) => String::new(),
    };
    let kind = kind(interaction.kind);
    let subject = interaction.subject.as_deref().unwrap_or_default().lines().next().unwrap_or_default();
    let told = if subject.is_empty() { way.trim_end_matches(": ").to_owned() } else { format!("{way}{subject}") };
    row(printer, &at, format!("{kind}  {told}").trim_end())
}

const fn kind(kind: InteractionKind) -> &'static str {
    match kind {
        InteractionKind::Mail => "mail",
        InteractionKind::Message => "message",
        InteractionKind::Invitation => "invitation",
        InteractionKind::InvitationAccepted => "connected",
        InteractionKind::Endorsement => "endorsement",
        InteractionKind::Recommendation => "recommendation",
        InteractionKind::Meeting => "meeting",
        InteractionKind::Call => "call",
        InteractionKind::Other => "in touch",
    }
}

fn row(printer: &mut Printer, label: &str, value: &str) -> Result<(), CliError> {
    if value.is_empty() { Ok(()) } else { printer.line(format!("  {label:<13} {value}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stands_in_one_line() {
        let address = Address {
            street: vec!["Elm 1".to_owned()],
            postcode: Some("12345".to_owned()),
            locality: Some("Springfield".to_owned()),
            country: Some("Germany".to_owned()),
            ..Address::default()
        };
        assert_eq!(in_a_line(&address), "Elm 1, 12345 Springfield, Germany");
    }

    #[test]
    fn a_person_added_by_hand_is_known_from_you() {
        let manual = ExportRecord { source: "manual".to_owned(), ..ExportRecord::default() };
        assert_eq!(origin(&manual), "you");
        let card = ExportRecord {
            source: "vcard".to_owned(),
            file: "/home/sam/Contacts.vcf".to_owned(),
            position: 7,
            ..ExportRecord::default()
        };
        assert_eq!(origin(&card), "vcard (/home/sam/Contacts.vcf:7)");
    }
}
