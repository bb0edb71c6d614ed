//! Dates as tables write them: ISO, `07 Jun 2026`, `4-Apr-21`, `7. Juni 2026`, `6/7/26, 9:05 AM`.
//!
//! Nothing is guessed: whether `3/4/21` is in March or in April is a [`Problem::Ambiguous`]. Month names are `date/months`.

mod months;

use core::fmt;

use jiff::Timestamp;
use jiff::civil::{self, Date};
use jiff::tz::TimeZone;
use kith_plugin::date::PartialDate;

/// Why a text is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    /// It is none.
    NotADate,
    /// Day and month could be either way round.
    Ambiguous,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotADate => "not a date",
            Self::Ambiguous => "day and month could be either way round",
        })
    }
}

/// Which of two numbers is the month, where the text itself does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Unknown,
    MonthFirst,
}

/// Returns a whole date; a year of two digits is of this century.
pub(crate) fn whole(text: &str) -> Result<Date, Problem> {
    whole_in(text, Order::Unknown)
}

/// Returns a date of which parts may be unknown. The century of a year of two digits is unknown, hence the year is.
pub(crate) fn partial(text: &str) -> Result<PartialDate, Problem> {
    let parts = Parts::read(text, Order::Unknown)?;
    let year = parts.year.filter(|_| !parts.is_short_year);
    PartialDate::new(year, parts.month, parts.day).map_err(|_| Problem::NotADate)
}

/// Returns an instant; a text that names no zone is in UTC, one without a time is midnight.
pub(crate) fn instant(text: &str) -> Result<Timestamp, Problem> {
    if let Some(instant) = linkedin_instant(text) {
        return Ok(instant);
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    let (date, time) = split_time(text);
    let Some(time) = time else { return whole(date).map(midnight) };
    let (time, order) = clock_time(time)?;
    let date = whole_in(date, order)?;
    at_utc(date.to_datetime(time))
}

/// Returns the beginning of a day in UTC.
pub(crate) fn midnight(date: Date) -> Timestamp {
    date.to_datetime(civil::Time::midnight()).to_zoned(TimeZone::UTC).map_or(Timestamp::MIN, |zoned| zoned.timestamp())
}

fn at_utc(datetime: civil::DateTime) -> Result<Timestamp, Problem> {
    datetime.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp()).map_err(|_| Problem::NotADate)
}

/// `2026-06-07 12:34:56 UTC`, the form of nearly every row, without a detour.
fn linkedin_instant(text: &str) -> Option<Timestamp> {
    let text = text.strip_suffix(" UTC")?;
    let (date, time) = text.split_once(' ')?;
    at_utc(date.parse::<Date>().ok()?.to_datetime(time.parse().ok()?)).ok()
}

/// Parts date and time of day at the digits before the first colon.
fn split_time(text: &str) -> (&str, Option<&str>) {
    let Some(colon) = text.find(':') else { return (text, None) };
    let before = text.get(..colon).unwrap_or_default();
    let date = before.trim_end_matches(|c: char| c.is_ascii_digit());
    let time = text.get(date.len()..);
    let date = date.trim_end_matches(|c: char| c.is_whitespace() || c == ',' || c == 'T');
    (date, time)
}

/// Reads `9:05 AM`, `09:05`, `09:05:30 UTC`. Where there is AM or PM the date is American.
fn clock_time(text: &str) -> Result<(civil::Time, Order), Problem> {
    let mut words = text.split_whitespace();
    let digits = words.next().ok_or(Problem::NotADate)?;
    let (digits, glued) = digits.split_at(digits.find(|c: char| c.is_alphabetic()).unwrap_or(digits.len()));
    let mut numbers = digits.split(':').map(|number| number.parse::<i8>().ok());
    let hour = numbers.next().flatten().ok_or(Problem::NotADate)?;
    let minute = numbers.next().flatten().ok_or(Problem::NotADate)?;
    let second = numbers.next().unwrap_or(Some(0)).ok_or(Problem::NotADate)?;
    let mut half = None;
    for word in std::iter::once(glued).chain(words).filter(|word| !word.is_empty()) {
        match word.replace('.', "").to_ascii_uppercase().as_str() {
            "AM" => half = Some(0),
            "PM" => half = Some(12),
            "UTC" | "GMT" | "Z" => {}
            _ => return Err(Problem::NotADate),
        }
    }
    let (hour, order) = match half {
        Some(half) if (1..=12).contains(&hour) => (hour % 12 + half, Order::MonthFirst),
        Some(_) => return Err(Problem::NotADate),
        None => (hour, Order::Unknown),
    };
    let time = civil::Time::new(hour, minute, second, 0).map_err(|_| Problem::NotADate)?;
    Ok((time, order))
}

