//! Tests of why a reminder comes or not: each obstacle is told, and what the plan would say is what the plan says.

use std::collections::BTreeMap;

use jiff::civil::date;
use jiff::tz::TimeZone;

use super::*;
use crate::fact::{Kind, Tells};
use crate::id::RecordId;
use crate::plan::gives::Fit;
use crate::plan::{Circle, DAILY, Unanswered, plan};

const TODAY: civil::Date = date(2026, 11, 23);

fn friend(days_ago: i32) -> Candidate {
    let at = TODAY.checked_sub(days_ago.days()).unwrap().at(12, 0, 0, 0);
    Candidate {
        circle: Some("friends".into()),
        last_interaction: TimeZone::UTC.to_timestamp(at).ok(),
        ..Candidate::new(RecordId::new("manual", "Ana Silva"), "2026-11-01T12:00:00Z".parse().unwrap())
    }
}

fn ana() -> Particulars {
    Particulars { name: "Ana Silva".to_owned(), first_name: "Ana".to_owned(), ..Particulars::default() }
}

fn rules() -> Rules {
    let friends = Circle { name: "friends".to_owned(), cadence: "3 weeks".parse().unwrap() };
    Rules { circles: vec![friends], daily: DAILY, season: Season::Steady, lead_days: 0 }
}

fn day() -> Day {
    let (open, told, given) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let next = date(2026, 11, 24);
    Day { today: TODAY, next, zone: TimeZone::UTC, planned_before: None, open, told, given, rediscovered: None }
}

#[track_caller]
fn says(who: &Candidate, standing: &Standing, expected: &str) {
    let told = explain(who, &ana(), &rules(), &day(), standing);
    assert!(told.iter().any(|sentence| sentence.contains(expected)), "{expected}: {told:?}");
}

#[test]
fn who_is_due_is_told_in_the_words_of_the_plan() {
    let candidates = [friend(35)];
    let due = plan(&candidates, &rules(), &day()).remove(0).said(ana(), Season::Steady, TODAY);
    assert_eq!(
        explain(&friend(35), &ana(), &rules(), &day(), &Standing::default()),
        [format!("To be told: {}", due.reasons[0])]
    );
}

#[test]
fn who_is_not_due_is_told_until_when() {
    let until = "not due until Tuesday, 24 November 2026.";
    says(&friend(20), &Standing::default(), until);
    says(&friend(20), &Standing::default(), "There is nothing to tell today.");
    says(&friend(20), &Standing::default(), "; the last time was on Tuesday, 3 November 2026, so");
    let first_seen = "2026-11-10T12:00:00Z".parse().unwrap();
    let circle = Some("friends".into());
    let never = Candidate { circle, ..Candidate::new(RecordId::new("manual", "Ana Silva"), first_seen) };
    says(
        &never,
        &Standing::default(),
        "; kith knows of no contact, and counts from when it first saw them, on Tuesday, 10 ",
    );
}

