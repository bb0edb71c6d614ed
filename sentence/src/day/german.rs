//! The German names of days that come: `morgen`, `bis Freitag`, `nächste Woche`, `in zwei Wochen`. Umlauts are written out.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan as _};

use super::at_weekday_after;
use super::coming::{end_of_next_month, end_of_next_week, end_of_week, weekend};

const WEEKDAYS: [(&str, Weekday); 8] = [
    ("montag", Weekday::Monday),
    ("dienstag", Weekday::Tuesday),
    ("mittwoch", Weekday::Wednesday),
    ("donnerstag", Weekday::Thursday),
    ("freitag", Weekday::Friday),
    ("samstag", Weekday::Saturday),
    ("sonnabend", Weekday::Saturday),
    ("sonntag", Weekday::Sunday),
];

const COUNTS: [(&str, i64); 14] = [
    ("ein", 1),
    ("einem", 1),
    ("einen", 1),
    ("einer", 1),
    ("zwei", 2),
    ("drei", 3),
    ("vier", 4),
    ("fuenf", 5),
    ("sechs", 6),
    ("sieben", 7),
    ("acht", 8),
    ("neun", 9),
    ("zehn", 10),
    ("vierzehn", 14),
];

/// The day that these words begin with, and how many of them name it.
pub(super) fn coming(words: &[&str], today: Date) -> Option<(Date, usize)> {
    let ahead = |days: i32| today.checked_add(days.days()).ok();
    match words {
        ["heute", ..] => Some((today, 1)),
        ["morgen", ..] => Some((ahead(1)?, 1)),
        ["uebermorgen", ..] => Some((ahead(2)?, 1)),
        ["ende", "naechster" | "kommender", "woche", ..] => Some((end_of_next_week(today)?, 3)),
        ["ende", "der" | "dieser", "woche", ..] => Some((end_of_week(today)?, 3)),
        ["naechste" | "naechster" | "kommende" | "kommender", "woche", ..] => Some((end_of_next_week(today)?, 2)),
        ["diese" | "dieser", "woche", ..] => Some((end_of_week(today)?, 2)),
        ["am" | "uebers" | "zum", "wochenende", ..] => Some((weekend(today)?, 2)),
        ["ende", "des" | "dieses", "monats", ..] => Some((today.last_of_month(), 3)),
        ["monatsende", ..] => Some((today.last_of_month(), 1)),
        ["ende", "naechsten" | "kommenden", "monats", ..] => Some((end_of_next_month(today)?, 3)),
        ["naechsten" | "kommenden", "monat", ..] => Some((end_of_next_month(today)?, 2)),
        ["diesen", "monat", ..] => Some((today.last_of_month(), 2)),
        ["in", "ein" | "den", "paar" | "naechsten", "tagen", ..] => Some((ahead(3)?, 4)),
        ["in" | "innerhalb", "von", count, unit, ..] => Some((today.checked_add(span(count, unit)?).ok()?, 4)),
        ["in" | "binnen", count, unit, ..] => Some((today.checked_add(span(count, unit)?).ok()?, 3)),
        ["naechsten" | "kommenden" | "diesen", day, ..] => Some((at_weekday_after(weekday(day)?, today)?, 2)),
        [day, ..] => Some((at_weekday_after(weekday(day)?, today)?, 1)),
        [] => None,
    }
}

pub(super) fn weekday(word: &str) -> Option<Weekday> {
    WEEKDAYS.iter().find(|(name, _)| *name == word).map(|(_, day)| *day)
}

fn span(count: &str, unit: &str) -> Option<Span> {
    let named = COUNTS.iter().find(|(word, _)| *word == count).map(|(_, count)| *count);
    let count = named.or_else(|| count.parse().ok().filter(|count| (1..=1_000).contains(count)))?;
    match unit {
        "tag" | "tage" | "tagen" => Some(count.days()),
        "woche" | "wochen" => Some(count.weeks()),
        "monat" | "monate" | "monaten" => Some(count.months()),
        _ => None,
    }
}
