//! What was planned on an earlier day, told on a later one: "today" was another day then.

use jiff::civil::Date;

use super::brief;
use crate::fact::Reminder;

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

fn counts_from_its_day(reason: &str) -> bool {
    reason.split(|c: char| !c.is_alphanumeric()).any(|word| RELATIVE.contains(&word))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::fact::OccurrenceId;

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
