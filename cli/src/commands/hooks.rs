//! `kith hooks log`: what became of the last runs.

use kith_proto::api::HookRun;

use crate::client::Client;
use crate::commands::day_and_time;
use crate::commands::setup::folder;
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn log(last: usize, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let runs: Vec<HookRun> = client.get(&format!("/v1/hooks/log?last={last}"))?;
    printer.show(&runs, |printer, runs| {
        if runs.is_empty() {
            let config = folder("XDG_CONFIG_HOME", ".config").unwrap_or_else(|| "~/.config".into());
            return printer.line(format!("No hook was run yet. They live in {}/kith/hooks/EVENT.d/", config.display()));
        }
        for run in runs {
            let at = run.at.map(day_and_time).unwrap_or_default();
            printer.line(format!("{at}  {}  {}", run.hook, run.outcome))?;
            for line in run.output.lines() {
                printer.line(format!("    {line}"))?;
            }
        }
        Ok(())
    })
}
