//! Tests of what could be given: needs that the owner meets, and introductions to make.

use super::*;
use crate::give::Field;

fn fit(need: &str, offer: &str, since: civil::Date) -> Fit {
    Fit { need: need.to_owned(), offer: offer.to_owned(), needed: at(since), since: at(since) }
}

fn bob() -> PersonId {
    RecordId::new("manual", "Bob Berg")
}

fn helper(need: &str, by: Field, offer: &str, since: civil::Date) -> Suggested {
    Suggested { other: bob(), fit: fit(need, offer, since), by }
}

/// Ana, who was in touch lately, and what could be given to her.
fn ana(needs: &[Fit], suggestions: &[Suggested]) -> Somebody {
    let mut ana = with(friend("Ana Silva", 5), |ana| {
        ana.record = RecordId::new("manual", "Ana");
        (ana.needs, ana.suggestions) = (needs.to_vec(), suggestions.to_vec());
    });
    ana.who.helpers.insert(bob(), "Bob Berg".to_owned());
    ana
}

const LATELY: civil::Date = date(2026, 11, 20);

#[test]
fn what_somebody_looks_for_and_the_owner_offers_is_told_with_a_step() {
    let step = "Say what you could do, and ask what would help most.";
    let says_of = |need, offer, words| says(ana(&[fit(need, offer, LATELY)], &[]), &day(TODAY), &[words, step]);
    says_of("Rust mentor", "mentoring in Rust", "Ana looks for: Rust mentor; you offer \"mentoring in Rust\".");
    says_of("a flat.", "a spare room. ", "Ana looks for: a flat; you offer \"a spare room\".");
}

#[test]
fn an_introduction_to_make_says_how_the_other_could_help() {
    let step = "Ask Ana first whether meeting Bob Berg would help.";
    let says_of = |by, offer, helps: &str| {
        let words = format!("Ana looks for: Rust mentor. {helps} As far as kith knows they have not met.");
        says(ana(&[], &[helper("Rust mentor", by, offer, LATELY)]), &day(TODAY), &[&words, step]);
    };
    says_of(Field::Offer, "mentors in Rust", "Bob Berg offers: mentors in Rust.");
    says_of(Field::Title, "Rust Mentor", "Bob Berg works as Rust Mentor.");
    says_of(Field::Skill, "Rust mentoring", "Bob Berg knows: Rust mentoring.");
}

#[test]
fn it_is_told_from_the_second_day_on_for_two_months() {
    let told = |since: civil::Date| plan([ana(&[fit("a flat", "a room", since)], &[])], &rules(), &day(TODAY)).len();
    let days = [date(2026, 11, 22), date(2026, 11, 21), date(2026, 9, 24), date(2026, 9, 23)];
    assert_eq!(days.map(told), [0, 1, 1, 0]);
}

#[test]
fn each_is_told_once_also_what_was_too_new_as_another_was_told() {
    let (first, second) = (fit("a flat", "a room", LATELY), fit("a bike", "two bikes", date(2026, 11, 22)));
    let all = ana(&[first, second], &[helper("a flat", Field::Offer, "flats to rent", LATELY)]);
    let record = all.candidate.record;
    let mut day = day(TODAY);
    let mut told = Vec::new();
    while day.today < date(2026, 12, 10) {
        let due = plan([with(all.clone(), |ana| ana.circle = None)], &rules(), &day).pop();
        if let Some(due) = due {
            told.push((day.today, due.kind, due.reasons.len()));
            day.give(record, &due.tells, &due.reasons, at(day.today));
            day.tell(record, due.tells, at(day.today));
            day.open.insert(record, day.today);
        }
        day.today = day.today.tomorrow().unwrap();
    }
    assert_eq!(told, [(TODAY, Kind::Need, 2), (date(2026, 11, 30), Kind::Need, 1)]);
}

#[test]
fn who_was_put_off_hears_of_it_when_that_ends() {
    let flat = || with(ana(&[fit("a flat", "a room", LATELY)], &[]), |ana| ana.circle = None);
    let put_off = |put_off, today| plan([with(flat(), |ana| ana.put_off = put_off)], &rules(), &day(today)).len();
    let until = date(2027, 2, 1);
    let skip = PutOff { skip: Some(Skip { on: TODAY, until }), ..PutOff::NOT };
    for put_off_so in [PutOff::snooze(until), skip] {
        let days = [date(2027, 1, 31), until, date(2027, 4, 2), date(2027, 4, 3)];
        assert_eq!(days.map(|today| put_off(put_off_so, today)), [0, 1, 1, 0], "{put_off_so:?}");
    }
    assert_eq!(put_off(PutOff::snooze(date(2026, 11, 19)), date(2027, 1, 20)), 0, "it was over before");
}

#[test]
fn a_need_that_was_told_is_not_told_again_when_more_could_meet_it_and_is_when_it_is_said_anew() {
    let record = ana(&[], &[]).candidate.record;
    let first = [fit("a flat", "a room", LATELY)];
    let says = plan([ana(&first, &[helper("a flat", Field::Offer, "flats to rent", LATELY)])], &rules(), &day(TODAY));
    let told = |fits: &[Fit], suggestions: &[Suggested]| {
        let mut day = day(date(2026, 12, 5));
        day.give(record, &says[0].tells, &says[0].reasons, at(TODAY));
        plan([with(ana(fits, suggestions), |ana| ana.circle = None)], &rules(), &day).len()
    };
    let december = at(date(2026, 12, 1));
    let later = Fit { since: december, ..fit("a flat", "a flat", LATELY) };
    assert_eq!(told(core::slice::from_ref(&later), &[]), 0);
    assert_eq!(told(&[], &[Suggested { other: bob(), fit: later.clone(), by: Field::Title }]), 0);
    assert_eq!(told(&[Fit { needed: december, ..later }], &[]), 1, "she looks for it anew");
    assert_eq!(told(&[fit("a bike", "a bike", LATELY)], &[]), 1, "another need of the same day");
}

#[test]
fn it_comes_behind_what_waits_and_before_news_and_cadences_and_never_in_a_rest() {
    let waits = with(candidate("Waits"), |who| {
        who.waiting = Some(Unanswered { since: LATELY, row: 0 });
    });
    let begun = with(candidate("Begun"), |who| {
        who.introduction = Some(Introducing { other: bob(), stage: Stage::Made, since: date(2026, 11, 10) });
    });
    let met = with(candidate("Met"), |who| who.needs = vec![fit("a flat", "a room", LATELY)]);
    let suggested = with(candidate("Suggested"), |who| {
        who.suggestions = vec![helper("a flat", Field::Offer, "flats to rent", LATELY)];
    });
    let new = with(friend("New", 5), |who| who.news = Some(LATELY));
    let due = friend("Due", 25);
    let all = [due, new, suggested, met, begun, waits];
    let rules = |season| Rules { daily: 9, season, ..rules() };
    let named = |season| {
        let due = plan(all.clone(), &rules(season), &day(TODAY));
        due.iter().map(|due| due.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(named(Season::Steady), ["Waits", "Begun", "Met", "Suggested", "New", "Due"]);
    assert_eq!(named(Season::Search), ["Waits", "Begun", "Met", "Suggested", "Due", "New"]);
    assert_eq!(named(Season::Rest), ["Waits"]);
}
