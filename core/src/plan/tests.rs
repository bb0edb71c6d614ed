//! Tests of the plan: who, in which order, in which words.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;

const TODAY: civil::Date = date(2026, 11, 23);

fn candidate(name: &str) -> Candidate {
    Candidate {
        record: RecordId::new("manual", name),
        name: name.to_owned(),
        first_name: name.split(' ').next().unwrap().to_owned(),
        circle: None,
        last_interaction: None,
        first_seen: "2026-11-01T12:00:00Z".parse().unwrap(),
        birthday: None,
        snoozed_until: None,
        organization: None,
        last_subject_kind: None,
        promises: Vec::new(),
        waiting: None,
        introduction: None,
        news: None,
        need: None,
        correspondent: false,
    }
}

fn friend(name: &str, days_ago: i32) -> Candidate {
    let at = TODAY.checked_sub(days_ago.days()).unwrap().at(12, 0, 0, 0);
    let last_interaction = Some(TimeZone::UTC.to_timestamp(at).unwrap());
    let last_subject_kind = Some(InteractionKind::Message);
    Candidate { circle: Some("friends".to_owned()), last_interaction, last_subject_kind, ..candidate(name) }
}

fn born(year: Option<i16>, month: i8, day: i8, who: Candidate) -> Candidate {
    Candidate { birthday: Some(PartialDate::new(year, Some(month), Some(day)).unwrap()), ..who }
}

fn rules() -> Rules {
    let circle = |name: &str, cadence: &str| Circle { name: name.to_owned(), cadence: cadence.parse().unwrap() };
    Rules {
        circles: vec![circle("friends", "3 weeks"), circle("far", "1 year")],
        daily: DAILY,
        season: Season::Steady,
        lead_days: 0,
    }
}

fn day(today: civil::Date) -> Day {
    Day { today, zone: TimeZone::UTC, planned_before: None, open: BTreeMap::new(), rediscovered: None }
}

fn names(due: &[Due]) -> Vec<&str> {
    due.iter().map(|due| due.name.as_str()).collect()
}

#[track_caller]
fn says(who: Candidate, day: &Day, expected: &[&str]) {
    let due = plan([who], &rules(), day);
    let said: Vec<_> = due.iter().flat_map(|due| due.reasons.iter().chain([&due.step])).collect();
    assert_eq!(said, expected);
}

const ASK: &str = "Ask what they are working on, and how you could help.";

#[test]
fn says_how_long_it_has_been_and_what_was_wanted() {
    let wanted = "you wanted to talk every 3 weeks.";
    let message = format!("It has been 5 weeks since your last message; {wanted}");
    says(friend("Ana Silva", 35), &day(TODAY), &[&message, ASK]);
    let mail = Candidate { last_subject_kind: Some(InteractionKind::Mail), ..friend("Ana Silva", 200) };
    says(mail, &day(TODAY), &[&format!("It has been 6 months since your last mail; {wanted}"), ASK]);
    let met = Candidate {
        last_subject_kind: Some(InteractionKind::Meeting),
        organization: Some("Acme".to_owned()),
        ..friend("Ana Silva", 800)
    };
    let step = "Ask how things are at Acme, and how you could help.";
    says(met, &day(TODAY), &[&format!("It has been 2 years since you last met; {wanted}"), step]);
    let never = Candidate { last_interaction: None, ..friend("Ana Silva", 0) };
    let none_seen = format!("kith has seen no message between you since 1 November 2026; {wanted}");
    says(never, &day(date(2026, 11, 22)), &[&none_seen, ASK]);
}

#[test]
fn is_due_on_the_day_and_not_before() {
    says(friend("Ana", 20), &day(TODAY), &[]);
    says(
        friend("Ana", 21),
        &day(TODAY),
        &["It has been 3 weeks since your last message; you wanted to talk every 3 weeks.", ASK],
    );
}

#[test]
fn the_owners_zone_decides_on_which_day_it_was() {
    // 23:30 UTC is the next day in Berlin.
    let who = Candidate { last_interaction: Some("2026-11-02T23:30:00Z".parse().unwrap()), ..friend("Ana", 0) };
    let berlin = Day { zone: TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap(), ..day(TODAY) };
    assert_eq!(plan([who.clone()], &rules(), &berlin), []);
    assert_eq!(plan([who], &rules(), &day(TODAY)).len(), 1);
}

#[test]
fn nobody_in_no_circle_is_mentioned_except_on_a_birthday() {
    says(Candidate { circle: None, ..friend("Ana", 500) }, &day(TODAY), &[]);
    says(Candidate { circle: Some("gone from the config".to_owned()), ..friend("Ana", 500) }, &day(TODAY), &[]);
    let words = "Send a few words for the day.";
    says(born(Some(1986), 11, 23, candidate("Ana Silva")), &day(TODAY), &["Ana turns 40 today.", words]);
    says(born(None, 11, 23, candidate("Ana Silva")), &day(TODAY), &["Ana's birthday is today.", words]);
    says(born(Some(1986), 11, 24, candidate("Ana Silva")), &day(TODAY), &[]);
    says(born(Some(2026), 11, 23, candidate("Newborn")), &day(TODAY), &["Newborn's birthday is today.", words]);
}

