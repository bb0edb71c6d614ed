//! A day that stands alone, as it is typed behind `--by`, `--on` or `--until`: as in a sentence, and shorter (`fri`).

use jiff::civil::{Date, Weekday};

use super::{WEEKDAYS, at_weekday_after, coming, past, until};
use crate::words::words;

/// How many letters of a day of the week are enough.
const SHORTEST: usize = 3;

/// Returns the day that comes, as a text names it: `tomorrow`, `fri`, `Friday 11 December`, `2026-12-11`.
#[must_use]
pub fn that_comes(text: &str, today: Date) -> Option<Date> {
    let text = text.trim();
    let short = || at_weekday_after(begun_weekday(text)?, today);
    text.parse().ok().or_else(short).or_else(|| Some(coming(&words(text, 0..text.len()), today)?.0))
}

/// Returns the day that was, as a text names it: `yesterday`, `fri`, `3 days ago`, `11 November`, `2026-11-11`.
///
/// A day that says that it comes, such as `tomorrow`, is that day; so is a date without a year that is nearer ahead than behind:
/// whoever hears it can say that it has not come yet, rather than take it for last year's.
#[must_use]
pub fn that_was(text: &str, today: Date) -> Option<Date> {
    let text = text.trim();
    let short = || until(begun_weekday(text)?, today);
    let on = format!("on {text}");
    let in_words = || {
        let named = past(&words(text, 0..text.len()), today).or_else(|| past(&words(&on, 0..on.len()), today));
        named.map(|(day, _)| day)
    };
    text.parse().ok().or_else(short).or_else(in_words)
}

/// The day of the week that a word is or begins.
fn begun_weekday(text: &str) -> Option<Weekday> {
    let word = text.to_lowercase();
    let is_it = |(name, _): &&(&str, Weekday)| word.len() >= SHORTEST && name.starts_with(&word);
    WEEKDAYS.iter().find(is_it).map(|(_, day)| *day)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// A Saturday.
    const TODAY: Date = date(2026, 11, 28);

    #[test]
    fn every_option_reads_the_same_days() {
        for (text, comes, was) in [
            ("2026-12-11", date(2026, 12, 11), date(2026, 12, 11)),
            ("today", TODAY, TODAY),
            ("Fri", date(2026, 12, 4), date(2026, 11, 27)),
            ("Saturday", date(2026, 12, 5), TODAY),
            ("11 December", date(2026, 12, 11), date(2026, 12, 11)),
            ("Friday 11 December", date(2026, 12, 11), date(2026, 12, 11)),
            ("11 July", date(2027, 7, 11), date(2026, 7, 11)),
            ("Friday, 20 November 2026", date(2026, 11, 20), date(2026, 11, 20)),
            ("the 20th of November", date(2027, 11, 20), date(2026, 11, 20)),
            ("November 20", date(2027, 11, 20), date(2026, 11, 20)),
            ("20.11.", date(2027, 11, 20), date(2026, 11, 20)),
            ("20.11.2026", date(2026, 11, 20), date(2026, 11, 20)),
            ("28 November", TODAY, TODAY),
        ] {
            assert_eq!((that_comes(text, TODAY), that_was(text, TODAY)), (Some(comes), Some(was)), "{text}");
        }
        assert_eq!(that_was("3 days ago", TODAY), Some(date(2026, 11, 25)));
        assert_eq!(that_was("last Friday", TODAY), Some(date(2026, 11, 27)));
        assert_eq!(
            that_was("tomorrow", TODAY),
            Some(date(2026, 11, 29)),
            "so that it can be said that it is still to come"
        );
        for none in ["", "soon", "fr", "99"] {
            assert_eq!((that_comes(none, TODAY), that_was(none, TODAY)), (None, None), "{none}");
        }
    }
}
