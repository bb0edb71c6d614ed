//! `kith status`, `plugins` and `problems`: how kithd is.

use indicatif::HumanBytes;
use kith_proto::api::{HeldFile, ImportProgress, Plugin, Problem, Status};

use crate::client::Client;
use crate::commands::day_and_time_in;
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn status(client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let status: Status = client.get("/v1/status")?;
    printer.show(&status, |printer, s| {
        printer.line(format!("kithd {} is running (pid {})", s.version, s.pid))?;
        let known = [
            counted(s.people, "person", "people"),
            counted(s.interactions, "interaction", "interactions"),
            format!("from {}", counted(s.imports, "import", "imports")),
        ]
        .join(", ");
        printer.line(format!("  knows     {known}"))?;
        if s.waiting > 0 {
            printer.line(format!("  waiting   {}", counted(s.waiting, "file", "files")))?;
        }
        s.importing.iter().try_for_each(|progress| printer.line(format!("  importing {}", how_far(progress))))?;
        s.held.iter().try_for_each(|held| printer.line(format!("            {}", waits(held, &s.zone))))?;
        for folder in &s.folders {
            printer.line(format!("  watches   {} ({}): {}", folder.path, folder.layout, folder.state))?;
        }
        let plugins: Vec<String> = s.plugins.iter().map(|(name, version)| format!("{name} {version}")).collect();
        printer.line(format!("  plugins   {}", plugins.join(", ")))?;
        if s.reminders > 0 {
            printer.line(format!("  reminders {} open: kith today", s.reminders))?;
        }
        if s.questions > 0 {
            let pairs = counted(s.questions, "pair may be one person", "pairs may be one person each");
            printer.line(format!("  review    {pairs}: kith review"))?;
        }
        s.paused_until.iter().try_for_each(|until| {
            let until = until.strftime("%A, %-d %B %Y");
            printer.line(format!("  paused    no reminders until {until}: kith pause off ends it"))
        })?;
        s.next_plan.iter().try_for_each(|at| printer.line(format!("  next plan {}", day_and_time_in(*at, &s.zone))))?;
        s.elsewhere.iter().try_for_each(|why| printer.line(format!("  reminds   not here: {why} (kith doctor)")))?;
        s.attention.iter().try_for_each(|text| printer.line(format!("  look at   {text}")))
    })
}

pub(super) fn plugins(client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let plugins: Vec<Plugin> = client.get("/v1/plugins")?;
    printer.show(&plugins, |printer, plugins| {
        for plugin in plugins {
            let accepts = plugin.accepts.join(" ");
            printer.line(format!("{} {}  {accepts}  {}", plugin.name, plugin.version, plugin.path))?;
            plugin.refused.iter().try_for_each(|reason| printer.line(format!("  not used: {reason}")))?;
        }
        Ok(())
    })
}

pub(super) fn problems(client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let problems: Vec<Problem> = client.get("/v1/problems")?;
    let status: Status = client.get("/v1/status")?;
    printer.show(&problems, |printer, problems| {
        if problems.is_empty() && status.held.is_empty() {
            return printer.line("Every file could be imported.");
        }
        status.held.iter().try_for_each(|held| printer.line(waits(held, &status.zone)))?;
        for problem in problems {
            printer.line(format!("{}\n  {}", problem.path, problem.reason))?;
            problem.hint.iter().try_for_each(|hint| printer.line(format!("  next: {hint}")))?;
        }
        Ok(())
    })
}

/// Says of a file that more of it may come, and what to do: `cut.vcf is empty or ends in the middle: …`.
fn waits(held: &HeldFile, zone: &str) -> String {
    let until = held.until.map(|at| format!(" at {}", day_and_time_in(at, zone))).unwrap_or_default();
    let path = &held.path;
    format!("{path} is empty or ends in the middle: copy it again whole, or take it out; it is read as it is{until}")
}

/// Says how far an import is: `people.vcf: 12.00 MiB of 48.00 MiB, 3000 records, 7 s left`.
fn how_far(progress: &ImportProgress) -> String {
    let (read, total) = (HumanBytes(progress.bytes), HumanBytes(progress.bytes_total));
    let left = progress.seconds_left.map(|seconds| format!(", {seconds} s left")).unwrap_or_default();
    format!("{}: {read} of {total}, {} records{left}", progress.file, progress.records)
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_how_far_an_import_is() {
        let (bytes, bytes_total, records) = (12 << 20, 48 << 20, 3_000);
        let file = "people.vcf".to_owned();
        let progress =
            ImportProgress { file, bytes, bytes_total, records, seconds_left: Some(7), ..ImportProgress::default() };
        assert_eq!(how_far(&progress), "people.vcf: 12.00 MiB of 48.00 MiB, 3000 records, 7 s left");
    }

    #[test]
    fn one_is_not_counted_as_many() {
        let told = [0, 1, 2].map(|count| counted(count, "person", "people"));
        assert_eq!(told, ["0 people", "1 person", "2 people"]);
    }
}
