//! The day that comes, as a clause names it: `tomorrow`, `by Friday`, `next week`, `in two weeks`, `on 5 May`, and the same in
//! German. A week ends on its Friday, as what is promised for a week is work; a month on its last day.

use core::ops::Range;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::dated::{beside, dated, next_date};
use super::german;
use super::{LONGEST, at_weekday_after, span, weekday};
use crate::words::Word;

/// The days of the week on which it ends, counted from Monday as 1.
const FRIDAY: i32 = 5;
const SUNDAY: i32 = 7;

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
            .map(|named| beside(named, plain.get(at..).unwrap_or_default(), today, next_date))
            .or_else(|| dated(rest, today, next_date))?;
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
