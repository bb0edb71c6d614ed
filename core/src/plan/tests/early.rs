//! Tests of cadences with bounds: who comes before they are due, who is lost, and whose cadence counts.

use super::*;

const BOUNDED: &str = "3 weeks (2 weeks to 6 weeks)";

/// Friends by a cadence with bounds.
fn bounded() -> Rules {
    let friends = Circle { name: "friends".to_owned(), cadence: BOUNDED.parse().unwrap() };
    Rules { circles: vec![friends], ..rules() }
}

fn twelve(days_ago: i32) -> Vec<Somebody> {
    (1..=12).map(|number| friend(&format!("Friend {number}"), days_ago)).collect()
}

/// How many are named on each of the next days, by how many days ago the first contact was; who is named is written to where
/// `writes`.
fn named_by_day(mut people: Vec<Somebody>, days: i32, mut writes: impl FnMut(&Due) -> bool) -> BTreeMap<i32, usize> {
    let (rules, mut day, mut named) = (bounded(), day(TODAY), BTreeMap::new());
    for nth in 0..days {
        for due in plan(people.clone(), &rules, &day) {
            *named.entry(nth).or_default() += 1;
            day.open.insert(due.record, day.today);
            if writes(&due) {
                let who = people.iter_mut().find(|somebody| somebody.candidate.record == due.record).unwrap();
                who.candidate.last_interaction = Some(at(day.today));
            }
            day.tell(due.record, due.tells, at(day.today));
        }
        day.planned_before = Some(day.today);
        day.today = day.next;
        day.next = day.today.tomorrow().unwrap();
    }
    named
}

#[test]
fn twelve_who_fall_due_on_one_day_are_spread_over_the_days_before_it() {
    // The contact was today, so that 14 is the first day that is allowed, and 21 the one on which they are due.
    let named = named_by_day(twelve(0), 30, |_| true);
    assert_eq!(named, BTreeMap::from([(18, 3), (19, 3), (20, 3), (21, 3)]));
    let late = named_by_day(twelve(20), 8, |_| true);
    assert_eq!(
        late,
        BTreeMap::from([(0, 3), (1, 3), (2, 3), (3, 3)]),
        "who was met yesterday is due in three days at most"
    );
    let many: Vec<Somebody> = (1..=60).map(|number| friend(&format!("Friend {number}"), 0)).collect();
    let named = named_by_day(many, 40, |_| true);
    assert_eq!(named.first_key_value(), Some((&14, &3)), "not before the shortest time");
}

#[test]
fn who_was_named_early_and_not_written_to_comes_again_when_they_are_due_behind_the_others() {
    let told = core::cell::RefCell::new(BTreeMap::<String, Vec<bool>>::new());
    let early = |due: &Due| due.reasons[0].contains("more room");
    named_by_day(twelve(0), 40, |due| {
        told.borrow_mut().entry(due.name.clone()).or_default().push(early(due));
        false
    });
    let told = told.into_inner();
    assert_eq!(told.len(), 12);
    assert!(told.values().all(|times| times.iter().filter(|early| **early).count() <= 1), "{told:?}");
    assert_eq!(told.values().filter(|times| times[0]).count(), 9, "{told:?}");
    assert!(told.values().all(|times| times.len() > 1), "each comes again: {told:?}");
    let record = RecordId::new("manual", "Ana");
    let (told, open) = (told_early(), BTreeMap::from([(record, date(2026, 11, 20))]));
    let lately = Day { open, ..told.clone() };
    assert_eq!(names(&plan([friend("Ana", 21)], &bounded(), &lately)), [""; 0], "she rests for a week");
    let rules = Rules { daily: 1, ..bounded() };
    let before = told.told.values().next().map(|at| TimeZone::UTC.to_datetime(*at).date()).unwrap();
    let named = Day { open: BTreeMap::from([(record, before)]), ..told.clone() };
    let people = [friend("Ana", 40), friend("Bo", 21)];
    assert_eq!(names(&plan(people.clone(), &rules, &named)), ["Bo"], "she was told of");
    assert_eq!(names(&plan(people, &rules, &told)), ["Ana"], "she was put off, and it is over");
}

/// Ana was told of when she was not due yet.
fn told_early() -> Day {
    told(day(TODAY), Kind::Cadence, None, date(2026, 11, 1))
}

