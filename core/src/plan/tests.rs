//! Tests of the plan: who, in which order, in which words.

mod days;
mod early;
mod gives;
mod promises;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::plan::put_off::Skip;

const TODAY: civil::Date = date(2026, 11, 23);

/// Somebody, and what is said of them.
#[derive(Debug, Clone)]
struct Somebody {
    candidate: Candidate,
    who: Particulars,
}

/// The plan in words, as the daemon makes it.
fn plan(people: impl IntoIterator<Item = Somebody>, rules: &Rules, day: &Day) -> Vec<Due> {
    let people: Vec<Somebody> = people.into_iter().collect();
    let candidates: Vec<Candidate> = people.iter().map(|somebody| somebody.candidate.clone()).collect();
    let who = |record: RecordId| people.iter().find(|p| p.candidate.record == record).unwrap().who.clone();
    let chosen = super::plan(&candidates, rules, day);
    chosen.iter().map(|chosen| chosen.said(who(chosen.candidate.record), rules.season, day.today)).collect()
}

fn candidate(name: &str) -> Somebody {
    let first_name = name.split(' ').next().unwrap().to_owned();
    Somebody {
        candidate: Candidate::new(RecordId::new("manual", name), "2026-11-01T12:00:00Z".parse().unwrap()),
        who: Particulars { name: name.to_owned(), first_name, ..Particulars::default() },
    }
}

fn friend(name: &str, days_ago: i32) -> Somebody {
    let at = TODAY.checked_sub(days_ago.days()).unwrap().at(12, 0, 0, 0);
    let mut friend = candidate(name);
    friend.candidate.circle = Some("friends".into());
    friend.candidate.last_interaction = TimeZone::UTC.to_timestamp(at).ok();
    friend.who.last_kind = Some(InteractionKind::Message);
    friend
}

fn with(mut who: Somebody, change: impl FnOnce(&mut Candidate)) -> Somebody {
    change(&mut who.candidate);
    who
}

fn born(year: Option<i16>, month: i8, day: i8, who: Somebody) -> Somebody {
    with(who, |who| who.birthday = PartialDate::new(year, Some(month), Some(day)).ok())
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
    let (open, told, given) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let next = today.tomorrow().unwrap();
    Day { today, next, zone: TimeZone::UTC, planned_before: None, open, told, given, rediscovered: None }
}

fn at(on: civil::Date) -> Timestamp {
    TimeZone::UTC.to_timestamp(on.at(9, 0, 0, 0)).unwrap()
}

/// The day with something told of Ana before.
fn told(mut day: Day, kind: Kind, its_day: Option<civil::Date>, on: civil::Date) -> Day {
    day.tell(RecordId::new("manual", "Ana"), [Tells { kind, on: its_day }], at(on));
    day
}

fn names(due: &[Due]) -> Vec<&str> {
    due.iter().map(|due| due.name.as_str()).collect()
}

#[track_caller]
fn says(who: Somebody, day: &Day, expected: &[&str]) {
    let due = plan([who], &rules(), day);
    let said: Vec<_> = due.iter().flat_map(|due| due.reasons.iter().chain([&due.step])).collect();
    assert_eq!(said, expected);
}

const ASK: &str = "Ask what they are working on, and how you could help.";

#[test]
fn says_how_long_it_has_been_and_what_was_wanted() {
    let wanted = "you wanted to talk every 3 weeks.";
    let message = format!("It has been 5 weeks since the last message between you; {wanted}");
    says(friend("Ana Silva", 35), &day(TODAY), &[&message, ASK]);
    let mut mail = friend("Ana Silva", 200);
    mail.who.last_kind = Some(InteractionKind::Mail);
    says(mail, &day(TODAY), &[&format!("It has been 6 months since the last mail between you; {wanted}"), ASK]);
    let mut met = friend("Ana Silva", 800);
    met.who.last_kind = Some(InteractionKind::Meeting);
    met.who.organization = Some("Acme".to_owned());
    let step = "Ask how things are at Acme, and how you could help.";
    says(met, &day(TODAY), &[&format!("It has been 2 years since you last met; {wanted}"), step]);
    let never = with(friend("Ana Silva", 0), |ana| ana.last_interaction = None);
    let none_seen = format!("kith has seen no message between you since 1 November 2026; {wanted}");
    says(never, &day(date(2026, 11, 22)), &[&none_seen, ASK]);
}

#[test]
fn is_due_on_the_day_and_not_before() {
    says(friend("Ana", 20), &day(TODAY), &[]);
    says(
        friend("Ana", 21),
        &day(TODAY),
        &["It has been 3 weeks since the last message between you; you wanted to talk every 3 weeks.", ASK],
    );
}

