//! `kith plugin`: one plugin brought back.

use kith_proto::api::Plugin;

use crate::args::PluginCommand;
use crate::client::{Client, segment};
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn run(command: PluginCommand, printer: &mut Printer) -> Result<(), CliError> {
    match command {
        PluginCommand::Enable { name } => enable(&name, &Client::new()?, printer),
    }
}

fn enable(name: &str, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let plugin: Plugin = client.post(&format!("/v1/plugins/{}/enable", segment(name)), &())?;
    printer.show(&plugin, |printer, plugin| printer.line(format!("{} {} is used again", plugin.name, plugin.version)))
}
