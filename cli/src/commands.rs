//! The commands, one file each.

mod add;
mod channel;
mod circle;
mod company;
mod doctor;
mod event;
mod export;
mod find;
mod forget;
mod giving;
mod hooks;
mod import;
mod intro;
mod log;
mod man;
mod merge;
mod plan;
mod plugin;
mod report;
mod review;
mod set;
mod setup;
mod show;
mod split;
mod status;
mod today;
mod undo;
mod why;
mod words;

use std::io::{self, BufRead as _};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use kith_proto::api::{Done, PersonSummary, WishKind};

use crate::args::{ChannelCommand, CircleCommand, Command, HooksCommand, IntroCommand, Wish};
use crate::client::Client;
use crate::error::CliError;
use crate::printer::{Printer, one_of_several};
use crate::zone::zone;

/// Runs a command.
pub(crate) fn run(command: Command, printer: &mut Printer) -> Result<(), CliError> {
    let kithd = Client::new;
    match command {
        Command::Status => status::status(&kithd()?, printer),
        Command::Import(args) => import::run(&args, &kithd()?, printer),
        Command::Report { import } => report::run(import, &kithd()?, printer),
        Command::Today => today::today(&kithd()?, printer),
        Command::Plan { days } => plan::plan(days, &kithd()?, printer),
        Command::Waiting { not_needed: None, all } => plan::waiting(all, &kithd()?, printer),
        Command::Waiting { not_needed: Some(id), .. } => plan::not_needed(&id, &kithd()?, printer),
        Command::Pause { words } => plan::pause(&words, &kithd()?, printer),
        Command::Season { season } => plan::season(season, &kithd()?, printer),
        Command::Mute { person, off } => plan::mute(&person, !off, &kithd()?, printer),
        Command::Skip { person } => plan::skip(&person, &kithd()?, printer),
        Command::Need(wish) => giving::wish(WishKind::Need, wish, None, &kithd()?, printer),
        Command::Offer(wish) => giving::wish(WishKind::Offer, wish, None, &kithd()?, printer),
        Command::Promise { person, text, by } => {
            giving::wish(WishKind::Promise, Wish { person, text }, by.as_deref(), &kithd()?, printer)
        }
        Command::Close { id, dropped } => giving::close(&id, dropped, &kithd()?, printer),
        Command::Confirm { id } => giving::confirm(&id, &kithd()?, printer),
        Command::Giving => giving::report(&kithd()?, printer),
        Command::Intro { command } => intro::run(command.unwrap_or(IntroCommand::List), &kithd()?, printer),
        Command::Company(args) => company::run(&args, &kithd()?, printer),
        Command::Event(args) => event::run(args, &kithd()?, printer),
        Command::Find { words } => find::run(&words.join(" "), &kithd()?, printer),
        Command::Show { person } => show::run(&person, &kithd()?, printer),
        Command::Log(log) => log::run(&log, &kithd()?, printer),
        Command::Circle { command } => circle::run(command.unwrap_or(CircleCommand::List), &kithd()?, printer),
        Command::Done { person } => today::done(&person, &kithd()?, printer),
        Command::Snooze { person, until } => today::snooze(&person, until.as_deref(), &kithd()?, printer),
        Command::Add(add) => add::run(add, &kithd()?, printer),
        Command::Set { person, field, value } => set::set(&person, field, value, &kithd()?, printer),
        Command::Note { person, text } => set::note(&person, text.join(" "), &kithd()?, printer),
        Command::Export { vcard, interactions, .. } => {
            export::run(export::path(vcard, interactions), &kithd()?, printer)
        }
        Command::Merge { person, others } => merge::run(&person, others, &kithd()?, printer),
        Command::Split(split) => split::run(split, &kithd()?, printer),
        Command::Review { answer: Some(answer) } => review::answer_one(&answer, &kithd()?, printer),
        Command::Review { answer: None } => review::run(&kithd()?, printer),
        Command::Why { person, reminder: true, .. } => why::reminder(&person, &kithd()?, printer),
        Command::Why { person, field, .. } => why::run(&person, field.as_deref(), &kithd()?, printer),
        Command::Undo { ids, list: false } => undo::run(&ids, &kithd()?, printer),
        Command::Undo { .. } => undo::list(&kithd()?, printer),
        Command::Words { person, all } => words::run(person.as_deref(), all, &kithd()?, printer),
        Command::Forget(args) => forget::run(&args, &kithd()?, printer),
        Command::Channel { command } => channel::run(command.unwrap_or(ChannelCommand::List), &kithd()?, printer),
        Command::Hooks { command: HooksCommand::Log { last } } => hooks::log(last, &kithd()?, printer),
        Command::Plugins => status::plugins(&kithd()?, printer),
        Command::Plugin { command } => plugin::run(command, printer),
        Command::Problems => status::problems(&kithd()?, printer),
        Command::Doctor => doctor::run(&kithd()?, printer),
        Command::Setup { print, undo } => setup::run(print, undo, printer),
        Command::Completions { shell } => man::completions(shell, printer),
        Command::Man { folder } => man::write(&folder, printer),
    }
}

