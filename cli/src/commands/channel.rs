//! `kith channel`: network channels, a test message over one, and trying again what was given up.

use kith_proto::api::{Channel, ChannelRetry, ChannelTest};

use crate::args::ChannelCommand;
use crate::client::{Client, segment};
use crate::commands::day_and_time;
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn run(command: ChannelCommand, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    match command {
        ChannelCommand::List => list(client, printer),
        ChannelCommand::Test { name } => test(&name, client, printer),
        ChannelCommand::Retry { name } => retry(&name, client, printer),
    }
}

fn list(client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let channels: Vec<Channel> = client.get("/v1/channels")?;
    printer.show(&channels, |printer, channels| {
        if channels.is_empty() {
            return printer.line("No network channel. docs/CHANNELS.md tells how to write one into the config.");
        }
        channels.iter().try_for_each(|channel| line(printer, channel))
    })
}

fn line(printer: &mut Printer, channel: &Channel) -> Result<(), CliError> {
    let events = if channel.events.is_empty() { String::new() } else { format!(", {}", channel.events.join(", ")) };
    printer.line(format!("{} ({}{events})", channel.name, channel.kind))?;
    if channel.waiting > 0 {
        let next = channel.next_try.map(|at| format!(", next try {}", day_and_time(at))).unwrap_or_default();
        printer.line(format!("  waiting: {}{next}", channel.waiting))?;
    }
    if channel.given_up > 0 {
        printer
            .line(format!("  given up: {} (try again with: kith channel retry {})", channel.given_up, channel.name))?;
    }
    channel.problem.iter().try_for_each(|problem| printer.line(format!("  {problem}")))
}

fn test(name: &str, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let test: ChannelTest = client.post(&format!("/v1/channels/{}/test", segment(name)), &())?;
    printer.show(&test, |printer, test| match test.outcome.as_str() {
        "delivered" => printer.line(format!("{name}: the test message was delivered")),
        "again" => printer.line(format!("{name}: not delivered; it would be tried again")),
        _ => printer.line(format!("{name}: not delivered, and it would not be tried again")),
    })?;
    if test.outcome == "delivered" { Ok(()) } else { Err(CliError::NotSent(test.why.unwrap_or_default())) }
}

fn retry(name: &str, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let retry: ChannelRetry = client.post(&format!("/v1/channels/{}/retry", segment(name)), &())?;
    printer.show(&retry, |printer, retry| match retry.messages {
        0 => printer.line(format!("{name}: nothing waits, and nothing was given up")),
        1 => printer.line(format!("{name}: 1 message is tried again")),
        messages => printer.line(format!("{name}: {messages} messages are tried again")),
    })
}
