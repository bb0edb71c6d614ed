//! `kith forget`: a person out of everything that kith keeps, for good.

use std::io::{self, BufRead as _};

use kith_proto::api::{FilesChoice, ForgetReport, ForgetRequest};

use crate::args::Forget;
use crate::client::{Client, segment};
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn run(args: &Forget, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let path = format!("/v1/people/{}/forget", segment(&args.person));
    let ask = |request: &ForgetRequest| client.post::<ForgetReport>(&path, request);
    let asks = printer.can_ask() && !args.dry_run;
    let mut files = args.files.map(FilesChoice::from);
    if args.dry_run || (asks && !(args.yes && files.is_some())) {
        let plan = ask(&ForgetRequest { dry_run: true, ..ForgetRequest::default() })?;
        printer.show(&plan, print_report)?;
        if args.dry_run {
            return Ok(());
        }
        if files.is_none() && !plan.files.is_empty() {
            let delete = yes(printer, "Delete these files, with whatever else is in them? [y/n] ")?;
            files = Some(if delete { FilesChoice::Delete } else { FilesChoice::Keep });
        }
        if !args.yes && !yes(printer, &format!("Forget {}? This cannot be undone. [y/n] ", plan.name))? {
            return printer.line("Nothing was changed.");
        }
    }
    let done = ask(&ForgetRequest { dry_run: false, files: files.unwrap_or_default() })?;
    printer.show(
        &done,
        |printer, done| {
            if asks && !args.yes { print_end(printer, done) } else { print_report(printer, done) }
        },
    )
}

fn print_report(printer: &mut Printer, report: &ForgetReport) -> Result<(), CliError> {
    printer.line(format!("{}: {}", report.name, if report.dry_run { "this would go" } else { "this went" }))?;
    let rows = [
        (report.cards, "card", "cards"),
        (report.interactions, "interaction with nobody else", "interactions with nobody else"),
        (report.words, "word of yours about them", "notes, circles, reminders and other words of yours"),
        (report.photos, "photo", "photos"),
    ];
    for (count, one, many) in rows.into_iter().filter(|(count, ..)| *count > 0) {
        printer.line(format!("  {count} {}", if count == 1 { one } else { many }))?;
    }
    if report.shared_interactions > 0 {
        let s = if report.shared_interactions == 1 { "" } else { "s" };
        printer.line(format!("  their name in {} interaction{s} with others", report.shared_interactions))?;
    }
    if report.reports > 0 {
        let s = if report.reports == 1 { "" } else { "s" };
        printer.line(format!("  their name in {} report{s} of imports", report.reports))?;
    }
    print_files(printer, report)?;
    for path in &report.in_place {
        printer.line(format!("Read in place, and not touched: {path}"))?;
    }
    if !report.devices.is_empty() {
        let devices = report.devices.join(", ");
        printer.line(format!("Removed by other devices when they see it, from their own folders: {devices}"))?;
    }
    if report.dry_run { Ok(()) } else { print_end(printer, report) }
}

fn print_files(printer: &mut Printer, report: &ForgetReport) -> Result<(), CliError> {
    if report.files.is_empty() {
        return Ok(());
    }
    printer.line("Imported files that hold them:")?;
    for file in &report.files {
        let what = match (&file.problem, file.deleted) {
            (Some(problem), _) => format!(" (could not be deleted: {problem})"),
            (None, true) => " (deleted)".to_owned(),
            (None, false) => String::new(),
        };
        printer.line(format!("  {}{what}", file.path))?;
    }
    Ok(())
}

fn print_end(printer: &mut Printer, report: &ForgetReport) -> Result<(), CliError> {
    let kept = report.files.iter().filter(|file| !file.deleted).count();
    printer.line(format!("{} is forgotten. What is imported from now on leaves them out.", report.name))?;
    // Once somebody is forgotten, nobody knows which files these were.
    match kept {
        0 => Ok(()),
        1 => printer.line("The imported file that holds them was kept: delete it yourself, if you like."),
        _ => printer
            .line(format!("The {kept} imported files that hold them were kept: delete them yourself, if you like.")),
    }
}

fn yes(printer: &mut Printer, question: &str) -> Result<bool, CliError> {
    loop {
        printer.bytes(question.as_bytes())?;
        printer.flush()?;
        let mut line = String::new();
        if io::stdin().lock().read_line(&mut line)? == 0 {
            return Ok(false);
        }
        match line.trim() {
            "y" | "Y" | "yes" => return Ok(true),
            "n" | "N" | "no" => return Ok(false),
            _ => {}
        }
    }
}
