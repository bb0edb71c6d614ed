//! `kith company`: who works there, who knows somebody there, whom to ask, and what to do for them first.

use kith_proto::api::{Company, CompanyItem, CompanyPerson, CompanyRequest, Done, short_id};

use crate::args::CompanyArgs;
use crate::client::{Client, segment};
use crate::commands::print_done;
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn run(args: &CompanyArgs, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let name = args.name.join(" ");
    if args.care || args.no_care {
        let done: Done = client.put("/v1/companies", &CompanyRequest { name, cared: args.care })?;
        return print_done(printer, &done);
    }
    if name.is_empty() {
        return list(client, printer);
    }
    let company: Company = client.get(&format!("/v1/companies/{}", segment(&name)))?;
    printer.show(&company, print)
}

fn list(client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let items: Vec<CompanyItem> = client.get("/v1/companies")?;
    printer.show(&items, |printer, items| {
        if items.is_empty() {
            return printer.line("You told of no company that you care about: kith company NAME --care");
        }
        items.iter().try_for_each(|item| {
            let CompanyItem { name, now, before, know, ask } = item;
            let know = if *know == 1 { "1 knows".to_owned() } else { format!("{know} know") };
            let there = format!("{now} there, {before} before, {know} somebody there, {ask} could be asked");
            printer.line(format!("{name}: {there}"))
        })
    })
}

fn print(printer: &mut Printer, company: &Company) -> Result<(), CliError> {
    printer.line(&company.name)?;
    if company.people.is_empty() {
        printer.line("  nobody you know works there or did, as far as your files tell")?;
        return if company.like.is_empty() {
            Ok(())
        } else {
            printer.line(format!("  did you mean: {}", company.like.join("; ")))
        };
    }
    let (now, before): (Vec<&CompanyPerson>, Vec<&CompanyPerson>) = company.people.iter().partition(|p| p.now);
    people(printer, "works there", &now)?;
    people(printer, "worked there", &before)?;
    for known in &company.know {
        printer.line(format!("  {}  {} knows {}", short_id(&known.person), known.name, known.knows.join(", ")))?;
    }
    if company.ask.is_empty() {
        return printer.line(
            "Nobody to ask yet: of these nobody is in a circle, or really written to, or had a need that you noted.",
        );
    }
    printer.line("You could ask:")?;
    for ask in &company.ask {
        printer.line(format!("  {}", ask.name))?;
        ask.why.iter().try_for_each(|why| printer.line(format!("    {why}")))?;
        printer.line(format!("    → {}", ask.first))?;
    }
    Ok(())
}

fn people(printer: &mut Printer, words: &str, people: &[&CompanyPerson]) -> Result<(), CliError> {
    people.iter().try_for_each(|person| {
        let title = person.title.as_deref().map(|title| format!(", {title}")).unwrap_or_default();
        printer.line(format!("  {}  {} {words}{title}", short_id(&person.person), person.name))
    })
}
