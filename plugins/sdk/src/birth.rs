//! A birthday whose year, month and day stand in fields of their own, as Thunderbird writes it in tables and in LDIF.

use kith_proto::card::{Anniversary, AnniversaryKind};
use kith_proto::date::PartialDate;
use kith_proto::diagnostic::Diagnostic;

/// Which part of a birthday a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BirthPart {
    /// The year.
    Year,
    /// The month, 1 to 12.
    Month,
    /// The day of the month.
    Day,
}

/// The parts of a birthday, as far as they were read.
///
/// ```
/// use kith_plugin::birth::{BirthFields, BirthPart};
///
/// let mut fields = BirthFields::default();
/// fields.take(BirthPart::Month, "birthmonth", "9");
/// fields.take(BirthPart::Day, "birthday", "7");
/// assert_eq!(fields.close().anniversary.unwrap().date.to_string(), "--09-07");
/// ```
#[derive(Debug, Default)]
pub struct BirthFields {
    year: Option<Field>,
    month: Option<Field>,
    day: Option<Field>,
}

/// A field as it was written: its name and its value.
type Field = (String, String);

/// What the parts of a birthday come to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Birth {
    /// The birthday, if the parts make one.
    pub anniversary: Option<Anniversary>,
    /// Name and value of each field that is no part of it, to be kept as text.
    pub left: Vec<(String, String)>,
    /// What is wrong with those.
    pub diagnostic: Option<Diagnostic>,
}

impl BirthFields {
    /// Takes a field. Returns whether there was room for it: not where another value of the same part is held already.
    ///
    /// A part of zeros says that it is not known.
    pub fn take(&mut self, part: BirthPart, name: &str, value: &str) -> bool {
        if value.bytes().all(|byte| byte == b'0') {
            return true;
        }
        let held = match part {
            BirthPart::Year => &mut self.year,
            BirthPart::Month => &mut self.month,
            BirthPart::Day => &mut self.day,
        };
        held.get_or_insert_with(|| (name.to_owned(), value.to_owned())).1 == value
    }

    /// Puts the parts together.
    ///
    /// A part that is no number is left; the others may still be a day. Where they are none, all are left.
    #[must_use]
    pub fn close(self) -> Birth {
        let year = number(self.year.as_ref());
        let (month, day) = (number(self.month.as_ref()), number(self.day.as_ref()));
        let date = PartialDate::new(year, month, day).ok();
        let is_used = [year.is_some(), month.is_some(), day.is_some()].map(|is_number| is_number && date.is_some());
        let fields = [self.year, self.month, self.day].into_iter().zip(is_used);
        let left: Vec<Field> = fields.filter(|(_, is_used)| !is_used).filter_map(|(field, _)| field).collect();
        let anniversary = date.map(|date| Anniversary { kind: AnniversaryKind::Birth, date, raw: None, label: None });
        let diagnostic = (!left.is_empty()).then(|| told(&left));
        Birth { anniversary, left, diagnostic }
    }
}

fn number<N: core::str::FromStr>(field: Option<&Field>) -> Option<N> {
    field.and_then(|(_, value)| value.parse().ok())
}

fn told(left: &[Field]) -> Diagnostic {
    let joined = |side: fn(&Field) -> &str| left.iter().map(side).collect::<Vec<_>>().join(", ");
    Diagnostic::kept("not a date", "kept as text, the rest of the card as it is")
        .in_property(joined(|(name, _)| name))
        .with_value(&joined(|(_, value)| value))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the birthday, and what is left of the fields.
    #[track_caller]
    fn check(values: [&str; 3], date: &str, left: &[&str]) {
        let mut fields = BirthFields::default();
        for (part, value) in [BirthPart::Year, BirthPart::Month, BirthPart::Day].into_iter().zip(values) {
            assert!(fields.take(part, "x", value));
        }
        let birth = fields.close();
        assert_eq!(birth.anniversary.map(|day| day.date.to_string()).unwrap_or_default(), date, "{values:?}");
        assert_eq!(birth.left.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>(), left, "{values:?}");
        assert_eq!(birth.diagnostic.map(|told| told.value.unwrap()), (!left.is_empty()).then(|| left.join(", ")));
    }

    #[test]
    fn parts_that_make_a_day_are_one_and_others_are_left_with_a_word() {
        check(["1987", "9", "07"], "1987-09-07", &[]);
        check(["", "9", "7"], "--09-07", &[]);
        check(["0", "09", "7"], "--09-07", &[]);
        check(["1987", "", ""], "1987", &[]);
        check(["", "", ""], "", &[]);
        check(["1980", "13", "5"], "", &["1980", "13", "5"]);
        check(["1980", "300", "5"], "", &["1980", "300", "5"]);
        check(["1980", "", "5"], "", &["1980", "5"]);
        check(["", "9", ""], "", &["9"]);
        check(["unknown", "9", "7"], "--09-07", &["unknown"]);
        check(["1980", "Sept", ""], "1980", &["Sept"]);
    }

    #[test]
    fn a_second_value_of_a_part_finds_no_room() {
        let mut fields = BirthFields::default();
        assert!(fields.take(BirthPart::Year, "a", "1980"));
        assert!(fields.take(BirthPart::Year, "b", "1980"));
        assert!(!fields.take(BirthPart::Year, "c", "1981"));
    }
}