#[test]
fn a_birthday_on_29_february_is_kept_on_the_28th_in_common_years() {
    let ana = || born(Some(1988), 2, 29, candidate("Ana"));
    let on = |today| plan([ana()], &rules(), &day(today)).first().map(|due| due.reasons.join(" "));
    assert_eq!(on(date(2027, 2, 28)).as_deref(), Some("Ana turns 39 today."));
    assert_eq!(on(date(2027, 3, 1)), None);
    assert_eq!(on(date(2028, 2, 28)), None);
    assert_eq!(on(date(2028, 2, 29)).as_deref(), Some("Ana turns 40 today."));
}

#[test]
fn a_birthday_missed_while_off_is_told_late() {
    let since = |before| Day { planned_before: Some(before), ..day(TODAY) };
    let late = "A late word is welcome too.";
    says(born(Some(1986), 11, 22, candidate("Ana")), &since(date(2026, 11, 20)), &["Ana turned 40 yesterday.", late]);
    says(
        born(None, 11, 21, candidate("Ana")),
        &since(date(2026, 11, 20)),
        &["Ana's birthday was on Saturday, 21 November.", late],
    );
    says(born(None, 11, 20, candidate("Ana")), &since(date(2026, 11, 20)), &[]);
    says(born(None, 11, 15, candidate("Ana")), &since(date(2026, 1, 1)), &[]);
    says(born(None, 11, 21, candidate("Ana")), &since(date(2027, 1, 1)), &[]);
}

#[test]
fn birthdays_come_first_then_the_most_overdue() {
    let people = [friend("Ana", 30), friend("Bo", 40), born(None, 11, 23, candidate("Cleo")), friend("Dan", 35)];
    let rules = Rules { daily: 10, ..rules() };
    assert_eq!(names(&plan(people, &rules, &day(TODAY))), ["Cleo", "Bo", "Dan", "Ana"]);
}

#[test]
fn overdue_is_measured_in_cadences_and_capped() {
    let far = Candidate { circle: Some("far".to_owned()), ..friend("Far", 400) };
    let people = [far, friend("Zoe", 42), friend("Ana", 4_000), friend("Bo", 400)];
    let rules = Rules { daily: 10, ..rules() };
    assert_eq!(names(&plan(people, &rules, &day(TODAY))), ["Ana", "Bo", "Zoe", "Far"]);
}

#[test]
fn names_at_most_the_days_number() {
    let people = ["Ana", "Bo", "Cleo", "Dan"].map(|name| born(None, 11, 23, candidate(name)));
    assert_eq!(names(&plan(people.clone(), &rules(), &day(TODAY))), ["Ana", "Bo", "Cleo"]);
    assert_eq!(names(&plan(people, &Rules { daily: 0, ..rules() }, &day(TODAY))), [""; 0]);
}

#[test]
fn a_snoozed_person_rests_until_the_day_given() {
    let snoozed = |until| born(None, 11, 23, Candidate { snoozed_until: Some(until), ..friend("Ana", 90) });
    assert_eq!(names(&plan([snoozed(date(2026, 11, 24))], &rules(), &day(TODAY))), [""; 0]);
    assert_eq!(names(&plan([snoozed(TODAY)], &rules(), &day(TODAY))), ["Ana"]);
}

#[test]
fn an_open_reminder_is_not_repeated_for_a_week_but_does_not_hide_a_birthday() {
    let open = |on| Day { open: BTreeMap::from([(RecordId::new("manual", "Ana"), on)]), ..day(TODAY) };
    assert_eq!(names(&plan([friend("Ana", 90)], &rules(), &open(date(2026, 11, 17)))), [""; 0]);
    assert_eq!(names(&plan([friend("Ana", 90)], &rules(), &open(date(2026, 11, 16)))), ["Ana"]);
    let birthday = born(None, 11, 23, friend("Ana", 90));
    assert_eq!(plan([birthday.clone()], &rules(), &open(date(2026, 11, 22)))[0].reasons, ["Ana's birthday is today."]);
    assert_eq!(names(&plan([birthday], &rules(), &open(TODAY))), [""; 0]);
}

#[test]
fn among_equals_the_one_not_mentioned_for_longest_comes_first() {
    let people = ["Ana", "Bo", "Cleo"].map(|name| friend(name, 900));
    let open = |name: &str, on| (RecordId::new("manual", name), on);
    let open = BTreeMap::from([open("Ana", date(2026, 11, 1)), open("Bo", date(2026, 10, 1))]);
    assert_eq!(names(&plan(people, &rules(), &Day { open, ..day(TODAY) })), ["Cleo", "Bo", "Ana"]);
}

#[test]
fn a_reminder_goes_by_day_schedule_and_person() {
    let due = plan([friend("Ana", 90)], &rules(), &day(TODAY)).remove(0);
    let id = due.record;
    assert_eq!(due.into_reminder("morning", TODAY).occurrence.0, format!("2026-11-23/morning/{id}"));
}

proptest! {
    #[test]
    fn the_order_of_people_does_not_matter(days in prop::collection::vec(0i32..200, 1..12), seed in any::<u64>()) {
        let people: Vec<_> = days.iter().enumerate().map(|(i, days)| friend(&format!("P{i}"), *days)).collect();
        let mut turned = people.clone();
        turned.rotate_left(usize::try_from(seed % people.len() as u64).unwrap());
        turned.reverse();
        let rules = Rules { daily: 4, ..rules() };
        let due = plan(people, &rules, &day(TODAY));
        prop_assert_eq!(&due, &plan(turned, &rules, &day(TODAY)));
        prop_assert!(due.len() <= 4);
        prop_assert!(due.iter().all(|due| !due.reasons.is_empty()));
    }
}
