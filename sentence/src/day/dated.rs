//! A day with its number: `2026-11-20`, `May 5th`, `the 5th of May`, `5. Mai`, `5.5.`, alone or beside a day of the week.
//!
//! Which year is meant where none stands there, the caller says: the next such day, or the last.

use jiff::civil::Date;

use super::{german, weekday};
use crate::words::{Word, clauses, words};

/// Which of the days of that month and number is meant.
pub(super) type Which = fn(i8, i8, Date) -> Option<Date>;

/// Words behind a number with which it counts something: `Jan 3 weeks ago` is about somebody called Jan.
const COUNTED: [&str; 10] = ["day", "days", "week", "weeks", "month", "months", "year", "years", "times", "hours"];

const MONTHS: [&[&str]; 12] = [
    &["january", "jan", "januar", "jaenner"],
    &["february", "feb", "februar"],
    &["march", "mar", "maerz"],
    &["april", "apr"],
    &["may", "mai"],
    &["june", "jun", "juni"],
    &["july", "jul", "juli"],
    &["august", "aug"],
    &["september", "sep", "sept"],
    &["october", "oct", "oktober", "okt"],
    &["november", "nov"],
    &["december", "dec", "dezember", "dez"],
];

/// A date beside a day of the week says which one is meant: `Friday 4 December`, `Freitag, den 4. Dezember`.
pub(super) fn beside((on, length): (Date, usize), words: &[&str], today: Date, which: Which) -> (Date, usize) {
    let is_weekday = |word: &&str| weekday(word).is_some() || german::weekday(word).is_some();
    let behind = words.get(length..).unwrap_or_default();
    if !words.get(length - 1).is_some_and(is_weekday) {
        return (on, length);
    }
    let article = usize::from(matches!(behind, ["the" | "on" | "den" | "dem" | "der", ..]));
    let date = behind.get(article..).and_then(|behind| dated(behind, today, which));
    date.map_or((on, length), |(date, more)| (date, length + article + more))
}

/// A day with its number: `2026-11-20`, `May 5th`, `the 5th of May`, `5. Mai`, `5.5.`
pub(super) fn dated(words: &[&str], today: Date, which: Which) -> Option<(Date, usize)> {
    let in_month = |day: &str, name: &str| which(month(name)?, number(day)?, today);
    match words {
        [day, "of", name, ..] if month(name).is_some() => Some((in_month(day, name)?, 3)),
        [day, name, year, ..] if month(name).is_some() && is_year(year) => {
            Some((Date::new(year.parse().ok()?, month(name)?, number(day)?).ok()?, 3))
        }
        [day, name, ..] if month(name).is_some() => Some((in_month(day, name)?, 2)),
        [name, day, year, ..] if month(name).is_some() && is_year(year) => {
            Some((Date::new(year.parse().ok()?, month(name)?, number(day)?).ok()?, 3))
        }
        [name, day, behind @ ..] if month(name).is_some() => {
            let counts = behind.first().is_some_and(|unit| COUNTED.contains(unit));
            (!counts).then(|| Some((in_month(day, name)?, 2))).flatten()
        }
        [day, ..] => Some((day.parse().ok().or_else(|| with_points(day, today, which))?, 1)),
        [] => None,
    }
}