fn whole_in(text: &str, order: Order) -> Result<Date, Problem> {
    let parts = Parts::read(text, order)?;
    let year = match parts.year {
        Some(year) if parts.is_short_year => year + 2000,
        Some(year) => year,
        None => return Err(Problem::NotADate),
    };
    let (Some(month), Some(day)) = (parts.month, parts.day) else { return Err(Problem::NotADate) };
    Date::new(year, month, day).map_err(|_| Problem::NotADate)
}

/// The parts of a date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Parts {
    year: Option<i16>,
    /// The year has two digits.
    is_short_year: bool,
    month: Option<i8>,
    day: Option<i8>,
}

/// A number with how many digits it has.
type Number = (u32, usize);

impl Parts {
    fn read(text: &str, order: Order) -> Result<Self, Problem> {
        let text = text.trim();
        if let Some(rest) = text.strip_prefix("--") {
            return Self::without_year(rest);
        }
        let (mut numbers, mut count) = ([(0, 0); 3], 0);
        let mut month = None;
        for token in tokens(text) {
            if let Some(number) = number(token) {
                *numbers.get_mut(count).ok_or(Problem::NotADate)? = number;
                count += 1;
            } else if let Some(named) = months::month(token) {
                if month.replace(named).is_some() {
                    return Err(Problem::NotADate);
                }
            } else if !months::is_filler(token) {
                return Err(Problem::NotADate);
            }
        }
        let numbers = numbers.get(..count).unwrap_or_default();
        match month {
            Some(month) => Self::with_named_month(month, numbers),
            None => Self::of_numbers(text, numbers, order),
        }
    }

    /// `--12-25` and `--1225`, as vCard writes them.
    fn without_year(text: &str) -> Result<Self, Problem> {
        let (month, day) = text.split_once('-').or_else(|| text.split_at_checked(2)).ok_or(Problem::NotADate)?;
        let small = |text: &str| number(text).map(small).ok_or(Problem::NotADate);
        Ok(Self { month: Some(small(month)?), day: Some(small(day)?), ..Self::default() })
    }

    fn with_named_month(month: i8, numbers: &[Number]) -> Result<Self, Problem> {
        let named = Self { month: Some(month), ..Self::default() };
        match *numbers {
            [year, day] if year.1 == 4 => Ok(Self { day: Some(small(day)), ..named.with_year(year) }),
            [day, year] => Ok(Self { day: Some(small(day)), ..named.with_year(year) }),
            [year] if year.1 == 4 => Ok(named.with_year(year)),
            [day] => Ok(Self { day: Some(small(day)), ..named }),
            _ => Err(Problem::NotADate),
        }
    }

    fn of_numbers(text: &str, numbers: &[Number], order: Order) -> Result<Self, Problem> {
        match *numbers {
            [year, month, day] if year.1 == 4 => {
                Ok(Self { month: Some(small(month)), day: Some(small(day)), ..Self::default().with_year(year) })
            }
            [first, second, year] => Ok(Self::default().with_year(year).day_and_month(text, [first, second], order)?),
            [year, month] if year.1 == 4 => Ok(Self { month: Some(small(month)), ..Self::default().with_year(year) }),
            [first, second] => Self::default().day_and_month(text, [first, second], order),
            [(digits, 8)] => Ok(Self {
                year: i16::try_from(digits / 10_000).ok(),
                is_short_year: false,
                month: Some(small((digits / 100 % 100, 2))),
                day: Some(small((digits % 100, 2))),
            }),
            [year] if year.1 == 4 => Ok(Self::default().with_year(year)),
            _ => Err(Problem::NotADate),
        }
    }

    fn with_year(self, (year, digits): Number) -> Self {
        Self { year: i16::try_from(year).ok(), is_short_year: digits <= 2, ..self }
    }

    /// Dots stand between day and month, in this order, wherever they are used; slashes and hyphens do not tell.
    fn day_and_month(self, text: &str, [first, second]: [Number; 2], order: Order) -> Result<Self, Problem> {
        let (a, b) = (small(first), small(second));
        let day_first = match order {
            _ if text.contains('.') => true,
            _ if a > 12 => true,
            _ if b > 12 || a == b => false,
            Order::MonthFirst => false,
            Order::Unknown => return Err(Problem::Ambiguous),
        };
        let (day, month) = if day_first { (a, b) } else { (b, a) };
        Ok(Self { day: Some(day), month: Some(month), ..self })
    }
}

/// Parts a text where digits, letters and anything else meet.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let class = |c: char| if c.is_ascii_digit() { 1 } else { i32::from(c.is_alphabetic() || c == '\u{307}') * 2 };
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let kind = class(rest.chars().next()?);
            let end = rest.find(|c| class(c) != kind).unwrap_or(rest.len());
            let (token, after) = rest.split_at(end);
            rest = after;
            if kind != 0 {
                return Some(token);
            }
        }
    })
}

