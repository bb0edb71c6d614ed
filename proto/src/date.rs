//! Civil dates of which a part may be unknown: a birthday without its year, a job that began in a month.
//!
//! A partial date is no instant. `kith-core` places it in a zone when a reminder is planned.

use core::fmt;

use serde::{Deserialize, Serialize};

/// A civil date with optional parts, as JSContact's `PartialDate` (RFC 9553 §2.8.1).
///
/// Always one of: year, month and day; year and month; year; month and day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Raw", into = "Raw")]
pub struct PartialDate {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
}

#[derive(Serialize, Deserialize)]
struct Raw {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    year: Option<i16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    month: Option<i8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    day: Option<i8>,
}

/// The parts given name no day, month or year that can exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotADate;

impl fmt::Display for NotADate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a date")
    }
}

impl core::error::Error for NotADate {}

impl PartialDate {
    /// Returns the date with these parts.
    ///
    /// 29 February is accepted without a year and in leap years.
    ///
    /// # Errors
    /// When a part is out of range, when the day does not exist in the month, or when the combination is none of the four
    /// that RFC 9553 allows.
    ///
    /// ```
    /// use kith_proto::date::PartialDate;
    /// assert!(PartialDate::new(None, Some(2), Some(29)).is_ok());
    /// assert!(PartialDate::new(Some(2023), Some(2), Some(29)).is_err());
    /// assert!(PartialDate::new(None, Some(2), None).is_err());
    /// ```
    pub fn new(year: Option<i16>, month: Option<i8>, day: Option<i8>) -> Result<Self, NotADate> {
        let combination_ok = match (year, month, day) {
            (Some(_), _, None) | (_, Some(_), Some(_)) => true,
            (None, _, None) | (_, None, Some(_)) => false,
        };
        let year_ok = year.is_none_or(|y| (1..=9999).contains(&y));
        let month_ok = month.is_none_or(|m| (1..=12).contains(&m));
        if !(combination_ok && year_ok && month_ok) {
            return Err(NotADate);
        }
        if let (Some(m), Some(d)) = (month, day)
            && !(1..=days_in_month(year, m)).contains(&d)
        {
            return Err(NotADate);
        }
        Ok(Self { year, month, day })
    }

    /// Returns the year, if known.
    #[must_use]
    pub const fn year(self) -> Option<i16> {
        self.year
    }

    /// Returns the month, 1 to 12, if known.
    #[must_use]
    pub const fn month(self) -> Option<i8> {
        self.month
    }

    /// Returns the day of the month, 1 to 31, if known.
    #[must_use]
    pub const fn day(self) -> Option<i8> {
        self.day
    }
}

const fn days_in_month(year: Option<i16>, month: i8) -> i8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 => match year {
            Some(y) if !(y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)) => 28,
            Some(_) | None => 29,
        },
        _ => 31,
    }
}

impl fmt::Display for PartialDate {
    /// Writes the date as vCard 4 does (RFC 6350 §4.3.1), with hyphens: `1985-04-12`, `1985-04`, `1985`, `--04-12`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.year, self.month, self.day) {
            (Some(y), Some(m), Some(d)) => write!(f, "{y:04}-{m:02}-{d:02}"),
            (Some(y), Some(m), None) => write!(f, "{y:04}-{m:02}"),
            (Some(y), None, _) => write!(f, "{y:04}"),
            (None, m, d) => write!(f, "--{:02}-{:02}", m.unwrap_or(0), d.unwrap_or(0)),
        }
    }
}

impl TryFrom<Raw> for PartialDate {
    type Error = NotADate;

    fn try_from(raw: Raw) -> Result<Self, NotADate> {
        Self::new(raw.year, raw.month, raw.day)
    }
}

impl From<PartialDate> for Raw {
    fn from(date: PartialDate) -> Self {
        Self { year: date.year, month: date.month, day: date.day }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_a_birthday_without_a_year_as_vcard_does() {
        let date = PartialDate::new(None, Some(4), Some(12)).unwrap();
        assert_eq!(date.to_string(), "--04-12");
        assert_eq!(serde_json::to_string(&date).unwrap(), r#"{"month":4,"day":12}"#);
    }

    #[test]
    fn refuses_a_stored_date_that_cannot_exist() {
        assert!(serde_json::from_str::<PartialDate>(r#"{"year":1985,"month":13,"day":40}"#).is_err());
    }
}
