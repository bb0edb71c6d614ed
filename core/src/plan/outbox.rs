//! The outbox: which reminders are still to be handed to which channel.
//!
//! Facts decide, so that a crash loses nothing: an intent without an outcome is sent again. How a channel works is `deliver`
//! in the daemon.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, ToSpan as _};

use crate::fact::{OccurrenceId, Outcome, Tells};
use crate::id::PersonId;

/// A reminder that came this much after its time was missed, and is told with the others in one digest.
pub const LATE_MINUTES: i64 = 5;

/// Where a reminder stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing<'a> {
    /// Its occurrence.
    pub occurrence: &'a OccurrenceId,
    /// The person whom it names; `None` for a word to the owner.
    pub person: Option<PersonId>,
    /// For when it was planned.
    pub due: Timestamp,
    /// Its place in that plan.
    pub place: usize,
    /// When it was written down.
    pub planned_at: Timestamp,
    /// On which channels its delivery began.
    pub intents: &'a BTreeSet<String>,
    /// On which channels it ended, and how.
    pub outcomes: &'a BTreeMap<String, Outcome>,
    /// Answered, put off or undone: nothing more is to be said.
    pub over: bool,
    /// What its reasons are about.
    pub tells: &'a [Tells],
}

/// What newer reminders tell, by person.
#[derive(Debug, Default)]
pub struct Newer(BTreeMap<PersonId, BTreeSet<Tells>>);

impl Newer {
    /// Returns whether a reminder has nothing to say besides newer ones, and takes it in; ask for the newest first. What has a
    /// day of its own is not said by a newer one that does not tell it: a promise by a birthday.
    pub fn say_all(&mut self, person: PersonId, tells: &[Tells]) -> bool {
        let newer = self.0.get(&person);
        let all =
            newer.is_some_and(|newer| tells.iter().filter(|told| told.on.is_some()).all(|told| newer.contains(told)));
        self.0.entry(person).or_default().extend(tells);
        all
    }
}

/// What is to be done on one channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Post {
    /// Reminders to hand over, oldest first, those of one plan in its order.
    pub send: Vec<OccurrenceId>,
    /// Reminders for which an intent is to be written: no delivery began here yet.
    pub intend: Vec<OccurrenceId>,
    /// Reminders that were answered before the channel could take them, or name a person whom a newer one names.
    pub overtaken: Vec<OccurrenceId>,
    /// Whether they are told together.
    pub telling: Telling,
}

/// Whether reminders are told one by one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Telling {
    /// Each by itself.
    #[default]
    Each,
    /// All together: they come late, or from several plans.
    Digest,
}

/// Decides what each of the channels has to do.
///
/// A reminder for which no delivery began goes to every channel there is. Where it began, it goes to the channels named
/// then, until each has an outcome: a hook added later is not flooded with the past.
#[must_use]
pub fn outbox<'a>(
    standings: impl IntoIterator<Item = Standing<'a>>,
    channels: &BTreeSet<String>,
) -> BTreeMap<String, Post> {
    let mut standings: Vec<_> = standings.into_iter().collect();
    standings.sort_by_key(|standing| (standing.due, standing.place, standing.occurrence));
    let posts = channels.iter().map(|channel| (channel.clone(), post(&standings, channel)));
    posts.filter(|(_, post)| *post != Post::default()).collect()
}

