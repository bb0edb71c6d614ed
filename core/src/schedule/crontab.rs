//! Translates crontab(5) into the language of the `cron` crate.
//!
//! The crate wants the seconds as a first field, counts Sunday as 1, and joins day of month and day of week by *and*. Here
//! the fields are read as crontab(5) says and written out as plain lists, so that nothing is left to a difference in dialect.

use std::collections::BTreeSet;

/// A text that is no schedule.
#[derive(Debug, thiserror::Error)]
pub enum NotASchedule {
    /// It has too few or too many fields.
    #[error(
        "read the schedule: it has {0} fields, and 5 are wanted as in crontab(5) (minute, hour, day of month, month, day of week), or 6 with the seconds first"
    )]
    Fields(usize),
    /// A field holds something else than numbers, names, ranges, lists and steps.
    #[error(
        "read the schedule: {field} is {text:?}; write *, a number, a range such as 1-5, a list such as 1,3, or a step such as */15"
    )]
    Field {
        /// Which field.
        field: &'static str,
        /// What it holds.
        text: String,
    },
    /// A number is outside its field's range.
    #[error("read the schedule: {field} is {text:?}, and goes from {min} to {max}")]
    Range {
        /// Which field.
        field: &'static str,
        /// What it holds.
        text: String,
        /// The smallest number.
        min: u8,
        /// The largest number.
        max: u8,
    },
    /// It begins with `@` and no known word.
    #[error("read the schedule: {0:?} is not @hourly, @daily, @weekly, @monthly or @yearly")]
    Word(String),
    /// It names a day that no year has.
    #[error("use the schedule: it names a day that never comes")]
    Never,
    /// The evaluator refused the translation.
    #[error("use the schedule")]
    Evaluator(#[source] cron::error::Error),
}

/// What a field may hold.
struct Field {
    name: &'static str,
    min: u8,
    max: u8,
    /// Names of the numbers from `min` on.
    names: &'static [&'static str],
}

const SECOND: Field = Field { name: "the second", min: 0, max: 59, names: &[] };
const MINUTE: Field = Field { name: "the minute", min: 0, max: 59, names: &[] };
const HOUR: Field = Field { name: "the hour", min: 0, max: 23, names: &[] };
const DAY_OF_MONTH: Field = Field { name: "the day of month", min: 1, max: 31, names: &[] };
const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH: Field = Field { name: "the month", min: 1, max: 12, names: MONTHS };
const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
/// 0 and 7 are Sunday.
const DAY_OF_WEEK: Field = Field { name: "the day of week", min: 0, max: 7, names: DAYS };

/// Returns expressions of the `cron` crate of which any one makes the schedule occur.
pub(super) fn translate(text: &str) -> Result<Vec<String>, NotASchedule> {
    let fields = match text.trim() {
        word if word.starts_with('@') => expand(word)?,
        expression => expression,
    };
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let [second, minute, hour, day_of_month, month, day_of_week] = match fields.as_slice() {
        [minute, hour, day, month, weekday] => ["0", minute, hour, day, month, weekday],
        [second, minute, hour, day, month, weekday] => [*second, minute, hour, day, month, weekday],
        other => return Err(NotASchedule::Fields(other.len())),
    };
    let days = written(&DAY_OF_MONTH.read(day_of_month)?);
    let weekdays = written(&DAY_OF_WEEK.read(day_of_week)?.into_iter().map(|day| day % 7 + 1).collect());
    let second = written(&SECOND.read(second)?);
    let minute = written(&MINUTE.read(minute)?);
    let hour = written(&HOUR.read(hour)?);
    let month = written(&MONTH.read(month)?);
    let expression = |days: &str, weekdays: &str| format!("{second} {minute} {hour} {days} {month} {weekdays}");
    // crontab(5): "If both fields are restricted (i.e., don't start with *), the command will be run when either field
    // matches the current time."
    if day_of_month.starts_with('*') || day_of_week.starts_with('*') {
        Ok(vec![expression(&days, &weekdays)])
    } else {
        Ok(vec![expression(&days, "*"), expression("*", &weekdays)])
    }
}

fn expand(word: &str) -> Result<&'static str, NotASchedule> {
    match word.to_ascii_lowercase().as_str() {
        "@hourly" => Ok("0 * * * *"),
        "@daily" | "@midnight" => Ok("0 0 * * *"),
        "@weekly" => Ok("0 0 * * 0"),
        "@monthly" => Ok("0 0 1 * *"),
        "@yearly" | "@annually" => Ok("0 0 1 1 *"),
        _ => Err(NotASchedule::Word(word.to_owned())),
    }
}

fn written(numbers: &BTreeSet<u8>) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

impl Field {
    fn read(&self, text: &str) -> Result<BTreeSet<u8>, NotASchedule> {
        let mut numbers = BTreeSet::new();
        for item in text.split(',') {
            self.read_item(item, &mut numbers)?;
        }
        Ok(numbers)
    }

    fn read_item(&self, item: &str, numbers: &mut BTreeSet<u8>) -> Result<(), NotASchedule> {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => {
                (range, step.parse().ok().filter(|step| *step > 0).ok_or_else(|| self.unreadable(item))?)
            }
            None => (item, 1),
        };
        let (first, last) = match range.split_once('-') {
            None if range == "*" => (self.min, self.max),
            // crontab(5) knows steps only after a range.
            None if item.contains('/') => return Err(self.unreadable(item)),
            None => (self.number(range)?, self.number(range)?),
            Some((first, last)) => (self.number(first)?, self.number(last)?),
        };
        // A week may be said to end on Sunday: "sat-sun".
        let last = if self.name == DAY_OF_WEEK.name && last == 0 && first > 0 { 7 } else { last };
        if first > last {
            return Err(self.unreadable(item));
        }
        numbers.extend((first..=last).step_by(step));
        Ok(())
    }

    fn number(&self, text: &str) -> Result<u8, NotASchedule> {
        let lower = text.to_ascii_lowercase();
        if let Some(named) = (self.min..).zip(self.names).find_map(|(number, name)| (*name == lower).then_some(number))
        {
            return Ok(named);
        }
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(self.unreadable(text));
        }
        text.parse().ok().filter(|number| (self.min..=self.max).contains(number)).ok_or_else(|| NotASchedule::Range {
            field: self.name,
            text: text.to_owned(),
            min: self.min,
            max: self.max,
        })
    }

    fn unreadable(&self, text: &str) -> NotASchedule {
        NotASchedule::Field { field: self.name, text: text.to_owned() }
    }
}
