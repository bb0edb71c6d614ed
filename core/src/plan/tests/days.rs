//! Tests of the days that cards note: work anniversaries, wedding days, days with a label.

use super::*;
use crate::noted::Noted;

const WORDS: &str = "Think of them; a few words may be welcome.";

fn noted(what: Noted, year: Option<i16>, month: i8, day: i8) -> NotedDay {
    NotedDay { what, month, day, year }
}

/// Somebody whose card notes a day; a label is "Name day".
fn with_day(day: NotedDay, mut who: Somebody) -> Somebody {
    if day.what == Noted::Began {
        who.candidate.began = Some(day);
    } else {
        who.candidate.days.push(day);
        who.who.labels.insert(day, "Name day".to_owned());
    }
    who
}

/// A friend who was heard of yesterday, since a day in November of some year at Example Works.
fn colleague(year: Option<i16>, day: i8) -> Somebody {
    let mut ana = with_day(noted(Noted::Began, year, 11, day), friend("Ana", 10));
    ana.who.organization = Some("Example Works".to_owned());
    ana
}

#[test]
fn a_work_anniversary_is_told_in_whole_years_and_the_step_gives_first() {
    let step = "Ask how things are at Example Works, and how you could help. Congratulations fit in, too.";
    says(colleague(Some(2023), 23), &day(TODAY), &["Ana marks 3 years at Example Works today.", step]);
    says(colleague(Some(2025), 23), &day(TODAY), &["Ana marks 1 year at Example Works today.", step]);
    says(colleague(None, 23), &day(TODAY), &["Ana's work anniversary at Example Works is today.", step]);
    let mut in_need = colleague(Some(2023), 23);
    in_need.who.need = Some("Rust mentor".to_owned());
    let give =
        "They look for: Rust mentor. Is there somebody or something that would help? Congratulations fit in, too.";
    says(in_need, &day(TODAY), &["Ana marks 3 years at Example Works today.", give]);
    let mut nowhere = colleague(Some(2023), 23);
    nowhere.who.organization = None;
    assert_eq!(plan([nowhere], &rules(), &day(TODAY))[0].reasons, ["Ana marks 3 years where they work today."]);
    says(colleague(Some(2026), 23), &day(TODAY), &[]);
    says(colleague(Some(2027), 23), &day(TODAY), &[]);
}

#[test]
fn a_work_anniversary_is_told_of_those_in_a_circle_or_written_to_and_of_nobody_else() {
    let stranger = || with(colleague(Some(2023), 23), |ana| ana.circle = None);
    says(stranger(), &day(TODAY), &[]);
    let correspondent = with(stranger(), |ana| ana.correspondent = true);
    assert_eq!(plan([correspondent], &rules(), &day(TODAY))[0].kind, Kind::Anniversary);
}

#[test]
fn a_work_anniversary_is_told_late_for_a_week_once_and_not_to_who_was_just_named() {
    let since = |before| Day { planned_before: Some(before), ..day(TODAY) };
    let told = |day: i8, today: &Day| {
        plan([colleague(Some(2023), day)], &rules(), today).pop().map(|due| due.reasons.concat())
    };
    let late = since(date(2026, 11, 20));
    assert_eq!(told(22, &late).as_deref(), Some("Ana marked 3 years at Example Works yesterday."));
    assert_eq!(told(16, &late).as_deref(), Some("Ana marked 3 years at Example Works on Monday, 16 November."));
    assert_eq!(told(15, &late), None);
    let named = |on| Day { open: BTreeMap::from([(RecordId::new("manual", "Ana"), on)]), ..since(date(2026, 11, 20)) };
    assert_eq!(told(23, &named(date(2026, 11, 20))), None, "she was named three days ago");
    assert_eq!(told(16, &named(date(2026, 11, 16))), None, "it was told on its day");
    assert_eq!(told(16, &named(date(2026, 11, 15))).as_deref(), told(16, &late).as_deref());
}

