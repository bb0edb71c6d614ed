//! A day with its number: `2026-11-20`, `May 5th`, `the 5th of May`, `5. Mai`, `5.5.`, alone or beside a day of the week.
//!
//! Which year is meant where none stands there, the caller says: the next such day, or the last.

use jiff::civil::Date;

use super::{german, weekday};

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
