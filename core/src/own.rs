//! The user's own values about a person: which fields there are, what may stand in each, and the card that they make.

use jiff::Timestamp;
use kith_proto::card::{Anniversary, AnniversaryKind, Card, Email, OnlineService, Organization, Phone};
use kith_proto::date::PartialDate;

use crate::id::RecordId;
use crate::normalize::{self, Profile};
use crate::noted::WORK_ANNIVERSARY;

/// The fields that the user can give a value.
pub const FIELDS: [&str; 8] = ["name", "email", "phone", "organization", "title", "birthday", "started", "profile"];

/// A telephone number has at least as many digits.
const PHONE_DIGITS: usize = 3;

/// A value that the user gave a field of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnValue {
    /// The field.
    pub field: String,
    /// The value.
    pub value: String,
    /// When.
    pub at: Timestamp,
    /// The record that the user's words meant.
    pub record: RecordId,
}

/// A value that does not fit its field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// There is no such field.
    #[error("set the field {0:?}: there is none of that name")]
    NoField(String),
    /// Nothing stands in it.
    #[error("set {0} to nothing")]
    Empty(String),
    /// It is not what the field is for.
    #[error("set {field} to {value:?}: it is not {wanted}")]
    NotA {
        /// The field.
        field: String,
        /// The value.
        value: String,
        /// What it should be: `a mail address`.
        wanted: &'static str,
        /// How that is written.
        written: &'static str,
    },
}

impl Unfit {
    /// Returns what to try next.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::NoField(_) => format!("the fields are {}, and for kith set cadence", FIELDS.join(", ")),
            Self::Empty(_) => "without a value the field is again what the sources say".to_owned(),
            Self::NotA { written, .. } => format!("write it as {written}"),
        }
    }
}

/// Says whether a value fits a field; no value, by which it returns to what the sources say, fits any.
///
/// # Errors
/// When there is no such field, or the value is not what it is for. A number without its country fits: it is kept as written.
pub fn check(field: &str, value: Option<&str>) -> Result<(), Unfit> {
    if !FIELDS.contains(&field) {
        return Err(Unfit::NoField(field.to_owned()));
    }
    let Some(value) = value else { return Ok(()) };
    if value.trim().is_empty() {
        return Err(Unfit::Empty(field.to_owned()));
    }
    let (fits, wanted, written) = match field {
        "email" => (normalize::email(value).is_some(), "a mail address", "ana@example.com"),
        "phone" => (is_number(value), "a telephone number", "+49 30 901820"),
        "birthday" => (birthday(value).is_some(), "a date", "1985-04-12, or as 04-12 without the year"),
        "started" => (started(value).is_some(), "a day with its year", "2021-03-01"),
        "profile" => {
            let written = "https://www.linkedin.com/in/ana-silva";
            (Profile::parse(value).is_some(), "the address of a profile", written)
        }
        _ => return Ok(()),
    };
    let not = || Unfit::NotA { field: field.to_owned(), value: value.to_owned(), wanted, written };
    if fits { Ok(()) } else { Err(not()) }
}

/// Returns the day that a text names: as a card writes it, or month and day alone, for `--04-12` is hard to give on a command line.
fn birthday(text: &str) -> Option<PartialDate> {
    let text = text.trim();
    let is_day = text.len() == 5 && text.chars().all(|c| c.is_ascii_digit() || c == '-');
    let without_year = || normalize::date::parse(&format!("--{text}")).ok().filter(|_| is_day);
    without_year().or_else(|| normalize::date::parse(text).ok())
}

/// Returns the day on which somebody began where they work: one without its year or its day tells of no anniversary.
fn started(text: &str) -> Option<PartialDate> {
    let date = normalize::date::parse(text.trim()).ok()?;
    (date.year().is_some() && date.day().is_some()).then_some(date)
}

/// Returns whether a text may be a telephone number, of whatever country.
#[must_use]
pub fn is_number(text: &str) -> bool {
    text.chars().filter(|c| c.is_numeric()).count() >= PHONE_DIGITS
}

/// Returns the card that the user's own values make, by field, the newest first.
#[must_use]
pub fn card<'a>(own: impl IntoIterator<Item = (&'a str, &'a str)>) -> Card {
    let mut card = Card::default();
    for (field, value) in own {
        let text = || value.to_owned();
        match field {
            "name" => card.name.full = card.name.full.or_else(|| Some(text())),
            "email" => card.emails.push(Email { address: text(), ..Email::default() }),
            "phone" => card.phones.push(Phone { number: text(), ..Phone::default() }),
            "profile" => card.online_services.push(OnlineService { uri: Some(text()), ..OnlineService::default() }),
            "organization" => card.organizations.push(Organization { name: text(), units: Vec::new() }),
            "title" => card.titles.push(text()),
            "birthday" => {
                let birth = |date| Anniversary { kind: AnniversaryKind::Birth, date, raw: None, label: None };
                card.anniversaries.extend(birthday(value).map(birth));
            }
            "started" => {
                let label = Some(WORK_ANNIVERSARY.to_owned());
                let begin = |date| Anniversary { kind: AnniversaryKind::Other, date, raw: None, label };
                card.anniversaries.extend(started(value).map(begin));
            }
            _ => {}
        }
    }
    card
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(field: &str, value: &str, words: &str) {
        assert_eq!(check(field, Some(value)).map_err(|unfit| unfit.to_string()), Err(words.to_owned()));
    }

    #[test]
    fn a_value_that_is_not_what_its_field_is_for_is_refused() {
        refused("shoe", "42", "set the field \"shoe\": there is none of that name");
        refused("name", " ", "set name to nothing");
        refused("email", "nonsense", "set email to \"nonsense\": it is not a mail address");
        refused("phone", "abc", "set phone to \"abc\": it is not a telephone number");
        refused("birthday", "soon", "set birthday to \"soon\": it is not a date");
        refused("started", "03-01", "set started to \"03-01\": it is not a day with its year");
        refused("started", "2021-03", "set started to \"2021-03\": it is not a day with its year");
        refused("profile", "ana", "set profile to \"ana\": it is not the address of a profile");
    }

    #[test]
    fn a_birthday_without_its_year_is_written_as_a_card_or_as_people_do() {
        for text in ["--04-12", "04-12", " 04-12 "] {
            assert_eq!(birthday(text), PartialDate::new(None, Some(4), Some(12)).ok(), "{text}");
        }
        assert_eq!(birthday("13-40"), None);
    }

    #[test]
    fn what_people_write_fits() {
        for (field, value) in [
            ("name", "Ana"),
            ("email", "Ana@Example.com"),
            ("phone", "030 901820"),
            ("organization", "Acme"),
            ("title", "CTO"),
            ("birthday", "1985-04-12"),
            ("birthday", "--04-12"),
            ("birthday", "04-12"),
            ("started", "2021-03-01"),
            ("profile", "linkedin.com/in/ana-silva"),
        ] {
            assert_eq!(check(field, Some(value)), Ok(()), "{field} {value}");
            assert_eq!(check(field, None), Ok(()), "{field}");
        }
        assert!(check("shoe", None).is_err());
    }
}
