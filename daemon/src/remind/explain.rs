//! Why a reminder of one person comes or not: what the plan would look at, gathered for `kith_core::plan::explain`.

use jiff::Timestamp;
use kith_core::book::people::{Life, Person};
use kith_core::book::reminders::ReminderState;
use kith_core::fact::Kind;
use kith_core::id::RecordId;
use kith_core::plan::explain::{Gone, Last, Linkedin, NAMED, Standing, explain};
use kith_core::plan::{self, Rules};

use crate::config::Config;
use crate::keeper::Keeper;
use crate::remind::people::{Coming, ahead, day, is_over, name};
use crate::remind::rules;
use crate::remind::when::next_plan;
use crate::store::StoreError;
use crate::view::planning::{self, Days};

/// How far ahead the next reminder is looked for.
const AHEAD_DAYS: u16 = 92;

/// Why a reminder comes or not, and when the next one will, as things stand.
#[derive(Debug)]
pub struct Explained {
    /// Why, each in a sentence.
    pub why: Vec<String>,
    /// The next one, within three months.
    pub next: Option<Coming>,
}

/// Explains why a reminder of a person comes or not.
///
/// # Errors
/// When the store cannot be read.
pub fn of(keeper: &Keeper, config: &Config, person: &Person, now: Timestamp) -> Result<Explained, StoreError> {
    let day = day(&keeper.book(), config, now);
    let rules = rules::rules(config, &keeper.book());
    let days = Days { first: day.today, last: day.today, lead_days: rules.lead_days };
    let candidates = planning::candidates(keeper, days, &day.zone)?;
    let known = candidates.iter().find(|candidate| candidate.record == person.id).cloned();
    let candidate = match known {
        Some(candidate) => candidate,
        None => planning::of(keeper, person, day.today, &day.zone)?,
    };
    let mut standing = standing(keeper, config, person, now);
    let named = plan::plan(&candidates, &rules, &day).into_iter().find(|chosen| chosen.candidate.record == person.id);
    standing.early = named.and_then(|chosen| chosen.early());
    let who = planning::particulars(keeper, &candidate)?;
    let coming = ahead(keeper, config, now, AHEAD_DAYS)?;
    let of_today: Vec<&Coming> =
        coming.iter().filter(|coming| day.zone.to_datetime(coming.at).date() == day.today).collect();
    if plan::ranked(&candidates, &rules, &day).iter().any(|due| due.candidate.record == person.id) {
        instead(keeper, &mut standing, &of_today, (person, &rules, &day));
    }
    let next = coming.into_iter().find(|coming| coming.reminder.record == Some(person.id));
    Ok(Explained { why: explain(&candidate, &who, &rules, &day, &standing), next })
}

/// Notes who is named today instead of somebody of whom there is something to tell: those who take up the day's number, or
/// another one not heard of for long.
fn instead(
    keeper: &Keeper,
    standing: &mut Standing,
    of_today: &[&Coming],
    (person, rules, day): (&Person, &Rules, &plan::Day),
) {
    if of_today.iter().any(|coming| coming.reminder.record == Some(person.id)) {
        return;
    }
    let named = day.open.iter().filter(|(_, on)| **on >= day.today).map(|(record, _)| *record);
    let will_be = of_today.iter().filter_map(|coming| coming.reminder.record);
    let named: Vec<RecordId> = named.chain(will_be).collect();
    let name = |record: &RecordId| name(keeper, record).unwrap_or_else(|| "somebody without a name".to_owned());
    if named.len() >= rules.number() {
        standing.before = named.iter().take(NAMED).map(name).collect();
        standing.more_before = named.len().saturating_sub(NAMED);
        return;
    }
    let lost = of_today.iter().find(|coming| coming.reminder.kind == Some(Kind::Rediscover));
    standing.lost_before = lost.and_then(|coming| coming.reminder.record).as_ref().map(name);
}

fn standing(keeper: &Keeper, config: &Config, person: &Person, now: Timestamp) -> Standing {
    let elsewhere = rules::elsewhere(keeper, config, now);
    let zone = config.zone();
    let book = keeper.book();
    let date = |at: Timestamp| zone.to_datetime(at).date();
    let next_plan = next_plan(&book, config, now).map(date).filter(|next| *next != date(now));
    let only = book.is_known_by_linkedin_alone(person);
    let giving = book.words().giving();
    let gone = match person {
        Person { me: true, .. } => Some(Gone::Owner),
        Person { life: Life::Died, .. } => Some(Gone::Died),
        Person { retired: true, .. } => Some(Gone::Retired),
        Person { listed: false, .. } => Some(Gone::NoPerson),
        Person { .. } => None,
    };
    let states = book.words().reminders().values();
    let theirs =
        states.filter(|state| state.reminder.record.is_some_and(|record| book.person_id(&record) == person.id));
    let waiting = book.waiting().into_iter().find(|waiting| waiting.known && waiting.person == person.id);
    let newest = theirs.max_by_key(|state| (state.planned_at, state.due));
    Standing {
        gone,
        muted: giving.is_muted(&person.records()),
        paused_until: giving.paused_until(),
        day_off: config.days_off.contains(&zone.to_datetime(now).weekday()),
        quiet_until: config.quiet.and_then(|quiet| quiet.until(now, &zone)).map(|at| zone.to_datetime(at).time()),
        next_plan,
        elsewhere,
        waiting: waiting.map(|waiting| date(waiting.since)),
        linkedin_only: if only { Linkedin::Only } else { Linkedin::NotOnly },
        before: Vec::new(),
        more_before: 0,
        lost_before: None,
        early: None,
        last: newest.map(|state| Last {
            on: date(state.planned_at),
            channels: channels(state),
            answered: is_over(&book, state),
        }),
    }
}

fn channels(state: &ReminderState) -> Vec<(String, Option<kith_core::fact::Outcome>)> {
    let names = state.intents.iter().chain(state.outcomes.keys()).collect::<std::collections::BTreeSet<_>>();
    names.into_iter().map(|name| (name.clone(), state.outcomes.get(name).cloned())).collect()
}
