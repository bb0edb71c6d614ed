//! What each channel is to be given, from what the keeper knows.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use kith_core::book::Book;
use kith_core::book::reminders::ReminderState;
use kith_core::fact::{OccurrenceId, Outcome};
use kith_core::plan::outbox::{Post, Standing, Telling, outbox};

use super::desktop;
use super::message::{Message, Told};
use super::notification::{Notice, Word};
use super::who::Who;
use crate::clock;
use crate::config::Config;
use crate::keeper::Keeper;
use crate::remind::people::{self, is_over};

/// Decides what each of the channels has to do.
#[must_use]
pub fn posts(book: &Book, channels: &BTreeSet<String>) -> BTreeMap<String, Post> {
    let standing = |(occurrence, state)| standing(book, occurrence, state);
    outbox(book.words().reminders().iter().map(standing), channels)
}

fn standing<'a>(book: &Book, occurrence: &'a OccurrenceId, state: &'a ReminderState) -> Standing<'a> {
    Standing {
        occurrence,
        person: state.reminder.record.map(|record| book.person_id(&record)),
        due: state.due,
        place: state.place,
        planned_at: state.planned_at,
        intents: &state.intents,
        outcomes: &state.outcomes,
        over: is_over(book, state),
        tells: &state.reminder.tells,
    }
}

/// Returns the reminders about which nothing more is to be said.
#[must_use]
pub fn over(keeper: &Keeper) -> BTreeSet<OccurrenceId> {
    let book = keeper.book();
    let reminders = book.words().reminders().iter();
    reminders.filter(|(_, state)| is_over(&book, state)).map(|(occurrence, _)| occurrence.clone()).collect()
}

/// Returns how many reminders still wait for the desktop.
#[must_use]
pub fn waiting_for_desktop(keeper: &Keeper) -> usize {
    let book = keeper.book();
    book.words().reminders().values().filter(|state| waits_for_desktop(&book, state)).count()
}

/// Returns how many of these no other channel has delivered: the owner does not know of them.
#[must_use]
pub fn untold(keeper: &Keeper) -> usize {
    let book = keeper.book();
    let waiting = book.words().reminders().values().filter(|state| waits_for_desktop(&book, state));
    waiting.filter(|state| !state.outcomes.values().any(|outcome| *outcome == Outcome::Delivered)).count()
}

fn waits_for_desktop(book: &Book, state: &ReminderState) -> bool {
    state.intents.contains(desktop::CHANNEL) && !state.outcomes.contains_key(desktop::CHANNEL) && !is_over(book, state)
}

/// Returns the notifications that tell a post.
#[must_use]
pub fn notices(keeper: &Keeper, zone: &TimeZone, post: &Post) -> Vec<Notice> {
    let words: Vec<Word> = retold(keeper, zone, &post.send).iter().map(|state| word(keeper, state)).collect();
    match post.telling {
        Telling::Each => words.iter().map(Notice::of).collect(),
        Telling::Digest => vec![Notice::digest(&words)],
    }
}

/// Returns a reminder with the name of whom it is about.
#[must_use]
pub fn word(keeper: &Keeper, state: &ReminderState) -> Word {
    let somebody = || "somebody you know".to_owned();
    let name = state.reminder.record.map(|record| people::name(keeper, &record).unwrap_or_else(somebody));
    Word { reminder: state.reminder.clone(), name }
}

/// Returns the notifications that tell each of these sets of reminders, unless nothing more is to be said about all of a set.
#[must_use]
pub fn left_over(
    keeper: &Keeper,
    zone: &TimeZone,
    told: &[BTreeSet<OccurrenceId>],
    over: &BTreeSet<OccurrenceId>,
) -> Vec<Notice> {
    let open = told.iter().filter(|told| !told.is_subset(over));
    let post = |told: &BTreeSet<OccurrenceId>| Post {
        send: told.iter().cloned().collect(),
        telling: if told.len() > 1 { Telling::Digest } else { Telling::Each },
        ..Post::default()
    };
    open.flat_map(|told| notices(keeper, zone, &post(told))).collect()
}