/// Prints what a change did.
fn print_done(printer: &mut Printer, done: &Done) -> Result<(), CliError> {
    printer.show(done, |printer, done| {
        let name = done.person.as_ref().map(|p| format!("{}: ", p.name)).unwrap_or_default();
        printer.line(format!("{name}{}", done.done))?;
        print_people(printer, &done.people)?;
        print_undo(printer, &done.facts)
    })
}

/// Prints a line for each of several people.
fn print_people(printer: &mut Printer, people: &[PersonSummary]) -> Result<(), CliError> {
    people.iter().try_for_each(|person| printer.line(format!("  {}", one_of_several(person))))
}

/// Says how to take these facts back.
fn print_undo(printer: &mut Printer, facts: &[String]) -> Result<(), CliError> {
    if facts.is_empty() {
        return Ok(());
    }
    printer.line(format!("  (take it back with: kith undo {})", facts.join(" ")))
}

/// Asks on the terminal; `None` at the end of the input.
fn ask(printer: &mut Printer, question: &str) -> Result<Option<String>, CliError> {
    printer.bytes(question.as_bytes())?;
    printer.flush()?;
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line)?;
    Ok((read > 0).then(|| line.trim().to_owned()))
}

/// What somebody answers who is asked yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reply {
    Yes,
    No,
    /// No to this and to whatever would be asked after it: q, or the end of the input.
    Enough,
}

/// Asks until the answer is one of those that `answers` names.
fn ask_yes_or_no(printer: &mut Printer, question: &str, answers: &str) -> Result<Reply, CliError> {
    loop {
        let Some(line) = ask(printer, question)? else {
            printer.line("")?;
            return Ok(Reply::Enough);
        };
        match line.to_lowercase().as_str() {
            "y" | "yes" => return Ok(Reply::Yes),
            "n" | "no" => return Ok(Reply::No),
            "q" | "quit" => return Ok(Reply::Enough),
            _ => printer.line(format!("  Please answer {answers}."))?,
        }
    }
}

/// Says where a record stands; one without a file is the user's own word.
fn place(source: &str, file: &str, position: u64) -> String {
    if file.is_empty() {
        return "you".to_owned();
    }
    format!("{source} ({file}:{position})")
}

/// Returns the day of an instant, in the user's zone.
fn day(at: Timestamp) -> String {
    at.to_zoned(zone()).date().to_string()
}

/// Returns day and time of an instant, in the user's zone.
fn day_and_time(at: Timestamp) -> String {
    at.to_zoned(zone()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Returns day and time of an instant, in the zone of the schedules, and the zone's name where kithd told it.
fn day_and_time_in(at: Timestamp, zone: &str) -> String {
    match TimeZone::get(zone) {
        Ok(known) => format!("{} ({zone})", at.to_zoned(known).strftime("%Y-%m-%d %H:%M")),
        Err(_) => day_and_time(at),
    }
}

/// Returns a table for people: no frames, two spaces between columns.
fn table(header: &[&str]) -> comfy_table::Table {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(header.to_vec());
    table
}