fn post(standings: &[Standing<'_>], channel: &str) -> Post {
    let mut post = Post::default();
    let mut plans = BTreeSet::new();
    let mut late = false;
    let said = said_by_newer(standings, channel);
    for standing in standings.iter().filter(|standing| !standing.outcomes.contains_key(channel)) {
        let began_here = standing.intents.contains(channel);
        if standing.over {
            post.overtaken.extend(began_here.then(|| standing.occurrence.clone()));
        } else if !(began_here || standing.intents.is_empty()) {
            continue;
        } else if said.contains(standing.occurrence) {
            // With its intent, so that a channel added later is not given it.
            post.overtaken.push(standing.occurrence.clone());
            post.intend.extend((!began_here).then(|| standing.occurrence.clone()));
        } else {
            post.send.push(standing.occurrence.clone());
            post.intend.extend((!began_here).then(|| standing.occurrence.clone()));
            plans.insert(standing.planned_at);
            late |= standing.due.checked_add(LATE_MINUTES.minutes()).is_ok_and(|latest| standing.planned_at > latest);
        }
    }
    if post.send.len() > 1 && (late || plans.len() > 1) {
        post.telling = Telling::Digest;
    }
    post
}

/// The reminders that are still to be told on this channel, and have nothing to say besides newer ones of the same person.
fn said_by_newer<'a>(standings: &[Standing<'a>], channel: &str) -> BTreeSet<&'a OccurrenceId> {
    let untold = |standing: &&Standing<'_>| !standing.over && !standing.outcomes.contains_key(channel);
    let begun = |standing: &&Standing<'_>| standing.intents.is_empty() || standing.intents.contains(channel);
    let newest_first = standings.iter().rev().filter(untold).filter(begun);
    let mut newer = Newer::default();
    let said =
        newest_first.filter(|standing| standing.person.is_some_and(|person| newer.say_all(person, standing.tells)));
    said.map(|standing| standing.occurrence).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Kind;

    /// A reminder: due and planned at these minutes, intents and outcomes by channel.
    struct Case(&'static str, i64, i64, &'static [&'static str], &'static [&'static str], bool);

    /// A channel: what it sends, what is intended first, what was overtaken, and how it is told.
    type Expected<'a> = (&'a str, &'a [&'a str], &'a [&'a str], &'a [&'a str], Telling);

    #[track_caller]
    fn check(cases: &[Case], channels: &[&str], expected: &[Expected<'_>]) {
        let at = |minutes: i64| Timestamp::from_second(minutes * 60).unwrap();
        let owned: Vec<_> = cases
            .iter()
            .map(|case| {
                let outcomes = case.4.iter().map(|c| ((*c).to_owned(), Outcome::Delivered)).collect();
                (OccurrenceId(case.0.to_owned()), case.3.iter().map(|c| (*c).to_owned()).collect(), outcomes)
            })
            .collect();
        let standings = cases.iter().zip(&owned).enumerate();
        let standings = standings.map(|(place, (case, (occurrence, intents, outcomes)))| Standing {
            occurrence,
            person: None,
            due: at(case.1),
            place,
            planned_at: at(case.2),
            intents,
            outcomes,
            over: case.5,
            tells: &[],
        });
        let posts = outbox(standings, &channels.iter().map(|c| (*c).to_owned()).collect());
        let ids = |ids: &[&str]| ids.iter().map(|id| OccurrenceId((*id).to_owned())).collect();
        let expected = expected.iter().map(|(channel, send, intend, overtaken, telling)| {
            let post = Post { send: ids(send), intend: ids(intend), overtaken: ids(overtaken), telling: *telling };
            ((*channel).to_owned(), post)
        });
        assert_eq!(posts, expected.collect());
    }

    #[test]
    fn a_new_reminder_goes_to_every_channel() {
        let plan = [Case("a", 0, 0, &[], &[], false), Case("b", 0, 0, &[], &[], false)];
        let both: &[&str] = &["a", "b"];
        check(
            &plan,
            &["desktop", "exec/x"],
            &[("desktop", both, both, &[], Telling::Each), ("exec/x", both, both, &[], Telling::Each)],
        );
    }

    #[test]
    fn those_of_one_plan_come_in_its_order_after_those_of_an_earlier_one() {
        let plans = [
            Case("c", 1440, 1440, &[], &[], false),
            Case("b", 1440, 1440, &[], &[], false),
            Case("d", 0, 0, &[], &[], false),
        ];
        let send: &[&str] = &["d", "c", "b"];
        check(&plans, &["desktop"], &[("desktop", send, send, &[], Telling::Digest)]);
    }

    #[test]
    fn an_intent_without_outcome_is_sent_again() {
        check(
            &[Case("a", 0, 0, &["desktop"], &[], false)],
            &["desktop"],
            &[("desktop", &["a"], &[], &[], Telling::Each)],
        );
        check(&[Case("a", 0, 0, &["desktop"], &["desktop"], false)], &["desktop"], &[]);
    }

    #[test]
    fn a_channel_added_later_is_not_flooded_with_the_past() {
        check(&[Case("a", 0, 0, &["desktop"], &["desktop"], false)], &["desktop", "exec/new"], &[]);
    }

    #[test]
    fn an_answered_reminder_is_not_shown_any_more() {
        check(
            &[Case("a", 0, 0, &["desktop"], &[], true)],
            &["desktop"],
            &[("desktop", &[], &[], &["a"], Telling::Each)],
        );
        check(&[Case("a", 0, 0, &[], &[], true)], &["desktop"], &[]);
    }

    #[test]
    fn a_newer_reminder_of_a_person_says_for_an_older_one_what_has_no_day_of_its_own() {
        let ana = PersonId::new("manual", "Ana");
        let told = |kind, day| Tells { kind, on: (day > 0).then(|| jiff::civil::date(2026, 11, day)) };
        let (promise, birthday) = (told(Kind::Promise, 22), told(Kind::Birthday, 23));
        let (cadence, waiting) = (told(Kind::Cadence, 0), told(Kind::Waiting, 0));
        for (older, newer, said) in [
            (vec![promise], vec![birthday], false),
            (vec![promise, cadence], vec![promise, birthday], true),
            (vec![cadence], vec![waiting], true),
            (Vec::new(), vec![cadence], true),
        ] {
            let mut all = Newer::default();
            assert!(!all.say_all(ana, &newer));
            assert_eq!(all.say_all(ana, &older), said, "{older:?} behind {newer:?}");
        }
    }

    #[test]
    fn what_was_missed_is_told_together() {
        let digest =
            |cases: &[Case]| check(cases, &["desktop"], &[("desktop", &["a", "b"], &["a", "b"], &[], Telling::Digest)]);
        digest(&[Case("a", 0, 60, &[], &[], false), Case("b", 0, 60, &[], &[], false)]);
        digest(&[Case("a", 0, 0, &[], &[], false), Case("b", 1440, 1440, &[], &[], false)]);
        check(&[Case("a", 0, 60, &[], &[], false)], &["desktop"], &[("desktop", &["a"], &["a"], &[], Telling::Each)]);
    }
}
