//! `kith review`: are these two one person? One question at a time, side by side.
//!
//! ```text
//!                 the one              the other
//!  name         = Ana Silva          = Ana Silva
//!  mail           ana@a.example        ana@b.example
//! ```

use std::collections::BTreeSet;

use comfy_table::{ContentArrangement, Table, presets};
use kith_proto::api::{Answer, AnswerRequest, Done, LinkReason, Question, QuestionOrigin, QuestionSide, short_id};

use crate::client::{Client, segment};
use crate::commands::{ask, day, place, print_done, print_undo};
use crate::error::CliError;
use crate::printer::Printer;

/// How many reasons are told unasked.
const REASONS: usize = 3;

/// The questions looked at to find one that was not put yet.
const LOOKED_AT: usize = 50;

/// Programs are told of all of them.
const EVERY: usize = 1_000_000;

/// A terminal that says it is narrower does not know how wide it is.
const NARROWEST: u16 = 40;

/// How wide a terminal is, when it does not say.
const USUAL_WIDTH: u16 = 80;

/// The fields by which two of one name are told apart, in the order of [`fields`].
const TELLS_APART: [&str; 8] = ["mail", "phone", "profile", "company", "title", "birthday", "place", "from"];

/// What was typed at a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Typed {
    Answer(Answer),
    Why,
    Quit,
}

pub(super) fn run(client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    if !printer.can_ask() {
        let questions: Vec<Question> = client.get(&format!("/v1/review?limit={EVERY}"))?;
        return printer.show(&questions, print_list);
    }
    let mut put: BTreeSet<String> = BTreeSet::new();
    loop {
        // Each answer may answer others, too: so they are fetched anew.
        let questions: Vec<Question> = client.get(&format!("/v1/review?limit={LOOKED_AT}"))?;
        let Some(question) = questions.into_iter().find(|question| !put.contains(&question.id)) else {
            return printer.line(if put.is_empty() { "There is nothing to ask." } else { "That was all." });
        };
        print_question(printer, &question)?;
        let Some(answer) = answered(printer, &question)? else { return Ok(()) };
        let done = send(&question.id, answer, client)?;
        printer.line(format!("  {}", done.done))?;
        print_undo(printer, &done.facts)?;
        printer.line("")?;
        put.insert(question.id);
    }
}

/// Answers one question, for scripts.
pub(super) fn answer_one(words: &[String], client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let [id, word] = words else { return Err(CliError::NoAnswer(words.join(" "))) };
    let Some(Typed::Answer(answer)) = read(word) else { return Err(CliError::NoAnswer(word.clone())) };
    print_done(printer, &send(id, answer, client)?)
}

fn send(id: &str, answer: Answer, client: &Client) -> Result<Done, CliError> {
    client.post(&format!("/v1/review/{}", segment(id)), &AnswerRequest { answer })
}

/// Asks until there is an answer; `None` when it is enough.
fn answered(printer: &mut Printer, question: &Question) -> Result<Option<Answer>, CliError> {
    loop {
        let words = "[y]es, the same · [n]o, two people · [l]ater · [w]hy · [q]uit ";
        let Some(line) = ask(printer, words)? else { return Ok(None) };
        match read(&line) {
            Some(Typed::Answer(answer)) => return Ok(Some(answer)),
            Some(Typed::Why) => print_reasons(printer, &question.reasons)?,
            Some(Typed::Quit) => return Ok(None),
            None => printer.line("  Please answer y, n, l, w or q.")?,
        }
    }
}

fn read(word: &str) -> Option<Typed> {
    Some(match word.to_lowercase().as_str() {
        "y" | "yes" | "same" => Typed::Answer(Answer::Same),
        "n" | "no" | "apart" => Typed::Answer(Answer::Apart),
        "l" | "later" => Typed::Answer(Answer::Later),
        "w" | "why" => Typed::Why,
        "q" | "quit" => Typed::Quit,
        _ => return None,
    })
}

