//! Tests of promises: ahead, on their day, and late.

use super::*;

#[test]
fn a_promise_that_found_no_room_on_its_day_is_told_on_the_next_also_of_somebody_named_lately() {
    let promised = Promised { text: "the draft".to_owned(), due: date(2026, 11, 22), at: Timestamp::UNIX_EPOCH };
    let ana = with(candidate("Ana"), |ana| ana.promises = vec![promised]);
    let named = |on| {
        let open = BTreeMap::from([(RecordId::new("manual", "Ana"), on)]);
        Day { open, planned_before: Some(date(2026, 11, 22)), ..day(TODAY) }
    };
    assert_eq!(plan([ana.clone()], &rules(), &named(date(2026, 11, 20))).len(), 1);
    assert_eq!(plan([ana.clone()], &rules(), &named(date(2026, 11, 22))).len(), 1, "for something else");
    let told = |on| told(named(on), Kind::Promise, Some(date(2026, 11, 22)), on);
    assert_eq!(plan([ana.clone()], &rules(), &told(date(2026, 11, 21))).len(), 1, "it was told ahead");
    assert_eq!(plan([ana.clone()], &rules(), &told(date(2026, 11, 22))).len(), 0, "it was told on its day");
    let in_a_week = Day { today: date(2026, 11, 29), ..told(date(2026, 11, 22)) };
    assert_eq!(plan([ana], &rules(), &in_a_week).len(), 1, "it stands");
}

#[test]
fn a_promise_is_told_a_day_ahead_once_also_of_somebody_named_lately() {
    let promised = Promised { text: "the draft".to_owned(), due: date(2026, 11, 24), at: Timestamp::UNIX_EPOCH };
    let ana = with(candidate("Ana"), |ana| ana.promises = vec![promised]);
    let record = RecordId::new("manual", "Ana");
    let mut day = Day { open: BTreeMap::from([(record, date(2026, 11, 21))]), ..day(date(2026, 11, 22)) };
    let mut told = Vec::new();
    while day.today < date(2026, 12, 2) {
        if let Some(due) = plan([ana.clone()], &rules(), &day).pop() {
            told.push(due.reasons[0].clone());
            day.tell(record, due.tells, at(day.today));
            day.open.insert(record, day.today);
        }
        day.today = day.today.tomorrow().unwrap();
        day.next = day.today.tomorrow().unwrap();
    }
    let when = ["It is due tomorrow.", "It is due today.", "It was for Tuesday, 24 November."];
    assert_eq!(told, when.map(|when| format!("You promised Ana: \"the draft\". {when}")));
}

#[test]
fn a_promise_that_is_due_by_the_next_plan_is_told_ahead_once_with_its_day() {
    let promised = |due| vec![Promised { text: "the draft".to_owned(), due, at: at(date(2026, 11, 20)) }];
    let told_of = |due, day: &Day| {
        let due = plan([with(candidate("Ana"), |ana| ana.promises = promised(due))], &rules(), day);
        due.into_iter().flat_map(|due| due.reasons).next().map(|reason| reason.split(". ").skip(1).collect::<String>())
    };
    let next = date(2026, 11, 30);
    let monday = Day { next, ..day(TODAY) };
    assert_eq!(told_of(date(2026, 11, 28), &monday).as_deref(), Some("It is due on Saturday, 28 November."));
    assert_eq!(told_of(next, &monday).as_deref(), Some("It is due on Monday, 30 November."));
    assert_eq!(told_of(date(2026, 12, 1), &monday), None);
    let due = date(2026, 11, 28);
    let tells = |on| told(Day { next, ..day(TODAY) }, Kind::Promise, Some(due), on);
    assert_eq!(told_of(due, &tells(date(2026, 11, 22))), None, "it was told ahead");
    assert!(told_of(due, &tells(date(2026, 11, 19))).is_some(), "before this one was made");
}

#[test]
fn the_promise_that_is_due_first_comes_first_also_of_two_that_are_not_late() {
    let owed = |name, due| {
        let promise = Promised { text: "the draft".to_owned(), due, at: Timestamp::UNIX_EPOCH };
        with(candidate(name), |who| who.promises = vec![promise])
    };
    let named_lately = BTreeMap::from([(RecordId::new("manual", "Zoe"), date(2026, 11, 1))]);
    let people = [owed("Ana", date(2026, 11, 24)), owed("Zoe", TODAY), owed("Bo", date(2026, 11, 22))];
    assert_eq!(names(&plan(people, &rules(), &Day { open: named_lately, ..day(TODAY) })), ["Bo", "Zoe", "Ana"]);
}

#[test]
fn every_promise_of_a_day_is_told_on_it_also_of_somebody_named_lately() {
    let promised = |text: &str| Promised { text: text.to_owned(), due: TODAY, at: Timestamp::UNIX_EPOCH };
    let ana = with(candidate("Ana"), |ana| ana.promises = vec![promised("the draft"), promised("a call")]);
    let lately = BTreeMap::from([(RecordId::new("manual", "Ana"), date(2026, 11, 20))]);
    let today = Day { open: lately, ..day(TODAY) };
    let reasons = plan([ana.clone()], &rules(), &today).remove(0).reasons;
    assert_eq!(reasons, ["the draft", "a call"].map(|text| format!("You promised Ana: \"{text}\". It is due today.")));
    let after_a_day_off = Day { today: date(2026, 11, 24), planned_before: Some(date(2026, 11, 22)), ..today };
    assert_eq!(plan([ana], &rules(), &after_a_day_off)[0].reasons.len(), 2);
}
