//! `kith today`, `done` and `snooze`: whom to reconnect with, and the answers to that.

use kith_proto::api::{Done, PlannedItem, ReminderItem, SnoozeRequest, Today};

use crate::client::{Client, segment};
use crate::commands::plan::day_named;
use crate::commands::{day_and_time_in, print_done};
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn today(client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let today: Today = client.get("/v1/today")?;
    if printer.is_json() {
        let items: Vec<PlannedItem> = today.reminders.into_iter().map(planned).collect();
        return printer.show(&items, |_, _| Ok(()));
    }
    printer.show(&today, |printer, today| {
        if today.reminders.is_empty() {
            printer.line("Nobody waits for you today.")?;
        }
        for reminder in &today.reminders {
            printer.line(if reminder.name.is_empty() { "A word from kith" } else { &reminder.name })?;
            reminder.reasons.iter().try_for_each(|reason| printer.line(format!("  {reason}")))?;
            reminder.step.iter().try_for_each(|step| printer.line(format!("  → {step}")))?;
        }
        proposed(today).iter().try_for_each(|line| printer.line(line))?;
        if let Some(until) = today.paused_until {
            let day = until.strftime("%A, %-d %B %Y");
            return printer.line(format!("All reminders are paused until {day}: kith pause off ends it."));
        }
        let Some(next) = today.next.map(|at| day_and_time_in(at, &today.zone)) else { return Ok(()) };
        let names: Vec<&str> = today.coming.iter().map(|reminder| reminder.name.as_str()).collect();
        match names.as_slice() {
            [] => printer.line(format!("The next plan is made on {next}.")),
            names => printer.line(format!("The next plan, on {next}, names {}.", names.join(", "))),
        }
    })
}

/// What waits for a yes or no: "Waits for your yes or no: 2 promises read in your mail (kith promise)."
fn proposed(today: &Today) -> Option<String> {
    let counted = |count: usize, what: &str, read: &str| match count {
        0 => None,
        1 => Some(format!("1 {what} {read} (kith {what})")),
        _ => Some(format!("{count} {what}s {read} (kith {what})")),
    };
    let promises = counted(today.proposed_promises, "promise", "read in your mail");
    let needs = counted(today.proposed_needs, "need", "read in what you told");
    let all: Vec<String> = promises.into_iter().chain(needs).collect();
    (!all.is_empty()).then(|| format!("Waits for your yes or no: {}.", all.join(", ")))
}

/// A reminder of today as one of those to come, without when.
fn planned(item: ReminderItem) -> PlannedItem {
    PlannedItem {
        at: None,
        person: item.person,
        kind: item.kind,
        reasons: item.reasons,
        next_step: item.step,
        name: item.name,
        more: 0,
    }
}

pub(super) fn done(person: &str, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let done: Done = client.post(&format!("/v1/people/{}/done", segment(person)), &())?;
    print_done(printer, &done)
}

pub(super) fn snooze(
    person: &str,
    until: Option<&str>,
    client: &Client,
    printer: &mut Printer,
) -> Result<(), CliError> {
    let until = until.map(|text| day_named(text, client)).transpose()?;
    let done: Done = client.post(&format!("/v1/people/{}/snooze", segment(person)), &SnoozeRequest { until })?;
    print_done(printer, &done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_for_a_yes_or_no_is_counted_with_its_command() {
        let says = |proposed_promises, proposed_needs| {
            proposed(&Today { proposed_promises, proposed_needs, ..Today::default() })
        };
        assert_eq!(says(0, 0), None);
        let one = "Waits for your yes or no: 1 need read in what you told (kith need).";
        assert_eq!(says(0, 1).as_deref(), Some(one));
        let both = "Waits for your yes or no: 2 promises read in your mail (kith promise), 1 need read in what you told (kith need).";
        assert_eq!(says(2, 1).as_deref(), Some(both));
    }
}