fn print_list(printer: &mut Printer, questions: &Vec<Question>) -> Result<(), CliError> {
    if questions.is_empty() {
        return printer.line("There is nothing to ask.");
    }
    for question in questions {
        let (a, b) = (named(&question.a, &question.b), named(&question.b, &question.a));
        printer.line(format!("{}  {a} and {b}: {}", question.id, told(question)))?;
    }
    printer.line("Answer one with: kith review --answer ID y (or n, or later)")
}

fn print_question(printer: &mut Printer, question: &Question) -> Result<(), CliError> {
    printer.line(side_by_side(question, None))?;
    printer.line("")?;
    printer.line(format!("  {}", told(question)))
}

/// Tells the weightiest reasons for it, and those against it.
fn told(question: &Question) -> String {
    let some = |is_told: fn(&&LinkReason) -> bool| {
        let told = question.reasons.iter().filter(is_told).take(REASONS);
        told.map(|reason| reason.words.clone()).collect::<Vec<_>>().join("; ")
    };
    let (for_it, against) = (some(|reason| reason.bits >= 0.0), some(|reason| reason.bits < 0.0));
    [("", for_it), ("against it: ", against)]
        .into_iter()
        .filter(|(_, told)| !told.is_empty())
        .map(|(word, told)| format!("{word}{told}"))
        .collect::<Vec<_>>()
        .join("; ")
}

/// A side of a question by name; where the other bears it, too, with the first thing that only this one has.
fn named(side: &QuestionSide, other: &QuestionSide) -> String {
    if side.name != other.name {
        return side.name.clone();
    }
    let own = fields(side, other).into_iter().filter(|(label, ..)| TELLS_APART.contains(label));
    let own = own.flat_map(|(_, values, others)| values.into_iter().filter(move |value| !has(&others, value)));
    // What differs in nothing else is two all the same.
    let own = own.chain([short_id(&side.person).to_owned()]).next().unwrap_or_default();
    format!("{} ({own})", side.name)
}

fn has(values: &[String], value: &str) -> bool {
    values.iter().any(|other| other.to_lowercase() == value.to_lowercase())
}

/// Says where a record comes from, with its day: `vcard (people.vcf:3), 2026-11-03`.
fn origin(origin: &QuestionOrigin) -> String {
    let seen = origin.seen.map(|at| format!(", {}", day(at))).unwrap_or_default();
    format!("{}{seen}", place(&origin.source, &origin.file, origin.position))
}

fn print_reasons(printer: &mut Printer, reasons: &[LinkReason]) -> Result<(), CliError> {
    printer.line("  What speaks for it (+) and against it (-); each point doubles the odds or halves them.")?;
    reasons.iter().try_for_each(|reason| printer.line(format!("  {:>+6.1}  {}", reason.bits, reason.words)))
}

