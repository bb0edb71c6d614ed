//! The day that comes, as a clause names it: `tomorrow`, `by Friday`, `next week`, `in two weeks`, `on 5 May`, and the same in
//! German. A week ends on its Friday, as what is promised for a week is work; a month on its last day.

use core::ops::Range;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::german;
use super::{at_weekday_after, span, weekday};
use crate::words::Word;

/// The days of the week on which it ends, counted from Monday as 1.
const FRIDAY: i32 = 5;
const SUNDAY: i32 = 7;

/// How many words name a day, at most.
const LONGEST: usize = 6;

/// Words before a day with which it is one that was, or what something is called: `the notes from Friday`.
const BEFORE_ANOTHER: [&str; 16] = [
    "last",
    "since",
    "from",
    "of",
    "every",
    "previous",
    "past",
    "seit",
    "vom",
    "von",
    "letzten",
    "letzter",
    "vergangenen",
    "guten",
    "jeden",
    "vorigen",
];

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

/// Returns the first day that comes, as these words name it, and where they do; `today` is such a day, too.
#[must_use]
pub fn coming(words: &[Word<'_>], today: Date) -> Option<(Date, Range<usize>)> {
    let plain: Vec<String> = words.iter().map(Word::plain).collect();
    let plain: Vec<&str> = plain.iter().map(String::as_str).collect();
    (0..words.len()).find_map(|at| {
        let before = at.checked_sub(1).and_then(|before| plain.get(before));
        if before.is_some_and(|before| BEFORE_ANOTHER.contains(before)) {
            return None;
        }
        let rest = plain.get(at..(at + LONGEST).min(plain.len()))?;
        let (on, length) = english(rest, today)
            .or_else(|| german::coming(rest, today))
            .map(|named| with_date(named, plain.get(at..).unwrap_or_default(), today))
            .or_else(|| dated(rest, today))?;
        Some((on, words.get(at)?.at.start..words.get(at + length - 1)?.at.end))
    })
}

/// The day that these words begin with, and how many of them name it.
fn english(words: &[&str], today: Date) -> Option<(Date, usize)> {
    let ahead = |days: i32| today.checked_add(days.days()).ok();
    match words {
        ["the", "day", "after", "tomorrow", ..] => Some((ahead(2)?, 4)),
        ["today" | "tonight" | "eod", ..] => Some((today, 1)),
        ["this", "morning" | "afternoon" | "evening", ..] => Some((today, 2)),
        ["end", "of", "day" | "business", ..] => Some((today, 3)),
        ["end", "of", "the" | "this", "day", ..] => Some((today, 4)),
        ["tomorrow", ..] => Some((ahead(1)?, 1)),
        ["end", "of", "next", "week", ..] => Some((end_of_next_week(today)?, 4)),
        ["end", "of", "the" | "this", "week", ..] => Some((end_of_week(today)?, 4)),
        ["end", "of", "week", ..] => Some((end_of_week(today)?, 3)),
        ["next", "week", ..] => Some((end_of_next_week(today)?, 2)),
        ["this", "week", ..] => Some((end_of_week(today)?, 2)),
        ["the" | "this", "weekend", ..] => Some((weekend(today)?, 2)),
        ["end", "of", "next", "month", ..] => Some((end_of_next_month(today)?, 4)),
        ["end", "of", "the" | "this", "month", ..] => Some((today.last_of_month(), 4)),
        ["end", "of", "month", ..] => Some((today.last_of_month(), 3)),
        ["next", "month", ..] => Some((end_of_next_month(today)?, 2)),
        ["this", "month", ..] => Some((today.last_of_month(), 2)),
        ["next" | "this", day, ..] if weekday(day).is_some() => Some((at_weekday_after(weekday(day)?, today)?, 2)),
        ["in" | "within", "a", "couple", "of", "days", ..] => Some((ahead(2)?, 5)),
        ["in" | "within", "a", "few", "days", ..] => Some((ahead(3)?, 4)),
        ["in" | "within", "the", "next", count, unit, ..] => Some((today.checked_add(span(count, unit)?).ok()?, 5)),
        ["in" | "within", count, unit, ..] => Some((today.checked_add(span(count, unit)?).ok()?, 3)),
        [day, ..] => Some((at_weekday_after(weekday(day)?, today)?, 1)),
        [] => None,
    }
}

/// A date beside a day of the week says which one is meant: `Friday 4 December`, `Freitag, den 4. Dezember`.
fn with_date((on, length): (Date, usize), words: &[&str], today: Date) -> (Date, usize) {
    let is_weekday = |word: &&str| weekday(word).is_some() || german::weekday(word).is_some();
    let behind = words.get(length..).unwrap_or_default();
    if !words.get(length - 1).is_some_and(is_weekday) {
        return (on, length);
    }
    let article = usize::from(matches!(behind, ["the" | "on" | "den" | "dem" | "der", ..]));
    let date = behind.get(article..).and_then(|behind| dated(behind, today));
    date.map_or((on, length), |(date, more)| (date, length + article + more))
}

/// A day with its number: `2026-11-20`, `May 5th`, `the 5th of May`, `5. Mai`, `5.5.`
fn dated(words: &[&str], today: Date) -> Option<(Date, usize)> {
    let in_month = |day: &str, name: &str| next_date(month(name)?, number(day)?, today);
    match words {
        [day, "of", name, ..] if month(name).is_some() => Some((in_month(day, name)?, 3)),
        [day, name, year, ..] if month(name).is_some() && is_year(year) => {
            Some((Date::new(year.parse().ok()?, month(name)?, number(day)?).ok()?, 3))
        }
        [day, name, ..] if month(name).is_some() => Some((in_month(day, name)?, 2)),
        [name, day, year, ..] if month(name).is_some() && is_year(year) => {
            Some((Date::new(year.parse().ok()?, month(name)?, number(day)?).ok()?, 3))
        }
        [name, day, ..] if month(name).is_some() => Some((in_month(day, name)?, 2)),
        [day, ..] => Some((day.parse().ok().or_else(|| with_points(day, today))?, 1)),
        [] => None,
    }
}

/// `5.5.`, `05.05.2026`, as in German.
fn with_points(word: &str, today: Date) -> Option<Date> {
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
        None => next_date(month, day, today),
    }
}