#[test]
fn the_owners_zone_decides_on_which_day_it_was() {
    // 23:30 UTC is the next day in Berlin.
    let who = with(friend("Ana", 0), |ana| ana.last_interaction = "2026-11-02T23:30:00Z".parse().ok());
    let berlin = Day { zone: TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap(), ..day(TODAY) };
    assert_eq!(plan([who.clone()], &rules(), &berlin), []);
    assert_eq!(plan([who], &rules(), &day(TODAY)).len(), 1);
}

#[test]
fn nobody_in_no_circle_is_mentioned_except_on_a_birthday() {
    says(with(friend("Ana", 500), |ana| ana.circle = None), &day(TODAY), &[]);
    says(with(friend("Ana", 500), |ana| ana.circle = Some("gone from the config".into())), &day(TODAY), &[]);
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
fn a_birthday_that_was_not_told_is_told_late_for_a_week() {
    let since = |before| Day { planned_before: Some(before), ..day(TODAY) };
    let late = "A late word is welcome too.";
    let yesterday = since(date(2026, 11, 22));
    says(born(Some(1986), 11, 22, candidate("Ana")), &yesterday, &["Ana turned 40 yesterday.", late]);
    says(born(None, 11, 16, candidate("Ana")), &yesterday, &["Ana's birthday was on Monday, 16 November.", late]);
    says(born(None, 11, 15, candidate("Ana")), &yesterday, &[]);
    // On the first day there is nothing that was missed.
    says(born(None, 11, 21, candidate("Ana")), &day(TODAY), &[]);
    let newcomer = with(candidate("Ana"), |ana| ana.first_seen = "2026-11-22T12:00:00Z".parse().unwrap());
    says(born(None, 11, 21, newcomer), &yesterday, &[]);
    let open = |on| BTreeMap::from([(RecordId::new("manual", "Ana"), on)]);
    let told = Day { open: open(date(2026, 11, 21)), ..since(date(2026, 11, 22)) };
    says(born(None, 11, 21, candidate("Ana")), &told, &[]);
    let before = Day { open: open(date(2026, 11, 20)), ..since(date(2026, 11, 22)) };
    says(born(None, 11, 21, candidate("Ana")), &before, &["Ana's birthday was on Saturday, 21 November.", late]);
    // Whoever was in touch on the day or since needs no late word.
    says(born(None, 11, 21, friend("Ana", 3)), &before, &["Ana's birthday was on Saturday, 21 November.", late]);
    says(born(None, 11, 21, friend("Ana", 2)), &before, &[]);
}

#[test]
fn whom_a_day_had_no_room_for_the_next_one_names() {
    let people: Vec<Somebody> = ["Ana", "Bo", "Cleo", "Dan"].map(|name| born(None, 11, 23, candidate(name))).into();
    let first = plan(people.clone(), &rules(), &day(TODAY));
    let open = first.iter().map(|due| (due.record, TODAY)).collect();
    let next = Day { open, planned_before: Some(TODAY), ..day(date(2026, 11, 24)) };
    let second = plan(people, &rules(), &next);
    assert_eq!(second.len(), 1, "the fourth, and nobody twice");
    assert!(first.iter().all(|due| due.name != second[0].name));
}

#[test]
fn a_birthday_is_told_ahead_once_also_where_its_day_was_missed() {
    let rules = Rules { lead_days: 5, ..rules() };
    let ana = || born(None, 11, 26, candidate("Ana"));
    let on = |day: &Day| plan([ana()], &rules, day).first().map(|due| due.reasons.join(" "));
    let ahead = "Ana's birthday is on Thursday, 26 November.";
    assert_eq!(on(&day(TODAY)).as_deref(), Some(ahead), "two days after the day on which it would have been told");
    let told = Day { open: BTreeMap::from([(RecordId::new("manual", "Ana"), date(2026, 11, 22))]), ..day(TODAY) };
    assert_eq!(on(&told), None);
    assert_eq!(on(&Day { today: date(2026, 11, 26), ..told }).as_deref(), Some("Ana's birthday is today."));
}

#[test]
fn news_is_told_once_whatever_came_of_it() {
    let ana = with(friend("Ana", 1), |ana| ana.news = Some(date(2026, 11, 20)));
    assert_eq!(plan([ana.clone()], &rules(), &day(TODAY)).len(), 1);
    let on = |on| BTreeMap::from([(RecordId::new("manual", "Ana"), on)]);
    let told = told(day(date(2026, 12, 1)), Kind::News, None, date(2026, 11, 21));
    assert_eq!(plan([ana.clone()], &rules(), &told).len(), 0);
    // Whoever was named for something else, on the day of the news or since, is told of it all the same.
    for named in [date(2026, 11, 20), date(2026, 11, 21)] {
        let named = Day { open: on(named), ..day(date(2026, 12, 1)) };
        assert_eq!(plan([ana.clone()], &rules(), &named).len(), 1);
    }
}

#[test]
fn birthdays_come_first_then_the_most_overdue() {
    let people = [friend("Ana", 30), friend("Bo", 40), born(None, 11, 23, candidate("Cleo")), friend("Dan", 35)];
    let rules = Rules { daily: 10, ..rules() };
    assert_eq!(names(&plan(people, &rules, &day(TODAY))), ["Cleo", "Bo", "Dan", "Ana"]);
}

#[test]
fn overdue_is_measured_in_cadences_and_the_lost_come_behind() {
    let far = with(friend("Far", 400), |far| far.circle = Some("far".into()));
    let people = [far, friend("Zoe", 42), friend("Ana", 4_000), friend("Bo", 400)];
    let rules = Rules { daily: 10, ..rules() };
    assert_eq!(names(&plan(people, &rules, &day(TODAY))), ["Zoe", "Far", "Ana", "Bo"]);
}

#[test]
fn those_lost_long_ago_and_what_was_told_keep_nobody_out_who_falls_due() {
    let mut people: Vec<Somebody> = (0..25).map(|number| friend(&format!("Lost {number}"), 1_500)).collect();
    let wrote = |number: i32| {
        let since = TODAY.checked_sub(10.days()).unwrap();
        let waiting = Some(Unanswered { since, row: 1 });
        with(candidate(&format!("Wrote {number}")), |who| who.waiting = waiting)
    };
    people.extend((0..25).map(wrote));
    people.push(friend("Bo", 10));
    let (mut day, mut named) = (day(TODAY), Vec::new());
    for _ in 0..30 {
        let due = plan(people.clone(), &rules(), &day);
        assert_eq!(due.len(), DAILY);
        for due in due {
            day.open.insert(due.record, day.today);
            day.tell(due.record, due.tells, at(day.today));
            named.push((day.today, due.name));
        }
        day.today = day.next;
        day.next = day.today.tomorrow().unwrap();
    }
    let of = |name: &str| named.iter().filter(|(_, who)| who.starts_with(name)).map(|(on, _)| *on).collect::<Vec<_>>();
    assert_eq!(of("Bo")[0], date(2026, 12, 4), "on the day");
    assert!((of("Wrote").len(), of("Lost").len()) > (25, 25), "each comes, and the first come again");
}

#[test]
fn names_at_most_the_days_number() {
    let people = ["Ana", "Bo", "Cleo", "Dan"].map(|name| born(None, 11, 23, candidate(name)));
    assert_eq!(plan(people.clone(), &rules(), &day(TODAY)).len(), DAILY);
    assert_eq!(names(&plan(people, &Rules { daily: 0, ..rules() }, &day(TODAY))), [""; 0]);
}

#[test]
fn a_snoozed_person_rests_until_the_day_given() {
    let snoozed = |until| born(None, 11, 23, with(friend("Ana", 90), |ana| ana.put_off = PutOff::snooze(until)));
    assert_eq!(names(&plan([snoozed(date(2026, 11, 24))], &rules(), &day(TODAY))), [""; 0]);
    assert_eq!(names(&plan([snoozed(TODAY)], &rules(), &day(TODAY))), ["Ana"]);
}

#[test]
fn who_was_skipped_is_told_of_for_what_has_a_day_of_its_own_and_no_more_until_the_cadence_has_run_out() {
    let skipped = |on: civil::Date, change: fn(&mut Candidate)| {
        let put_off = PutOff { skip: Some(Skip { on, until: date(2026, 12, 14) }), ..PutOff::NOT };
        with(with(friend("Ana", 90), |ana| ana.put_off = put_off), change)
    };
    let told = |who: Somebody| -> Vec<Vec<String>> {
        plan([who], &rules(), &day(TODAY)).into_iter().map(|due| due.reasons).collect()
    };
    let yesterday = date(2026, 11, 22);
    let promised = |due| vec![Promised { text: "the slides".to_owned(), due, at: Timestamp::UNIX_EPOCH }];
    assert_eq!(told(skipped(yesterday, |_| {})), [[""; 0]; 0], "the cadence has to wait");
    let birthday: fn(&mut Candidate) = |ana| ana.birthday = PartialDate::new(None, Some(11), Some(23)).ok();
    assert_eq!(told(skipped(yesterday, birthday)), [["Ana's birthday is today."]]);
    assert_eq!(told(skipped(TODAY, birthday)), [[""; 0]; 0], "it is what was skipped");
    let belated: fn(&mut Candidate) = |ana| ana.birthday = PartialDate::new(None, Some(11), Some(22)).ok();
    let after = Day { planned_before: Some(date(2026, 11, 21)), ..day(TODAY) };
    assert_eq!(names(&plan([skipped(yesterday, belated)], &rules(), &after)), [""; 0], "nor is it told belatedly");
    let owed = |on, due| with(skipped(on, |_| {}), |ana| ana.promises = promised(due));
    assert_eq!(told(owed(yesterday, TODAY)), [["You promised Ana: \"the slides\". It is due today."]]);
    assert_eq!(names(&plan([owed(yesterday, yesterday)], &rules(), &day(TODAY))), [""; 0]);
    assert_eq!(names(&plan([owed(date(2026, 11, 16), yesterday)], &rules(), &day(TODAY))), ["Ana"], "a week later");
    // The older of two hides not the one that may be told, and a birthday in between not that which comes again.
    let two = with(owed(date(2026, 11, 21), date(2026, 11, 20)), |ana| ana.promises.extend(promised(yesterday)));
    assert_eq!(told(two), [["You promised Ana: \"the slides\". It was for Sunday, 22 November."]]);
    let named = |on| Day { open: BTreeMap::from([(RecordId::new("manual", "Ana"), on)]), ..day(TODAY) };
    let again = || owed(date(2026, 11, 16), date(2026, 11, 15));
    assert_eq!(names(&plan([again()], &rules(), &named(yesterday))), ["Ana"]);
    let tomorrow = Day { today: date(2026, 11, 24), ..named(TODAY) };
    let tomorrow = self::told(tomorrow, Kind::Promise, Some(date(2026, 11, 15)), TODAY);
    assert_eq!(names(&plan([again()], &rules(), &tomorrow)), [""; 0], "it came again yesterday");
    let over = with(skipped(yesterday, |_| {}), |ana| {
        ana.put_off = PutOff { skip: Some(Skip { on: yesterday, until: TODAY }), ..PutOff::NOT };
    });
    assert_eq!(names(&plan([over], &rules(), &day(TODAY))), ["Ana"]);
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

#[test]
fn contact_that_is_learnt_of_later_settles_only_what_is_told_for_want_of_contact() {
    let from = |who: &Somebody, season| {
        let rules = Rules { season, ..rules() };
        super::plan(core::slice::from_ref(&who.candidate), &rules, &day(TODAY))[0].answered_from(&day(TODAY))
    };
    let overdue = friend("Ana", 35);
    assert_eq!(from(&overdue, Season::Steady), Some("2026-11-03T00:00:00Z".parse().unwrap()));
    let with_news = with(overdue, |ana| ana.news = Some(TODAY));
    assert_eq!(from(&with_news, Season::Steady), from(&with_news, Season::Search));
    let only_news = with(friend("Bo", 1), |bo| bo.news = Some(TODAY));
    assert_eq!(from(&only_news, Season::Steady), None);
}

#[test]
fn what_the_owner_offers_and_looks_for_is_named() {
    let looks = |offer: Option<&str>| {
        let mut bea = friend("Bea Bach", 35);
        bea.who.need = Some("Rust mentor".to_owned());
        bea.who.offer = offer.map(str::to_owned);
        bea
    };
    let step = |who: Somebody, season| {
        let due = plan([who], &Rules { season, ..rules() }, &day(TODAY));
        due.into_iter().map(|due| due.step).next().unwrap()
    };
    let offered = "Bea looks for: Rust mentor; you offer \"mentoring in Rust\".";
    assert_eq!(step(looks(Some("mentoring in Rust")), Season::Steady), offered);
    let asked = "They look for: Rust mentor. Is there somebody or something that would help?";
    assert_eq!(step(looks(None), Season::Steady), asked);
    let mut sought = friend("Flora Friend", 35);
    sought.who.sought = Some("tax adviser".to_owned());
    assert_eq!(
        step(sought.clone(), Season::Search),
        format!("{ASK} You may also say what you are looking for: tax adviser.")
    );
    assert_eq!(step(sought, Season::Steady), ASK);
    let nothing = friend("Flora Friend", 35);
    assert_eq!(step(nothing, Season::Search), format!("{ASK} You may also say what you are looking for."));
}