/// Returns the two sides, a line a field, equal values marked; `width` in columns, the terminal's unless given.
fn side_by_side(question: &Question, width: Option<u16>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    let known = width.or_else(|| table.width()).filter(|width| *width >= NARROWEST);
    table.set_width(known.unwrap_or(USUAL_WIDTH));
    for (label, a, b) in fields(&question.a, &question.b) {
        if !(a.is_empty() && b.is_empty()) {
            table.add_row([label.to_owned(), marked(&a, &b), marked(&b, &a)]);
        }
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

fn fields(a: &QuestionSide, b: &QuestionSide) -> Vec<(&'static str, Vec<String>, Vec<String>)> {
    let both = |label, of: fn(&QuestionSide) -> Vec<String>| (label, of(a), of(b));
    vec![
        both("name", |side| vec![side.name.clone()]),
        both("mail", |side| side.emails.clone()),
        both("phone", |side| side.phones.clone()),
        both("profile", |side| side.profiles.clone()),
        both("company", |side| side.organizations.clone()),
        both("title", |side| side.titles.clone()),
        both("birthday", |side| side.birthdays.clone()),
        both("place", |side| side.places.clone()),
        both("from", |side| side.origins.iter().map(origin).collect()),
        both("last contact", |side| side.last_interaction.map(day).into_iter().collect()),
    ]
}

/// Returns the values, one a line, those that the other has as well with a mark.
fn marked(values: &[String], others: &[String]) -> String {
    let line = |value: &String| format!("{} {value}", if has(others, value) { "=" } else { " " });
    values.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(emails: &[&str], company: &str) -> QuestionSide {
        QuestionSide {
            name: "Ana Silva".to_owned(),
            emails: emails.iter().map(|email| (*email).to_owned()).collect(),
            organizations: vec![company.to_owned()],
            ..QuestionSide::default()
        }
    }

    #[test]
    fn equal_values_are_marked_and_empty_fields_left_out() {
        let reason = |words: &str, bits| LinkReason { words: words.to_owned(), bits };
        let question = Question {
            a: side(&["ana@a.example", "ana@example.com"], "ACME"),
            b: side(&["ana@b.example"], "Acme"),
            reasons: vec![reason("same name", 5.0), reason("other address", -1.0)],
            ..Question::default()
        };
        let shown = side_by_side(&question, Some(80));
        let lines: Vec<Vec<&str>> = shown.lines().map(|line| line.split_whitespace().collect()).collect();
        let expected: [&[&str]; 4] = [
            &["name", "=", "Ana", "Silva", "=", "Ana", "Silva"],
            &["mail", "ana@a.example", "ana@b.example"],
            &["ana@example.com"],
            &["company", "=", "ACME", "=", "Acme"],
        ];
        assert_eq!(lines, expected, "{shown}");
        assert_eq!(told(&question), "same name; against it: other address");
    }

    #[test]
    fn answers_are_letters_or_words() {
        assert_eq!(read("Y"), Some(Typed::Answer(Answer::Same)));
        assert_eq!(read("no"), Some(Typed::Answer(Answer::Apart)));
        assert_eq!(read("later"), Some(Typed::Answer(Answer::Later)));
        assert_eq!(read("w"), Some(Typed::Why));
        assert_eq!(read("maybe"), None);
    }

    #[test]
    fn two_of_one_name_never_have_the_same_label() {
        let from = |file: &str, position, seen: &str| QuestionOrigin {
            source: "vcard".to_owned(),
            file: file.to_owned(),
            position,
            seen: Some(seen.parse().unwrap()),
        };
        let bare = |person: &str, origin: QuestionOrigin| QuestionSide {
            person: person.to_owned(),
            origins: vec![origin],
            ..side(&[], "Acme")
        };
        #[track_caller]
        fn check(a: &QuestionSide, b: &QuestionSide, expected: [&str; 2]) {
            assert_eq!([named(a, b), named(b, a)], expected);
        }
        let first = bare("0f8c1b7a52d9", from("a.vcf", 1, "2026-11-03T12:00:00Z"));
        let second = bare("77aa1b7a52d9", from("a.vcf", 2, "2026-11-03T12:00:00Z"));
        check(&first, &second, ["Ana Silva (vcard (a.vcf:1), 2026-11-03)", "Ana Silva (vcard (a.vcf:2), 2026-11-03)"]);
        let moved = QuestionSide { organizations: vec!["Quay".to_owned()], ..second.clone() };
        check(&first, &moved, ["Ana Silva (Acme)", "Ana Silva (Quay)"]);
        let housed = QuestionSide { places: vec!["Gartenweg 1, 10115 Berlin".to_owned()], ..second.clone() };
        let expected = ["Ana Silva (vcard (a.vcf:1), 2026-11-03)", "Ana Silva (Gartenweg 1, 10115 Berlin)"];
        check(&first, &housed, expected);
        let alike = QuestionSide { origins: first.origins.clone(), ..second };
        check(&first, &alike, ["Ana Silva (0f8c1b7a)", "Ana Silva (77aa1b7a)"]);
        let loud = QuestionSide { organizations: vec!["ACME".to_owned()], ..alike.clone() };
        check(&first, &loud, ["Ana Silva (0f8c1b7a)", "Ana Silva (77aa1b7a)"]);
        check(&first, &QuestionSide { name: "Ana Sousa".to_owned(), ..alike }, ["Ana Silva", "Ana Sousa"]);
    }
}