/// Returns what a hook is told of a post.
#[must_use]
pub fn message(keeper: &Keeper, config: &Config, post: &Post) -> Vec<u8> {
    let states = retold(keeper, &config.zone(), &post.send);
    let told = |state| told(keeper, config, state);
    let message = Message::new(post.telling, states.iter().map(told).collect());
    message.to_line().unwrap_or_else(|error| {
        tracing::error!(%error, "what a hook is told cannot be written");
        Vec::new()
    })
}

/// Returns a reminder as programs are told of it.
#[must_use]
pub fn told<'a>(keeper: &Keeper, config: &Config, state: &'a ReminderState) -> Told<'a> {
    let reminder = &state.reminder;
    Told {
        occurrence: &reminder.occurrence,
        schedule: &state.schedule,
        due: state.due,
        person: reminder.record.and_then(|record| people::person(keeper, &record, config)).map(|p| Who::from(&p)),
        reasons: &reminder.reasons,
        step: reminder.step.as_deref(),
    }
}

/// Returns where these reminders stand, in this order.
#[must_use]
pub fn states<'a>(keeper: &Keeper, occurrences: impl IntoIterator<Item = &'a OccurrenceId>) -> Vec<ReminderState> {
    let book = keeper.book();
    occurrences.into_iter().filter_map(|occurrence| book.words().reminders().get(occurrence).cloned()).collect()
}

/// Returns where these reminders stand, in this order, each as it reads today.
#[must_use]
pub fn retold<'a>(
    keeper: &Keeper,
    zone: &TimeZone,
    occurrences: impl IntoIterator<Item = &'a OccurrenceId>,
) -> Vec<ReminderState> {
    let mut states = states(keeper, occurrences);
    let book = keeper.book();
    states.iter_mut().for_each(|state| people::as_it_reads(&book, state, zone, clock::now()));
    states
}

#[cfg(test)]
mod tests {
    use kith_core::fact::{Planned, Reminder, Said};
    use kith_core::id::RecordId;

    use super::*;
    use crate::deliver::house::House;

    async fn plans(house: &House, id: &str, record: RecordId) {
        let reminder = Reminder {
            record: Some(record),
            ..Reminder::new(OccurrenceId(id.to_owned()), vec!["It has been a while.".to_owned()])
        };
        let reminders = vec![reminder];
        let plan = Planned { schedule: "daily".to_owned(), due: clock::now(), missed: 0, reminders };
        house.keeper.say(vec![Said::Planned(plan)]).await.unwrap();
    }

    fn sent(house: &House) -> Vec<String> {
        let posts = posts(&house.keeper.book(), &BTreeSet::from([desktop::CHANNEL.to_owned()]));
        posts.into_values().flat_map(|post| post.send).map(|occurrence| occurrence.0).collect()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_channel_that_was_away_for_weeks_names_nobody_twice() {
        let house = House::new();
        let ana = house.friend("Ana", "2020-01-01T12:00:00Z").await;
        for week in ["1/daily/ana", "2/daily/ana", "3/daily/ana"] {
            plans(&house, week, ana).await;
        }
        assert_eq!(sent(&house), ["3/daily/ana"]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_is_gone_between_plan_and_delivery_is_not_told() {
        let house = House::new();
        let ana = house.friend("Ana", "2020-01-01T12:00:00Z").await;
        plans(&house, "1/daily/ana", ana).await;
        assert_eq!(sent(&house), ["1/daily/ana"]);
        let of: Vec<_> = house.keeper.book().words().added_by(ana).into_iter().cloned().collect();
        house.keeper.say(vec![Said::Undo { of }]).await.unwrap();
        assert_eq!(sent(&house), [""; 0]);
    }
}