#[test]
fn nobody_comes_early_where_the_days_that_come_have_room_or_where_this_one_has_none() {
    let early = |people: Vec<Somebody>, rules: &Rules, day: &Day| -> usize {
        let due = plan(people, rules, day);
        due.iter().filter(|due| due.reasons[0].contains("more room")).count()
    };
    let (plain, tomorrow) = (rules(), day(TODAY));
    let rest = Rules { season: Season::Rest, ..bounded() };
    let full = || ["Ana", "Bo", "Cleo"].map(|name| born(None, 11, 23, candidate(name)));
    let put_off = |days| {
        let until = TODAY.checked_add(days).unwrap();
        twelve(19).into_iter().map(|who| with(who, |who| who.put_off = PutOff::snooze(until))).collect::<Vec<_>>()
    };
    for (of, people, rules, expected) in [
        ("one who is due tomorrow", vec![friend("Ana", 20)], &bounded(), 0),
        ("three who are due tomorrow", twelve(20)[..3].to_vec(), &bounded(), 0),
        ("twelve who are due tomorrow", twelve(20), &bounded(), 3),
        ("twelve who are due in two days", twelve(19), &bounded(), 3),
        ("seven who are due in two days", twelve(19)[..7].to_vec(), &bounded(), 1),
        ("twelve who are due in four days", twelve(17), &bounded(), 0),
        ("twelve before the shortest time", twelve(13), &bounded(), 0),
        ("twelve by a cadence alone", twelve(20), &plain, 0),
        ("twelve in a rest", twelve(20), &rest, 0),
        ("twelve who are put off until tomorrow", put_off(1.day()), &bounded(), 0),
        ("twelve who were put off until today", put_off(0.days()), &bounded(), 3),
        ("twelve beside three birthdays", full().into_iter().chain(twelve(20)).collect(), &bounded(), 0),
        ("twelve beside a birthday", full().into_iter().take(1).chain(twelve(20)).collect(), &bounded(), 2),
    ] {
        assert_eq!(early(people, rules, &tomorrow), expected, "{of}");
    }
}

#[test]
fn who_falls_due_on_a_day_off_comes_before_it_and_is_told_why() {
    let (friday, monday) = (date(2026, 11, 27), date(2026, 11, 30));
    let ana = || {
        let mut ana = with(friend("Ana", 0), |ana| ana.last_interaction = Some(at(date(2026, 11, 7))));
        ana.who.last_kind = Some(InteractionKind::Call);
        ana
    };
    let on = |cadence: &str, next| {
        let rules = Rules {
            circles: vec![Circle { name: "friends".to_owned(), cadence: cadence.parse().unwrap() }],
            ..rules()
        };
        plan([ana()], &rules, &Day { next, ..day(friday) }).first().map(|due| due.reasons.join(" "))
    };
    let why = "It has been 2 weeks since your last call; you want to talk every 3 weeks, and there is more room today than then.";
    assert_eq!(on(BOUNDED, monday).as_deref(), Some(why));
    assert_eq!(on(BOUNDED, date(2026, 11, 28)), None, "there is a plan on Saturday");
    assert_eq!(on("3 weeks", monday), None);
    let chosen = |who: &Somebody| {
        let day = Day { next: monday, ..day(friday) };
        super::super::plan(core::slice::from_ref(&who.candidate), &bounded(), &day)[0].answered_from(&day)
    };
    assert_eq!(chosen(&ana()), Some("2026-11-14T00:00:00Z".parse().unwrap()), "contact that is learnt of settles it");
}

#[test]
fn who_is_lost_by_the_longest_time_comes_behind_who_is_not() {
    let rules = Rules { daily: 10, ..bounded() };
    let people = || [friend("Ana", 42), friend("Bo", 41), friend("Cleo", 22), friend("Dan", 300)];
    assert_eq!(names(&plan(people(), &rules, &day(TODAY)))[..2], ["Bo", "Cleo"]);
    let plain = Rules { daily: 10, ..super::rules() };
    assert_eq!(names(&plan(people(), &plain, &day(TODAY))), ["Ana", "Bo", "Cleo", "Dan"]);
}

#[test]
fn a_cadence_of_their_own_counts_before_the_circles_and_without_one() {
    let own = |cadence: &str, days_ago, circle: Option<&str>| {
        with(friend("Ana", days_ago), |ana| {
            ana.cadence = cadence.parse().ok();
            ana.circle = circle.map(Into::into);
        })
    };
    let is_named = |who: Somebody| !plan([who], &rules(), &day(TODAY)).is_empty();
    for circle in [Some("friends"), Some("gone from the config"), None] {
        assert!(is_named(own("2 weeks", 14, circle)), "{circle:?}");
        assert!(!is_named(own("2 weeks", 13, circle)), "{circle:?}");
        assert!(!is_named(own("5 weeks", 30, circle)), "{circle:?}");
    }
    let wrote_once = with(own("5 years", 500, None), |ana| ana.correspondent = true);
    assert!(!is_named(wrote_once), "whoever was chosen is not rediscovered");
    let news = |who| with(who, |ana| ana.news = Some(TODAY));
    assert!(is_named(news(own("2 weeks", 1, None))) && !is_named(news(own("", 1, None))));
}
