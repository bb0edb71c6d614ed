//! Civil dates as they are found in the wild, read without guessing.

use kith_proto::date::PartialDate;

use super::month::month;
use super::text::text_cow;

/// The year that Apple's contacts write for a birthday without a year.
const APPLE_NO_YEAR: i16 = 1604;

/// Why a text is not read as a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// It names no day, month or year.
    #[error("not a date")]
    NotADate,
    /// It may mean two dates: `03/04/1985`, or a year of two digits.
    #[error("an ambiguous date, write it as 1985-04-12")]
    Ambiguous,
}

/// Returns the date that `raw` names; a time after it is passed over.
///
/// ISO 8601 extended and basic, vCard's dates without a year (RFC 6350 §4.3.1), day.month.year, month names of the large
/// languages, and slashes where one of the numbers is above 12.
///
/// # Errors
/// [`DateError::Ambiguous`] where day and month could be exchanged, or the century is missing; [`DateError::NotADate`] for
/// everything else.
///
/// ```
/// use kith_core::normalize::date::{DateError, parse};
/// assert_eq!(parse("12. April 1985").unwrap().to_string(), "1985-04-12");
/// assert_eq!(parse("--0412").unwrap().to_string(), "--04-12");
/// assert_eq!(parse("03/04/1985"), Err(DateError::Ambiguous));
/// ```
pub fn parse(raw: &str) -> Result<PartialDate, DateError> {
    let text = text_cow(raw);
    let text = without_time(&text);
    if let Some(rest) = text.strip_prefix("--") {
        return without_year(rest);
    }
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        let number = |range| text.get(range).and_then(number).ok_or(DateError::NotADate);
        return date(Some(number(0..4)?), Some(number(4..6)?), Some(number(6..8)?));
    }
    let separator = text.chars().find(|c| !c.is_alphanumeric());
    let parts: Vec<Part<'_>> = parts(text).ok_or(DateError::NotADate)?;
    match parts.as_slice() {
        [Part::Number { digits: 4, value }] => date(Some(*value), None, None),
        [Part::Number { .. } | Part::Word(_), ..] if parts.iter().any(Part::is_word) => named(&parts),
        [a, b, c] => three(*a, *b, *c, separator),
        [a, b] => two(*a, *b, separator),
        _ => Err(DateError::NotADate),
    }
}

#[derive(Debug, Clone, Copy)]
enum Part<'a> {
    Number { value: i16, digits: usize },
    Word(&'a str),
}

impl Part<'_> {
    const fn is_word(&self) -> bool {
        matches!(self, Self::Word(_))
    }
}

/// Takes off `T10:20:30Z`, ` 10:20` and what follows.
fn without_time(text: &str) -> &str {
    let colon = text.find(':').unwrap_or(text.len());
    let before = text.get(..colon).unwrap_or(text);
    let cut = if colon < text.len() { before.rfind(['T', 't', ' ']) } else { basic_time(before) };
    cut.and_then(|end| text.get(..end)).unwrap_or(text).trim()
}

/// Where the time of `19850412T102030Z` begins.
fn basic_time(text: &str) -> Option<usize> {
    let at = text.find('T')?;
    let digit = |b: Option<&u8>| b.is_some_and(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    (digit(bytes.get(at.checked_sub(1)?)) && digit(bytes.get(at + 1))).then_some(at)
}

/// `0412`, `04-12`, `4-12`.
fn without_year(rest: &str) -> Result<PartialDate, DateError> {
    let (month, day) = match rest.split_once('-') {
        Some(parts) => parts,
        None => rest.split_at_checked(2).ok_or(DateError::NotADate)?,
    };
    let number = |text| number(text).ok_or(DateError::NotADate);
    date(None, Some(number(month)?), Some(number(day)?))
}

/// Parts the text at everything that is neither letter nor digit, and between letters and digits; at most six parts.
fn parts(text: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::with_capacity(4);
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        let Some(first) = rest.chars().next() else { return Some(parts) };
        let in_part = |c: char| c.is_alphanumeric() && c.is_ascii_digit() == first.is_ascii_digit();
        let end = rest.find(|c| !in_part(c)).unwrap_or(rest.len());
        let (part, tail) = rest.split_at_checked(end)?;
        rest = tail;
        if first.is_ascii_digit() {
            parts.push(Part::Number { value: number(part)?, digits: part.len() });
        } else if !is_filler(part) {
            parts.push(Part::Word(part));
        }
        if parts.len() > 6 {
            return None;
        }
    }
}

/// Words that stand between the numbers of a date: "12 de abril", "12th", "1985年4月12日".
fn is_filler(word: &str) -> bool {
    ["de", "of", "the", "st", "nd", "rd", "th", "er", "年", "月", "日", "년", "월", "일", "г"]
        .iter()
        .any(|f| word.eq_ignore_ascii_case(f))
}