fn number(token: &str) -> Option<Number> {
    let all_digits = !token.is_empty() && token.len() <= 8 && token.bytes().all(|byte| byte.is_ascii_digit());
    all_digits.then(|| token.parse().ok()).flatten().map(|number| (number, token.len()))
}

/// A number that can be a day or a month; what is too large for both stays too large.
fn small((number, _): Number) -> i8 {
    i8::try_from(number).unwrap_or(i8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_whole(text: &str, expected: &str) {
        assert_eq!(whole(text).map(|date| date.to_string()), Ok(expected.to_owned()), "{text}");
    }

    #[track_caller]
    fn check_partial(text: &str, expected: &str) {
        assert_eq!(partial(text).map(|date| date.to_string()), Ok(expected.to_owned()), "{text}");
    }

    #[track_caller]
    fn check_instant(text: &str, expected: &str) {
        assert_eq!(instant(text).map(|at| at.to_string()), Ok(expected.to_owned()), "{text}");
    }

    #[test]
    fn reads_the_dates_of_every_export_and_spreadsheet() {
        check_whole("07 Jun 2026", "2026-06-07");
        check_whole("4-Apr-21", "2021-04-04");
        check_whole("7-Feb-22", "2022-02-07");
        check_whole("2026-06-07", "2026-06-07");
        check_whole("2026/6/7", "2026-06-07");
        check_whole("20260607", "2026-06-07");
        check_whole("Jun 7, 2026", "2026-06-07");
        check_whole("13/04/2021", "2021-04-13");
        check_whole("4/13/21", "2021-04-13");
        check_whole("05/05/2021", "2021-05-05");
        check_whole("7.6.2026", "2026-06-07");
        check_whole("2026年6月7日", "2026-06-07");
    }

    #[test]
    fn reads_months_in_the_large_languages() {
        check_whole("7. März 2026", "2026-03-07");
        check_whole("07 mars 2026", "2026-03-07");
        check_whole("1er août 2026", "2026-08-01");
        check_whole("7 de junio de 2026", "2026-06-07");
        check_whole("7 de março de 2026", "2026-03-07");
        check_whole("7 giu 2026", "2026-06-07");
        check_whole("7 mrt. 2026", "2026-03-07");
        check_whole("7 czerwca 2026", "2026-06-07");
        check_whole("7 июня 2026 г.", "2026-06-07");
        check_whole("7 Haziran 2026", "2026-06-07");
        check_whole("7 oktober 2026", "2026-10-07");
    }

    #[test]
    fn does_not_guess() {
        assert_eq!(whole("03/04/2021"), Err(Problem::Ambiguous));
        assert_eq!(whole("3-4-21"), Err(Problem::Ambiguous));
        for text in ["", "yesterday", "1985-13-40", "31 Feb 2021", "Jun 2026", "12", "99 99 99 99", "0/0/00"] {
            assert_eq!(whole(text), Err(Problem::NotADate), "{text}");
        }
    }

    #[test]
    fn reads_birthdays_without_a_year() {
        check_partial("1987-09-07", "1987-09-07");
        check_partial(" --12-25", "--12-25");
        check_partial("--1225", "--12-25");
        check_partial("25 Dec", "--12-25");
        check_partial("December 25", "--12-25");
        check_partial("7.9.87", "--09-07");
        check_partial("Jan 2024", "2024-01");
        check_partial("1987", "1987");
        assert_eq!(partial("--13-25"), Err(Problem::NotADate));
        assert_eq!(partial("--"), Err(Problem::NotADate));
    }

    #[test]
    fn reads_instants() {
        check_instant("2026-06-07 12:34:56 UTC", "2026-06-07T12:34:56Z");
        check_instant("2026-06-07T12:34:56+02:00", "2026-06-07T10:34:56Z");
        check_instant("2026-06-07 12:34", "2026-06-07T12:34:00Z");
        check_instant("6/7/26, 9:05 AM", "2026-06-07T09:05:00Z");
        check_instant("6/7/26, 12:05 AM", "2026-06-07T00:05:00Z");
        check_instant("6/7/26, 12:05\u{202f}PM", "2026-06-07T12:05:00Z");
        check_instant("7.6.2026 21:05", "2026-06-07T21:05:00Z");
        check_instant("2026-06-07", "2026-06-07T00:00:00Z");
        assert_eq!(instant("6/7/26 9:05"), Err(Problem::Ambiguous));
        assert_eq!(instant("6/7/26, 13:05 PM"), Err(Problem::NotADate));
        assert_eq!(instant("at 25:61"), Err(Problem::NotADate));
    }
}
