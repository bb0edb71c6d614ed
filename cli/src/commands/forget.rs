//! `kith forget`: a person out of everything that kith keeps, for good.

use kith_proto::api::{FilesChoice, ForgetReport, ForgetRequest, HoldingFile};

use crate::args::Forget;
use crate::client::{Client, segment};
use crate::commands::{Reply, ask_yes_or_no, print_people};
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn run(args: &Forget, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let path = format!("/v1/people/{}/forget", segment(&args.person));
    let send = |request: &ForgetRequest| client.post::<ForgetReport>(&path, request);
    let look = || send(&ForgetRequest { dry_run: true, ..ForgetRequest::default() });
    if args.dry_run {
        return printer.show(&look()?, print_report);
    }
    if !args.yes && !printer.can_ask() {
        return Err(CliError::Unconfirmed(args.person.clone()));
    }
    let files = args.files.map(FilesChoice::from);
    let is_asked = printer.can_ask() && (!args.yes || files.is_none());
    let files = if is_asked {
        let plan = look()?;
        print_report(printer, &plan)?;
        let Some(files) = decide(args, files, &plan, printer)? else {
            return printer.line("Nothing was changed.");
        };
        files
    } else {
        files.unwrap_or_default()
    };
    let done = send(&ForgetRequest { dry_run: false, files }).map_err(cut_off)?;
    printer.show(&done, |printer, done| if is_asked { print_end(printer, done) } else { print_report(printer, done) })
}

/// Asks what the options leave open: whether, then what becomes of the files. `None` when nothing is to be done.
fn decide(
    args: &Forget,
    files: Option<FilesChoice>,
    plan: &ForgetReport,
    printer: &mut Printer,
) -> Result<Option<FilesChoice>, CliError> {
    if !args.yes {
        let question = format!("Forget {}? This cannot be undone. [y/n] ", plan.name);
        match ask_yes_or_no(printer, &question, "y or n")? {
            Reply::Yes => {}
            Reply::No | Reply::Enough => return Ok(None),
        }
    }
    if files.is_some() || plan.files.is_empty() {
        return Ok(Some(files.unwrap_or_default()));
    }
    Ok(match ask_yes_or_no(printer, &files_question(&plan.files), "y or n")? {
        Reply::Yes => Some(FilesChoice::Delete),
        Reply::No => Some(FilesChoice::Keep),
        Reply::Enough => None,
    })
}

fn files_question(files: &[HoldingFile]) -> String {
    let shared = files.iter().filter(|file| file.others).count();
    let these = if files.len() == 1 { "this file" } else { "these files" };
    match shared {
        0 => format!("Delete {these}, too? [y/n] "),
        _ if shared == files.len() => format!("Delete {these}, too, with the others in {these}? [y/n] "),
        _ => format!("Delete {these}, too, with the others in {shared} of them? [y/n] "),
    }
}

/// Of a kithd that ended meanwhile nobody knows how far it came.
fn cut_off(error: CliError) -> CliError {
    if let CliError::Talk(source) = error { CliError::ForgetCutOff(source) } else { error }
}

fn print_report(printer: &mut Printer, report: &ForgetReport) -> Result<(), CliError> {
    printer.line(format!("{}: {}", report.name, if report.dry_run { "this would go" } else { "this went" }))?;
    let rows = [
        (report.cards, "card", "cards"),
        (report.interactions, "interaction with nobody else", "interactions with nobody else"),
        (
            report.words,
            "note, circle, reminder or other word about them",
            "notes, circles, reminders and other words about them",
        ),
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
    if !report.doubles.is_empty() {
        printer.line("Perhaps the same person, and not forgotten along:")?;
        print_people(printer, &report.doubles)?;
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
            (None, false) if file.others => " (others, too)".to_owned(),
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
