//! `kith plugin`: one plugin brought back, begun (`plugin/new`), or checked. What the checks are is `plugin/conform` in kithd, which makes them.

mod new;
mod sdk;

use std::io;
use std::process::Command;

use kith_proto::api::{Conformance, Finding, Plugin};

use crate::args::{PluginCheck, PluginCommand};
use crate::client::{Client, segment};
use crate::commands::{doctor, setup};
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn run(command: PluginCommand, printer: &mut Printer) -> Result<(), CliError> {
    match command {
        PluginCommand::Enable { name } => enable(&name, &Client::new()?, printer),
        PluginCommand::New { name, lang, folder } => new::run(&name, lang, folder, printer),
        PluginCommand::Check(args) => check(&args, printer),
    }
}

fn enable(name: &str, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let plugin: Plugin = client.post(&format!("/v1/plugins/{}/enable", segment(name)), &())?;
    printer.show(&plugin, |printer, plugin| printer.line(format!("{} {} is used again", plugin.name, plugin.version)))
}

fn check(args: &PluginCheck, printer: &mut Printer) -> Result<(), CliError> {
    let report = conformance(args)?;
    printer.show(&report, |printer, report| {
        doctor::print(printer, &report.checks)?;
        if report.passed { printer.line(format!("{} {} passes", report.name, report.version)) } else { Ok(()) }
    })?;
    let failed = report.checks.iter().filter(|check| check.finding == Finding::Fail).count();
    if report.passed { Ok(()) } else { Err(CliError::NotConforming(failed)) }
}

/// Has kithd check the plugin: only it can put up the sandbox.
fn conformance(args: &PluginCheck) -> Result<Conformance, CliError> {
    let kithd = setup::kithd();
    let failed = |source: io::Error| CliError::File { doing: "run", path: kithd.clone(), source };
    let mut command = Command::new(&kithd);
    command.arg("conform").arg(&args.library);
    if let Some(golden) = &args.golden {
        command.arg("--golden").arg(golden);
    }
    if args.bless {
        command.arg("--bless");
    }
    let output = command.output().map_err(failed)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(CliError::Program(format!("{} conform: {said}", kithd.display())));
    }
    serde_json::from_slice(&output.stdout).map_err(CliError::Answer)
}
