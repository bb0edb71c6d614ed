//! The day that a clause names. Of what is told it was, so that a day of the week is the last one: `yesterday`, `on Monday`,
//! `two days ago`, `on 5 November`. Of what is promised it comes (`day/coming`): `tomorrow`, `by Friday`, `bis Freitag`. As the
//! value of an option a day stands alone (`day/alone`).

mod alone;
mod coming;
mod dated;
mod german;

use core::ops::Range;

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan as _};

pub use self::alone::{that_comes, that_was};
pub use self::coming::coming;
pub use self::dated::impossible;
use self::dated::{beside, dated, nearest_date};
use crate::words::Word;

/// The days of the week by their English names, in small letters.
pub const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// How many words name a day, at most.
const LONGEST: usize = 6;

const COUNTS: [(&str, i64); 12] = [
    ("a", 1),
    ("an", 1),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
];

/// Returns the first day that was, as these words name it, and where they do.
#[must_use]
pub fn past(words: &[Word<'_>], today: Date) -> Option<(Date, Range<usize>)> {
    let plain: Vec<String> = words.iter().map(Word::plain).collect();
    let plain: Vec<&str> = plain.iter().map(String::as_str).collect();
    (0..words.len()).find_map(|at| {
        let rest = plain.get(at..(at + LONGEST).min(plain.len()))?;
        let named = at_the_beginning(rest, today);
        let named = named.map(|named| beside(named, plain.get(at..).unwrap_or_default(), today, nearest_date));
        let (on, length) = named.or_else(|| on_a_date(rest, today))?;
        let (first, last) = (words.get(at)?, words.get(at + length - 1)?);
        Some((on, first.at.start..last.at.end))
    })
}

/// The day that these words begin with, and how many of them name it.
fn at_the_beginning(words: &[&str], today: Date) -> Option<(Date, usize)> {
    let back = |span: Span| today.checked_sub(span).ok();
    match words {
        ["the", "day", "before", "yesterday", ..] => Some((back(2.days())?, 4)),
        ["today" | "tonight", ..] => Some((today, 1)),
        ["this", "morning" | "afternoon" | "evening" | "noon", ..] => Some((today, 2)),
        ["yesterday", "morning" | "afternoon" | "evening", ..] => Some((back(1.day())?, 2)),
        ["yesterday", ..] => Some((back(1.day())?, 1)),
        ["last", "night", ..] => Some((back(1.day())?, 2)),
        ["last", "week", ..] => Some((back(1.week())?, 2)),
        ["last", "month", ..] => Some((back(1.month())?, 2)),
        ["tomorrow", ..] => Some((today.checked_add(1.day()).ok()?, 1)),
        ["on", "last", day, ..] => Some((before(weekday(day)?, today)?, 3)),
        ["next", day, ..] => Some((at_weekday_after(weekday(day)?, today)?, 2)),
        ["last", day, ..] => Some((before(weekday(day)?, today)?, 2)),
        ["on" | "this", day, ..] if weekday(day).is_some() => Some((until(weekday(day)?, today)?, 2)),
        [count, unit, "ago", ..] => Some((back(span(count, unit)?)?, 3)),
        [day, ..] => Some((until(weekday(day)?, today)?, 1)),
        [] => None,
    }
}

/// The date that these words begin with. `9.10` alone may be an hour, and is a day behind `on` only.
fn on_a_date(words: &[&str], today: Date) -> Option<(Date, usize)> {
    let of = |words: &[&str]| dated(words, today, nearest_date);
    match words {
        ["on" | "am", "the", rest @ ..] => of(rest).map(|(on, length)| (on, length + 2)),
        ["on" | "am", rest @ ..] => of(rest).map(|(on, length)| (on, length + 1)),
        [word, ..] if word.matches('.').count() < 2 && word.contains('.') => None,
        _ => of(words),
    }
}

fn weekday(word: &str) -> Option<Weekday> {
    WEEKDAYS.iter().find(|(name, _)| *name == word).map(|(_, day)| *day)
}

/// The last such day, today among them.
fn until(day: Weekday, today: Date) -> Option<Date> {
    if today.weekday() == day { Some(today) } else { before(day, today) }
}

fn before(day: Weekday, today: Date) -> Option<Date> {
    today.nth_weekday(-1, day).ok()
}

/// The first such day behind today.
fn at_weekday_after(day: Weekday, today: Date) -> Option<Date> {
    today.nth_weekday(1, day).ok()
}

fn span(count: &str, unit: &str) -> Option<Span> {
    let named = COUNTS.iter().find(|(word, _)| *word == count).map(|(_, count)| *count);
    let count = named.or_else(|| count.parse().ok().filter(|count| (1..=1_000).contains(count)))?;
    match unit {
        "day" | "days" => Some(count.days()),
        "week" | "weeks" => Some(count.weeks()),
        "month" | "months" => Some(count.months()),
        "year" | "years" => Some(count.years()),
        _ => None,
    }
}
