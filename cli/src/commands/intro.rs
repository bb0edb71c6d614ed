//! `kith intro`: whom it would help to know each other, and how far it is.

use kith_proto::api::{Done, IntroductionDraft, IntroductionItem, IntroductionRequest, IntroductionSuggestion};

use crate::args::IntroCommand;
use crate::client::{Client, segment};
use crate::commands::{day, print_done};
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn run(command: IntroCommand, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    match command {
        IntroCommand::Suggest => suggest(client, printer),
        IntroCommand::List => list(client, printer),
        IntroCommand::Set { a, b, stage, text } => {
            let text = (!text.is_empty()).then(|| text.join(" "));
            let done: Done = client.post("/v1/introductions", &IntroductionRequest { a, b, stage, text })?;
            print_done(printer, &done)
        }
        IntroCommand::Draft { a, b } => draft(&a, &b, client, printer),
    }
}

fn suggest(client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let found: Vec<IntroductionSuggestion> = client.get("/v1/introductions/suggestions")?;
    printer.show(&found, |printer, found| {
        if found.is_empty() {
            printer.line("Nobody to introduce: no need fits what somebody can help with whom they do not know yet.")?;
            return printer.line("There is more to go by with: kith need, kith offer, kith note");
        }
        for suggestion in found {
            printer.line(format!("{} and {}", suggestion.a_name, suggestion.b_name))?;
            suggestion.why.iter().try_for_each(|why| printer.line(format!("  {why}")))?;
        }
        printer.line("Begin with: kith intro set A B suggested; a text: kith intro draft A B")
    })
}

fn list(client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let items: Vec<IntroductionItem> = client.get("/v1/introductions")?;
    printer.show(&items, |printer, items| {
        if items.is_empty() {
            return printer.line("No introductions yet: kith intro suggest proposes some.");
        }
        for item in items {
            let at = item.at.map(day).unwrap_or_default();
            let text = item.text.as_deref().map(|text| format!(": {text}")).unwrap_or_default();
            printer.line(format!("{at}  {} and {}  {}{text}", item.a_name, item.b_name, item.stage))?;
        }
        Ok(())
    })
}

fn draft(a: &str, b: &str, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let path = format!("/v1/introductions/draft?a={}&b={}", segment(a), segment(b));
    let draft: IntroductionDraft = client.get(&path)?;
    printer.show(&draft, |printer, draft| {
        printer.line(format!("To: {}", draft.to.join(", ")))?;
        if !draft.unreached.is_empty() {
            printer.line(format!("(of {} kith knows no address)", draft.unreached.join(" and ")))?;
        }
        printer.line(format!("Subject: {}\n", draft.subject))?;
        printer.line(&draft.text)
    })
}