#[test]
fn why_what_could_be_given_is_not_told_is_told() {
    let told_of = |days_ago: i64| {
        let since = TODAY.at(9, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp();
        let since = since.checked_sub((24 * days_ago).hours()).unwrap();
        let fit = Fit { need: "Rust mentor".to_owned(), offer: "mentoring in Rust".to_owned(), needed: since, since };
        Candidate { needs: vec![fit], ..friend(5) }
    };
    let begin = "What you offer for \"Rust mentor\"";
    says(&told_of(1), &Standing::default(), &format!("{begin} is told from Tuesday, 24 November 2026 on."));
    says(
        &told_of(61),
        &Standing::default(),
        &format!("{begin} was known for 60 days; no reminder tells of it any more (kith giving does)"),
    );
    says(&told_of(3), &Standing::default(), "To be told: Ana looks for: Rust mentor; you offer");
    let ana = told_of(5);
    let tells = [Tells { kind: Kind::Need, on: None }];
    let reasons = ["Ana looks for: Rust mentor; you offer \"mentoring in Rust\".".to_owned()];
    let mut day = Day { open: BTreeMap::from([(ana.record, date(2026, 11, 20))]), ..day() };
    day.give(ana.record, &tells, &reasons, "2026-11-20T09:00:00Z".parse().unwrap());
    let told = explain(&ana, &self::ana(), &rules(), &day, &Standing::default());
    let once = format!("{begin} was told on Friday, 20 November 2026, and comes once.");
    assert!(told.contains(&once), "{told:?}");
    assert!(!told.iter().any(|sentence| sentence.contains("told: ")), "{told:?}");
}

#[test]
fn each_obstacle_is_told() {
    let ana = friend(35);
    let none = Standing::default;
    says(&ana, &Standing { gone: Some(Gone::Retired), ..none() }, "None of your files lists them");
    says(&ana, &Standing { gone: Some(Gone::NoPerson), ..none() }, "no person whom you know");
    says(&ana, &Standing { gone: Some(Gone::Owner), ..none() }, "This is you.");
    let died = Standing { gone: Some(Gone::Died), paused_until: Some(date(2026, 12, 1)), ..none() };
    assert_eq!(explain(&ana, &self::ana(), &rules(), &day(), &died).len(), 1, "nothing else is to be said of the dead");
    says(&ana, &Standing { muted: true, ..none() }, "switched off");
    says(&ana, &Standing { paused_until: Some(date(2026, 12, 1)), ..none() }, "paused until Tuesday, 1 December 2026");
    says(&ana, &Standing { day_off: true, ..none() }, "a day off");
    says(&ana, &Standing { quiet_until: Some(civil::time(8, 0, 0, 0)), ..none() }, "quiet hours, until 08:00");
    says(
        &ana,
        &Standing { elsewhere: Some("the config says deliver = false".to_owned()), ..none() },
        "not remind: the config",
    );
    says(&ana, &Standing { before: vec!["Bob".to_owned(), "Cleo".to_owned()], ..none() }, "before them: Bob, Cleo.");
    says(
        &Candidate { put_off: PutOff::snooze(date(2026, 11, 30)), ..ana.clone() },
        &none(),
        "You put them off until Monday, 30",
    );
    let nowhere = Candidate { circle: None, ..ana.clone() };
    says(&nowhere, &none(), "They are in no circle");
    says(&nowhere, &Standing { linkedin_only: Linkedin::Only, ..none() }, "by LinkedIn alone");
    says(&Candidate { circle: Some("gone".into()), ..ana }, &none(), "not in your config any more");
}

#[test]
fn what_stands_in_the_way_makes_of_what_is_told_what_would_be() {
    let begins = |who: &Candidate, day: &Day, standing: &Standing, expected: &str| {
        let told = explain(who, &ana(), &rules(), day, standing);
        let reasons: Vec<&String> = told.iter().filter(|sentence| sentence.contains(" told: ")).collect();
        assert!(!reasons.is_empty() && reasons.iter().all(|reason| reason.starts_with(expected)), "{told:?}");
    };
    let named = |on| Day { open: BTreeMap::from([(friend(35).record, on)]), ..day() };
    let born = |who: Candidate| Candidate {
        birthday: kith_proto::date::PartialDate::new(None, Some(11), Some(23)).ok(),
        ..who
    };
    let skipped = |who| Candidate {
        put_off: PutOff { skip: Some(Skip { on: date(2026, 11, 20), until: date(2026, 12, 14) }), ..PutOff::NOT },
        ..who
    };
    let standing = Standing::default;
    begins(&friend(35), &day(), &standing(), "To be told: ");
    begins(&friend(35), &named(date(2026, 11, 20)), &standing(), "It would be told: ");
    begins(&friend(35), &day(), &Standing { before: vec!["Bob".to_owned()], ..standing() }, "It would be told: ");
    begins(&skipped(friend(35)), &day(), &standing(), "It would be told: ");
    begins(&born(friend(1)), &named(date(2026, 11, 20)), &standing(), "To be told: ");
    begins(&born(friend(1)), &named(TODAY), &standing(), "It would be told: ");
    begins(&skipped(born(friend(1))), &day(), &standing(), "To be told: ");
    says(&skipped(friend(35)), &standing(), "You skipped them on Friday, 20 November 2026; nothing but a promise");
}

#[test]
fn a_message_that_waits_too_long_or_too_short_to_be_told_is_named() {
    let since = |days: i32| Standing { waiting: TODAY.checked_sub(days.days()).ok(), ..Standing::default() };
    says(
        &friend(1),
        &since(61),
        "of Wednesday, 23 September 2026 waits for your answer; after 60 days no reminder tells",
    );
    says(
        &friend(1),
        &since(1),
        "of Sunday, 22 November 2026 waits for your answer; it is told from Tuesday, 24 November",
    );
    let told = Unanswered { since: TODAY.checked_sub(10.days()).unwrap(), row: 1 };
    let told = Candidate { waiting: Some(told), ..friend(1) };
    let told = explain(&told, &ana(), &rules(), &day(), &since(10));
    let waits =
        told.iter().filter(|sentence| sentence.contains("waits for your answer") || sentence.contains("To be told"));
    assert_eq!(waits.count(), 1, "what is told is told once: {told:?}");
}

#[test]
fn what_is_over_is_no_obstacle() {
    let over = Standing { paused_until: Some(TODAY), ..Standing::default() };
    let told = explain(&Candidate { put_off: PutOff::snooze(TODAY), ..friend(35) }, &ana(), &rules(), &day(), &over);
    assert_eq!(told.len(), 1, "{told:?}");
}

#[test]
fn an_open_reminder_is_told_with_its_end_and_what_became_of_it() {
    let open = BTreeMap::from([(friend(35).record, date(2026, 11, 20))]);
    let channels = vec![
        ("desktop".to_owned(), Some(Outcome::Delivered)),
        ("exec mail".to_owned(), Some(Outcome::Failed("it ended with 1".to_owned()))),
        ("exec other".to_owned(), None),
    ];
    let last = Some(Last { on: date(2026, 11, 20), channels, answered: false });
    let told =
        explain(&friend(35), &ana(), &rules(), &Day { open, ..day() }, &Standing { last, ..Standing::default() });
    assert!(told[0].contains("on Friday, 20 November 2026") && told[0].contains("before Friday, 27"), "{told:?}");
    let shown = "shown by desktop; not shown by exec mail: it ended with 1; still waits for exec other (kith doctor tells more).";
    assert!(told.last().unwrap().ends_with(shown), "{told:?}");
}

#[test]
fn a_rest_is_told_and_takes_what_it_does_not_tell() {
    let told = explain(&friend(35), &ana(), &Rules { season: Season::Rest, ..rules() }, &day(), &Standing::default());
    assert!(told[0].starts_with("It is a rest"), "{told:?}");
    assert_eq!(told[1], "There is nothing to tell today.");
}

#[test]
fn a_cadence_with_bounds_and_one_of_their_own_are_told() {
    let cadence = "3 weeks (2 weeks to 2 months)".parse().ok();
    let own = Candidate { cadence, ..friend(15) };
    says(&own, &Standing::default(), "You want to talk to them every 3 weeks; the last time was on Sunday, 8 November");
    says(&own, &Standing::default(), "From Sunday, 22 November 2026 on it may come before, where more people fall due");
    says(&Candidate { circle: None, ..own.clone() }, &Standing::default(), "not due until Sunday, 29 November 2026.");
    let early = own.cadence.map(|rhythm| Early { rhythm, since: date(2026, 11, 8) });
    let standing = Standing { early, ..Standing::default() };
    says(
        &own,
        &standing,
        "To be told: It has been 2 weeks since you were last in touch; you want to talk every 3 weeks,",
    );
    let off = Standing { day_off: true, ..standing };
    says(&own, &off, "It would be told: It has been 2 weeks");
}