/// The next such day: this year's, else the next year's.
fn next_date(month: i8, day: i8, today: Date) -> Option<Date> {
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

/// This week's Friday; on a weekend its Sunday.
pub(super) fn end_of_week(today: Date) -> Option<Date> {
    let day = i32::from(today.weekday().to_monday_one_offset());
    let end = if day > FRIDAY { SUNDAY } else { FRIDAY };
    today.checked_add((end - day).days()).ok()
}

pub(super) fn end_of_next_week(today: Date) -> Option<Date> {
    let day = i32::from(today.weekday().to_monday_one_offset());
    today.checked_add((SUNDAY + FRIDAY - day).days()).ok()
}

/// The Sunday of the weekend that comes, or is.
pub(super) fn weekend(today: Date) -> Option<Date> {
    today.checked_add((SUNDAY - i32::from(today.weekday().to_monday_one_offset())).days()).ok()
}

pub(super) fn end_of_next_month(today: Date) -> Option<Date> {
    Some(today.first_of_month().checked_add(1.month()).ok()?.last_of_month())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::words::words;

    /// A Monday.
    const TODAY: Date = date(2026, 11, 23);

    #[track_caller]
    fn check(text: &str, expected: Option<Date>) {
        let found = coming(&words(text, 0..text.len()), TODAY);
        assert_eq!(found.map(|(on, _)| on), expected, "{text}");
    }

    #[test]
    fn a_day_that_comes_is_read_in_english() {
        check("later today", Some(TODAY));
        check("by the end of the day", Some(TODAY));
        check("tomorrow morning", Some(date(2026, 11, 24)));
        check("the day after tomorrow", Some(date(2026, 11, 25)));
        check("by Friday", Some(date(2026, 11, 27)));
        check("on Monday", Some(date(2026, 11, 30)));
        check("next Friday", Some(date(2026, 11, 27)));
        check("this week", Some(date(2026, 11, 27)));
        check("next week", Some(date(2026, 12, 4)));
        check("by the end of next week", Some(date(2026, 12, 4)));
        check("over the weekend", Some(date(2026, 11, 29)));
        check("by the end of the month", Some(date(2026, 11, 30)));
        check("next month", Some(date(2026, 12, 31)));
        check("in two weeks", Some(date(2026, 12, 7)));
        check("within a few days", Some(date(2026, 11, 26)));
        check("by 2026-12-03", Some(date(2026, 12, 3)));
        check("on May 5th", Some(date(2027, 5, 5)));
        check("by the 3rd of December", Some(date(2026, 12, 3)));
        check("by 3 December 2027", Some(date(2027, 12, 3)));
    }

    #[test]
    fn a_date_beside_a_day_of_the_week_counts() {
        let friday = Some(date(2026, 12, 4));
        check("by Friday 4 December", friday);
        check("on Friday, December 4th", friday);
        check("next Friday (the 4th of December) at noon", friday);
        check("by Friday, 4 December 2026", friday);
        check("by 4 December (Friday)", friday);
        check("Friday 2026-12-04", friday);
        check("bis Freitag, den 4. Dezember", friday);
        check("am Freitag, 4.12.", friday);
        check("by Friday the latest", Some(date(2026, 11, 27)));
        check("by Friday 5 pm", Some(date(2026, 11, 27)));
    }

    #[test]
    fn a_day_that_comes_is_read_in_german() {
        check("heute noch", Some(TODAY));
        check("morgen früh", Some(date(2026, 11, 24)));
        check("übermorgen", Some(date(2026, 11, 25)));
        check("bis Freitag", Some(date(2026, 11, 27)));
        check("nächsten Montag", Some(date(2026, 11, 30)));
        check("nächste Woche", Some(date(2026, 12, 4)));
        check("bis Ende der Woche", Some(date(2026, 11, 27)));
        check("bis Ende nächster Woche", Some(date(2026, 12, 4)));
        check("am Wochenende", Some(date(2026, 11, 29)));
        check("bis Ende des Monats", Some(date(2026, 11, 30)));
        check("in zwei Wochen", Some(date(2026, 12, 7)));
        check("in ein paar Tagen", Some(date(2026, 11, 26)));
        check("bis zum 5. Mai", Some(date(2027, 5, 5)));
        check("bis 3.12.", Some(date(2026, 12, 3)));
        check("bis 03.12.2027", Some(date(2027, 12, 3)));
    }

    #[test]
    fn a_day_that_was_does_not_come() {
        for text in [
            "since Monday",
            "the notes from Friday",
            "last Friday",
            "das Protokoll vom Freitag",
            "guten Morgen",
            "soon",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn a_week_and_a_month_have_an_end_on_any_day() {
        for (today, this, next, weekend_ends) in [
            (date(2026, 11, 27), date(2026, 11, 27), date(2026, 12, 4), date(2026, 11, 29)),
            (date(2026, 11, 28), date(2026, 11, 29), date(2026, 12, 4), date(2026, 11, 29)),
            (date(2026, 11, 29), date(2026, 11, 29), date(2026, 12, 4), date(2026, 11, 29)),
        ] {
            assert_eq!(end_of_week(today), Some(this), "{today}");
            assert_eq!(end_of_next_week(today), Some(next), "{today}");
            assert_eq!(weekend(today), Some(weekend_ends), "{today}");
        }
        assert_eq!(end_of_next_month(date(2026, 1, 31)), Some(date(2026, 2, 28)));
    }
}
