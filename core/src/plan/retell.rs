//! What was planned before, told later: "today" was another day then, and some of it may be settled.

use jiff::civil::Date;

use super::brief;
use super::words::{phrase, plain_step, quoted};
use crate::fact::{Kind, Reminder, Tells};
use crate::id::RecordId;

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
    let all = reminder.tells.iter().zip(&reminder.reasons).zip(others(reminder));
    let left: Vec<((&Tells, &String), Option<RecordId>)> =
        all.filter(|((told, reason), _)| !is_settled(told, reason)).collect();
    let Some(((first, reason), _)) = left.first() else { return };
    let (first, is_another) = (**first, reminder.reasons.first() != Some(reason));
    let names = left.iter().filter_map(|(_, other)| *other).collect();
    let (tells, reasons) = left.into_iter().map(|((told, reason), _)| (*told, reason.clone())).unzip();
    (reminder.tells, reminder.reasons, reminder.names) = (tells, reasons, names);
    if is_another {
        reminder.step = Some(plain_step(first, today).to_owned());
        reminder.kind = Some(first.kind);
    }
}

/// Returns whom a reason of a reminder names besides its person.
#[must_use]
pub fn other(reminder: &Reminder, reason: &str) -> Option<RecordId> {
    let at = reminder.reasons.iter().position(|said| said == reason)?;
    others(reminder).nth(at).flatten()
}

/// Whom each thing that is told names besides: the names stand in the order of what names somebody.
fn others(reminder: &Reminder) -> impl Iterator<Item = Option<RecordId>> {
    let mut names = reminder.names.iter().copied();
    reminder.tells.iter().map(move |told| if names_another(told) { names.next() } else { None })
}

const fn names_another(told: &Tells) -> bool {
    matches!(told.kind, Kind::Introduction | Kind::Suggestion)
}

/// Whether a reason tells of a promise of this text.
#[must_use]
pub fn is_of_promise(reason: &str, text: &str) -> bool {
    reason.contains(&format!(": \"{}\".", quoted(text).trim_end_matches('.')))
}

/// Whether a reason tells that somebody looks for this, and what meets it.
#[must_use]
pub fn is_of_need(reason: &str, need: &str) -> bool {
    let need = phrase(need);
    ["; you offer ", ". "].iter().any(|then| reason.contains(&format!("looks for: {need}{then}")))
}

/// Whether what meets a need is the owner's, by the words of a reason.
#[must_use]
pub fn is_of_own_offer(reason: &str) -> bool {
    reason.contains("; you offer \"")
}

/// Whether a reason tells that somebody offers something else than all of this, or that the owner does.
#[must_use]
pub fn is_of_another_offer(reason: &str, offers: &[String]) -> bool {
    let tells = |offer: &String| {
        let offer = phrase(offer);
        reason.contains(&format!("; you offer \"{offer}\".")) || reason.contains(&format!(" offers: {offer}. "))
    };
    ["; you offer \"", " offers: "].iter().any(|says| reason.contains(says)) && !offers.iter().any(tells)
}

/// Returns a reminder without what names one of some others besides its person, or does not say whom it names; `None` where
/// nothing is left.
#[must_use]
pub fn without(reminder: &Reminder, planned: Date, is_one: impl Fn(&RecordId) -> bool) -> Option<Reminder> {
    let names_one =
        |(told, other): (&Tells, Option<RecordId>)| names_another(told) && other.is_none_or(|other| is_one(&other));
    let goes: Vec<bool> = reminder.tells.iter().zip(others(reminder)).map(names_one).collect();
    if !goes.contains(&true) {
        return Some(reminder.clone());
    }
    if reminder.tells.len() != reminder.reasons.len() || !goes.contains(&false) {
        return None;
    }
    let gone: Vec<&String> =
        reminder.reasons.iter().zip(goes).filter(|(_, goes)| *goes).map(|(reason, _)| reason).collect();
    let mut left = reminder.clone();
    settle(&mut left, planned, |_, reason| gone.iter().any(|gone| *gone == reason));
    Some(left)
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
    fn a_need_and_an_offer_are_known_by_their_words() {
        let own = "Ana looks for: Rust mentor; you offer \"mentoring in Rust\".";
        let other =
            "Ana looks for: Node.js mentor. Bob offers: Node.js evenings. As far as kith knows they have not met.";
        let looks_for = |reason, needs: [&str; 3]| needs.map(|need| is_of_need(reason, need));
        assert_eq!(looks_for(own, ["Rust", "Rust mentor.", "mentor"]), [false, true, false]);
        assert_eq!(looks_for(other, ["Node", "Node.js mentor", "Rust mentor"]), [false, true, false]);
        let another = |reason, offers: &[&str]| {
            is_of_another_offer(reason, &offers.iter().map(|&offer| offer.to_owned()).collect::<Vec<_>>())
        };
        assert_eq!([another(own, &["a flat", "mentoring in Rust"]), another(own, &["Rust"])], [false, true]);
        assert_eq!([another(other, &["Node.js evenings."]), another(other, &[])], [false, true]);
        assert!(!another("Ana looks for: a lawyer. Bob works as Lawyer. As far as kith knows they have not met.", &[]));
    }

    #[test]
    fn who_else_is_named_goes_and_the_rest_stays_with_its_own_step() {
        let kinds = [Kind::Suggestion, Kind::Cadence];
        let [bob, cleo] = ["Bob", "Cleo"].map(|name| RecordId::new("manual", name));
        let reminder = |kinds: &[Kind]| Reminder {
            tells: kinds.iter().map(|kind| Tells { kind: *kind, on: None }).collect(),
            names: vec![bob],
            step: Some("Ask Ana first whether meeting Bob would help.".to_owned()),
            ..Reminder::new(OccurrenceId("ana".to_owned()), kinds.iter().map(|kind| format!("{kind:?}")).collect())
        };
        let all = |_: &RecordId| true;
        assert_eq!(without(&reminder(&kinds), date(2026, 11, 23), |_| false), Some(reminder(&kinds)));
        let left = without(&reminder(&kinds), date(2026, 11, 23), all).unwrap();
        assert_eq!((left.reasons, left.names, left.kind), (vec!["Cadence".to_owned()], vec![], Some(Kind::Cadence)));
        assert!(!left.step.unwrap().contains("Bob"));
        assert_eq!(without(&reminder(&[Kind::Introduction]), date(2026, 11, 23), all), None);
        let two = Reminder { names: vec![bob, cleo], ..reminder(&[Kind::Suggestion, Kind::Introduction]) };
        let left = without(&two, date(2026, 11, 23), |other| *other == bob).unwrap();
        assert_eq!((left.reasons, left.names), (vec!["Introduction".to_owned()], vec![cleo]));
        let old = Reminder { names: Vec::new(), ..reminder(&[Kind::Introduction]) };
        assert_eq!(without(&old, date(2026, 11, 23), |_| false), None, "whom it names is not known");
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