#[test]
fn a_begin_on_29_february_comes_back_on_the_28th_in_common_years() {
    let ana = || with_day(noted(Noted::Began, Some(2024), 2, 29), friend("Ana", -90));
    let on = |today| plan([ana()], &rules(), &day(today)).first().map(|due| due.reasons[0].clone());
    assert_eq!(on(date(2027, 2, 28)).as_deref(), Some("Ana marks 3 years where they work today."));
    assert_eq!(on(date(2027, 3, 1)), None);
    assert_eq!(on(date(2028, 2, 29)).as_deref(), Some("Ana marks 4 years where they work today."));
}

#[test]
fn a_wedding_day_and_a_day_with_a_label_are_told_in_the_words_of_the_card() {
    let wedding = |year| with_day(noted(Noted::Wedding, year, 11, 23), candidate("Ana"));
    says(wedding(Some(2016)), &day(TODAY), &["Ana's wedding anniversary is today: 10 years.", WORDS]);
    says(wedding(None), &day(TODAY), &["Ana's wedding anniversary is today.", WORDS]);
    says(wedding(Some(2026)), &day(TODAY), &["Ana's wedding is today.", WORDS]);
    says(wedding(Some(2027)), &day(TODAY), &[]);
    let label = |year, day| with_day(noted(Noted::Labelled, year, 11, day), candidate("Ana"));
    says(label(None, 23), &day(TODAY), &["Ana's card says: \"Name day\" is today.", WORDS]);
    says(label(Some(2023), 23), &day(TODAY), &["Ana's card says: \"Name day\" is today, 3 years on.", WORDS]);
    let late = Day { planned_before: Some(date(2026, 11, 20)), ..day(TODAY) };
    says(label(None, 22), &late, &["Ana's card says: \"Name day\" was yesterday.", WORDS]);
    says(label(None, 15), &late, &[]);
    let lately = BTreeMap::from([(RecordId::new("manual", "Ana"), date(2026, 11, 21))]);
    assert_eq!(plan([wedding(None)], &rules(), &Day { open: lately, ..day(TODAY) }).len(), 1, "it is a day of its own");
}

#[test]
fn days_are_told_as_far_ahead_as_birthdays() {
    let rules = Rules { lead_days: 3, ..rules() };
    let told = |who: Somebody| plan([who], &rules, &day(TODAY)).pop().map(|due| (due.reasons.concat(), due.step));
    let (reason, step) = told(with_day(noted(Noted::Wedding, None, 11, 26), candidate("Ana"))).unwrap();
    assert_eq!(reason, "Ana's wedding anniversary is on Thursday, 26 November.");
    assert_eq!(step, "Think of a few words, if it is a day for them.");
    let (reason, _) = told(colleague(Some(2023), 26)).unwrap();
    assert_eq!(reason, "Ana marks 3 years at Example Works on Thursday, 26 November.");
    assert_eq!(told(colleague(Some(2023), 27)), None);
}

#[test]
fn days_come_behind_birthdays_work_behind_news_and_none_is_told_in_a_rest() {
    let named = |name: &str, who: Somebody| {
        let mut who = who;
        who.candidate.record = RecordId::new("manual", name);
        who.who.name = name.to_owned();
        who
    };
    let people = || {
        [
            named("Cadence", friend("C", 40)),
            named("Work", colleague(Some(2023), 23)),
            named("News", with(friend("N", 1), |who| who.news = Some(TODAY))),
            named("Wedding", with_day(noted(Noted::Wedding, None, 11, 23), candidate("W"))),
            named("Birthday", born(None, 11, 23, candidate("B"))),
        ]
    };
    let order = |season| {
        let rules = Rules { daily: 10, season, ..rules() };
        plan(people(), &rules, &day(TODAY)).into_iter().map(|due| due.name).collect::<Vec<_>>()
    };
    assert_eq!(order(Season::Steady), ["Birthday", "Wedding", "News", "Work", "Cadence"]);
    assert_eq!(order(Season::Search), ["Birthday", "Wedding", "Cadence", "News", "Work"]);
    assert_eq!(order(Season::Rest), ["Birthday"]);
}