/// A date whose month is a word.
fn named(parts: &[Part<'_>]) -> Result<PartialDate, DateError> {
    let mut month_named = None;
    let (mut day, mut year, mut short_year) = (None, None, false);
    for part in parts {
        match *part {
            Part::Word(word) => {
                // A weekday may stand before: "Fri, 12 Apr 1985".
                month_named = month_named.or_else(|| month(word));
            }
            Part::Number { value, digits: 4 } => year = year.or(Some(value)),
            Part::Number { value, digits: 1 | 2 } if day.is_none() => day = Some(value),
            Part::Number { digits: 2, .. } => short_year = true,
            Part::Number { .. } => return Err(DateError::NotADate),
        }
    }
    let month_named = month_named.ok_or(DateError::NotADate)?;
    if short_year {
        return Err(DateError::Ambiguous);
    }
    date(year, Some(i16::from(month_named)), day)
}

fn three(a: Part<'_>, b: Part<'_>, c: Part<'_>, separator: Option<char>) -> Result<PartialDate, DateError> {
    let (
        Part::Number { value: a, digits: a_digits },
        Part::Number { value: b, .. },
        Part::Number { value: c, digits: c_digits },
    ) = (a, b, c)
    else {
        return Err(DateError::NotADate);
    };
    if a_digits == 4 {
        return date(Some(a), Some(b), Some(c));
    }
    if a_digits > 2 || a == 0 || b == 0 {
        return Err(DateError::NotADate);
    }
    if c_digits != 4 {
        return Err(if c_digits == 2 { DateError::Ambiguous } else { DateError::NotADate });
    }
    if separator == Some('.') {
        return date(Some(c), Some(b), Some(a));
    }
    let (month, day) = month_and_day(a, b)?;
    date(Some(c), Some(month), Some(day))
}

fn two(a: Part<'_>, b: Part<'_>, separator: Option<char>) -> Result<PartialDate, DateError> {
    let (Part::Number { value: a, digits: a_digits }, Part::Number { value: b, digits: b_digits }) = (a, b) else {
        return Err(DateError::NotADate);
    };
    match (a_digits, b_digits) {
        (4, 1 | 2) => date(Some(a), Some(b), None),
        (1 | 2, 4) => date(Some(b), Some(a), None),
        (1 | 2, 1 | 2) if separator == Some('.') => date(None, Some(b), Some(a)),
        (1 | 2, 1 | 2) => {
            let (month, day) = month_and_day(a, b)?;
            date(None, Some(month), Some(day))
        }
        _ => Err(DateError::NotADate),
    }
}

/// Of two numbers the one above 12 is the day; of two equal ones either.
const fn month_and_day(a: i16, b: i16) -> Result<(i16, i16), DateError> {
    match (a, b) {
        (13.., _) => Ok((b, a)),
        (_, 13..) => Ok((a, b)),
        _ if a == b => Ok((a, b)),
        _ => Err(DateError::Ambiguous),
    }
}

fn number(text: &str) -> Option<i16> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn date(year: Option<i16>, month: Option<i16>, day: Option<i16>) -> Result<PartialDate, DateError> {
    let small = |n: i16| i8::try_from(n).map_err(|_| DateError::NotADate);
    let month = month.map(small).transpose()?;
    let day = day.map(small).transpose()?;
    // `0000-04-12` and Apple's 1604 say that the year is not known.
    let year = year.filter(|&y| day.is_none() || (y != 0 && y != APPLE_NO_YEAR));
    PartialDate::new(year, month, day).map_err(|_| DateError::NotADate)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(raw: &str, expected: &str) {
        assert_eq!(parse(raw).map(|d| d.to_string()).unwrap_or_else(|e| e.to_string()), expected, "{raw:?}");
    }

    #[test]
    fn reads_iso_8601_and_vcard_dates_rfc_6350_4_3_1() {
        check("1985-04-12", "1985-04-12");
        check("19850412", "1985-04-12");
        check("1985-04", "1985-04");
        check("1985", "1985");
        check("--0412", "--04-12");
        check("--04-12", "--04-12");
        check(" --12-25", "--12-25");
        check("--0229", "--02-29");
        check("1604-06-26", "--06-26");
    }

    #[test]
    fn passes_over_a_time() {
        check("1985-04-12T10:22:00Z", "1985-04-12");
        check("19850412T102200Z", "1985-04-12");
        check("1985-04-12 10:22:00 UTC", "1985-04-12");
        check("1985/04/12 00:00:00", "1985-04-12");
    }

    #[test]
    fn reads_what_people_write() {
        check("12.04.1985", "1985-04-12");
        check("1.2.1985", "1985-02-01");
        check("12.4.", "--04-12");
        check("12. April 1985", "1985-04-12");
        check("April 12, 1985", "1985-04-12");
        check("Fri, 12 Apr 1985", "1985-04-12");
        check("07 Jun 2026", "2026-06-07");
        check("12th of April", "--04-12");
        check("12 de abril de 1985", "1985-04-12");
        check("1985年4月12日", "1985-04-12");
        check("Jan 2024", "2024-01");
        check("4/13/1985", "1985-04-13");
        check("13/4/1985", "1985-04-13");
        check("4/4/1985", "1985-04-04");
    }

    #[test]
    fn does_not_guess() {
        let ambiguous = "an ambiguous date, write it as 1985-04-12";
        for raw in ["03/04/1985", "03-04-1985", "3/4", "7-Feb-22", "12.04.85"] {
            check(raw, ambiguous);
        }
    }

    #[test]
    fn what_is_no_date_is_an_error() {
        for raw in [
            "",
            "--",
            "---12",
            "--04",
            "0/0/00",
            "1985-13-40",
            "1985-02-30",
            "soon",
            "12",
            "198504",
            "1 2 3 4",
            "Ana 12",
        ] {
            check(raw, "not a date");
        }
    }

    proptest! {
        #[test]
        fn reads_back_every_date_that_it_writes(year in 1_i16..=9999, month in 1_i8..=12, day in 1_i8..=28) {
            prop_assume!(year != APPLE_NO_YEAR);
            let date = PartialDate::new(Some(year), Some(month), Some(day)).unwrap();
            prop_assert_eq!(parse(&date.to_string()), Ok(date));
            let yearless = PartialDate::new(None, Some(month), Some(day)).unwrap();
            prop_assert_eq!(parse(&yearless.to_string()), Ok(yearless));
        }

        #[test]
        fn never_panics(raw in any::<String>()) {
            let _seen = parse(&raw);
        }
    }
}
