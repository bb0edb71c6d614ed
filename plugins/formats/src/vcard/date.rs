//! Reads the dates of BDAY and its like, whole or in part (RFC 6350 §4.3.1, and what programs write instead).

use kith_plugin::date::PartialDate;

/// The year that Apple writes for a day without one.
const NO_YEAR: i16 = 1604;

/// Reads a date; a time behind it is not read. `None` when it is none, or no day, month or year of the calendar.
///
/// `omitted` is the year that stands for none (`X-APPLE-OMIT-YEAR`).
pub(crate) fn parse_date(text: &str, omitted: Option<&str>) -> Option<PartialDate> {
    let text = text.trim();
    let date = text.split(['T', 't', ' ']).next()?;
    let (year, month, day) = match date.strip_prefix("--") {
        Some(rest) => without_year(rest)?,
        None => with_year(date)?,
    };
    let no_year = year == Some(NO_YEAR) || year.is_some() && year == omitted.and_then(|year| year.trim().parse().ok());
    let year = if no_year && day.is_some() { None } else { year };
    PartialDate::new(year, month, day).ok()
}

/// Whether the text says more than the date: a time.
pub(crate) fn has_time(text: &str) -> bool {
    text.trim().split_once(['T', 't', ' ']).is_some_and(|(_, time)| {
        let digits: String = time.chars().filter(char::is_ascii_digit).collect();
        digits.bytes().any(|digit| digit != b'0')
    })
}

type Parts = (Option<i16>, Option<i8>, Option<i8>);

/// `0412`, `04-12`.
fn without_year(rest: &str) -> Option<Parts> {
    let digits = rest.replace('-', "");
    let (month, day) = (digits.len() == 4).then(|| digits.split_at_checked(2)).flatten()?;
    Some((None, Some(month.parse().ok()?), Some(day.parse().ok()?)))
}

/// `1985-04-12`, `1985-4-12`, `19850412`, `1985-04`, `1985`, `1985/04/12`, `1985.04.12`.
fn with_year(date: &str) -> Option<Parts> {
    if !date.bytes().all(|b| b.is_ascii_digit() || b"-/.".contains(&b)) {
        return None;
    }
    let mut parts = date.split(['-', '/', '.']);
    let first = parts.next()?;
    let (month, day) = (parts.next(), parts.next());
    if parts.next().is_some() {
        return None;
    }
    match (first.len(), month, day) {
        (8, None, None) => {
            let (year, rest) = first.split_at_checked(4)?;
            let (month, day) = rest.split_at_checked(2)?;
            Some((Some(year.parse().ok()?), Some(month.parse().ok()?), Some(day.parse().ok()?)))
        }
        (4, None, None) => Some((Some(first.parse().ok()?), None, None)),
        (4, Some(month), None) => Some((Some(first.parse().ok()?), Some(month.parse().ok()?), None)),
        (4, Some(month), Some(day)) => {
            Some((Some(first.parse().ok()?), Some(month.parse().ok()?), Some(day.parse().ok()?)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(parse_date(text, None).map_or("none".to_owned(), |date| date.to_string()), expected, "{text}");
    }

    #[test]
    fn reads_dates_as_programs_write_them() {
        check("1985-04-12", "1985-04-12");
        check("19850412", "1985-04-12");
        check("1985-4-2", "1985-04-02");
        check("1985/04/12", "1985-04-12");
        check("19850412T232050Z", "1985-04-12");
        check("1985-04-12T00:00:00-05:00", "1985-04-12");
        check("1985-04-12 00:00:00", "1985-04-12");
        check("1985-04", "1985-04");
        check("1985", "1985");
        check("--0412", "--04-12");
        check("--04-12", "--04-12");
        check("--0229", "--02-29");
    }

    #[test]
    fn a_year_that_stands_for_none_is_none() {
        check("1604-06-26", "--06-26");
        let omitted = parse_date("1900-06-26", Some("1900")).unwrap();
        assert_eq!(omitted.to_string(), "--06-26");
    }

    #[test]
    fn refuses_what_is_no_date() {
        for text in
            ["", "--", "---12", "--04", "1985-13-40", "0000-00-00", "2023-02-29", "12.04.1985", "circa 1800", "T1022"]
        {
            check(text, "none");
        }
    }

    #[test]
    fn midnight_is_no_time() {
        assert!(!has_time("1985-04-12T00:00:00Z"));
        assert!(has_time("1985-04-12T23:20:50Z"));
    }
}
