//! What could be given is told once, of whom the plan may name, and until it is settled.

use kith_core::id::FactId;

use super::*;

async fn need(house: &House, who: RecordId, text: &str) -> FactId {
    let need = Care::Need { record: Some(who), text: text.to_owned(), proposed: false };
    house.keeper.say(vec![need.into()]).await.unwrap().remove(0)
}

async fn offer(house: &House, who: Option<RecordId>, text: &str) -> FactId {
    house.keeper.say(vec![Care::Offer { record: who, text: text.to_owned() }.into()]).await.unwrap().remove(0)
}

/// Somebody with whom the owner talked today.
async fn talked_to(house: &House, name: &str) -> RecordId {
    house.friend(name, &clock::now().to_string()).await
}

/// In three days, when what was said today is told.
fn then() -> Timestamp {
    clock::now().checked_add((3 * 24).hours()).unwrap()
}

fn plan(house: &House) -> Vec<Reminder> {
    people::plan(&house.keeper, &house.config, "plan", then()).unwrap()
}

fn told(house: &House) -> Vec<(Kind, String)> {
    let reasons = |reminder: &Reminder| {
        reminder
            .tells
            .iter()
            .zip(&reminder.reasons)
            .map(|(told, reason)| (told.kind, reason.clone()))
            .collect::<Vec<_>>()
    };
    plan(house).iter().flat_map(reasons).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_need_that_the_owner_could_meet_is_told_until_it_is_closed_or_nothing_is_offered() {
    let house = House::new();
    let ana = talked_to(&house, "Ana Silva").await;
    let flat = need(&house, ana, "a flat in Porto").await;
    need(&house, ana, "Rust mentor").await;
    let room = offer(&house, None, "a spare flat in Porto").await;
    let reminders = plan(&house);
    assert_eq!(reminders.len(), 1, "{reminders:?}");
    assert_eq!(reminders[0].reasons, ["Ana looks for: a flat in Porto; you offer \"a spare flat in Porto\"."]);
    assert_eq!(reminders[0].step.as_deref(), Some("Say what you could do, and ask what would help most."));
    has_planned(&house, "plan", clock::now(), reminders).await;
    let is_over = || people::is_over(&house.keeper.book(), &house.reminders()[0]);
    assert!(!is_over());
    let closed = |of| Said::Care(Care::Closed { of, dropped: false });
    house.keeper.say(vec![closed(room)]).await.unwrap();
    assert!(is_over(), "the offer does not hold any more");
    offer(&house, None, "a spare flat in Porto").await;
    assert!(!is_over());
    house.keeper.say(vec![closed(flat)]).await.unwrap();
    assert!(is_over());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_introduction_to_make_is_told_until_it_is_begun() {
    let house = House::new();
    let ana = talked_to(&house, "Ana Silva").await;
    let bob = talked_to(&house, "Bob Berg").await;
    need(&house, ana, "Rust mentor").await;
    offer(&house, Some(bob), "mentors in Rust").await;
    let says = "Ana looks for: Rust mentor. Bob Berg offers: mentors in Rust. As far as kith knows they have not met.";
    assert_eq!(told(&house), [(Kind::Suggestion, says.to_owned())]);
    has_planned(&house, "plan", clock::now(), plan(&house)).await;
    let is_over = || people::is_over(&house.keeper.book(), &house.reminders()[0]);
    assert!(!is_over());
    let cleo = talked_to(&house, "Cleo Costa").await;
    let begun = |b| Said::Care(Care::Introduction { a: ana, b, stage: Stage::AskedA, text: None });
    house.keeper.say(vec![begun(cleo)]).await.unwrap();
    assert!(!is_over(), "to somebody else");
    let mute = |muted| Said::Care(Care::Mute { record: bob, muted });
    house.keeper.say(vec![mute(true)]).await.unwrap();
    assert!(is_over(), "Bob is left alone");
    house.keeper.say(vec![mute(false)]).await.unwrap();
    assert!(!is_over());
    let met =
        |at| Said::Log { records: vec![ana, bob], kind: InteractionKind::Meeting, at, text: None, occurrence: None };
    let met = house.keeper.say(vec![met(clock::now().checked_sub(24.hours()).unwrap())]).await.unwrap();
    assert!(is_over(), "they know each other");
    house.keeper.say(vec![Said::Undo { of: met }]).await.unwrap();
    assert!(!is_over());
    house.keeper.say(vec![begun(bob)]).await.unwrap();
    assert!(is_over());
    let kinds: Vec<_> = told(&house).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [], "it is begun");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_who_is_muted_is_named_nor_whose_need_is_not_confirmed() {
    let house = House::new();
    let [ana, bob, cleo] = [
        talked_to(&house, "Ana Silva").await,
        talked_to(&house, "Bob Berg").await,
        talked_to(&house, "Cleo Costa").await,
    ];
    need(&house, ana, "Rust mentor").await;
    offer(&house, Some(bob), "mentors in Rust").await;
    offer(&house, None, "mentoring in Rust").await;
    let proposed = Care::Need { record: Some(cleo), text: "Rust mentor".to_owned(), proposed: true };
    house.keeper.say(vec![proposed.into()]).await.unwrap();
    let kinds = || told(&house).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>();
    assert_eq!(kinds(), [Kind::Need, Kind::Suggestion]);
    let mute = |record, muted| Said::Care(Care::Mute { record, muted });
    house.keeper.say(vec![mute(bob, true)]).await.unwrap();
    assert_eq!(kinds(), [Kind::Need]);
    house.keeper.say(vec![mute(bob, false), mute(ana, true)]).await.unwrap();
    assert_eq!(kinds(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_what_is_looked_for_is_suggested_and_who_only_works_nearby_is_not() {
    let house = House::new();
    let ana = talked_to(&house, "Ana Silva").await;
    for (name, title) in [("Bob Berg", "Tax adviser"), ("Cleo Costa", "Head of tax")] {
        let mut card = Card::default();
        card.name.full = Some(name.to_owned());
        card.titles = vec![title.to_owned()];
        let circle = Said::Circle { record: manual_record(name), circle: Some("friends".to_owned()) };
        house.keeper.say(vec![Said::Add { key: name.to_owned(), card: Box::new(card) }]).await.unwrap();
        house.keeper.say(vec![circle]).await.unwrap();
    }
    need(&house, ana, "a tax adviser").await;
    let says = "Ana looks for: a tax adviser. Bob Berg works as Tax adviser. As far as kith knows they have not met.";
    assert_eq!(told(&house), [(Kind::Suggestion, says.to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_word_in_common_does_not_come_unasked() {
    let house = House::new();
    let ana = talked_to(&house, "Ana Silva").await;
    let bob = talked_to(&house, "Bob Berg").await;
    need(&house, ana, "a flat in Berlin").await;
    offer(&house, None, "tours of Berlin").await;
    offer(&house, Some(bob), "a desk in Berlin").await;
    assert_eq!(told(&house), []);
    offer(&house, Some(bob), "flats").await;
    let says = "Ana looks for: a flat in Berlin. Bob Berg offers: flats. As far as kith knows they have not met.";
    assert_eq!(told(&house), [(Kind::Suggestion, says.to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_put_off_comes_when_that_ends_and_what_was_not_comes_once() {
    let house = House::new();
    let ana = talked_to(&house, "Ana Silva").await;
    need(&house, ana, "Rust mentor").await;
    offer(&house, None, "mentoring in Rust").await;
    has_planned(&house, "plan", clock::now(), plan(&house)).await;
    let occurrence = house.reminders()[0].reminder.occurrence.clone();
    let in_days = |days: i64| clock::now().checked_add((24 * days).hours()).unwrap();
    let kinds = |at| {
        let reminders = people::plan(&house.keeper, &house.config, "plan", at).unwrap();
        reminders.iter().filter_map(|reminder| reminder.kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds(in_days(20)), [], "it was told");
    let until = TimeZone::UTC.to_datetime(in_days(19)).date();
    let snooze = Said::Snooze { record: ana, until, skipped: None, occurrence: Some(occurrence) };
    house.keeper.say(vec![snooze]).await.unwrap();
    assert_eq!((kinds(in_days(18)), kinds(in_days(20))), (vec![], vec![Kind::Need]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_that_fits_better_and_one_more_who_could_help_tell_no_need_again() {
    let house = House::new();
    let ana = talked_to(&house, "Ana Silva").await;
    need(&house, ana, "Rust mentor").await;
    offer(&house, None, "Rust").await;
    let before = plan(&house);
    has_planned(&house, "plan", clock::now(), before.clone()).await;
    offer(&house, None, "Rust mentor").await;
    let bob = talked_to(&house, "Bob Berg").await;
    offer(&house, Some(bob), "mentors in Rust").await;
    let in_days = |days: i64| clock::now().checked_add((24 * days).hours()).unwrap();
    let after = people::plan(&house.keeper, &house.config, "plan", in_days(10)).unwrap();
    let kinds: Vec<Kind> = after.iter().flat_map(|after| &after.tells).map(|told| told.kind).collect();
    assert_eq!(kinds, [Kind::Suggestion], "that Bob could help is new: {after:?}");
    has_planned(&house, "plan", clock::now(), after).await;
    let cleo = talked_to(&house, "Cleo Costa").await;
    offer(&house, Some(cleo), "Rust mentor").await;
    assert_eq!(
        people::plan(&house.keeper, &house.config, "plan", in_days(20)).unwrap(),
        [],
        "told, whoever else could"
    );
}
