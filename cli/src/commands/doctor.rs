//! `kith doctor`: a check-up, also when kithd is not running.

use kith_proto::api::{DoctorFinding, Finding};

use crate::client::Client;
use crate::commands::setup;
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn run(client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let mut findings = match client.get::<Vec<DoctorFinding>>("/v1/doctor") {
        Ok(findings) => findings,
        Err(error @ (CliError::Down(_) | CliError::Starting(_))) => vec![DoctorFinding {
            topic: "daemon".to_owned(),
            finding: Finding::Fail,
            text: error.to_string(),
            next_step: error.hint(),
        }],
        Err(error) => return Err(error),
    };
    findings.push(service());
    let unwell = findings.iter().filter(|f| f.finding == Finding::Fail).count();
    printer.show(&findings, |printer, findings| print(printer, findings))?;
    if unwell == 0 { Ok(()) } else { Err(CliError::Unwell(unwell)) }
}

fn service() -> DoctorFinding {
    let installed = setup::unit_path().filter(|path| path.exists());
    let (finding, text, next_step) = match installed {
        Some(path) => (Finding::Ok, format!("the service is installed: {}", path.display()), None),
        None => (
            Finding::Warn,
            "the service is not installed: kithd runs only while you run it".to_owned(),
            Some("install it with: kith setup".to_owned()),
        ),
    };
    DoctorFinding { topic: "service".to_owned(), finding, text, next_step }
}

/// Prints a line a finding, and its next step.
pub(super) fn print(printer: &mut Printer, findings: &[DoctorFinding]) -> Result<(), CliError> {
    for finding in findings {
        let mark = match finding.finding {
            Finding::Ok => "ok  ",
            Finding::Warn => "note",
            Finding::Fail => "FAIL",
            Finding::Unknown => "?   ",
        };
        printer.line(format!("{mark}  {}: {}", finding.topic, finding.text))?;
        if let Some(step) = &finding.next_step {
            printer.line(format!("      next: {step}"))?;
        }
    }
    Ok(())
}