/// `5.5.`, `05.05.2026`, as in German.
fn with_points(word: &str, today: Date, which: Which) -> Option<Date> {
    let mut parts = word.split('.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next().filter(|year| !year.is_empty()));
    let is_number = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(day) || !is_number(month) || parts.next().is_some() {
        return None;
    }
    let (day, month) = (day.parse().ok()?, month.parse().ok()?);
    match year {
        Some(year) if is_year(year) => Date::new(year.parse().ok()?, month, day).ok(),
        Some(_) => None,
        None => which(month, day, today),
    }
}

/// The next such day, today among them: this year's, else the next year's.
pub(super) fn next_date(month: i8, day: i8, today: Date) -> Option<Date> {
    let in_year = |year: i16| Date::new(year, month, day).ok();
    in_year(today.year()).filter(|date| *date >= today).or_else(|| in_year(today.year().checked_add(1)?))
}

fn month(name: &str) -> Option<i8> {
    let at = MONTHS.iter().position(|names| names.contains(&name))?;
    i8::try_from(at + 1).ok()
}

/// `5`, `5th`, `21st`.
fn number(word: &str) -> Option<i8> {
    let bare = ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word);
    bare.parse().ok().filter(|day| (1..=31).contains(day))
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.starts_with("20") && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// The nearest such day, as one speaks of days that were: the last one, unless the next is nearer.
pub(super) fn nearest_date(month: i8, day: i8, today: Date) -> Option<Date> {
    let last = last_date(month, day, today);
    let next = next_date(month, day, today);
    let days = |date: Date| date.duration_since(today).as_hours().abs();
    last.into_iter().chain(next).min_by_key(|date| days(*date))
}

/// The last such day, today among them: this year's, else the year's before.
fn last_date(month: i8, day: i8, today: Date) -> Option<Date> {
    let in_year = |year: i16| Date::new(year, month, day).ok();
    in_year(today.year()).filter(|date| *date <= today).or_else(|| in_year(today.year().checked_sub(1)?))
}

/// Returns the words of a sentence that name a day which no month has: `31 February`, `2026-02-30`, `the 32nd of October`.
#[must_use]
pub fn impossible(sentence: &str) -> Option<&str> {
    clauses(sentence).find_map(|clause| {
        let all = words(sentence, clause);
        (0..all.len()).find_map(|at| {
            let length = impossible_at(&all, at)?;
            sentence.get(all.get(at)?.at.start..all.get(at + length - 1)?.at.end)
        })
    })
}

/// Of how many words such a day is that stands here, if one does.
fn impossible_at(all: &[Word<'_>], at: usize) -> Option<usize> {
    let behind: Vec<&str> = all.iter().skip(at).take(4).map(|word| word.folded.as_str()).collect();
    let is_none = |day: &str, name: &str, year: Option<&&str>| {
        let year = year.filter(|year| is_year(year)).and_then(|year| year.parse().ok()).unwrap_or(LEAP_YEAR);
        month(name).is_some_and(|month| match number(day) {
            Some(day) => Date::new(year, month, day).is_err(),
            None => is_ordinal(day),
        })
    };
    let is_on = || {
        at.checked_sub(1)
            .and_then(|before| all.get(before))
            .is_some_and(|word| matches!(&*word.folded, "on" | "am" | "by"))
    };
    match behind.as_slice() {
        [day, "of", name, rest @ ..] if is_none(day, name, rest.first()) => Some(3),
        [day, name, rest @ ..] if is_none(day, name, rest.first()) || is_none(name, day, rest.first()) => Some(2),
        [day, ..] if is_written_in_numbers(day) && day.parse::<Date>().is_err() => Some(1),
        [day, ..] if is_none_with_points(day, is_on()) => Some(1),
        _ => None,
    }
}

/// A year in which every day is that any year has.
const LEAP_YEAR: i16 = 2024;

/// `32nd`, `0th`.
fn is_ordinal(word: &str) -> bool {
    let bare = ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending));
    bare.is_some_and(|bare| !bare.is_empty() && bare.len() <= 2 && bare.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `2026-02-30`.
fn is_written_in_numbers(word: &str) -> bool {
    let form = |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    word.len() == 10 && word.bytes().enumerate().all(form)
}

/// `30.2.2026`; `30.2` only where it cannot be an hour.
fn is_none_with_points(word: &str, is_on: bool) -> bool {
    let parts: Vec<Option<i16>> = word.trim_end_matches('.').split('.').map(|part| part.parse().ok()).collect();
    let none = |year: i16, month: i16, day: i16| match (i8::try_from(month), i8::try_from(day)) {
        (Ok(month), Ok(day)) => Date::new(year, month, day).is_err(),
        _ => true,
    };
    match parts.as_slice() {
        [Some(day), Some(month), Some(year)] if (1900..2100).contains(year) => none(*year, *month, *day),
        [Some(day), Some(month @ 1..=12)] if is_on => (1..=31).contains(day) && none(LEAP_YEAR, *month, *day),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_no_month_has_is_named() {
        for (sentence, day) in [
            ("met Ana on 31 February", "31 February"),
            ("met Ana on the 31st of November", "31st of November"),
            ("promised Ana to call by February 30", "February 30"),
            ("met Ana on the 32nd of October; she is well", "32nd of October"),
            ("met Ana on 29 February 2025", "29 February"),
            ("met Ana 2026-02-30", "2026-02-30"),
            ("met Ana on 30.2.", "30.2"),
            ("met Ana am 31.04.2026", "31.04.2026"),
        ] {
            assert_eq!(impossible(sentence), Some(day), "{sentence}");
        }
        for sentence in [
            "met Ana on 29 February",
            "met Ana on 29 February 2024",
            "met Ana on 31.12.",
            "Jan 3 weeks ago",
            "coffee at 9.30 with Ana",
            "Ana may 40 people bring",
            "version 31.2 came out",
            "promised 30 march songs",
            "call +49 30 901820",
        ] {
            assert_eq!(impossible(sentence), None, "{sentence}");
        }
    }
}
