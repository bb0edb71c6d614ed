//! What was planned before, told later: "today" was another day then, and some of it may be settled.

use jiff::civil::Date;

use super::brief;
use super::words::{plain_step, quoted};
use crate::fact::{Reminder, Tells};

/// Words that count from the day on which they were said.
const RELATIVE: [&str; 4] = ["today", "tomorrow", "yesterday", "ago"];

/// Puts a reminder that was planned on one day as it reads on another: where a reason counts from its day, that day is named.
/// The word before an event is put anew.
pub fn retell(reminder: &mut Reminder, planned: Date, today: Date) {
    if today <= planned {
        return;
    }
    if brief::is_brief(&reminder.occurrence.0) {
        brief::retell(reminder);
        return;
    }
    let as_of = planned.strftime("As of %A, %-d %B.");
    for reason in reminder.reasons.iter_mut().filter(|reason| counts_from_its_day(reason)) {
        *reason = format!("{reason} ({as_of})");
    }
}

/// Takes the reasons out that are settled, as far as others are left; with the first of them its next step goes as well.
pub fn settle(reminder: &mut Reminder, today: Date, is_settled: impl Fn(&Tells, &str) -> bool) {
    if reminder.tells.len() != reminder.reasons.len() {
        return;
    }
    let all = reminder.tells.iter().zip(&reminder.reasons);
    let left: Vec<(Tells, String)> =
        all.filter(|(told, reason)| !is_settled(told, reason)).map(|(told, reason)| (*told, reason.clone())).collect();
    let Some((first, reason)) = left.first() else { return };
    if reminder.reasons.first() != Some(reason) {
        reminder.step = Some(plain_step(*first, today).to_owned());
        reminder.kind = Some(first.kind);
    }
    (reminder.tells, reminder.reasons) = left.into_iter().unzip();
}

/// Whether a reason tells of a promise of this text.
#[must_use]
pub fn is_of_promise(reason: &str, text: &str) -> bool {
    reason.contains(&format!(": \"{}\".", quoted(text).trim_end_matches('.')))
}

/// Whether a reason tells that somebody looks for this, and what meets it.
#[must_use]
pub fn is_of_need(reason: &str, need: &str) -> bool {
    let said = format!("looks for: {}", quoted(need));
    reason.split_once(&said).is_some_and(|(_, rest)| rest.starts_with(['.', ';']))
}

fn counts_from_its_day(reason: &str) -> bool {
    reason.split(|c: char| !c.is_alphanumeric()).any(|word| RELATIVE.contains(&word))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::fact::{Kind, OccurrenceId};

    #[test]
    fn what_is_settled_is_not_told_beside_what_is_open() {
        let (promise, born) = (Some(date(2026, 11, 23)), Some(date(2026, 11, 23)));
        let says = [
            "You promised Ana: \"the draft\". It is due today.",
            "You promised Ana: \"a call\".",
            "Ana turns 40 today.",
        ];
        let kinds = [(Kind::Promise, promise), (Kind::Promise, promise), (Kind::Birthday, born)];
        let reminder = Reminder {
            step: Some("Do it now, or say when it will be.".to_owned()),
            kind: Some(Kind::Promise),
            tells: kinds.into_iter().map(|(kind, on)| Tells { kind, on }).collect(),
            ..Reminder::new(OccurrenceId("ana".to_owned()), says.iter().map(|&reason| reason.to_owned()).collect())
        };
        let left = |kept: &[&str]| {
            let mut left = reminder.clone();
            settle(&mut left, date(2026, 11, 23), |_, reason| kept.iter().any(|text| is_of_promise(reason, text)));
            (left.reasons, left.step.unwrap(), left.kind.unwrap(), left.tells.len())
        };
        let told = |from: usize| says[from..].iter().map(|&reason| reason.to_owned()).collect::<Vec<_>>();
        let step = |step: &str| step.to_owned();
        assert_eq!(left(&["the draft."]), (told(1), step("Do it now, or say when it will be."), Kind::Promise, 2));
        assert_eq!(left(&["the draft", "a call"]), (told(2), step("Send a few words for the day."), Kind::Birthday, 1));
        assert_eq!(left(&["a"]).0, says, "no other text");
        let mut all = reminder.clone();
        settle(&mut all, date(2026, 11, 23), |_, _| true);
        assert_eq!(all, reminder, "it is over, and says what it was");
    }

    #[test]
    fn what_counts_from_the_day_of_the_plan_names_it_on_a_later_one() {
        let says = ["Ana turns 40 today.", "It has been 5 weeks since you last met; you wanted to talk every 3 weeks."];
        let reminder = Reminder::new(
            OccurrenceId("2026-11-23/daily/ana".to_owned()),
            says.iter().map(|&reason| reason.to_owned()).collect(),
        );
        let told = |on| {
            let mut told = reminder.clone();
            retell(&mut told, date(2026, 11, 23), on);
            told.reasons
        };
        assert_eq!(told(date(2026, 11, 23)), says);
        assert_eq!(told(date(2026, 11, 25)), ["Ana turns 40 today. (As of Monday, 23 November.)", says[1]]);
    }
}
